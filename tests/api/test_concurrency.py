"""Two requests at once over real transactions: one lot is drawn once, one key runs once."""

import json
import threading
from collections.abc import Callable
from typing import Any

from django.db import connections
from django.test import Client

from tests.api.clients import Clients, act, urn
from tests.api.test_submit import source
from traceability.models import Lot, RequestAnswer, Statement


def at_once(*requests: Callable[[], Any]) -> list[Any]:
    """The answers of requests that start together, each over a connection of its own."""
    answers: list[Any] = [None] * len(requests)
    start = threading.Barrier(len(requests))

    def run(place: int) -> None:
        start.wait()
        try:
            answers[place] = requests[place]()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(requests))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def poster(api: Clients, sent: object, **headers: str) -> Callable[[], Any]:
    """A request of the owner with a client of its own."""
    client = Client(headers={"Authorization": f"Bearer {api.owner.secret}"} | headers)
    return lambda: client.post("/api/v1/statements", json.dumps(sent), content_type="application/json")


def test_two_draws_of_one_lot_leave_one(ledger_api: Clients) -> None:
    api = ledger_api
    lot = api.market.source()
    process = [{"step": "beneficiation", "country": "US"}]
    draws = [
        act("lot.transform", api.market.transform_body({lot: "700"}, urn(), outputs=[output()]), day=9, process=process)
        for _ in range(2)
    ]
    answers = at_once(*(poster(api, draw) for draw in draws))
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    [refused] = [answer for answer in answers if answer.status_code == 409]
    assert refused.json()["code"] == "overdrawn"
    assert Lot.objects.get(pk=lot[9:]).remaining_kg == 300
    assert Statement.objects.filter(kind="lot.transform").count() == 1


def output() -> dict[str, Any]:
    return {"lot": urn(), "material": "tailings", "stage": "residue", "class": "waste", "mass_kg": "600"}


def test_the_same_act_at_once_is_one_statement(ledger_api: Clients) -> None:
    sent = source(ledger_api)
    answers = at_once(*(poster(ledger_api, sent) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert len({answer.content for answer in answers}) == 1
    assert Lot.objects.count() == 1


def test_one_key_at_once_runs_once(ledger_api: Clients) -> None:
    sent = source(ledger_api)
    del sent["id"]
    answers = at_once(*(poster(ledger_api, sent, **{"Idempotency-Key": "k"}) for _ in range(4)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotency-Replayed" in answer for answer in answers) == 3
    assert Lot.objects.count() == RequestAnswer.objects.count() == 1
