"""Pages of lots and statements: what an auditor, a partner or the owner reads."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from traceability.ledger import envelope
from traceability.ledger.identifiers import digest_of
from traceability.ledger.tlogproof import format_proof
from traceability.models import Mandate
from traceability.selectors import access, log, lots, statements
from traceability.selectors.access import Actor
from traceability.selectors.lineage import UP
from traceability.selectors.lots import Matter
from traceability.selectors.names import Names, names_of
from traceability.services import bundle_jobs, export, trust_proposal
from traceability.web import bundle_job_views, countries, paging, words
from traceability.web.acting import for_member, today
from traceability.web.lot_page import LotPage, Wanted
from traceability.web.lot_statement import StatementPage

LOTS_ON_A_PAGE = 50
STATES = {
    "held": "Held", "on_hold": "On hold", "in_transit": "On its way", "blocked": "Blocked", "closed": "Used up",
    "void": "Void", "delivered": "Delivered",
}  # fmt: skip


@for_member
def lot(request: HttpRequest, actor: Actor, lot_id: UUID) -> HttpResponse:
    """The page of one lot."""
    row = access.lot(actor, lot_id, today())
    asked = request.GET
    wanted = Wanted(asked.get("element", ""), asked.get("direction", UP), asked.get("page", ""))
    page = LotPage(actor, row, today(), wanted)
    pages, lines = page.statements()
    own = row.holder_id == actor.organisation.pk
    trail = [("Stock", reverse("stock")) if own else ("Lots you may see", reverse("lots")), (page.label, "")]
    shown = {"page": page, "pages": pages, "lines": lines, "crumbs": trail, "section": "stock" if own else "lots"}
    return render(request, "lots/lot.html", shown)


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
            messages.warning(request, f"No bundle yet. {error.sentence}")
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
def lot_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The lots that the actor may see, with the mandates that open them."""
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "stage", "of")}
    held = Mandate.objects.filter(holder=actor.organisation).select_related("giver")
    mandates = list(held.order_by("giver__name", "-valid_until"))
    found = lots.visible(actor, today(), words=asked["q"], stage=asked["stage"], giver=_chosen(asked["of"]))
    page = paging.page_of(found, LOTS_ON_A_PAGE, request.GET.get("page"))
    rows = list(page.object_list)
    matter = lots.matter_of(actor, [row.pk for row in rows], today(), read=rows)
    names = names_of(actor, {row.maker_id for row in rows} | {row.holder_id for row in rows}, today())
    givers = {mandate.giver for mandate in mandates if _in_force(mandate)}
    return render(
        request,
        "lots/list.html",
        {
            "page": page,
            "lines": [_line(matter, row.pk, names) for row in rows],
            "mandates": [(mandate, _in_force(mandate)) for mandate in mandates],
            "givers": sorted(givers, key=lambda one: one.name),
            "stages": words.STAGES.items(),
            "asked": asked,
            "section": "lots",
        },
    )  # fmt: skip


def _line(matter: Matter, lot: UUID, names: Names) -> dict[str, object]:
    view = matter.views[lot]
    return {
        "view": view,
        "maker": names.known.get(view.row.maker_id, ""),
        "country": countries.name(matter.country(lot)),
        "state": STATES.get(view.facts.state, view.facts.state),
    }


def _chosen(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _in_force(mandate: Mandate) -> bool:
    return mandate.revoked_at is None and mandate.valid_from <= today() <= mandate.valid_until


@for_member
def statement(request: HttpRequest, actor: Actor, digest: str) -> HttpResponse:
    """The page of one statement: its opened body, its bytes, its proof."""
    row = statements.statement(actor, f"sha256:{digest}", today())
    page = StatementPage(actor, row, today())
    trail = [("Lots you may see", reverse("lots")), *page.trail(), (page.title, "")]
    return render(request, "lots/statement.html", {"page": page, "crumbs": trail})


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
