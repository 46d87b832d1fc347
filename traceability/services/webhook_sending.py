"""One try to deliver a webhook: every try is kept, and an address that fails for days is switched off."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from traceability.models import Notice, OutboxTask, Webhook, WebhookAttempt, WebhookDelivery
from traceability.services import notices, outbox, safe_fetch, webhooks
from traceability.services.notice_rules import News
from traceability.services.safe_fetch import Answer

FAILS_AT_MOST: Final = timedelta(days=5)
GONE: Final = 410
_EXCERPT: Final = 500
State = WebhookDelivery.State


class NotTaken(safe_fetch.NotReached):
    """The other side answered, but not that it took the message."""

    code = "not_taken"


def deliver(task: OutboxTask) -> None:
    """Sends the delivery of a task; raises where it has to be tried again."""
    found = WebhookDelivery.objects.filter(pk=UUID(task.arguments["delivery"])).select_related("webhook").first()
    if found is None or found.state != State.WAITING:  # its webhook was removed, or it was taken before a crash
        return
    if found.webhook.disabled_at:
        _end(found, State.FAILED)
        raise outbox.GiveUp("The webhook was switched off.")
    now = timezone.now()
    attempt, answer = _try(found, now)
    if answer and 200 <= answer.status < 300:
        _succeeded(found, attempt)
    else:
        _failed(found, attempt, last=task.tries >= outbox.MOST_TRIES)


def _try(delivery: WebhookDelivery, now: datetime) -> tuple[WebhookAttempt, Answer | None]:
    headers = webhooks.headers_of(delivery, delivery.webhook.organisation_id, now)
    attempt = WebhookAttempt(delivery=delivery, at=now, took_ms=0)
    try:
        answer = safe_fetch.post(delivery.webhook.url, delivery.body.encode(), headers)
    except (safe_fetch.NotReached, safe_fetch.BadAddress) as error:
        attempt.took_ms = round((timezone.now() - now).total_seconds() * 1000)
        attempt.error = error.sentence[:300]
        return attempt, None
    attempt.status, attempt.took_ms = answer.status, answer.took_ms
    attempt.excerpt = answer.excerpt.replace("\x00", "\ufffd")[:_EXCERPT]
    return attempt, answer


@transaction.atomic
def _succeeded(delivery: WebhookDelivery, attempt: WebhookAttempt) -> None:
    attempt.save()
    _end(delivery, State.DELIVERED)
    Webhook.objects.filter(pk=delivery.webhook_id).exclude(failing_since=None).update(failing_since=None)


def _failed(delivery: WebhookDelivery, attempt: WebhookAttempt, *, last: bool) -> None:
    """Keeps the try, and raises so that the outbox tries again or gives up."""
    off = _keep_failure(delivery, attempt, last=last)
    said = attempt.error or f"The answer was {attempt.status}."
    if off:
        raise outbox.GiveUp(said)
    raise NotTaken(said)


@transaction.atomic
def _keep_failure(delivery: WebhookDelivery, attempt: WebhookAttempt, *, last: bool) -> bool:
    """Whether the webhook is switched off by this failure."""
    attempt.save()
    webhook = Webhook.objects.select_for_update().get(pk=delivery.webhook_id)
    webhook.failing_since = webhook.failing_since or attempt.at
    off = attempt.status == GONE or attempt.at - webhook.failing_since >= FAILS_AT_MOST
    newly_off = off and not webhook.disabled_at
    if newly_off:
        webhook.disabled_at = attempt.at
        days = FAILS_AT_MOST.days
        webhook.disabled_because = "it answered 410 Gone" if attempt.status == GONE else f"it failed for {days} days"
    webhook.save()
    if newly_off:
        about = News(webhook.organisation_id, Notice.Kind.WEBHOOK_DISABLED, Notice.About.WEBHOOK, webhook.pk)
        notices.tell(about, cause=f"off:{int(attempt.at.timestamp())}")
    if off or last:
        _end(delivery, State.FAILED)
    return off


def _end(delivery: WebhookDelivery, state: WebhookDelivery.State) -> None:
    WebhookDelivery.objects.filter(pk=delivery.pk).update(state=state)
