"""What the operator's administrators see of the installation itself; for everybody else it does not exist."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import F, QuerySet

from traceability.models import JobFailure, JobState, KeyEntry, LedgerCheck, LogKey, MailEntry, OutboxTask, PlatformKey
from traceability.models.keys import LOG_KEYS
from traceability.selectors.access import Actor, NotFound

MISSED: Final = 3
"""A task is late when so many of its runs did not come."""
NOTED_EVERY: Final = timedelta(minutes=3)
"""Tasks that run more often are noted about once a minute: not to be seen for so long is late."""


@dataclass(frozen=True, slots=True)
class Job:
    """A task of the schedule: how often it should run, and its newest run that was noted."""

    name: str
    every: timedelta
    state: JobState | None

    def is_late(self, now: datetime) -> bool:
        """Whether it should have been seen since."""
        return self.state is not None and now - self.state.last_at > max(MISSED * self.every, NOTED_EVERY)


@dataclass(frozen=True, slots=True)
class Keys:
    """The sealed keys of the log and of the operator, and how many others are sealed under the same master key."""

    log: list[LogKey]
    operator: list[tuple[KeyEntry, PlatformKey | None]]
    others: int


def require_operator(actor: Actor) -> None:
    """NotFound unless the actor administers the operator of this log."""
    if not (actor.organisation.is_operator and actor.is_admin):
        raise NotFound("There is no such page.")


def jobs(actor: Actor) -> list[Job]:
    """Every task of the schedule, in its order."""
    require_operator(actor)
    states = {row.name: row for row in JobState.objects.all()}
    rows = ((one["task"], timedelta(seconds=one["schedule"])) for one in settings.CELERY_BEAT_SCHEDULE.values())
    return [Job(name, every, states.get(name)) for name, every in rows]


def failures(actor: Actor) -> QuerySet[JobFailure]:
    """How tasks failed, the newest first."""
    require_operator(actor)
    return JobFailure.objects.order_by("-last_at", "-pk")


def mail(actor: Actor, *, failed: bool = False) -> QuerySet[MailEntry]:
    """The letters, the newest first: all, or those that did not leave."""
    require_operator(actor)
    return MailEntry.objects.filter(sent=False) if failed else MailEntry.objects.all()


def task_of(actor: Actor, entry_id: int) -> OutboxTask | None:
    """The task of the outbox that sends a letter, while it is not done; NotFound where there is no such letter."""
    entry = mail(actor).filter(pk=entry_id).first()
    if entry is None:
        raise NotFound("There is no such letter.")
    return OutboxTask.objects.filter(key=entry.task).exclude(state=OutboxTask.State.DONE).first()


def waiting_letters(actor: Actor, entries: list[MailEntry]) -> dict[str, OutboxTask]:
    """The tasks that will send these letters again or have given up, by key."""
    require_operator(actor)
    keys = [one.task for one in entries if one.task and not one.sent]
    rows = OutboxTask.objects.filter(key__in=keys).exclude(state=OutboxTask.State.DONE)
    return {row.key: row for row in rows}


def keys(actor: Actor) -> Keys:
    """The keys of the log in the order in which they sign, and those of the operator, the newest first."""
    require_operator(actor)
    of_log = {row.name: row for row in LogKey.objects.all()}
    held = {bytes(row.key_id): row for row in PlatformKey.objects.filter(organisation=actor.organisation.pk)}
    entries = KeyEntry.objects.filter(organisation=actor.organisation).select_related("since", "ended")
    ordered = entries.order_by(F("ended").desc(nulls_first=True), "-since_id")
    others = PlatformKey.objects.exclude(organisation=actor.organisation.pk).count()
    return Keys(
        [of_log[name] for name in LOG_KEYS if name in of_log],
        [(one, held.get(bytes(one.key_id))) for one in ordered],
        others,
    )


def newest_check(actor: Actor) -> LedgerCheck | None:
    """The newest stored result of a check of the whole ledger."""
    require_operator(actor)
    return LedgerCheck.objects.first()
