"""Two lots side by side."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Final
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter
from msgspec import UNSET, Meta, Struct, UnsetType
from rest_framework.request import Request

from traceability.api import documents, requests
from traceability.api.lots import TAG, UNSEEN, lot_documents
from traceability.api.requests import BadParameter
from traceability.api.schema import described
from traceability.api.views import ApiView, json_answer
from traceability.ledger.quantity import format_computed, round_places
from traceability.selectors import access, lot_comparison
from traceability.selectors.lot_comparison import POST, PRE, Side, difference, side_by_side

PLACES: Final = 12
_LOT: Final = {"type": "string", "format": "uuid"}
Values = Annotated[
    list[str | None],
    Meta(description="In the order of the lots; null: withheld, not recorded or not declared, and never zero."),
]
Difference = Annotated[str, Meta(description="The second without the first, where both are known.")]


class ComparedContent(Struct):
    """How much of an element the lots hold, in % of dry mass by the assay in force."""

    element: str
    pct: Values
    difference: Difference | UnsetType = UNSET


class ComparedOrigin(Struct):
    """Which share of an element, 0 to 1, is from sources of one class and country."""

    element: str
    source_class: str
    shares: Values
    country: str | UnsetType = UNSET
    difference: Difference | UnsetType = UNSET


class ComparedRecycled(Struct):
    """Shares of total rare earths, by the signed result of each lot."""

    post_consumer: Values
    pre_consumer: Values


class ComparedRule(Struct):
    """What one version of a rule set answers of each lot as of today, in their order."""

    rule_set: str
    answers: list[str]
    version: str | UnsetType = UNSET


class LotComparison(Struct):
    """Two lots, as far as you may see them."""

    lots: list[documents.LotSummary]
    contents: list[ComparedContent]
    origins: list[ComparedOrigin]
    origins_signed: Annotated[
        list[bool], Meta(description="Whether the shares of each lot are those of its signed result.")
    ]
    recycled: ComparedRecycled
    countries: Annotated[list[list[str]], Meta(description="Those of the history of each lot, those of mines first.")]
    rules: list[ComparedRule]
    followed: Annotated[
        bool,
        Meta(
            description="Whether all that went into both was read. Behind more than 1,000 lots it is not: then "
            "`origins` are those of signed results, and `rules` are asked of each lot alone."
        ),
    ]
    declarations: Annotated[list[list[str]], Meta(description="The references of those of each lot.")]


class CompareLots(ApiView):
    """Two lots side by side."""

    @described(
        "compare_lots",
        "Set two lots side by side: masses, contents, origins, recycled content, countries, rules, declarations",
        tag=TAG,
        answers={200: LotComparison},
        refused=UNSEEN,
        parameters=[OpenApiParameter(name, _LOT, required=True, description="The id of a lot.") for name in "ab"],
    )
    def get(self, request: Request) -> HttpResponse:
        given = requests.query(request, ("a", "b"))
        asked = [_id(given.get(name, ""), name) for name in "ab"]
        if asked[0] == asked[1]:
            raise BadParameter("Name two lots that are not the same.", parameter="b")
        rows = [access.lot(self.actor, one, self.today) for one in asked]
        sides = side_by_side(self.actor, rows, self.today)
        return json_answer(
            LotComparison(
                lots=lot_documents(self.actor, rows, self.today),
                contents=_contents(sides),
                origins=_origins(sides),
                origins_signed=[side.facts.shares_stated for side in sides],
                recycled=ComparedRecycled(*(_values([side.recycled(one) for side in sides]) for one in (POST, PRE))),
                countries=[list(side.ancestry.countries) for side in sides],
                rules=_rules(sides),
                followed=sides[0].is_followed,
                declarations=[[one.reference for one in side.declarations] for side in sides],
            )
        )


def _id(text: str, name: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise BadParameter("Name a lot by its id, as 01a20044-1e90-7584-97e3-169105e74e78.", parameter=name) from None


def _contents(sides: Sequence[Side]) -> list[ComparedContent]:
    found = []
    for element in lot_comparison.elements(sides):
        contents = [side.contents.get(element) for side in sides]
        values = [None if one is None else one.element_pct for one in contents]
        found.append(ComparedContent(element, _values(values), _difference(values)))
    return found


def _origins(sides: Sequence[Side]) -> list[ComparedOrigin]:
    found = []
    for element, source in lot_comparison.sources(sides):
        shares = [side.share(element, source) for side in sides]
        found.append(
            ComparedOrigin(element, source.source_class, _values(shares), source.country or UNSET, _difference(shares))
        )
    return found


def _rules(sides: Sequence[Side]) -> list[ComparedRule]:
    return [
        ComparedRule(
            of[0].rule_set.id,
            [str(one.found.outcome) for one in of],
            of[0].version.version if of[0].version else UNSET,
        )
        for of in lot_comparison.answered(sides)
    ]


def _values(values: Sequence[Decimal | None]) -> list[str | None]:
    return [None if one is None else format_computed(round_places(one, PLACES)) for one in values]


def _difference(values: Sequence[Decimal | None]) -> str | UnsetType:
    found = difference(values)
    return UNSET if found is None else format_computed(round_places(found, PLACES))
