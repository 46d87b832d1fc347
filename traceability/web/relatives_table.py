"""The table of parents and children of many lots: its columns, its words, its rows read as they are needed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final, cast, overload

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from traceability.selectors.lineage import DOWN, UP
from traceability.selectors.relatives import Line, Pair, Relatives
from traceability.web import countries, words
from traceability.web.lot_views import STATES
from traceability.web.tables import Column, Table, figures

MOST_SHOWN: Final = 20_000
"""Rows that are paged through; the files hold all of them."""
MOST_SORTED: Final = 2_000
"""Rows that sort: all of them are read for that."""
_RELATIONS: Final = {
    (UP, True): _("Parent"),
    (UP, False): _("Ancestor"),
    (DOWN, True): _("Child"),
    (DOWN, False): _("Descendant"),
}


def relation(line: Line) -> str | Promise:
    """What the lot is to the one that was asked for."""
    return _RELATIONS[line.pair.direction, line.pair.depth == 1]


def step(line: Line) -> str | Promise:
    """The steps between, in words."""
    said = ", ".join(line.steps)
    return f"{said[:1].upper()}{said[1:]}" if said else _("Split or merged")


def holder(line: Line) -> str | Promise:
    """With whom it is, as far as the reader may know."""
    return line.holder if line.holder is not None else _("not told here")


def state(line: Line) -> str | Promise:
    """Where it stands; what was sent and not received is said so."""
    if not line.is_pending:
        return STATES[line.facts.state]
    if line.receiver is None:
        return _("On its way, not yet received")
    return _("On its way to %(receiver)s, not yet received") % {"receiver": line.receiver}


RELATIVES: Final = Table(
    "lineage",
    _("Parents and children"),
    (
        Column("lot", _("Asked for"), lambda line: line.lot),
        Column("relation", _("Relation"), relation),
        Column("other", _("Lot"), lambda line: line.label),
        figures("depth", _("Steps away"), lambda line: line.pair.depth),
        Column("material", _("Material"), lambda line: line.other.material),
        Column("stage", _("Stage"), lambda line: words.stage(line.other.stage), seen=False),
        Column("step", _("Step"), step),
        figures("drawn", _("Drawn"), lambda line: line.drawn_kg, unit="kg"),
        Column("holder", _("With"), holder),
        Column("country", _("Country"), lambda line: countries.name(line.other.country)),
        Column("state", _("State"), state),
        Column("made", _("Made"), lambda line: line.other.made_at, seen=False),
        Column("asked-urn", _("urn of the lot asked for"), lambda line: f"urn:uuid:{line.pair.lot}", seen=False),
        Column("urn", "urn", lambda line: line.other.urn, seen=False),
    ),
    what=_("rows"),
    as_workbook=True,
)


class Rows(Sequence[Line]):
    """The rows of an answer: counted at once, read in pieces."""

    def __init__(self, relatives: Relatives) -> None:
        self.relatives = relatives
        self.pairs: list[Pair] = list(islice(relatives.pairs(), MOST_SHOWN + 1))

    @property
    def is_cut(self) -> bool:
        """Whether there are more rows than are paged through."""
        return len(self.pairs) > MOST_SHOWN

    def __len__(self) -> int:
        return min(len(self.pairs), MOST_SHOWN)

    @overload
    def __getitem__(self, place: int) -> Line: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Line]: ...

    def __getitem__(self, place: int | slice) -> Line | Sequence[Line]:
        wanted = self.pairs[:MOST_SHOWN][place]
        if isinstance(place, slice):
            return self.relatives.lines(cast("list[Pair]", wanted))
        return self.relatives.lines([cast("Pair", wanted)])[0]

    def __iter__(self) -> Iterator[Line]:
        """All of them, beyond those that are counted."""
        return self.relatives.every()
