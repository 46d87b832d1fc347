"""What would be right where a cell holds something near to it."""

import re
from datetime import datetime, timedelta
from typing import Final

_SERIAL: Final = re.compile(r"[34567][0-9]{4}(?:[.,][0-9]+)?", re.ASCII)
_SLASHES: Final = re.compile(r"([0-9]{1,2})[/.\-]([0-9]{1,2})[/.\-]((?:20)?[0-9]{2})\b(.*)", re.ASCII | re.DOTALL)
_YEAR_FIRST: Final = re.compile(r"(20[0-9]{2})[/.\-年]([0-9]{1,2})[/.\-月]([0-9]{1,2})日?(.*)", re.ASCII | re.DOTALL)
_TIME: Final = re.compile(r"\s*T?([0-9]{1,2}):([0-9]{2})", re.ASCII)


def right_moment(text: str) -> str:
    """The day and time that a text seems to mean, in the form that is read; empty where it may mean two days."""
    typed = text.strip()
    if _SERIAL.fullmatch(typed):
        serial = float(typed.replace(",", "."))
        return f"{datetime(1899, 12, 30) + timedelta(seconds=round(serial * 86400)):%Y-%m-%d %H:%M}"  # noqa: DTZ001
    if found := _YEAR_FIRST.fullmatch(typed):
        return _written(int(found[1]), int(found[2]), int(found[3]), found[4])
    if found := _SLASHES.fullmatch(typed):
        first, second, year = int(found[1]), int(found[2]), int(found[3]) % 100 + 2000
        day_first = "." in typed or first > 12
        if day_first or second > 12:
            return _written(year, *((second, first) if day_first else (first, second)), found[4])
    return ""


def _written(year: int, month: int, day: int, rest: str) -> str:
    time = _TIME.match(rest)
    hour, minute = (int(time[1]), int(time[2])) if time else (0, 0)
    try:
        return f"{datetime(year, month, day, hour, minute):%Y-%m-%d %H:%M}"  # noqa: DTZ001
    except ValueError:
        return ""
