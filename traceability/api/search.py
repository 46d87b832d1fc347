"""What is found by words, of everything that you may see."""

from datetime import datetime
from typing import Annotated, Final

from django.core.paginator import Paginator
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter
from msgspec import UNSET, Meta, Struct, UnsetType
from rest_framework.request import Request

from traceability.api import requests
from traceability.api.requests import BadParameter
from traceability.api.schema import described
from traceability.api.views import ApiView, json_answer
from traceability.selectors import search as finding
from traceability.selectors.search import MOST_CHARACTERS, Kind, Question
from traceability.services import search_hits
from traceability.services.search_hits import Hit

MOST_RESULTS: Final = 100
USUAL_RESULTS: Final = 10
MOST_PAGES: Final = 1000
KINDS: Final = tuple(Kind)


class HitDocument(Struct):
    """Something that was found."""

    kind: Annotated[str, Meta(examples=list(KINDS))]
    id: Annotated[str, Meta(description="Its urn; of a statement or document its digest.")]
    title: Annotated[str, Meta(description="What it is called; of a statement its kind.")]
    about: Annotated[str, Meta(description="What tells it from others: material, issuer, country.")]
    page: Annotated[str, Meta(description="Address of the page that shows it.")]
    at: datetime | UnsetType = UNSET


class GroupDocument(Struct):
    """What was found of one kind; `count` is all of it, `results` one page."""

    kind: str
    count: int
    results: list[HitDocument]


class SearchDocument(Struct):
    """What was found by the words, by kind; `exact` is the one thing that they name exactly."""

    q: str
    groups: list[GroupDocument]
    exact: HitDocument | UnsetType = UNSET


class Search(ApiView):
    """The search over everything that you may see."""

    @described(
        "search",
        "Search lots, declarations, statements, partners and documents",
        tag="Search",
        answers={200: SearchDocument},
        refused=(400, 401, 403),
        parameters=[
            OpenApiParameter(
                "q",
                {"type": "string", "minLength": 1, "maxLength": MOST_CHARACTERS, "pattern": "^[ -~]*[!-~][ -~]*$"},
                required=True,
                description="Words, of which each must stand in what is found; the beginning of one is enough. Or an "
                "identifier, a digest, a custody hash, a reference, a lot number, or the address of a QR code.",
            ),
            OpenApiParameter("kind", {"type": "string", "enum": list(KINDS)}, description="This kind alone."),
            OpenApiParameter("page", {"type": "integer", "minimum": 1, "maximum": MOST_PAGES, "default": 1}),
            OpenApiParameter(
                "limit", {"type": "integer", "minimum": 1, "maximum": MOST_RESULTS, "default": USUAL_RESULTS}
            ),
        ],
    )
    def get(self, request: Request) -> HttpResponse:
        given = requests.query(request, ("q", "kind", "page", "limit"))
        asked = finding.question(given.get("q", ""))
        if not asked.text or asked.too_long:
            raise BadParameter(f"Say what you look for, in at most {MOST_CHARACTERS} characters.", parameter="q")
        kinds = [Kind(requests.one_of(given, "kind", KINDS))] if "kind" in given else KINDS
        number = requests.whole_number(given, "page", least=1, most=MOST_PAGES, default=1)
        limit = requests.whole_number(given, "limit", least=1, most=MOST_RESULTS, default=USUAL_RESULTS)
        exact = search_hits.exact(self.actor, asked.text, self.today)
        groups = [self._group(asked, kind, number=number, limit=limit) for kind in kinds]
        return json_answer(SearchDocument(asked.text, groups, UNSET if exact is None else _document(exact)))

    def _group(self, asked: Question, kind: Kind, *, number: int, limit: int) -> GroupDocument:
        pages = Paginator(finding.found(self.actor, asked, kind, self.today), limit)
        rows = list(pages.page(number).object_list) if number <= pages.num_pages else []
        found = search_hits.hits(self.actor, kind, rows, self.today)
        return GroupDocument(kind, pages.count, [_document(one) for one in found])


def _document(hit: Hit) -> HitDocument:
    return HitDocument(hit.kind, hit.id, hit.title, hit.about, hit.href, hit.at or UNSET)
