"""Tables of data: each is declared once, and sorted, narrowed, paged and given as CSV in one way.

A view hands its rows to a `Table`, puts what it gets in the context, and answers with `answer`; the template writes
the rows inside `{% rows %}`. What is asked stands in the address: `?sort=-made&q=words&page=2`, `?format=csv`. Where
several tables share a page, each but one has a part of its own: `?failures-sort=last`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils.functional import Promise

from traceability.web import csv_files, paging, workbooks
from traceability.web.csv_files import Cell

Words = str | Promise
PAGE: Final = 50
CHUNK: Final = 500
LONGEST_SEARCH: Final = 200
_HOW: Final = frozenset({"sort", "page", "format"})


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `cell` is what it says of a line, in CSV and where lines in memory are sorted; None for buttons.

    Rows of the database are sorted by the fields of `order`, and not at all by a column that names none.
    """

    name: str
    words: Words
    cell: Callable[[Any], Cell] | None = None
    order: tuple[str, ...] = ()
    unit: str = ""
    kind: str = ""
    """`r` for figures; `acts` for buttons, last, and `pick` for boxes, first, whose heads are there for ears alone."""
    gaps: bool = False
    """Whether the fields may be empty; rows without them then stand last, either way."""
    seen: bool = True
    """Whether it stands on the page, too, and not in the CSV alone."""


def figures(name: str, words: Words, cell: Callable[[Any], Cell], **rest: Any) -> Column:
    """A column of numbers, at the right."""
    return Column(name, words, cell, kind="r", **rest)


def buttons(words: Words) -> Column:
    """The column of what one can do with a row."""
    return Column("acts", words, kind="acts")


def boxes(words: Words) -> Column:
    """The column in which rows are ticked."""
    return Column("pick", words, kind="pick")


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column as the page shows it."""

    column: Column
    href: str
    direction: str

    @property
    def is_hidden(self) -> bool:
        """Whether it is there for ears alone."""
        return self.column.kind in ("acts", "pick")


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its columns, its usual order (`-made`; empty: as given), and where the words of a search are looked for.

    Those are columns of lines in memory, fields of rows of the database.
    """

    name: str
    title: Words
    columns: tuple[Column, ...]
    usual: str = ""
    find: tuple[str, ...] = ()
    matches: Callable[[str], Q] | None = None
    """The rows of the database that a word of a search means, beside those in whose fields it stands."""
    part: str = ""
    what: Words = ""
    """What its rows are called where they are counted."""
    wide: bool = True
    as_workbook: bool = False
    """Whether it is given as a workbook, too."""

    def of(self, request: HttpRequest, lines: Iterable[Any]) -> Shown:
        """The table of lines in memory, all on one page."""
        asked = self._asked(request, [one.name for one in self.columns if one.cell])
        found = [one for one in lines if self._says(one, asked.words.casefold().split())]
        column = self._column(asked.sort)
        if column is not None and column.cell is not None:
            found = _sorted(found, column.cell, down=asked.sort.startswith("-"))
        return Shown(self, asked, found, lambda: iter(found))

    def still(self, lines: Sequence[Any]) -> Shown:
        """The table of lines as they are, without links."""
        return Shown(self, Asked(QueryDict(), "", "", frozenset()), lines, lambda: iter(lines))

    def found(
        self,
        request: HttpRequest,
        rows: QuerySet[Any],
        lines: Callable[[list[Any]], Sequence[Any]] = list,
        *,
        size: int = 0,
    ) -> Shown:
        """A page of the table of rows of the database; `lines` makes of them what the columns speak of."""
        asked = self._asked(request, [one.name for one in self.columns if one.order])
        for word in asked.words.split():
            rows = rows.filter(self._meant(word))
        rows = self._ordered(rows, asked.sort)
        page = paging.page_of(rows, size or PAGE, asked.query.get(self.named("page")))
        return Shown(self, asked, lines(list(page.object_list)), lambda: _in_chunks(rows, lines), page)

    def paged(
        self,
        request: HttpRequest,
        rows: Sequence[Any],
        lines: Callable[[Sequence[Any]], Sequence[Any]] = list,
        *,
        size: int = PAGE,
        most_sorted: int = 0,
    ) -> Shown:
        """A page of the table of many rows in memory, in their own order; up to `most_sorted` of them sort.

        `lines` makes of rows what the columns speak of; but for an order or a file it is asked of one page alone.
        """
        sorts = len(rows) <= most_sorted
        asked = self._asked(request, [one.name for one in self.columns if one.cell] if sorts else ())
        column = self._column(asked.sort)
        if column is not None and column.cell is not None:
            rows, lines = _sorted(list(lines(rows)), column.cell, down=asked.sort.startswith("-")), list
        page = Paginator(rows, size).get_page(asked.query.get(self.named("page")))
        return Shown(self, asked, lines(list(page.object_list)), lambda: iter(lines(rows)), page)

    def without(self, *names: str) -> Table:
        """The table without some of its columns."""
        return replace(self, columns=tuple(one for one in self.columns if one.name not in names))

    def named(self, what: str) -> str:
        """The name in the address of what is asked of this table."""
        return f"{self.part}-{what}" if self.part else what

    def _meant(self, word: str) -> Q:
        by_field = [Q(**{f"{field}__icontains": word}) for field in self.find]
        return reduce(or_, [*by_field, *([self.matches(word)] if self.matches else [])])

    @property
    def searched(self) -> bool:
        """Whether it can be searched by words."""
        return bool(self.find or self.matches)

    def _asked(self, request: HttpRequest, sortable: Sequence[str]) -> Asked:
        sort = request.GET.get(self.named("sort"), "")
        if sort.removeprefix("-") not in sortable:
            sort = self.usual
        words = request.GET.get(self.named("q"), "")[:LONGEST_SEARCH].strip() if self.searched else ""
        return Asked(request.GET, sort, words.replace("\0", ""), frozenset(sortable))

    def _column(self, sort: str) -> Column | None:
        return next((one for one in self.columns if one.name == sort.removeprefix("-")), None)

    def _says(self, line: Any, words: Sequence[str]) -> bool:
        if not words:
            return True
        cells = [one.cell(line) for one in self.columns if one.cell and one.name in self.find]
        text = " ".join(map(csv_files.plain, cells)).casefold()
        return all(word in text for word in words)

    def _ordered(self, rows: QuerySet[Any], sort: str) -> QuerySet[Any]:
        column = self._column(sort)
        if column is None:
            return rows
        last, down = True if column.gaps else None, sort.startswith("-")
        fields = [(one.removeprefix("-"), down != one.startswith("-")) for one in (*column.order, "pk")]
        return rows.order_by(*(F(one).desc(nulls_last=last) if desc else F(one).asc(nulls_last=last)
                               for one, desc in fields))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader asked of a table: an order, words; the whole query, to keep the rest of it in links."""

    query: QueryDict
    sort: str
    words: str
    sortable: frozenset[str]


@dataclass(frozen=True, slots=True)
class Shown:
    """A table as it was asked for: the lines of the page, and all of them for a file."""

    table: Table
    asked: Asked
    lines: Sequence[Any]
    every: Callable[[], Iterator[Any]]
    page: Page[Any] | None = None

    @property
    def heads(self) -> list[Head]:
        """The heads of the columns that stand on the page."""
        return [self._head(one) for one in self.table.columns if one.seen]

    @property
    def is_there(self) -> bool:
        """Whether there is a table to show: rows, or a search that found none."""
        return bool(self.lines or self.asked.words)

    @property
    def csv_href(self) -> str:
        return self._href(format="csv").partition("#")[0]

    @property
    def workbook_href(self) -> str:
        return self._href(format="xlsx").partition("#")[0]

    @property
    def all_href(self) -> str:
        """The table without the words that were looked for."""
        return self._href(q="")

    @property
    def typed(self) -> str:
        """The words of the search as they were typed."""
        return str(self.asked.query.get(self.find_name, ""))[:LONGEST_SEARCH]

    @property
    def count(self) -> int:
        """How many rows there are on all pages, within what was asked for."""
        return len(self.lines) if self.page is None else self.page.paginator.count

    def narrowed(self, besides: Iterable[str] = ()) -> list[str]:
        """What of a form with filters of its own asks for less than all; `besides` are names that narrow nothing."""
        own = {*besides, *_HOW}
        return [name for name, value in self.asked.query.items() if value and name.rpartition("-")[2] not in own]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What a form of filters hands on of the address beside its own fields: names and values."""
        own = {self.table.named(one) for one in ("q", "page", "format")}
        return [(name, str(one)) for name, values in self.asked.query.lists() if name not in own for one in values]

    @property
    def kept_sort(self) -> list[tuple[str, str]]:
        """The order alone, for a form with filters of its own."""
        name = self.table.named("sort")
        return [(name, str(self.asked.query[name]))] if name in self.asked.query else []

    @property
    def anchor(self) -> str:
        return f"table-{self.table.part}" if self.table.part else ""

    @property
    def find_name(self) -> str:
        return self.table.named("q")

    @property
    def page_name(self) -> str:
        return self.table.named("page")

    def _head(self, column: Column) -> Head:
        if column.name not in self.asked.sortable:
            return Head(column, "", "")
        direction = {column.name: "ascending", f"-{column.name}": "descending"}.get(self.asked.sort, "")
        other_way = f"-{column.name}" if direction == "ascending" else column.name
        return Head(column, self._href(sort=other_way), direction)

    def _href(self, **changed: str) -> str:
        query = self.asked.query.copy()
        for one in ("page", "format"):
            query.pop(self.table.named(one), None)
        for name, value in changed.items():
            query.pop(self.table.named(name), None)
            if value:
                query[self.table.named(name)] = value
        return f"?{query.urlencode()}{f'#{self.anchor}' if self.anchor else ''}"

    def as_file(self) -> HttpResponseBase | None:
        """All lines as the file that was asked for; None where the page was."""
        asked_as = self.asked.query.get(self.table.named("format"))
        if asked_as == "csv":
            return csv_files.answer(self.table.name, *self._file())
        if asked_as == "xlsx" and self.table.as_workbook:
            return workbooks.answer(self.table.name, *self._file())
        return None

    def _file(self) -> tuple[list[str], Iterator[list[Cell]]]:
        """The heads and rows of a file."""
        columns = [(f"{one.words} {one.unit}".strip(), one.cell) for one in self.table.columns if one.cell]
        rows = ([cell(line) for _words, cell in columns] for line in self.every())
        return [words for words, _cell in columns], rows


def answer(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    more: Iterable[Shown] = (),
    status: int = 200,
) -> HttpResponseBase:
    """The page, or as a file that table of its context, or of `more`, that was asked for so."""
    for one in (*context.values(), *more):
        if isinstance(one, Shown) and (file := one.as_file()) is not None:
            return file
    page: HttpResponse = render(request, template, dict(context), status=status)
    return page


def _in_chunks(rows: QuerySet[Any], lines: Callable[[list[Any]], Sequence[Any]]) -> Iterator[Any]:
    """All lines in their order, which is found once; rows are read as they are sent."""
    order = list(rows.values_list("pk", flat=True))
    for start in range(0, len(order), CHUNK):
        wanted = order[start : start + CHUNK]
        found = {row.pk: row for row in rows.order_by().filter(pk__in=wanted)}
        yield from lines([found[one] for one in wanted if one in found])


def _sorted(lines: list[Any], cell: Callable[[Any], Cell], *, down: bool) -> list[Any]:
    """The lines by what the cell says of them; those of which it says nothing last, either way."""
    said = [(key, one) for one in lines if (key := _key(cell(one))) is not None]
    silent = [one for one in lines if _key(cell(one)) is None]
    return [one for _key, one in sorted(said, key=lambda pair: pair[0], reverse=down)] + silent


def _key(value: Cell) -> tuple[int, Any] | None:
    """Something to sort by; numbers before moments before words."""
    if value is None or value == "":
        return None
    if isinstance(value, bool | int | Decimal):
        return 0, value
    if isinstance(value, datetime):
        return 1, value.isoformat()
    if isinstance(value, date):
        return 1, value.isoformat()
    return 2, csv_files.plain(value).casefold()
