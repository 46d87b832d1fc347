"""Notes of auditors: the list with filters and CSV, a form, and what becomes of a note."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
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
from traceability.web import tables, words
from traceability.web.acting import for_member, today
from traceability.web.tables import Column, Table, buttons

NOTES: Final = Table(
    "notes",
    gettext_lazy("Notes"),
    (
        Column("kind", gettext_lazy("About"), lambda line: line.note.about, seen=False),
        Column("about", gettext_lazy("Which"), lambda line: line.label, ("about",)),
        Column("note", gettext_lazy("Note"), lambda line: line.note.text, ("text",)),
        Column("by", gettext_lazy("By"), lambda line: line.note.organisation.name, seen=False),
        Column("shared", gettext_lazy("Shared"), lambda line: line.note.shared, seen=False),
        Column("audited", gettext_lazy("Answers for it"), lambda line: line.audited, seen=False),
        Column("written", gettext_lazy("Written"), lambda line: line.note.created_at, ("created_at",)),
        Column("done", gettext_lazy("Done"), lambda line: line.note.done_at, ("done_at",), gaps=True),
        buttons(gettext_lazy("Actions")),
    ),
    usual="-written",
    what=gettext_lazy("notes"),
)
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

    @property
    def audited(self) -> str:
        """With whom one's own note is shared."""
        return self.note.audited.name if self.own and self.note.shared and self.note.audited else ""


@for_member
@require_safe
def show(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """The notes that the reader looks for."""
    asked = _asked(request)
    shown = {
        "notes": NOTES.found(request, reading.found(actor, asked), partial(lines_of, actor)),
        "asked": asked,
        "states": STATES,
        "abouts": About.choices,
        "whose": WHOSE,
        "may_write": actor.role != Membership.Role.VIEWER,
        "section": "lots",
    }
    return tables.answer(request, "auditing/notes.html", shown)


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
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, actor: Actor, note_id: UUID) -> HttpResponse:
    """Takes a note away, after showing it once more."""
    note = audit_notes.to_remove(actor=actor, note=note_id)
    if request.method == "POST":
        audit_notes.remove(actor=actor, note=note_id)
        messages.success(request, _("Taken away."))
        return redirect("audit_notes")
    [line] = lines_of(actor, [note])
    trail = [(_("Notes"), reverse("audit_notes")), (_("Take away"), "")]
    return render(request, "auditing/remove.html", {"line": line, "crumbs": trail, "section": "lots"})


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
