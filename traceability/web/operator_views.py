"""The operator's pages of the installation itself: the log, scheduled tasks, letters, keys."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Final

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from traceability.models import JobState, KeyEntry, LogKey, MailEntry, OutboxTask, PlatformKey
from traceability.selectors import log, operating
from traceability.selectors.access import Actor
from traceability.services import log_watch, outbox, vault
from traceability.web import tables
from traceability.web.account.words import Words
from traceability.web.acting import for_member
from traceability.web.tables import Column, Table, buttons, figures

TASKS: Final[dict[str, Words]] = {
    "lodestone.integrate": gettext_lazy("Gives accepted statements their place in the log"),
    "lodestone.outbox": gettext_lazy("Sends notices, mails and webhooks"),
    "lodestone.bundles": gettext_lazy("Packs large audit bundles"),
    "lodestone.imports": gettext_lazy("Verifies bundles of other records"),
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

JOBS: Final = Table(
    "tasks",
    gettext_lazy("Tasks"),
    (
        Column("name", gettext_lazy("Task"), lambda line: line.words or line.name),
        Column("key", gettext_lazy("Name"), lambda line: line.name, seen=False),
        Column("every", gettext_lazy("Should run"), lambda line: line.every),
        Column("state", gettext_lazy("State"), lambda line: line.word),
        Column("last", gettext_lazy("Last run"), lambda line: line.state.last_at if line.state else None),
        figures("took", gettext_lazy("Took"), lambda line: line.state.took_ms if line.state else None, unit="ms"),
        Column("result", gettext_lazy("Result"), lambda line: line.state.result if line.state else ""),
    ),
)
FAILURES: Final = Table(
    "failures",
    gettext_lazy("Failures"),
    (
        Column("task", gettext_lazy("Task"), lambda row: row.name, ("name",)),
        Column("error", gettext_lazy("What happened"), lambda row: row.error, ("error",)),
        figures("times", gettext_lazy("Times"), lambda row: row.times, order=("times",)),
        Column("first", gettext_lazy("First"), lambda row: row.at, ("at",)),
        Column("last", gettext_lazy("Last"), lambda row: row.last_at, ("last_at",)),
    ),
    usual="-last",
    find=("name", "error"),
    part="failures",
    what=gettext_lazy("failures"),
)
MAIL: Final = Table(
    "mail",
    gettext_lazy("Mail"),
    (
        Column("letter", gettext_lazy("Letter"), lambda line: line.words, ("what",)),
        Column("to", gettext_lazy("To"), lambda line: line.row.to, ("to",)),
        Column("state", gettext_lazy("State"), lambda line: line.state, ("sent",)),
        figures("tries", gettext_lazy("Tries"), lambda line: line.row.tries, order=("tries",)),
        Column("last", gettext_lazy("Last try"), lambda line: line.row.last_at, ("last_at",)),
        Column("error", gettext_lazy("What happened"), lambda line: line.row.error, ("error",)),
        buttons(gettext_lazy("Actions")),
    ),
    usual="-last",
    find=("what", "to", "error"),
    what=gettext_lazy("letters"),
)
LOG_KEYS: Final = Table(
    "log-keys",
    gettext_lazy("Keys of the log"),
    (
        Column("name", gettext_lazy("Name"), lambda one: one.name),
        Column("kind", gettext_lazy("Kind"), lambda one: one.kind),
        Column("key", gettext_lazy("Key"), lambda one: one.key_id),
        Column("made", gettext_lazy("Made"), lambda one: one.since),
        Column("age", gettext_lazy("Age"), lambda one: timesince(one.since)),
    ),
    wide=False,
)
OWN_KEYS: Final = Table(
    "operator-keys",
    gettext_lazy("Keys of the operator"),
    (
        Column("key", gettext_lazy("Key"), lambda one: one.digest),
        Column("state", gettext_lazy("State"), lambda one: one.state),
        Column("held", gettext_lazy("Held"), lambda one: _("in the vault") if one.here else _("by its holder")),
        Column("since", gettext_lazy("Since"), lambda one: one.since),
        Column("age", gettext_lazy("Age"), lambda one: timesince(one.since)),
    ),
    part="own",
    wide=False,
)
SIGNATURES: Final = Table(
    "signatures",
    gettext_lazy("Signatures"),
    (
        Column("name", gettext_lazy("Name of the key"), lambda one: one.name),
        Column("kind", gettext_lazy("Kind"), lambda one: one.kind),
        Column("key", gettext_lazy("Key"), lambda one: one.key_id),
        Column("state", gettext_lazy("State"), lambda one: _("Pass") if one.kind else _("Key not known here")),
    ),
    wide=False,
)


@for_member
@require_safe
def log_health(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Whether the log keeps its promises."""
    found = log_watch.watch(actor=actor)
    shown = {
        "watch": found,
        "signatures": SIGNATURES.of(request, found.signatures),
        "promised": log.PROMISED_RHYTHM,
        "patience": log.LONGEST_WAIT,
        "age": _age(found.health.checkpoint_age),
        "waited": _age(found.waited),
        "check_age": _age(found.at - found.check.ended_at if found.check else None),
        "section": "operator",
    }
    return tables.answer(request, "operator/log.html", shown)


@for_member
@require_safe
def jobs(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """What should run, what ran, and how it failed."""
    now = timezone.now()
    shown = {
        "jobs": JOBS.of(request, [_Job(one, now) for one in operating.jobs(actor)]),
        "failures": FAILURES.found(request, operating.failures(actor)),
        "section": "operator",
    }
    return tables.answer(request, "operator/jobs.html", shown)


@for_member
@require_safe
def mail(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Which letters left and which did not."""
    failed = request.GET.get("failed") == "1"
    letters = MAIL.found(request, operating.mail(actor, failed=failed), partial(_letters, actor))
    return tables.answer(request, "operator/mail.html", {"letters": letters, "failed": failed, "section": "operator"})


def _letters(actor: Actor, rows: list[MailEntry]) -> list[_Letter]:
    open_tasks = operating.waiting_letters(actor, rows)
    return [_Letter(row, open_tasks.get(row.task or "")) for row in rows]


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
def keys(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Which keys there are and how old they are; what is secret stays in the vault."""
    found = operating.keys(actor)
    sealed: list[LogKey | PlatformKey] = [*found.log, *(held for _entry, held in found.operator if held)]
    shown = {
        "of_log": LOG_KEYS.of(request, [_LogKey(row) for row in found.log]),
        "own": OWN_KEYS.of(request, [_OwnKey(entry, here=held is not None) for entry, held in found.operator]),
        "others": found.others,
        "master_id": vault.master_key_id(),
        "vault_format": vault.LABEL.decode(),
        "sealed": len(sealed),
        "closed": [str(row) for row in sealed if not vault.opens(row)],
        "oldest": min((row.created_at for row in sealed), default=None),
        "section": "operator",
    }
    return tables.answer(request, "operator/keys.html", shown)


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

    @property
    def state(self) -> str:
        """What became of it."""
        if self.row.sent:
            return _("Sent")
        return _("To be tried again") if self.task and not self.given_up else _("Not sent")


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

    @property
    def state(self) -> str:
        """Whether it is in force."""
        if self.ended:
            return _("Ended")
        return _("For recovery") if self.recovery else _("In force")


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
