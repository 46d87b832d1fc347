"""Packs the bundles that wait: by the clock of an embedded installation, or by a worker beside it.

A worker takes one job at a time under a lease that every step of it renews. One that was killed leaves its job to the
next, which begins it again; after a few beginnings the job has failed.
"""

import logging
import os
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Final

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from traceability.ledger.errors import RecordError
from traceability.models import BundleJob, Membership
from traceability.selectors import log as log_selector
from traceability.selectors.access import Actor
from traceability.services import bundle_jobs, export
from traceability.services.export import Exported, Progress

LEASE: Final = timedelta(minutes=5)
MOST_TRIES: Final = 3
MOST_RUNNING: Final = 2
"""So many are packed at once, so that other work goes on."""
EVERY: Final = 100
"""After so many statements the page is told, and a cancellation is heard."""
AGAIN: Final = "It could not be packed. Export it again; if that fails too, ask the operator."
State = BundleJob.State
log = logging.getLogger("lodestone.bundles")


class NoLongerMine(RecordError):
    """A job that was cancelled, or that another worker has begun again."""

    code = "no_longer_mine"


def work() -> int:
    """The number of bundles that were packed now."""
    packed = 0
    while job := _take():
        packed += _run(job)
    return packed


def release() -> None:
    """Lets jobs be begun again at once whose worker ended with the only process there was."""
    BundleJob.objects.filter(state=State.RUNNING).update(state=State.WAITING)


class Reporter(Progress):
    """Writes how far a job is, beside the transaction in which the export reads."""

    def __init__(self, job: BundleJob) -> None:
        self._job = job
        self._connection = connection.copy()
        self._told = 0

    def close(self) -> None:
        """Gives the connection back."""
        self._connection.close()

    def found(self, count: int) -> None:
        """Tells how many statements were found, of an unknown number."""
        self._tell(found=count, packed=0, total=None)

    def packed(self, count: int, total: int) -> None:
        """Tells how many statements are packed, once in a while."""
        if count == total or count >= self._told + EVERY:
            self._told = count
            self._tell(found=total, packed=count, total=total)

    def _tell(self, *, found: int, packed: int, total: int | None) -> None:
        own = self._connection
        key = self._job.pk if own.vendor == "postgresql" else self._job.pk.hex
        now = own.ops.adapt_datetimefield_value(timezone.now())
        with own.cursor() as cursor:
            cursor.execute(
                "UPDATE traceability_bundlejob SET found = %s, packed = %s, total = %s, seen_at = %s"
                " WHERE id = %s AND state = 'running' AND tries = %s",
                [found, packed, total, now, key, self._job.tries],
            )
            if cursor.rowcount != 1:
                raise NoLongerMine("This bundle was cancelled, or another worker packs it.")


def _take() -> BundleJob | None:
    """The job that waited longest, now this worker's; None where none waits or enough are being packed."""
    now = timezone.now()
    lost = Q(state=State.RUNNING, seen_at__lte=now - LEASE)
    rows = BundleJob.objects.filter(Q(state=State.WAITING) | lost)
    if not rows.exists():  # SQLite would lock out every writer to find nothing
        return None
    with transaction.atomic():
        running = BundleJob.objects.filter(state=State.RUNNING, seen_at__gt=now - LEASE).count()
        skip_locked = connection.features.has_select_for_update_skip_locked
        job = rows.select_for_update(skip_locked=skip_locked).order_by("requested_at", "pk").first()
        if job is None or running >= MOST_RUNNING:
            return None
        job.state, job.seen_at, job.tries = State.RUNNING, now, job.tries + 1
        job.save(update_fields=["state", "seen_at", "tries"])
        return job


def _run(job: BundleJob) -> int:
    """1 where the bundle is packed now, 0 where it is not and the job says why."""
    if job.tries > MOST_TRIES:
        _end(job, State.FAILED, error=AGAIN)
        return 0
    draft = bundle_jobs.path_of(job).with_suffix(f".{job.tries}.part")
    try:
        exported = _pack(job, draft)
    except NoLongerMine:
        return 0
    except (log_selector.NotPublishedYet, log_selector.LogNotOpen, log_selector.NotInLog) as error:
        _later(job, error)
        return 0
    except RecordError as error:
        _end(job, State.FAILED, error=error.sentence[:300])
        return 0
    except Exception:
        _later(job)
        raise
    else:
        return _keep(job, draft, exported)
    finally:
        draft.unlink(missing_ok=True)


def _pack(job: BundleJob, draft: Path) -> Exported:
    actor = Actor(job.user_id or 0, job.organisation, Membership.Role.VIEWER)
    with closing(Reporter(job)) as reporter, draft.open("wb") as file:
        return export.export_bundle(actor=actor, lot=job.lot, file=file, progress=reporter)


def _keep(job: BundleJob, draft: Path, exported: Exported) -> int:
    """Puts the file in its place, unless the job was cancelled meanwhile."""
    octets, place = draft.stat().st_size, bundle_jobs.path_of(job)
    os.replace(draft, place)
    done = _mine(job).update(
        state=State.DONE, ended_at=timezone.now(), octets=octets, custody_hash=exported.custody_hash,
        statements=list(exported.statements), values_sha256=exported.values_sha256, error="",
    )  # fmt: skip
    if not done:
        place.unlink(missing_ok=True)
    return done


def _later(job: BundleJob, error: RecordError | None = None) -> None:
    """Lets the job be begun again, unless it was begun often enough."""
    sentence = error.sentence[:300] if error else AGAIN
    if job.tries >= MOST_TRIES:
        _end(job, State.FAILED, error=sentence)
    else:
        _mine(job).update(state=State.WAITING, found=0, packed=0, total=None, error=sentence)


def _end(job: BundleJob, state: BundleJob.State, *, error: str) -> None:
    log.warning("A bundle was not packed.", extra={"fields": {"job": str(job.pk), "error": error}})
    _mine(job).update(state=state, ended_at=timezone.now(), error=error)


def _mine(job: BundleJob) -> QuerySet[BundleJob]:
    """The row while it is this worker's."""
    return BundleJob.objects.filter(pk=job.pk, state=State.RUNNING, tries=job.tries)
