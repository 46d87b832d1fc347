"""Requests between partners by program."""

from typing import Any

import pytest

from tests.api.clients import Clients
from traceability.models import Lot, OpeningRule


@pytest.fixture
def lot(api: Clients) -> str:
    OpeningRule.objects.create(organisation=api.market.mine.organisation, group="names", audience="nobody")
    urn = api.market.source(lot_number="SECRET-1")
    api.market.send(urn)
    return urn


def digest_of_lot(lot: str) -> str:
    return "sha256:" + bytes(Lot.objects.get(pk=lot[9:]).made_by.digest).hex()


def ask(api: Clients, lot: str, **more: Any) -> Any:
    return api.customer.send("requests", {"what": "declaration", "lot": lot, **more})


def test_a_request_is_made_read_and_listed_by_both(api: Clients, lot: str) -> None:
    answer = ask(api, lot, message="for our EPD", due_on="2027-01-31")
    assert answer.status_code == 201, answer.content
    found = answer.json()
    assert answer["Location"] == f"/api/v1/requests/{found['id']}"
    assert found["partner"] == {"urn": api.market.mine.organisation.urn, "name": "Juniper Flat"}
    assert (found["state"], found["to_you"], found["lot"], found["due_on"]) == ("open", False, lot, "2027-01-31")
    assert ask(api, lot).json()["id"] == found["id"]
    for client, to_you in ((api.owner, True), (api.customer, False)):
        [row] = client.read("requests", state="open").json()["results"]
        assert row["to_you"] is to_you
        assert client.read(f"requests/{found['id']}").json() == row
    assert api.owner.read("requests", state="declined").json()["results"] == []
    assert api.outsider.read("requests").json()["results"] == []


def test_for_an_outsider_a_request_does_not_exist(api: Clients, lot: str) -> None:
    id = ask(api, lot).json()["id"]
    assert api.outsider.read(f"requests/{id}").status_code == 404
    assert api.outsider.delete(f"/api/v1/requests/{id}").status_code == 404
    assert api.outsider.send(f"requests/{id}/decline", {"reason": "no"}).status_code == 404
    assert api.outsider.send(f"requests/{id}/answer", {}).status_code == 404
    assert api.anybody.get(f"/api/v1/requests/{id}").status_code == 401
    assert api.outsider.send("requests", {"what": "declaration", "lot": lot}).status_code == 404


def test_values_are_opened_to_who_asked(api: Clients, lot: str) -> None:
    digest = digest_of_lot(lot)
    wanted = {"what": "opening", "statement": digest, "places": ["/body/lot_number"]}
    id = api.customer.send("requests", wanted).json()["id"]
    answer = api.owner.send(f"requests/{id}/answer", {"places": ["/body/lot_number"], "reason": "here"})
    assert answer.status_code == 200, answer.content
    assert answer.json()["opened"] == ["/body/lot_number"]
    shown = api.customer.read(f"statements/{digest}/disclosures").json()["disclosures"]
    assert "SECRET-1" in [one["value"] for one in shown]
    assert api.customer.read(f"requests/{id}").json()["state"] == "answered"
    assert api.owner.send(f"requests/{id}/decline", {"reason": "no"}).status_code == 409


def test_a_request_is_declined_or_withdrawn(api: Clients, lot: str) -> None:
    id = ask(api, lot).json()["id"]
    assert api.customer.send(f"requests/{id}/decline", {"reason": "no"}).status_code == 409
    assert api.owner.delete(f"/api/v1/requests/{id}").status_code == 409
    assert api.owner.send(f"requests/{id}/decline", {"reason": "no"}).json()["reason"] == "no"
    assert ask(api, lot).status_code == 409
    other = ask(api, lot, product="ore").json()["id"]
    assert api.customer.delete(f"/api/v1/requests/{other}").json()["state"] == "withdrawn"


@pytest.mark.parametrize(
    ("wanted", "status"),
    [
        ({"what": "money"}, 400),
        ({"what": "declaration"}, 422),
        ({"what": "declaration", "product": "ore", "to": "urn:uuid:01a20044-1e90-7584-97e3-169105e74e78"}, 404),
        ({"what": "opening"}, 422),
        ({"what": "opening", "statement": "sha256:" + "0" * 64, "places": ["/body"]}, 404),
        ({"what": "declaration", "due_on": "2026-02-30"}, 400),
        ({"what": "declaration", "message": "a" * 1001}, 400),
    ],
)
def test_what_cannot_be_asked_is_refused(api: Clients, lot: str, wanted: dict[str, Any], status: int) -> None:
    assert api.customer.send("requests", wanted).status_code == status


def test_asking_for_a_day_that_is_over_is_refused(api: Clients, lot: str) -> None:
    assert ask(api, lot, due_on="2020-01-01").status_code == 422
