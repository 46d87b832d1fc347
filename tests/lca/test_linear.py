"""What is rolled up beside the indicators, what is open of it, and what holds for every step."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epd.lca.bodies import result_from_body, result_to_body
from epd.lca.exchanges import Role
from epd.lca.factors import factor_set
from epd.lca.indicators import HEADLINE, INDICATORS, Basis, LifeCycleModule
from epd.lca.inputs import DeclarationSource, ResultSource, Step, StepInput
from epd.lca.result import value_key, written
from epd.lca.rollup import recompute, roll_up
from tests.lca.example import (
    FACTORS,
    ORE,
    OXIDE,
    SCRAP,
    factor,
    first_result,
    first_step,
    outputs,
    receipt,
    row,
    second_step,
)
from traceability.ledger.quantity import computing, format_computed


class TestDetail:
    def test_supplier_s_causes_stay_his(self):
        found = roll_up(second_step(), FACTORS).results[SCRAP].bases[Basis.MASS]

        assert set(found.family("cause")) == {"upstream", "transport", "constituents"}
        assert set(found.family("use")) == {"iron", "road", "road-supply"}
        assert found.family("cause")["upstream"] == found.per_kg["rest",] == Decimal("1.3392")

    def test_causes_that_the_supplier_opened_are_taken_over(self):
        drawn = replace(second_step().inputs[0], source=ResultSource(first_result(), detail_open=True))

        found = roll_up(second_step(inputs=(drawn,)), FACTORS).results[SCRAP].bases[Basis.MASS]

        assert "upstream" not in found.family("cause")
        assert found.family("use")["grid"] == Decimal("1.2")
        assert found.family("country")["US"] == Decimal("1.3392")

    def test_declaration_stands_under_one_cause(self):
        drawn = replace(second_step().inputs[0], source=DeclarationSource(first_result()))

        found = roll_up(second_step(inputs=(drawn,)), FACTORS).results[SCRAP].bases[Basis.MASS]

        assert found.family("cause")["declared_inputs"] == Decimal("1.3392")

    def test_figures_do_not_depend_on_what_is_open(self):
        opened = replace(second_step().inputs[0], source=ResultSource(first_result(), detail_open=True))

        with_detail = roll_up(second_step(inputs=(opened,)), FACTORS).results[SCRAP]
        without = roll_up(second_step(), FACTORS).results[SCRAP]

        assert with_detail.without_detail() == without.without_detail()

    def test_kinds_and_vintages_of_the_headline(self):
        found = first_result().bases[Basis.MASS]

        assert found.family("kind") == {
            "primary": Decimal("1.116"),
            "illustrative": Decimal("0.2"),
            "second_hand": Decimal("0.15"),
        }
        assert found.family("vintage") == {"AR6": Decimal("1.08"), "AR5": Decimal("0.036")}
        assert first_result().flags == ("mixed_gwp_vintages",)
        assert found.family("quality") == {
            "weight": Decimal("1.116"),
            "te": Decimal("2.232"),
            "ge": Decimal("3.348"),
            "ti": Decimal("1.116"),
        }

    def test_twenty_factors_are_listed_and_the_rest_is_summed(self):

        many = factor_set("many", "1", [factor(f"f{n:02}", "kg", {"gwp_ghg": str(n)}) for n in range(30)])
        used = tuple(row(n, f"flow {n}", Role.ANCILLARY, "100", "kg", f"f{n:02}") for n in range(30))
        step = replace(first_step(), exchanges=used)

        found = roll_up(step, many).results[OXIDE].bases[Basis.MASS]

        assert set(found.family("use")) == {f"f{n:02}" for n in range(10, 30)}
        assert found.per_kg["rest",] == sum(range(10))
        assert sum(found.family("use_gwp").values()) + found.per_kg["rest",] == found.counted(HEADLINE)


masses = st.decimals("0.001", "100000", places=3)
amounts = st.decimals("0", "100000", places=3)


@st.composite
def steps(draw: Any) -> Step:
    source, receipts = ResultSource(first_result()), st.sampled_from([None, receipt()])
    lots = [f"{ORE[:-2]}{n:02}" for n in range(20)]
    drawn = tuple(StepInput(lot, draw(masses), source, draw(receipts)) for lot in lots[: draw(st.integers(0, 4))])
    made = tuple(
        replace(outputs()[n % 2], lot=lots[n + 10], mass_kg=draw(masses)) for n in range(draw(st.integers(1, 4)))
    )
    inventory = tuple(
        row(n, f"flow {n}", Role.ANCILLARY, str(draw(amounts)), "kg", draw(st.sampled_from(["iron", "oxide-data"])))
        for n in range(draw(st.integers(0, 4)))
    )
    return Step(drawn, made, inventory)


class TestInvariants:
    @given(steps())
    @computing()
    def test_outputs_together_carry_the_whole(self, step):
        solved = roll_up(step, FACTORS)

        for basis, sums in solved.sums.items():
            for indicator in INDICATORS:
                for module in LifeCycleModule:
                    whole = sums.get(value_key(indicator, module), Decimal(0))
                    parts = sum(
                        output.mass_kg * (solved.results[output.lot].bases[basis].value(indicator, module) or 0)
                        for output in step.outputs
                    )
                    assert abs(parts - whole) <= abs(whole) * Decimal("1e-11")

    @given(steps())
    def test_order_of_inputs_and_outputs_does_not_matter(self, step):
        turned = replace(step, inputs=step.inputs[::-1], outputs=step.outputs[::-1])

        assert recompute(turned, FACTORS) == recompute(step, FACTORS)

    @given(steps())
    def test_every_result_is_read_as_it_was_written(self, step):
        for result in recompute(step, FACTORS).values():
            body = result_to_body(result)

            assert result_from_body(body) == result
            assert result_to_body(result_from_body(body)) == body


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0.1234567890125", "0.123456789012"),
        ("123456789012.5", "123456789012"),
        ("-0.00000000000000000000000000123456789012345", "-0.00000000000000000000000000123456789"),
        ("1e-40", "0"),
    ],
)
def test_twelve_digits_and_what_the_record_holds(value, text):
    assert format_computed(written(Decimal(value))) == text
