"""Numbers of GS1: what a maker types as the GTIN of a product, and the lots that a GS1 Digital Link can name.

GS1 General Specifications, 7.9 (check digit) and 7.11 (characters); GS1 Digital Link: URI Syntax, 4.
"""

import re
from typing import Final
from urllib.parse import quote

from traceability.ledger.errors import RecordError

LENGTHS: Final = (8, 12, 13, 14)
_LOT: Final = re.compile(r"[!\"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{1,20}", re.ASCII)


class BadGtin(RecordError):
    """What is no GTIN: too short or long, other characters than digits, or a wrong check digit."""

    code = "bad_gtin"


def parse_gtin(typed: str) -> str:
    """Return the 14 digits of a GTIN; shorter ones are filled with zeros at the left."""
    digits = "".join(typed.split()).replace("-", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) in LENGTHS):
        raise BadGtin("Enter the 8, 12, 13 or 14 digits below the bar code of the product.", path="/gtin")
    if not int(digits):
        raise BadGtin("Enter the GTIN of the product, not zeros.", path="/gtin")
    if check_digit(digits[:-1]) != int(digits[-1]):
        raise BadGtin("The last digit does not fit the others: look for a slip of the pen.", path="/gtin")
    return digits.zfill(14)


def digital_link(gtin: str, lot: str) -> str:
    """Return the path of the GS1 Digital Link of a lot; empty where its number is none that GS1 allows (AI 10)."""
    return f"/01/{gtin}/10/{quote(lot, safe='')}" if _LOT.fullmatch(lot) else ""


def check_digit(digits: str) -> int:
    """Return what fills the weighted sum, 3 and 1 in turn from the right, up to a multiple of ten."""
    return -sum(int(digit) * (1 if at % 2 else 3) for at, digit in enumerate(reversed(digits))) % 10
