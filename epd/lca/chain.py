"""One basis of one step while it is summed: `lodestone-rollup/1` steps 4 to 7 on every linear quantity."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from epd.lca.allocation import Output, weights
from epd.lca.burdens import NOT_LOCATED, Burdens, Lacking
from epd.lca.indicators import HEADLINE, INDICATORS, Basis, LifeCycleModule
from epd.lca.inputs import DeclarationSource, ResultSource, Step, StepInput, Uncovered
from epd.lca.result import (
    DETAIL,
    ENERGY_TOTAL,
    KINDS,
    MASS_TOTAL,
    REST,
    BasisResult,
    Gap,
    Key,
    Reason,
    cause_key,
    country_key,
    energy_covered,
    kind_key,
    mass_covered,
    use_gwp_key,
    use_key,
    value_key,
    written,
)
from traceability.ledger.errors import RecordError

LISTED_FACTORS: Final = 20
DECLARED_INPUTS: Final = "declared_inputs"
UPSTREAM: Final = "upstream"
_WHERE_NOT_ZERO: Final = DETAIL | {"vintage", "quality"}


class MixedChains(RecordError):
    """A figure of one chain is fed into the other."""

    code = "mixed_chains"


def basis_result(entry: StepInput, basis: Basis) -> BasisResult | None:
    """The written figures of an input on a basis; refuses those of the other chain."""
    if not isinstance(entry.source, ResultSource | DeclarationSource):
        return None
    found = entry.source.result.bases.get(basis)
    if found is not None and found.basis is not basis:
        raise MixedChains(
            f"These figures are of the {found.basis} chain. Use the {basis} ones, or declare nothing on this basis.",
            lot=entry.lot,
        )
    return found


@dataclass(slots=True)
class Chain:
    """One basis of one step while it is summed."""

    basis: Basis
    sums: dict[Key, Decimal]
    lacking: Lacking
    partial: set[str]
    gaps: dict[str, Gap]
    weights: Mapping[str, Decimal] | None
    reason: Reason | None = None

    @classmethod
    def of(cls, step: Step, basis: Basis, burdens: Burdens) -> "Chain":
        """H of every linear quantity: inputs by urn, then what the step brings itself (step 5)."""
        weight_of = weights(step.outputs, basis, conserving=step.conserving)
        chain = cls(basis, {}, set(burdens.lacking), set(burdens.transport_lacking), dict(burdens.gaps), weight_of)
        chain.reason = Reason.NO_PRICE if weight_of is None else None
        for entry in sorted(step.inputs, key=lambda entry: entry.lot):
            chain.draw(entry)
        for key, amount in burdens.linear.items():
            chain.add(key, amount)
        list_factors(chain.sums)
        return chain

    def add(self, key: Key, amount: Decimal) -> None:
        """Adds to H."""
        self.sums[key] = self.sums.get(key, Decimal(0)) + amount

    def draw(self, entry: StepInput) -> None:
        """Adds q x u of one input (step 4)."""
        if not isinstance(entry.source, ResultSource | DeclarationSource):
            self.partial.update(INDICATORS if isinstance(entry.source, Uncovered) else ())
            return
        stated = basis_result(entry, self.basis)
        if stated is None:
            # A basis that one input lacks has no value; nothing is put in its place (Two chains).
            self.reason = Reason.INPUT_WITHOUT_BASIS
            self.weights = None
            return
        received = entry.receipt is not None
        for key, per_kg in _as_drawn(stated, received=received, source=entry.source).items():
            self.add(key, entry.burden_kg * per_kg)
        self._note_gaps(stated, received=received)

    def _note_gaps(self, stated: BasisResult, *, received: bool) -> None:
        """What the input has no value for, seen from this step: after a receipt all of it stands in A1."""
        for indicator in INDICATORS:
            absent = [module for module in LifeCycleModule if stated.value(indicator, module) is None]
            self.lacking.update((indicator, LifeCycleModule.A1 if received else module) for module in absent)
            if absent or indicator in stated.partial:
                self.partial.add(indicator)
            self.gaps[indicator] = self.gaps.get(indicator, Gap()).worst(stated.gaps.get(indicator, Gap()))

    def result_of(self, output: Output) -> BasisResult:
        """eta of one output, written: R12(H x w / (W x q)) for every linear quantity (step 6)."""
        weight_of = self.weights or {}
        weight, whole = weight_of[output.lot], sum(weight_of.values(), Decimal(0))
        per_kg = {key: written(amount * weight / (whole * output.mass_kg)) for key, amount in self.sums.items()}
        kept = {key: per_kg.get(key, Decimal(0)) for key in (MASS_TOTAL, ENERGY_TOTAL, *map(kind_key, KINDS))}
        kept |= {key: amount for key, amount in per_kg.items() if key[0] in _WHERE_NOT_ZERO and amount}
        with_value = [indicator for indicator in INDICATORS if self.has_value(indicator)]
        for indicator in with_value:
            keys = [value_key(indicator, module) for module in LifeCycleModule if not self._lacks(indicator, module)]
            keys += [mass_covered(indicator), energy_covered(indicator)]
            kept |= {key: per_kg.get(key, Decimal(0)) for key in keys}
        return BasisResult(
            self.basis,
            kept,
            gaps={indicator: self.gaps.get(indicator, Gap()) for indicator in with_value},
            partial=frozenset(indicator for indicator in with_value if self._is_partial(indicator)),
        )

    def has_value(self, indicator: str) -> bool:
        """An indicator has a value when something was counted for it, or when nothing lacks one."""
        counted = any(self.sums.get(value_key(indicator, module)) for module in LifeCycleModule)
        return counted or not any((indicator, module) in self.lacking for module in LifeCycleModule)

    def _lacks(self, indicator: str, module: LifeCycleModule) -> bool:
        """A module has no value when nothing was counted for it and something lacks one: never 0 in its place."""
        return (indicator, module) in self.lacking and not self.sums.get(value_key(indicator, module))

    def _is_partial(self, indicator: str) -> bool:
        return indicator in self.partial or any(self._lacks(indicator, module) for module in LifeCycleModule)


def _as_drawn(
    stated: BasisResult, *, received: bool, source: ResultSource | DeclarationSource
) -> Mapping[Key, Decimal]:
    """u per kg: after a receipt A1 := A1 + A2 + A3, and what is not open by cause stands under one name (step 4)."""
    drawn: dict[Key, Decimal] = {}
    for key, per_kg in stated.per_kg.items():
        moved = value_key(key[1], LifeCycleModule.A1) if received and key[0] == "value" else key
        drawn[moved] = drawn.get(moved, Decimal(0)) + per_kg
    declared = isinstance(source, DeclarationSource)
    detail_open = isinstance(source, ResultSource) and (source.detail_open or not received)
    if stated.detailed and detail_open:
        return drawn
    bare = {key: per_kg for key, per_kg in drawn.items() if key[0] not in DETAIL}
    gwp = stated.counted(HEADLINE) or Decimal(0)
    cause = DECLARED_INPUTS if declared else UPSTREAM
    return bare | {cause_key(cause): gwp, country_key(NOT_LOCATED): gwp, REST: gwp}


def list_factors(sums: dict[Key, Decimal]) -> None:
    """Keeps the 20 factors that bring most GWP (tie: smallest id); the others join the rest."""
    gwp = {key[1]: value for key, value in sums.items() if key[0] == "use_gwp"}
    ordered = sorted(gwp, key=lambda factor_id: (-abs(gwp[factor_id]), factor_id))
    listed = [factor_id for factor_id in ordered[:LISTED_FACTORS] if gwp[factor_id]]
    for factor_id in sorted(set(ordered).difference(listed)):
        sums[REST] = sums.get(REST, Decimal(0)) + gwp[factor_id]
        del sums[use_gwp_key(factor_id)]
        sums.pop(use_key(factor_id), None)
