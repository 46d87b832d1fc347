"""Signed notes: foreign notes, the three types of key, and every way in which a note can be malformed."""

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey
from hypothesis import given
from hypothesis import strategies as st

from tests.ledger.log_keys import LOG, LOG_ML, ORIGIN, TIME, note_signer
from tests.standards import standards_path
from traceability.ledger import notes
from traceability.ledger.errors import RecordError
from traceability.ledger.identifiers import BadBase64
from traceability.ledger.notes import Note, NoteSignature, VerifierKey, parse_note, parse_vkey

ROOT = base64.b64encode(bytes(range(32))).decode()
BODY = f"{ORIGIN}\n20852163\n{ROOT}\n"
AT = 1_795_000_000


def foreign_notes():
    return json.loads(standards_path("transparency/notes/signed-notes.json").read_text())


def test_foreign_notes_are_accepted_and_written_again_byte_for_byte():
    found = foreign_notes()
    assert len(found) == 13
    for each in found:
        content = each["note"].encode()
        note, key = parse_note(content), parse_vkey(each["vkey"])
        assert notes.format_note(note) == content
        assert str(key) == each["vkey"]
        verified = notes.verify_note(note, [key])
        assert [signature.key for signature in verified.signatures] == [key]


def test_the_foreign_cosignature_states_its_time():
    each = next(each for each in foreign_notes() if "cosignature" in each["name"])
    (verified,) = notes.verify_note(parse_note(each["note"].encode()), [parse_vkey(each["vkey"])]).signatures
    assert verified.key.type == notes.ED25519_COSIGNATURE
    assert verified.time == 0x69546780


def test_no_foreign_note_passes_with_another_key():
    for each in foreign_notes():
        with pytest.raises(notes.NoKnownSignature):
            notes.verify_note(parse_note(each["note"].encode()), [LOG.key])


def test_every_changed_byte_of_a_foreign_note_is_refused():
    for each in foreign_notes()[:4]:
        content, key = each["note"].encode(), parse_vkey(each["vkey"])
        for at in range(len(content)):
            for changed in {content[at] ^ 1, content[at] ^ 32, 0x2B, 0x0A, 0xFF} - {content[at]}:
                with pytest.raises(RecordError):
                    notes.verify_note(parse_note(content[:at] + bytes([changed]) + content[at + 1 :]), [key])


def test_all_types_sign_one_note():
    note = notes.sign_note(BODY, [LOG, LOG_ML, TIME], time=AT)
    verified = notes.verify_note(parse_note(notes.format_note(note)), [LOG.key, LOG_ML.key, TIME.key])
    assert verified.text == BODY
    assert [(each.key, each.time) for each in verified.signatures] == [
        (LOG.key, None),
        (LOG_ML.key, AT),
        (TIME.key, AT),
    ]
    assert verified.unknown == ()


def test_what_each_type_signs_is_what_the_specifications_say():
    note = notes.sign_note(BODY, [LOG, LOG_ML, TIME], time=AT)
    plain, post_quantum, timed = [line.signature for line in note.signatures]
    LOG.holder.public_key().verify(plain, BODY.encode())
    assert timed[:8] == AT.to_bytes(8)
    TIME.holder.public_key().verify(timed[8:], f"cosignature/v1\ntime {AT}\n{BODY}".encode())
    assert len(post_quantum) == 8 + 2420
    message = b"subtree/v1\n\0" + bytes([len(ORIGIN)]) + ORIGIN.encode() + AT.to_bytes(8)
    message += bytes([len(ORIGIN)]) + ORIGIN.encode() + bytes(8) + (20852163).to_bytes(8) + bytes(range(32))
    MLDSA44PublicKey.from_public_bytes(LOG_ML.key.public_key).verify(post_quantum[8:], message)


def test_a_changed_byte_never_leaves_a_signature_that_is_not_of_the_note():
    keys = [LOG.key, LOG_ML.key, TIME.key]
    content = notes.format_note(notes.sign_note(BODY, [LOG, LOG_ML, TIME], time=AT))
    for at in range(len(content)):
        changed = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
        try:
            found = notes.verify_note(parse_note(changed), keys)
        except RecordError:
            continue
        # The change made one line that of an unknown key; the others still stand for the same text.
        assert found.text == BODY
        assert (len(found.signatures), len(found.unknown)) == (2, 1)


def test_a_time_of_zero_states_no_time():
    (verified,) = notes.verify_note(notes.sign_note(BODY, [LOG_ML]), [LOG_ML.key]).signatures
    assert verified.time is None
    with pytest.raises(notes.TimeNotNamed):
        notes.sign_note(BODY, [TIME])
    with pytest.raises(notes.BadNumber):
        notes.sign_note(BODY, [TIME], time=2**63)


def test_a_cosignature_of_one_time_is_not_one_of_another():
    line = notes.sign_note(BODY, [TIME], time=AT).signatures[0]
    later = NoteSignature(line.name, line.key_id, (AT + 1).to_bytes(8) + line.signature[8:])
    with pytest.raises(notes.WrongNoteSignature):
        notes.verify_note(Note(BODY, (later,)), [TIME.key])


@pytest.mark.parametrize("signer", [LOG, LOG_ML, TIME], ids=["0x01", "0x06", "0x04"])
@pytest.mark.parametrize("size", [1, 8, 9, 63, 64, 72, 2420, 2428])
def test_a_signature_of_any_other_size_is_wrong(signer, size):
    line = NoteSignature(signer.key.name, signer.key.key_id, b"\1" * size)
    with pytest.raises(notes.WrongNoteSignature):
        notes.verify_note(Note(BODY, (line,)), [signer.key])


def test_an_ml_dsa_signature_is_over_checkpoints_alone():
    line = notes.sign_note(BODY, [LOG_ML], time=AT).signatures[0]
    for text in ("hello\n", BODY.replace("20852163", "020852163"), BODY.replace("=", "")):
        with pytest.raises(RecordError):
            notes.sign_note(text, [LOG_ML], time=AT)
        with pytest.raises(notes.WrongNoteSignature):
            notes.verify_note(Note(text, (line,)), [LOG_ML.key])
    for name in ("x" * 256, "é" * 128):
        with pytest.raises(notes.BadNote):
            notes.sign_note(BODY, [note_signer(name, notes.MLDSA44_COSIGNATURE)], time=AT)


def test_one_wrong_signature_of_a_known_key_refuses_the_whole_note():
    note = notes.sign_note(BODY, [LOG], time=AT)
    wrong = NoteSignature(TIME.key.name, TIME.key.key_id, bytes(72))
    both = Note(BODY, (*note.signatures, wrong))
    with pytest.raises(notes.WrongNoteSignature):
        notes.verify_note(both, [LOG.key, TIME.key])
    found = notes.verify_note(both, [LOG.key])
    assert found.unknown == (wrong,)


def test_a_key_is_known_by_name_and_id_together():
    renamed = VerifierKey("other.example", LOG.key.type, LOG.key.public_key)
    note = notes.sign_note(BODY, [LOG])
    with pytest.raises(notes.NoKnownSignature):
        notes.verify_note(note, [renamed])
    with pytest.raises(notes.NoKnownSignature):
        notes.verify_note(note, [note_signer(ORIGIN, notes.ED25519, "other").key])


def test_two_keys_of_one_name_and_id_are_refused(monkeypatch):
    monkeypatch.setattr(VerifierKey, "key_id", b"same")
    with pytest.raises(notes.AmbiguousKey):
        notes.verify_note(notes.sign_note(BODY, [LOG]), [LOG.key, note_signer(ORIGIN, notes.ED25519, "other").key])


def test_a_signer_whose_key_does_not_fit_never_signs():
    wrong = notes.NoteSigner(LOG.key, Ed25519PrivateKey.from_private_bytes(bytes(32)))
    with pytest.raises(notes.WrongNoteSignature):
        notes.sign_note(BODY, [wrong])


def test_signatures_are_added_after_the_others():
    note = notes.add_signatures(notes.sign_note(BODY, [LOG]), [TIME], time=AT)
    assert [line.name for line in note.signatures] == [LOG.key.name, TIME.key.name]
    assert len(notes.verify_note(note, [LOG.key, TIME.key]).signatures) == 2


def test_sixteen_and_more_signatures_are_taken_but_not_any_number():
    signers = [note_signer(f"w{n}.example", notes.ED25519_COSIGNATURE) for n in range(notes.MAX_SIGNATURES)]
    assert notes.MAX_SIGNATURES >= 16
    note = notes.sign_note(BODY, signers, time=AT)
    assert len(notes.verify_note(parse_note(notes.format_note(note)), [s.key for s in signers]).signatures) == 64
    with pytest.raises(notes.BadNote):
        parse_note(notes.format_note(note) + f"{note.signatures[0]}\n".encode())
    with pytest.raises(notes.BadNote):
        parse_note(b"x" * notes.MAX_NOTE_BYTES + notes.format_note(note))


def test_sixteen_post_quantum_signatures_fit():
    line = NoteSignature("x" * 200, b"abcd", bytes(5000))
    content = notes.format_note(Note(BODY, (line,) * 16))
    assert notes.format_note(parse_note(content)) == content


GOOD = notes.format_note(notes.sign_note("one\n\ntwo\n", [LOG])).decode()
LINE = GOOD.split("\n")[-2]


def test_the_last_blank_line_ends_the_text():
    assert parse_note(GOOD.encode()).text == "one\n\ntwo\n"
    assert parse_note(GOOD.replace("two\n", "two\n\n").encode()).text == "one\n\ntwo\n\n"


@pytest.mark.parametrize(
    "content",
    [
        "",
        "\n",
        "one\n",
        "one\n\n",
        f"one\n{LINE}\n",
        GOOD[:-1],
        GOOD + "\n",
        GOOD + " ",
        GOOD + LINE,
        GOOD.replace("\n", "\r\n"),
        GOOD.replace("two", "t\two"),
        GOOD.replace("two", "t\0wo"),
        GOOD.replace("— ", "- "),
        GOOD.replace("— ", "—"),
        GOOD.replace("— ", "—\u00a0"),
        GOOD.replace("— ", "—  "),
        GOOD.replace(f"{ORIGIN} ", f"{ORIGIN}  "),
        GOOD.replace(f"{ORIGIN} ", f"{ORIGIN}\u2003x "),
        GOOD.replace(f"{ORIGIN} ", f"{ORIGIN}+x "),
        GOOD.replace(f"{ORIGIN} ", ""),
        GOOD.replace(LINE, f"— {ORIGIN} "),
        GOOD.replace(LINE, f"— {ORIGIN} YWJj"),
        GOOD.replace(LINE, f"— {ORIGIN} YWJjZA=="),
        GOOD.replace(LINE, f"{LINE}="),
        GOOD.replace(LINE, LINE.rstrip("=")),
        GOOD.replace(LINE, f"{LINE}{LINE}"),
        GOOD.replace(LINE, f"{LINE[:40]} {LINE[40:]}"),
        GOOD.replace(LINE, f" {LINE}"),
        GOOD.replace(LINE, f"{LINE} "),
    ],
)
def test_what_is_no_note_is_refused(content):
    with pytest.raises((notes.BadNote, notes.BadNoteKey, BadBase64)):
        parse_note(content.encode())


@pytest.mark.parametrize("content", [GOOD.encode().replace(b"two", b"\xff\xfe"), GOOD.encode("utf-16")])
def test_a_note_is_utf_8(content):
    with pytest.raises(notes.BadNote):
        parse_note(content)


@given(st.text(st.characters(exclude_categories=["Cs"], min_codepoint=32)))
def test_any_printable_text_round_trips(text):
    note = notes.sign_note(f"{text}\n", [LOG])
    content = notes.format_note(note)
    assert parse_note(content) == note
    assert notes.verify_note(parse_note(content), [LOG.key]).text == f"{text}\n"


@given(st.binary(max_size=200))
def test_what_is_parsed_is_written_again(noise):
    content = GOOD.encode() + noise
    try:
        note = parse_note(content)
    except RecordError:
        return
    assert notes.format_note(note) == content


@pytest.mark.parametrize("signer", [LOG, LOG_ML, TIME])
def test_verifier_keys_round_trip(signer):
    assert parse_vkey(str(signer.key)) == signer.key


def vkey(name="a.example", key_id=None, coded=None):
    raw = b"\1" + LOG.key.public_key if coded is None else coded
    return f"{name}+{key_id or VerifierKey(name, 1, LOG.key.public_key).key_id.hex()}+{base64.b64encode(raw).decode()}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.example",
        "a.example+00000000",
        vkey(key_id="00000000"),
        vkey().upper(),
        vkey() + "=",
        vkey() + "\n",
        vkey(coded=b""),
        vkey(coded=b"\1"),
        vkey(coded=b"\1" + bytes(31)),
        vkey(coded=b"\1" + b"\xff" * 32),
        vkey(coded=b"\1" + bytes(32)),
        vkey(coded=b"\6" + bytes(32)),
        vkey().replace("a.example", ""),
        vkey().replace("a.example", "a example"),
        vkey().replace("a.example", "a\udcff"),
    ],
)
def test_what_is_no_verifier_key_is_refused(text):
    with pytest.raises(RecordError):
        parse_vkey(text)


def test_a_key_of_another_type_is_named_as_such():
    with pytest.raises(notes.UnknownKeyType):
        parse_vkey(vkey(coded=b"\2" + bytes(91)))


@pytest.mark.parametrize("text", ["0", "7", "9223372036854775807"])
def test_numbers_have_one_writing(text):
    assert notes.parse_number(text) == int(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-1",
        "+5",
        "007",
        "00",
        "1_000",
        " 7",
        "7 ",
        "7\n",
        "٧",
        "７",
        "1e3",
        "0x7",
        "9223372036854775808",
        "1" * 9999,
    ],
)
def test_other_writings_of_numbers_are_refused(text):
    with pytest.raises(notes.BadNumber):
        notes.parse_number(text)
