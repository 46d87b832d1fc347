"""The API of notices, watches, webhooks and the audit log: as owner, other organisation, program and anybody."""

import json
from typing import Any

import pytest
from django.test import Client

from tests.api.clients import Program
from tests.notices.receivers import receiver
from tests.web.suppliers import People, open_people
from traceability.models import ApiToken, AuditEvent, Notice, NoticeCopy, Watch, Webhook
from traceability.selectors.access import Actor
from traceability.services import notices, outbox, webhooks

NOWHERE = "01a20044-1e90-7584-97e3-169105e74e78"


@pytest.fixture
def people(db: None) -> People:
    found = open_people()
    outbox.drain(names=(notices.TASK,))
    Notice.objects.all().delete()
    return found


@pytest.fixture
def there(settings: Any) -> Any:
    settings.LODESTONE_LOOPBACK_WEBHOOKS = True
    with receiver() as found:
        yield found


def actor_of(client: Client, of: Actor) -> Actor:
    """The person who is signed in at a client."""
    return Actor(int(client.session["_auth_user_id"]), of.organisation, of.role)


def send(client: Client, method: str, path: str, body: object) -> Any:
    return getattr(client, method)(f"/api/v1/{path}", json.dumps(body), content_type="application/json")


def results(client: Client, path: str, **query: str) -> Any:
    found = client.get(f"/api/v1/{path}", query)
    assert found.status_code == 200, found.content
    return found.json()["results"]


def test_notices_are_listed_filtered_and_read(people: People) -> None:
    lot = people.sent()
    outbox.drain(names=(notices.TASK,))
    program = Program(actor_of(people.partner, people.market.separator))
    [notice] = results(program, "notices")
    assert notice["kind"] == "goods.coming"
    assert notice["subject"] == lot.urn
    assert notice["page"] == f"/lots/{lot.pk}/"
    assert "read_at" not in notice
    assert results(people.partner, "notices") == [notice]
    assert results(program, "notices", kind="lot.recalled") == []
    assert results(people.owner, "notices") == results(people.outsider, "notices") == []
    path = f"/api/v1/notices/{notice['id']}/read"
    assert program.post(path).status_code == 204
    assert "read_at" in results(people.partner, "notices")[0]
    assert people.outsider.post(path).status_code == 404
    assert program.get("/api/v1/notices?kind=no").json()["code"] == "bad_parameter"
    assert NoticeCopy.objects.get().read_at is not None


@pytest.mark.parametrize("path", ["notices", "watches", "webhooks", "webhooks/key", "audit", f"webhooks/{NOWHERE}"])
def test_anybody_is_asked_who_he_is(people: People, path: str) -> None:
    assert people.anybody.get(f"/api/v1/{path}").status_code == 401


def test_a_lot_is_watched_once_and_no_longer(people: People) -> None:
    lot = people.lot()
    program = Program(actor_of(people.owner, people.market.mine))
    wanted = {"what": "lot", "subject": lot.urn}
    first, second = (send(program, "post", "watches", wanted) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert results(program, "watches") == results(people.owner, "watches") == [first.json()]
    path = f"/api/v1/watches/{first.json()['id']}"
    assert people.outsider.delete(path).status_code == people.partner.delete(path).status_code == 404
    assert program.delete(path).status_code == 204
    assert program.delete(path).status_code == 404
    assert not Watch.objects.exists()


def test_what_is_not_seen_is_not_watched(people: People) -> None:
    lot = people.lot()
    for client in (Program(actor_of(people.partner, people.market.separator)),):
        assert send(client, "post", "watches", {"what": "lot", "subject": lot.urn}).status_code == 404
    program = Program(actor_of(people.owner, people.market.mine))
    for what in ("declaration", "product"):
        found = send(program, "post", "watches", {"what": what, "subject": f"urn:uuid:{NOWHERE}"})
        assert found.status_code == 404
    assert send(program, "post", "watches", {"what": "cat", "subject": lot.urn}).status_code == 400


def test_a_token_that_reads_changes_nothing(people: People) -> None:
    lot = people.lot()
    reader = Program(actor_of(people.owner, people.market.mine), ApiToken.Scope.READ)
    refused = send(reader, "post", "watches", {"what": "lot", "subject": lot.urn})
    assert (refused.status_code, refused.json()["code"]) == (403, "insufficient_scope")


def test_a_webhook_lives_and_ends_by_the_api(people: People, there: Any) -> None:
    owner = people.owner
    made = send(owner, "post", "webhooks", {"url": there.url, "kinds": ["lot.recalled"]})
    assert made.status_code == 201, made.content
    webhook = made.json()
    assert (webhook["kinds"], webhook["on"]) == (["lot.recalled"], True)
    path = f"webhooks/{webhook['id']}"
    assert owner.get("/api/v1/webhooks/key").json()["public_key"].startswith("whpk_")
    sent = owner.post(f"/api/v1/{path}/test")
    assert sent.status_code == 201
    outbox.drain(names=(webhooks.TASK,))
    [delivery] = results(owner, f"{path}/deliveries")
    assert (delivery["state"], delivery["kind"]) == ("delivered", "test")
    assert [one["status"] for one in delivery["attempts"]] == [204]
    assert delivery["message"] == there.got[0][1]["webhook-id"]
    again = owner.post(f"/api/v1/{path}/deliveries/{delivery['id']}/again")
    assert again.json()["state"] == "waiting"
    outbox.drain(names=(webhooks.TASK,))
    assert len(there.got) == 2
    off = send(owner, "put", path, {"on": False})
    assert (off.json()["on"], off.json()["kinds"]) == (False, [])
    refused = owner.post(f"/api/v1/{path}/test")
    assert (refused.status_code, refused.json()["code"]) == (409, "webhook_off")
    assert send(owner, "put", path, {"on": True, "kinds": ["goods.coming"]}).json()["on"] is True
    for client in (people.partner, people.outsider):
        assert client.get(f"/api/v1/{path}").status_code == 404
        assert client.post(f"/api/v1/{path}/test").status_code == 404
        assert client.get(f"/api/v1/{path}/deliveries").status_code == 404
        assert client.delete(f"/api/v1/{path}").status_code == 404
    assert people.viewer.get(f"/api/v1/{path}").status_code == 403
    assert Program(people.market.mine).get(f"/api/v1/{path}").status_code == 403
    assert owner.delete(f"/api/v1/{path}").status_code == 204
    assert not Webhook.objects.exists()


@pytest.mark.parametrize("url", ["http://example.org/", "https://user@example.org/", "ftp://example.org/"])
def test_a_wrong_address_is_refused(people: People, url: str) -> None:
    refused = send(people.owner, "post", "webhooks", {"url": url})
    assert (refused.status_code, refused.json()["code"]) == (422, "bad_webhook_address")


def test_the_audit_log_is_read_by_administrators(people: People) -> None:
    lot = people.sent()
    people.partner.get(f"/lots/{lot.pk}/")
    [event] = results(people.owner, "audit", kind="read")
    assert event["by"] == people.market.separator.organisation.urn
    assert event["values_read"] > 0
    assert f"sha256:{bytes(lot.made_by.digest).hex()}" in event["statements"]
    assert "user" not in event  # a person of another organisation is its own affair
    assert results(people.outsider, "audit", kind="read") == []
    assert people.viewer.get("/api/v1/audit").status_code == 404
    assert Program(people.market.mine).get("/api/v1/audit").status_code == 404
    assert AuditEvent.objects.filter(kind="read").count() == 1


def test_a_program_that_reads_is_noted_too(people: People) -> None:
    lot = people.sent()
    program = Program(actor_of(people.partner, people.market.separator))
    assert program.get(f"/api/v1/lots/{lot.pk}").status_code == 200
    [event] = AuditEvent.objects.filter(kind="read")
    assert event.organisation == people.market.mine.organisation
