"""The door: a valid chain is accepted; each bad input has its own code, and after it nothing is stored."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.services.market import ASSAY, BENEFICIATION, CONCENTRATE_ASSAY, Market, day, urn
from traceability.intake.countries import UnknownCountry
from traceability.ledger import closed
from traceability.ledger.errors import RecordError
from traceability.ledger.statement import ProcessStep
from traceability.models import ChainLink, Disclosure, Lot, LotEdge, QueueEntry, Statement, SubjectHead
from traceability.services import acceptance, rows_world


def refused(say: Callable[[], Any]) -> str:
    """The code with which the door refuses, after making sure that nothing was stored."""
    before = [model.objects.count() for model in (Statement, ChainLink, Disclosure, Lot, LotEdge, QueueEntry)]
    heads = set(SubjectHead.objects.values_list("subject", "seq"))
    with pytest.raises(RecordError) as caught:
        say()
    assert caught.value.sentence
    assert [model.objects.count() for model in (Statement, ChainLink, Disclosure, Lot, LotEdge, QueueEntry)] == before
    assert set(SubjectHead.objects.values_list("subject", "seq")) == heads
    return caught.value.code


def test_a_lot_goes_from_source_to_its_receiver(market: Market) -> None:
    ore, part = market.source(), urn()
    market.split(ore, {part: "400"}, drawn="400")
    dispatch = market.send(part, "400")
    market.take(part, dispatch.digest, "399.9")
    assert market.lot(part).holder == market.separator.organisation
    assert str(market.lot(ore).remaining_kg) == "600.000"
    assert str(market.lot(part).remaining_kg) == "400.000"  # the dispatched mass stays the custody mass


def test_a_receipt_names_the_custody_hash_of_each_subject(market: Market) -> None:
    lot = urn()
    receipt = market.say(market.mine, "lot.source", market.source_body(lot))
    link = ChainLink.objects.get(subject=lot[9:])
    assert receipt.custody_hashes == {lot: "sha256:" + bytes(link.custody_hash).hex()}


BAD_SOURCES: dict[str, tuple[dict[str, Any], str]] = {
    "float": ({"mass_kg": 12.5}, "wrong_type"),
    "exponent": ({"mass_kg": "1e3"}, "bad_quantity"),
    "trailing zero": ({"mass_kg": "1000.0"}, "bad_quantity"),
    "negative": ({"mass_kg": "-5"}, "negative_quantity"),
    "nothing": ({"mass_kg": "0"}, "out_of_range"),
    "absurd": ({"mass_kg": "900000000000"}, "out_of_range"),
    "too fine": ({"mass_kg": "0.0001"}, "out_of_range"),
    "moisture": ({"wet_mass_kg": "1100", "moisture_pct": "101"}, "out_of_range"),
    "wet and dry": ({"wet_mass_kg": "1100", "moisture_pct": "50"}, "dry_mass_mismatch"),
    "assay": ({"assay": {"basis": "dry_mass", "rows": [{"species": "Nd2O3", "content_pct": "101"}]}}, "out_of_range"),
    "assay sum": (
        {
            "assay": {
                "basis": "dry_mass",
                "rows": [{"species": "Nd2O3", "content_pct": "60"}, {"species": "CeO2", "content_pct": "60"}],
            }
        },
        "assay_over_100",
    ),
    "unknown field": ({"colour": "red"}, "unknown_field"),
    "missing field": ({"stage": None}, "missing_field"),
    "species": ({"assay": {"basis": "dry_mass", "rows": [{"species": "Xx", "content_pct": "1"}]}}, "unknown_species"),
    "facility of nobody": ({"facility": urn()}, "facility_not_yours"),
    "origin": ({"origin": "moon"}, "out_of_range"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD_SOURCES)
def test_a_bad_source_is_refused(market: Market, case: str) -> None:
    changes, code = BAD_SOURCES[case]
    assert refused(lambda: market.source(**changes)) == code


def test_a_foreign_facility_is_refused(market: Market) -> None:
    lot = urn()
    assert refused(lambda: market.say(market.separator, "lot.source", market.source_body(lot))) == "facility_not_yours"


def test_an_urn_is_used_once(market: Market) -> None:
    lot = market.source()
    assert refused(lambda: market.say(market.mine, "lot.source", market.source_body(lot))) == "lot_exists"


def test_outputs_above_inputs_are_refused_with_element_masses_and_uncertainty(market: Market) -> None:
    ore, made = market.source(), urn()
    too_rich = {"basis": "dry_mass", "rows": [{"species": "Nd2O3", "content_pct": "20"}]}
    body = market.transform_body({ore: "1000"}, made)
    body["outputs"][0]["assay"] = too_rich
    with pytest.raises(RecordError) as caught:
        market.say(market.mine, "lot.transform", body, process=BENEFICIATION)
    assert caught.value.code == "element_created"
    assert "Nd" in caught.value.sentence
    assert "kg" in caught.value.sentence
    assert refused(lambda: market.say(market.mine, "lot.transform", body, process=BENEFICIATION)) == "element_created"


def test_a_lot_is_never_drawn_below_zero(market: Market) -> None:
    ore = market.source()
    body = market.transform_body({ore: "1000.001"}, urn())
    assert refused(lambda: market.say(market.mine, "lot.transform", body, process=BENEFICIATION)) == "overdrawn"


def test_a_lot_that_is_used_up_stays_used_up(market: Market) -> None:
    ore = market.source()
    market.say(market.mine, "lot.transform", market.transform_body({ore: "1000"}, urn()), process=BENEFICIATION)
    again = market.transform_body({ore: "1"}, urn())
    code = refused(lambda: market.say(market.mine, "lot.transform", again, process=BENEFICIATION))
    assert code == "wrong_custody_state"


def test_a_lot_is_not_used_before_it_exists(market: Market) -> None:
    ore = market.source()
    body = market.transform_body({ore: "1000"}, urn())
    early = refused(lambda: market.say(market.mine, "lot.transform", body, process=BENEFICIATION, occurred=day(-5)))
    assert early == "used_before_made"
    unknown = market.transform_body({urn(): "10"}, urn())
    assert refused(lambda: market.say(market.mine, "lot.transform", unknown, process=BENEFICIATION)) == "lot_unknown"


def test_a_lot_in_transit_is_not_drawn(market: Market) -> None:
    ore = market.source()
    market.send(ore)
    body = market.transform_body({ore: "1000"}, urn())
    code = refused(lambda: market.say(market.mine, "lot.transform", body, process=BENEFICIATION))
    assert code == "wrong_custody_state"


def test_nobody_dispatches_what_another_holds(market: Market) -> None:
    ore = market.source()
    body = {"lot": ore, "to": market.mine.organisation.urn, "mass_kg": "1000", "tolerance_pct": "0.05"}
    assert refused(lambda: market.say(market.separator, "lot.dispatch", body)) == "not_holder"


def test_what_was_not_sent_is_not_received(market: Market) -> None:
    ore = market.source()
    digest = "sha256:" + "0" * 64
    assert refused(lambda: market.take(ore, digest)) == "not_receiver"
    market.send(ore)
    assert refused(lambda: market.take(ore, digest)) == "not_that_dispatch"


def test_only_the_named_receiver_receives(market: Market) -> None:
    ore = market.source()
    dispatch = market.send(ore)
    body = {"lot": ore, "dispatch": dispatch.digest, "weighed_mass_kg": "1000", "difference": "within"}
    assert refused(lambda: market.say(market.mine, "lot.receive", body)) == "not_receiver"


def test_a_lot_drawn_in_part_is_not_dispatched(market: Market) -> None:
    ore = market.source()
    market.split(ore, {urn(): "10"}, drawn="10")
    assert refused(lambda: market.send(ore, "990")) == "already_drawn"


def test_the_difference_says_what_the_masses_say(market: Market) -> None:
    ore = market.source()
    dispatch = market.send(ore)
    assert refused(lambda: market.take(ore, dispatch.digest, "999")) == "difference_misstated"
    market.take(ore, dispatch.digest, "999", "beyond")
    assert market.lot(ore).state == "blocked"


def test_a_blocked_lot_is_settled_at_the_lower_mass(market: Market) -> None:
    ore = market.source()
    dispatch = market.send(ore)
    market.take(ore, dispatch.digest, "990", "beyond")
    settle = {"lot": ore, "mass_kg": "1000"}
    assert refused(lambda: market.say(market.separator, "lot.settle", settle)) == "settled_too_high"
    receipt = market.say(market.separator, "lot.settle", {"lot": ore, "mass_kg": "990"})
    assert receipt.findings == ("settled_alone",)
    assert str(market.lot(ore).remaining_kg) == "990.000"


def test_both_sign_a_settlement_above_the_lower_mass(market: Market) -> None:
    ore = market.source()
    dispatch = market.send(ore)
    market.take(ore, dispatch.digest, "990", "beyond")
    both = market.act(
        market.separator, "lot.settle", {"lot": ore, "mass_kg": "995"}, cosigners=(market.mine.organisation.pk,)
    )
    [receipt] = acceptance.accept(actor=market.separator, submissions=[both])
    assert receipt.findings == ()
    assert str(market.lot(ore).remaining_kg) == "995.000"


def test_a_rejected_lot_is_the_senders_again(market: Market) -> None:
    ore = market.source()
    dispatch = market.send(ore)
    market.say(market.separator, "lot.reject", {"lot": ore, "dispatch": dispatch.digest, "reason": "wet"})
    assert (market.lot(ore).holder, market.lot(ore).state) == (market.mine.organisation, "held")


def test_a_cancellation_without_the_receiver_is_a_finding(market: Market) -> None:
    ore = market.source()
    market.send(ore)
    receipt = market.say(market.mine, "lot.dispatch_cancel", {"lot": ore, "reason": "wrong customer"})
    assert receipt.findings == ("cancelled_alone",)


def test_a_lot_on_hold_stays_where_it_is(market: Market) -> None:
    ore = market.source()
    market.say(market.mine, "lot.hold", {"lot": ore, "reason": "second sample"})
    assert refused(lambda: market.send(ore)) == "wrong_custody_state"
    market.say(market.mine, "lot.release", {"lot": ore})
    market.send(ore)


def test_a_split_conserves_mass_exactly(market: Market) -> None:
    ore = market.source()
    assert refused(lambda: market.split(ore, {urn(): "500", urn(): "499.999"}, drawn="1000")) == "mass_not_conserved"


def test_a_split_has_no_inventory(market: Market) -> None:
    ore = market.source()
    body = market.transform_body({ore: "1000"}, urn())
    assert refused(lambda: market.say(market.mine, "lot.transform", body)) == "not_a_split_or_merge"


def test_an_adjustment_never_books_a_gain(market: Market) -> None:
    ore = market.source()
    gain = {"lot": ore, "change_kg": "5", "reason": "stock-take"}
    assert refused(lambda: market.say(market.mine, "lot.adjust", gain)) == "adjust_gains_matter"
    market.say(market.mine, "lot.adjust", {"lot": ore, "change_kg": "-5", "reason": "stock-take"})
    market.say(market.mine, "lot.adjust", gain)
    assert str(market.lot(ore).remaining_kg) == "1000.000"


def test_a_correction_keeps_what_it_does_not_change(market: Market) -> None:
    lot = urn()
    first = market.say(market.mine, "lot.source", market.source_body(lot))
    before = dict(
        Disclosure.objects.filter(statement__digest=bytes.fromhex(first.digest[7:])).values_list("path", "digest")
    )
    second = correct(market, first.digest, market.source_body(lot, mass_kg="990"))
    statement, _ = rows_world.read_statement(Statement.objects.get(digest=bytes.fromhex(second.digest[7:])), {})
    after = closed.closed_digests(statement.content)
    assert after["/body/as/body/assay/rows"] == before["/body/assay/rows"]
    assert after["/body/as/body/mass_kg"] != before["/body/mass_kg"]
    assert str(market.lot(lot).remaining_kg) == "990.000"


def correct(market: Market, digest: str, body: dict[str, Any], newest: str = "", reason: str = "typing error") -> Any:
    claim = {
        "occurred_from": "2026-03-02T08:00:00Z",
        "occurred_to": "2026-03-02T08:00:00Z",
        "utc_offset": "+00:00",
        "body": body,
    }
    said = {"replaces": digest, "newest": newest or digest, "reason": reason, "as": claim}
    return market.say(market.mine, "statement.correct", said)


def test_a_correction_names_the_newest_version(market: Market) -> None:
    lot = urn()
    first = market.say(market.mine, "lot.source", market.source_body(lot))
    second = correct(market, first.digest, market.source_body(lot, mass_kg="990"))
    body = market.source_body(lot, mass_kg="980")
    assert refused(lambda: correct(market, first.digest, body)) == "not_newest_version"
    correct(market, first.digest, body, newest=second.digest)
    assert str(market.lot(lot).remaining_kg) == "980.000"


def test_a_correction_never_changes_the_lot(market: Market) -> None:
    first = market.say(market.mine, "lot.source", market.source_body(urn()))
    assert refused(lambda: correct(market, first.digest, market.source_body(urn()))) == "never_changed"


def test_a_correction_that_makes_the_lot_too_small_is_a_finding_not_a_refusal(market: Market) -> None:
    lot = urn()
    first = market.say(market.mine, "lot.source", market.source_body(lot))
    market.split(lot, {urn(): "900"}, drawn="900")
    receipt = correct(market, first.digest, market.source_body(lot, mass_kg="800"))
    assert receipt.findings == ("built_on_corrected",)


def test_no_correction_raises_what_a_later_holder_has(market: Market) -> None:
    lot = urn()
    first = market.say(market.mine, "lot.source", market.source_body(lot))
    dispatch = market.send(lot)
    market.take(lot, dispatch.digest)
    correct(market, first.digest, market.source_body(lot, mass_kg="2000"))
    assert str(market.lot(lot).remaining_kg) == "1000.000"


def test_a_void_takes_a_quiet_lot_back_for_good(market: Market) -> None:
    ore, made = market.source(), urn()
    receipt = market.say(
        market.mine, "lot.transform", market.transform_body({ore: "1000"}, made), process=BENEFICIATION
    )
    market.say(market.mine, "statement.void", {"voids": receipt.digest, "reason": "never happened"})
    assert (market.lot(made).state, market.lot(ore).state) == ("void", "held")
    assert str(market.lot(ore).remaining_kg) == "1000.000"
    again = {"voids": receipt.digest, "reason": "never happened"}
    assert refused(lambda: market.say(market.mine, "statement.void", again)) == "original_withdrawn"


def test_a_void_stops_where_others_built_on_it(market: Market) -> None:
    ore = market.source()
    first = Statement.objects.get(kind="lot.source")
    market.send(ore)
    void = {"voids": "sha256:" + bytes(first.digest).hex(), "reason": "never happened"}
    assert refused(lambda: market.say(market.mine, "statement.void", void)) == "not_voidable"


def test_a_first_assay_must_agree_with_the_step_that_made_the_lot(market: Market) -> None:
    ore, made = market.source(), urn()
    body = market.transform_body({ore: "1000"}, made)
    del body["outputs"][0]["assay"]
    market.say(market.mine, "lot.transform", body, process=BENEFICIATION)
    rich = {"lot": made, "assay": {"basis": "dry_mass", "rows": [{"species": "Nd2O3", "content_pct": "20"}]}}
    assert refused(lambda: market.say(market.mine, "lot.assay", rich)) == "element_created"
    market.say(market.mine, "lot.assay", {"lot": made, "assay": CONCENTRATE_ASSAY})


def test_an_unassayed_lot_is_not_split_into_rich_parts(market: Market) -> None:
    ore, made, part = market.source(), urn(), urn()
    body = market.transform_body({ore: "1000"}, made)
    del body["outputs"][0]["assay"]
    market.say(market.mine, "lot.transform", body, process=BENEFICIATION)
    market.split(made, {part: "30"}, drawn="30")
    rich = {"lot": part, "assay": CONCENTRATE_ASSAY}
    assert refused(lambda: market.say(market.mine, "lot.assay", rich)) == "assay_before_split"


def test_a_later_assay_never_makes_matter(market: Market) -> None:
    ore = market.source()
    rich = {"lot": ore, "assay": {"basis": "dry_mass", "rows": [{"species": "Nd2O3", "content_pct": "60"}]}}
    market.say(market.mine, "lot.assay", rich)
    body = market.transform_body({ore: "1000"}, urn())
    body["outputs"][0]["assay"] = {"basis": "dry_mass", "rows": [{"species": "Nd2O3", "content_pct": "50"}]}
    assert refused(lambda: market.say(market.mine, "lot.transform", body, process=BENEFICIATION)) == "element_created"


def test_a_country_stands_in_every_process_step(market: Market) -> None:
    ore = market.source()
    body = market.transform_body({ore: "1000"}, urn())
    process = (ProcessStep("beneficiation", "usa"),)
    assert refused(lambda: market.say(market.mine, "lot.transform", body, process=process)) == "out_of_range"


def test_a_batch_is_accepted_whole_or_not_at_all(market: Market) -> None:
    good = [market.act(market.mine, "lot.source", market.source_body(urn())) for _ in range(3)]
    bad = market.act(market.mine, "lot.source", market.source_body(urn(), mass_kg="-1"))
    assert refused(lambda: acceptance.accept(actor=market.mine, submissions=[*good, bad])) == "negative_quantity"
    assert len(acceptance.accept(actor=market.mine, submissions=good)) == 3
    assert Lot.objects.count() == 3


def test_a_batch_may_build_on_itself(market: Market) -> None:
    ore, made = urn(), urn()
    acts = [
        market.act(market.mine, "lot.source", market.source_body(ore)),
        market.act(market.mine, "lot.transform", market.transform_body({ore: "1000"}, made), process=BENEFICIATION),
        market.act(market.mine, "lot.hold", {"lot": made, "reason": "sampling"}),
    ]
    assert len(acceptance.accept(actor=market.mine, submissions=acts)) == 3
    assert (market.lot(ore).state, market.lot(made).state) == ("closed", "on_hold")
    assert ASSAY["basis"] == "dry_mass"


def test_each_step_of_a_process_is_in_a_country(market: Market) -> None:
    body = market.transform_body({market.source(): "1000"}, urn())
    nowhere = tuple(ProcessStep(one.step, "ZZ") for one in BENEFICIATION)
    assert refused(lambda: market.say(market.mine, "lot.transform", body, process=nowhere)) == "unknown_country"
    with pytest.raises(UnknownCountry) as found:
        acceptance.rehearse(actor=market.mine, acts=[market.act(market.mine, "lot.transform", body, process=nowhere)])
    assert found.value.path == "/process/0/country"


def test_an_old_lot_without_a_country_goes_on(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acceptance, "require_countries", lambda statement, world: None)
    old = market.source(country="XX")
    monkeypatch.undo()
    assert market.split(old, {urn(): "400"}, drawn="400").kind == "lot.transform"
