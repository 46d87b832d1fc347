"""Declarations by API: published by the maker, read and verified by anybody, ended by the declarant alone."""

import json
from typing import Any

import pytest

from epd.factors import shipped_factors
from epd.models import Declaration
from epd.services import factors, results
from tests.api.clients import Clients, urn
from tests.api.test_submit import problem
from tests.services.market import BENEFICIATION, START, Market
from traceability.ledger.moments import format_moment
from traceability.models import Statement
from traceability.services import integrator

ELECTRICITY = {
    "flow": "electricity",
    "role": "electricity",
    "amount": "100",
    "unit": "kWh",
    "basis": "metered",
    "factors": ["grid.us.2023"],
}
GWP = "0.615788333333"  # 100 kWh x 0.369473 / 60 kg, 12 digits


def concentrate(market: Market, *, covered: bool = True) -> str:
    """The urn of concentrate made with electricity, of ore that has its own result where it is to be covered."""
    ore, made = market.source(), urn()
    body = market.transform_body({ore: "1000"}, made, inventory=[ELECTRICITY])
    market.say(market.mine, "lot.transform", body, process=BENEFICIATION)
    if covered:
        results.publish_result(actor=market.mine, lot=market.lot(ore))
    return made


def declare(api: Clients, lot: str, product: str = "Nd concentrate") -> Any:
    """The answer to the publication of a lot whose result was signed."""
    assert api.owner.post(f"/api/v1/lots/{lot[9:]}/result").status_code == 201
    return api.owner.send("declarations", {"lot": lot, "product": product})


@pytest.fixture
def plant(api: Clients) -> Clients:
    """The market with a published factor set."""
    return with_factors(api)


@pytest.fixture
def ledger_plant(ledger_api: Clients) -> Clients:
    return with_factors(ledger_api)


def with_factors(api: Clients) -> Clients:
    """The clients, once the operator has published the factors."""
    factors.by_digest.cache_clear()
    factors.publish(actor=api.market.operator, factors=shipped_factors())
    return api


def checks(answer: Any) -> dict[str, str]:
    """The outcome of each named check."""
    assert answer.status_code == 200, answer.content
    return {one["id"]: one["outcome"] for one in answer.json()["checks"]}


def test_a_declaration_is_published_found_and_read_by_anybody(plant: Clients) -> None:
    lot = concentrate(plant.market)
    made = declare(plant, lot)
    assert made.status_code == 201, made.content
    shown = made.json()["declaration"]
    assert made["Location"] == shown["links"]["self"]
    for client in plant.all.values():
        [found] = client.get("/api/v1/declarations").json()["results"]
        assert found == shown
        for name in (shown["id"], shown["reference"]):
            detail = client.get(f"/api/v1/declarations/{name}").json()
            assert detail["gwp_ghg"] == GWP
            assert detail["body"]["title"] == "EPD-style declaration, not verified"
            assert detail["body"]["lot"] == lot
    detail = plant.anybody.get(shown["links"]["self"]).json()
    assert {one["path"] for one in detail["withheld"]} >= {"/body/causes", "/body/shares/sources"}
    assert "causes" not in detail["body"]
    assert "causes" in plant.owner.get(shown["links"]["self"]).json()["body"]


def test_a_figure_that_is_not_declared_is_absent_and_never_zero(plant: Clients) -> None:
    shown = declare(plant, concentrate(plant.market, covered=False)).json()["declaration"]
    assert "gwp_ghg" not in shown
    verify = plant.anybody.get(shown["links"]["verify"], {"max_gwp_ghg": "100"})
    assert checks(verify)["max_gwp_ghg"] == "not_established"
    assert plant.anybody.get("/api/v1/declarations?gwp_ghg_max=100").json()["results"] == []


def test_the_statement_of_a_declaration_is_served_as_it_was_signed(plant: Clients) -> None:
    links = declare(plant, concentrate(plant.market)).json()["declaration"]["links"]
    answer = plant.anybody.get(links["statement"])
    assert answer.content == bytes(Statement.objects.get(kind="declaration.publish").envelope)
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert plant.anybody.get(links["statement"], headers={"If-None-Match": answer["ETag"]}).status_code == 304
    by_digest = plant.anybody.get(f"/api/v1/statements/{answer['ETag'].strip(chr(34))}")
    assert by_digest.content == answer.content


def test_declarations_are_found_by_what_is_asked(plant: Clients) -> None:
    lot = concentrate(plant.market)
    id_ = declare(plant, lot).json()["declaration"]["id"]

    def found(**query: str) -> list[str]:
        return [one["id"] for one in plant.anybody.get("/api/v1/declarations", query).json()["results"]]

    mine = plant.market.mine.organisation
    hits: list[dict[str, str]] = [
        {"product": "CONCENTRATE"}, {"declarant": str(mine.pk)}, {"declarant": mine.urn}, {"country": "us"},
        {"status": "published"}, {"gwp_ghg_min": "0.6", "gwp_ghg_max": "0.62"}, {"lot": lot[9:]},
    ]  # fmt: skip
    misses: list[dict[str, str]] = [
        {"product": "magnet"}, {"declarant": str(plant.market.separator.organisation.pk)}, {"country": "DE"},
        {"status": "withdrawn"}, {"gwp_ghg_max": "0.6"}, {"gwp_ghg_min": "0.62"}, {"lot": urn()[9:]},
    ]  # fmt: skip
    assert [found(**query) for query in hits] == [[id_]] * len(hits)
    assert [found(**query) for query in misses] == [[]] * len(misses)
    for query in ({"gwp_ghg_max": "NaN"}, {"gwp_ghg_max": "1e400"}, {"status": "x"}, {"lot": "x"}, {"country": "xyz"}):
        problem(plant.anybody.get("/api/v1/declarations", query), 400, "bad_parameter")
    problem(plant.anybody.get("/api/v1/declarations?colour=red"), 400, "unknown_parameter")


def test_only_the_maker_computes_and_declares_a_lot(plant: Clients) -> None:
    market = plant.market
    lot = concentrate(market)
    result, body = f"/api/v1/lots/{lot[9:]}/result", {"lot": lot, "product": "x"}
    problem(plant.owner.send("declarations", body), 409, "result_unknown")
    for client in (plant.customer, plant.outsider):
        problem(client.post(result), 404, "not_found")
        problem(client.send("declarations", body), 404, "not_found")
    problem(plant.anybody.post(result), 401, "not_authenticated")
    answer = plant.anybody.post("/api/v1/declarations", json.dumps(body), content_type="application/json")
    problem(answer, 401, "not_authenticated")
    market.take(lot, market.send(lot, "60").digest, "60")
    problem(plant.customer.post(result), 403, "not_maker")
    assert plant.owner.post(result).status_code == 201
    problem(plant.customer.send("declarations", body), 403, "not_the_declarant")


def test_a_malformed_publication_is_refused(plant: Clients) -> None:
    lot = concentrate(plant.market)
    for body, code in (({}, "missing_field"), ({"lot": lot, "product": ""}, "out_of_range"),
                       ({"lot": lot, "product": "x", "price": "1"}, "unknown_field"),
                       ({"lot": lot, "product": "x", "illustrative": "no"}, "wrong_type")):  # fmt: skip
        problem(plant.owner.send("declarations", body), 400, code)
    assert not Declaration.objects.exists()


def test_only_the_declarant_withdraws(plant: Clients) -> None:
    links = declare(plant, concentrate(plant.market)).json()["declaration"]["links"]
    path = links["self"].removeprefix("/api/v1/") + "/withdraw"
    reason = {"reason": "The meter was read wrongly."}
    problem(plant.customer.send(path, reason), 403, "not_your_subject")
    answer = plant.anybody.post(f"/api/v1/{path}", json.dumps(reason), content_type="application/json")
    problem(answer, 401, "not_authenticated")
    problem(plant.owner.send(path, {}), 400, "missing_field")
    assert plant.owner.send(path, reason).status_code == 201
    detail = plant.anybody.get(links["self"]).json()
    assert (detail["status"], detail["reason"]) == ("withdrawn", reason["reason"])
    problem(plant.owner.send(path, reason), 409, "subject_ended")


def test_a_declaration_is_superseded_by_another_of_its_declarant(plant: Clients) -> None:
    lot = concentrate(plant.market)
    old, new = (declare(plant, lot, name).json()["declaration"] for name in ("old", "new"))
    path = f"declarations/{old['reference']}/supersede"
    body = {"successor": new["urn"], "reason": "New meter readings."}
    problem(plant.owner.send(path, body | {"successor": urn()}), 403, "not_the_declarant")
    problem(plant.owner.send(path, body | {"successor": old["urn"]}), 403, "not_the_declarant")
    problem(plant.outsider.send(path, body), 403, "not_your_subject")
    assert plant.owner.send(path, body).status_code == 201
    detail = plant.anybody.get(old["links"]["self"]).json()
    assert (detail["status"], detail["successor"]) == ("superseded", new["links"]["self"])


def test_the_named_checks_pass_fail_or_are_not_established(ledger_plant: Clients) -> None:
    api = ledger_plant
    lot = concentrate(api.market)
    shown = declare(api, lot).json()["declaration"]
    verify = shown["links"]["verify"]
    usual = {"signature": "pass", "key_in_force": "pass", "figures": "pass", "inventory": "pass", "current": "pass"}
    assert checks(api.anybody.get(verify)) == usual | {"in_log": "not_established"}
    integrator.integrate()
    answer = api.anybody.get(verify)
    assert checks(answer) == usual | {"in_log": "pass"}
    assert answer.json()["outcome"] == "pass"
    assert answer.json()["checkpoint"].startswith("127.0.0.1/log\n")
    custody_hash = api.anybody.get(shown["links"]["self"]).json()["body"]["custody_hash"]
    asked = {
        "expect": (custody_hash, "sha256:" + "0" * 64, "custody_hash"),
        "max_gwp_ghg": ("0.7", "0.6", "max_gwp_ghg"),
        "min_recycled_pct": ("0", "5", "min_recycled_pct"),
    }
    for name, (good, bad, check) in asked.items():
        assert checks(api.anybody.get(verify, {name: good}))[check] == "pass"
        refused = api.customer.post(verify, json.dumps({name: bad}), content_type="application/json")
        assert checks(refused)[check] == "fail"
        assert refused.json()["outcome"] == "fail"
    verified = api.anybody.get(verify, {"verified": "true"})
    assert checks(verified)["verified"] == "not_established"
    assert verified.json()["outcome"] == "not_established"
    offline = api.anybody.get(verify, {"expect": custody_hash}).json()["offline"]
    assert f"--expect {custody_hash}" in offline["command"]


def test_a_criterion_that_makes_no_sense_is_refused(plant: Clients) -> None:
    verify = declare(plant, concentrate(plant.market)).json()["declaration"]["links"]["verify"]
    for query, code in (({"expect": "x"}, "bad_digest"), ({"max_gwp_ghg": "low"}, "bad_quantity"),
                        ({"min_recycled_pct": "101"}, "out_of_range"), ({"basis": "volume"}, "bad_parameter"),
                        ({"colour": "red"}, "unknown_parameter")):  # fmt: skip
        problem(plant.anybody.get(verify, query), 400, code)
    problem(plant.anybody.post(verify, '{"max": 1}', content_type="application/json"), 400, "unknown_field")


def test_figures_go_stale_when_the_result_is_withdrawn(plant: Clients) -> None:
    shown = declare(plant, concentrate(plant.market)).json()["declaration"]
    digest = plant.anybody.get(shown["links"]["self"]).json()["body"]["result"]
    void = {"kind": "statement.void", "body": {"voids": digest, "reason": "wrong meter"}}
    answer = plant.owner.send("statements", void | {"occurred_from": format_moment(START)})
    assert answer.status_code == 201, answer.content
    assert checks(plant.anybody.get(shown["links"]["verify"]))["figures"] == "fail"


def test_what_is_not_there_is_not_found(plant: Clients) -> None:
    for name in (urn()[9:], "2222-2222"):
        for tail in ("", "/statement", "/verify"):
            problem(plant.anybody.get(f"/api/v1/declarations/{name}{tail}"), 404, "not_found")
        problem(plant.owner.send(f"declarations/{name}/withdraw", {"reason": "x"}), 404, "not_found")


def compare(api: Clients, *names: str) -> Any:
    return api.anybody.get("/api/v1/declarations/compare", {"with": ",".join(names)})


def test_declarations_stand_side_by_side(plant: Clients) -> None:
    first, second = (declare(plant, concentrate(plant.market)).json()["declaration"] for _ in range(2))
    found = compare(plant, first["reference"], second["id"]).json()
    assert found["comparable"] is True
    assert [one["id"] for one in found["declarations"]] == [first["id"], second["id"]]
    headline = next(one for one in found["figures"] if (one["indicator"], one["basis"]) == ("gwp_ghg", "mass"))
    assert headline == {"indicator": "gwp_ghg", "basis": "mass", "unit": headline["unit"], "values": [GWP, GWP]}
    bare = declare(plant, concentrate(plant.market, covered=False)).json()["declaration"]
    mixed = compare(plant, first["id"], bare["id"]).json()["figures"]
    assert next(one for one in mixed if one["indicator"] == "gwp_ghg")["values"] == [GWP, None]  # null, never zero


def test_figures_of_another_kind_are_not_comparable(plant: Clients) -> None:
    lots = [concentrate(plant.market) for _ in range(2)]
    declared = [declare(plant, lots[0]).json()]
    assert plant.owner.post(f"/api/v1/lots/{lots[1][9:]}/result").status_code == 201
    wanted = {"lot": lots[1], "product": "Trial", "illustrative": True}
    declared.append(plant.owner.send("declarations", wanted).json())
    found = compare(plant, *(one["declaration"]["id"] for one in declared)).json()
    assert (found["comparable"], [one["code"] for one in found["obstacles"]]) == (False, ["illustrative"])


def test_what_cannot_be_compared_is_refused(plant: Clients) -> None:
    one = declare(plant, concentrate(plant.market)).json()["declaration"]["reference"]
    for names in ((), (one,), (one, one), ("x", one), (one, *["ZZZZ-ZZZZ"] * 4)):
        assert compare(plant, *names).status_code == 400
    assert compare(plant, one, "ZZZZ-ZZZZ").status_code == 404
