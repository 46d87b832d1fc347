"""The clock with which a form begins: that of a country, summer time included."""

from datetime import UTC, datetime

import pytest

from traceability.intake.countries import NAMES
from traceability.services.local_clock import _PLACES, offset_in
from traceability.web.forms.questions import OFFSETS

WINTER, SUMMER = datetime(2026, 1, 15, 12, tzinfo=UTC), datetime(2026, 7, 15, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("country", "winter", "summer"),
    [("EE", "+02:00", "+03:00"), ("US", "-05:00", "-04:00"), ("IN", "+05:30", "+05:30"), ("AQ", "+00:00", "+00:00")],
)
def test_the_offset_of_a_country_follows_its_summer_time(country, winter, summer):
    assert (offset_in(country, WINTER), offset_in(country, SUMMER)) == (winter, summer)


@pytest.mark.parametrize("country", _PLACES)
def test_every_offset_can_be_chosen_in_a_form(country):
    assert country in NAMES
    assert {offset_in(country, WINTER), offset_in(country, SUMMER)} <= set(OFFSETS)
