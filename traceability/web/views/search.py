"""The search of the header: straight to what was named exactly, else what was found, grouped by kind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
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
from traceability.web import countries, words
from traceability.web.acting import for_member, today

FIRST: Final = 5
ON_A_PAGE: Final = 50
TITLES: Final[Mapping[Kind, str | Promise]] = {
    Kind.LOT: _("Lots"),
    Kind.DECLARATION: _("Declarations"),
    Kind.STATEMENT: _("Statements"),
    Kind.PARTNER: _("Partners"),
    Kind.DOCUMENT: _("Documents"),
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
    title: str | Promise
    page: Page[Any]
    lines: Sequence[Line]
    all: str
    """The address of all of them; empty where this is a page of it, or nothing is left."""

    @property
    def count(self) -> int:
        return self.page.paginator.count


@for_member
@require_safe
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
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
    return render(request, "search/results.html", shown)


def _group(request: HttpRequest, actor: Actor, asked: Question, kind: Kind, wanted: Kind | None) -> Group:
    rows = finding.found(actor, asked, kind, today())
    page = Paginator(rows, ON_A_PAGE if wanted else FIRST).get_page(request.GET.get("page") if wanted else 1)
    lines = [_line(one) for one in search_hits.hits(actor, kind, list(page.object_list), today())]
    left = not wanted and page.has_next()
    return Group(kind, TITLES[kind], page, lines, _address(asked, kind=kind) if left else "")


def _address(asked: Question, **more: str) -> str:
    return f"{reverse('search')}?{urlencode({'q': asked.text} | more)}"


def _line(hit: Hit) -> Line:
    if hit.kind is Kind.STATEMENT:
        return Line(hit, words.kind(hit.title), hit.about)
    return Line(hit, hit.title, countries.name(hit.about) if hit.kind is Kind.PARTNER else hit.about)
