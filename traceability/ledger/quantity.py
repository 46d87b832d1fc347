"""Decimal strings of the record (record-format.md section 1, Quantities) and the rounding of algorithms.md.

`Quantity` strings are measured amounts with the unit in the field's name; `computed` strings are shares, factors and
indicators. All arithmetic of the project runs inside `computing()`.
"""

import re
from collections.abc import Callable
from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DivisionByZero,
    FloatOperation,
    InvalidOperation,
    Overflow,
    getcontext,
    setcontext,
)
from functools import cache, wraps
from typing import ParamSpec, TypeVar

from traceability.ledger.errors import RecordError


def _context(precision: int) -> Context:
    return Context(
        prec=precision,
        rounding=ROUND_HALF_EVEN,
        Emin=-999999,
        Emax=999999,
        capitals=1,
        clamp=0,
        flags=[],
        traps=[InvalidOperation, DivisionByZero, Overflow, FloatOperation],
    )


_Given = ParamSpec("_Given")
_Found = TypeVar("_Found")

CONTEXT = _context(50)
_TWELVE_DIGITS = _context(12)
_QUANTITY = re.compile(r"-?(0|[1-9][0-9]{0,11})(\.[0-9]{0,8}[1-9])?", re.ASCII)
_COMPUTED = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{0,35}[1-9])?", re.ASCII)


class BadQuantity(RecordError):
    """The text is not the one way to write this number."""

    code = "bad_quantity"


class NegativeQuantity(RecordError):
    """The number is negative where the schema does not say that it may be."""

    code = "negative_quantity"


class NumberOutOfRange(RecordError):
    """The number has more digits than the record can hold."""

    code = "number_out_of_range"


def parse_quantity(text: object, *, negative: bool = False, path: str = "") -> Decimal:
    """The exact value of a quantity string, in the unit of its field's name (section 1)."""
    value = _parse(text, _QUANTITY, path)
    if value < 0 and not negative:
        raise NegativeQuantity("This quantity cannot be negative.", path=path)
    return value


def parse_computed(text: object, *, path: str = "") -> Decimal:
    """The exact value of a computed string: a share, factor or indicator (section 1)."""
    return _parse(text, _COMPUTED, path)


def format_quantity(value: Decimal) -> str:
    """The one quantity string of a value; refuses what has more than 12 integer digits or 9 decimals."""
    return _format(value, _QUANTITY)


def format_computed(value: Decimal) -> str:
    """The one computed string of a value; refuses what has more than 15 integer digits or 36 decimals."""
    return _format(value, _COMPUTED)


class computing:
    """A block, or as `@computing()` a function, that computes with `CONTEXT`; the caller's context stays as it was.

    The context managers of the library do the same at five times the cost, and every sum of the record passes here.
    """

    __slots__ = ("_before",)

    def __enter__(self) -> None:
        self._before = getcontext()
        setcontext(CONTEXT.copy())

    def __exit__(self, *_: object) -> None:
        setcontext(self._before)

    def __call__(self, work: Callable[_Given, _Found]) -> Callable[_Given, _Found]:
        @wraps(work)
        def computed(*args: _Given.args, **kwargs: _Given.kwargs) -> _Found:
            before = getcontext()
            setcontext(CONTEXT.copy())
            try:
                return work(*args, **kwargs)
            finally:
                setcontext(before)

        return computed


def r12(value: Decimal) -> Decimal:
    """The value to 12 significant digits, half-even (algorithms.md, R12); write it with `format_computed`."""
    return _TWELVE_DIGITS.plus(value)


def round_places(value: Decimal, places: int) -> Decimal:
    """The value to a number of decimals, half-even (algorithms.md)."""
    return value.quantize(_step(places), context=CONTEXT)


@cache
def _step(places: int) -> Decimal:
    return Decimal(1).scaleb(-places)


def _parse(text: object, pattern: re.Pattern[str], path: str) -> Decimal:
    if not isinstance(text, str) or not pattern.fullmatch(text) or text == "-0":
        raise BadQuantity(
            'Write the number as a decimal string such as "1250.5": no exponent, no sign but "-", no spare zeros.',
            path=path,
        )
    return Decimal(text)


def _format(value: Decimal, pattern: re.Pattern[str]) -> str:
    if not value.is_finite():
        raise NumberOutOfRange("The value is not a finite number.")
    if not value:
        return "0"
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if not pattern.fullmatch(text):
        raise NumberOutOfRange(
            "The value has more digits than the record can hold; round it where the algorithm says so."
        )
    return text
