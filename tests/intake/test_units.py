"""Units: exact factors, the unit behind or beside the number, and what was understood."""

from decimal import Decimal

import pytest

from traceability.intake.numbers import NotANumber, NumberStyle
from traceability.intake.units import DISTANCE, ENERGY, INVENTORY, MASS, UnitTwice, UnknownUnit, read_amount

POINT = NumberStyle.POINT


@pytest.mark.parametrize(
    ("typed", "units", "value", "unit"),
    [
        ("12.5", MASS, "12.5", "kg"),
        ("12.5 kg", MASS, "12.5", "kg"),
        ("12.5t", MASS, "12500", "kg"),
        ("2 tonnes", MASS, "2000", "kg"),
        ("250 g", MASS, "0.25", "kg"),
        ("28 lb", MASS, "12.700586", "kg"),
        ("28 LBS", MASS, "12.700586", "kg"),
        ("35 MWh", ENERGY, "35000", "kWh"),
        ("2.5 GJ", ENERGY, "2500", "MJ"),
        ("900 m3", INVENTORY, "900", "m3"),
        ("900 m³", INVENTORY, "900", "m3"),
        ("40 l", INVENTORY, "0.04", "m3"),
        ("4300 km", DISTANCE, "4300", "km"),
        ("10 mi", DISTANCE, "16.09344", "km"),
    ],
)
def test_amounts_in_the_unit_of_the_record(typed, units, value, unit):
    amount = read_amount(typed, units, POINT)
    assert (amount.value, amount.unit.record_unit) == (Decimal(value), unit)


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("12878.168", "12\u202f878.168\u202fkg"),
        ("12.878168 t", "12.878168\u202ft = 12\u202f878.168\u202fkg"),
        ("28 lb", "28\u202flb = 12.700586\u202fkg"),
    ],
)
def test_what_was_understood_shows_both_units(typed, understood):
    assert read_amount(typed, MASS, POINT).shown(POINT) == understood


def test_a_unit_chosen_beside_the_number_counts_and_must_not_contradict_it():
    assert read_amount("3", MASS, POINT, chosen="t").value == 3000
    assert read_amount("3 t", MASS, POINT, chosen="t").value == 3000
    with pytest.raises(UnitTwice):
        read_amount("3 t", MASS, POINT, chosen="kg")


@pytest.mark.parametrize("typed", ["3 ton", "3 mg", "3 Mg", "3 oz", "3 kWh", "3 %"])
def test_an_unclear_or_foreign_unit_is_refused(typed):
    with pytest.raises(UnknownUnit) as refusal:
        read_amount(typed, MASS, POINT)
    assert refusal.value.sentence == "Use one of these units: kg, t, g, lb."


@pytest.mark.parametrize("typed", ["kg", "", "1 2 kg", "3 kg kg", "kg 3", "1e3", "1E3 kg"])
def test_a_unit_does_not_make_a_number(typed):
    with pytest.raises(NotANumber):
        read_amount(typed, MASS, POINT)


def test_mass_factors_are_exact():
    assert {unit.symbol: unit.factor for unit in MASS} == {
        "kg": 1,
        "t": 1000,
        "g": Decimal("0.001"),
        "lb": Decimal("0.45359237"),
    }
