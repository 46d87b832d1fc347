"""Material accounting of one organisation: what each site had of each stage, what came, what went, what is there now.

Dry kg, and by the assay in force kg of each rare earth (ISO 22095-2 reconciles what goes in and out of a site).
A statement counts in the month (UTC) in which it ended as claimed now, but never before the statement ahead of it on
the chain of the lot: so no stock is ever below zero because of a claimed time.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final, TypeVar

from traceability.ledger.quantity import computing
from traceability.material.composition import Composition
from traceability.material.elements import RARE_EARTH_WEIGHTS

ZERO: Final = Decimal(0)
Key = TypeVar("Key")
MASS: Final = "mass"
"""The substance of which every dry kg is."""
NOT_ASSAYED: Final = "not_assayed"
"""Dry kg of lots without an assay in force, or with one that the reader may not see."""
SUBSTANCES: Final = (MASS, *RARE_EARTH_WEIGHTS, NOT_ASSAYED)


class Flow(StrEnum):
    """Why the stock of a site changed, in the order of a balance sheet."""

    ENTERED = "entered"
    """Stock that was there when the record began."""
    RECEIVED = "received"
    """From another organisation, or bought or collected outside the record."""
    RETURNED = "returned"
    """A dispatch was rejected or cancelled: the lot is here again."""
    MADE = "made"
    USED = "used"
    REGROUPED = "regrouped"
    """Split or merged: what one lot loses others get."""
    DISPATCHED = "dispatched"
    DISPOSED = "disposed"
    ADJUSTED = "adjusted"
    """A stock-take found another mass than was booked."""
    SETTLED = "settled"
    """A difference weighed on arrival was settled below the dispatched mass."""
    ASSAYED = "assayed"
    """An assay changed what the lot counts as, not its mass."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What one statement did to a lot in one custody: dry kg in (above 0) or out, or the assay in force after it."""

    flow: Flow
    at: datetime
    statement: str
    change_kg: Decimal = ZERO
    composition: Composition | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Holding:
    """One lot in one custody, at the site where it was made or received; its entries in the order of its chain."""

    lot: str
    stage: str
    site: str
    composition: Composition | None
    """The assay in force when the custody began."""
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Movement:
    """What an entry did to the stock, in kg by substance; a substance that is not there was not touched."""

    lot: str
    stage: str
    site: str
    flow: Flow
    at: datetime
    """From when it counts."""
    claimed_at: datetime
    statement: str
    change_kg: Mapping[str, Decimal]
    booked_kg: Decimal
    """Dry kg of the lot before it."""
    reason: str = ""

    @property
    @computing()
    def after_kg(self) -> Decimal:
        """Dry kg of the lot after it."""
        return self.booked_kg + self.change_kg.get(MASS, ZERO)


@dataclass(frozen=True, slots=True)
class Period:
    """One calendar month in UTC."""

    year: int
    month: int

    @property
    def begin(self) -> datetime:
        return datetime(self.year, self.month, 1, tzinfo=UTC)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return self.next.begin

    @property
    def next(self) -> "Period":
        return Period(self.year + self.month // 12, self.month % 12 + 1)

    @property
    def previous(self) -> "Period":
        return Period(self.year - (self.month == 1), (self.month - 2) % 12 + 1)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"


def period_of(moment: datetime) -> Period:
    """The month in which a moment lies."""
    in_utc = moment.astimezone(UTC)
    return Period(in_utc.year, in_utc.month)


@dataclass(frozen=True, slots=True)
class Line:
    """The account of one substance of one stage at one site in one month, in kg."""

    site: str
    stage: str
    substance: str
    opening_kg: Decimal
    flows_kg: Mapping[Flow, Decimal]
    from_lots_kg: Decimal
    """The stock at the end as the lots have it: what the record holds of each today, less what moved since."""

    @property
    @computing()
    def closing_kg(self) -> Decimal:
        """Opening stock and everything that moved."""
        return _trimmed(self.opening_kg + sum(self.flows_kg.values(), ZERO))

    @property
    @computing()
    def difference_kg(self) -> Decimal:
        """By how much the closing stock and that of the lots differ: 0, unless the account or the index is wrong."""
        return _trimmed(self.closing_kg - self.from_lots_kg)


def movements_of(holding: Holding) -> tuple[Movement, ...]:
    """What each entry of a custody did to the stock of its site, in the order of the chain."""
    found: list[Movement] = []
    stock_kg, composition = ZERO, holding.composition
    counts_from: datetime | None = None
    for entry in holding.entries:
        counts_from = entry.at if counts_from is None else max(counts_from, entry.at)
        if entry.flow is Flow.ASSAYED:
            change_kg = _revalued(stock_kg, composition, entry.composition)
            composition = entry.composition
        else:
            change_kg = valued(entry.change_kg, composition)
        found.append(
            Movement(
                holding.lot, holding.stage, holding.site, entry.flow, counts_from, entry.at, entry.statement,
                change_kg, stock_kg, entry.reason,
            )
        )  # fmt: skip
        with computing():
            stock_kg += entry.change_kg
    return tuple(found)


@computing()
def valued(mass_kg: Decimal, composition: Composition | None) -> dict[str, Decimal]:
    """So many dry kg by substance: the mass, and the rare earths of its assay or that it has none."""
    if composition is None:
        return {MASS: mass_kg, NOT_ASSAYED: mass_kg}
    held = {one: content for one, content in composition.items() if one in RARE_EARTH_WEIGHTS}
    return {MASS: mass_kg, **{one: mass_kg * content.element_pct / 100 for one, content in held.items()}}


@computing()
def _revalued(stock_kg: Decimal, before: Composition | None, after: Composition | None) -> dict[str, Decimal]:
    """What a new assay changes in what is there; never its mass."""
    old, new = valued(stock_kg, before), valued(stock_kg, after)
    return {one: new.get(one, ZERO) - old.get(one, ZERO) for one in (old | new) if one != MASS}


@dataclass(frozen=True, slots=True)
class Stock:
    """A lot as the record holds it now: where, and what of it is there, in kg by substance."""

    lot: str
    stage: str
    site: str
    kg: Mapping[str, Decimal]


@computing()
def account(movements: Iterable[Movement], stock: Iterable[Stock], period: Period) -> list[Line]:
    """The account of a month by site, stage and substance; `stock` is what the record holds now."""
    opening: dict[tuple[str, str, str], Decimal] = {}
    flows: dict[tuple[str, str, str], dict[Flow, Decimal]] = {}
    from_lots: dict[tuple[str, str, str], Decimal] = {}
    for one in stock:
        for substance, kg in one.kg.items():
            _add(from_lots, (one.site, one.stage, substance), kg)
    for move in movements:
        for substance, kg in move.change_kg.items():
            key = (move.site, move.stage, substance)
            if move.at < period.begin:
                _add(opening, key, kg)
            elif move.at < period.end:
                _add(flows.setdefault(key, {}), move.flow, kg)
            else:
                _add(from_lots, key, -kg)
    lines = [
        Line(
            *key,
            _trimmed(opening.get(key, ZERO)),
            {flow: _trimmed(kg) for flow, kg in flows.get(key, {}).items()},
            _trimmed(from_lots.get(key, ZERO)),
        )
        for key in sorted({*opening, *flows, *from_lots}, key=_order)
    ]
    return [line for line in lines if line.opening_kg or line.flows_kg or line.closing_kg or line.from_lots_kg]


def _order(key: tuple[str, str, str]) -> tuple[str, str, int]:
    site, stage, substance = key
    return site, stage, SUBSTANCES.index(substance)


def _trimmed(kg: Decimal) -> Decimal:
    """The same number without zeros at its end."""
    return kg.normalize() if kg else ZERO


def _add(sums: dict[Key, Decimal], key: Key, kg: Decimal) -> None:
    sums[key] = sums.get(key, ZERO) + kg


@dataclass(frozen=True, slots=True)
class LotStock:
    """What the account has of one lot at the end of a month."""

    lot: str
    stage: str
    site: str
    kg: Mapping[str, Decimal]
    statement: str
    """What was said of it last before."""


@computing()
def stock_at(movements: Iterable[Movement], period: Period) -> list[LotStock]:
    """The lots that make the closing stock of a month."""
    kg: dict[tuple[str, str, str], dict[str, Decimal]] = {}
    newest: dict[tuple[str, str, str], str] = {}
    for move in movements:
        if move.at >= period.end:
            continue
        key = (move.lot, move.stage, move.site)
        newest[key] = move.statement
        for substance, change_kg in move.change_kg.items():
            _add(kg.setdefault(key, {}), substance, change_kg)
    return [LotStock(*key, held, newest[key]) for key, held in kg.items() if held.get(MASS)]


def periods(movements: Sequence[Movement], until: datetime) -> list[Period]:
    """The months from the first movement to the last one or to `until`, newest first; none without movements."""
    if not movements:
        return []
    first, last = min(one.at for one in movements), max(until, *(one.at for one in movements))
    found = [period_of(last)]
    while found[-1] != period_of(first):
        found.append(found[-1].previous)
    return found
