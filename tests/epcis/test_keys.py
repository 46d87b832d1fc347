"""Keys of GS1: check digits, EPC URIs and Digital Links in one way of writing."""

import json

import pytest

from tests.standards import standards_path
from traceability.epcis.keys import canonical, lgtin_link, lot_of
from traceability.intake.gtin import check_digit

VECTORS = json.loads(standards_path("epcis/gs1-keys/check_digit_vectors.json").read_text())["vectors"]


def test_fourteen_check_digits() -> None:
    assert len(VECTORS) == 14
    for one in VECTORS:
        assert (check_digit(one["value"][:-1]) == int(one["value"][-1])) == one["valid"], one


@pytest.mark.parametrize(
    ("uri", "written"),
    [
        ("urn:epc:class:lgtin:4012345.012345.Lot987", "/01/04012345123456/10/Lot987"),
        ("http://example.com/some/shop/gtin/614141123452/lot/A-1?x=1", "/01/00614141123452/10/A-1"),
        ("https://example.com/01/04012345123456/22/2A/10/A-1/21/7", "/01/04012345123456/21/7"),
        ("urn:epc:id:sgln:4012345.00005.0", "/414/4012345000054"),
        ("urn:epc:id:sgln:4012345.00005.7", "/414/4012345000054/254/7"),
    ],
)
def test_one_way_of_writing(uri: str, written: str) -> None:
    assert canonical(uri) == f"https://id.gs1.org{written}"


@pytest.mark.parametrize(
    "uri",
    [
        "https://example.com/", "urn:epc:id:sgtin:1.2.3", "urn:epc:id:unknown:0614141.107346.1", "urn:epc:",
        "https://example.com/01/04012345123456/10", "https://example.com/01/04012345123456/10/A%2F1/",
        "https://example.com/01/123/10/A", "urn:uuid:374d95fc-9457-4a51-bd6a-0bba133845a8",
    ],
)  # fmt: skip
def test_what_is_not_understood_is_left_alone(uri: str) -> None:
    assert canonical(uri) is None


def test_the_lot_that_a_uri_names() -> None:
    assert lot_of("urn:epc:class:lgtin:4012345.012345.Lot987") == ("04012345123456", "Lot987")
    assert lot_of(lgtin_link("04012345123456", "MAG-1")) == ("04012345123456", "MAG-1")
    assert lot_of(lgtin_link("04012345123456", "MAG/1 ü")) == ("04012345123456", "MAG/1 ü")
    assert lot_of("https://id.gs1.org/01/04012345123456") is None
    assert lot_of("https://id.gs1.org/01/04012345123456/21/5") is None
