"""Lists of lots: stock, incoming and outgoing goods; each can be searched, narrowed, ordered and taken away as CSV."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from traceability.selectors import stock
from traceability.selectors.access import Actor
from traceability.selectors.stock import SHOWN_ELEMENTS, Line, State, Tally, Wanted
from traceability.web import tables, words
from traceability.web.acting import for_member, today
from traceability.web.tables import Column, Shown, Table, buttons, figures


def _element(name: str) -> Callable[[Line], Decimal | None]:
    return lambda line: line.element_kg(name)


_LOT: Final = (
    Column("lot", _("Lot"), lambda line: line.name, ("number_told",)),
    Column("material", _("Material"), lambda line: line.lot.material, ("material", "number_told")),
    figures("mass", _("Mass"), lambda line: line.mass_kg, unit="kg", order=("mass_told_kg",), gaps=True),
)
_SINCE: Final = (
    Column("since", _("Since"), lambda line: line.since, ("newest_id",)),
    Column("urn", "urn", lambda line: line.lot.urn, seen=False),
)
_STATE: Final = Column("state", _("State"), lambda line: words.STATES[line.state][2], ("state_here",))
_ACTS: Final = buttons(_("Act"))
STOCK: Final = Table(
    "stock",
    _("Lots"),
    (
        *_LOT,
        *(figures(one, one, _element(one), unit="kg") for one in SHOWN_ELEMENTS),
        Column("stage", _("Stage"), lambda line: words.stage(line.lot.stage), seen=False),
        _STATE,
        Column("partner", _("Partner"), lambda line: line.partner, seen=False),
        *_SINCE,
    ),
    usual="-since",
    what=_("lots"),
)
INCOMING: Final = replace(
    STOCK,
    name="incoming",
    title=_("Incoming goods"),
    columns=(*_LOT, Column("from", _("From"), lambda line: line.partner), *_SINCE, _ACTS),
)
OUTGOING: Final = replace(
    STOCK,
    name="outgoing",
    title=_("Outgoing goods"),
    columns=(*_LOT, Column("to", _("To"), lambda line: line.partner), _STATE, *_SINCE, _ACTS),
)


def wanted(request: HttpRequest, state: str = "") -> Wanted:
    """What the reader asked for; `state` where the page is about one state alone."""
    return Wanted(words=request.GET.get("q", "")[:200].replace("\0", ""), state=state or request.GET.get("state", ""))


def _context(request: HttpRequest, actor: Actor, table: Table, state: str = "") -> dict[str, Any]:
    """What the template of a list of lots needs."""
    asked = wanted(request, state)
    lots = table.found(request, stock.found(actor, asked, today()), lambda rows: stock.lines(actor, rows, today()))
    return context_of(asked, lots, stock.tally(actor))


def context_of(asked: Wanted, lots: Shown, tally: Tally) -> dict[str, Any]:
    """What the template of a list of lots needs of these."""
    counted = [(one.value, word, tally.counts.get(one, 0)) for one, (_outcome, _icon, word) in words.STATES.items()]
    return {
        "lots": lots,
        "asked": asked,
        "states": counted,
        "with_us": tally.with_us,
        "all_lots": sum(tally.counts.values()),
        "on_hand_kg": tally.on_hand_kg,
    }


@for_member
@require_safe
def show(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """All lots that one made, holds or is to receive."""
    context = {"section": "stock", "actor": actor} | _context(request, actor, STOCK)
    return tables.answer(request, "traceability/stock.html", context)


@for_member
@require_safe
def incoming(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """What is on its way here."""
    context = {"section": "incoming", "actor": actor} | _context(request, actor, INCOMING, State.INCOMING)
    return tables.answer(request, "traceability/incoming.html", context)


@for_member
@require_safe
def outgoing(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """What was dispatched and not yet received, has left the record, or has been delivered."""
    asked = request.GET.get("state")
    state = State(asked) if asked in (State.LEFT, State.DELIVERED) else State.OUTGOING
    context = {
        "section": "outgoing",
        "actor": actor,
        "delivered": state is State.DELIVERED,
        "left": state is State.LEFT,
    }
    return tables.answer(request, "traceability/outgoing.html", context | _context(request, actor, OUTGOING, state))
