"""Units that people weigh and meter in, to the units of the record, by exact factors."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from traceability.intake.numbers import THIN, NumberStyle, read_number, shown
from traceability.ledger.errors import RecordError
from traceability.ledger.quantity import computing, round_places

ROUNDED_PLACES: Final = 6
"""Decimals that a conversion from pounds or miles keeps."""


class UnknownUnit(RecordError):
    """The unit is none of those that this field takes."""

    code = "unknown_unit"


class UnitTwice(RecordError):
    """The text ends with another unit than the one chosen beside it."""

    code = "unit_twice"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as people write it, and how many units of the record one of it is."""

    symbol: str
    record_unit: str
    factor: Decimal
    words: tuple[str, ...] = ()
    is_decimal: bool = True
    """Whether conversion only moves the decimal point; else the result is rounded."""


def _unit(symbol: str, record_unit: str, factor: str, *words: str, is_decimal: bool = True) -> Unit:
    return Unit(symbol, record_unit, Decimal(factor), words, is_decimal)


MASS: Final = (
    _unit("kg", "kg", "1"),
    _unit("t", "kg", "1000", "tonne", "tonnes"),
    _unit("g", "kg", "0.001"),
    _unit("lb", "kg", "0.45359237", "lbs", is_decimal=False),
)
ENERGY: Final = (
    _unit("MJ", "MJ", "1"),
    _unit("GJ", "MJ", "1000"),
    _unit("kWh", "kWh", "1"),
    _unit("MWh", "kWh", "1000"),
)
VOLUME: Final = (
    _unit("m3", "m3", "1", "m³"),
    _unit("l", "m3", "0.001", "litre", "litres", "liter", "liters"),
)
TRANSPORT: Final = (_unit("tkm", "tkm", "1"),)
DISTANCE: Final = (_unit("km", "km", "1"), _unit("mi", "km", "1.609344", "mile", "miles", is_decimal=False))
PERCENT: Final = (_unit("%", "%", "1"),)
SHARE: Final = (_unit("", "", "1"), _unit("%", "", "0.01"))
INVENTORY: Final = (*MASS, *ENERGY, *VOLUME, *TRANSPORT)

_NUMBER_AND_UNIT: Final = re.compile(r"(.*?[0-9])?\s*((?:[mM][³3]|[^\W\d_]+|%)?)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Amount:
    """A typed amount: the number as it was read, its unit, and the value in the unit of the record."""

    number: Decimal
    unit: Unit
    value: Decimal

    def shown(self, style: NumberStyle) -> str:
        """The amount as it was understood, in both units where they differ."""
        typed = _with_unit(self.number, self.unit.symbol, style)
        if self.unit.symbol == self.unit.record_unit:
            return typed
        return f"{typed} = {_with_unit(self.value, self.unit.record_unit, style)}"


def _with_unit(number: Decimal, symbol: str, style: NumberStyle) -> str:
    return f"{shown(number, style)}{THIN if symbol else ''}{symbol}"


def read_amount(text: str, units: tuple[Unit, ...], style: NumberStyle, *, chosen: str = "") -> Amount:
    """The amount of a typed text; its unit stands behind the number, or was chosen beside it, or is the first."""
    number_text, unit_text = split_unit(text)
    number = read_number(number_text, style)
    unit = unit_of(unit_text or chosen, units) if unit_text or chosen else units[0]
    if unit_text and chosen and unit != unit_of(chosen, units):
        raise UnitTwice(f"The text says {unit.symbol}, but {chosen} was chosen. Keep one of them.")
    return Amount(number, unit, _converted(number, unit))


def split_unit(text: str) -> tuple[str, str]:
    """The number and the unit of a typed text, either of which may be empty."""
    match = _NUMBER_AND_UNIT.fullmatch(text.strip())
    return (match[1] or "", match[2]) if match else (text, "")


def unit_of(text: str, units: tuple[Unit, ...]) -> Unit:
    """The unit of that name; capitals do not matter, as no two units here differ only by them."""
    found = _by_word(units).get(text.strip().casefold())
    if found is None:
        allowed = ", ".join(unit.symbol for unit in units if unit.symbol)
        raise UnknownUnit(f"Use one of these units: {allowed}.")
    return found


def _by_word(units: tuple[Unit, ...]) -> Mapping[str, Unit]:
    return {word.casefold(): unit for unit in units for word in (unit.symbol, *unit.words)}


@computing()
def _converted(number: Decimal, unit: Unit) -> Decimal:
    value = number * unit.factor
    return value if unit.is_decimal else round_places(value, ROUNDED_PLACES)
