"""Material accounts: a month worked by hand, and the identity against the mass accounts that the door keeps."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from traceability.material import stock
from traceability.material.accounting import (
    MASS,
    NOT_ASSAYED,
    Entry,
    Flow,
    Holding,
    Movement,
    Period,
    Stock,
    account,
    movements_of,
    period_of,
    periods,
    stock_at,
    valued,
)
from traceability.material.composition import Content

JANUARY, FEBRUARY = Period(2026, 1), Period(2026, 2)
BEGIN = datetime(2026, 1, 5, tzinfo=UTC)


def nd(pct: str) -> dict[str, Content]:
    return {"Nd": Content(Decimal(pct), Decimal(pct)), "Fe": Content(Decimal(1), Decimal(1))}


def entry(flow: Flow, day: int, change_kg: str = "0", pct: str = "") -> Entry:
    at = BEGIN + timedelta(days=day)
    return Entry(flow, at, f"s{day}", Decimal(change_kg), nd(pct) if pct else None)


def holding(*entries: Entry, pct: str = "") -> Holding:
    return Holding("lot", "oxide", "site", nd(pct) if pct else None, entries)


def test_a_lot_over_two_months_by_hand() -> None:
    """100 kg with 60 % Nd received, 30 used, 2 short in the stock-take; in February assayed at 50 %, 68 sent."""
    moves = movements_of(
        holding(
            entry(Flow.RECEIVED, 0, "100"),
            entry(Flow.USED, 5, "-30"),
            entry(Flow.ADJUSTED, 10, "-2"),
            entry(Flow.ASSAYED, 30, pct="50"),
            entry(Flow.DISPATCHED, 40, "-68"),
            pct="60",
        )
    )
    mass, neodymium = account(moves, [], JANUARY)
    assert (mass.substance, mass.opening_kg, mass.closing_kg) == (MASS, 0, 68)
    assert mass.flows_kg == {Flow.RECEIVED: 100, Flow.USED: -30, Flow.ADJUSTED: -2}
    assert (neodymium.substance, neodymium.closing_kg) == ("Nd", Decimal("40.8"))
    mass, neodymium = account(moves, [], FEBRUARY)
    assert (mass.opening_kg, mass.flows_kg, mass.closing_kg) == (68, {Flow.DISPATCHED: -68}, 0)
    assert neodymium.flows_kg == {Flow.ASSAYED: Decimal("-6.8"), Flow.DISPATCHED: -34}
    assert neodymium.closing_kg == neodymium.difference_kg == 0
    assert [one.kg[MASS] for one in stock_at(moves, JANUARY)] == [68]
    assert stock_at(moves, FEBRUARY) == []


def test_what_has_no_assay_is_counted_as_such_until_it_has_one() -> None:
    moves = movements_of(holding(entry(Flow.MADE, 0, "10"), entry(Flow.ASSAYED, 3, pct="20")))
    found = {one.substance: one for one in account(moves, [], JANUARY)}
    assert found[NOT_ASSAYED].flows_kg == {Flow.MADE: 10, Flow.ASSAYED: -10}
    assert found["Nd"].flows_kg == {Flow.ASSAYED: 2}
    assert "Fe" not in found


def test_a_claimed_time_before_the_statement_ahead_does_not_count_before_it() -> None:
    """A use in January, claimed so on a lot that came in February, counts in February."""
    moves = movements_of(holding(entry(Flow.RECEIVED, 30, "10"), entry(Flow.USED, 2, "-4")))
    assert account(moves, [now(Decimal(6))], JANUARY) == []
    used = moves[1]
    assert used.at == moves[0].at
    assert used.claimed_at < used.at


def test_a_wrong_index_is_seen_in_every_month() -> None:
    moves = movements_of(holding(entry(Flow.MADE, 0, "10"), entry(Flow.USED, 30, "-4")))
    right, wrong = Decimal(6), Decimal("6.001")
    for month in (JANUARY, FEBRUARY):
        [good] = [one for one in account(moves, [now(right)], month) if one.substance == MASS]
        [bad] = [one for one in account(moves, [now(wrong)], month) if one.substance == MASS]
        assert good.difference_kg == 0
        assert bad.difference_kg == Decimal("-0.001")


def now(mass_kg: Decimal) -> Stock:
    return Stock("lot", "oxide", "site", valued(mass_kg, None))


def test_months_follow_each_other_over_the_year() -> None:
    december = Period(2025, 12)
    assert december.next == JANUARY
    assert JANUARY.previous == december
    assert december.end == JANUARY.begin
    moves = movements_of(holding(entry(Flow.MADE, 0, "10")))
    assert [str(one) for one in periods(moves, datetime(2026, 3, 1, tzinfo=UTC))] == ["2026-03", "2026-02", "2026-01"]
    assert periods([], BEGIN) == []
    assert period_of(datetime(2026, 1, 31, 23, 59, tzinfo=UTC)) == JANUARY


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["draw", "dispose", "count", "assay"]),
        st.integers(1, 400),
        st.integers(-3, 40),
        st.sampled_from(["10", "33.333", "61.7"]),
    ),
    max_size=12,
)


@given(STEPS, st.booleans())
def test_every_month_closes_on_the_mass_account_of_the_door(
    steps: list[tuple[str, int, int, str]], assayed: bool
) -> None:
    """The account of each month against StockState, which folds the same changes by its own rules."""
    state = stock.created("lot", Decimal(1000), nd("61.7") if assayed else None)
    entries = [entry(Flow.MADE, 0, "1000")]
    day = 0
    for what, kg, days, pct in steps:
        day += days
        change: stock.Change
        taken = min(Decimal(kg), state.remaining_kg - 1)
        if what == "assay":
            change, said = stock.Reassay(nd(pct)), entry(Flow.ASSAYED, day, pct=pct)
        elif taken <= 0:
            continue
        elif what == "draw":
            change, said = stock.Draw(taken, rest=False), entry(Flow.USED, day, f"-{taken}")
        elif what == "dispose":
            change, said = stock.Disposal(taken, rest=False), entry(Flow.DISPOSED, day, f"-{taken}")
        else:
            change, said = stock.Adjustment(-taken), entry(Flow.ADJUSTED, day, f"-{taken}")
        state = stock.apply(state, change)
        entries.append(said)
    moves = movements_of(holding(*entries, pct="61.7" if assayed else ""))
    held = Stock("lot", "oxide", "site", valued(state.remaining_kg, state.composition))
    closing: dict[str, Decimal] = {}
    for month in reversed(periods(moves, BEGIN)):
        lines = account(moves, [held], month)
        assert all(one.difference_kg == 0 for one in lines)
        assert all(one.opening_kg == closing.get(one.substance, 0) for one in lines)
        closing = {one.substance: one.closing_kg for one in lines}
        [mass] = [one for one in lines if one.substance == MASS]
        assert mass.closing_kg >= 0
        [lot] = stock_at(moves, month)
        assert {one: kg for one, kg in lot.kg.items() if kg} == {one: kg for one, kg in closing.items() if kg}
    assert closing[MASS] == state.remaining_kg


def test_booked_and_counted_stand_beside_a_stock_take() -> None:
    moves: tuple[Movement, ...] = movements_of(holding(entry(Flow.MADE, 0, "10"), entry(Flow.ADJUSTED, 1, "-0.4")))
    assert (moves[1].booked_kg, moves[1].after_kg) == (10, Decimal("9.6"))
