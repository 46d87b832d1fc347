"""What the log costs on PostgreSQL: the same inserts with and without it, and a backlog against bare COPY.

Only ratios inside one run mean anything. Each lot gets three statements, so a third of them bring a new subject.
"""

import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from multiprocessing.synchronize import Barrier, Event

import pytest
from django.db import connection, connections, transaction

from tests.log.authors import Author, new_urn, prepare, store
from traceability.models import ChainLink, LogEntry, QueueEntry, Statement
from traceability.services import integrator, log_queue, publisher, vault

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

WRITERS = 8
APPENDS = 250
ROUNDS = 5
TICK_S = 1.0  # as the schedule of config/settings.py
BACKLOG = 5_000
COLUMNS = "urn, issuer, kind, digest, envelope, leaf_hash, key_id, accepted_at"
TYPES = ["uuid", "uuid", "varchar", "bytea", "bytea", "bytea", "bytea", "timestamptz"]

Rows = tuple[Statement, list[ChainLink]]
processes = multiprocessing.get_context("fork")


@pytest.fixture
def operator(ledger_db: dict[str, str]) -> Iterator[Author]:
    """The operator of an open log that waits for a batch to be asked for."""
    if connection.vendor != "postgresql":
        pytest.skip("set DATABASE_URL: the figures are those of PostgreSQL")
    before = log_queue._nudge
    log_queue.nudge_by(lambda: None)
    publisher.open_log()
    found = Author()
    found.register()
    integrator.integrate()
    yield found
    log_queue.nudge_by(before)


def prepared(author: Author, count: int) -> list[Rows]:
    """So many small signed statements as rows, three to a lot."""
    signer = vault.signer_for(author.key)
    lots = [new_urn() for _ in range(0, count, 3)]
    said = ({"lot": lots[n // 3], "reason": "a test"} for n in range(count))
    return [prepare(author.payload("lot.hold", body, (body["lot"], "lot")), author, [signer]) for body in said]


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def insert(rows: Sequence[Rows], start: Barrier, *, queued: bool) -> None:
    """What a request does in the end: one transaction for each statement."""
    start.wait()
    for row, links in rows:
        with transaction.atomic():
            store(row, links)
            if queued:
                log_queue.enqueue(row)
    connections.close_all()


def integrate_at_intervals(stop: Event) -> None:
    while not stop.wait(TICK_S):
        integrator.integrate()
    integrator.drain()
    connections.close_all()


def writers_seconds(author: Author, *, with_log: bool) -> float:
    """Wall time until all writers are done and, with a log, all that they wrote has its place."""
    shares = [prepared(author, APPENDS) for _ in range(WRITERS)]
    connections.close_all()
    start, stop = processes.Barrier(WRITERS + 1), processes.Event()
    writers = [processes.Process(target=insert, args=(rows, start), kwargs={"queued": with_log}) for rows in shares]
    helper = processes.Process(target=integrate_at_intervals, args=(stop,))
    for each in (*writers, helper) if with_log else writers:
        each.start()

    def wait() -> None:
        for writer in writers:
            writer.join()
        if with_log:
            stop.set()
            helper.join()

    start.wait()
    return seconds(wait)


def test_eight_writers_hardly_notice_the_log(operator: Author) -> None:
    rounds = [
        (writers_seconds(operator, with_log=False), writers_seconds(operator, with_log=True)) for _ in range(ROUNDS)
    ]
    assert not QueueEntry.objects.exists()
    ratio = best(rounds)
    print(f"\n{WRITERS} writers with the log: {ratio:.0%} of the rate without it")
    assert ratio >= 0.6


def best(rounds: Sequence[tuple[float, float]]) -> float:
    """The rate of the second against that of the first, each at its best: the rest is what others did meanwhile."""
    return min(first for first, _ in rounds) / min(second for _, second in rounds)


def copy(rows: Sequence[Rows], table: str, *, binary: bool = True) -> None:
    """COPY in transactions of 1,000 rows, the fastest way in that PostgreSQL has."""
    names = COLUMNS.split(", ")
    statement = f"COPY {table} ({COLUMNS}) FROM STDIN" + (" (FORMAT BINARY)" if binary else "")
    for at in range(0, len(rows), 1000):
        with transaction.atomic(), connection.cursor() as cursor, cursor.copy(statement) as to:
            if binary:
                to.set_types(TYPES)
            for row, _ in rows[at : at + 1000]:
                to.write_row([getattr(row, name) for name in names])


def backlog(rows: Sequence[Rows]) -> None:
    """Statements that were accepted while nobody integrated."""
    copy(rows, "traceability_statement")
    ids = dict(Statement.objects.filter(entry=None).values_list("urn", "id"))
    for row, links in rows:
        row.pk = ids[row.urn]
        for link in links:
            link.statement_id = row.pk
    ChainLink.objects.bulk_create([link for _, links in rows for link in links], batch_size=1000)
    QueueEntry.objects.bulk_create([QueueEntry(statement_id=row.pk) for row, _ in rows], batch_size=1000)


def test_a_backlog_is_integrated_about_as_fast_as_copy_writes_it(operator: Author) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE yardstick (LIKE traceability_statement INCLUDING ALL)")
    text, binary = [], []
    for _ in range(ROUNDS):
        rows = prepared(operator, BACKLOG)
        by_text = seconds(partial(copy, rows, "yardstick", binary=False))
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE yardstick")
        by_binary = seconds(partial(copy, rows, "yardstick"))
        backlog(rows)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        drained = seconds(integrator.drain)
        text.append((by_text, drained))
        binary.append((by_binary, drained))
    assert LogEntry.objects.exclude(statement__kind="log.heads").count() == 1 + ROUNDS * BACKLOG
    print(f"\nbacklog of {BACKLOG}: {best(text):.0%} of the rate of COPY, {best(binary):.0%} of that of binary COPY")
    assert best(text) >= 0.7
