"""Sheets on the pages: a template is taken away, a file comes back, every mistake stands at its cell, all is signed."""

import re
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from traceability.intake.sheets.columns import PLANS
from traceability.ledger.errors import RecordError
from traceability.ledger.kinds.lots import STAGES
from traceability.models import SheetImport
from traceability.selectors.access import Actor, NotFound
from traceability.services import evidence, sheet_templates, sheet_work, sheets
from traceability.services.errors import NotAllowed
from traceability.services.sheet_templates import Wanted
from traceability.web import sheet_lines, tables, words
from traceability.web.acting import for_member, number_style, today
from traceability.web.forms.flows import FLOWS
from traceability.web.forms.questions import OFFSETS
from traceability.web.spoken import spoken
from traceability.web.tables import Column, Table, figures
from traceability.web.templatetags.supplier import person_name
from traceability.web.views.record import OFFSET, offset_of, require_submitter
from traceability.web.words import Words

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CELL: Final = re.compile(r"cell-([1-9][0-9]{0,6})-([1-9][0-9]{0,2})")
TAGS: Final = {
    SheetImport.State.WAITING: ("na", "clock"),
    SheetImport.State.CHECKED: ("info", "box"),
    SheetImport.State.SIGNING: ("na", "clock"),
    SheetImport.State.SIGNED: ("pass", "pass"),
    SheetImport.State.FAILED: ("fail", "fail"),
}
SHEETS: Final = Table(
    "sheets",
    gettext_lazy("Sheets"),
    (
        Column("name", gettext_lazy("File"), lambda line: line.row.name, ("name",)),
        Column("act", gettext_lazy("What it records"), lambda line: line.title, ("act",)),
        Column("state", gettext_lazy("State"), lambda line: line.row.get_state_display(), ("state",)),
        figures("rows", gettext_lazy("Rows"), lambda line: line.row.rows, order=("rows",)),
        figures("mistakes", gettext_lazy("To put right"), lambda line: line.row.mistakes, order=("mistakes",)),
        Column("by", gettext_lazy("Uploaded by"), lambda line: person_name(line.row.made_by)),
        Column("at", gettext_lazy("Uploaded"), lambda line: line.row.made_at, ("made_at",)),
    ),
    usual="-at",
    find=("name",),
    what=gettext_lazy("sheets"),
    wide=False,
)


def title_of(act: str) -> Words:
    """What a sheet of this act records."""
    return gettext_lazy("Events in EPCIS 2.0 (JSON)") if act == sheets.EPCIS else FLOWS[act].title


class ManyFiles(forms.FileInput):
    """Several files at once."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Files that may be chosen together; none of them has to be."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Each of the files, checked."""
        return [super(ManyFilesField, self).clean(one, initial) for one in data or ()]


class UploadForm(forms.Form):
    """A file, what it records, and how it was filled in."""

    act = forms.ChoiceField(label=gettext_lazy("What does the sheet record?"))
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("Excel workbook (.xlsx), CSV, or EPCIS 2.0 in JSON, at most 10 MB."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt,.json,.jsonld"}),
    )
    documents = ManyFilesField(
        label=gettext_lazy("Documents that the sheet names"),
        help_text=gettext_lazy("Lab sheets, weighing notes, delivery notes. Those that you uploaded before need not be "
                               "chosen again."),
        required=False,
    )  # fmt: skip
    utc_offset = forms.ChoiceField(
        label=gettext_lazy("Clock, as offset from UTC"),
        help_text=gettext_lazy("For rows that name no clock of their own."),
        choices=[(one, f"UTC{one}") for one in OFFSETS],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["act"].choices = [(act, title_of(act)) for act in sheets.ACTS]  # type: ignore[attr-defined]


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def show_all(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """The templates, the form to upload, and the sheets of the organisation."""
    require_submitter(actor)
    first = {"utc_offset": offset_of(request, actor), "act": request.GET.get("act", "source")}
    form = UploadForm(request.POST or None, request.FILES or None, initial=first)
    if request.method == "POST" and form.is_valid() and (made := _upload(request, actor, form)):
        return redirect("sheet", made.pk)
    found = SHEETS.found(request, sheets.of(actor), lambda rows: [_Line(row) for row in rows])
    context = {
        "section": "record",
        "form": form,
        "sheets": found,
        "acts": [(act, FLOWS[act]) for act in PLANS],
        "with_stage": [act for act, plan in PLANS.items() if plan.contents],
        "stages": [(one, words.stage(one)) for one in STAGES],
        "crumbs": [(_("Overview"), reverse("overview")), (_("Record"), reverse("record")), (_("Sheets"), "")],
    }
    return tables.answer(request, "sheets/list.html", context)


def _upload(request: HttpRequest, actor: Actor, form: UploadForm) -> SheetImport | None:
    """The sheet that came; None where it cannot be read, and the form says why."""
    given, file = form.cleaned_data, form.cleaned_data["file"]
    request.session[OFFSET] = given["utc_offset"]
    try:
        _store_documents(request, actor)
    except NotAllowed:
        raise
    except RecordError as error:
        form.add_error("documents", spoken(error.sentence))
        return None
    try:
        made = sheets.upload(
            actor=actor,
            act=given["act"],
            name=file.name or "",
            content=file.read(sheets.MOST_BYTES + 1),  # enough to see that it is too large
            style=number_style(request),
            utc_offset=given["utc_offset"],
        )
    except NotAllowed:
        raise
    except RecordError as error:
        form.add_error("file", spoken(error.sentence))
        return None
    return sheet_work.run_small(made)


def _store_documents(request: HttpRequest, actor: Actor) -> None:
    """Stores the files that came beside a sheet."""
    for file in request.FILES.getlist("documents"):
        evidence.store(actor=actor, name=file.name or "", content=file.read(evidence.MOST_BYTES + 1))


@for_member
@require_safe
def template(request: HttpRequest, actor: Actor, act: str) -> HttpResponse:
    """The template of a sheet as a file."""
    if act not in PLANS:
        raise Http404("There is no such sheet.")
    stage = sheet_templates.stage_of(request.GET.get("stage", ""))
    wanted = Wanted(PLANS[act], stage, number_style(request))
    if request.GET.get("format") == "csv":
        require_submitter(actor)
        return _file(sheet_templates.table(wanted), "text/csv; charset=utf-8", f"lodestone-{act}.csv")
    content = sheet_templates.workbook(actor=actor, wanted=wanted, today=today())
    return _file(content, XLSX, f"lodestone-{act}.xlsx")


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, actor: Actor, sheet_id: UUID) -> HttpResponseBase:
    """One sheet: how far it is, every mistake at its cell, what will be signed, or what was."""
    row = sheets.one(actor, sheet_id)
    require_submitter(actor)
    if request.method != "POST":
        return _page(request, actor, row)
    try:
        return _done(request, actor, row)
    except (NotFound, NotAllowed):
        raise
    except RecordError as error:
        return _page(request, actor, sheets.one(actor, sheet_id), refused=spoken(error.sentence))


def _done(request: HttpRequest, actor: Actor, row: SheetImport) -> HttpResponseBase:
    """Does what the button says, and shows what came of it."""
    posted, again = request.POST, redirect("sheet", row.pk)
    if ("sign" in posted or "ask" in posted) and "agreed" not in posted:
        return _page(request, actor, row, refused=_("Tick the box to say that you have checked the answers."))
    if "sign" in posted:
        revision = posted.get("revision", "")
        sheet_work.run_small(
            sheets.sign(actor=actor, sheet_id=row.pk, revision=int(revision) if revision.isdecimal() else -1)
        )
    elif "ask" in posted:
        sheets.ask(actor=actor, sheet_id=row.pk)
        messages.success(request, _("Sent for approval. Nothing is signed before a colleague has read it."))
    elif "take_back" in posted:
        sheets.take_back(actor=actor, sheet_id=row.pk)
        messages.success(request, _("Taken back. Nobody waits for it now; you can change it."))
    elif "send_back" in posted:
        sheets.send_back(actor=actor, sheet_id=row.pk, reason=posted.get("reason", ""))
        messages.success(request, _("Sent back. Nothing was signed. Your colleague reads your reason."))
    elif "again" in posted:
        _store_documents(request, actor)
        sheet_work.run_small(sheets.check_again(actor=actor, sheet_id=row.pk))
    else:
        drop = [int(one) for one in posted.getlist("drop") if one.isdecimal() and len(one) < 8]
        taken = sheet_lines.proposals(row, posted.getlist("take"), every="take_all" in posted)
        changed = sheets.put_right(actor=actor, sheet_id=row.pk, cells=_cells(posted) | taken, drop=drop)
        sheet_work.run_small(changed)
    return again


def _cells(posted: Mapping[str, str]) -> dict[tuple[int, int], str]:
    """The cells that were typed, by row and column."""
    return {(int(found[1]), int(found[2])): str(posted[name]) for name in posted if (found := CELL.fullmatch(name))}


def _page(request: HttpRequest, actor: Actor, row: SheetImport, refused: str = "") -> HttpResponseBase:
    context: dict[str, Any] = {
        "section": "record",
        "sheet": row,
        "line": _Line(row),
        "actor": actor,
        "refused": refused,
        "crumbs": [(_("Record"), reverse("record")), (_("Sheets"), reverse("sheets")), (row.name, "")],
    }
    if row.is_at_work:
        context["progress"] = sheet_work.progress_of(row)
    elif row.state == SheetImport.State.SIGNED:
        context["receipts"] = sheet_lines.RECEIPTS.paged(request, sheet_lines.receipts(row))
    else:
        wrong, marks = sheet_lines.wrong(row)
        is_document = row.act == sheets.EPCIS
        context |= {
            "head_row": 0 if is_document else sheets.layout_of(row).row,
            "events": sheet_lines.EVENTS.paged(request, sheet_lines.events(row)) if is_document else None,
            "wants_documents": any(one.found.code == "document_unknown" for one in wrong),
            "proposed": any(one.right and one.found.column for one in wrong),
            "wrong": sheet_lines.MISTAKES.paged(request, wrong),
            "marks": sheet_lines.DOUBTS.paged(request, marks),
            "remarks": [spoken(one) for one in sheets.remarks_of(row)],
            "summary": sheet_lines.SUMMARY.still(sheet_lines.sums(row)) if row.can_be_signed else None,
            "may_sign": sheets.may_sign(actor, row),
            "asks_approval": actor.organisation.approval_wanted and row.asked_at is None,
        }
    return tables.answer(request, "sheets/sheet.html", context)


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: HttpRequest, actor: Actor, sheet_id: UUID) -> HttpResponse:
    """Throws a sheet away, after asking."""
    row = sheets.one(actor, sheet_id)
    require_submitter(actor)
    if request.method == "POST":
        try:
            sheets.discard(actor=actor, sheet_id=row.pk)
        except sheets.NotNow as error:
            messages.warning(request, spoken(error.sentence))
            return redirect("sheet", row.pk)
        messages.success(request, _("The sheet is gone. Nothing of it was signed."))
        return redirect("sheets")
    crumbs = [(_("Sheets"), reverse("sheets")), (row.name, reverse("sheet", args=[row.pk])), (_("Throw away"), "")]
    return render(request, "sheets/discard.html", {"section": "record", "sheet": row, "crumbs": crumbs})


class _Line:
    """One sheet in words."""

    def __init__(self, row: SheetImport) -> None:
        self.row = row
        self.title = title_of(row.act)
        wants_work = row.state == SheetImport.State.CHECKED and row.mistakes
        self.outcome, self.icon = ("warn", "warn") if wants_work else TAGS[SheetImport.State(row.state)]
