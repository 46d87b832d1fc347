"""Pages for those who answer for others: the audit log of an organisation, and the outbox for the operator."""

import csv
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from traceability.models import AuditEvent
from traceability.selectors import notices
from traceability.selectors.access import Actor
from traceability.selectors.names import Names, names_of
from traceability.selectors.notices import AuditWanted
from traceability.services import outbox as doing
from traceability.web.acting import for_member, today
from traceability.web.views.stock import _Echo, _plain

PAGE = 50
CHUNK = 500


@for_member
@require_safe
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Who read, who signed in, who changed rights."""
    asked = _asked(request)
    page = Paginator(notices.audit(actor, asked), PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    query = {name: request.GET[name] for name in ("kind", "since", "until") if request.GET.get(name)}
    shown = {
        "page": page,
        "lines": [_Line(row, who) for row, who in _with_names(actor, rows)],
        "asked": query,
        "kinds": AuditEvent.Kind.choices,
        "csv_href": f"{reverse('audit_csv')}?{urlencode(query)}",
        "section": "audit",
    }
    return render(request, "notices/audit.html", shown)


@for_member
@require_safe
def as_csv(request: HttpRequest, actor: Actor) -> StreamingHttpResponse:
    """The log as it was asked for, all pages of it."""
    rows = notices.audit(actor, _asked(request))
    writer = csv.writer(_Echo())
    response = StreamingHttpResponse(
        (writer.writerow(cells) for cells in _cells(actor, rows)), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return response


@for_member
@require_safe
def outbox(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What waits in the outbox, and what it has given up."""
    page = Paginator(notices.open_tasks(actor), PAGE).get_page(request.GET.get("page"))
    return render(request, "notices/outbox.html", {"page": page, "lines": page.object_list, "section": "outbox"})


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


def _with_names(actor: Actor, rows: Iterable[AuditEvent]) -> Iterator[tuple[AuditEvent, str]]:
    """Each event with who did it: a colleague by his address, another organisation as far as its name is known."""
    events = list(rows)
    names = names_of(actor, {row.actor_organisation_id for row in events if row.actor_organisation_id}, today())
    return ((row, _who(actor, row, names)) for row in events)


def _who(actor: Actor, row: AuditEvent, names: Names) -> str:
    if row.actor_organisation_id == actor.organisation.pk or row.actor_organisation_id is None:
        return row.user.get_username() if row.user else _("nobody known")
    return names.of(row.actor_organisation_id)


def _asked(request: HttpRequest) -> AuditWanted:
    since, until = _day(request.GET.get("since", "")), _day(request.GET.get("until", ""))
    return AuditWanted(request.GET.get("kind", ""), since, until + timedelta(days=1) if until else None)


def _day(text: str) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(text), time(), tzinfo=UTC)
    except ValueError:
        return None


def _cells(actor: Actor, rows: Any) -> Iterator[list[str]]:
    yield [_("First"), _("Last"), _("Times"), _("What"), _("Who"), _("Detail"), _("Statements"), _("Address")]
    for start in range(0, rows.count(), CHUNK):
        for row, who in _with_names(actor, rows[start : start + CHUNK]):
            line = _Line(row, who)
            yield [
                f"{row.at:%Y-%m-%dT%H:%M:%SZ}",
                f"{row.last_at:%Y-%m-%dT%H:%M:%SZ}",
                str(row.times),
                row.kind,
                _plain(who),
                _plain(line.what),
                " ".join(row.statements),
                row.address or "",
            ]
