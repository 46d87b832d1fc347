"""What chemistry allows of a step that makes metal of oxide: how much metal, and with how little electricity."""

from decimal import Decimal
from typing import Final

from traceability.ledger.quantity import computing, round_places
from traceability.material.elements import RARE_EARTH_WEIGHTS, RARE_EARTHS, SPECIES
from traceability.material.findings import Finding
from traceability.material.step import MatterRow, Side, Step
from traceability.material.steps import UsualProcess

FARADAY_C_PER_MOL: Final = Decimal("96485.33212")
"""CODATA 2018, exact."""
ELECTRONS: Final = 3
"""Every rare earth leaves its oxide as a trivalent ion; fewer electrons than that are never enough."""
LEAST_V: Final = Decimal("1.5")
"""Cell voltage below which no rare-earth oxide is decomposed, also on carbon (assumption, below the about 1.6 V of
Nd2O3; cells run at 9 to 10 V)."""
TOLERANCE: Final = Decimal("0.005")
"""Share by which masses may be off before it is a finding (assumption, as for `mass_gain`)."""


@computing()
def charge_kah_per_kg(element: str) -> Decimal:
    """The least charge in kAh to make 1 kg of a rare earth: 3 F / M."""
    return ELECTRONS * FARADAY_C_PER_MOL / Decimal(3600) / RARE_EARTH_WEIGHTS[element]


def reduction_findings(step: Step, usual: UsualProcess | None) -> tuple[Finding, ...]:
    """What a step with such a word in its process states that cannot be."""
    if usual is None or not usual.reduces:
        return ()
    return (*_oxide_findings(step), *(_electricity_findings(step) if usual.by_current else ()))


@computing()
def _oxide_findings(step: Step) -> tuple[Finding, ...]:
    """More metal than the oxides hold, whatever they are of. Other feeds of rare earths than oxide are not judged."""
    feeds = [row for row in step.on(Side.INPUT) if row.composition is None or _rare_earths(row)]
    if not feeds or any(row.stage != "oxide" for row in feeds):
        return ()
    metal_kg, is_known = _metal_kg(step)
    if step.unstated and not is_known:
        return ()
    oxide_kg = sum((row.mass_kg for row in feeds), Decimal(0))
    most_kg = sum((row.mass_kg * _metal_per_oxide(row) for row in feeds), Decimal(0))
    if metal_kg <= most_kg * (1 + TOLERANCE):
        return ()
    metal, oxide, most = (round_places(kg, 3) for kg in (metal_kg, oxide_kg, most_kg))
    sentence = (
        f"{metal} kg of metal leave, but {oxide} kg of oxide can give {most} kg at most: the rest of it is oxygen. "
        "Check the masses, and whether a feed is not stated."
    )
    return (Finding("oxide_short", sentence, "/outputs"),)


@computing()
def _electricity_findings(step: Step) -> tuple[Finding, ...]:
    """Less electricity than the metal takes at the least voltage (Faraday); nothing where none is stated."""
    metals = [row for row in step.on(Side.OUTPUT) if row.stage == "metal" and row.composition]
    if step.electricity_kwh is None or not metals:
        return ()
    charge_kah = sum((row.element_kg(one) * charge_kah_per_kg(one) for row in metals for one in _rare_earths(row)),
                     Decimal(0))  # fmt: skip
    least_kwh = charge_kah * LEAST_V
    if step.electricity_kwh >= least_kwh:
        return ()
    stated, charge, least = (round_places(one, 1) for one in (step.electricity_kwh, charge_kah, least_kwh))
    sentence = (
        f"{stated} kWh of electricity are stated, but the metal takes a charge of {charge} kAh, which at {LEAST_V} V "
        f"are {least} kWh. Check the electricity and the masses."
    )
    return (Finding("electricity_short", sentence, "/inventory"),)


def _rare_earths(row: MatterRow) -> list[str]:
    held = row.composition or {}
    return [one for one, content in held.items() if one in RARE_EARTHS and content.element_pct]


def _metal_kg(step: Step) -> tuple[Decimal, bool]:
    """kg of rare earths in the metal made, by assay, or its whole mass where one has none; and whether all have."""
    metals = [row for row in step.on(Side.OUTPUT) if row.stage == "metal"]
    known = [row for row in metals if row.composition is not None]
    held = sum((row.element_kg(one) for row in known for one in _rare_earths(row)), Decimal(0))
    rest = sum((row.mass_kg for row in metals if row.composition is None), Decimal(0))
    return held + rest, len(known) == len(metals)


def _metal_per_oxide(row: MatterRow) -> Decimal:
    """The most metal in 1 kg of a lot of oxide: of the elements that its assay lists, else of any."""
    elements = _rare_earths(row) or list(RARE_EARTHS)
    return max(one.element_per_kg for one in SPECIES.values() if one.is_oxide and one.element in elements)
