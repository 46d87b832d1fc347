"""Audit bundles: all that a lot's verifier needs, for an actor, as one file (record-format.md section 8).

The same state of the log and the same actor give the same bytes.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from django.db import connection, transaction

from traceability.ledger import bundle, closed
from traceability.ledger.closed import Disclosure
from traceability.models import Disclosure as DisclosureRow
from traceability.models import Statement
from traceability.selectors import access, log, statements
from traceability.selectors import bundle as reading
from traceability.selectors.access import Actor, NotFound
from traceability.selectors.bundle import Carried
from traceability.selectors.lot_facts import is_with
from traceability.selectors.slots import SLOTS
from traceability.services import clock, evidence

ATTEMPTS = 3
ENDING = ".custody.zip"


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: the lot, its newest custody hash in the log, and the size of the tree that proves it."""

    target: str
    custody_hash: str
    size: int


class Members(Mapping[str, bytes]):
    """The members of a bundle: small ones in memory, documents read when they are asked for."""

    def __init__(self) -> None:
        self._content: dict[str, bytes | Path] = {}

    def add(self, members: Mapping[str, bytes | Path]) -> None:
        """Takes these members in."""
        self._content |= members

    def __getitem__(self, name: str) -> bytes:
        content = self._content[name]
        return content.read_bytes() if isinstance(content, Path) else content

    def __iter__(self) -> Iterator[str]:
        return iter(self._content)

    def __len__(self) -> int:
        return len(self._content)


def export_bundle(*, actor: Actor, lot: UUID, file: BinaryIO) -> Exported:
    """Writes the bundle of a lot to a file, with every confidential value that the actor may read."""
    require_with(actor, lot)
    for attempt in range(ATTEMPTS):
        try:
            with _one_state():
                exported, read = _export(actor, lot, file)
            statements.note_reading(actor, list(read), {row.pk: values for row, values in read.items()})
            return exported
        except log.NotPublishedYet:
            if attempt == ATTEMPTS - 1:
                raise
    raise log.NotPublishedYet("The newest checkpoint of the log is not published yet. Ask again in a moment.")


def require_with(actor: Actor, lot: UUID) -> None:
    """NotFound unless the lot is with the actor: who handed a lot on is not told what became of it."""
    today = clock.now().date()
    seen_as = access.organisations_seen_as(actor, today)
    if not access.lots(actor, today).filter(is_with(seen_as), pk=lot).exists():
        raise NotFound("There is no such lot with you. Ask its holder for the bundle.")


@contextmanager
def _one_state() -> Iterator[None]:
    """One state of the database for all reads."""
    with transaction.atomic():
        if connection.vendor == "postgresql" and len(connection.savepoint_ids) == 0:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _export(actor: Actor, lot: UUID, file: BinaryIO) -> tuple[Exported, dict[Statement, int]]:
    """What was written, and the statements whose confidential values are in it."""
    checkpoint = log.newest_checkpoint()
    carried = reading.carried_for(lot, checkpoint.size)
    custody_hash = reading.custody_hash(lot, checkpoint.size)
    members = Members()
    members.add({bundle.statement_name(index): bytes(row.envelope) for index, row in carried.in_order()})
    for proved in reading.proofs(carried, checkpoint):
        members.add(proved)
    read, disclosures = _disclosures(actor, carried, clock.now().date())
    members.add({bundle.disclosure_name(digest): one.text.encode() for digest, one in disclosures.items()})
    bodies = {pk: closed.open_payload(content, disclosures)[0] for pk, content in carried.payloads.items()}
    members.add(_documents(carried, bodies))
    published = [row for row in carried.statements.values() if row.kind == "factors.publish"]
    members.add(SLOTS.factors_in_bundle(published, _factor_ids(bodies.values())))
    members.add(SLOTS.tables_in_bundle(list(_claimed_bodies(bodies.values()))))
    target = f"urn:uuid:{lot}"
    for piece in bundle.write_bundle(members, target=target, custody_hash=custody_hash):
        file.write(piece)
    return Exported(target, custody_hash, checkpoint.size), {carried.statements[pk]: read[pk] for pk in sorted(read)}


def _disclosures(actor: Actor, carried: Carried, today: date) -> tuple[Counter[int], dict[str, Disclosure]]:
    """The confidential values that the actor may read and that were not erased, and how many of each statement."""
    read: Counter[int] = Counter()
    found: dict[str, Disclosure] = {}
    ids = sorted(carried.statements)
    for start in range(0, len(ids), reading.CHUNK):
        some = access.readable_disclosures(actor, ids[start : start + reading.CHUNK], today).exclude(text=None)
        for row in some:
            read[row.statement_id] += 1
            found[row.digest] = closed.parse_disclosure(_text(row))
    return read, found


def _text(row: DisclosureRow) -> str:
    return row.text or ""


def _documents(carried: Carried, bodies: Mapping[int, Mapping[str, Any]]) -> dict[str, Path]:
    """The documents that disclosed rows name, as far as they are kept here."""
    found: dict[str, Path] = {}
    for pk, content in bodies.items():
        for row in _document_rows(content):
            name = bundle.evidence_name(str(row["sha256"]))
            path = evidence.path_of(carried.statements[pk].issuer, bytes.fromhex(name.removeprefix("evidence/")))
            if path.is_file():
                found[name] = path
    return found


def _document_rows(content: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    claim = content["body"].get("as", {})
    yield from content.get("evidence", ())
    yield from claim.get("evidence", ()) if isinstance(claim, dict) else ()


def _factor_ids(bodies: Collection[Mapping[str, Any]]) -> set[str]:
    """The ids of the factors that inventories and legs name, in what the actor may read."""
    found: set[str] = set()
    for body in _claimed_bodies(bodies):
        for row in (*body.get("inventory", ()), *body.get("legs", ())):
            found |= set(row.get("factors", ()))
    return found


def _claimed_bodies(bodies: Collection[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """The bodies of statements, and those that corrections claim."""
    for content in bodies:
        yield content["body"]
        yield content["body"].get("as", {}).get("body", {})
