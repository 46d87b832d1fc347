"""Declaring many lots at once: asked for, looked at, stopped, tried again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

import django_filters
from django.http import HttpResponse
from msgspec import UNSET, Meta, Struct, UnsetType
from rest_framework.request import Request

from epd.api.declarations import PUBLISH, REFUSED, TAG
from epd.models import DeclarationRun, DeclarationRunLot
from epd.services import runs
from traceability.api import pages, requests
from traceability.api.idempotency import answer_once
from traceability.api.schema import KEY, described, filter_parameters, of_shape
from traceability.api.views import ApiView, json_answer
from traceability.ledger.shapes import Flag, ListOf, Object, Text, Urn, optional
from traceability.services.rows_world import uuid_of

UNSEEN: Final = (400, 401, 403, 404)
CHANGED: Final = (*UNSEEN, 409)
RUN: Final = Object(
    {
        "lots": ListOf(Urn(), most=runs.MOST_LOTS),
        "product": optional(Text(200)),
        "illustrative": PUBLISH.fields["illustrative"],
        "cite": optional(Flag()),
        "justification": PUBLISH.fields["justification"],
    }
)
SAID: Final = ("product", "illustrative", "cite", "justification")


class RunLinks(Struct):
    """Where a run is looked at, and the lots of it."""

    self: str
    lots: str


class RunDocument(Struct):
    """Lots that are declared in the background, one after the other; one that fails does not stop the rest."""

    id: UUID
    state: Annotated[str, Meta(examples=list(DeclarationRun.State.values))]
    asked_at: datetime
    waiting: int
    declared: int
    asked: Annotated[int, Meta(description="Put before a colleague, where your organisation wants a second person.")]
    failed: int
    links: RunLinks
    ended_at: datetime | UnsetType = UNSET


class RunLotDocument(Struct):
    """What came of one lot of a run."""

    lot: str
    state: Annotated[str, Meta(examples=list(DeclarationRunLot.State.values))]
    declaration: str | UnsetType = UNSET
    reference: str | UnsetType = UNSET
    reason: Annotated[str, Meta(description="Why it was not declared, or what it waits for.")] | UnsetType = UNSET


class RunLotFilter(django_filters.FilterSet):
    """What lots of a run are looked for by."""

    state = django_filters.ChoiceFilter(choices=DeclarationRunLot.State.choices)


class DeclarationRuns(ApiView):
    """Declarations of many lots."""

    @described(
        "list_declaration_runs",
        "List the runs in which lots of yours were declared, newest first",
        tag=TAG,
        answers={200: pages.Page[RunDocument]},
        refused=(400, 401, 403),
        parameters=filter_parameters(django_filters.FilterSet),
    )
    def get(self, request: Request) -> HttpResponse:
        requests.query(request, pages.PARAMETERS)
        return pages.page_of(request, runs.of(self.actor), _documents, order=("-asked_at", "pk"))

    @described(
        "declare_lots",
        "Declare many lots that you made, in the background",
        tag=TAG,
        request={requests.JSON: of_shape(RUN)},
        answers={202: RunDocument},
        refused=REFUSED,
        parameters=[KEY],
    )
    def post(self, request: Request) -> HttpResponse:
        actor, wanted = self.actor, requests.read_object(request, RUN)

        def begin() -> HttpResponse:
            said = {name: wanted[name] for name in SAID if name in wanted}
            run = runs.begin(actor=actor, lots=[uuid_of(one) for one in wanted["lots"]], said=said)
            return json_answer(_document(run), status=202)

        return answer_once(request, actor, begin)


class OneDeclarationRun(ApiView):
    """One run."""

    @described(
        "read_declaration_run",
        "See how far the declaring of many lots is",
        tag=TAG,
        answers={200: RunDocument},
        refused=UNSEEN,
    )
    def get(self, request: Request, run: UUID) -> HttpResponse:
        requests.query(request, ())
        return json_answer(_document(runs.one(self.actor, run)))


class DeclarationRunLots(ApiView):
    """The lots of a run."""

    @described(
        "list_declaration_run_lots",
        "List what came of each lot of a run",
        tag=TAG,
        answers={200: pages.Page[RunLotDocument]},
        refused=UNSEEN,
        parameters=filter_parameters(RunLotFilter),
    )
    def get(self, request: Request, run: UUID) -> HttpResponse:
        asked = requests.query(request, pages.PARAMETERS | RunLotFilter.base_filters.keys())
        rows = runs.one(self.actor, run).lots.select_related("lot", "declaration")
        return pages.page_of(request, pages.filtered(RunLotFilter(asked, rows)), _lots, order=("pk",))


class StopDeclarationRun(ApiView):
    """The end of a run before its end."""

    @described(
        "stop_declaration_run",
        "Stop declaring; what is signed stays signed",
        tag=TAG,
        answers={200: RunDocument},
        refused=CHANGED,
    )
    def post(self, request: Request, run: UUID) -> HttpResponse:
        return json_answer(_document(runs.stop(actor=self.actor, run=run)))


class RetryDeclarationRun(ApiView):
    """Once more."""

    @described(
        "retry_declaration_run",
        "Try once more what was not declared",
        tag=TAG,
        answers={200: RunDocument},
        refused=CHANGED,
    )
    def post(self, request: Request, run: UUID) -> HttpResponse:
        return json_answer(_document(runs.retry(actor=self.actor, run=run)))


def _documents(rows: Sequence[DeclarationRun]) -> list[RunDocument]:
    counts = runs.counts(rows)
    return [
        RunDocument(
            id=row.pk,
            state=row.state,
            asked_at=row.asked_at,
            **counts[row.pk],
            links=RunLinks(f"/api/v1/declarations/runs/{row.pk}", f"/api/v1/declarations/runs/{row.pk}/lots"),
            ended_at=row.ended_at or UNSET,
        )
        for row in rows
    ]


def _document(row: DeclarationRun) -> RunDocument:
    return _documents([row])[0]


def _lots(rows: Sequence[DeclarationRunLot]) -> list[RunLotDocument]:
    return [
        RunLotDocument(
            lot=row.lot.urn,
            state=row.state,
            declaration=row.declaration.urn if row.declaration else UNSET,
            reference=row.declaration.reference if row.declaration else UNSET,
            reason=row.reason or UNSET,
        )
        for row in rows
    ]
