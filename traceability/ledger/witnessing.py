"""Asking a witness and being one (C2SP tlog-witness v1.0.0): the request, its checks in order, their status codes.

A witness cosigns the newest tree that it saw of a log, once the log proved that it grew out of the one before. It keeps
one checkpoint for each origin; who calls `judge` keeps the lock between reading that and storing the new one.
"""

from collections.abc import Iterable, Mapping, Sequence

from traceability.ledger import merkle
from traceability.ledger.checkpoint import NotSignedByLog, SignedCheckpoint, parse_body, verify_checkpoint
from traceability.ledger.errors import RecordError
from traceability.ledger.identifiers import b64_decode, b64_encode
from traceability.ledger.immutable import immutable
from traceability.ledger.merkle import TreeHead
from traceability.ledger.notes import (
    MAX_NOTE_BYTES,
    Note,
    NoteSignature,
    VerifierKey,
    parse_note,
    parse_number,
    verify_note,
)

MOST_HASHES = 63
MAX_REQUEST_BYTES = MAX_NOTE_BYTES + 8 * 1024
SIZE_TYPE = "text/x.tlog.size"


class WitnessRefuses(RecordError):
    """A request that a witness does not cosign, with the status that it answers."""

    code = "witness_refuses"
    status = 400


class BadRequest(WitnessRefuses):
    """Not of the form of a request, or an old size above that of the checkpoint."""

    code = "bad_witness_request"


class UnknownOrigin(WitnessRefuses):
    """A log that this witness does not watch."""

    code = "unknown_origin"
    status = 404


class NotByLog(WitnessRefuses):
    """A checkpoint that none of the known keys of its log signed."""

    code = "checkpoint_not_signed_by_log"
    status = 403


class OtherSize(WitnessRefuses):
    """The log thinks that the witness stands elsewhere; `size` is where it stands. A smaller tree ends here too."""

    code = "witness_stands_elsewhere"
    status = 409

    def __init__(self, size: int) -> None:
        super().__init__("The newest tree that this witness knows has another size.", size=size)
        self.size = size


class Forked(WitnessRefuses):
    """A tree that did not grow out of the one that the witness knows: another history of the same log."""

    code = "log_forked"
    status = 422


@immutable
class Request:
    """An `add-checkpoint` request."""

    old: int
    proof: tuple[bytes, ...]
    note: bytes


def format_request(request: Request) -> bytes:
    """The body of POST add-checkpoint."""
    lines = [f"old {request.old}", *map(b64_encode, request.proof), "", ""]
    return "\n".join(lines).encode() + request.note


def parse_request(body: bytes) -> Request:
    """The request in these bytes; BadRequest for any other."""
    if len(body) > MAX_REQUEST_BYTES:
        raise BadRequest(f"A request has at most {MAX_REQUEST_BYTES} bytes.")
    head, blank, note = body.partition(b"\n\n")
    try:
        first, *hashes = head.decode("ascii").split("\n")
        word, _, number = first.partition(" ")
        if not blank or word != "old" or len(hashes) > MOST_HASHES:
            raise BadRequest(f"A request is `old N`, at most {MOST_HASHES} hashes, a blank line and a checkpoint.")
        proof = tuple(b64_decode(one) for one in hashes)
        old = parse_number(number, path="/old")
        parse_body(parse_note(note).text)
    except (UnicodeDecodeError, RecordError) as error:
        raise BadRequest(str(error)) from None
    if any(len(one) != merkle.HASH_BYTES for one in proof):
        raise BadRequest("A hash has 32 bytes.")
    return Request(old, proof, note)


def judge(
    request: Request, logs: Mapping[str, Sequence[VerifierKey]], known: Mapping[str, TreeHead]
) -> SignedCheckpoint:
    """The checkpoint to be cosigned, else a WitnessRefuses. `known` holds the newest tree of each origin."""
    body = parse_body(parse_note(request.note).text)
    keys = [key for key in logs.get(body.origin, ()) if key.name == body.origin]
    if not keys:
        raise UnknownOrigin("This witness does not watch such a log.")
    try:
        signed = verify_checkpoint(request.note, log_keys=keys)
    except (NotSignedByLog, RecordError):
        raise NotByLog("None of the known keys of this log signed it, or a signature is wrong.") from None
    last = known.get(body.origin, TreeHead(0, merkle.EMPTY_ROOT))
    if request.old > body.size:
        raise BadRequest("The old size is above that of the checkpoint.")
    if request.old != last.size:
        raise OtherSize(last.size)
    _check_grown(last, body.head, request.proof)
    return signed


def _check_grown(old: TreeHead, new: TreeHead, proof: Sequence[bytes]) -> None:
    """Refuses a tree that is not the old one or grown out of it; the empty tree is the start of every tree."""
    try:
        if old.size in (0, new.size):
            if proof or (old.size == new.size and old.root != new.root):
                raise Forked("Another root for the same size, or a proof where none belongs.")
        else:
            merkle.verify_consistency(old, new, proof)
    except Forked:
        raise
    except RecordError:
        raise Forked("The proof does not lead from the known tree to this one.") from None


def answer_lines(signatures: Iterable[NoteSignature]) -> bytes:
    """The body of status 200."""
    return "".join(f"{one}\n" for one in signatures).encode()


def cosignatures(note: bytes, answer: bytes, key: VerifierKey) -> tuple[NoteSignature, ...]:
    """The lines of a witness in its answer, right for this checkpoint; lines of other keys are left out."""
    text = parse_note(note).text
    lines = parse_note(f"{text}\n".encode() + answer).signatures
    found = tuple(one for one in lines if (one.name, one.key_id) == (key.name, key.key_id))
    for one in found:
        verify_note(Note(text, (one,)), [key])
    return found


def parse_size(text: str) -> int:
    """The size in the body of status 409."""
    return parse_number(text.removesuffix("\n"), path="/size")
