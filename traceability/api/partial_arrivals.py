"""Goods that arrive in parts: rejected with what arrived, split and dispatched again, each side with one call."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from django.http import HttpResponse
from msgspec import UNSET, Meta, Struct, UnsetType
from rest_framework.request import Request

from traceability.api import pages, requests
from traceability.api.documents import Link, Party, Urn
from traceability.api.idempotency import answer_once
from traceability.api.lots import party_of
from traceability.api.schema import KEY, described, of_shape
from traceability.api.views import ApiView, json_answer
from traceability.ledger.kinds.lots import REASON
from traceability.ledger.quantity import format_quantity
from traceability.ledger.shapes import MASS_KG, Object, Quantity, Text, optional
from traceability.ledger.shapes import Urn as UrnShape
from traceability.models import PartialArrival
from traceability.selectors import partial_arrivals as reading
from traceability.selectors.names import names_of
from traceability.selectors.partial_arrivals import Arrival
from traceability.services import partial_arrivals
from traceability.services.reading import require_signer
from traceability.services.rows_world import uuid_of

TAG: Final = "Lots"
REFUSED: Final = (400, 401, 403)
CHANGED: Final = (*REFUSED, 404, 409, 413, 415, 422)
NEW: Final = Object({"lot": UrnShape(), "arrived_kg": MASS_KG, "reason": optional(REASON)})
SEND: Final = Object({"lot_number": optional(Text(80)), "tolerance_pct": optional(Quantity(most="0.5"))})


class PartialArrivalLinks(Struct):
    """`page` is where people go on with it, `rejection` the statement that was signed."""

    self: Link
    page: Annotated[str, Meta(description="Address of the page.")]
    rejection: Link


class PartialArrivalDocument(Struct):
    """A delivery of which only a part arrived; `sent` are the lots that the sender dispatched since."""

    id: UUID
    lot: Urn
    sender: Party
    receiver: Party
    arrived_kg: str
    made_at: datetime
    sent: list[Urn]
    waits: Annotated[bool, Meta(description="Whether the sender has still to dispatch something.")]
    links: PartialArrivalLinks
    next_kg: Annotated[str, Meta(description="What the sender dispatches next; told to him alone.")] | UnsetType = UNSET


class PartialArrivals(ApiView):
    """The deliveries in parts of your organisation, sent and received."""

    @described(
        "list_partial_arrivals",
        "List deliveries of which only a part arrived, newest first",
        tag=TAG,
        answers={200: pages.Page[PartialArrivalDocument]},
        refused=REFUSED,
    )
    def get(self, request: Request) -> HttpResponse:
        requests.query(request, pages.PARAMETERS)
        return pages.page_of(request, reading.of(self.actor), self._documents, order=("-made_at", "pk"))

    def _documents(self, rows: Sequence[PartialArrival]) -> list[PartialArrivalDocument]:
        return [document_of(self, one) for one in reading.read(self.actor, rows, self.today)]

    @described(
        "reject_partial_arrival",
        "Reject a delivery and say how much of it arrived",
        tag=TAG,
        request={requests.JSON: of_shape(NEW)},
        answers={201: PartialArrivalDocument},
        refused=CHANGED,
        parameters=[KEY],
    )
    def post(self, request: Request) -> HttpResponse:
        found = requests.read_object(request, NEW)
        require_signer(self.actor)

        def signed() -> HttpResponse:
            given = {name: found[name] for name in ("arrived_kg", "reason") if name in found}
            row = partial_arrivals.reject(actor=self.actor, lot=uuid_of(found["lot"]), **given)
            shown = document_of(self, reading.one(self.actor, row.pk, self.today))
            answer = json_answer(shown, status=201)
            answer["Location"] = shown.links.self
            return answer

        return answer_once(request, self.actor, signed)


class OnePartialArrival(ApiView):
    """One of them."""

    @described(
        "read_partial_arrival",
        "See what became of a delivery in parts",
        tag=TAG,
        answers={200: PartialArrivalDocument},
        refused=(*REFUSED, 404),
    )
    def get(self, request: Request, arrival: UUID) -> HttpResponse:
        requests.query(request, ())
        return json_answer(document_of(self, reading.one(self.actor, arrival, self.today)))


class PartialArrivalDispatch(ApiView):
    """What its sender dispatches next."""

    @described(
        "dispatch_partial_arrival",
        "Split off what arrived and dispatch it again; after that, dispatch the rest",
        tag=TAG,
        request={requests.JSON: of_shape(SEND)},
        answers={201: PartialArrivalDocument},
        refused=CHANGED,
        parameters=[KEY],
    )
    def post(self, request: Request, arrival: UUID) -> HttpResponse:
        row = reading.one(self.actor, arrival, self.today).row
        found = requests.read_object(request, SEND)
        require_signer(self.actor)

        def signed() -> HttpResponse:
            tolerance = found.get("tolerance_pct", "0.05")
            partial_arrivals.send(
                actor=self.actor, row=row, number=found.get("lot_number", ""), tolerance_pct=tolerance
            )
            return json_answer(document_of(self, reading.one(self.actor, arrival, self.today)), status=201)

        return answer_once(request, self.actor, signed)


def document_of(view: ApiView, found: Arrival) -> PartialArrivalDocument:
    """A delivery in parts as one of its parties reads it."""
    row, own = found.row, view.actor.organisation.pk
    known = names_of(view.actor, [row.sender_id, row.receiver_id], view.today)
    place = f"/api/v1/partial-arrivals/{row.pk}"
    return PartialArrivalDocument(
        id=row.pk,
        lot=row.lot.urn,
        sender=party_of(row.sender_id, known),
        receiver=party_of(row.receiver_id, known),
        arrived_kg=format_quantity(row.arrived_kg),
        made_at=row.made_at,
        sent=[one.urn for one in found.sent],
        waits=not found.is_whole,
        links=PartialArrivalLinks(
            place, f"/arrivals/{row.pk}/", f"/api/v1/statements/sha256:{bytes(row.rejection.digest).hex()}"
        ),
        next_kg=format_quantity(found.next_kg) if row.sender_id == own and not found.is_whole else UNSET,
    )
