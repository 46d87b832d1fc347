"""The clock of an embedded installation."""

import subprocess
import sys
from pathlib import Path

from django.conf import settings

from config import clock
from config.clock import Clock, run_here

ROOT = Path(__file__).parents[2]

SCHEDULE = {"a": {"task": "often", "schedule": 1.0}, "b": {"task": "seldom", "schedule": 600.0}}


def test_a_task_is_due_after_each_interval():
    found = Clock(SCHEDULE, now_s=100.0)
    assert found.due(100.5) == []
    assert found.wait_s(100.5) == 0.5
    assert found.due(101.0) == ["often"]
    assert found.due(101.5) == []
    assert found.due(700.0) == ["often", "seldom"]


def test_a_late_clock_does_not_catch_up():
    found = Clock(SCHEDULE, now_s=0.0)
    assert found.due(50.0) == ["often"]
    assert found.wait_s(50.0) == 1.0
    assert found.wait_s(60.0) == 0.0


def test_what_may_take_minutes_holds_up_nothing_else() -> None:
    parts = clock.threads(settings.CELERY_BEAT_SCHEDULE)
    tasks = [one["task"] for part in parts.values() for one in part.values()]
    assert sorted(tasks) == sorted(one["task"] for one in settings.CELERY_BEAT_SCHEDULE.values())
    assert {one["task"] for one in parts["long-tasks"].values()} == settings.LODESTONE_LONG_TASKS
    assert "lodestone.integrate" in {one["task"] for one in parts["clock"].values()}


def test_every_task_of_the_schedule_is_found_in_a_process_that_imported_none(tmp_path: Path) -> None:
    program = (
        "import django; django.setup(); from config import clock; from django.conf import settings; "
        "assert {one['task'] for one in settings.CELERY_BEAT_SCHEDULE.values()} == clock.scheduled().keys() != set()"
    )
    environment = {"DJANGO_SETTINGS_MODULE": "config.settings", "LODESTONE_HOME": str(tmp_path)}
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=environment, check=True)


def test_a_task_that_fails_does_not_stop_the_clock(caplog, monkeypatch) -> None:
    def fails() -> None:
        raise ZeroDivisionError

    looks: list[str] = []
    monkeypatch.setattr(clock, "close_old_connections", lambda: looks.append("closed"))
    run_here(fails)
    assert looks == ["closed", "closed"]
    assert "runs again in its turn" in caplog.text
