"""The papers of an export: destination, licence and HS code, as a sender states them in `ext` of his dispatch.

`ext` stands open to everybody who sees the lot and changes no rule of the record (record-1.md, section 2).
"""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from traceability.ledger.errors import RecordError
from traceability.ledger.quantity import parse_quantity
from traceability.rules.facts import Papers

NAMESPACE: Final = "lodestone.example/export"
DESTINATION: Final = "destination"
"""The country to which the goods go, as an ISO 3166-1 alpha-2 code."""
HS_CODE, CATEGORY = "hs_code", "category"
LICENCE, AUTHORITY = "licence_number", "authority"
VALID_FROM, VALID_UNTIL, QUOTA = "valid_from", "valid_until", "quota_kg"
NAMES: Final = (DESTINATION, HS_CODE, CATEGORY, LICENCE, AUTHORITY, VALID_FROM, VALID_UNTIL, QUOTA)
_COUNTRY: Final = re.compile("[A-Z]{2}")


def stated_in(ext: object) -> dict[str, str] | None:
    """The texts of the papers in an extension, by name; None where it holds none."""
    found = ext.get(NAMESPACE) if isinstance(ext, Mapping) else None
    if not isinstance(found, Mapping):
        return None
    return {name: value for name in NAMES if isinstance(value := found.get(name), str)}


def papers_of(ext: Mapping[str, Any]) -> Papers | None:
    """The papers in the extension of a dispatch; what is not written as it should be counts as not stated."""
    stated = stated_in(ext)
    if stated is None:
        return None
    destination = stated.get(DESTINATION, "")
    return Papers(
        destination=destination if _COUNTRY.fullmatch(destination) else "",
        hs_code=stated.get(HS_CODE, ""),
        category=stated.get(CATEGORY, ""),
        licence=stated.get(LICENCE, ""),
        authority=stated.get(AUTHORITY, ""),
        valid_from=_day(stated.get(VALID_FROM, "")),
        valid_until=_day(stated.get(VALID_UNTIL, "")),
        quota_kg=_kg(stated.get(QUOTA, "")),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _kg(text: str) -> Decimal | None:
    try:
        return parse_quantity(text)
    except RecordError:
        return None
