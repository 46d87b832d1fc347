"""Signed notes: a text and the lines of those who signed it (C2SP signed-note v1.0.0, tlog-cosignature v1.1.0-rc.1).

One byte form only: whatever `parse_note` takes, `format_note` writes again byte for byte. What each type of key signs:

- 0x01 Ed25519: the text.
- 0x04 Ed25519 cosignature: "cosignature/v1" LF "time " seconds LF text.
- 0x06 ML-DSA-44 cosignature: the structure `cosigned_message` (name of the key, time, origin, 0, size, root), so it is
  over checkpoints alone and over no line after the third.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

from traceability.ledger import signing
from traceability.ledger.errors import RecordError
from traceability.ledger.identifiers import b64_decode, b64_encode
from traceability.ledger.merkle import MAX_SIZE, TreeHead

ED25519 = 0x01
ED25519_COSIGNATURE = 0x04
MLDSA44_COSIGNATURE = 0x06
KEY_BYTES = {ED25519: 32, ED25519_COSIGNATURE: 32, MLDSA44_COSIGNATURE: 1312}

MAX_SIGNATURES = 64
MAX_NOTE_BYTES = 512 * 1024
MAX_TIME = 2**63 - 1

_TIME_BYTES = 8
_ID_BYTES = 4
_DASH = "— "
_REFUSED = re.compile(r"[\x00-\x09\x0b-\x1f\ud800-\udfff]")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


class BadNote(RecordError):
    """Bytes that are no signed note."""

    code = "bad_note"


class BadNumber(RecordError):
    """A text that is not the one decimal writing of a number from 0 to 2^63-1."""

    code = "bad_number"


class BadNoteKey(RecordError):
    """A verifier key that cannot be one."""

    code = "bad_note_key"


class UnknownKeyType(BadNoteKey):
    """A verifier key of a type that this software cannot check."""

    code = "unknown_note_key_type"


class AmbiguousKey(RecordError):
    """Two keys of one name and id: a signature line would not tell which one signed."""

    code = "ambiguous_note_key"


class WrongNoteSignature(RecordError):
    """A line of a known key whose signature is not of this note."""

    code = "wrong_note_signature"


class NoKnownSignature(RecordError):
    """A note that none of the known keys signed."""

    code = "no_known_signature"


class TimeNotNamed(RecordError):
    """A timed cosignature without a time."""

    code = "cosignature_without_time"


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A key that notes are checked with: its name, its type byte, the raw public key."""

    name: str
    type: int
    public_key: bytes

    def __post_init__(self) -> None:
        _check_name(self.name)
        if self.type not in KEY_BYTES:
            raise UnknownKeyType(f"Keys of type 0x{self.type:02x} cannot be checked here. Leave the line out.")
        if len(self.public_key) != KEY_BYTES[self.type]:
            raise BadNoteKey(f"A public key of type 0x{self.type:02x} has {KEY_BYTES[self.type]} bytes.")
        if self.type != MLDSA44_COSIGNATURE:
            signing.check_public_key(self.public_key)

    @property
    def key_id(self) -> bytes:
        """The 4 bytes that a signature line names beside the name: SHA-256(name LF type key), cut."""
        return sha256(f"{self.name}\n".encode() + bytes([self.type]) + self.public_key).digest()[:_ID_BYTES]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{b64_encode(bytes([self.type]) + self.public_key)}"


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One line of a note: name and 4-byte id of the key, and what it made of the text."""

    name: str
    key_id: bytes
    signature: bytes

    def __post_init__(self) -> None:
        _check_name(self.name)
        if len(self.key_id) != _ID_BYTES or not self.signature:
            raise BadNote("A signature line holds a key id of 4 bytes and a signature.")

    def __str__(self) -> str:
        return f"{_DASH}{self.name} {b64_encode(self.key_id + self.signature)}"


@dataclass(frozen=True, slots=True)
class Note:
    """A text, its last newline included, with 1 to 64 signatures. None of it is believed before `verify_note`."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def __post_init__(self) -> None:
        if not self.text.endswith("\n") or _REFUSED.search(self.text):
            raise BadNote("The text of a note ends in a newline and has no other control characters.")
        if not 1 <= len(self.signatures) <= MAX_SIGNATURES:
            raise BadNote(f"A note has 1 to {MAX_SIGNATURES} signatures.")


@dataclass(frozen=True, slots=True)
class Verified:
    """A key that signed, and the time that it states in POSIX seconds; None where it states none."""

    key: VerifierKey
    time: int | None


@dataclass(frozen=True, slots=True)
class VerifiedNote:
    """A text that each of `signatures` is right for; `unknown` are the lines of keys that were not asked for."""

    text: str
    signatures: tuple[Verified, ...]
    unknown: tuple[NoteSignature, ...]


class Signs(Protocol):
    """Whoever holds the private key of a note key."""

    def sign(self, message: bytes, /) -> bytes:
        """The raw signature of a message."""


@dataclass(frozen=True, slots=True)
class NoteSigner:
    """A note key together with the holder of its private key."""

    key: VerifierKey
    holder: Signs


def parse_number(text: str, *, path: str = "") -> int:
    """The number in ASCII decimal without sign, separators or leading zeros, at most 2^63-1."""
    if _NUMBER.fullmatch(text) and int(text) <= MAX_SIZE:
        return int(text)
    raise BadNumber("Write a number from 0 to 2^63-1 in decimal, without sign or leading zeros.", path=path)


def parse_vkey(text: str) -> VerifierKey:
    """The verifier key `name+hexadecimal id+base64(type | public key)` (signed-note, "Verifier keys")."""
    parts = text.split("+", 2)
    if len(parts) != 3:
        raise BadNoteKey("Write a key as name+id+base64.")
    coded = b64_decode(parts[2])
    if not coded:
        raise BadNoteKey("The key has no type.")
    key = VerifierKey(parts[0], coded[0], coded[1:])
    if str(key) != text:
        raise BadNoteKey("The id is not the one of this name and key. Ask its owner for the key again.")
    return key


def parse_note(content: bytes) -> Note:
    """The note in these bytes (signed-note, "Format"); the last blank line ends its text."""
    if len(content) > MAX_NOTE_BYTES:
        raise BadNote(f"A note has at most {MAX_NOTE_BYTES} bytes.")
    try:
        whole = content.decode("utf-8")
    except UnicodeDecodeError:
        raise BadNote("A note is UTF-8.") from None
    text, blank, lines = whole.rpartition("\n\n")
    if not blank or not lines.endswith("\n"):
        raise BadNote("A note is a text, a blank line and signature lines, each with its newline.")
    return Note(f"{text}\n", tuple(_parse_line(line) for line in lines[:-1].split("\n")))


def format_note(note: Note) -> bytes:
    """The bytes of the note."""
    return "\n".join([note.text, *map(str, note.signatures), ""]).encode()


def verify_note(note: Note, keys: Iterable[VerifierKey]) -> VerifiedNote:
    """What the known keys signed (signed-note, "Signatures").

    Lines of other keys are set apart. One wrong signature of a known key, or none of any, refuses the whole note.
    """
    known = _by_name_and_id(keys)
    signatures, unknown = [], []
    for line in note.signatures:
        key = known.get((line.name, line.key_id))
        if key:
            signatures.append(_verified(key, line.signature, note.text))
        else:
            unknown.append(line)
    if not signatures:
        raise NoKnownSignature("None of the keys that you trust signed this note.")
    return VerifiedNote(note.text, tuple(signatures), tuple(unknown))


def sign_note(text: str, signers: Sequence[NoteSigner], *, time: int = 0) -> Note:
    """A note of this text, signed in this order; `time` in POSIX seconds stands in every timed signature."""
    note = Note(text, tuple(_signed(text, signer, time) for signer in signers))
    verify_note(note, [signer.key for signer in signers])  # a key that does not fit its holder never gets out
    return note


def add_signatures(note: Note, signers: Sequence[NoteSigner], *, time: int = 0) -> Note:
    """The note with further signatures after those that it has."""
    return Note(note.text, note.signatures + sign_note(note.text, signers, time=time).signatures)


def tree_head_lines(text: str) -> tuple[str, TreeHead]:
    """Origin, size and root in the first three lines of a checkpoint, which has no blank line (tlog-checkpoint)."""
    lines = text.split("\n")
    if len(lines) < 4 or lines.pop() or "" in lines:
        raise BadNote("A checkpoint has an origin, a size and a root, each on its line, and no blank line.")
    return lines[0], TreeHead(parse_number(lines[1], path="/size"), b64_decode(lines[2], path="/root"))


def _parse_line(line: str) -> NoteSignature:
    name, space, coded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not space:
        raise BadNote("A signature line is a dash, a name and base64, with one space between them.")
    blob = b64_decode(coded)
    return NoteSignature(name, blob[:_ID_BYTES], blob[_ID_BYTES:])


def _check_name(name: str) -> None:
    if not name or "+" in name or any(letter.isspace() for letter in name) or _REFUSED.search(name):
        raise BadNoteKey("The name of a key is not empty and has no spaces, plus or control characters.")


def _by_name_and_id(keys: Iterable[VerifierKey]) -> dict[tuple[str, bytes], VerifierKey]:
    known: dict[tuple[str, bytes], VerifierKey] = {}
    for key in keys:
        if known.setdefault((key.name, key.key_id), key) != key:
            raise AmbiguousKey(f"Two keys are named {key.name} with the same id. Trust only one of them.")
    return known


def _verified(key: VerifierKey, signature: bytes, text: str) -> Verified:
    timed = key.type != ED25519
    time, raw = (int.from_bytes(signature[:_TIME_BYTES]), signature[_TIME_BYTES:]) if timed else (0, signature)
    try:
        _check_signature(key, raw, _message(key, text, time))
    except (InvalidSignature, RecordError):
        raise WrongNoteSignature(f"The signature of {key.name} is not of this note.") from None
    return Verified(key, time or None)


def _check_signature(key: VerifierKey, raw: bytes, message: bytes) -> None:
    if key.type == MLDSA44_COSIGNATURE:
        MLDSA44PublicKey.from_public_bytes(key.public_key).verify(raw, message)
    else:
        signing.verify(key.public_key, message, raw)


def _signed(text: str, signer: NoteSigner, time: int) -> NoteSignature:
    key = signer.key
    if key.type == ED25519_COSIGNATURE and not time:
        raise TimeNotNamed("Name the time of the cosignature.")
    stamp = b"" if key.type == ED25519 else time.to_bytes(_TIME_BYTES)
    return NoteSignature(key.name, key.key_id, stamp + signer.holder.sign(_message(key, text, time)))


def _message(key: VerifierKey, text: str, time: int) -> bytes:
    """The bytes that a key of this type signs."""
    if time > MAX_TIME:
        raise BadNumber("A time is below 2^63 seconds.", path="/time")
    if key.type == ED25519:
        return text.encode()
    if key.type == ED25519_COSIGNATURE:
        return f"cosignature/v1\ntime {time}\n{text}".encode()
    origin, head = tree_head_lines(text)
    return b"".join(
        [
            b"subtree/v1\n\0",
            _prefixed(key.name),
            time.to_bytes(8),
            _prefixed(origin),
            bytes(8),
            head.size.to_bytes(8),
            head.root,
        ]
    )


def _prefixed(text: str) -> bytes:
    """The text after its length in one byte (RFC 8446 section 3.4, opaque<1..255>)."""
    coded = text.encode()
    if not 1 <= len(coded) <= 255:
        raise BadNote("An ML-DSA-44 cosignature names keys and origins of 1 to 255 bytes.")
    return bytes([len(coded)]) + coded
