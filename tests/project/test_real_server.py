"""Bad input over a real socket: a server of its own over the test's database, asked as no well-behaved client asks."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.project.stack import free_port

ROOT = Path(__file__).parents[2]
MIB = 2**20


class Server:
    """gunicorn with the settings that ship, in a process group of its own."""

    def __init__(self, environment: dict[str, str], folder: Path, **more: str) -> None:
        self.port = free_port()
        self.log = folder / "gunicorn.log"
        self._environment = (
            environment
            | {
                "LODESTONE_BIND": f"127.0.0.1:{self.port}",
                "LODESTONE_BASE_URL": f"http://127.0.0.1:{self.port}",
                "LODESTONE_STATIC_HASHED": "0",
            }
            | more
        )
        self.start()

    def start(self) -> None:
        command = [Path(sys.executable).parent / "gunicorn", "--config", "config/gunicorn.py", "config.wsgi"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self._environment, stdout=log, stderr=log, start_new_session=True
            )
        end = time.monotonic() + 60
        while self.process.poll() is None and time.monotonic() < end:
            with suppress(OSError):
                if self.ask("GET", "/healthz")[0] == 200:
                    return
            time.sleep(0.1)
        pytest.fail(f"gunicorn does not answer\n{self.log.read_text()}")

    def kill(self) -> None:
        """Ends the server and its workers with -9."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    @contextmanager
    def sending(self, head: str) -> Iterator[socket.socket]:
        """A connection on which this head of a request was sent."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as connection:
            connection.sendall(head.replace("\n", "\r\n").encode())
            yield connection


@pytest.fixture
def clients(ledger_db):
    from tests.api.clients import open_clients
    from traceability.services import log_queue

    before = log_queue._nudge
    log_queue.nudge_by(lambda: None)
    yield open_clients()
    log_queue.nudge_by(before)


@pytest.fixture
def server(clients, ledger_db, tmp_path):
    found = Server(ledger_db, tmp_path)
    yield found
    found.kill()


def source(clients):
    from tests.api.test_submit import source

    return json.dumps(source(clients)).encode()


def head(clients, **headers):
    lines = {
        "Host": "127.0.0.1",
        "Connection": "close",
        "Authorization": f"Bearer {clients.owner.secret}",
        "Content-Type": "application/json",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    return "POST /api/v1/statements HTTP/1.1\n" + "".join(f"{name}: {value}\n" for name, value in lines.items()) + "\n"


def answer_on(connection):
    """Status and body of the answer."""
    with http.client.HTTPResponse(connection) as answer:
        answer.begin()
        return answer.status, answer.read()


def sources():
    from traceability.models import Statement

    return Statement.objects.filter(kind="lot.source").count()


def is_well(server, clients):
    """Whether the server still takes a statement."""
    bearer = {"Authorization": f"Bearer {clients.owner.secret}", "Content-Type": "application/json"}
    return server.ask("POST", "/api/v1/statements", source(clients), **bearer)[0] == 201


def test_50_mb_are_refused_and_nothing_is_kept(server, clients):
    with server.sending(head(clients, Content_Length=str(50 * MIB))) as connection:
        for _ in range(50):
            connection.sendall(b" " * MIB)
        status, body = answer_on(connection)
    assert status == 413
    assert json.loads(body)["code"] == "body_too_large"
    assert sources() == 0
    assert is_well(server, clients)


def test_50_mb_that_nobody_announced_are_refused_too(server, clients):
    with server.sending(head(clients, Transfer_Encoding="chunked")) as connection:
        with suppress(OSError):  # it hangs up while we speak
            for _ in range(50):
                connection.sendall(b"100000\r\n" + b" " * MIB + b"\r\n")
        status, body = answer_on(connection)
    assert (status, json.loads(body)["code"]) == (411, "length_required")
    assert sources() == 0
    assert is_well(server, clients)


@pytest.mark.parametrize("sent", [0.0, 0.5, 0.99])
def test_a_request_that_is_cut_off_leaves_nothing_and_may_be_sent_again(server, clients, sent):
    written = source(clients)
    with server.sending(head(clients, Content_Length=str(len(written)))) as connection:
        connection.sendall(written[: int(len(written) * sent)])
        connection.shutdown(socket.SHUT_WR)
        status, body = answer_on(connection)
    assert (status, json.loads(body)["code"]) == (400, "body_cut_off")
    assert sources() == 0
    bearer = {"Authorization": f"Bearer {clients.owner.secret}", "Content-Type": "application/json"}
    assert server.ask("POST", "/api/v1/statements", written, **bearer)[0] == 201
    assert server.ask("POST", "/api/v1/statements", written, **bearer)[0] == 200
    assert sources() == 1


def test_a_client_that_is_gone_leaves_nothing(server, clients):
    written = source(clients)
    with server.sending(head(clients, Content_Length=str(len(written)))) as connection:
        connection.sendall(written[:-10])
    assert is_well(server, clients)
    assert sources() == 1


@pytest.mark.slow
@pytest.mark.parametrize("missing", [10, 50 * MIB])
def test_a_client_that_stops_in_the_middle_is_answered_and_holds_no_thread(server, clients, missing):
    written = source(clients)
    with server.sending(head(clients, Content_Length=str(len(written) + missing))) as connection:
        connection.sendall(written)
        assert answer_on(connection)[0] in (400, 413)
    assert sources() == 0


def test_a_head_that_is_no_request_is_refused(server, clients):
    for text in ("nonsense\n\n", head(clients, Content_Length="-5"), head(clients, Content_Length="many")):
        with server.sending(text) as connection:
            assert answer_on(connection)[0] == 400
    assert is_well(server, clients)


def test_a_server_that_is_killed_loses_nothing_that_it_answered_for(server, clients):
    """With -9, while it is working; whoever got no answer sends again."""
    from traceability.models import Statement
    from traceability.services import integrator
    from traceability.services.ledger_check import check_ledger

    bearer = {"Authorization": f"Bearer {clients.owner.secret}", "Content-Type": "application/json"}
    receipts = {}
    for n in range(6):
        written = source(clients)
        if n % 2:
            with server.sending(head(clients, Content_Length=str(len(written)))) as connection:
                connection.sendall(written)
                time.sleep(0.01 * n)
                server.kill()
            server.start()
        status, body = server.ask("POST", "/api/v1/statements", written, **bearer)
        assert status in (200, 201)
        receipts[json.loads(written)["id"]] = json.loads(body)["digest"]
    rows = Statement.objects.filter(kind="lot.source")
    assert {f"urn:uuid:{row.urn}": f"sha256:{bytes(row.digest).hex()}" for row in rows} == receipts
    server.kill()
    integrator.drain()
    assert list(check_ledger()) == []
