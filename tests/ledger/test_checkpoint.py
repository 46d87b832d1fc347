"""Checkpoints: those of foreign logs, our own three signatures, and what is no checkpoint."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ledger.log_keys import LOG, LOG_ML, ORIGIN, TIME, WITNESSES, note_signer
from tests.standards import standards_path
from traceability.ledger import checkpoint, notes
from traceability.ledger.checkpoint import Checkpoint, parse_body, sign_checkpoint, verify_checkpoint
from traceability.ledger.errors import RecordError
from traceability.ledger.merkle import EMPTY_ROOT, TreeHead
from traceability.ledger.notes import parse_vkey

AT = 1_795_000_000
OURS = Checkpoint(ORIGIN, TreeHead(646, bytes(range(32))))
SIGNED = sign_checkpoint(OURS, [LOG, LOG_ML, TIME], time=AT)
LOG_KEYS = [LOG.key, LOG_ML.key]


def foreign(name):
    found = json.loads(standards_path("transparency/notes/signed-notes.json").read_text())
    each = next(each for each in found if name in each["name"])
    return each["note"].encode(), parse_vkey(each["vkey"])


@pytest.mark.parametrize("size", range(9))
def test_the_checkpoints_of_a_foreign_log(size):
    content, key = foreign(f"Tessera test log checkpoint size {size}")
    found = verify_checkpoint(content, log_keys=[key])
    assert found.checkpoint.size == size
    assert found.checkpoint.origin == key.name
    assert found.keys == {key}
    assert found.cosigned_at is None


def test_a_log_whose_key_is_not_named_like_its_origin_is_refused():
    content, key = foreign("Go checksum database")
    assert parse_body(notes.parse_note(content).text).size == 35225469
    with pytest.raises(checkpoint.NotSignedByLog):
        verify_checkpoint(content, log_keys=[key])


def test_a_cosigner_alone_is_not_the_log():
    content, key = foreign("Mirror cosignature")
    with pytest.raises(checkpoint.NotSignedByLog):
        verify_checkpoint(content, log_keys=[], cosigner_keys=[key])
    with pytest.raises(checkpoint.NotSignedByLog):
        verify_checkpoint(SIGNED, log_keys=[note_signer("other.example", 1).key], cosigner_keys=[TIME.key])


def test_a_checkpoint_of_ours_states_who_signed_and_when():
    found = verify_checkpoint(SIGNED, log_keys=LOG_KEYS, cosigner_keys=[TIME.key])
    assert found.checkpoint == OURS
    assert found.keys == {LOG.key, LOG_ML.key, TIME.key}
    assert found.cosigned_at == found.first_cosigned_at == AT
    assert found.unknown == ()
    assert (found.checkpoint.size, found.checkpoint.root) == (646, bytes(range(32)))


def test_times_are_those_of_known_keys_alone():
    note = notes.add_signatures(notes.parse_note(SIGNED), [WITNESSES[0]], time=AT + 60)
    note = notes.add_signatures(note, [WITNESSES[1]], time=AT - 60)
    content = notes.format_note(note)
    found = verify_checkpoint(content, log_keys=LOG_KEYS, cosigner_keys=[TIME.key])
    assert (found.first_cosigned_at, found.cosigned_at) == (AT, AT)
    assert [line.name for line in found.unknown] == [WITNESSES[0].key.name, WITNESSES[1].key.name]
    keys = [TIME.key, WITNESSES[0].key, WITNESSES[1].key]
    found = verify_checkpoint(content, log_keys=LOG_KEYS, cosigner_keys=keys)
    assert (found.first_cosigned_at, found.cosigned_at) == (AT - 60, AT + 60)


def test_each_key_of_the_log_is_enough_but_a_wrong_one_refuses():
    for signer in (LOG, LOG_ML):
        assert verify_checkpoint(SIGNED, log_keys=[signer.key]).keys == {signer.key}
    broken = SIGNED.replace(b"\n646\n", b"\n647\n")
    with pytest.raises(notes.WrongNoteSignature):
        verify_checkpoint(broken, log_keys=LOG_KEYS)
    with pytest.raises(notes.WrongNoteSignature):
        verify_checkpoint(broken, log_keys=[LOG_ML.key])


def test_a_signed_text_that_is_no_checkpoint_is_refused():
    content = notes.format_note(notes.sign_note(f"{OURS}extension\n", [LOG]))
    with pytest.raises(checkpoint.BadCheckpoint):
        verify_checkpoint(content, log_keys=LOG_KEYS)


def test_lines_after_the_root_are_refused_though_ml_dsa_does_not_cover_them():
    line = notes.parse_note(sign_checkpoint(OURS, [LOG_ML], time=AT)).signatures
    content = notes.format_note(notes.Note(f"{OURS}extension\n", line))
    assert notes.verify_note(notes.parse_note(content), [LOG_ML.key])
    with pytest.raises(checkpoint.BadCheckpoint):
        verify_checkpoint(content, log_keys=[LOG_ML.key])


def root(content=bytes(range(32))):
    return base64.b64encode(content).decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        f"{ORIGIN}\n646\n",
        f"{ORIGIN}\n646\n{root()}",
        f"\n646\n{root()}\n",
        f"{ORIGIN}\n\n{root()}\n",
        f"{ORIGIN}\n646\n\n",
        f"{ORIGIN}\n646\n{root()}\n\n",
        f"{ORIGIN}\n646\n{root()}\n\nx\n",
        f"{ORIGIN}\n646\n{root()}\nextension\n",
        f"{ORIGIN}\n646 \n{root()}\n",
        f"{ORIGIN}\n 646\n{root()}\n",
        f"{ORIGIN}\n+646\n{root()}\n",
        f"{ORIGIN}\n-646\n{root()}\n",
        f"{ORIGIN}\n0646\n{root()}\n",
        f"{ORIGIN}\n6_46\n{root()}\n",
        f"{ORIGIN}\n٦٤٦\n{root()}\n",
        f"{ORIGIN}\n9223372036854775808\n{root()}\n",
        f"{ORIGIN}\n646\n{root()[:-1]}\n",
        f"{ORIGIN}\n646\n{root()[:-2]}9=\n",
        f"{ORIGIN}\n646\n {root()}\n",
        f"{ORIGIN}\n646\n{root(bytes(31))}\n",
        f"{ORIGIN}\n646\n{root(bytes(33))}\n",
        f"{ORIGIN}\n0\n{root()}\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text):
    with pytest.raises(RecordError):
        parse_body(text)


def test_the_empty_tree_has_its_one_root():
    empty = Checkpoint(ORIGIN, TreeHead(0, EMPTY_ROOT))
    assert parse_body(str(empty)) == empty


def test_an_origin_is_one_line():
    for origin in ("", "a\nb"):
        with pytest.raises(checkpoint.BadCheckpoint):
            Checkpoint(origin, OURS.head)


@given(
    st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1),
    st.integers(1, 2**63 - 1),
    st.binary(min_size=32, max_size=32),
)
def test_checkpoints_round_trip(origin, size, root_hash):
    found = Checkpoint(origin, TreeHead(size, root_hash))
    assert parse_body(str(found)) == found
