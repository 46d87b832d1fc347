"""Queries and writes whose SQL is made once: making it costs the ORM ten times as much as running it costs.

For the few of every request and every acceptance; what they ask for is still said in terms of the models.
"""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any, Generic, NamedTuple, TypeVar, cast
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models import Field, Model, QuerySet
from psycopg.adapt import Transformer

Row = tuple[Any, ...]
Columns = Mapping[str, Any]
Found = TypeVar("Found", bound=Model)
Query = Callable[[Sequence[Any]], "QuerySet[Any, Any]"]
Convert = Callable[[Any], Any]
MOST_PARAMETERS = 30_000  # SQLite takes 32,766, PostgreSQL 65,535
COPIED = 200
"""From so many rows on PostgreSQL takes them as a stream, which costs both sides a third of what an INSERT does."""
_COUNTS_KEPT = 64


class Question(NamedTuple):
    """SQL with its parameters, and how its rows are read where they are not what the driver gives.

    `gives` is False for a write that gives no rows: to ask the driver whether there are some costs as much as reading.
    """

    sql: str
    parameters: Sequence[Any]
    read: Callable[[list[Row]], list[Row]] | None = None
    gives: bool = True


class Copy(NamedTuple):
    """Rows for PostgreSQL, as a stream."""

    sql: str
    rows: Sequence[Sequence[Any]]

    def send(self) -> None:
        with connection.cursor() as cursor, cursor.copy(self.sql) as stream:
            for row in self.rows:
                stream.write_row(row)


def answers(questions: Sequence[Question | None]) -> list[list[Row]]:
    """The rows of each question, in their order; no rows for None.

    Each runs after the one before it and sees what was committed until then, as if it were asked alone: so one may read
    what another locked. PostgreSQL gets them in one message, which costs the driver more than most of what is asked.
    """
    asked = [one for one in questions if one is not None]
    found = iter(_asked(asked))
    return [[] if one is None else next(found) for one in questions]


def _asked(questions: Sequence[Question]) -> list[list[Row]]:
    if not questions:
        return []
    database = connections[DEFAULT_DB_ALIAS]  # the proxy `connection` looks it up again for every name
    with database.cursor() as cursor, database.wrap_database_errors:
        execute = _execution(database, cursor)
        if database.vendor != "postgresql":
            return [_read(one, execute(one.sql, one.parameters)) for one in questions]
        execute(_message(database.connection, questions))
        return [_read(one, cursor.cursor, last=one is questions[-1]) for one in questions]


def _message(driver: Any, questions: Sequence[Question]) -> str:
    """All questions as one text: what ClientCursor does, without taking long SQL apart to find its parameters again."""
    literals = Transformer(driver).as_literal
    texts = [one.sql.encode() % tuple(map(literals, one.parameters)) for one in questions]
    return b"; ".join(texts).decode()


def _execution(database: Any, cursor: Any) -> Callable[..., Any]:
    """What runs a query: the driver itself, as Django's cursor costs as much again, unless somebody watches queries."""
    if database.queries_logged or database.execute_wrappers:
        return cast(Callable[..., Any], cursor.execute)
    database.validate_no_broken_transaction()
    if database.vendor == "postgresql":
        return cast(Callable[..., Any], cursor.cursor.execute)
    return lambda sql, parameters: sqlite3.Cursor.execute(cursor.cursor, _question_marks(sql), parameters)


@lru_cache(maxsize=512)
def _question_marks(sql: str) -> str:
    """SQL with the parameters as SQLite marks them; in what is prepared here `%s` stands for nothing else."""
    return sql.replace("%s", "?").replace("%%", "%")


def _read(question: Question, cursor: Any, *, last: bool = True) -> list[Row]:
    rows: list[Row] = cursor.fetchall() if question.gives else []
    if not last:
        cursor.nextset()
    return question.read(rows) if question.read and rows else rows


class Prepared:
    """A query of columns (`values_list`) in which nothing changes but a list of values of one field."""

    def __init__(self, field: "Field[Any, Any]", query: Query) -> None:
        self._convert, self._query = _converter(field), query
        self._compiled: dict[int, Question] = {}

    def rows(self, values: Sequence[Any]) -> list[Row]:
        """The rows for these values, each named once; none without values."""
        return answers([self.of(values)])[0]

    def of(self, values: Sequence[Any]) -> Question | None:
        """The question for these values, each named once; None without values."""
        if not values:
            return None
        sql, _, read, _ = self._compiled.get(len(values)) or self._compile(values)
        convert = self._convert
        return Question(sql, [convert(one) for one in values] if convert else values, read)

    def _compile(self, values: Sequence[Any]) -> Question:
        compiler = self._query(values).query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        if len(parameters) != len(values):
            raise TypeError("A prepared query has no parameters but its values, each once.")
        converters = compiler.get_converters([column for column, _, _ in compiler.select])

        def converted(rows: list[Row]) -> list[Row]:
            return [tuple(row) for row in compiler.apply_converters(rows, converters)]

        found = Question(sql, (), converted if converters else None)
        if len(self._compiled) < _COUNTS_KEPT:
            self._compiled[len(values)] = found
        return found


class PreparedRows(Generic[Found]):
    """The rows of a model by values of one of its fields, each with the row that one foreign key leads to.

    Columns in `later` (of the other model with its name before them, as in `organisation__name`) are read when asked.
    """

    def __init__(self, model: type[Found], field: str, *, related: str = "", later: Sequence[str] = ()) -> None:
        columns: dict[str, Any] = {one.name: one for one in model._meta.concrete_fields}
        self._model, self._related = model, related
        self._names = [one.attname for one in columns.values() if one.name not in later]
        self._other = columns[related].related_model if related else None
        others = self._other._meta.concrete_fields if self._other else []
        self._other_names = [one.attname for one in others if f"{related}__{one.name}" not in later]
        wanted = (*self._names, *(f"{related}__{name}" for name in self._other_names))
        rows = model._default_manager.order_by()
        self._query = Prepared(
            columns[field], lambda values: rows.filter(**{f"{field}__in": values}).values_list(*wanted)
        )

    def rows(self, values: Sequence[Any]) -> list[Found]:
        """The rows with these values, in no order."""
        return [self._row(columns) for columns in self._query.rows(values)]

    def _row(self, columns: Row) -> Found:
        own = len(self._names)
        row = self._model.from_db(DEFAULT_DB_ALIAS, self._names, columns[:own])
        if self._other:
            setattr(row, self._related, self._other.from_db(DEFAULT_DB_ALIAS, self._other_names, columns[own:]))
        return row


def insert_with_keys(rows: Sequence[Model]) -> None:
    """Stores new rows of one model and gives each the key that the database made for it, in their order."""
    if not rows:
        return
    table = _table(type(rows[0]))
    ending = f" RETURNING {connection.ops.quote_name(str(rows[0]._meta.pk.column))}"
    made = answers(list(table.inserts([row.__dict__ for row in rows], ending)))
    for row, (value,) in zip(rows, [one for some in made for one in some], strict=True):
        row.pk = value
        row._state.adding = False


def insert(rows: Sequence[Model], *, on_conflict: str = "") -> None:
    """Stores new rows of one model whose keys nobody needs to know; `on_conflict` is the SQL after ON CONFLICT."""
    if rows:
        fields = rows[0]._meta.concrete_fields
        writes = Writes()
        columns = [{field.attname: field.pre_save(row, True) for field in fields} for row in rows]
        writes.insert(type(rows[0]), columns, on_conflict=on_conflict)
        writes.flush()


class Writes:
    """Changes that are kept until `flush`, which makes them in their order, on PostgreSQL a few in one message.

    Who reads what they change, or changes it by the ORM, flushes first.
    """

    def __init__(self) -> None:
        self._waiting: list[Question | Copy] = []

    def insert(self, model: type[Model], rows: Iterable[Columns], *, on_conflict: str = "") -> None:
        """Keeps new rows, each with all its columns by attribute name; `on_conflict`: the SQL after ON CONFLICT."""
        some, table = list(rows), _table(model)
        if connection.vendor == "postgresql" and len(some) >= COPIED and not on_conflict:
            self._waiting.append(table.copy(some))
        else:
            self._waiting.extend(table.inserts(some, f" ON CONFLICT {on_conflict}" if on_conflict else ""))

    def update(self, model: type[Model], key: object, columns: Columns) -> None:
        """Keeps new values of some columns of the row with this key; where there is none, nothing happens."""
        self._waiting.append(_table(model).update(key, columns))

    def flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        together: list[Question] = []
        for one in waiting:
            if isinstance(one, Copy):
                answers(together)
                together = []
                one.send()
            else:
                together.append(one)
        answers(together)


class _Table:
    """How a model's values become parameters, and the SQL that takes them."""

    def __init__(self, model: type[Model]) -> None:
        # All but a key that the database makes.
        fields = [field for field in model._meta.concrete_fields if not getattr(field, "db_returning", False)]
        quote = connection.ops.quote_name
        self._name = quote(model._meta.db_table)
        self._key = quote(str(model._meta.pk.column))
        self._convert_key = _converter(model._meta.pk)
        self._columns = {field.attname: (quote(str(field.column)), _converter(field)) for field in fields}
        self._converters = [convert for _, convert in self._columns.values()]
        first, *more = self._columns
        self._values: Callable[[Columns], Iterable[Any]] = (
            itemgetter(first, *more) if more else lambda columns: (columns[first],)
        )
        names = ", ".join(quoted for quoted, _ in self._columns.values())
        self._beginning = f"INSERT INTO {self._name} ({names}) VALUES "  # noqa: S608
        self._stream = f"COPY {self._name} ({names}) FROM STDIN"
        self._marks = f"({', '.join(['%s'] * len(fields))})"

    def copy(self, rows: Sequence[Columns]) -> Copy:
        return Copy(self._stream, [self._converted(row) for row in rows])

    def _converted(self, row: Columns) -> list[Any]:
        values = zip(self._converters, self._values(row), strict=True)
        return [convert(value) if convert else value for convert, value in values]

    def inserts(self, rows: Sequence[Columns], ending: str) -> Iterable[Question]:
        at_once = MOST_PARAMETERS // len(self._columns)
        for start in range(0, len(rows), at_once):
            some = rows[start : start + at_once]
            parameters = [value for row in some for value in self._converted(row)]
            sql = self._beginning + ", ".join([self._marks] * len(some)) + ending
            yield Question(sql, parameters, gives=ending.startswith(" RETURNING"))

    def update(self, key: object, columns: Columns) -> Question:
        sets = ", ".join(f"{self._columns[name][0]} = %s" for name in columns)
        converters = [self._columns[name][1] for name in columns]
        values = [one(value) if one else value for one, value in zip(converters, columns.values(), strict=True)]
        parameters = [*values, self._convert_key(key) if self._convert_key else key]
        return Question(f"UPDATE {self._name} SET {sets} WHERE {self._key} = %s", parameters, gives=False)  # noqa: S608


_table = cache(_Table)
_AS_IT_IS = (models.CharField, models.TextField, models.IntegerField, models.BooleanField, models.BinaryField)
"""Fields whose values the driver takes as they are; foreign keys are as the field that they point to."""


def _converter(field: Any) -> Convert | None:
    """What makes a parameter of a value of this field; None where the value is one."""
    target = getattr(field, "target_field", field)
    if isinstance(target, models.UUIDField):
        return None if connection.features.has_native_uuid_field else _hex
    if isinstance(target, _AS_IT_IS):
        return None
    database = connections[DEFAULT_DB_ALIAS]  # to find it for every value costs more than to convert one
    return lambda value: target.get_db_prep_save(value, database)


def _hex(value: UUID | None) -> str | None:
    return None if value is None else value.hex
