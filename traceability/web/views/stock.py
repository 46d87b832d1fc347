"""Lists of lots: stock, incoming and outgoing goods; each can be searched, narrowed, ordered and taken away as CSV."""

import csv
from collections.abc import Iterator, Sequence
from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from traceability.selectors import stock
from traceability.selectors.access import Actor
from traceability.selectors.stock import SHOWN_ELEMENTS, Line, State, Tally, Wanted
from traceability.web import numbers, paging, words
from traceability.web.acting import for_member, today

PAGE = 50
CHUNK = 200


def wanted(request: HttpRequest, state: str = "") -> Wanted:
    """What the reader asked for; `state` where the page is about one state alone."""
    return Wanted(
        words=request.GET.get("q", "")[:200],
        state=state or request.GET.get("state", ""),
        sort=request.GET.get("sort", "") or "-since",
    )


def page_of(request: HttpRequest, actor: Actor, asked: Wanted, size: int = PAGE) -> Page[Any]:
    """The page of the list that was asked for."""
    return paging.page_of(stock.found(actor, asked, today()), size, request.GET.get("page"))


def table(request: HttpRequest, actor: Actor, *, state: str = "") -> dict[str, Any]:
    """What the template of a table of lots needs."""
    asked = wanted(request, state)
    page = page_of(request, actor, asked)
    return table_of(asked, page, stock.lines(actor, page.object_list, today()), stock.tally(actor))


def table_of(asked: Wanted, page: Page[Any], lines: Sequence[Line], tally: Tally) -> dict[str, Any]:
    """What the template needs of these lines."""
    counted = [(one.value, word, tally.counts.get(one, 0)) for one, (_outcome, _icon, word) in words.STATES.items()]
    return {
        "page": page,
        "lines": lines,
        "asked": asked,
        "elements": SHOWN_ELEMENTS,
        "states": counted,
        "with_us": tally.with_us,
        "all_lots": sum(tally.counts.values()),
        "on_hand_kg": tally.on_hand_kg,
    }


@for_member
@require_safe
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All lots that one made, holds or is to receive."""
    return render(request, "traceability/stock.html", {"section": "stock", "actor": actor} | table(request, actor))


@for_member
@require_safe
def incoming(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What is on its way here."""
    context = {"section": "incoming", "actor": actor} | table(request, actor, state=State.INCOMING)
    return render(request, "traceability/incoming.html", context)


@for_member
@require_safe
def outgoing(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What was dispatched and not yet received, or has been delivered."""
    delivered = request.GET.get("state") == State.DELIVERED
    state = State.DELIVERED if delivered else State.OUTGOING
    context = {"section": "outgoing", "actor": actor, "delivered": delivered} | table(request, actor, state=state)
    return render(request, "traceability/outgoing.html", context)


@for_member
@require_safe
def as_csv(request: HttpRequest, actor: Actor) -> StreamingHttpResponse:
    """The list as it was asked for, all pages of it, with all digits."""
    rows = stock.found(actor, wanted(request), today())
    writer = csv.writer(_Echo())
    lines = (writer.writerow(cells) for cells in _cells(actor, rows))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="stock.csv"'
    return response


class _Echo:
    """A file that gives back what is written."""

    def write(self, value: str) -> str:
        return value


def _cells(actor: Actor, rows: Any) -> Iterator[list[str]]:
    yield [_("Lot"), _("Material"), _("Stage"), _("State"), _("Partner"), _("Dry mass kg"),
           *(f"{element} kg" for element in SHOWN_ELEMENTS), _("Newest statement"), "urn"]  # fmt: skip
    for start in range(0, rows.count(), CHUNK):
        for line in stock.lines(actor, rows[start : start + CHUNK], today()):
            yield _row(line)


def _row(line: Line) -> list[str]:
    return [
        _plain(line.name),
        _plain(line.lot.material),
        str(words.stage(line.lot.stage)),
        str(words.STATES[line.state][2]),
        _plain(line.partner),
        "" if line.mass_kg is None else numbers.plain(line.mass_kg),
        *("" if one is None else numbers.plain(one) for one in line.elements),
        line.since.strftime("%Y-%m-%dT%H:%M:%SZ"),
        line.lot.urn,
    ]


def _plain(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
