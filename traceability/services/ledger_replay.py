"""The statements of the ledger said again, one by one in log order: what each must be, given all before it.

A replay keeps the keys of every organisation and a scratch heads map on disk, and nothing that grows with the log.
"""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from django.db.models import OuterRef, Subquery

from traceability.ledger import keys, merkle
from traceability.ledger.envelope import Envelope, parse_envelope, verify_envelope
from traceability.ledger.errors import RecordError
from traceability.ledger.headsmap import HeadsMap
from traceability.ledger.headsproof import Head
from traceability.ledger.identifiers import digest_bytes
from traceability.ledger.keys import KEY_KINDS, KeyRing
from traceability.ledger.statement import Chain, Seen, Statement, parse_statement
from traceability.models import ChainLink
from traceability.models import Statement as Row
from traceability.selectors.log import leaf_of


class ScratchStore:
    """A `MapStore` in a temporary file, gone when it is closed."""

    def __init__(self) -> None:
        self._file = sqlite3.connect("", isolation_level=None)
        self._file.execute("CREATE TABLE tile (prefix TEXT PRIMARY KEY, content BLOB) WITHOUT ROWID")

    def read_tiles(self, prefixes: Collection[str]) -> Mapping[str, bytes]:
        """The stored tile of each of these prefixes that has one."""
        found = (self._file.execute("SELECT * FROM tile WHERE prefix = ?", [prefix]).fetchone() for prefix in prefixes)
        return dict(row for row in found if row)

    def write_tiles(self, tiles: Mapping[str, bytes]) -> None:
        """Keep these tiles in the place of those with the same prefix."""
        self._file.executemany("INSERT OR REPLACE INTO tile VALUES (?, ?)", tiles.items())

    def __len__(self) -> int:
        return int(self._file.execute("SELECT count(*) FROM tile").fetchone()[0])

    def close(self) -> None:
        """Forgets everything."""
        self._file.close()


@dataclass(frozen=True, slots=True)
class Link:
    """A row of a chain, its place in the log, and hash and place of the row before it; None where there is none."""

    id: int
    statement: int
    subject: str
    seq: int
    role: str
    custody_hash: str
    place: int | None
    before_hash: str | None
    before_place: int | None


def links_of(statements: Iterable[int]) -> dict[int, list[Link]]:
    """The links of these statements by statement id."""
    before = ChainLink.objects.filter(subject=OuterRef("subject"), seq=OuterRef("seq") - 1)
    rows = ChainLink.objects.filter(statement__in=statements).values_list(
        "id",
        "statement",
        "subject",
        "seq",
        "role",
        "custody_hash",
        "statement__entry__index",
        Subquery(before.values("custody_hash")),
        Subquery(before.values("statement__entry__index")),
    )
    found: dict[int, list[Link]] = {}
    for id, statement, subject, seq, role, custody_hash, place, before_hash, before_place in rows:
        before_digest = None if before_hash is None else _digest(before_hash)
        link = Link(
            id, statement, f"urn:uuid:{subject}", seq, role, _digest(custody_hash), place, before_digest, before_place
        )
        found.setdefault(statement, []).append(link)
    return found


class Replay:
    """The state of keys and of the heads map after the statements that were replayed so far."""

    def __init__(self, store: ScratchStore) -> None:
        self.store = store
        self.operator = ""
        self.seen: Seen | None = None
        """What the last statement had seen of the log; None where its bytes cannot be read."""
        self._rings: dict[str, KeyRing] = {}
        self._owners: dict[str, str] = {}
        self._map = HeadsMap(store)
        self._heads: dict[str, Head] = {}

    def check(self, row: Row, links: Sequence[Link], index: int) -> Iterator[str]:
        """What of this row differs from its signed bytes, or from what they must be at this index."""
        try:
            sealed = parse_envelope(bytes(row.envelope))
            said = parse_statement(sealed.payload)
        except RecordError as error:
            self.seen = None
            yield f"envelope: {error}"
            self._heads |= _heads_of_links(links)
            return
        self.seen = said.seen
        yield from _columns(row, said, sealed)
        yield from _links(said, links, index)
        yield from self._signatures(said, sealed)
        yield from self._about_keys(said, index) if said.kind in KEY_KINDS else ()
        yield from self._log_heads(said, index) if said.kind == "log.heads" else ()
        as_received = sha256(sealed.payload).digest() == bytes(row.digest)
        self._heads |= _heads_of(said) if as_received else _heads_of_links(links)

    def _signatures(self, said: Statement, sealed: Envelope) -> Iterator[str]:
        try:
            verify_envelope(sealed, keys.signers(said, self._rings.get))
        except RecordError as error:
            yield f"signature: {error}"

    def _about_keys(self, said: Statement, index: int) -> Iterator[str]:
        self.operator = self.operator or said.issuer
        organisation = keys.subject_organisation(said)
        try:
            ring = keys.advance(
                said, index, self._rings.get(organisation), operator=self.operator, owner_of=self._owners.get
            )
        except RecordError as error:
            yield f"keys: {error}"
            return
        if ring:
            self._rings[organisation] = ring
            self._owners |= dict.fromkeys(ring.keys, organisation)

    def _log_heads(self, said: Statement, index: int) -> Iterator[str]:
        root, self._heads = self._map.update(self._heads), {}
        if said.body["root"] != f"sha256:{root.hex()}":
            yield f"log.heads: the root of the heads map after the leaves before is {root.hex()}"
        if said.body["size"] != index:
            yield f"log.heads: its size is {said.body['size']}, its index {index}"
        if said.issuer != self.operator:
            yield "log.heads: its issuer is not the operator"


def _heads_of(said: Statement) -> dict[str, Head]:
    return {chain.subject: Head(chain.seq + 1, said.custody_hash(chain.subject)) for chain in said.chains}


def _heads_of_links(links: Iterable[Link]) -> dict[str, Head]:
    """The heads as they stand in the rows: where the signed bytes were changed, what follows is compared with these."""
    return {link.subject: Head(link.seq + 1, link.custody_hash) for link in links}


def _columns(row: Row, said: Statement, sealed: Envelope) -> Iterator[str]:
    """The columns that are not what the signed bytes say."""
    digest, key_id = sha256(sealed.payload).digest(), digest_bytes(said.key)
    expected = {
        "urn": UUID(said.id),
        "issuer": UUID(said.issuer),
        "kind": said.kind,
        "digest": digest,
        "key_id": key_id,
        "leaf_hash": merkle.leaf_hash(leaf_of(digest, key_id, bytes(row.envelope))),
    }
    for name, value in expected.items():
        found = getattr(row, name)
        if (bytes(found) if isinstance(value, bytes) else found) != value:
            yield f"{name} is {_shown(found)}, the signed bytes give {_shown(value)}"


def _links(said: Statement, links: Sequence[Link], index: int) -> Iterator[str]:
    """The links (from `links_of`) that are missing, spare, or other than the chains of the statement."""
    rows = {link.subject: link for link in links}
    for chain in said.chains:
        link = rows.pop(chain.subject, None)
        yield from _link(said, chain, link, index) if link else [f"the link of {chain.subject} is missing"]
    yield from (f"a link of {subject}, which the statement does not advance" for subject in rows)


def _link(said: Statement, chain: Chain, link: Link, index: int) -> Iterator[str]:
    name = f"link {link.id} of {chain.subject}"
    if (link.seq, link.role) != (chain.seq, chain.role):
        yield f"{name} is {link.role} at {link.seq}, the statement says {chain.role} at {chain.seq}"
    if link.custody_hash != said.custody_hash(chain.subject):
        yield f"{name}: custody_hash is {link.custody_hash}, not {said.custody_hash(chain.subject)}"
    if chain.previous is not None:
        if link.before_hash != chain.previous:
            yield f"{name}: the link before it is {link.before_hash or 'missing'}, not {chain.previous}"
        elif link.before_place is None and link.place is not None:
            yield f"{name}: the link before it has no place in the log yet"
        elif link.before_place is not None and link.before_place >= index:
            yield f"{name}: the link before it stands at {link.before_place}, after {index}"


def _digest(stored: bytes | memoryview) -> str:
    return f"sha256:{bytes(stored).hex()}"


def _shown(value: object) -> str:
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else str(value)
