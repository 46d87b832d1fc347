"""Celery tasks, each idempotent and bounded; the schedule stands in config/settings.py.

Nothing has to send them: the log is integrated at a fixed interval, so that the rate of statements stays in the house,
and what waits stands in the database, so that nothing is lost while Redis is down. Each run is noted for the operator.
"""

from collections.abc import Callable
from typing import Any, Final

from celery import shared_task

from traceability.services import (
    bundle_jobs,
    bundle_work,
    epcis_capture,
    epcis_index,
    epcis_subscriptions,
    foreign_bundles,
    forgetting,
    integrator,
    jobs,
    mail_log,
    publisher,
    sheet_work,
    sheets,
)

# Half an hour before the hour that the record format allows: one missed tick of ten minutes does no harm.
RENEW_AFTER_S: Final = 1800

# Within the hour after which Redis hands a task out again.
LONG_WORK_TAKES_AT_MOST_S: Final = 3000

OUTBOX: Final[list[Callable[[], object]]] = []
"""What drains the outbox; config/wiring.py fills it. Each entry does what is due and returns."""


TIDY: Final[list[Callable[[], object]]] = [
    jobs.purge,
    mail_log.purge,
    forgetting.purge_unconfirmed,
    bundle_jobs.purge,
    sheets.purge,
    epcis_capture.purge,
    foreign_bundles.purge,
]
"""What forgets old rows and files; config/wiring.py may add to it."""


def scheduled(name: str, **options: Any) -> Callable[[Callable[[], Any]], Any]:
    """A task for the beat schedule, whose runs are noted for the operator (services/jobs.py)."""
    return lambda task: shared_task(name=name, **options)(jobs.noted(name)(task))


@scheduled("lodestone.integrate")
def integrate() -> int:
    """The number of statements that got their place in the log; what a crash left unpublished is published."""
    return integrator.drain()


@scheduled("lodestone.renew_checkpoint")
def renew_checkpoint() -> None:
    """Signs the newest checkpoint again when it is getting old."""
    publisher.renew(after_s=RENEW_AFTER_S)


@scheduled("lodestone.outbox")
def outbox() -> None:
    """Does what the outbox holds."""
    for drain in OUTBOX:
        drain()


@scheduled("lodestone.tidy")
def tidy() -> None:
    """Forgets what was kept long enough."""
    for forget in TIDY:
        forget()


@scheduled("lodestone.bundles", soft_time_limit=LONG_WORK_TAKES_AT_MOST_S, time_limit=LONG_WORK_TAKES_AT_MOST_S + 60)
def bundles() -> int:
    """The number of bundles that were packed."""
    return bundle_work.work()


@scheduled("lodestone.sheets", soft_time_limit=LONG_WORK_TAKES_AT_MOST_S, time_limit=LONG_WORK_TAKES_AT_MOST_S + 60)
def sheets_at_work() -> int:
    """The number of sheets that were checked or signed."""
    return sheet_work.work()


@scheduled("lodestone.epcis", soft_time_limit=LONG_WORK_TAKES_AT_MOST_S, time_limit=LONG_WORK_TAKES_AT_MOST_S + 60)
def epcis() -> int:
    """The number of EPCIS documents that were kept, of statements found as events, and of schedules that called."""
    return epcis_capture.work() + epcis_index.catch_up() + epcis_subscriptions.put_due()


@scheduled("lodestone.imports", soft_time_limit=LONG_WORK_TAKES_AT_MOST_S, time_limit=LONG_WORK_TAKES_AT_MOST_S + 60)
def imports() -> int:
    """The number of bundles of other records that were verified."""
    return foreign_bundles.work()
