"""What readers note where a file is not what its format says, and the reading of numbers and days out of texts."""

import re
from datetime import date
from decimal import Decimal
from typing import Final

from epd.documents.finding import Finding, Severity
from epd.documents.stages import Stage
from traceability.ledger.errors import RecordError

_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_LONGEST_NUMBER: Final = 80
_MOST_DIGITS: Final = 60
_DAY: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:$|[T ].*|Z|[+-][0-9:]{5})")
_NOT_DECLARED: Final = frozenset({"", "ND", "MND", "MNR", "MNA", "INA", "NR", "N/A", "-"})
MOST_DEFECTS: Final = 100


class NotADocument(RecordError):
    """The file is no declaration in a format that is read here."""

    code = "not_an_epd_file"


class DocumentTooLarge(RecordError):
    """The file holds more than is read."""

    code = "epd_file_too_large"


class Defects:
    """The defects of one file, in the order in which they were met."""

    def __init__(self) -> None:
        self._found: list[Finding] = []

    def add(self, code: str, severity: Severity, sentence: str, **place: str | Stage | None) -> None:
        """Notes a defect; the hundredth is the last."""
        if len(self._found) < MOST_DEFECTS:
            indicator, stage, written = place.get("indicator"), place.get("stage"), place.get("written")
            self._found.append(
                Finding(
                    code,
                    severity,
                    sentence,
                    str(indicator or ""),
                    stage if isinstance(stage, Stage) else None,
                    {"written": str(written)[:80]} if written is not None else {},
                )
            )

    def all(self) -> tuple[Finding, ...]:
        return tuple(self._found)

    def value(self, written: str, indicator: str, stage: Stage) -> tuple[bool, Decimal | None]:
        """Whether a cell can be read, and its number; None is ND."""
        text = written.strip()
        if text.upper() in _NOT_DECLARED:
            if text:
                self.add("nd_as_text", Severity.WARNING, "ND is an empty element. Leave the text out.",
                         indicator=indicator, stage=stage, written=text)  # fmt: skip
            return True, None
        found = number(text)
        if found is None:
            self.add("unreadable_value", Severity.ERROR, "This is neither a number nor ND. Write digits with a point.",
                     indicator=indicator, stage=stage, written=text)  # fmt: skip
        return found is not None, found

    def day(self, written: str) -> date | None:
        """The day in a text, if there is one."""
        found = day(written)
        if found is None and written.strip():
            self.add("unreadable_date", Severity.ERROR, "This is no date. Write it as 2026-11-16.", written=written)
        return found


def number(written: object) -> Decimal | None:
    """The number that a text or a JSON value states; None where it is none, or none of a size that can be."""
    if isinstance(written, bool) or not isinstance(written, str | Decimal):
        return None
    text = str(written).strip()
    if len(text) > _LONGEST_NUMBER or not _NUMBER.fullmatch(text):
        return None
    found = Decimal(text)
    return found if not found or abs(found.adjusted()) <= _MOST_DIGITS else None


def day(written: str) -> date | None:
    """The day of a date or a moment in ISO 8601."""
    found = _DAY.fullmatch(written.strip())
    try:
        return date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None


def year(written: object) -> int | None:
    """A year of four digits."""
    text = str(written).strip()
    return int(text) if re.fullmatch(r"[12][0-9]{3}", text) else None
