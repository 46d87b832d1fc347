"""Lab sheets on the pages: what a document says stands beside its places, and a person confirms each value."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from traceability.intake.lab.reading import LabLot
from traceability.intake.lab.values import Doubt, State, Value
from traceability.intake.numbers import NumberStyle
from traceability.models import Draft, Evidence
from traceability.selectors import drafts as drafts_selector
from traceability.selectors.access import Actor, NotFound
from traceability.services import evidence, lab_sheets
from traceability.services.errors import NotAllowed, Refusal
from traceability.services.lab_sheets import Confirmed, values_of
from traceability.web.acting import for_member, number_style, today
from traceability.web.spoken import spoken
from traceability.web.views.record import offset_of, require_submitter

MOST_RECENT: Final = 20
NAMES: Final = {
    "lot_number": gettext_lazy("Lot number"),
    "mass_kg": gettext_lazy("Mass (kg)"),
    "moisture_pct": gettext_lazy("Moisture (%)"),
    "country": gettext_lazy("Country of origin"),
    "basis": gettext_lazy("The contents are per cent of"),
    "treo_pct": gettext_lazy("Rare-earth oxides in all (%)"),
    "method": gettext_lazy("Method"),
    "laboratory": gettext_lazy("Laboratory"),
    "report": gettext_lazy("Number of the report"),
}
OF_SOURCE_ONLY: Final = ("lot_number", "mass_kg", "moisture_pct", "country")
BASES: Final = [("dry_mass", gettext_lazy("the dry mass")), ("treo", gettext_lazy("all rare-earth oxides (TREO)"))]
STATES: Final = {
    State.FOUND: ("pass", "pass", gettext_lazy("Found")),
    State.DOUBTFUL: ("warn", "warn", gettext_lazy("Doubtful")),
    State.NOT_FOUND: ("na", "", gettext_lazy("Not found")),
}
DOUBTS: Final = {
    Doubt.UNIT_NOT_SAID: gettext_lazy("No unit stands with it."),
    Doubt.TWO_READINGS: gettext_lazy("Point or comma can be read in two ways."),
    Doubt.BELOW_LIMIT: gettext_lazy("Below what the laboratory can tell: leave it out, or enter a value."),
    Doubt.SEVERAL_NUMBERS: gettext_lazy("Several numbers stand in its line."),
    Doubt.SAID_TWICE: gettext_lazy("The document says it twice, and not the same."),
    Doubt.THE_REST: gettext_lazy("It is the rest and was not measured."),
    Doubt.NO_NUMBER: gettext_lazy("No number can be read there."),
    Doubt.OTHER_BASIS: gettext_lazy("It is not per cent of all rare-earth oxides, as the others are."),
    Doubt.BASIS_NOT_SAID: gettext_lazy(
        "The document does not say whether it is the dry mass or all rare-earth oxides."
    ),
    Doubt.OVER_HUNDRED: gettext_lazy("The contents are more than 100 % in all."),
    Doubt.ELEMENT_TWICE: gettext_lazy("The element is stated twice, as element and as oxide. Take one."),
    Doubt.NO_COUNTRY: gettext_lazy("This is not the name of one country."),
}


class LotForm(forms.Form):
    """What is taken of one lot of the document, and what it becomes."""

    def __init__(
        self, *args: Any, found: LabLot, style: NumberStyle, targets: Sequence[tuple[str, str]], **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        self.found = found
        self.fields["target"] = forms.ChoiceField(choices=targets, initial=targets[0][0], required=False)
        self._lines: list[tuple[str, str, Value]] = []
        for name, value in values_of(found).items():
            self._add(name, str(NAMES[name]), value, lab_sheets.in_style(value, name, style))
        for one in found.contents:
            typed = lab_sheets.in_style(one.value, "content", style)
            self._add(f"content-{one.species}", f"{one.species} (%)", one.value, typed)

    def _add(self, name: str, words: str, value: Value, typed: str) -> None:
        self._lines.append((name, words, value))
        if value.state is State.NOT_FOUND:
            return
        self.fields[f"take-{name}"] = forms.BooleanField(required=False)
        field: forms.Field = forms.ChoiceField(choices=BASES) if name == "basis" else forms.CharField(max_length=200)
        field.required, field.initial = False, typed
        field.widget.attrs["aria-label"] = words
        self.fields[f"value-{name}"] = field

    @property
    def lines(self) -> list[dict[str, Any]]:
        """What stands in the table: the value, its state, why it is doubtful, and its place."""
        return [
            {
                "words": words,
                "value": value,
                "tag": STATES[value.state],
                "doubts": [DOUBTS[one] for one in value.doubts],
                "take": self[f"take-{name}"] if f"take-{name}" in self.fields else None,
                "typed": self[f"value-{name}"] if f"take-{name}" in self.fields else None,
            }
            for name, words, value in self._lines
        ]

    def clean(self) -> dict[str, Any]:
        """At least one content of a lot that is not left out; what is taken says something."""
        given = dict(super().clean() or {})
        if not given.get("target"):
            return given
        for name, words, _value in self._lines:
            if given.get(f"take-{name}") and not given.get(f"value-{name}"):
                self.add_error(f"value-{name}", _("%(name)s: enter a value, or do not take it.") % {"name": words})
        if not any(given.get(f"take-content-{one.species}") for one in self.found.contents):
            self.add_error("target", _("Tick each content that you have compared, or leave this lot out."))
        return given

    def confirmed(self, row: Evidence) -> Confirmed | None:
        """What the person took; None for a lot that is left out."""
        given = self.cleaned_data
        act, _colon, lot = given["target"].partition(":")
        if not act:
            return None
        taken = {name: given[f"value-{name}"] for name, _words, _value in self._lines if given.get(f"take-{name}")}
        contents = {name.removeprefix("content-"): text for name, text in taken.items() if name.startswith("content-")}
        fields = {name: text for name, text in taken.items() if name in NAMES}
        fields["report"] = lab_sheets.report_of(row, self.found, fields.get("report", ""))
        return Confirmed(act, fields, contents, lot)


class UploadForm(forms.Form):
    """A document of a laboratory."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("PDF with text, Excel workbook (.xlsx) or CSV, at most 10 MB."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.xlsx,.csv,.txt"}),
    )


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def show_all(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The form to upload a document, and the newest documents that can be read."""
    require_submitter(actor)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            row = evidence.store(actor=actor, name=file.name or "", content=file.read(evidence.MOST_BYTES + 1))
            lab_sheets.read(row)
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.add_error("file", spoken(refusal.sentence))
        else:
            return redirect("lab_sheet", bytes(row.sha256).hex())
    rows = Evidence.objects.filter(organisation=actor.organisation, media_type__in=lab_sheets.READABLE)
    context = {
        "section": "record",
        "form": form,
        "documents": [(row, bytes(row.sha256).hex()) for row in rows.order_by("-created_at", "-pk")[:MOST_RECENT]],
        "crumbs": [*_crumbs(), (_("Lab sheets"), "")],
    }
    return render(request, "lab/list.html", context)


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, actor: Actor, sha256: str) -> HttpResponse:
    """What one document says, each value beside its place; what is ticked begins drafts, or fills the draft named."""
    require_submitter(actor)
    row = drafts_selector.document(actor, sha256)
    if row.organisation_id != actor.organisation.pk:
        raise Http404("There is no such document of yours.")
    draft = _draft(request, actor)
    try:
        sheet = lab_sheets.read(row)
    except Refusal as refusal:
        return render(request, "lab/sheet.html", _context(row, sha256, draft, refused=spoken(refusal.sentence)))
    style = number_style(request)
    known = _known_lots(actor, sheet.lots)
    lots = [
        LotForm(
            request.POST or None, prefix=f"lot{number}", found=lot, style=style, targets=_targets(lot, known, draft)
        )
        for number, lot in enumerate(sheet.lots)
    ]
    if (
        request.method == "POST" and lots and sum(one.is_valid() for one in lots) == len(lots)
    ):  # each of them says what is wrong
        confirmed = [taken for one in lots if (taken := one.confirmed(row))]
        if confirmed and (not draft or len(confirmed) == 1):
            return _taken(request, actor, row, confirmed, draft, style)
        lots[0].add_error("target", _("Choose what becomes of one lot.") if draft else _("Choose at least one lot."))
    context = _context(row, sha256, draft, lots=lots, passed_over=sheet.passed_over)
    return render(request, "lab/sheet.html", context)


def _taken(
    request: HttpRequest,
    actor: Actor,
    row: Evidence,
    confirmed: list[Confirmed],
    draft: Draft | None,
    style: NumberStyle,
) -> HttpResponse:
    if draft:
        lab_sheets.fill(actor=actor, draft=draft, row=row, confirmed=confirmed[0])
        return redirect("draft_check", draft.pk)
    made = lab_sheets.begin(
        actor=actor, row=row, confirmed=confirmed, style=style, utc_offset=offset_of(request, actor)
    )
    if len(made) == 1:
        return redirect("draft", made[0].pk)
    messages.success(request, _("%(count)s drafts were made. Nothing is signed yet: open each, check it, sign it.")
                     % {"count": len(made)})  # fmt: skip
    return redirect("record")


def _draft(request: HttpRequest, actor: Actor) -> Draft | None:
    """The draft that the document belongs to, where the reader came from one that takes an assay."""
    asked = request.GET.get("draft", "")
    try:
        draft = drafts_selector.draft(actor, UUID(asked)) if asked else None
    except (ValueError, NotFound):
        raise Http404("There is no such draft.") from None
    return draft if draft and draft.kind in lab_sheets.ACTS else None


def _known_lots(actor: Actor, lots: Sequence[LabLot]) -> Mapping[str, list[tuple[str, str]]]:
    """The own lots by their number, as far as the document names them."""
    numbers = {lot.lot_number.value for lot in lots if lot.lot_number.value}
    known: dict[str, list[tuple[str, str]]] = {}
    for row in drafts_selector.lots_made(actor, today()).filter(number_here__in=numbers)[: 2 * len(numbers)]:
        known.setdefault(row.number_here, []).append((f"assay:{row.urn}", row.material))
    return known


def _targets(lot: LabLot, known: Mapping[str, list[tuple[str, str]]], draft: Draft | None) -> list[tuple[str, str]]:
    """What a lot may become; what is likely stands first."""
    number = lot.lot_number.value
    leave_out = ("", _("Leave out"))
    if draft:
        return [(draft.kind, _("Into the draft that you came from")), leave_out]
    assays = [
        (target, _("An assay of your lot %(number)s, %(material)s") % {"number": number, "material": material})
        for target, material in known.get(number, ())
    ]
    new, other = ("source", _("A new lot")), ("assay", _("An assay of a lot that you choose next"))
    return [*assays, *([other, new] if assays else [new, other]), leave_out]


def _context(row: Evidence, sha256: str, draft: Draft | None, **more: Any) -> dict[str, Any]:
    crumbs = [*_crumbs(), (_("Lab sheets"), reverse("lab_sheets")), (row.name, "")]
    return {"section": "record", "document": row, "sha256": sha256, "draft": draft, "crumbs": crumbs, **more}


def _crumbs() -> list[tuple[str, str]]:
    return [(_("Overview"), reverse("overview")), (_("Record"), reverse("record"))]
