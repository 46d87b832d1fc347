"""Typed days, times and offsets."""

import pytest

from traceability.intake.moments import read_day, read_moment, read_offset
from traceability.ledger.errors import RecordError


@pytest.mark.parametrize(
    ("typed", "utc_offset", "moment"),
    [
        ("2026-11-16 06:10", "+02:00", "2026-11-16T04:10:00Z"),
        ("2026-11-16T06:10", "-07:00", "2026-11-16T13:10:00Z"),
        ("16.11.2026 6:10:30", "+02:00", "2026-11-16T04:10:30Z"),
        ("2026-11-16T06:10:00Z", "+00:00", "2026-11-16T06:10:00Z"),
        ("2026-11-16T06:10:00+05:30", "+05:30", "2026-11-16T00:40:00Z"),
        ("2026-11-16 06:10 +0530", "+05:30", "2026-11-16T00:40:00Z"),
        ("2026-01-01 00:30", "+01:00", "2025-12-31T23:30:00Z"),
    ],
)
def test_a_local_time_with_its_offset_is_a_moment_in_utc(typed, utc_offset, moment):
    assert read_moment(typed, utc_offset) == moment


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "not_a_moment"),
        ("2026-11-16", "not_a_moment"),
        ("2026-11-16 24:00", "not_a_moment"),
        ("2026-11-16 06:60", "not_a_moment"),
        ("2026-11-16 6 pm", "not_a_moment"),
        ("2026-02-30 06:10", "not_a_day"),
        ("16/11/2026 06:10", "not_a_day"),
        ("1999-11-16 06:10", "not_a_day"),
        ("2000-01-01 00:30", "bad_moment"),
        ("2026-11-16T06:10:00Z", "offsets_differ"),
    ],
)
def test_what_is_no_moment_is_refused(typed, code):
    with pytest.raises(RecordError) as refusal:
        read_moment(typed, "+01:00")
    assert refusal.value.code == code


@pytest.mark.parametrize(("typed", "day"), [("2026-6-3", "2026-06-03"), ("03.06.2026", "2026-06-03")])
def test_days(typed, day):
    assert read_day(typed) == day


@pytest.mark.parametrize(
    ("typed", "offset"), [("+02:00", "+02:00"), ("+0200", "+02:00"), ("\u221207:00", "-07:00"), ("UTC", "+00:00")]
)
def test_offsets(typed, offset):
    assert read_offset(typed) == offset
