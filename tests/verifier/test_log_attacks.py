"""Attacks on the log, its heads and its times (record-format.md sections 7 and 8)."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.ledger.log_keys import WITNESSES, note_signer
from tests.verifier.builder import START, Log, codes, urn
from tests.verifier.stories import Story, lot, mine_to_metal, smallest
from traceability.ledger import bundle, canonical
from traceability.ledger.headsproof import Head
from traceability.ledger.notes import ED25519_COSIGNATURE, add_signatures, format_note, parse_note
from traceability.ledger.policy import parse_policy
from traceability.ledger.statement import Seen
from traceability.verifier.report import Verdict
from traceability.verifier.trust import Trust

ORE = lot("ore", "1000", stage="ore", origin="mined", country="US", lot_number="ORE-1")
HOLD = {"lot": urn("metal"), "reason": "waits"}
SPILT = {"lot": urn("metal"), "change_kg": "-0.1", "reason": "spilt"}


def told(**commit):
    """The report on the story, its heads said in this way."""
    story = mine_to_metal(commit=False)
    story.log.commit(**commit)
    return story.report()


# Heads


def test_the_heads_are_the_last_leaf():
    story = mine_to_metal(commit=False)
    story.log.sign()
    report = story.report()
    assert report.verdict is Verdict.INVALID
    assert "heads_not_last_leaf" in codes(report)


def test_the_heads_are_of_exactly_this_tree():
    assert "heads_not_last_leaf" in codes(told(size=3))


def test_the_heads_are_said_by_the_operator():
    story = mine_to_metal(commit=False)
    story.log.commit(by=story.parties["a"])
    report = story.report()
    assert report.verdict is Verdict.INVALID
    assert "heads_issuer" in codes(report)


def test_the_heads_are_not_signed_by_a_key_of_the_log():
    class LogKey:
        def __init__(self, holder):
            self.public_key, self.sign = holder.key.public_key, holder.holder.sign

    story = mine_to_metal(commit=False)
    story.log.commit(key=LogKey(story.log.signers[0]))
    report = story.report()
    assert report.verdict is Verdict.INVALID
    assert "key_unknown" in codes(report)


def test_a_map_that_hides_the_newest_statement_is_found_by_the_statement():
    story = mine_to_metal(commit=False)
    before = dict(story.log.heads)
    story.log.say(story.parties["b"], "lot.hold", HOLD)
    story.log.commit(heads=before)
    report = story.report(story.log.members(heads=before))
    # In the record of its operator this lot is not on hold; the bundle shows that it is.
    assert report.verdict is Verdict.INVALID
    assert "heads_differ" in codes(report)


def test_a_map_with_another_head_is_found():
    story = mine_to_metal(commit=False)
    false = story.log.heads | {urn("metal"): Head(1, "sha256:" + "0" * 64)}
    story.log.commit(heads=false)
    report = story.report(story.log.members(heads=false))
    assert report.verdict is Verdict.INVALID
    assert "heads_differ" in codes(report)


def test_old_heads_do_not_lead_to_the_root_that_was_signed():
    """Section 7, Heads: every chain ends with a proof for exactly the heads that the checkpoint covers; old heads."""
    story = mine_to_metal()
    old = story.log.members()[bundle.HEADS_NAME]
    story.log.say(story.parties["b"], "lot.hold", HOLD)
    story.log.commit()
    report = story.report(story.log.members() | {bundle.HEADS_NAME: old})
    assert report.verdict is Verdict.INVALID
    assert "root_mismatch" in codes(report)


def test_heads_of_another_log_do_not_lead_to_the_root_that_was_signed():
    """Section 7, Heads: foreign heads, of a log in which the same lot has no later statement."""
    story, other = mine_to_metal(), mine_to_metal(commit=False)
    other.log.say(other.parties["a"], "lot.recall", {"lot": urn("con/1"), "reason": "x"})
    other.log.commit()
    report = story.report(story.log.members() | {bundle.HEADS_NAME: other.log.members()[bundle.HEADS_NAME]})
    assert report.verdict is Verdict.INVALID
    assert "root_mismatch" in codes(report)


def test_an_older_bundle_stays_what_it_was_and_its_age_shows():
    story = mine_to_metal()
    old, then = story.log.members(), story.custody_hash
    story.log.say(story.parties["b"], "lot.hold", HOLD)
    story.log.commit()
    later = story.log.now + timedelta(days=40)
    assert story.report(old, custody=then).verdict is Verdict.VALID
    assert codes(story.report(old, custody=then, at=later)) == {"stale"}


# Checkpoints and proofs


def forked():
    """Two histories of one log, equal up to the first checkpoint of size 2, and of the same size after it."""
    one, other = mine_to_metal(commit=False), mine_to_metal(commit=False)
    one.log.say(one.parties["b"], "lot.hold", HOLD)
    other.log.say(other.parties["b"], "lot.adjust", SPILT)
    one.log.commit()
    other.log.commit()
    return one, other


def test_a_statement_that_saw_another_history_convicts_the_log():
    one, other = forked()
    other.log.seen = one.log.seen
    other.log.say(other.parties["b"], "lot.recall", {"lot": urn("metal"), "reason": "x"})
    other.log.commit()
    report = other.report()
    assert report.verdict is Verdict.INVALID
    assert "not_consistent" in codes(report)


def test_an_earlier_checkpoint_of_another_history_convicts_the_log():
    one, other = forked()
    size = max(one.log.checkpoints)
    one.log.say(one.parties["b"], "lot.release", {"lot": urn("metal")})
    one.log.commit()
    members = one.log.members()
    members[bundle.checkpoint_name(size)] = other.log.checkpoints[size]
    report = one.report(members)
    assert report.verdict is Verdict.INVALID
    assert "not_consistent" in codes(report)


def test_a_checkpoint_of_another_log_does_not_count():
    story = mine_to_metal()
    report = story.report(policy=Log(seed="another").policy())
    assert report.verdict is Verdict.INVALID
    assert "no_known_signature" in codes(report)


def test_a_checkpoint_that_only_a_witness_signed_does_not_count():
    story = mine_to_metal()
    lines = f"log {Log(seed='x').signers[0].key}\nwitness time {story.log.signers[2].key}\nquorum time\n"
    report = story.report(policy=parse_policy(lines.encode()))
    assert report.verdict is Verdict.INVALID
    assert "checkpoint_not_signed_by_log" in codes(report)


@pytest.mark.parametrize("line", [0, 1, 2])
def test_one_wrong_signature_of_a_named_key_refuses_the_checkpoint(line):
    story = mine_to_metal()
    name = bundle.checkpoint_name(max(story.log.checkpoints))
    members = story.log.members()
    note = parse_note(members[name])
    broken = note.signatures[line]
    changed = bytes([broken.signature[0]]) + bytes([broken.signature[1] ^ 1]) + broken.signature[2:]
    signatures = list(note.signatures)
    signatures[line] = type(broken)(broken.name, broken.key_id, changed)
    members[name] = format_note(type(note)(note.text, tuple(signatures)))
    report = story.report(members)
    assert report.verdict is Verdict.INVALID
    assert "wrong_note_signature" in codes(report)


def test_a_line_of_an_unknown_key_is_a_warning():
    story = mine_to_metal()
    report = story.report(policy=story.log.policy(ml=False))
    assert (report.verdict, codes(report)) == (Verdict.VALID_WITH_WARNINGS, {"unknown_note_key"})


@pytest.mark.parametrize(("line", "expected"), [(0, {"unknown_note_key", "log_key_did_not_sign"}),
                                                (2, {"unknown_note_key", "witness_did_not_sign"})])  # fmt: skip
def test_a_line_of_an_earlier_checkpoint_under_another_name_is_a_warning_too(line, expected):
    """Section 8, `unknown_note_key`: whoever renames the time key of an earlier checkpoint takes its time away."""
    story = mine_to_metal()
    name = bundle.checkpoint_name(2)
    members = story.log.members()
    note = parse_note(members[name])
    signatures = list(note.signatures)
    signatures[line] = replace(note.signatures[line], name="renamed.example")
    members[name] = format_note(type(note)(note.text, tuple(signatures)))
    report = story.report(members)
    assert (report.verdict, codes(report)) == (Verdict.VALID_WITH_WARNINGS, expected)


def test_a_key_of_the_log_that_did_not_sign_is_a_warning():
    story = mine_to_metal()
    name = bundle.checkpoint_name(max(story.log.checkpoints))
    members = story.log.members()
    note = parse_note(members[name])
    members[name] = format_note(type(note)(note.text, (note.signatures[0], note.signatures[2])))
    assert codes(story.report(members)) == {"log_key_did_not_sign"}


def test_the_quorum_of_the_policy_is_asked_for():
    story = mine_to_metal(commit=False)
    story.log.commit(witnesses=WITNESSES[:1])
    asked = story.log.policy(witnesses=WITNESSES[:2], quorum="w0")
    report = story.report(policy=asked)
    assert (report.verdict, codes(report)) == (Verdict.VALID_WITH_WARNINGS, {"witness_did_not_sign"})
    missing = story.log.policy(witnesses=WITNESSES[:2], quorum="w1")
    report = story.report(policy=missing)
    assert (report.verdict, codes(report)) == (Verdict.INCOMPLETE, {"quorum_not_reached"})


@pytest.mark.parametrize(("quorum", "verdict"), [("none", Verdict.VALID_WITH_WARNINGS), ("time", Verdict.INCOMPLETE)])
def test_a_bundle_without_the_lines_of_the_time_key_is_never_valid(quorum, verdict):
    story = mine_to_metal()
    policy = story.log.policy(quorum=quorum)
    assert story.report(policy=policy).verdict is Verdict.VALID
    newest = bundle.checkpoint_name(max(story.log.checkpoints))
    honest = story.log.members()
    notes = [name for name in honest if name.startswith("checkpoints/")]
    assert len(notes) > 1
    for stripped, expected in ((notes, verdict), ([newest], verdict), ([notes[0]], Verdict.VALID_WITH_WARNINGS)):
        report = story.report({**honest, **{name: _without_time(honest[name]) for name in stripped}}, policy=policy)
        assert report.verdict is expected
        assert codes(report) <= {"quorum_not_reached", "witness_did_not_sign"}


def _without_time(content: bytes) -> bytes:
    note = parse_note(content)
    return format_note(type(note)(note.text, tuple(one for one in note.signatures if not one.name.endswith("/time"))))


def test_without_a_policy_nothing_is_more_than_self_asserted():
    from tests.verifier.builder import pack, verify

    story = mine_to_metal()
    report = verify(pack(story.log.members(), story.target, story.custody_hash), Trust(), None)
    assert (report.verdict, codes(report)) == (Verdict.INCOMPLETE, {"trust_self_asserted"})
    assert report.first_line.startswith("as the log stood at an unknown time")


def test_a_proof_of_a_smaller_tree_is_not_bound_to_the_checkpoint():
    story = mine_to_metal()
    members = story.log.members()
    value = json.loads(members[bundle.INCLUSION_NAME])
    members[bundle.INCLUSION_NAME] = canonical.encode(value | {"size": value["size"] + 1})
    report = story.report(members)
    assert report.verdict is Verdict.INVALID
    assert "bad_multiproof" in codes(report)


def test_a_statement_at_a_false_index_does_not_lead_to_the_root():
    story = mine_to_metal()
    members = story.log.members()
    value = json.loads(members[bundle.INCLUSION_NAME])
    moved = [1 if index == 0 else index for index in value["indexes"]]
    members[bundle.INCLUSION_NAME] = canonical.encode(value | {"indexes": moved})
    members[bundle.statement_name(1)] = members.pop(bundle.statement_name(0))
    report = story.report(members)
    assert report.verdict is Verdict.INVALID
    assert "root_mismatch" in codes(report)


def test_a_checkpoint_under_a_false_name():
    story = mine_to_metal()
    members = story.log.members()
    size = max(story.log.checkpoints)
    members[bundle.checkpoint_name(size + 1)] = members.pop(bundle.checkpoint_name(size))
    report = story.report(members)
    assert "bad_checkpoint" in codes(report)


# Other logs


def test_a_statement_is_not_replayed_into_another_log():
    """Section 2, `seen` names the origin: a statement cannot be replayed into another log."""
    mine = smallest()
    log = Log(origin="other.example/lodestone")
    log.log(mine.said["source"].envelope)
    log.said[-1].disclosures = mine.said["source"].disclosures
    log.commit()
    report = Story(log, urn("ore")).report()
    assert report.verdict is Verdict.INVALID
    assert "foreign_log" in codes(report)


def test_the_future_was_not_seen():
    story = mine_to_metal(commit=False)
    story.log.say(story.parties["b"], "lot.hold", HOLD, seen=Seen(story.log.origin, 99, "sha256:" + "0" * 64))
    story.log.commit()
    report = story.report()
    assert "seen_after_index" in codes(report)


@pytest.mark.parametrize("size", [0, 2])
def test_what_was_seen_is_a_root_of_this_log(size):
    story = mine_to_metal(commit=False)
    story.log.say(story.parties["b"], "lot.hold", HOLD, seen=Seen(story.log.origin, size, "sha256:" + "0" * 64))
    story.log.commit()
    assert "not_consistent" in codes(story.report())


# Time


def test_a_claim_that_is_younger_than_the_log_is_a_warning():
    story = mine_to_metal(commit=False)
    story.log.say(story.parties["b"], "lot.adjust", SPILT, issued=START + timedelta(days=1))
    story.log.commit()
    assert codes(story.report()) == {"claimed_time_after_log"}


def test_a_late_entry_is_marked_with_its_delay():
    story = mine_to_metal(commit=False)
    story.log.say(story.parties["b"], "lot.adjust", SPILT, occurred=START - timedelta(days=3))
    story.log.commit()
    report = story.report()
    assert report.verdict is Verdict.VALID
    [late] = [one for one in report.findings() if one.code == "late_entry"]
    assert "3 days" in late.sentence


def test_the_first_cosigned_time_over_a_statement_counts():
    """A later checkpoint, signed much later, does not make an early claim young."""
    story = mine_to_metal(commit=False)
    story.log.say(story.parties["b"], "lot.adjust", SPILT, issued=START + timedelta(days=1))
    story.log.commit()
    story.log.now = START + timedelta(days=2)
    story.log.say(story.parties["b"], "lot.adjust", SPILT)
    story.log.commit()
    assert codes(story.report()) == {"claimed_time_after_log"}


def test_a_foreign_time_does_not_count():
    """Section 7: only the log's own time key and witnesses of the policy say when; foreign time."""
    story = mine_to_metal()
    name = bundle.checkpoint_name(max(story.log.checkpoints))
    members = story.log.members()
    foreign = note_signer("time.example", ED25519_COSIGNATURE)
    young = int((story.log.now + timedelta(days=300)).timestamp())
    members[name] = format_note(add_signatures(parse_note(members[name]), [foreign], time=young))
    report = story.report(members, at=story.log.now + timedelta(days=300))
    assert report.stood.as_of == story.log.now
    assert codes(report) == {"unknown_note_key", "stale"}


def test_a_checkpoint_from_the_future_is_invalid():
    story = mine_to_metal()
    report = story.report(at=story.log.now - timedelta(minutes=11))
    assert (report.verdict, codes(report)) == (Verdict.INVALID, {"checkpoint_from_future"})
    assert story.report(at=story.log.now - timedelta(minutes=9)).verdict is Verdict.VALID


def test_the_reader_says_what_is_old():
    story = mine_to_metal()
    at = story.log.now + timedelta(days=8)
    assert story.report(at=at).verdict is Verdict.VALID
    assert codes(story.report(at=at, trust=Trust(greatest_age=timedelta(days=7)))) == {"stale"}


def test_a_policy_without_any_time_leaves_the_moment_unknown():
    story = mine_to_metal()
    report = story.report(policy=story.log.policy(ml=False, time=False))
    assert report.verdict is Verdict.INCOMPLETE
    assert "time_not_established" in codes(report)


def test_the_manifest_names_the_newest_custody_hash():
    story = mine_to_metal()
    report = story.report(custody="sha256:" + "0" * 64)
    assert codes(report) == {"custody_hash_mismatch"}
