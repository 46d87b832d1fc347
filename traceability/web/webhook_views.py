"""Pages of webhooks, for administrators: where notices are sent, with which key, and what became of each."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from traceability.models import Notice, Webhook, WebhookAttempt, WebhookDelivery
from traceability.selectors.access import Actor
from traceability.services import webhooks
from traceability.services.safe_fetch import BadAddress
from traceability.services.webhooks import TooManyWebhooks, WebhookOff
from traceability.web import tables
from traceability.web.acting import for_member
from traceability.web.spoken import spoken
from traceability.web.tables import Column, Table, buttons, figures

PAGE = 25
WEBHOOKS: Final = Table(
    "webhooks",
    gettext_lazy("Webhooks"),
    (
        Column("url", gettext_lazy("Address"), lambda row: row.url),
        Column("kinds", gettext_lazy("Notices"), lambda row: row.kinds or _("All kinds")),
        Column("state", gettext_lazy("State"), lambda row: _state(row)),
    ),
    find=("url", "kinds"),
    wide=False,
)
DELIVERIES: Final = Table(
    "deliveries",
    gettext_lazy("Deliveries"),
    (
        Column("message", gettext_lazy("Message"), lambda line: line[0].kind, ("kind",)),
        Column("id", "webhook-id", lambda line: line[0].message_id, seen=False),
        Column("put", gettext_lazy("Put in"), lambda line: line[0].created_at, ("created_at",)),
        Column("state", gettext_lazy("State"), lambda line: line[0].get_state_display(), ("state",)),
        figures("tries", gettext_lazy("Tries"), lambda line: len(line[3])),
        buttons(gettext_lazy("Actions")),
    ),
    usual="-put",
    find=("kind",),
    what=gettext_lazy("deliveries"),
    wide=False,
)
STATES = {"waiting": ("na", "clock"), "delivered": ("pass", "pass"), "failed": ("fail", "fail")}


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """The webhooks of the organisation, and a new one."""
    problem, url = "", ""
    if request.method == "POST":
        url = request.POST.get("url", "").strip()
        try:
            made = webhooks.register(actor=actor, url=url, kinds=_kinds(request))
        except (BadAddress, TooManyWebhooks) as error:
            problem = spoken(error.sentence)
        else:
            messages.success(request, _("Registered. Send a test to see whether it is taken."))
            return redirect("webhook", made.pk)
    rows = list(webhooks.of_organisation(actor=actor))
    key = webhooks.shown_key(webhooks.public_key(actor.organisation.pk)) if rows else ""
    chosen = set(request.POST.getlist("kinds"))
    shown = {"webhooks": WEBHOOKS.of(request, rows), "key": key, "problem": problem, "url": url, **_choices(chosen),
             "section": "webhooks"}  # fmt: skip
    return tables.answer(request, "notices/webhooks.html", shown, status=422 if problem else 200)


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, actor: Actor, webhook_id: UUID) -> HttpResponseBase:
    """One webhook: what it gets, and what became of what was sent."""
    if request.method == "POST":
        webhooks.change(actor=actor, webhook=webhook_id, kinds=_kinds(request), on=request.POST.get("on") == "1")
        messages.success(request, _("Saved."))
        return redirect("webhook", webhook_id)
    found = webhooks.one(actor=actor, webhook=webhook_id)
    shown = {
        "webhook": found,
        "deliveries": DELIVERIES.found(request, _deliveries(found), _with_attempts, size=PAGE),
        "key": webhooks.shown_key(webhooks.public_key(actor.organisation.pk)),
        "section": "webhooks",
        "crumbs": [(_("Webhooks"), reverse("webhooks")), (found.url, "")],
        **_choices(set(found.kinds)),
    }
    return tables.answer(request, "notices/webhook.html", shown)


@for_member
@require_POST
def remove(request: HttpRequest, actor: Actor, webhook_id: UUID) -> HttpResponse:
    """Removes a webhook."""
    webhooks.remove(actor=actor, webhook=webhook_id)
    messages.success(request, _("The webhook is removed. Nothing more is sent to it."))
    return redirect("webhooks")


@for_member
@require_POST
def test(request: HttpRequest, actor: Actor, webhook_id: UUID) -> HttpResponse:
    """Sends a test."""
    try:
        webhooks.test(actor=actor, webhook=webhook_id)
        messages.success(request, _("A test is on its way. Load this page again to see the answer."))
    except WebhookOff as error:
        messages.warning(request, spoken(error.sentence))
    return redirect("webhook", webhook_id)


@for_member
@require_POST
def again(request: HttpRequest, actor: Actor, webhook_id: UUID, delivery_id: UUID) -> HttpResponse:
    """Sends a message again."""
    try:
        webhooks.redeliver(actor=actor, webhook=webhook_id, delivery=delivery_id)
        messages.success(request, _("It is on its way again, under the same id."))
    except WebhookOff as error:
        messages.warning(request, spoken(error.sentence))
    return redirect("webhook", webhook_id)


@for_member
@require_POST
def replace_key(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Makes a new signing key."""
    webhooks.replace_key(actor=actor)
    messages.success(request, _("The signing key is replaced. Give the new public key to your receivers."))
    return redirect("webhooks")


def _deliveries(webhook: Webhook) -> Any:
    tries = Prefetch("attempts", WebhookAttempt.objects.order_by("-at", "-pk"))
    return WebhookDelivery.objects.filter(webhook=webhook).prefetch_related(tries)


def _with_attempts(rows: list[WebhookDelivery]) -> list[Any]:
    return [(row, *STATES[row.state], list(row.attempts.all())) for row in rows]


def _state(row: Webhook) -> str:
    if row.disabled_at:
        return _("Off")
    return _("Failing") if row.failing_since else _("On")


def _kinds(request: HttpRequest) -> list[Notice.Kind]:
    return [Notice.Kind(kind) for kind in request.POST.getlist("kinds") if kind in Notice.Kind]


def _choices(chosen: set[str]) -> dict[str, Any]:
    return {"kinds": [(value, words, value in chosen) for value, words in Notice.Kind.choices]}
