"""Deliveries in parts, for both sides: what arrived, what was dispatched again, what still waits."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from traceability.models import PartialArrival
from traceability.selectors import partial_arrivals
from traceability.selectors.access import Actor
from traceability.selectors.names import names_of
from traceability.selectors.partial_arrivals import Arrival
from traceability.services import beginnings
from traceability.services import partial_arrivals as acting
from traceability.services.beginnings import Beginning
from traceability.web import tables
from traceability.web.acting import for_member, number_style, today
from traceability.web.forms.flows import flow_of
from traceability.web.spoken import spoken
from traceability.web.tables import Column, Table, figures
from traceability.web.views.record import offset_of, require_submitter

ARRIVALS = Table(
    "arrivals",
    gettext_lazy("Deliveries in parts"),
    (
        Column("lot", gettext_lazy("Lot"), lambda line: line.name),
        Column("partner", gettext_lazy("Partner"), lambda line: line.partner),
        figures("arrived", gettext_lazy("Arrived"), lambda line: line.row.arrived_kg, order=("arrived_kg",), unit="kg"),
        Column("state", gettext_lazy("State"), lambda line: line.state),
        Column("since", gettext_lazy("Since"), lambda line: line.row.made_at, ("made_at",)),
    ),
    usual="-since",
    what=gettext_lazy("deliveries"),
    wide=False,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One delivery in words."""

    arrival: Arrival
    partner: str
    is_sender: bool

    @property
    def row(self) -> PartialArrival:
        return self.arrival.row

    @property
    def name(self) -> str:
        """What the lot is called here."""
        lot = self.arrival.lot
        return (lot.number_here if lot else "") or self.row.lot.material

    @property
    def left_kg(self) -> Decimal | None:
        """What the sender dispatches next; nobody else is told what remains with him."""
        return self.arrival.next_kg if self.is_sender and self.arrival.next_kg else None

    @property
    def state(self) -> str:
        if not self.arrival.is_whole:
            return _("Waits for you to dispatch it again") if self.is_sender else _("Waits for the sender")
        return _("Dispatched again")


@for_member
@require_safe
def show_all(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """The deliveries in parts of the organisation, sent and received."""

    def lines(rows: list[PartialArrival]) -> list[Line]:
        return _lines(actor, rows)

    crumbs = [(_("Overview"), reverse("overview")), (_("Incoming goods"), reverse("incoming")),
              (_("Deliveries in parts"), "")]  # fmt: skip
    found = ARRIVALS.found(request, partial_arrivals.of(actor), lines)
    context = {"section": "incoming", "actor": actor, "arrivals": found, "crumbs": crumbs}
    return tables.answer(request, "arrivals/list.html", context)


def _lines(actor: Actor, rows: list[PartialArrival]) -> list[Line]:
    own = actor.organisation.pk
    others = {row.pk: row.receiver if row.sender_id == own else row.sender for row in rows}
    known = names_of(actor, [one.pk for one in others.values()], today())
    return [
        Line(found, known.of(others[found.row.pk].pk), found.row.sender_id == own)
        for found in partial_arrivals.read(actor, rows, today())
    ]


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, actor: Actor, arrival_id: UUID) -> HttpResponse:
    """One delivery in parts, step by step; its sender begins the next dispatch here."""
    found = partial_arrivals.one(actor, arrival_id, today())
    if request.method == "POST":
        require_submitter(actor)
        try:
            return _begin(request, actor, found.row)
        except acting.NothingWaits as error:
            messages.warning(request, spoken(error.sentence))
            return redirect("arrival", arrival_id)
    [line] = _lines(actor, [found.row])
    crumbs = [(_("Deliveries in parts"), reverse("arrivals")), (line.name, "")]
    context = {"section": "outgoing" if line.is_sender else "incoming", "actor": actor, "line": line, "crumbs": crumbs}
    return render(request, "arrivals/arrival.html", context)


def _begin(request: HttpRequest, actor: Actor, row: PartialArrival) -> HttpResponse:
    style = number_style(request)
    fields = acting.first_fields(actor, row, style)
    draft = beginnings.begin(
        actor=actor,
        beginning=Beginning("dispatch", fields=fields, style=style, utc_offset=offset_of(request, actor)),
    )
    return redirect("draft_section", draft.pk, flow_of(draft).sections[0].key)
