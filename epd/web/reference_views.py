"""The guided path to a reference declaration: rules, production, meters, stock, prices, review, signature."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from epd.documents.checking import Answer
from epd.documents.finding import Severity
from epd.lca.indicators import Basis
from epd.lca.period import unexplained
from epd.lca.reference import Period
from epd.lca.site_year import Made, SiteYear
from epd.models import Declaration, LotResultRow, ReferenceDraft
from epd.selectors import factor_choices
from epd.services import programmes, references, results
from epd.services import reference_drafts as drafts
from epd.services.reference_drafts import Incomplete
from epd.verifier.review import answers_of, documents_of
from epd.web import figure_tables, programme_lines, reference_page
from epd.web.declaration_page import Published
from epd.web.epd_check_views import SEVERITIES
from epd.web.reference_forms import (
    ExplainForm,
    MeterForm,
    MoreForm,
    PriceForm,
    ProductionForm,
    RulesForm,
    StockForm,
)
from epd.web.reference_tables import DRAFTS, FOUND, LOTS, OWN, Finding, LotLine
from traceability.ledger.errors import RecordError
from traceability.ledger.quantity import format_quantity
from traceability.models import Lot
from traceability.selectors.access import Actor
from traceability.services import clock
from traceability.services.errors import NotAllowed
from traceability.services.rows_world import uuid_of
from traceability.web import tables, words
from traceability.web.acting import for_member, number_style, today
from traceability.web.spoken import spoken

EXTRA: Final = 2
"""Empty rows for meters of the site alone."""
MOST_SIGNED: Final = 25
"""So many missing results are computed and signed with one button."""
STEPS: Final = (
    ("rules", gettext_lazy("Rules and product")),
    ("production", gettext_lazy("Site, period and lots")),
    ("meters", gettext_lazy("Meters and gaps")),
    ("stock", gettext_lazy("Made and shipped")),
    ("prices", gettext_lazy("Prices and allocation")),
    ("review", gettext_lazy("Review")),
    ("sign", gettext_lazy("Preview and sign")),
)
NAMES: Final = tuple(name for name, _words in STEPS)


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def show_all(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """The references in preparation; a new one is begun here."""
    if request.method == "POST":
        return redirect("reference_draft", drafts.begin(actor).pk, NAMES[0])
    context = {
        "drafts": DRAFTS.found(request, drafts.of(actor), list),
        "own": OWN.found(request, Declaration.objects.filter(declarant=actor.organisation, lot=None), list),
        "may": actor.may_submit, "why_not": actor.why_not_submit, "section": "declarations",
        "crumbs": [(_("Declarations"), reverse("declarations")), (_("Reference declarations"), "")],
    }  # fmt: skip
    return tables.answer(request, "epd/references/list.html", context)


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: HttpRequest, actor: Actor, prepared_id: UUID) -> HttpResponse:
    """Throws a draft away, after a question."""
    draft = drafts.one(actor, prepared_id)
    if request.method == "POST":
        drafts.discard(actor, draft.pk)
        messages.success(request, _("Thrown away. Nothing of it was signed."))
        return redirect("reference_drafts")
    return render(request, "epd/references/discard.html", {"draft": draft, "section": "declarations"})


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, actor: Actor, prepared_id: UUID, step: str) -> HttpResponseBase:
    """One page of the path."""
    if step not in NAMES:
        raise Http404("There is no such page.")
    if not actor.may_submit:
        raise NotAllowed(actor.why_not_submit)
    path = _Path(request, actor, drafts.one(actor, prepared_id), step)
    return PAGES[step](path)


class _Path:
    """One page of one draft: what was typed, what the record tells of the production."""

    def __init__(self, request: HttpRequest, actor: Actor, draft: ReferenceDraft, step: str) -> None:
        self.request, self.actor, self.draft, self.step = request, actor, draft, step
        self.style = number_style(request)
        self.posted = request.POST if request.method == "POST" else None

    @property
    def typed(self) -> Mapping[str, Any]:
        return dict(self.draft.typed)

    def keep(self, changes: Mapping[str, Any]) -> None:
        """Keeps what was typed, valid or not."""
        self.draft = drafts.save(self.actor, self.draft, changes)

    def onward(self, step: str = "") -> HttpResponse:
        """To the next page, or to this one."""
        return redirect("reference_draft", self.draft.pk, step or NAMES[NAMES.index(self.step) + 1])

    def answer(self, shown: Mapping[str, Any]) -> HttpResponseBase:
        title = dict(STEPS)[self.step]
        context = {
            "draft": self.draft, "step": self.step, "title": title, "number": NAMES.index(self.step) + 1,
            "steps": [(words_, _state(self.step, name), reverse("reference_draft", args=[self.draft.pk, name]))
                      for name, words_ in STEPS],
            "section": "declarations",
            "crumbs": [(_("Declarations"), reverse("declarations")),
                       (_("Reference declarations"), reverse("reference_drafts")), (str(title), "")],
            **shown,
        }  # fmt: skip
        if self.posted is not None:
            return render(self.request, f"epd/references/{self.step}.html", context)
        return tables.answer(self.request, f"epd/references/{self.step}.html", context)

    # What the record tells

    @cached_property
    def period(self) -> Period:
        return drafts.period_of(self.typed)

    @cached_property
    def production(self) -> tuple[str, str, str]:
        return drafts.production_of(self.typed)

    @cached_property
    def year(self) -> SiteYear:
        return self.year_of(self.production[0])

    def year_of(self, facility: str) -> SiteYear:
        """What a site made in the period."""
        organisation = self.actor.organisation.pk
        steps = references.steps_of(organisation, facility, self.period)
        return references.site(organisation, facility, self.period, steps)

    @cached_property
    def made(self) -> Sequence[Made]:
        """The lots of the product."""
        _facility, stage, material = self.production
        return self.year.products.get((material, stage), ())

    @cached_property
    def lots(self) -> list[LotLine]:
        keys = {uuid_of(one.urn): one for one in self.made}
        rows = {row.pk: row for row in Lot.objects.filter(pk__among=set(keys))}
        known = set(LotResultRow.objects.filter(lot__pk__among=set(keys)).values_list("lot_id", flat=True))
        return [LotLine(one, pk, str(rows[pk]), pk in known) for pk, one in keys.items()]


def _state(here: str, name: str) -> str:
    if name == here:
        return "here"
    return "done" if NAMES.index(name) < NAMES.index(here) else "todo"


class Preview(Published):
    """The page of a reference that nobody signed yet."""

    @property
    def programmes(self) -> list[programme_lines.Listed]:
        """What it would state of what each programme asks for."""
        documents = dict(zip(Basis, documents_of(self.body, self.today), strict=True))
        basis = self.figures.basis
        return programme_lines.of(programmes.beside(documents[basis], self.figures.cells.values(), basis))


# The pages


def _rules(path: _Path) -> HttpResponseBase:
    form = RulesForm(path.posted, path.typed, path.style)
    if path.posted is not None:
        path.keep(form.kept)
        if form.is_valid():
            return path.onward()
    return path.answer({"form": form})


def _production(path: _Path) -> HttpResponseBase:
    if path.posted is not None and "results" in path.posted:
        return _sign_results(path)
    if path.posted is not None:
        path.keep({name: path.posted.get(name, "") for name in ("from", "production")})
    offered, problem = _offered(path)
    form = ProductionForm(path.posted, path.typed, path.style, offered=offered)
    if path.posted is not None and form.is_valid() and "look" not in path.posted:
        return path.onward("production" if any(not one.has_result for one in path.lots) else "")
    shown: dict[str, Any] = {"form": form, "problem": problem}
    if path.typed.get("production") in dict(offered):
        missing = [one for one in path.lots if not one.has_result]
        table = LOTS.still(path.lots) if path.posted is not None else LOTS.of(path.request, path.lots)
        shown |= {"lots": table, "missing": len(missing), "at_once": min(len(missing), MOST_SIGNED),
                  "last": path.period.last}  # fmt: skip
    return path.answer(shown)


def _offered(path: _Path) -> tuple[list[tuple[str, str]], str]:
    """The products of the sites in the period, and why there are none."""
    found: list[tuple[str, str]] = []
    try:
        for site in references.facilities(path.actor):
            urn = f"urn:uuid:{site.pk}"
            for (material, stage), made in path.year_of(urn).products.items():
                said = {"material": material, "stage": words.stage(stage), "site": site.name, "lots": len(made)}
                found.append(
                    (f"{urn}|{stage}|{material}", _("%(material)s (%(stage)s), %(site)s, lots: %(lots)s") % said)
                )
    except RecordError as error:
        return [], spoken(error.sentence)
    return found, ""


def _sign_results(path: _Path) -> HttpResponse:
    """Computes and signs results that are missing, in the order in which the lots were made."""
    missing = [one.pk for one in path.lots if not one.has_result]
    lots = list(Lot.objects.filter(pk__among=set(missing)).order_by("made_by_id")[:MOST_SIGNED])
    try:
        results.publish_results(actor=path.actor, lots=lots)
    except RecordError as error:
        messages.error(path.request, _("Nothing was signed. %(why)s") % {"why": spoken(error.sentence)})
    else:
        messages.success(path.request, _("Computed and signed: %(n)s results.") % {"n": len(lots)})
    return path.onward("production")


@dataclass(frozen=True, slots=True)
class MeterRow:
    """A flow that lots state, with its form."""

    flow: str
    unit: str
    role: str
    stated: Decimal
    form: MeterForm


def _meters(path: _Path) -> HttpResponseBase:
    typed, more_typed = path.typed.get("meters", {}), path.typed.get("more", [])
    rows = [
        MeterRow(flow.exchange.flow, flow.exchange.unit, str(words.role(flow.exchange.role)), flow.stated,
                 MeterForm(path.posted, typed.get("|".join(flow.key), {}), path.style, prefix=f"m{number}",
                           unit=flow.exchange.unit))
        for number, flow in enumerate(path.year.flows)
    ]  # fmt: skip
    choices = factor_choices.newest(path.actor.organisation.pk)
    factors = [(one.id, f"{one.name} ({one.unit}, {one.geography})") for one in choices]
    more = [MoreForm(path.posted, more_typed[number] if number < len(more_typed) else {}, path.style,
                     prefix=f"x{number}", factors=factors) for number in range(len(more_typed) + EXTRA)]  # fmt: skip
    if path.posted is not None:
        kept = [one.kept for one in more]
        path.keep({
            "meters": {f"{row.flow}|{row.unit}": said for row in rows if any((said := row.form.kept).values())},
            "more": [one for one in kept if any(value for name, value in one.items() if name != "unit")],
        })  # fmt: skip
        if all(one.is_valid() for one in (*(row.form for row in rows), *more)):
            return path.onward("meters" if "add" in path.posted else "")
    return path.answer({"rows": rows, "more": more})


def _stock(path: _Path) -> HttpResponseBase:
    proposed = drafts.stock_proposed([one.urn for one in path.made], path.actor.organisation.pk)
    first = {name: format_quantity(kg) for name, kg in proposed.items()}
    typed = {name: path.typed[name] for name in StockForm.base_fields if name in path.typed}
    form = StockForm(path.posted, first | typed, path.style)
    if path.posted is not None:
        path.keep(form.kept)
        if form.is_valid():
            return path.onward()
    made = sum((one.made_kg for one in path.made), Decimal(0))
    disposed = sum((one.disposed_kg for one in path.made), Decimal(0))
    return path.answer({"form": form, "made": made, "disposed": disposed})


@dataclass(frozen=True, slots=True)
class PriceRow:
    """A product of the site, with the form of its price."""

    material: str
    stage: str
    kg: Decimal
    form: PriceForm


def _prices(path: _Path) -> HttpResponseBase:
    typed, rows = path.typed.get("prices", {}), []
    own = (path.production[2], path.production[1])
    for number, ((material, stage), kg) in enumerate(path.year.sharing(own).items()):
        made = path.year.products[material, stage]
        key = f"{stage}|{material}"
        form = PriceForm(path.posted, typed.get(key) or _price_proposed(made, path.period.last), path.style,
                         prefix=f"p{number}")  # fmt: skip
        rows.append((key, PriceRow(material, str(words.stage(stage)), kg, form)))
    if path.posted is not None:
        if len(rows) > 1:
            path.keep({"prices": {key: row.form.kept for key, row in rows}})
        if len(rows) == 1 or all(row.form.is_valid() for _key, row in rows):
            try:
                drafts.compute(path.actor, path.draft, len(path.made))
            except Incomplete as error:
                messages.error(path.request, spoken(error.sentence))
                return path.onward(error.step)
            return path.onward()
    return path.answer({"rows": [row for _key, row in rows]})


def _price_proposed(made: Sequence[Made], last: date) -> dict[str, str]:
    """The mean of the prices that the steps state, weighted by kg; nothing where not all state one in one currency."""
    stated = [(one.made_kg, one.price) for one in made if one.price is not None]
    if len(stated) < len(made) or len({price["currency"] for _kg, price in stated}) != 1:
        return {"date": last.isoformat()}
    kg = sum((mass for mass, _price in stated), Decimal(0))
    mean = sum((mass * Decimal(str(price["value_per_kg"])) for mass, price in stated), Decimal(0)) / kg
    return {
        "value": format(round(mean, 4).normalize(), "f"), "currency": str(stated[0][1]["currency"]),
        "date": last.isoformat(), "source": _("Mean of the prices that the steps of the period state"),
    }  # fmt: skip


def _review(path: _Path) -> HttpResponseBase:
    draft = path.draft
    form = ExplainForm(path.posted, path.typed, path.style)
    if path.posted is not None and "compute" in path.posted:
        try:
            drafts.compute(path.actor, draft, len(path.made))
        except Incomplete as error:
            messages.error(path.request, spoken(error.sentence))
            return path.onward(error.step)
        return path.onward("review")
    if path.posted is not None:
        path.keep(form.kept)
        body = drafts.body_of(path.draft)
        if form.is_valid() and body is not None and not unexplained(body):
            return path.onward()
        if body is not None and unexplained(body):
            form.add_error("explanation", _("A gap is above 1 %. Say where it is from."))
    body = drafts.body_of(path.draft)
    shown: dict[str, Any] = {"form": form, "progress": drafts.progress_of(draft)}
    if body is not None:
        answers = _answers(body)
        found = list(dict.fromkeys(_finding(answer, one) for answer in answers for one in answer.findings))
        table = FOUND.still(found) if path.posted is not None else FOUND.of(path.request, found)
        shown |= {
            "page": Published(body, None, path.actor, today()), "found": table,
            "passed": sum(1 for one in answers if one.count and not one.findings),
            "errors": sum(1 for answer in answers for one in answer.findings if one.severity is Severity.ERROR),
            **reference_page.tables_of(path.request, body),
        }  # fmt: skip
    return path.answer(shown)


def _answers(body: Mapping[str, Any]) -> list[Answer]:
    """What the rules for documents say of both allocations."""
    return list(answers_of(body, clock.now().date()))


def _finding(answer: Answer, one: Any) -> Finding:
    return Finding(f"{answer.rule.id} {one.indicator}".strip(), SEVERITIES[one.severity], spoken(one.sentence))


def _sign(path: _Path) -> HttpResponseBase:
    body = drafts.body_of(path.draft)
    if body is None:
        messages.warning(path.request, _("Let it be computed first."))
        return path.onward("review")
    why_not = drafts.why_not_sign(path.actor, path.draft)
    form = forms.Form(path.posted)
    if path.posted is not None:
        try:
            made, _receipt = drafts.sign(path.actor, path.draft, path.posted.get("revision", ""))
        except NotAllowed:
            raise
        except RecordError as error:
            form.add_error(None, _("Nothing was signed. %(why)s") % {"why": spoken(error.sentence)})
        else:
            said = _("Published. Its reference is %(reference)s.") % {"reference": made.reference}
            messages.success(path.request, said)
            return redirect("declaration", reference=made.reference)
    page = Preview(body, None, path.actor, today())
    return path.answer({
        "page": page, "form": form, "why_not": spoken(why_not), **figure_tables.of(path.request, page.figures),
        **reference_page.tables_of(path.request, body),
    })  # fmt: skip


def _where_it_is_typed(page: Callable[[_Path], HttpResponseBase]) -> Callable[[_Path], HttpResponseBase]:
    """The page, or the earlier one on which something is missing that it needs."""

    def shown(path: _Path) -> HttpResponseBase:
        try:
            path.period, path.production, path.made  # noqa: B018 - each refuses where it is not typed
            return page(path)
        except Incomplete as error:
            messages.warning(path.request, spoken(error.sentence))
            return path.onward(error.step)

    return shown


PAGES: Final[Mapping[str, Callable[[_Path], HttpResponseBase]]] = {
    "rules": _rules,
    "production": _production,
    "meters": _where_it_is_typed(_meters),
    "stock": _where_it_is_typed(_stock),
    "prices": _where_it_is_typed(_prices),
    "review": _where_it_is_typed(_review),
    "sign": _where_it_is_typed(_sign),
}
