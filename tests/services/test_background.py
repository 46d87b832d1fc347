"""Own background data from the file to the offline verifier: seen by its organisation, signed, computed again."""

import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.documents.samples import openepd
from tests.services.test_export import exported, policy, traded
from traceability.ledger import bundle
from traceability.ledger.errors import RecordError
from traceability.verifier.checks import run_file
from traceability.verifier.report import Asked
from traceability.verifier.trust import Trust

if TYPE_CHECKING:
    from tests.services.market import Market

__all__ = ["traded"]  # a fixture

UPSTREAM = json.dumps(openepd()).encode()


@pytest.fixture
def plant(market: "Market") -> "Market":
    from epd.factors import shipped_factors
    from epd.services import factors

    factors.by_digest.cache_clear()
    factors.publish(actor=market.operator, factors=shipped_factors())
    return market


def brought(plant: "Market", content: bytes = UPSTREAM) -> Any:
    """The data set that the maker took over."""
    from epd.documents.background import Terms
    from epd.services import background

    upload = background.bring(plant.mine, "alloy.json", content)
    background.confirm(plant.mine, upload.pk, Terms(licence="by contract"))
    return background.of(plant.mine).first()


def made_with(plant: "Market", *factor_ids: str) -> str:
    """The urn of a concentrate for which 10 kg of a purchased good were used, with its result."""
    from epd.services import results
    from tests.services.market import BENEFICIATION, urn

    ore, made = plant.source(), urn()
    rows = [{"flow": "purchased alloy", "role": "constituent", "amount": "10", "unit": "kg", "basis": "metered",
             "factors": list(factor_ids)}]  # fmt: skip
    body = plant.transform_body({ore: "1000"}, made, inventory=rows)
    plant.say(plant.mine, "lot.transform", body, process=BENEFICIATION)
    results.publish_results(actor=plant.mine, lots=[plant.lot(ore), plant.lot(made)])
    return made


def test_a_purchased_good_brings_the_figures_of_its_declaration(plant: "Market") -> None:
    from epd.lca.indicators import Basis, LifeCycleModule
    from epd.services import results

    data = brought(plant)
    figures = results.newest_result(made_with(plant, data.factor_id))
    assert figures is not None
    for basis in Basis:
        values = figures[1].bases[basis]
        assert str(values.value("gwp_ghg", LifeCycleModule.A1)) == "4.91666666667"  # 10 kg x 29.5 / 60 kg
        assert str(values.value("gwp_total", LifeCycleModule.A1)) == "5"
    assert {"factor_allocation_unknown", "factor_gwp_ghg_of_parts"} <= set(figures[1].flags)


def test_own_data_are_offered_to_their_organisation_alone(plant: "Market") -> None:
    from epd.models import FactorSetRow
    from epd.selectors import factor_choices
    from epd.services import background
    from traceability.selectors.access import NotFound

    data = brought(plant)
    mine, theirs = (
        {one.id for one in factor_choices.newest(one.organisation.pk)} for one in (plant.mine, plant.separator)
    )
    assert mine - theirs == {data.factor_id}
    assert FactorSetRow.objects.get(owner=plant.mine.organisation).base == factor_choices.set_of(None)
    with pytest.raises(NotFound):
        background.one(plant.separator, data.pk)
    with pytest.raises(NotFound):
        background.upload_of(plant.separator, background.bring(plant.mine, "b.json", UPSTREAM + b" ").pk)


def test_another_organisation_cannot_compute_with_them(plant: "Market") -> None:
    from epd.services import factors

    data = brought(plant)
    digest = factors.newest_digest(plant.separator.organisation.pk)
    assert data.factor_id not in factors.by_digest(digest).factors
    assert data.factor_id in factors.by_digest(factors.newest_digest(plant.mine.organisation.pk)).factors


def test_the_same_file_twice_is_one_data_set_and_one_signature(plant: "Market") -> None:
    from epd.models import FactorSetRow
    from epd.services import background

    first, again = brought(plant), brought(plant)
    assert first == again
    assert background.of(plant.mine).count() == 1
    assert FactorSetRow.objects.filter(owner=plant.mine.organisation).count() == 1
    assert not background.uploads(plant.mine).exists()


def test_what_is_withdrawn_is_offered_no_longer_and_its_lots_keep_their_figures(plant: "Market") -> None:
    from epd.selectors import factor_choices
    from epd.services import background, results

    data = brought(plant)
    made = made_with(plant, data.factor_id)
    background.withdraw(plant.mine, data.pk)
    assert data.factor_id not in {one.id for one in factor_choices.newest(plant.mine.organisation.pk)}
    assert results.publish_result(actor=plant.mine, lot=plant.lot(made))
    brought(plant)
    assert data.factor_id in {one.id for one in factor_choices.newest(plant.mine.organisation.pk)}


def test_a_missing_factor_is_a_clear_refusal(plant: "Market") -> None:
    brought(plant)
    with pytest.raises(RecordError) as refused:
        made_with(plant, "own.nothing.0123456789abcdef")
    assert refused.value.code == "unknown_factor"
    assert "own.nothing.0123456789abcdef" in refused.value.sentence


def test_a_declaration_that_had_expired_at_production_is_refused(plant: "Market") -> None:
    content = openepd() | {"date_of_issue": "2021-01-01T00:00:00Z", "valid_until": "2025-12-31T00:00:00Z"}
    data = brought(plant, json.dumps(content).encode())
    with pytest.raises(RecordError) as refused:
        made_with(plant, data.factor_id)
    assert refused.value.code == "upstream_expired"
    assert refused.value.fields["valid_until"] == "2025-12-31"


def test_a_newer_set_of_everybody_is_taken_over_when_asked_for(plant: "Market") -> None:
    from dataclasses import replace

    from epd.factors import shipped_factors
    from epd.selectors import factor_choices
    from epd.services import background, factors

    data = brought(plant)
    assert background.renew(plant.mine) is None
    factors.publish(actor=plant.operator, factors=replace(shipped_factors(), version="2027-01"))
    assert background.is_outdated(plant.mine)
    assert background.renew(plant.mine) is not None
    assert not background.is_outdated(plant.mine)
    assert data.factor_id in {one.id for one in factor_choices.newest(plant.mine.organisation.pk)}


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "not_a_factor_table"), (b"{}", "nothing_to_take"), (b"a;b\n1;2", "not_a_factor_table"),
     (b'{"a":', "not_json"), (b"<x/>", "not_an_epd_file"), (b"PK\x03\x04", "not_a_zip"), 
         (b"\x00\x01", "not_a_factor_table"),
     (b"name;unit;geography;year;gwp_ghg\nx;kg;NO;2024;1", "nothing_to_take")],
)  # fmt: skip
def test_nothing_is_taken_over_of_what_cannot_be(plant: "Market", content: bytes, code: str) -> None:
    with pytest.raises(RecordError) as refused:
        brought(plant, content)
    assert refused.value.code == code


def test_a_licence_must_be_stated(plant: "Market") -> None:
    from epd.documents.background import Terms
    from epd.services import background

    with pytest.raises(RecordError) as refused:
        background.confirm(plant.mine, background.bring(plant.mine, "a.json", UPSTREAM).pk, Terms())
    assert refused.value.code == "terms_missing"
    assert background.uploads(plant.mine).exists()  # nothing is lost


def test_the_operator_has_no_own_set(plant: "Market") -> None:
    from epd.services import background

    with pytest.raises(RecordError) as refused:
        background.bring(plant.operator, "a.json", UPSTREAM)
    assert refused.value.code == "sets_of_everybody"


def test_the_offline_verifier_computes_it_again(traded: "Market") -> None:
    from epd.factors import shipped_factors
    from epd.services import factors
    from epd.verifier.checks import ALL_CHECKS

    factors.by_digest.cache_clear()
    factors.publish(actor=traded.operator, factors=shipped_factors())
    data = brought(traded)
    made = made_with(traded, data.factor_id)
    content = exported(traded.mine, made)
    [member] = bundle.read_bundle(io.BytesIO(content)).names("factors")
    shown = json.loads(bundle.read_bundle(io.BytesIO(content)).read(member))
    assert [one["id"] for one in shown["factors"]] == [data.factor_id]
    publishers = {traded.mine.organisation.urn: ""}
    trust = Trust(factor_publishers=publishers)
    report = run_file(io.BytesIO(content), trust, policy(), asked=Asked(), checks=ALL_CHECKS)
    figures = next(check for check in report.checks if check.name == "Declared figures")
    assert not {one.code for one in figures.findings} & {"result_mismatch", "factors_mismatch", "factors_not_accepted"}
    bare = run_file(io.BytesIO(content), Trust(), policy(), asked=Asked(), checks=ALL_CHECKS)
    found = {one.code for check in bare.checks for one in check.findings}
    assert "factors_not_accepted" in found
