"""Writes into the audit log what is done to an organisation's account and its people, in the transaction of the act."""

from uuid import uuid4

from django.contrib.auth import get_user_model

from traceability.models import AuditEvent, Organisation
from traceability.services import clock

Kind = AuditEvent.Kind
LONGEST = 200


def note(
    organisation: Organisation,
    user_id: int,
    words: str,
    *,
    kind: AuditEvent.Kind = Kind.MEMBER,
    by: Organisation | None = None,
) -> None:
    """One line of the organisation's audit log; `by` is the organisation that did it, where it is another."""
    now = clock.now()
    AuditEvent.objects.create(
        once=uuid4().hex,
        organisation=organisation,
        kind=kind,
        at=now,
        last_at=now,
        actor_organisation=by or organisation,
        user_id=user_id or None,
        note=words[:LONGEST],
    )


def called(user_id: int) -> str:
    """How a person is called in the log: by his address, which tells two people of one name apart."""
    user = get_user_model().objects.filter(pk=user_id).first() if user_id else None
    return "the platform" if user is None else user.email or user.get_username()
