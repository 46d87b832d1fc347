"""Webhooks: signed so that a stranger can check, tried again, switched off when nobody takes them, and never inside."""

import base64
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.utils import timezone

from tests.notices.receivers import Receiver, receiver
from tests.notices.town import VIEWER, Town, member, run_again
from traceability.models import AuditEvent, Notice, OutboxTask, Webhook, WebhookDelivery, WebhookKey
from traceability.selectors.access import Actor
from traceability.services import outbox, webhooks

Kind, State = Notice.Kind, WebhookDelivery.State


@pytest.fixture
def there(settings: Any) -> Iterator[Receiver]:
    settings.LODESTONE_LOOPBACK_WEBHOOKS = True
    with receiver() as found:
        yield found


@pytest.fixture
def admin(town: Town) -> Actor:
    return member(town.market.separator.organisation)


@pytest.fixture
def webhook(admin: Actor, there: Receiver) -> Webhook:
    return webhooks.register(actor=admin, url=there.url)


def send() -> int:
    return outbox.drain(names=(webhooks.TASK,))


def verify(public: str, headers: dict[str, str], body: bytes) -> None:
    """As the specification says: `v1a`, Ed25519 over id, timestamp and body, joined by full stops."""
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public.removeprefix("whpk_")))
    version, _, signature = headers["webhook-signature"].partition(",")
    assert version == "v1a"
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key.verify(base64.b64decode(signature), signed)


def test_a_notice_is_sent_and_its_signature_holds(town: Town, admin: Actor, webhook: Webhook, there: Receiver) -> None:
    lot, dispatch = town.sent(lot_number="SECRET-7")
    town.settle()
    assert send() == 1
    [(_, headers, body)] = there.got
    public = webhooks.shown_key(webhooks.public_key(admin.organisation.pk))
    verify(public, headers, body)
    assert abs(int(headers["webhook-timestamp"]) - timezone.now().timestamp()) < 60
    said = json.loads(body)
    assert said["type"] == "goods.coming"
    assert said["data"]["subject"] == lot
    assert said["data"]["statement"] == dispatch
    assert said["data"]["organisation"] == admin.organisation.urn
    assert b"SECRET" not in body
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, headers["webhook-id"]) == (State.DELIVERED, delivery.message_id)
    for changed in (body + b" ", body.replace(b"coming", b"leaving")):
        with pytest.raises(InvalidSignature):
            verify(public, headers, changed)


def test_only_chosen_kinds_are_sent_and_only_to_ones_own(town: Town, admin: Actor, there: Receiver) -> None:
    webhooks.register(actor=admin, url=there.url, kinds=[Kind.LOT_RECALLED])
    webhooks.register(actor=member(town.outsider.organisation), url=there.url)
    town.sent()
    town.settle()
    assert send() == 0
    assert there.got == []


def test_a_refusal_is_kept_and_tried_again_under_the_same_id(town: Town, webhook: Webhook, there: Receiver) -> None:
    there.status, there.body = 500, b"no \x00 room"
    town.sent()
    town.settle()
    send()
    delivery = WebhookDelivery.objects.get()
    assert delivery.state == State.WAITING
    attempt = delivery.attempts.get()
    assert (attempt.status, attempt.excerpt) == (500, "no \ufffd room")
    webhook.refresh_from_db()
    assert webhook.failing_since == attempt.at
    assert send() == 0  # not yet
    there.status = 200
    OutboxTask.objects.filter(name=webhooks.TASK).update(due_at=timezone.now())
    assert send() == 1
    first, second = (headers["webhook-id"] for _, headers, _ in there.got)
    assert first == second
    webhook.refresh_from_db()
    assert webhook.failing_since is None
    delivery.refresh_from_db()
    assert delivery.state == State.DELIVERED


def test_a_message_that_was_taken_is_not_sent_again_after_a_crash(
    town: Town, webhook: Webhook, there: Receiver
) -> None:
    town.sent()
    town.settle()
    send()
    run_again(webhooks.TASK)
    assert send() == 1
    assert len(there.got) == 1


def test_a_webhook_that_fails_for_days_is_switched_off_with_notice(
    town: Town, admin: Actor, webhook: Webhook, there: Receiver, time_machine: Any
) -> None:
    there.status = 503
    webhooks.test(actor=admin, webhook=webhook.pk)
    send()
    time_machine.move_to(timezone.now() + timedelta(days=5, minutes=1))
    send()
    webhook.refresh_from_db()
    assert webhook.disabled_because == "it failed for 5 days"
    assert WebhookDelivery.objects.get().state == State.FAILED
    assert OutboxTask.objects.get(name=webhooks.TASK).state == OutboxTask.State.GIVEN_UP
    assert town.copies(admin) == [Kind.WEBHOOK_DISABLED]
    with pytest.raises(webhooks.WebhookOff):
        webhooks.test(actor=admin, webhook=webhook.pk)
    town.sent()
    town.settle()
    assert WebhookDelivery.objects.count() == 1
    webhooks.change(actor=admin, webhook=webhook.pk, kinds=[], on=True)
    there.status = 200
    webhooks.test(actor=admin, webhook=webhook.pk)
    assert send() == 1
    assert WebhookDelivery.objects.filter(state=State.DELIVERED).count() == 1


def test_gone_switches_off_at_once(admin: Actor, webhook: Webhook, there: Receiver) -> None:
    there.status = 410
    webhooks.test(actor=admin, webhook=webhook.pk)
    send()
    webhook.refresh_from_db()
    assert webhook.disabled_because == "it answered 410 Gone"


def test_after_ten_tries_it_failed_and_can_be_sent_again(admin: Actor, webhook: Webhook, there: Receiver) -> None:
    there.status = 302
    delivery = webhooks.test(actor=admin, webhook=webhook.pk)
    for _ in range(outbox.MOST_TRIES):
        OutboxTask.objects.filter(name=webhooks.TASK).update(due_at=timezone.now())
        assert send() == 1
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts.count()) == (State.FAILED, 10)
    there.status = 200
    again = webhooks.redeliver(actor=admin, webhook=webhook.pk, delivery=delivery.pk)
    assert webhooks.redeliver(actor=admin, webhook=webhook.pk, delivery=delivery.pk) == again
    assert send() == 1
    delivery.refresh_from_db()
    assert delivery.state == State.DELIVERED
    assert len({headers["webhook-id"] for _, headers, _ in there.got}) == 1


def test_an_inner_address_is_tried_in_vain_and_says_so(town: Town, admin: Actor, settings: Any) -> None:
    settings.LODESTONE_LOOPBACK_WEBHOOKS = True
    made = webhooks.register(actor=admin, url="https://localhost/hook")
    settings.LODESTONE_LOOPBACK_WEBHOOKS = False
    webhooks.test(actor=admin, webhook=made.pk)
    send()
    assert "not on the public internet" in made.deliveries.get().attempts.get().error


def test_only_an_administrator_and_only_of_its_own(town: Town, webhook: Webhook, there: Receiver) -> None:
    viewer = member(town.market.separator.organisation, VIEWER)
    foreign = member(town.outsider.organisation)
    with pytest.raises(ValueError, match="Only an administrator"):
        webhooks.register(actor=viewer, url=there.url)
    for actor, said in ((viewer, "Only an administrator"), (foreign, "no such webhook")):
        for act in (webhooks.test, webhooks.remove, webhooks.one):
            with pytest.raises(ValueError, match=said):
                act(actor=actor, webhook=webhook.pk)
    other = webhooks.register(actor=foreign, url=there.url)
    delivery = webhooks.test(actor=foreign, webhook=other.pk)
    with pytest.raises(ValueError, match="no such delivery"):
        webhooks.redeliver(
            actor=member(town.market.separator.organisation, name="x"), webhook=webhook.pk, delivery=delivery.pk
        )


def test_an_organisation_has_at_most_ten(admin: Actor, there: Receiver) -> None:
    for _ in range(webhooks.MOST):
        webhooks.register(actor=admin, url=there.url)
    with pytest.raises(webhooks.TooManyWebhooks):
        webhooks.register(actor=admin, url=there.url)


def test_the_key_is_sealed_its_own_and_can_be_replaced(town: Town, admin: Actor, there: Receiver) -> None:
    made = webhooks.register(actor=admin, url=there.url)
    row = WebhookKey.objects.get()
    public = bytes(row.public_key)
    assert webhooks.public_key(admin.organisation.pk) == public
    other = webhooks.public_key(town.market.mine.organisation.pk)
    assert other != public
    WebhookKey.objects.filter(organisation=town.market.mine.organisation).update(
        public_key=row.public_key, sealed_private=row.sealed_private
    )
    delivery = webhooks.test(actor=admin, webhook=made.pk)
    with pytest.raises(ValueError, match="master key"):
        webhooks.headers_of(delivery, town.market.mine.organisation.pk, timezone.now())
    assert webhooks.replace_key(actor=admin) != public
    send()
    _, headers, body = there.got[-1]
    verify(webhooks.shown_key(webhooks.public_key(admin.organisation.pk)), headers, body)


def test_what_an_administrator_does_is_noted(admin: Actor, webhook: Webhook) -> None:
    webhooks.remove(actor=admin, webhook=webhook.pk)
    rows = AuditEvent.objects.filter(organisation=admin.organisation, kind=AuditEvent.Kind.WEBHOOK).order_by("pk")
    assert [row.note.split()[0] for row in rows] == ["added", "removed"]
    assert {row.user_id for row in rows} == {admin.user_id}
