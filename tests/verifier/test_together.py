"""Two bundles come from one history, or it is said what is missing, or the fork is proven."""

import io
import json
from pathlib import Path

import pytest

from tests.verifier.builder import pack
from tests.verifier.stories import NOBODY, Story, smallest
from traceability.ledger import merkle, tiles
from traceability.ledger.identifiers import b64_encode
from traceability.verifier import together
from traceability.verifier.checks import all_checks, examine_file
from traceability.verifier.command import main
from traceability.verifier.report import Asked, Verdict


def bundle(story: Story) -> bytes:
    return pack(story.log.members(), story.target, story.custody_hash)


def facts(content: bytes, story: Story):
    return examine_file(io.BytesIO(content), NOBODY, story.log.policy(), asked=Asked(), checks=all_checks()).facts


def grown(story: Story, reason: str = "later", kind: str = "lot.hold") -> Story:
    """The same log after one more statement on its lot."""
    story.said[reason] = story.log.say(story.log.operator, kind, {"lot": story.target, "reason": reason})
    story.log.commit()
    return story


def proof(story: Story, old: int, new: int) -> tuple[bytes, ...]:
    reader = tiles.subtree_reader(new, tiles.grow(0, story.log.leaves[:new], lambda _: b"").__getitem__)
    return merkle.consistency_path(old, new, reader)


def test_what_grew_is_one_history():
    story = smallest()
    before = bundle(story)
    after = bundle(grown(story))
    one, other = facts(before, story), facts(after, story)
    assert together.compare(one, other).code == "one_history"
    assert together.compare(other, one).code == "one_history"
    assert together.compare(one, one).verdict is Verdict.VALID


def test_without_a_common_tree_a_proof_of_the_log_decides():
    story = smallest()
    one = facts(bundle(story), story)
    old = one.checkpoint.size
    other = facts(bundle(grown(story)), story)
    other.earlier.clear()  # a bundle of another lot, whose first checkpoints are later ones
    missing = together.compare(one, other)
    assert (missing.verdict, missing.code) == (Verdict.INCOMPLETE, "history_not_established")
    assert f"consistency/{old}/{other.checkpoint.size}" in missing.sentence
    right = proof(story, old, other.checkpoint.size)
    served = "".join(f"{b64_encode(one)}\n" for one in right).encode()
    assert together.compare(one, other, together.read_proof(served)).code == "one_history"
    for wrong in ([bytes(32), *right[1:]], right[1:], [*right, bytes(32)], []):
        assert together.compare(one, other, wrong).code == "consistency_not_shown"


def test_a_fork_is_proven_by_two_bundles():
    """The same keys signed two trees of one size; each bundle alone is valid."""
    one, other = smallest(), smallest()
    first, second = bundle(grown(one, "a")), bundle(grown(other, "b"))
    assert facts(first, one).checkpoint.size == facts(second, other).checkpoint.size
    found = together.compare(facts(first, one), facts(second, one))
    assert (found.verdict, found.code) == (Verdict.INVALID, "history_forked")
    bare = facts(second, one)
    bare.earlier.clear()
    # Of another size: the leaves tell.
    bare.checkpoint = facts(bundle(grown(other, "c", "lot.release")), one).checkpoint
    assert together.compare(facts(first, one), bare).code == "history_forked"


def test_two_logs_are_not_compared():
    story = smallest()
    assert together.compare(None, facts(bundle(story), story)).code == "history_not_compared"


@pytest.mark.parametrize(("fork", "exit_code", "code"), [(False, 2, "one_history"), (True, 1, "history_forked")])
def test_the_command_says_it(tmp_path: Path, capsys, fork: bool, exit_code: int, code: str):
    story, other = smallest(), smallest()
    (tmp_path / "a").write_bytes(bundle(story))
    (tmp_path / "b").write_bytes(bundle(grown(story)))
    if fork:
        grown(other, "x")
        (tmp_path / "a").write_bytes(bundle(other))
    ed25519, ml_dsa, time = (one.key for one in story.log.signers)
    (tmp_path / "policy").write_text(f"log {ed25519}\nlog {ml_dsa}\nwitness time {time}\nquorum time\n")
    (tmp_path / "trust").write_text(json.dumps({"format": "lodestone-trust/1"}))
    given = [str(tmp_path / "b"), "--policy", str(tmp_path / "policy"), "--trust", str(tmp_path / "trust"), "--json"]
    assert main([*given, "--consistent-with", str(tmp_path / "a")], all_checks()) == exit_code
    said = json.loads(capsys.readouterr().out)
    assert said["together"]["code"] == code
    assert {said["verdict"], said["other_bundle"]} <= {"VALID", "VALID_WITH_WARNINGS"}  # each by itself
