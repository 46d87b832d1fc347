"""The full size while Redis is away: requests succeed, nothing is lost, and the log goes on when it is asked to."""

import http.client
import json
import time
from contextlib import closing

import pytest

from tests.project.stack import Stack, free_port

pytestmark = pytest.mark.postgres
LONGEST_S = 10
"""How long a person may wait for an answer while Redis is looked for in vain."""


@pytest.fixture
def stack(ledger_db, tmp_path, monkeypatch):
    if "DATABASE_URL" not in ledger_db:
        pytest.skip("Needs PostgreSQL: make test-postgres")
    monkeypatch.setenv("REDIS_URL", f"redis://127.0.0.1:{free_port()}")
    found = Stack(tmp_path, ledger_db)
    # The keys with which this process signs.
    for name in ("master_key", "secret_key"):
        (found.secrets / name).write_text(ledger_db[f"LODESTONE_{name.upper()}"])
    return found


@pytest.fixture
def clients(ledger_db, stack, settings):
    from tests.api.clients import open_clients
    from traceability.services import log_queue

    stack.addresses["LODESTONE_LOG_ORIGIN"] = settings.LODESTONE_LOG_ORIGIN
    before = log_queue._nudge
    log_queue.nudge_by(lambda: None)
    yield open_clients()
    log_queue.nudge_by(before)


def ask(stack, clients, method, path, body=None):
    """Status, body and how long it took."""
    headers = {"Host": "ledger.example", "X-Forwarded-Proto": "https", "Content-Type": "application/json",
               "Authorization": f"Bearer {clients.owner.secret}"}  # fmt: skip
    begun = time.monotonic()
    with closing(http.client.HTTPConnection(stack.web, timeout=60)) as connection:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read() or b"{}"), time.monotonic() - begun


def test_a_statement_is_accepted_read_and_logged_without_redis(stack, clients):
    from tests.api.test_submit import source
    from traceability.models import QueueEntry, Statement
    from traceability.services import integrator
    from traceability.services.ledger_check import check_ledger

    sent = [source(clients) for _ in range(3)]
    with stack.running("web"):
        stack.until(stack.readyz, seconds=60, what="an answer of web")
        for one in sent:
            status, receipt, took_s = ask(stack, clients, "POST", "/api/v1/statements", json.dumps(one))
            assert (status, receipt.get("id")) == (201, one["id"])
            assert took_s < LONGEST_S
            status, lot, took_s = ask(stack, clients, "GET", f"/api/v1/lots/{one['body']['lot'][9:]}")
            assert status == 200, lot
            assert took_s < LONGEST_S
    rows = Statement.objects.filter(kind="lot.source")
    assert {f"urn:uuid:{row.urn}" for row in rows} == {one["id"] for one in sent}
    assert QueueEntry.objects.filter(statement__in=rows).count() == 3
    integrator.integrate()  # what the worker does on beat, once Redis is back
    assert not QueueEntry.objects.exists()
    assert list(check_ledger()) == []
