"""Empty copies of index tables that stand before the real ones for one connection, to be filled again and compared.

A temporary table hides the table of the same name on PostgreSQL and on SQLite. So the code that writes the index at the
door writes it here as well, and nothing that others see is touched.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, models

_REFERENCES = re.compile(r'\s+REFERENCES "\w+" \("\w+"\)( DEFERRABLE INITIALLY DEFERRED)?')


@dataclass(frozen=True, slots=True)
class Compared:
    """A row that is not what it must be: `state` is missing, spare or different (in these columns)."""

    key: str
    state: str
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ShadowTable:
    """One table, and by which columns its rows are known; surrogate ids are nobody's business."""

    model: type[models.Model]
    key: tuple[str, ...]
    ignored: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.model._meta.db_table

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are compared."""
        return tuple(column for column in self.written if column not in self.ignored)

    @property
    def written(self) -> tuple[str, ...]:
        """All columns but surrogate ids."""
        fields = self.model._meta.concrete_fields
        return tuple(str(field.column) for field in fields if not isinstance(field, models.BigAutoField))

    def create(self) -> None:
        """Makes the empty copy, with the constraints of the table but its foreign keys, for one transaction."""
        if connection.vendor == "postgresql":
            self._execute(_LIKE)
            return
        [[sql]] = self._rows(_WRITTEN)
        with connection.cursor() as cursor:
            cursor.execute(_REFERENCES.sub("", str(sql)).replace("CREATE TABLE", "CREATE TEMP TABLE", 1))

    def drop(self) -> None:
        """Removes the copy before the transaction ends, on SQLite, where it would stay."""
        if connection.vendor == "sqlite":
            self._execute(_DROP)

    def fill(self) -> None:
        """Copies all rows of the table."""
        self._execute(_COPY)

    def compare(self) -> Iterator[Compared]:
        """Every row that differs between the table and what was written anew, by key."""
        stored = {self._key(row): row for row in self._rows(_ONLY_REAL)}
        rebuilt = {self._key(row): row for row in self._rows(_ONLY_SHADOW)}
        for key in sorted(stored.keys() | rebuilt.keys()):
            if key not in rebuilt:
                yield Compared(key, "spare")
            elif key not in stored:
                yield Compared(key, "missing")
            else:
                pairs = zip(self.columns, stored[key], rebuilt[key], strict=True)
                yield Compared(key, "different", tuple(column for column, one, other in pairs if one != other))

    def repair(self) -> None:
        """Makes the table what was written anew: rows are changed in place, because others point at them."""
        for sql in (_CHANGE, _REMOVE, _ADD):
            self._execute(sql)

    def _key(self, row: tuple[object, ...]) -> str:
        named = dict(zip(self.columns, row, strict=True))
        return " ".join(_shown(named[column]) for column in self.key)

    def _sql(self, template: str) -> str:
        real, shadow = ("public", "pg_temp") if connection.vendor == "postgresql" else ("main", "temp")
        return template.format(
            name=self.name,
            real=f'{real}."{self.name}"',
            shadow=f'{shadow}."{self.name}"',
            columns=", ".join(f'"{column}"' for column in self.columns),
            written=", ".join(f'"{column}"' for column in self.written),
            same=" AND ".join(f'shadow."{column}" = real."{column}"' for column in self.key),
        )

    def _execute(self, template: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(self._sql(template))

    def _rows(self, template: str) -> Iterator[tuple[object, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(self._sql(template))
            while found := cursor.fetchmany(1000):
                yield from found


_LIKE = 'CREATE TEMP TABLE "{name}" (LIKE {real} INCLUDING ALL) ON COMMIT DROP'
_WRITTEN = "SELECT sql FROM main.sqlite_master WHERE type = 'table' AND name = '{name}'"
_DROP = "DROP TABLE {shadow}"
_COPY = "INSERT INTO {shadow} SELECT * FROM {real}"
_ONLY_REAL = "SELECT {columns} FROM {real} EXCEPT SELECT {columns} FROM {shadow}"
_ONLY_SHADOW = "SELECT {columns} FROM {shadow} EXCEPT SELECT {columns} FROM {real}"
_CHANGE = """
    UPDATE {real} AS real SET ({columns}) = (SELECT {columns} FROM {shadow} AS shadow WHERE {same})
    WHERE EXISTS (SELECT 1 FROM {shadow} AS shadow WHERE {same})
"""
_REMOVE = "DELETE FROM {real} AS real WHERE NOT EXISTS (SELECT 1 FROM {shadow} AS shadow WHERE {same})"
_ADD = """
    INSERT INTO {real} ({written}) SELECT {written} FROM {shadow} AS shadow
    WHERE NOT EXISTS (SELECT 1 FROM {real} AS real WHERE {same})
"""


def _shown(value: object) -> str:
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else str(value)
