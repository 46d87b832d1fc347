"""Proof files: the foreign serialisation cases, our own, and positions that a signed checkpoint does not bear out."""

import base64
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ledger.log_keys import LOG, LOG_ML, ORIGIN, TIME
from tests.standards import standards_path
from traceability.ledger import merkle, notes, tiles, tlogproof
from traceability.ledger.checkpoint import Checkpoint, parse_body, sign_checkpoint
from traceability.ledger.errors import RecordError
from traceability.ledger.policy import QuorumNotReached, parse_policy
from traceability.ledger.tlogproof import TlogProof, format_proof, parse_proof, verify_proof

SIZE, INDEX = 646, 645
LEAVES = [merkle.leaf_hash(n.to_bytes(4)) for n in range(SIZE)]
STORED = tiles.grow(0, LEAVES, lambda _: b"")
READ = tiles.subtree_reader(SIZE, STORED.__getitem__)
NOTE = sign_checkpoint(Checkpoint(ORIGIN, merkle.TreeHead(SIZE, merkle.root_of(LEAVES))), [LOG, LOG_ML, TIME], time=9)
POLICY = parse_policy(f"log {LOG.key}\nlog {LOG_ML.key}\nwitness time {TIME.key}\nquorum time\n".encode())


def proof_of(index, **others):
    return TlogProof(index, merkle.inclusion_path(index, SIZE, READ), NOTE, **others)


def test_the_foreign_serialisation_cases():
    cases = json.loads(standards_path("transparency/tlog-proof/serialization.json").read_text())
    assert len(cases) == 6
    for case in cases:
        content = case["text"].encode()
        if case["expect"] == "reject":
            with pytest.raises(RecordError):
                parse_proof(content)
            continue
        proof = parse_proof(content)
        assert proof == TlogProof(
            case["index"],
            tuple(map(base64.b64decode, case["hashes"])),
            case["checkpoint"].encode(),
            base64.b64decode(case.get("extra", "")),
        )
        assert format_proof(proof) == content


@pytest.mark.parametrize("index", [0, 1, 300, 511, 512, 645])
def test_a_proof_of_ours_verifies(index):
    proof = parse_proof(format_proof(proof_of(index, extra=b"anything")))
    found = verify_proof(proof, LEAVES[index], POLICY)
    assert (found.checkpoint.size, found.cosigned_at) == (SIZE, 9)


def test_extra_is_carried_and_never_looked_at():
    for extra in (b"", b"index 3", LEAVES[3]):
        assert verify_proof(proof_of(INDEX, extra=extra), LEAVES[INDEX], POLICY)
        with pytest.raises(merkle.RootMismatch):
            verify_proof(proof_of(INDEX, extra=extra), LEAVES[3], POLICY)


def test_forged_positions_are_refused():
    """The three edits of a real bundle that a widely used verifier lets pass, here on a proof of the same place."""
    cases = json.loads(standards_path("transparency/sigstore/position-forgery-cases.json").read_text())
    assert cases["original"]["logIndex"] == str(INDEX)
    assert len(cases["must_reject"]) == 3
    proof = proof_of(INDEX)
    assert verify_proof(proof, LEAVES[INDEX], POLICY)
    for edit in cases["must_reject"]:
        moved = replace(proof, index=int(edit["logIndex"]))
        with pytest.raises((merkle.IndexOutsideTree, merkle.WrongPathLength, merkle.RootMismatch)):
            verify_proof(moved, LEAVES[INDEX], POLICY)
        resized = NOTE.replace(b"\n646\n", f"\n{edit.get('inclusionProof.treeSize', 647)}\n".encode())
        with pytest.raises(notes.WrongNoteSignature):
            verify_proof(replace(moved, checkpoint=resized), LEAVES[INDEX], POLICY)


def test_forged_positions_of_the_real_bundle_do_not_lead_to_its_root():
    cases = json.loads(standards_path("transparency/sigstore/position-forgery-cases.json").read_text())
    bundle = json.loads(standards_path("transparency/sigstore/staging-rekor-v2.txt.sigstore.json").read_text())
    (entry,) = bundle["verificationMaterial"]["tlogEntries"]
    leaf = merkle.leaf_hash(base64.b64decode(entry["canonicalizedBody"]))
    path = [base64.b64decode(each) for each in entry["inclusionProof"]["hashes"]]
    head = parse_body(notes.parse_note(entry["inclusionProof"]["checkpoint"]["envelope"].encode()).text).head
    merkle.verify_inclusion(leaf, 645, path, head)
    for edit in cases["must_reject"]:
        with pytest.raises(RecordError):
            merkle.verify_inclusion(leaf, int(edit["logIndex"]), path, head)


def test_the_policy_decides_about_the_checkpoint():
    strict = parse_policy(
        f"log {LOG.key}\nwitness w {notes.VerifierKey('w.example', 4, LOG.key.public_key)}\nquorum w\n".encode()
    )
    with pytest.raises(QuorumNotReached):
        verify_proof(proof_of(INDEX), LEAVES[INDEX], strict)
    with pytest.raises(notes.NoKnownSignature):
        verify_proof(proof_of(INDEX), LEAVES[INDEX], parse_policy(b"quorum none\n"))
    with pytest.raises(notes.BadNote):
        verify_proof(replace(proof_of(INDEX), checkpoint=b"no note\n"), LEAVES[INDEX], POLICY)


GOOD = format_proof(proof_of(5))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"c2sp.org/tlog-proof@v1\n",
        b"c2sp.org/tlog-proof@v1\n\n",
        GOOD.replace(b"@v1", b"@v2"),
        b"\n" + GOOD,
        b" " + GOOD,
        GOOD.replace(b"index 5", b"index 05"),
        GOOD.replace(b"index 5", b"index +5"),
        GOOD.replace(b"index 5", b"index  5"),
        GOOD.replace(b"index 5", b"index 5 "),
        GOOD.replace(b"index 5", "index ٥".encode()),
        GOOD.replace(b"index 5", b"index 9223372036854775808"),
        GOOD.replace(b"index 5", b"index 5\nindex 5"),
        GOOD.replace(b"index 5", b"index 5\nAAAA"),
        GOOD.replace(b"index 5", b"extra \nindex 5"),
        GOOD.replace(b"index 5", b"extra\nindex 5"),
        GOOD.replace(b"index 5", b"extra YQ\nindex 5"),
        GOOD.replace(b"index 5", b"extra YR==\nindex 5"),
        GOOD.replace(b"index 5", b"extra YQ==\nextra YQ==\nindex 5"),
        GOOD.replace(b"index 5", b"index 5\nextra YQ=="),
        GOOD.replace(b"\n", b"\r\n"),
        GOOD.replace(
            b"index 5",
            b"index 5" + (b"\n" + base64.b64encode(bytes(32))) * 64,
        ),
    ],
)
def test_what_is_no_proof_is_refused(content):
    with pytest.raises(RecordError):
        parse_proof(content)


@given(
    st.integers(0, 2**63 - 1),
    st.lists(st.binary(min_size=32, max_size=32), max_size=63),
    st.binary(max_size=100),
    st.binary(max_size=100),
)
def test_proofs_round_trip(index, hashes, checkpoint, extra):
    proof = TlogProof(index, tuple(hashes), checkpoint, extra)
    assert parse_proof(format_proof(proof)) == proof


def test_every_changed_byte_before_the_checkpoint_is_refused():
    proof = format_proof(proof_of(5))
    for at in range(proof.index(b"\n\n") + 2):
        for changed in {proof[at] ^ 1, 0x0A, 0x20} - {proof[at]}:
            content = proof[:at] + bytes([changed]) + proof[at + 1 :]
            with pytest.raises(RecordError):
                verify_proof(parse_proof(content), LEAVES[5], POLICY)


def test_a_proof_holds_hashes_and_little_else():
    with pytest.raises(merkle.BadHash):
        TlogProof(0, (b"short",), NOTE)
    with pytest.raises(tlogproof.BadProof):
        TlogProof(0, (), NOTE, bytes(tlogproof.MAX_EXTRA_BYTES + 1))
