"""`lodestone-completeness/1`, and what a profile makes of it."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from epd.lca.bodies import figures_to_body, result_from_body
from epd.lca.completeness import completeness
from epd.lca.exchanges import Role
from epd.lca.indicators import HEADLINE, Basis, LifeCycleModule
from epd.lca.inputs import ResultSource, StepInput, Uncovered
from epd.lca.result import LotResult, Reason
from epd.lca.rollup import roll_up
from epd.rules.declared import Cell, WrongElectricityModule, cells, declared
from epd.rules.profiles import INTERNATIONAL_EPD_DEFAULT, UnknownProfile, profile_of
from tests.lca.demo_run import run
from tests.lca.example import FACTORS, ORE, OXIDE, SCRAP, first_step, row, rows, second_step

PROFILE = INTERNATIONAL_EPD_DEFAULT


def solved(*more: Any, **changes: Any) -> LotResult:
    return roll_up(replace(first_step(), exchanges=(*rows(), *more), **changes), FACTORS).results[OXIDE]


def covered(result: LotResult) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    found = completeness(result, Basis.MASS, HEADLINE)
    assert found is not None
    return found.mass, found.energy, found.gap.mass, found.gap.energy


def headline(result: LotResult, basis: Basis = Basis.MASS) -> Cell:
    return next(cell for cell in cells(result, PROFILE) if (cell.basis, cell.indicator) == (basis, HEADLINE))


class TestSums:
    def test_active_matter_and_energy(self):
        found = solved().bases[Basis.MASS]

        assert found.per_kg["mass_total",] == Decimal("0.2")  # 20 kg at 50 % and 10 kg iron, by 100 kg
        assert found.per_kg["energy_total",] == Decimal("7.2")  # 100 kWh x 3.6 and 360 MJ

    def test_row_with_two_factors_counts_once(self):
        assert solved().bases[Basis.MASS].per_kg["energy_covered", HEADLINE] == Decimal("7.2")

    @pytest.mark.parametrize("role", [Role.WATER, Role.WASTE, Role.EMISSION])
    def test_what_is_not_counted(self, role):
        assert covered(solved(row(5, "something", role, "1000", "kg"))) == covered(solved())

    def test_service_in_tonne_kilometres_is_no_matter(self):
        assert covered(solved(row(5, "own transport", Role.ANCILLARY, "1000", "tkm"))) == covered(solved())

    def test_one_factor_of_two_without_value_is_no_cover(self):
        found = solved(row(5, "fuel oil", Role.FUEL, "360", "MJ", "gas", "oil-supply"))

        assert found.bases[Basis.MASS].per_kg["energy_covered", HEADLINE] == Decimal("7.2")
        assert found.bases[Basis.MASS].per_kg["energy_total",] == Decimal("10.8")

    def test_of_nothing_all_is_covered(self):
        nothing = roll_up(replace(first_step(), exchanges=()), FACTORS).results[OXIDE]

        assert covered(nothing) == tuple(map(Decimal, (1, 1, 0, 0)))

    def test_ratios_have_six_decimals(self):
        assert covered(solved(row(5, "collector", Role.ANCILLARY, "1", "kg")))[0] == Decimal("0.952381")

    def test_figure_without_value_has_no_completeness(self):
        assert completeness(solved(), Basis.MASS, "odp") is None


class TestGap:
    def test_row_without_factor_and_reason(self):
        assert covered(solved(row(5, "collector", Role.ANCILLARY, "5", "kg")))[2] == Decimal("0.2")

    def test_reason_closes_the_gap_but_covers_nothing(self):
        justified = solved(row(5, "collector", Role.ANCILLARY, "5", "kg"), exclusions={"collector": "no factor"})

        assert covered(justified)[:3] == (Decimal("0.8"), Decimal(1), Decimal(0))

    def test_worst_step_is_carried_on(self):
        upstream = solved(row(5, "collector", Role.ANCILLARY, "5", "kg"))
        step = second_step(inputs=(StepInput(OXIDE, Decimal(1), ResultSource(upstream)),))

        assert covered(roll_up(step, FACTORS).results[SCRAP])[2] == Decimal("0.2")


class TestDeclared:
    def test_complete_headline(self):
        cell = headline(solved())

        assert cell.is_declared
        assert cell.a1_a3 == Decimal("1.116")
        assert cell.modules == {
            LifeCycleModule.A1: Decimal("0.2"),
            LifeCycleModule.A2: 0,
            LifeCycleModule.A3: Decimal("0.916"),
        }
        assert cell.partial_sum is None

    @pytest.mark.parametrize(
        ("more", "changes", "reasons"),
        [
            (row(5, "x", Role.ANCILLARY, "5", "kg"), {"exclusions": {"x": "why"}}, (Reason.MASS_BELOW_THRESHOLD,)),
            (row(5, "x", Role.HEAT, "400", "MJ"), {"exclusions": {"x": "why"}}, (Reason.ENERGY_BELOW_THRESHOLD,)),
            (row(5, "x", Role.ANCILLARY, "0.5", "kg"), {}, (Reason.STEP_NOT_COVERED,)),
            (row(5, "x", Role.ANCILLARY, "0.2", "kg"), {}, ()),
            (
                row(5, "x", Role.ANCILLARY, "5", "kg"),
                {},
                (Reason.MASS_BELOW_THRESHOLD, Reason.STEP_NOT_COVERED),
            ),
        ],
    )
    def test_reasons_against(self, more, changes, reasons):
        cell = headline(solved(more, **changes))

        assert cell.reasons == reasons
        assert (cell.a1_a3 is None) == bool(reasons)
        assert (cell.partial_sum == Decimal("1.116")) == bool(reasons)

    def test_unknown_input(self):
        result = roll_up(second_step(inputs=(StepInput(ORE, Decimal("0.001"), Uncovered()),)), FACTORS).results[SCRAP]

        assert headline(result).reasons == (Reason.PARTIAL, Reason.MISSING_UPSTREAM)

    def test_indicator_without_value_says_why(self):
        without = {cell.indicator: cell.reasons for cell in cells(solved(), PROFILE) if cell.basis is Basis.MASS}

        assert without["odp"] == (Reason.NO_FACTOR,)
        assert without["ap"][0] is Reason.PARTIAL

    def test_basis_without_value_says_why(self):
        first, second = first_step().outputs
        result = solved(outputs=(first, replace(second, price=None)))

        assert headline(result, Basis.ECONOMIC).reasons == (Reason.NO_PRICE,)
        assert [row.indicator for row in declared(result, PROFILE).not_declared if row.basis is Basis.ECONOMIC] == [""]

    def test_electricity_stands_where_the_profile_says(self):
        with pytest.raises(WrongElectricityModule):
            cells(solved(electricity_module=LifeCycleModule.A1), PROFILE)

    def test_declared_result_names_each_gap_once_and_keeps_the_figures(self):
        stated = declared(solved(), PROFILE)

        named = [(row.basis, row.indicator) for row in stated.not_declared]
        assert len(set(named)) == len(named) == 2 * 14
        assert stated.bases == solved().bases
        assert result_from_body(figures_to_body(stated), lot=OXIDE) == stated

    def test_profile_by_id(self):
        assert profile_of("international-epd-default/1") is PROFILE
        with pytest.raises(UnknownProfile):
            profile_of("international-epd-default/2")


def test_magnet_declares_its_headline_and_nothing_else():
    found = cells(run().results["MAG-1"], PROFILE)

    assert {(cell.basis, cell.indicator) for cell in found if cell.is_declared} == {(b, HEADLINE) for b in Basis}
    assert [cell.partial_sum for cell in found if cell.indicator == "ap"] != [None, None]
    assert "pm" in {cell.indicator for cell in found}
