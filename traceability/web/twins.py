"""The tables that say the same as pictures: they sort and are given as CSV as every other table is.

A view puts `of(...)` in its context as `twins` and hands the tables to `tables.answer`. Where it does not, because the
page was posted or holds a form whose typing a link would lose, they stand as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from operator import itemgetter
from typing import Protocol

from django.http import HttpRequest

from traceability.web.numbers import all_digits
from traceability.web.pictures.svg import Twin
from traceability.web.tables import Column, Shown, Table

Row = list[tuple[Column, str]]


class Drawn(Protocol):
    """A picture that has a twin, or may have one."""

    @property
    def twin(self) -> Twin | None: ...


def of(request: HttpRequest, pictures: Iterable[Drawn | None]) -> dict[str, Shown]:
    """The twins of these pictures, where there are such, by the names of the pictures."""
    found = [one.twin for one in pictures if one is not None and one.twin is not None]
    return {one.name: _table(one).of(request, one.cells) for one in found}


def shown(twin: Twin, sorting: Mapping[str, Shown]) -> Shown:
    """The table of a twin: as the page sorts it, or as it is."""
    return sorting.get(twin.name) or _table(twin).still(twin.cells)


def rows(table: Shown) -> list[Row]:
    """The rows of such a table, each as pairs of column and text."""
    return [list(zip(table.table.columns, map(_text, line), strict=True)) for line in table.lines]


def _table(twin: Twin) -> Table:
    columns = (
        Column(f"c{place}", one.words, itemgetter(place), unit=one.unit, kind="r" if one.figures else "")
        for place, one in enumerate(twin.head)
    )
    return Table(twin.name, twin.title, tuple(columns), part=twin.name, wide=False)


def _text(cell: str | Decimal) -> str:
    return all_digits(cell) if isinstance(cell, Decimal) else cell
