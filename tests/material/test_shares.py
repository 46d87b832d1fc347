"""Provenance shares: the demonstration chain to the last digit, and what must hold for any mixture."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.material import demo
from traceability.ledger.quantity import computing
from traceability.material.elements import species_of
from traceability.material.shares import (
    UNKNOWN,
    Feed,
    Process,
    Source,
    SourceClass,
    class_shares,
    country_shares,
    drawn_element_kg,
    lot_shares,
    mixed_shares,
    own_shares,
    recycled_content,
    source_of_origin,
    total_shares,
    unknown_feed,
)

D = Decimal


@computing()
def element_kg(lot):
    return {
        species_of(row["species"]).element: lot.mass_kg
        * D(row["content_pct"])
        / 100
        * species_of(row["species"]).element_per_kg
        for row in lot.assay()["rows"]
    }


def shares_of_demo_lots():
    found = {}
    for name, lot in demo.lots().items():
        if lot.origin:
            found[name] = own_shares(name, lot.element_kg)
    for event in demo.chain()["events"]:
        feeds = [
            Feed(name, drawn_element_kg(kg, demo.lots()[name].mass_kg, element_kg(demo.lots()[name])), found[name])
            for name, kg in demo.draws(event).items()
        ]
        mixed = mixed_shares(feeds)
        for output in event["outputs"]:
            found[output], findings = lot_shares(mixed, demo.lots()[output].element_kg)
            assert findings == ()
    return found


def demo_sources():
    return {name: source_of_origin(name, lot.origin, lot.country) for name, lot in demo.lots().items() if lot.origin}


# algorithms.md, worked example: shares of MAG-1 as ORE-MP / ORE-MW / SCRAP-EOL / SCRAP-SWARF
PRINTED = {
    "Nd": ("0.528654201255", "0.284562669752", "0.112069877396", "0.074713251597"),
    "Pr": ("0.597688700344", "0.235929760806", "0.09982892331", "0.06655261554"),
    "Dy": (None, "0.316050484876", "0.410369709074", "0.27357980605"),
}
PRINTED_TOTAL = ("0.524049267446", "0.274693880887", "0.120754111", "0.080502740667")
NAMES = ("ORE-MP", "ORE-MW", "SCRAP-EOL", "SCRAP-SWARF")


def printed(row):
    return {name: D(share) for name, share in zip(NAMES, row, strict=True) if share}


def test_magnet_shares_equal_the_worked_example_to_the_last_digit():
    shares = shares_of_demo_lots()["MAG-1"]
    assert shares == {element: printed(row) for element, row in PRINTED.items()}
    total = total_shares(element_kg(demo.lots()["MAG-1"]), shares)
    assert total == printed(PRINTED_TOTAL)


def test_magnet_shares_equal_the_expected_answers_to_six_decimals():
    expected = demo.chain()["expected"]
    shares = shares_of_demo_lots()["MAG-1"]
    for element, by_source in expected["provenance_by_element"].items():
        assert set(shares[element]) == set(by_source)
        for source, share in by_source.items():
            assert abs(shares[element][source] - D(share)) <= D("0.000001")
    total = total_shares(element_kg(demo.lots()["MAG-1"]), shares)
    for source, share in expected["provenance_of_total_ree"].items():
        assert abs(total[source] - D(share)) <= D("0.000001")


def test_recycled_content_classes_and_countries_of_the_magnet():
    expected = demo.chain()["expected"]
    total = total_shares(element_kg(demo.lots()["MAG-1"]), shares_of_demo_lots()["MAG-1"])
    recycled = recycled_content(total, demo_sources())
    assert round(recycled.post_consumer, 6) == D(expected["recycled_content_total_ree"]["post_consumer"])
    assert round(recycled.pre_consumer, 6) == D(expected["recycled_content_total_ree"]["pre_consumer"])
    countries = country_shares(total, demo_sources())
    assert {country: str(round(share, 6)) for country, share in countries.items()} == expected[
        "country_of_mining_share"
    ] | {"recycled": "0.201257"}
    assert sum(countries.values()) == sum(class_shares(total, demo_sources()).values()) == 1


def test_both_outputs_of_a_step_have_the_shares_of_the_step():
    shares = shares_of_demo_lots()
    assert shares["MAG-1"] == shares["SWARF-1"]


def test_an_element_without_source_is_a_finding_and_never_a_share():
    mixed = mixed_shares([Feed("urn:a", {"Nd": D(10)}, own_shares("urn:a", ["Nd"]))])
    shares, findings = lot_shares(mixed, ["Nd", "Tb"])
    assert shares == {"Nd": {"urn:a": D(1)}}
    assert [(finding.code, finding.path) for finding in findings] == [("element_without_source", "Tb")]


def test_an_input_whose_element_has_no_source_counts_as_unknown_beside_others():
    feeds = [
        Feed("urn:a", {"Nd": D(3)}, own_shares("urn:a", ["Nd"])),
        Feed("urn:b", {"Nd": D(1), "Tb": D(1)}, {}),
    ]
    assert mixed_shares(feeds) == {"Nd": {"urn:a": D("0.75"), UNKNOWN: D("0.25")}}


def test_a_bearing_reagent_row_counts_as_unknown():
    feeds = [Feed("urn:a", {"Co": D(3)}, own_shares("urn:a", ["Co"])), unknown_feed("row", {"Co": D(1)})]
    shares = mixed_shares(feeds)["Co"]
    assert class_shares(shares, {"urn:a": Source("urn:a", SourceClass.MINED, "CD")}) == {
        SourceClass.MINED: D("0.75"),
        SourceClass.UNKNOWN: D("0.25"),
    }


def test_mass_without_source_is_unknown_in_the_total():
    total = total_shares({"Nd": D(3), "Tb": D(1), "Fe": D(99)}, {"Nd": {"urn:a": D(1)}})
    assert total == {"urn:a": D("0.75"), UNKNOWN: D("0.25")}


def test_a_lot_without_rare_earths_has_no_total():
    assert total_shares({"Fe": D(1)}, {}) == {}


def test_the_greatest_urn_takes_the_rest_of_a_tie_and_zeros_are_dropped():
    thirds = [Feed(urn, {"Nd": D(1)}, own_shares(urn, ["Nd"])) for urn in ("urn:c", "urn:a", "urn:b")]
    dust = Feed("urn:d", {"Nd": D("0.0000000000001")}, own_shares("urn:d", ["Nd"]))
    third = D("0.333333333333")
    assert mixed_shares([*thirds, dust])["Nd"] == {"urn:a": third, "urn:b": third, "urn:c": D("0.333333333334")}


@pytest.mark.parametrize("origin", ["purchased", "opening_stock"])
def test_bought_and_opening_stock_is_never_proven(origin):
    source = source_of_origin("urn:a", origin, "US")
    assert source.source_class is SourceClass.UNPROVEN
    assert country_shares({"urn:a": D(1)}, {"urn:a": source}) == {"unproven": D(1)}
    assert recycled_content({"urn:a": D(1)}, {"urn:a": source}).pre_consumer == 0


def test_a_return_needs_the_same_place_and_a_step_in_common():
    made = Process("urn:f", "urn:site", frozenset({"sinter", "machine"}))
    assert made.is_same(Process("urn:f", "urn:site", frozenset({"sinter"})))
    assert made.is_same(Process("urn:f", None, frozenset({"sinter"})))
    assert not made.is_same(Process("urn:f", "urn:other", frozenset({"sinter"})))
    assert not made.is_same(Process("urn:f", "urn:site", frozenset({"leach"})))
    assert not made.is_same(Process("urn:d", None, frozenset({"sinter"})))


masses = st.decimals(min_value="0.001", max_value="1000000", places=3)
feeds = st.lists(
    st.builds(
        lambda number, nd, dy: Feed(f"urn:{number}", {"Nd": nd, "Dy": dy}, own_shares(f"urn:{number}", ["Nd", "Dy"])),
        st.integers(0, 30),
        masses,
        masses,
    ),
    min_size=1,
    max_size=8,
)


@given(feeds)
def test_shares_sum_to_one_exactly_and_do_not_depend_on_the_order(mixture):
    shares = mixed_shares(mixture)
    for by_source in shares.values():
        assert sum(by_source.values()) == 1
        assert all(0 < share <= 1 for share in by_source.values())
        assert all(share == round(share, 12) for share in by_source.values())
    assert mixed_shares(list(reversed(mixture))) == shares
    assert sum(total_shares({"Nd": D(7), "Dy": D(1)}, shares).values()) == 1
