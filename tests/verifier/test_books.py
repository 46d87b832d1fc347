"""What an auditor reads of a bundle: accounts, stock-takes and exceptions, and that none of it changes a verdict."""

from datetime import timedelta

from tests.verifier.builder import urn
from tests.verifier.stories import mine_to_metal
from tests.verifier.test_claims import report as report_of_claims
from tests.verifier.test_claims import story_of_claims
from traceability.verifier.report import Level, Verdict, Word


def check_of(report, name):
    return next(one for one in report.checks if one.name == name)


def sentences(report, code, check="Material accounts"):
    return [one.sentence for one in check_of(report, check).findings if one.code == code]


def buyers(report, story):
    """The account lines of the buyer, by month."""
    b = story.parties["b"].urn
    return [one.sentence for one in check_of(report, "Material accounts").findings if b in one.where]


def test_each_line_closes_where_the_lots_are():
    story = mine_to_metal()
    found = story.report()
    assert found.verdict is Verdict.VALID
    check = check_of(found, "Material accounts")
    assert check.word is Word.PASS
    assert "not the whole stock" in check.sentence or "whole stock of a site" in check.sentence
    lines = buyers(found, story)
    assert "concentrate mass: opening 0, received 20, used -20, closing 0; the lots hold 0 kg." in lines
    assert "metal mass: opening 0, made 1.3, closing 1.3; the lots hold 1.3 kg." in lines
    assert "metal Nd: opening 0, made 1.287, closing 1.287; the lots hold 1.287 kg." in lines
    assert all(one.level is Level.NOTE for one in check.findings)


def test_a_stock_take_is_reconciled():
    story = mine_to_metal(commit=False)
    story.log.say(story.parties["b"], "lot.adjust", {"lot": urn("metal"), "change_kg": "-0.1", "reason": "stock-take."})
    story.log.commit()
    found = story.report()
    assert sentences(found, "stock_take") == ["Booked 1.3 kg, then 1.2 kg. stock-take."]
    assert "metal mass: opening 0, made 1.3, adjusted -0.1, closing 1.2; the lots hold 1.2 kg." in buyers(found, story)


def test_what_is_withheld_is_left_out_and_named():
    story = mine_to_metal()
    hidden = {digest for place, digest in story.said["receive"].places.items()}
    hidden |= set(story.said["dispatch"].disclosures) | set(story.said["split"].disclosures)
    members = story.log.members(hidden=hidden)
    found = story.report(members)
    left_out = {one.where for one in check_of(found, "Material accounts").findings if one.code == "account_left_out"}
    assert urn("con/1") in left_out


def test_the_months_of_a_claims_account():
    found = report_of_claims(story_of_claims())
    [line] = sentences(found, "claims_month")
    assert line == "Nd post_consumer: opening 0, credited 2.7, claimed -1, closing 1.7 kg."


def test_exceptions_are_gathered_and_change_no_verdict():
    quiet = mine_to_metal().report()
    assert check_of(quiet, "Exceptions").sentence.startswith(("Nothing", "To look at: weighed difference: 1"))
    story = mine_to_metal(commit=False)
    sent = {"lot": urn("metal"), "to": story.parties["a"].urn, "mass_kg": "1.3", "tolerance_pct": "0.05"}
    story.log.say(story.parties["b"], "lot.dispatch", sent)
    story.log.now += timedelta(days=20)
    story.log.commit()
    found = story.report()
    check = check_of(found, "Exceptions")
    assert "open transfer: 1" in check.sentence
    assert all(one.level is Level.NOTE for one in check.findings)
    assert found.verdict is Verdict.VALID_WITH_WARNINGS  # in_transit, as before


def test_a_transfer_of_yesterday_is_no_exception():
    story = mine_to_metal(commit=False)
    sent = {"lot": urn("metal"), "to": story.parties["a"].urn, "mass_kg": "1.3", "tolerance_pct": "0.05"}
    story.log.say(story.parties["b"], "lot.dispatch", sent)
    story.log.commit()
    assert "open transfer" not in check_of(story.report(), "Exceptions").sentence


def test_a_receipt_beyond_the_tolerance_is_one():
    story = mine_to_metal(commit=False)
    a, b = story.parties["a"], story.parties["b"]
    sent = {"lot": urn("metal"), "to": a.urn, "mass_kg": "1.3", "tolerance_pct": "0.05"}
    dispatch = story.log.say(b, "lot.dispatch", sent)
    got = {"lot": urn("metal"), "dispatch": dispatch.digest, "difference": "beyond", "weighed_mass_kg": "1.2"}
    story.log.say(a, "lot.receive", got)
    story.log.say(a, "lot.settle", {"lot": urn("metal"), "mass_kg": "1.2"})
    story.log.commit()
    found = story.report()
    words = check_of(found, "Exceptions").sentence
    assert "beyond the tolerance: 1" in words
    assert "settled by the receiver alone: 1" in words
    assert sentences(found, "stock_take") == ["Booked 1.3 kg, then 1.2 kg."]


def test_both_are_in_the_text_and_in_the_json():
    value = mine_to_metal().report().to_value()
    assert [(one["number"], one["group"], one["name"]) for one in value["checks"][-2:]] == [
        (15, "books", "Material accounts"), (16, "books", "Exceptions"),
    ]  # fmt: skip
