"""The fixture for real transactions: each test sees the migrated template and nothing of another test."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, connections, transaction

ROOT = Path(__file__).parents[2]
COUNT_USERS = "from django.contrib.auth import get_user_model as u; print(u().objects.count())"


def names_in_another_thread() -> list[str]:
    """The user names that a second connection sees."""
    try:
        return sorted(get_user_model().objects.values_list("username", flat=True))
    finally:
        connections.close_all()


@pytest.mark.parametrize("name", ["first", "second"])
def test_a_commit_is_seen_by_other_connections_and_by_no_other_test(ledger_db, name):
    get_user_model().objects.create(username=name)
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(names_in_another_thread).result() == [name]


def test_what_is_not_committed_is_not_seen(ledger_db):
    with transaction.atomic(), ThreadPoolExecutor(1) as pool:
        get_user_model().objects.create(username="pending")
        assert pool.submit(names_in_another_thread).result() == []


def test_another_process_opens_the_same_database(ledger_db):
    get_user_model().objects.create(username="here")
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", COUNT_USERS]
    seen = subprocess.run(command, cwd=ROOT, env=ledger_db, capture_output=True, text=True, check=True)
    assert seen.stdout.strip() == "1"


def test_on_commit_runs(ledger_db):
    ran = []
    with transaction.atomic():
        transaction.on_commit(lambda: ran.append(True))
        assert not ran
    assert ran


@pytest.mark.django_db
def test_rolled_back_tests_leave_the_template_clean():
    assert get_user_model().objects.count() == 0
    get_user_model().objects.create(username="rolled back")
    assert connection.in_atomic_block


def test_the_live_site_answers(live_site):
    import urllib.request

    with urllib.request.urlopen(f"{live_site}/readyz") as answer:
        assert answer.status == 200
