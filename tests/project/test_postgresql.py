"""The line to PostgreSQL is looked at before a request, and the server asked only where it said something."""

import psycopg
import pytest
from django.db import connection

pytestmark = pytest.mark.postgres


def test_a_line_that_holds_is_used_without_a_question(ledger_db, monkeypatch):
    connection.ensure_connection()
    with monkeypatch.context() as patched:
        patched.setattr(psycopg.Connection, "cursor", lambda *_, **__: pytest.fail("it was asked"))
        assert connection.is_usable()


def test_a_server_that_went_is_noticed_and_the_next_request_has_a_new_line(ledger_db, settings):
    connection.ensure_connection()
    first = connection.connection.info.backend_pid
    with connection._nodb_cursor() as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [first])
    assert not connection.is_usable()
    connection.health_check_done = False
    connection.close_if_unusable_or_obsolete()
    connection.ensure_connection()
    assert connection.connection.info.backend_pid != first
