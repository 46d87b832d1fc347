"""Rows of an inventory, receipts and outputs out of opened bodies."""

from decimal import Decimal
from typing import Any

import pytest

from epd.lca.exchanges import (
    AmountBasis,
    BadConcentration,
    InventoryWithheld,
    NotAMass,
    Role,
    UnitMismatch,
    conversion,
    parse_exchanges,
)
from epd.lca.inputs import parse_receipt
from traceability.ledger.errors import RecordError

ROW: dict[str, Any] = {
    "flow": "hydrochloric acid",
    "role": "ancillary",
    "amount": "20",
    "unit": "kg",
    "concentration": "0.35",
    "factors": ["reagent.hydrochloric-acid.uslci"],
    "basis": "metered",
}


class TestRows:
    def test_one_row(self):
        (exchange,) = parse_exchanges([ROW])

        assert (exchange.role, exchange.amount_basis) == (Role.ANCILLARY, AmountBasis.METERED)
        assert exchange.active == exchange.active_kg == 7
        assert exchange.factor_ids == ("reagent.hydrochloric-acid.uslci",)

    def test_elements_are_of_the_amount_as_stated(self):
        (exchange,) = parse_exchanges([ROW | {"elements": [{"species": "Nd2O3", "content_pct": "50"}]}])

        assert exchange.element_kg == {"Nd": Decimal("8.57356")}

    @pytest.mark.parametrize("field", ["flow", "role", "amount", "unit", "basis"])
    def test_withheld_field_is_named(self, field):
        with pytest.raises(InventoryWithheld) as caught:
            parse_exchanges([ROW, {name: value for name, value in ROW.items() if name != field}], path="/inventory")

        assert caught.value.path == "/inventory/1"
        assert field in caught.value.sentence

    @pytest.mark.parametrize(
        ("change", "error"),
        [
            ({"concentration": "0"}, BadConcentration),
            ({"concentration": "1.1"}, BadConcentration),
            ({"unit": "m3"}, NotAMass),
            ({"role": "waste", "unit": "m3", "elements": [{"species": "Nd", "content_pct": "1"}]}, NotAMass),
            ({"amount": "1e3"}, RecordError),
            ({"amount": "-1"}, RecordError),
            ({"elements": [{"species": "Xx", "content_pct": "1"}]}, RecordError),
        ],
    )
    def test_refused(self, change, error):
        with pytest.raises(error):
            parse_exchanges([ROW | change])


class TestConversion:
    @pytest.mark.parametrize(
        ("unit", "into", "of_36"),
        [("MJ", "kWh", "10"), ("kWh", "MJ", "129.6"), ("kg", "kg", "36"), ("tkm", "tkm", "36")],
    )
    def test_integer_pairs(self, unit, into, of_36):
        multiplier, divisor = conversion(unit, into)

        assert 36 * multiplier / divisor == Decimal(of_36)

    def test_fuel_by_its_calorific_value(self):
        multiplier, divisor = conversion("kg", "kWh", mj_per_kg=Decimal(48))

        assert 3 * multiplier / divisor == 40

    @pytest.mark.parametrize(("unit", "into"), [("kg", "MJ"), ("m3", "kg"), ("kWh", "kg"), ("kg", "tkm")])
    def test_nothing_else(self, unit, into):
        with pytest.raises(UnitMismatch):
            conversion(unit, into)


def test_receipt_of_an_opened_body():
    body = {"legs": [{"mode": "road", "distance_km": "950", "factors": ["a", "b"]}], "moisture_pct": "6"}

    receipt = parse_receipt(body, Decimal("122168.022"))

    (leg,) = receipt.legs
    assert (leg.mode, leg.distance_km, leg.factor_ids) == ("road", Decimal(950), ("a", "b"))
    assert (receipt.packaging_kg, receipt.moisture_pct) == (Decimal(0), Decimal(6))
    assert parse_receipt({}, Decimal(1)).legs == ()
