"""The owner's pages: results of own lots, publishing, withdrawing and superseding a declaration."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from decimal import Decimal
from functools import partial
from tempfile import TemporaryFile
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from epd.models import Declaration
from epd.rules.profiles import INTERNATIONAL_EPD_DEFAULT
from epd.selectors import declarations
from epd.selectors.declarations import OwnLot
from epd.selectors.share_tables import figures_of
from epd.services import approvals, citing, results
from epd.services import declarations as use_cases
from epd.web import approving, figure_tables, reference_page
from epd.web.declaration_page import Published
from epd.web.figures import Figures, Headline
from traceability.ledger.errors import RecordError
from traceability.models import FiguresApproval, Lot
from traceability.selectors import access, log, lots
from traceability.selectors.access import Actor
from traceability.services import clock, export, sealing
from traceability.services.rows_world import uuid_of
from traceability.web import bundle_job_views, tables, twins
from traceability.web.acting import for_member, today
from traceability.web.spoken import spoken
from traceability.web.tables import Column, Table, buttons
from traceability.web.tables import figures as numbers

What = FiguresApproval.What
OWN: Final = Table(
    "own-lots",
    gettext_lazy("Own lots with their results"),
    (
        Column("lot", gettext_lazy("Lot"), lambda line: str(line[0].lot), ("number",)),
        Column("material", gettext_lazy("Material"), lambda line: line[0].lot.material, ("material", "number")),
        Column("made", gettext_lazy("Made"), lambda line: line[0].lot.made_at, ("made_by_id",), seen=False),
        numbers("gwp", "GWP-GHG", lambda line: _headline_of(*line), unit=gettext_lazy("kg CO₂e per kg")),
        Column("declared", gettext_lazy("Declarations"), lambda line: [one.reference for one in line[0].declared]),
        buttons(gettext_lazy("Next")),
    ),
    usual="-made",
    find=("number", "material"),
    what=gettext_lazy("lots"),
)


class DeclareForm(forms.Form):
    """What the declarant says beside the figures."""

    product = forms.CharField(
        label=gettext_lazy("Product"),
        help_text=gettext_lazy("As your customers call it, for example sintered NdFeB magnets, grade N42SH"),
        max_length=200,
    )  # fmt: skip
    illustrative = forms.BooleanField(
        label=gettext_lazy("The figures are illustrative: for demonstration, not for claims"), required=False
    )
    cites = forms.ChoiceField(
        label=gettext_lazy("Reference declaration"),
        help_text=gettext_lazy(
            "The mean of twelve months with which the figures of this lot are compared. It also ends their validity. "
            "The newest one is proposed."
        ),
        required=False,
    )
    justification = forms.CharField(
        label=gettext_lazy("Why the data is of a shorter time than twelve months"),
        help_text=gettext_lazy("Everybody can read it"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, references: Sequence[Declaration] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not references:
            del self.fields["cites"], self.fields["justification"]
            return
        offered = [(one.reference, f"{one.reference}, {one.product}") for one in references]
        self.fields["cites"].choices = [*offered, ("", _("None"))]  # type: ignore[attr-defined]

    @property
    def said(self) -> dict[str, Any]:
        """What the use cases take."""
        return dict(self.cleaned_data)


class ReasonForm(forms.Form):
    """Why a declaration ends."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Everybody can read it"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SupersedeForm(ReasonForm):
    """Which declaration takes the place, and why."""

    successor = forms.ModelChoiceField(
        label=gettext_lazy("The newer declaration"),
        queryset=Declaration.objects.none(),
        empty_label=gettext_lazy("Choose one"),
    )
    field_order = ("successor", "reason")


@for_member
def own(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Own lots with their results and declarations."""
    lots_made = OWN.found(request, declarations.own_lots(actor), partial(_with_results, actor))
    return tables.answer(request, "epd/own.html", {"lots": lots_made, "section": "declarations"})


def _with_results(actor: Actor, rows: list[Lot]) -> list[Any]:
    found = declarations.with_results(actor, rows, today())
    return [(row, Figures(row.result, INTERNATIONAL_EPD_DEFAULT).headline if row.result else None) for row in found]


def _headline_of(row: OwnLot, headline: Headline | None) -> Decimal | None:
    """The headline of a lot; None where there is none, or the lot carries no burden."""
    return headline.value if headline and row.result and row.result.bases else None


@for_member
def figures(request: HttpRequest, actor: Actor, lot_id: UUID) -> HttpResponseBase:
    """The newest result of a lot, as far as the reader may see it; its maker computes and signs it here."""
    lot = access.lot(actor, lot_id, today())
    is_maker = lot.maker_id == actor.organisation.pk
    if request.method == "POST":
        _require_maker(lot, actor)
        asked = approving.asked_for(request)
        buttons = approving.of_lot(actor, lot, What.RESULT)
        return approving.do(request, actor, buttons, asked) if asked else _compute(request, actor, lot)
    told = lots.newest_told(actor, lot, "lot.result", today())
    withheld = told is not None and any(place.startswith("/body/bases") for place in told.withheld)
    shown = None if told is None or withheld else Figures(figures_of(told.body), INTERNATIONAL_EPD_DEFAULT)
    label = lots.matter_of(actor, [lot.pk], today()).views[lot.pk].label
    return tables.answer(
        request,
        "epd/figures.html",
        {
            "lot": lot, "label": label, "told": told, "figures": shown, "is_maker": is_maker,
            "may_sign": is_maker and actor.may_submit, "why_not": actor.why_not_submit if is_maker else "",
            "section": "declarations",
            "approving": approving.Approving.of(actor, lot, What.RESULT) if is_maker else None,
            "declaring": approving.Approving.of(actor, lot, What.DECLARATION) if is_maker else None,
            "digest": bytes(told.newest.row.digest).hex() if told else "",
            "crumbs": [(_("Declarations"), reverse("declarations")), (_("Figures of %(lot)s") % {"lot": label}, "")],
            **(figure_tables.of(request, shown) if shown else {}),
        },
    )  # fmt: skip


def _compute(request: HttpRequest, actor: Actor, lot: Lot) -> HttpResponse:
    try:
        results.publish_result(actor=actor, lot=lot)
    except RecordError as error:
        messages.error(request, _("Nothing was signed. %(why)s") % {"why": spoken(error.sentence)})
    else:
        messages.success(request, _("Computed and signed. The statement is in the record."))
    return redirect("figures", lot_id=lot.pk)


@for_member
def declare(request: HttpRequest, actor: Actor, lot_id: UUID) -> HttpResponseBase:
    """Publishing: what is said, then a preview of the whole page, then the signature."""
    lot = access.lot(actor, lot_id, today())
    _require_maker(lot, actor)
    label = lots.matter_of(actor, [lot.pk], today()).views[lot.pk].label
    trail = [(_("Declarations"), reverse("declarations")), (_("Declare %(lot)s") % {"lot": label}, "")]
    shown: dict[str, Any] = {"lot": lot, "label": label, "crumbs": trail, "section": "declarations"}
    if request.method == "POST" and (asked := approving.asked_for(request)) and asked != approving.ASK:
        return approving.do(request, actor, approving.of_lot(actor, lot, What.DECLARATION), asked)
    waits = approving.Approving.of(actor, lot, What.DECLARATION)
    if request.method != "POST" and waits.waits and waits.read:
        page = Published(waits.read.body, lot, None, today())
        drawn = twins.of(request, (page.figures.by_module,))
        shown |= {"page": page, "approving": waits, "twins": drawn, **figure_tables.of(request, page.figures),
                  **reference_page.tables_of(request, page.body)}  # fmt: skip
        return tables.answer(request, "epd/preview.html", shown, more=drawn.values())
    shown["approving"] = waits
    references = [row for row, _body in citing.in_force(actor, lot)]
    first = {"product": lot.material, "justification": _("The figures are those of one lot; the mean of twelve months "
                                                         "stands in the reference declaration.")}  # fmt: skip
    form = DeclareForm(request.POST or None, initial=first | waits.said, references=references)
    if request.method == "POST" and form.is_valid() and "change" not in request.POST:
        said = form.said
        try:
            if approving.ASK in request.POST:
                approvals.ask(actor=actor, lot=lot, what=What.DECLARATION, said=said)
                messages.success(request, approving.sent())
                return redirect("declare", lot_id=lot.pk)
            if "sign" in request.POST:
                made, _created = use_cases.publish(actor=actor, lot=lot, **said)
                messages.success(
                    request, _("Published. Its reference is %(reference)s.") % {"reference": made.reference}
                )
                return redirect("declaration", reference=made.reference)
            body = use_cases.body_of(actor=actor, lot=lot, id=sealing.new_id(clock.now()), **said)
        except RecordError as error:
            form.add_error(None, _("Nothing was signed. %(why)s") % {"why": spoken(error.sentence)})
        else:
            page = Published(body, lot, None, today())
            shown |= {"page": page, "form": form, **figure_tables.of(request, page.figures),
                      **reference_page.tables_of(request, page.body)}  # fmt: skip
            return render(request, "epd/preview.html", shown)
    has_result = lots.newest_told(actor, lot, "lot.result", today()) is not None
    return render(
        request, "epd/declare.html", {**shown, "form": form, "has_result": has_result, "why_not": actor.why_not_submit}
    )


@for_member
def bundle(request: HttpRequest, actor: Actor, reference: str) -> HttpResponseBase:
    """The audit bundle of a declaration, for its declarant: of a reference all its lots."""
    found = declarations.by_reference(reference)
    if found.declarant_id != actor.organisation.pk:
        raise Http404("There is no declaration of yours with this reference.")
    if found.lot_id is not None:
        return redirect("lot_bundle", found.lot_id)
    with ExitStack() as until_sent:
        file = until_sent.enter_context(TemporaryFile())
        try:
            export.export_bundle(actor=actor, lot=found.pk, file=file)
        except (log.NotPublishedYet, log.LogNotOpen, log.NotInLog) as error:
            messages.warning(request, _("No bundle yet. %(why)s") % {"why": spoken(error.sentence)})
            return redirect("declaration", reference=found.reference)
        until_sent.pop_all()  # from here on the response closes the file
    file.seek(0)
    return bundle_job_views.sent(file, found.reference)


@for_member
def withdraw(request: HttpRequest, actor: Actor, reference: str) -> HttpResponse:
    """Withdrawing a declaration; its page stays and says so."""
    declaration = _own(actor, reference)
    ending = _Ending(request, actor, declaration, What.WITHDRAW)
    form = ReasonForm(request.POST or None, initial=ending.said)

    def sign() -> str:
        use_cases.withdraw(actor=actor, declaration=declaration, reason=form.cleaned_data["reason"])
        return _("Withdrawn. The page of the declaration says so from now on.")

    return ending.answer(form, sign)


@for_member
def supersede(request: HttpRequest, actor: Actor, reference: str) -> HttpResponse:
    """Putting a newer declaration in the place of an older one."""
    declaration = _own(actor, reference)
    ending = _Ending(request, actor, declaration, What.SUPERSEDE)
    form = SupersedeForm(request.POST or None, initial=ending.said)
    others = Declaration.objects.filter(declarant=actor.organisation, status=Declaration.Status.PUBLISHED)
    form.fields["successor"].queryset = others.exclude(pk=declaration.pk)  # type: ignore[attr-defined]

    def sign() -> str:
        said = form.cleaned_data
        use_cases.supersede(actor=actor, declaration=declaration, successor=said["successor"], reason=said["reason"])
        return _("Superseded by %(reference)s.") % {"reference": said["successor"].reference}

    return ending.answer(form, sign)


class _Ending:
    """The page on which a declaration is ended, or on which a colleague reads and signs its end."""

    def __init__(
        self, request: HttpRequest, actor: Actor, declaration: Declaration, what: FiguresApproval.What
    ) -> None:
        self.request, self.actor, self.declaration, self.what = request, actor, declaration, what
        self.approving = approving.Approving.of_end(actor, declaration)

    @property
    def said(self) -> dict[str, Any]:
        """What was typed when a colleague was asked."""
        said = self.approving.said
        return said | ({"successor": uuid_of(said["successor"])} if "successor" in said else {})

    def answer(self, form: forms.Form, sign: Callable[[], str]) -> HttpResponse:
        """What came of a button, or the page; `sign` ends the declaration and says so."""
        asked = approving.asked_for(self.request)
        if asked and (asked != approving.ASK or form.is_valid()):
            return approving.do(self.request, self.actor, self._buttons(form), asked)
        row = self.approving.row
        if self.approving.waits and row and row.what != self.what:
            return redirect(self._here(row.what))
        if not asked and form.is_valid():
            try:
                words = sign()
            except RecordError as error:
                form.add_error(None, spoken(error.sentence))
            else:
                messages.success(self.request, words)
                return redirect("declaration", reference=self.declaration.reference)
        return render(self.request, "epd/end.html", self._shown(form))

    def _buttons(self, form: forms.Form) -> approving.Buttons:
        def ask() -> None:
            approvals.ask_end(actor=self.actor, declaration=self.declaration, **form.cleaned_data)

        take_back = partial(approvals.take_end_back, actor=self.actor, declaration=self.declaration)
        return approving.Buttons(self._here(self.what), ask, take_back)

    def _here(self, what: str) -> str:
        name = "declaration_withdraw" if what == What.WITHDRAW else "declaration_supersede"
        return reverse(name, args=[self.declaration.reference])

    def _shown(self, form: forms.Form) -> dict[str, Any]:
        reference, withdraws = self.declaration.reference, self.what == What.WITHDRAW
        verb = _("Withdraw") if withdraws else _("Supersede")
        href = reverse("declaration", args=[reference])
        said = self.said
        return {
            "declaration": self.declaration, "form": form, "verb": verb, "withdraws": withdraws,
            "approving": self.approving, "why_not": self.actor.why_not_submit, "section": "declarations",
            "successor": Declaration.objects.filter(pk=said["successor"]).first() if "successor" in said else None,
            "crumbs": [(_("Declarations"), reverse("declarations")), (reference, href), (verb, "")],
        }  # fmt: skip


def _own(actor: Actor, reference: str) -> Declaration:
    """A declaration of the actor's own organisation that is in force."""
    found = declarations.by_reference(reference)
    if found.declarant_id != actor.organisation.pk or found.status != Declaration.Status.PUBLISHED:
        raise Http404("There is no declaration of yours with this reference that is in force.")
    return found


def _require_maker(lot: Lot, actor: Actor) -> None:
    if lot.maker_id != actor.organisation.pk:
        raise Http404("Only the maker of a lot computes its figures and declares it.")
