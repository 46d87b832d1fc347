"""Numbers as people read them: three significant digits on screen, all digits where one checks.

Functions on exact decimals. Groups of three stand apart by a narrow no-break space on both sides of the decimal sign
(ISO 80000-1, 7.3.1), which is the reader's own where he has chosen one (`read_with`), else a point; the minus is a
minus and not a hyphen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from traceability.intake.units import MASS

THIN = "\u202f"
MINUS = "\u2212"
TIMES = "\u202f\u00d7\u202f"
_SUPERSCRIPT = str.maketrans("-0123456789", "\u207b\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079")
_EXACT = Context(prec=50, rounding=ROUND_HALF_EVEN)
_SMALLEST_WRITTEN_OUT = Decimal("0.0001")
_LARGEST_WRITTEN_OUT = Decimal("1e9")

_SIGN: ContextVar[Callable[[], str]] = ContextVar("decimal_sign", default=lambda: ".")

_MASS_UNIT: ContextVar[Callable[[], str]] = ContextVar("mass_unit", default=lambda: "")

Number = Decimal | int | str


@contextmanager
def read_with(sign: Callable[[], str]) -> Iterator[None]:
    """Inside, numbers for people have this decimal sign; it is asked for when the first of them is written."""
    before = _SIGN.set(sign)
    try:
        yield
    finally:
        _SIGN.reset(before)


@contextmanager
def masses_in(unit: Callable[[], str]) -> Iterator[None]:
    """Inside, masses stand in this unit, too; it is asked for when the first of them is written, and may be empty."""
    before = _MASS_UNIT.set(unit)
    try:
        yield
    finally:
        _MASS_UNIT.reset(before)


@dataclass(frozen=True, slots=True)
class Gap:
    """A value that is not there, as the words that stand in its place."""

    words: str | Promise

    def __str__(self) -> str:
        return str(self.words)


NOT_DECLARED = Gap(gettext_lazy("not declared"))
NOT_ESTABLISHED = Gap(gettext_lazy("not established"))


def withheld_by(name: str) -> Gap:
    """Return the gap of a value that `name` keeps to itself."""
    return Gap(_("withheld by %(name)s") % {"name": name})


def exact(value: Number) -> Decimal:
    """Return `value` as the decimal it is; ValueError for what is no finite number (floats are refused as inexact)."""
    if isinstance(value, bool | float):
        raise ValueError(f"{value!r} is no exact number: give a Decimal, an int or decimal digits")
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise ValueError(f"{value!r} is no number") from None
    if not number.is_finite():
        raise ValueError(f"{value!r} is no finite number")
    return number


def plain(value: Number) -> str:
    """Return every digit of `value` without groups or exponent, as it stands in `<data value>`."""
    return format(exact(value), "f")


def all_digits(value: Number) -> str:
    """Return every digit of `value` in groups of three."""
    return _grouped(plain(value))


def n3(value: Number) -> str:
    """Return `value` to three significant digits, never more digits than it has; `0` for every zero."""
    number = exact(value)
    if not number:
        return "0"
    rounded = _to_three_digits(number)
    if not _SMALLEST_WRITTEN_OUT <= abs(rounded) < _LARGEST_WRITTEN_OUT:
        return _with_exponent(rounded)
    return _grouped(format(rounded, "f"))


def trimmed(value: Number) -> str:
    """Return `value` to at most three significant digits without zeros that only fill up: for axes and rough sizes."""
    rounded = _to_three_digits(exact(value)).normalize(_EXACT)
    return _grouped(format(rounded, "f")) if rounded else "0"


def own_mass(mass_kg: Number) -> str:
    """Return a mass in the reader's own unit to three significant digits, such as `12.9 t`; empty where that is kg."""
    symbol = _MASS_UNIT.get()()
    unit = next((one for one in MASS if one.symbol == symbol), None)
    if unit is None or unit.symbol == "kg":
        return ""
    return f"{n3(_EXACT.divide(exact(mass_kg), unit.factor))}{THIN}{unit.symbol}"


def percent(share: Number) -> Decimal:
    """Return a share (0 to 1) in per cent, with all its digits."""
    return _EXACT.multiply(exact(share), Decimal(100))


def size(octets: int) -> str:
    """Return a file size in decimal units, for example `48 kB`."""
    amount = Decimal(octets)
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 1000 or unit == "GB":
            break
        amount /= 1000
    return f"{trimmed(amount.quantize(Decimal(1)) if amount >= 100 else amount)} {unit}"


def _to_three_digits(number: Decimal) -> Decimal:
    """Return `number` half-even to three significant digits; what has fewer keeps them."""
    once = _rounded(number, number.adjusted() - 2)
    return _rounded(once, once.adjusted() - 2)  # 999.6 gains a digit on the way


def _rounded(number: Decimal, least_power: int) -> Decimal:
    exponent = number.as_tuple().exponent
    kept = max(least_power, exponent) if isinstance(exponent, int) else least_power
    return number.quantize(Decimal((0, (1,), kept)), context=_EXACT)


def _with_exponent(number: Decimal) -> str:
    power = number.adjusted()
    mantissa = format(number.scaleb(-power), "f").replace("-", MINUS).replace(".", _SIGN.get()())
    return f"{mantissa}{TIMES}10{str(power).translate(_SUPERSCRIPT)}"


def _grouped(text: str) -> str:
    sign, digits = (MINUS, text[1:]) if text.startswith("-") else ("", text)
    whole, point, fraction = digits.partition(".")
    head = len(whole) % 3
    groups = ([whole[:head]] if head else []) + [whole[i : i + 3] for i in range(head, len(whole), 3)]
    tail = [fraction[i : i + 3] for i in range(0, len(fraction), 3)]
    return sign + THIN.join(groups) + (_SIGN.get()() if point else "") + THIN.join(tail)
