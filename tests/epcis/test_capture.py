"""Documents come in over /epcis/v2/capture: what is kept, what is refused, what a job says."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.epcis.asking import ask, capture, document, event, events_in, held, job_of
from tests.standards import standards_path

if TYPE_CHECKING:
    from tests.api.clients import Clients

OTHERS = "epcis/openepcis-test-resources/2.0/EPCIS/JSON/Capture"


def files(folder: str, pattern: str) -> list[Path]:
    return sorted(standards_path(folder).rglob(pattern))


def forget() -> None:
    from traceability.models import EpcisCapture

    EpcisCapture.objects.all().delete()


def sent_events(document: dict[str, Any]) -> list[dict[str, Any]]:
    body = document["epcisBody"]
    return body["eventList"] if "eventList" in body else body["queryResults"]["resultsBody"]["eventList"]


def as_sent(found: dict[str, Any], sent: dict[str, Any]) -> dict[str, Any]:
    """An event without what is added where the sender left it out."""
    added = {name for name in ("eventID", "recordTime", "@context") if name not in sent}
    return {name: value for name, value in found.items() if name not in added}


@pytest.mark.parametrize("folder", ["epcis/gs1-epcis/examples", f"{OTHERS}/Documents"])
def test_each_document_is_kept_and_given_back_as_it_was_sent(api: "Clients", folder: str) -> None:
    newer = {"SensorData_with_combined_events.json", "TransactionEvent_with_userExtensions.json"}
    found = [path for path in files(folder, "*.json*") if path.name not in newer]
    assert len(found) == (47 if "gs1" in folder else 36)
    for path in found:
        forget()
        body = path.read_text()
        job = job_of(api.owner, capture(api.owner, body))
        assert (job["running"], job["success"], job["errors"]) == (False, True, []), (path.name, job)
        given = events_in(ask(api.owner, "events", perPage="100", orderBy="recordTime", orderDirection="ASC"))
        wanted = sent_events(json.loads(body))
        assert [json.dumps(as_sent(one, sent)) for one, sent in zip(given, wanted, strict=True)] == [
            json.dumps(one) for one in wanted
        ], path.name


@pytest.mark.parametrize("path", files(f"{OTHERS}/Invalid", "*.json"), ids=lambda path: path.stem)
def test_each_wrong_document_is_refused_with_its_places(api: "Clients", path: Path) -> None:
    answer = capture(api.owner, path.read_text())
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    told = json.loads(answer.content)
    assert told["type"] == "epcisException:ValidationException"
    assert all(one["pointer"].startswith("/") and one["detail"] for one in told["errors"])
    assert events_in(ask(api.owner, "events")) == []


def test_rollback_keeps_none_and_proceed_keeps_what_is_right(api: "Clients") -> None:
    mixed = document(event(1), event(2, action="CREATE"), event(3))
    assert capture(api.owner, mixed).status_code == 400
    assert events_in(ask(api.owner, "events")) == []
    job = job_of(api.owner, capture(api.owner, mixed, **{"GS1-Capture-Error-Behaviour": "proceed"}))
    assert (job["running"], job["success"], job["captureErrorBehaviour"]) == (False, False, "proceed")
    [error] = job["errors"]
    assert error["type"] == "epcisException:ValidationException"
    assert error["pointer"] == "/epcisBody/eventList/1/action"
    assert len(events_in(ask(api.owner, "events"))) == 2


def test_the_four_states_of_a_job(api: "Clients", monkeypatch: pytest.MonkeyPatch) -> None:
    from traceability.services import epcis_capture

    monkeypatch.setattr(epcis_capture, "AT_ONCE", 0)
    right = capture(api.owner, document(event(1)))
    wrong = capture(api.owner, document(event(2), event(3, action="x")), **{"GS1-Capture-Error-Behaviour": "proceed"})

    def states() -> list[tuple[bool, bool]]:
        return [(one["running"], one["success"]) for one in (job_of(api.owner, right), job_of(api.owner, wrong))]

    assert states() == [(True, True), (True, False)]
    assert epcis_capture.work() == 2
    assert states() == [(False, True), (False, False)]
    assert [one["captureID"] for one in ask(api.owner, "capture")] == [
        job_of(api.owner, one)["captureID"] for one in (wrong, right)
    ]


def test_an_event_is_kept_once_and_another_of_its_name_is_refused(api: "Clients") -> None:
    named = event(1, eventID="https://example.com/events/1")
    for _ in range(2):
        assert job_of(api.owner, capture(api.owner, document(named, named)))["success"]
    assert len(events_in(ask(api.owner, "events"))) == 1
    other = job_of(api.owner, capture(api.owner, document(event(2), named | {"bizStep": "receiving"})))
    assert not other["success"]
    assert other["errors"][0]["type"] == "epcisException:ResourceAlreadyExistsException"
    assert other["errors"][0]["pointer"] == "/epcisBody/eventList/1/eventID"
    assert len(events_in(ask(api.owner, "events"))) == 1
    wrong = named | {"errorDeclaration": {"declarationTime": "2026-11-22T10:00:00Z", "reason": "did_not_occur"}}
    assert job_of(api.owner, capture(api.owner, document(wrong)))["success"]
    path = "events/https%3A%2F%2Fexample.com%2Fevents%2F1"
    assert len(events_in(ask(api.owner, path, "/events/{eventID}"))) == 2


def test_an_event_without_a_name_gets_its_hash_and_the_version_is_stored(api: "Clients") -> None:
    from traceability.models import EpcisEvent

    capture(api.owner, document(event(1)))
    [given] = events_in(ask(api.owner, "events"))
    assert given["eventID"].startswith("ni:///sha-256;")
    assert given["eventID"].endswith("?ver=CBV2.0")
    assert "recordTime" in given
    assert EpcisEvent.objects.get().hash_version == "CBV2.0"


@pytest.mark.parametrize(
    "content",
    [b"{", b"[]", b"\xff", b'{"type": 5}', b"[" * 100_000, b'{"type":NaN}', b'"\\ud800"'],
)
def test_what_is_no_document_is_refused(api: "Clients", content: bytes) -> None:
    answer = capture(api.owner, content)
    assert answer.status_code == 400
    assert json.loads(answer.content)["type"] == "epcisException:ValidationException"


def test_the_limits_are_told_and_held(api: "Clients", monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    from traceability.services import epcis_documents

    monkeypatch.setattr(epcis_documents, "MOST_EVENTS", 2)
    discovered = api.owner.options("/epcis/v2/capture")
    held(discovered, "/capture", "options")
    assert discovered["GS1-EPCIS-Capture-Limit"] == "2"
    assert {"OPTIONS", "GET", "POST"} <= set(discovered["Allow"].split(", "))
    assert discovered["GS1-Capture-Error-Behaviour"] == "rollback"
    answer = capture(api.owner, document(event(1), event(2), event(3)))
    assert answer.status_code == 413
    assert json.loads(answer.content)["type"] == "epcisException:CaptureLimitExceededException"
    monkeypatch.setattr(epcis_documents, "most_bytes", lambda: 100)
    assert capture(api.owner, document(event(1), event(2))).status_code == 413


def test_other_forms_and_behaviours_are_refused(api: "Clients") -> None:
    answer = api.owner.post("/epcis/v2/capture", "<a/>", content_type="application/xml")
    assert answer.status_code == 415
    assert json.loads(answer.content)["type"] == "epcisException:UnsupportedMediaTypeException"
    assert capture(api.owner, document(event(1)), **{"GS1-Capture-Error-Behaviour": "maybe"}).status_code == 400


def test_one_event_alone(api: "Clients") -> None:
    def send(body: Any) -> Any:
        found = api.owner.post("/epcis/v2/events", json.dumps(body), content_type="application/json")
        held(found, "/events", "post")
        return found

    alone = {"@context": "https://ref.gs1.org/standards/epcis/epcis-context.jsonld", **event(1)}
    made = send(alone)
    assert made.status_code == 201
    found = api.owner.get(made["Location"])
    held(found, "/events/{eventID}", "get")
    assert as_sent(events_in(json.loads(found.content))[0], alone) == alone
    assert send(alone).status_code == 409
    assert send(event(2)).status_code == 400


def test_nobody_else_sees_it(api: "Clients") -> None:
    answer = capture(api.owner, document(event(1, eventID="https://example.com/1")))
    for client in (api.customer, api.outsider):
        assert client.get(answer["Location"]).status_code == 404
        assert events_in(ask(client, "events")) == []
        assert client.get("/epcis/v2/events/https%3A%2F%2Fexample.com%2F1").status_code == 404
        assert ask(client, "readPoints")["member"] == []
    assert api.anybody.get("/epcis/v2/events").status_code == 401
    assert api.anybody.get("/epcis/v2/events").json()["type"] == "epcisException:SecurityException"


def test_who_may_only_read_captures_nothing(api: "Clients") -> None:
    from tests.api.clients import Program
    from traceability.models import ApiToken

    reader = Program(api.owner.actor, ApiToken.Scope.READ)
    answer = capture(reader, document(event(1)))
    assert answer.status_code == 403
    assert json.loads(answer.content)["type"] == "epcisException:SecurityException"
