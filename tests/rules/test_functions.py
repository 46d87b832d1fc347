"""What a rule answers where something is not visible, not recorded, or not what the rule is about."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tests.rules.chains import NEXT_YEAR, TODAY, answer, chain, facts_of, made, rule_set
from traceability.rules.answers import Outcome
from traceability.rules.evaluating import FUNCTIONS, answers_of
from traceability.rules.facts import Dispatch, Papers, SourceShare
from traceability.rules.functions.export_licence import licence_wanted
from traceability.rules.papers import NAMESPACE, papers_of

DFARS, LICENCE = "us-dfars-252-225-7052", "cn-mofcom-18-2025"
ORE = made("ore", country="US", stage="ore")
OXIDE = made("oxide", "ore", steps=(("separation", "US"),))
METAL = made("metal", "oxide", stage="metal", steps=(("electrolysis", "US"),))
ALLOY = made("alloy", "metal", stage="alloy", steps=(("melting", "US"),))
MAGNET = made("magnet", "alloy", stage="magnet", steps=(("sintering", "US"),))
WHOLE = chain(ORE, OXIDE, METAL, ALLOY, MAGNET)


def magnet(**changed):
    """The chain with one mutation."""
    return facts_of(WHOLE | {name: replace(WHOLE[name], **fields) for name, fields in changed.items()}, "magnet")


def test_the_whole_chain_passes():
    assert answer(magnet(), DFARS, NEXT_YEAR).outcome is Outcome.PASS


@pytest.mark.parametrize("origin", ["purchased", "opening_stock"])
def test_an_unproven_origin_is_insufficient_from_2027(origin):
    facts = magnet(ore={"origin": origin})
    found = answer(facts, DFARS, NEXT_YEAR)
    assert found.outcome is Outcome.INSUFFICIENT
    assert ("ore", "Maker") in [(one.label, one.who) for one in found.missing]
    assert answer(facts, DFARS, TODAY).outcome is Outcome.PASS
    assert answer(facts, "oecd-cahra").outcome is Outcome.FLAG
    assert answer(facts, LICENCE).outcome is Outcome.INSUFFICIENT


def test_a_step_that_nobody_recorded_is_named():
    facts = magnet(alloy={"steps": ()})
    found = answer(facts, DFARS)
    assert found.outcome is Outcome.INSUFFICIENT
    assert [one.sentence for one in found.missing] == ["No step of its history says where it was melted."]


def test_an_element_that_no_input_holds_has_no_source():
    facts = magnet(oxide={"contents": {"Nd": Decimal(80)}}, metal={"contents": {"Nd": Decimal(99)}})
    found = answer(facts, DFARS, NEXT_YEAR)
    assert found.outcome is Outcome.INSUFFICIENT
    assert [(one.label, one.sentence) for one in found.missing] == [("alloy", "No lot that went into it holds its Dy.")]


def test_contents_that_are_not_visible_never_rule_a_country_out():
    hidden = {name: {"contents": None} for name in WHOLE}
    found = answer(magnet(**hidden | {"oxide": {"contents": None, "steps": (WHOLE["oxide"].steps[0],)}}), DFARS)
    assert found.outcome is Outcome.PASS
    facts = magnet(**hidden | {"ore": {"contents": None, "country": "CN"}})
    found = answer(facts, DFARS, NEXT_YEAR)
    assert found.outcome is Outcome.FAIL
    assert found.trail[0].elements == ()


def test_visible_contents_rule_out_what_cannot_have_passed():
    lanthanum = made("other-ore", country="CN", stage="ore", contents={"La": Decimal(1)})
    oxide = replace(OXIDE, parents=("ore", "other-ore"), drawn_kg={"ore": Decimal(1), "other-ore": Decimal(1)})
    facts = facts_of(WHOLE | chain(lanthanum, oxide), "magnet")
    assert answer(facts, DFARS, NEXT_YEAR).outcome is Outcome.PASS
    assert "other-ore" not in facts.bearing()


def test_a_magnet_without_rare_earths_is_not_asked():
    facts = magnet(magnet={"contents": {"Fe": Decimal(90)}})
    assert answer(facts, DFARS).outcome is Outcome.NOT_APPLICABLE


def test_nothing_left_the_country_before_the_control_began():
    sent = Dispatch("oxide", date(2025, 4, 3), "CN", "EE", "")
    facts = facts_of(WHOLE | chain(replace(OXIDE, country="CN")), "magnet", {"oxide": (sent,)})
    assert answer(facts, LICENCE).outcome is Outcome.NOT_APPLICABLE
    later = facts_of(WHOLE, "magnet", {"oxide": (replace(sent, day=date(2025, 4, 4)),)})
    assert answer(later, LICENCE).outcome is Outcome.INSUFFICIENT
    inside = facts_of(WHOLE, "magnet", {"oxide": (replace(sent, day=TODAY, to_country="CN"),)})
    assert answer(inside, LICENCE).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        ({}, [LICENCE]),
        ({"elements": None}, [LICENCE, "cn-mofcom-57-2025"]),
        ({"elements": ("Nd",)}, []),
        ({"stage": "ore"}, []),
        ({"to_country": "CN"}, []),
        ({"from_country": "MY"}, []),
        ({"papers": Papers(licence="1")}, []),
        ({"papers": Papers(hs_code="8505.11")}, [LICENCE]),
        ({"papers": Papers(licence="1", valid_until=date(2026, 1, 1))}, [LICENCE]),
        ({"day": date(2025, 4, 3)}, []),
    ],
)
def test_a_licence_is_wanted_where_a_controlled_element_leaves(changed, wanted):
    sets = [rule_set(LICENCE), rule_set("cn-mofcom-57-2025"), rule_set(DFARS)]
    asked = {"elements": ("Nd", "Dy"), "stage": "oxide", "from_country": "CN", "to_country": "EE", "day": TODAY}
    found = licence_wanted(sets, **{**asked, "papers": None, **changed})
    assert [one.id for one in found] == wanted


def test_stated_shares_answer_where_the_steps_before_are_closed():
    stated = {
        "Nd": (SourceShare("mined", (("mined", "AU"),), Decimal("0.7")), SourceShare("unproven", (), Decimal("0.3")))
    }
    facts = facts_of(WHOLE | chain(replace(ORE, contents=None)), "magnet", stated=stated)
    found = answer(facts, "eu-crma-concentration")
    assert found.outcome is Outcome.FLAG
    assert found.reasons[0] == "Nd: 70.0 % of it was mined in AU."
    assert "signed" in found.reasons[1]
    less = {"Nd": (replace(stated["Nd"][0], share=Decimal("0.5")), replace(stated["Nd"][1], share=Decimal("0.5")))}
    facts = facts_of(WHOLE | chain(replace(ORE, contents=None)), "magnet", stated=less)
    assert answer(facts, "eu-crma-concentration").outcome is Outcome.INSUFFICIENT


def test_scrap_is_pre_consumer_in_another_process_only():
    swarf = made("swarf", "ore", stage="swarf", steps=(("machining", "DE"),), is_secondary=True, country="DE")
    other = made("other", "swarf", stage="oxide", steps=(("recycle", "FR"),))
    same = made("same", "swarf", stage="magnet", steps=(("machining", "DE"),))
    makings = chain(ORE, swarf, other, same)
    assert {one.source_class for one in facts_of(makings, "other").shares["Nd"]} == {"pre_consumer"}
    assert {one.source_class for one in facts_of(makings, "same").shares["Nd"]} == {"mined"}


def test_the_data_sheet_names_what_the_record_cannot_fill():
    found = answer(magnet(magnet={"mass_kg": None, "is_coated": True}), "eu-crma-28")
    sentences = [one.sentence for one in found.missing]
    assert found.outcome is Outcome.INSUFFICIENT
    assert "The weight of the magnets is not visible to you." in sentences
    assert any(one.startswith("The lot was coated") for one in sentences)
    assert found.reasons[1] == "The type of the magnets is NdFeB, by the assay of the lot."


def test_both_phases_are_answered_at_once():
    answers = list(answers_of(magnet(), [rule_set(DFARS)], TODAY))
    assert [(one.version.version, one.is_later) for one in answers] == [("1", False), ("2", True)]
    answers = list(answers_of(magnet(), [rule_set(LICENCE)], date(2020, 1, 1)))
    assert [(one.version.version, one.is_later) for one in answers] == [("1", True)]


def test_papers_that_are_written_badly_count_as_not_stated():
    good = {"licence_number": "24-1", "valid_until": "2026-12-31", "quota_kg": "500"}
    assert papers_of({NAMESPACE: good}) == Papers(licence="24-1", valid_until=date(2026, 12, 31), quota_kg=Decimal(500))
    assert papers_of({NAMESPACE: {"licence_number": 5, "valid_until": "soon", "quota_kg": "much"}}) == Papers()
    assert papers_of({"example.org/export": good}) is None


def test_every_function_is_used_by_a_rule_set_and_the_other_way_round():
    from traceability.rules.catalogue import FOLDER

    used = {rule_set(one.stem).function for one in FOLDER.glob("*.json")}
    assert used == set(FUNCTIONS)
