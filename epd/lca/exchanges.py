"""Rows of an inventory as amounts of active substance, and their conversion to the unit of a factor.

`lodestone-rollup/1` step 1 and "Words of the inventory" of algorithms.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from traceability.ledger.errors import RecordError
from traceability.ledger.quantity import parse_quantity
from traceability.material.composition import composition_of_rows, element_masses, parse_rows
from traceability.material.shares import ElementMasses


class Role(StrEnum):
    """What a row is to the step: a constituent stays in the product, an ancillary does not."""

    CONSTITUENT = "constituent"
    ANCILLARY = "ancillary"
    FUEL = "fuel"
    ELECTRICITY = "electricity"
    HEAT = "heat"
    PACKAGING = "packaging"
    WASTE = "waste"
    EMISSION = "emission"
    WATER = "water"


class AmountBasis(StrEnum):
    """How the amount of a row is known."""

    METERED = "metered"
    APPORTIONED = "apportioned"
    ESTIMATED = "estimated"
    DESIGN = "design"


PRIMARY: Final = frozenset({AmountBasis.METERED, AmountBasis.APPORTIONED})
MATERIAL: Final = frozenset({Role.CONSTITUENT, Role.ANCILLARY, Role.PACKAGING})
BEARING: Final = frozenset({Role.CONSTITUENT, Role.ANCILLARY})
"""Rows that bring elements into a step; those of waste and emissions take elements out."""
ENERGY: Final = frozenset({Role.FUEL, Role.ELECTRICITY, Role.HEAT})
CHARACTERISED: Final = frozenset({Role.EMISSION, Role.WATER})
"""Rows whose factor is a characterisation: an indicator that the factor does not name has no effect, it is no gap."""

_RATIOS: Final = {("MJ", "kWh"): (10, 36), ("kWh", "MJ"): (36, 10)}


class InventoryWithheld(RecordError):
    """A field that the computation needs is closed to the reader."""

    code = "inventory_withheld"


class UnitMismatch(RecordError):
    """The unit of a row cannot be converted to the one that is needed."""

    code = "unit_mismatch"


class NotAMass(RecordError):
    """A constituent, ancillary, packaging or element-bearing row whose mass is not known."""

    code = "not_a_mass"


class BadConcentration(RecordError):
    """A concentration that is not a share above 0 and at most 1."""

    code = "bad_concentration"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One row of an inventory, for the whole step."""

    row: int
    flow: str
    role: Role
    amount: Decimal
    unit: str
    amount_basis: AmountBasis
    concentration: Decimal | None = None
    factor_ids: tuple[str, ...] = ()
    compartment: str | None = None
    element_kg: ElementMasses | None = None

    @property
    def active(self) -> Decimal:
        """Amount of active substance in the unit of the row: amount x concentration (step 1)."""
        return self.amount if self.concentration is None else self.amount * self.concentration

    @property
    def active_kg(self) -> Decimal | None:
        """Active kg that count in completeness; None for rows that are no matter (services in t km included)."""
        if self.role not in MATERIAL or self.unit == "tkm":
            return None
        return self.active


def conversion(unit: str, into: str, *, mj_per_kg: Decimal | None = None) -> tuple[Decimal, int]:
    """Multiplier and divisor from one unit to another, so that all multiplications come before one division (step 1).

    kg become MJ or kWh by the net calorific value, where one is known.
    """
    if unit == into:
        return Decimal(1), 1
    if unit == "kg" and mj_per_kg is not None and into in ("MJ", "kWh"):
        multiplier, divisor = (1, 1) if into == "MJ" else _RATIOS["MJ", "kWh"]
        return mj_per_kg * multiplier, divisor
    if (unit, into) not in _RATIOS:
        raise UnitMismatch(
            f"The row is in {unit}, but {into} is needed. State it in {into}, or name a factor per {unit}.",
            unit=unit,
            needed=into,
        )
    multiplier, divisor = _RATIOS[unit, into]
    return Decimal(multiplier), divisor


def parse_exchanges(rows: Sequence[Mapping[str, object]], *, path: str = "") -> tuple[Exchange, ...]:
    """The exchanges of an opened `inventory`, in its order; a row with withheld fields is refused by name."""
    return tuple(_parse_exchange(number, row, f"{path}/{number}") for number, row in enumerate(rows))


def _parse_exchange(number: int, row: Mapping[str, object], path: str) -> Exchange:
    for field in ("flow", "role", "amount", "unit", "basis"):
        if field not in row:
            raise InventoryWithheld(f"{field} of this row is not open to you, so nothing can be computed.", path=path)
    amount = parse_quantity(row["amount"], path=f"{path}/amount")
    exchange = Exchange(
        row=number,
        flow=str(row["flow"]),
        role=Role(str(row["role"])),
        amount=amount,
        unit=str(row["unit"]),
        amount_basis=AmountBasis(str(row["basis"])),
        concentration=_concentration(row, path),
        factor_ids=_texts(row.get("factors")),
        compartment=str(row["compartment"]) if "compartment" in row else None,
        element_kg=_element_kg(row.get("elements"), amount, path),
    )
    if exchange.role in MATERIAL and exchange.unit not in ("kg", "tkm"):
        raise NotAMass("State constituents, ancillaries and packaging in kg.", path=f"{path}/unit")
    if exchange.element_kg is not None and exchange.unit != "kg":
        raise NotAMass("State a row that names its elements in kg.", path=f"{path}/unit")
    return exchange


def _concentration(row: Mapping[str, object], path: str) -> Decimal | None:
    if "concentration" not in row:
        return None
    share = parse_quantity(row["concentration"], path=f"{path}/concentration")
    if not 0 < share <= 1:
        raise BadConcentration("State the active share as a decimal above 0 and at most 1.", path=path)
    return share


def _element_kg(rows: object, amount: Decimal, path: str) -> ElementMasses | None:
    if not isinstance(rows, list):
        return None
    return element_masses(amount, composition_of_rows(parse_rows(rows, path=f"{path}/elements")))


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, list) else ()
