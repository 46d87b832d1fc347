"""What rule sets answer by program: of one lot, of many, of a day, and to whom."""

from tests.api.clients import Clients, Program, urn
from tests.api.test_reading import Sold, lot_path, sold
from traceability.api.rules import RulesOfLots
from traceability.models import ApiToken

__all__ = ["sold"]
DFARS = "us-dfars-252-225-7052"


def answers(client: Program, path: str) -> dict[tuple[str, str], dict[str, object]]:
    found = client.get(path)
    assert found.status_code == 200, found.content
    return {(one["rule_set"], one.get("version", "")): one for one in found.json()["answers"]}


def test_the_customer_gets_answers_of_what_he_bought_and_an_outsider_nothing(api: Clients, sold: Sold) -> None:
    path = lot_path(sold.part, "/rules")
    assert [one.get(path).status_code for one in (api.owner, api.customer, api.outsider)] == [200, 200, 404]
    found = answers(api.customer, path + "?as_of=2026-11-22")
    now, later = found[DFARS, "1"], found[DFARS, "2"]
    assert (now["later"], later["later"], later["as_of"]) == (False, True, "2027-01-01")
    assert now["sentence"] == f"{_word(now)} rule set {DFARS}, version 1, as of 2026-11-22."
    assert str(now["digest"]).startswith("sha256:")


def _word(answer: dict[str, object]) -> str:
    return {"pass": "Passes", "fail": "Fails", "insufficient_data": "Not enough data for"}[str(answer["answer"])]


def test_a_day_chooses_the_version(api: Clients, sold: Sold) -> None:
    path = lot_path(sold.part, "/rules")
    found = answers(api.owner, path + "?as_of=2027-01-01")
    assert (DFARS, "1") not in found
    assert found[DFARS, "2"]["later"] is False
    assert found["cn-mofcom-61-2025", "2"]["status"] == "unknown"
    assert answers(api.owner, path + "?as_of=2026-11-10")["cn-mofcom-61-2025", "1"]["status"] == "suspended"
    assert api.owner.get(path + "?as_of=tomorrow").status_code == 400


def test_many_lots_are_asked_at_once_and_foreign_ones_are_not_there(api: Clients, sold: Sold) -> None:
    asked = {"lots": [sold.part, sold.rest, urn()], "as_of": "2027-01-01", "rule_sets": [DFARS]}
    own = api.owner.send("lots/rules", asked).json()
    assert [one["lot"] for one in own["lots"]] == [sold.part, sold.rest]
    assert own["not_found"] == asked["lots"][2:]
    assert {one["rule_set"] for lot in own["lots"] for one in lot["answers"]} == {DFARS}
    bought = api.customer.send("lots/rules", asked).json()
    assert [one["lot"] for one in bought["lots"]] == [sold.part]
    assert sold.rest in bought["not_found"]
    assert api.outsider.send("lots/rules", asked).json()["lots"] == []


def test_what_is_asked_of_many_is_checked(api: Clients) -> None:
    for broken in ({}, {"lots": []}, {"lots": ["x"]}, {"lots": [urn()], "as_of": "soon"}, {"lots": [urn()], "more": 1}):
        assert api.owner.send("lots/rules", broken).status_code in (400, 422)
    unknown = {"lots": [urn()], "rule_sets": ["no-such-set"]}
    assert api.owner.send("lots/rules", unknown).status_code == 404


def test_a_token_that_only_reads_may_ask() -> None:
    assert RulesOfLots.scopes == {"POST": ApiToken.Scope.READ}


def test_anybody_reads_the_rule_sets(api: Clients) -> None:
    found = {one["id"]: one for one in api.anybody.get("/api/v1/rule-sets").json()}
    assert [one["since"] for one in found[DFARS]["versions"] if "since" in one] == ["2027-01-01"]
    assert api.anybody.get(f"/api/v1/rule-sets/{DFARS}").json() == found[DFARS]
    assert api.anybody.get("/api/v1/rule-sets/none").status_code == 404
