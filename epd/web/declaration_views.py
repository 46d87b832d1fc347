"""Pages of declarations that anybody may read: one declaration with its files, and the register."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from decimal import Decimal
from functools import wraps
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from epd.documents.background import PREFIX
from epd.lca.indicators import Basis
from epd.models import Declaration, FactorRow
from epd.selectors import declarations
from epd.selectors.declarations import Wanted
from epd.services import exchange, public_answer
from epd.services.exchange import DeclarationWithdrawn, NoFont
from epd.services.history import HistoryTooLong
from epd.services.public_answer import Standing
from epd.web import figure_tables, reference_page
from epd.web.bundle_views import OUTCOMES
from epd.web.compare import FEWEST, MOST, Comparison
from epd.web.declaration_page import DeclarationPage
from epd.web.figures import MODULES
from epd.web.verifying_words import stage_of
from traceability.ledger.errors import RecordError
from traceability.ledger.quantity import format_computed, parse_computed
from traceability.selectors import choice_words
from traceability.selectors.access import Actor, NotFound
from traceability.verifier.report import NOT_DETECTABLE
from traceability.web import countries, tables, twins
from traceability.web.acting import actor_of, today
from traceability.web.spoken import spoken
from traceability.web.tables import Column, Table, boxes, figures
from traceability.web.words import Words

REGISTER: Final = Table(
    "declarations",
    _("Declarations"),
    (
        boxes(_("Compare")),
        Column("reference", _("Reference"), lambda line: line[0].reference, ("reference",)),
        Column("product", _("Product"), lambda line: line[0].product, ("product",)),
        Column("illustrative", _("Illustrative"), lambda line: line[0].illustrative, seen=False),
        Column("declarant", _("Declarant"), lambda line: line[0].declarant.name, ("declarant__name",)),
        Column("country", _("Country"), lambda line: line[1], ("country",)),
        figures(
            "gwp", "GWP-GHG", lambda line: line[0].gwp_ghg, unit=_("kg CO₂e per kg"), order=("gwp_ghg",), gaps=True
        ),
        Column("status", _("Status"), lambda line: line[0].get_status_display(), ("status",)),
        Column("stage", _("Verification"), lambda line: line[2], ("stage",)),
        Column("number", _("Number"), lambda line: line[0].number, ("number",), seen=False),
        Column("published", _("Published"), lambda line: line[0].published_at, ("published_at",)),
    ),
    usual="-published",
    what=_("declarations"),
)
ASKED: Final = (
    "q", "status", "country", "stage", "material", "lot_stage", "gwp_from", "gwp_to", "valid",
)  # fmt: skip
View = Callable[[HttpRequest, Declaration], HttpResponseBase]
STANDINGS: Final = (
    (Standing.PROVEN, _("Proven"), _("Recomputed by this server from signed bytes.")),
    (Standing.CLAIMED, _("Claimed"), _("Nothing speaks against it, and it rests on the word of those who signed.")),
    (Standing.OPEN, _("Open"), _("Not established here, or something is wrong.")),
)


def reader_of(request: HttpRequest) -> Actor | None:
    """Who reads: somebody signed in for an organisation, or anybody."""
    return actor_of(request) if request.user.is_authenticated else None


def _of_reference(view: View) -> Callable[..., HttpResponseBase]:
    """The view with the declaration that the address names; another way of writing it leads to the one address."""

    @require_safe
    @wraps(view)
    def answer(request: HttpRequest, reference: str) -> HttpResponseBase:
        try:
            found = declarations.by_reference(reference)
        except NotFound as error:
            raise Http404(error.sentence) from None
        if found.reference != reference:
            name = request.resolver_match.url_name if request.resolver_match else "declaration"
            return redirect(reverse(name or "declaration", args=[found.reference]))
        return view(request, found)

    return answer


@_of_reference
def show(request: HttpRequest, declaration: Declaration) -> HttpResponseBase:
    """The public page of a declaration."""
    page = DeclarationPage(declaration, reader_of(request), today())
    band = page.uncertain.picture if page.uncertain else None
    drawn = twins.of(request, (page.figures.by_module, page.by_stage, page.map, band))
    shown = {"page": page, "twins": drawn, **figure_tables.of(request, page.figures, page.allocations),
             **reference_page.tables_of(request, page.body),
             **(page.uncertain.tables(request) if page.uncertain else {})}  # fmt: skip
    return tables.answer(request, "epd/declaration.html", shown, more=drawn.values())


@_of_reference
def confidence(request: HttpRequest, declaration: Declaration) -> HttpResponse:
    """What is proven of a declaration, what is claimed, and what is open."""
    shown: dict[str, object] = {"declaration": declaration, "now": timezone.now(), "not_detectable": NOT_DETECTABLE}
    try:
        answer = public_answer.of_declaration(declaration)
    except HistoryTooLong as error:
        return render(request, "epd/confidence.html", shown | {"too_long": spoken(error.sentence)})
    groups = [(title, lead, answer.of(standing)) for standing, title, lead in STANDINGS]
    rows = [(title, lead, [(one, OUTCOMES[one.word]) for one in found]) for title, lead, found in groups if found]
    return render(request, "epd/confidence.html", shown | {"groups": rows})


@_of_reference
def statement(request: HttpRequest, declaration: Declaration) -> HttpResponse:
    """The signed statement, byte for byte."""
    name = f"{declaration.reference}.dsse.json"
    return _file(bytes(declaration.statement.envelope), "application/vnd.dsse+json", name)


@_of_reference
def results_csv(request: HttpRequest, declaration: Declaration) -> HttpResponse:
    """All figures with all digits: one line per basis and indicator; an empty cell is not declared."""
    page = DeclarationPage(declaration, None, today())
    answer = _file(b"", "text/csv; charset=utf-8", f"{declaration.reference}.csv")
    table = csv.writer(answer)
    table.writerow(["basis", "indicator", "unit", "a1", "a2", "a3", "a1_a3", "declared", "reasons",
                    "counted_in_recorded_steps_only", "mass_covered", "energy_covered"])  # fmt: skip
    for cell in page.figures.cells.values():
        modules = [cell.modules.get(module) for module, _, _ in MODULES]
        covered = cell.completeness
        table.writerow([
            cell.basis.value, cell.indicator, cell.unit,
            *(("" if value is None else format_computed(value)) for value in (*modules, cell.a1_a3)),
            "yes" if cell.is_declared else "no", " ".join(reason.value for reason in cell.reasons),
            "" if cell.partial_sum is None else format_computed(cell.partial_sum),
            "" if covered is None else covered.mass, "" if covered is None else covered.energy,
        ])  # fmt: skip
    return answer


@_of_reference
def factors(request: HttpRequest, declaration: Declaration) -> HttpResponse:
    """The factor set that the figures were computed with, every factor with its source."""
    page = DeclarationPage(declaration, None, today())
    found = page.factor_set
    if found is None:
        raise Http404("The factor set of this declaration is not at hand.")
    rows = FactorRow.objects.filter(factor_set=found)
    if found.owner_id is not None:  # of an own set what everybody has, and what the declaration names
        rows = rows.filter(~Q(factor_id__startswith=f"{PREFIX}.") | Q(factor_id__in=page.factors_named))
    written_rows = [json.loads(bytes(one)) for one in rows.values_list("canonical", flat=True)]
    content = {"name": found.name, "version": found.version, "factors": written_rows}
    written = json.dumps(content, ensure_ascii=False, indent=1).encode()
    return _file(written, "application/json", f"{found.name}.json")


@require_safe
def exchange_file(request: HttpRequest, reference: str, kind: str) -> HttpResponse:
    """The declaration to print or in a format of other people, with the figures of the allocation asked for."""
    basis = request.GET.get("basis", Basis.ECONOMIC)
    try:
        if basis not in tuple(Basis):
            raise NotFound("There is no such format.")
        found = exchange.write(declarations.by_reference(reference), kind, Basis(basis))
    except NotFound as error:
        raise Http404(error.sentence) from None
    except DeclarationWithdrawn as error:
        return _no_file(request, _("This declaration was withdrawn"), error, reference, status=410)
    except NoFont as error:
        return _no_file(request, _("It cannot be printed here"), error, reference, status=409)
    return _file(found.content, found.media_type, found.name)


def _no_file(request: HttpRequest, title: Words, error: RecordError, reference: str, *, status: int) -> HttpResponse:
    shown = {"title": title, "sentence": error.sentence, "reference": reference}
    return render(request, "epd/no_file.html", shown, status=status)


@require_safe
def register(request: HttpRequest) -> HttpResponseBase:
    """The public register of declarations."""
    asked = {name: request.GET.get(name, "").strip() for name in ASKED}
    rows = declarations.register(
        Wanted(
            asked["q"],
            asked["status"],
            asked["country"],
            stage=asked["stage"] if asked["stage"] in Declaration.Stage.values else "",
            material=asked["material"],
            lot_stage=asked["lot_stage"],
            gwp_from=_decimal(asked["gwp_from"]),
            gwp_to=_decimal(asked["gwp_to"]),
            valid_on=today() if asked["valid"] else None,
        )
    )
    shown = {
        "declarations": REGISTER.found(request, rows, _with_countries),
        "asked": asked,
        "statuses": Declaration.Status.choices,
        "countries": [(code, countries.name(code)) for code in declarations.countries()],
        "stages": Declaration.Stage.choices,
        "materials": [(one, one) for one in declarations.materials()],
        "lot_stages": [(one, choice_words.STAGES.get(one, one)) for one in sorted(declarations.lot_stages())],
        "is_asked": any(asked.values()),
    }
    return tables.answer(request, "epd/register.html", shown)


def _decimal(text: str) -> Decimal | None:
    """A number that somebody typed as a bound; None where it is none."""
    try:
        return parse_computed(text.replace(",", ".")) if text else None
    except RecordError:
        return None


def _with_countries(rows: list[Declaration]) -> list[Any]:
    return [(one, countries.name(one.country), stage_of(one, today())) for one in rows]


@require_safe
def compare(request: HttpRequest) -> HttpResponseBase:
    """Two to four declarations side by side."""
    asked = list(dict.fromkeys(request.GET.getlist("with")))
    shown: dict[str, object] = {"problem": ""}
    try:
        found = {one.pk: one for one in map(declarations.by_reference, asked[:MOST])}
        pages = [DeclarationPage(one, reader_of(request), today()) for one in found.values()]
        if len(pages) >= FEWEST and len(asked) <= MOST:
            shown["comparison"] = comparison = Comparison(pages)
            shown["table"] = figure_tables.side_by_side(request, comparison)
    except NotFound as error:
        shown["problem"] = spoken(error.sentence)
    return tables.answer(request, "epd/compare.html", shown)


@require_safe
def algorithm(request: HttpRequest, name: str) -> HttpResponse:
    """The text of an algorithm, byte for byte as its digest was taken."""
    file = Path(settings.BASE_DIR) / "docs" / "algorithms" / f"{name}.md"
    if not file.is_file():
        raise Http404("This release has no such algorithm.")
    return HttpResponse(file.read_bytes(), content_type="text/plain; charset=utf-8")


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=media_type, headers=headers)
