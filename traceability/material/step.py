"""One transform as rows of matter: what bears elements in, out, and stays in process (record-format.md section 5)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Final

from traceability.ledger.errors import RecordError
from traceability.ledger.kinds.lots import ROLES
from traceability.ledger.quantity import computing, parse_quantity
from traceability.material.composition import (
    Composition,
    LotMatter,
    composition_of_rows,
    parse_lot,
    parse_mass,
    parse_rows,
    rows_of,
    word,
)
from traceability.material.elements import species_of
from traceability.material.inventory import InventoryRow, inventory_rows
from traceability.material.uncertainty import counted_sdev_rel_pct, row_u_kg

ROLES_IN: Final = ("constituent", "ancillary")
ROLES_OUT: Final = ("waste", "emission")
KWH_PER: Final = {"kWh": Decimal(1), "MJ": 1 / Decimal("3.6")}
"""kWh in one unit of energy."""
OTHER_STAGE: Final = "other"
"""Stage by which the uncertainty of losses and inventory rows is chosen."""


class InputUnknown(RecordError):
    """The step draws from a lot whose matter was not given."""

    code = "input_unknown"


class ElementsNotHere(RecordError):
    """An inventory row that neither becomes part of a lot nor leaves as waste states contents."""

    code = "elements_not_here"


class ElementsNeedKilograms(RecordError):
    """An inventory row states contents, but is not in kg."""

    code = "elements_need_kg"


class Side(StrEnum):
    """Where a row of matter stands in the balance."""

    INPUT = "input"
    OUTPUT = "output"
    LOSS = "loss"


@dataclass(frozen=True, slots=True)
class MatterRow:
    """Matter that enters or leaves a step; without assay its composition is None."""

    side: Side
    place: str
    """JSON pointer into the body."""
    name: str
    """Urn of the lot, or the name of the flow."""
    stage: str
    mass_kg: Decimal
    composition: Composition | None
    is_waste: bool = False

    @computing()
    def element_kg(self, element: str) -> Decimal:
        """kg of an element in the row, unrounded; 0 where it is not listed."""
        content = (self.composition or {}).get(element)
        return Decimal(0) if content is None else self.mass_kg * content.element_pct / 100

    def u_kg(self, element: str) -> Decimal:
        """Standard uncertainty in kg of the element mass; 0 where the row does not hold the element."""
        content = (self.composition or {}).get(element)
        if content is None or not content.element_pct:
            return Decimal(0)
        sdev_rel_pct = counted_sdev_rel_pct(self.stage, content.written_pct, content.sdev_rel_pct)
        return row_u_kg(self.element_kg(element), sdev_rel_pct)


@dataclass(frozen=True, slots=True)
class Step:
    """A transform with `process`: its steps in order, its rows of matter by name, its change of work in progress."""

    process: tuple[str, ...]
    rows: tuple[MatterRow, ...]
    wip_change_kg: Mapping[str, Decimal]
    """kg by element: above 0 stays in process, below 0 is taken out of it."""
    unstated: Mapping[str, Decimal | None]
    """kg, by place, of constituents whose contents are not stated: what they bear besides rare earths is not known.

    None where it is not in kg or withheld."""
    total_in_kg: Decimal
    """Lots and active reagents."""
    total_out_kg: Decimal
    """Lots, losses and waste; not emissions, which take oxygen from the air."""
    declares_reagents: bool
    electricity_kwh: Decimal | None = None
    """What is stated of it; None where nothing is."""
    inventory: tuple[InventoryRow, ...] = ()
    lots_in_kg: Mapping[str, Decimal] = field(default_factory=dict)
    """kg of the input lots, by stage."""
    made_kg: Decimal = Decimal(0)
    """kg of the output lots that are no waste."""

    def on(self, side: Side) -> tuple[MatterRow, ...]:
        """The rows of one side, by name."""
        return tuple(row for row in self.rows if row.side is side)


def parse_step(body: Mapping[str, object], process: Sequence[str], drawn: Mapping[str, LotMatter]) -> Step:
    """The step of an opened `lot.transform` body; `drawn` gives each input lot with what may be drawn of it."""
    inventory = rows_of(body, "inventory", "")
    in_kg = [row for row in inventory if row.get("unit") == "kg"]
    inputs, outputs, losses = tuple(_inputs(body, drawn)), tuple(_outputs(body)), tuple(_losses(body))
    return Step(
        process=tuple(process),
        rows=tuple(sorted((*inputs, *outputs, *losses, *_bearing(inventory)), key=lambda row: row.name)),
        wip_change_kg=_wip_change(body),
        unstated=unstated_of(inventory),
        total_in_kg=_total_kg(inputs, in_kg, ROLES_IN),
        total_out_kg=_total_kg((*outputs, *losses), in_kg, ("waste",)),
        declares_reagents=any(row.get("role") in ROLES_IN for row in in_kg),
        electricity_kwh=_electricity_kwh(inventory),
        inventory=inventory_rows(inventory),
        lots_in_kg={
            stage: _total_kg([row for row in inputs if row.stage == stage], (), ())
            for stage in sorted({row.stage for row in inputs})
        },
        made_kg=_total_kg([row for row in outputs if not row.is_waste], (), ()),
    )


def unstated_of(inventory: Iterable[Mapping[str, object]]) -> Mapping[str, Decimal | None]:
    """Step.unstated of all rows of an inventory, also of those whose amounts are withheld."""
    return {
        f"/inventory/{number}": parse_quantity(row["amount"]) if row.get("unit") == "kg" and "amount" in row else None
        for number, row in enumerate(inventory)
        if row.get("role") == "constituent" and "elements" not in row
    }


@computing()
def _electricity_kwh(inventory: Iterable[Mapping[str, object]]) -> Decimal | None:
    rows = [row for row in inventory if row.get("role") == "electricity" and row.get("unit") in KWH_PER]
    if not rows:
        return None
    stated = (parse_quantity(row.get("amount")) * KWH_PER[str(row["unit"])] for row in rows)
    return sum(stated, Decimal(0))


def _inputs(body: Mapping[str, object], drawn: Mapping[str, LotMatter]) -> Iterable[MatterRow]:
    for number, row in enumerate(rows_of(body, "inputs", "")):
        place = f"/inputs/{number}"
        lot = drawn.get(word(row, "lot", place))
        if lot is None:
            raise InputUnknown("Name a lot of the record as input.", path=f"{place}/lot")
        mass_kg = parse_mass(row.get("mass_kg"), path=f"{place}/mass_kg")
        yield MatterRow(Side.INPUT, place, lot.lot, lot.stage, mass_kg, lot.composition)


def _outputs(body: Mapping[str, object]) -> Iterable[MatterRow]:
    for number, row in enumerate(rows_of(body, "outputs", "")):
        place = f"/outputs/{number}"
        lot = parse_lot(row, path=place)
        is_waste = row.get("class") == "waste"
        yield MatterRow(Side.OUTPUT, place, lot.lot, lot.stage, lot.mass_kg, lot.composition, is_waste)


def _losses(body: Mapping[str, object]) -> Iterable[MatterRow]:
    for number, row in enumerate(rows_of(body, "losses", "")):
        place = f"/losses/{number}"
        mass_kg = parse_mass(row.get("mass_kg"), path=f"{place}/mass_kg")
        yield MatterRow(
            Side.LOSS, place, word(row, "kind", place), OTHER_STAGE, mass_kg, _stated_contents(row, place) or {}
        )


def _bearing(inventory: Sequence[Mapping[str, object]]) -> Iterable[MatterRow]:
    for number, row in enumerate(inventory):
        place = f"/inventory/{number}"
        composition = _stated_contents(row, place)
        if composition is None:
            continue
        role = word(row, "role", place, among=ROLES)
        if role not in ROLES_IN + ROLES_OUT:
            raise ElementsNotHere(f"Leave the contents of {role} rows out.", path=f"{place}/elements")
        if row.get("unit") != "kg":
            raise ElementsNeedKilograms("State the amount of a row with contents in kg.", path=f"{place}/unit")
        side = Side.INPUT if role in ROLES_IN else Side.LOSS
        amount_kg = parse_quantity(row.get("amount"), path=f"{place}/amount")
        yield MatterRow(side, place, word(row, "flow", place), OTHER_STAGE, amount_kg, composition)


def _stated_contents(row: Mapping[str, object], place: str) -> Composition | None:
    if "elements" not in row:
        return None
    return composition_of_rows(parse_rows(rows_of(row, "elements", place), path=f"{place}/elements"))


@computing()
def _wip_change(body: Mapping[str, object]) -> Mapping[str, Decimal]:
    found: dict[str, Decimal] = {}
    for number, row in enumerate(rows_of(body, "wip_change", "")):
        place = f"/wip_change/{number}"
        species = species_of(word(row, "species", place), path=f"{place}/species")
        mass_kg = parse_quantity(row.get("mass_kg"), negative=True, path=f"{place}/mass_kg")
        found[species.element] = found.get(species.element, Decimal(0)) + mass_kg * species.element_per_kg
    return found


@computing()
def _total_kg(rows: Iterable[MatterRow], inventory: Iterable[Mapping[str, object]], roles: tuple[str, ...]) -> Decimal:
    """kg of the rows and of the active matter (amount x concentration) of the inventory rows with these roles."""
    active_kg = (
        parse_quantity(row.get("amount")) * parse_quantity(row.get("concentration", "1"))
        for row in inventory
        if row.get("role") in roles
    )
    return sum((row.mass_kg for row in rows), Decimal(0)) + sum(active_kg, Decimal(0))
