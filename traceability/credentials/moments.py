"""Moments of foreign documents: dateTimeStamp of XML Schema 1.1, with time zone."""

import re
from datetime import datetime, timedelta
from typing import Final

from traceability.ledger.errors import RecordError

_STAMP: Final = re.compile(
    r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.(\d{1,12}))?"
    r"(Z|[+-](?:0\d|1[0-3]):[0-5]\d|[+-]14:00)",
    re.ASCII,
)


class BadMoment(RecordError):
    """A moment that is not written as date, time and time zone."""

    code = "bad_date"


def check_moment(text: object, *, path: str = "") -> datetime:
    """The moment of a dateTimeStamp, such as 2026-11-23T04:16:12Z; fractions below a microsecond are cut off."""
    found = _STAMP.fullmatch(text) if isinstance(text, str) else None
    if found is None or not isinstance(text, str):
        raise BadMoment("Write the moment with date, time and time zone: 2026-11-23T04:16:12Z.", path=path)
    try:
        moment = datetime.fromisoformat(text[:19] + found[2].replace("Z", "+00:00"))
    except ValueError:
        raise BadMoment("There is no such day.", path=path) from None
    return moment + timedelta(microseconds=int((found[1] or "0")[:6].ljust(6, "0")))
