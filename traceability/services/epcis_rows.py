"""Rows of captured events, many in one statement: row by row they would cost more than all that is checked."""

from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.utils import timezone

from traceability.epcis.columns import Columns
from traceability.models import EpcisCapture
from traceability.models.bulk import fetch_rows

CHUNK: Final = 2000
_LOCK: Final = 0x45504349
"""Names our locks among those of the database: EPCI."""
_EVENT: Final = (
    "id", "organisation_id", "capture_id", "body", "event_id", "key", "event_hash", "hash_version", "has_own_id",
    "event_type", "event_time", "record_time", "action", "biz_step", "disposition", "read_point", "biz_location",
    "transformation_id", "declared_wrong",
)  # fmt: skip
_NAME: Final = ("event_id", "role", "name")
_FACT: Final = ("event_id", "field", "text", "number")


def hold(organisation: UUID) -> None:
    """Lets one transaction at a time store events of an organisation.

    What is looked up stays true until it is stored, and the numbers of events grow in the order of their commits, which
    is how subscriptions know what they have seen. SQLite lets one write at a time anyhow.
    """
    if connection.vendor == "postgresql":
        fetch_rows("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, organisation.int % 2**31])


def write(capture: EpcisCapture, found: Sequence[tuple[str, Columns]]) -> int:
    """Writes these events in their order, in the caller's transaction; the number of the first, 0 without any."""
    if not found:
        return 0
    numbers = _numbers(len(found))
    organisation, key = _uuid(capture.organisation_id), _uuid(capture.pk)
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    for at in range(0, len(found), CHUNK):
        numbered = list(zip(numbers[at : at + CHUNK], found[at : at + CHUNK], strict=True))
        shared = (organisation, key, now)
        _write("traceability_epcisevent", _EVENT, (_row(number, shared, *one) for number, one in numbered))
        names = ((number, role, name) for number, (_, one) in numbered for role, name in one.names)
        _write("traceability_epcisname", _NAME, names)
        facts = ((number, *fact) for number, (_, one) in numbered for fact in one.facts)
        _write("traceability_epcisfact", _FACT, facts)
    return numbers[0]


def _write(table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Copies rows into a table: PostgreSQL takes them as a stream, SQLite one by one, which costs nothing there."""
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(rows))  # noqa: S608


def _row(number: int, shared: tuple[Any, Any, Any], text: str, one: Columns) -> tuple[Any, ...]:
    organisation, capture, now = shared
    return (
        number, organisation, capture, text, one.event_id, one.key, one.event_hash, one.hash_version, one.has_own_id,
        one.event_type, connection.ops.adapt_datetimefield_value(one.event_time), now, one.action, one.biz_step,
        one.disposition, one.read_point, one.biz_location, one.transformation_id, one.declared_wrong,
    )  # fmt: skip


def _numbers(count: int) -> list[int]:
    """So many numbers that no event had, in their order."""
    if connection.vendor == "postgresql":
        sequence = "pg_get_serial_sequence('traceability_epcisevent', 'id')"
        return sorted(one for (one,) in fetch_rows(f"SELECT nextval({sequence}) FROM generate_series(1, %s)", [count]))  # noqa: S608
    found = fetch_rows("SELECT seq FROM sqlite_sequence WHERE name = %s", ["traceability_epcisevent"])
    newest = int(found[0][0]) if found else 0
    return list(range(newest + 1, newest + 1 + count))


def _uuid(value: UUID) -> UUID | str:
    return value if connection.vendor == "postgresql" else value.hex
