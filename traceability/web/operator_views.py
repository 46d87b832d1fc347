"""The operator's pages of the installation itself: the log, scheduled tasks, letters, keys."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from traceability.models import JobState, KeyEntry, LogKey, MailEntry, OutboxTask, PlatformKey
from traceability.selectors import log, operating
from traceability.selectors.access import Actor
from traceability.services import log_watch, outbox, vault
from traceability.web.account.words import Words
from traceability.web.acting import for_member

PAGE: Final = 50
TASKS: Final[dict[str, Words]] = {
    "lodestone.integrate": gettext_lazy("Gives accepted statements their place in the log"),
    "lodestone.outbox": gettext_lazy("Sends notices, mails and webhooks"),
    "lodestone.bundles": gettext_lazy("Packs large audit bundles"),
    "lodestone.renew_checkpoint": gettext_lazy("Signs the newest checkpoint again"),
    "lodestone.tidy": gettext_lazy("Forgets what was kept long enough"),
}
LETTERS: Final[dict[str, Words]] = {
    "notice": gettext_lazy("A notice"),
    "digest": gettext_lazy("The daily mail of notices"),
    "invitation": gettext_lazy("Invitation of a colleague"),
    "partner_invitation": gettext_lazy("Invitation of a partner"),
    "partner_is_here": gettext_lazy("A partner has signed up"),
    "vouched": gettext_lazy("The operator has vouched"),
    "refused": gettext_lazy("The operator has not vouched"),
    "suspended": gettext_lazy("Suspended"),
    "resumed": gettext_lazy("No longer suspended"),
    "email_confirmation": gettext_lazy("Confirm an address"),
    "email_confirmation_signup": gettext_lazy("Confirm an address"),
    "password_reset_key": gettext_lazy("Set a new password"),
}


@for_member
@require_safe
def log_health(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Whether the log keeps its promises."""
    found = log_watch.watch(actor=actor)
    shown = {
        "watch": found,
        "promised": log.PROMISED_RHYTHM,
        "patience": log.LONGEST_WAIT,
        "age": _age(found.health.checkpoint_age),
        "waited": _age(found.waited),
        "check_age": _age(found.at - found.check.ended_at if found.check else None),
        "section": "operator",
    }
    return render(request, "operator/log.html", shown)


@for_member
@require_safe
def jobs(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What should run, what ran, and how it failed."""
    now = timezone.now()
    page = Paginator(operating.failures(actor), PAGE).get_page(request.GET.get("page"))
    lines = [_Job(one, now) for one in operating.jobs(actor)]
    return render(request, "operator/jobs.html", {"lines": lines, "page": page, "section": "operator"})


@for_member
@require_safe
def mail(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Which letters left and which did not."""
    failed = request.GET.get("failed") == "1"
    page = Paginator(operating.mail(actor, failed=failed), PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    open_tasks = operating.waiting_letters(actor, rows)
    lines = [_Letter(row, open_tasks.get(row.task or "")) for row in rows]
    return render(
        request, "operator/mail.html", {"page": page, "lines": lines, "failed": failed, "section": "operator"}
    )


@for_member
@require_POST
def send_again(request: HttpRequest, actor: Actor, entry_id: int) -> HttpResponse:
    """Lets the outbox send a letter again at once."""
    task = operating.task_of(actor, entry_id)
    if task is None:
        messages.warning(request, _("There is nothing to send: it has left meanwhile, or it is kept nowhere."))
    else:
        outbox.try_again(task)
        messages.success(request, _("It is sent again within seconds."))
    return redirect("operator_mail")


@for_member
@require_safe
def keys(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Which keys there are and how old they are; what is secret stays in the vault."""
    found = operating.keys(actor)
    sealed: list[LogKey | PlatformKey] = [*found.log, *(held for _entry, held in found.operator if held)]
    shown = {
        "of_log": [_LogKey(row) for row in found.log],
        "own": [_OwnKey(entry, here=held is not None) for entry, held in found.operator],
        "others": found.others,
        "master_id": vault.master_key_id(),
        "vault_format": vault.LABEL.decode(),
        "sealed": len(sealed),
        "closed": [str(row) for row in sealed if not vault.opens(row)],
        "oldest": min((row.created_at for row in sealed), default=None),
        "section": "operator",
    }
    return render(request, "operator/keys.html", shown)


class _Job:
    """A scheduled task in words."""

    def __init__(self, job: operating.Job, now: datetime) -> None:
        self.name, self.state = job.name, job.state
        self.words = TASKS.get(job.name, "")
        self.every = _often(job.every)
        self.outcome, self.word = _judged(job.state, late=job.is_late(now))


class _Letter:
    """One letter in words; the task is there while the outbox has it."""

    def __init__(self, row: MailEntry, task: OutboxTask | None) -> None:
        self.row, self.task = row, task
        self.words = LETTERS.get(row.what, row.what.replace("_", " "))
        self.given_up = task is not None and task.state == OutboxTask.State.GIVEN_UP


class _LogKey:
    """A key of the log itself."""

    def __init__(self, row: LogKey) -> None:
        key = row.verifier_key(settings.LODESTONE_LOG_ORIGIN)
        self.name, self.kind, self.key_id = key.name, log_watch.KINDS[key.type], key.key_id.hex()
        self.since = row.created_at


class _OwnKey:
    """A key that signs the operator's statements, or did."""

    def __init__(self, entry: KeyEntry, *, here: bool) -> None:
        self.digest = f"sha256:{bytes(entry.key_id).hex()}"
        self.here, self.recovery = here, entry.recovery
        self.since = entry.since.accepted_at
        self.ended = entry.ended.accepted_at if entry.ended else None


def _judged(state: JobState | None, *, late: bool) -> tuple[str, str]:
    """Outcome and word of a task."""
    if state is None:
        return "none", _("Has not run yet")
    if late:
        return "fail", _("Late")
    return ("pass", _("Done")) if state.succeeded else ("fail", _("Failed"))


def _often(every: timedelta) -> str:
    """How often a task runs, such as `every 10 minutes`."""
    seconds = int(every.total_seconds())
    for unit, words in ((3600, _("every hour")), (60, _("every minute")), (1, _("every second"))):
        if seconds == unit:
            return words
    if seconds % 3600 == 0:
        return _("every %(n)s hours") % {"n": seconds // 3600}
    if seconds % 60 == 0:
        return _("every %(n)s minutes") % {"n": seconds // 60}
    return _("every %(n)s seconds") % {"n": seconds}


def _age(age: timedelta | None) -> str:
    """A time that has passed, in its largest unit: `12 minutes`."""
    if age is None:
        return ""
    seconds = max(0, int(age.total_seconds()))
    if seconds < 60:
        return ngettext("%(n)s second", "%(n)s seconds", seconds) % {"n": seconds}
    if seconds < 2 * 3600:
        return ngettext("%(n)s minute", "%(n)s minutes", seconds // 60) % {"n": seconds // 60}
    if seconds < 2 * 86400:
        return _("%(n)s hours") % {"n": seconds // 3600}
    return _("%(n)s days") % {"n": seconds // 86400}
