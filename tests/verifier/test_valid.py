"""True stories are valid, and the report says what it looked at."""

from datetime import timedelta

import pytest

from tests.verifier.builder import Log, codes, urn
from tests.verifier.stories import Story, assay, draws, lot, mine_to_metal, smallest
from traceability.ledger.moments import format_moment
from traceability.verifier.report import NOT_DETECTABLE, Group, Verdict, Word
from traceability.verifier.text import to_text


@pytest.mark.parametrize("story", [smallest, mine_to_metal])
def test_a_true_story_is_valid(story):
    report = story().report()
    assert (report.verdict, codes(report)) == (Verdict.VALID, set())


def test_the_checks_are_numbered_in_their_groups():
    report = smallest().report()
    assert [check.number for check in report.checks] == list(range(1, len(report.checks) + 1))
    assert list(dict.fromkeys(check.group for check in report.checks)) == [g for g in Group if g is not Group.METHOD]
    assert [check.name for check in report.checks] == [
        "Signatures", "Issuers", "Keys in force", "Chain of each lot", "In the log", "Documents",
        "Independent witness", "Back to the source", "Receipts", "Withheld values", "Element balance",
        "Shares and recycled content", "Claimed shares", "Current",
            "Material accounts", "Exceptions",
    ]  # fmt: skip


def test_the_first_line_says_how_the_log_stood_and_the_second_whether_its_age_was_judged():
    story = smallest()
    text = to_text(story.report()).splitlines()
    assert text[0] == f"as the log stood at {format_moment(story.log.now)}; anything later is not in this bundle"
    assert text[1].startswith("age not judged")
    judged = to_text(story.report(at=story.log.now + timedelta(days=1))).splitlines()
    assert judged[1].startswith("age judged at 2026-11-03")


def test_the_report_names_what_no_ledger_can_detect():
    report = smallest().report()
    text = to_text(report)
    assert all(one in text for one in NOT_DETECTABLE)
    assert report.to_value()["not_detectable"] == list(NOT_DETECTABLE)
    assert text.splitlines()[-1].startswith("RESULT: VALID (")


def test_a_report_as_value_has_the_verdict_and_every_finding():
    value = mine_to_metal().report().to_value()
    assert (value["verdict"], value["exit_code"]) == ("VALID", 0)
    notes = [one for check in value["checks"] for one in check["findings"]]
    assert {one["level"] for one in notes} == {"note"}
    assert "platform_keys" in {one["code"] for one in notes}


def test_no_witness_in_the_policy_is_not_a_green_tick():
    report = smallest().report()
    witness = next(check for check in report.checks if check.name == "Independent witness")
    assert witness.word is Word.NOT_ESTABLISHED


def test_the_origins_are_recomputed():
    report = mine_to_metal().report()
    shares = next(check for check in report.checks if check.name == "Shares and recycled content")
    assert shares.sentence == "Recomputed, of total rare earths: 100.0 % US."


def test_the_expected_custody_hash_is_the_newest_one_or_an_earlier_one_of_the_lot():
    story = mine_to_metal()
    assert story.report(expect=story.custody_hash).verdict is Verdict.VALID
    story.log.say(story.parties["b"], "lot.hold", {"lot": urn("metal"), "reason": "waits"})
    earlier = story.log.said[story.said["reduce"].index]
    story.log.say(story.parties["b"], "lot.release", {"lot": urn("metal")})
    story.log.commit()
    assert earlier.digest
    from traceability.ledger.statement import custody_hash

    report = story.report(expect=custody_hash(urn("metal"), 0, earlier.digest))
    assert report.verdict is Verdict.VALID
    assert "expected_earlier_hash" in {one.code for one in report.findings()}
    assert codes(story.report(expect="sha256:" + "0" * 64)) == {"not_expected_hash"}


def scrap_without_assay(mass_kg: str, **more) -> Story:
    """Old magnets that nobody analysed are made into metal."""
    log = Log()
    log.commit()
    operator = log.operator
    story = Story(log, urn("metal"), {"operator": operator})
    scrap = lot("scrap", "100", origin="post_consumer", country="DE")
    story.said["scrap"] = story.log.say(operator, "lot.source", scrap)
    made = lot("metal", mass_kg, stage="metal", **{"class": "product"}, **more)
    body = {"inputs": draws(scrap="100"), "outputs": [made]}
    story.said["leach"] = story.log.say(operator, "lot.transform", body, process=[("leaching", "DE")])
    return story


def check(report, name):
    return next(one for one in report.checks if one.name == name)


def test_nothing_is_said_to_be_proven_of_a_step_that_was_not_evaluated():
    story = scrap_without_assay("40", assay=assay(Nd="60"))
    story.log.commit()
    report = story.report()
    assert (report.verdict, codes(report)) == (Verdict.VALID_WITH_WARNINGS, {"balance_not_evaluated"})
    balance = check(report, "Element balance")
    assert balance.sentence == "0 of 1 steps balanced. Not evaluated because a lot has no assay: 1."
    assert balance.word is Word.WARNING
    assert check(report, "Shares and recycled content").sentence == "A lot that the origins rest on has no assay."


def test_a_first_assay_that_comes_later_closes_the_balance_of_the_step():
    story = mine_to_metal(commit=False)
    ore = [{"lot": urn("metal"), "mass_kg": "1.3"}]
    bare = lot("alloy", "1.3", stage="alloy", **{"class": "product"})
    buyer = story.parties["b"]
    story.log.say(buyer, "lot.transform", {"inputs": ore, "outputs": [bare]}, process=[("melt", "EE")])
    story.target = urn("alloy")
    story.log.commit()
    before = story.report()
    assert check(before, "Element balance").sentence.startswith("2 of 3 steps balanced.")
    shares = check(before, "Shares and recycled content")
    assert (shares.word, shares.sentence) == (
        Word.NOT_ESTABLISHED, "The lot has no assay, so its rare earths are not known.",
    )  # fmt: skip
    story.log.say(buyer, "lot.assay", {"lot": urn("alloy"), "assay": assay(Nd="98.9")})
    story.log.commit()
    after = story.report()
    assert after.verdict is Verdict.VALID
    assert check(after, "Element balance").sentence == "3 balances in 3 steps recomputed. None creates matter."


def test_matter_is_not_made_of_a_lot_without_assay():
    story = scrap_without_assay("1000000", assay=assay(Nd="100"))
    story.log.commit()
    report = story.report()
    assert report.verdict is Verdict.INVALID
    assert {"element_created"} <= codes(report)


def test_a_lot_without_assay_is_not_all_of_it_this_and_all_of_it_that():
    story = scrap_without_assay("200", assay=assay(Nd="49", Dy="49"))
    story.log.commit()
    report = story.report()
    assert report.verdict is Verdict.INVALID
    assert "element_created" in codes(report)


def test_more_mass_than_came_in_is_a_warning_though_nothing_was_assayed():
    story = scrap_without_assay("100000")
    story.log.commit()
    assert codes(story.report()) == {"balance_not_evaluated", "mass_gain"}
