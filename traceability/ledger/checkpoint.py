"""Checkpoints: the signed head of a log (C2SP tlog-checkpoint v1.0.0; record-format.md section 7).

A checkpoint of this log bears three signatures over origin, size and root: Ed25519 (0x01) and ML-DSA-44 (0x06) of the
log's keys, and the timed cosignature (0x04) of the instance's own time key. It holds no time of its own: the only times
are those that keys state in 0x04 and 0x06. Lines after the root are refused, because ML-DSA-44 does not cover them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from traceability.ledger.errors import RecordError
from traceability.ledger.identifiers import b64_encode
from traceability.ledger.merkle import EMPTY_ROOT, TreeHead
from traceability.ledger.notes import (
    NoteSignature,
    NoteSigner,
    Verified,
    VerifierKey,
    format_note,
    parse_note,
    sign_note,
    tree_head_lines,
    verify_note,
)


class BadCheckpoint(RecordError):
    """A text that is no checkpoint of this format."""

    code = "bad_checkpoint"


class NotSignedByLog(RecordError):
    """A checkpoint without a signature of a key that its origin is known to have."""

    code = "checkpoint_not_signed_by_log"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log says of itself: its origin, and the size and root of its tree."""

    origin: str
    head: TreeHead

    def __post_init__(self) -> None:
        if not self.origin or "\n" in self.origin:
            raise BadCheckpoint("An origin is one line that is not empty.", path="/origin")
        if not self.head.size and self.head.root != EMPTY_ROOT:
            raise BadCheckpoint("The root of a tree without leaves is SHA-256 of nothing.", path="/root")

    @property
    def size(self) -> int:
        """The number of leaves."""
        return self.head.size

    @property
    def root(self) -> bytes:
        """The 32-byte root hash."""
        return self.head.root

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{b64_encode(self.root)}\n"


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint with those of the known keys that signed it, and the lines of keys that are not known."""

    checkpoint: Checkpoint
    signatures: tuple[Verified, ...]
    unknown: tuple[NoteSignature, ...]

    @property
    def cosigned_at(self) -> int | None:
        """The newest time that a known key states, in POSIX seconds; None where none states a time."""
        return max((each.time for each in self.signatures if each.time), default=None)

    @property
    def first_cosigned_at(self) -> int | None:
        """The earliest time that a known key states, in POSIX seconds; None where none states a time."""
        return min((each.time for each in self.signatures if each.time), default=None)

    @property
    def keys(self) -> frozenset[VerifierKey]:
        """The known keys that signed."""
        return frozenset(each.key for each in self.signatures)


def parse_body(text: str) -> Checkpoint:
    """The checkpoint in the text of a note: three lines and no more (tlog-checkpoint, "Note text")."""
    origin, head = tree_head_lines(text)
    found = Checkpoint(origin, head)
    if str(found) != text:
        raise BadCheckpoint("A checkpoint of this format has no lines after its root.")
    return found


def sign_checkpoint(checkpoint: Checkpoint, signers: Sequence[NoteSigner], *, time: int) -> bytes:
    """The note of a checkpoint, signed in this order; every timed signature states `time`, POSIX seconds.

    The caller answers for what a log must never do: sign a smaller tree, another root for a size, or an earlier time.
    """
    return format_note(sign_note(str(checkpoint), signers, time=time))


def verify_checkpoint(
    content: bytes, *, log_keys: Iterable[VerifierKey], cosigner_keys: Iterable[VerifierKey] = ()
) -> SignedCheckpoint:
    """The checkpoint that a log key named like its origin signed, and who cosigned it.

    A wrong signature of any key given here refuses it; lines of other keys are returned as unknown.
    """
    logs = frozenset(log_keys)
    note = verify_note(parse_note(content), logs | frozenset(cosigner_keys))
    found = SignedCheckpoint(parse_body(note.text), note.signatures, note.unknown)
    if not any(key in logs and key.name == found.checkpoint.origin for key in found.keys):
        raise NotSignedByLog(f"No known key of {found.checkpoint.origin} signed this checkpoint.", path="/origin")
    return found
