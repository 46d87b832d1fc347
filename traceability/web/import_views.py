"""Lots of other records on the pages: a bundle comes, what it proves is shown, both parties sign, the lot is here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from traceability.acceptance.world import ForeignLot
from traceability.ledger.errors import RecordError
from traceability.models import Facility, ForeignBundle, ImportRequest
from traceability.selectors import foreign_lots
from traceability.selectors.access import Actor, NotFound
from traceability.services import countersigning, foreign_bundles, import_file, imports
from traceability.services.countersigning import Asked
from traceability.services.errors import NotAllowed
from traceability.services.evidence import plain_name
from traceability.services.imports import Arrival
from traceability.verifier.report import Verdict, Word
from traceability.web import countries, tables, words
from traceability.web.acting import for_member
from traceability.web.elsewhere import changes_in
from traceability.web.origin_views import CLASSES
from traceability.web.spoken import spoken
from traceability.web.tables import Column, Table, figures
from traceability.web.templatetags.supplier import person_name
from traceability.web.views.record import require_submitter

State = ForeignBundle.State
ENDING: Final = ".import.json"
TAGS: Final = {
    State.WAITING: ("na", "clock"),
    State.VERIFIED: ("pass", "pass"),
    State.REFUSED: ("fail", "fail"),
    State.FAILED: ("fail", "fail"),
}
OUTCOMES: Final = {
    Word.PASS: "pass", Word.WARNING: "warn", Word.FAIL: "fail", Word.NOT_ESTABLISHED: "none", Word.NOT_APPLICABLE: "na",
}  # fmt: skip
VERDICTS: Final = {
    Verdict.VALID: ("pass", gettext_lazy("Valid")),
    Verdict.VALID_WITH_WARNINGS: ("warn", gettext_lazy("Valid, with warnings")),
    Verdict.INCOMPLETE: ("none", gettext_lazy("Incomplete")),
    Verdict.INVALID: ("fail", gettext_lazy("Not valid")),
}
BUNDLES: Final = Table(
    "imports",
    gettext_lazy("Bundles of other records"),
    (
        Column("name", gettext_lazy("File"), lambda row: row.name, ("name",)),
        Column("state", gettext_lazy("State"), lambda row: row.get_state_display(), ("state",)),
        Column("origin", gettext_lazy("Record"), lambda row: row.origin, ("origin",)),
        figures("size", gettext_lazy("Size"), lambda row: row.octets, order=("octets",)),
        Column("by", gettext_lazy("Uploaded by"), lambda row: person_name(row.uploaded_by)),
        Column("at", gettext_lazy("Uploaded"), lambda row: row.uploaded_at, ("uploaded_at",)),
    ),
    usual="-at",
    find=("name", "origin"),
    what=gettext_lazy("bundles"),
    wide=False,
)
SIGNED: Final = Table(
    "countersigned",
    gettext_lazy("Imports that you signed second"),
    (
        Column("lot", gettext_lazy("Lot"), lambda row: str(row.lot), ("lot",)),
        Column("origin", gettext_lazy("Record"), lambda row: row.origin, ("origin",)),
        Column("by", gettext_lazy("Signed by"), lambda row: person_name(row.signed_by)),
        Column("at", gettext_lazy("Signed"), lambda row: row.signed_at, ("signed_at",)),
    ),
    usual="-at",
    find=("origin",),
    what=gettext_lazy("signatures"),
    wide=False,
)


def _most() -> str:
    return _("A file *.custody.zip of at most %(size)s, exported by the sender after he dispatched the lot.") % {
        "size": filesizeformat(foreign_bundles.most_bytes())
    }


class UploadForm(forms.Form):
    """A bundle of another record."""

    bundle = forms.FileField(
        label=gettext_lazy("Audit bundle"),
        error_messages={"required": gettext_lazy("Choose an audit bundle: a file *.custody.zip.")},
        help_text=lazy(_most, str)(),
        widget=forms.FileInput(attrs={"accept": ".zip"}),
    )


class FileForm(forms.Form):
    """The file of an import, from the importer to the sender or back."""

    file = forms.FileField(
        label=gettext_lazy("File of the import"),
        help_text=gettext_lazy("It ends in .import.json."),
        widget=forms.FileInput(attrs={"accept": ".json"}),
    )


class ArrivalForm(forms.Form):
    """What the importer says of the lot beside what the bundle proves."""

    arrived_on = forms.DateField(
        label=gettext_lazy("Day on which it came in"),
        required=False,
        help_text=gettext_lazy("Left empty it is today."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    lot_number = forms.CharField(
        label=gettext_lazy("Your lot number"),
        required=False,
        max_length=imports.LONGEST_NUMBER,
        help_text=gettext_lazy("It stays confidential, as your rules say."),
    )
    facility = forms.ChoiceField(label=gettext_lazy("Site"), required=False)

    def __init__(self, *args: Any, actor: Actor, **more: Any) -> None:
        super().__init__(*args, **more)
        sites = Facility.objects.filter(organisation=actor.organisation, voided=False).order_by("name")
        named = [(f"urn:uuid:{one.pk}", one.name) for one in sites]
        self.fields["facility"].choices = [("", _("None")), *named]  # type: ignore[attr-defined]

    def arrival(self) -> Arrival:
        given = self.cleaned_data
        return Arrival(given["arrived_on"], given["lot_number"], given["facility"])


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def show_all(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """The form to upload a bundle, and those that the organisation brought."""
    require_submitter(actor)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and (made := _upload(actor, form)):
        return redirect("import", made.pk)
    rows = foreign_lots.bundles(actor).select_related("uploaded_by")
    found = BUNDLES.found(request, rows, lambda rows: rows)
    context = {"form": form, "bundles": found, "tags": TAGS, "section": "record", "crumbs": _trail(_("Other records"))}
    return tables.answer(request, "imports/list.html", context)


def _upload(actor: Actor, form: UploadForm) -> ForeignBundle | None:
    """The bundle that came; None where it is none, and the form says why."""
    file = form.cleaned_data["bundle"]
    try:
        made = foreign_bundles.upload(
            actor=actor, name=file.name or "", content=file.read(foreign_bundles.most_bytes() + 1)
        )
    except NotAllowed:
        raise
    except RecordError as error:
        form.add_error("bundle", spoken(error.sentence))
        return None
    return foreign_bundles.run_small(made)


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, actor: Actor, bundle_id: UUID) -> HttpResponseBase:
    """One bundle: what the verifier says, what would be signed, what is still to be signed."""
    row = foreign_lots.bundle(actor, bundle_id)
    require_submitter(actor)
    if request.method != "POST":
        return _page(request, actor, row, ArrivalForm(request.GET if "read" in request.GET else None, actor=actor))
    form = ArrivalForm(request.POST if "sign" in request.POST else None, actor=actor)
    try:
        return _done(request, actor, row, form)
    except (NotFound, NotAllowed):
        raise
    except RecordError as error:
        return _page(request, actor, row, form, refused=spoken(error.sentence))


def _done(request: HttpRequest, actor: Actor, row: ForeignBundle, form: ArrivalForm) -> HttpResponseBase:
    """What a button of the page asks for."""
    if "again" in request.POST:
        foreign_bundles.run_small(foreign_bundles.verify_again(actor=actor, bundle=row.pk))
    elif "discard" in request.POST:
        foreign_bundles.discard(actor=actor, bundle=row.pk)
        messages.success(request, _("Thrown away. Nothing of it is kept."))
        return redirect("imports")
    elif "sign" in request.POST:
        if not form.is_valid() or "agreed" not in request.POST:
            return _page(request, actor, row, form, refused=_("Tick that you have checked what will be signed."))
        imports.sign(actor=actor, bundle=row.pk, arrival=form.arrival())
        messages.success(request, _("Signed by you. Now send the file to the sender, who signs second."))
    elif "take_back" in request.POST:
        imports.take_back(actor=actor, bundle=row.pk)
        messages.success(request, _("Taken back. Nothing was recorded."))
    elif "finish" in request.POST:
        content = _content(request)
        signed = imports.finish(actor=actor, bundle=row.pk, content=content)
        messages.success(request, _("Signed by both and recorded. The lot is in your stock."))
        return redirect("receipt", signed.urn)
    return redirect("import", row.pk)


def _content(request: HttpRequest) -> bytes:
    """The bytes of the file of an import that came."""
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        raise import_file.NotAnImport("Choose the file of the import that the sender gave back.", path="/file")
    content: bytes = form.cleaned_data["file"].read(import_file.MOST_BYTES + 1)
    return content


def _page(
    request: HttpRequest, actor: Actor, row: ForeignBundle, form: ArrivalForm, *, refused: str = ""
) -> HttpResponse:
    asked = foreign_lots.request_of(actor, row)
    lot = None if row.proven is None else foreign_lots.from_json(row.proven)
    context = {
        "actor": actor,
        "row": row,
        "tag": TAGS[State(row.state)],
        "record": foreign_lots.name_of(row.origin),
        "report": None if row.report is None else _Report(row.report),
        "lot": None if lot is None else _Lot(lot),
        "progress": foreign_bundles.progress_of(row) if row.state == State.WAITING else None,
        "changes": changes_in(row),
        "asked": asked,
        "form": form,
        "file_form": FileForm(),
        "refused": refused,
        "section": "record",
        "crumbs": _trail((_("Other records"), reverse("imports")), row.name),
        **_to_sign(actor, row, asked, form),
    }
    return render(request, "imports/one.html", context)


def _to_sign(actor: Actor, row: ForeignBundle, asked: ImportRequest | None, form: ArrivalForm) -> dict[str, Any]:
    """What would be signed, or why it cannot be."""
    if asked is not None or row.proven is None:
        return {}
    arrival = form.arrival() if form.is_bound and form.is_valid() else Arrival()
    try:
        _lot, rehearsal = imports.prepare(actor=actor, bundle=row.pk, arrival=arrival)
    except NotAllowed:
        raise
    except RecordError as error:
        return {"impossible": spoken(error.sentence)}
    own = rehearsal.statement
    return {
        "rehearsal": rehearsal,
        "keys": [(actor.organisation.name, own.key), *((one.organisation, one.key) for one in own.cosigners)],
        "may_sign": not actor.why_not_sign,
        "why_not": spoken(actor.why_not_sign),
    }


@for_member
@require_safe
def file(request: HttpRequest, actor: Actor, bundle_id: UUID) -> HttpResponseBase:
    """The file for the sender."""
    try:
        asked = imports.begun(actor=actor, bundle=bundle_id)
    except imports.ImportNotBegun as error:
        messages.warning(request, spoken(error.sentence))
        return redirect("import", bundle_id)
    return _given(imports.file_of(asked), f"{str(asked.lot)[:8]}-to-the-sender")


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def countersign(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """An import into another record, for the organisation that dispatched the lot there: read, then sign second."""
    require_submitter(actor)
    form = FileForm(request.POST or None, request.FILES or None)
    asked, text, refused = None, "", ""
    if request.method == "POST":
        try:
            content = request.POST.get("text", "").encode() if "text" in request.POST else _content(request)
            asked, text = countersigning.check(actor=actor, content=content), content.decode()
            if "sign" in request.POST and "agreed" in request.POST:
                row = countersigning.sign(actor=actor, content=content)
                messages.success(request, _("Signed. Give the file back to who imports the lot."))
                return redirect(f"{request.path}?signed={row.pk}#signed")
            refused = _("Tick that you have checked what will be signed.") if "sign" in request.POST else ""
        except (NotFound, NotAllowed):
            raise
        except RecordError as error:
            refused = spoken(error.sentence)
    rows = foreign_lots.countersignatures(actor).select_related("signed_by")
    context = {
        "actor": actor,
        "form": FileForm() if refused else form,
        "asked": None if asked is None else _Asked(asked),
        "text": text,
        "refused": refused,
        "why_not": spoken(actor.why_not_sign),
        "signed": SIGNED.found(request, rows, lambda rows: rows),
        "section": "record",
        "crumbs": _trail((_("Other records"), reverse("imports")), _("Sign second")),
    }
    return tables.answer(request, "imports/countersign.html", context)


@for_member
@require_safe
def countersigned(request: HttpRequest, actor: Actor, signature_id: int) -> HttpResponseBase:
    """The file for the importer, with both signatures."""
    row = foreign_lots.countersignatures(actor).filter(pk=signature_id).first()
    if row is None:
        raise NotFound("There is no such signature.")
    return _given(countersigning.file_of(row), f"{str(row.lot)[:8]}-signed-by-both")


def _given(content: bytes, name: str) -> HttpResponse:
    said = f'attachment; filename="{plain_name(name)}{ENDING}"'
    return HttpResponse(content, content_type="application/json", headers={"Content-Disposition": said})


def _trail(*rest: str | tuple[str, str]) -> list[tuple[str, str]]:
    more = [one if isinstance(one, tuple) else (one, "") for one in rest]
    return [(_("Overview"), reverse("overview")), (_("Record"), reverse("record")), *more]


class _Lot:
    """What is proven of a lot of another record, in words."""

    def __init__(self, lot: ForeignLot) -> None:
        self.lot = lot
        self.stage = words.stage(lot.stage)
        self.contents = [(element, one.element_pct) for element, one in (lot.composition or {}).items()]
        named = {urn for parts in (lot.shares or {}).values() for urn in parts if urn in lot.sources}
        found = [lot.sources[urn] for urn in sorted(named)]
        self.origins = sorted({(str(CLASSES[one.source_class]), countries.name(one.country)) for one in found})
        self.steps = [(word, countries.name(country)) for word, country, _stage in lot.steps]


class _Asked:
    """An import into another record as its sender reads it."""

    def __init__(self, asked: Asked) -> None:
        statement = asked.file.statement
        self.lot, self.key = _Lot(asked.lot), asked.key
        self.number = asked.file.opened.get("lot_number", "")
        self.importer, self.origin, self.at = statement.issuer, statement.seen.origin, statement.occurred_to
        self.bundle = str(asked.file.opened["bundle"])


class _Report:
    """What the verifier said, as it is shown."""

    def __init__(self, value: Mapping[str, Any]) -> None:
        self.first_line = spoken(str(value["first_line"]))
        self.outcome, self.title = VERDICTS[Verdict(value["verdict"])]
        self.checks = [_Check(one) for one in value["checks"]]
        self.tally = {outcome: value["counts"][word.value] for word, outcome in OUTCOMES.items()}


class _Check:
    """One check; notes alone decide nothing and are left to the offline verifier."""

    def __init__(self, value: Mapping[str, Any]) -> None:
        self.number, self.name, self.sentence = value["number"], spoken(value["name"]), spoken(value["sentence"])
        self.outcome = OUTCOMES[Word(value["word"])]
        self.findings = [
            (spoken(one["sentence"]), one["code"], one["where"]) for one in value["findings"] if one["level"] != "note"
        ]
