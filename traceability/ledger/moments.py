"""Moments and offsets of the record (record-format.md section 1, Moments)."""

import re
from datetime import UTC, datetime
from functools import lru_cache

from traceability.ledger.errors import RecordError

_MOMENT = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z", re.ASCII)
_LENGTH = len("2026-11-05T08:30:00Z")
_FIRST = datetime(2000, 1, 1, tzinfo=UTC)
_END = datetime(2100, 1, 1, tzinfo=UTC)
# The range of offsets that clocks on Earth use; `-00:00` would be a second way to write `+00:00`.
_OFFSET = re.compile(r"(?!-00:00)[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00)", re.ASCII)


class BadMoment(RecordError):
    """The text is no moment of the record."""

    code = "bad_moment"


class BadUtcOffset(RecordError):
    """The text is no offset from UTC."""

    code = "bad_utc_offset"


def parse_moment(text: object, *, path: str = "") -> datetime:
    """The moment, in UTC, of `YYYY-MM-DDThh:mm:ssZ` in the years 2000-2099."""
    moment = _read(text) if isinstance(text, str) and len(text) == _LENGTH else None
    if moment is None:
        raise BadMoment("Write the moment in UTC as 2026-11-05T08:30:00Z, in the years 2000 to 2099.", path=path)
    return moment


@lru_cache(maxsize=1024)  # a statement names the same moments several times, a batch of them all the more
def _read(text: str) -> datetime | None:
    if not _MOMENT.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None  # a day that no calendar has


def format_moment(moment: datetime) -> str:
    """The text of a moment; refuses one without time zone, with a fraction of a second, or outside 2000-2099."""
    if moment.tzinfo is None or moment.microsecond:
        raise BadMoment("A moment needs a time zone and whole seconds.")
    if not _FIRST <= moment < _END:
        raise BadMoment("A moment lies in the years 2000 to 2099.")
    return f"{moment.astimezone(UTC).isoformat()[:19]}Z"


def check_utc_offset(text: object, *, path: str = "") -> str:
    """The offset itself, of the form `[+-]hh:mm` and between -13:59 and +14:00."""
    if isinstance(text, str) and _OFFSET.fullmatch(text):
        return text
    raise BadUtcOffset("Write the offset from UTC as +02:00 or -07:00; UTC itself is +00:00.", path=path)
