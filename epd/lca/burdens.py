"""What the rows and legs of one step bring, in one pass: `lodestone-rollup/1` steps 1 to 3 and the linear sums.

Own burdens do not depend on the basis of allocation, so both chains share them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from epd.lca.exchanges import CHARACTERISED, ENERGY, MATERIAL, PRIMARY, Exchange, Role, conversion
from epd.lca.factors import Factor, FactorSet
from epd.lca.indicators import HEADLINE, INDICATORS, LifeCycleModule
from epd.lca.inputs import BackgroundSource, Step, StepInput, Uncovered
from epd.lca.result import (
    ENERGY_TOTAL,
    MASS_TOTAL,
    Gap,
    Key,
    Missing,
    cause_key,
    country_key,
    energy_covered,
    kind_key,
    mass_covered,
    quality_key,
    use_gwp_key,
    use_key,
    value_key,
    vintage_key,
    written,
)
from traceability.ledger.errors import RecordError
from traceability.ledger.quantity import round_places

NOT_LOCATED: Final = "ZZ"
GAP_PLACES: Final = 6
CAUSE_OF_ROLE: Final = {
    Role.CONSTITUENT: "constituents",
    Role.ANCILLARY: "reagents",
    Role.FUEL: "fuels",
    Role.HEAT: "fuels",
    Role.ELECTRICITY: "electricity",
    Role.PACKAGING: "packaging",
    Role.WASTE: "waste_treatment",
    Role.EMISSION: "direct_emissions",
    Role.WATER: "water",
}
INPUT: Final = "input"
TRANSPORT: Final = "transport"
BACKGROUND: Final = "background_inputs"
UNCOVERED: Final = "uncovered_inputs"

Lacking = set[tuple[str, LifeCycleModule]]


class ConcentrationMissing(RecordError):
    """An acid or base without the share of it that is active."""

    code = "concentration_missing"


class CompartmentMismatch(RecordError):
    """An emission goes to another compartment than its factor is for, or names none."""

    code = "compartment_mismatch"


class EnergyUnknown(RecordError):
    """A fuel, heat or electricity row whose MJ are not known."""

    code = "energy_unknown"


@dataclass(frozen=True, slots=True)
class _Flow:
    """One thing that is multiplied with factors: a row, a leg, or kg with a background data set."""

    name: str
    role: str
    amount: Decimal
    unit: str
    factors: tuple[Factor, ...]
    module: LifeCycleModule
    cause: str
    country: str
    primary: bool = False
    characterised: bool = False

    def covers(self, indicator: str) -> bool:
        """Whether every factor that is named has a value for the indicator."""
        return bool(self.factors) and all(indicator in factor.values for factor in self.factors)

    def is_gap(self, indicator: str) -> bool:
        """Whether a value is lacking: a characterised flow has no effect on what its factor does not name."""
        return not self.covers(indicator) and not (self.characterised and self.factors)


@dataclass(slots=True)
class Burdens:
    """The own burdens of a step: linear quantities, what lacks a value, what is not covered."""

    linear: dict[Key, Decimal] = field(default_factory=dict)
    lacking: Lacking = field(default_factory=set)
    transport_lacking: set[str] = field(default_factory=set)
    """Indicators without a value for a leg: transport stands in no completeness sum, so a gap there must be kept."""
    uncovered: dict[tuple[str, str, str, tuple[str, ...]], Decimal] = field(default_factory=dict)
    """Amount without factor by flow, role, unit and the indicators that have none."""
    gaps: Mapping[str, Gap] = field(default_factory=dict)
    limits: set[str] = field(default_factory=set)

    def add(self, key: Key, amount: Decimal) -> None:
        """Adds to a linear quantity."""
        self.linear[key] = self.linear.get(key, Decimal(0)) + amount

    def count(self, flow: _Flow) -> None:
        """Adds d = amount x factor for each factor and indicator; what has none goes to `missing` (step 2)."""
        for factor in flow.factors:
            _count_factor(self, flow, factor)
            self.limits.update(factor.limits)
        gaps = tuple(indicator for indicator in INDICATORS if flow.is_gap(indicator))
        self.lacking.update((indicator, flow.module) for indicator in gaps)
        if gaps:
            key = (flow.name, flow.role, flow.unit, gaps)
            self.uncovered[key] = self.uncovered.get(key, Decimal(0)) + flow.amount

    @property
    def missing(self) -> tuple[Missing, ...]:
        """What has no factor, each flow once."""
        return tuple(
            Missing(name, role, written(amount), unit, gaps)
            for (name, role, unit, gaps), amount in self.uncovered.items()
        )


def _count_factor(burdens: Burdens, flow: _Flow, factor: Factor) -> None:
    multiplier, divisor = conversion(flow.unit, factor.unit, mj_per_kg=_calorific_value(flow.factors))
    units = flow.amount * multiplier
    for indicator, value in factor.values.items():
        burdens.add(value_key(indicator, flow.module), units * value / divisor)
    if HEADLINE not in factor.values:
        return
    gwp = units * factor.values[HEADLINE] / divisor
    burdens.add(cause_key(flow.cause), gwp)
    burdens.add(country_key(flow.country), gwp)
    burdens.add(vintage_key(factor.gwp_vintage), gwp)
    burdens.add(use_key(factor.id), units / divisor)
    burdens.add(use_gwp_key(factor.id), gwp)
    for kind, applies in (
        ("primary", flow.primary),
        ("illustrative", factor.illustrative),
        ("second_hand", factor.second_hand),
    ):
        burdens.add(kind_key(kind), gwp if applies else Decimal(0))
    weight = abs(gwp)
    burdens.add(quality_key("weight"), weight)
    burdens.add(quality_key("te"), weight * factor.quality.technology)
    burdens.add(quality_key("ge"), weight * factor.quality.geography)
    burdens.add(quality_key("ti"), weight * factor.quality.time)


def _calorific_value(factors: Sequence[Factor]) -> Decimal | None:
    return next((factor.mj_per_kg for factor in factors if factor.mj_per_kg is not None), None)


def own_burdens(step: Step, factors: FactorSet) -> Burdens:
    """Everything that the step itself brings: legs and background inputs by urn, then the rows in their order."""
    burdens = Burdens()
    for entry in sorted(step.inputs, key=lambda entry: entry.lot):
        for leg in _legs(entry, factors):
            burdens.count(leg)
            burdens.transport_lacking.update(indicator for indicator in INDICATORS if leg.is_gap(indicator))
        _count_unresulted(burdens, entry, factors)
    flows = [_row_flow(exchange, step, factors) for exchange in step.exchanges]
    for exchange, flow in zip(step.exchanges, flows, strict=True):
        burdens.count(flow)
        _count_coverage(burdens, flow, _material_kg(exchange), _energy_mj(exchange, flow))
    burdens.gaps = _gaps(step, flows)
    return burdens


def _legs(entry: StepInput, factors: FactorSet) -> Iterator[_Flow]:
    """Gross kg x km / 1000 in t km, at the place of neither party (step 3)."""
    if entry.receipt is None:
        return
    gross_kg = entry.receipt.gross_kg(entry.burden_kg)
    for number, leg in enumerate(entry.receipt.legs):
        yield _Flow(
            name=f"transport, {leg.mode}",
            role=TRANSPORT,
            amount=gross_kg * leg.distance_km / 1000,
            unit="tkm",
            factors=factors.chosen(leg.factor_ids, path=f"/legs/{number}"),
            module=LifeCycleModule.A2,
            cause=TRANSPORT,
            country=NOT_LOCATED,
        )


def _count_unresulted(burdens: Burdens, entry: StepInput, factors: FactorSet) -> None:
    """Inputs without a result: a background data set counts as a constituent, an uncovered one in the total only."""
    if not isinstance(entry.source, BackgroundSource | Uncovered):
        return
    ids = entry.source.factor_ids if isinstance(entry.source, BackgroundSource) else ()
    flow = _Flow(
        name=UNCOVERED if isinstance(entry.source, Uncovered) else BACKGROUND,
        role=INPUT,
        amount=entry.burden_kg,
        unit="kg",
        factors=factors.chosen(ids),
        module=LifeCycleModule.A1,
        cause=BACKGROUND,
        country=NOT_LOCATED,
    )
    burdens.count(flow)
    _count_coverage(burdens, flow, entry.burden_kg, Decimal(0))


def _row_flow(exchange: Exchange, step: Step, factors: FactorSet) -> _Flow:
    path = f"/inventory/{exchange.row}"
    chosen = factors.chosen(exchange.factor_ids, path=path)
    for factor in chosen:
        _check_fit(exchange, factor, path)
    return _Flow(
        name=exchange.flow,
        role=exchange.role,
        amount=exchange.active,
        unit=exchange.unit,
        factors=chosen,
        module=_module(exchange.role, step.electricity_module),
        cause=CAUSE_OF_ROLE[exchange.role],
        country=step.country,
        primary=exchange.amount_basis in PRIMARY,
        characterised=exchange.role in CHARACTERISED,
    )


def _module(role: Role, electricity_module: LifeCycleModule) -> LifeCycleModule:
    if role is Role.ELECTRICITY:
        return electricity_module
    return LifeCycleModule.A1 if role is Role.CONSTITUENT else LifeCycleModule.A3


def _check_fit(exchange: Exchange, factor: Factor, path: str) -> None:
    if factor.concentration_required and exchange.concentration is None:
        raise ConcentrationMissing(
            f"State the active share of {exchange.flow}: its factor is per kg of active substance.", path=path
        )
    if factor.compartment is not None and exchange.compartment != factor.compartment:
        raise CompartmentMismatch(
            f"The factor is for {factor.compartment}: name this compartment, or another factor.",
            path=path,
            compartment=exchange.compartment or "none",
        )


def _material_kg(exchange: Exchange) -> Decimal:
    return exchange.active_kg or Decimal(0)


def _energy_mj(exchange: Exchange, flow: _Flow) -> Decimal:
    """MJ of an energy row: kWh x 3.6, fuels by net calorific value (`lodestone-completeness/1`)."""
    if exchange.role not in ENERGY:
        return Decimal(0)
    mj_per_kg = _calorific_value(flow.factors)
    if exchange.unit not in ("MJ", "kWh") and not (exchange.unit == "kg" and mj_per_kg is not None):
        raise EnergyUnknown(
            f"State {exchange.flow} in MJ or kWh, or name a factor with its calorific value.",
            path=f"/inventory/{exchange.row}",
        )
    multiplier, divisor = conversion(exchange.unit, "MJ", mj_per_kg=mj_per_kg)
    return exchange.active * multiplier / divisor


def _count_coverage(burdens: Burdens, flow: _Flow, mass_kg: Decimal, energy_mj: Decimal) -> None:
    burdens.add(MASS_TOTAL, mass_kg)
    burdens.add(ENERGY_TOTAL, energy_mj)
    for indicator in INDICATORS:
        covered = flow.covers(indicator)
        burdens.add(mass_covered(indicator), mass_kg if covered else Decimal(0))
        burdens.add(energy_covered(indicator), energy_mj if covered else Decimal(0))


def _gaps(step: Step, flows: Sequence[_Flow]) -> Mapping[str, Gap]:
    """Per indicator the share of the step's own matter and energy without factor and without a stated reason."""
    rows = [
        (flow, _material_kg(exchange), _energy_mj(exchange, flow))
        for exchange, flow in zip(step.exchanges, flows, strict=True)
        if exchange.role in MATERIAL or exchange.role in ENERGY
    ]
    mass_kg = sum((mass for _, mass, _ in rows), Decimal(0))
    energy_mj = sum((energy for _, _, energy in rows), Decimal(0))
    gaps: dict[str, Gap] = {}
    for indicator in INDICATORS:
        open_rows = [row for row in rows if not row[0].covers(indicator) and row[0].name not in step.exclusions]
        gaps[indicator] = Gap(
            mass=_share(sum((mass for _, mass, _ in open_rows), Decimal(0)), mass_kg),
            energy=_share(sum((energy for _, _, energy in open_rows), Decimal(0)), energy_mj),
        )
    return gaps


def _share(part: Decimal, whole: Decimal) -> Decimal:
    return round_places(part / whole, GAP_PLACES) if whole else Decimal(0)
