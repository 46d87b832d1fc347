"""What partners ask of each other: declarations, and the opening of confidential values."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Final
from uuid import UUID

import django_filters
import msgspec
from django.http import HttpResponse
from msgspec import UNSET, Meta, Struct, UnsetType
from rest_framework.request import Request

from traceability.api import pages, requests
from traceability.api.documents import Digest, Party, Urn
from traceability.api.idempotency import answer_once
from traceability.api.schema import KEY, described, filter_parameters, of_shape
from traceability.api.statements import digest_of
from traceability.api.views import ApiView, json_answer
from traceability.ledger.shapes import Date, ListOf, Object, Text, Word, optional
from traceability.ledger.shapes import Digest as DigestShape
from traceability.ledger.shapes import Urn as UrnShape
from traceability.models import PartnerRequest
from traceability.selectors import asking
from traceability.services import asking as use_cases
from traceability.services.asking import LONGEST_PRODUCT, LONGEST_TEXT, MOST_PLACES, Asking, NothingToAsk
from traceability.services.rows_world import urn_of, uuid_of

TAG: Final = "Requests"
REFUSED: Final = (400, 401, 403)
CHANGED: Final = (*REFUSED, 404, 409, 413, 415, 422, 429)
What = PartnerRequest.What
_PLACES: Final = ListOf(Text(200), most=MOST_PLACES, distinct=True)
NEW_REQUEST: Final = Object(
    {
        "what": Word(tuple(What.values)),
        "lot": optional(UrnShape()),
        "to": optional(UrnShape()),
        "product": optional(Text(LONGEST_PRODUCT)),
        "statement": optional(DigestShape()),
        "places": optional(_PLACES),
        "message": optional(Text(LONGEST_TEXT)),
        "due_on": optional(Date()),
    }
)
ANSWER: Final = Object(
    {"declaration": optional(UrnShape()), "places": optional(_PLACES), "reason": optional(Text(LONGEST_TEXT))}
)
DECLINE: Final = Object({"reason": Text(LONGEST_TEXT)})


class RequestDocument(Struct):
    """A request between two partners. `opened` are those of `places` that were opened to who asked."""

    id: UUID
    what: Annotated[str, Meta(examples=list(What.values))]
    to_you: bool
    partner: Annotated[Party, Meta(description="The other one of the two.")]
    state: Annotated[str, Meta(examples=list(PartnerRequest.State.values))]
    asked_at: datetime
    lot: Urn | UnsetType = UNSET
    product: str | UnsetType = UNSET
    statement: Digest | UnsetType = UNSET
    places: Annotated[list[str], Meta(description="JSON pointers into the payload.")] | UnsetType = UNSET
    message: str | UnsetType = UNSET
    due_on: date | UnsetType = UNSET
    ended_at: datetime | UnsetType = UNSET
    reason: str | UnsetType = UNSET
    declaration: Annotated[Urn, Meta(description="The answer.")] | UnsetType = UNSET
    opened: list[str] | UnsetType = UNSET


class RequestFilter(django_filters.FilterSet):
    """What requests are looked for by."""

    state = django_filters.ChoiceFilter(choices=PartnerRequest.State.choices)
    what = django_filters.ChoiceFilter(choices=What.choices)


class Requests(ApiView):
    """What your organisation was asked, and what it asked."""

    @described(
        "list_requests",
        "List what partners ask of you and what you ask of them, newest first",
        tag=TAG,
        answers={200: pages.Page[RequestDocument]},
        refused=REFUSED,
        parameters=filter_parameters(RequestFilter),
    )
    def get(self, request: Request) -> HttpResponse:
        asked = requests.query(request, pages.PARAMETERS | RequestFilter.base_filters.keys())
        rows = pages.filtered(RequestFilter(asked, asking.requests(self.actor)))
        return pages.page_of(request, rows, self._documents, order=("-asked_at", "pk"))

    @described(
        "create_request",
        "Ask a partner for a declaration, or to open values that are withheld from you",
        tag=TAG,
        request={requests.JSON: of_shape(NEW_REQUEST)},
        answers={201: RequestDocument},
        refused=CHANGED,
        parameters=[KEY],
    )
    def post(self, request: Request) -> HttpResponse:
        wanted = requests.read_object(request, NEW_REQUEST)
        return answer_once(request, self.actor, lambda: _answer(self, self._ask(wanted), status=201))

    def _documents(self, rows: Sequence[PartnerRequest]) -> list[RequestDocument]:
        return _documents(self, rows)

    def _ask(self, wanted: Mapping[str, Any]) -> PartnerRequest:
        due_on = date.fromisoformat(wanted["due_on"]) if "due_on" in wanted else None
        said = Asking(wanted.get("message", ""), due_on)
        if wanted["what"] == What.OPENING:
            if "statement" not in wanted:
                raise NothingToAsk("Name the statement and the places of its values.", path="/statement")
            places = wanted.get("places", ())
            return use_cases.ask_for_opening(actor=self.actor, digest=wanted["statement"], places=places, said=said)
        return use_cases.ask_for_declaration(
            actor=self.actor,
            lot=uuid_of(wanted["lot"]) if "lot" in wanted else None,
            to=uuid_of(wanted["to"]) if "to" in wanted else None,
            product=wanted.get("product", ""),
            said=said,
        )


class OneRequest(ApiView):
    """One request."""

    @described("read_request", "Read a request", tag=TAG, answers={200: RequestDocument}, refused=(*REFUSED, 404))
    def get(self, request: Request, request_id: UUID) -> HttpResponse:
        requests.query(request, ())
        return _answer(self, asking.request(self.actor, request_id))

    @described(
        "withdraw_request",
        "Withdraw a request that you made",
        tag=TAG,
        answers={200: RequestDocument},
        refused=(*REFUSED, 404, 409),
    )
    def delete(self, request: Request, request_id: UUID) -> HttpResponse:
        return _answer(self, use_cases.withdraw(actor=self.actor, request_id=request_id))


class Answer(ApiView):
    """The answer to a request."""

    @described(
        "answer_request",
        "Answer with a declaration of yours in force, or open values to who asked",
        tag=TAG,
        request={requests.JSON: of_shape(ANSWER)},
        answers={200: RequestDocument},
        refused=CHANGED,
    )
    def post(self, request: Request, request_id: UUID) -> HttpResponse:
        row = asking.request(self.actor, request_id)
        said = requests.read_object(request, ANSWER)
        reason = said.get("reason", "")
        if row.what == What.OPENING:
            places = said.get("places", ())
            ended = use_cases.answer_with_opening(actor=self.actor, request_id=request_id, places=places, reason=reason)
        elif "declaration" in said:
            ended = use_cases.answer_with_declaration(
                actor=self.actor, request_id=request_id, declaration=uuid_of(said["declaration"]), reason=reason
            )
        else:
            raise NothingToAsk("Name the declaration that answers the request.", path="/declaration")
        return _answer(self, ended)


class Decline(ApiView):
    """The refusal of a request."""

    @described(
        "decline_request",
        "Decline a request, with a reason",
        tag=TAG,
        request={requests.JSON: of_shape(DECLINE)},
        answers={200: RequestDocument},
        refused=CHANGED,
    )
    def post(self, request: Request, request_id: UUID) -> HttpResponse:
        asking.request(self.actor, request_id)
        said = requests.read_object(request, DECLINE)
        return _answer(self, use_cases.decline(actor=self.actor, request_id=request_id, reason=said["reason"]))


def _answer(view: ApiView, row: PartnerRequest, *, status: int = 200) -> HttpResponse:
    [document] = _documents(view, [row])
    answer = json_answer(document, status=status)
    if status == 201:
        answer["Location"] = f"/api/v1/requests/{row.pk}"
    return answer


def _documents(view: ApiView, rows: Sequence[PartnerRequest]) -> list[RequestDocument]:
    return [_document(one) for one in asking.shown(view.actor, rows, view.today)]


def _document(line: asking.Shown) -> RequestDocument:
    row = line.request
    is_opening = row.what == What.OPENING
    return RequestDocument(
        id=row.pk,
        what=row.what,
        to_you=line.to_us,
        partner=Party(urn_of(row.asker_id if line.to_us else row.to_id), line.partner),
        state=row.state,
        asked_at=row.asked_at,
        lot=urn_of(row.lot_id) if row.lot_id else UNSET,
        product=row.product or UNSET,
        statement=digest_of(row.statement) if row.statement else UNSET,
        places=row.places if is_opening else UNSET,
        message=row.message or UNSET,
        due_on=row.due_on or UNSET,
        ended_at=row.ended_at or UNSET,
        reason=row.reason or UNSET,
        declaration=urn_of(row.declaration) if row.declaration else UNSET,
        opened=row.opened if is_opening and row.state == PartnerRequest.State.ANSWERED else msgspec.UNSET,
    )
