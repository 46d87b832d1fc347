"""Electricity and heat of a step against what published inventories of such steps took.

docs/algorithms/lodestone-inventory-2.md. Everything is a finding, never a refusal.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from traceability.ledger.quantity import computing, round_places
from traceability.material.findings import Finding
from traceability.material.inventory import FUELS, MJ_PER, InventoryRow, fuel_of
from traceability.material.steps import classes_of


@dataclass(frozen=True, slots=True)
class Most:
    """The most that was read, per kg of the lots made; None where nothing was."""

    kwh: Decimal | None
    mj: Decimal | None
    source: str


def _most(kwh: str, mj: str, source: str) -> Most:
    return Most(Decimal(kwh) if kwh else None, Decimal(mj) if mj else None, source)


READ: Final[Mapping[str, Most]] = MappingProxyType({
    "crack": _most("0.0703", "6.59", "Marx et al. 2018; Sprecher et al. 2014"),
    "leach": _most("0.472", "38.69", "Vahidi and Zhao 2017"),
    "separate": _most("6", "1.01", "Bailey et al. 2020; Sprecher et al. 2014"),
    "calcine": _most("", "31.8", "Marx et al. 2018"),
    "electrolyse": _most("11", "", "Schulze et al. 2018"),
})  # fmt: skip
"""By the first word of the class of the step. Steps whose use depends on the grade of the ore are left out."""
MARGIN: Final = 3
"""So many times what was read is more than usual (assumption; MJ typed as kWh make 3.6)."""

_SAME_FUEL: Final = {"heavy fuel oil": "residual fuel oil", "hard coal": "bituminous coal"}


@computing()
def energy_findings(
    process: Sequence[str], made_kg: Decimal, electricity_kwh: Decimal | None, rows: Sequence[InventoryRow]
) -> tuple[Finding, ...]:
    """More electricity or heat per kg of the lots made than such steps take."""
    classes = classes_of(process)
    read = [READ.get(one.words[0]) for one in classes or ()]
    known = [one for one in read if one is not None]
    if not known or len(known) < len(read) or not made_kg:
        return ()
    source, found = "; ".join(dict.fromkeys(one.source for one in known)), []
    kwh, mj = _sum([one.kwh for one in known]), _sum([one.mj for one in known])
    if kwh and electricity_kwh and electricity_kwh > MARGIN * kwh * made_kg:
        stated, most = round_places(electricity_kwh / made_kg, 1), round_places(kwh, 1)
        sentence = (
            f"{stated} kWh of electricity per kg made are stated; published inventories of such a process have up to "
            f"{most} (source: {source}). Check the unit, and whether the meter counts other lots too."
        )
        found.append(Finding("electricity_unusual", sentence, "/inventory"))
    heat = heat_mj(rows)
    if mj and heat and heat > MARGIN * mj * made_kg:
        stated, most = round_places(heat / made_kg, 1), round_places(mj, 1)
        sentence = (
            f"{stated} MJ of heat and fuel per kg made are stated; published inventories of such a process have up to "
            f"{most} (source: {source}). Were MJ typed as kg?"
        )
        found.append(Finding("heat_unusual", sentence, "/inventory"))
    return tuple(found)


def _sum(values: Sequence[Decimal | None]) -> Decimal | None:
    """None where one of them was not read."""
    known = [one for one in values if one is not None]
    return sum(known, Decimal(0)) if len(known) == len(values) else None


@computing()
def heat_mj(rows: Sequence[InventoryRow]) -> Decimal:
    """MJ of heat and fuels; those in kg of an unknown fuel are left out."""
    found = Decimal(0)
    for row in rows:
        if row.role in ("heat", "fuel") and row.unit in MJ_PER:
            found += row.amount * MJ_PER[row.unit]
        elif row.role == "fuel" and row.unit == "kg":
            other = next((FUELS[name] for words, name in _SAME_FUEL.items() if words in row.words), None)
            fuel = fuel_of(row) or other
            found += row.amount * fuel.mj_per_kg if fuel else 0
    return found
