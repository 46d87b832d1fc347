"""Notes of auditors: the list with filters and CSV, a form, and what becomes of a note."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from traceability.models import AuditNote, Membership, Statement
from traceability.selectors import audit_notes as reading
from traceability.selectors import lot_facts
from traceability.selectors.access import Actor
from traceability.selectors.audit_notes import Wanted
from traceability.selectors.slots import SLOTS
from traceability.services import audit_notes
from traceability.web import words
from traceability.web.acting import for_member, today
from traceability.web.views.stock import _Echo, _plain

PAGE: Final = 50
CHUNK: Final = 500
STATES: Final = (
    (reading.OPEN, gettext_lazy("Open")), (reading.DONE, gettext_lazy("Done")), (reading.ALL, gettext_lazy("All"))
)  # fmt: skip
WHOSE: Final = (
    ("", gettext_lazy("Ours and shared with us")), (reading.OWN, gettext_lazy("Ours")),
    (reading.SHARED, gettext_lazy("Shared with us")),
)  # fmt: skip
About = AuditNote.About


class NoteForm(forms.Form):
    """One note."""

    text = forms.CharField(label=gettext_lazy("Note"), max_length=4000, widget=forms.Textarea(attrs={"rows": 6}))
    shared = forms.BooleanField(
        label=gettext_lazy("Share it with the organisation that answers for this"),
        required=False,
        help_text=gettext_lazy("It reads the note and whether it is done. Otherwise your organisation alone reads it."),
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One note with the words and the page of what it is about."""

    note: AuditNote
    label: str
    href: str
    own: bool


@for_member
@require_safe
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The notes that the reader looks for."""
    asked = _asked(request)
    page = Paginator(reading.found(actor, asked), PAGE).get_page(request.GET.get("page"))
    query = {"state": asked.state, "about": asked.about, "whose": asked.whose, "q": asked.words}
    shown = {
        "page": page,
        "lines": lines_of(actor, list(page.object_list)),
        "asked": asked,
        "states": STATES,
        "abouts": About.choices,
        "whose": WHOSE,
        "csv_href": f"{reverse('audit_notes_csv')}?{urlencode(query)}",
        "may_write": actor.role != Membership.Role.VIEWER,
        "section": "lots",
    }
    return render(request, "auditing/notes.html", shown)


@for_member
@require_safe
def as_csv(request: HttpRequest, actor: Actor) -> StreamingHttpResponse:
    """The notes as they were asked for, all pages of them."""
    writer = csv.writer(_Echo())
    cells = _cells(actor, reading.found(actor, _asked(request)))
    response = StreamingHttpResponse(map(writer.writerow, cells), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="notes.csv"'
    return response


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, actor: Actor, about: str, subject: str) -> HttpResponse:
    """A new note on one thing; what was typed stays where it is refused."""
    found = audit_notes.subject_of(actor=actor, about=about, key=subject)
    form = NoteForm(request.POST or None)
    if not audit_notes.may_share(actor, found):
        del form.fields["shared"]
    label, href = _places(actor, [AuditNote(about=found.about, subject=found.key)])[found.about, found.key]
    if request.method == "POST" and form.is_valid():
        shared = bool(form.cleaned_data.get("shared"))
        audit_notes.write(actor=actor, subject=found, text=form.cleaned_data["text"], shared=shared)
        messages.success(request, _("Shared.") if shared else _("Kept for your organisation."))
        return redirect(f"{href}#notes")
    trail = [(_("Notes"), reverse("audit_notes")), (label, href), (_("New"), "")]
    return render(request, "auditing/note.html", {"form": form, "label": label, "href": href, "crumbs": trail})


@for_member
@require_POST
def done(request: HttpRequest, actor: Actor, note_id: UUID) -> HttpResponse:
    """Marks a note as done, or opens it again."""
    is_done = request.POST.get("done") == "1"
    audit_notes.set_done(actor=actor, note=note_id, done=is_done)
    messages.success(request, _("Done.") if is_done else _("Open again."))
    return redirect("audit_notes")


@for_member
@require_POST
def remove(request: HttpRequest, actor: Actor, note_id: UUID) -> HttpResponse:
    """Takes a note away."""
    audit_notes.remove(actor=actor, note=note_id)
    messages.success(request, _("Taken away."))
    return redirect("audit_notes")


def lines_of(actor: Actor, notes: Sequence[AuditNote]) -> list[Line]:
    """These notes with what they are about."""
    places = _places(actor, notes)
    return [Line(one, *places[one.about, one.subject], one.organisation_id == actor.organisation.pk) for one in notes]


def _places(actor: Actor, notes: Sequence[AuditNote]) -> dict[tuple[str, str], tuple[str, str]]:
    """Words and page of what these notes are about, in a query or a few for each kind."""
    by_kind = {kind: {one.subject for one in notes if one.about == kind} for kind in About}
    lots = lot_facts.labels_of(actor, [UUID(one) for one in by_kind[About.LOT]], today()) if by_kind[About.LOT] else {}
    digests = [bytes.fromhex(one) for one in by_kind[About.STATEMENT]]
    said = Statement.objects.filter(digest__in=digests).values_list("digest", "kind") if digests else ()
    kinds = {bytes(digest).hex(): kind for digest, kind in said}
    declared = {UUID(one) for one in by_kind[About.DECLARATION]}
    links = SLOTS.declaration_links(declared) if declared else {}
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for key in by_kind[About.LOT]:
        found[About.LOT, key] = (lots.get(UUID(key)) or _("Lot %(id)s") % {"id": key[:8]}, reverse("lot", args=[key]))
    for key in by_kind[About.STATEMENT]:
        title = f"{words.kind(kinds.get(key, ''))} {key[:8]}".strip()
        found[About.STATEMENT, key] = (title, reverse("statement", args=[key]))
    for key in by_kind[About.DECLARATION]:
        link = links.get(UUID(key))
        label = f"{link.product}, {link.reference}" if link else _("Declaration %(id)s") % {"id": key[:8]}
        found[About.DECLARATION, key] = (label, link.href if link else "")
    return found


def _asked(request: HttpRequest) -> Wanted:
    given = request.GET
    return Wanted(given.get("state", reading.OPEN), given.get("about", ""), given.get("whose", ""), given.get("q", ""))


def _cells(actor: Actor, rows: QuerySet[AuditNote]) -> Iterator[list[str]]:
    yield [_("Written"), _("By"), _("About"), _("Which"), _("Note"), _("Shared"), _("Done"), _("Answers for it")]
    for start in range(0, rows.count(), CHUNK):
        for line in lines_of(actor, list(rows[start : start + CHUNK])):
            yield _row(line)


def _row(line: Line) -> list[str]:
    note: Any = line.note
    return [
        f"{note.created_at:%Y-%m-%dT%H:%M:%SZ}",
        _plain(note.organisation.name),
        note.about,
        _plain(line.label),
        _plain(note.text),
        "yes" if note.shared else "no",
        f"{note.done_at:%Y-%m-%dT%H:%M:%SZ}" if note.done_at else "",
        _plain(note.audited.name) if line.own and note.shared else "",
    ]
