"""Reading: what owner, customer, outsider and anybody get from every address, and how many queries it takes."""

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api.clients import Clients, Program, act, urn
from tests.api.test_submit import problem
from tests.services.market import CONCENTRATE_ASSAY
from traceability.ledger import envelope, merkle, tlogproof
from traceability.ledger.closed import parse_disclosure
from traceability.ledger.identifiers import b64_decode, digest_of
from traceability.models import Lot, OpeningRule, Statement
from traceability.services import integrator, organisations

TODAY = "2026-01-01"


@pytest.fixture
def sold(api: Clients) -> "Sold":
    """Ore, its concentrate, two parts of it, and one of them sold to the customer."""
    return Sold(api)


class Sold:
    def __init__(self, api: Clients) -> None:
        market = api.market
        self.ore = market.source()
        self.made, self.part, self.rest = urn(), urn(), urn()
        process = [{"step": "beneficiation", "country": "US"}]
        body = market.transform_body({self.ore: "1000"}, self.made)
        assert api.owner.say("lot.transform", body, day=20, process=process).status_code == 201
        market.days = 30
        market.split(self.made, {self.part: "20", self.rest: "40"}, "60")
        self.dispatch = market.send(self.part, "20")
        self.receipt = market.take(self.part, self.dispatch.digest, "20")


def lot_path(lot: str, tail: str = "") -> str:
    return f"/api/v1/lots/{lot[9:]}{tail}"


def made_by(lot: str) -> str:
    return "sha256:" + bytes(Lot.objects.get(pk=lot[9:]).made_by.digest).hex()


# Who sees which address.


def statuses(api: Clients, path: str) -> list[int]:
    return [client.get(path).status_code for client in api.all.values()]


def test_every_address_answers_those_who_may_see_and_is_not_there_for_others(api: Clients, sold: Sold) -> None:
    digest = sold.dispatch.digest
    shared = [
        lot_path(sold.part),
        lot_path(sold.part, "/statements"),
        lot_path(sold.part, "/lineage"),
        lot_path(sold.ore),  # it went into what the customer has
        f"/api/v1/statements/{digest}",
        f"/api/v1/statements/{digest}/disclosures",
        f"/api/v1/statements/{digest}/receipt",
        f"/api/v1/statements/{made_by(sold.ore)}",
    ]
    assert {path: statuses(api, path) for path in shared} == {path: [200, 200, 404, 401] for path in shared}
    owners = [lot_path(sold.rest), lot_path(sold.rest, "/statements"), lot_path(sold.rest, "/lineage?direction=down")]
    assert {path: statuses(api, path) for path in owners} == {path: [200, 404, 404, 401] for path in owners}
    nowhere = [lot_path(urn()), f"/api/v1/statements/{digest_of(b'nothing')}"]
    assert {path: statuses(api, path) for path in nowhere} == {path: [404, 404, 404, 401] for path in nowhere}
    own = [f"/api/v1/{name}" for name in ("lots", "organisations/me", "facilities", "keys", "mandates")]
    assert {path: statuses(api, path) for path in own} == {path: [200, 200, 200, 401] for path in own}
    assert {problem(api.owner.read("tokens"), 403, "not_allowed")["code"]} == {"not_allowed"}
    open_to_all = ["/api/v1/log", "/api/v1/problems", "/api/v1/problems/overdrawn", "/api/v1/openapi.yaml"]
    assert {path: statuses(api, path) for path in open_to_all} == {path: [200, 200, 200, 200] for path in open_to_all}


def test_what_is_not_there_and_what_is_not_yours_are_told_alike(api: Clients, sold: Sold) -> None:
    first = problem(api.outsider.get(lot_path(sold.part)), 404, "not_found")
    assert first == problem(api.outsider.get(lot_path(urn())), 404, "not_found")


def test_an_address_that_is_none_is_a_problem_document(api: Clients) -> None:
    for path in ("nowhere", "lots/7", "lots/not-a-uuid", "statements/sha256:00", "problems/none"):
        answer = api.owner.read(path)
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


# Statements.


def test_the_stored_bytes_are_served_as_they_are_and_kept(api: Clients, sold: Sold) -> None:
    row = Statement.objects.get(kind="lot.dispatch")
    path = f"/api/v1/statements/{sold.dispatch.digest}"
    answer = api.owner.get(path)
    assert answer.content == bytes(row.envelope)
    assert digest_of(envelope.parse_envelope(answer.content).payload) == sold.dispatch.digest
    assert answer["ETag"] == f'"{sold.dispatch.digest}"'
    assert answer["Cache-Control"] == "private, max-age=31536000, immutable"
    for tag in (answer["ETag"], f"W/{answer['ETag']}", f'"other", {answer["ETag"]}', "*"):
        kept = api.owner.get(path, headers={"If-None-Match": tag})
        assert (kept.status_code, kept.content, kept["ETag"]) == (304, b"", answer["ETag"])
    assert api.owner.get(path, headers={"If-None-Match": '"sha256:00"'}).status_code == 200
    assert api.outsider.get(path, headers={"If-None-Match": answer["ETag"]}).status_code == 404
    head = api.owner.head(path)
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", answer["ETag"])


def test_disclosures_are_those_that_the_issuer_opens(api: Clients, sold: Sold) -> None:
    path = f"/api/v1/statements/{made_by(sold.ore)}/disclosures"
    owner, customer = api.owner.get(path).json(), api.customer.get(path).json()
    assert {one["path"] for one in owner["disclosures"]} == {"/body/mass_kg", "/body/lot_number", "/body/assay/rows"}
    assert owner["withheld"] == []
    assert customer["disclosures"] == []
    assert {one["by"] for one in customer["withheld"]} == {api.market.mine.organisation.urn}
    for one in owner["disclosures"]:
        found = parse_disclosure(one["disclosure"])
        assert (found.digest, found.value) == (one["digest"], one["value"])
    OpeningRule.objects.create(organisation=api.market.mine.organisation, group="assay", audience="anybody")
    assert [one["path"] for one in api.customer.get(path).json()["disclosures"]] == ["/body/assay/rows"]


def test_a_mandate_opens_the_statements_of_who_gave_it(api: Clients, sold: Sold) -> None:
    from datetime import date

    path = f"/api/v1/statements/{made_by(sold.ore)}/disclosures"
    assert api.outsider.get(path).status_code == 404
    organisations.give_mandate(
        actor=api.market.mine, holder=api.outsider.actor.organisation, purpose="audit",
        valid_from=date(2020, 1, 1), valid_until=date(2099, 1, 1),
    )  # fmt: skip
    assert len(api.outsider.get(path).json()["disclosures"]) == 3
    given, held = api.owner.read("mandates").json()["results"], api.outsider.read("mandates").json()["results"]
    assert given == held
    assert given[0]["in_force"] is True
    assert api.outsider.read("lots").json()["results"]


def test_a_receipt_gets_its_proof_once_the_log_has_it(ledger_api: Clients) -> None:
    api = ledger_api
    lot = api.market.source()
    path = f"/api/v1/statements/{made_by(lot)}/receipt"
    before = api.owner.get(path).json()
    assert before["state"] == "accepted"
    assert "proof" not in before
    integrator.integrate()
    after = api.owner.get(path).json()
    assert after["state"] == "logged"
    proof = after["proof"]
    hashes = [b64_decode(one) for one in proof["hashes"]]
    leaf = merkle.leaf_hash(b64_decode(proof["leaf"]))
    note = tlogproof.parse_proof(proof["tlog_proof"].encode())
    root = b64_decode(proof["checkpoint"].split("\n")[2])
    merkle.verify_inclusion(leaf, proof["index"], hashes, merkle.TreeHead(proof["tree_size"], root))
    assert (note.index, list(note.hashes)) == (proof["index"], hashes)
    link = api.owner.get(lot_path(lot, "/statements")).json()["results"][0]
    assert link["index"] == proof["index"]
    health = api.anybody.get("/api/v1/log").json()
    assert (health["size"], health["waiting"]) == (proof["tree_size"], 0)
    assert health["checkpoint_age_s"] >= 0


def test_the_bundle_is_for_those_with_whom_the_lot_is(ledger_api: Clients) -> None:
    api = ledger_api
    path = lot_path(api.market.source(), "/bundle")
    problem(api.owner.get(path), 503, "not_published_yet")
    integrator.integrate()
    answer = api.owner.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as found:
        assert {"manifest.json", "README.txt"} <= set(found.namelist())
    problem(api.customer.get(path), 404, "not_found")
    problem(api.anybody.get(path), 401, "not_authenticated")


# Lots.


def test_the_list_names_what_is_withheld(api: Clients, sold: Sold) -> None:
    rows = {row["urn"]: row for row in api.customer.read("lots").json()["results"]}
    assert rows.keys() == {sold.part}
    bought = rows[sold.part]
    assert (bought["state"], bought["mass_kg"], bought["remaining_kg"]) == ("held", "20", "20")
    assert bought["maker"] == {"urn": api.market.mine.organisation.urn, "name": "Juniper Flat"}
    OpeningRule.objects.create(organisation=api.market.mine.organisation, group="names", audience="nobody")
    OpeningRule.objects.create(organisation=api.market.mine.organisation, group="mass", audience="nobody")
    [bought] = api.customer.read("lots").json()["results"]
    assert bought["remaining_kg"] == "20"  # it is the customer's own stock
    ore = api.customer.get(lot_path(sold.ore)).json()
    assert {"mass_kg", "number", "remaining_kg"} <= set(ore["withheld"])
    assert not {"mass_kg", "number", "remaining_kg"} & ore.keys()


def test_a_lot_that_was_handed_on_tells_no_more_where_it_is(api: Clients, sold: Sold) -> None:
    owner = api.owner.get(lot_path(sold.part)).json()
    assert owner["state"] == "delivered"
    assert not {"holder", "receiver", "custody", "remaining_kg"} & owner.keys()
    customer = api.customer.get(lot_path(sold.part)).json()
    assert customer["state"] == "held"
    assert customer["custody"]["seq"] == 2
    api.customer.say("lot.hold", {"lot": sold.part, "reason": "sampling"}, day=90)
    kinds = [one["kind"] for one in api.owner.get(lot_path(sold.part, "/statements")).json()["results"]]
    assert kinds == ["lot.transform", "lot.dispatch", "lot.receive"]
    assert len(api.customer.get(lot_path(sold.part, "/statements")).json()["results"]) == 4


def test_the_detail_opens_the_statement_that_made_the_lot(api: Clients, sold: Sold) -> None:
    owner, customer = (client.get(lot_path(sold.made)).json()["made_by"] for client in (api.owner, api.customer))
    assert owner["body"]["outputs"][0]["assay"] == CONCENTRATE_ASSAY
    assert owner["withheld"] == []
    assert owner["process"] == [{"step": "beneficiation", "country": "US"}]
    assert "mass_kg" not in customer["body"]["outputs"][0]
    assert {"path": "/body/outputs/0/mass_kg", "by": api.market.mine.organisation.urn, "erased": False} in customer[
        "withheld"
    ]
    assert "rows" in customer["body"]["outputs"][0]["assay"]  # a part of it was bought: its assay counts for him


def test_lots_are_found_by_what_the_reader_may_see(api: Clients, sold: Sold) -> None:
    def found(client: Program, **query: str) -> set[str]:
        return {row["urn"] for row in client.read("lots", **query).json()["results"]}

    assert found(api.owner) == {sold.ore, sold.made, sold.part, sold.rest}
    assert found(api.owner, state="held") == {sold.rest}
    assert found(api.owner, state="closed") == {sold.ore, sold.made}
    assert found(api.owner, state="delivered") == {sold.part}
    assert found(api.owner, stage="ore") == {sold.ore}
    assert found(api.owner, material="CONCENTRATE", state="held") == {sold.rest}
    assert found(api.owner, number="ore-") == {sold.ore}
    assert found(api.owner, holder=str(api.market.separator.organisation.pk)) == set()
    assert found(api.customer, holder=api.market.separator.organisation.urn) == {sold.part}
    assert found(api.outsider) == set()


def test_nobody_finds_a_lot_by_a_number_that_is_withheld(api: Clients) -> None:
    market = api.market
    lot = market.source()
    market.take(lot, market.send(lot).digest)
    assert len(api.customer.read("lots", number="ORE").json()["results"]) == 1
    OpeningRule.objects.create(organisation=market.mine.organisation, group="names", audience="auditor")
    [row] = api.customer.read("lots").json()["results"]
    assert "number" not in row
    assert api.customer.read("lots", number="ORE").json()["results"] == []


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"colour": "red"}, "unknown_parameter"),
        ({"state": "lost"}, "bad_parameter"),
        ({"stage": "soup"}, "bad_parameter"),
        ({"holder": "x"}, "bad_parameter"),
        ({"number": "x" * 100}, "bad_parameter"),
        ({"number": "\x00"}, "bad_parameter"),
        ({"number": ""}, "bad_parameter"),
        ({"limit": "0"}, "bad_parameter"),
        ({"limit": "201"}, "bad_parameter"),
        ({"limit": "ten"}, "bad_parameter"),
        ({"cursor": "nonsense"}, "bad_cursor"),
        ({"cursor": "cD1ub3doZXJl"}, "bad_cursor"),
        ({"cursor": "cD05OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5"}, "bad_cursor"),
        ({"state": ["held", "closed"]}, "bad_parameter"),
    ],
)
def test_a_query_that_makes_no_sense_is_refused(api: Clients, query: dict[str, Any], code: str) -> None:
    api.market.source()
    problem(api.owner.get("/api/v1/lots", query), 400, code)


def pages(client: Program, path: str) -> Iterator[list[dict[str, Any]]]:
    """The pages of a list, by their links."""
    link: str | None = path
    while link:
        answer = client.get(link)
        body = answer.json()
        yield body["results"]
        link = body.get("next")
        assert ('rel="next"' in answer.get("Link", "")) is (link is not None)


def test_pages_follow_each_other_while_lots_are_added(api: Clients) -> None:
    lots = [api.market.source() for _ in range(7)]
    seen: list[str] = []
    for number, page in enumerate(pages(api.owner, "/api/v1/lots?limit=3")):
        seen += [row["urn"] for row in page]
        if number == 0:
            api.market.source()
    assert seen == lots[::-1]


def test_pages_of_lots_of_one_statement(api: Clients, sold: Sold) -> None:
    parts = {urn(): "1" for _ in range(7)}
    api.market.split(sold.rest, parts, "7")
    seen = [row["urn"] for page in pages(api.owner, "/api/v1/lots?limit=2&state=held") for row in page]
    assert sorted(seen) == sorted([*parts, sold.rest])


# Lineage.


def test_lineage_goes_up_to_the_ore_and_down_as_far_as_one_may_see(api: Clients, sold: Sold) -> None:
    up = api.customer.get(lot_path(sold.part, "/lineage")).json()
    assert [(row["urn"], row["depth"]) for row in up["lots"]] == [(sold.made, 1), (sold.ore, 2)]
    assert {(edge["from_lot"], edge["to_lot"]) for edge in up["edges"]} == {
        (sold.made[9:], sold.part[9:]),
        (sold.ore[9:], sold.made[9:]),
    }
    assert all("mass_kg" not in edge for edge in up["edges"])
    down = api.owner.get(lot_path(sold.ore, "/lineage?direction=down")).json()
    assert {row["urn"] for row in down["lots"]} == {sold.made, sold.part, sold.rest}
    assert {edge["mass_kg"] for edge in down["edges"]} == {"1000", "60"}
    below = api.customer.get(lot_path(sold.ore, "/lineage?direction=down")).json()
    assert [row["urn"] for row in below["lots"]] == [sold.part]


def test_lineage_stops_at_the_depth_and_says_so(api: Clients, sold: Sold) -> None:
    near = api.owner.get(lot_path(sold.part, "/lineage?depth=1")).json()
    assert ([row["urn"] for row in near["lots"]], near["complete"]) == ([sold.made], False)
    assert api.owner.get(lot_path(sold.part, "/lineage?depth=2")).json()["complete"] is True
    for query in ("depth=0", "depth=101", "depth=x", "direction=sideways"):
        problem(api.owner.get(lot_path(sold.part, f"/lineage?{query}")), 400, "bad_parameter")


# Queries: as many for fifty rows as for two.

LISTS = ("lots", "facilities", "keys", "mandates")


def queries(client: Program, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(path).status_code == 200
    return len(found)


def test_lists_take_as_many_queries_for_many_rows_as_for_two(api: Clients, sold: Sold) -> None:
    api.owner.read("organisations/me")  # the use of the token is noted once
    split = [lot_path(sold.made, "/statements"), lot_path(sold.made, "/lineage?direction=down"), "/api/v1/lots"]
    before = {path: queries(api.owner, path) for path in split}
    for _ in range(10):
        api.market.source()
    api.market.split(sold.rest, {urn(): "1" for _ in range(20)}, "20")
    assert {path: queries(api.owner, path) for path in split} == before
    assert before["/api/v1/lots"] <= 15
    assert max(queries(api.owner, f"/api/v1/{name}") for name in ("facilities", "keys", "mandates")) <= 3


def test_a_signed_object_takes_two_queries_for_its_issuer(api: Clients, sold: Sold) -> None:
    api.owner.read("organisations/me")
    assert queries(api.owner, f"/api/v1/statements/{made_by(sold.ore)}") <= 3


def test_an_act_takes_a_bounded_number_of_queries(api: Clients) -> None:
    api.owner.say("lot.source", api.market.source_body(urn()))
    with CaptureQueriesContext(connection) as found:
        answer = api.owner.send("statements", act("lot.source", api.market.source_body(urn()), day=2))
    assert answer.status_code == 201
    assert len(found) <= 24, "\n".join(query["sql"][:100] for query in found)


# Tokens.


def test_an_administrator_makes_sees_and_revokes_tokens(api: Clients, django_user_model: Any) -> None:
    from traceability.models import Membership

    user = django_user_model.objects.create_user("ada", "ada@example.org", "correct horse")
    Membership.objects.create(user=user, organisation=api.market.mine.organisation, role="admin")
    api.anybody.force_login(user)
    wanted = {"name": "ERP", "scopes": ["submit"], "expires_at": "2027-06-30T00:00:00Z"}

    def post(body: dict[str, Any]) -> Any:
        return api.anybody.post("/api/v1/tokens", json.dumps(body), content_type="application/json")

    made = post(wanted)
    assert made.status_code == 201
    assert made["Cache-Control"] == "no-store"
    secret = made.json()["secret"]
    program = {"Authorization": f"Bearer {secret}"}
    assert api.anybody.get("/api/v1/organisations/me", headers=program).json()["may_submit"] is True
    rows = api.anybody.get("/api/v1/tokens").json()["results"]
    assert [row["name"] for row in rows] == ["ERP", "tests"]
    assert secret not in json.dumps(rows)
    problem(post(wanted | {"expires_at": "2020-01-01T00:00:00Z"}), 422, "bad_token_life")
    problem(post(wanted | {"scopes": ["all"]}), 400, "out_of_range")
    place = f"/api/v1/tokens/{made.json()['id']}"
    assert problem(api.owner.delete(place), 403, "not_allowed")
    assert api.anybody.delete(place).status_code == 204
    problem(api.anybody.delete(place), 404, "not_found")
    problem(api.anybody.get("/api/v1/organisations/me", headers=program), 401, "token_revoked")


def test_a_person_of_no_organisation_is_told_so(api: Clients, django_user_model: Any) -> None:
    api.anybody.force_login(django_user_model.objects.create_user("bob", "bob@example.org", "correct horse"))
    problem(api.anybody.get("/api/v1/lots"), 403, "no_organisation")
