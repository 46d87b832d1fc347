"""The audit log of an organisation: one row for each kind of event, who did it and the hour, counted when repeated."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from traceability.models import AuditEvent, Membership
from traceability.selectors.access import Actor

MOST_LISTED: Final = 20
Kind = AuditEvent.Kind


@dataclass(frozen=True, slots=True)
class Reading:
    """Confidential values of one organisation that somebody else was shown."""

    values: int
    statements: Sequence[str]  # digests


def note(actor: Actor, kind: AuditEvent.Kind, said: str) -> None:
    """Keeps an administrative act of the actor for his own organisation."""
    event = AuditEvent(
        organisation=actor.organisation,
        kind=kind,
        actor_organisation=actor.organisation,
        user_id=actor.user_id or None,
        note=said[:200],
    )
    _keep([event], timezone.now())


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
            note=said[:200],
        )
        for organisation in members.values_list("organisation_id", flat=True)
    ]
    _keep(events, timezone.now())


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
