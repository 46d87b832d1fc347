"""The clock of an embedded installation: runs the beat schedule in this process, because no beat runs beside it."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.db import close_old_connections

from config.celery import app
from epd.services import reference_drafts, runs
from traceability.services import bundle_work, epcis_capture, foreign_bundles, sheet_work

Schedule = Mapping[str, Mapping[str, Any]]

_LOG = logging.getLogger(__name__)


class Clock:
    """Says which tasks of a schedule are due; each waits one interval from the start and from its last run."""

    def __init__(self, schedule: Schedule, *, now_s: float) -> None:
        self._interval_s = {entry["task"]: float(entry["schedule"]) for entry in schedule.values()}
        self._due_s = {task: now_s + interval for task, interval in self._interval_s.items()}

    def due(self, now_s: float) -> list[str]:
        """The tasks to run now; a late clock runs each once and does not catch up."""
        tasks = [task for task, due_s in self._due_s.items() if due_s <= now_s]
        self._due_s.update({task: now_s + self._interval_s[task] for task in tasks})
        return tasks

    def wait_s(self, now_s: float) -> float:
        """Seconds until the next task is due."""
        return max(0.0, min(self._due_s.values()) - now_s)


def start() -> None:
    """Runs the schedule in threads that end with the process: what may take minutes holds up nothing else."""
    app.loader.import_default_modules()  # once, before two threads would do it at the same moment
    run_here(bundle_work.release)
    run_here(sheet_work.release)
    run_here(epcis_capture.release)
    run_here(reference_drafts.release)
    run_here(runs.release)
    run_here(foreign_bundles.release)
    for name, schedule in threads(settings.CELERY_BEAT_SCHEDULE).items():
        threading.Thread(target=_run, args=(schedule,), name=f"lodestone-{name}", daemon=True).start()


def threads(schedule: Schedule) -> dict[str, Schedule]:
    """The schedule in two: what is quick, and what may take minutes."""
    long = {name: one for name, one in schedule.items() if one["task"] in settings.LODESTONE_LONG_TASKS}
    return {"clock": {name: one for name, one in schedule.items() if name not in long}, "long-tasks": long}


def _run(schedule: Schedule) -> None:
    clock = Clock(schedule, now_s=time.monotonic())
    tasks = scheduled()
    while True:
        time.sleep(clock.wait_s(time.monotonic()))
        for task in clock.due(time.monotonic()):
            run_here(tasks[task])


def scheduled() -> dict[str, Callable[[], Any]]:
    """What each task of the schedule runs, by its name; a worker would have imported their modules, here nobody did."""
    app.loader.import_default_modules()
    return {entry["task"]: app.tasks[entry["task"]].run for entry in settings.CELERY_BEAT_SCHEDULE.values()}


def run_here(task: Callable[[], Any]) -> None:
    """Runs a task as a request would be served, with a live connection; one that fails is due again in its turn."""
    close_old_connections()
    try:
        task()
    except Exception:  # noqa: BLE001 - whatever it is, the clock goes on
        _LOG.exception("A scheduled task failed; it runs again in its turn.")
    finally:
        close_old_connections()
