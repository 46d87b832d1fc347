"""`lodestone-allocation/1`, on own cases and on the published cases of openLCA."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epd.demo import demonstration
from epd.lca.allocation import (
    Choice,
    MixedCurrencies,
    Output,
    OutputClass,
    OutputTwice,
    OutputWithheld,
    ZeroWeight,
    choice,
    parse_outputs,
    printed_shares,
    weights,
)
from epd.lca.exchanges import Role
from epd.lca.indicators import HEADLINE, Basis
from epd.lca.inputs import ResultSource, Step, StepInput
from epd.lca.rollup import roll_up
from tests.lca.example import FACTORS, OXIDE, REST, SCRAP, outputs, price, row
from tests.standards import standards_path
from traceability.ledger.quantity import format_computed

TWO = outputs()


def weighed(made: Sequence[Output], basis: Basis, **more: bool) -> dict[str, str]:
    """The weights as strings; empty where the basis has none."""
    return {lot: format_computed(weight) for lot, weight in (weights(made, basis, **more) or {}).items()}


def shared(made: Sequence[Output], basis: Basis) -> dict[str, str]:
    return {lot: format_computed(share) for lot, share in printed_shares(weights(made, basis) or {}).items()}


class TestWeights:
    def test_by_mass_and_by_value(self):
        assert weighed(TWO, Basis.MASS) == {OXIDE: "60", REST: "40"}
        assert weighed(TWO, Basis.ECONOMIC) == {OXIDE: "1800", REST: "200"}

    def test_split_weighs_dry_kg_in_both_chains(self):
        assert weighed(TWO, Basis.ECONOMIC, conserving=True) == {OXIDE: "60", REST: "40"}

    def test_one_output_weighs_one(self):
        alone = (TWO[0], replace(TWO[1], output_class=OutputClass.SECONDARY))

        assert weighed(alone, Basis.MASS) == weighed(alone, Basis.ECONOMIC) == {OXIDE: "1"}

    def test_missing_price_gives_no_weight_at_all(self):
        assert weights((TWO[0], replace(TWO[1], price=None)), Basis.ECONOMIC) is None

    def test_prices_stand_in_one_currency(self):
        with pytest.raises(MixedCurrencies):
            weights((TWO[0], replace(TWO[1], price=price("5", "EUR"))), Basis.ECONOMIC)

    def test_nothing_is_not_divided(self):
        worthless = tuple(replace(output, price=price("0")) for output in TWO)

        with pytest.raises(ZeroWeight):
            weights(worthless, Basis.ECONOMIC)


class TestChoice:
    @pytest.mark.parametrize(
        ("low", "found"), [("22.5", Choice.PHYSICAL), ("22.49", Choice.ECONOMIC), ("0", Choice.ECONOMIC)]
    )
    def test_up_to_a_quarter_is_physical(self, low, found):
        assert choice((TWO[0], replace(TWO[1], price=price(low)))) is found

    def test_where_there_is_nothing_to_choose(self):
        assert choice(TWO[:1]) is Choice.ONE_OUTPUT
        assert choice((TWO[0], replace(TWO[1], price=None))) is Choice.NO_PRICES

    def test_price_of_one_month_is_a_spot_price(self):
        assert price("1", period="2026-06").is_spot
        assert not price("1").is_spot
        spot = tuple(replace(output, price=price("1", period="2026-06")) for output in TWO)

        assert "spot_price" in roll_up(Step((), spot), FACTORS).results[OXIDE].flags
        assert "spot_price" not in roll_up(Step((), spot[:1]), FACTORS).results[OXIDE].flags


class TestPrintedShares:
    def test_separation_of_the_demonstration(self):
        (separation,) = (act for act in demonstration().acts if act.key == "EV-02")
        made = tuple(
            Output(row["lot"], Decimal(row["mass_kg"]), OutputClass(row["class"]), price(row["price"]["value_per_kg"]))
            for row in separation.body["outputs"]  # type: ignore[attr-defined]
        )

        assert shared(made, Basis.ECONOMIC) == {
            "OX-NDPR-MP": "0.932332306499",
            "OX-LACE-MP": "0.05944457239",
            "CON-SEG-MP": "0.008223121111",
        }
        assert shared(made, Basis.MASS) == {
            "OX-NDPR-MP": "0.171319433704",
            "OX-LACE-MP": "0.819236639743",
            "CON-SEG-MP": "0.009443926553",
        }
        assert choice(made) is Choice.ECONOMIC

    def test_greatest_urn_takes_the_rest_of_a_tie(self):
        third = {"a": Decimal(1), "b": Decimal(1), "c": Decimal(1)}

        assert printed_shares(third)["c"] == Decimal("0.333333333334")

    @given(st.dictionaries(st.text("abc", min_size=1), st.decimals("0.001", "1e6", places=3), min_size=1, max_size=9))
    def test_they_sum_to_one(self, weight_of):
        assert sum(printed_shares(weight_of).values()) == 1


class TestParsing:
    BODY = {"lot": OXIDE, "material": "oxide", "stage": "oxide", "mass_kg": "60", "class": "product"}

    def test_outputs_stand_by_urn(self):
        assert [o.lot for o in parse_outputs([self.BODY | {"lot": REST}, self.BODY])] == [OXIDE, REST]

    def test_one_lot_leaves_once(self):
        with pytest.raises(OutputTwice):
            parse_outputs([self.BODY, self.BODY])

    def test_withheld_mass_is_named(self):
        with pytest.raises(OutputWithheld) as caught:
            parse_outputs([{name: value for name, value in self.BODY.items() if name != "mass_kg"}])

        assert caught.value.path == "/0"


def assert_close(found: Mapping[str, str], expected: Mapping[str, float]) -> None:
    assert found.keys() == expected.keys()
    assert all(float(found[name]) == pytest.approx(expected[name], abs=1e-12) for name in expected)


def foreign(case: str) -> Any:
    cases = json.loads(standards_path("lca/tv_lca_matrix.json").read_text(encoding="utf-8"))
    return next(found for found in cases if found["id"] == case)


class TestForeignCases:
    """Numbers of the tests of openLCA: their processes, our step."""

    def test_physical(self):
        case = foreign("olca_allocation_physical")
        made = (Output("p1", Decimal(1)), Output("p2", Decimal(3), OutputClass.CO_PRODUCT))
        step = Step((), made, (row(0, "CO2", Role.EMISSION, "2", "kg", "co2", compartment="air"),))

        found = roll_up(step, FACTORS).results["p1"].headline(Basis.MASS)

        assert found == Decimal(str(case["expected"]["CO2_per_p1"]))

    def test_mass_property(self):
        case = foreign("olca_allocation_mass_property")
        # 255 items of 500 x 0.001 / 0.8 kg beside 200 kg.
        made = (Output("product", Decimal(255) * 500 / 800), Output("waste", Decimal(200), OutputClass.CO_PRODUCT))

        assert_close(shared(made, Basis.MASS), case["expected"])

    def test_currency(self):
        case = foreign("olca_allocation_economic")
        made = (
            Output("product", Decimal(1), price=price("24")),  # 20 in a currency worth 1.2
            Output("waste", Decimal(1), OutputClass.CO_PRODUCT, price("10")),
        )

        assert_close(shared(made, Basis.ECONOMIC), case["expected"])

    def test_contribution_tree(self):
        case = foreign("olca_contribution_tree")

        def made(lot, amount):
            step = Step(
                (), (Output(lot, Decimal(1)),), (row(0, "e", Role.EMISSION, amount, "kg", "co2", compartment="air"),)
            )
            return roll_up(step, FACTORS).results[lot]

        children = [made(lot, str(direct)) for lot, direct in zip((OXIDE, REST), case["B"][0][1:], strict=True)]
        inputs = tuple(StepInput(child.lot, Decimal(1), ResultSource(child)) for child in children)
        root = roll_up(Step(inputs, (Output(SCRAP, Decimal(1)),)), FACTORS).results[SCRAP]

        assert [child.headline(Basis.MASS) for child in children] == case["expected"]["children"]
        assert root.bases[Basis.MASS].counted(HEADLINE) == case["expected"]["root"]
