"""Typed numbers: every sign that people group and part digits with, and nothing else."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceability.intake.numbers import NotANumber, NumberStyle, read_number, shown

POINT, COMMA = NumberStyle.POINT, NumberStyle.COMMA


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("12878.168", "12878.168"),
        ("12878,168", "12878.168"),
        ("12 878.168", "12878.168"),
        ("12 878,168", "12878.168"),
        ("12\u00a0878,168", "12878.168"),
        ("12\u202f878.168", "12878.168"),
        ("12\u2009878.168", "12878.168"),
        ("12'878.168", "12878.168"),
        ("12\u2019878,168", "12878.168"),
        ("1.234.567,8", "1234567.8"),
        ("1,234,567.8", "1234567.8"),
        ("1,234.5", "1234.5"),
        ("1.234,5", "1234.5"),
        ("1.234.567", "1234567"),
        ("1,5", "1.5"),
        ("0.123", "0.123"),
        ("0,123", "0.123"),
        ("1234.567", "1234.567"),
        ("1234,567", "1234.567"),
        ("1 234.567", "1234.567"),
        (".5", "0.5"),
        ("0.527 8", "0.5278"),
        ("007", "7"),
        ("3000.000", "3000"),
        (" 5 ", "5"),
        ("+5", "5"),
        ("-5", "-5"),
        ("\u22125", "-5"),
    ],
)
def test_what_can_be_read_in_one_way_is_read_so_in_every_style(typed, number):
    assert read_number(typed, POINT) == read_number(typed, COMMA) == Decimal(number)


@pytest.mark.parametrize(
    ("typed", "with_point", "with_comma"),
    [("1.234", "1.234", "1234"), ("1,234", "1234", "1.234"), ("-12.345", "-12.345", "-12345")],
)
def test_what_can_be_read_in_two_ways_is_read_in_the_reader_s_style(typed, with_point, with_comma):
    assert read_number(typed, POINT) == Decimal(with_point)
    assert read_number(typed, COMMA) == Decimal(with_comma)


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "-", ".", ",", "5.", "12 34", "1,23,456", "1 234,567,8", "1.2.3", "1 234.567,8", "1e5", "0x1", "1_234",
        "--5", "5-", "½", "١٢", "１２", "NaN", "Infinity", "12\n878", "1" * 61, "1  234", "1'23", "1,234.567.8",
    ],
)  # fmt: skip
@pytest.mark.parametrize("style", list(NumberStyle))
def test_what_is_no_number_is_refused_with_an_example(typed, style):
    with pytest.raises(NotANumber) as refusal:
        read_number(typed, style)
    assert f"878{style.decimal_sign}168" in refusal.value.sentence


def written(number, style, group):
    text = f"{number:,f}"
    return text.replace(",", "G").replace(".", style.decimal_sign).replace("G", group)


@given(
    st.decimals(min_value="-999999999999", max_value="999999999999", places=4),
    st.sampled_from(list(NumberStyle)),
    st.sampled_from([" ", "\u00a0", "\u202f", "\u2009", "'", "\u2019", "own"]),
)
def test_reading_what_was_written_gives_the_number_back(number, style, group):
    other = "," if style is POINT else "."
    assert read_number(written(number, style, other if group == "own" else group), style) == number


@given(st.decimals(min_value="-999999999999", max_value="999999999999", places=4), st.sampled_from(list(NumberStyle)))
def test_what_is_shown_back_can_be_typed_again(number, style):
    assert read_number(shown(number, style), style) == number


@given(st.text(max_size=70), st.sampled_from(list(NumberStyle)))
def test_no_text_breaks_the_reader(text, style):
    try:
        assert read_number(text, style).is_finite()
    except NotANumber:
        pass


def test_numbers_are_shown_with_thin_groups_and_the_reader_s_own_sign():
    assert shown(Decimal("-1234567.50"), POINT) == "\u22121\u202f234\u202f567.5"
    assert shown(Decimal("-1234567.50"), COMMA) == "\u22121\u202f234\u202f567,5"
