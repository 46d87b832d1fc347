"""True stories are valid, and the report says what it looked at."""

from datetime import timedelta

import pytest

from tests.verifier.builder import codes, urn
from tests.verifier.stories import mine_to_metal, smallest
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
        "Shares and recycled content", "Current",
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
