"""Proofs of single entries as a file that other people's tools read (C2SP tlog-proof@v1, `.tlog-proof`).

The position in such a file is a claim like any other: it is believed once the hashes lead from the leaf, at this index,
to the root of the size that the checkpoint in the same file is signed for.
"""

from dataclasses import dataclass

from traceability.ledger.checkpoint import SignedCheckpoint
from traceability.ledger.errors import RecordError
from traceability.ledger.identifiers import b64_decode, b64_encode
from traceability.ledger.merkle import check_hashes, verify_inclusion
from traceability.ledger.notes import parse_number
from traceability.ledger.policy import Policy

HEADER = "c2sp.org/tlog-proof@v1"
# No tree of 2^63 leaves has a longer path.
MAX_HASHES = 63
MAX_EXTRA_BYTES = 64 * 1024


class BadProof(RecordError):
    """Bytes that are no tlog-proof."""

    code = "bad_tlog_proof"


@dataclass(frozen=True, slots=True)
class TlogProof:
    """The index of an entry, its path, and the checkpoint note as it came; `extra` is nobody's word, never trust it."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes = b""

    def __post_init__(self) -> None:
        check_hashes(self.hashes)
        if len(self.hashes) > MAX_HASHES or len(self.extra) > MAX_EXTRA_BYTES:
            raise BadProof(f"A proof has at most {MAX_HASHES} hashes and {MAX_EXTRA_BYTES} extra bytes.")


def parse_proof(content: bytes) -> TlogProof:
    """The proof in these bytes (tlog-proof, "Format"); the checkpoint is not looked into."""
    head, blank, checkpoint = content.partition(b"\n\n")
    if not blank or not head.isascii():
        raise BadProof("A proof is ASCII lines, a blank line and a checkpoint.")
    header, *lines = head.decode("ascii").split("\n")
    if header != HEADER:
        raise BadProof(f"A proof starts with {HEADER}.")
    extra = _extra(lines.pop(0)) if lines and lines[0].startswith("extra ") else b""
    if not lines or not lines[0].startswith("index "):
        raise BadProof("A proof names the index of its entry.")
    index = parse_number(lines[0].removeprefix("index "), path="/index")
    hashes = tuple(b64_decode(line, path=f"/hashes/{n}") for n, line in enumerate(lines[1:]))
    return TlogProof(index, hashes, checkpoint, extra)


def format_proof(proof: TlogProof) -> bytes:
    """The bytes of the proof."""
    lines = [HEADER]
    lines += [f"extra {b64_encode(proof.extra)}"] if proof.extra else []
    lines += [f"index {proof.index}", *map(b64_encode, proof.hashes), "", ""]
    return "\n".join(lines).encode() + proof.checkpoint


def verify_proof(proof: TlogProof, leaf: bytes, policy: Policy) -> SignedCheckpoint:
    """The checkpoint that shows the leaf hash at the index of the proof (tlog-proof, "Verifying a tlog proof")."""
    found = policy.verify(proof.checkpoint)
    verify_inclusion(leaf, proof.index, proof.hashes, found.checkpoint.head)
    return found


def _extra(line: str) -> bytes:
    extra = b64_decode(line.removeprefix("extra "), path="/extra")
    if not extra:
        raise BadProof("Leave the extra line out when there is nothing in it.", path="/extra")
    return extra
