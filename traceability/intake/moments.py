"""Moments as people type them, with the offset of their clock, to moments of the record in UTC."""

import re
from datetime import datetime, timedelta, timezone
from typing import Final

from traceability.ledger.errors import RecordError
from traceability.ledger.moments import check_utc_offset, format_moment

_DAY: Final = (
    re.compile(r"(?P<year>20[0-9]{2})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})", re.ASCII),
    re.compile(r"(?P<day>[0-9]{1,2})\.(?P<month>[0-9]{1,2})\.(?P<year>20[0-9]{2})", re.ASCII),
)
_TIME: Final = re.compile(r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?", re.ASCII)
_OFFSET: Final = re.compile(r"(?:Z|[+-][0-9]{2}:?[0-9]{2})", re.ASCII)


class NotAMoment(RecordError):
    """The text is no day and time of day."""

    code = "not_a_moment"


class NotADay(RecordError):
    """The text is no day."""

    code = "not_a_day"


class OffsetsDiffer(RecordError):
    """The text names another offset from UTC than the one chosen beside it."""

    code = "offsets_differ"


def read_day(text: str) -> str:
    """The day as YYYY-MM-DD, from 2026-11-16 or 16.11.2026; a form with slashes could be read in two ways."""
    for form in _DAY:
        if found := form.fullmatch(text.strip()):
            year, month, day = (int(found[part]) for part in ("year", "month", "day"))
            try:
                return datetime(year, month, day).date().isoformat()  # noqa: DTZ001
            except ValueError:
                break  # a day that no calendar has
    raise NotADay("Enter a day as 2026-11-16 or 16.11.2026.")


def read_offset(text: str) -> str:
    """The offset from UTC as +hh:mm; "Z" and "UTC" are +00:00."""
    typed = text.strip().replace("\u2212", "-")
    if typed.upper() in ("Z", "UTC"):
        return "+00:00"
    return check_utc_offset(f"{typed[:3]}:{typed[3:]}" if re.fullmatch(r"[+-][0-9]{4}", typed) else typed)


def read_moment(text: str, utc_offset: str) -> str:
    """The moment in UTC, YYYY-MM-DDThh:mm:ssZ, of a day and time on a clock with this offset."""
    day_text, _, time_text = text.strip().replace("T", " ").partition(" ")
    time_text, offset = _split_offset(time_text.strip())
    if offset and offset != utc_offset:
        raise OffsetsDiffer(f"The time says {offset}, but {utc_offset} was chosen. Keep one of them.")
    found = _TIME.fullmatch(time_text)
    if found is None:
        raise NotAMoment("Enter a day and a time, for example 2026-11-16 06:10.")
    hour, minute, second = (int(found[part] or 0) for part in ("hour", "minute", "second"))
    day = datetime.fromisoformat(read_day(day_text)).replace(tzinfo=_zone(utc_offset))
    try:
        local = day.replace(hour=hour, minute=minute, second=second)
    except ValueError:
        raise NotAMoment("Enter a time from 00:00 to 23:59.") from None
    return format_moment(local)


def _split_offset(time_text: str) -> tuple[str, str]:
    """The time and, where it ends with one, its offset."""
    for length in (6, 5, 1):
        if _OFFSET.fullmatch(time_text[-length:]) and len(time_text) > length:
            return time_text[:-length].strip(), read_offset(time_text[-length:])
    return time_text, ""


def _zone(utc_offset: str) -> timezone:
    hours, minutes = int(utc_offset[1:3]), int(utc_offset[4:6])
    minutes_east = (hours * 60 + minutes) * (-1 if utc_offset[0] == "-" else 1)
    return timezone(timedelta(minutes=minutes_east))
