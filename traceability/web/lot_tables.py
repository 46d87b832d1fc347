"""The tables of the pages of one lot and of one statement."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from html import unescape
from itertools import count
from operator import itemgetter
from typing import Any, Final

from django.http import HttpRequest
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from traceability.web import lot_body
from traceability.web.csv_files import Cell
from traceability.web.lot_body import Block
from traceability.web.lot_timeline import Change
from traceability.web.tables import Column, Shown, Table, figures

PARTIES: Final = Table(
    "who-took-part",
    _("Who took part"),
    (
        Column("name", _("Organisation"), lambda one: one.name),
        Column("country", _("Country"), lambda one: one.country),
        Column("steps", _("Steps"), lambda one: one.steps),
        Column("lots", _("Lots"), lambda one: [lot.label for lot in one.lots]),
    ),
    part="parties",
)
STEPS: Final = Table(
    "steps",
    _("Balance of each step of the history"),
    (
        Column("step", _("Step"), lambda one: one.title),
        Column("made", _("Made"), lambda one: one.lots),
        Column("by", _("By"), lambda one: one.by),
        Column("balance", _("Balance"), lambda one: one.words),
        Column("about", _("About"), lambda one: one.about, seen=False),
        Column("statement", _("Statement"), lambda one: f"sha256:{one.digest}", seen=False),
    ),
    part="steps",
)
CHAINS: Final = Table(
    "chains",
    _("Chains"),
    (
        Column("subject", _("Subject"), lambda one: one["label"]),
        Column("role", _("Role"), lambda one: one["role"]),
        figures("number", _("Number"), lambda one: one["number"]),
        Column("hash", _("Custody hash"), lambda one: one["hash"]),
    ),
    part="chains",
    wide=False,
)
CHANGES: Final = Table(
    "old-and-new",
    _("Old and new"),
    (
        Column("what", _("What"), itemgetter(0)),
        Column("before", _("Before"), itemgetter(1)),
        Column("now", _("Now"), itemgetter(2)),
    ),
    wide=False,
)
_FIGURE: Final = re.compile(r'<data value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of objects in the body of a statement, as a table that sorts; `withheld` rows are withheld whole."""

    title: str
    shown: Shown
    withheld: int


def changed(request: HttpRequest, changes: Iterable[Change]) -> dict[str, Shown]:
    """What each of these corrections says differently, by its digest; withdrawals are not among them."""
    return {
        one.digest: replace(CHANGES, part=f"by-{one.digest[:8]}").of(request, one.rows) for one in changes if one.rows
    }


def listed(request: HttpRequest, blocks: Sequence[Block]) -> list[Any]:
    """The same blocks, their tables as `Listed`."""
    numbers = count(1)
    return [_block(request, one, numbers) for one in blocks]


def all_of(blocks: Sequence[Any]) -> Iterator[Shown]:
    """Every table of such blocks."""
    for one in blocks:
        yield from (table.shown for table in one.tables)
        yield from all_of(one.inner)


def _block(request: HttpRequest, block: Block, numbers: Iterator[int]) -> Any:
    tables: Any = tuple(_table(request, one, next(numbers)) for one in block.tables)
    return replace(block, tables=tables, inner=tuple(_block(request, one, numbers) for one in block.inner))


def _table(request: HttpRequest, one: lot_body.Table, number: int) -> Listed:
    columns = tuple(Column(f"c{place}", words, _said(place)) for place, words in enumerate(one.head))
    table = Table(f"table-{number}", one.title, columns, part=f"t{number}", wide=False)
    return Listed(one.title, table.of(request, one.rows), one.withheld)


def _said(place: int) -> Callable[[Sequence[SafeString]], Cell]:
    def said(row: Sequence[SafeString]) -> Cell:
        figure = _FIGURE.match(row[place])
        return Decimal(figure[1]) if figure else unescape(strip_tags(row[place])).strip()

    return said
