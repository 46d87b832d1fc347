"""Codes in the bodies of statements are read in words, days as the reader writes them, and typing stays as it is."""

import pytest
from django.utils import translation

from traceability.ledger.kinds.declarations import INDICATORS
from traceability.web import codes


@pytest.mark.parametrize(
    ("field", "code", "said"),
    [
        ("custody", "platform", "This platform keeps the key"), ("basis", "dry_mass", "the dry mass"),
        ("class", "post_consumer", "post-consumer"), ("custody_model", "mass_balance", "Mass balance, a claim"),
        ("indicator", "gwp_ghg", "GWP-GHG"), ("indicator", "ep_fw", "EP-fw"), ("indicator", "odp", "ODP"),
        ("reason", "no_factor", "No factor"), ("date", "2026-06-30", "30 Jun 2026"), ("country", "EE", "Estonia"),
        ("lot_number", "lot_7", "lot_7"), ("lot_number", "2026-06-30", "2026-06-30"),
        ("reason", "It was wrong.", "It was wrong."),
    ],
)  # fmt: skip
def test_what_is_said_of_a_value(field: str, code: str, said: str) -> None:
    with translation.override("en"):
        assert codes.said(code, field) == said


def test_no_indicator_is_shown_as_its_code() -> None:
    assert not [one for one in INDICATORS if "_" in codes.said(one, "indicator")]


@pytest.mark.parametrize("role", ["subject", "lot", "input", "output", "input_rest"])
def test_no_role_of_a_subject_is_shown_as_its_code(role: str) -> None:
    with translation.override("de"):
        assert str(codes.subject_role(role)) != role
