"""What it costs to import a spreadsheet, over the least that its statements can cost, in the same run.

The import is the whole way: the file read, each row validated, balanced at the door, all of them signed and recorded in
one transaction, given their places in the log. The floor closes the confidential fields of the same bodies, signs the
same payloads, and copies the same rows into tables without an index: nothing is read, checked or looked up. A row of
the sheet is one statement, with some 18 rows of our own. CPU of this process and of the second one beside it, because
other work on the machine takes elapsed time away; on two cores a step takes as long as the busier of the two.
"""

import os
import resource
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from django.db import connection

from tests.formats.workbooks import workbook
from tests.services.market import Market, open_market
from traceability.garbage import settle
from traceability.intake.numbers import NumberStyle
from traceability.ledger import closed, composing, envelope
from traceability.ledger.envelope import parse_envelope
from traceability.models import LogEntry, SheetImport, Statement
from traceability.services import (
    acceptance,
    clock,
    integrator,
    log_queue,
    rows_world,
    sealing,
    sheet_work,
    sheets,
    vault,
)

ROWS = int(os.environ.get("BENCH_ROWS", "10000"))
SHARE_OF_FLOOR = 0.5
MOST_MB = 300
NOISE = 0.7  # what other work on the machine may take from a ratio of two measurements
TABLES = (
    "statement",
    "chainlink",
    "disclosure",
    "subjecthead",
    "lot",
    "lotaccess",
    "finding",
    "logentry",
    "searchtext",
)
HEADINGS = ["Lot number", "Material", "Stage", "Dry mass (kg)", "Origin", "Country", "When it began", "basis",
            "La2O3 (%)", "CeO2 (%)", "Pr6O11 (%)", "Nd2O3 (%)", "Dy2O3 (%)"]  # fmt: skip


@pytest.fixture
def market(ledger_db: dict[str, str]) -> Iterator[Market]:
    """The market, in the log, nobody waking the integrator."""
    before = log_queue._nudge
    log_queue.nudge_by(lambda: None)
    found = open_market()
    integrator.drain()
    yield found
    log_queue.nudge_by(before)


def file_of_lots() -> bytes:
    """A workbook of lots of ore with five assayed oxides each."""
    rows = [
        [f"L-{number}", "bastnaesite ore", "ore", 1000 + number / 8, "mined", "US", "2026-03-05 08:00", "dry_mass",
         0.1, 0.2, 0.05, 0.66 + number % 7 / 100, 0.01]
        for number in range(ROWS)
    ]  # fmt: skip
    return workbook([HEADINGS, *rows])


class Cost(NamedTuple):
    """Seconds of CPU in this process and in the one beside it, and seconds elapsed."""

    here: float
    beside: float
    elapsed: float

    @property
    def on_two_cores(self) -> float:
        """What the step takes where each of the two has a core."""
        return max(self.here, self.beside)


def cost_of(work: Callable[[], Any]) -> Cost:
    """What the work cost."""
    before = _now()
    work()
    return Cost(*(after - start for after, start in zip(_now(), before, strict=True)))


def _now() -> Cost:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(time.process_time(), children.ru_utime + children.ru_stime, time.perf_counter())


def close_and_sign(row: SheetImport) -> None:
    """The confidential fields closed and the payloads signed, as if everything else were given."""
    payloads = dict(Statement.objects.filter(kind="lot.source").values_list("urn", "envelope"))
    acts = [sheet_work.act_of(row, said) for said in sheets.acts_of(row)]
    ready = [(act, parse_envelope(bytes(payloads[act.id]))) for act in acts]
    world = rows_world.reader()
    [told] = sealing.foresee(acts[:1], world, seen=acceptance.newest_checkpoint(world.origin), now=clock.now())
    assert told is not None
    plan, salts, signer = composing.plan_of(told), composing.salts(), vault.signer_for(told.key)
    started = time.process_time()
    for act, signed in ready:
        closed.close_fields({"body": dict(act.body)}, plan, salts, kept={})
        envelope.encode_envelope(envelope.seal(signed.payload, [signer]))
    close_and_sign.took = time.process_time() - started  # type: ignore[attr-defined]


def copied_rows() -> float:
    """Seconds of CPU to copy the same rows into tables without an index, in one transaction."""
    spent = 0.0
    for table in (f"traceability_{one}" for one in TABLES):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608
            columns = [one[0] for one in cursor.description]
            rows = cursor.fetchall()
            cursor.execute(f"CREATE TEMPORARY TABLE copy_{table} AS SELECT * FROM {table} WHERE 1 = 0")  # noqa: S608
            started = time.process_time()
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY copy_{table} FROM STDIN") as copy:  # type: ignore[attr-defined]
                    for one in rows:
                        copy.write_row(one)
            else:
                marks = ", ".join(["?"] * len(columns))
                cursor.cursor.connection.executemany(f"INSERT INTO copy_{table} VALUES ({marks})", rows)  # noqa: S608
            spent += time.process_time() - started
    return spent


def test_what_an_import_costs_over_its_floor(market: Market) -> None:
    content, made = file_of_lots(), {}

    def upload() -> None:
        made["sheet"] = sheets.upload(actor=market.mine, act="source", name="lots.xlsx", content=content,
                                      style=NumberStyle.POINT, utc_offset="+00:00")  # fmt: skip

    def check() -> None:
        sheet_work.run(made["sheet"])

    def sign() -> None:
        sheet = sheets.sign(actor=market.mine, sheet_id=made["sheet"].pk, revision=0)
        sheet_work.run(sheet)

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    settle()  # as in servers and workers
    steps = {
        "read": cost_of(upload), "checked": cost_of(check), "signed": cost_of(sign), "logged": cost_of(integrator.drain)
    }  # fmt: skip
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    row = SheetImport.objects.get(pk=made["sheet"].pk)
    assert (row.state, row.acts) == ("signed", ROWS), row.error
    assert LogEntry.objects.count() > ROWS
    close_and_sign(row)
    closing: float = close_and_sign.took  # type: ignore[attr-defined]
    copying = copied_rows()
    floor, total = closing + copying, Cost(*map(sum, zip(*steps.values(), strict=True)))
    on_two_cores = sum(one.on_two_cores for one in steps.values())
    print(f"\n{connection.vendor}, {ROWS} rows, {len(content) // 1024} KiB; ms a row")
    print(f"{'':28}{'CPU':>8}{'beside':>8}{'elapsed':>8}")
    for name, cost in (*steps.items(), ("the import", total)):
        print(f"{name:28}" + "".join(f"{seconds / ROWS * 1000:8.3f}" for seconds in cost))
    print(f"{'floor: closed and signed':28}{closing / ROWS * 1000:8.3f}")
    print(f"{'floor: rows copied':28}{copying / ROWS * 1000:8.3f}")
    signed = steps["signed"].on_two_cores + steps["logged"].on_two_cores
    print(f"share of the floor on two cores {floor / on_two_cores:.2f} (aim {SHARE_OF_FLOOR}), "
          f"of signing and logging {floor / signed:.2f}, of all CPU {floor / sum(total[:2]):.2f}")  # fmt: skip
    print(f"peak {peak:.0f} MB (before {before:.0f} MB), aim {MOST_MB} MB")
    assert peak < MOST_MB
