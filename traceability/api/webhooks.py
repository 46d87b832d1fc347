"""Webhooks of your organisation: only a signed-in administrator sees, makes and changes them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from django.http import HttpResponse
from msgspec import UNSET, Meta, Struct, UnsetType
from rest_framework.request import Request

from traceability.api import pages, requests
from traceability.api.idempotency import answer_once
from traceability.api.schema import KEY, PAGE, described, of_shape
from traceability.api.views import ApiView, json_answer
from traceability.ledger.shapes import Flag, ListOf, Object, Text, Word, optional
from traceability.models import Notice, Webhook, WebhookAttempt, WebhookDelivery
from traceability.services import webhooks
from traceability.services.safe_fetch import LONGEST_URL

TAG: Final = "Webhooks"
REFUSED: Final = (400, 401, 403)
_KINDS: Final = optional(ListOf(Word(tuple(Notice.Kind.values)), most=len(Notice.Kind), distinct=True))
NEW: Final = Object({"url": Text(LONGEST_URL), "kinds": _KINDS})
CHANGED: Final = Object({"on": Flag(), "kinds": _KINDS})


class WebhookDocument(Struct):
    """An address that gets your notices."""

    id: UUID
    url: str
    kinds: Annotated[list[str], Meta(description="The kinds of notices that it gets; empty: all.")]
    on: bool
    created_at: datetime
    off_because: str | UnsetType = UNSET
    failing_since: datetime | UnsetType = UNSET


class WebhookKeyDocument(Struct):
    """The public key that verifies what is sent to all webhooks of your organisation."""

    public_key: Annotated[str, Meta(description="As Standard Webhooks writes it: whpk_ and base64 (Ed25519).")]


class AttemptDocument(Struct):
    """One try: the status and the beginning of the answer, or why there was none."""

    at: datetime
    took_ms: int
    status: int | UnsetType = UNSET
    excerpt: str | UnsetType = UNSET
    error: str | UnsetType = UNSET


class DeliveryDocument(Struct):
    """One message; `message` stands in its header webhook-id."""

    id: UUID
    message: str
    kind: str
    state: Annotated[str, Meta(description="waiting, delivered or failed.")]
    created_at: datetime
    attempts: list[AttemptDocument]


class Webhooks(ApiView):
    """The webhooks of your organisation."""

    @described(
        "list_webhooks",
        "List your webhooks",
        tag=TAG,
        answers={200: pages.Page[WebhookDocument]},
        refused=REFUSED,
        parameters=PAGE,
    )
    def get(self, request: Request) -> HttpResponse:
        requests.query(request, pages.PARAMETERS)
        rows = webhooks.of_organisation(actor=self.actor)
        return pages.page_of(request, rows, _documents, order=("created_at", "pk"))

    @described(
        "create_webhook",
        "Register a webhook",
        tag=TAG,
        request={requests.JSON: of_shape(NEW)},
        answers={201: WebhookDocument},
        refused=(*REFUSED, 409, 413, 415, 422),
        parameters=[KEY],
    )
    def post(self, request: Request) -> HttpResponse:
        wanted = requests.read_object(request, NEW)
        return answer_once(request, self.actor, lambda: self._register(wanted))

    def _register(self, wanted: Mapping[str, Any]) -> HttpResponse:
        made = webhooks.register(actor=self.actor, url=wanted["url"], kinds=_kinds(wanted))
        return json_answer(_documents([made])[0], status=201)


class OneWebhook(ApiView):
    """One webhook."""

    @described("read_webhook", "See a webhook", tag=TAG, answers={200: WebhookDocument}, refused=(*REFUSED, 404))
    def get(self, request: Request, webhook: UUID) -> HttpResponse:
        requests.query(request, ())
        return json_answer(_documents([webhooks.one(actor=self.actor, webhook=webhook)])[0])

    @described(
        "change_webhook",
        "Choose what a webhook gets, switch it on or off",
        tag=TAG,
        request={requests.JSON: of_shape(CHANGED)},
        answers={200: WebhookDocument},
        refused=(*REFUSED, 404, 413, 415, 422),
    )
    def put(self, request: Request, webhook: UUID) -> HttpResponse:
        wanted = requests.read_object(request, CHANGED)
        changed = webhooks.change(actor=self.actor, webhook=webhook, kinds=_kinds(wanted), on=wanted["on"])
        return json_answer(_documents([changed])[0])

    @described("delete_webhook", "Remove a webhook", tag=TAG, answers={204: None}, refused=(*REFUSED, 404))
    def delete(self, request: Request, webhook: UUID) -> HttpResponse:
        webhooks.remove(actor=self.actor, webhook=webhook)
        return HttpResponse(status=204)


class WebhookTest(ApiView):
    """A test."""

    @described("test_webhook", "Send a test", tag=TAG, answers={201: DeliveryDocument}, refused=(*REFUSED, 404, 409))
    def post(self, request: Request, webhook: UUID) -> HttpResponse:
        return json_answer(_deliveries([webhooks.test(actor=self.actor, webhook=webhook)])[0], status=201)


class Deliveries(ApiView):
    """What was sent to a webhook."""

    @described(
        "list_webhook_deliveries",
        "List what was sent, newest first, with every try",
        tag=TAG,
        answers={200: pages.Page[DeliveryDocument]},
        refused=(*REFUSED, 404),
        parameters=PAGE,
    )
    def get(self, request: Request, webhook: UUID) -> HttpResponse:
        requests.query(request, pages.PARAMETERS)
        rows = WebhookDelivery.objects.filter(webhook=webhooks.one(actor=self.actor, webhook=webhook))
        return pages.page_of(request, rows.prefetch_related("attempts"), _deliveries, order=("-created_at", "pk"))


class Redelivery(ApiView):
    """Sends a message again."""

    @described(
        "redeliver",
        "Send a message again, under the same id",
        tag=TAG,
        answers={200: DeliveryDocument},
        refused=(*REFUSED, 404, 409),
    )
    def post(self, request: Request, webhook: UUID, delivery: UUID) -> HttpResponse:
        return json_answer(_deliveries([webhooks.redeliver(actor=self.actor, webhook=webhook, delivery=delivery)])[0])


class WebhookKey(ApiView):
    """The key that signs what is sent."""

    @described(
        "read_webhook_key",
        "See the public key that verifies your webhooks",
        tag=TAG,
        answers={200: WebhookKeyDocument},
        refused=REFUSED,
    )
    def get(self, request: Request) -> HttpResponse:
        requests.query(request, ())
        return json_answer(WebhookKeyDocument(webhooks.shown_key(webhooks.public_key(self.actor.organisation.pk))))

    @described(
        "replace_webhook_key",
        "Sign what is sent with a new key from now on, as a signed-in administrator",
        tag=TAG,
        answers={201: WebhookKeyDocument},
        refused=REFUSED,
        parameters=[KEY],
    )
    def post(self, request: Request) -> HttpResponse:
        return answer_once(request, self.actor, self._replace)

    def _replace(self) -> HttpResponse:
        made = webhooks.replace_key(actor=self.actor)
        return json_answer(WebhookKeyDocument(webhooks.shown_key(made)), status=201)


def _kinds(wanted: Mapping[str, Any]) -> list[Notice.Kind]:
    return [Notice.Kind(one) for one in wanted.get("kinds", ())]


def _documents(rows: Sequence[Webhook]) -> list[WebhookDocument]:
    return [
        WebhookDocument(
            id=row.pk,
            url=row.url,
            kinds=row.kinds,
            on=row.disabled_at is None,
            created_at=row.created_at,
            off_because=row.disabled_because or UNSET,
            failing_since=row.failing_since or UNSET,
        )
        for row in rows
    ]


def _deliveries(rows: Sequence[WebhookDelivery]) -> list[DeliveryDocument]:
    return [
        DeliveryDocument(
            row.pk, row.message_id, row.kind, row.state, row.created_at, [_attempt(one) for one in row.attempts.all()]
        )
        for row in rows
    ]


def _attempt(one: WebhookAttempt) -> AttemptDocument:
    return AttemptDocument(
        one.at,
        one.took_ms,
        UNSET if one.status is None else one.status,
        one.excerpt or UNSET,
        one.error or UNSET,
    )
