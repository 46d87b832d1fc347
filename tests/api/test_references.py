"""Reference declarations by API: the mean of two lots by hand, cited by a lot, found by kind, gone when withdrawn."""

from decimal import Decimal
from typing import Any

import pytest

from epd.services import results
from tests.api.clients import Clients, urn
from tests.api.test_declarations import ELECTRICITY, with_factors
from tests.api.test_submit import problem
from tests.services.market import BENEFICIATION

PER_KWH = Decimal("0.369473")


@pytest.fixture
def plant(api: Clients) -> Clients:
    return with_factors(api)


def made(api: Clients, kwh: str, *, result: bool = True) -> str:
    """60 kg of concentrate of ore with a result, made with so much electricity."""
    market, lot = api.market, urn()
    ore = market.source()
    body = market.transform_body({ore: "1000"}, lot, inventory=[{**ELECTRICITY, "amount": kwh}])
    market.say(market.mine, "lot.transform", body, process=BENEFICIATION)
    results.publish_result(actor=market.mine, lot=market.lot(ore))
    if result:
        results.publish_result(actor=market.mine, lot=market.lot(lot))
    return lot


def wanted(api: Clients, **changes: Any) -> dict[str, Any]:
    return {
        "facility": api.market.facility, "material": "concentrate", "stage": "concentrate", "product": "Concentrate",
        "from": "2025-04-01", "stock": {"opening_kg": "0", "shipped_kg": "120", "closing_kg": "0"},
    } | changes  # fmt: skip


def published(api: Clients, **changes: Any) -> dict[str, Any]:
    answer = api.owner.send("references", wanted(api, **changes))
    assert answer.status_code == 201, answer.content
    found: dict[str, Any] = answer.json()["declaration"]
    assert answer["Location"] == found["links"]["self"]
    return found


def test_the_mean_of_two_lots_and_of_what_the_site_adds(plant: Clients) -> None:
    made(plant, "100")
    made(plant, "200")
    bare = published(plant)
    assert abs(Decimal(bare["gwp_ghg"]) - 300 * PER_KWH / 120) < Decimal("1e-9")
    meter = {"flow": "electricity", "unit": "kWh", "metered": "360", "overhead": "58"}
    more = published(plant, meters=[meter])
    assert abs(Decimal(more["gwp_ghg"]) - 360 * PER_KWH / 120) < Decimal("1e-9")
    body = plant.owner.get(more["links"]["self"]).json()["body"]
    [gap] = body["gaps"]
    assert gap == {"flow": "electricity", "unit": "kWh", "share": "0.005556"}
    found = plant.anybody.get("/api/v1/declarations?kind=reference").json()["results"]
    assert {one["reference"] for one in found} == {more["reference"], bare["reference"]}
    assert plant.anybody.get("/api/v1/declarations?kind=lot").json()["results"] == []


def test_a_lot_that_cites_is_named_where_it_is_worse_by_a_tenth(plant: Clients) -> None:
    made(plant, "100")
    worse = made(plant, "200")
    mean = published(plant)
    asked = {"lot": worse, "product": "Concentrate", "cites": mean["reference"], "justification": "One lot."}
    problem(plant.owner.send("declarations", {**asked, "cites": "AAAA-AAAA"}), 409, "no_such_reference")
    bare = {name: value for name, value in asked.items() if name != "justification"}
    problem(plant.owner.send("declarations", bare), 422, "not_justified")
    answer = plant.owner.send("declarations", asked)
    assert answer.status_code == 201, answer.content
    body = plant.owner.get(answer.json()["declaration"]["links"]["self"]).json()["body"]
    headlines = [row for row in body["reference"]["deviations"] if row["indicator"] == "gwp_ghg"]
    assert {row["deviation"] for row in headlines} == {"0.333333"}
    assert all(row["worse_by_tenth"] for row in headlines)


def test_what_cannot_be_is_refused_with_its_reason(plant: Clients) -> None:
    made(plant, "100")
    problem(plant.owner.send("references", wanted(plant, material="magnets")), 422, "no_lots")
    stock = {"opening_kg": "0", "shipped_kg": "100", "closing_kg": "0"}
    problem(plant.owner.send("references", wanted(plant, stock=stock)), 422, "gap_unexplained")
    meter = {"flow": "electricity", "unit": "kWh", "metered": "100"}
    problem(plant.owner.send("references", wanted(plant, meters=[meter, meter])), 422, "meter_twice")
    alone = {"flow": "heating", "unit": "kWh", "metered": "5"}
    problem(plant.owner.send("references", wanted(plant, meters=[alone])), 422, "bad_result")
    problem(plant.owner.send("references", wanted(plant, **{"from": "2026-02-30"})), 400, "wrong_type")
    made(plant, "100", result=False)
    problem(plant.owner.send("references", wanted(plant)), 422, "lot_without_result")
    problem(plant.customer.send("references", wanted(plant)), 422, "no_lots")


def test_the_files_of_one_that_was_withdrawn_are_gone(plant: Clients) -> None:
    made(plant, "100")
    stock = {"opening_kg": "0", "shipped_kg": "60", "closing_kg": "0"}
    mean = published(plant, stock=stock)
    place = f"/api/v1/declarations/{mean['reference']}"
    assert plant.anybody.get(f"{place}/files/openepd.json").status_code == 200
    plant.owner.send(f"declarations/{mean['reference']}/withdraw", {"reason": "A wrong meter."})
    problem(plant.anybody.get(f"{place}/files/openepd.json"), 410, "declaration_withdrawn")


def test_what_the_site_adds_is_shared_among_its_products(plant: Clients) -> None:
    """60 kg at 3 and 40 kg at 1: 0.6 of it by mass, 180 of 220 by economic value; without all prices none."""
    market, own, other = plant.market, urn(), urn()
    ore = market.source()
    body = market.transform_body({ore: "1000"}, own, inventory=[ELECTRICITY])
    [first] = body["outputs"]
    second = {**first, "lot": other, "material": "other concentrate", "class": "co_product", "mass_kg": "40",
              "assay": {"basis": "dry_mass", "rows": [{"species": "Nd2O3", "content_pct": "0.1"}]}}  # fmt: skip
    priced = {"currency": "USD", "period": "2026-03", "date": "2026-03-02", "source": "a list"}
    body["outputs"] = [first | {"price": {**priced, "value_per_kg": "3"}},
                       second | {"price": {**priced, "value_per_kg": "1"}}]  # fmt: skip
    market.say(market.mine, "lot.transform", body, process=BENEFICIATION)
    for lot in (ore, own, other):
        results.publish_result(actor=market.mine, lot=market.lot(lot))
    stock = {"opening_kg": "0", "shipped_kg": "60", "closing_kg": "0"}
    meter = {"flow": "electricity", "unit": "kWh", "metered": "200", "overhead": "100"}
    asked = {"stock": stock, "meters": [meter]}
    bare, without = headlines(plant, stock=stock), headlines(plant, **asked)
    prices = [{"material": one["material"], "stage": one["stage"], "price": one["price"]} for one in body["outputs"]]
    whole = headlines(plant, **asked, prices=prices)
    added = {basis: (whole[basis] - bare[basis]) * 60 for basis in whole}
    assert abs(added["mass"] - 100 * PER_KWH * Decimal("0.6")) < Decimal("1e-8")
    assert abs(added["economic"] - 100 * PER_KWH * 180 / 220) < Decimal("1e-8")
    assert without.keys() == {"mass"}
    late = [{**prices[0], "price": {**prices[0]["price"], "date": "2026-05-01"}}]
    problem(plant.owner.send("references", wanted(plant, **asked, prices=late)), 422, "price_of_another_time")
    mixed = [prices[0], {**prices[1], "price": {**prices[1]["price"], "currency": "EUR"}}]
    problem(plant.owner.send("references", wanted(plant, **asked, prices=mixed)), 422, "mixed_currencies")


def test_what_the_site_works_up_itself_is_no_product_of_it(plant: Clients) -> None:
    """40 of the 60 kg go into a second step: 20 are left, and the second product weighs 10 of 30."""
    market, first, own = plant.market, made(plant, "100"), urn()
    body = market.transform_body({first: "40"}, own, inventory=[ELECTRICITY])
    assay = {"basis": "dry_mass", "rows": [{"species": "Nd2O3", "content_pct": "40"}]}
    body["outputs"] = [{**body["outputs"][0], "material": "fine concentrate", "mass_kg": "10", "assay": assay}]
    market.say(market.mine, "lot.transform", body, process=BENEFICIATION)
    results.publish_result(actor=market.mine, lot=market.lot(own))
    asked = {"material": "fine concentrate", "stock": {"opening_kg": "0", "shipped_kg": "10", "closing_kg": "0"}}
    meter = {"flow": "electricity", "unit": "kWh", "metered": "300", "overhead": "100"}
    bare, whole = headlines(plant, **asked), headlines(plant, **asked, meters=[meter])
    assert abs((whole["mass"] - bare["mass"]) * 10 - 100 * PER_KWH / 3) < Decimal("1e-8")


def headlines(api: Clients, **changes: Any) -> dict[str, Decimal]:
    """GWP-GHG of each basis on which it is declared."""
    body = api.owner.get(published(api, **changes)["links"]["self"]).json()["body"]
    absent = {row["basis"] for row in body["not_declared"] if row.get("indicator", "gwp_ghg") == "gwp_ghg"}
    return {one["basis"]: Decimal(row["a1_a3"]) for one in body["bases"] if one["basis"] not in absent
            for row in one["indicators"] if row["indicator"] == "gwp_ghg"}  # fmt: skip
