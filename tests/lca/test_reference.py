"""The mean of a site over twelve months: the worked example, invariants, and one mutation for each refusal."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epd.lca.indicators import HEADLINE, Basis, LifeCycleModule
from epd.lca.reference import (
    LotOutsidePeriod,
    LotTwice,
    Meter,
    MeterTwice,
    MoreDisposedThanMade,
    NegativeAmount,
    NothingLeft,
    Period,
    PeriodLot,
    PeriodReversed,
    Reference,
    Stock,
    Why,
    WrongWeight,
    deviation,
    is_worse_by_tenth,
    produced,
    reconcile,
    reference,
)
from epd.lca.result import BasisResult, value_key
from traceability.ledger.quantity import format_computed

TEXT = " ".join((Path(__file__).parents[2] / "docs/algorithms/lodestone-reference-1.md").read_text("utf-8").split())
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
A1, A2, A3 = LifeCycleModule
D = Decimal


def result(a3: str, a1: str = "1", a2: str = "0.5") -> BasisResult:
    values = {A1: a1, A2: a2, A3: a3}
    return BasisResult(Basis.MASS, {value_key(HEADLINE, module): D(value) for module, value in values.items()}, {})


LOT_A = PeriodLot("urn:a", date(2026, 3, 1), D(600), D(0), result("20"))
LOT_B = PeriodLot("urn:b", date(2026, 12, 31), D(400), D(100), result("30"))
POWER = Meter("electricity", "kWh", A3, D(10000), D(9000), D(200), D(300), D(400), {HEADLINE: D("0.5")})
WEIGHTS = (D(900), D(1200))


def of(*, lots: tuple[PeriodLot, ...] = (LOT_A, LOT_B), meters: tuple[Meter, ...] = (POWER,),
       weights: tuple[Decimal | None, Decimal | None] = WEIGHTS, period: Period = YEAR) -> Reference:  # fmt: skip
    return reference(Basis.MASS, period, lots, reconcile(meters), weights)


# The worked example


def test_the_worked_example_is_that_of_the_text() -> None:
    [row] = reconcile([POWER])
    assert (row.gap, row.share, row.finding) == (D(100), D("0.01"), "")
    assert "10000 - (9000 + 200 + 300 + 400) = 100 kWh, 0.01 of what was metered" in TEXT
    made = produced([LOT_A, LOT_B], Stock(D(50), D(800), D(140)))
    assert (made.gap_kg, made.share) == (D(10), D("0.01"))
    assert "50 + 1000 - 100 - 800 - 140 = 10 kg, 0.01 of what was made" in TEXT
    found = of()
    written = {module: format_computed(value) for module in LifeCycleModule
               if (value := found.value(HEADLINE, module)) is not None}  # fmt: skip
    assert written == {A1: "1.11111111111", A2: "0.555555555556", A3: "27"}
    for value in (*written.values(), str(found.a1_a3(HEADLINE)), str(found.share_of_site)):
        assert value in TEXT
    below, above = (deviation(D(value), found.a1_a3(HEADLINE)) for value in ("21.5", "31.5"))
    assert (below, above) == (D("-0.25"), D("0.098837"))
    assert "= -0.25. Lot B has 31.5: 0.098837, not worse by a tenth." in TEXT
    assert not is_worse_by_tenth(above)


# Meters


def test_a_gap_is_printed_whatever_its_sign() -> None:
    [more] = reconcile([replace(POWER, metered=D(10001))])
    [less] = reconcile([replace(POWER, metered=D(9700))])
    assert (more.gap, more.finding) == (D(101), "gap_too_large")
    assert (less.gap, less.share, less.finding) == (D(-200), D("-0.020619"), "gap_too_large")
    assert less.to_count == D(700)  # a gap below 0 gives nothing back


def test_what_nobody_metered_has_no_gap_and_is_named() -> None:
    [row] = reconcile([replace(POWER, metered=None)])
    assert (row.gap, row.share, row.finding, row.to_count) == (None, None, "not_metered", D(700))
    [idle] = reconcile([Meter("gas", "MJ", A3, D(0), D(0))])
    [odd] = reconcile([Meter("gas", "MJ", A3, D(0), D(5))])
    assert (idle.share, idle.finding, odd.finding) == (None, "", "gap_too_large")


def test_work_in_progress_alone_may_be_below_zero() -> None:
    assert reconcile([replace(POWER, in_progress=D(-200))])[0].gap == D(500)
    for name in ("metered", "stated", "disposals", "overhead"):
        with pytest.raises(NegativeAmount):
            reconcile([replace(POWER, **{name: D(-1)})])
    with pytest.raises(MeterTwice):
        reconcile([POWER, replace(POWER, stated=D(1))])
    assert len(reconcile([POWER, replace(POWER, unit="MJ")])) == 2


# Figures


def test_without_the_site_the_burdens_of_lots_are_conserved() -> None:
    found = of(lots=(LOT_A, replace(LOT_B, disposed_kg=D(0))), meters=())
    assert found.value(HEADLINE, A3) == D("24")
    assert found.value(HEADLINE, A3) == (600 * D(20) + 400 * D(30)) / 1000


def test_what_was_disposed_of_is_borne_by_the_rest() -> None:
    found = of(meters=())
    assert found.value(HEADLINE, A3) == D("26.6666666667")


def test_a_missing_value_is_never_zero() -> None:
    without = BasisResult(Basis.MASS, {value_key(HEADLINE, A3): D(1)}, {})
    found = of(lots=(LOT_A, replace(LOT_B, result=without)))
    assert found.figures[HEADLINE, A1].why is Why.LOT_WITHOUT_VALUE
    assert (found.value(HEADLINE, A1), found.a1_a3(HEADLINE)) == (None, None)
    assert found.value(HEADLINE, A3) is not None
    part = replace(LOT_B.result, partial=frozenset({HEADLINE}))
    assert of(lots=(LOT_A, replace(LOT_B, result=part))).figures[HEADLINE, A3].why is Why.LOT_WITHOUT_VALUE
    assert of().figures["ap", A3].why is Why.LOT_WITHOUT_VALUE


def test_a_flow_to_count_needs_a_factor_and_a_weight() -> None:
    assert of(meters=(replace(POWER, factors=None),)).figures[HEADLINE, A3].why is Why.NO_FACTOR
    nothing = Meter("gas", "MJ", A3, D(10), D(10))
    assert of(meters=(nothing,)).value(HEADLINE, A3) == D("26.6666666667")
    for weights in ((None, None), (None, D(5)), (D(0), D(0))):
        found = of(weights=weights)
        assert found.figures[HEADLINE, A3].why is Why.NO_WEIGHT
        assert found.value(HEADLINE, A1) == D("1.11111111111")
    for wrong in ((D(2), D(1)), (D(-1), D(1))):
        with pytest.raises(WrongWeight):
            of(weights=wrong)


amounts = st.decimals(min_value=0, max_value=10**6, places=3)


@given(st.lists(st.tuples(amounts, amounts, amounts), min_size=1, max_size=6), amounts, st.integers(0, 10**6))
def test_order_changes_no_digit_and_more_metered_is_never_less(
    rows: list[tuple[Decimal, Decimal, Decimal]], extra: Decimal, seed: int
) -> None:
    lots = [PeriodLot(f"urn:{place}", YEAR.first, made + 1, D(0), result(str(a3), str(a1)))
            for place, (made, a1, a3) in enumerate(rows)]  # fmt: skip
    gas = Meter("gas", "MJ", A3, D(5), D(1), factors={HEADLINE: D("0.07")})
    usual = of(lots=tuple(lots), meters=(POWER, gas))
    Random(seed).shuffle(lots)
    assert of(lots=tuple(lots), meters=(gas, POWER)) == usual
    more = of(lots=tuple(lots), meters=(replace(POWER, metered=D(10000) + extra), gas))
    before, after = usual.value(HEADLINE, A3), more.value(HEADLINE, A3)
    assert before is not None
    assert after is not None
    assert after >= before
    values = [D(str(a1)) for _, a1, _ in rows]
    mean = usual.value(HEADLINE, A1)
    assert mean is not None
    assert min(values) * D("0.99999999999") <= mean <= max(values) * D("1.00000000001")


# What is refused


@pytest.mark.parametrize(
    ("lots", "error"),
    [
        ((LOT_A, LOT_A), LotTwice),
        ((replace(LOT_A, made_on=date(2025, 12, 31)),), LotOutsidePeriod),
        ((replace(LOT_A, made_on=date(2027, 1, 1)),), LotOutsidePeriod),
        ((replace(LOT_A, disposed_kg=D("600.001")),), MoreDisposedThanMade),
        ((replace(LOT_A, made_kg=D(-1)),), NegativeAmount),
        ((replace(LOT_A, disposed_kg=D(600)),), NothingLeft),
        ((), NothingLeft),
    ],
)
def test_wrong_lots_are_refused(lots: tuple[PeriodLot, ...], error: type[Exception]) -> None:
    with pytest.raises(error):
        of(lots=lots)


def test_a_stock_below_zero_is_refused_and_nothing_made_has_no_share() -> None:
    with pytest.raises(NegativeAmount):
        produced([LOT_A], Stock(D(0), D(-1), D(0)))
    assert produced([], Stock(D(5), D(5), D(0))).share is None


@pytest.mark.parametrize(
    ("first", "last", "whole"),
    [
        (date(2026, 1, 1), date(2026, 12, 31), True),
        (date(2026, 4, 1), date(2027, 3, 31), True),
        (date(2024, 2, 29), date(2025, 2, 28), True),
        (date(2023, 3, 1), date(2024, 2, 29), True),
        (date(2026, 1, 1), date(2026, 12, 30), False),
        (date(2026, 1, 1), date(2027, 1, 1), False),
    ],
)
def test_twelve_months_are_counted_by_the_calendar(first: date, last: date, whole: bool) -> None:
    assert Period(first, last).is_twelve_months is whole


def test_a_period_ends_after_it_begins() -> None:
    with pytest.raises(PeriodReversed):
        Period(date(2026, 1, 2), date(2026, 1, 1))


def test_a_deviation_needs_both_figures_and_a_mean() -> None:
    assert deviation(None, D(1)) is None
    assert deviation(D(1), None) is None
    assert deviation(D(1), D(0)) is None
    assert deviation(D(-1), D(-2)) == D("0.5")
    assert is_worse_by_tenth(deviation(D("11.1"), D(10)))
    assert not is_worse_by_tenth(deviation(D(11), D(10)))
    assert not is_worse_by_tenth(None)
