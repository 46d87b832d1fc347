"""Idempotency-Key: what is sent twice runs once; what was refused may be sent again."""

from tests.api.clients import NDJSON, Clients, ndjson
from tests.api.test_submit import problem, source
from traceability.models import Lot, RequestAnswer


def without_id(api: Clients) -> dict[str, object]:
    """A source whose id the platform chooses: each run makes another statement."""
    sent = source(api)
    del sent["id"]
    return sent


def test_the_same_request_under_the_same_key_gets_the_stored_answer(api: Clients) -> None:
    sent = without_id(api)
    first = api.owner.send("statements", sent, **{"Idempotency-Key": "key-1"})
    again = api.owner.send("statements", sent, **{"Idempotency-Key": "key-1"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert (again.content, again["Location"], again["ETag"]) == (first.content, first["Location"], first["ETag"])
    assert "Idempotency-Replayed" not in first
    assert again["Idempotency-Replayed"] == "true"
    assert Lot.objects.count() == 1


def test_another_request_under_the_same_key_is_refused(api: Clients) -> None:
    key = {"Idempotency-Key": "key-1"}
    api.owner.send("statements", source(api), **key)
    problem(api.owner.send("statements", source(api), **key), 409, "idempotency_key_reused")
    batch = api.owner.post("/api/v1/statements/batch", ndjson(source(api)), content_type=NDJSON, headers=key)
    problem(batch, 409, "idempotency_key_reused")


def test_keys_of_organisations_do_not_meet(api: Clients) -> None:
    key = {"Idempotency-Key": "key-1"}
    assert api.owner.send("statements", source(api), **key).status_code == 201
    problem(api.customer.send("statements", source(api), **key), 422, "facility_not_yours")


def test_a_refusal_leaves_the_key_free(api: Clients) -> None:
    key = {"Idempotency-Key": "key-1"}
    sent = source(api)
    problem(api.owner.send("statements", sent | {"kind": "lot.eat"}, **key), 400, "unknown_kind")
    assert not RequestAnswer.objects.exists()
    assert api.owner.send("statements", sent, **key).status_code == 201


def test_a_batch_runs_once(api: Clients) -> None:
    written = ndjson(without_id(api), without_id(api))
    key = {"Idempotency-Key": "key-1"}
    answers = [api.owner.post("/api/v1/statements/batch", written, content_type=NDJSON, headers=key) for _ in range(2)]
    assert answers[0].content == answers[1].content
    assert Lot.objects.count() == 2


def test_a_key_is_short_visible_text(api: Clients) -> None:
    for key in ("", "two words", "x" * 101, "ä"):
        answer = api.owner.send("statements", source(api), **{"Idempotency-Key": key})
        problem(answer, 400, "bad_idempotency_key")
