"""Bundles packed in the background: asked for, cancelled, fetched, forgotten. services/bundle_work.py packs them.

A file lies in a folder that only this program enters, under the number of its job. It is fetched by who asked for it,
while the lot is with him and he may read every value that is in it.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from traceability.ledger.errors import RecordError
from traceability.models import BundleJob
from traceability.models.exports import OPEN
from traceability.selectors import bundle as reading
from traceability.selectors.access import Actor, NotFound
from traceability.services import export

AT_ONCE: Final = 500
"""A bundle of about so many statements is given at once; a larger one is packed in the background."""
KEPT: Final = timedelta(days=7)
MOST_OPEN: Final = 5
FOLDER: Final = "exports"
State = BundleJob.State


class TooManyBundles(RecordError):
    """More bundles at once than an organisation may have packed."""

    code = "too_many_bundles"


class BundleTooLarge(RecordError):
    """A bundle that is too large for one answer."""

    code = "bundle_too_large"


class BundleNotReady(RecordError):
    """A bundle that is not packed, or no longer kept."""

    code = "bundle_not_ready"


class ReadingChanged(RecordError):
    """What may be read is no longer what it was when the bundle was packed."""

    code = "reading_changed"


def of(actor: Actor) -> QuerySet[BundleJob]:
    """The bundles that the actor asked for and that are still kept, the newest first."""
    rows = BundleJob.objects.filter(organisation=actor.organisation, user=actor.user_id or None)
    return rows.filter(requested_at__gt=timezone.now() - KEPT)


def one(actor: Actor, job: UUID) -> BundleJob:
    """A bundle that the actor asked for, or NotFound."""
    found = of(actor).filter(pk=job).first()
    if found is None:
        raise NotFound("There is no such bundle, or it is no longer kept. Export it again.")
    return found


def size_of(*, actor: Actor, lot: UUID) -> int:
    """About how many statements the bundle of a lot would hold; NotFound unless the lot is with the actor."""
    export.require_with(actor, lot)
    return reading.about_how_many(lot)


def require_small(*, actor: Actor, lot: UUID) -> None:
    """Refuses a bundle that is too large for one answer."""
    count = size_of(actor=actor, lot=lot)
    if count > AT_ONCE:
        raise BundleTooLarge(f"About {count} statements are too many for one answer. POST here, and fetch it later.")


def request(*, actor: Actor, lot: UUID) -> BundleJob:
    """The job that packs the bundle of a lot: one that is open already, or a new one."""
    export.require_with(actor, lot)
    mine = of(actor).filter(lot=lot, state__in=OPEN)
    if found := mine.first():
        return found
    if BundleJob.objects.filter(organisation=actor.organisation, state__in=OPEN).count() >= MOST_OPEN:
        raise TooManyBundles(f"{MOST_OPEN} bundles are being packed for your organisation. Wait for one of them.")
    made = BundleJob(
        organisation=actor.organisation, user_id=actor.user_id or None, lot=lot, requested_at=timezone.now()
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:  # asked twice at the same moment
        return mine.get()
    return made


def cancel(*, actor: Actor, job: UUID) -> BundleJob:
    """Ends a job that is open; of one that is done its file is taken away."""
    found = one(actor, job)
    ended = BundleJob.objects.filter(pk=found.pk, state__in=(*OPEN, State.DONE))
    ended.update(state=State.CANCELLED, ended_at=timezone.now(), octets=None)
    path_of(found).unlink(missing_ok=True)
    found.refresh_from_db()
    return found


def file_of(*, actor: Actor, job: UUID) -> tuple[BundleJob, Path]:
    """A packed bundle, if the actor may still see all that is in it."""
    found = one(actor, job)
    path = path_of(found)
    if found.state != State.DONE or not path.is_file():
        raise BundleNotReady("The bundle is not packed yet, or it was taken away. Look at its state.")
    export.require_with(actor, found.lot)
    if export.values_named(actor, found.statements) != found.values_sha256:
        raise ReadingChanged("What you may read has changed since this bundle was packed. Export it again.")
    return found, path


def path_of(job: BundleJob) -> Path:
    """Where the file of a job lies once it is packed."""
    return folder() / f"{job.pk}{export.ENDING}"


def folder() -> Path:
    """Where packed bundles lie; nobody else enters."""
    found = Path(settings.LODESTONE_HOME) / FOLDER
    found.mkdir(mode=0o700, parents=True, exist_ok=True)
    return found


def purge() -> None:
    """Forgets bundles that were kept long enough, and files that belong to none."""
    BundleJob.objects.filter(requested_at__lte=timezone.now() - KEPT).delete()
    files = list(_files())
    kept = BundleJob.objects.filter(state__in=(*OPEN, State.DONE))
    known = set(kept.filter(pk__in={job for job, _ in files}).values_list("pk", flat=True))
    for job, path in files:
        if job not in known:
            path.unlink(missing_ok=True)


def _files() -> Iterator[tuple[UUID, Path]]:
    """Each file in the folder with the number of its job; files that are none of ours are left alone."""
    for path in folder().iterdir():
        try:
            yield UUID(path.name.partition(".")[0]), path
        except ValueError:
            continue
