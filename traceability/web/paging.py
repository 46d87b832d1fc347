"""Pages of long lists."""

from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from traceability.selectors.counting import NumberOf

LAST: Final = 10**9
"""A page beyond every list; databases cannot skip any number of rows."""


def page_of(rows: QuerySet[Any], size: int, asked: str | None) -> Page[Any]:
    """The page that was asked for, read together with the number of all rows; the nearest where there is no such."""
    paginator = Paginator(rows, size)
    try:
        number = min(max(1, int(asked or 1)), LAST)
    except ValueError:
        number = 1
    start = (number - 1) * size
    found = list(rows.annotate(number_of_all=NumberOf(rows))[start : start + size])
    if not found:
        return paginator.get_page(asked)
    paginator.count = found[0].number_of_all
    return Page(found, number, paginator)
