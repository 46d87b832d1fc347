"""The mass account of a lot: one refusal per cause, and what no sequence of changes can do."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceability.material.composition import composition_of_rows, element_masses, parse_rows
from traceability.material.stock import (
    AdjustedToNothing,
    Adjustment,
    AlreadyDrawn,
    Change,
    DifferenceMisstated,
    Dispatch,
    Disposal,
    Draw,
    LeavesNothing,
    MatterGained,
    NotAllThatRemains,
    NotUnderWay,
    Overdrawn,
    Reassay,
    Receipt,
    Return,
    SettledTooHigh,
    Settlement,
    ToleranceTooWide,
    apply,
    created,
    replay,
)

D = Decimal
LOT = "urn:uuid:01930000-0000-7000-8000-000000000001"


def contents(**species):
    return composition_of_rows(parse_rows([{"species": s, "content_pct": pct} for s, pct in species.items()]))


LOT_1 = created(LOT, D("122168.022"), contents(Nd="4", Dy="0.06"))


def after(*changes, state=LOT_1):
    for change in changes:
        state = apply(state, change)
    return state


DISPATCHED = after(Dispatch(D("122168.022")))


def test_draws_disposals_and_adjustments_lower_what_remains():
    state = after(Draw(D(3000), rest=False), Disposal(D("0.022"), rest=False), Adjustment(D(-68)))
    assert state.remaining_kg == D(119100)
    state = after(Adjustment(D(8)), Draw(D(119108), rest=True), state=state)
    assert state.remaining_kg == 0
    assert (state.drawn_kg, state.disposed_kg, state.adjusted_kg) == (D(122108), D("0.022"), D(-60))


@pytest.mark.parametrize(
    ("earlier", "change", "error", "code"),
    [
        ([], Draw(D("122168.023"), rest=False), Overdrawn, "overdrawn"),
        ([], Disposal(D("122168.023"), rest=True), Overdrawn, "overdrawn"),
        ([Adjustment(D(-1))], Draw(D("122168.022"), rest=True), Overdrawn, "overdrawn"),
        ([Draw(D(1), rest=False)], Draw(D("122168.022"), rest=False), Overdrawn, "overdrawn"),
        ([], Draw(D("122168.021"), rest=True), NotAllThatRemains, "not_all_that_remains"),
        ([], Draw(D("122168.022"), rest=False), LeavesNothing, "leaves_nothing"),
        ([], Disposal(D("122168.022"), rest=False), LeavesNothing, "leaves_nothing"),
        ([], Adjustment(D("0.001")), MatterGained, "adjust_gains_matter"),
        ([Adjustment(D(-5)), Adjustment(D(3))], Adjustment(D("2.001")), MatterGained, "adjust_gains_matter"),
        ([], Adjustment(D(0)), AdjustedToNothing, "adjust_out_of_range"),
        ([], Adjustment(D("-122168.023")), AdjustedToNothing, "adjust_out_of_range"),
        ([], Dispatch(D(122168)), NotAllThatRemains, "not_all_that_remains"),
        ([], Dispatch(D("122168.022"), D("0.51")), ToleranceTooWide, "tolerance_too_wide"),
        ([Draw(D(1), rest=False)], Dispatch(D("122167.022")), AlreadyDrawn, "already_drawn"),
        ([Disposal(D(1), rest=False)], Dispatch(D("122167.022")), AlreadyDrawn, "already_drawn"),
        ([], Receipt(D(1), "within"), NotUnderWay, "not_under_way"),
        ([], Return(), NotUnderWay, "not_under_way"),
        ([], Settlement(D(1), alone=True), NotUnderWay, "not_under_way"),
    ],
)
def test_what_the_account_does_not_allow_is_refused(earlier, change, error, code):
    with pytest.raises(error) as refusal:
        after(*earlier, change)
    assert refusal.value.code == code


# 0.05 % of 122168.022 kg are 61.084011 kg
@pytest.mark.parametrize("weighed_kg", ["122150", "122106.938", "122229.106", "122168.022"])
def test_a_weighing_inside_the_tolerance_keeps_the_dispatched_mass(weighed_kg):
    state = after(Receipt(D(weighed_kg), "within"), state=DISPATCHED)
    assert state.remaining_kg == D("122168.022")
    assert state.shipment is None
    with pytest.raises(DifferenceMisstated):
        after(Receipt(D(weighed_kg), "beyond"), state=DISPATCHED)


@pytest.mark.parametrize("weighed_kg", ["122106.937", "122229.107", "0.001"])
def test_a_weighing_beyond_the_tolerance_blocks_until_settled(weighed_kg):
    with pytest.raises(DifferenceMisstated):
        after(Receipt(D(weighed_kg), "within"), state=DISPATCHED)
    state = after(Receipt(D(weighed_kg), "beyond"), state=DISPATCHED)
    assert state.shipment is not None
    with pytest.raises(NotUnderWay):
        after(Receipt(D(weighed_kg), "beyond"), state=state)


@pytest.mark.parametrize(
    ("weighed_kg", "mass_kg", "alone", "allowed"),
    [
        ("122000", "122000", True, True),
        ("122000", "122100", True, False),
        ("122000", "122100", False, True),
        ("122000", "122168.022", False, True),
        ("122000", "122168.023", False, False),
        ("123000", "122168.022", True, True),
        ("123000", "123000", True, False),
        ("123000", "123000", False, False),
    ],
)
def test_a_difference_is_settled_at_the_lower_mass_or_together_and_never_above(weighed_kg, mass_kg, alone, allowed):
    blocked = after(Receipt(D(weighed_kg), "beyond"), state=DISPATCHED)
    settlement = Settlement(D(mass_kg), alone=alone)
    if allowed:
        assert after(settlement, state=blocked).remaining_kg == D(mass_kg)
    else:
        with pytest.raises(SettledTooHigh):
            after(settlement, state=blocked)


def test_a_returned_lot_is_as_it_was_and_can_be_sent_again():
    state = after(Adjustment(D(-1)), Dispatch(D("122167.022")), Return(), Adjustment(D("0.5")))
    assert state.remaining_kg == D("122167.522")
    assert after(Dispatch(D("122167.522")), state=state).shipment is not None


def test_a_receiver_takes_back_no_adjustment_of_the_sender():
    state = after(Adjustment(D(-100)), Dispatch(D("122068.022")), Receipt(D(122068), "within"))
    with pytest.raises(MatterGained):
        after(Adjustment(D("0.001")), state=state)


def test_the_void_of_a_step_that_closed_the_lot_gives_the_mass_back():
    history: list[Change] = [Adjustment(D(-1)), Draw(D("122167.022"), rest=True)]
    closed, _ = replay(LOT_1, history)
    voided, refusals = replay(LOT_1, history[:1])
    assert refusals == ()
    assert (closed.remaining_kg, voided.remaining_kg) == (D(0), D("122167.022"))
    assert after(Dispatch(D("122167.022")), state=voided).shipment is not None


def test_a_reassay_is_in_force_but_never_raises_what_may_be_drawn():
    higher = after(Reassay(contents(Nd="5", Dy="0.05", Tb="1")))
    assert higher.composition == contents(Nd="5", Dy="0.05", Tb="1")
    assert higher.drawable == contents(Nd="4", Dy="0.05")
    back = after(Reassay(contents(Nd="4", Dy="0.06")), state=higher)
    assert back.drawable == contents(Nd="4", Dy="0.05")


def test_a_reassay_that_does_not_list_an_element_says_nothing_of_it_for_later():
    state = after(Reassay(contents(Fe="1")))
    assert state.drawable == {}
    assert after(Reassay(contents(Nd="4")), state=state).drawable == contents(Nd="4")


def test_the_first_assay_of_a_lot_without_one_sets_the_ceiling():
    bare = created(LOT, D(1), None)
    assert bare.drawable is None
    assert after(Reassay(contents(Nd="5")), Reassay(contents(Nd="6")), state=bare).drawable == contents(Nd="5")


def test_a_replay_on_corrected_masses_goes_on_and_says_what_would_have_been_refused():
    corrected = created(LOT, D(100), None)
    state, refusals = replay(corrected, [Draw(D(60), rest=False), Draw(D(62), rest=True), Adjustment(D(-1))])
    assert [(refusal.position, refusal.error.code) for refusal in refusals] == [
        (1, "overdrawn"),
        (2, "adjust_out_of_range"),
    ]
    assert state.drawn_kg == D(122)


def test_a_corrected_mass_never_raises_what_a_later_holder_has():
    changes: list[Change] = [Dispatch(D("122168.022")), Receipt(D(122150), "within")]
    state, refusals = replay(created(LOT, D(200000), None), changes)
    assert state.remaining_kg == D("122168.022")
    assert [refusal.error.code for refusal in refusals] == ["not_all_that_remains"]


grams = st.integers(1, 60_000).map(lambda number: D(number) / 1000)
any_change = st.one_of(
    st.builds(Draw, grams, st.booleans()),
    st.builds(Disposal, grams, st.booleans()),
    st.builds(Adjustment, st.integers(-60_000, 60_000).map(lambda number: D(number) / 1000)),
    st.builds(Dispatch, grams, st.sampled_from([D("0.05"), D("0.5"), D(1)])),
    st.builds(Receipt, grams, st.sampled_from(["within", "beyond"])),
    st.just(Return()),
    st.builds(Settlement, grams, st.booleans()),
    st.builds(Reassay, st.integers(0, 100).map(lambda pct: contents(Nd=str(pct)))),
)


@given(st.lists(any_change, max_size=40))
def test_no_sequence_of_changes_makes_mass_or_element(sequence):
    start = state = created(LOT, D(60), contents(Nd="50"))
    out_kg = element_out_kg = D(0)
    for change in sequence:
        try:
            changed = apply(state, change)
        except ValueError:
            continue
        if isinstance(change, Draw | Disposal):
            out_kg += change.mass_kg
            element_out_kg += element_masses(change.mass_kg, state.drawable or {})["Nd"]
        state = changed
        assert 0 <= state.remaining_kg <= start.remaining_kg
        assert out_kg + state.remaining_kg <= start.remaining_kg
        held_kg = element_masses(state.remaining_kg, state.drawable or {})["Nd"]
        assert element_out_kg + held_kg <= 30
