"""The audit log of an organisation: who did what to its account, its people and its rights, and who read its values.

Each administrative act is a line of its own, written in the transaction of the act; what happens often, readings and
sign-ins, is one line for each hour, counted when repeated.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from traceability.models import AuditEvent, Membership, Organisation
from traceability.selectors.access import Actor

MOST_LISTED: Final = 20
LONGEST: Final = 200
Kind = AuditEvent.Kind


@dataclass(frozen=True, slots=True)
class Reading:
    """Confidential values of one organisation that somebody else was shown."""

    values: int
    statements: Sequence[str]  # digests


def note(actor: Actor, kind: AuditEvent.Kind, said: str) -> None:
    """Keeps an administrative act of the actor for his own organisation."""
    note_for(actor.organisation, kind, said, user_id=actor.user_id)


def note_for(
    organisation: Organisation, kind: AuditEvent.Kind, said: str, *, user_id: int, by: Organisation | None = None
) -> None:
    """Keeps an administrative act for an organisation; `by` is the one that did it, where it is another."""
    now = timezone.now()
    AuditEvent.objects.create(
        once=uuid4().hex,
        organisation=organisation,
        kind=kind,
        at=now,
        last_at=now,
        actor_organisation=by or organisation,
        user_id=user_id or None,
        note=said[:LONGEST],
    )


def note_reading(actor: Actor, readings: Mapping[UUID, Reading]) -> None:
    """Keeps for each organisation that the actor was shown confidential values of its statements."""
    events = [
        AuditEvent(
            organisation_id=owner,
            kind=Kind.READ,
            actor_organisation=actor.organisation,
            user_id=actor.user_id or None,
            values_read=one.values,
            statements=list(one.statements[:MOST_LISTED]),
        )
        for owner, one in sorted(readings.items())
    ]
    _keep(events, timezone.now())


def note_person(user_id: int, kind: AuditEvent.Kind, *, address: str | None = None, said: str = "") -> None:
    """Keeps what a person did with his account, for every organisation that he works for."""
    members = Membership.objects.filter(user=user_id).order_by("organisation_id")
    events = [
        AuditEvent(
            organisation_id=organisation,
            kind=kind,
            actor_organisation_id=organisation,
            user_id=user_id,
            address=address,
            note=said[:LONGEST],
        )
        for organisation in members.values_list("organisation_id", flat=True)
    ]
    _keep(events, timezone.now())


def called(user_id: int) -> str:
    """How a person is called in the log: by his address, which tells two people of one name apart."""
    user = get_user_model().objects.filter(pk=user_id).first() if user_id else None
    return "the platform" if user is None else address_of(user)


def address_of(user: AbstractBaseUser) -> str:
    """The address of a person; the name of the account of one who has none."""
    return getattr(user, "email", "") or user.get_username()


@transaction.atomic
def _keep(events: Sequence[AuditEvent], now: datetime) -> None:
    for event in events:
        event.at = event.last_at = now
        event.once = _once(event)
    again = AuditEvent.objects.filter(once__in=[event.once for event in events])
    known = set(again.values_list("once", flat=True))
    if known:
        again.update(times=F("times") + 1, last_at=now)
    AuditEvent.objects.bulk_create([event for event in events if event.once not in known], ignore_conflicts=True)


def _once(event: AuditEvent) -> str:
    """What two events of an hour have in common when the second one is only counted."""
    parts = (
        event.organisation_id, event.kind, event.actor_organisation_id, event.user_id, event.note, event.address,
        *event.statements, event.values_read, event.at.strftime("%Y-%m-%dT%H"),
    )  # fmt: skip
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()
