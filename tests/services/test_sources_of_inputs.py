"""Which source each input of a step has when it is read from accepted statements (`lodestone-rollup/1`, Sources)."""

from typing import Any

import pytest

from epd.factors import shipped_factors
from epd.lca.assembly import assemble
from epd.lca.indicators import Basis
from epd.lca.inputs import CutOff, InputSource, ResultSource, StepInput, Uncovered
from epd.services import factors, results
from tests.services.market import BENEFICIATION, NOTHING_USED, Market, urn
from traceability.ledger.statement import ProcessStep
from traceability.services import rows_world

LEACHING = (ProcessStep("leaching", "US"),)


def assay(nd2o3_pct: str) -> dict[str, Any]:
    return {"basis": "dry_mass", "rows": [{"species": "Nd2O3", "content_pct": nd2o3_pct}]}


def only_input(lot: str) -> StepInput:
    (entry,) = assemble(lot, rows_world.reader(), results.newest_result).step.inputs
    return entry


def concentrated(market: Market, ore: str, **more: Any) -> str:
    made = urn()
    market.say(market.mine, "lot.transform", market.transform_body({ore: "1000"}, made), process=BENEFICIATION, **more)
    return made


@pytest.mark.parametrize(
    ("origin", "source", "source_class"),
    [
        ("mined", Uncovered, "mined"),
        ("post_consumer", CutOff, "post_consumer"),
        ("pre_consumer", CutOff, "pre_consumer"),
        ("purchased", Uncovered, "unproven"),
        ("opening_stock", Uncovered, "unproven"),
    ],
)
def test_source_lots(market: Market, origin: str, source: type[InputSource], source_class: str) -> None:
    ore = market.source(origin=origin)
    entry = only_input(concentrated(market, ore))

    assert isinstance(entry.source, source)
    assert entry.shares is not None
    assert entry.shares.classes == {source_class: 1}


def publish_factors(market: Market) -> str:
    """The digest of a published factor set."""
    factors.by_digest.cache_clear()
    return factors.publish(actor=market.operator, factors=shipped_factors()).digest


def by_product(market: Market, output_class: str) -> tuple[str, str]:
    """The urns of a concentrate and of the tailings that fell beside it."""
    ore, made, tailings = market.source(), urn(), urn()
    body = market.transform_body({ore: "1000"}, made, inventory=[NOTHING_USED])
    beside = {"lot": tailings, "material": "tailings", "stage": "residue", "class": output_class, "mass_kg": "900"}
    body["outputs"].append(beside | {"assay": assay("0.05")})
    market.say(market.mine, "lot.transform", body, process=BENEFICIATION)
    return made, tailings


def used(market: Market, lot: str, process: tuple[ProcessStep, ...]) -> StepInput:
    made = urn()
    body = market.transform_body({lot: "900"}, made, outputs=None) | {
        "outputs": [
            {"lot": made, "material": "concentrate", "stage": "concentrate", "class": "product", "mass_kg": "50"}
            | {"assay": assay("0.8")}
        ]
    }
    market.say(market.mine, "lot.transform", body, process=process)
    return only_input(made)


def test_secondary_in_another_process_is_a_pre_consumer_source_of_its_own(market: Market) -> None:
    _, tailings = by_product(market, "secondary")

    entry = used(market, tailings, LEACHING)

    assert isinstance(entry.source, CutOff)
    assert entry.shares is not None
    assert entry.shares.totals == {tailings: 1}
    assert entry.shares.classes == {"pre_consumer": 1}
    assert entry.shares.sources[tailings].country == "US"


def test_return_into_its_own_process_is_no_recycled_content(market: Market) -> None:
    made, tailings = by_product(market, "secondary")
    lots = [market.lot(lot) for lot in (str(market.lot(made).edges_up.get().parent.urn), tailings)]
    publish_factors(market)
    results.publish_results(actor=market.mine, lots=lots)

    entry = used(market, tailings, BENEFICIATION)

    assert isinstance(entry.source, CutOff)
    assert entry.shares is not None
    assert entry.shares.classes == {"mined": 1}


def test_co_product_brings_its_result(market: Market) -> None:
    _, tailings = by_product(market, "co_product")
    publish_factors(market)
    ore = market.lot(tailings).edges_up.get().parent
    results.publish_results(actor=market.mine, lots=[ore, market.lot(tailings)])

    entry = used(market, tailings, LEACHING)

    assert isinstance(entry.source, ResultSource)
    assert set(entry.source.result.bases) == {Basis.MASS}  # nobody named a price
    assert entry.shares is None or entry.shares.classes == {"mined": 1}


def test_what_was_bought_outside_the_record_has_no_figures(market: Market) -> None:
    bought = market.source(origin="purchased")
    body = results.body_of(bought, publish_factors(market))

    assert "bases" not in body
    assert body["missing_upstream"] == [bought]
    assert {row["reason"] for row in body["not_declared"]} == {"no_source"}  # type: ignore[attr-defined]
