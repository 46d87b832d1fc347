"""The operator's calls: who waits, who is here, and how the installation does."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.accounts.people import browser, member, newcomer
from tests.api.clients import Clients
from traceability.models import JobFailure, MailEntry, Membership, Organisation, OutboxTask, Statement

JSON = "application/json"
READINGS = ("applicants", "organisations", "log", "tasks", "failures", "mail", "outbox", "keys")


@pytest.fixture
def clerk(api: Clients) -> Client:
    """An administrator of the operator."""
    return browser(member(api.market.operator.organisation, "clerk"))


def read(client: Client, path: str, **query: str) -> Any:
    return client.get(f"/api/v1/operator/{path}", query)


def send(client: Client, path: str, body: object, **headers: str) -> Any:
    return client.post(f"/api/v1/operator/{path}", body, content_type=JSON, headers=headers)


def test_who_waits_is_vouched_for_once(api: Clients, clerk: Client) -> None:
    applicant = newcomer().organisation
    [shown] = read(clerk, "applicants").json()["results"]
    assert (shown["id"], shown["name"]) == (str(applicant.pk), "Hafen Magnets")
    assert {"about", "applied_by", "applied_at"} <= shown.keys()
    place = f"organisations/{applicant.pk}"
    assert read(clerk, place).json()["application"]["about"] == shown["about"]
    assert send(clerk, f"{place}/vouch", {"checked": ["luck"]}).status_code == 400
    key = {"Idempotency-Key": "k1"}
    first = send(clerk, f"{place}/vouch", {"checked": ["identity"]}, **key)
    assert (first.status_code, first.json()["kind"]) == (201, "organisation.attest")
    again = send(clerk, f"{place}/vouch", {"checked": ["identity"]}, **key)
    assert (again.json(), again["Idempotency-Replayed"]) == (first.json(), "true")
    assert Statement.objects.filter(kind="organisation.attest", links__subject=applicant.pk).count() <= 1
    assert send(clerk, f"{place}/vouch", {"checked": ["identity"]}).json()["code"] == "not_waiting"
    found = read(clerk, place).json()
    assert (found["standing"], len(found["keys"])) == ("active", 1)
    assert found["administrators"][0]["email"]
    assert read(clerk, "applicants").json()["results"] == []


def test_refusing_suspending_and_resuming(api: Clients, clerk: Client) -> None:
    applicant = newcomer().organisation
    refused = send(clerk, f"organisations/{applicant.pk}/refuse", {"reason": "no such company"})
    assert (refused.status_code, refused.json()["standing"], refused.json()["reason"]) == (
        200, "refused", "no such company",
    )  # fmt: skip
    place = f"organisations/{api.market.mine.organisation.pk}/suspension"
    assert send(clerk, place, {"reason": ""}).status_code == 400
    assert send(clerk, place, {"reason": "unpaid"}).json()["standing"] == "suspended"
    assert send(clerk, place, {"reason": "unpaid"}).status_code == 409
    assert clerk.delete(f"/api/v1/operator/{place}").json()["standing"] == "active"


def test_organisations_are_found_by_name_and_standing_in_pages(api: Clients, clerk: Client) -> None:
    everybody = Organisation.objects.count()
    found: list[Any] = []
    page = read(clerk, "organisations", limit="2")
    while True:
        found += page.json()["results"]
        if "next" not in page.json():
            break
        assert 'rel="next"' in page["Link"]
        page = clerk.get(page.json()["next"])
    assert len({one["id"] for one in found}) == len(found) == everybody
    assert [one["name"] for one in found] == sorted(one["name"] for one in found)
    mine = api.market.mine.organisation
    [shown] = read(clerk, "organisations", words=mine.name, standing="active").json()["results"]
    assert (shown["id"], shown["urn"]) == (str(mine.pk), mine.urn)
    assert read(clerk, "organisations", words=mine.name, standing="closed").json()["results"] == []
    assert read(clerk, "organisations", standing="asleep").status_code == 400


def test_the_log_and_its_keys_are_watched(api: Clients, clerk: Client) -> None:
    found = read(clerk, "log").json()
    assert (found["signed"], found["guarded"], found["checked"]) == ("pass", "pass", "none")
    assert len(found["signatures"]) == 3
    keys = read(clerk, "keys").json()
    assert [one["kind"] for one in keys["log"]][1] == "ML-DSA-44"
    assert keys["cannot_open"] == []
    assert keys["others"] >= 2
    assert "private" not in str(keys)


def test_tasks_failures_letters_and_the_outbox(api: Clients, clerk: Client) -> None:
    now = timezone.now()
    assert {one["state"] for one in read(clerk, "tasks").json()["results"]} == {"not_run"}
    JobFailure.objects.create(name="lodestone.tidy", error="disk full", at=now, last_at=now, times=3)
    [failure] = read(clerk, "failures", name="lodestone.tidy").json()["results"]
    assert (failure["error"], failure["times"]) == ("disk full", 3)
    assert read(clerk, "failures", name="lodestone.mail").json()["results"] == []
    task = OutboxTask.objects.create(key="m1", name="mail", due_at=now, state=OutboxTask.State.GIVEN_UP, tries=9)
    letter = MailEntry.objects.create(what="notice", to="a***@b.example", task="m1", sent=False, at=now, last_at=now)
    left = MailEntry.objects.create(what="notice", to="a***@b.example", sent=True, at=now, last_at=now)
    [shown] = read(clerk, "mail", state="not_sent").json()["results"]
    assert (shown["id"], shown["waits"]) == (letter.pk, True)
    assert send(clerk, f"mail/{left.pk}/again", {}).status_code == 404
    assert send(clerk, f"mail/{letter.pk}/again", {}).status_code == 204
    task.refresh_from_db()
    assert (task.state, task.tries) == ("waiting", 0)
    OutboxTask.objects.filter(pk=task.pk).update(state=OutboxTask.State.GIVEN_UP)
    [waiting] = read(clerk, "outbox", state="given_up").json()["results"]
    assert (waiting["id"], waiting["key"]) == (task.pk, "m1")
    assert send(clerk, f"outbox/{task.pk}/again", {}).status_code == 204
    assert read(clerk, "outbox", state="given_up").json()["results"] == []


def test_for_others_nothing_of_it_exists(api: Clients, clerk: Client) -> None:
    stranger = browser(member(api.market.mine.organisation, "dana"))
    reader = browser(member(api.market.operator.organisation, "rita", Membership.Role.VIEWER))
    applicant = newcomer().organisation
    for path in READINGS:
        assert read(clerk, path).status_code == 200, path
        assert read(stranger, path).status_code == 404, path
        assert read(api.owner, path).status_code == 403, path  # a program
        assert read(api.anybody, path).status_code == 401, path
        assert read(reader, path).status_code == (200 if path in ("applicants", "organisations") else 404), path
    for path, body in (
        ("vouch", {"checked": ["identity"]}),
        ("refuse", {"reason": "a"}),
        ("suspension", {"reason": "a"}),
    ):
        assert send(stranger, f"organisations/{applicant.pk}/{path}", body).status_code == 404
        assert send(reader, f"organisations/{applicant.pk}/{path}", body).status_code == 403
    applicant.refresh_from_db()
    assert applicant.standing == "waiting"
