"""Parents and children of many lots at once: chosen by number, id, or as a list of stock; as page, CSV and workbook."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from traceability.selectors import relatives, stock
from traceability.selectors.access import Actor
from traceability.selectors.lineage import DOWN, UP
from traceability.selectors.relatives import BOTH, MOST_ASKED, Asked, Found, Relatives
from traceability.web import countries, tables
from traceability.web.acting import for_member, today
from traceability.web.relatives_table import MOST_SHOWN, MOST_SORTED, RELATIVES, Rows, holder, relation, state, step
from traceability.web.views.stock import wanted

IN_ADDRESS: Final = 50
"""Lots that the address names itself; a longer list is kept with the sign-in."""
KEPT: Final = "lot_lists"
MOST_KEPT: Final = 3
LONGEST_WORD: Final = 80
WAYS: Final = {UP: _("What went into them"), DOWN: _("What came of them"), BOTH: _("Both ways")}
DEPTHS: Final = ("1", "2", "3", "5", "10", "all")
_BETWEEN: Final = re.compile(r"[\n\r\t;,]+")


@dataclass(frozen=True, slots=True)
class Choice:
    """The lots that were chosen: what names them, which were found, and whether there were too many to ask for."""

    words: tuple[str, ...]
    found: Found
    is_cut: bool = False


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """The table, or the form alone where no lot was chosen yet."""
    if request.method == "POST":
        return _choose(request)
    choice = _choice(request, actor)
    direction, depth = _asked(request.GET)
    asked = Asked(choice.found.lots, direction, None if depth == "all" else int(depth))
    rows = Rows(Relatives(actor, asked, today()))
    table = RELATIVES.paged(request, rows, most_sorted=MOST_SORTED)
    lines = [
        {
            "line": one,
            "relation": relation(one),
            "step": step(one),
            "holder": holder(one),
            "country": countries.name(one.other.country),
            "state": state(one),
        }
        for one in table.lines
    ]
    context: dict[str, Any] = {
        "section": "lots",
        "choice": choice,
        "table": table,
        "lines": lines,
        "more": MOST_SHOWN if rows.is_cut else 0,
        "most": MOST_ASKED,
        "typed": "\n".join(choice.words),
        "ways": WAYS.items(),
        "depths": DEPTHS,
        "direction": direction,
        "depth": depth,
    }
    return tables.answer(request, "lineage/relatives.html", context)


def _asked(given: QueryDict) -> tuple[str, str]:
    direction, depth = given.get("direction", UP), given.get("depth", "1")
    return direction if direction in WAYS else UP, depth if depth in DEPTHS else "1"


def _choose(request: HttpRequest) -> HttpResponseBase:
    """Keeps what was typed, and leads to its table."""
    typed = words_of(request.POST.get("lots", ""))
    direction, depth = _asked(request.POST)
    asked: list[tuple[str, str]] = [("direction", direction), ("depth", depth)]
    if len(typed) <= IN_ADDRESS:
        asked = [*(("lot", one) for one in typed), *asked]
    else:
        asked = [("list", _keep(request, typed)), *asked]
    return redirect(f"{reverse('lineage')}?{urlencode(asked)}")


def words_of(typed: str) -> list[str]:
    """What names lots in a text: one on each line, or between commas, semicolons and tabs; each once."""
    found = (one.replace("\0", "").strip()[:LONGEST_WORD] for one in _BETWEEN.split(typed))
    return list(dict.fromkeys(one for one in found if one))


def _keep(request: HttpRequest, typed: list[str]) -> str:
    name = secrets.token_urlsafe(6)
    kept = dict(list(request.session.get(KEPT, {}).items())[1 - MOST_KEPT :])
    request.session[KEPT] = {**kept, name: typed[: MOST_ASKED + 1]}
    return name


def _choice(request: HttpRequest, actor: Actor) -> Choice:
    given = request.GET
    if given.get("of") == "stock":
        rows = stock.found(actor, wanted(request), today()).order_by("-newest_id", "pk")
        ids = list(rows.values_list("pk", flat=True)[: MOST_ASKED + 1])
        kept = tuple(ids[:MOST_ASKED])
        return Choice(tuple(map(str, kept)), Found(kept, ()), len(ids) > MOST_ASKED)
    typed = [one for word in given.getlist("lot") for one in words_of(word)]
    typed += request.session.get(KEPT, {}).get(given.get("list", ""), [])
    asked = tuple(typed[:MOST_ASKED])
    return Choice(asked, relatives.found(actor, asked, today()), len(typed) > MOST_ASKED)
