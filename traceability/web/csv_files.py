"""Tables as files: CSV in UTF-8, numbers with a decimal point and all digits, moments in UTC, no text a formula."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final

from django.http import StreamingHttpResponse
from django.utils.functional import Promise

from traceability.web import numbers

Cell = str | Promise | Decimal | int | date | None | Sequence["Cell"]
"""What a cell says; a bool is yes or no, a date may be a moment."""
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def answer(name: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> StreamingHttpResponse:
    """A download, written as it is sent."""
    response = StreamingHttpResponse(_written(heads, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def written(value: Cell) -> str:
    """A cell as it stands in the file; a text that a spreadsheet would take for a formula gets an apostrophe."""
    text = plain(value)
    is_number = isinstance(value, Decimal | int)
    return f"'{text}" if text.startswith(_FORMULA) and not is_number else text


def plain(value: Cell) -> str:
    """What a cell says, as text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal | int):
        return numbers.plain(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str | Promise):
        return str(value)
    return "; ".join(map(plain, value))


def _written(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield writer.writerow(heads)
    for row in rows:
        yield writer.writerow(map(written, row))


class _Echo:
    """A file that gives back what is written."""

    def write(self, value: str) -> str:
        return value
