"""The full size by hand: the commands of docker-compose.yml against PostgreSQL and Redis."""

import http.client
import json
import os
import shutil
import ssl
import subprocess
import time
from contextlib import ExitStack, closing

import pytest

from tests.project.compose import ROOT, SERVICES
from tests.project.stack import Stack

pytestmark = [pytest.mark.redis, pytest.mark.postgres]
MIB = 2**20


@pytest.fixture
def stack(ledger_db, tmp_path):
    if "DATABASE_URL" not in ledger_db or "REDIS_URL" not in os.environ:
        pytest.skip("Needs PostgreSQL and Redis: make test-redis")
    return Stack(tmp_path, ledger_db)


def test_all_services_start_answer_and_stop(stack):
    with ExitStack() as services:
        logs = {name: services.enter_context(stack.running(name)) for name in ("web", "worker", "integrator", "beat")}
        ready = stack.until(stack.readyz, seconds=30, what="an answer of web")
        assert ready["checks"]["database"]["state"] == "ok"
        assert ready["checks"]["migrations"]["state"] == "ok"
        for name in ("web", "worker", "beat"):
            stack.until(lambda name=name: stack.healthcheck(name), seconds=60, what=f"the health check of {name}")
        time.sleep(3)
    for name, log in logs.items():
        assert "Traceback" not in log.read_text(), f"{name}: {log.read_text()}"


def test_the_health_checks_of_dead_services_fail(stack):
    assert not stack.healthcheck("web")
    assert not stack.healthcheck("beat")


def test_migrate_is_done_again_without_harm(stack):
    environment = stack.environment("migrate")
    command = SERVICES["migrate"]["command"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "No migrations to apply" in done.stdout


def test_redis_asks_for_the_password_keeps_its_queue_and_evicts_nothing(stack):
    def ask(*words, password):
        command = ["redis-cli", "-p", stack.redis.partition(":")[2], *words]
        environment = {"PATH": stack.addresses["PATH"]} | ({"REDISCLI_AUTH": password} if password else {})
        return subprocess.run(command, env=environment, capture_output=True, text=True).stdout.split()

    password = (stack.secrets / "redis_password").read_text().strip()
    with stack.running("redis"):
        stack.until(lambda: "PONG" in ask("ping", password=password), seconds=10, what="an answer of Redis")
        assert "NOAUTH" in ask("ping", password="")
        assert ask("config", "get", "maxmemory-policy", password=password)[-1] == "noeviction"
        assert ask("config", "get", "appendonly", password=password)[-1] == "yes"
        processes = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True).stdout
        assert password not in processes


@pytest.mark.skipif(not shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin"), reason="nginx is not here")
def test_the_proxy_ends_tls_and_buffers(stack):
    conf = stack.folder / "deploy" / "nginx.conf"
    as_root = "user root; " if os.geteuid() == 0 else ""
    nginx = ["nginx", "-e", "/dev/stderr", "-c", str(conf), "-g", f"{as_root}daemon off;"]
    trusting = ssl.create_default_context(cafile=stack.secrets / "tls_certificate")
    trusting.check_hostname = False

    def ask(method, path, body=b"", *, tls=True, accept="*/*"):
        connection = (
            http.client.HTTPSConnection(stack.https, context=trusting, timeout=20)
            if tls
            else http.client.HTTPConnection(stack.http, timeout=20)
        )
        with closing(connection):
            connection.request(method, path, body, {"Host": "ledger.example", "Accept": accept})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()

    with stack.running("web"), stack.running("proxy", nginx):
        stack.until(stack.readyz, seconds=30, what="an answer of web")
        status, headers, _ = ask("GET", "/readyz")
        assert status == 200
        assert headers["Strict-Transport-Security"]
        assert len(headers["X-Request-ID"]) == 32
        status, headers, _ = ask("GET", "/lots?page=2", tls=False)
        assert (status, headers["Location"]) == (301, "https://ledger.example/lots?page=2")
        # Over our limit but under nginx's, and over both: one answer, for programs and for people.
        said = []
        for mebibytes in (21, 30):
            status, headers, body = ask("POST", "/api/v1/statements", bytes(mebibytes * MIB))
            assert (status, headers["Content-Type"]) == (413, "application/problem+json")
            said.append(json.loads(body))
            status, headers, page = ask("POST", "/record/", bytes(mebibytes * MIB), accept="text/html")
            assert (status, headers["Content-Type"]) == (413, "text/html; charset=utf-8")
            assert b"Nothing was saved" in page
        assert said[0] == said[1]
        assert said[0]["type"].endswith("/api/v1/problems/body_too_large")
