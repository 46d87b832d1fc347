"""Declarations beside the lists of programmes."""

from typing import Annotated

from django.http import HttpResponse
from msgspec import Meta, Struct
from rest_framework.request import Request

from epd.api.declarations import ONE, TAG, UNSEEN, find
from epd.api.exchanging import BASIS
from epd.documents.fulfilment import Fulfilment, State, Word
from epd.lca.indicators import Basis
from epd.services import exchange
from traceability.api import requests
from traceability.api.schema import described
from traceability.api.views import PublicView, json_answer

Outcome = Annotated[str, Meta(examples=[one.value for one in Word])]


class ListedIndicator(Struct):
    """An indicator of a list. `not_declared` is ND, `absent` has no cell, and neither is zero."""

    code: str
    required: bool
    state: Annotated[str, Meta(examples=[one.value for one in State])]
    modules: Annotated[list[str], Meta(description="Modules that are asked for and have no number.")]
    reason: Annotated[str, Meta(description="Why it is not declared; empty where that is not known.")]


class ListedPoint(Struct):
    """Another thing that a programme asks for."""

    id: str
    outcome: Outcome
    sentence: str


class ProgrammeDocument(Struct):
    """What a declaration states of what a programme asks for."""

    id: str
    name: str
    source: str
    completed_from: Annotated[str, Meta(description="Where the operator of this server has further fields from.")]
    unconfirmed: Annotated[list[str], Meta(description="Fields whose text is not at hand; nothing is asked for them.")]
    outcome: Outcome
    declared: int
    required: int
    indicators: list[ListedIndicator]
    points: list[ListedPoint]


class ProgrammesDocument(Struct):
    """A declaration beside every programme that this server knows. It is registered under none of them."""

    declaration: str
    basis: Annotated[str, Meta(examples=[one.value for one in Basis])]
    programmes: list[ProgrammeDocument]


class DeclarationProgrammes(PublicView):
    """What a declaration states of what programmes ask for."""

    @described(
        "read_declaration_programmes",
        "Read what a declaration states of what programmes and category rules ask for",
        tag=TAG,
        answers={200: ProgrammesDocument},
        refused=UNSEEN,
        parameters=[ONE, BASIS],
    )
    def get(self, request: Request, declaration: str) -> HttpResponse:
        asked = requests.query(request, ("basis",))
        basis = Basis(requests.one_of(asked, "basis", tuple(Basis)))
        row = find(declaration)
        found = exchange.export_of(row, basis).programmes()
        return json_answer(ProgrammesDocument(row.urn, basis.value, [_document(one) for one in found]))


def _document(one: Fulfilment) -> ProgrammeDocument:
    programme = one.programme
    return ProgrammeDocument(
        id=programme.id,
        name=programme.name,
        source=programme.source,
        completed_from=programme.completed_from,
        unconfirmed=list(programme.unconfirmed),
        outcome=one.word.value,
        declared=one.declared,
        required=len(one.required),
        indicators=[
            ListedIndicator(line.code, line.is_required, line.state.value, list(line.modules), line.reason)
            for line in one.lines
        ],
        points=[ListedPoint(point.id, point.word.value, point.sentence) for point in one.points],
    )
