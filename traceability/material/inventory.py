"""What carbon and nitrogen say about an inventory: amounts in a wrong unit, and what was counted twice.

docs/algorithms/lodestone-inventory-1.md. Everything is a finding, never a refusal.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from traceability.ledger.quantity import computing, parse_quantity, round_places
from traceability.material.findings import Finding


@dataclass(frozen=True, slots=True)
class Fuel:
    """Net calorific value and combustion CO2 of a fuel (IPCC 2006 Guidelines, vol. 2, tables 1.2 and 1.4)."""

    mj_per_kg: Decimal
    kg_co2_per_mj: Decimal


def _fuel(mj_per_kg: str, kg_co2_per_tj: int) -> Fuel:
    return Fuel(Decimal(mj_per_kg), Decimal(kg_co2_per_tj) / 10**6)


FUELS: Final[Mapping[str, Fuel]] = MappingProxyType({
    "natural gas": _fuel("48", 56100),
    "diesel": _fuel("43", 74100),
    "residual fuel oil": _fuel("40.4", 77400),
    "kerosene": _fuel("43.8", 71900),
    "lpg": _fuel("47.3", 63100),
    "anthracite": _fuel("26.7", 98300),
    "coking coal": _fuel("28.2", 94600),
    "sub bituminous coal": _fuel("18.9", 96100),
    "bituminous coal": _fuel("25.8", 94600),
    "lignite": _fuel("11.9", 101000),
    "petroleum coke": _fuel("32.5", 97500),
    "coke": _fuel("28.2", 107000),
})  # fmt: skip
"""By words of the flow or of the factor; the first that fits counts."""

CO2_PER_CARBON: Final = Decimal(44) / Decimal(12)
UNIT_BAND: Final = Decimal("0.15")
"""How near stated CO2 is to that of a fuel in MJ, when kg were typed for MJ."""
FAR: Final = 10
"""So many times the stated CO2 is more than any process explains, when the amount read as MJ fits."""
TWICE_BAND: Final = Decimal("0.05")
MOST_N2O: Final = Decimal("0.002")
"""kg N2O per kg CO2 of combustion: a hundred times the largest default of the IPCC for industry."""
_CO2: Final = ("carbon dioxide", "co2")
_N2O: Final = ("nitrous oxide", "dinitrogen monoxide", "n2o")
_NITRATE: Final = ("nitric", "nitrate", "anfo")
MJ_PER: Final = {"MJ": Decimal(1), "kWh": Decimal("3.6")}


@dataclass(frozen=True, slots=True)
class InventoryRow:
    """A row of an inventory with an amount."""

    place: str
    flow: str
    role: str
    amount: Decimal
    unit: str
    factors: tuple[str, ...] = ()
    concentration: Decimal | None = None

    @property
    def words(self) -> str:
        return self.flow.lower().replace("-", " ").replace("₂", "2")

    @property
    @computing()
    def active(self) -> Decimal:
        """The amount of the active substance; all of it where no concentration is stated."""
        return self.amount if self.concentration is None else self.amount * self.concentration

    def speaks_of(self, names: Iterable[str]) -> bool:
        return any(name in self.words for name in names)


def inventory_rows(rows: Iterable[Mapping[str, object]]) -> tuple[InventoryRow, ...]:
    """The rows of an opened inventory that say how much."""
    found = []
    for number, row in enumerate(rows):
        if "amount" in row:
            factors = row.get("factors")
            found.append(
                InventoryRow(
                    f"/inventory/{number}",
                    str(row.get("flow", "")),
                    str(row.get("role", "")),
                    parse_quantity(row["amount"]),
                    str(row.get("unit", "")),
                    tuple(str(one) for one in factors) if isinstance(factors, list) else (),
                    parse_quantity(row["concentration"]) if "concentration" in row else None,
                )
            )
    return tuple(found)


def inventory_findings(rows: Sequence[InventoryRow], input_kg: Decimal) -> tuple[Finding, ...]:
    """What is odd in an inventory; `input_kg` are the lots and reagents that went in."""
    return (
        *_mistaken_units(rows),
        *_more_than_all_carbon(rows, input_kg),
        *_counted_twice(rows),
        *_nitrogen(rows),
    )


def fuel_of(row: InventoryRow) -> Fuel | None:
    """The fuel that a row names, by its factor or by its flow."""
    if row.role != "fuel":
        return None
    named = [one.split(".")[1].replace("-", " ") for one in row.factors if one.startswith("fuel.") and "." in one[5:]]
    texts = (*named, row.words)
    return next((fuel for name, fuel in FUELS.items() if any(name in text for text in texts)), None)


@computing()
def fuel_co2_kg(row: InventoryRow, *, as_mj: bool = False) -> Decimal:
    """kg CO2 of burning the fuel of a row; 0 where it names none. `as_mj` reads the amount as MJ."""
    fuel = fuel_of(row)
    if fuel is None:
        return Decimal(0)
    if as_mj or row.unit in MJ_PER:
        return row.amount * (Decimal(1) if as_mj else MJ_PER[row.unit]) * fuel.kg_co2_per_mj
    return row.amount * fuel.mj_per_kg * fuel.kg_co2_per_mj if row.unit == "kg" else Decimal(0)


@computing()
def fuel_kg(rows: Sequence[InventoryRow]) -> Decimal | None:
    """kg of all fuels; None where a row does not say which it is."""
    fuels = [(row, fuel_of(row)) for row in rows if row.role == "fuel"]
    known = [
        row.amount if row.unit == "kg" else row.amount * MJ_PER.get(row.unit, Decimal(1)) / fuel.mj_per_kg
        for row, fuel in fuels
        if fuel is not None
    ]
    return sum(known, Decimal(0)) if len(known) == len(fuels) else None


def _emitted(rows: Sequence[InventoryRow], names: Iterable[str]) -> list[InventoryRow]:
    """Emissions of a gas in kg, biogenic ones left out."""
    return [
        row
        for row in rows
        if row.role == "emission" and row.unit == "kg" and row.speaks_of(names) and "biogenic" not in row.words
    ]


def _sum(rows: Iterable[InventoryRow]) -> Decimal:
    return sum((row.amount for row in rows), Decimal(0))


@computing()
def _mistaken_units(rows: Sequence[InventoryRow]) -> list[Finding]:
    """Fuels in kg whose carbon is far from the stated CO2, and near it when they are read as MJ."""
    stated = _sum(_emitted(rows, _CO2))
    total = sum((fuel_co2_kg(row) for row in rows), Decimal(0))
    found: list[Finding] = []
    if not stated or total <= FAR * stated:
        return found
    for row in rows:
        if row.unit == "kg" and fuel_of(row):
            as_mj = total - fuel_co2_kg(row) + fuel_co2_kg(row, as_mj=True)
            if abs(as_mj - stated) <= UNIT_BAND * stated:
                burnt, said = round_places(fuel_co2_kg(row), 0), round_places(stated, 0)
                sentence = (
                    f"This much {row.flow} would make {burnt} kg of CO2, but {said} kg are stated, which is what so "
                    "many MJ make. Were MJ typed as kg?"
                )
                found.append(Finding("fuel_unit", sentence, row.place))
    return found


@computing()
def _more_than_all_carbon(rows: Sequence[InventoryRow], input_kg: Decimal) -> list[Finding]:
    """More CO2 than all that went in could make if it were carbon alone."""
    emitted = _emitted(rows, _CO2)
    burnt_kg = fuel_kg(rows)
    if not emitted or burnt_kg is None:
        return []
    stated, most = _sum(emitted), (input_kg + burnt_kg) * CO2_PER_CARBON
    if not most or stated <= most:
        return []
    said, can = round_places(stated, 0), round_places(most, 0)
    sentence = (
        f"{said} kg of CO2 are stated, but all that went in could make {can} kg at most if it were carbon alone. "
        "Were grams typed as kg?"
    )
    return [Finding("co2_over_carbon", sentence, emitted[0].place)]


@computing()
def _counted_twice(rows: Sequence[InventoryRow]) -> list[Finding]:
    """Stated CO2 that is the one of fuels whose factor counts it already."""
    counted = [row for row in rows if any(one.startswith("fuel.") for one in row.factors)]
    burnt = sum((fuel_co2_kg(row) for row in counted), Decimal(0))
    found: list[Finding] = []
    for row in _emitted(rows, _CO2):
        if burnt and row.factors and abs(row.amount - burnt) <= TWICE_BAND * burnt:
            said = round_places(burnt, 0)
            sentence = (
                f"The factors of the fuels count {said} kg of CO2 already, and this row states nearly as much. Leave "
                "out one of the two, unless a reaction made it."
            )
            found.append(Finding("fuel_counted_twice", sentence, row.place))
    return found


@computing()
def _nitrogen(rows: Sequence[InventoryRow]) -> list[Finding]:
    """N2O in the amounts of NOx; nothing where nitric acid or nitrates are used, which may make it."""
    if any(row.speaks_of(_NITRATE) for row in rows):
        return []
    burnt = max(sum((fuel_co2_kg(row) for row in rows), Decimal(0)), _sum(_emitted(rows, _CO2)))
    return [
        Finding(
            "n2o_like_nox",
            "So much nitrous oxide does not come of burning this fuel. Were nitrogen oxides (NOx) meant?",
            row.place,
        )
        for row in _emitted(rows, _N2O)
        if burnt and row.amount > MOST_N2O * burnt
    ]
