"""Claims accounts in a bundle: folded again offline, each violation named, what it cannot show said."""

from datetime import timedelta

import pytest

from tests.verifier.builder import codes, urn
from tests.verifier.stories import Story, assay, attest, correct, draws, lot, mine_to_metal, smallest
from traceability.verifier.report import Verdict, Word
from traceability.verifier.trust import Trust

TERMS = {
    "model": "mass_balance", "method": "credit", "materials_in": ["scrap"], "materials_out": ["metal"],
    "element": "Nd", "characteristic": {"source": "post_consumer"}, "conversion_factor": "0.9", "period_months": 12,
}  # fmt: skip


def story_of_claims(*, commit: bool = True, **terms) -> Story:
    """The buyer has an account, credits 3 kg of scrap to it, and claims 1 of the 1.287 kg Nd in the metal."""
    story = mine_to_metal(commit=False)
    log, b, said = story.log, story.parties["b"], story.said
    said["open"] = log.say(b, "account.open", {"account": urn("account")} | TERMS | terms)
    said["scrap"] = scrap(story, "scrap")
    said["credit"] = credit(story, "scrap")
    said["claim"] = claim(story, "metal", "1", content_kg="1.287")
    log.outside |= {urn("scrap")}
    if commit:
        log.commit()
    return story


def scrap(story, name, **more):
    row = lot(
        name, "10", material="scrap", stage="eol_magnet", origin="post_consumer", country="DE", assay=assay(Nd="30")
    )
    return story.log.say(story.parties["b"], "lot.source", row | more)


def credit(story, name, **more):
    body = {"account": urn("account"), "lot": urn(name), "content_kg": "3", "share": "1", "amount_kg": "2.7"}
    return story.log.say(story.parties["b"], "account.credit", body | more)


def claim(story, name, amount_kg, *, occurred=None, **more):
    body = {"account": urn("account"), "lot": urn(name), "amount_kg": amount_kg} | more
    return story.log.say(story.parties["b"], "account.claim", body, occurred=occurred)


def report(story, *, hidden=(), **more):
    """The report on the lot with the claim; of the lots that were credited nothing is in the bundle."""
    away = [one for one in story.log.said if one.kind == "lot.source" and set(one.subjects) & story.log.outside]
    return story.report(story.log.members(without=away, hidden=hidden), **more)


def claimed(found):
    return next(one for one in found.checks if one.name == "Claimed shares")


def test_an_account_is_folded_again():
    found = report(story_of_claims())
    assert found.verdict is Verdict.VALID, found.findings()
    check = claimed(found)
    assert check.word is Word.PASS
    assert "1 kg Nd post_consumer (77.7 %)" in check.sentence
    assert "none is overdrawn" in check.sentence
    assert [one.code for one in check.findings] == ["credited_beside"]


def test_claims_never_feed_what_the_lot_physically_holds():
    shares = next(one for one in report(story_of_claims()).checks if one.name == "Shares and recycled content")
    assert shares.sentence == "Recomputed, of total rare earths: 100.0 % US."


def test_a_lot_without_claims_carries_no_account():
    found = mine_to_metal().report()
    assert claimed(found).word is Word.NOT_APPLICABLE


def claim_too_much(story):
    claim(story, "metal", "1.287", content_kg="1.287")


def credit_twice(story):
    credit(story, "scrap")


def credit_too_much(story):
    scrap(story, "more scrap")
    story.log.outside |= {urn("more scrap")}
    credit(story, "more scrap", amount_kg="2.701")


def claim_by_another(story):
    body = {"account": urn("account"), "lot": urn("metal"), "amount_kg": "1", "content_kg": "1.287"}
    story.log.say(story.parties["a"], "account.claim", body)


def claim_of_what_expired(story):
    """More than the account has left; a credit of a year ago does not count."""
    later = story.log.now + timedelta(days=400)
    story.log.now = later
    body = {"account": urn("account"), "lot": urn("ore of b"), "amount_kg": "1", "content_kg": "3"}
    story.log.say(story.parties["b"], "account.claim", body)


def goes_back_in_time(story):
    claim(story, "metal", "0.1", content_kg="1.287", occurred=story.log.now - timedelta(days=90))


@pytest.mark.parametrize(
    ("attack", "code"),
    [
        (claim_too_much, "claimed_twice"),
        (credit_twice, "credited_twice"),
        (credit_too_much, "credit_too_large"),
        (claim_by_another, "not_your_subject"),
        (claim_of_what_expired, "account_overdrawn"),
        (goes_back_in_time, "account_refused"),
    ],
)
def test_attacks(attack, code):
    story = story_of_claims(commit=False)
    attack(story)
    story.log.outside |= {urn("ore of b")}
    story.log.commit()
    found = report(story)
    assert found.verdict is Verdict.INVALID
    assert code in codes(found)


def test_a_claim_that_the_account_never_had_is_named_under_the_claims():
    story = story_of_claims(commit=False, conversion_factor="0.1")
    story.log.commit()
    found = report(story)
    assert found.verdict is Verdict.INVALID
    assert {one.code for one in claimed(found).findings} >= {"credit_too_large"}
    assert claimed(found).word is Word.FAIL


def test_what_is_left_out_of_the_chain_of_an_account_is_found():
    story = story_of_claims()
    away = [story.said["credit"], story.said["scrap"]]
    found = story.report(story.log.members(without=away))
    assert found.verdict is Verdict.INVALID


def test_withheld_amounts_are_not_established_until_an_auditor_attests_them():
    story = story_of_claims(commit=False)
    auditor = story.log.register("auditor", roles=["auditor"])
    attest(story, auditor, "credit", "claim")
    story.log.commit()
    hidden = story.said["credit"].disclosures
    found = report(story, hidden=hidden)
    assert found.verdict is Verdict.INCOMPLETE
    assert claimed(found).word is Word.NOT_ESTABLISHED
    trusted = report(story, hidden=hidden, trust=Trust(auditors={auditor.urn: "Auditor"}))
    assert "not_established" not in codes(trusted)


def test_a_correction_that_leaves_too_little_is_a_warning():
    story = story_of_claims(commit=False)
    smaller = {"account": urn("account"), "lot": urn("scrap"), "content_kg": "3", "share": "0.3", "amount_kg": "0.5"}
    correct(story, "credit", smaller, by="b")
    story.log.commit()
    found = report(story)
    assert found.verdict is Verdict.VALID_WITH_WARNINGS
    assert [one.code for one in claimed(found).findings if one.level] == ["account_short"]


def test_a_raised_model_is_a_warning():
    """The door lets nobody sign it; what a log took all the same is shown."""
    story = smallest()
    blended = lot("blend", "10", stage="oxide", origin="mined", country="US", assay=assay(Nd2O3="90"))
    story.log.say(story.parties["operator"], "lot.source", blended | {"custody_model": "mass_balance"})
    step = {"inputs": draws(blend="10"), "custody_model": "segregated",
            "outputs": [lot("metal", "7", stage="metal", **{"class": "product"}, assay=assay(Nd="99"))]}  # fmt: skip
    story.log.say(story.parties["operator"], "lot.transform", step, process=[("reduce", "EE")])
    story.target = urn("metal")
    story.log.commit()
    ore = [one for one in story.log.said if urn("ore") in one.subjects]
    found = story.report(story.log.members(without=ore, subjects={urn("blend"), urn("metal"), urn("operator")}))
    assert "model_raised" in {one.code for one in claimed(found).findings}
    assert claimed(found).word is Word.WARNING
