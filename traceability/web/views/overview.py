"""The first page: what waits, and the stock; the organisation for which one acts."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from traceability.models import FiguresApproval
from traceability.selectors import approvals, asking, overview, stock, tenants
from traceability.selectors.access import Actor
from traceability.selectors.asking import Shown
from traceability.selectors.slots import SLOTS, DeclarationLink
from traceability.selectors.stock import State
from traceability.web import asking_words, drafting
from traceability.web.account.first_days import SUPPLIES
from traceability.web.acting import act_for, for_member, today
from traceability.web.forms.flows import FLOWS
from traceability.web.views.stock import STOCK, context_of, wanted

SHOWN_STOCK = 10
SHOWN_REQUESTS = 5
SHOWN_MANDATES = 6


@require_safe
def show(request: HttpRequest) -> HttpResponseBase:
    """The way in for anybody; for who is signed in, what waits for him."""
    return _overview(request) if request.user.is_authenticated else render(request, "start.html")


@for_member
def _overview(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What waits for the organisation, its stock, what is on its way out."""
    asked, tally = wanted(request), stock.tally(actor)
    lots = STOCK.found(request, stock.found(actor, asked, today()), size=SHOWN_STOCK)
    waits = overview.waiting(actor, today(), lots.lines)
    roles = set(actor.organisation.roles)
    trades = not roles or SUPPLIES in roles or bool(tally.counts)
    to_sign = list(approvals.to_sign(actor)[:SHOWN_REQUESTS])
    named = {one.draft.pk: one for one in drafting.summaries(actor, [*waits.drafts, *(one.draft for one in to_sign)])}
    context: dict[str, Any] = {
        "section": "overview",
        "doors": _doors(actor, roles),
        "trades": trades,
        "goods": trades or "buyer" in roles or bool(waits.drafts_count or waits.findings_count),
        "actor": actor,
        "now": timezone.now(),
        "waits": waits,
        "incoming_count": tally.counts.get(State.INCOMING, 0),
        "requests": _requests(actor),
        "to_sign": [(one, named[one.draft_id]) for one in to_sign],
        "figures_to_sign": _figures_to_sign(actor),
        "to_answer": [(one, FLOWS[one.act].title) for one in waits.to_answer],
        "drafts": [named[one.pk] for one in waits.drafts],
    }
    shown = replace(lots, lines=waits.shown)
    return render(request, "traceability/overview.html", context | context_of(asked, shown, tally))


def _doors(actor: Actor, roles: set[str]) -> dict[str, Any]:
    """What people come for who neither make nor ship: to check a declaration, to audit, to run this installation."""
    doors: dict[str, Any] = {}
    if roles & {"buyer", "verifier"}:
        doors["check"] = True
    if "auditor" in roles:
        doors["mandates"] = list(overview.mandates(actor, today())[: SHOWN_MANDATES + 1])
    if actor.organisation.is_operator and actor.is_admin:
        doors["signed_up"] = tenants.waiting(actor).count()
    return doors


def _figures_to_sign(actor: Actor) -> list[tuple[FiguresApproval, str]]:
    """Results, declarations and their ends that a colleague prepared, each with the page on which it is signed."""
    rows = list(approvals.figures_to_sign(actor)[:SHOWN_REQUESTS])
    ended = {row.declaration for row in rows if row.declaration}
    links = SLOTS.declaration_links(ended) if ended else {}
    return [(row, _page_of(row, links)) for row in rows]


def _page_of(row: FiguresApproval, links: Mapping[UUID, DeclarationLink]) -> str:
    if row.declaration:
        return reverse(f"declaration_{row.what}", args=[links[row.declaration].reference])
    return reverse("declare" if row.what == FiguresApproval.What.DECLARATION else "figures", args=[row.lot_id])


def _requests(actor: Actor) -> list[tuple[Shown, str]]:
    """What partners ask, those requests first that are due first."""
    rows = asking.to_answer(actor).select_related("lot", "statement")
    first = list(rows.order_by(F("due_on").asc(nulls_last=True), "asked_at", "pk")[:SHOWN_REQUESTS])
    return [(one, asking_words.title(one)) for one in asking.shown(actor, first, today())]


@require_POST
def switch(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """Acts for another organisation from now on."""
    if request.user.is_authenticated:
        act_for(request, organisation)
    return redirect("overview")
