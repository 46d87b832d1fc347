"""Checkpoints of the log: staged in the database, swapped into the guard, then published (record-format.md section 7).

The order makes every crash harmless. A staged note has been shown to nobody; once the guard holds it, every later run
publishes it; and when the guard holds a note that this database does not know, the database was restored from a backup,
and signing anything more could fork the log.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final, TypeVar

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from traceability.ledger import checkpoint
from traceability.ledger.errors import RecordError
from traceability.ledger.merkle import Frontier, TreeHead
from traceability.models import Checkpoint, LogKey, LogState
from traceability.selectors.log import NotPublishedYet
from traceability.services import clock, vault
from traceability.services.guard import Guard, configured_guard

Found = TypeVar("Found")

FOLLOWERS: Final[list[Callable[[Checkpoint], None]]] = []
"""What is told of each published checkpoint; config/wiring.py fills it. None of it may keep the log waiting."""


class LogRefusesToSign(RecordError):
    """Signing now could give two truths: a person must look first."""

    code = "log_refuses_to_sign"


class GuardKnowsMore(LogRefusesToSign):
    """The guard holds a checkpoint that this database does not have."""

    code = "guard_knows_more"


class GuardLost(LogRefusesToSign):
    """The guard is empty or older, though this database has published checkpoints."""

    code = "guard_lost"


class ClockWentBack(LogRefusesToSign):
    """The clock shows an earlier time than the newest checkpoint."""

    code = "clock_went_back"


class OriginChanged(LogRefusesToSign):
    """The log has another name than its checkpoints."""

    code = "log_origin_changed"


def open_log() -> None:
    """Makes the keys of the log and its checkpoint of size 0, the first act of a log; does nothing when it is open."""
    if LogState.objects.filter(published__isnull=False).exists():
        return
    LogState.objects.get_or_create(id=1, defaults={"frontier": Frontier().to_bytes()})
    with transaction.atomic(durable=True):
        LogState.objects.select_for_update().get()
        if not LogKey.objects.exists():
            vault.create_log_keys()
        if not Checkpoint.objects.exists():
            stage(Frontier().head())
    publish()


def stage(head: TreeHead) -> None:
    """Signs a checkpoint of this tree and stores it, shown to nobody; the caller holds the lock on the log's state."""
    now = clock.now()
    _check_name_and_time(now)
    body = checkpoint.Checkpoint(settings.LODESTONE_LOG_ORIGIN, head)
    note = checkpoint.sign_checkpoint(body, vault.log_signers(), time=int(now.timestamp()))
    Checkpoint.objects.create(size=head.size, root=head.root, note=note.decode(), cosigned_at=now)


def publish() -> Checkpoint | None:
    """The newest checkpoint, published by way of the guard now or before; safe to repeat, from any process."""
    guard = configured_guard()
    while True:
        held = guard.read()  # before the newest is read: what the guard holds is then never newer
        newest = Checkpoint.objects.order_by("-id").first()
        if newest is None:
            return None
        published = LogState.objects.select_related("published").get().published
        if held == newest.note or (_is_ours(held, published, guard) and guard.compare_and_swap(held, newest.note)):
            if published != newest:
                _mark_published(newest)
            return newest


def settled(read: Callable[[], Found]) -> Found:
    """What `read` gives of the newest published checkpoint; what a crash left staged is published for it."""
    try:
        return read()
    except NotPublishedYet:
        publish()
        return read()


def renew(*, after_s: int = 0) -> None:
    """Signs the newest checkpoint again with the time of now, when it is at least `after_s` seconds old."""
    if publish() is None:
        return
    with transaction.atomic(durable=True):
        LogState.objects.select_for_update().get()
        newest = Checkpoint.objects.latest("id")
        if 0 <= (clock.now() - newest.cosigned_at).total_seconds() < after_s:
            return
        stage(TreeHead(newest.size, bytes(newest.root)))
    publish()


def adopt_guard() -> None:
    """Gives an empty guard the newest published checkpoint, when a person knows that no later one was ever signed."""
    published = LogState.objects.select_related("published").get().published
    if published is None or not configured_guard().compare_and_swap(None, published.note):
        raise LogRefusesToSign("Only an empty guard of an open log can be filled. Look at what the guard holds.")


def _mark_published(newest: Checkpoint) -> None:
    if LogState.objects.filter(Q(published__isnull=True) | Q(published__lt=newest)).update(published=newest):
        for follow in FOLLOWERS:
            follow(newest)


def _is_ours(held: str | None, published: Checkpoint | None, guard: Guard) -> bool:
    """Whether the guard still holds this note, and it is the published checkpoint or one staged after it."""
    if held == (published.note if published else None):
        return True
    ours = Checkpoint.objects.filter(note=held).order_by("id").last()
    if ours and ours.pk >= (published.pk if published else 0):
        return True
    if guard.read() != held:  # somebody else published meanwhile
        return False
    if held is not None and ours is None:
        raise GuardKnowsMore(
            f"The guard holds a checkpoint of size {held.split(chr(10))[1]} that this database does not have: it was "
            "restored from a backup. Restore a newer one, or announce a successor log. Nothing is signed until then."
        )
    raise GuardLost(
        "The guard is empty or older than this database. Put back the guard of the machine that signed last, or run "
        "`manage.py integrate --adopt-guard` if you know that nothing newer was ever signed."
    )


def _check_name_and_time(now: datetime) -> None:
    """Refuses another origin or an earlier time than the newest checkpoint has; a trigger refuses a smaller tree."""
    newest = Checkpoint.objects.order_by("-id").first()
    if newest and not newest.note.startswith(f"{settings.LODESTONE_LOG_ORIGIN}\n"):
        raise OriginChanged("The checkpoints of this log bear another origin. Set LODESTONE_LOG_ORIGIN back to it.")
    if newest and now < newest.cosigned_at:
        raise ClockWentBack(
            f"The newest checkpoint was signed at {newest.cosigned_at:%Y-%m-%d %H:%M:%S} UTC. Set the clock."
        )
