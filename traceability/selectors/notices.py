"""What a member was told, what he watches, and the audit log of his organisation; nobody sees that of another."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from traceability.models import AuditEvent, Membership, Notice, NoticeCopy, OutboxTask, Watch
from traceability.selectors.access import Actor, NotFound

COUNTED_TO = 100
"""More than so many unread notices are shown as many."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the reader looks for among his notices."""

    kind: str = ""
    unread: bool = False


def copies(actor: Actor, wanted: Wanted | None = None) -> QuerySet[NoticeCopy]:
    """The notices of a member in the organisation for which he acts, newest first."""
    asked = wanted or Wanted()
    rows = NoticeCopy.objects.filter(user=actor.user_id, organisation=actor.organisation)
    if asked.kind in Notice.Kind:
        rows = rows.filter(notice__kind=asked.kind)
    if asked.unread:
        rows = rows.filter(read_at=None)
    return rows.select_related("notice__statement").order_by("-created_at", "-pk")


def unread(actor: Actor) -> QuerySet[NoticeCopy]:
    """The notices that the member has not read, at most 100 of them."""
    rows = NoticeCopy.objects.filter(user=actor.user_id, organisation=actor.organisation, read_at=None)
    return rows.order_by()[:COUNTED_TO]


def of_organisation(actor: Actor) -> QuerySet[Notice]:
    """All notices to the actor's organisation, whoever of its members was told."""
    return Notice.objects.filter(organisation=actor.organisation).select_related("statement")


def watches(actor: Actor) -> QuerySet[Watch]:
    """What the member watches in the organisation for which he acts."""
    return Watch.objects.filter(user=actor.user_id, organisation=actor.organisation)


@dataclass(frozen=True, slots=True)
class AuditWanted:
    """What an administrator looks for in the audit log; days are whole days in UTC."""

    kind: str = ""
    since: datetime | None = None
    until: datetime | None = None


def audit(actor: Actor, wanted: AuditWanted) -> QuerySet[AuditEvent]:
    """The audit log of the actor's organisation, newest first, for its administrators."""
    if actor.role != Membership.Role.ADMIN:
        raise NotFound("The audit log is for the administrators of an organisation.")
    rows = AuditEvent.objects.filter(organisation=actor.organisation).select_related("actor_organisation", "user")
    if wanted.kind in AuditEvent.Kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.since:
        rows = rows.filter(last_at__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(at__lt=wanted.until)
    return rows.order_by("-last_at", "-pk")


def open_tasks(actor: Actor) -> QuerySet[OutboxTask]:
    """What the outbox has given up or not done yet, for the operator: given up first, then the longest waiting."""
    if not (actor.organisation.is_operator and actor.role == Membership.Role.ADMIN):
        raise NotFound("The outbox is for the operator of this log.")
    return OutboxTask.objects.exclude(state=OutboxTask.State.DONE).order_by("state", "due_at", "pk")
