"""Measures of a supplier: the worked example of docs/rules.md, and what is not known is not zero."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from traceability.rules.supplying import ASKED, Asked, Delivery, measures_of

D = Decimal
WHOLE = Delivery(
    "urn:1", "L-1", "s", date(2026, 10, 1), date(2026, 10, 5), False, False, D(100), D("99.5"), frozenset(ASKED),
    D("0.6"), 1, {"AU": D("0.3"), "US": D("0.5")},
)  # fmt: skip
LESS = replace(
    WHOLE, received_on=date(2026, 11, 3), dispatched_kg=D(200), weighed_kg=D(200),
    known=frozenset({"mass", "contents"}),
    primary_share=None, findings=0, mined=None, beyond=True,
)  # fmt: skip


def test_the_worked_example():
    found = measures_of([WHOLE, LESS], [])
    assert (found.completeness, found.difference_pct) == (D("0.7"), D("0.25"))
    assert found.by_month == {"2026-10": D(1), "2026-11": D("0.4")}
    assert (found.deliveries, found.beyond, found.rejected, found.findings) == (2, 1, 0, 1)
    assert found.days == D("18.5")


def test_what_is_not_known_does_not_count():
    found = measures_of([WHOLE, LESS], [])
    assert found.primary_share == D("0.6")
    assert (found.source_country, found.source_share) == ("US", D("0.5"))
    nothing = measures_of([replace(LESS, dispatched_kg=None)], [])
    assert nothing.primary_share is nothing.difference_pct is nothing.source_share is nothing.in_time is None
    assert nothing.source_country == ""


def test_requests_that_may_still_be_answered_do_not_count():
    found = measures_of([WHOLE], [Asked(True), Asked(False), Asked(True), Asked(None)])
    assert found.requests == 3
    assert found.in_time == D("0.666667")


def test_nothing_at_all():
    assert measures_of([], []).completeness is None
