"""Batches: all or none, every refusal names its line, one validation with the single submission."""

import json
from typing import Any

import pytest

from tests.api.clients import NDJSON, Clients, act, ndjson, urn
from tests.api.test_submit import BAD_ACTS, new_id, problem, signed, source
from traceability.api import submissions
from traceability.models import Lot, Statement


def post(api: Clients, written: str | bytes, **headers: str) -> Any:
    return api.owner.post("/api/v1/statements/batch", written, content_type=NDJSON, headers=headers)


def test_a_batch_answers_with_a_receipt_for_each_line(api: Clients) -> None:
    sent = [source(api) for _ in range(5)]
    answer = post(api, ndjson(*sent, signed(api)))
    assert answer.status_code == 201
    receipts = answer.json()["receipts"]
    assert [one["id"] for one in receipts[:5]] == [one["id"] for one in sent]
    assert Lot.objects.count() == 6
    single = api.owner.send("statements", sent[0])
    assert (single.status_code, single.json()) == (200, receipts[0])


def test_a_batch_may_build_on_itself(api: Clients) -> None:
    ore = source(api)
    lot = ore["body"]["lot"]
    steps = [
        act("lot.transform", api.market.transform_body({lot: "1000"}, urn()), day=2,
            process=[{"step": "beneficiation", "country": "US"}]),
        act("lot.hold", {"lot": lot, "reason": "it is used up"}, day=3),
    ]  # fmt: skip
    assert problem(post(api, ndjson(ore, *steps)), 409, "wrong_custody_state")["line"] == 3
    assert post(api, ndjson(ore, steps[0])).status_code == 201


def test_the_same_batch_again_gives_the_same_receipts(api: Clients) -> None:
    written = ndjson(*(source(api) for _ in range(3)))
    first, again = post(api, written), post(api, written)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert Lot.objects.count() == 3


@pytest.mark.parametrize("case", BAD_ACTS)
def test_one_bad_line_refuses_the_batch_as_it_would_be_refused_alone(api: Clients, case: str) -> None:
    changes, code, path = BAD_ACTS[case]
    bad = source(api) | changes
    before = Statement.objects.count()
    found = problem(post(api, ndjson(source(api), bad, source(api))), 400, code)
    assert (found["line"], found["path"]) == (2, path)
    alone = api.owner.send("statements", bad).json()
    assert {**found, "line": 0} == {**alone, "line": 0}
    assert Statement.objects.count() == before


def test_empty_lines_are_passed_over_and_counted(api: Clients) -> None:
    good, bad = json.dumps(source(api)), json.dumps(source(api) | {"kind": "lot.eat"})
    assert problem(post(api, f"\n{good}\r\n\n{bad}"), 400, "unknown_kind")["line"] == 4
    assert len(post(api, f"\n{good}\r\n\n").json()["receipts"]) == 1


def test_a_line_that_is_cut_off_refuses_the_batch(api: Clients) -> None:
    written = ndjson(source(api), source(api))[:-30]
    assert problem(post(api, written), 400, "not_json")["line"] == 2
    assert not Lot.objects.exists()


def test_the_same_id_twice_in_a_batch_is_refused(api: Clients) -> None:
    one = source(api)
    other = source(api) | {"id": one["id"]}
    assert problem(post(api, ndjson(one, other)), 409, "id_taken")["line"] == 2


def test_the_same_lot_twice_in_a_batch_is_refused(api: Clients) -> None:
    one = source(api)
    other = one | {"id": new_id()}
    assert problem(post(api, ndjson(one, other)), 409, "lot_exists")["line"] == 2


def test_anothers_lot_in_a_batch_does_not_exist(api: Clients) -> None:
    lot = api.market.source()
    rows = [act("lot.hold", {"lot": lot, "reason": "mine now"})]
    answer = api.outsider.post("/api/v1/statements/batch", ndjson(*rows), content_type=NDJSON)
    assert problem(answer, 404, "lot_unknown")["line"] == 1


def test_the_limits_of_a_batch_are_told(api: Clients, monkeypatch: pytest.MonkeyPatch) -> None:
    problem(post(api, "\n\n"), 400, "empty_batch")
    problem(post(api, "x" * (submissions.MAX_BATCH_BYTES + 1)), 413, "too_large")
    long_line = json.dumps(source(api) | {"open": ["x" * 1_100_000]})
    assert problem(post(api, ndjson(source(api)) + long_line), 413, "too_large")["line"] == 2
    monkeypatch.setattr(submissions, "MAX_LINES", 3)
    problem(post(api, ndjson(*(source(api) for _ in range(4)))), 413, "too_many_lines")
    answer = api.owner.post("/api/v1/statements/batch", "{}", content_type="application/json")
    problem(answer, 415, "unsupported_media_type")
