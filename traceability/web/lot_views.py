"""Pages of lots and statements: what an auditor, a partner or the owner reads."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from traceability.ledger import envelope
from traceability.ledger.identifiers import digest_of
from traceability.ledger.tlogproof import format_proof
from traceability.models import Lot, Mandate
from traceability.selectors import access, log, lots, statements
from traceability.selectors.access import Actor
from traceability.selectors.lineage import UP
from traceability.selectors.lots import LotView
from traceability.selectors.names import names_of
from traceability.services import bundle_jobs, export, trust_proposal
from traceability.web import bundle_job_views, countries, lot_tables, tables, twins, words
from traceability.web.acting import for_member, today
from traceability.web.certificates import CERTIFICATES
from traceability.web.lot_page import LotPage, Wanted
from traceability.web.lot_statement import StatementPage
from traceability.web.spoken import spoken
from traceability.web.tables import Column, Table, boxes, figures

LOTS: Final = Table(
    "lots",
    _("Lots"),
    (
        boxes(_("Compare")),
        Column("lot", _("Lot"), lambda line: line.view.label, ("number_told",)),
        Column("material", _("Material"), lambda line: line.view.row.material, ("material", "number_told")),
        Column("maker", _("Made by"), lambda line: line.maker, ("maker_told", "number_told")),
        Column("country", _("Country"), lambda line: line.country, ("country", "number_told")),
        figures("mass", _("Mass"), lambda line: line.view.facts.mass_kg, unit="kg", order=("mass_told_kg",), gaps=True),
        Column("state", _("State"), lambda line: line.state),
        Column("made", _("Made"), lambda line: line.view.row.made_at, ("made_by_id",), seen=False),
        Column("urn", "urn", lambda line: line.view.row.urn, seen=False),
    ),
    usual="-made",
    what=_("lots"),
)
MANDATES: Final = Table(
    "mandates",
    _("Mandates"),
    (
        Column("giver", _("Given by"), lambda line: line[0].giver.name),
        Column("purpose", _("For"), lambda line: line[0].get_purpose_display()),
        Column("from", _("From"), lambda line: line[0].valid_from),
        Column("until", _("Until"), lambda line: line[0].valid_until),
        Column("state", _("State"), lambda line: _state_of(line[0], in_force=line[1])),
    ),
    part="mandates",
    wide=False,
)
STATES = {
    "held": _("Held"),
    "on_hold": _("On hold"),
    "in_transit": _("On its way"),
    "left": _("Left the record"),
    "blocked": _("Blocked"),
    "closed": _("Used up"),
    "void": _("Void"),
    "delivered": _("Delivered"),
}


@for_member
def lot(request: HttpRequest, actor: Actor, lot_id: UUID) -> HttpResponseBase:
    """The page of one lot."""
    row = access.lot(actor, lot_id, today())
    asked = request.GET
    wanted = Wanted(asked.get("element", ""), asked.get("direction", UP), asked.get("page", ""), asked.get("depth", ""))
    page = LotPage(actor, row, today(), wanted)
    pages, lines = page.statements()
    own = row.holder_id == actor.organisation.pk
    home = (gettext("Stock"), reverse("stock")) if own else (gettext("Lots you may see"), reverse("lots"))
    trail = [home, (page.label, "")]
    corrected = lot_tables.changed(request, (change for line in lines for change in line.changes))
    drawn = twins.of(request, (page.graph if page.scene.edges else None, page.map, page.balances))
    shown = {
        "page": page,
        "pages": pages,
        "lines": lines,
        "corrected": corrected,
        "twins": drawn,
        "parties": lot_tables.PARTIES.of(request, page.parties),
        "steps": lot_tables.STEPS.of(request, page.steps),
        "certificates": CERTIFICATES.of(request, page.certificates),
        "crumbs": trail,
        "section": "stock" if own else "lots",
    }
    return tables.answer(request, "lots/lot.html", shown, more=[*corrected.values(), *drawn.values()])


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def bundle(request: HttpRequest, actor: Actor, lot_id: UUID) -> HttpResponseBase:
    """The audit bundle of a lot: everything that the actor may see of it, verifiable offline.

    A small one is given at once; a large one, or one that is posted for, is packed in the background.
    """
    row = access.lot(actor, lot_id, today())
    if request.method == "POST":
        return bundle_job_views.begin(request, actor, row.pk)
    count = bundle_jobs.size_of(actor=actor, lot=row.pk)
    if count > bundle_jobs.AT_ONCE:
        return bundle_job_views.ask(request, actor, row, count)
    with ExitStack() as until_sent:
        file = until_sent.enter_context(tempfile.TemporaryFile())
        try:
            export.export_bundle(actor=actor, lot=row.pk, file=file)
        except (log.NotPublishedYet, log.LogNotOpen, log.NotInLog) as error:
            messages.warning(request, gettext("No bundle yet. %(why)s") % {"why": spoken(error.sentence)})
            return redirect("lot", lot_id=row.pk)
        until_sent.pop_all()  # from here on the response closes the file
    file.seek(0)
    return bundle_job_views.sent(file, bundle_job_views.labels_of(actor, [row.pk])[row.pk])


@for_member
def trust(request: HttpRequest, actor: Actor, lot_id: UUID) -> HttpResponse:
    """A trust file to begin with for the bundle of a lot."""
    try:
        proposal = trust_proposal.propose(actor=actor, lot=lot_id)
    except log.LogNotOpen as error:
        raise Http404(error.sentence) from None
    return _file(proposal.encode(), "application/json", "trust.json")


@for_member
def lot_list(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """The lots that the actor may see, with the mandates that open them."""
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "stage", "of")}
    held = Mandate.objects.filter(holder=actor.organisation).select_related("giver")
    mandates = list(held.order_by("giver__name", "-valid_until"))
    found = lots.visible(actor, today(), words=asked["q"], stage=asked["stage"], giver=_chosen(asked["of"]))
    givers = {mandate.giver for mandate in mandates if _in_force(mandate)}
    return tables.answer(
        request,
        "lots/list.html",
        {
            "lots": LOTS.found(request, found, partial(lines_of, actor)),
            "mandates": MANDATES.of(request, [(mandate, _in_force(mandate)) for mandate in mandates]),
            "givers": [(one.pk, one.name) for one in sorted(givers, key=lambda one: one.name)],
            "stages": words.STAGES.items(),
            "asked": asked,
            "section": "lots",
        },
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A lot of the list in words; the maker is empty where his name is withheld."""

    view: LotView
    maker: str
    country: str

    @property
    def state(self) -> str:
        return str(STATES.get(self.view.facts.state, self.view.facts.state))


def lines_of(actor: Actor, rows: list[Lot]) -> list[Line]:
    """The lines of a list of lots."""
    matter = lots.matter_of(actor, [row.pk for row in rows], today(), read=rows, all_opened=False)
    names = names_of(actor, {row.maker_id for row in rows}, today())
    return [
        Line(matter.views[row.pk], names.known.get(row.maker_id, ""), countries.name(matter.country(row.pk)))
        for row in rows
    ]


def _state_of(mandate: Mandate, *, in_force: bool) -> str:
    if in_force:
        return gettext("In force")
    return gettext("Ended by the giver") if mandate.revoked_at else gettext("Not in force")


def _chosen(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _in_force(mandate: Mandate) -> bool:
    return mandate.revoked_at is None and mandate.valid_from <= today() <= mandate.valid_until


@for_member
def statement(request: HttpRequest, actor: Actor, digest: str) -> HttpResponseBase:
    """The page of one statement: its opened body, its bytes, its proof."""
    row = statements.statement(actor, f"sha256:{digest}", today())
    page = StatementPage(actor, row, today())
    trail = [(gettext("Lots you may see"), reverse("lots")), *page.trail(), (page.title, "")]
    blocks, chains = lot_tables.listed(request, page.blocks), lot_tables.CHAINS.of(request, page.chains)
    corrected = lot_tables.changed(request, page.versions)
    shown = {"page": page, "blocks": blocks, "chains": chains, "corrected": corrected, "crumbs": trail}
    more = [*lot_tables.all_of(blocks), *corrected.values()]
    return tables.answer(request, "lots/statement.html", shown, more=more)


@for_member
def statement_envelope(request: HttpRequest, actor: Actor, digest: str) -> HttpResponse:
    """The signed envelope, byte for byte as it was received."""
    row = statements.statement(actor, f"sha256:{digest}", today())
    return _file(bytes(row.envelope), "application/vnd.dsse+json", f"{digest[:16]}.dsse.json")


@for_member
def statement_payload(request: HttpRequest, actor: Actor, digest: str) -> HttpResponse:
    """The payload alone, whose SHA-256 is the digest of the statement."""
    row = statements.statement(actor, f"sha256:{digest}", today())
    payload = envelope.parse_envelope(bytes(row.envelope)).payload
    return _file(payload, "application/vnd.lodestone.statement+json", f"{digest[:16]}.payload.json")


@for_member
def statement_proof(request: HttpRequest, actor: Actor, digest: str) -> HttpResponse:
    """The inclusion proof as a C2SP tlog-proof; there is none before a checkpoint covers the statement."""
    row = statements.statement(actor, f"sha256:{digest}", today())
    try:
        proof = log.inclusion_proof(digest_of(envelope.parse_envelope(bytes(row.envelope)).payload))
    except (log.NotInLog, log.LogNotOpen) as error:
        raise Http404(error.sentence) from None
    return _file(format_proof(proof), "text/plain; charset=us-ascii", f"{digest[:16]}.tlog-proof")


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=media_type, headers=headers)
