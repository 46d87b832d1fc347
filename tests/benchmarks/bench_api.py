"""What the API costs over a view that does nothing: one statement, a batch, a signed object.

The first part calls the application without sockets, requests in turns. Python CPU is that of this process outside the
driver of the database; what passes inside it, SQLite's own work or waking up for PostgreSQL's answer, stands beside
it. Elapsed time has the commit too, which a batch pays once. The second part is what a client waits for: the server
that ships, over one connection that is kept. Only ratios inside one run mean anything on a busy machine.
"""

import http.client
import io
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.db import DEFAULT_DB_ALIAS, connection, connections

from tests.api.clients import Clients, act, open_clients, urn
from tests.api.test_submit import new_id
from tests.project.test_real_server import Server
from traceability.models import prepared
from traceability.services import integrator, log_queue

ROUNDS = 40
BATCH = 200
SINGLE_MS = 3.0
SIGNED_OBJECT_MS = 0.5
BATCH_TIMES = 5.0
FULL = {"LODESTONE_MODE": "full", "REDIS_URL": "redis://127.0.0.1:6379", "EMAIL_URL": "console:"}
"""How a server runs over PostgreSQL; requests wait neither for the log nor, if it is gone, for Redis."""
NOISE = 0.7  # what other work on the machine may take from a ratio of two measurements
ELECTRICITY = {"flow": "electricity", "role": "electricity", "amount": "100", "unit": "kWh", "basis": "metered"}
ASSAY = {
    "basis": "dry_mass",
    "rows": [{"species": one, "content_pct": "0.1"} for one in ("La2O3", "CeO2", "Pr6O11", "Nd2O3", "Dy2O3")],
}


@pytest.fixture
def api(ledger_db: dict[str, str], settings: Any) -> Iterator[Clients]:
    """The market, nobody waking the integrator, no limit of requests."""
    before = log_queue._nudge
    log_queue.nudge_by(lambda: None)
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {
        "DEFAULT_THROTTLE_RATES": {"anon": "100000000/min", "user": "100000000/min"}
    }
    found = open_clients()
    integrator.integrate()
    yield found
    log_queue.nudge_by(before)


def statement(api: Clients) -> dict[str, Any]:
    """A lot of ore of about 1 kB, with five rows of assay and an inventory row."""
    body = api.market.source_body(urn(), assay=ASSAY, inventory=[ELECTRICITY])
    return act("lot.source", body, id=new_id())


class Cost(NamedTuple):
    """Milliseconds: CPU outside and inside the driver of the database, and elapsed."""

    python_ms: float
    driver_ms: float
    elapsed_ms: float

    @property
    def cpu_ms(self) -> float:
        return self.python_ms + self.driver_ms


class Driver:
    """Adds up the CPU that passes in the driver: binding values, running the queries that are made once, commits.

    SQLite's driver binds values while it runs a query, PostgreSQL's writes them into the text before.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.spent = 0.0
        database, execution = connections[DEFAULT_DB_ALIAS], prepared._execution
        monkeypatch.setattr(prepared, "_message", self._timed(prepared._message))
        monkeypatch.setattr(prepared, "_execution", lambda *given: self._timed(execution(*given)))
        monkeypatch.setattr(database, "_commit", self._timed(database._commit))

    def _timed(self, work: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*given: Any) -> Any:
            started = time.process_time()
            try:
                return work(*given)
            finally:
                self.spent += time.process_time() - started

        return timed


class Caller:
    """Calls the application as a server would, and looks at the clocks."""

    def __init__(self, secret: str, driver: Driver) -> None:
        from config.wsgi import application

        self.application: Any = application
        self.secret = secret
        self.driver = driver

    def cost(
        self, method: str, path: str, bodies: list[bytes], *, media_type: str = "", wanted: int, **more: str
    ) -> Cost:
        """What a request takes, the mean over these bodies."""
        environs = [self._environ(method, path, body, media_type) | more for body in bodies]
        self.driver.spent = 0.0
        cpu, started = time.process_time(), time.perf_counter()
        for environ in environs:
            self._call(environ, wanted)
        elapsed, cpu, driver = time.perf_counter() - started, time.process_time() - cpu, self.driver.spent
        return Cost(*(seconds / len(bodies) * 1000 for seconds in (cpu - driver, driver, elapsed)))

    def _environ(self, method: str, path: str, body: bytes, media_type: str) -> dict[str, Any]:
        return {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "127.0.0.1",
            "HTTP_AUTHORIZATION": f"Bearer {self.secret}",
            "CONTENT_TYPE": media_type,
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            "wsgi.url_scheme": "http",
        }

    def _call(self, environ: dict[str, Any], wanted: int) -> None:
        statuses: list[str] = []
        answer: Any = self.application(environ, lambda status, *_: statuses.append(status))
        content = b"".join(answer)
        answer.close()
        if not statuses[0].startswith(str(wanted)):
            raise ValueError(f"{statuses[0]} {content[:300]!r}")


def best_of_each(*measures: Callable[[], Cost]) -> list[Cost]:
    """The least of each in many rounds, measured in turns: what another process took away is not ours."""
    rounds = [[measure() for measure in measures] for _ in range(ROUNDS)]
    return [Cost(*map(min, zip(*costs, strict=True))) for costs in zip(*rounds, strict=True)]


def test_what_requests_cost(api: Clients, monkeypatch: pytest.MonkeyPatch) -> None:
    call = Caller(api.owner.secret, Driver(monkeypatch))
    signed = api.owner.send("statements", statement(api))["Location"]

    def submissions(count: int) -> list[bytes]:
        return [json.dumps(statement(api)).encode() for _ in range(count)]

    def no_op() -> Cost:
        return call.cost("GET", "/healthz", [b""] * 50, wanted=200)

    def single() -> Cost:
        return call.cost("POST", "/api/v1/statements", submissions(20), media_type="application/json", wanted=201)

    def batch() -> Cost:
        body = b"\n".join(submissions(BATCH))
        path = "/api/v1/statements/batch"
        found = call.cost("POST", path, [body], media_type="application/x-ndjson", wanted=201)
        return Cost(*(value / BATCH for value in found))

    def signed_object() -> Cost:
        return call.cost("GET", signed, [b""] * 50, wanted=200)

    def known_object() -> Cost:
        return call.cost("GET", signed, [b""] * 50, wanted=304, HTTP_IF_NONE_MATCH="*")

    floor, one, many, read, known = best_of_each(no_op, single, batch, signed_object, known_object)
    print(f"\n{connection.vendor}, {len(submissions(1)[0])} bytes a statement")
    print(f"a view that does nothing          {floor.cpu_ms:8.3f} ms of CPU")
    for name, cost, aim in (
        ("POST of a lot, above it", one, f", aim {SINGLE_MS}"),
        ("GET of a signed object, above it", read, f", aim {SIGNED_OBJECT_MS}"),
        ("the same, known already", known, ""),
    ):
        above = cost.python_ms - floor.python_ms
        print(f"{name:34}{above:8.3f} ms of Python CPU{aim}; {cost.driver_ms:.3f} ms in the driver")
    print(f"a statement in a batch of {BATCH}     {many.cpu_ms:8.3f} ms of CPU")
    print(f"one alone / one in a batch        {one.cpu_ms / many.cpu_ms:8.1f} of CPU")
    print(f"one alone / one in a batch        {one.elapsed_ms / many.elapsed_ms:8.1f} of elapsed time")


def test_what_a_client_waits_for(api: Clients, ledger_db: dict[str, str], tmp_path: Path) -> None:
    server = Server(ledger_db, tmp_path, **(FULL if connection.vendor == "postgresql" else {}))
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)

    def waits(path: str, media_type: str, bodies: list[bytes]) -> float:
        """Milliseconds for all of these requests."""
        headers = {"Authorization": f"Bearer {api.owner.secret}", "Content-Type": media_type}
        started = time.perf_counter()
        for body in bodies:
            line.request("POST", path, body, headers)
            answer = line.getresponse()
            content = answer.read()
            if answer.status != 201:
                raise ValueError(f"{answer.status} {content[:300]!r}")
        return (time.perf_counter() - started) * 1000

    def written(count: int) -> list[bytes]:
        return [json.dumps(statement(api)).encode() for _ in range(count)]

    rounds = [
        (
            waits("/api/v1/statements", "application/json", written(20)) / 20,
            waits("/api/v1/statements/batch", "application/x-ndjson", [b"\n".join(written(BATCH))]) / BATCH,
        )
        for _ in range(ROUNDS // 2)
    ]
    line.close()
    server.kill()
    one, many = map(min, zip(*rounds, strict=True))
    print(f"\n{connection.vendor}: a client waits {one:.2f} ms for a statement, in a batch {many:.3f} ms")
    print(f"one alone / one in a batch        {one / many:8.1f} of the time that a client waits, aim {BATCH_TIMES}")
    assert one / many > BATCH_TIMES * NOISE
