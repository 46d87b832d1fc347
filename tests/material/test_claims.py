"""Claims accounts: credits, claims, expiry and rolling averages (`lodestone-claims/1`)."""

import json
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceability.ledger.errors import RecordError
from traceability.material import claims
from traceability.material.claims import Claimed, ClaimsState, Credited, GivenUp, Terms, element_kg, months_after
from traceability.material.claims_books import months
from traceability.material.composition import Content

TEXT = (Path(__file__).parents[2] / "docs/algorithms/lodestone-claims-1.md").read_text(encoding="utf-8")
EXAMPLES = [json.loads(one) for one in re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)]


def terms(method="credit", factor="1", months=6, element="Nd", source="post_consumer", country=""):
    return Terms(
        "mass_balance", method, "", ("scrap",), ("metal",), element, source, country, Decimal(factor), months
    )  # fmt: skip


def day(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def entry(row):
    at, amount, content = day(row["at"]), Decimal(row["amount"]), Decimal(row.get("content", "0"))
    if "credit" in row:
        return Credited(row["credit"], at, content, Decimal(row["share"]), amount)
    if "claim" in row:
        return Claimed(row["claim"], at, content, amount)
    return GivenUp("given up", at, row["give_up"], amount)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one["terms"]["method"])
def test_the_worked_examples(example):
    given_terms, state = terms(**example["terms"]), ClaimsState()
    for row in example["entries"]:
        one = entry(row)
        if "refused" in row:
            with pytest.raises(RecordError) as caught:
                claims.check(state, given_terms, one)
            assert caught.value.code == row["refused"]
        else:
            claims.check(state, given_terms, one)
            state = claims.after(state, given_terms, one)
        assert claims.claimable_kg(state, given_terms, one.at) == Decimal(row["claimable"]), row


def test_there_is_an_example_of_each_method():
    assert {one["terms"]["method"] for one in EXAMPLES} == {"credit", "rolling_average"}


@pytest.mark.parametrize(
    ("moment", "months", "then"),
    [("2026-01-31", 1, "2026-02-28"), ("2027-11-30", 3, "2028-02-29"), ("2026-12-01", 12, "2027-12-01")],
)
def test_months_end_on_the_last_day_there_is(moment, months, then):
    assert months_after(day(moment), months) == day(then)


def test_a_credit_counts_until_the_moment_its_period_ends():
    state = claims.after(
        ClaimsState(), terms(months=1), Credited("a", day("2026-01-01"), Decimal(9), Decimal(1), Decimal(9))
    )
    just_before = day("2026-02-01") - timedelta(seconds=1)
    assert claims.claimable_kg(state, terms(months=1), just_before) == 9
    assert claims.claimable_kg(state, terms(months=1), day("2026-02-01")) == 0
    [(at, credit)] = claims.expiring(state, terms(months=1), day("2026-02-01"))
    assert (at, credit.left_kg) == (day("2026-02-01"), 9)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"credit": "a", "content": "10", "share": "1.1", "amount": "10"}, "credit_too_large"),
        ({"credit": "a", "content": "10", "share": "0.5", "amount": "4.501"}, "credit_too_large"),
        ({"credit": "a", "content": "10", "share": "0", "amount": "0"}, "credit_too_large"),
        ({"claim": "a", "content": "10", "amount": "0"}, "account_overdrawn"),
        ({"claim": "a", "content": "10", "amount": "11"}, "account_overdrawn"),
        ({"give_up": "a", "amount": "1"}, "nothing_to_expire"),
    ],
)
def test_what_is_refused(row, code):
    with pytest.raises(RecordError) as caught:
        claims.check(ClaimsState(), terms(factor="0.9"), entry(row | {"at": "2026-01-01"}))
    assert caught.value.code == code


def test_accounts_overlap_where_one_kg_may_be_counted_in_both():
    assert terms().overlaps(terms(country="AU"))
    assert terms().overlaps(terms(element="rare_earths"))
    assert not terms().overlaps(terms(element="Dy"))
    assert not terms().overlaps(terms(source="pre_consumer"))
    assert not terms(element="Co").overlaps(terms(element="rare_earths"))


def test_all_rare_earths_are_counted_together():
    held = {one: Content(Decimal(pct), Decimal(pct)) for one, pct in (("Nd", 30), ("Dy", 2), ("Fe", 60))}
    assert element_kg(terms(element="rare_earths"), Decimal(10), held) == Decimal("3.2")
    assert element_kg(terms(element="Dy"), Decimal(10), held) == Decimal("0.2")
    assert element_kg(terms(), Decimal(10), None) is None


MOVES = st.lists(
    st.tuples(
        st.integers(0, 40), st.sampled_from(["credit", "claim", "give_up"]), st.integers(1, 50), st.integers(0, 9)
    ),
    max_size=40,
)


@given(MOVES)
def test_no_balance_is_ever_below_zero_and_every_kg_is_somewhere(moves):
    """Credited = claimed + given up + expired + left, after every entry that is not refused."""
    its, state, at = terms(months=2), ClaimsState(), day("2026-01-01")
    sums = dict.fromkeys(("credit", "claim", "give_up", "expired"), Decimal(0))
    names: list[str] = []
    for days, what, kg, which in moves:
        at += timedelta(days=days)
        sums["expired"] += sum(one.left_kg for _, one in claims.expiring(state, its, at))
        state = claims.at_moment(state, its, at)
        amount = Decimal(kg)
        made = {
            "credit": Credited(f"{len(names)}", at, amount, Decimal(1), amount),
            "claim": Claimed("claim", at, Decimal(100), amount),
            "give_up": GivenUp("give up", at, names[which % len(names)] if names else "", amount),
        }[what]
        try:
            claims.check(state, its, made)
        except RecordError:
            continue
        state = claims.after(state, its, made)
        sums[what] += amount
        if what == "credit":
            names.append(f"{len(names)}")
        left = claims.claimable_kg(state, its, at)
        assert left >= 0
        assert state.short_kg == 0
        assert sums["credit"] == sums["claim"] + sums["give_up"] + sums["expired"] + left


def test_what_lacks_after_a_correction_is_filled_first():
    its = terms()
    state = claims.after(ClaimsState(), its, Claimed("c", day("2026-01-01"), Decimal(100), Decimal(30)))
    assert (state.short_kg, claims.claimable_kg(state, its, day("2026-01-01"))) == (30, -30)
    state = claims.after(state, its, Credited("a", day("2026-01-02"), Decimal(50), Decimal(1), Decimal(50)))
    assert (state.short_kg, claims.claimable_kg(state, its, day("2026-01-02"))) == (0, 20)


# The monthly account


def book(*rows, until="2026-12-31", **changes):
    entries = [entry(row) for row in rows]
    return months(terms(**changes), entries, day("2026-01-05"), day(until))


def test_the_months_of_an_account():
    """54 kg in January, 50 claimed in April, 4 expire in July: each month closes where the next one opens."""
    found = book(
        {"at": "2026-01-10", "credit": "a", "content": "100", "share": "0.6", "amount": "54"},
        {"at": "2026-04-01", "claim": "c", "content": "200", "amount": "50"},
        {"at": "2026-08-01", "credit": "b", "content": "10", "share": "1", "amount": "9"},
        {"at": "2026-09-01", "give_up": "b", "amount": "2"},
        factor="0.9",
    )
    assert [str(one.period) for one in found] == [f"2026-{number:02}" for number in range(1, 13)]
    assert all(one.closing_kg == two.opening_kg for one, two in pairwise(found))
    told = {
        one.period.month: {move.value: int(kg) for move, kg in one.moves_kg.items()} for one in found if one.moves_kg
    }
    assert told == {
        1: {"credited": 54},
        4: {"claimed": -50},
        7: {"expired": -4},
        8: {"credited": 9},
        9: {"given_up": -2},
    }
    assert found[-1].closing_kg == 7


def test_the_months_of_a_rolling_average():
    found = book(
        {"at": "2026-01-10", "credit": "a", "content": "100", "share": "0.3", "amount": "30"},
        {"at": "2026-02-01", "credit": "b", "content": "100", "share": "0", "amount": "0"},
        {"at": "2026-02-10", "claim": "d", "content": "60", "amount": "9"},
        method="rolling_average", months=3, until="2026-05-20",
    )  # fmt: skip
    assert [str(one.average) for one in found] == ["0.3", "0.15", "0.15", "0", "0"]
    assert [(one.content_in_kg, one.content_out_kg) for one in found[:2]] == [(100, 0), (100, 60)]


@given(MOVES)
def test_the_months_end_where_the_account_is(moves):
    its, at, state, entries = terms(months=2), day("2026-01-05"), ClaimsState(), []
    for number, (days, what, kg, _) in enumerate(moves):
        at += timedelta(days=days)
        made = Credited(f"{number}", at, Decimal(kg), Decimal(1), Decimal(kg))
        if what != "credit":
            made = Claimed(f"{number}", at, Decimal(100), Decimal(kg))
        try:
            claims.check(state, its, made)
        except RecordError:
            continue
        state = claims.after(state, its, made)
        entries.append(made)
    found = months(its, entries, day("2026-01-05"), at)
    assert found[-1].closing_kg == claims.claimable_kg(state, its, at)
    assert found[-1].state == claims.at_moment(state, its, at)
