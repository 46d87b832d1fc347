"""Declarations side by side."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, Final

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter
from msgspec import Meta, Struct
from rest_framework.request import Request

from epd.api.converters import DeclarationConverter
from epd.api.declarations import find, summary
from epd.api.documents import DeclarationSummary
from epd.lca.indicators import Basis
from epd.models import Declaration
from epd.rules.comparable import Declared, obstacles
from epd.rules.declared import Cell, cells
from epd.rules.profiles import profile_of
from epd.selectors import declarations, stages
from epd.selectors.share_tables import figures_of
from epd.services.uncertainty import Spread, compared, spread_of
from traceability.api import requests
from traceability.api.documents import FindingNote
from traceability.api.requests import BadParameter
from traceability.api.schema import described
from traceability.api.views import PublicView, json_answer
from traceability.ledger.quantity import format_computed

FEWEST, MOST = 2, 4
_NAME: Final = f"(?:{DeclarationConverter.regex})"
WITH: Final = OpenApiParameter(
    "with",
    {"type": "string", "pattern": f"^{_NAME}(?:,{_NAME}){{{FEWEST - 1},{MOST - 1}}}$"},
    required=True,
    description="Two to four declarations by uuid or reference, parted by commas.",
)


class FigureLine(Struct):
    """One indicator on one basis; `values` in the order of the declarations, null: not declared, and never zero."""

    indicator: str
    basis: Annotated[str, Meta(examples=[one.value for one in Basis])]
    unit: str
    values: list[str | None]


class LowerInRuns(Struct):
    """In which share of the runs with the same draws the headline of `first` is below that of `second`."""

    first: str
    second: str
    basis: Annotated[str, Meta(examples=[one.value for one in Basis])]
    share: str


class ComparisonDocument(Struct):
    """Declarations side by side. Where there are obstacles, a difference may come from them alone."""

    comparable: bool
    obstacles: list[FindingNote]
    declarations: list[DeclarationSummary]
    figures: list[FigureLine]
    lower: Annotated[
        list[LowerInRuns],
        Meta(description="Each pair on each basis that both declare; empty where there are obstacles."),
    ]


class Comparison(PublicView):
    """Two to four declarations side by side."""

    @described(
        "compare_declarations",
        "Compare two to four declarations, and see what stands against comparing them",
        tag="Declarations",
        answers={200: ComparisonDocument},
        refused=(400, 401, 404),
        parameters=[WITH],
    )
    def get(self, request: Request) -> HttpResponse:
        named = requests.query(request, ("with",)).get("with", "").split(",")
        if not FEWEST <= len(set(named)) == len(named) <= MOST:
            raise BadParameter("Name two to four declarations, each once, parted by commas.", parameter="with")
        rows = [find(one) for one in map(_well_named, named)]
        bodies = [declarations.told(row, self.actor_or_anybody, self.today).body for row in rows]
        found = obstacles(
            [Declared(body, declarations.stage_of(row, body)) for body, row in zip(bodies, rows, strict=True)]
        )
        return json_answer(
            ComparisonDocument(
                comparable=not found,
                obstacles=[FindingNote(code, sentence) for code, sentence in found],
                declarations=[summary(row) for row in rows],
                figures=_figures([_cells(body) for body in bodies]),
                lower=[] if found else _lower([self._spread(*pair) for pair in zip(rows, bodies, strict=True)], rows),
            )
        )

    def _spread(self, row: Declaration, body: Mapping[str, Any]) -> Spread:
        return spread_of(row, body, stages.chain_seen(self.actor_or_anybody, row.lot, self.today))


def _lower(spreads: Sequence[Spread], rows: Sequence[Declaration]) -> list[LowerInRuns]:
    return [
        LowerInRuns(rows[one.first].urn, rows[one.second].urn, one.basis.value, format_computed(one.share))
        for one in compared(spreads)
    ]


def _well_named(name: str) -> str:
    if not DeclarationConverter.matches(name):
        raise BadParameter("Name declarations by uuid, or by reference as 7Q4K-2M9X.", parameter="with")
    return name


def _cells(body: Mapping[str, Any]) -> dict[tuple[Basis, str], Cell]:
    found = cells(figures_of({"lot": "-", **body}), profile_of(str(body["profile"])))
    return {(one.basis, one.indicator): one for one in found}


def _figures(sides: Sequence[Mapping[tuple[Basis, str], Cell]]) -> list[FigureLine]:
    """A line for each indicator and basis of which any of them speaks."""
    names = dict.fromkeys(name for side in sides for name in side)
    lines = []
    for basis, indicator in names:
        row = [side.get((basis, indicator)) for side in sides]
        unit = next(one.unit for one in row if one)
        lines.append(FigureLine(indicator, basis.value, unit, [_value(one.a1_a3 if one else None) for one in row]))
    return lines


def _value(value: Decimal | None) -> str | None:
    return None if value is None else format_computed(value)
