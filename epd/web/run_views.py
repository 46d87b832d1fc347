"""Declaring many lots at once: which lots, what is said of them, how far it is, and what came of each."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from epd.models import DeclarationRun, DeclarationRunLot
from epd.selectors import declarations
from epd.services import runs
from traceability.ledger.errors import RecordError
from traceability.selectors.access import Actor
from traceability.services.errors import NotAllowed
from traceability.web import tables
from traceability.web.acting import for_member
from traceability.web.spoken import spoken
from traceability.web.tables import Column, Table, boxes, figures

CHOICE: Final = Table(
    "lots-to-declare",
    gettext_lazy("Own lots without a declaration"),
    (
        boxes(gettext_lazy("Declare")),
        Column("lot", gettext_lazy("Lot"), lambda line: str(line), ("number",)),
        Column("material", gettext_lazy("Material"), lambda line: line.material, ("material", "number")),
        Column("made", gettext_lazy("Made"), lambda line: line.made_at, ("made_by_id",)),
    ),
    usual="made",
    find=("number", "material"),
    what=gettext_lazy("lots"),
)
RUNS: Final = Table(
    "declaration-runs",
    gettext_lazy("Many lots at once"),
    (
        Column("product", gettext_lazy("Product"), lambda line: str(line)),
        Column("state", gettext_lazy("State"), lambda line: line.get_state_display(), ("state",)),
        figures("lots", gettext_lazy("Lots"), lambda line: line.number_of_lots, order=("number_of_lots",)),
        Column("asked", gettext_lazy("Asked for"), lambda line: line.asked_at, ("asked_at",)),
    ),
    usual="-asked",
    part="runs",
)
LOTS: Final = Table(
    "lots-of-the-run",
    gettext_lazy("Lots of the run"),
    (
        Column("lot", gettext_lazy("Lot"), lambda line: str(line.lot), ("lot__number",)),
        Column("material", gettext_lazy("Material"), lambda line: line.lot.material, ("lot__material",)),
        Column("state", gettext_lazy("State"), lambda line: line.get_state_display(), ("state",)),
        Column("declaration", gettext_lazy("Declaration"), lambda line: _reference(line), ("declaration__reference",),
               gaps=True),
        Column("reason", gettext_lazy("Why not"), lambda line: spoken(line.reason) if line.reason else "", ("reason",)),
    ),
    find=("lot__number", "lot__material", "reason"),
    what=gettext_lazy("lots"),
)  # fmt: skip


def _reference(line: DeclarationRunLot) -> str:
    return line.declaration.reference if line.declaration else ""


class RunForm(forms.Form):
    """What is said of each lot."""

    product = forms.CharField(
        label=gettext_lazy("Product"),
        help_text=gettext_lazy("As your customers call it. Empty: each lot is called by its material."),
        max_length=200,
        required=False,
    )
    illustrative = forms.BooleanField(
        label=gettext_lazy("The figures are illustrative: for demonstration, not for claims"), required=False
    )
    cite = forms.BooleanField(
        label=gettext_lazy("Cite the newest reference declaration of the product, where there is one"),
        required=False,
        initial=True,
    )
    justification = forms.CharField(
        label=gettext_lazy("Why the data is of a shorter time than twelve months"),
        help_text=gettext_lazy("Everybody can read it"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def show_all(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """The runs so far, and the lots of which a new one is made."""
    found = CHOICE.found(request, declarations.undeclared_lots(actor))
    first = {"cite": True, "justification": _("The figures are those of one lot; the mean of twelve months "
                                              "stands in the reference declaration.")}  # fmt: skip
    form = RunForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            made = runs.begin(actor=actor, lots=_chosen(request, found), said=form.cleaned_data)
        except (RecordError, NotAllowed) as error:
            form.add_error(None, spoken(error.sentence))
        else:
            return redirect("declaration_run", made.pk)
    own = RUNS.found(request, runs.with_numbers(actor))
    return tables.answer(request, "epd/runs/list.html", {
        "choice": found, "runs": own, "form": form, "why_not": actor.why_not_submit, "section": "declarations",
        "approval_wanted": actor.organisation.approval_wanted, "ticked": set(request.POST.getlist("lot")),
        "crumbs": [(_("Declarations"), reverse("declarations")), (_("Many lots at once"), "")],
    })  # fmt: skip


def _chosen(request: HttpRequest, found: tables.Shown) -> list[UUID]:
    """The lots that were ticked, or all that the search found."""
    if "all" in request.POST and found.page is not None:
        rows: Any = found.page.paginator.object_list
        return list(rows.values_list("pk", flat=True)[: runs.MOST_LOTS + 1])
    ticked = request.POST.getlist("lot")
    try:
        return [UUID(one) for one in ticked]
    except ValueError:
        return []


@for_member
@require_safe
def show(request: HttpRequest, actor: Actor, run_id: UUID) -> HttpResponseBase:
    """One run: how far it is, and what came of each lot."""
    run = runs.one(actor, run_id)
    counts = runs.counts([run])[run.pk]
    rows = run.lots.select_related("lot", "declaration")
    return tables.answer(request, "epd/runs/run.html", {
        "run": run, "counts": counts, "total": sum(counts.values()), "done": sum(counts.values()) - counts["waiting"],
        "is_open": run.state == DeclarationRun.State.WAITING, "why_not": actor.why_not_submit,
        "lots": LOTS.found(request, rows), "section": "declarations",
        "crumbs": [(_("Declarations"), reverse("declarations")),
                   (_("Many lots at once"), reverse("declaration_runs")), (str(run), "")],
    })  # fmt: skip


@for_member
@require_POST
def act(request: HttpRequest, actor: Actor, run_id: UUID) -> HttpResponse:
    """Stops a run, or lets what failed be tried once more."""
    if "stop" in request.POST:
        runs.stop(actor=actor, run=run_id)
        messages.success(request, _("Stopped. What is signed stays signed."))
    else:
        runs.retry(actor=actor, run=run_id)
    return redirect("declaration_run", run_id)
