"""What the reagents of an inventory say about it: acid against base, fluorine and sulphur in against out.

docs/algorithms/lodestone-inventory-2.md. Everything is a finding, never a refusal.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from traceability.ledger.quantity import computing, round_places
from traceability.material.findings import Finding
from traceability.material.inventory import InventoryRow, fuel_kg


@dataclass(frozen=True, slots=True)
class Reagent:
    """A substance in 100 %: acid above 0 or base below 0 in mol per kg, and its sulphur and fluorine in kg per kg."""

    mol_per_kg: Decimal = Decimal(0)
    sulfur: Decimal = Decimal(0)
    fluorine: Decimal = Decimal(0)
    dissolved: bool = False
    """Whether it is sold in water, so that a mass says nothing without its concentration."""


def _of(weight: str, charges: int = 0, *, sulfur: int = 0, fluorine: int = 0, dissolved: bool = False) -> Reagent:
    """By molar mass in g, charges given (acid) or taken (base, below 0), and atoms."""
    one = Decimal(weight)
    return Reagent(1000 * charges / one, sulfur * SULFUR_WEIGHT / one, fluorine * FLUORINE_WEIGHT / one, dissolved)


SULFUR_WEIGHT: Final = Decimal("32.06")
FLUORINE_WEIGHT: Final = Decimal("18.998")

with computing():
    REAGENTS: Final[Mapping[str, Reagent]] = MappingProxyType({
        "hydrochloric acid": _of("36.46", 1, dissolved=True),
        "hydrogen chloride": _of("36.46", 1),
        "sulfuric acid": _of("98.07", 2, sulfur=1, dissolved=True),
        "nitric acid": _of("63.01", 1, dissolved=True),
        "hydrofluoric acid": _of("20.01", 1, fluorine=1, dissolved=True),
        "hydrogen fluoride": _of("20.01", 1, fluorine=1),
        "phosphoric acid": _of("98.00", dissolved=True),
        "oxalic acid": _of("126.07"),
        "sodium hydroxide": _of("40.00", -1, dissolved=True),
        "potassium hydroxide": _of("56.11", -1, dissolved=True),
        "ammonium hydroxide": _of("35.05", -1, dissolved=True),
        "calcium hydroxide": _of("74.09", -2),
        "hydrated lime": _of("74.09", -2),
        "quicklime": _of("56.08", -2),
        "limestone": _of("100.09", -2),
        "calcium carbonate": _of("100.09", -2),
        "magnesium oxide": _of("40.30", -2),
        "magnesium hydroxide": _of("58.32", -2),
        "magnesium carbonate": _of("84.31", -2),
        "sodium carbonate": _of("105.99", -2),
        "soda ash": _of("105.99", -2),
        "sodium bicarbonate": _of("84.01", -1),
        "ammonium bicarbonate": _of("79.06", -1),
        "ammonium sulfate": _of("132.14", sulfur=1),
        "ammonium chloride": _of("53.49"),
        "ammonia": _of("17.03", -1),
        "lithium fluoride": _of("25.94", fluorine=1),
        "sodium chloride": _of("58.44"),
        "graphite": _of("12.01"),
    })  # fmt: skip
    GASES: Final[Mapping[str, Reagent]] = MappingProxyType({
        "sulfur dioxide": _of("64.06", sulfur=1),
        "sulfur trioxide": _of("80.06", sulfur=1),
        "hydrogen sulfide": _of("34.08", sulfur=1),
        "sulfuric acid": _of("98.07", sulfur=1),
        "hydrogen fluoride": _of("20.01", fluorine=1),
        "tetrafluoromethane": _of("88.00", fluorine=4),
        "hexafluoroethane": _of("138.01", fluorine=6),
        "sulfur hexafluoride": _of("146.05", sulfur=1, fluorine=6),
    })  # fmt: skip
"""By words of the flow; the first that fits counts. Oxalic acid is none here: what it precipitates sets acid free."""

BOUND_MOL_PER_KG: Final = Decimal(59)
"""Acid or base that 1 kg of lots can bind: as much as if all of it were alumina (assumption, above that of rare earths,
iron, magnesia and lime)."""
LOT_SULFUR: Final = Decimal("0.534")
"""As if all of a lot were pyrite."""
LOT_FLUORINE: Final = Decimal("0.487")
"""As if all of a lot were fluorite."""
FUEL_SULFUR: Final = Decimal("0.05")
"""More than fuels hold (assumption)."""
CLEAN: Final = frozenset({"metal", "alloy", "powder", "magnet"})
"""Stages whose lots hold next to no sulphur and fluorine."""
_REAGENT_ROLES: Final = ("ancillary", "constituent")


def reagent_findings(rows: Sequence[InventoryRow], lots_kg: Mapping[str, Decimal]) -> tuple[Finding, ...]:
    """What is odd about the reagents of a step; `lots_kg`: kg of its input lots by stage."""
    return (
        *_without_concentration(rows),
        *_left_over(rows, sum(lots_kg.values(), Decimal(0))),
        *_over_inputs(rows, lots_kg),
    )


def _known(row: InventoryRow, table: Mapping[str, Reagent]) -> Reagent | None:
    words = row.words.replace("sulph", "sulf")
    return next((one for name, one in table.items() if name in words), None)


def _used(rows: Sequence[InventoryRow]) -> list[tuple[InventoryRow, Reagent | None]]:
    return [(row, _known(row, REAGENTS)) for row in rows if row.role in _REAGENT_ROLES and row.unit == "kg"]


def _without_concentration(rows: Sequence[InventoryRow]) -> list[Finding]:
    return [
        Finding(
            "concentration_unstated",
            f"{row.flow} is sold in water: state the concentration of this amount, or 1 if it is counted as 100 %. It "
            "can change the result threefold.",
            row.place,
        )
        for row, known in _used(rows)
        if known and known.dissolved and row.concentration is None and row.amount
    ]


@computing()
def _left_over(rows: Sequence[InventoryRow], lots_kg: Decimal) -> list[Finding]:
    """More acid than base and lots can bind, or more base than acid and lots can."""
    used = [(row, known.mol_per_kg * row.active) for row, known in _used(rows) if known]
    acid = sum((mol for _, mol in used if mol > 0), Decimal(0))
    base = -sum((mol for _, mol in used if mol < 0), Decimal(0))
    bound = BOUND_MOL_PER_KG * lots_kg
    kmol_acid, kmol_base = (round_places(mol / 1000, 1) for mol in (acid, base))
    if acid > base + bound:
        sentence = (
            f"The acids bring {kmol_acid} kmol of acid, more than the bases ({kmol_base} kmol) and the lots can bind. "
            "Check their concentration and amounts, and state what neutralises the rest."
        )
        return [Finding("acid_left_over", sentence, max(used, key=lambda one: one[1])[0].place)]
    if base > acid + bound:
        sentence = (
            f"The bases bind {kmol_base} kmol of acid, more than the acids ({kmol_acid} kmol) and the lots bring. "
            "Check their concentration and amounts, and state what takes up the rest."
        )
        return [Finding("base_left_over", sentence, min(used, key=lambda one: one[1])[0].place)]
    return []


def _over_inputs(rows: Sequence[InventoryRow], lots_kg: Mapping[str, Decimal]) -> list[Finding]:
    """More sulphur or fluorine in the gases than all that went in can hold. Unknown reagents count as if pure."""
    gases = [
        (row, known) for row in rows if row.role == "emission" and row.unit == "kg" and (known := _known(row, GASES))
    ]
    burnt_kg = fuel_kg(rows)
    if not gases or burnt_kg is None:
        return []
    dirty_kg = sum((kg for stage, kg in lots_kg.items() if stage not in CLEAN), Decimal(0))
    used = _used(rows)
    with computing():
        sulfur = _over(
            "sulfur",
            [(row, row.amount * gas.sulfur) for row, gas in gases],
            sum((row.active * (one.sulfur if one else 1) for row, one in used), Decimal(0))
            + LOT_SULFUR * dirty_kg
            + FUEL_SULFUR * burnt_kg,
        )
        fluorine = _over(
            "fluorine",
            [(row, row.amount * gas.fluorine) for row, gas in gases],
            sum((row.active * (one.fluorine if one else 1) for row, one in used), Decimal(0)) + LOT_FLUORINE * dirty_kg,
        )
    return [*sulfur, *fluorine]


def _over(element: str, out: Sequence[tuple[InventoryRow, Decimal]], most: Decimal) -> list[Finding]:
    leaving = sum((kg for _, kg in out), Decimal(0))
    if leaving <= most:
        return []
    said, can = round_places(leaving, 3), round_places(most, 3)
    if element == "sulfur":
        sentence = (
            f"{said} kg of sulphur leave in the gases, but all that went in can hold {can} kg at most. Were grams "
            "typed as kg, or is a reagent not stated?"
        )
    else:
        sentence = (
            f"{said} kg of fluorine leave in the gases, but all that went in can hold {can} kg at most. Were grams "
            "typed as kg, or is a reagent not stated?"
        )
    return [Finding(f"{element}_over_inputs", sentence, max(out, key=lambda one: one[1])[0].place)]
