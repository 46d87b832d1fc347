"""GTINs as people type them, and the GS1 Digital Links that they make."""

import pytest

from traceability.intake.gtin import BadGtin, digital_link, parse_gtin


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("09506000134352", "09506000134352"),
        ("9506000134352", "09506000134352"),
        ("4006381 333931", "04006381333931"),
        ("614141-123452", "00614141123452"),
        ("96385074", "00000096385074"),
    ],
)
def test_a_gtin_of_any_length_becomes_fourteen_digits(typed: str, digits: str) -> None:
    assert parse_gtin(typed) == digits


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "9506000134353",
        "950600013435",
        "95060001343520",
        "٩٥٠٦٠٠٠١٣٤٣٥٢",
        "950600013435X",
        "00000000000000",
        "1" * 15,
    ],
)
def test_what_is_no_gtin_is_refused(typed: str) -> None:
    with pytest.raises(BadGtin) as refused:
        parse_gtin(typed)
    assert refused.value.path == "/gtin"


@pytest.mark.parametrize("at", range(13))
def test_one_wrong_digit_is_found(at: int) -> None:
    right = "9506000134352"
    wrong = right[:at] + str((int(right[at]) + 1) % 10) + right[at + 1 :]
    with pytest.raises(BadGtin):
        parse_gtin(wrong)


def test_the_link_of_a_lot_names_gtin_and_number() -> None:
    assert digital_link("09506000134352", "MAG-1") == "/01/09506000134352/10/MAG-1"
    assert digital_link("09506000134352", "A/1 ".strip()) == "/01/09506000134352/10/A%2F1"


@pytest.mark.parametrize("lot", ["", "a lot of spaces", "批号", "x" * 21, "a#b"])
def test_a_number_that_gs1_does_not_allow_makes_no_link(lot: str) -> None:
    assert digital_link("09506000134352", lot) == ""
