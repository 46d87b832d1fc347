"""The omission matrix: whatever is dropped, swapped or doubled has a result code of its own, and is never VALID."""

import json
from functools import cache

import pytest

from tests.verifier.builder import codes, signer, urn
from tests.verifier.stories import Story, attest, correct, lot, mine_to_metal
from traceability.ledger import bundle, canonical
from traceability.ledger.identifiers import b64url_encode
from traceability.ledger.signing import key_id
from traceability.ledger.statement import custody_hash
from traceability.verifier.report import Verdict

NAMES = ("source", "beneficiate", "split", "dispatch", "receive", "reduce", "mine")


@cache
def whole() -> Story:
    """The story with a correction, a rotated and a revoked key, an attestation that was withdrawn, and tail events."""
    story = mine_to_metal(commit=False)
    log, a, b = story.log, story.parties["a"], story.parties["b"]
    story.said["correct"] = correct(
        story, "mine", {"facility": urn("mine"), "country": "US", "name": "Juniper Flat mine"}
    )
    auditor = story.parties["auditor"] = log.register("auditor", roles=["auditor"])
    story.said["attest"] = attest(story, auditor, "source", name="to be withdrawn")
    story.said["withdraw"] = log.say(
        auditor, "statement.void", {"voids": story.said["attest"].digest, "reason": "signed too early"}
    )
    old, new = a.key, signer("new key of a")
    story.said["rotate"] = log.say(
        a, "key.rotate", {"public_key": b64url_encode(new.public_key), "custody": "platform"},
        subject=a.urn, cosigned=[(a, new)],
    )  # fmt: skip
    a.key = new
    lost = {"key": key_id(old.public_key), "compromised_from_index": story.said["rotate"].index + 1, "reason": "lost"}
    story.said["revoke"] = log.say(a, "key.revoke", lost, subject=a.urn)
    story.said["hold"] = log.say(b, "lot.hold", {"lot": urn("metal"), "reason": "waits for the laboratory"})
    story.said["recall"] = log.say(a, "lot.recall", {"lot": urn("con/1"), "reason": "contaminated"})
    log.commit()
    return story


def test_the_whole_story_has_no_more_than_warnings():
    report = whole().report()
    assert report.verdict is Verdict.VALID_WITH_WARNINGS
    assert codes(report) == {"recall", "on_hold"}


@pytest.mark.parametrize(
    "name", sorted({*NAMES, "correct", "attest", "withdraw", "rotate", "revoke", "hold", "recall"})
)
def test_a_dropped_statement_is_missed_by_the_proof(name):
    members = whole().log.members()
    del members[whole().said[name].name]
    report = whole().report(members)
    assert report.verdict is Verdict.INVALID
    assert "statement_missing" in codes(report)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("source", "chain_gap"),
        ("beneficiate", "chain_gap"),
        ("split", "chain_gap"),
        ("dispatch", "chain_gap"),
        ("receive", "chain_gap"),
        ("reduce", "target_missing"),
        ("mine", "chain_gap"),
        ("rotate", "key_unknown"),
        ("correct", "chain_gap"),
        ("attest", "spare_member"),
        ("withdraw", "chain_cut"),
        ("revoke", "chain_cut"),
        ("hold", "chain_cut"),
        ("recall", "chain_cut"),
    ],
)
def test_a_dropped_statement_is_missed_by_its_chain_when_the_proof_is_made_anew(name, code):
    story = whole()
    subjects = {one for said in story.log.said for one in said.subjects} - story.log.outside
    report = story.report(story.log.members(without=[story.said[name]], subjects=subjects))
    assert report.verdict is Verdict.INVALID
    assert code in codes(report)


@pytest.mark.parametrize("name", ["withdraw", "revoke", "hold", "recall"])
def test_a_dropped_tail_is_missed_by_completeness_when_the_heads_proof_is_made_anew_too(name):
    story = whole()
    gone = set(story.said[name].subjects)
    subjects = {one for said in story.log.said for one in said.subjects} - story.log.outside - gone
    before = custody_hash(story.target, 0, story.said["reduce"].digest) if name == "hold" else ""
    report = story.report(story.log.members(without=[story.said[name]], subjects=subjects), custody=before)
    assert report.verdict is Verdict.INCOMPLETE
    assert "completeness_not_established" in codes(report)


def test_a_dropped_registration_leaves_signatures_of_nobody():
    story = whole()
    register = next(one for one in story.log.said if one.subjects == (story.parties["b"].urn,))
    report = story.report(story.log.members(without=[register]))
    assert report.verdict is Verdict.INVALID
    assert "key_unknown" in codes(report)


def test_swapped_statements_do_not_lead_to_the_root():
    story = whole()
    members = story.log.members()
    one, other = story.said["dispatch"].name, story.said["receive"].name
    members[one], members[other] = members[other], members[one]
    report = story.report(members)
    assert report.verdict is Verdict.INVALID
    assert "root_mismatch" in codes(report)


def test_a_doubled_statement_has_no_proof():
    story = whole()
    members = story.log.members()
    members[bundle.statement_name(1)] = story.said["hold"].envelope
    report = story.report(members)
    assert report.verdict is Verdict.INVALID
    assert "statement_without_proof" in codes(report)


@pytest.mark.parametrize(
    ("member", "code", "verdict"),
    [
        (bundle.INCLUSION_NAME, "missing_member", Verdict.INVALID),
        (bundle.HEADS_NAME, "completeness_not_established", Verdict.INCOMPLETE),
        ("checkpoints/", "checkpoint_missing", Verdict.INVALID),
        ("consistency/", "consistency_not_established", Verdict.INCOMPLETE),
        ("disclosures/", "not_established", Verdict.INCOMPLETE),
    ],
)
def test_a_dropped_proof_is_named(member, code, verdict):
    members = {name: content for name, content in whole().log.members().items() if not name.startswith(member)}
    report = whole().report(members)
    assert report.verdict is verdict
    assert code in codes(report)


def test_without_the_newest_checkpoint_the_proofs_are_for_another_tree():
    members = whole().log.members()
    del members[max(name for name in members if name.startswith("checkpoints/"))]
    report = whole().report(members)
    assert report.verdict is Verdict.INVALID
    assert "bad_multiproof" in codes(report)


def test_each_disclosure_that_a_rule_needs_is_missed():
    story = whole()
    needed = [
        digest
        for said in story.log.said
        for place, digest in said.places.items()
        if place.endswith(("mass_kg", "/rows")) and said.kind.startswith("lot.")
    ]
    assert len(needed) > 12
    for digest in needed:
        report = story.report(story.log.members(hidden=[digest]))
        assert (report.verdict, "not_established" in codes(report)) == (Verdict.INCOMPLETE, True)


def test_a_name_may_be_withheld():
    story = whole()
    [digest] = [digest for place, digest in story.said["mine"].places.items() if place == "/body/name"]
    report = story.report(story.log.members(hidden=[digest]))
    assert report.verdict is Verdict.VALID_WITH_WARNINGS


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("disclosures/" + "A" * 43 + ".txt", b"x"),
        ("evidence/" + "0" * 64, b"a document that nobody named"),
        ("consistency/1.json", b"{}"),
        ("factors/spare.json", b"{}"),
        ("declarations/spare.json", b"{}"),
    ],
)
def test_a_member_that_nothing_leads_to_is_spare(name, content):
    report = whole().report(whole().log.members() | {name: content})
    assert report.verdict is Verdict.INVALID
    assert codes(report) - {"recall", "on_hold"} == {"spare_member"}


def test_a_statement_that_has_nothing_to_do_with_the_lot_is_spare():
    story = mine_to_metal(commit=False)
    outsider = story.log.register("outsider")
    story.log.say(
        outsider, "lot.source",
        lot("other ore", "5", stage="ore", origin="mined", country="US"),
    )  # fmt: skip
    story.log.commit()
    report = story.report()
    assert report.verdict is Verdict.INVALID
    assert codes(report) == {"spare_member", "spare_hash"}


@pytest.mark.parametrize("name", [bundle.INCLUSION_NAME, "consistency/2.json"])
def test_a_spare_hash_is_named(name):
    members = whole().log.members()
    value = json.loads(members[name])
    value["hashes"] = [*value.get("hashes", []), b64url_encode(bytes(32))]
    report = whole().report(members | {name: canonical.encode(value)})
    assert report.verdict is Verdict.INVALID
    assert codes(report) & {"spare_hash", "wrong_path_length"}


def test_a_spare_node_of_the_heads_proof_is_named():
    members = whole().log.members()
    value = json.loads(members[bundle.HEADS_NAME])
    value["nodes"].append(b64url_encode(bytes(32)))
    report = whole().report(members | {bundle.HEADS_NAME: canonical.encode(value)})
    assert report.verdict is Verdict.INVALID
    assert "spare_hash" in codes(report)


def test_an_earlier_checkpoint_over_nothing_is_spare():
    story = mine_to_metal()
    name = bundle.checkpoint_name(2)
    assert name in story.log.members()
    members = story.log.members() | {bundle.checkpoint_name(3): story.log.checkpoints[2]}
    report = story.report(members)
    assert report.verdict is Verdict.INVALID
    assert "bad_checkpoint" in codes(report)
