"""Who subscribed to a query is told of what it finds: as it comes in, or by a schedule."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.epcis.asking import ask, capture, document, event, events_in, held
from tests.notices.receivers import Receiver
from tests.notices.receivers import receiver as open_receiver

if TYPE_CHECKING:
    from tests.api.clients import Clients


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """An address of this machine, which is let."""
    settings.LODESTONE_LOOPBACK_WEBHOOKS = True
    with open_receiver() as found:
        yield found


def create(client: Any, **wanted: Any) -> Any:
    """The answer to a subscription to a query of all that is shipped."""
    body = json.dumps({"name": "shipped", "query": {"EQ_bizStep": ["shipping"]}})
    client.post("/epcis/v2/queries", body, content_type="application/json")
    answer = client.post("/epcis/v2/queries/shipped/subscriptions", json.dumps(wanted), content_type="application/json")
    if answer.status_code != 400:
        held(answer, "/queries/{queryName}/subscriptions", "post")
    return answer


def send_all() -> int:
    from traceability.services import epcis_subscriptions, outbox

    return outbox.drain(names=(epcis_subscriptions.TASK,), seconds=10)


def test_a_stream_brings_each_event_once_and_signed(api: "Clients", receiver: Receiver) -> None:
    capture(api.owner, document(event(1)))
    made = create(api.owner, dest=receiver.url, stream=True, signatureToken="secret")
    assert made.status_code == 201
    assert "secret" not in made.content.decode()
    capture(api.owner, document(event(2), event(3, bizStep="receiving")))
    capture(api.customer, document(event(4)))
    assert send_all() >= 1
    [(_, headers, body)] = receiver.got
    assert headers["gs1-signature"] == hmac.new(b"secret", body, hashlib.sha256).hexdigest()
    told = json.loads(body)
    assert [one["epcList"] for one in events_in(told)] == [event(2)["epcList"]]
    assert told["epcisBody"]["queryResults"]["subscriptionID"] == json.loads(made.content)["subscriptionID"]
    send_all()
    assert len(receiver.got) == 1


def test_what_came_before_is_told_where_it_is_wanted(api: "Clients", receiver: Receiver) -> None:
    capture(api.owner, document(event(1), event(2)))
    create(api.owner, dest=receiver.url, stream=True, initialRecordTime="2026-01-01T00:00:00Z")
    send_all()
    assert len(events_in(json.loads(receiver.got[0][2]))) == 2


def test_a_schedule_calls_and_tells_of_nothing_only_where_that_is_wanted(api: "Clients", receiver: Receiver) -> None:
    from traceability.models import EpcisSubscription
    from traceability.services import epcis_subscriptions

    for empty in (True, False):
        create(api.owner, dest=receiver.url, schedule={"hour": "1", "minute": "5"}, reportIfEmpty=empty)
    assert epcis_subscriptions.put_due() == 0
    EpcisSubscription.objects.update(due_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert epcis_subscriptions.put_due() == 2
    assert send_all() == 2
    assert [events_in(json.loads(body)) for _, _, body in receiver.got] == [[]]
    assert all(one.due_at > datetime(2026, 2, 1, tzinfo=UTC) for one in EpcisSubscription.objects.all())


def test_a_message_that_is_not_taken_is_sent_again(api: "Clients", receiver: Receiver) -> None:
    from traceability.models import OutboxTask

    create(api.owner, dest=receiver.url, stream=True)
    capture(api.owner, document(event(1)))
    receiver.status = 500
    send_all()
    receiver.status = 204
    OutboxTask.objects.filter(name="epcis").update(due_at=datetime(2026, 1, 1, tzinfo=UTC))
    send_all()
    assert len(receiver.got) == 2
    assert events_in(json.loads(receiver.got[0][2])) == events_in(json.loads(receiver.got[1][2]))


def test_subscriptions_are_listed_and_ended_by_their_owner(api: "Clients") -> None:
    made = create(api.owner, dest="https://hooks.example/in", schedule={"second": "[0-10],30"})
    pattern = "/queries/{queryName}/subscriptions"
    [listed] = ask(api.owner, "queries/shipped/subscriptions", pattern)
    path = f"queries/shipped/subscriptions/{listed['subscriptionID']}"
    assert made["Location"].endswith(path)
    assert ask(api.owner, path, pattern + "/{subscriptionID}") == listed
    assert api.customer.delete(f"/epcis/v2/{path}").status_code == 404
    assert api.owner.delete(f"/epcis/v2/{path}").status_code == 204
    assert ask(api.owner, "queries/shipped/subscriptions", pattern) == []


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"dest": "https://hooks.example/in"},
        {"dest": "https://hooks.example/in", "stream": True, "schedule": {"hour": "1"}},
        {"dest": "https://hooks.example/in", "schedule": {}},
        {"dest": "https://hooks.example/in", "schedule": {"hour": "24"}},
        {"dest": "https://hooks.example/in", "schedule": {"month": "2", "dayOfMonth": "30"}},
        {"dest": "https://hooks.example/in", "schedule": {"hour": "*/5"}},
        {"dest": "ftp://hooks.example/in", "stream": True},
        {"dest": "https://hooks.example/in", "stream": True, "signatureToken": 5},
        {"dest": "https://hooks.example/in", "stream": True, "initialRecordTime": "soon"},
    ],
)
def test_what_cannot_be_subscribed_to(api: "Clients", wanted: dict[str, Any]) -> None:
    assert create(api.owner, **wanted).status_code == 400


@pytest.mark.parametrize(
    ("schedule", "due"),
    [
        ({"hour": "1", "minute": "5"}, "2026-11-23T01:05:00"),
        ({"second": "0,30"}, "2026-11-22T10:00:30"),
        ({"minute": "[10-20]"}, "2026-11-22T10:10:00"),
        ({"dayOfWeek": "1"}, "2026-11-23T00:00:00"),
        ({"dayOfMonth": "1", "month": "2", "hour": "6"}, "2027-02-01T06:00:00"),
    ],
)
def test_when_a_schedule_calls(schedule: dict[str, str], due: str) -> None:
    from traceability.services.epcis_subscriptions import next_due

    after = datetime(2026, 11, 22, 10, 0, 0, tzinfo=UTC)
    found = next_due(schedule, after)
    assert found == datetime.fromisoformat(due).replace(tzinfo=UTC)
    assert found - after < timedelta(days=366)
