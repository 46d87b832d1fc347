"""The lots of an organisation as its people see them: on hand, coming, going, blocked, used up, delivered.

What a later holder does with a lot is never shown to those before him; values of others are shown as they open them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, TypedDict
from uuid import UUID

from django.db.models import Case, CharField, Count, DecimalField, F, Q, QuerySet, Sum, Value, When

from traceability.ledger.custody import CustodyState
from traceability.ledger.quantity import round_places
from traceability.models import Lot
from traceability.selectors import lot_facts
from traceability.selectors import lots as lots_selector
from traceability.selectors.access import Actor
from traceability.selectors.lot_facts import number_is_readable
from traceability.selectors.lots import LotView
from traceability.selectors.names import Names, names_of

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class Here(TypedDict):
        """What a row of `lots` has beside its columns."""

        state_here: str
        since_here: datetime

    class Named(Here):
        """What a row of `lots` has after `with_numbers`."""

        number_here: str

    LotHere = WithAnnotations[Lot, Here]
    LotNamed = WithAnnotations[Lot, Named]

MASS_PLACES: Final = 3
SHOWN_ELEMENTS: Final = ("Nd", "Pr", "Dy", "Tb")
"""The elements that a table of stock has columns for; the lot's own page shows all."""


class State(StrEnum):
    """What a lot is to one organisation now."""

    INCOMING = "incoming"
    ON_HAND = "on_hand"
    ON_HOLD = "on_hold"
    BLOCKED = "blocked"
    OUTGOING = "outgoing"
    LEFT = "left"  # the record, to somebody who keeps none here
    USED_UP = "used_up"
    DELIVERED = "delivered"
    VOID = "void"


WITH_US: Final = (State.INCOMING, State.ON_HAND, State.ON_HOLD, State.BLOCKED, State.OUTGOING)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for in the list: words, and a state (or all)."""

    words: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One lot of the list. A mass of None is withheld; an element that is not there was not assayed or is withheld."""

    view: LotView
    state: State
    since: datetime
    partner: str
    """The other side of a lot that is under way or was delivered."""

    @property
    def lot(self) -> Lot:
        return self.view.row

    @property
    def name(self) -> str:
        """How people call the lot."""
        return self.view.label

    @property
    def is_here(self) -> bool:
        """Whether it is with the organisation, or on its way to or from it."""
        return self.state in WITH_US

    @property
    def mass_kg(self) -> Decimal | None:
        """What remains of it here; of a lot that is under way what was handed over."""
        facts = self.view.facts
        return facts.mass_kg if facts.remaining_kg is None and self.state is State.INCOMING else facts.remaining_kg

    @property
    def elements(self) -> Sequence[Decimal | None]:
        """kg of the elements that the table shows; None where nothing is known."""
        return [self.element_kg(element) for element in SHOWN_ELEMENTS]

    def element_kg(self, element: str) -> Decimal | None:
        """kg of an element in what remains, by the assay in force; None where it is withheld or was not found."""
        mass_kg = self.view.element_in(element, self.mass_kg)
        return round_places(mass_kg, MASS_PLACES) if mass_kg else None


def lots(actor: Actor) -> QuerySet[LotHere]:
    """The lots that the actor's organisation made, holds or is to receive, with `state_here` and `since_here`.

    The latter is when something was last said of it. They are its own: no mandate has a say.
    """
    own = actor.organisation
    mine = Lot.objects.filter(Q(holder=own) | Q(receiver=own) | Q(maker=own))
    rows = mine.annotate(state_here=_state_here(own.pk), since_here=F("newest__accepted_at"))
    return rows.select_related("made_by")


def with_numbers(actor: Actor, rows: QuerySet[Any], today: date) -> QuerySet[Any]:
    """The rows, each with its number as `number_here`; empty where its maker keeps it to himself."""
    named: QuerySet[Any] = rows.annotate(number_here=lot_facts.number_told(actor, today))
    return named


def _state_here(own: UUID) -> Case:
    by_custody = {
        CustodyState.HELD: State.ON_HAND,
        CustodyState.ON_HOLD: State.ON_HOLD,
        CustodyState.BLOCKED: State.BLOCKED,
        CustodyState.IN_TRANSIT: State.OUTGOING,
        CustodyState.CLOSED: State.USED_UP,
    }
    return Case(
        When(state=CustodyState.VOID, then=Value(State.VOID)),
        When(receiver=own, state=CustodyState.IN_TRANSIT, then=Value(State.INCOMING)),
        When(lot_facts.has_left(), holder=own, then=Value(State.LEFT)),
        *(When(holder=own, state=custody, then=Value(state)) for custody, state in by_custody.items()),
        default=Value(State.DELIVERED),
        output_field=CharField(),
    )


def found(actor: Actor, wanted: Wanted, today: date) -> QuerySet[LotHere]:
    """The lots that match; `number_told` and `mass_told_kg` order them by what the actor may read."""
    rows = lots(actor).alias(number_told=lot_facts.number_told(actor, today), mass_told_kg=_mass_told_kg(actor, today))
    if wanted.state in set(State):
        rows = rows.filter(state_here=wanted.state)
    elif wanted.state != "all":
        rows = rows.filter(state_here__in=WITH_US)
    for word in wanted.words.split():
        numbered = Q(number__icontains=word) & number_is_readable(actor, today)
        rows = rows.filter(numbered | Q(material__icontains=word) | _named(word))
    return rows


def _mass_told_kg(actor: Actor, today: date) -> Case:
    """What `Line.mass_kg` says: what remains where the actor may know it, of a lot that comes what was handed over."""
    told = lot_facts.mass_is_readable(actor, today)
    return Case(
        When(holder__in=lot_facts.masses_seen_of(actor, today), then=F("remaining_kg")),
        When(told, state_here=State.INCOMING, then=F("mass_kg")),
        default=Value(None),
        output_field=DecimalField(),
    )


def _named(word: str) -> Q:
    """By the urn of the lot, pasted from somewhere."""
    try:
        return Q(pk=UUID(word.removeprefix("urn:uuid:")))
    except ValueError:
        return Q(pk__in=[])


@dataclass(frozen=True, slots=True)
class Tally:
    """How many lots stand in each state, and the dry kg that the organisation holds and may use."""

    counts: Mapping[str, int]
    on_hand_kg: Decimal

    @property
    def with_us(self) -> int:
        """The lots that are with the organisation, or on their way to or from it."""
        return sum(self.counts.get(one, 0) for one in WITH_US)


def tally(actor: Actor) -> Tally:
    """The lots of the actor's organisation, counted."""
    rows = lots(actor).order_by().values("state_here").annotate(lots=Count("pk"), kg=Sum("remaining_kg"))
    found = {row["state_here"]: row for row in rows}
    on_hand = found.get(State.ON_HAND)
    return Tally({state: row["lots"] for state, row in found.items()}, Decimal(on_hand["kg"] if on_hand else 0))


def lines(actor: Actor, rows: Iterable[LotHere], today: date) -> list[Line]:
    """The lots as the actor's organisation may see them; for rows of `lots`."""
    shown = list(rows)
    views = lots_selector.matter_of(actor, [row.pk for row in shown], today, read=shown, all_opened=False).views
    parties = {one for row in shown for one in (row.holder_id, row.receiver_id) if one}
    names = names_of(actor, parties, today)
    return [_line(row, views[row.pk], names) for row in shown]


def _line(row: LotHere, view: LotView, names: Names) -> Line:
    state = State(row.state_here)
    other = row.receiver_id if state is State.OUTGOING else row.holder_id
    partner = names.of(other) if other and state in (State.INCOMING, State.OUTGOING, State.DELIVERED) else ""
    return Line(view, state, row.since_here, partner)


def composition(row: Lot) -> dict[str, Decimal]:
    """kg of each element in 100 kg of a lot that one holds, by the assay in force."""
    stock: dict[str, Any] = row.record.get("stock") or {}
    contents: dict[str, list[str]] = stock.get("composition") or {}
    return {element: Decimal(content[0]) for element, content in contents.items()}
