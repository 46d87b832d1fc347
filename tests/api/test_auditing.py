"""Samples and notes of auditors by program."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.api.clients import Clients, Program
from traceability.models import ApiToken, Lot, Mandate
from traceability.services import integrator


@pytest.fixture
def lot(api: Clients) -> str:
    """A lot of the mine in the log; the outsider audits the mine."""
    urn = api.market.source()
    integrator.integrate()
    return urn


@pytest.fixture
def mandate(api: Clients) -> None:
    today = timezone.now().date()
    Mandate.objects.create(
        giver=api.market.mine.organisation,
        holder=api.outsider.actor.organisation,
        purpose=Mandate.Purpose.AUDIT,
        valid_from=today - timedelta(days=1),
        valid_until=today + timedelta(days=1),
    )


def period(**more: str) -> dict[str, str]:
    today = timezone.now().date()
    return {"since": str(today - timedelta(days=1)), "until": str(today), "seed": "a1", **more}


def of_mine(api: Clients, **more: str) -> dict[str, str]:
    return period(organisation=str(api.market.mine.organisation.pk), **more)


def test_the_same_question_draws_the_same_sample(api: Clients, lot: str, mandate: None) -> None:
    answer = api.outsider.read("samples", **of_mine(api, size="2"))
    assert answer.status_code == 200, answer.content
    found = answer.json()
    assert (found["algorithm"], found["seed"], len(found["statements"])) == ("lodestone-sample/1", "a1", 2)
    assert found["statements"][0]["issuer"]["name"] == "Juniper Flat"
    api.market.source()
    integrator.integrate()
    assert api.outsider.get(found["again"]).json() == found
    of_lot = api.owner.read("samples", **period(lot=lot[9:])).json()
    assert [one["kind"] for one in of_lot["statements"]] == ["lot.source"]


def test_without_a_mandate_there_is_nothing_to_draw_from(api: Clients, lot: str) -> None:
    assert api.outsider.read("samples", **of_mine(api)).status_code == 404
    assert api.outsider.read("samples", **period(lot=lot[9:])).status_code == 404
    assert api.anybody.get("/api/v1/samples").status_code == 401


@pytest.mark.parametrize(
    ("change", "parameter"),
    [
        ({"since": ""}, "since"),
        ({"since": "2026-2-1"}, "since"),
        ({"since": "2026-02-30"}, "since"),
        ({"until": "1999-01-01"}, "until"),
        ({"size": "501"}, "size"),
        ({"tree": "x"}, "tree"),
        ({"lot": "01a20044-1e90-7584-97e3-169105e74e78"}, "organisation"),
    ],
)
def test_what_cannot_be_drawn_is_named(api: Clients, lot: str, change: dict[str, str], parameter: str) -> None:
    answer = api.owner.read("samples", **of_mine(api) | change)
    assert (answer.status_code, answer.json()["parameter"]) == (400, parameter)


def write(client: Program, lot: str, **more: Any) -> Any:
    return client.send("notes", {"lot": lot, "text": "Look at the weighing note", **more})


def test_a_note_is_shared_done_and_taken_away(api: Clients, lot: str, mandate: None) -> None:
    answer = write(api.outsider, lot, shared=True)
    assert answer.status_code == 201, answer.content
    note = answer.json()
    assert (note["about"], note["subject"], note["own"], note["shared"]) == ("lot", lot, True, True)
    [seen] = api.owner.read("notes", whose="shared").json()["results"]
    assert (seen["id"], seen["own"]) == (note["id"], False)
    place = f"/api/v1/notes/{note['id']}"
    done = api.outsider.put(place, {"done": True}, content_type="application/json")
    assert "done_at" in done.json()
    assert api.outsider.read("notes", state="open").json()["results"] == []
    assert len(api.outsider.read("notes", state="done", about="lot", text="weighing").json()["results"]) == 1
    for client, status in ((api.owner, 404), (api.customer, 404), (api.anybody, 401)):
        assert client.delete(place).status_code == status
        assert client.put(place, {"done": True}, content_type="application/json").status_code == status
    assert api.outsider.delete(place).status_code == 204


def test_a_note_on_a_statement_names_its_digest(api: Clients, lot: str) -> None:
    digest = "sha256:" + bytes(Lot.objects.get(pk=lot[9:]).made_by.digest).hex()
    note = api.owner.send("notes", {"statement": digest, "text": "own"}).json()
    assert note["subject"] == digest
    assert api.customer.read("notes").json()["results"] == []


def test_who_may_not_see_it_writes_no_note_on_it(api: Clients, lot: str) -> None:
    assert write(api.outsider, lot).status_code == 404
    assert write(api.owner, lot, shared=True).json()["code"] == "no_mandate_to_share"
    assert api.owner.send("notes", {"text": "on nothing"}).json()["code"] == "nothing_to_note"
    reader = Program(api.market.mine, ApiToken.Scope.READ)
    assert write(reader, lot).json()["code"] == "insufficient_scope"


def test_the_last_day_of_the_calendar_is_a_day(api: Clients, lot: str) -> None:
    assert api.owner.read("samples", **of_mine(api, until=str(date(2999, 12, 31)))).status_code == 200
