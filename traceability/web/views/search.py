"""The search of the header: straight to what was named exactly, else what was found, grouped by kind."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from traceability.selectors import search as finding
from traceability.selectors.access import Actor
from traceability.selectors.search import Kind, Question
from traceability.services import search_hits
from traceability.services.search_hits import Hit
from traceability.web import countries, tables, words
from traceability.web.acting import for_member, today
from traceability.web.tables import Column, Shown, Table

FIRST: Final = 5
ON_A_PAGE: Final = 50
TITLES: Final[Mapping[Kind, str | Promise]] = {
    Kind.LOT: _("Lots"),
    Kind.DECLARATION: _("Declarations"),
    Kind.STATEMENT: _("Statements"),
    Kind.PARTNER: _("Partners"),
    Kind.DOCUMENT: _("Documents"),
}


def _table(kind: Kind, *, what: tuple[str, ...] = (), about: tuple[str, ...] = (), when: tuple[str, ...] = ()) -> Table:
    """The table of hits of one kind, with the fields by which each column is sorted."""
    columns = (
        Column("what", _("What"), lambda line: line.title, what),
        Column("about", _("About"), lambda line: line.about, about),
        Column("when", _("When"), lambda line: line.hit.at, when),
        Column("id", _("Identifier"), lambda line: line.hit.id, seen=False),
    )
    return Table(f"found-{kind}", TITLES[kind], columns, "what" if kind is Kind.PARTNER else "-when", what=TITLES[kind],
                 wide=False)  # fmt: skip


FOUND: Final[Mapping[Kind, Table]] = {
    Kind.LOT: _table(Kind.LOT, what=("number_told",), about=("material",), when=("newest_id",)),
    Kind.DECLARATION: _table(Kind.DECLARATION, when=("statement_id",)),
    Kind.STATEMENT: _table(Kind.STATEMENT, what=("kind",), when=("pk",)),
    Kind.PARTNER: _table(Kind.PARTNER, what=("name",), about=("country",)),
    Kind.DOCUMENT: _table(Kind.DOCUMENT, what=("name",), about=("media_type",), when=("pk",)),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A hit in the words of a page."""

    hit: Hit
    title: str | Promise
    about: str | Promise


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one kind: the first of it, or one page."""

    kind: Kind
    table: Shown
    all: str
    """The address of all of them; empty where this is a page of it, or nothing is left."""

    @property
    def count(self) -> int:
        return self.table.page.paginator.count if self.table.page else 0


@for_member
@require_safe
def show(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """What is found by the words; what one of them names exactly is opened at once."""
    asked, kind = finding.question(request.GET.get("q", "")), request.GET.get("kind", "")
    wanted = Kind(kind) if kind in set(Kind) else None
    if asked.text and not wanted and (hit := search_hits.exact(actor, asked.text, today())):
        return redirect(hit.href)
    groups = [_group(request, actor, asked, one, wanted) for one in ([wanted] if wanted else Kind)]
    shown = {
        "searched": asked,
        "back": _address(asked) if wanted else "",
        "groups": [one for one in groups if one.count],
        "most": finding.MOST_CHARACTERS,
        "found": sum(one.count for one in groups),
    }
    return tables.answer(request, "search/results.html", shown, more=[one.table for one in groups])


def _group(request: HttpRequest, actor: Actor, asked: Question, kind: Kind, wanted: Kind | None) -> Group:
    def lines(rows: list[Any]) -> list[Line]:
        return [_line(one) for one in search_hits.hits(actor, kind, rows, today())]

    table = replace(FOUND[kind], part="" if wanted else kind.value)
    rows = finding.found(actor, asked, kind, today())
    found = table.found(request, rows, lines, size=ON_A_PAGE if wanted else FIRST)
    left = not wanted and found.page is not None and found.page.has_next()
    return Group(kind, found, _address(asked, kind=kind) if left else "")


def _address(asked: Question, **more: str) -> str:
    return f"{reverse('search')}?{urlencode({'q': asked.text} | more)}"


def _line(hit: Hit) -> Line:
    if hit.kind is Kind.STATEMENT:
        return Line(hit, words.kind(hit.title), hit.about)
    return Line(hit, hit.title, countries.name(hit.about) if hit.kind is Kind.PARTNER else hit.about)
