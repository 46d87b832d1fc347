"""From the crate to the record: the label of a lot, and the half page that anybody sees who scans it."""

from __future__ import annotations

from functools import cached_property
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from epd.models import Declaration
from epd.selectors import declarations
from epd.web import digital_link
from epd.web.declaration_page import DeclarationPage
from epd.web.declaration_views import reader_of
from traceability.ledger.custody import CustodyState
from traceability.models import ChainLink, Lot, SubjectHead
from traceability.selectors import access, lots, product_numbers, statements
from traceability.selectors.access import Actor
from traceability.selectors.names import names_of
from traceability.services import clock
from traceability.web import countries, words
from traceability.web.acting import for_member, today
from traceability.web.pictures import label
from traceability.web.pictures.svg import Picture

MOST_STATEMENTS = 200


class Crate:
    """What a reader (None: anybody) may know of a lot that he has before him."""

    def __init__(self, lot: Lot, actor: Actor | None) -> None:
        self.lot, self.actor = lot, actor
        self.creator = statements.told(actor, [lot.made_by], today())[lot.made_by_id]
        self.row = lots.lot_row(self.creator, lot.urn)
        custody = lot.record["custody"]
        self.is_recalled = bool(custody.get("recalled"))
        self.is_void = lot.state == CustodyState.VOID

    @property
    def material(self) -> str:
        return self.lot.material[:1].upper() + self.lot.material[1:]

    @property
    def number(self) -> str:
        return str(self.row.get("lot_number", ""))

    @property
    def origin(self) -> str:
        """Where it was made, when, and by whom as far as the reader knows the name."""
        maker = names_of(self.actor, [self.lot.maker_id], today()).known.get(self.lot.maker_id)
        stage = str(words.stage(self.lot.stage))
        if not self.lot.country:
            return _("%(stage)s by %(maker)s") % {"stage": stage, "maker": maker} if maker else stage
        said = {"country": countries.name(self.lot.country), "maker": maker}
        return (_("Made in %(country)s by %(maker)s") if maker else _("Made in %(country)s")) % said

    @cached_property
    def declaration(self) -> DeclarationPage | None:
        """The newest declaration in force, else the newest one."""
        found = declarations.of_lots([self.lot.pk]).get(self.lot.pk, [])
        current = [one for one in found if one.status == Declaration.Status.PUBLISHED]
        return DeclarationPage((current or found)[0], self.actor, today()) if found else None

    @property
    def origins(self) -> Picture | None:
        return self.declaration.origins if self.declaration else None

    @cached_property
    def is_logged(self) -> bool:
        """Whether the statements of its chain, checked just now, are signed and under the newest checkpoint."""
        links = ChainLink.objects.filter(subject=self.lot.pk).select_related("statement").order_by("-seq")
        proofs = statements.check_proofs([link.statement for link in links[:MOST_STATEMENTS]])
        return all(one.outcome == "pass" for one in proofs.by_row.values())

    @property
    def custody_hash(self) -> str:
        return "sha256:" + bytes(SubjectHead.objects.get(pk=self.lot.pk).custody_hash).hex()


@require_safe
def crate(request: HttpRequest, lot_id: UUID) -> HttpResponse:
    """Half a page for who scans a crate: what it is, from where, what is proven and what is not."""
    lot = Lot.objects.select_related("made_by", "newest").filter(pk=lot_id).first()
    if lot is None:
        raise Http404("This record has no such lot.")
    if links := digital_link.asked_links(request, lot):
        return links
    shown = render(request, "epd/crate.html", {"crate": Crate(lot, reader_of(request)), "now": clock.now()})
    return digital_link.point_to(shown, request.path)


@for_member
@require_safe
def label_page(request: HttpRequest, actor: Actor, lot_id: UUID) -> HttpResponse:
    """The label of a lot, to print."""
    found = Crate(access.lot(actor, lot_id, today()), actor)
    name = found.number or found.material
    trail = [(_("Stock"), reverse("stock")), (name, reverse("lot", args=[lot_id])), (_("Label"), "")]
    drawn = _label(found)
    shown = {"crate": found, "label": label.svg(drawn), "address": drawn.address, "name": name, "crumbs": trail,
             "section": "stock", "gtin": product_numbers.gtin_in(drawn.address),
             "own": found.lot.maker_id == actor.organisation.pk}  # fmt: skip
    return render(request, "epd/label.html", shown)


@for_member
@require_safe
def label_file(request: HttpRequest, actor: Actor, lot_id: UUID) -> HttpResponse:
    """The label as an SVG file of 100 by 62 mm."""
    return _file(drawn_label(actor, access.lot(actor, lot_id, today()), "svg"), "image/svg+xml", f"label-{lot_id}.svg")


@for_member
@require_safe
def label_pdf(request: HttpRequest, actor: Actor, lot_id: UUID) -> HttpResponse:
    """The label as a PDF of one page of 100 by 62 mm."""
    return _file(
        drawn_label(actor, access.lot(actor, lot_id, today()), "pdf"), "application/pdf", f"label-{lot_id}.pdf"
    )


def drawn_label(actor: Actor, lot: Lot, kind: str) -> bytes:
    """The label of a lot that the actor may see, as a file: `svg` or `pdf`."""
    drawn = _label(Crate(lot, actor))
    return label.as_pdf(drawn) if kind == "pdf" else label.file(label.svg(drawn)).encode()


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=media_type, headers=headers)


def _label(found: Crate) -> label.Label:
    mass = found.row.get("mass_kg")
    facts = [(_("Made"), found.lot.made_at.date().isoformat())]
    facts += [(_("Country"), countries.name(found.lot.country))] if found.lot.country else []
    facts += [(_("Dry mass"), f"{mass} kg")] if mass else []
    address = product_numbers.address_of(found.lot, with_number=bool(found.number))
    if gtin := product_numbers.gtin_in(address):
        facts.append(("GTIN", gtin))
    return label.Label(
        address, title=found.number or found.material, about=found.material, facts=facts,
        fingerprint=found.custody_hash,
    )  # fmt: skip
