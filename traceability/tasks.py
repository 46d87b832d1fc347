"""Celery tasks, each idempotent and bounded; the schedule stands in config/settings.py.

Nothing has to send them: the log is integrated at a fixed interval, so that the rate of statements stays in the house,
and what waits stands in the database, so that nothing is lost while Redis is down.
"""

from collections.abc import Callable
from typing import Final

from celery import shared_task

from traceability.services import integrator, publisher

# Half an hour before the hour that the record format allows: one missed tick of ten minutes does no harm.
RENEW_AFTER_S: Final = 1800

OUTBOX: Final[list[Callable[[], object]]] = []
"""What drains the outbox; config/wiring.py fills it. Each entry does what is due and returns."""


@shared_task(name="lodestone.integrate")
def integrate() -> int:
    """The number of statements that got their place in the log; what a crash left unpublished is published."""
    return integrator.drain()


@shared_task(name="lodestone.renew_checkpoint")
def renew_checkpoint() -> None:
    """Signs the newest checkpoint again when it is getting old."""
    publisher.renew(after_s=RENEW_AFTER_S)


@shared_task(name="lodestone.outbox")
def outbox() -> None:
    """Does what the outbox holds."""
    for drain in OUTBOX:
        drain()
