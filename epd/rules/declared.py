"""Whether a figure may be declared, or why not, under a profile (`lodestone-completeness/1`, Ratio and threshold)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from epd.lca.completeness import Completeness, completeness
from epd.lca.indicators import INDICATORS, Basis, LifeCycleModule
from epd.lca.result import LotResult, NotDeclared, Reason
from epd.rules.profiles import Profile
from traceability.ledger.errors import RecordError

VALUE_REASONS: Final = frozenset({Reason.NO_FACTOR, Reason.NO_PRICE, Reason.INPUT_WITHOUT_BASIS})
"""Reasons that say that there is no value, under any profile."""


class WrongElectricityModule(RecordError):
    """The result puts electricity in another module than the profile."""

    code = "wrong_electricity_module"


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of a declaration, per kg of the lot, and whether it is declared."""

    indicator: str
    unit: str
    basis: Basis
    reasons: tuple[Reason, ...]
    """Why it is not declared; none means that it is."""
    completeness: Completeness | None
    modules: dict[LifeCycleModule, Decimal]
    a1_a3: Decimal | None
    """The declared value; None where it is not declared."""
    partial_sum: Decimal | None
    """What was counted of a figure that is not declared: for a table of its own, "recorded steps only"."""

    @property
    def is_declared(self) -> bool:
        """Whether the figure may stand in the results table."""
        return not self.reasons


def cells(result: LotResult, profile: Profile) -> tuple[Cell, ...]:
    """All figures of a lot under a profile, by basis: the core list first, then additional indicators with a value."""
    if result.bases and result.electricity_module is not profile.electricity_module:
        raise WrongElectricityModule(
            f"The profile puts electricity in {profile.electricity_module.upper()}: compute the results again."
        )
    return tuple(_cell(result, basis, indicator, profile) for basis in Basis for indicator in _listed(result, profile))


def _listed(result: LotResult, profile: Profile) -> Iterator[str]:
    yield from profile.indicators
    with_value = {indicator for found in result.bases.values() for indicator in found.gaps}
    yield from (name for name in INDICATORS if name in with_value and name not in profile.indicators)


def _cell(result: LotResult, basis: Basis, indicator: str, profile: Profile) -> Cell:
    found = result.bases.get(basis)
    covered = completeness(result, basis, indicator)
    reasons = _reasons(result, basis, indicator, profile)
    declared = found if found is not None and not reasons else None
    return Cell(
        indicator=indicator,
        unit=INDICATORS[indicator],
        basis=basis,
        reasons=reasons,
        completeness=covered,
        modules={
            module: value
            for module in LifeCycleModule
            if declared is not None and (value := declared.value(indicator, module)) is not None
        },
        a1_a3=None if declared is None else declared.a1_a3(indicator),
        partial_sum=found.counted(indicator) if found is not None and reasons else None,
    )


def _reasons(result: LotResult, basis: Basis, indicator: str, profile: Profile) -> tuple[Reason, ...]:
    """Every reason against declaring a figure, in the order in which the first is named."""
    found = result.bases.get(basis)
    covered = completeness(result, basis, indicator)
    if found is None or covered is None:
        return (_why_without_value(result, basis, indicator),)
    against = (
        (Reason.PARTIAL, indicator in found.partial or found.a1_a3(indicator) is None),
        (Reason.MISSING_UPSTREAM, bool(covered.missing_upstream)),
        (Reason.MASS_BELOW_THRESHOLD, covered.mass < profile.least_covered),
        (Reason.ENERGY_BELOW_THRESHOLD, covered.energy < profile.least_covered),
        (Reason.STEP_NOT_COVERED, max(covered.gap.mass, covered.gap.energy) > profile.cut_off),
    )
    return tuple(reason for reason, applies in against if applies)


def _why_without_value(result: LotResult, basis: Basis, indicator: str) -> Reason:
    stated = (row.reason for row in result.not_declared if row.basis is basis and row.indicator in ("", indicator))
    return next(stated, Reason.NO_FACTOR)


def declared(result: LotResult, profile: Profile) -> LotResult:
    """The result as a declaration states it: each figure that is not declared is named with its first reason.

    Its values stay, for a later step takes them with their sums; whoever shows them asks `cells`.
    """
    named = {
        (cell.basis, cell.indicator): NotDeclared(cell.basis, cell.indicator, cell.reasons[0])
        for cell in cells(result, profile)
        if cell.reasons
    }
    whole = [row for row in result.not_declared if not row.indicator]
    without_basis = {row.basis for row in whole}
    others = [row for row in result.not_declared if row.indicator and (row.basis, row.indicator) not in named]
    rows = [*whole, *(row for row in (*named.values(), *others) if row.basis not in without_basis)]
    order = {name: number for number, name in enumerate(("", *INDICATORS))}
    bases = list(Basis)
    return replace(
        result, not_declared=tuple(sorted(rows, key=lambda row: (bases.index(row.basis), order[row.indicator])))
    )
