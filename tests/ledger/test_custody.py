"""The custody table of record-format.md section 5, row by row: what is allowed, and that everything else is not."""

from dataclasses import replace
from typing import Any

import pytest

from tests.ledger.statements import LOT, body_of, digest, said, urn
from traceability.ledger.custody import CustodyError, CustodyState, CustodyStep, LotCustody, advance
from traceability.ledger.statement import Chain, Cosigner, ProcessStep, Statement

MAKER, HOLDER, RECEIVER, STRANGER = (urn(name) for name in ("maker", "holder", "receiver", "stranger"))
ACTORS = {"maker": MAKER, "holder": HOLDER, "receiver": RECEIVER, "stranger": STRANGER}
OTHER = urn("other lot")
DISPATCH = digest("dispatch")

HELD = LotCustody(LOT, "concentrate", MAKER, HOLDER, digest("made"), travelled=True, quiet=False)
STATES: dict[str, LotCustody | None] = {
    "none": None,
    "held": HELD,
    "held, drawn": replace(HELD, drawn=True),
    "on hold": replace(HELD, state=CustodyState.ON_HOLD),
    "in transit": replace(
        HELD, state=CustodyState.IN_TRANSIT, sender=HOLDER, receiver=RECEIVER, dispatched_by=DISPATCH
    ),
    "blocked": replace(
        HELD,
        holder=RECEIVER,
        state=CustodyState.BLOCKED,
        sender=HOLDER,
        receiver=RECEIVER,
        dispatched_by=DISPATCH,
    ),
    "closed": replace(HELD, state=CustodyState.CLOSED, closed_by=digest("last draw")),
    "void": replace(HELD, state=CustodyState.VOID, holder=MAKER),
}


def speak(kind: str, issuer: str, body: dict[str, Any] | None = None, **more: Any) -> Statement:
    return said(kind, body, issuer=issuer, **more)


def draw(role: str, issuer: str) -> Statement:
    """A transform with process that draws LOT in this role."""
    body = body_of(
        "lot.transform",
        inputs=[{"lot": LOT, "mass_kg": "1"}],
        outputs=[{"lot": OTHER, "material": "oxide", "stage": "oxide", "class": "product", "mass_kg": "1"}],
    )
    chains = [Chain(LOT, role, 3, digest("before")), Chain(OTHER, "output", 0, None)]
    return speak("lot.transform", issuer, body, chains=chains)


def dispose(role: str, issuer: str) -> Statement:
    return speak("lot.dispose", issuer, chains=[Chain(LOT, role, 3, digest("before"))])


def received(difference: str, issuer: str) -> Statement:
    return speak("lot.receive", issuer, body_of("lot.receive", difference=difference, dispatch=DISPATCH))


DEEDS = {
    "source": lambda issuer: speak("lot.source", issuer),
    "input of a transform": lambda issuer: draw("input", issuer),
    "input_rest of a transform": lambda issuer: draw("input_rest", issuer),
    "input of dispose": lambda issuer: dispose("input", issuer),
    "input_rest of dispose": lambda issuer: dispose("input_rest", issuer),
    "assay": lambda issuer: speak("lot.assay", issuer),
    "adjust": lambda issuer: speak("lot.adjust", issuer),
    "hold": lambda issuer: speak("lot.hold", issuer),
    "release": lambda issuer: speak("lot.release", issuer),
    "result": lambda issuer: speak("lot.result", issuer),
    "dispatch": lambda issuer: speak("lot.dispatch", issuer, body_of("lot.dispatch", to=urn("buyer"))),
    "receive within": lambda issuer: received("within", issuer),
    "receive beyond": lambda issuer: received("beyond", issuer),
    "reject": lambda issuer: speak("lot.reject", issuer, body_of("lot.reject", dispatch=DISPATCH)),
    "dispatch_cancel": lambda issuer: speak("lot.dispatch_cancel", issuer),
    "settle": lambda issuer: speak("lot.settle", issuer),
    "recall": lambda issuer: speak("lot.recall", issuer),
}
BY_HOLDER = ("holder",)
BY_RECEIVER = ("receiver",)
DRAWABLE = ("held", "held, drawn")
BUT_VOID = ("held", "held, drawn", "on hold", "in transit", "blocked", "closed")
TABLE: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    # deed: (states in which it is allowed, by whom); in a blocked state the receiver is the holder
    "source": (("none",), tuple(ACTORS)),
    "input of a transform": (DRAWABLE, BY_HOLDER),
    "input_rest of a transform": (DRAWABLE, BY_HOLDER),
    "input of dispose": (DRAWABLE, BY_HOLDER),
    "input_rest of dispose": (DRAWABLE, BY_HOLDER),
    "assay": ((*DRAWABLE, "on hold", "blocked"), BY_HOLDER),
    "adjust": ((*DRAWABLE, "on hold"), BY_HOLDER),
    "hold": (DRAWABLE, BY_HOLDER),
    "release": (("on hold",), BY_HOLDER),
    "result": (BUT_VOID, ("maker",)),
    "dispatch": (("held",), BY_HOLDER),
    "receive within": (("in transit",), BY_RECEIVER),
    "receive beyond": (("in transit",), BY_RECEIVER),
    "reject": (("in transit",), BY_RECEIVER),
    "dispatch_cancel": (("in transit",), BY_HOLDER),
    "settle": (("blocked",), BY_RECEIVER),
    "recall": (BUT_VOID, ("maker",)),
}


def take(statement: Statement, lot: LotCustody | None, **others: LotCustody) -> CustodyStep:
    lots = {one.urn: one for one in (lot, *others.values()) if one is not None}
    return advance(statement, lots.get, lambda digest: None)


def is_allowed(deed: str, state: str, actor: str) -> bool:
    states, actors = TABLE[deed]
    if state == "blocked" and actors == BY_HOLDER:
        actors = BY_RECEIVER  # he holds it
    return state in states and actor in actors


@pytest.mark.parametrize("actor", ACTORS)
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("deed", DEEDS)
def test_the_table_allows_this_and_nothing_else(deed: str, state: str, actor: str) -> None:
    statement = DEEDS[deed](ACTORS[actor])
    if is_allowed(deed, state, actor):
        assert LOT in take(statement, STATES[state]).lots
        return
    with pytest.raises(CustodyError) as caught:
        take(statement, STATES[state])
    assert caught.value.sentence


AFTER: dict[tuple[str, str], tuple[CustodyState, str]] = {
    ("input of a transform", "held"): (CustodyState.HELD, HOLDER),
    ("input_rest of a transform", "held, drawn"): (CustodyState.CLOSED, HOLDER),
    ("input of dispose", "held"): (CustodyState.HELD, HOLDER),
    ("input_rest of dispose", "held"): (CustodyState.CLOSED, HOLDER),
    ("assay", "on hold"): (CustodyState.ON_HOLD, HOLDER),
    ("assay", "blocked"): (CustodyState.BLOCKED, RECEIVER),
    ("adjust", "on hold"): (CustodyState.ON_HOLD, HOLDER),
    ("hold", "held"): (CustodyState.ON_HOLD, HOLDER),
    ("release", "on hold"): (CustodyState.HELD, HOLDER),
    ("result", "closed"): (CustodyState.CLOSED, HOLDER),
    ("result", "in transit"): (CustodyState.IN_TRANSIT, HOLDER),
    ("dispatch", "held"): (CustodyState.IN_TRANSIT, HOLDER),
    ("receive within", "in transit"): (CustodyState.HELD, RECEIVER),
    ("receive beyond", "in transit"): (CustodyState.BLOCKED, RECEIVER),
    ("reject", "in transit"): (CustodyState.HELD, HOLDER),
    ("dispatch_cancel", "in transit"): (CustodyState.HELD, HOLDER),
    ("settle", "blocked"): (CustodyState.HELD, RECEIVER),
    ("recall", "closed"): (CustodyState.CLOSED, HOLDER),
}


@pytest.mark.parametrize(("deed", "state"), AFTER)
def test_the_state_after(deed: str, state: str) -> None:
    actor = next(name for name in ACTORS if is_allowed(deed, state, name))
    after = take(DEEDS[deed](ACTORS[actor]), STATES[state]).lots[LOT]
    assert (after.state, after.holder) == AFTER[deed, state]


def test_a_new_lot_is_held_by_its_maker() -> None:
    made = take(speak("lot.source", STRANGER), None).lots[LOT]
    assert (made.state, made.holder, made.maker, made.quiet) == (CustodyState.HELD, STRANGER, STRANGER, True)


def test_a_drawn_lot_stays_drawn() -> None:
    after = take(draw("input", HOLDER), HELD).lots[LOT]
    assert after.drawn
    with pytest.raises(CustodyError) as caught:
        take(DEEDS["dispatch"](HOLDER), after)
    assert caught.value.code == "already_drawn"


def test_nobody_dispatches_to_himself() -> None:
    with pytest.raises(CustodyError) as caught:
        take(speak("lot.dispatch", HOLDER, body_of("lot.dispatch", to=HOLDER)), HELD)
    assert caught.value.code == "dispatch_to_self"


@pytest.mark.parametrize("to", ["outside", {"origin": "log.example/other", "organisation": RECEIVER}])
def test_what_goes_elsewhere_is_not_received_here(to: Any) -> None:
    dispatch = speak("lot.dispatch", HOLDER, body_of("lot.dispatch", to=to))
    gone = take(dispatch, HELD).lots[LOT]
    receipt = speak("lot.receive", RECEIVER, body_of("lot.receive", dispatch=dispatch.digest))
    with pytest.raises(CustodyError) as caught:
        take(receipt, gone)
    assert caught.value.code == "not_receiver"
    assert take(DEEDS["dispatch_cancel"](HOLDER), gone).findings == ("cancelled_alone",)


def test_a_cancelled_dispatch_is_not_received() -> None:
    back = take(DEEDS["dispatch_cancel"](HOLDER), STATES["in transit"]).lots[LOT]
    for who, code in ((RECEIVER, "not_receiver"), (HOLDER, "wrong_custody_state")):
        with pytest.raises(CustodyError) as caught:
            take(received("within", who), back)
        assert caught.value.code == code


def test_a_receipt_names_the_dispatch_that_is_on_its_way() -> None:
    older = speak("lot.receive", RECEIVER, body_of("lot.receive", dispatch=digest("an older dispatch")))
    with pytest.raises(CustodyError) as caught:
        take(older, STATES["in transit"])
    assert caught.value.code == "not_that_dispatch"


@pytest.mark.parametrize(
    ("kind", "issuer", "other", "state", "alone"),
    [
        ("lot.settle", RECEIVER, HOLDER, "blocked", "settled_alone"),
        ("lot.dispatch_cancel", HOLDER, RECEIVER, "in transit", "cancelled_alone"),
    ],
)
def test_only_the_other_party_signs_second(kind: str, issuer: str, other: str, state: str, alone: str) -> None:
    assert take(speak(kind, issuer), STATES[state]).findings == (alone,)
    both = speak(kind, issuer, cosigners=[Cosigner(other, digest("key"))])
    assert take(both, STATES[state]).findings == ()
    for wrong in (STRANGER, issuer):
        with pytest.raises(CustodyError) as caught:
            take(speak(kind, issuer, cosigners=[Cosigner(wrong, digest("key"))]), STATES[state])
        assert caught.value.code == "wrong_cosigner"


def test_a_recall_stays_with_the_lot() -> None:
    assert take(speak("lot.recall", MAKER), STATES["in transit"]).lots[LOT].recalled


# Splits and merges: a transform without process.

SECOND = replace(HELD, urn=urn("second"))
PART = {"lot": OTHER, "material": "concentrate", "stage": "concentrate", "class": "product", "mass_kg": "1"}


def division(
    inputs: list[str], outputs: list[dict[str, Any]], process: tuple[ProcessStep, ...] = (), **more: Any
) -> Statement:
    body = {"inputs": [{"lot": lot, "mass_kg": "1"} for lot in inputs], "outputs": outputs, **more}
    return speak("lot.transform", HOLDER, body, process=process)


def test_a_split_and_a_merge_need_no_process() -> None:
    parts = [{**PART, "lot": urn(f"part {n}")} for n in range(3)]
    assert len(take(division([LOT], parts), HELD).lots) == 4
    assert len(take(division([LOT, SECOND.urn], [PART]), HELD, second=SECOND).lots) == 3


NOT_DIVISIONS: dict[str, dict[str, Any]] = {
    "two in, two out": {"inputs": [LOT, SECOND.urn], "outputs": [PART, {**PART, "lot": urn("more")}]},
    "another material": {"inputs": [LOT], "outputs": [{**PART, "material": "oxide"}]},
    "inventory": {"inputs": [LOT], "outputs": [PART], "inventory": body_of("lot.transform")["inventory"]},
    "losses": {"inputs": [LOT], "outputs": [PART], "losses": body_of("lot.transform")["losses"]},
    "work in progress": {"inputs": [LOT], "outputs": [PART], "wip_change": [{"species": "Nd", "mass_kg": "1"}]},
    "an assay": {"inputs": [LOT], "outputs": [{**PART, "assay": body_of("lot.assay")["assay"]}]},
    "a class": {"inputs": [LOT], "outputs": [{**PART, "class": "waste"}]},
}


@pytest.mark.parametrize("case", NOT_DIVISIONS)
def test_everything_else_needs_a_process(case: str) -> None:
    with pytest.raises(CustodyError) as caught:
        take(division(**NOT_DIVISIONS[case]), HELD, second=SECOND)
    assert caught.value.code == "not_a_split_or_merge"
    step = (ProcessStep("roast", "EE"),)
    assert take(division(**NOT_DIVISIONS[case], process=step), HELD, second=SECOND).lots


def test_all_inputs_are_the_issuers() -> None:
    with pytest.raises(CustodyError) as caught:
        take(division([LOT, SECOND.urn], [PART]), HELD, second=replace(SECOND, holder=STRANGER))
    assert caught.value.code == "not_holder"


def test_an_output_is_a_new_lot() -> None:
    with pytest.raises(CustodyError) as caught:
        take(division([LOT], [{**PART, "lot": SECOND.urn}]), HELD, second=SECOND)
    assert caught.value.code == "lot_exists"


# Corrections and voids.


def about(kind: str, original: Statement, issuer: str, body: dict[str, Any]) -> Statement:
    roles = "lot" if original.kind.startswith("lot.") else "subject"
    chains = [Chain(chain.subject, roles, 4, digest("head")) for chain in original.chains]
    return speak(kind, issuer, body, chains=chains)


def void(original: Statement, issuer: str = "") -> Statement:
    body = {"voids": original.digest, "reason": "never happened"}
    return about("statement.void", original, issuer or original.issuer, body)


def correction(original: Statement, claimed: dict[str, Any], issuer: str = "") -> Statement:
    claim = body_of("statement.correct")["as"] | {"body": claimed}
    body = {"replaces": original.digest, "newest": original.digest, "reason": "typing error", "as": claim}
    return about("statement.correct", original, issuer or original.issuer, body)


def again(statement: Statement, original: Statement, *lots: LotCustody) -> CustodyStep:
    known = {lot.urn: lot for lot in lots}
    return advance(statement, known.get, {original.digest: original}.get)


MADE = LotCustody(LOT, "concentrate", MAKER, MAKER, "")


@pytest.mark.parametrize(
    ("state", "refused"),
    [
        (MADE, False),
        (replace(MADE, state=CustodyState.ON_HOLD), False),
        (replace(MADE, quiet=False), True),
        (replace(MADE, state=CustodyState.VOID), True),
    ],
)
def test_a_source_is_void_while_nobody_built_on_it(state: LotCustody, refused: bool) -> None:
    source = speak("lot.source", MAKER)
    if not refused:
        assert again(void(source), source, state).lots[LOT].state is CustodyState.VOID
        return
    with pytest.raises(CustodyError):
        again(void(source), source, state)


@pytest.mark.parametrize("deed", ["assay", "adjust", "hold", "result"])
def test_words_of_the_maker_do_not_stand_in_the_way_of_a_void(deed: str) -> None:
    assert take(DEEDS[deed](MAKER), MADE).lots[LOT].quiet


@pytest.mark.parametrize("deed", ["input of a transform", "input_rest of dispose", "dispatch", "recall"])
def test_what_others_may_have_built_on_stands_in_the_way(deed: str) -> None:
    assert not take(DEEDS[deed](MAKER), MADE).lots[LOT].quiet


def test_the_void_of_a_transform_opens_the_input_that_it_closed_and_no_other() -> None:
    step = draw("input_rest", MAKER)
    output = replace(MADE, urn=OTHER)
    closed_by_it = replace(MADE, state=CustodyState.CLOSED, closed_by=step.digest)
    closed_later = replace(closed_by_it, closed_by=digest("a later draw"))
    assert again(void(step), step, output, closed_by_it).lots[LOT].state is CustodyState.HELD
    assert LOT not in again(void(step), step, output, closed_later).lots


def test_the_void_of_a_word_leaves_custody_alone() -> None:
    assay = speak("lot.assay", MAKER)
    assert again(void(assay), assay, MADE).lots == {}


@pytest.mark.parametrize("kind", ["statement.void", "statement.correct"])
def test_only_its_issuer_takes_a_statement_back(kind: str) -> None:
    source = speak("lot.source", MAKER)
    statement = void(source, HOLDER) if kind == "statement.void" else correction(source, body_of("lot.source"), HOLDER)
    with pytest.raises(CustodyError) as caught:
        again(statement, source, MADE)
    assert caught.value.code == "not_issuer_of_original"


def test_a_correction_stands_on_every_chain_of_the_original() -> None:
    step = draw("input", MAKER)
    short = speak("statement.void", MAKER, {"voids": step.digest, "reason": "x"})
    with pytest.raises(CustodyError) as caught:
        again(short, step, MADE, replace(MADE, urn=OTHER))
    assert caught.value.code == "not_correctable"


def test_a_correction_of_a_correction_is_refused() -> None:
    first = correction(speak("lot.source", MAKER), body_of("lot.source"))
    with pytest.raises(CustodyError) as caught:
        again(correction(first, body_of("lot.source")), first, MADE)
    assert caught.value.code == "not_correctable"


def test_a_void_lot_is_not_corrected() -> None:
    source = speak("lot.source", MAKER)
    with pytest.raises(CustodyError) as caught:
        again(correction(source, body_of("lot.source")), source, replace(MADE, state=CustodyState.VOID))
    assert caught.value.code == "lot_void"


def test_a_correction_may_call_the_material_by_another_name() -> None:
    source = speak("lot.source", MAKER)
    after = again(correction(source, body_of("lot.source", material="mixed concentrate")), source, HELD)
    assert after.lots[LOT] == replace(HELD, material="mixed concentrate")


@pytest.mark.parametrize("change", [{"material": "oxide"}, {"class": "waste"}])
def test_the_correction_of_a_split_is_a_split(change: dict[str, str]) -> None:
    split = division([LOT], [PART])
    lots = (HELD, replace(HELD, urn=OTHER))
    claimed = {**split.body, "outputs": [{**PART, **change}]}
    with pytest.raises(CustodyError) as caught:
        again(correction(split, claimed), split, *lots)
    assert caught.value.code == "not_a_split_or_merge"
    assert again(correction(split, dict(split.body)), split, *lots).lots
