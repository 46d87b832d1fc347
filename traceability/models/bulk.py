"""Many rows in one statement, for the few places where row by row would be the ceiling of the log.

PostgreSQL gets whole columns as arrays in the driver's binary form (as text they cost ten times as much); SQLite gets
its rows one by one, which costs nothing there.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection

Row = tuple[Any, ...]
BySystem = Mapping[str, str]  # one SQL text for "postgresql", one for "sqlite"


def fetch_rows(sql: str, parameters: Sequence[object]) -> list[Row]:
    """The rows that the query gives, binary columns as bytes."""
    with _cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def write_rows(sql: BySystem, rows: Sequence[Row]) -> None:
    """Writes these rows; the PostgreSQL text takes one array for each column."""
    if not rows:
        return
    with _cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(sql["postgresql"], [list(column) for column in zip(*rows, strict=True)])
        else:
            cursor.executemany(sql["sqlite"], rows)


@contextmanager
def _cursor() -> Iterator[Any]:
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor:
            yield cursor
        return
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as binary:
        binary.format = psycopg.pq.Format.BINARY
        yield binary
