"""Findings of matter: what a step may do, but seldom does. They are shown, never refused (record-format.md 8)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from traceability.ledger.quantity import computing, round_places
from traceability.material.balance import Balance, ElementBalance, Verdict
from traceability.material.composition import element_masses
from traceability.material.elements import RARE_EARTHS
from traceability.material.energy import energy_findings
from traceability.material.findings import Finding
from traceability.material.inventory import inventory_findings
from traceability.material.reagents import reagent_findings
from traceability.material.reduction import reduction_findings
from traceability.material.step import MatterRow, Side, Step
from traceability.material.steps import UsualProcess, usual_process
from traceability.material.uncertainty import OK_FACTOR, REFUSAL_FACTOR
from traceability.material.wording import gained

FINGERPRINT_TOLERANCE: Final = Decimal("0.01")
"""Relative difference of recoveries that selective oxidation or evaporation explains (assumption, 2026-11)."""
MASS_TOLERANCE: Final = Decimal("0.005")
"""Share of the input mass by which reagents may be understated before it is a finding (assumption, 2026-11)."""


def findings_of(step: Step, balance: Balance) -> tuple[Finding, ...]:
    """All findings of matter of one step."""
    usual = usual_process(step.process)
    return (
        *_gain_findings(balance),
        *_yield_findings(balance, usual),
        *_fingerprint_findings(step, balance, usual),
        *_mass_findings(step),
        *reduction_findings(step, usual),
        *inventory_findings(step.inventory, step.total_in_kg),
        *reagent_findings(step.inventory, step.lots_in_kg),
        *energy_findings(step.process, step.made_kg, step.electricity_kwh, step.inventory),
    )


def _gain_findings(balance: Balance) -> tuple[Finding, ...]:
    rows = [one for one in balance.elements.values() if one.verdict is Verdict.WARNING and one.unexplained_kg < 0]
    return tuple(Finding("gain_within_uncertainty", gained(row), "/outputs") for row in rows)


def _evaluated_rare_earths(balance: Balance) -> Mapping[str, ElementBalance]:
    return {
        element: row
        for element, row in balance.elements.items()
        if element in RARE_EARTHS and row.in_kg > 0 and row.verdict is not Verdict.NOT_EVALUATED
    }


@computing()
def _yield_findings(balance: Balance, usual: UsualProcess | None) -> tuple[Finding, ...]:
    if usual is None:
        return ()
    unusual = [
        f"{element} {round_places(row.out_kg / row.in_kg * 100, 1)} %"
        for element, row in _evaluated_rare_earths(balance).items()
        if row.out_kg + OK_FACTOR * row.u_c_kg < usual.least_yield * row.in_kg
    ]
    if not unusual:
        return ()
    least_pct, source = usual.least_pct, "; ".join(usual.sources)
    sentence = (
        f"Low yield: {_listed(unusual)}. Usual for this process is {least_pct} % or more (source: {source}). "
        "Is a lot missing?"
    )
    return (Finding("yield_unusual", sentence, "/outputs"),)


def _fingerprint_findings(step: Step, balance: Balance, usual: UsualProcess | None) -> tuple[Finding, ...]:
    if usual is None or usual.separates:
        return ()
    inputs = _evaluated_rare_earths(balance)
    return tuple(
        Finding(
            "fingerprint_broken",
            "The rare earths of this lot do not stand in the ratio of the feed, though the process does not separate "
            f"them: {broken}. Check for swapped contents or a feed that is not stated.",
            row.place,
        )
        for row in step.on(Side.OUTPUT)
        if not row.is_waste and (broken := _broken_fingerprint(step, row, inputs))
    )


@computing()
def _broken_fingerprint(step: Step, output: MatterRow, inputs: Mapping[str, ElementBalance]) -> str:
    """The two elements whose recoveries into the lot differ most, in words; empty where they agree."""
    recovered = {
        element: (kg / inputs[element].in_kg, element)
        for element, kg in element_masses(output.mass_kg, output.composition or {}).items()
        if element in inputs
    }
    if len(recovered) < 2:
        return ""
    (least, low), (most, high) = min(recovered.values()), max(recovered.values())
    variance = sum((_relative_variance(step, output, element) for element in (low, high)), Decimal(0))
    if most - least <= (FINGERPRINT_TOLERANCE + REFUSAL_FACTOR * variance.sqrt()) * most:
        return ""
    return f"{round_places(least * 100, 1)} % of {low} and {round_places(most * 100, 1)} % of {high}"


def _relative_variance(step: Step, output: MatterRow, element: str) -> Decimal:
    """Relative variance of the recovery of an element into one output."""
    in_kg = sum((row.element_kg(element) for row in step.on(Side.INPUT)), Decimal(0))
    in_variance = sum((row.u_kg(element) ** 2 for row in step.on(Side.INPUT)), Decimal(0))
    out_kg = output.element_kg(element)
    of_output = output.u_kg(element) ** 2 / out_kg**2 if out_kg else Decimal(0)
    return in_variance / in_kg**2 + of_output


@computing()
def _mass_findings(step: Step) -> tuple[Finding, ...]:
    """More mass out than lots and reagents in. Never refused: nobody weighs what the air brings."""
    if step.total_out_kg <= step.total_in_kg * (1 + MASS_TOLERANCE):
        return ()
    if step.declares_reagents:
        sentence = (
            f"{step.total_out_kg} kg leave, but lots and reagents in are only {step.total_in_kg} kg. "
            "Check for a reagent that is not stated."
        )
    else:
        sentence = (
            f"{step.total_out_kg} kg leave, but the lots that came in weigh only {step.total_in_kg} kg, and no reagent "
            "in kg is stated. Check the masses, and state what brought the rest."
        )
    return (Finding("mass_gain", sentence, "/inventory"),)


def _listed(words: list[str]) -> str:
    return ", ".join(words)
