"""The door to the log: an accepted statement waits in a row of its own until the integrator gives it a place."""

from collections.abc import Callable

from django.db import connection, transaction

from traceability.models import QueueEntry, Statement
from traceability.models.prepared import Writes
from traceability.services import integrator

_nudge: Callable[[], object] = integrator.integrate


def nudge_by(nudge: Callable[[], object]) -> None:
    """Fills the slot of what wakes the integrator after a commit; until then it runs in this process."""
    global _nudge
    _nudge = nudge


def enqueue(*statements: Statement, writes: Writes | None = None) -> None:
    """Queues the statements in the caller's transaction and wakes the integrator once after its commit.

    They are safe whether waking works or not: the schedule finds them in the queue. `writes`, what the caller still
    keeps, is written with them.
    """
    if not statements:
        return
    kept = writes or Writes()
    kept.insert(QueueEntry, [{"statement_id": row.pk} for row in statements])
    kept.flush()
    if not any(queued is _nudge for _, queued, *_ in connection.run_on_commit):
        transaction.on_commit(_nudge, robust=True)
