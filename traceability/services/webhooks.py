"""Webhooks: registered by an administrator, signed as Standard Webhooks (v1a, Ed25519), sent by the outbox."""

import base64
import json
from collections.abc import Collection
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from traceability.ledger import moments
from traceability.ledger.errors import RecordError
from traceability.models import (
    AuditEvent,
    Membership,
    Notice,
    Organisation,
    Webhook,
    WebhookDelivery,
    WebhookKey,
)
from traceability.selectors.access import Actor, NotFound
from traceability.services import audit, outbox, safe_fetch, vault
from traceability.services.errors import NotAllowed

TASK: Final = "webhook"
TEST_KIND: Final = "test"
MOST: Final = 10
PUBLIC_PREFIX: Final = "whpk_"
"""Standard Webhooks: the prefix of a public key, before its base64."""


class TooManyWebhooks(RecordError):
    """More addresses than an organisation may have."""

    code = "too_many_webhooks"


class WebhookOff(RecordError):
    """A webhook that was switched off gets nothing."""

    code = "webhook_off"


def of_organisation(*, actor: Actor) -> QuerySet[Webhook]:
    """The webhooks of the actor's organisation, for its administrators."""
    require_admin(actor)
    return Webhook.objects.filter(organisation=actor.organisation)


def one(*, actor: Actor, webhook: UUID) -> Webhook:
    """One webhook of the actor's organisation, or NotFound."""
    found = of_organisation(actor=actor).filter(pk=webhook).first()
    if found is None:
        raise NotFound("There is no such webhook, or it is not yours.")
    return found


@transaction.atomic
def register(*, actor: Actor, url: str, kinds: Collection[Notice.Kind] = ()) -> Webhook:
    """A new webhook for notices of these kinds (none: all); the organisation gets its signing key with the first."""
    require_admin(actor)
    safe_fetch.check_url(url)
    Organisation.objects.select_for_update().get(pk=actor.organisation.pk)
    if Webhook.objects.filter(organisation=actor.organisation).count() >= MOST:
        raise TooManyWebhooks(f"An organisation has at most {MOST} webhooks. Remove one first.")
    public_key(actor.organisation.pk)
    made = Webhook.objects.create(
        organisation=actor.organisation, url=url, kinds=_sorted(kinds), created_by_id=actor.user_id or None
    )
    audit.note(actor, AuditEvent.Kind.WEBHOOK, f"added {url}")
    return made


@transaction.atomic
def change(*, actor: Actor, webhook: UUID, kinds: Collection[Notice.Kind], on: bool) -> Webhook:
    """The webhook with other kinds, switched on or off; switched on it begins with a clean slate."""
    found = one(actor=actor, webhook=webhook)
    found.kinds = _sorted(kinds)
    if on and found.disabled_at:
        found.disabled_at, found.disabled_because, found.failing_since = None, "", None
    elif not on and not found.disabled_at:
        found.disabled_at, found.disabled_because = timezone.now(), "switched off by an administrator"
    found.save()
    audit.note(actor, AuditEvent.Kind.WEBHOOK, f"changed {found.url}")
    return found


@transaction.atomic
def remove(*, actor: Actor, webhook: UUID) -> None:
    """Forgets a webhook, with its deliveries."""
    found = one(actor=actor, webhook=webhook)
    audit.note(actor, AuditEvent.Kind.WEBHOOK, f"removed {found.url}")
    found.delete()


@transaction.atomic
def test(*, actor: Actor, webhook: UUID) -> WebhookDelivery:
    """A delivery that says only that it is a test."""
    found = one(actor=actor, webhook=webhook)
    _require_on(found)
    return _put(found, TEST_KIND, {"webhook": str(found.pk)}, timezone.now())


@transaction.atomic
def redeliver(*, actor: Actor, webhook: UUID, delivery: UUID) -> WebhookDelivery:
    """The same message, under the same id, sent again from the beginning of the schedule."""
    found = one(actor=actor, webhook=webhook)
    _require_on(found)
    again = found.deliveries.select_for_update().filter(pk=delivery).first()
    if again is None:
        raise NotFound("There is no such delivery.")
    if again.state != WebhookDelivery.State.WAITING:
        again.state = WebhookDelivery.State.WAITING
        again.save(update_fields=["state"])
        _put_task(again, round_=again.attempts.count())
    return again


def queue(notice: Notice) -> None:
    """Puts a delivery in for each webhook that wants this notice, in the caller's transaction."""
    wanted = Webhook.objects.filter(organisation=notice.organisation_id, disabled_at=None)
    for webhook in wanted:
        if not webhook.kinds or notice.kind in webhook.kinds:
            _put(webhook, notice.kind, data_of(notice), notice.created_at, notice=notice)


def data_of(notice: Notice) -> dict[str, Any]:
    """What a message says of a notice: names of things, which only who may see them can look up."""
    found: dict[str, Any] = {"notice": str(notice.pk), "about": notice.about, "others": notice.others}
    found["subject"] = f"urn:uuid:{notice.subject}"
    if notice.statement is not None:
        found["statement"] = f"sha256:{bytes(notice.statement.digest).hex()}"
    return found


def _put(
    webhook: Webhook, kind: str, data: dict[str, Any], at: datetime, *, notice: Notice | None = None
) -> WebhookDelivery:
    said = {
        "type": kind,
        "timestamp": moments.format_moment(at.replace(microsecond=0)),
        "data": {"organisation": f"urn:uuid:{webhook.organisation_id}", **data},
    }
    body = json.dumps(said, separators=(",", ":"))
    made = WebhookDelivery.objects.create(webhook=webhook, notice=notice, kind=kind, body=body, created_at=at)
    _put_task(made, round_=0)
    return made


def _put_task(delivery: WebhookDelivery, *, round_: int) -> None:
    outbox.put(TASK, f"webhook:{delivery.pk.hex}:{round_}", {"delivery": str(delivery.pk)})


# The key


def public_key(organisation: UUID) -> bytes:
    """The raw public key that verifies the webhooks of an organisation; it is made when there is none."""
    found = WebhookKey.objects.filter(organisation=organisation).first()
    if found is None:
        private = Ed25519PrivateKey.generate()
        public = private.public_key().public_bytes_raw()
        sealed = vault.seal_private(_owner(organisation), public, private.private_bytes_raw())
        found, _ = WebhookKey.objects.get_or_create(
            organisation_id=organisation,
            defaults={"public_key": public, "sealed_private": sealed, "created_at": timezone.now()},
        )
    return bytes(found.public_key)


@transaction.atomic
def replace_key(*, actor: Actor) -> bytes:
    """The public key of a new signing key; what is sent from now on is signed with it alone."""
    require_admin(actor)
    WebhookKey.objects.filter(organisation=actor.organisation).delete()
    made = public_key(actor.organisation.pk)
    audit.note(actor, AuditEvent.Kind.WEBHOOK, "replaced the signing key")
    return made


def shown_key(public: bytes) -> str:
    """A public key as Standard Webhooks writes it."""
    return PUBLIC_PREFIX + base64.b64encode(public).decode()


def headers_of(delivery: WebhookDelivery, organisation: UUID, now: datetime) -> dict[str, str]:
    """The headers of a delivery: its id, the moment of sending, and the signature over both and the body."""
    row = WebhookKey.objects.get(organisation=organisation)
    private = vault.open_private(_owner(organisation), bytes(row.public_key), bytes(row.sealed_private))
    timestamp = str(int(now.timestamp()))
    signed = f"{delivery.message_id}.{timestamp}.{delivery.body}".encode()
    signature = Ed25519PrivateKey.from_private_bytes(private).sign(signed)
    return {
        "Content-Type": "application/json",
        "User-Agent": "Lodestone-Webhooks/1",
        "webhook-id": delivery.message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1a,{base64.b64encode(signature).decode()}",
    }


def _owner(organisation: UUID) -> str:
    return f"webhooks of {organisation}"


def require_admin(actor: Actor) -> None:
    """Refuses everybody but administrators."""
    if actor.role != Membership.Role.ADMIN:
        raise NotAllowed("Only an administrator of the organisation sees and changes its webhooks.")


def _require_on(webhook: Webhook) -> None:
    if webhook.disabled_at:
        raise WebhookOff("This webhook is switched off. Switch it on first.")


def _sorted(kinds: Collection[Notice.Kind]) -> list[str]:
    return sorted({str(kind) for kind in kinds})
