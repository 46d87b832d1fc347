"""Lists in pages: a cursor that stays where it was while rows are added, and Link headers (RFC 8288)."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any, Final, Generic, TypeVar

import msgspec
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django_filters import FilterSet
from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request

from traceability.api import requests
from traceability.api.requests import BadParameter
from traceability.api.views import json_answer
from traceability.ledger.errors import RecordError

PARAMETERS: Final = frozenset({"cursor", "limit"})
USUAL: Final = 50
MOST: Final = 200
Item = TypeVar("Item")


class BadCursor(RecordError):
    """A cursor that this list never gave."""

    code = "bad_cursor"


class Page(msgspec.Struct, Generic[Item]):
    """One page; `next` and `previous` are absent at the ends."""

    results: list[Item]
    next: str | msgspec.UnsetType = msgspec.UNSET
    previous: str | msgspec.UnsetType = msgspec.UNSET


class _Cursor(CursorPagination):
    cursor_query_param = "cursor"

    def decode_cursor(self, request: Request) -> Cursor | None:
        """The cursor of a request; a place beyond any row is refused alike on every database."""
        found: Cursor | None = super().decode_cursor(request)
        position = "" if found is None else str(found.position)
        if position.isdecimal() and int(position) >= 2**63:
            raise OverflowError
        return found


def filtered(wanted: FilterSet) -> QuerySet[Any]:
    """The rows that a filter lets through; a value that a parameter cannot have is refused."""
    if not wanted.is_valid():
        name, errors = next(iter(wanted.errors.get_json_data().items()))
        raise BadParameter(str(errors[0]["message"]), parameter=name)
    found: QuerySet[Any] = wanted.qs
    return found


def page_of(
    request: Request, rows: QuerySet[Any], show: Callable[[Sequence[Any]], list[Any]], *, order: Sequence[str]
) -> HttpResponse:
    """The page of these rows that the request asks for; `show` makes documents of all its rows at once."""
    cursor = _Cursor()
    cursor.page_size = requests.whole_number(request.query_params, "limit", least=1, most=MOST, default=USUAL)
    cursor.ordering = tuple(order)
    try:
        found = cursor.paginate_queryset(rows.order_by(*order), request)
    except (NotFound, ValueError, ValidationError, OverflowError):
        raise BadCursor("Use the cursor of the next or previous link as it is, or start without one.") from None
    after, before = cursor.get_next_link(), cursor.get_previous_link()
    answer = json_answer(Page(show(found or []), after or msgspec.UNSET, before or msgspec.UNSET))
    links = [f'<{link}>; rel="{name}"' for link, name in ((after, "next"), (before, "prev")) if link]
    if links:
        answer["Link"] = ", ".join(links)
    return answer


def page_of_list(request: Request, rows: Sequence[Any], show: Callable[[Sequence[Any]], list[Any]]) -> HttpResponse:
    """The page of these rows in memory that the request asks for, with the address of the next one."""
    limit = requests.whole_number(request.query_params, "limit", least=1, most=MOST, default=USUAL)
    start = place_of(request.query_params.get("cursor", ""))
    if len(rows) <= start + limit:
        return json_answer(Page(show(rows[start : start + limit])))
    query = request._request.GET.copy()
    query["cursor"] = cursor_at(start + limit)
    after = request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
    answer = json_answer(Page(show(rows[start : start + limit]), after))
    answer["Link"] = f'<{after}>; rel="next"'
    return answer


def cursor_at(place: int) -> str:
    """The cursor of a list in memory after so many rows."""
    return base64.urlsafe_b64encode(b"r%d" % place).decode().rstrip("=")


def place_of(cursor: str) -> int:
    """How many rows of a list in memory the pages before held."""
    if not cursor:
        return 0
    try:
        told = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        told = ""
    if not (told.startswith("r") and told[1:].isdigit() and len(told) < 12 and cursor_at(int(told[1:])) == cursor):
        raise BadCursor("Use the cursor of the page before as it is, or start without one.")
    return int(told[1:])
