"""A reference declaration out of signed statements: its steps, lots, meters and stock to figures: `lodestone-period/1`.

Who publishes one and who verifies it compute the same members from the same world of accepted statements.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Final

from epd.lca.assembly import ReadResult
from epd.lca.burdens import own_burdens
from epd.lca.chain import list_factors
from epd.lca.exchanges import AmountBasis, Exchange, Role
from epd.lca.factors import FactorSet
from epd.lca.indicators import INDICATORS, Basis, LifeCycleModule
from epd.lca.inputs import Step
from epd.lca.members import Body, Row, member, number, rows, text, texts
from epd.lca.reference import (
    LARGEST_GAP,
    Meter,
    MeterTwice,
    Period,
    PeriodLot,
    Produced,
    Reconciled,
    Reference,
    Stock,
    Why,
    deviation,
    is_worse_by_tenth,
    produced,
    reconcile,
    reference,
)
from epd.lca.result import (
    DETAIL,
    ENERGY_TOTAL,
    KINDS,
    MASS_TOTAL,
    BasisResult,
    Gap,
    Key,
    LotResult,
    Missing,
    NotDeclared,
    Reason,
    energy_covered,
    kind_key,
    mass_covered,
    value_key,
    written,
)
from epd.lca.rollup import MIXED_VINTAGES
from epd.lca.site_year import Made, SiteYear, Versions, site_year
from traceability.ledger.errors import RecordError
from traceability.ledger.quantity import computing, format_computed, format_quantity, parse_quantity

ALGORITHM: Final = "lodestone-period/1"
MOST_MISSING: Final = 500
_ZERO: Final = Decimal(0)
_TYPED: Final = ("metered", "in_progress", "disposals", "overhead")
_KEPT: Final = frozenset({"vintage", "quality"}) | DETAIL
_REASONS: Final = {
    Why.LOT_WITHOUT_VALUE: Reason.LOT_WITHOUT_VALUE,
    Why.NO_FACTOR: Reason.NO_FACTOR,
    Why.NO_WEIGHT: Reason.NO_WEIGHT,
}


class NotTwelveMonths(RecordError):
    """A period of a reference that is not twelve months."""

    code = "not_twelve_months"


class NoLots(RecordError):
    """A site that made nothing of the product in the period."""

    code = "no_lots"


class LotWithoutResult(RecordError):
    """A lot of the period without a result."""

    code = "lot_without_result"


class PriceOfAnotherTime(RecordError):
    """A price of a day outside the period."""

    code = "price_of_another_time"


class MixedPrices(RecordError):
    """Prices in more than one currency."""

    code = "mixed_currencies"


class MixedModules(RecordError):
    """Results of lots that put electricity in different modules."""

    code = "mixed_electricity_modules"


# A body


@dataclass
class Computed:
    """What follows from the typed members of a reference and from what was accepted before it, member by member."""

    body: Body
    issuer: str
    world: Versions
    read: ReadResult
    factors: FactorSet
    _figures: list[Reference] = field(default_factory=list)

    @computing()
    def members(self) -> Row:
        """All of it but the figures."""
        row: Row = {
            "lots": [self._lot_row(one) for one in self.own],
            "products": [self._product_row(kind, kg) for kind, kg in self.year.sharing(self.own[0].kind).items()],
            "gaps": [_gap_row(one) for one in self.reconciled],
            "made_lots": len(self.own),
        }
        if self.meters:
            row["meters"] = [self._meter_row(one) for one in self.meters]
        if self.produced is not None and self.produced.share is not None:
            row["stock_gap"] = format_computed(self.produced.share)
        return {name: value for name, value in row.items() if value != []}

    # What is read

    @cached_property
    def period(self) -> Period:
        return period_of(self.body)

    @cached_property
    def year(self) -> SiteYear:
        if not self.period.is_twelve_months:
            raise NotTwelveMonths("A reference speaks of twelve months: from a day to the day before it a year later.",
                                  path="/body/period")  # fmt: skip
        named = texts(member(self.body, "computed_from"), "statements")
        return site_year(self.issuer, text(self.body, "facility"), self.period, named, self.world)

    @cached_property
    def own(self) -> tuple[Made, ...]:
        found = self.year.products.get((text(self.body, "material"), text(self.body, "stage")), ())
        if not found:
            raise NoLots("The site made nothing of this product in the period.", path="/body/material")
        return found

    @cached_property
    def results(self) -> Mapping[str, LotResult]:
        found = {}
        for one in self.own:
            read = self.read(one.urn)
            if read is None:
                raise LotWithoutResult("Compute and sign the results of all lots of the period first.",
                                       path="/body/computed_from/results", lot=one.urn)  # fmt: skip
            found[one.urn] = read[1]
        return found

    @cached_property
    def module(self) -> LifeCycleModule:
        """The module of electricity, which all results share."""
        found = {one.electricity_module for one in self.results.values()}
        if len(found) > 1:
            raise MixedModules("The results of the lots put electricity in different modules. Compute them again.")
        return found.pop()

    # Meters

    @cached_property
    def meters(self) -> tuple[tuple[Exchange, Meter], ...]:
        stated = {flow.key: flow for flow in self.year.flows}
        typed = {(text(row, "flow"), text(row, "unit")): row for row in rows(self.body, "meters")}
        if len(typed) < len(rows(self.body, "meters")):
            raise MeterTwice("Two meters count one flow in one unit. Add them up.", path="/body/meters")
        found = []
        for key in sorted(stated.keys() | typed.keys()):
            row = typed.get(key, {})
            exchange = stated[key].exchange if key in stated else _of_site(row)
            found.append((exchange, self._meter(exchange, row, stated[key].stated if key in stated else _ZERO)))
        return tuple(found)

    def _meter(self, exchange: Exchange, row: Body, stated: Decimal) -> Meter:
        amounts = {name: parse_quantity(row[name], negative=name == "in_progress", path=f"/body/meters/{name}")
                   for name in _TYPED if name in row}  # fmt: skip
        module, factors = self._factors(exchange)
        return Meter(
            flow=exchange.flow,
            unit=exchange.unit,
            module=module,
            metered=amounts.get("metered"),
            stated=stated,
            in_progress=amounts.get("in_progress", _ZERO),
            disposals=amounts.get("disposals", _ZERO),
            overhead=amounts.get("overhead", _ZERO),
            factors=factors,
        )

    def _factors(self, exchange: Exchange) -> tuple[LifeCycleModule, Mapping[str, Decimal]]:
        """The module of a flow, and its values per unit; what has no effect is 0, what has no factor is absent."""
        brought = own_burdens(self._step((replace(exchange, amount=Decimal(1)),)), self.factors)
        module = _module(exchange.role, self.module)
        values = {
            name: brought.linear.get(value_key(name, module), _ZERO)
            for name in INDICATORS
            if (name, module) not in brought.lacking
        }
        return module, values

    def _step(self, exchanges: tuple[Exchange, ...]) -> Step:
        return Step((), (), exchanges, country=self.year.country, electricity_module=self.module)

    @cached_property
    def reconciled(self) -> tuple[Reconciled, ...]:
        return reconcile([meter for _, meter in self.meters])

    # Lots, stock, prices

    @cached_property
    def produced(self) -> Produced | None:
        stock = self.body.get("stock")
        if not isinstance(stock, dict):
            return None
        kg = {name: parse_quantity(stock[name]) for name in ("opening_kg", "shipped_kg", "closing_kg")}
        return produced(self.period_lots(None), Stock(**kg))

    def period_lots(self, basis: Basis | None) -> list[PeriodLot]:
        bare = BasisResult(Basis.MASS, {}, {})
        return [
            PeriodLot(one.urn, one.made_on, one.made_kg, one.disposed_kg,
                      bare if basis is None else self.results[one.urn].bases[basis])
            for one in self.own
        ]  # fmt: skip

    @cached_property
    def prices(self) -> Mapping[tuple[str, str], Body]:
        """The price of each product that has one: of the period, in one currency."""
        found = {(text(row, "material"), text(row, "stage")): member(row, "price")
                 for row in rows(self.body, "products") if "price" in row}  # fmt: skip
        for price in found.values():
            if not self.period.first <= date.fromisoformat(text(price, "date")) <= self.period.last:
                raise PriceOfAnotherTime("Use a price of the period.", path="/body/products")
        if len({text(price, "currency") for price in found.values()}) > 1:
            raise MixedPrices("Use one currency for all prices.", path="/body/products")
        return {kind: price for kind, price in found.items() if kind in self.year.sharing(self.own[0].kind)}

    def weights(self, basis: Basis) -> tuple[Decimal | None, Decimal | None]:
        """The weight of the product and that of all; of the only one it is its kg, whatever its price."""
        own = self.own[0].kind
        kg = dict(self.year.sharing(own))
        if basis is Basis.ECONOMIC and len(kg) > 1:
            if kg.keys() - self.prices.keys():
                return None, None
            kg = {kind: mass * parse_quantity(self.prices[kind]["value_per_kg"]) for kind, mass in kg.items()}
        return kg[own], sum(kg.values(), _ZERO)

    # Figures

    @cached_property
    @computing()
    def result(self) -> LotResult:
        """Figures and what stands beside them, in the form of the result of a lot."""
        found = list(self.results.values())
        lacking = [row for one in found for row in one.not_declared if not row.indicator]
        without = {row.basis: replace(row, indicator="") for row in reversed(lacking)}
        without |= {basis: without.get(basis, NotDeclared(basis, "", Reason.LOT_WITHOUT_VALUE))
                    for basis in Basis if any(basis not in one.bases for one in found)}  # fmt: skip
        bases = {basis: self._basis(basis) for basis in Basis if basis not in without}
        flags = {flag for one in found for flag in one.flags if flag != MIXED_VINTAGES}
        if any(len(set(one.family("vintage")) - {"not_stated"}) > 1 for one in bases.values()):
            flags.add(MIXED_VINTAGES)
        return LotResult(
            lot="",
            electricity_module=self.module,
            bases=bases,
            not_declared=(*(without[basis] for basis in Basis if basis in without),
                          *(row for one in self._figures for row in _not_declared(one))),
            missing_upstream=tuple(sorted({urn for one in found for urn in one.missing_upstream})),
            missing=_missing(found),
            exclusions={flow: reason for one in found for flow, reason in one.exclusions.items()},
            flags=tuple(sorted(flags)),
        )  # fmt: skip

    def _basis(self, basis: Basis) -> BasisResult:
        lots = self.period_lots(basis)
        figures = reference(basis, self.period, lots, self.reconciled, self.weights(basis))
        self._figures.append(figures)
        kg = sum((one.made_kg - one.disposed_kg for one in lots), _ZERO)
        detailed = all(one.result.detailed for one in lots)
        sums = self._sums(lots, figures.share_of_site)
        per_kg = {key: written(amount / kg) for key, amount in sums.items() if detailed or key[0] not in DETAIL}
        kept = {key: per_kg.get(key, _ZERO) for key in (MASS_TOTAL, ENERGY_TOTAL, *map(kind_key, KINDS))}
        kept |= {key: amount for key, amount in per_kg.items() if key[0] in _KEPT and amount}
        gaps = {}
        for name in INDICATORS:
            values = {module: figures.value(name, module) for module in LifeCycleModule}
            if any(value is None for value in values.values()):
                continue
            kept |= {value_key(name, module): value for module, value in values.items() if value is not None}
            kept |= {key: per_kg.get(key, _ZERO) for key in (mass_covered(name), energy_covered(name))}
            gaps[name] = _worst(one.result.gaps.get(name, Gap()) for one in lots)
        return BasisResult(basis, kept, gaps, detailed=detailed)

    def _sums(self, lots: Sequence[PeriodLot], share: Decimal | None) -> dict[Key, Decimal]:
        """Every linear quantity of the lots, and what the site adds; the 20 factors that bring most are named."""
        sums: dict[Key, Decimal] = {}
        for one in sorted(lots, key=lambda lot: lot.urn):
            for key, per_kg in one.result.per_kg.items():
                sums[key] = sums.get(key, _ZERO) + one.made_kg * per_kg
        counted = {(row.meter.flow, row.meter.unit): row.to_count for row in self.reconciled if row.to_count}
        beside = tuple(replace(exchange, amount=counted[exchange.flow, exchange.unit])
                       for exchange, _ in self.meters if (exchange.flow, exchange.unit) in counted)  # fmt: skip
        for key, amount in own_burdens(self._step(beside), self.factors).linear.items():
            sums[key] = sums.get(key, _ZERO) + (share or _ZERO) * amount
        list_factors(sums)
        return sums

    # Rows

    def _lot_row(self, one: Made) -> Row:
        row: Row = {"lot": one.urn, "made_on": one.made_on.isoformat(), "made_kg": format_quantity(one.made_kg)}
        return row | ({"disposed_kg": format_quantity(one.disposed_kg)} if one.disposed_kg else {})

    def _product_row(self, kind: tuple[str, str], kg: Decimal) -> Row:
        row: Row = {"material": kind[0], "stage": kind[1], "kg": format_quantity(kg)}
        return row | ({"price": self.prices[kind]} if kind in self.prices else {})

    def _meter_row(self, one: tuple[Exchange, Meter]) -> Row:
        exchange, meter = one
        row: Row = {"flow": exchange.flow, "unit": exchange.unit, "role": exchange.role.value}
        if exchange.factor_ids:
            row["factors"] = list(exchange.factor_ids)
        if exchange.compartment is not None:
            row["compartment"] = exchange.compartment
        if meter.metered is not None:
            row["metered"] = format_quantity(meter.metered)
        row["stated"] = format_computed(meter.stated)
        amounts = {"in_progress": meter.in_progress, "disposals": meter.disposals, "overhead": meter.overhead}
        return row | {name: format_quantity(amount) for name, amount in amounts.items() if amount}


def period_of(body: Body) -> Period:
    """The period of a body, its days included."""
    said = member(body, "period")
    return Period(date.fromisoformat(text(said, "from")), date.fromisoformat(text(said, "to")))


def _of_site(row: Body) -> Exchange:
    """A flow that no lot states: a meter of the site alone."""
    return Exchange(
        row=0,
        flow=text(row, "flow"),
        role=Role(text(row, "role")),
        amount=_ZERO,
        unit=text(row, "unit"),
        amount_basis=AmountBasis.METERED,
        concentration=Decimal(1),
        factor_ids=tuple(texts(row, "factors")),
        compartment=text(row, "compartment") if "compartment" in row else None,
    )


def _module(role: Role, electricity: LifeCycleModule) -> LifeCycleModule:
    if role is Role.ELECTRICITY:
        return electricity
    return LifeCycleModule.A1 if role is Role.CONSTITUENT else LifeCycleModule.A3


def _gap_row(one: Reconciled) -> Row:
    row: Row = {"flow": one.meter.flow, "unit": one.meter.unit}
    row |= {} if one.share is None else {"share": format_computed(one.share)}
    return row | ({"finding": one.finding} if one.finding else {})


def _worst(gaps: Iterator[Gap]) -> Gap:
    found = Gap()
    for one in gaps:
        found = found.worst(one)
    return found


def _not_declared(figures: Reference) -> Iterator[NotDeclared]:
    for name in INDICATORS:
        whys = [figures.figures[name, module].why for module in LifeCycleModule]
        why = next((one for one in whys if one is not None), None)
        if why is not None:
            yield NotDeclared(figures.basis, name, _REASONS[why])


def _missing(results: Sequence[LotResult]) -> tuple[Missing, ...]:
    """What has no factor in any of the lots, with the amounts of all of them."""
    found: dict[tuple[str, str, str, tuple[str, ...]], Decimal] = {}
    for one in results:
        for row in one.missing:
            key = (row.flow, row.role, row.unit, row.indicators)
            found[key] = found.get(key, _ZERO) + row.amount
    rows_found = (Missing(flow, role, written(found[flow, role, unit, names]), unit, names)
                  for flow, role, unit, names in sorted(found))  # fmt: skip
    return tuple(rows_found)[:MOST_MISSING]


# What the reader asks of it


def unexplained(body: Body) -> bool:
    """Whether a gap of meters or stock is above 1 % and nothing is said of it."""
    too_large = any(row.get("finding") == "gap_too_large" for row in rows(body, "gaps"))
    stock = abs(number(body, "stock_gap")) > LARGEST_GAP if "stock_gap" in body else False
    return (too_large or stock) and not body.get("explanation")


@computing()
def deviations(of_lot: Mapping[tuple[Basis, str], Decimal | None],
               of_reference: Mapping[tuple[Basis, str], Decimal | None]) -> list[Row]:  # fmt: skip
    """The deviation of each declared figure A1-A3 of a lot from that of its reference, worse by a tenth named."""
    found: list[Row] = []
    for basis in Basis:
        for name in INDICATORS:
            value = of_lot.get((basis, name))
            if value is None:
                continue
            row: Row = {"basis": basis.value, "indicator": name}
            differs = deviation(value, of_reference.get((basis, name)))
            if differs is not None:
                row["deviation"] = format_computed(differs)
            if is_worse_by_tenth(differs):
                row["worse_by_tenth"] = True
            found.append(row)
    return found
