"""Moments and offsets: one writing each."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceability.ledger.errors import RecordError
from traceability.ledger.moments import BadMoment, BadUtcOffset, check_utc_offset, format_moment, parse_moment

MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=0)
)


def test_moment_is_in_utc() -> None:
    assert parse_moment("2026-02-28T10:00:59Z") == datetime(2026, 2, 28, 10, 0, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1999-12-31T23:59:59Z",
        "2100-01-01T00:00:00Z",
        "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z",
        "2026-01-01T24:00:00Z",
        "2026-01-01T00:60:00Z",
        "2026-06-30T23:59:60Z",
        "2026-01-01T00:00:00",
        "2026-01-01T00:00:00+00:00",
        "2026-01-01T00:00:00.5Z",
        "2026-01-01 00:00:00Z",
        "2026-01-01T00:00:00z",
        "2026-01-01T00:00:00Z\n",
        "2026-1-1T00:00:00Z",
        "20\u0662\u0666-01-01T00:00:00Z",
        None,
        1767225600,
    ],
)
def test_other_writings_are_refused(text: object) -> None:
    with pytest.raises(BadMoment) as refused:
        parse_moment(text, path="/issued_at")
    assert refused.value.path == "/issued_at"


@given(MOMENTS)
def test_moment_round_trip(moment: datetime) -> None:
    assert parse_moment(format_moment(moment)) == moment


def test_format_writes_utc() -> None:
    there = timezone(timedelta(hours=2))
    assert format_moment(datetime(2026, 1, 1, 1, 0, tzinfo=there)) == "2025-12-31T23:00:00Z"


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 1, 1),  # noqa: DTZ001
        datetime(2026, 1, 1, 0, 0, 0, 1, tzinfo=UTC),
        datetime(1999, 1, 1, tzinfo=UTC),
        datetime(2100, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-12))),
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=12))),
    ],
)
def test_format_refuses_what_has_no_writing(moment: datetime) -> None:
    with pytest.raises(RecordError):
        format_moment(moment)


@pytest.mark.parametrize("text", ["+00:00", "+02:00", "-07:00", "+05:45", "-13:59", "+14:00"])
def test_offset_is_kept(text: str) -> None:
    assert check_utc_offset(text) == text


@pytest.mark.parametrize(
    "text", ["", "Z", "-00:00", "+2:00", "+0200", "02:00", "+14:01", "+24:00", "+02:60", "+02:00\n", None]
)
def test_other_offsets_are_refused(text: object) -> None:
    with pytest.raises(BadUtcOffset):
        check_utc_offset(text)
