"""Numbers as people type them, to exact decimals: decimal comma or point, group signs, and what was understood.

Where a text can be read in two ways ("1.234") the reader's own style decides, and what was understood is shown back.
"""

import re
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Final

from traceability.ledger.errors import RecordError

LONGEST: Final = 60
THIN: Final = "\u202f"
"""The group sign of the numbers that are shown back (narrow no-break space)."""

_SPACES: Final = " \u00a0\u2007\u2009\u202f"
_APOSTROPHES: Final = "'\u2019\u02bc"
_MINUSES: Final = "-\u2212"
_ONE_SIGN: Final = dict.fromkeys(map(ord, _SPACES), " ") | dict.fromkeys(map(ord, _APOSTROPHES), "'")
"""All spaces as one sign and all apostrophes as another."""
_WHOLE: Final = re.compile(r"[0-9]+|[1-9][0-9]{0,2}([ '.,])[0-9]{3}(?:\1[0-9]{3})*", re.ASCII)
_DECIMALS: Final = re.compile(r"[0-9]+|(?:[0-9]{3} )*[0-9]{1,3}", re.ASCII)
_ONE_GROUP: Final = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}", re.ASCII)
_NO_DIGIT: Final = re.compile(r"[^0-9]")


class NotANumber(RecordError):
    """The text is no number, or its group signs do not stand between groups of three."""

    code = "not_a_number"


class NumberStyle(StrEnum):
    """Which sign parts the decimals where a text leaves it open."""

    POINT = "point"
    COMMA = "comma"

    @property
    def decimal_sign(self) -> str:
        """The sign itself."""
        return "." if self is NumberStyle.POINT else ","


@lru_cache(maxsize=4096)  # contents of a sheet recur
def read_number(text: str, style: NumberStyle) -> Decimal:
    """The exact number that a person typed; refuses exponents, letters and groups that are not of three digits."""
    sign, digits = _split_sign(text.strip())
    decimal_sign = _decimal_sign(digits, style)
    whole, _, decimals = digits.partition(decimal_sign) if decimal_sign else (digits, "", "")
    if len(text) > LONGEST or not _is_grouped(whole, decimals, has_sign=bool(decimal_sign)):
        raise NotANumber(f"Enter a number, for example {_example(style)}.")
    digits_after = _digits(decimals).rstrip("0")
    return Decimal(f"{sign}{_digits(whole) or '0'}" + (f".{digits_after}" if digits_after else ""))


def proven_sign(text: str) -> str:
    """The sign that parts the decimals of a text for certain; empty where it could as well part thousands."""
    digits = _split_sign(text.strip())[1]
    points, commas = digits.count("."), digits.count(",")
    if points and commas:
        return max(".,", key=digits.rindex)
    sign = "." if points else ","
    return sign if points + commas == 1 and not _may_be_group(digits, sign) else ""


def is_open(text: str, sign: str) -> bool:
    """Whether this sign may part decimals of a text as well as thousands."""
    return _may_be_group(_split_sign(text.strip())[1], sign)


def _digits(text: str) -> str:
    return _NO_DIGIT.sub("", text)


def _split_sign(text: str) -> tuple[str, str]:
    """The sign, and the rest with one sign for all spaces and one for all apostrophes."""
    sign = "-" if text[:1] and text[0] in _MINUSES else ""
    rest = text[1:].strip() if sign or text[:1] == "+" else text
    return sign, rest.translate(_ONE_SIGN)


def _decimal_sign(digits: str, style: NumberStyle) -> str:
    """Which of point and comma parts the decimals of this text; empty where it has none."""
    points, commas = digits.count("."), digits.count(",")
    if points and commas:
        return max(".,", key=digits.rindex)
    if points + commas != 1:
        return ""
    sign = "." if points else ","
    return sign if sign == style.decimal_sign or not _may_be_group(digits, sign) else ""


def _may_be_group(digits: str, sign: str) -> bool:
    """Whether a single point or comma could also be a group sign: 1 to 3 digits before, exactly 3 after."""
    return sign in digits and _ONE_GROUP.fullmatch(digits) is not None


def _is_grouped(whole: str, decimals: str, *, has_sign: bool) -> bool:
    if has_sign and not decimals:
        return False
    if not whole:
        return has_sign and _DECIMALS.fullmatch(decimals) is not None
    return _WHOLE.fullmatch(whole) is not None and (not decimals or _DECIMALS.fullmatch(decimals) is not None)


def _example(style: NumberStyle) -> str:
    return f"12{THIN}878{style.decimal_sign}168"


def shown(number: Decimal, style: NumberStyle) -> str:
    """The number as it is shown back: thin groups of three, the reader's own decimal sign, no spare zeros.

    The reader's sign, because whoever writes a comma would read "1.234" as a thousand.
    """
    text = f"{number:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(",", THIN).replace(".", style.decimal_sign).replace("-", "\u2212")
