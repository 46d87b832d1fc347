"""Numbers as people read them."""

from decimal import Decimal

import pytest
from django.utils import translation
from django.utils.translation import gettext
from hypothesis import given
from hypothesis import strategies as st

from traceability.intake.numbers import NumberStyle
from traceability.web import numbers
from traceability.web.forms.draft_form import in_style

THIN = "\u202f"


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("9272.281", "9 270"),
        ("12878.168", "12 900"),
        ("44.140", "44.1"),
        ("0.004304", "0.004 30"),
        ("0.000500", "0.000 500"),
        ("145.500", "146"),
        ("999.6", "1 000"),
        ("1000000.000", "1 000 000"),
        ("-1.4", "−1.4"),
        ("5", "5"),
        ("0.000", "0"),
        ("0", "0"),
        (8, "8"),
    ],
)
def test_three_digits_to_read(value, read):
    assert numbers.n3(value) == read.replace(" ", THIN)


@pytest.mark.parametrize(
    ("value", "read"), [("0.00000031", "3.1 × 10⁻⁷"), ("123456789012", "1.23 × 10¹¹"), ("-0.00001", "−1 × 10⁻⁵")]
)
def test_what_is_too_small_or_too_large_to_write_out_gets_a_power(value, read):
    assert numbers.n3(value) == read.replace(" ", THIN)


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("12878.168", "12 878.168"),
        ("0.528654", "0.528 654"),
        ("-1000", "−1 000"),
        ("1E+3", "1 000"),
        ("0.000", "0.000"),
    ],
)
def test_all_digits_in_groups(value, read):
    assert numbers.all_digits(value) == read.replace(" ", THIN)


@pytest.mark.parametrize("value", ["", "one", "NaN", "Infinity", 1.5, True, "1,5"])
def test_what_is_no_exact_number_is_refused(value):
    with pytest.raises(ValueError, match="number"):
        numbers.n3(value)


def test_a_share_in_per_cent_keeps_its_digits():
    assert numbers.percent("0.528654") == Decimal("52.8654")


@pytest.mark.parametrize(("octets", "read"), [(0, "0 B"), (999, "999 B"), (48_000, "48 kB"), (1_400_000, "1.4 MB")])
def test_sizes_of_files(octets, read):
    assert numbers.size(octets) == read


def test_gaps_are_words():
    assert str(numbers.NOT_DECLARED) == "not declared"
    assert str(numbers.withheld_by("Selat Separation")) == "withheld by Selat Separation"


EXACT = st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**12), max_value=10**12)


@given(EXACT)
def test_all_digits_read_back_as_the_number(value):
    read = numbers.all_digits(value).replace(THIN, "").replace("−", "-")
    assert Decimal(read) == value


@given(EXACT.filter(lambda value: Decimal("0.001") <= abs(value) < 10**9))
def test_three_digits_are_within_half_of_the_third_digit(value):
    read = Decimal(numbers.n3(value).replace(THIN, "").replace("−", "-"))
    assert abs(read - value) <= Decimal(5).scaleb(value.adjusted() - 3)


def test_the_sign_of_the_reader_stands_where_he_is_and_nowhere_else() -> None:
    with numbers.read_with(lambda: ","):
        assert [numbers.n3("1.25"), numbers.all_digits("1234.5678"), numbers.n3("0.00001234")] == [
            "1,25", f"1{THIN}234,567{THIN}8", f"1,23{THIN}×{THIN}10⁻⁵",
        ]  # fmt: skip
        assert numbers.plain("1234.5") == "1234.5"  # for machines
        with numbers.read_with(lambda: "."):
            assert numbers.n3("1.25") == "1.25"
        assert numbers.n3("1.25") == "1,25"
    assert numbers.n3("1.25") == "1.25"


def test_the_sign_is_asked_for_only_where_one_is_written() -> None:
    def nobody() -> str:
        raise AssertionError("asked")

    with numbers.read_with(nobody):
        assert numbers.n3("12") == "12"


@pytest.mark.parametrize(
    ("language", "style", "said"),
    [
        ("en", NumberStyle.COMMA, "At most 0,5 %. Left empty it is 0,05 %."),
        ("en", NumberStyle.POINT, "At most 0.5 %. Left empty it is 0.05 %."),
        ("de", NumberStyle.POINT, "Höchstens 0.5 %. Ohne Eingabe gilt 0.05 %."),
        ("de", NumberStyle.COMMA, "Höchstens 0,5 %. Ohne Eingabe gilt 0,05 %."),
    ],
)
def test_a_hint_shows_numbers_as_the_reader_types_them(language: str, style: NumberStyle, said: str) -> None:
    with translation.override(language):
        assert in_style(gettext("At most 0.5 %. Left empty it is 0.05 %."), style) == said
