"""The mean of a site over twelve months, meters reconciled with lots, figures per kg: `lodestone-reference/1`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Final

from epd.lca.indicators import INDICATORS, Basis, LifeCycleModule
from epd.lca.result import BasisResult
from traceability.ledger.errors import RecordError
from traceability.ledger.quantity import computing, r12, round_places

ALGORITHM: Final = "lodestone-reference/1"
LARGEST_GAP: Final = Decimal("0.01")
WORSE: Final = Decimal("0.10")
PLACES: Final = 6
_ZERO: Final = Decimal(0)


class LotTwice(RecordError):
    """A lot stands twice among those of the period."""

    code = "lot_twice"


class LotOutsidePeriod(RecordError):
    """A lot was not made in the period."""

    code = "lot_outside_period"


class MoreDisposedThanMade(RecordError):
    """More of a lot was disposed of than was made."""

    code = "more_disposed_than_made"


class MeterTwice(RecordError):
    """Two meters count one flow in one unit."""

    code = "meter_twice"


class NegativeAmount(RecordError):
    """An amount below zero that cannot be."""

    code = "negative_amount"


class PeriodReversed(RecordError):
    """A period that ends before it begins."""

    code = "period_reversed"


class WrongWeight(RecordError):
    """A product that weighs more than all products of its site, or less than nothing."""

    code = "wrong_weight"


class NothingLeft(RecordError):
    """Nothing of the product is left to divide by."""

    code = "nothing_made"


class Why(StrEnum):
    """Why a figure of a reference is not declared."""

    LOT_WITHOUT_VALUE = "lot_without_value"
    NO_FACTOR = "no_factor"
    NO_WEIGHT = "no_weight"


@dataclass(frozen=True, slots=True)
class Period:
    """Days, the last one included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise PeriodReversed("The period ends before it begins. Check the days.", path="/period")

    @property
    def is_twelve_months(self) -> bool:
        """Whether the day after it is its first one a year later, the 1st of March for the 29th of February."""
        is_leap_day = (self.first.month, self.first.day) == (2, 29)
        first = self.first + timedelta(days=1) if is_leap_day else self.first
        return self.last + timedelta(days=1) == first.replace(year=first.year + 1)


@dataclass(frozen=True, slots=True)
class PeriodLot:
    """A lot of the product, with its result on one basis per kg."""

    urn: str
    made_on: date
    made_kg: Decimal
    disposed_kg: Decimal
    result: BasisResult


@dataclass(frozen=True, slots=True)
class Meter:
    """What a site used of a flow in the period, and what explains it, all in one unit; it counts in one module."""

    flow: str
    unit: str
    module: LifeCycleModule
    metered: Decimal | None
    """None: nobody metered it."""
    stated: Decimal
    in_progress: Decimal = _ZERO
    """Closing less opening work in progress."""
    disposals: Decimal = _ZERO
    overhead: Decimal = _ZERO
    factors: Mapping[str, Decimal] | None = None
    """By indicator, per unit; None: no factor at all."""


@dataclass(frozen=True, slots=True)
class Reconciled:
    """A meter with its gap, metered less explained; None where it was not metered."""

    meter: Meter
    gap: Decimal | None
    share: Decimal | None
    """Gap / metered, 6 decimals; None where nothing was metered."""

    @property
    def finding(self) -> str:
        """`not_metered`, `gap_too_large` or nothing."""
        if self.gap is None:
            return "not_metered"
        if self.share is None:
            return "gap_too_large" if self.gap else ""
        return "gap_too_large" if abs(self.gap) > LARGEST_GAP * (self.meter.metered or _ZERO) else ""

    @property
    def to_count(self) -> Decimal:
        """What the products of the site bear beside their lots."""
        return self.meter.disposals + self.meter.overhead + max(self.gap or _ZERO, _ZERO)


@dataclass(frozen=True, slots=True)
class Stock:
    """Kilograms of the product: what was there, went out and is left."""

    opening_kg: Decimal
    shipped_kg: Decimal
    closing_kg: Decimal


@dataclass(frozen=True, slots=True)
class Produced:
    """What was made of the product, and what nobody can say of it."""

    made_kg: Decimal
    disposed_kg: Decimal
    gap_kg: Decimal
    share: Decimal | None
    """Gap / made, 6 decimals."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One module of one indicator, per kg, or why it is not declared."""

    value: Decimal | None
    why: Why | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """The figures of a product of a site over a period, on one basis."""

    basis: Basis
    figures: Mapping[tuple[str, LifeCycleModule], Figure]
    share_of_site: Decimal | None
    """The weight of the product among those of the site; None where there is none on this basis."""

    def value(self, indicator: str, module: LifeCycleModule) -> Decimal | None:
        return self.figures[indicator, module].value

    @computing()
    def a1_a3(self, indicator: str) -> Decimal | None:
        """The sum of the three modules per kg; None where one is not declared."""
        found = [self.value(indicator, module) for module in LifeCycleModule]
        values = [one for one in found if one is not None]
        return sum(values, _ZERO) if len(values) == len(found) else None


@computing()
def reconcile(meters: Sequence[Meter]) -> tuple[Reconciled, ...]:
    """Each meter with its gap, in ascending (flow, unit)."""
    ordered = sorted(meters, key=lambda one: (one.flow, one.unit))
    for one, after in pairwise(ordered):
        if (one.flow, one.unit) == (after.flow, after.unit):
            raise MeterTwice(f"Two meters count {one.flow} in {one.unit}. Add them up.")
    return tuple(map(_reconciled, ordered))


def _reconciled(meter: Meter) -> Reconciled:
    for amount in (meter.metered or _ZERO, meter.stated, meter.disposals, meter.overhead):
        if amount < 0:
            raise NegativeAmount(f"An amount of {meter.flow} is below zero. Only work in progress can be.")
    if meter.metered is None:
        return Reconciled(meter, None, None)
    gap = meter.metered - (meter.stated + meter.in_progress + meter.disposals + meter.overhead)
    return Reconciled(meter, gap, round_places(gap / meter.metered, PLACES) if meter.metered else None)


@computing()
def produced(lots: Sequence[PeriodLot], stock: Stock) -> Produced:
    """What was made and disposed of, and the gap to what was shipped and is left, in kg."""
    for amount in (stock.opening_kg, stock.shipped_kg, stock.closing_kg):
        if amount < 0:
            raise NegativeAmount("A stock or what was shipped is below zero. Check the kilograms.")
    made = sum((one.made_kg for one in lots), _ZERO)
    disposed = sum((one.disposed_kg for one in lots), _ZERO)
    gap = stock.opening_kg + made - disposed - stock.shipped_kg - stock.closing_kg
    return Produced(made, disposed, gap, round_places(gap / made, PLACES) if made else None)


@computing()
def reference(
    basis: Basis,
    period: Period,
    lots: Sequence[PeriodLot],
    site: Iterable[Reconciled],
    weights: tuple[Decimal | None, Decimal | None],
) -> Reference:
    """The figures per kg of the product; `weights` are its own and that of all products of the site on the basis."""
    ordered = _checked(period, lots)
    kg = sum((one.made_kg - one.disposed_kg for one in ordered), _ZERO)
    if kg <= 0:
        raise NothingLeft("Nothing of the product is left: there is nothing to divide by.")
    share = _share(*weights)
    rows = tuple(site)
    figures = {
        (indicator, module): _figure(indicator, module, ordered, rows, share, kg)
        for indicator in INDICATORS
        for module in LifeCycleModule
    }
    return Reference(basis, figures, share)


def _share(own: Decimal | None, whole: Decimal | None) -> Decimal | None:
    if own is None or whole is None:
        return None
    if not 0 <= own <= whole:
        raise WrongWeight("The product weighs more than all products of the site, or less than nothing.")
    return own / whole if whole else None


def _checked(period: Period, lots: Sequence[PeriodLot]) -> tuple[PeriodLot, ...]:
    seen: set[str] = set()
    for one in lots:
        if one.urn in seen:
            raise LotTwice("This lot stands twice in the period. Name it once.", path=one.urn)
        if not period.first <= one.made_on <= period.last:
            raise LotOutsidePeriod("This lot was not made in the period. Leave it out.", path=one.urn)
        if one.made_kg < 0 or one.disposed_kg < 0:
            raise NegativeAmount("The kilograms of a lot are below zero. Check them.", path=one.urn)
        if one.disposed_kg > one.made_kg:
            raise MoreDisposedThanMade("More of this lot was disposed of than was made. Check the kilograms.",
                                       path=one.urn)  # fmt: skip
        seen.add(one.urn)
    return tuple(sorted(lots, key=lambda one: one.urn))


def _figure(
    indicator: str,
    module: LifeCycleModule,
    lots: Sequence[PeriodLot],
    site: Sequence[Reconciled],
    share: Decimal | None,
    kg: Decimal,
) -> Figure:
    burden = _ZERO
    for one in lots:
        value = one.result.value(indicator, module)
        if value is None or indicator in one.result.partial:
            return Figure(None, Why.LOT_WITHOUT_VALUE)
        burden += one.made_kg * value
    beside = _ZERO
    for row in site:
        if row.meter.module is not module or not row.to_count:
            continue
        factor = (row.meter.factors or {}).get(indicator)
        if factor is None:
            return Figure(None, Why.NO_FACTOR)
        if share is None:
            return Figure(None, Why.NO_WEIGHT)
        beside += row.to_count * factor
    return Figure(r12((burden + (share or _ZERO) * beside) / kg))


@computing()
def deviation(value: Decimal | None, mean: Decimal | None) -> Decimal | None:
    """(value - mean) / |mean|, 6 decimals; None where one is not declared, or the mean is zero."""
    if value is None or not mean:
        return None
    return round_places((value - mean) / abs(mean), PLACES)


def is_worse_by_tenth(found: Decimal | None) -> bool:
    """Whether a deviation is above 0.10, so that the reference no longer stands for the lot."""
    return found is not None and found > WORSE
