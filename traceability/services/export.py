"""Audit bundles: all that a lot's verifier needs, for an actor, as one file (record-format.md section 8).

The same state of the log and the same actor give the same bytes.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, Final
from uuid import UUID

from traceability.ledger import bundle, closed
from traceability.ledger.closed import Disclosure
from traceability.models import Disclosure as DisclosureRow
from traceability.models import Statement, SubjectHead
from traceability.selectors import access, log, lot_facts, statements
from traceability.selectors import bundle as reading
from traceability.selectors.access import Actor, NotFound
from traceability.selectors.bundle import Carried
from traceability.selectors.slots import SLOTS
from traceability.services import clock, evidence
from traceability.services.snapshots import snapshot

ATTEMPTS = 3
ENDING = ".custody.zip"


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: the lot, its newest custody hash in the log, and the size of the tree that proves it.

    `statements` are the ids of what is in it, `values_sha256` names the confidential values that are.
    """

    target: str
    custody_hash: str
    size: int
    statements: tuple[int, ...]
    values_sha256: str


class Progress:
    """Hears how far an export is; this one does not listen."""

    def found(self, count: int) -> None:
        """So many statements were found so far."""

    def packed(self, count: int, total: int) -> None:
        """So many of all statements are packed."""


class Members(Mapping[str, bytes]):
    """The members of a bundle: small ones in memory, documents read when they are asked for.

    The writer reads each member twice: half of the reads of statements are those that are packed.
    """

    def __init__(self, progress: Progress) -> None:
        self._content: dict[str, bytes | Path] = {}
        self._progress = progress
        self._reads = self._statements = 0

    def add(self, members: Mapping[str, bytes | Path]) -> None:
        """Takes these members in."""
        self._content |= members
        self._statements += sum(map(_is_statement, members))

    def __getitem__(self, name: str) -> bytes:
        content = self._content[name]
        if _is_statement(name):
            self._reads += 1
            self._progress.packed(self._reads // 2, self._statements)
        return content.read_bytes() if isinstance(content, Path) else content

    def __iter__(self) -> Iterator[str]:
        return iter(self._content)

    def __len__(self) -> int:
        return len(self._content)


def export_bundle(*, actor: Actor, lot: UUID, file: BinaryIO, progress: Progress | None = None) -> Exported:
    """Writes the bundle of a lot to a file, with every confidential value that the actor may read."""
    require_with(actor, lot)
    for attempt in range(ATTEMPTS):
        try:
            with snapshot():
                exported, read = _export(actor, lot, file, progress or Progress())
            statements.note_reading(actor, list(read), {row.pk: values for row, values in read.items()})
            return exported
        except log.NotPublishedYet:
            if attempt == ATTEMPTS - 1:
                raise
    raise log.NotPublishedYet("The newest checkpoint of the log is not published yet. Ask again in a moment.")


def require_with(actor: Actor, lot: UUID) -> None:
    """NotFound unless the lot is with the actor: who handed a lot on is not told what became of it."""
    if not is_with(actor, lot, clock.now().date()):
        raise NotFound("There is no such lot with you. Ask its holder for the bundle.")


def is_with(actor: Actor, lot: UUID, today: date) -> bool:
    """Whether the lot is with the actor, or with who gave him a mandate; a reference is with its declarant."""
    own = SubjectHead.objects.filter(pk=lot, opened_by="declaration.reference", owner=actor.organisation.pk)
    if own.exists():
        return True
    seen_as = access.organisations_seen_as(actor, today)
    return access.lots(actor, today).filter(lot_facts.is_with(seen_as), pk=lot).exists()


def values_named(actor: Actor, statements: Collection[int]) -> str:
    """The SHA-256 over the digests of the confidential values of these statements that the actor may read today."""
    today, digests = clock.now().date(), list[str]()
    for some in reading.chunks(statements):
        rows = access.readable_disclosures(actor, some, today).exclude(text=None)
        digests += rows.values_list("digest", flat=True)
    return _name_of(digests)


def _name_of(digests: Collection[str]) -> str:
    return sha256("\n".join(sorted(digests)).encode()).hexdigest()


def _is_statement(name: str) -> bool:
    return name.startswith("statements/")


def _export(actor: Actor, lot: UUID, file: BinaryIO, progress: Progress) -> tuple[Exported, dict[Statement, int]]:
    """What was written, and the statements whose confidential values are in it."""
    checkpoint = log.newest_checkpoint()
    carried = reading.carried_for(lot, checkpoint.size, progress.found)
    custody_hash = reading.custody_hash(lot, checkpoint.size)
    members = Members(progress)
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
    exported = Exported(
        target, custody_hash, checkpoint.size, tuple(sorted(carried.statements)), _name_of(disclosures.keys())
    )
    return exported, {carried.statements[pk]: read[pk] for pk in sorted(read)}


def _disclosures(actor: Actor, carried: Carried, today: date) -> tuple[Counter[int], dict[str, Disclosure]]:
    """The confidential values that the actor may read and that were not erased, and how many of each statement."""
    read: Counter[int] = Counter()
    found: dict[str, Disclosure] = {}
    for some in reading.chunks(carried.statements):
        for row in access.readable_disclosures(actor, some, today).exclude(text=None):
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


_AMOUNTS: Final = frozenset({"amount", "distance_km", "stated"})


def _factor_ids(bodies: Collection[Mapping[str, Any]]) -> set[str]:
    """The ids of the factors of rows whose amounts the actor may read: nothing is computed from the others."""
    found: set[str] = set()
    for body in _claimed_bodies(bodies):
        for row in (*body.get("inventory", ()), *body.get("legs", ()), *body.get("meters", ())):
            if _AMOUNTS & row.keys():
                found |= set(row.get("factors", ()))
    return found


def _claimed_bodies(bodies: Collection[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """The bodies of statements, and those that corrections claim."""
    for content in bodies:
        yield content["body"]
        yield content["body"].get("as", {}).get("body", {})
