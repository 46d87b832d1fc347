"""Corrections and withdrawals: what may be said again, what becomes of what rests on it (section 5, Corrections)."""

from typing import Any

import pytest

from tests.acceptance.town import MINE, OPERATOR, WORKS, Town, assay, codes, concentrate, part
from tests.ledger.statements import body_of, digest, urn
from traceability.ledger.custody import CustodyState
from traceability.ledger.errors import RecordError
from traceability.ledger.kinds import KINDS
from traceability.ledger.statement import Statement


@pytest.fixture
def town() -> Town:
    return Town()


def refused(code: str) -> Any:
    return pytest.raises(RecordError, check=lambda error: error.code == code and bool(error.sentence))


# Which statements, which versions.

CORRECTABLE = {
    "organisation.register", "organisation.attest", "facility.register", "facility.certificate", "lot.source",
    "lot.import", "lot.transform", "lot.assay", "lot.result", "lot.receive", "lot.adjust", "lot.dispose", "lot.hold",
    "statement.attest", "factors.publish", "account.open", "account.credit", "account.claim", "account.expire",
}  # fmt: skip
VOIDABLE = {
    "organisation.attest", "statement.attest", "factors.publish", "facility.register", "facility.certificate",
    "lot.source", "lot.import", "lot.transform", "lot.assay", "lot.result",
}  # fmt: skip


def test_the_kinds_that_are_corrected_and_withdrawn_are_those_of_section_5() -> None:
    assert {name for name, kind in KINDS.items() if kind.correctable} == CORRECTABLE
    assert {name for name, kind in KINDS.items() if kind.voidable} == VOIDABLE


def test_other_kinds_have_kinds_of_their_own(town: Town) -> None:
    town.source("ore")
    dispatch = town.send("ore", "1000")
    with refused("kind_not_correctable"):
        town.correct(dispatch, mass_kg="900")
    with refused("kind_not_voidable"):
        town.void(dispatch)


def test_a_correction_names_the_newest_version(town: Town) -> None:
    ore = town.source("ore")
    first = town.correction(ore, mass_kg="990")
    town.take(first)
    with refused("not_newest_version"):
        town.take(town.correction(ore, mass_kg="980", newest=ore.digest))
    town.take(town.correction(ore, mass_kg="980", newest=first.digest))
    assert town.remaining("ore") == "980"


def test_a_correction_replaces_an_original_of_this_log(town: Town) -> None:
    ore = town.source("ore")
    correction = town.correction(ore, mass_kg="990")
    town.take(correction)
    wrong = {**correction.body, "replaces": digest("nothing"), "newest": digest("nothing")}
    with refused("missing_reference"):
        town.take(town.build(MINE, "statement.correct", wrong, chains=[town.chain(urn("ore"), "lot")]))
    of_correction = {**correction.body, "replaces": correction.digest, "newest": correction.digest}
    with refused("missing_reference"):
        town.take(town.build(MINE, "statement.correct", of_correction, chains=[town.chain(urn("ore"), "lot")]))


def test_what_was_withdrawn_is_neither_corrected_nor_withdrawn_again(town: Town) -> None:
    town.source("ore")
    hold = town.say(MINE, "lot.assay", {"lot": urn("ore"), "assay": assay("0.6")})
    town.void(hold)
    with refused("original_withdrawn"):
        town.void(hold)
    with refused("original_withdrawn"):
        town.correct(hold, assay=assay("0.5"))


# What never changes.


def receipt(town: Town) -> Statement:
    town.source("ore")
    return town.receive("ore", town.send("ore", "1000"), "1000")


def split(town: Town) -> Statement:
    town.source("ore")
    return town.split("ore", "500", {"a": "250", "b": "250"})


def step(town: Town) -> Statement:
    town.source("ore")
    return town.transform({"ore": "900"}, [concentrate("c", "59")])


def published(town: Town) -> Statement:
    return town.say(OPERATOR, "factors.publish", body_of("factors.publish"))


def registered(town: Town) -> Statement:
    return next(one.original for one in town.world.versions.values() if one.original.issuer == WORKS)


FIXED: dict[str, tuple[Any, dict[str, Any]]] = {
    "the lot of a source": (lambda town: town.source("ore"), {"lot": urn("other")}),
    "the inputs of a step": (step, {"inputs": [{"lot": urn("other"), "mass_kg": "900"}]}),
    "the outputs of a step": (step, {"outputs": [concentrate("other", "59")]}),
    "the difference of a receipt": (receipt, {"difference": "beyond", "weighed_mass_kg": "900"}),
    "the dispatch of a receipt": (receipt, {"dispatch": digest("another")}),
    "the key of an organisation": (registered, {"public_key": "A" * 43}),
    "the roles of an organisation": (registered, {"roles": ["auditor"]}),
    "the country of an organisation": (registered, {"country": "AQ"}),
    "the root of a factor set": (published, {"root": digest("other factors")}),
    "the factor set": (published, {"subject": urn("another set")}),
}


@pytest.mark.parametrize("case", FIXED)
def test_this_never_changes(town: Town, case: str) -> None:
    say, changes = FIXED[case]
    original = say(town)
    with refused("never_changed"):
        town.correct(original, **changes)


def test_names_may_change(town: Town) -> None:
    assert town.correct(registered(town), name="Works Ltd").heads
    assert town.correct(published(town), name="Factors of the operator").heads


def test_a_correction_is_of_the_shape_of_its_kind(town: Town) -> None:
    ore = town.source("ore")
    with refused("unknown_field"):
        town.correct(ore, colour="red")
    with refused("missing_field"):
        town.correct(ore, stage=None)
    with refused("input_is_output"):
        made = town.transform({"ore": "900"}, [concentrate("c", "59")])
        row = {**concentrate("c", "59"), "lot": urn("ore")}
        town.correct(made, outputs=[row])


@pytest.mark.parametrize(
    "claim",
    [
        {"occurred_from": "2026-12-31T00:00:00Z"},
        {"occurred_from": "2099-01-01T00:00:00Z", "occurred_to": "2099-01-01T00:00:00Z"},
    ],
)
def test_the_times_of_a_correction_are_in_order(town: Town, claim: dict[str, str]) -> None:
    ore = town.source("ore")
    with refused("time_order"):
        town.take(town.correction(ore, claim=claim))


def test_a_split_stays_a_split_and_a_step_a_step(town: Town) -> None:
    parted = split(town)
    with refused("never_changed"):
        town.take(town.correction(parted, claim={"process": [{"step": "roast", "country": "US"}]}))
    town.source("ore 2")
    made = town.transform({"ore 2": "900"}, [concentrate("c", "59")])
    with refused("never_changed"):
        town.take(town.correction(made, claim={"process": None}))
    with refused("never_changed"):
        ore = town.source("ore 3")
        town.take(town.correction(ore, claim={"process": [{"step": "roast", "country": "US"}]}))


# The corrected data must hold themselves.


def test_a_corrected_split_conserves_mass(town: Town) -> None:
    parted = split(town)
    with refused("mass_not_conserved"):
        town.correct(parted, outputs=[part("a", "250"), part("b", "251")])
    town.correct(parted, inputs=[{"lot": urn("ore"), "mass_kg": "501"}], outputs=[part("a", "250"), part("b", "251")])
    assert (town.remaining("ore"), town.remaining("b")) == ("499", "251")


def test_a_corrected_step_makes_no_matter(town: Town) -> None:
    made = step(town)
    with refused("element_created"):
        town.correct(made, outputs=[concentrate("c", "80")])
    with refused("element_created"):
        town.correct(made, inputs=[{"lot": urn("ore"), "mass_kg": "500"}])
    town.correct(made, outputs=[concentrate("c", "50")])
    assert town.remaining("c") == "50"


def test_a_corrected_draw_is_there_to_be_drawn(town: Town) -> None:
    made = step(town)
    with refused("overdrawn"):
        town.correct(made, inputs=[{"lot": urn("ore"), "mass_kg": "1001"}])


def test_a_corrected_rest_is_still_the_rest(town: Town) -> None:
    town.source("ore")
    gone = town.say(MINE, "lot.dispose", {"lot": urn("ore"), "mass_kg": "1000", "route": "landfill"}, rest=[urn("ore")])
    with refused("not_all_that_remains"):
        town.correct(gone, mass_kg="999")
    assert town.correct(gone, route="sale").heads


def test_a_corrected_weighing_still_says_what_the_masses_say(town: Town) -> None:
    received = receipt(town)
    with refused("difference_misstated"):
        town.correct(received, weighed_mass_kg="900")
    town.correct(received, weighed_mass_kg="999.8")


def test_a_corrected_adjustment_gains_nothing(town: Town) -> None:
    town.source("ore")
    less = town.say(MINE, "lot.adjust", {"lot": urn("ore"), "change_kg": "-10", "reason": "stock-take"})
    with refused("adjust_gains_matter"):
        town.correct(less, change_kg="10")
    town.correct(less, change_kg="-20")
    assert town.remaining("ore") == "980"


def test_a_corrected_draw_is_not_before_its_lot_was_made(town: Town) -> None:
    town.source("ore")
    made = town.transform({"ore": "900"}, [concentrate("c", "59")])
    early = {"occurred_from": "2026-01-01T00:00:00Z", "occurred_to": "2026-01-01T00:00:00Z"}
    with refused("used_before_made"):
        town.take(town.correction(made, claim=early))


# What was drawn and given once, stays so: its lots may be sold meanwhile.


def test_what_was_drawn_does_not_come_back_by_a_correction(town: Town) -> None:
    parted = split(town)
    less = [{"lot": urn("ore"), "mass_kg": "1"}]
    with refused("draw_lowered"):
        town.correct(parted, inputs=less, outputs=[part("a", "0.5"), part("b", "0.5")])
    town.source("ore 2")
    made = town.transform({"ore 2": "900"}, [concentrate("c", "59")])
    with refused("draw_lowered"):
        town.correct(made, inputs=[{"lot": urn("ore 2"), "mass_kg": "9"}], outputs=[concentrate("c", "0.5")])


def test_what_one_part_got_is_not_given_to_another(town: Town) -> None:
    parted = split(town)
    with refused("given_twice"):
        town.correct(parted, outputs=[part("a", "100"), part("b", "400")])
    more = [{"lot": urn("ore"), "mass_kg": "650"}]
    town.correct(parted, inputs=more, outputs=[part("a", "250"), part("b", "400")])


def test_nor_in_two_corrections(town: Town) -> None:
    town.source("ore")
    made = town.transform({"ore": "900"}, [concentrate("c", "29"), concentrate("d", "29")])
    town.correct(made, outputs=[concentrate("c", "1"), concentrate("d", "29")])  # less than was thought
    with refused("given_twice"):
        town.correct(made, outputs=[concentrate("c", "1"), concentrate("d", "57")])
    town.correct(made, outputs=[concentrate("c", "29"), concentrate("d", "29")])


def test_nor_by_contents(town: Town) -> None:
    town.source("ore")
    made = town.transform({"ore": "900"}, [concentrate("c", "29"), concentrate("d", "29")])
    with refused("given_twice"):
        town.correct(made, outputs=[concentrate("c", "29", "1"), concentrate("d", "29", "19")])


# What rests on them.


def test_what_the_corrected_data_would_have_refused_is_a_finding(town: Town) -> None:
    ore = town.source("ore")
    town.split("ore", "900", {"a": "900"})
    decision = town.correct(ore, mass_kg="800")
    assert codes(decision) == ["built_on_corrected"]
    assert not any(character.isdigit() for character in decision.findings[0].sentence)  # others read it, too


def test_a_source_that_is_dated_after_its_draws_is_a_finding(town: Town) -> None:
    ore = town.source("ore")
    town.split("ore", "900", {"a": "900"})
    later = {"occurred_from": "2026-11-10T00:00:00Z", "occurred_to": "2026-11-10T00:00:00Z"}
    town.source("time passes")
    assert codes(town.take(town.correction(ore, claim=later))) == ["built_on_corrected"]
    with refused("used_before_made"):
        town.say(MINE, "lot.dispose", {"lot": urn("ore"), "mass_kg": "1", "route": "x"}, at=ore.occurred_to)


def test_a_source_that_is_dated_after_its_dispatch_is_a_finding(town: Town) -> None:
    ore = town.source("ore")
    town.receive("ore", town.send("ore", "1000"), "1000")
    later = {"occurred_from": "2026-11-10T00:00:00Z", "occurred_to": "2026-11-10T00:00:00Z"}
    assert codes(town.take(town.correction(ore, claim=later))) == ["built_on_corrected"]


def test_a_receipt_is_not_corrected_to_a_time_before_its_dispatch_in_silence(town: Town) -> None:
    ore = town.source("ore")
    received = town.receive("ore", town.send("ore", "1000"), "1000")
    early = {name: ore.content[name] for name in ("occurred_from", "occurred_to")}
    assert codes(town.take(town.correction(received, claim=early))) == ["back_dated"]
    assert codes(town.correct(received, weighed_mass_kg="999.8")) == []


def test_no_correction_raises_the_mass_of_a_later_holder(town: Town) -> None:
    ore = town.source("ore")
    town.receive("ore", town.send("ore", "1000"), "1000")
    assert codes(town.correct(ore, mass_kg="2000")) == ["built_on_corrected"]
    assert town.remaining("ore") == "1000"
    with refused("overdrawn"):
        town.split("ore", "1001", {"a": "1001"}, issuer=WORKS)


def test_a_step_that_would_now_be_refused_is_a_finding(town: Town) -> None:
    ore = town.source("ore")
    town.transform({"ore": "900"}, [concentrate("c", "59")])
    assert codes(town.correct(ore, assay=assay("0.3"))) == ["built_on_corrected"]
    assert town.content("c") == "10"  # the step stated its own assay


def test_parts_follow_the_assay_of_what_they_came_from(town: Town) -> None:
    ore = town.source("ore")
    town.split("ore", "600", {"a": "300", "b": "300"})
    town.split("a", "100", {"a 1": "100"})
    town.source("rich", "100", assay=assay("1.32"))
    town.transform({"a 1": "100", "rich": "100"}, [part("m", "200")], process=(), rest=["a 1", "rich"])
    before = town.content("m")
    town.correct(ore, assay=assay("0.5"))
    assert [town.content(name) for name in ("ore", "a", "b", "a 1")] == ["0.5"] * 4
    assert float(town.content("m") or 0) < float(before or 0)
    assert town.remaining("a") == "200"


def test_parts_get_the_assay_that_a_correction_brings(town: Town) -> None:
    """Else a lot that was split before it was assayed could never be assayed."""
    town.source("ore")
    made = town.transform({"ore": "900"}, [concentrate("c", "59", None)])
    town.transform({"c": "30"}, [concentrate("p", "30", None)], process=())
    assert town.content("p") is None
    town.correct(made, outputs=[concentrate("c", "59")])
    assert town.content("p") == "10"


def test_a_step_with_a_part_of_a_corrected_lot_is_weighed_again(town: Town) -> None:
    ore = town.source("ore")
    town.split("ore", "950", {"a": "950"})
    town.transform({"a": "900"}, [concentrate("c", "59")])
    assert codes(town.correct(ore, assay=assay("0.3"))) == ["built_on_corrected"]


def test_a_corrected_assay_changes_only_what_was_drawn_after_it(town: Town) -> None:
    town.source("ore")
    town.split("ore", "100", {"before": "100"})
    later = town.say(MINE, "lot.assay", {"lot": urn("ore"), "assay": assay("0.6")})
    town.split("ore", "100", {"after": "100"})
    town.correct(later, assay=assay("0.5"))
    assert [town.content(name) for name in ("before", "after", "ore")] == ["0.66", "0.5", "0.5"]
    town.void(later)
    assert [town.content(name) for name in ("before", "after", "ore")] == ["0.66", "0.66", "0.66"]


def test_a_first_assay_is_not_corrected_into_matter(town: Town) -> None:
    town.source("ore")
    made = town.transform({"ore": "900"}, [concentrate("c", "59", None)])
    first = town.say(MINE, "lot.assay", {"lot": urn("c"), "assay": assay("10")})
    town.say(MINE, "lot.assay", {"lot": urn("c"), "assay": assay("60")})
    with refused("element_created"):
        town.correct(first, assay=assay("50"))
    with refused("element_created"):
        town.void(first)  # the second one would become the first
    town.correct(made, outputs=[concentrate("c", "59")])
    assert town.content("c") == "10"
    town.void(first)
    with refused("element_created"):  # nor by leaving out the one that the lot was made with
        town.correct(made, outputs=[concentrate("c", "59", None)])


def test_an_assay_is_not_taken_away_from_who_drew_with_it(town: Town) -> None:
    town.source("ore")
    town.transform({"ore": "900"}, [concentrate("c", "59", None)])
    first = town.say(MINE, "lot.assay", {"lot": urn("c"), "assay": assay("10")})
    town.transform({"c": "30"}, [concentrate("p", "30", None)], process=())
    with refused("assay_in_use"):
        town.void(first)
    town.correct(first, assay=assay("9"))
    assert town.content("p") == "9"


def test_a_corrected_source_may_be_called_otherwise(town: Town) -> None:
    ore = town.source("ore", material="oer")
    town.correct(ore, material="ore")
    town.split("ore", "100", {"a": "100"})
    assert town.lot("ore").custody.material == "ore"
    town.correct(ore, stage="concentrate")
    assert town.lot("ore").stage == "concentrate"


# Withdrawals.


def test_a_withdrawn_step_gives_back_what_it_drew(town: Town) -> None:
    town.source("ore")
    made = town.transform({"ore": "900"}, [concentrate("c", "59")])
    town.void(made)
    assert town.remaining("ore") == "1000"
    assert town.lot("c").custody.state is CustodyState.VOID
    with refused("lot_void"):
        town.say(MINE, "lot.hold", {"lot": urn("c"), "reason": "x"})
    with refused("lot_exists"):
        town.transform({"ore": "900"}, [concentrate("c", "59")])


def test_a_withdrawn_step_opens_the_lot_that_it_closed(town: Town) -> None:
    town.source("ore")
    made = town.transform({"ore": "1000"}, [concentrate("c", "59")], rest=["ore"])
    assert town.lot("ore").custody.state is CustodyState.CLOSED
    town.void(made)
    assert town.lot("ore").custody.state is CustodyState.HELD
    town.send("ore", "1000")


def test_what_another_step_closed_stays_closed(town: Town) -> None:
    town.source("ore")
    first = town.split("ore", "400", {"a": "400"})
    town.split("ore", "600", {"b": "600"}, rest=["ore"])
    assert codes(town.void(first)) == ["built_on_corrected"]
    assert town.lot("ore").custody.state is CustodyState.CLOSED


def test_a_split_is_withdrawn_while_its_parts_are_untouched(town: Town) -> None:
    parted = split(town)
    town.say(MINE, "lot.assay", {"lot": urn("a"), "assay": assay("0.6")})
    town.say(MINE, "lot.hold", {"lot": urn("b"), "reason": "sample"})
    town.void(parted)
    assert town.remaining("ore") == "1000"
    again = town.split("ore", "500", {"c": "500"})
    town.send("c", "500")
    with refused("not_voidable"):
        town.void(again)


def test_a_lot_that_was_drawn_once_is_never_dispatched(town: Town) -> None:
    """Also after the draw was withdrawn: its chain shows a draw that a reader of the next link cannot judge."""
    parted = split(town)
    town.void(parted)
    with refused("already_drawn"):
        town.send("ore", "1000")
