"""The outbox: what follows from an act is put in with the act, and done after its commit, once or more, never not.

A worker takes one due task at a time. Taking it moves its due moment behind the lease, so nobody else takes it while it
runs, and a killed worker's task becomes due again by itself. Every handler may therefore run twice for one `key`.
"""

import json
import logging
import random
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from traceability.ledger.errors import RecordError
from traceability.models import OutboxTask

LEASE: Final = timedelta(minutes=5)
MOST_TRIES: Final = 10
FIRST_WAIT_S: Final = 5.0
LONGEST_WAIT_S: Final = 86_400.0
JITTER: Final = 0.25
KEPT: Final = timedelta(days=30)
_PURGED_AT_ONCE: Final = 1000
# The door pays for it: by the ORM it would cost several times as much.
_INSERT: Final = (
    "INSERT INTO traceability_outboxtask (key, name, arguments, state, created_at, due_at, tries, last_error)"
    " VALUES (%s, %s, %s, %s, %s, %s, 0, '') ON CONFLICT (key) DO NOTHING"
)

log = logging.getLogger("lodestone.outbox")
Handler = Callable[[OutboxTask], None]
HANDLERS: Final[dict[str, Handler]] = {}
"""What does a task, by its name; config/wiring.py fills it."""
_nudge: Callable[[], object] | None = None


class GiveUp(RecordError):
    """Trying again would not help."""

    code = "given_up"


class UnknownTask(RecordError):
    """No handler has this name: an older worker, or a newer task."""

    code = "unknown_task"


def nudge_by(nudge: Callable[[], object] | None) -> None:
    """Fills the slot of what is called after the commit of a transaction that put something in."""
    global _nudge
    _nudge = nudge


def put(name: str, key: str, arguments: Mapping[str, Any], *, due_at: datetime | None = None) -> None:
    """Puts a task in, in the caller's transaction; a key that is there already changes nothing."""
    now = timezone.now()
    moments = [connection.ops.adapt_datetimefield_value(one) for one in (now, due_at or now)]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [key, name, json.dumps(dict(arguments)), OutboxTask.State.WAITING.value, *moments])
    if _nudge and not any(queued is _nudge for _, queued, *_ in connection.run_on_commit):
        transaction.on_commit(_nudge, robust=True)


def drain(*, seconds: float = 60.0, names: tuple[str, ...] = ()) -> int:
    """The number of tasks that were tried: all that are due, or those with these names, until the time is over."""
    ends, tried = time.monotonic() + seconds, 0
    while time.monotonic() < ends and (task := _take(names)):
        _run(task)
        tried += 1
    return tried


def backoff_s(tries: int) -> float:
    """Seconds to wait after so many tries: 5, 20, 80 ... to a day, a quarter more or less so that nobody marches."""
    return min(FIRST_WAIT_S * 4.0 ** (tries - 1), LONGEST_WAIT_S) * random.uniform(1 - JITTER, 1 + JITTER)


def due(now: datetime) -> QuerySet[OutboxTask]:
    """The tasks that may be taken now."""
    return OutboxTask.objects.filter(state=OutboxTask.State.WAITING, due_at__lte=now)


def try_again(task: OutboxTask) -> None:
    """Lets a task that was given up, or waits, be taken at once, with all its tries."""
    not_done = OutboxTask.objects.filter(pk=task.pk).exclude(state=OutboxTask.State.DONE)
    not_done.update(state=OutboxTask.State.WAITING, tries=0, due_at=timezone.now())


def purge() -> None:
    """Forgets tasks that were done long ago."""
    old = OutboxTask.objects.filter(state=OutboxTask.State.DONE, done_at__lt=timezone.now() - KEPT)
    if found := list(old.order_by("done_at").values_list("pk", flat=True)[:_PURGED_AT_ONCE]):
        OutboxTask.objects.filter(pk__in=found).delete()


def _take(names: tuple[str, ...]) -> OutboxTask | None:
    """A due task that is now this worker's until the lease ends; None when there is none."""
    now = timezone.now()
    rows = due(now).filter(name__in=names) if names else due(now)
    if not rows.exists():  # SQLite would lock out every writer to find nothing
        return None
    skip_locked = connection.features.has_select_for_update_skip_locked
    with transaction.atomic():
        task = rows.select_for_update(skip_locked=skip_locked).order_by("due_at", "pk").first()
        if task:
            task.tries += 1
            task.due_at = now + LEASE
            task.save(update_fields=["tries", "due_at"])
        return task


def _run(task: OutboxTask) -> None:
    try:
        handler = HANDLERS.get(task.name)
        if handler is None:
            raise UnknownTask(f"Nothing here does {task.name}.")
        handler(task)
    except GiveUp as error:
        _failed(task, error, last=True)
    except Exception as error:  # noqa: BLE001  (the edge: a task that fails must not stop the others)
        _failed(task, error, last=task.tries >= MOST_TRIES)
    else:
        _mine(task).update(state=OutboxTask.State.DONE, done_at=timezone.now(), last_error="")


def _failed(task: OutboxTask, error: Exception, *, last: bool) -> None:
    sentence = f"{type(error).__name__}: {error}"[:500]
    if last:
        _mine(task).update(state=OutboxTask.State.GIVEN_UP, last_error=sentence)
    else:
        wait = timedelta(seconds=backoff_s(task.tries))
        _mine(task).update(due_at=timezone.now() + wait, last_error=sentence)
    level = logging.ERROR if last else logging.WARNING
    fields = {"task": task.key, "tries": task.tries}
    log.log(level, "Given up." if last else "To be tried again.", extra={"fields": fields}, exc_info=error)


def _mine(task: OutboxTask) -> QuerySet[OutboxTask]:
    """The row, unless the lease ran out and another worker has taken it since."""
    return OutboxTask.objects.filter(pk=task.pk, tries=task.tries, state=OutboxTask.State.WAITING)
