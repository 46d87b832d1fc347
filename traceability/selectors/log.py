"""Proofs from the log, all for the newest published checkpoint, and how the log is doing.

Tiles only grow, so a proof of inclusion or consistency for a published size can be made whatever was integrated since.
The heads map has one state alone; a proof of it is made between two looks at the state of the log that agree.
"""

import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TypeVar

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from traceability.ledger import envelope, merkle, tiles
from traceability.ledger.errors import RecordError
from traceability.ledger.headsmap import HeadsMap
from traceability.ledger.headsproof import HeadProof, MapProof
from traceability.ledger.identifiers import digest_bytes
from traceability.ledger.merkle import Multiproof
from traceability.ledger.notes import VerifierKey
from traceability.ledger.tlogproof import TlogProof
from traceability.models import Checkpoint, LogEntry, LogKey, LogState, QueueEntry, Statement
from traceability.models.keys import LOG_KEYS
from traceability.models.log_tiles import MapRows, TileRows

Found = TypeVar("Found")
LOOKS = 50
BETWEEN_LOOKS_S = 0.02
# A checkpoint is renewed at least hourly (record format, section 7); half an hour more is patience.
PROMISED_RHYTHM = timedelta(hours=1)
OLDEST_CHECKPOINT = timedelta(minutes=90)
# The integrator comes by every second.
LONGEST_WAIT = timedelta(minutes=5)
NOT_OPEN = "The log has no checkpoint yet. Start it with `manage.py integrate`."


class LogNotOpen(RecordError):
    """A log that has no checkpoint yet."""

    code = "log_not_open"


class NotInLog(RecordError):
    """Something that the newest published checkpoint does not cover."""

    code = "not_in_log"


class NotPublishedYet(RecordError):
    """The log has grown, and its newest checkpoint is still staged."""

    code = "not_published_yet"


@dataclass(frozen=True, slots=True)
class Heads:
    """A checkpoint and the envelope of the `log.heads` that is its last leaf."""

    checkpoint: Checkpoint
    envelope: bytes

    @property
    def index(self) -> int:
        """The place of the `log.heads` in the log."""
        return self.checkpoint.size - 1


@dataclass(frozen=True, slots=True)
class LogHealth:
    """Leaves in the log, statements that wait for a place and since when, the newest checkpoint and its age."""

    size: int
    waiting: int
    waiting_since: datetime | None
    newest: Checkpoint | None
    checkpoint_age: timedelta | None


def newest_checkpoint() -> Checkpoint:
    """The newest published checkpoint."""
    published = _state().published
    if published is None:
        raise LogNotOpen(NOT_OPEN)
    return published


def verifier_keys() -> tuple[VerifierKey, ...]:
    """The keys with which checkpoints of this log are checked: Ed25519, ML-DSA-44, and the time key."""
    rows = {row.name: row for row in LogKey.objects.all()}
    return tuple(rows[name].verifier_key(settings.LODESTONE_LOG_ORIGIN) for name in LOG_KEYS if name in rows)


def own_policy() -> str:
    """The policy of a reader who takes this log's keys from its operator, and asks for its time key, nobody else."""
    keys = verifier_keys()
    if len(keys) != len(LOG_KEYS):
        raise LogNotOpen(NOT_OPEN)
    ed25519, ml_dsa, time = keys
    return f"log {ed25519}\nlog {ml_dsa}\nwitness time {time}\nquorum time\n"


def cosigned_note(checkpoint: Checkpoint) -> bytes:
    """The note of a checkpoint with the lines of foreign witnesses below those of the log."""
    lines = sorted(one.line for one in checkpoint.cosignatures.all())
    return (checkpoint.note + "".join(f"{one}\n" for one in lines)).encode()


def with_cosignatures(rows: QuerySet[Checkpoint]) -> QuerySet[Checkpoint]:
    """The checkpoints with the lines of witnesses read at once."""
    return rows.prefetch_related("cosignatures")


def first_checkpoint_over(index: int) -> Checkpoint:
    """The earliest published checkpoint whose tree has this leaf."""
    published = Checkpoint.objects.filter(size__gt=index, id__lte=newest_checkpoint().id)
    first = published.order_by("size", "id").first()
    if first is None:
        raise NotInLog(f"No published checkpoint covers leaf {index} yet.", index=index)
    return first


def inclusion_proof(digest: str) -> TlogProof:
    """The proof that the statement with this digest is in the tree of the newest published checkpoint."""
    newest = newest_checkpoint()
    index = LogEntry.objects.filter(statement__digest=digest_bytes(digest)).values_list("index", flat=True).first()
    if index is None or index >= newest.size:
        raise NotInLog("The log has no such statement, or it still waits for its place.", digest=digest)
    return proof_at(index, newest)


def proof_at(index: int, checkpoint: Checkpoint) -> TlogProof:
    """The proof of one leaf in the tree of a published checkpoint."""
    path = merkle.inclusion_path(index, checkpoint.size, _subtrees(checkpoint.size, [index]))
    return TlogProof(index, path, cosigned_note(checkpoint))


def inclusion_multiproof(indexes: Collection[int], size: int) -> Multiproof:
    """The shared proof of these leaves in the tree of a published size."""
    _check_published(size)
    return merkle.make_multiproof(size, indexes, _subtrees(size, indexes))


def consistency_path(old_size: int, new_size: int) -> tuple[bytes, ...]:
    """The proof that the tree of the old size is the start of that of the new one, which is published."""
    return consistency_paths([old_size], new_size)[old_size]


def consistency_paths(old_sizes: Collection[int], new_size: int) -> dict[int, tuple[bytes, ...]]:
    """The same for many old sizes, read in one query."""
    _check_published(new_size)
    read_subtree = _subtrees(new_size, [size - 1 for size in old_sizes])
    return {size: merkle.consistency_path(size, new_size, read_subtree) for size in old_sizes}


def heads_proof(urns: Iterable[str]) -> tuple[Heads, MapProof]:
    """The shared proof of the heads of these subjects, at the newest published checkpoint."""
    return _at_published(lambda: HeadsMap(MapRows()).prove_all(urns))


def head_proof(key: bytes) -> tuple[Heads, HeadProof]:
    """The proof of the head of the subject with this 32-byte map key, at the newest published checkpoint."""
    return _at_published(lambda: HeadsMap(MapRows()).prove_key(key))


def hashes_tile(tile: tiles.Tile) -> bytes:
    """The content of a tile of hashes, which the newest published tree has at this width."""
    _check_published((tile.index * tiles.FULL + tile.width) << (8 * (tile.level or 0)))
    return TileRows([(tile.level or 0, tile.index)]).read_tile(tile)


def entries_bundle(tile: tiles.Tile) -> bytes:
    """The content of a bundle of entries: the 96-byte leaf of each statement."""
    first = tile.index * tiles.FULL
    _check_published(first + tile.width)
    rows = Statement.objects.filter(entry__index__gte=first, entry__index__lt=first + tile.width)
    stored = rows.order_by("entry__index").values_list("digest", "key_id", "envelope")
    return tiles.encode_bundle(leaf_of(bytes(digest), bytes(key), bytes(sealed)) for digest, key, sealed in stored)


def log_health() -> LogHealth:
    """How many leaves there are, how many statements wait, and how old the newest checkpoint is."""
    state = LogState.objects.select_related("published").first()
    newest = state.published if state else None
    oldest = QueueEntry.objects.order_by("statement_id").values_list("statement__accepted_at", flat=True).first()
    return LogHealth(
        size=state.size if state else 0,
        waiting=QueueEntry.objects.count(),
        waiting_since=oldest,
        newest=newest,
        checkpoint_age=timezone.now() - newest.cosigned_at if newest else None,
    )


def _at_published(read: Callable[[], Found]) -> tuple[Heads, Found]:
    """What `read` gives of the heads map while the newest published checkpoint is over all of the log."""
    for _ in range(LOOKS):
        state = _state()
        if state.published is not None and state.published.size == state.size:
            found = read()
            if _state().size == state.size:
                return _heads(state.published), found
        time.sleep(BETWEEN_LOOKS_S)
    raise NotPublishedYet("The newest checkpoint of the log is not published yet. Ask again in a moment.")


def _state() -> LogState:
    state = LogState.objects.select_related("published").first()
    if state is None:
        raise LogNotOpen(NOT_OPEN)
    return state


def _heads(checkpoint: Checkpoint) -> Heads:
    last = LogEntry.objects.filter(index=checkpoint.size - 1).values_list("statement__envelope", flat=True).first()
    if last is None:
        raise NotInLog("The log has no statement yet.")
    return Heads(checkpoint, bytes(last))


def _subtrees(size: int, indexes: Collection[int]) -> merkle.ReadSubtree:
    """The complete subtrees of this tree; those that proofs of these leaves need are read in one query."""
    rows = {
        (level, index >> 8 * (level + 1))
        for level in range((size.bit_length() + 7) // 8)
        for index in (*indexes, size - 1)
    }
    return tiles.subtree_reader(size, TileRows(rows).read_tile)


def _check_published(size: int) -> None:
    newest = newest_checkpoint()
    if size > newest.size:
        raise NotInLog(f"The newest published checkpoint is over {newest.size} leaves, not {size}.", size=size)


def leaf_of(digest: bytes, key_id: bytes, sealed: bytes) -> bytes:
    """The 96 bytes that the log holds of a statement (record-format.md section 4), from its row."""
    signatures = b"".join(one.sig for one in envelope.parse_envelope(sealed).signatures)
    return digest + key_id + sha256(signatures).digest()
