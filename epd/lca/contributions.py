"""What a headline is made of: GWP-GHG by cause and country as its maker stated it, and over the whole chain.

The latter needs the steps of every tier, so only who may read them all can ask for it. Both are a second look at a
figure that was computed tier by tier from written strings, so their sums differ from it in the last digits: each table
closes with a row `rounding`, and nothing is adjusted to hide it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from graphlib import TopologicalSorter
from typing import Final

from epd.lca.indicators import HEADLINE, Basis
from epd.lca.inputs import DeclarationSource, ResultSource, Step
from epd.lca.result import BasisResult
from epd.lca.rollup import StepResult
from traceability.ledger.errors import RecordError
from traceability.ledger.quantity import computing

ROUNDING: Final = "rounding"
NOT_FOLLOWED: Final = "not_followed"
"""Inputs with a result whose step is not at hand."""


class NoSuchProduct(RecordError):
    """No step at hand makes the lot, or it has no headline on this basis."""

    code = "no_such_product"


@dataclass(frozen=True, slots=True)
class Contribution:
    """Part of a headline, in kg CO2e per kg of the product."""

    name: str
    gwp: Decimal


@computing()
def by_cause(result: BasisResult) -> tuple[Contribution, ...]:
    """GWP-GHG per kg by cause, largest first, closed by the rounding; empty where causes are withheld."""
    return _closed(result.family("cause"), result.counted(HEADLINE) or Decimal(0)) if result.detailed else ()


@computing()
def by_country(result: BasisResult) -> tuple[Contribution, ...]:
    """GWP-GHG per kg by the country of the step, ZZ where it is not located; empty where causes are withheld."""
    return _closed(result.family("country"), result.counted(HEADLINE) or Decimal(0)) if result.detailed else ()


@dataclass(frozen=True, slots=True)
class SolvedStep:
    """A step with its result, as it stands in a graph; the name is its own."""

    name: str
    step: Step
    result: StepResult


class Part(StrEnum):
    """What a headline is divided into, over the whole graph."""

    STEP = "step"
    CAUSE = "cause"
    COUNTRY = "country"


@computing()
def over_chain(solved: Sequence[SolvedStep], lot: str, basis: Basis, part: Part) -> tuple[Contribution, ...]:
    """GWP-GHG per kg of a lot by step, cause or country of all steps at hand (the adjoint way), largest first.

    Each step has one weight: how often it runs for 1 kg of the product. Lots in time order form no circle.
    """
    made_by = {output.lot: entry for entry in solved for output in entry.step.outputs}
    product = made_by.get(lot)
    stated = None if product is None else product.result.results[lot].bases.get(basis)
    if stated is None:
        raise NoSuchProduct(f"No step at hand gives this lot a figure on the {basis} basis.", lot=lot)
    parts: dict[str, Decimal] = defaultdict(Decimal)
    demand: dict[str, Decimal] = defaultdict(Decimal, {lot: Decimal(1)})
    for entry in _downstream_first(solved, made_by):
        runs = _runs(entry, demand, basis)
        if not runs:
            continue
        for name, gwp in _own_gwp(entry, part).items():
            parts[name] += runs * gwp
        for drawn in entry.step.inputs:
            if drawn.lot in made_by:
                demand[drawn.lot] += runs * drawn.burden_kg
            elif isinstance(drawn.source, ResultSource | DeclarationSource):
                stated_gwp = drawn.source.result.bases[basis].counted(HEADLINE) or Decimal(0)
                parts[NOT_FOLLOWED] += runs * drawn.burden_kg * stated_gwp
    return _closed(parts, stated.counted(HEADLINE) or Decimal(0))


def _runs(entry: SolvedStep, demand: Mapping[str, Decimal], basis: Basis) -> Decimal:
    """Times that the step runs: for each demanded output demand x w / (W x q)."""
    weight_of = entry.result.weights.get(basis, {})
    whole = sum(weight_of.values(), Decimal(0))
    return sum(
        (
            demand[output.lot] * weight_of[output.lot] / (whole * output.mass_kg)
            for output in sorted(entry.step.outputs, key=lambda output: output.lot)
            if output.lot in demand and output.lot in weight_of
        ),
        Decimal(0),
    )


def _own_gwp(entry: SolvedStep, part: Part) -> Mapping[str, Decimal]:
    """GWP-GHG that the step itself brings, for the whole step."""
    word = Part.COUNTRY if part is Part.COUNTRY else Part.CAUSE
    found = {key[1]: amount for key, amount in entry.result.own.items() if key[0] == word}
    return {entry.name: sum(found.values(), Decimal(0))} if part is Part.STEP else found


def _downstream_first(solved: Sequence[SolvedStep], made_by: Mapping[str, SolvedStep]) -> Sequence[SolvedStep]:
    """The steps so that each stands before those that made its inputs."""
    by_name = {entry.name: entry for entry in solved}
    makers = {
        entry.name: {made_by[drawn.lot].name for drawn in entry.step.inputs if drawn.lot in made_by} for entry in solved
    }
    return [by_name[name] for name in TopologicalSorter(makers).static_order()][::-1]


def _closed(parts: Mapping[str, Decimal], whole: Decimal) -> tuple[Contribution, ...]:
    ordered = sorted(parts, key=lambda name: (-abs(parts[name]), name))
    listed = [Contribution(name, parts[name]) for name in ordered if parts[name]]
    return (*listed, Contribution(ROUNDING, whole - sum(parts.values(), Decimal(0))))
