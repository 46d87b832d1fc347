"""The figures of every output of a step out of the written figures of its inputs: `lodestone-rollup/1`.

The signed figure is always this one, tier by tier; contributions.py looks from the product up and agrees to 1e-9.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from epd.lca.allocation import BURDENED, Output, burdened, choice, printed_shares
from epd.lca.burdens import Burdens, own_burdens
from epd.lca.chain import Chain
from epd.lca.exchanges import BEARING
from epd.lca.factors import FactorSet
from epd.lca.indicators import INDICATORS, Basis
from epd.lca.inputs import DeclarationSource, ResultSource, Step, Uncovered
from epd.lca.result import Allocation, Key, LotResult, NotDeclared, Reason
from epd.lca.shares import LotShares, shares_of_lot, shares_of_source
from traceability.ledger.errors import RecordError
from traceability.ledger.quantity import computing
from traceability.material.shares import Feed, Source, SourceClass, unknown_feed

ALGORITHM: Final = "lodestone-rollup/1"
SPOT_PRICE: Final = "spot_price"
MIXED_VINTAGES: Final = "mixed_gwp_vintages"
ELEMENT_WITHOUT_SOURCE: Final = "element_without_source"
BURDEN_WITHOUT_PRODUCT: Final = "burden_without_product"
OF_THIS_LOT: Final = frozenset({MIXED_VINTAGES, ELEMENT_WITHOUT_SOURCE, BURDEN_WITHOUT_PRODUCT})
"""Flags that a later lot does not take over: it finds its own."""


class SplitWithInventory(RecordError):
    """A split or merge states an inventory, which it cannot have."""

    code = "split_with_inventory"


class NoInventory(RecordError):
    """A step of a process of which nobody said what it used and emitted: its own burden would be 0 by omission."""

    code = "no_inventory"


@dataclass(frozen=True, slots=True)
class StepResult:
    """What a step gives: a result for each output, and the sums before allocation, for checks and contributions."""

    results: Mapping[str, LotResult]
    sums: Mapping[Basis, Mapping[Key, Decimal]]
    """H of each chain that has a value."""
    weights: Mapping[Basis, Mapping[str, Decimal]]
    own: Mapping[Key, Decimal]
    """What the step itself brings, in both chains."""


def require_inventory(step: Step) -> None:
    """Refuses figures of a step of which nothing was recorded; splits, merges and source lots need no rows."""
    if not (step.conserving or step.exchanges or step.origin):
        raise NoInventory(
            "Record what the step used and emitted, with 0 where it was nothing: correct the step and add rows to its "
            "inventory. Without any row its figures would be 0 because nothing was said."
        )


@computing()
def roll_up(step: Step, factors: FactorSet) -> StepResult:
    """The results of all outputs of a step, per kg and basis, from the written results of its inputs (steps 1 to 7)."""
    if step.conserving and step.exchanges:
        raise SplitWithInventory("A split or merge has no inventory: name its process, or take the rows out.")
    burdens = own_burdens(step, factors)
    chains = {basis: Chain.of(step, basis, burdens) for basis in Basis}
    results = {
        output.lot: _lot_result(step, output, chains, burdens)
        for output in sorted(step.outputs, key=lambda output: output.lot)
    }
    return StepResult(
        results=results,
        sums={basis: chain.sums for basis, chain in chains.items() if chain.weights is not None},
        weights={basis: chain.weights for basis, chain in chains.items() if chain.weights is not None},
        own=burdens.linear,
    )


def recompute(step: Step, factors: FactorSet) -> Mapping[str, LotResult]:
    """The results that the maker must have stated; equal results have equal bodies, string by string (step 8)."""
    return roll_up(step, factors).results


def _lot_result(step: Step, output: Output, chains: Mapping[Basis, Chain], burdens: Burdens) -> LotResult:
    shares, without_source = _shares(step, output)
    takes_burden = output.output_class in BURDENED and not _is_unresulted(step)
    bases = {b: chain.result_of(output) for b, chain in chains.items() if chain.weights is not None and takes_burden}
    flags = _taken_over(step) | {f"factor_{limit}" for limit in burdens.limits}
    own_flags = {
        SPOT_PRICE: _has_spot_price(burdened(step.outputs)),
        MIXED_VINTAGES: any(len(set(result.family("vintage")) - {"not_stated"}) > 1 for result in bases.values()),
        ELEMENT_WITHOUT_SOURCE: without_source,
        BURDEN_WITHOUT_PRODUCT: not burdened(step.outputs) and bool(burdens.linear),
    }
    return LotResult(
        lot=output.lot,
        electricity_module=step.electricity_module,
        bases=bases,
        not_declared=_not_declared(step, chains) if takes_burden or _is_unproven(step) else (),
        missing_upstream=(output.lot,) if _is_unproven(step) else _missing_upstream(step),
        missing=burdens.missing,
        exclusions=step.exclusions,
        allocation=_allocation(step, chains),
        shares=shares,
        flags=tuple(sorted(flags | {flag for flag, applies in own_flags.items() if applies})),
    )


def _has_spot_price(sharing: Sequence[Output]) -> bool:
    return len(sharing) > 1 and any(output.price is not None and output.price.is_spot for output in sharing)


def _is_unresulted(step: Step) -> bool:
    """A source lot has figures of its own only where it was mined: else it is cut off, or nothing is known of it."""
    return step.origin is not None and step.origin.source_class is not SourceClass.MINED


def _is_unproven(step: Step) -> bool:
    return step.origin is not None and step.origin.source_class is SourceClass.UNPROVEN


def _not_declared(step: Step, chains: Mapping[Basis, Chain]) -> tuple[NotDeclared, ...]:
    if _is_unproven(step):
        return tuple(NotDeclared(basis, "", Reason.NO_SOURCE) for basis in Basis)
    found = []
    for basis, chain in chains.items():
        if chain.reason is not None:
            found.append(NotDeclared(basis, "", chain.reason))
            continue
        found += [NotDeclared(basis, name, Reason.NO_FACTOR) for name in INDICATORS if not chain.has_value(name)]
    return tuple(found)


def _missing_upstream(step: Step) -> tuple[str, ...]:
    found = {entry.lot for entry in step.inputs if isinstance(entry.source, Uncovered)}
    for entry in step.inputs:
        if isinstance(entry.source, ResultSource | DeclarationSource):
            found.update(entry.source.result.missing_upstream)
    return tuple(sorted(found))


def _taken_over(step: Step) -> set[str]:
    return {
        flag
        for entry in step.inputs
        if isinstance(entry.source, ResultSource | DeclarationSource)
        for flag in entry.source.result.flags
        if flag not in OF_THIS_LOT
    }


def _allocation(step: Step, chains: Mapping[Basis, Chain]) -> Allocation | None:
    if step.conserving or len(burdened(step.outputs)) < 2:
        return None
    shares = {basis: printed_shares(chain.weights) for basis, chain in chains.items() if chain.weights is not None}
    return Allocation(choice(step.outputs), shares) if shares else None


def _shares(step: Step, output: Output) -> tuple[LotShares | None, bool]:
    """The shares of an output (`lodestone-shares/1`); None where it, or an input with matter, has no assay."""
    if output.element_kg is None:
        return None, False
    if step.origin is not None:
        return shares_of_source(step.origin, output.element_kg), False
    if any(entry.element_kg is None for entry in step.inputs):
        return None, False
    sources: dict[str, Source] = {}
    for entry in step.inputs:
        stated = entry.stated_shares
        sources |= stated.sources if stated is not None else {}
    return shares_of_lot(_feeds(step), output.element_kg, sources)


def _feeds(step: Step) -> tuple[Feed, ...]:
    """What brings rare earths in: the inputs, and reagent rows that bear them as source `unknown`."""
    inputs = (
        Feed(entry.lot, entry.element_kg or {}, stated.elements if (stated := entry.stated_shares) is not None else {})
        for entry in step.inputs
    )
    rows = (
        unknown_feed(f"row {exchange.row:06}", exchange.element_kg)
        for exchange in step.exchanges
        if exchange.element_kg is not None and exchange.role in BEARING
    )
    return (*inputs, *rows)
