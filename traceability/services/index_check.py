"""The index of the record made again from its signed bytes, and compared: columns and JSON hold nothing of their own.

Every accepted statement is judged once more, in its order, by the rules of the door; so every element balance and every
figure is computed again too. What it gives is written into shadow tables by the code that writes the real ones.
"""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from itertools import islice
from typing import Final

from django.db import connection, transaction

from traceability.ledger import closed
from traceability.ledger.envelope import parse_envelope
from traceability.ledger.errors import RecordError
from traceability.ledger.statement import parse_statement
from traceability.models import (
    Attested,
    ClaimsAccount,
    Disclosure,
    Facility,
    Finding,
    KeyEntry,
    LogState,
    Lot,
    LotAccess,
    LotEdge,
    Organisation,
    SearchText,
    Statement,
    StepInProcess,
    SubjectHead,
    Version,
)
from traceability.models.prepared import Writes
from traceability.services import projections, rows_world, search_index
from traceability.services.acceptance import at_the_door
from traceability.services.accepted import Accepted
from traceability.services.judging import judge
from traceability.services.ledger_checkpoints import Difference
from traceability.services.needs import needs_of
from traceability.services.reading import Read
from traceability.services.rows_world import RowsWorld, Said
from traceability.services.shadow_tables import Compared, ShadowTable
from traceability.services.submissions import SignedSubmission

BATCH: Final = 200
MOST: Final = 1000


class Indexed(ShadowTable):
    """A table of the index."""

    def difference(self, row: Compared) -> Difference:
        """The difference of a row, in words."""
        words = {"spare": "the signed bytes give no such row", "missing": "the row is missing"}
        what = words.get(row.state) or f"the signed bytes give another {', '.join(row.columns)}"
        return Difference(f"{self.name} {row.key}", what)


TABLES: Final = (
    Indexed(Organisation, ("id",), ignored=("is_operator", "created_at")),
    Indexed(SubjectHead, ("subject",)),
    Indexed(KeyEntry, ("key_id",)),
    Indexed(Facility, ("id",)),
    Indexed(Lot, ("id",)),
    Indexed(LotEdge, ("child_id", "parent_id")),
    Indexed(LotAccess, ("lot_id", "organisation_id", "sees")),
    Indexed(ClaimsAccount, ("id",)),
    Indexed(StepInProcess, ("statement_id", "facility")),
    Indexed(Version, ("statement_id",)),
    Indexed(Attested, ("attestation_id", "statement_id")),
    Indexed(SearchText, ("kind", "source", "subject", "disclosure")),
    Indexed(Finding, ("statement_id", "lot", "code", "sentence"), ignored=("created_at",)),
)
MORE_TABLES: Final[list[Indexed]] = []
STORES: Final[dict[str, Callable[[Accepted], None]]] = {}
"""Tables of the rooms above, and what writes their rows, by kind of statement; config/wiring.py fills them."""
LOOKS: Final[dict[str, list[Callable[[Accepted], Iterable[str]]]]] = {}
"""What the rooms above say of rows that signed bytes name by a root alone, by kind of statement."""
Progress = Callable[[int], None]


def check_index(*, write: bool = False, progress: Progress = lambda done: None) -> Generator[Difference, None, None]:
    """Every difference between the index and what the signed bytes give; `write` makes the index that.

    Values that were erased cannot be judged again: their statements are named.
    """
    with _reading(write=write):
        tables = (*TABLES, *MORE_TABLES)
        for table in tables:
            table.create()
        TABLES[0].fill()  # organisations exist before they register
        Organisation.objects.update(registered=False)
        yield from _say_again(progress)
        SearchText.objects.filter(kind=SearchText.Kind.PARTNER).delete()  # of names that were changed since
        search_index.fill_names()
        for table in tables:
            found = list(map(table.difference, table.compare()))
            yield from found
            if found and write:
                table.repair()
            table.drop()


def check_beside() -> list[Difference]:
    """The first differences, found in a connection of its own: for `verify_ledger`, which is inside a transaction."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(_first_differences).result()


def _first_differences() -> list[Difference]:
    try:
        with closing(check_index()) as found:
            return list(islice(found, MOST))
    finally:
        connection.close()


@contextmanager
def _reading(*, write: bool) -> Iterator[None]:
    """One moment of the record, in which shadow tables stand; all is undone at the end but what was to be written."""
    if connection.vendor == "sqlite" and not write:
        with _deferred():
            yield
        return
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            if write:
                cursor.execute("LOCK TABLE traceability_statement IN SHARE ROW EXCLUSIVE MODE")
        yield
        transaction.set_rollback(not write)


@contextmanager
def _deferred() -> Iterator[None]:
    """A transaction of SQLite that reads, and writes only temporary tables: nobody has to wait for it."""
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")
    connection.set_autocommit(False)  # Django then sets savepoints inside it, and begins no other
    try:
        yield
    finally:
        connection.rollback()
        connection.set_autocommit(True)


def _say_again(progress: Progress) -> Iterator[Difference]:
    size = LogState.objects.values_list("size", flat=True).first() or 0
    done, last = 0, 0
    while rows := _next_rows(last):
        last = rows[-1].pk
        yield from _Again(rows, size).run()
        done += len(rows)
        progress(done)


def _next_rows(after: int) -> list[Statement]:
    rows = Statement.objects.filter(pk__gt=after).exclude(kind="log.heads").select_related("entry")
    found = list(rows.order_by("pk")[:BATCH])
    recall = next((place for place, row in enumerate(found, start=1) if row.kind == "lot.recall"), None)
    return found[:recall]  # it tells of what came of the lot so far, and of nothing that came later


class _Again:
    """A batch of stored statements, taken through the door once more."""

    def __init__(self, rows: Sequence[Statement], size: int) -> None:
        self.rows = rows
        self.size = size
        self.accepted: list[Accepted] = []

    def run(self) -> Iterator[Difference]:
        read: list[Read] = []
        rows: list[Statement] = []
        for row in self.rows:
            try:
                read.append(self._read(row))
                rows.append(row)
            except RecordError as error:
                yield Difference(_named(row), str(error))
        submissions = [SignedSubmission(one.written) for one in read]
        world = rows_world.load(needs_of(submissions, read), before=self.rows[0].pk)
        for row, one in zip(rows, read, strict=True):
            try:
                self._take(row, one, world)
            except RecordError as error:
                yield Difference(_named(row), str(error))
        writes = Writes()
        projections.store_index(self.accepted, world, writes)
        projections.store_findings(self.accepted, writes)
        writes.flush()
        for accepted in self.accepted:
            kind = accepted.statement.kind
            if kind in STORES:
                STORES[kind](accepted)
            for look in LOOKS.get(kind, ()):
                yield from (Difference(_named(accepted.row), what) for what in look(accepted))
            yield from _places(accepted)

    def _read(self, row: Statement) -> Read:
        sealed = parse_envelope(bytes(row.envelope))
        statement = parse_statement(sealed.payload)
        digests = closed.closed_digests(statement.content).values()
        texts = Disclosure.objects.filter(digest__in=digests).values_list("text", flat=True)
        disclosures = {one.digest: one for one in (closed.parse_disclosure(text) for text in texts if text)}
        return Read(bytes(row.envelope), sealed, statement, disclosures)

    def _take(self, row: Statement, read: Read, world: RowsWorld) -> None:
        entry = getattr(row, "entry", None)
        judged = judge(
            Said(read.statement, read.disclosures),
            world,
            index=self.size if entry is None else entry.index,
            read=read,
        )
        decision = at_the_door(judged.decision, read.statement, row.accepted_at)
        self.accepted.append(
            Accepted(
                read.statement,
                judged.opened,
                read.disclosures,
                decision,
                judged.kind,
                row,
                judged.digests,
                judged.kept,
            )
        )


def _named(row: Statement) -> str:
    return f"statement {row.pk} ({row.kind})"


def _places(one: Accepted) -> Iterator[Difference]:
    """The differences of the rows that say where each confidential value of a statement stands."""
    rows = projections.disclosures_of(one)
    expected = {row["digest"]: (row["path"], row["group"], row["lot"]) for row in rows}
    found = Disclosure.objects.filter(statement=one.row).values_list("digest", "path", "group", "lot")
    stored = {digest: (path, group, lot) for digest, path, group, lot in found}
    for digest in sorted(expected.keys() | stored.keys()):
        if expected.get(digest) != stored.get(digest):
            where = f"{_named(one.row)}, confidential value {digest}"
            yield Difference(where, f"the signed bytes give {expected.get(digest)}, the row says {stored.get(digest)}")
