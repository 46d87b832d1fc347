"""The demonstration chain and its variant, against the expected answers that were computed without this code."""

from datetime import date
from decimal import Decimal

import pytest

from tests.material import demo
from tests.rules.chains import NEXT_YEAR, TODAY, answer, demonstration, facts_of, with_chinese_dysprosium
from traceability.rules.answers import Outcome
from traceability.rules.facts import Dispatch, Papers

DFARS = "us-dfars-252-225-7052"
NEAR = Decimal("0.000001")


def magnet(makings=None, **more):
    return facts_of(makings or demonstration(), "MAG-1", **more)


def test_the_shares_by_trail_are_those_of_the_published_chain():
    expected = demo.chain()["expected"]["provenance_by_element"]
    shares = magnet().shares
    assert set(shares) == set(expected)
    countries = {"ORE-MP": "US", "ORE-MW": "AU"}
    classes = {"SCRAP-EOL": "post_consumer", "SCRAP-SWARF": "pre_consumer"}
    for element, sources in expected.items():
        for source, share in sources.items():
            found = sum(
                one.share
                for one in shares[element]
                if (("mined", countries.get(source)) in one.steps or one.source_class == classes.get(source))
            )
            assert abs(found - Decimal(share)) < NEAR
        assert sum(one.share for one in shares[element]) == 1


def test_the_trail_names_the_country_of_every_step():
    ways = {one.steps for one in magnet().shares["Nd"] if one.source_class == "mined"}
    made = (("refined", "EE"), ("melted", "EE"), ("produced", "DE"))
    assert ways == {
        (("mined", "US"), ("mined", "US"), ("separated", "US"), *made),
        (("mined", "AU"), ("mined", "AU"), ("separated", "MY"), *made),
    }


@pytest.mark.parametrize("as_of", [TODAY, NEXT_YEAR])
def test_no_covered_country_passes_in_both_phases(as_of):
    found = answer(magnet(), DFARS, as_of)
    assert found.outcome is Outcome.PASS
    assert "A part is recycled: where that was mined the first time is not in the record." in found.reasons


def test_chinese_dysprosium_passes_before_2027_and_fails_from_then_on():
    facts = magnet(with_chinese_dysprosium())
    before, after = answer(facts, DFARS), answer(facts, DFARS, NEXT_YEAR)
    assert answer(facts, DFARS, date(2026, 12, 31)).outcome is before.outcome is Outcome.PASS
    assert after.outcome is Outcome.FAIL
    assert [(one.label, one.activity, one.country, one.elements) for one in after.trail] == [
        ("OX-DY-MW", "separated", "CN", ("Dy",)),
        ("ORE-CN", "mined", "CN", ("Dy",)),
    ]


def test_dysprosium_that_leaves_china_needs_a_licence():
    sent = Dispatch("OX-DY-MW", date(2026, 5, 7), "CN", "EE", "Sender")
    facts = magnet(with_chinese_dysprosium(), dispatches={"OX-DY-MW": (sent,)})
    found = answer(facts, "cn-mofcom-18-2025")
    assert found.outcome is Outcome.INSUFFICIENT
    assert [(one.label, one.who) for one in found.missing] == [("OX-DY-MW", "Sender")]
    assert [(one.label, one.country, one.elements) for one in found.trail] == [("OX-DY-MW", "CN", ("Dy",))]


@pytest.mark.parametrize(("until", "outcome"), [(date(2026, 12, 31), Outcome.PASS), (date(2026, 5, 6), Outcome.FAIL)])
def test_the_licence_has_to_cover_the_day_of_the_dispatch(until, outcome):
    papers = Papers(licence="24-0007", valid_from=date(2026, 1, 1), valid_until=until)
    sent = Dispatch("OX-DY-MW", date(2026, 5, 7), "CN", "EE", "Sender", papers)
    facts = magnet(with_chinese_dysprosium(), dispatches={"OX-DY-MW": (sent,)})
    assert answer(facts, "cn-mofcom-18-2025").outcome is outcome


def test_the_value_of_chinese_matter_is_asked_for_only_where_there_is_some():
    assert answer(magnet(), "cn-mofcom-61-2025").outcome is Outcome.NOT_APPLICABLE
    assert answer(magnet(with_chinese_dysprosium()), "cn-mofcom-61-2025").outcome is Outcome.INSUFFICIENT


def test_suspended_is_not_the_same_as_unknown():
    facts = magnet(with_chinese_dysprosium())
    suspended, unknown = (answer(facts, "cn-mofcom-61-2025", one) for one in (date(2026, 11, 10), date(2026, 11, 11)))
    assert suspended.outcome is Outcome.NOT_APPLICABLE
    assert suspended.reasons == ("The rule is suspended on this day.",)
    assert unknown.outcome is Outcome.INSUFFICIENT


def test_recycled_content_stands_per_element_with_both_classes():
    found = answer(magnet(), "eu-crma-29")
    figures = {(one.element, one.what): one.share for one in found.figures}
    assert abs(figures["Dy", "post_consumer"] - Decimal("0.410370")) < NEAR
    assert abs(figures["Dy", "pre_consumer"] - Decimal("0.273580")) < NEAR
    assert figures["B", "post_consumer"] is None
    assert found.outcome is Outcome.INSUFFICIENT
    assert "does not name B" in next(one.sentence for one in found.missing if " B:" in one.sentence)


def test_concentration_is_flagged_outside_of_the_union_alone():
    found = answer(magnet(), "eu-crma-concentration")
    figures = {(one.element, one.what, one.country): one.share for one in found.figures}
    assert figures["Nd", "melted", "EE"] == figures["Dy", "produced", "DE"] == 1
    assert abs(figures["Nd", "separated", "US"] - Decimal("0.528654")) < NEAR
    assert found.outcome is Outcome.PASS
    chinese = answer(magnet(with_chinese_dysprosium()), "eu-crma-concentration")
    assert chinese.outcome is Outcome.PASS  # 31.6 % of the dysprosium
    metal = facts_of(with_chinese_dysprosium(), "OX-DY-MW")
    assert answer(metal, "eu-crma-concentration").reasons == (
        "Dy: 100.0 % of it was mined in CN.",
        "Dy: 100.0 % of it was separated in CN.",
    )
