"""The mass account of one lot as a pure fold: created or received, drawn, disposed of, adjusted, handed over.

Dry kg with at most 3 decimals (record-format.md section 9 "Mass"; rules: section 5 "Matter" and its table). Who holds
the lot, and whether he may act, is custody and stands in the ledger. Each change checks itself against the state and
gives the state after it; `replay` goes on after a refusal, because a correction is never refused for what it breaks.
A void is a replay without the voided change: what it drew remains again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final, Literal, Protocol

from traceability.ledger.errors import RecordError
from traceability.ledger.immutable import immutable
from traceability.ledger.quantity import computing
from traceability.material.composition import Composition, Content

ZERO: Final = Decimal(0)
MOST_TOLERANCE_PCT: Final = Decimal("0.5")
DEFAULT_TOLERANCE_PCT: Final = Decimal("0.05")


class Overdrawn(RecordError):
    """More is taken from a lot than remains."""

    code = "overdrawn"


class LeavesNothing(RecordError):
    """A draw in the role `input` takes all that remains."""

    code = "leaves_nothing"


class NotAllThatRemains(RecordError):
    """A draw in the role `input_rest`, or a dispatch, is not exactly what remains."""

    code = "not_all_that_remains"


class AlreadyDrawn(RecordError):
    """A lot that was drawn in part is dispatched."""

    code = "already_drawn"


class AdjustedToNothing(RecordError):
    """An adjustment changes nothing, or takes more than remains."""

    code = "adjust_out_of_range"


class MatterGained(RecordError):
    """An upward adjustment is more than the earlier downward ones."""

    code = "adjust_gains_matter"


class ToleranceTooWide(RecordError):
    """The tolerance of a dispatch is above 0.5 %."""

    code = "tolerance_too_wide"


class NotUnderWay(RecordError):
    """There is no dispatched mass to receive or return, or no blocked one to settle."""

    code = "not_under_way"


class DifferenceMisstated(RecordError):
    """A receipt says `within` or `beyond`, and the masses say otherwise."""

    code = "difference_misstated"


class SettledTooHigh(RecordError):
    """The settled mass is above the dispatched one, or, settled alone, not the lower of both."""

    code = "settled_too_high"


@dataclass(frozen=True, slots=True)
class Shipment:
    """What was handed over, and, where it was weighed beyond the tolerance, what the receiver found."""

    mass_kg: Decimal
    tolerance_pct: Decimal
    weighed_kg: Decimal | None = None

    @computing()
    def is_within(self, weighed_kg: Decimal) -> bool:
        """Whether a weighed mass differs from the dispatched one by no more than the tolerance."""
        return abs(weighed_kg - self.mass_kg) <= self.mass_kg * self.tolerance_pct / 100


@immutable
class StockState:
    """The account of a lot: `custody_kg` is what its present holder created, received or settled."""

    lot: str
    custody_kg: Decimal
    composition: Composition | None = None
    """The assay in force."""
    ceiling: Composition | None = None
    """Per element of the first assay the least content that any assay since then gave."""
    drawn_kg: Decimal = ZERO
    disposed_kg: Decimal = ZERO
    adjusted_kg: Decimal = ZERO
    """Sum of the adjustments under this custody; never above 0."""
    was_drawn: bool = False
    """An `input` role stood on the lot."""
    shipment: Shipment | None = None

    @property
    def drawable(self) -> Composition | None:
        """What a draw takes: the assay in force, but never more than the first assay or any later one gave."""
        if self.composition is None or self.ceiling is None:
            return None
        return {
            element: min(content, self.ceiling[element], key=_element_pct)
            for element, content in self.composition.items()
            if element in self.ceiling
        }

    @property
    @computing()
    def remaining_kg(self) -> Decimal:
        """Dry kg that may still be drawn, disposed of or dispatched."""
        return self.custody_kg + self.adjusted_kg - self.drawn_kg - self.disposed_kg


def created(lot: str, mass_kg: Decimal, composition: Composition | None) -> StockState:
    """The account of a lot as its source, import or transform makes it."""
    return StockState(lot, mass_kg, composition, composition)


class Change(Protocol):
    """One statement's effect on the account."""

    def check(self, state: StockState) -> None:
        """Refuses what the account does not allow."""

    def after(self, state: StockState) -> StockState:
        """The account after the change, whether it was allowed or not."""


def _check_taken(state: StockState, mass_kg: Decimal, *, rest: bool) -> None:
    remaining_kg = state.remaining_kg
    if mass_kg > remaining_kg:
        raise Overdrawn(
            f"Only {remaining_kg} kg of this lot remain. Enter that or less.",
            path="/mass_kg",
            lot=state.lot,
            remaining_kg=str(remaining_kg),
        )
    if rest and mass_kg != remaining_kg:
        raise NotAllThatRemains(f"Enter exactly what remains: {remaining_kg} kg.", path="/mass_kg", lot=state.lot)
    if not rest and mass_kg == remaining_kg:
        raise LeavesNothing(
            "This is all that remains. Draw it as the rest, which closes the lot.", path="/mass_kg", lot=state.lot
        )


@immutable
class Draw:
    """A transform takes dry kg from the lot; `rest`: role `input_rest`, else `input`."""

    mass_kg: Decimal
    rest: bool

    def check(self, state: StockState) -> None:
        _check_taken(state, self.mass_kg, rest=self.rest)

    @computing()
    def after(self, state: StockState) -> StockState:
        return replace(state, drawn_kg=state.drawn_kg + self.mass_kg, was_drawn=state.was_drawn or not self.rest)


@dataclass(frozen=True, slots=True)
class Disposal:
    """Dry kg leave the record; `rest`: role `input_rest`, else `input`."""

    mass_kg: Decimal
    rest: bool

    def check(self, state: StockState) -> None:
        _check_taken(state, self.mass_kg, rest=self.rest)

    @computing()
    def after(self, state: StockState) -> StockState:
        return replace(state, disposed_kg=state.disposed_kg + self.mass_kg, was_drawn=state.was_drawn or not self.rest)


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A stock-take: below 0 less was found, above 0 earlier adjustments are taken back."""

    change_kg: Decimal

    @computing()
    def check(self, state: StockState) -> None:
        if self.change_kg == 0 or state.remaining_kg + self.change_kg < 0:
            raise AdjustedToNothing(
                f"Enter a change other than 0 that takes off at most {state.remaining_kg} kg.",
                path="/change_kg",
                lot=state.lot,
            )
        if self.change_kg > -state.adjusted_kg:
            raise MatterGained(
                f"An upward adjustment only takes back earlier downward ones, here at most {-state.adjusted_kg} kg.",
                path="/change_kg",
                lot=state.lot,
            )

    @computing()
    def after(self, state: StockState) -> StockState:
        return replace(state, adjusted_kg=state.adjusted_kg + self.change_kg)


@dataclass(frozen=True, slots=True)
class Dispatch:
    """The whole of an undrawn lot is handed over."""

    mass_kg: Decimal
    tolerance_pct: Decimal = DEFAULT_TOLERANCE_PCT

    def check(self, state: StockState) -> None:
        if self.tolerance_pct > MOST_TOLERANCE_PCT:
            raise ToleranceTooWide("Enter a tolerance of at most 0.5 %.", path="/tolerance_pct", lot=state.lot)
        if state.was_drawn:
            raise AlreadyDrawn(
                "This lot was drawn in part. Split the rest into a lot of its own and dispatch that.",
                path="/lot",
                lot=state.lot,
            )
        if self.mass_kg != state.remaining_kg:
            raise NotAllThatRemains(
                f"A lot is dispatched whole: {state.remaining_kg} kg. Split it first to send a part.",
                path="/mass_kg",
                lot=state.lot,
            )

    def after(self, state: StockState) -> StockState:
        return replace(state, shipment=Shipment(self.mass_kg, self.tolerance_pct))


@dataclass(frozen=True, slots=True)
class Receipt:
    """The receiver's weighing; the dispatched mass stays the custody mass, gains are never booked."""

    weighed_kg: Decimal
    difference: Literal["within", "beyond"]

    def check(self, state: StockState) -> None:
        shipment = _under_way(state)
        found = "within" if shipment.is_within(self.weighed_kg) else "beyond"
        if found != self.difference:
            raise DifferenceMisstated(
                f"{self.weighed_kg} kg weighed of {shipment.mass_kg} kg dispatched are {found} the tolerance of "
                f"{shipment.tolerance_pct} %. State {found}.",
                path="/difference",
                lot=state.lot,
            )

    def after(self, state: StockState) -> StockState:
        if state.shipment is None:
            return state
        if self.difference == "within":
            return _taken_over(state, state.shipment.mass_kg)
        return replace(state, shipment=replace(state.shipment, weighed_kg=self.weighed_kg))


@dataclass(frozen=True, slots=True)
class Return:
    """A rejection or a cancelled dispatch: the sender has the lot as it was."""

    def check(self, state: StockState) -> None:
        _under_way(state)

    def after(self, state: StockState) -> StockState:
        return replace(state, shipment=None)


@dataclass(frozen=True, slots=True)
class Settlement:
    """The custody mass after a difference beyond the tolerance; `alone`: without the signature of the sender."""

    mass_kg: Decimal
    alone: bool

    def check(self, state: StockState) -> None:
        shipment = state.shipment
        if shipment is None or shipment.weighed_kg is None:
            raise NotUnderWay("Nothing is blocked on this lot. Settle only a difference.", lot=state.lot)
        lower_kg = min(shipment.mass_kg, shipment.weighed_kg)
        if self.mass_kg > shipment.mass_kg or (self.alone and self.mass_kg != lower_kg):
            limit = f"Without the sender settle at {lower_kg} kg" if self.alone else f"At most {shipment.mass_kg} kg"
            raise SettledTooHigh(f"{limit}: gains are never booked.", path="/mass_kg", lot=state.lot)

    def after(self, state: StockState) -> StockState:
        return _taken_over(state, self.mass_kg)


@dataclass(frozen=True, slots=True)
class Reassay:
    """A later assay: in force for draws after it, but it never raises what may still be drawn."""

    composition: Composition

    def check(self, state: StockState) -> None:
        """Nothing in the account stands against an assay; the first one of a lot is checked by the balance."""

    def after(self, state: StockState) -> StockState:
        newest, ceiling = self.composition, self.composition if state.ceiling is None else state.ceiling
        lowered = {
            element: min(newest.get(element, content), content, key=_element_pct)
            for element, content in ceiling.items()
        }
        return replace(state, composition=newest, ceiling=lowered)


def _element_pct(content: Content) -> Decimal:
    return content.element_pct


def _under_way(state: StockState) -> Shipment:
    if state.shipment is None or state.shipment.weighed_kg is not None:
        raise NotUnderWay("This lot is not on its way. Receive or return only a dispatched lot.", lot=state.lot)
    return state.shipment


def _taken_over(state: StockState, mass_kg: Decimal) -> StockState:
    """A new account for a new holder: nobody later takes back what an earlier holder adjusted."""
    return StockState(state.lot, mass_kg, state.composition, state.ceiling)


def apply(state: StockState, change: Change) -> StockState:
    """The account after an allowed change; refuses any other."""
    change.check(state)
    return change.after(state)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A change of a replay that the account, as corrected, does not allow."""

    position: int
    error: RecordError


def replay(state: StockState, changes: Iterable[Change]) -> tuple[StockState, tuple[Refusal, ...]]:
    """The account after all changes, and what would have been refused (`built_on_corrected`)."""
    refusals: list[Refusal] = []
    for position, change in enumerate(changes):
        try:
            change.check(state)
        except RecordError as error:
            refusals.append(Refusal(position, error))
        state = change.after(state)
    return state, tuple(refusals)
