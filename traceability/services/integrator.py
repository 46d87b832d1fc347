"""Gives accepted statements their places in the log, in the order of acceptance (record-format.md section 7).

One transaction under the lock on the one LogState row takes a batch from the queue, assigns indexes without a gap,
extends the tree, updates the heads map, adds `log.heads` as the last leaf and stages the checkpoint over all of it.
An index never comes from a sequence: rollbacks would leave gaps.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from traceability.ledger import envelope, identifiers, keys, merkle, tiles
from traceability.ledger.errors import RecordError
from traceability.ledger.headsmap import HeadsMap
from traceability.ledger.headsproof import Head
from traceability.ledger.merkle import Frontier, TreeHead
from traceability.ledger.statement import Seen, build_payload, parse_statement
from traceability.models import Checkpoint, LogEntry, LogState, PlatformKey, QueueEntry, Statement
from traceability.models.bulk import Row, fetch_rows
from traceability.models.log_tiles import MapRows, TileRows, write_tiles
from traceability.selectors.log import newest_checkpoint
from traceability.services import clock, publisher, vault

BATCH = 10_000

OperatorKeyAt = Callable[[UUID, int], str]


class NoOperator(RecordError):
    """A log whose leaf 0 is not the register of its operator."""

    code = "no_operator"


class NoOperatorKey(RecordError):
    """No key with which the operator could sign the heads."""

    code = "no_operator_key"


@dataclass(frozen=True, slots=True)
class Batch:
    """What came out of the queue: leaf hashes in log order, and the newest head of each subject that they advance."""

    leaves: list[bytes]
    heads: dict[str, Head]


def operator_key_at(operator: UUID, size: int) -> str:
    """The newest key in the vault that is active for the operator after the leaves 0 to size-1."""
    about_keys = Statement.objects.filter(issuer=operator, kind__in=sorted(keys.KEY_KINDS), entry__index__lt=size)
    rows = about_keys.order_by("entry__index").values_list("entry__index", "envelope")
    ring = _ring(tuple((index, bytes(stored)) for index, stored in rows))
    held = PlatformKey.objects.filter(organisation=operator).order_by("-id").values_list("key_id", flat=True)
    for key in (f"sha256:{bytes(key_id).hex()}" for key_id in held):
        record = ring.keys.get(key) if ring else None
        if record and record.active and not record.recovery:
            return key
    raise NoOperatorKey(
        "The platform holds no active key of the operator, which signs the heads. Add one by key.add or key.rotate."
    )


@lru_cache(maxsize=1)
def _ring(about_keys: tuple[tuple[int, bytes], ...]) -> keys.KeyRing | None:
    """The keys of the operator after its statements about keys, each with its index; some are about keys of others."""
    ring = None
    for index, stored in about_keys:
        said = parse_statement(envelope.parse_envelope(stored).payload)
        if keys.subject_organisation(said) == said.issuer:
            ring = keys.advance(said, index, ring, operator=said.issuer, owner_of=lambda key: None)
    return ring


def integrate(*, limit: int = BATCH, key_at: OperatorKeyAt = operator_key_at) -> int:
    """The number of statements that got their place now; what a crash left staged is published first."""
    if publisher.publish() is None:
        publisher.open_log()
    if not QueueEntry.objects.exists():
        return 0
    with transaction.atomic(durable=True):
        state = LogState.objects.select_for_update().get()
        batch = _take(state.size, limit)
        if batch.leaves:
            _extend(state, batch, key_at)
    publisher.publish()
    return len(batch.leaves)


def drain() -> int:
    """The number of statements that got their place, batch by batch until fewer than a whole batch waited."""
    total = count = integrate(limit=BATCH)
    while count == BATCH:
        count = integrate(limit=BATCH)
        total += count
    return total


def _extend(state: LogState, batch: Batch, key_at: OperatorKeyAt) -> None:
    """Writes everything that follows from the batch, and stages the checkpoint."""
    root = HeadsMap(MapRows()).update(batch.heads)
    heads = TreeHead(state.size + len(batch.leaves), root)
    leaves = [*batch.leaves, _add_heads(heads, newest_checkpoint(), key_at)]
    write_tiles(tiles.grow(state.size, leaves, TileRows().read_tile))
    frontier = Frontier.from_bytes(bytes(state.frontier))
    frontier.extend(leaves)
    LogState.objects.update(size=frontier.size, frontier=frontier.to_bytes())
    publisher.stage(frontier.head())


def _add_heads(heads: TreeHead, seen: Checkpoint, key_at: OperatorKeyAt) -> bytes:
    """The leaf hash of the `log.heads` that now stands at index `heads.size`; `seen` was published before it."""
    operator = _operator()
    key = key_at(operator, heads.size)
    signer, now = vault.signer_for(key), clock.now()
    urn = identifiers.new_urn(int(now.timestamp() * 1000), secrets.token_bytes(10))
    payload = build_payload(
        id=urn,
        nonce=identifiers.b64url_encode(secrets.token_bytes(16)),
        kind="log.heads",
        issuer=f"urn:uuid:{operator}",
        key=key,
        occurred=(now, now),
        utc_offset="+00:00",
        issued_at=now,
        seen=Seen(settings.LODESTONE_LOG_ORIGIN, seen.size, f"sha256:{bytes(seen.root).hex()}"),
        chains=(),
        body={"size": heads.size, "root": f"sha256:{heads.root.hex()}"},
    )
    sealed = envelope.seal(payload, [signer])
    leaf = merkle.leaf_hash(envelope.leaf_input(payload, signer.public_key, sealed.signatures))
    row = Statement.objects.create(
        urn=UUID(urn),
        issuer=operator,
        kind="log.heads",
        digest=sha256(payload).digest(),
        envelope=envelope.encode_envelope(sealed),
        leaf_hash=leaf,
        key_id=identifiers.digest_bytes(key),
        accepted_at=now,
    )
    LogEntry.objects.create(index=heads.size, statement=row, leaf_hash=leaf)
    return leaf


def _operator() -> UUID:
    """The issuer of leaf 0, which must be its own register."""
    issuer, kind = LogEntry.objects.values_list("statement__issuer", "statement__kind").get(index=0)
    if kind != "organisation.register":
        raise NoOperator(f"The first statement of a log is the operator's organisation.register, not {kind}.")
    return issuer


def _take(first_index: int, limit: int) -> Batch:
    """Moves the oldest waiting statements to the log, from this index on."""
    place = _place_postgresql if connection.vendor == "postgresql" else _place_sqlite
    leaves: list[bytes] = []
    links: dict[str | None, tuple[int, bytes]] = {}
    for index, leaf_hash, subject, seq, custody_hash in place(first_index, limit):
        if index == first_index + len(leaves):
            leaves.append(leaf_hash)
        links[subject] = seq, custody_hash
    links.pop(None, None)
    heads = {f"urn:uuid:{urn}": Head(seq + 1, f"sha256:{last.hex()}") for urn, (seq, last) in links.items()}
    return Batch(leaves, heads)


def _place_postgresql(first_index: int, limit: int) -> list[Row]:
    """One row for each link of each statement that moved, in log order; the payloads never leave the database."""
    return fetch_rows(
        """
        WITH taken AS (
            DELETE FROM traceability_queueentry WHERE statement_id IN (
                SELECT statement_id FROM traceability_queueentry ORDER BY statement_id LIMIT %s
            ) RETURNING statement_id
        ), placed AS (
            INSERT INTO traceability_logentry ("index", statement_id, leaf_hash)
            SELECT %s + row_number() OVER (ORDER BY id) - 1, id, leaf_hash
            FROM traceability_statement JOIN taken ON id = statement_id
            RETURNING "index", statement_id, leaf_hash
        )
        SELECT placed."index", leaf_hash, subject::text, seq, custody_hash
        FROM placed LEFT JOIN traceability_chainlink USING (statement_id) ORDER BY placed."index"
        """,
        [limit, first_index],
    )


def _place_sqlite(first_index: int, limit: int) -> list[Row]:
    """The same rows; SQLite has no DELETE inside a query, and its one writer needs none."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO traceability_logentry ("index", statement_id, leaf_hash)
            SELECT %s + row_number() OVER (ORDER BY id) - 1, id, leaf_hash FROM traceability_statement
            WHERE id IN (SELECT statement_id FROM traceability_queueentry ORDER BY statement_id LIMIT %s)
            """,
            [first_index, limit],
        )
        cursor.execute(
            """
            DELETE FROM traceability_queueentry
            WHERE statement_id IN (SELECT statement_id FROM traceability_logentry WHERE "index" >= %s)
            """,
            [first_index],
        )
    return fetch_rows(
        """
        SELECT "index", leaf_hash, substr(subject, 1, 8) || '-' || substr(subject, 9, 4) || '-'
            || substr(subject, 13, 4) || '-' || substr(subject, 17, 4) || '-' || substr(subject, 21), seq, custody_hash
        FROM traceability_logentry LEFT JOIN traceability_chainlink USING (statement_id)
        WHERE "index" >= %s ORDER BY "index"
        """,
        [first_index],
    )
