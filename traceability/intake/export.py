"""What people type about the export of a dispatch, to the extension that holds it (traceability/rules/papers.py)."""

import re
from typing import Final

from traceability.intake.fields import Fields
from traceability.intake.moments import read_day
from traceability.intake.notes import OutOfBounds
from traceability.ledger.errors import RecordError
from traceability.rules import papers
from traceability.rules.hs_codes import CATEGORIES

EXPORT: Final = "export"
"""Where a draft keeps it."""
_HS_CODE: Final = re.compile(r"[0-9]{4}\.?[0-9]{2}(\.?[0-9]{2,4}){0,2}")


class NotAnHsCode(RecordError):
    """A code that customs would not know by its form."""

    code = "not_an_hs_code"


def extension(typed: Fields) -> dict[str, object] | None:
    """The extension of a dispatch with its papers; None where nothing was typed of them."""
    row = typed.row(EXPORT)
    if row is None:
        return None
    first, last = _day(row, papers.VALID_FROM), _day(row, papers.VALID_UNTIL)
    if first and last and last < first:
        row.mistake(papers.VALID_UNTIL, OutOfBounds("Enter an end that is not before the beginning."))
    found = {
        papers.DESTINATION: row.country(papers.DESTINATION, required=False),
        papers.HS_CODE: row.value(papers.HS_CODE, _hs_code, ""),
        papers.CATEGORY: row.word(papers.CATEGORY, CATEGORIES, required=False),
        papers.LICENCE: row.text(papers.LICENCE, longest=80, required=False),
        papers.AUTHORITY: row.text(papers.AUTHORITY, longest=120, required=False),
        papers.VALID_FROM: first,
        papers.VALID_UNTIL: last,
        papers.QUOTA: row.mass(papers.QUOTA, required=False),
    }
    stated = {name: value for name, value in found.items() if value is not None}
    return {papers.NAMESPACE: stated} if stated else None


def _day(row: Fields, name: str) -> str | None:
    return row.value(name, read_day, "")


def _hs_code(text: str) -> str:
    if not _HS_CODE.fullmatch(text.strip()):
        raise NotAnHsCode("Enter a code of at least six digits, for example 8505.11.")
    return text.strip()
