"""Policies: the example of the specification, a vetted one of another project, and what a policy cannot say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ledger.log_keys import LOG, LOG_ML, ORIGIN, TIME, WITNESSES, note_signer
from tests.standards import standards_path
from traceability.ledger import notes, policy
from traceability.ledger.checkpoint import Checkpoint, NotSignedByLog, sign_checkpoint
from traceability.ledger.merkle import TreeHead
from traceability.ledger.notes import ED25519, ED25519_COSIGNATURE, VerifierKey
from traceability.ledger.policy import parse_policy

W0, W1, W2 = (witness.key for witness in WITNESSES)
CHECKPOINT = Checkpoint(ORIGIN, TreeHead(9, bytes(range(32))))


def lines(*found):
    return "".join(f"{line}\n" for line in found).encode()


TWO_OF_THREE = lines(
    f"log {LOG.key} https://log.example/",
    f"witness a {W0}",
    f"witness b {W1} https://b.example/",
    f"witness c {W2}",
    "group two 2 a b c",
    "quorum two",
)


@pytest.mark.parametrize(
    ("cosigners", "enough"),
    [([], False), ([W0], False), ([W0, W1], True), ([W0, W2], True), ([W0, W1, W2], True), ([W0, LOG.key], False)],
)
def test_two_of_three(cosigners, enough):
    assert parse_policy(TWO_OF_THREE).quorum_reached(cosigners) is enough


def test_a_checkpoint_under_a_policy():
    found = parse_policy(TWO_OF_THREE)
    enough = sign_checkpoint(CHECKPOINT, [LOG, *WITNESSES[:2]], time=5)
    assert found.verify(enough).checkpoint == CHECKPOINT
    with pytest.raises(policy.QuorumNotReached):
        found.verify(sign_checkpoint(CHECKPOINT, [LOG, WITNESSES[0], TIME], time=5))
    with pytest.raises(NotSignedByLog):
        found.verify(sign_checkpoint(CHECKPOINT, WITNESSES, time=5))
    twice = notes.add_signatures(
        notes.parse_note(sign_checkpoint(CHECKPOINT, [LOG, WITNESSES[0]], time=5)), [WITNESSES[0]], time=6
    )
    with pytest.raises(policy.QuorumNotReached):
        found.verify(notes.format_note(twice))


def test_groups_of_groups():
    """The example of tlog-policy: two of three X and one of three Y."""
    names = ["X1", "X2", "X3", "Y1", "Y2", "Y3"]
    keys = {name: note_signer(f"{name}.example", ED25519_COSIGNATURE).key for name in names}
    found = parse_policy(
        lines(
            f"log {LOG.key}",
            *(f"witness {name} {key}" for name, key in keys.items()),
            "group X-witnesses 2 X1 X2 X3",
            "group Y-witnesses any Y1 Y2 Y3",
            "group X-and-Y all X-witnesses Y-witnesses",
            "quorum X-and-Y",
        )
    )
    for chosen, enough in [
        (["X1", "X2", "Y3"], True),
        (names, True),
        (["X1", "X2", "X3"], False),
        (["X1", "Y1", "Y2", "Y3"], False),
        ([], False),
    ]:
        assert found.quorum_reached([keys[name] for name in chosen]) is enough


def test_the_vetted_policy_of_another_project():
    """Written with bare keys, an older form; as verifier keys it is a policy here."""
    content = standards_path("transparency/policy/sigsum-generic-2025-1.builtin-policy").read_text()
    with pytest.raises(policy.BadPolicy) as caught:
        parse_policy(content.encode())
    assert caught.value.path == "/5"
    rewritten = []
    for line in content.split("\n"):
        words = line.split()
        if words[:1] == ["log"]:
            words[1] = str(VerifierKey(words[2].removeprefix("https://"), ED25519, bytes.fromhex(words[1])))
        if words[:1] == ["witness"]:
            words[2] = str(VerifierKey(words[1], ED25519_COSIGNATURE, bytes.fromhex(words[2])))
        rewritten.append("\t ".join(words))
    found = parse_policy("\n".join(rewritten).encode())
    assert len(found.logs) == 2
    assert list(found.witnesses) == ["witness.glasklar.is", "witness.mullvad.net", "tillitis.se/tillitis-witness-1"]
    assert found.groups == {"quorum-rule": policy.Group(2, tuple(found.witnesses))}
    one, two, _ = found.witnesses.values()
    assert found.quorum_reached([one, two])
    assert not found.quorum_reached([one])


def test_no_quorum_asks_for_nobody():
    found = parse_policy(lines(f"log {LOG.key}", "quorum none"))
    assert found.quorum_reached([])
    assert found.verify(sign_checkpoint(CHECKPOINT, [LOG], time=5)).cosigned_at is None


def test_one_witness_as_quorum_and_a_post_quantum_log():
    found = parse_policy(lines(f"witness time {TIME.key}", f"log {LOG_ML.key}", "quorum time"))
    assert found.verify(sign_checkpoint(CHECKPOINT, [LOG_ML, TIME], time=5)).cosigned_at == 5


def test_blanks_and_comments_are_passed_over():
    content = lines("# a policy", "", " \t ", "  # indented \xe9", f"\t log \t {LOG.key}  ", "quorum\tnone")
    assert parse_policy(content).logs == (LOG.key,)


def test_names_are_bytes():
    kelvin, latin = "\u212a".encode(), b"\xff"
    content = b"witness %b %b\nwitness %b %b\ngroup K any %b\nquorum %b\n" % (
        kelvin,
        str(W0).encode(),
        latin,
        str(W1).encode(),
        kelvin,
        latin,
    )
    found = parse_policy(content)
    assert found.quorum_reached([W1])
    assert not found.quorum_reached([W0])


BASE = (f"log {LOG.key}", f"witness a {W0}", f"witness b {W1}", "group g any a b")


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ((), policy.BadPolicy),
        (("quorum",), policy.BadPolicy),
        (("quorum g g",), policy.BadPolicy),
        (("quorum g", "quorum g"), policy.DuplicateInPolicy),
        (("quorum g", "quorum none"), policy.DuplicateInPolicy),
        (("quorum G",), policy.UnknownPolicyName),
        (("quorum later", f"witness later {W2}"), policy.UnknownPolicyName),
        (("something else", "quorum g"), policy.BadPolicy),
        (("LOG x", "quorum g"), policy.BadPolicy),
        ((f"log {LOG.key}", "quorum g"), policy.DuplicateInPolicy),
        ((f"log {VerifierKey('other.example', 1, LOG.key.public_key)}", "quorum g"), policy.DuplicateInPolicy),
        ((f"witness c {W0}", "quorum g"), policy.DuplicateInPolicy),
        ((f"witness c {VerifierKey('c.example', 4, W0.public_key)}", "quorum g"), policy.DuplicateInPolicy),
        ((f"witness a {W2}", "quorum g"), policy.DuplicateInPolicy),
        ((f"witness g {W2}", "quorum g"), policy.DuplicateInPolicy),
        ((f"witness none {W2}", "quorum g"), policy.DuplicateInPolicy),
        (("group a any b", "quorum g"), policy.DuplicateInPolicy),
        (("group none any a", "quorum g"), policy.DuplicateInPolicy),
        (("group h any a", "quorum g"), policy.DuplicateInPolicy),
        ((f"witness c {W2}", "group h any c c", "quorum h"), policy.DuplicateInPolicy),
        (("group h any none", "quorum g"), policy.UnknownPolicyName),
        (("group h any h", "quorum h"), policy.UnknownPolicyName),
        (("group h any", "quorum g"), policy.BadPolicy),
        (("group h", "quorum g"), policy.BadPolicy),
        (("group h 0 g", "quorum h"), policy.BadPolicy),
        (("group h 2 g", "quorum h"), policy.BadPolicy),
        (("group h +1 g", "quorum h"), notes.BadNumber),
        (("group h 01 g", "quorum h"), notes.BadNumber),
        (("group h some g", "quorum h"), notes.BadNumber),
        ((f"log {TIME.key}", "quorum g"), policy.BadPolicy),
        ((f"witness c {LOG.key}", "quorum g"), policy.BadPolicy),
        (("log a+b+c", "quorum g"), policy.BadPolicy),
        ((f"log {LOG.key} https://log.example more", "quorum g"), policy.BadPolicy),
        (("quorum g # why",), policy.BadPolicy),
        (("quorum g\r",), policy.BadPolicy),
        (("\x00", "quorum g"), policy.BadPolicy),
        (("\x7f", "quorum g"), policy.BadPolicy),
    ],
)
def test_what_a_policy_cannot_say(more, error):
    assert parse_policy(lines(*BASE, "quorum g"))
    with pytest.raises(error):
        parse_policy(lines(*BASE, *more))


def test_each_line_ends():
    with pytest.raises(policy.BadPolicy):
        parse_policy(lines(*BASE, "quorum g")[:-1])


def test_a_policy_has_bounds_above_those_that_the_specification_asks_for():
    assert policy.MAX_OF_EACH >= 32
    chain = [f"group g{n} any g{n - 1}" if n else "group g0 any w" for n in range(policy.MAX_OF_EACH + 1)]
    fits = lines(f"witness w {W0}", *chain[:-1], f"quorum g{policy.MAX_OF_EACH - 1}")
    assert parse_policy(fits).quorum_reached([W0])
    with pytest.raises(policy.BadPolicy):
        parse_policy(lines(f"witness w {W0}", *chain, "quorum none"))
    with pytest.raises(policy.BadPolicy):
        parse_policy(b"#" * policy.MAX_POLICY_BYTES + lines("", "quorum none"))


@given(st.binary(max_size=300))
def test_noise_is_a_policy_or_an_error_of_ours(noise):
    with pytest.raises((policy.BadPolicy, notes.BadNumber)):
        parse_policy(TWO_OF_THREE + b"x" + noise)
