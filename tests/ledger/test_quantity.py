"""Decimal strings and rounding: one writing per number, in a context of our own."""

import decimal
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceability.ledger.errors import RecordError
from traceability.ledger.quantity import (
    CONTEXT,
    BadQuantity,
    NegativeQuantity,
    NumberOutOfRange,
    computing,
    format_computed,
    format_quantity,
    parse_computed,
    parse_quantity,
    r12,
    round_places,
)


@pytest.mark.parametrize("text", ["0", "1", "1250.5", "0.000000001", "999999999999.999999999"])
def test_quantity_has_one_writing(text: str) -> None:
    assert format_quantity(parse_quantity(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "-0",
        "00",
        "01",
        "+1",
        " 1",
        "1 ",
        "1\n",
        "1.",
        ".5",
        "1.0",
        "1000000.000",
        "1e3",
        "1E-3",
        "1,5",
        "1_000",
        "NaN",
        "Infinity",
        "\u0661",
        "\uff11",
        "1234567890123",
        "0.0000000001",
        None,
        1,
        1.5,
    ],
)
def test_other_writings_are_refused(text: object) -> None:
    with pytest.raises(BadQuantity) as refused:
        parse_quantity(text, negative=True, path="/body/mass_kg")
    assert refused.value.path == "/body/mass_kg"


def test_negative_only_where_the_schema_says_so() -> None:
    assert parse_quantity("-0.5", negative=True) == Decimal("-0.5")
    with pytest.raises(NegativeQuantity):
        parse_quantity("-0.5")


def test_computed_strings_are_longer() -> None:
    longest = "-123456789012345." + "1" * 36
    assert format_computed(parse_computed(longest)) == longest
    for text in ("1234567890123456", "0." + "1" * 37, "-0", "0.10"):
        with pytest.raises(BadQuantity):
            parse_computed(text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0", "0"),
        ("-0", "0"),
        ("0E-10", "0"),
        ("1E+3", "1000"),
        ("1.500", "1.5"),
        ("-2.10", "-2.1"),
        ("1E-9", "0.000000001"),
    ],
)
def test_format_writes_no_exponent_and_no_spare_zero(value: str, text: str) -> None:
    assert format_quantity(Decimal(value)) == format_computed(Decimal(value)) == text


@pytest.mark.parametrize("value", ["1E+12", "1E-10", "NaN", "Infinity", "-Infinity", "sNaN"])
def test_format_refuses_what_does_not_fit(value: str) -> None:
    with pytest.raises(NumberOutOfRange):
        format_quantity(Decimal(value))


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12) + 1, max_value=10**12 - 1, places=9))
def test_quantity_round_trip(value: Decimal) -> None:
    assert parse_quantity(format_quantity(value), negative=True) == value


@given(st.text("-.0123456789", max_size=16))
def test_what_is_accepted_is_written_back_the_same(text: str) -> None:
    try:
        value = parse_quantity(text, negative=True)
    except RecordError:
        return
    assert format_quantity(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0", "0"),
        ("0.0000", "0"),
        ("210153.9627783333", "210153.962778"),
        ("1.000000000005", "1"),  # half to even
        ("1.000000000015", "1.00000000002"),
        ("999999999999.5", "1000000000000"),
        ("123456789012345", "123456789012000"),
        ("-0.000123456789012500", "-0.000123456789012"),
        ("32.5737133513", "32.5737133513"),
    ],
)
def test_r12_is_twelve_digits_half_even(value: str, text: str) -> None:
    assert format_computed(r12(Decimal(value))) == text


def test_r12_and_places_do_not_depend_on_the_callers_context() -> None:
    with decimal.localcontext() as poor:
        poor.prec, poor.rounding = 3, decimal.ROUND_UP
        assert format_computed(r12(Decimal("1.234567890123"))) == "1.23456789012"
        assert round_places(Decimal("1.2345"), 3) == Decimal("1.234")
        assert round_places(Decimal("0.0005"), 3) == 0


def test_computing_has_fifty_digits_and_leaves_the_callers_context() -> None:
    before = decimal.getcontext().copy()
    with computing():
        third = Decimal(1) / 3
    assert len(third.as_tuple().digits) == 50
    assert decimal.getcontext().prec == before.prec
    assert decimal.getcontext().prec != CONTEXT.prec == 50


@computing()
def third() -> Decimal:
    return Decimal(1) / 3


def test_computing_decorates_a_function_again_and_again() -> None:
    assert third() == third() == Decimal("0." + "3" * 50)


@pytest.mark.parametrize(
    "operands", [(Decimal(1), Decimal(0)), (Decimal(0), Decimal(0)), (Decimal("1E+999999"), Decimal("1E-9"))]
)
def test_impossible_arithmetic_raises(operands: tuple[Decimal, Decimal]) -> None:
    with computing(), pytest.raises(decimal.DecimalException):
        operands[0] / operands[1]


def test_a_float_never_mixes_in() -> None:
    with computing(), pytest.raises(decimal.FloatOperation):
        Decimal(0.1)  # noqa: RUF032
