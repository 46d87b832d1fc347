"""Results and declarations at the door: computed by the maker, checked string by string, said for what they are."""

from typing import Any

import pytest

from epd.factors import shipped_factors
from epd.lca.assembly import assemble
from epd.lca.bodies import result_from_body
from epd.lca.indicators import HEADLINE, Basis
from epd.lca.rollup import recompute
from epd.models import Declaration, LotResultRow
from epd.services import declarations, factors, history, results
from epd.services.checked import Word
from epd.services.checks import Criteria, Outcome, check_declaration
from tests.services.market import BENEFICIATION, Market, urn
from traceability.ledger.errors import RecordError
from traceability.models import OpeningRule, Statement

ELECTRICITY = {
    "flow": "electricity",
    "role": "electricity",
    "amount": "100",
    "unit": "kWh",
    "basis": "metered",
    "factors": ["grid.us.2023"],
}


@pytest.fixture
def plant(market: Market) -> Market:
    """A market with a published factor set."""
    factors.by_digest.cache_clear()
    factors.publish(actor=market.operator, factors=shipped_factors())
    return market


def concentrate(market: Market, **changes: Any) -> str:
    """The urn of 60 kg of concentrate out of 1000 kg of ore, made with 100 kWh; both have their results."""
    ore, made = market.source(), urn()
    body = market.transform_body({ore: "1000"}, made, inventory=[ELECTRICITY], **changes)
    market.say(market.mine, "lot.transform", body, process=BENEFICIATION)
    results.publish_results(actor=market.mine, lots=[market.lot(ore), market.lot(made)])
    return made


def newest_body(lot: str) -> dict[str, Any]:
    row = LotResultRow.objects.filter(lot=lot[9:]).last()
    assert row is not None
    return dict(results.rows_world.effective_versions([row.statement])[0].body)


def test_a_result_is_what_the_step_gives(plant: Market) -> None:
    made = concentrate(plant)
    result = result_from_body(newest_body(made))
    assert str(result.headline(Basis.ECONOMIC)) == "0.615788333333"  # 100 kWh x 0.369473 / 60 kg, 12 digits


def test_other_figures_are_refused(plant: Market) -> None:
    made = concentrate(plant)
    body = newest_body(made)
    body["bases"] = [
        {**row, "indicators": [{**one, "a3": "0.1"} if "a3" in one else one for one in row["indicators"]]}
        for row in body["bases"]
    ]
    with pytest.raises(RecordError) as caught:
        plant.say(plant.mine, "lot.result", body)
    assert (caught.value.code, caught.value.path) == ("result_mismatch", "/body/bases")


def without_inventory(market: Market) -> str:
    """The urn of a concentrate of whose making nothing was recorded; the ore has its result."""
    ore, made = market.source(), urn()
    market.say(market.mine, "lot.transform", market.transform_body({ore: "1000"}, made), process=BENEFICIATION)
    results.publish_result(actor=market.mine, lot=market.lot(ore))
    return made


def test_no_result_is_computed_for_a_step_of_which_nothing_was_recorded(plant: Market) -> None:
    made = without_inventory(plant)
    with pytest.raises(RecordError) as caught:
        results.publish_result(actor=plant.mine, lot=plant.lot(made))
    assert caught.value.code == "no_inventory"
    assert caught.value.sentence.startswith("Record what the step used and emitted, with 0 where it was nothing")
    assert not LotResultRow.objects.filter(lot=made[9:]).exists()


def test_nor_is_one_accepted_that_its_maker_computed_himself(plant: Market) -> None:
    made = without_inventory(plant)
    assembled = assemble(made, results.rows_world.reader(), results.newest_result)
    digest = factors.newest_digest(plant.mine.organisation.pk)
    figures = recompute(assembled.step, factors.by_digest(digest))[made]
    assert str(figures.headline(Basis.ECONOMIC)) == "0"  # what nobody may say
    with pytest.raises(RecordError) as caught:
        plant.say(plant.mine, "lot.result", results.body_with(figures, assembled, digest))
    assert caught.value.code == "no_inventory"


def test_of_figures_that_an_earlier_door_took_every_check_says_so(plant: Market, monkeypatch: Any) -> None:
    made, leached = without_inventory(plant), urn()
    monkeypatch.setattr(results, "require_inventory", lambda step: None)  # as the door was
    results.publish_result(actor=plant.mine, lot=plant.lot(made))
    monkeypatch.undo()
    body = plant.transform_body({made: "60"}, leached, inventory=[ELECTRICITY])
    plant.say(plant.mine, "lot.transform", body, process=BENEFICIATION)
    results.publish_result(actor=plant.mine, lot=plant.lot(leached))
    for declared in (publish(plant, leached), publish(plant, made)):
        found = {one.id: one for one in check_declaration(declared, Criteria()).checks}
        assert found["inventory"].outcome is Outcome.NOT_ESTABLISHED
        assert "has no inventory: what it adds is not recorded" in found["inventory"].sentence
        page = {one.id: one for one in history.of_declaration(declared).checks}
        assert (page["figures"].word, page["figures"].sentence) == (Word.WARN, found["inventory"].sentence)
    whole = publish(plant, concentrate(plant))
    assert {one.id: one.outcome for one in check_declaration(whole, Criteria()).checks}["inventory"] is Outcome.PASS


def test_the_customer_of_a_lot_without_a_result_declares_nothing(plant: Market) -> None:
    made, leached = without_inventory(plant), urn()
    body = plant.transform_body({made: "60"}, leached, inventory=[ELECTRICITY])
    plant.say(plant.mine, "lot.transform", body, process=BENEFICIATION)
    results.publish_result(actor=plant.mine, lot=plant.lot(leached))
    assert newest_body(leached)["missing_upstream"] == [made]
    declared = result_from_body(declarations.figures_of(newest_body(leached), declarations.PROFILE), lot=leached)
    assert {row.reason for row in declared.not_declared if row.indicator == HEADLINE} == {"partial"}


def test_only_the_maker_states_a_result(plant: Market) -> None:
    made = concentrate(plant)
    with pytest.raises(RecordError) as caught:
        plant.say(plant.separator, "lot.result", newest_body(made))
    assert caught.value.code == "not_maker"


def test_a_closed_result_of_a_supplier_does_not_flow_into_the_customers(plant: Market) -> None:
    ore = plant.source()
    results.publish_result(actor=plant.mine, lot=plant.lot(ore))
    plant.take(ore, plant.send(ore).digest)
    made = urn()
    body = plant.transform_body({ore: "1000"}, made, facility=None, inventory=[ELECTRICITY])
    plant.say(plant.separator, "lot.transform", body, process=BENEFICIATION)
    OpeningRule.objects.create(organisation=plant.mine.organisation, group="result", audience="nobody")
    with pytest.raises(RecordError) as caught:
        results.publish_result(actor=plant.separator, lot=plant.lot(made))
    assert caught.value.code == "result_closed"
    OpeningRule.objects.all().delete()
    results.publish_result(actor=plant.separator, lot=plant.lot(made))


def publish(plant: Market, made: str = "") -> Declaration:
    lot = plant.lot(made or concentrate(plant))
    found, _ = declarations.publish(actor=plant.mine, lot=lot, product="rare-earth concentrate")
    return found


def test_a_declaration_repeats_its_result_and_says_what_it_is(plant: Market) -> None:
    found = publish(plant)
    [effective] = results.rows_world.effective_versions([found.statement])
    assert effective.body["title"] == "EPD-style declaration, not verified"
    assert effective.body["bases"] == newest_body(str(effective.body["lot"]))["bases"]
    assert found.status == Declaration.Status.PUBLISHED


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"title": "EPD of magnets"}, "title_claims_too_much"),
        ({"declared_unit": {"amount": "1000", "unit": "kg"}}, "figures_differ"),
        ({"declarant": "Baltika Metals"}, "another_name"),
        ({"country": "DE"}, "another_name"),
        ({"period": {"from": "2026-06-30", "to": "2026-01-01"}}, "period_backwards"),
        ({"valid_until": "2026-02-28"}, "over_at_once"),
        ({"title": "EPD-style declaration, not verified", "illustrative": True}, "title_claims_too_much"),
        ({"custody_hash": "sha256:" + "0" * 64}, "custody_hash_differs"),
        ({"result": "sha256:" + "0" * 64}, "result_unknown"),
        ({"factors": "sha256:" + "0" * 64}, "figures_differ"),
        ({"electricity_module": "a1"}, "figures_differ"),
    ],
)
def test_a_declaration_that_says_something_else_is_refused(plant: Market, changes: dict[str, Any], code: str) -> None:
    lot = plant.lot(concentrate(plant))
    body = declarations.body_of(
        actor=plant.mine, lot=lot, product="concentrate", illustrative=False, id=plant.mine.organisation.pk
    )
    with pytest.raises(RecordError) as caught:
        plant.say(plant.mine, "declaration.publish", {**body, "declaration": urn(), **changes})
    assert caught.value.code == code


def test_a_declaration_is_withdrawn_once_and_by_its_declarant(plant: Market) -> None:
    found = publish(plant)
    with pytest.raises(RecordError) as caught:
        declarations.withdraw(actor=plant.separator, declaration=found, reason="not mine")
    assert caught.value.code == "not_your_subject"
    declarations.withdraw(actor=plant.mine, declaration=found, reason="wrong meter")
    found.refresh_from_db()
    assert (found.status, found.reason) == (Declaration.Status.WITHDRAWN, "wrong meter")
    with pytest.raises(RecordError) as caught:
        declarations.withdraw(actor=plant.mine, declaration=found, reason="again")
    assert caught.value.code == "subject_ended"
    assert Statement.objects.filter(kind="declaration.withdraw").count() == 1
