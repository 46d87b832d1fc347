"""Parents and children of many lots at once, and everything made of one with whom to tell; page by page."""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Annotated, Any, Final
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter
from msgspec import UNSET, Meta, Struct, UnsetType
from rest_framework.request import Request

from traceability.api import pages, requests
from traceability.api.documents import Mass, Party, Urn
from traceability.api.lots import party_of
from traceability.api.pages import MOST, USUAL
from traceability.api.requests import JSON, BadParameter
from traceability.api.schema import described, of_shape
from traceability.api.views import ApiView, json_answer
from traceability.ledger.quantity import format_quantity
from traceability.ledger.shapes import ListOf, Object, Text, Whole, Word, optional
from traceability.models import ApiToken
from traceability.selectors import access, relatives
from traceability.selectors.lineage import UP
from traceability.selectors.names import Names
from traceability.selectors.recall import Party as ToTell
from traceability.selectors.recall import Touched, Where, recall
from traceability.selectors.relatives import DEEPEST, DIRECTIONS, MOST_ASKED, Asked, Line, Relatives
from traceability.services.rows_world import urn_of

TAG: Final = "Lots"
IN_ADDRESS: Final = 50
"""Lots that fit into an address."""
ALL: Final = "all"
_DEPTH: Final = Text(3, "all|[1-9][0-9]?|100", "1, 10 or all")
ASKED: Final = Object(
    {
        "lots": ListOf(Text(80), most=MOST_ASKED),
        "direction": optional(Word(DIRECTIONS)),
        "depth": optional(_DEPTH),
        "cursor": optional(Text(40)),
        "limit": optional(Whole(1, MOST)),
    }
)


class Relative(Struct):
    """A lot that was asked for, and one related to it; what is withheld is not there."""

    lot: UUID
    id: UUID
    urn: Urn
    relation: Annotated[str, Meta(examples=["parent", "ancestor", "child", "descendant"])]
    depth: Annotated[int, Meta(description="How many steps away.")]
    material: str
    stage: str
    state: Annotated[str, Meta(description="`in_transit`: sent, and not received yet.")]
    steps: Annotated[list[str], Meta(description="The words of the steps between; none of a split or merge.")]
    number: str | UnsetType = UNSET
    country: str | UnsetType = UNSET
    holder: Party | UnsetType = UNSET
    receiver: Party | UnsetType = UNSET
    drawn_kg: Annotated[Mass, Meta(description="What the steps between drew of the parent.")] | UnsetType = UNSET


class RelativesDocument(Struct):
    """One page of the rows; `unknown` are those asked for that do not exist, or are not yours to see."""

    results: list[Relative]
    unknown: list[str]
    next: Annotated[str, Meta(description="The cursor of the next page.")] | UnsetType = UNSET


class RecallParty(Struct):
    """Somebody to tell; `mass_kg` is absent where one of the masses is withheld."""

    organisation: Party
    lots: list[UUID]
    country: str | UnsetType = UNSET
    mass_kg: Mass | UnsetType = UNSET


class RecallLot(Struct):
    """A lot that the matter is in, or went through; what is withheld is not there."""

    id: UUID
    urn: Urn
    depth: int
    material: str
    stage: str
    where: Annotated[str, Meta(examples=list(Where))]
    tell: list[Urn]
    number: str | UnsetType = UNSET
    mass_kg: Annotated[Mass, Meta(description="What is left of it, else what was handed over.")] | UnsetType = UNSET


class RecallDocument(Struct):
    """The lot and everything made of it, page by page, and whom to tell of all of it, as far as you may see it."""

    lot: UUID
    as_of: str
    parties: list[RecallParty]
    lots: list[RecallLot]
    next: Annotated[str, Meta(description="The cursor of the next page of lots.")] | UnsetType = UNSET


class LotRecall(ApiView):
    """Everything made of a lot, and whom to tell."""

    @described(
        "follow_recall",
        "List everything made of a lot, where it is, and whom to tell",
        tag=TAG,
        answers={200: RecallDocument},
        refused=(400, 401, 403, 404),
        parameters=[
            OpenApiParameter("cursor", {"type": "string", "maxLength": 40}, description="`next` of the page before."),
            OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}),
        ],
    )
    def get(self, request: Request, lot: UUID) -> HttpResponse:
        given = requests.query(request, ("cursor", "limit"))
        limit = requests.whole_number(given, "limit", least=1, most=MOST, default=USUAL)
        start = pages.place_of(given.get("cursor", ""))
        found = recall(self.actor, access.lot(self.actor, lot, self.today), self.today)
        following = pages.cursor_at(start + limit) if len(found.lots) > start + limit else UNSET
        parties = [_party(one, found.names) for one in found.parties]
        lots = [_touched(one) for one in found.lots[start : start + limit]]
        return json_answer(RecallDocument(lot, self.today.isoformat(), parties, lots, following))


def _party(one: ToTell, names: Names) -> RecallParty:
    return RecallParty(
        party_of(one.organisation, names),
        [row.lot.pk for row in one.lots],
        one.country or UNSET,
        UNSET if one.mass_kg is None else format_quantity(one.mass_kg),
    )


def _touched(one: Touched) -> RecallLot:
    return RecallLot(
        id=one.lot.pk,
        urn=one.lot.urn,
        depth=one.depth,
        material=one.lot.material,
        stage=one.lot.stage,
        where=one.where,
        tell=[urn_of(party) for party in one.told],
        number=one.facts.number or UNSET,
        mass_kg=UNSET if one.mass_kg is None else format_quantity(one.mass_kg),
    )


class LotRelatives(ApiView):
    """Parents and children of many lots."""

    scopes: Mapping[str, ApiToken.Scope] = {"POST": ApiToken.Scope.READ}

    @described(
        "find_relatives",
        "List the parents or children of a few lots",
        tag=TAG,
        answers={200: RelativesDocument},
        refused=(400, 401, 403),
        parameters=[
            OpenApiParameter(
                "lots",
                {"type": "string", "minLength": 1, "maxLength": 4000},
                required=True,
                description="Ids, urns or numbers, between commas; at most 50. More are posted.",
            ),
            OpenApiParameter("direction", {"type": "string", "enum": list(DIRECTIONS), "default": UP}),
            OpenApiParameter("depth", {"type": "string", "pattern": "^(all|[1-9][0-9]?|100)$", "default": "1"}),
            OpenApiParameter("cursor", {"type": "string", "maxLength": 40}, description="`next` of the page before."),
            OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}),
        ],
    )
    def get(self, request: Request) -> HttpResponse:
        given = requests.query(request, ("lots", "direction", "depth", "cursor", "limit"))
        named = [one.strip()[:80] for one in given.get("lots", "").split(",") if one.strip()]
        if not 0 < len(named) <= IN_ADDRESS:
            raise BadParameter(f"Name 1 to {IN_ADDRESS} lots between commas. Post more.", parameter="lots")
        return self._answer(named, given)

    @described(
        "find_relatives_of_many",
        "List the parents or children of many lots",
        tag=TAG,
        answers={200: RelativesDocument},
        refused=(400, 401, 403, 413, 415),
        request={JSON: of_shape(ASKED)},
    )
    def post(self, request: Request) -> HttpResponse:
        requests.query(request, ())
        body = requests.read_object(request, ASKED)
        given = {name: str(body[name]) for name in ("direction", "depth", "cursor", "limit") if name in body}
        return self._answer([str(one) for one in body["lots"]], given)

    def _answer(self, named: Sequence[str], given: Mapping[str, str]) -> HttpResponse:
        direction = requests.one_of(given, "direction", DIRECTIONS)
        depth = _depth(given)
        limit = requests.whole_number(given, "limit", least=1, most=MOST, default=USUAL)
        start = pages.place_of(given.get("cursor", ""))
        found = relatives.found(self.actor, list(dict.fromkeys(named)), self.today)
        answer = Relatives(self.actor, Asked(found.lots, direction, depth), self.today)
        pairs = list(islice(answer.pairs(), start, start + limit + 1))
        rows = [_row(one, answer) for one in answer.lines(pairs[:limit])]
        following = pages.cursor_at(start + limit) if len(pairs) > limit else UNSET
        return json_answer(RelativesDocument(rows, list(found.unknown), following))


def _depth(given: Mapping[str, str]) -> int | None:
    if given.get("depth") == ALL:
        return None
    return requests.whole_number(given, "depth", least=1, most=DEEPEST, default=1)


_RELATIONS: Final = {
    ("up", True): "parent", ("up", False): "ancestor", ("down", True): "child", ("down", False): "descendant",
}  # fmt: skip


def _row(line: Line, answer: Relatives) -> Relative:
    pair, row, facts = line.pair, line.other, line.facts
    told: dict[str, Any] = {
        "number": facts.number,
        "country": row.country,
        "drawn_kg": None if line.drawn_kg is None else format_quantity(line.drawn_kg),
        "holder": party_of(row.holder_id, answer.names) if facts.with_reader else None,
        "receiver": party_of(row.receiver_id, answer.names) if facts.with_reader and row.receiver_id else None,
    }
    return Relative(
        lot=pair.lot,
        id=row.pk,
        urn=row.urn,
        relation=_RELATIONS[pair.direction, pair.depth == 1],
        depth=pair.depth,
        material=row.material,
        stage=row.stage,
        state=facts.state,
        steps=list(line.steps),
        **{name: value for name, value in told.items() if value},
    )
