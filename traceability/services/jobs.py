"""Scheduled tasks, noted: when each last ran, how long it took, what came of it, and how it failed.

A task that runs every second must not cost a write every second: a run that found nothing to do is noted once a minute.
"""

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Final, TypeVar

from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone

from traceability.models import JobFailure, JobState

QUIET: Final = timedelta(seconds=60)
"""A run without a result is noted again only after so long."""
SAME_FAILURE: Final = timedelta(days=1)
"""The failure of a run is counted to an equal one that is not older."""
KEPT: Final = timedelta(days=30)

log = logging.getLogger("lodestone.jobs")
Result = TypeVar("Result")


def noted(name: str) -> Callable[[Callable[[], Result]], Callable[[], Result]]:
    """The task with each of its runs noted under this name; it fails and succeeds as before."""

    def with_notes(task: Callable[[], Result]) -> Callable[[], Result]:
        @wraps(task)
        def run() -> Result:
            began = time.monotonic()
            try:
                found = task()
            except Exception as error:
                _keep(name, began, error=f"{type(error).__name__}: {error}")
                raise
            _keep(name, began, result=found)
            return found

        return run

    return with_notes


def purge() -> None:
    """Forgets failures of long ago."""
    JobFailure.objects.filter(last_at__lt=timezone.now() - KEPT).delete()


def _keep(name: str, began: float, *, result: object = None, error: str = "") -> None:
    """Notes a run; where the database does not take the note, the run is what it was."""
    took_ms = int((time.monotonic() - began) * 1000)
    try:
        if error:
            _keep_failure(name, took_ms, error[:500])
        else:
            _keep_success(name, took_ms, result)
    except DatabaseError as refused:
        log.error("A run was not noted: %s", refused, extra={"fields": {"job": name}})


def _keep_success(name: str, took_ms: int, result: object) -> None:
    now = timezone.now()
    quiet = JobState.objects.filter(name=name, succeeded=True, last_at__gt=now - QUIET)
    if not result and quiet.exists():
        return
    words = "" if result is None else str(result)[:200]
    _set_state(name, last_at=now, took_ms=took_ms, succeeded=True, result=words)


@transaction.atomic
def _keep_failure(name: str, took_ms: int, error: str) -> None:
    now = timezone.now()
    _set_state(name, last_at=now, took_ms=took_ms, succeeded=False, result=error[:200])
    newest = JobFailure.objects.filter(name=name).order_by("-last_at", "-pk").first()
    if newest and newest.error == error and newest.last_at > now - SAME_FAILURE:
        JobFailure.objects.filter(pk=newest.pk).update(times=F("times") + 1, last_at=now)
    else:
        JobFailure.objects.create(name=name, error=error, at=now, last_at=now)


def _set_state(name: str, **values: object) -> None:
    JobState.objects.update_or_create(name=name, defaults=values)
