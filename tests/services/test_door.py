"""The door beyond single rules: what was seen, batches that build on themselves, corrections, who sees what."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from epd.factors import shipped_factors
from epd.lca.assembly import assemble
from epd.services import factors, results
from tests.services.market import ASSAY, BENEFICIATION, CONCENTRATE_ASSAY, NOTHING_USED, Market, day, urn
from traceability.ledger import envelope, merkle
from traceability.ledger.errors import RecordError
from traceability.ledger.statement import Seen
from traceability.models import (
    Disclosure,
    Facility,
    Finding,
    KeyEntry,
    Lot,
    LotAccess,
    LotEdge,
    Organisation,
    Statement,
    SubjectHead,
)
from traceability.services import acceptance, clock, organisations, rows_world, sealing
from traceability.services.acceptance import newest_checkpoint
from traceability.services.needs import needs_of
from traceability.services.submissions import Act, Receipt, SignedSubmission


def code_of(say: Callable[[], Any]) -> str:
    """The code with which the door refuses, after making sure that nothing was stored."""
    before = Statement.objects.count()
    with pytest.raises(RecordError) as caught:
        say()
    assert caught.value.sentence
    assert Statement.objects.count() == before
    return caught.value.code


def statement_row(receipt: Receipt) -> Statement:
    return Statement.objects.get(digest=bytes.fromhex(receipt.digest[7:]))


def correction_body(receipt: Receipt, body: dict[str, Any], **claim: Any) -> dict[str, Any]:
    times = {"occurred_from": "2026-03-02T08:00:00Z", "occurred_to": "2026-03-02T08:00:00Z", "utc_offset": "+00:00"}
    return {
        "replaces": receipt.digest,
        "newest": receipt.digest,
        "reason": "typing error",
        "as": {**times, "body": body, **claim},
    }


# What was seen.


def offered(market: Market, seen: Seen | None = None) -> Receipt:
    """The receipt of an envelope that a client signed, having seen this checkpoint."""
    act = market.act(market.mine, "lot.source", market.source_body(urn()))
    world = rows_world.load(needs_of([act], [None]))
    sealed = sealing.seal(act, world, seen=seen or newest_checkpoint(world.origin, None), now=day(90)[0])
    texts = tuple(one.text for one in sealed.disclosures.values())
    return acceptance.accept(actor=market.mine, submissions=[SignedSubmission(sealed.written, texts)])[0]


def test_only_a_published_checkpoint_was_seen(market: Market, settings: Any) -> None:
    origin = settings.LODESTONE_LOG_ORIGIN
    empty = "sha256:" + merkle.EMPTY_ROOT.hex()
    assert offered(market, Seen(origin, 0, empty))
    for never in (
        Seen(origin, 0, "sha256:" + "1" * 64),
        Seen(origin, 1, empty),
        Seen(origin, 10**6, "sha256:" + "2" * 64),
    ):
        assert code_of(partial(offered, market, never)) == "seen_unknown"


def test_a_signature_of_tomorrow_is_a_finding(market: Market) -> None:
    late = market.act(market.mine, "lot.source", market.source_body(urn()), occurred=(clock.now(), clock.now()))
    ahead = late.occurred[1] + timedelta(hours=1)
    tomorrow = replace(late, occurred=(ahead, ahead))
    [rehearsal] = acceptance.rehearse(actor=market.mine, acts=[tomorrow])
    [decision] = acceptance.rehearse_all(actor=market.mine, acts=[tomorrow], carried={})
    assert not isinstance(decision, RecordError)
    [receipt] = acceptance.accept(actor=market.mine, submissions=[tomorrow])
    assert receipt.findings == ("claimed_time_after_log",)
    shown_before = [[one.code for one in found] for found in (rehearsal.decision.findings, decision.findings)]
    assert shown_before == [["claimed_time_after_log"]] * 2
    [receipt] = acceptance.accept(actor=market.mine, submissions=[replace(late, body=market.source_body(urn()))])
    assert receipt.findings == ()


# Batches.


def test_a_batch_names_a_facility_that_it_registers(market: Market) -> None:
    facility = urn()
    acts = [
        market.act(market.mine, "facility.register", {"facility": facility, "country": "US", "name": "Works 2"}),
        market.act(market.mine, "lot.source", market.source_body(urn(), facility=facility)),
    ]
    assert len(acceptance.accept(actor=market.mine, submissions=acts)) == 2


def test_a_batch_corrects_what_it_says(market: Market) -> None:
    lot = urn()
    with CaptureQueriesContext(connection):
        first = market.act(market.mine, "lot.source", market.source_body(lot))
        [receipt] = acceptance.accept(actor=market.mine, submissions=[first])
    body = market.source_body(lot, mass_kg="990")
    once = market.act(market.mine, "statement.correct", correction_body(receipt, body))
    hold = market.act(market.mine, "lot.hold", {"lot": lot, "reason": "sample"})
    acceptance.accept(actor=market.mine, submissions=[once, hold])
    assert (str(market.lot(lot).remaining_kg), market.lot(lot).state) == ("990.000", "on_hold")


def test_keys_of_a_batch_come_in_by_their_own_statements(market: Market) -> None:
    first = organisations.rotate_key(actor=market.mine)
    second = organisations.rotate_key(actor=market.mine)
    by_statement = {row.since_id: row for row in KeyEntry.objects.filter(organisation=market.mine.organisation)}
    assert by_statement[statement_row(first).pk].ended_id == statement_row(second).pk
    assert by_statement[statement_row(second).pk].ended_id is None


def test_an_id_names_one_statement_of_a_batch(market: Market) -> None:
    act = market.act(market.mine, "lot.source", market.source_body(urn()), id=sealing.new_id(day(1)[0]))
    twice = [act, replace(act, body=market.source_body(urn()))]
    assert code_of(lambda: acceptance.accept(actor=market.mine, submissions=twice)) == "id_taken"


@pytest.mark.parametrize(
    "act",
    [
        ("lot.source", {"material": "ore"}),
        ("lot.transform", {"inputs": [{"mass_kg": "1"}], "outputs": "none"}),
        ("lot.transform", {"inputs": [{"lot": "urn:x", "mass_kg": "abc"}], "outputs": [{"lot": 7}]}),
        ("lot.dispose", {"lot": "nothing", "mass_kg": 7}),
        ("statement.correct", {"replaces": "nothing"}),
        ("statement.void", {}),
        ("declaration.supersede", {"declaration": "x"}),
    ],
)
def test_an_act_without_form_is_refused_with_a_sentence(market: Market, act: tuple[str, dict[str, Any]]) -> None:
    assert code_of(lambda: market.say(market.mine, act[0], act[1]))


# Corrections.


def test_a_correction_may_correct_a_step_and_its_rows_follow(market: Market) -> None:
    ore, made = market.source(), urn()
    body = market.transform_body({ore: "900"}, made)
    receipt = market.say(market.mine, "lot.transform", body, process=BENEFICIATION)
    body["inputs"][0]["mass_kg"] = "950"
    body["outputs"][0] |= {"lot_number": "C-7", "material": "mixed concentrate"}
    said = correction_body(receipt, body, process=[{"step": "beneficiation", "country": "CA"}],
                           occurred_from="2026-04-01T08:00:00Z", occurred_to="2026-04-01T08:00:00Z")  # fmt: skip
    market.say(market.mine, "statement.correct", said)
    row = market.lot(made)
    assert (row.number, row.material, row.country) == ("C-7", "mixed concentrate", "CA")
    assert row.made_at.isoformat() == "2026-04-01T08:00:00+00:00"
    assert str(LotEdge.objects.get(child=row).mass_kg) == "950.000"
    assert str(market.lot(ore).remaining_kg) == "50.000"


def test_the_newest_statement_of_a_lot_is_the_head_of_its_chain(market: Market) -> None:
    lot, part = urn(), urn()
    source = market.say(market.mine, "lot.source", market.source_body(lot))
    market.split(lot, {part: "400"}, drawn="400")
    hold = market.say(market.mine, "lot.hold", {"lot": part, "reason": "sample"})
    market.say(market.mine, "statement.correct", correction_body(source, market.source_body(lot, mass_kg="990")))
    market.say(market.mine, "statement.correct", correction_body(hold, {"lot": part, "reason": "second sample"}))
    for row in Lot.objects.all():
        assert row.newest_id == SubjectHead.objects.get(pk=row.pk).statement_id


def test_parts_follow_a_corrected_assay_in_their_rows(market: Market) -> None:
    lot, part = urn(), urn()
    receipt = market.say(market.mine, "lot.source", market.source_body(lot))
    market.split(lot, {part: "400"}, drawn="400")
    leaner = {"basis": "dry_mass", "rows": [{"species": "Nd2O3", "content_pct": "0.5"}]}
    market.say(market.mine, "statement.correct", correction_body(receipt, market.source_body(lot, assay=leaner)))
    record = rows_world.reader().lot(part)
    assert record
    assert record.stock
    assert record.stock.drawable
    assert str(record.stock.drawable["Nd"].written_pct) == "0.5"


def test_what_was_opened_of_a_row_stays_open_in_that_row_alone(market: Market) -> None:
    power = {"flow": "electricity", "role": "electricity", "amount": "100", "unit": "kWh", "basis": "metered"}
    diesel = {"flow": "diesel", "role": "fuel", "amount": "100", "unit": "kg", "basis": "metered"}
    lot, amount = urn(), "/body/inventory/0/amount"
    first = market.source_body(lot, inventory=[power])
    receipt = market.say(market.mine, "lot.source", first, opened=frozenset({amount}))
    for rows, open_amounts in (([power, diesel], ["100", None]), ([diesel, power], [None, None])):
        body = market.source_body(lot, inventory=rows)
        act = market.act(market.mine, "statement.correct", correction_body(receipt, body))
        signed = acceptance.rehearse(actor=market.mine, acts=[act])[0].statement.body["as"]
        assert isinstance(signed, dict)
        assert [row.get("amount") for row in signed["body"]["inventory"]] == open_amounts


def test_the_values_of_a_correction_are_closed_like_those_of_the_original(market: Market) -> None:
    lot = urn()
    receipt = market.say(market.mine, "lot.source", market.source_body(lot))
    document = {"name": "r.pdf", "media_type": "application/pdf", "bytes": 9, "sha256": "sha256:" + "0" * 64}
    said = correction_body(receipt, market.source_body(lot, mass_kg="990"), evidence=[document])
    corrected = statement_row(market.say(market.mine, "statement.correct", said))
    payload = envelope.parse_envelope(bytes(corrected.envelope)).payload
    assert b'"990"' not in payload
    assert b"r.pdf" not in payload
    places = dict(Disclosure.objects.filter(statement=corrected).values_list("path", "group"))
    assert places == {"/body/as/body/mass_kg": "mass", "/body/as/evidence/0": "evidence"}


@pytest.mark.parametrize("newest", ["sha256:" + "0" * 64, "nothing"])
def test_a_correction_of_a_version_that_there_never_was_is_refused(market: Market, newest: str) -> None:
    lot = urn()
    receipt = market.say(market.mine, "lot.source", market.source_body(lot))
    said = correction_body(receipt, market.source_body(lot, mass_kg="990")) | {"newest": newest}
    code = code_of(lambda: market.say(market.mine, "statement.correct", said))
    assert code == ("wrong_type" if newest == "nothing" else "not_newest_version")


@pytest.fixture
def plant(market: Market) -> Market:
    """A market with a published factor set."""
    factors.by_digest.cache_clear()
    factors.publish(actor=market.operator, factors=shipped_factors())
    return market


def result_of(plant: Market) -> tuple[Receipt, dict[str, Any]]:
    """The receipt of a lot.result, and its body."""
    lot = plant.lot(plant.source())
    receipt = results.publish_result(actor=plant.mine, lot=lot)
    [effective] = rows_world.effective_versions([statement_row(receipt)])
    return receipt, dict(effective.body)


def test_a_result_is_not_corrected_into_other_figures(plant: Market) -> None:
    receipt, body = result_of(plant)
    bases = [{**row, "mass_total_kg": "7"} for row in body["bases"]]
    false = correction_body(receipt, body | {"bases": bases})
    assert code_of(lambda: plant.say(plant.mine, "statement.correct", false)) == "result_mismatch"
    plant.say(plant.mine, "statement.correct", correction_body(receipt, body))


def test_the_values_of_a_corrected_result_stay_in_its_group(plant: Market) -> None:
    receipt, body = result_of(plant)
    period = {"from": "2026-01-01", "to": "2026-06-30"}
    row = statement_row(plant.say(plant.mine, "statement.correct", correction_body(receipt, body | {"period": period})))
    assert set(Disclosure.objects.filter(statement=row).values_list("group", flat=True)) == {"result"}


def test_a_step_names_the_results_of_its_own_inputs(plant: Market) -> None:
    """Not those of a lot that happens to have better ones."""
    ore, other, made = plant.source(), plant.source(), urn()
    step = plant.transform_body({ore: "1000"}, made, inventory=[NOTHING_USED])
    plant.say(plant.mine, "lot.transform", step, process=BENEFICIATION)
    receipts = results.publish_results(actor=plant.mine, lots=[plant.lot(one) for one in (ore, other)])
    body = dict(results.body_of(made, factors.newest_digest(plant.mine.organisation.pk)))
    named = body["computed_from"]
    assert isinstance(named, dict)
    wrong = {**named, "results": [{"lot": ore, "statement": receipts[1].digest}]}
    code = code_of(lambda: plant.say(plant.mine, "lot.result", body | {"computed_from": wrong}))
    assert code == "result_unknown"
    plant.say(plant.mine, "lot.result", body)


def test_a_result_follows_the_corrected_country_of_its_step(plant: Market) -> None:
    ore, made = plant.source(), urn()
    body = plant.transform_body({ore: "1000"}, made)
    receipt = plant.say(plant.mine, "lot.transform", body, process=BENEFICIATION)
    process = [{"step": "beneficiation", "country": "CA"}]
    moved = correction_body(receipt, body, process=process, occurred_from="2026-04-01T08:00:00Z",
                            occurred_to="2026-04-01T08:00:00Z")  # fmt: skip
    plant.say(plant.mine, "statement.correct", moved)
    creator = rows_world.reader().effective(receipt.digest)
    assert creator
    assert [one.country for one in creator.process] == ["CA"]
    assert assemble(made, rows_world.reader(), results.newest_result).step.country == "CA"


def test_a_withdrawn_result_counts_as_never_said(plant: Market) -> None:
    ore, made = plant.source(), urn()
    step = plant.transform_body({ore: "1000"}, made, inventory=[NOTHING_USED])
    plant.say(plant.mine, "lot.transform", step, process=BENEFICIATION)
    receipt = results.publish_result(actor=plant.mine, lot=plant.lot(ore))
    body = dict(results.body_of(made, factors.newest_digest(plant.mine.organisation.pk)))
    plant.say(plant.mine, "statement.void", {"voids": receipt.digest, "reason": "wrong meter"})
    assert results.newest_result(ore) is None
    assert code_of(lambda: plant.say(plant.mine, "lot.result", body)) == "result_unknown"


def test_a_result_comes_whole(plant: Market) -> None:
    lot = plant.lot(plant.source())
    act = plant.act(
        plant.mine, "lot.result", dict(results.body_of(lot.urn, factors.newest_digest(plant.mine.organisation.pk)))
    )
    world = rows_world.load(needs_of([act], [None]))
    sealed = sealing.seal(act, world, seen=newest_checkpoint(world.origin, None), now=day(90)[0])
    texts = [one.text for one in sealed.disclosures.values()]
    short = SignedSubmission(sealed.written, tuple(texts[1:]))
    code = code_of(lambda: acceptance.accept(actor=plant.mine, submissions=[short]))
    assert code == "disclosure_required"


def test_a_withdrawn_facility_is_gone_also_after_a_correction(market: Market) -> None:
    facility = urn()
    body = {"facility": facility, "country": "US", "name": "Works 2"}
    receipt = market.say(market.mine, "facility.register", body)
    market.say(market.mine, "statement.correct", correction_body(receipt, body | {"name": "Works II"}))
    assert Facility.objects.get(pk=facility[9:]).name == "Works II"
    market.say(market.mine, "statement.void", {"voids": receipt.digest, "reason": "never built"})
    assert Facility.objects.get(pk=facility[9:]).voided
    late = market.source_body(urn(), facility=facility)
    assert code_of(lambda: market.say(market.mine, "lot.source", late)) == "facility_not_yours"


# Work in process.


def test_work_in_process_is_counted_by_facility(market: Market) -> None:
    ore = market.source()

    def step(out_kg: str, wip_kg: str, **more: Any) -> Receipt:
        wip = [{"species": "Nd", "mass_kg": wip_kg}]
        body = market.transform_body({ore: "100"}, urn(), wip_change=wip, **more)
        body["outputs"][0]["mass_kg"] = out_kg
        return market.say(market.mine, "lot.transform", body, process=BENEFICIATION)

    assert code_of(lambda: step("9.9", "-0.283")) == "element_created"
    first = step("3.3", "0.283")
    assert code_of(lambda: step("9.9", "-0.283", facility=None)) == "element_created"
    step("9.9", "-0.283")
    assert code_of(lambda: step("9.9", "-0.283")) == "element_created"
    receipt = market.say(market.mine, "statement.void", {"voids": first.digest, "reason": "never happened"})
    assert receipt.findings == ("built_on_corrected",)


# Who sees what.


def sees(market: Market, lot: str) -> set[str]:
    rows = LotAccess.objects.filter(organisation=market.separator.organisation, lot=UUID(lot[9:]))
    return set(rows.values_list("sees", flat=True))


@pytest.mark.parametrize("comes_back", ["lot.reject", "lot.dispatch_cancel"])
def test_who_did_not_get_a_lot_did_not_buy_it(market: Market, comes_back: str) -> None:
    ore, part = market.source(), urn()
    market.split(ore, {part: "400"}, drawn="400")
    dispatch = market.send(part, "400")
    assert (sees(market, part), sees(market, ore)) == ({"customer"}, {"assay"})
    if comes_back == "lot.reject":
        market.say(market.separator, comes_back, {"lot": part, "dispatch": dispatch.digest, "reason": "wet"})
    else:
        market.say(market.mine, comes_back, {"lot": part, "reason": "wrong customer"})
    assert (sees(market, part), sees(market, ore)) == (set(), set())
    market.take(part, market.send(part, "400").digest, "400")
    assert (sees(market, part), sees(market, ore)) == ({"customer", "party"}, {"assay"})


def test_goods_for_another_log_are_nobodys_here(market: Market) -> None:
    ore = market.source()
    to = {"origin": "log.example/other", "organisation": market.separator.organisation.urn}
    market.say(market.mine, "lot.dispatch", {"lot": ore, "to": to, "mass_kg": "1000", "tolerance_pct": "0.05"})
    assert (market.lot(ore).receiver, sees(market, ore)) == (None, set())


def test_a_recall_is_a_finding_on_all_that_came_of_it(market: Market) -> None:
    ore, part, made = market.source(), urn(), urn()
    market.split(ore, {part: "400"}, drawn="400")
    market.say(market.mine, "lot.recall", {"lot": ore, "reason": "wrong sample"})
    market.say(market.mine, "lot.transform", market.transform_body({part: "400"}, made, outputs=[{
        "lot": made, "material": "concentrate", "stage": "concentrate", "class": "product", "mass_kg": "20",
        "assay": CONCENTRATE_ASSAY}]), process=BENEFICIATION)  # fmt: skip
    recalled = set(Finding.objects.filter(code="recall").values_list("lot", flat=True))
    assert recalled == {UUID(lot[9:]) for lot in (ore, part, made)}


def test_a_closed_lot_has_nothing_left_whatever_was_withdrawn(market: Market) -> None:
    ore = market.source()
    first = market.split(ore, {urn(): "400"}, drawn="400")
    market.split(ore, {urn(): "600"}, drawn="600")
    market.say(market.mine, "statement.void", {"voids": first.digest, "reason": "never happened"})
    assert (market.lot(ore).state, str(market.lot(ore).remaining_kg)) == ("closed", "0.000")


# The operator.


def test_what_the_operator_does_for_others_is_a_finding(market: Market) -> None:
    key = KeyEntry.objects.get(organisation=market.mine.organisation)
    body = {"key": "sha256:" + bytes(key.key_id).hex(), "compromised_from_index": 0, "reason": "insolvency"}
    act = market.act(market.operator, "key.revoke", body, subject=market.mine.organisation.pk)
    [receipt] = acceptance.accept(actor=market.operator, submissions=[act])
    assert receipt.findings == ("by_operator",)
    assert code_of(lambda: market.source()) == "key_not_in_vault"


def test_an_organisation_attests_those_that_there_are(market: Market) -> None:
    stranger = Organisation.objects.create(name="Not registered", country="DE")
    code = code_of(lambda: organisations.attest(actor=market.operator, organisation=stranger.pk, checked=["identity"]))
    assert code == "unknown_organisation"


# What it costs.


def test_a_statement_takes_a_bounded_number_of_queries(market: Market) -> None:
    def queries(act: Act) -> int:
        with CaptureQueriesContext(connection) as caught:
            acceptance.accept(actor=market.mine, submissions=[act])
        return len([one for one in caught if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))])

    one = queries(market.act(market.mine, "lot.source", market.source_body(urn())))
    ore = urn()
    market.say(market.mine, "lot.source", market.source_body(ore))
    outputs = [{"lot": urn(), "material": "bastnaesite ore", "stage": "ore", "class": "product", "mass_kg": "1"}
               for _ in range(400)]  # fmt: skip
    split = market.act(market.mine, "lot.transform", {"inputs": [{"lot": ore, "mass_kg": "400"}], "outputs": outputs})
    many = queries(split)
    assert one <= 25
    assert many <= 45
    assert Lot.objects.count() == 402
    assert ASSAY["basis"] == "dry_mass"
