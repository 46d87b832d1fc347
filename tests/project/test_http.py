"""What every answer carries, and the answers that no view gives."""

import json
import logging
from datetime import timedelta

import pytest
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.test import Client, RequestFactory
from django.utils import timezone

from config import error_pages, health
from config.logs import JsonLines, request_id
from traceability.selectors.log import LogHealth

MIB = 2**20


@pytest.mark.django_db
def test_every_answer_carries_the_strict_policies(client):
    answer = client.get("/accounts/login/")
    assert answer.status_code == 200
    policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "connect-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize(("given", "kept"), [("client-1234", True), ("short", False), ("bad id with spaces", False)])
def test_a_request_has_an_id(client, given, kept):
    answered = client.get("/healthz", headers={"X-Request-ID": given})["X-Request-ID"]
    assert (answered == given) is kept
    assert len(answered) >= 8
    assert request_id.get() == "-"


def test_a_request_logs_one_line_of_json_without_its_query(client, caplog):
    with caplog.at_level(logging.INFO, "lodestone.request"):
        client.get("/healthz?secret=1", headers={"X-Request-ID": "client-1234"})
    (record,) = [record for record in caplog.records if record.name == "lodestone.request"]
    line = json.loads(JsonLines().format(record))
    assert (line["method"], line["path"], line["status"]) == ("GET", "/healthz", 200)
    assert "secret" not in json.dumps(line)


def test_django_names_the_request_too_when_it_refuses(client, caplog):
    client.get("/api/v1/nowhere", headers={"X-Request-ID": "client-1234"})
    (record,) = [record for record in caplog.records if record.name == "django.request"]
    assert json.loads(JsonLines().format(record))["request"] == "client-1234"


def test_an_exception_is_one_line_too():
    try:
        raise ValueError("two\nlines")
    except ValueError as error:
        record = logging.LogRecord("x", logging.ERROR, "", 0, "it %s", ("broke",), (type(error), error, None))
    line = JsonLines().format(record)
    assert "\n" not in line
    assert json.loads(line)["message"] == "it broke"


@pytest.mark.parametrize(
    ("path", "accept", "content_type"),
    [
        ("/api/v1/anything", "*/*", "application/problem+json"),
        ("/accounts/login/", "application/json", "application/problem+json"),
        ("/accounts/login/", "text/html", "text/html; charset=utf-8"),
    ],
)
def test_a_body_of_50_mb_is_refused(client, path, accept, content_type):
    answer = client.generic("POST", path, bytes(50 * MIB), headers={"Accept": accept})
    assert answer.status_code == 413
    assert answer["Content-Type"] == content_type
    assert b"20 MiB" in answer.content or b"21 MB" in answer.content
    assert b"Nothing was saved" in answer.content


@pytest.mark.parametrize(
    ("referer", "back"),
    [("http://testserver/sheets/?state=open", "/sheets/?state=open"), ("http://evil.example/sheets/", ""), ("", ""),
     ("http://testserver//evil.example/", "")],
)  # fmt: skip
def test_the_page_of_a_too_large_upload_leads_back(client, referer, back):
    headers = {"Accept": "text/html", "Host": "testserver", "Referer": referer}
    html = client.generic("POST", "/sheets/", bytes(22 * MIB), headers=headers).content.decode()
    assert ("Back to the page" in html) == bool(back)
    assert not back or f'href="{back}"' in html
    assert "evil" not in html


@pytest.mark.parametrize("accept", ["*/*", "text/html"])
def test_what_the_proxy_refused_is_answered_as_if_it_had_come_here(client, accept):
    refused = client.post("/api/v1/statements", headers={"X-Body-Refused": "1", "Accept": accept})
    came = client.generic("POST", "/api/v1/statements", bytes(22 * MIB), headers={"Accept": accept})
    assert (refused.status_code, refused.content) == (413, came.content)


def test_a_body_within_the_limit_passes(client):
    assert client.generic("POST", "/api/v1/nowhere", bytes(20 * MIB)).status_code == 404


def test_a_body_that_no_view_read_is_drained_before_the_connection_ends(client):
    answer = client.generic("POST", "/api/v1/nowhere", bytes(MIB))
    assert answer.wsgi_request.read() == b""


@pytest.mark.parametrize("length", ["-1", "abc", "1e9", "²"])
def test_a_length_that_is_no_number_is_refused(client, length):
    assert client.generic("POST", "/api/v1/x", b"", headers={"Content-Length": length}).status_code == 413


def test_a_chunked_body_is_refused_instead_of_read_as_empty(client):
    answer = client.generic("POST", "/api/v1/x", b"", headers={"Transfer-Encoding": "chunked"})
    assert (answer.status_code, answer.json()["code"]) == (411, "length_required")


def test_djangos_own_size_limit_answers_413_too(rf):
    answer = error_pages.bad_request(rf.post("/api/v1/x"), RequestDataTooBig("too big"))
    assert (answer.status_code, json.loads(answer.content)["code"]) == (413, "body_too_large")


def test_programs_get_problems_for_addresses_that_do_not_exist(client):
    answer = client.get("/api/v1/nowhere")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "not_found"
    assert json.loads(error_pages.server_error(RequestFactory().get("/api/v1/x")).content)["status"] == 500


def test_people_get_pages(rf):
    assert error_pages.server_error(rf.get("/", headers={"Accept": "text/html"})).status_code == 500
    assert error_pages.bad_request(rf.get("/", headers={"Accept": "text/html"}), ValueError()).status_code == 400


def test_healthz_needs_no_database(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert "no-cache" in answer["Cache-Control"]


@pytest.mark.django_db
def test_readyz_names_what_it_looked_at(client):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    checks = answer.json()["checks"]
    assert checks["database"] == {"state": "ok"}
    assert checks["migrations"] == {"state": "ok"}
    assert checks["log"]["waiting"] == 0


@pytest.mark.parametrize(
    ("finding", "status", "word"),
    [("ok", 200, "ready"), ("warning", 200, "degraded"), ("failed", 503, "not ready")],
)
def test_the_worst_finding_decides(client, monkeypatch, finding, status, word):
    monkeypatch.setattr(health, "PROBES", {"a": lambda: health.Finding("ok"), "b": lambda: health.Finding(finding)})
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (status, word)


@pytest.mark.parametrize(
    ("age", "waited", "state"),
    [
        (timedelta(seconds=5), None, "ok"),
        (timedelta(seconds=5), timedelta(seconds=2), "ok"),
        (timedelta(seconds=5), timedelta(minutes=10), "warning"),
        (timedelta(hours=2), None, "warning"),
        (None, None, "warning"),
    ],
)
def test_a_log_that_nobody_integrates_is_a_warning(monkeypatch, age, waited, state):
    since = waited and timezone.now() - waited
    monkeypatch.setattr("config.health.log_health", lambda: LogHealth(7, 1, since, None, age))
    found = health.log()
    assert (found.state, found.facts["leaves"]) == (state, 7)


def test_a_dead_database_takes_the_process_out_of_service(monkeypatch):
    def dead():
        raise OperationalError("gone, password=secret")

    monkeypatch.setattr("config.health.log_health", dead)
    monkeypatch.setattr("config.health.connection.cursor", dead)
    for probe in (health.database, health.log):
        assert probe().state == "failed"
        assert "secret" not in str(probe().facts)


@pytest.mark.django_db
def test_the_admin_login_goes_through_the_second_factor(client):
    answer = client.get("/admin/login/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.django_db
def test_signup_is_open_unless_the_operator_closes_it(client, settings):
    assert b'name="password1"' in client.get("/accounts/signup/").content
    settings.LODESTONE_SIGNUP = False
    assert b'name="password1"' not in client.get("/accounts/signup/").content


def test_plain_http_is_sent_to_tls(settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_HSTS_SECONDS = 31536000
    outside = Client()
    assert outside.get("/somewhere").status_code == 301
    assert outside.get("/healthz").status_code == 200
    assert (
        "max-age=31536000"
        in outside.get("/healthz", headers={"X-Forwarded-Proto": "https"})["Strict-Transport-Security"]
    )


@pytest.mark.parametrize(("language", "said"), [("de", "Es wurde nichts gespeichert"), ("zh-hans", "未保存任何内容")])
def test_people_are_told_in_their_language_that_an_upload_is_too_large(client, language, said):
    headers = {"Accept": "text/html", "Accept-Language": language}
    answer = client.generic("POST", "/sheets/", bytes(21 * MIB), headers=headers)
    assert answer.status_code == 413
    assert said in answer.content.decode()
