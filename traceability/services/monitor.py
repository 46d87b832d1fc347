"""Follows a log from outside by what it serves to anybody, remembers what it saw, and raises alarms.

Every new leaf is read, and the tree is grown from the one that was seen before: a root that differs is another history.
With access to the statements they are read too, and the heads map is made again; without it that is said, not passed.
"""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from traceability.ledger import envelope, merkle, tiles
from traceability.ledger.checkpoint import SignedCheckpoint
from traceability.ledger.errors import RecordError
from traceability.ledger.headsmap import HeadsMap, MemoryStore
from traceability.ledger.headsproof import Head, map_key
from traceability.ledger.merkle import Frontier, TreeHead
from traceability.ledger.policy import Policy, QuorumNotReached
from traceability.ledger.statement import parse_header

CLOCKS_DIFFER_S: Final = 600
OLDEST_S: Final = 2 * 3600
ENTRY_BYTES: Final = 96

Get = Callable[[str], bytes | None]
"""What the site serves at a path; None where there is nothing to be seen."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """What a person has to look at: a code that never changes, and a sentence."""

    code: str
    sentence: str


class BadState(RecordError):
    """What was remembered cannot be read: following on without it would see no fork."""

    code = "bad_monitor_state"


@dataclass(slots=True)
class Seen:
    """What the monitor remembers of a log."""

    frontier: Frontier = field(default_factory=Frontier)
    note: str = ""
    cosigned_at: int = 0
    heads: dict[str, Head] = field(default_factory=dict)
    unread: int = 0
    """How many statements could not be read; the heads map is only made again where it is 0."""

    @classmethod
    def read(cls, file: Path) -> "Seen":
        """What the file remembers; nothing where there is none."""
        try:
            found = json.loads(file.read_text("utf-8"))
            heads = {urn: Head(count, hash_) for urn, (count, hash_) in found["heads"].items()}
            frontier = Frontier.from_bytes(bytes.fromhex(found["frontier"]))
            return cls(frontier, found["note"], found["cosigned_at"], heads, found["unread"])
        except FileNotFoundError:
            return cls()
        except (ValueError, KeyError, TypeError, AttributeError):
            raise BadState(f"{file} cannot be read. Restore it, or begin anew in another folder.") from None

    def write(self, file: Path) -> None:
        """Remembers this, durably."""
        value = {
            "frontier": self.frontier.to_bytes().hex(),
            "note": self.note,
            "cosigned_at": self.cosigned_at,
            "heads": {urn: [head.count, head.custody_hash] for urn, head in self.heads.items()},
            "unread": self.unread,
        }
        draft = file.with_suffix(".draft")
        with draft.open("w") as written:
            json.dump(value, written)
            written.flush()
            os.fsync(written.fileno())
        draft.rename(file)


def look(get: Get, policy: Policy, seen: Seen, *, now: datetime, replay: bool) -> list[Alarm]:
    """Follows the log to its newest checkpoint. `seen` moves on only over what belongs to one history."""
    content = get("/log/checkpoint")
    if content is None:
        return [Alarm("unreachable", "The log serves no checkpoint.")]
    alarms: list[Alarm] = []
    try:
        signed = policy.verify(content)
    except QuorumNotReached as error:
        return [Alarm(error.code, error.sentence)]
    except RecordError as error:
        return [Alarm("bad_checkpoint", error.sentence)]
    alarms += _of_time(signed, seen, int(now.timestamp()))
    old, new = seen.frontier.head(), signed.checkpoint.head
    if new.size < old.size:
        return [*alarms, Alarm("rollback", f"The log has {new.size} leaves; it had {old.size}.")]
    if new.size == old.size and new.root != old.root and old.size:
        return [*alarms, Alarm("fork", f"The log shows another root for {new.size} leaves than before.")]
    try:
        entries = list(_entries(get, old.size, new.size))
    except (RecordError, EntriesDiffer) as error:
        return [*alarms, Alarm("entries_missing", f"What the log serves of its leaves is wrong: {error}")]
    grown = Frontier.from_bytes(seen.frontier.to_bytes())
    grown.extend(merkle.leaf_hash(one) for one in entries)
    if grown.root() != new.root:
        return [*alarms, Alarm("fork", f"The leaves that were seen do not lead to the root of {new.size} leaves.")]
    if replay:
        alarms += _replay(get, seen, entries, new)
    else:
        seen.unread += len(entries)
    seen.frontier, seen.note = grown, content.decode()
    seen.cosigned_at = max(seen.cosigned_at, signed.cosigned_at or 0)
    return alarms


class EntriesDiffer(ValueError):
    """Leaves of another form than those of a log of this format."""


def _of_time(signed: SignedCheckpoint, seen: Seen, now: int) -> Iterator[Alarm]:
    at = signed.cosigned_at
    if at is None:
        yield Alarm("time_not_established", "No key of your policy states a time.")
    elif at > now + CLOCKS_DIFFER_S:
        yield Alarm("checkpoint_from_future", "The checkpoint states a time that has not come.")
    elif at < now - OLDEST_S:
        yield Alarm("stale", f"The checkpoint is {(now - at) // 60} minutes old.")
    if at is not None and at < seen.cosigned_at:
        yield Alarm("time_went_back", "The checkpoint states an earlier time than one before it.")


def _entries(get: Get, start: int, end: int) -> Iterator[bytes]:
    """The leaves [start, end) out of the bundles of entries."""
    for index in range(start // tiles.FULL, -(-end // tiles.FULL)):
        width = min(tiles.FULL, end - index * tiles.FULL)
        content = get(f"/log/{tiles.Tile(None, index, width).path}")
        if content is None:
            raise EntriesDiffer(f"bundle {index} is missing")
        rows = tiles.parse_bundle(content, width)
        if any(len(one) != ENTRY_BYTES for one in rows):
            raise EntriesDiffer(f"a leaf of bundle {index} has not {ENTRY_BYTES} bytes")
        yield from rows[max(0, start - index * tiles.FULL) :]


def _replay(get: Get, seen: Seen, entries: list[bytes], new: TreeHead) -> Iterator[Alarm]:
    """Reads the statements of new leaves, and makes the heads map again where all of them could be read."""
    *leaves, last = entries or [b""]
    for entry in leaves if entries else ():
        stored = get(f"/api/v1/statements/sha256:{entry[:32].hex()}")
        said = None if stored is None else envelope.parse_envelope(stored)
        if said is None:
            seen.unread += 1
            continue
        signatures = b"".join(one.sig for one in said.signatures)
        if (sha256(said.payload).digest(), sha256(signatures).digest()) != (entry[:32], entry[64:]):
            yield Alarm("statement_differs", f"The statement {entry[:32].hex()} is not the one of its leaf.")
            continue
        statement = parse_header(said.payload)
        for chain in statement.chains:
            before = seen.heads.get(chain.subject)
            if seen.unread == 0 and chain.seq != (before.count if before else 0):
                yield Alarm("chain_broken", f"{chain.subject}: number {chain.seq} does not follow.")
            seen.heads[chain.subject] = Head(chain.seq + 1, statement.custody_hash(chain.subject))
    if seen.unread:
        sentence = f"{seen.unread} statements could not be read, so the heads map was not made again."
        yield Alarm("replay_incomplete", sentence)
    elif entries:
        yield from _of_heads(get, seen, last, new)


def _of_heads(get: Get, seen: Seen, leaf: bytes, new: TreeHead) -> Iterator[Alarm]:
    subject = next(iter(seen.heads), "urn:uuid:00000000-0000-7000-8000-000000000000")
    found = get(f"/log/heads/{map_key(subject).hex()}")
    said = None if found is None else envelope.parse_envelope(json.loads(found)["log_heads"].encode())
    if said is None or sha256(said.payload).digest() != leaf[:32]:
        yield Alarm("heads_not_last_leaf", "The last leaf is not the statement of the heads that the log serves.")
        return
    body: dict[str, Any] = dict(parse_header(said.payload).body)
    root = HeadsMap(MemoryStore()).update(seen.heads)
    if (body.get("size"), body.get("root")) != (new.size - 1, f"sha256:{root.hex()}"):
        yield Alarm("false_heads", "The log signed other heads than its statements give: something is left out.")
