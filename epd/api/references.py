"""Reference declarations: a product of a site over twelve months, from what only its declarant can say."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import msgspec
from django.http import HttpResponse
from rest_framework.request import Request

from epd.api import documents
from epd.api.declarations import REFUSED, TAG, summary
from epd.lca.reference import Period
from epd.rules.profiles import INTERNATIONAL_EPD_DEFAULT
from epd.services import references
from epd.services.references import Said
from traceability.api import requests
from traceability.api.idempotency import answer_once
from traceability.api.schema import KEY, described, of_shape
from traceability.api.statements import placed, receipt_documents
from traceability.api.views import ApiView, json_answer
from traceability.ledger.kinds.lots import FACTOR_IDS, PRICE, ROLES, STAGES, UNITS
from traceability.ledger.shapes import Date, Flag, ListOf, Object, Quantity, Text, Urn, Word, optional
from traceability.services import clock

METER: Final = Object(
    {
        "flow": Text(200),
        "unit": Word(UNITS),
        "role": optional(Word(ROLES)),
        "factors": optional(FACTOR_IDS),
        "metered": optional(Quantity()),
        "in_progress": optional(Quantity(least="-999999999999.999999999")),
        "disposals": optional(Quantity()),
        "overhead": optional(Quantity()),
    }
)
REFERENCE: Final = Object(
    {
        "facility": Urn(),
        "material": Text(120),
        "stage": Word(STAGES),
        "product": Text(200),
        "from": Date(),
        "stock": Object({name: Quantity() for name in ("opening_kg", "shipped_kg", "closing_kg")}),
        "meters": optional(ListOf(METER)),
        "prices": optional(ListOf(Object({"material": Text(120), "stage": Word(STAGES), "price": PRICE}))),
        "explanation": optional(Text(1000)),
        "valid_until": optional(Date()),
        "profile": optional(Text(120)),
        "illustrative": optional(Flag()),
    }
)


class References(ApiView):
    """Reference declarations of your own."""

    @described(
        "publish_reference",
        "Publish the reference declaration of a product that a site of yours made over twelve months",
        tag=TAG,
        request={requests.JSON: of_shape(REFERENCE)},
        answers={201: documents.Published},
        refused=REFUSED,
        parameters=[KEY],
    )
    def post(self, request: Request) -> HttpResponse:
        wanted = requests.read_object(request, REFERENCE)
        answer = placed(answer_once(request, self.actor, lambda: self._publish(_said(wanted))))
        answer["Location"] = _PUBLISHED.decode(answer.content).declaration.links.self
        return answer

    def _publish(self, said: Said) -> HttpResponse:
        declaration, receipt = references.publish(actor=self.actor, said=said)
        [document] = receipt_documents([receipt])
        shown = documents.Published(**msgspec.structs.asdict(document), declaration=summary(declaration))
        return json_answer(shown, status=201)


_PUBLISHED: Final = msgspec.json.Decoder(documents.Published)


def _said(wanted: Mapping[str, Any]) -> Said:
    """What was asked, with the defaults of the guided path."""
    first = date.fromisoformat(wanted["from"])
    last = date.fromordinal(references.years_after(first, 1).toordinal() - 1)
    valid = wanted.get("valid_until")
    return Said(
        facility=wanted["facility"],
        material=wanted["material"],
        stage=wanted["stage"],
        period=Period(first, last),
        product=wanted["product"],
        stock=wanted["stock"],
        profile=wanted.get("profile", INTERNATIONAL_EPD_DEFAULT.id),
        valid_until=date.fromisoformat(valid) if valid else references.years_after(clock.now().date()),
        meters=wanted.get("meters", ()),
        prices=wanted.get("prices", ()),
        explanation=wanted.get("explanation", ""),
        illustrative=wanted.get("illustrative", False),
    )
