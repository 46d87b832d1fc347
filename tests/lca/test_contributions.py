"""Contributions and sensitivities: two other looks at the same figure."""

from dataclasses import replace
from decimal import Decimal

import pytest

from epd.factors import shipped_factors
from epd.lca.contributions import NOT_FOLLOWED, ROUNDING, NoSuchProduct, Part, by_cause, by_country, over_chain
from epd.lca.factors import FactorSet
from epd.lca.indicators import HEADLINE, Basis
from tests.lca.demo_run import DemoRun, run
from traceability.ledger.quantity import computing

RELATIVE = Decimal("1e-9")


@pytest.fixture(scope="module")
def chain() -> DemoRun:
    return run()


@pytest.fixture(scope="module")
def opened() -> DemoRun:
    return run(detail_open=True)


def figure(chain: DemoRun, basis: Basis) -> Decimal:
    value = chain.results["MAG-1"].headline(basis)
    assert value is not None
    return value


@pytest.mark.parametrize("basis", list(Basis))
@pytest.mark.parametrize("part", list(Part))
def test_parts_sum_to_the_written_figure(chain, basis, part):
    rows = over_chain(chain.graph(), "MAG-1", basis, part)

    with computing():
        assert abs(sum(row.gwp for row in rows) - figure(chain, basis)) < Decimal("1e-40")
    assert rows[-1].name == ROUNDING
    assert abs(rows[-1].gwp) < figure(chain, basis) * RELATIVE


def test_steps_in_the_order_of_their_weight(chain):
    rows = over_chain(chain.graph(), "MAG-1", Basis.ECONOMIC, Part.STEP)

    assert [row.name for row in rows[:3]] == ["EV-02", "EV-04", "EV-10"]
    assert {row.name for row in rows} == {f"EV-{number:02}" for number in range(1, 11)} | {ROUNDING}


def test_causes_of_the_whole_chain_equal_those_that_suppliers_open(chain, opened):
    stated = {row.name: row.gwp for row in by_cause(opened.results["MAG-1"].bases[Basis.ECONOMIC])}
    seen = {row.name: row.gwp for row in over_chain(chain.graph(), "MAG-1", Basis.ECONOMIC, Part.CAUSE)}

    assert stated.keys() == seen.keys()
    assert set(seen) - {ROUNDING} == {
        "electricity",
        "reagents",
        "fuels",
        "constituents",
        "direct_emissions",
        "transport",
    }
    for name in set(seen) - {ROUNDING}:
        assert stated[name] == pytest.approx(seen[name], rel=RELATIVE)


def test_customer_sees_his_own_causes_and_one_sum(chain):
    rows = {row.name: row.gwp for row in by_cause(chain.results["MAG-1"].bases[Basis.ECONOMIC])}
    countries = {row.name for row in by_country(chain.results["MAG-1"].bases[Basis.ECONOMIC])}

    assert set(rows) == {"upstream", "electricity", "reagents", "transport", ROUNDING}
    assert countries == {"DE", "ZZ", ROUNDING}
    with computing():
        assert sum(rows.values()) == figure(chain, Basis.ECONOMIC)


def test_figures_are_the_same_whatever_is_open(chain, opened):
    assert chain.results["MAG-1"].without_detail() == opened.results["MAG-1"].without_detail()


def test_withheld_causes_give_no_table(chain):
    withheld = chain.results["MAG-1"].without_detail().bases[Basis.MASS]

    assert by_cause(withheld) == by_country(withheld) == ()


def test_step_that_is_not_at_hand_stands_as_one_row(chain):
    known = [entry for entry in chain.graph() if entry.name in ("EV-09", "EV-10")]

    rows = {row.name: row.gwp for row in over_chain(known, "MAG-1", Basis.MASS, Part.STEP)}

    assert set(rows) == {"EV-09", "EV-10", NOT_FOLLOWED, ROUNDING}
    with computing():
        assert sum(rows.values()) == figure(chain, Basis.MASS)


def test_lot_that_nobody_made(chain):
    with pytest.raises(NoSuchProduct):
        over_chain(chain.graph(), "MAG-2", Basis.MASS, Part.STEP)
    with pytest.raises(NoSuchProduct):
        over_chain(chain.graph(), "SWARF-1", Basis.MASS, Part.STEP)


def derivative(chain: DemoRun, lot: str, basis: Basis, factor_id: str) -> Decimal:
    """What the figure of a lot changes by when the factor changes by 0.01, per unit of the factor."""
    shipped = shipped_factors()
    step = Decimal("0.01")
    changed = replace(shipped.factors[factor_id], values={HEADLINE: shipped.factors[factor_id].values[HEADLINE] + step})
    other = run(factors=FactorSet("changed", "1", {**shipped.factors, factor_id: changed}))
    before, after = (found.results[lot].headline(basis) for found in (chain, other))
    assert before is not None
    assert after is not None
    return (after - before) / step


@pytest.mark.parametrize(
    ("lot", "factor_id"),
    [
        ("OX-NDPR-MP", "grid.us.2023"),
        ("OX-NDPR-MP", "fuel.natural-gas.ipcc-2006"),
        ("OX-NDPR-MW", "freight.road-hgv.desnz-2025"),
        ("OX-NDPR-MW", "reagent.soda-ash.uslci"),
        ("OX-NDPR-REC", "wtt.natural-gas.desnz-2025"),
    ],
)
@pytest.mark.parametrize("basis", list(Basis))
def test_sensitivity_is_what_a_changed_factor_does(opened, basis, lot, factor_id):
    stated = opened.results[lot].bases[basis].family("use")[factor_id]

    assert derivative(opened, lot, basis, factor_id) == pytest.approx(stated, rel=Decimal("1e-8"))


def test_factor_that_was_in_the_rest_of_an_earlier_tier_is_listed_with_its_later_part_only(opened):
    stated = opened.results["MAG-1"].bases[Basis.MASS].family("use")["freight.road-hgv.desnz-2025"]

    assert stated < derivative(opened, "MAG-1", Basis.MASS, "freight.road-hgv.desnz-2025")


@pytest.mark.parametrize("basis", list(Basis))
def test_listed_factors_and_the_rest_are_the_whole(opened, basis):
    found = opened.results["MAG-1"].bases[basis]

    assert len(found.family("use_gwp")) == 20
    listed = sum(found.family("use_gwp").values(), Decimal(0))
    assert listed + found.per_kg["rest",] == pytest.approx(figure(opened, basis), rel=RELATIVE)


@pytest.mark.parametrize("basis", list(Basis))
def test_kinds_and_vintages_are_parts_of_the_headline(chain, basis):
    found = chain.results["MAG-1"].bases[basis]

    assert sum(found.family("vintage").values()) == pytest.approx(figure(chain, basis), rel=RELATIVE)
    assert all(0 < value < figure(chain, basis) for value in found.family("kind").values())
    for mark in ("te", "ge", "ti"):
        assert 1 <= found.family("quality")[mark] / found.family("quality")["weight"] <= 5
