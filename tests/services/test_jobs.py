"""Scheduled tasks are noted, and do what they did before."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError

from traceability.models import JobFailure, JobState
from traceability.services import jobs

pytestmark = pytest.mark.django_db


def fails() -> None:
    raise ZeroDivisionError("no such mass")


def test_a_run_is_noted_with_its_result():
    assert jobs.noted("lodestone.count")(lambda: 7)() == 7
    row = JobState.objects.get()
    assert (row.name, row.succeeded, row.result) == ("lodestone.count", True, "7")


def test_a_quiet_run_is_noted_once_a_minute_and_a_busy_one_always(time_machine):
    found = [0]
    run = jobs.noted("lodestone.count")(lambda: found[0])
    time_machine.move_to("2026-11-22T10:00:00Z", tick=False)
    run()
    first = JobState.objects.get().last_at
    time_machine.shift(timedelta(seconds=30))
    run()
    assert JobState.objects.get().last_at == first
    found[0] = 3
    run()
    assert JobState.objects.get().last_at == first + timedelta(seconds=30)
    found[0] = 0
    time_machine.shift(timedelta(seconds=61))
    run()
    assert (JobState.objects.get().last_at, JobState.objects.get().result) == (first + timedelta(seconds=91), "0")


def test_a_failure_is_raised_and_the_same_again_is_counted():
    run = jobs.noted("lodestone.bad")(fails)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            run()
    assert not JobState.objects.get().succeeded
    row = JobFailure.objects.get()
    assert (row.times, row.error) == (3, "ZeroDivisionError: no such mass")


def test_after_a_failure_the_next_run_is_noted_at_once():
    with pytest.raises(ZeroDivisionError):
        jobs.noted("lodestone.bad")(fails)()
    jobs.noted("lodestone.bad")(lambda: None)()
    assert JobState.objects.get().succeeded


def test_another_failure_and_one_after_a_day_stand_on_their_own(time_machine):
    time_machine.move_to("2026-11-22T10:00:00Z", tick=False)
    run = jobs.noted("lodestone.bad")(fails)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            run()
        time_machine.shift(timedelta(days=1, seconds=1))
    assert [row.times for row in JobFailure.objects.all()] == [1, 1]
    jobs.purge()
    assert JobFailure.objects.count() == 2
    time_machine.shift(timedelta(days=28))
    jobs.purge()
    assert JobFailure.objects.count() == 1


def test_a_database_that_takes_no_note_changes_no_run(monkeypatch: pytest.MonkeyPatch, caplog: Any):
    def refuses(*args: object, **values: object) -> None:
        raise DatabaseError("read-only")

    monkeypatch.setattr(jobs, "_set_state", refuses)
    assert jobs.noted("lodestone.count")(lambda: 7)() == 7
    with pytest.raises(ZeroDivisionError):
        jobs.noted("lodestone.bad")(fails)()
    assert "A run was not noted: read-only" in caplog.text
