"""From the crate to the record: the label of a lot, and the half page that anybody sees who scans it."""

from __future__ import annotations

from functools import cached_property
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from epd.models import Declaration
from epd.selectors import declarations
from epd.web.declaration_page import DeclarationPage
from epd.web.declaration_views import reader_of
from traceability.ledger.custody import CustodyState
from traceability.models import ChainLink, Lot, SubjectHead
from traceability.selectors import access, lots, statements
from traceability.selectors.access import Actor
from traceability.selectors.names import names_of
from traceability.services import clock
from traceability.web import countries, words
from traceability.web.acting import for_member, today
from traceability.web.pictures import label
from traceability.web.pictures.svg import Picture

MOST_STATEMENTS = 200


def address_of(lot: UUID) -> str:
    """What stands in the QR code of a crate, for ever."""
    return f"{settings.LODESTONE_BASE_URL}{reverse('crate', args=[lot])}"


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
        place = f"Made in {countries.name(self.lot.country)}" if self.lot.country else str(words.stage(self.lot.stage))
        return f"{place} by {maker}" if maker else place

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
    return render(request, "epd/crate.html", {"crate": Crate(lot, reader_of(request)), "now": clock.now()})


@for_member
@require_safe
def label_page(request: HttpRequest, actor: Actor, lot_id: UUID) -> HttpResponse:
    """The label of a lot, to print."""
    found = Crate(access.lot(actor, lot_id, today()), actor)
    name = found.number or found.material
    trail = [("Stock", reverse("stock")), (name, reverse("lot", args=[lot_id])), ("Label", "")]
    shown = {"crate": found, "label": _label(found), "name": name, "crumbs": trail, "section": "stock"}
    return render(request, "epd/label.html", shown)


@for_member
@require_safe
def label_file(request: HttpRequest, actor: Actor, lot_id: UUID) -> HttpResponse:
    """The label as an SVG file of 100 by 62 mm."""
    found = Crate(access.lot(actor, lot_id, today()), actor)
    headers = {"Content-Disposition": f'attachment; filename="label-{lot_id}.svg"'}
    return HttpResponse(label.file(_label(found)), content_type="image/svg+xml", headers=headers)


def _label(found: Crate) -> str:
    made = found.lot.made_at.date().isoformat()
    mass = found.row.get("mass_kg")
    facts = [("Made", f"{made}, {found.lot.country}".rstrip(", "))]
    facts += [("Dry mass", f"{mass} kg")] if mass else []
    return label.svg(
        address_of(found.lot.pk), title=found.number or found.material, about=found.material, facts=facts,
        fingerprint=found.custody_hash,
    )  # fmt: skip
