"""Closing the account of an organisation. What it signed stays in the log; nobody records for it any more."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.db.models import Q

from traceability.models import (
    ApiToken,
    Draft,
    FiguresApproval,
    Invitation,
    KeyEntry,
    LogState,
    Mandate,
    Membership,
    Organisation,
    PlatformKey,
    QueueEntry,
    Webhook,
)
from traceability.selectors import stock
from traceability.selectors.access import Actor
from traceability.selectors.stock import State
from traceability.services import acceptance, asking, audit, clock, forgetting, members
from traceability.services.errors import NotAllowed, Refusal
from traceability.services.submissions import Act, Receipt

REASON: Final = "The organisation closed its account. Nothing that it signed before is in doubt."


class NotYet(Refusal):
    """An account that cannot be closed before something else is done."""

    code = "not_yet"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What has to be done first: `code` names it, `count` says how often."""

    code: str
    count: int


def obstacles(actor: Actor) -> Sequence[Obstacle]:
    """What has to be done before the actor's organisation can close its account."""
    own, counts = actor.organisation, stock.tally(actor).counts
    found = [Obstacle(state, counts.get(state, 0)) for state in (State.INCOMING, State.OUTGOING, State.BLOCKED)]
    found.append(Obstacle("queued", QueueEntry.objects.filter(statement__issuer=own.pk).count()))
    found.append(Obstacle("key_elsewhere", len(_keys(own)) - len(_held_here(own))))
    return [one for one in found if one.count]


@transaction.atomic
def close(*, actor: Actor) -> list[Receipt]:
    """The receipts of the key revocations that end the organisation's word; then its people lose access.

    An organisation that was never registered has said nothing: it is forgotten whole.
    """
    members.require_admin(actor)
    members.lock(actor.organisation)
    organisation = Organisation.objects.get(pk=actor.organisation.pk)
    if organisation.is_operator:
        raise NotAllowed("The operator of the log cannot leave it.")
    if not organisation.registered:
        forgetting.forget(organisation)
        return []
    if not actor.may_submit:
        raise NotAllowed(actor.why_not_submit)
    if obstacles(actor):
        raise NotYet("Something has to be done before the account can be closed. The page lists it.")
    receipts = _revoke_keys(actor)
    organisation.refresh_from_db()
    organisation.standing = Organisation.Standing.CLOSED
    organisation.save(update_fields=["standing"])
    audit.note_for(organisation, audit.Kind.ACCOUNT, "Account closed", user_id=actor.user_id)
    asking.end_all(actor)
    _end_access(organisation)
    return receipts


def _revoke_keys(actor: Actor) -> list[Receipt]:
    """Every key revokes itself, from the present size of the log on: nothing before is in doubt."""
    log = LogState.objects.first()
    now = clock.now()
    return acceptance.accept(
        actor=actor,
        submissions=[
            Act(
                "key.revoke",
                actor.organisation.pk,
                {"key": key, "compromised_from_index": log.size if log else 0, "reason": REASON},
                (now, now),
                key=key,
            )
            for key in _held_here(actor.organisation)
        ],
    )


def _end_access(organisation: Organisation) -> None:
    now = clock.now()
    ApiToken.objects.filter(organisation=organisation, revoked_at=None).update(revoked_at=now)
    Invitation.objects.filter(organisation=organisation, accepted_at=None, withdrawn_at=None).update(withdrawn_at=now)
    Mandate.objects.filter(Q(giver=organisation) | Q(holder=organisation), revoked_at=None).update(revoked_at=now)
    Webhook.objects.filter(organisation=organisation).delete()
    Draft.objects.filter(organisation=organisation).delete()
    FiguresApproval.objects.filter(organisation=organisation).delete()
    Membership.objects.filter(organisation=organisation).delete()


def _keys(organisation: Organisation) -> list[bytes]:
    """The ids of the keys that speak for an organisation now."""
    active = KeyEntry.objects.filter(organisation=organisation, ended=None)
    return [bytes(one) for one in active.order_by("pk").values_list("pk", flat=True)]


def _held_here(organisation: Organisation) -> list[str]:
    """Those of them with which the platform signs, as `sha256:` ids."""
    rows = PlatformKey.objects.filter(key_id__in=_keys(organisation)).order_by("pk").values_list("key_id", flat=True)
    return [f"sha256:{bytes(one).hex()}" for one in rows]
