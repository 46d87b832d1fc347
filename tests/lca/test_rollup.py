"""`lodestone-rollup/1`: steps 1 to 8 on a small step, one change per test."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from epd.lca.allocation import Output, OutputClass
from epd.lca.burdens import CompartmentMismatch, ConcentrationMissing, EnergyUnknown
from epd.lca.chain import MixedChains
from epd.lca.exchanges import Role, UnitMismatch
from epd.lca.factors import ScopeTwice, UnknownFactor, WellToTankTwice
from epd.lca.indicators import HEADLINE, INDICATORS, Basis, LifeCycleModule
from epd.lca.inputs import (
    Adjustment,
    CutOff,
    DeclarationSource,
    InputTwice,
    NothingLeft,
    ReagentIsLot,
    Receipt,
    ResultSource,
    Step,
    StepInput,
    TransportTwice,
    TwoSources,
    Uncovered,
    WrongMoisture,
    input_source,
)
from epd.lca.result import NotDeclared, Reason, value_key
from epd.lca.rollup import SplitWithInventory, roll_up
from tests.lca.example import (
    FACTORS,
    ORE,
    OXIDE,
    REST,
    SCRAP,
    first_result,
    first_step,
    outputs,
    receipt,
    row,
    rows,
    second_step,
)
from traceability.material.shares import source_of_origin

A1, A2, A3 = LifeCycleModule


def headline(step: Step, lot: str, module: LifeCycleModule, basis: Basis = Basis.MASS) -> Decimal | None:
    return roll_up(step, FACTORS).results[lot].bases[basis].value(HEADLINE, module)


class TestOwnBurdens:
    def test_rows_stand_in_their_module(self):
        sums = roll_up(first_step(), FACTORS).sums[Basis.MASS]

        assert sums[value_key(HEADLINE, A1)] == 20
        assert sums[value_key(HEADLINE, A3)] == 50 + 18 + Decimal("3.6") + 15 + 5

    def test_electricity_goes_where_the_profile_says(self):
        sums = roll_up(replace(first_step(), electricity_module=A1), FACTORS).sums[Basis.MASS]

        assert sums[value_key(HEADLINE, A1)] == 70

    def test_mj_become_kwh_in_one_division(self):
        step = replace(first_step(), exchanges=(row(0, "gas", Role.FUEL, "1", "MJ", "gas-supply"),))

        assert roll_up(step, FACTORS).own[value_key(HEADLINE, A3)] == Decimal("0.01")

    def test_kg_of_fuel_count_by_their_calorific_value(self):
        step = replace(first_step(), exchanges=(row(0, "gas", Role.FUEL, "7.5", "kg", "gas", "gas-supply"),))
        by_energy = replace(first_step(), exchanges=(row(0, "gas", Role.FUEL, "360", "MJ", "gas", "gas-supply"),))

        assert roll_up(step, FACTORS).own == roll_up(by_energy, FACTORS).own

    def test_row_without_factor_is_named_and_counts_nothing(self):
        step = replace(first_step(), exchanges=(*rows(), row(5, "collector", Role.ANCILLARY, "3", "kg")))

        result = roll_up(step, FACTORS)

        assert result.own[value_key(HEADLINE, A3)] == roll_up(first_step(), FACTORS).own[value_key(HEADLINE, A3)]
        (missing,) = (entry for entry in result.results[OXIDE].missing if entry.flow == "collector")
        assert (missing.amount, missing.unit, missing.indicators) == (Decimal(3), "kg", tuple(INDICATORS))

    def test_each_missing_flow_is_named_once(self):
        twice = (
            *rows(),
            row(5, "collector", Role.ANCILLARY, "3", "kg"),
            row(6, "collector", Role.ANCILLARY, "4", "kg"),
        )

        missing = roll_up(replace(first_step(), exchanges=twice), FACTORS).results[OXIDE].missing

        assert [entry.amount for entry in missing if entry.flow == "collector"] == [7]

    def test_emission_has_no_effect_where_its_factor_names_none(self):
        result = roll_up(first_step(), FACTORS).results[OXIDE]

        assert "carbon dioxide" not in {entry.flow for entry in result.missing}

    @pytest.mark.parametrize(
        ("exchange", "error"),
        [
            (row(0, "acid", Role.ANCILLARY, "1", "kg", "acid"), ConcentrationMissing),
            (row(0, "co2", Role.EMISSION, "1", "kg", "co2"), CompartmentMismatch),
            (row(0, "co2", Role.EMISSION, "1", "kg", "co2", compartment="water"), CompartmentMismatch),
            (row(0, "iron", Role.CONSTITUENT, "1", "kg", "grid"), UnitMismatch),
            (row(0, "iron", Role.CONSTITUENT, "1", "kg", "iron-2"), UnknownFactor),
            (row(0, "gas", Role.FUEL, "1", "MJ", "gas", "gas"), ScopeTwice),
            (row(0, "power", Role.ELECTRICITY, "1", "kWh", "grid", "gas-supply"), WellToTankTwice),
            (row(0, "wood", Role.FUEL, "1", "kg"), EnergyUnknown),
        ],
    )
    def test_refused_rows(self, exchange, error):
        with pytest.raises(error) as caught:
            roll_up(replace(first_step(), exchanges=(exchange,)), FACTORS)

        assert caught.value.code == error.code
        assert caught.value.sentence

    def test_limits_of_a_factor_become_flags_and_travel_on(self):
        step = replace(first_step(), exchanges=(row(0, "power", Role.ELECTRICITY, "1", "kWh", "province"),))
        result = roll_up(step, FACTORS).results[OXIDE]
        drawn = StepInput(OXIDE, Decimal(30), ResultSource(result))

        assert result.flags == ("factor_carbon_dioxide_only",)
        assert roll_up(second_step(inputs=(drawn,)), FACTORS).results[SCRAP].flags == ("factor_carbon_dioxide_only",)


class TestInputs:
    def test_own_lot_keeps_its_modules(self):
        own = StepInput(OXIDE, Decimal(30), ResultSource(first_result()))

        sums = roll_up(second_step(inputs=(own,)), FACTORS).sums[Basis.MASS]

        assert sums[value_key(HEADLINE, A1)] == 30 * Decimal("0.2") + 2
        assert sums[value_key(HEADLINE, A2)] == 0
        assert sums[value_key(HEADLINE, A3)] == 30 * Decimal("0.916")

    def test_received_lot_stands_in_a1_and_its_leg_in_a2(self):
        sums = roll_up(second_step(), FACTORS).sums[Basis.MASS]

        assert sums[value_key(HEADLINE, A1)] == 30 * Decimal("1.116") + 2
        assert sums[value_key(HEADLINE, A2)] == 30 * 500 * Decimal("0.12") / 1000
        assert value_key(HEADLINE, A3) not in sums

    def test_gross_mass_holds_moisture_and_a_part_of_the_packaging(self):
        consignment = Receipt(Decimal(1000), packaging_kg=Decimal(20), moisture_pct=Decimal(2))

        assert consignment.gross_kg(Decimal(250)) == Decimal("260.102")
        assert consignment.gross_kg(Decimal(1000)) == Decimal("1040.408")

    def test_first_shipment_of_the_demonstration(self):
        concentrate = Receipt(Decimal("122168.022"), moisture_pct=Decimal(6))

        assert concentrate.gross_kg(concentrate.mass_kg) == Decimal("129965.981")

    def test_all_water_is_refused(self):
        with pytest.raises(WrongMoisture):
            Receipt(Decimal(1), moisture_pct=Decimal(100)).gross_kg(Decimal(1))

    def test_what_was_written_off_is_carried_by_the_rest(self):
        adjusted = StepInput(
            OXIDE, Decimal(27), ResultSource(first_result()), receipt(), Adjustment(Decimal(6), Decimal(60))
        )

        found = roll_up(second_step(inputs=(adjusted,)), FACTORS).sums[Basis.MASS]

        assert found == roll_up(second_step(), FACTORS).sums[Basis.MASS]

    def test_nothing_is_drawn_from_what_was_written_off_whole(self):
        with pytest.raises(NothingLeft):
            Adjustment(Decimal(60), Decimal(60))

    def test_cut_off_brings_nothing_but_its_way(self):
        scrap = StepInput(ORE, Decimal(30), CutOff(), receipt())

        sums = roll_up(second_step(inputs=(scrap,)), FACTORS).sums[Basis.MASS]

        assert sums[value_key(HEADLINE, A1)] == 2
        assert sums[value_key(HEADLINE, A2)] == Decimal("1.8")

    def test_uncovered_input_is_counted_as_mass_and_named(self):
        result = roll_up(second_step(inputs=(StepInput(ORE, Decimal(30), Uncovered()),)), FACTORS).results[SCRAP]

        assert result.missing_upstream == (ORE,)
        assert result.bases[Basis.MASS].per_kg["mass_total",] == Decimal("1.24")
        assert result.bases[Basis.MASS].per_kg["mass_covered", HEADLINE] == Decimal("0.04")
        assert HEADLINE in result.bases[Basis.MASS].partial

    def test_background_data_set_counts_as_a_constituent(self):
        bought = StepInput(ORE, Decimal(30), input_source(background=("oxide-data",)), receipt())

        solved = roll_up(second_step(inputs=(bought,)), FACTORS)

        assert solved.sums[Basis.MASS][value_key(HEADLINE, A1)] == 30 * 40 + 2
        assert solved.own["cause", "background_inputs"] == 1200
        assert solved.results[SCRAP].bases[Basis.MASS].per_kg["mass_covered", HEADLINE] == Decimal("1.24")

    def test_exactly_one_source(self):
        result = first_result()

        assert isinstance(input_source(result=result), ResultSource)
        assert isinstance(input_source(declaration=result), DeclarationSource)
        assert isinstance(input_source(cut_off=True), CutOff)
        assert isinstance(input_source(), Uncovered)
        with pytest.raises(TwoSources):
            input_source(result=result, declaration=result)
        with pytest.raises(TwoSources):
            input_source(result=result, cut_off=True)

    def test_double_counts_are_refused(self):
        drawn = second_step().inputs[0]

        with pytest.raises(InputTwice):
            second_step(inputs=(drawn, drawn))
        with pytest.raises(ReagentIsLot):
            second_step(exchanges=(row(0, OXIDE, Role.ANCILLARY, "1", "kg", "iron"),))
        with pytest.raises(ReagentIsLot):
            second_step(inputs=(replace(drawn, material="Didymium oxide"),),
                        exchanges=(row(0, "didymium oxide", Role.ANCILLARY, "1", "kg", "iron"),))  # fmt: skip
        with pytest.raises(TransportTwice):
            replace(drawn, source=input_source(declaration=first_result(), delivered=True))


class TestBases:
    def test_each_output_gets_its_part(self):
        results = roll_up(first_step(), FACTORS).results

        assert results[OXIDE].headline(Basis.MASS) == results[REST].headline(Basis.MASS) == Decimal("1.116")
        assert results[OXIDE].headline(Basis.ECONOMIC) == Decimal("1.674")
        assert results[REST].headline(Basis.ECONOMIC) == Decimal("0.279")

    def test_one_chain_is_never_fed_with_the_other(self):
        wrong = first_result()
        crossed = replace(wrong, bases={Basis.ECONOMIC: wrong.bases[Basis.MASS], Basis.MASS: wrong.bases[Basis.MASS]})
        drawn = StepInput(OXIDE, Decimal(30), ResultSource(crossed))

        with pytest.raises(MixedChains) as caught:
            roll_up(second_step(inputs=(drawn,)), FACTORS)

        assert caught.value.code == "mixed_chains"

    def test_basis_that_an_input_lacks_is_not_declared(self):
        whole = first_result()
        mass_only = replace(whole, bases={Basis.MASS: whole.bases[Basis.MASS]})
        drawn = StepInput(OXIDE, Decimal(30), ResultSource(mass_only), receipt())

        found = roll_up(second_step(inputs=(drawn,)), FACTORS).results[SCRAP]

        assert found.headline(Basis.ECONOMIC) is None
        assert NotDeclared(Basis.ECONOMIC, "", Reason.INPUT_WITHOUT_BASIS) in found.not_declared
        assert found.headline(Basis.MASS) == roll_up(second_step(), FACTORS).results[SCRAP].headline(Basis.MASS)

    def test_missing_price_takes_the_economic_basis_from_all_outputs(self):
        unpriced = (outputs()[0], replace(outputs()[1], price=None))

        found = roll_up(replace(first_step(), outputs=unpriced), FACTORS).results[OXIDE]

        assert set(found.bases) == {Basis.MASS}
        assert NotDeclared(Basis.ECONOMIC, "", Reason.NO_PRICE) in found.not_declared

    def test_secondary_takes_no_burden_and_gets_no_result(self):
        shared = roll_up(first_step(), FACTORS).results
        secondary = (outputs()[0], replace(outputs()[1], output_class=OutputClass.SECONDARY))

        alone = roll_up(replace(first_step(), outputs=secondary), FACTORS).results

        assert alone[REST].bases == {}
        assert alone[OXIDE].bases[Basis.MASS].value(HEADLINE, A3) == Decimal("1.52666666667")
        assert alone[OXIDE].headline(Basis.MASS) == alone[OXIDE].headline(Basis.ECONOMIC) == Decimal("1.860000000003")
        assert shared[REST].bases

    def test_burden_that_nobody_takes_is_flagged(self):
        waste = (Output(REST, Decimal(1), OutputClass.WASTE),)

        assert "burden_without_product" in roll_up(replace(first_step(), outputs=waste), FACTORS).results[REST].flags


class TestAbsentValues:
    def test_source_lot_without_inventory_is_nought_in_everything(self):
        result = roll_up(Step((), (Output(ORE, Decimal(1000)),)), FACTORS).results[ORE]

        assert {result.bases[Basis.MASS].a1_a3(indicator) for indicator in INDICATORS} == {Decimal(0)}
        assert result.not_declared == ()

    def test_gap_is_never_nought(self):
        result = first_result()

        assert result.bases[Basis.MASS].value("odp", A3) is None
        assert NotDeclared(Basis.MASS, "odp", Reason.NO_FACTOR) in result.not_declared

    def test_part_of_an_indicator_has_no_sum(self):
        found = first_result().bases[Basis.MASS]

        assert found.value("ap", A3) == Decimal("0.001")
        assert found.value("ap", A1) is None
        assert found.a1_a3("ap") is None
        assert found.counted("ap") == Decimal("0.001")
        assert "ap" in found.partial

    def test_part_stays_a_part_in_the_next_tier(self):
        found = roll_up(second_step(), FACTORS).results[SCRAP].bases[Basis.MASS]

        assert found.value("ap", A1) == Decimal("0.0012")
        assert "ap" in found.partial

    def test_leg_without_factor_makes_the_headline_a_part(self):
        drawn = replace(second_step().inputs[0], receipt=receipt(legs=(replace(receipt().legs[0], factor_ids=()),)))

        found = roll_up(second_step(inputs=(drawn,)), FACTORS).results[SCRAP].bases[Basis.MASS]

        assert found.value(HEADLINE, A2) is None
        assert HEADLINE in found.partial


class TestSourceLots:
    @pytest.mark.parametrize("source_class", ["post_consumer", "pre_consumer"])
    def test_secondary_source_has_shares_only(self, source_class):
        origin = source_of_origin(ORE, source_class, "DE")
        made = (Output(ORE, Decimal(10), element_kg={"Nd": Decimal(3)}),)

        found = roll_up(Step((), made, origin=origin), FACTORS).results[ORE]

        assert (found.bases, found.not_declared, found.missing_upstream) == ({}, (), ())
        assert found.shares is not None
        assert found.shares.classes == {source_class: 1}

    def test_purchase_is_never_nought(self):
        origin = source_of_origin(ORE, "purchased", "CN")

        found = roll_up(Step((), (Output(ORE, Decimal(10)),), origin=origin), FACTORS).results[ORE]

        assert found.bases == {}
        assert found.missing_upstream == (ORE,)
        assert found.not_declared == tuple(NotDeclared(basis, "", Reason.NO_SOURCE) for basis in Basis)


class TestConserving:
    def split(self, *masses: str, **more: Any) -> Step:
        whole = sum((Decimal(mass) for mass in masses), Decimal(0))
        drawn = StepInput(OXIDE, whole, ResultSource(first_result()), **more)
        parts = tuple(Output(f"{OXIDE[:-2]}{n:02}", Decimal(mass)) for n, mass in enumerate(masses, 10))
        return Step((drawn,), parts, conserving=True)

    def test_split_of_an_own_lot_gives_the_same_digits(self):
        parts = roll_up(self.split("7.001", "20.5", "32.499"), FACTORS).results

        for part in parts.values():
            assert part.bases == first_result().bases

    def test_split_of_a_received_lot_adds_the_way_once(self):
        step = self.split("30", "30", receipt=receipt())
        part = next(iter(roll_up(step, FACTORS).results.values()))

        direct = roll_up(second_step(), FACTORS).sums[Basis.MASS]
        later = StepInput(part.lot, Decimal(30), ResultSource(part))

        through_split = roll_up(second_step(inputs=(later,)), FACTORS).sums[Basis.MASS]
        assert through_split[value_key(HEADLINE, A1)] == direct[value_key(HEADLINE, A1)]
        assert part.bases[Basis.MASS].value(HEADLINE, A2) == Decimal("0.06")

    def test_split_then_merge_changes_nothing(self):
        parts = roll_up(self.split("7.001", "20.5", "32.499"), FACTORS).results
        drawn = tuple(
            StepInput(lot, Decimal(mass), ResultSource(part))
            for (lot, part), mass in zip(sorted(parts.items()), ("7.001", "20.5", "32.499"), strict=True)
        )

        merged = roll_up(Step(drawn, (Output(REST, Decimal(60)),), conserving=True), FACTORS).results[REST]

        assert merged.bases == first_result().bases

    def test_split_has_no_inventory(self):
        with pytest.raises(SplitWithInventory):
            roll_up(replace(self.split("1"), exchanges=rows()), FACTORS)
