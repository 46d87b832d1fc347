"""The owner's pages: results of own lots, publishing, withdrawing and superseding a declaration."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from epd.models import Declaration
from epd.rules.profiles import INTERNATIONAL_EPD_DEFAULT
from epd.selectors import declarations
from epd.selectors.share_tables import figures_of
from epd.services import declarations as use_cases
from epd.services import results
from epd.web.declaration_page import Published
from epd.web.figures import MODULES, Figures
from traceability.ledger.errors import RecordError
from traceability.models import Lot
from traceability.selectors import access, lots
from traceability.selectors.access import Actor
from traceability.services import clock, sealing
from traceability.web.acting import for_member, today

ON_A_PAGE = 50


class DeclareForm(forms.Form):
    """What the declarant says beside the figures."""

    product = forms.CharField(
        label="Product", help_text="As your customers call it, for example sintered NdFeB magnets, grade N42SH",
        max_length=200,
    )  # fmt: skip
    illustrative = forms.BooleanField(
        label="The figures are illustrative: for demonstration, not for claims", required=False
    )


class ReasonForm(forms.Form):
    """Why a declaration ends."""

    reason = forms.CharField(
        label="Reason", help_text="Everybody can read it", max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class SupersedeForm(ReasonForm):
    """Which declaration takes the place, and why."""

    successor = forms.ModelChoiceField(
        label="The newer declaration", queryset=Declaration.objects.none(), empty_label="Choose one"
    )
    field_order = ("successor", "reason")


@for_member
def own(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Own lots with their results and declarations."""
    asked = request.GET.get("q", "").strip()
    page = Paginator(declarations.own_lots(actor, words=asked), ON_A_PAGE).get_page(request.GET.get("page"))
    rows = declarations.with_results(actor, list(page.object_list), today())
    lines = [(row, Figures(row.result, INTERNATIONAL_EPD_DEFAULT).headline if row.result else None) for row in rows]
    shown = {"page": page, "lines": lines, "asked": asked, "section": "declarations"}
    return render(request, "epd/own.html", shown)


@for_member
def figures(request: HttpRequest, actor: Actor, lot_id: UUID) -> HttpResponse:
    """The newest result of a lot, as far as the reader may see it; its maker computes and signs it here."""
    lot = access.lot(actor, lot_id, today())
    is_maker = lot.maker_id == actor.organisation.pk
    if request.method == "POST":
        _require_maker(lot, actor)
        return _compute(request, actor, lot)
    told = lots.newest_told(actor, lot, "lot.result", today())
    withheld = told is not None and any(place.startswith("/body/bases") for place in told.withheld)
    shown = None if told is None or withheld else Figures(figures_of(told.body), INTERNATIONAL_EPD_DEFAULT)
    label = lots.matter_of(actor, [lot.pk], today()).views[lot.pk].label
    return render(
        request,
        "epd/figures.html",
        {
            "lot": lot, "label": label, "told": told, "figures": shown, "modules": MODULES, "is_maker": is_maker,
            "may_sign": is_maker and actor.may_submit, "section": "declarations",
            "digest": bytes(told.newest.row.digest).hex() if told else "",
            "crumbs": [("Declarations", reverse("declarations")), (f"Figures of {label}", "")],
        },
    )  # fmt: skip


def _compute(request: HttpRequest, actor: Actor, lot: Lot) -> HttpResponse:
    try:
        results.publish_result(actor=actor, lot=lot)
    except RecordError as error:
        messages.error(request, f"Nothing was signed. {error.sentence}")
    else:
        messages.success(request, "Computed and signed. The statement is in the record.")
    return redirect("figures", lot_id=lot.pk)


@for_member
def declare(request: HttpRequest, actor: Actor, lot_id: UUID) -> HttpResponse:
    """Publishing: what is said, then a preview of the whole page, then the signature."""
    lot = access.lot(actor, lot_id, today())
    _require_maker(lot, actor)
    label = lots.matter_of(actor, [lot.pk], today()).views[lot.pk].label
    trail = [("Declarations", reverse("declarations")), (f"Declare {label}", "")]
    shown: dict[str, Any] = {"lot": lot, "label": label, "crumbs": trail, "section": "declarations"}
    form = DeclareForm(request.POST or None, initial={"product": lot.material})
    if request.method == "POST" and form.is_valid() and "change" not in request.POST:
        said = {"product": form.cleaned_data["product"], "illustrative": form.cleaned_data["illustrative"]}
        try:
            if "sign" in request.POST:
                made, _ = use_cases.publish(actor=actor, lot=lot, **said)
                messages.success(request, f"Published. Its reference is {made.reference}.")
                return redirect("declaration", reference=made.reference)
            body = use_cases.body_of(actor=actor, lot=lot, id=sealing.new_id(clock.now()), **said)
        except RecordError as error:
            form.add_error(None, f"Nothing was signed. {error.sentence}")
        else:
            page = Published(body, lot, None, today())
            return render(request, "epd/preview.html", {**shown, "page": page, "form": form, "modules": MODULES})
    has_result = lots.newest_told(actor, lot, "lot.result", today()) is not None
    return render(request, "epd/declare.html", {**shown, "form": form, "has_result": has_result})


@for_member
def withdraw(request: HttpRequest, actor: Actor, reference: str) -> HttpResponse:
    """Withdrawing a declaration; its page stays and says so."""
    declaration = _own(actor, reference)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            use_cases.withdraw(actor=actor, declaration=declaration, reason=form.cleaned_data["reason"])
        except RecordError as error:
            form.add_error(None, error.sentence)
        else:
            messages.success(request, "Withdrawn. The page of the declaration says so from now on.")
            return redirect("declaration", reference=declaration.reference)
    return _ending(request, declaration, form, "Withdraw")


@for_member
def supersede(request: HttpRequest, actor: Actor, reference: str) -> HttpResponse:
    """Putting a newer declaration in the place of an older one."""
    declaration = _own(actor, reference)
    form = SupersedeForm(request.POST or None)
    others = Declaration.objects.filter(declarant=actor.organisation, status=Declaration.Status.PUBLISHED)
    form.fields["successor"].queryset = others.exclude(pk=declaration.pk)  # type: ignore[attr-defined]
    if form.is_valid():
        said = form.cleaned_data
        try:
            use_cases.supersede(
                actor=actor, declaration=declaration, successor=said["successor"], reason=said["reason"]
            )
        except RecordError as error:
            form.add_error(None, error.sentence)
        else:
            messages.success(request, f"Superseded by {said['successor'].reference}.")
            return redirect("declaration", reference=declaration.reference)
    return _ending(request, declaration, form, "Supersede")


def _ending(request: HttpRequest, declaration: Declaration, form: forms.Form, verb: str) -> HttpResponse:
    href = reverse("declaration", args=[declaration.reference])
    trail = [("Declarations", reverse("declarations")), (declaration.reference, href), (verb, "")]
    shown = {"declaration": declaration, "form": form, "verb": verb, "crumbs": trail, "section": "declarations"}
    return render(request, "epd/end.html", shown)


def _own(actor: Actor, reference: str) -> Declaration:
    """A declaration of the actor's own organisation that is in force."""
    found = declarations.by_reference(reference)
    if found.declarant_id != actor.organisation.pk or found.status != Declaration.Status.PUBLISHED:
        raise Http404("There is no declaration of yours with this reference that is in force.")
    return found


def _require_maker(lot: Lot, actor: Actor) -> None:
    if lot.maker_id != actor.organisation.pk:
        raise Http404("Only the maker of a lot computes its figures and declares it.")
