"""The outbox: nothing that was put in is lost, nothing runs twice at once, and what fails is seen."""

import signal
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from traceability.models import OutboxTask
from traceability.services import outbox


@pytest.fixture
def done(monkeypatch):
    """What the handler `note` was given, in order."""
    found = []
    monkeypatch.setitem(outbox.HANDLERS, "note", lambda task: found.append(task.key))
    return found


def put(key, name="note", **more):
    outbox.put(name, key, {"about": key}, **more)


def only(key):
    return OutboxTask.objects.get(key=key)


def make_due(key):
    OutboxTask.objects.filter(key=key).update(due_at=timezone.now() - timedelta(seconds=1))


def fail_with(monkeypatch, error):
    def handler(task):
        raise error

    monkeypatch.setitem(outbox.HANDLERS, "note", handler)


@pytest.mark.django_db
def test_what_is_due_is_done_in_order_and_once(done):
    put("b")
    put("a", due_at=timezone.now() - timedelta(minutes=1))
    put("later", due_at=timezone.now() + timedelta(minutes=1))
    assert outbox.drain() == 2
    assert done == ["a", "b"]
    assert outbox.drain() == 0
    assert only("a").state == OutboxTask.State.DONE
    assert only("later").state == OutboxTask.State.WAITING


@pytest.mark.django_db
def test_a_key_stands_for_one_task_for_ever(done):
    put("a")
    outbox.drain()
    put("a")
    assert outbox.drain() == 0
    assert done == ["a"]


@pytest.mark.django_db
def test_a_task_goes_with_the_transaction_that_put_it_in(done):
    with transaction.atomic():
        put("a")
        transaction.set_rollback(True)
    assert not OutboxTask.objects.exists()


@pytest.mark.django_db
def test_only_the_named_tasks_are_taken(done, monkeypatch):
    monkeypatch.setitem(outbox.HANDLERS, "slow", lambda task: done.append("slow"))
    put("s", name="slow")
    put("n")
    assert outbox.drain(names=("note",)) == 1
    assert done == ["n"]


@pytest.mark.django_db
def test_a_failure_waits_longer_each_time_and_is_then_given_up(monkeypatch, caplog):
    fail_with(monkeypatch, ConnectionError("nobody answers"))
    put("a")
    waits = []
    for tries in range(1, outbox.MOST_TRIES):
        assert outbox.drain() == 1
        task = only("a")
        assert (task.state, task.tries) == (OutboxTask.State.WAITING, tries)
        waits.append((task.due_at - timezone.now()).total_seconds())
        assert outbox.drain() == 0
        make_due("a")
    usual = [min(5 * 4**number, 86_400) for number in range(outbox.MOST_TRIES - 1)]
    assert all(0.74 * one < wait < 1.26 * one for one, wait in zip(usual, waits, strict=True))
    outbox.drain()
    task = only("a")
    assert task.state == OutboxTask.State.GIVEN_UP
    assert task.last_error == "ConnectionError: nobody answers"
    assert caplog.records[-1].levelname == "ERROR"
    make_due("a")
    assert outbox.drain() == 0


@pytest.mark.django_db
def test_a_hopeless_task_is_given_up_at_once_and_can_be_tried_again(monkeypatch):
    fail_with(monkeypatch, outbox.GiveUp("The address is gone."))
    put("a")
    outbox.drain()
    assert only("a").state == OutboxTask.State.GIVEN_UP
    found = []
    monkeypatch.setitem(outbox.HANDLERS, "note", lambda task: found.append(task.tries))
    outbox.try_again(only("a"))
    outbox.drain()
    assert found == [1]
    outbox.try_again(only("a"))
    assert outbox.drain() == 0


@pytest.mark.django_db
def test_one_that_fails_does_not_stop_the_others(done):
    put("x", name="nobody-knows-this")
    put("a")
    assert outbox.drain() == 2
    assert done == ["a"]
    assert "Nothing here does nobody-knows-this." in only("x").last_error


@pytest.mark.django_db
def test_what_was_done_long_ago_is_forgotten(done, time_machine):
    put("old")
    outbox.drain()
    time_machine.move_to(timezone.now() + timedelta(days=31))
    put("new")
    outbox.drain()
    outbox.purge()
    assert list(OutboxTask.objects.values_list("key", flat=True)) == ["new"]


def test_a_commit_nudges_once(ledger_db, done):
    before = outbox._nudge
    outbox.nudge_by(outbox.drain)
    try:
        with transaction.atomic():
            put("a")
            put("b")
            assert done == []
        assert done == ["a", "b"]
    finally:
        outbox.nudge_by(before)


def test_two_workers_never_run_one_task_together(ledger_db, monkeypatch):
    runs, running, together = [], set(), []
    guard = threading.Lock()

    def handler(task):
        with guard:
            together.extend([task.key] if task.key in running else [])
            running.add(task.key)
            runs.append(task.key)
        connection.ensure_connection()
        with guard:
            running.discard(task.key)

    monkeypatch.setitem(outbox.HANDLERS, "note", handler)
    for number in range(30):
        put(f"task {number}")
    threads = [threading.Thread(target=drain_and_close) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert together == []
    assert sorted(runs) == sorted(f"task {number}" for number in range(30))


def drain_and_close():
    try:
        outbox.drain()
    finally:
        connection.close()


KILLED = """
import os, signal, django
django.setup()
from traceability.services import outbox
outbox.HANDLERS["note"] = lambda task: os.kill(os.getpid(), signal.SIGKILL)
outbox.drain(names=("note",))
"""


def test_a_killed_worker_loses_nothing(ledger_db, done):
    put("a")
    ended = subprocess.run(
        [sys.executable, "-c", KILLED], env=ledger_db | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    )
    assert ended.returncode == -signal.SIGKILL
    assert outbox.drain() == 0  # the lease of the dead worker still runs
    make_due("a")
    assert outbox.drain() == 1
    assert (done, only("a").tries) == (["a"], 2)


@pytest.mark.django_db
def test_who_lost_his_lease_does_not_write_over_the_next_one(monkeypatch):
    def slow(task):
        OutboxTask.objects.filter(pk=task.pk).update(tries=task.tries + 1)  # another worker has taken it

    monkeypatch.setitem(outbox.HANDLERS, "note", slow)
    put("a")
    outbox.drain()
    assert (only("a").state, only("a").tries) == (OutboxTask.State.WAITING, 2)
