"""Pages for those who answer for others: the audit log of an organisation, and the outbox for the operator."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Final

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from traceability.models import AuditEvent
from traceability.selectors import notices
from traceability.selectors.access import Actor
from traceability.selectors.names import Names, names_of
from traceability.selectors.notices import AuditWanted
from traceability.services import audit
from traceability.services import outbox as doing
from traceability.web import finding, tables
from traceability.web.acting import for_member, today
from traceability.web.tables import Column, Table, buttons, figures

EVENTS: Final = Table(
    "audit",
    gettext_lazy("Audit log"),
    (
        Column("what", gettext_lazy("What"), lambda line: line.words, ("kind",)),
        Column("kind", gettext_lazy("Kind"), lambda line: line.row.kind, seen=False),
        Column("who", gettext_lazy("Who"), lambda line: line.who),
        Column("address", gettext_lazy("Address"), lambda line: line.row.address, seen=False),
        Column("detail", gettext_lazy("Detail"), lambda line: line.what),
        Column("statements", gettext_lazy("Statements"), lambda line: " ".join(line.row.statements), seen=False),
        figures("times", gettext_lazy("Times"), lambda line: line.row.times, order=("times",)),
        Column("first", gettext_lazy("First"), lambda line: line.row.at, seen=False),
        Column("last", gettext_lazy("Last"), lambda line: line.row.last_at, ("last_at",)),
    ),
    usual="-last",
    find=("note", "address"),
    what=gettext_lazy("events"),
)
OUTBOX: Final = Table(
    "outbox",
    gettext_lazy("Outbox"),
    (
        Column("task", gettext_lazy("Task"), lambda row: row.key, ("key",)),
        Column("state", gettext_lazy("State"), lambda row: row.get_state_display(), ("state", "due_at")),
        figures("tries", gettext_lazy("Tries"), lambda row: row.tries, order=("tries",)),
        Column("due", gettext_lazy("Due"), lambda row: row.due_at, ("due_at",)),
        Column("error", gettext_lazy("Last error"), lambda row: row.last_error, ("last_error",)),
        buttons(gettext_lazy("Actions")),
    ),
    usual="state",
    find=("key", "last_error"),
    what=gettext_lazy("tasks"),
)


@for_member
@require_safe
def show(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Who read, who signed in, who changed rights."""
    table = replace(EVENTS, matches=partial(_meant, actor))
    shown = {
        "events": table.found(request, notices.audit(actor, _asked(request)), partial(_lines, actor)),
        "asked": {name: request.GET[name] for name in ("kind", "since", "until") if request.GET.get(name)},
        "kinds": AuditEvent.Kind.choices,
        "section": "audit",
    }
    return tables.answer(request, "notices/audit.html", shown)


@for_member
@require_safe
def outbox(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """What waits in the outbox, and what it has given up."""
    shown = {"tasks": OUTBOX.found(request, notices.open_tasks(actor)), "section": "outbox"}
    return tables.answer(request, "notices/outbox.html", shown)


@for_member
@require_POST
def try_again(request: HttpRequest, actor: Actor, task_id: int) -> HttpResponse:
    """Lets a task be tried again."""
    task = notices.open_tasks(actor).filter(pk=task_id).first()
    if task is None:
        raise Http404("There is no such task, or it is done.")
    doing.try_again(task)
    messages.success(request, _("It is tried again within seconds."))
    return redirect("outbox")


def _meant(actor: Actor, word: str) -> Q:
    """Events of a kind, or of somebody, that the word names; of the people of others no more is found than is shown."""
    ours = Q(actor_organisation=None) | Q(actor_organisation=actor.organisation)
    others = finding.of_organisation(actor, word, "actor_organisation", today())
    return finding.called(word, AuditEvent.Kind.choices, "kind") | others | (ours & Q(user__email__icontains=word))


class _Line:
    """One event in words."""

    def __init__(self, row: AuditEvent, who: str) -> None:
        self.row, self.who = row, who
        self.words = row.get_kind_display()

    @property
    def what(self) -> str:
        row = self.row
        if row.kind == AuditEvent.Kind.READ:
            return _("%(n)d values") % {"n": row.values_read}
        return row.note

    @property
    def statements(self) -> list[tuple[str, str]]:
        """Digits and address of each statement that was read."""
        digits = [one.removeprefix("sha256:") for one in self.row.statements]
        return [(one[:8], reverse("statement", args=[one])) for one in digits]


def _lines(actor: Actor, rows: list[AuditEvent]) -> list[_Line]:
    """Each event with who did it: a colleague by his address, another organisation as far as its name is known."""
    names = names_of(actor, {row.actor_organisation_id for row in rows if row.actor_organisation_id}, today())
    return [_Line(row, _who(actor, row, names)) for row in rows]


def _who(actor: Actor, row: AuditEvent, names: Names) -> str:
    if row.actor_organisation_id == actor.organisation.pk or row.actor_organisation_id is None:
        return audit.address_of(row.user) if row.user else _("nobody known")
    return names.of(row.actor_organisation_id)


def _asked(request: HttpRequest) -> AuditWanted:
    since, until = _day(request.GET.get("since", "")), _day(request.GET.get("until", ""), days=1)
    return AuditWanted(request.GET.get("kind", ""), since, until)


def _day(text: str, *, days: int = 0) -> datetime | None:
    """The beginning of a day, so many days later; None where there is none that a calendar knows."""
    try:
        return datetime.combine(date.fromisoformat(text), time(), tzinfo=UTC) + timedelta(days=days)
    except (ValueError, OverflowError):
        return None
