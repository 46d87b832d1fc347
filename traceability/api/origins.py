"""Where an element of a lot is from, with bounds and trail, and where that of a lot is now."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Final
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter
from msgspec import UNSET, Meta, Struct, UnsetType
from rest_framework.request import Request

from traceability.api import requests
from traceability.api.documents import Mass, Urn
from traceability.api.schema import described
from traceability.api.views import ApiView, json_answer
from traceability.ledger.quantity import computing, format_computed, format_quantity, round_places
from traceability.material.elements import OTHER_WEIGHTS, RARE_EARTH_WEIGHTS
from traceability.material.shares import SourceClass
from traceability.material.tracing import ALGORITHM, Range
from traceability.models import Lot
from traceability.selectors import access
from traceability.selectors.access import Actor
from traceability.selectors.lot_facts import LEFT
from traceability.selectors.origins import Followed, Origin, elements_of, followed, origins

TAG: Final = "Lots"
ELEMENTS: Final = (*RARE_EARTH_WEIGHTS, *OTHER_WEIGHTS)
PLACES: Final = 12
_ELEMENT: Final = OpenApiParameter(
    "element",
    {"type": "string", "enum": list(ELEMENTS)},
    description="Its symbol; by default the one that the lot holds most of, rare earths before the others.",
)
Share = Annotated[str, Meta(description="0 to 1, to 12 decimals.", examples=["0.528654201255"])]


class TrailStepDocument(Struct):
    """A step between a source and the lot."""

    step: str
    country: str


class ShareRange(Struct):
    """A share with its bounds; `expected` is absent where it is not known to you."""

    least: Share
    most: Share
    expected: Share | UnsetType = UNSET


class OriginDocument(Struct):
    """One source of the element."""

    source: Annotated[str, Meta(description="The urn of a lot, or `unknown`.")]
    source_class: Annotated[str, Meta(examples=list(SourceClass))]
    share: ShareRange
    trail: Annotated[list[TrailStepDocument], Meta(description="In the order in which they were accepted.")]
    country: str | UnsetType = UNSET
    mass_kg: Annotated[Mass, Meta(description="Of the element, as expected.")] | UnsetType = UNSET


class OriginsDocument(Struct):
    """Where an element of a lot is from, largest share first."""

    lot: UUID
    element: str
    algorithm: str
    signed: Annotated[bool, Meta(description="Whether `expected` is out of the signed result of the lot.")]
    followed: Annotated[bool, Meta(description="False: the history is too long, and there are no bounds.")]
    steps_withheld: int
    sources: list[OriginDocument]
    post_consumer: ShareRange
    pre_consumer: ShareRange
    mass_kg: Mass | UnsetType = UNSET


class PlaceDocument(Struct):
    """Some of the element: in a lot (its urn), or lost or not followed in a step."""

    what: Annotated[str, Meta(examples=["now", "left", "gone", "lost", "not_told"])]
    mass_kg: Mass
    share: Share
    lot: Urn | UnsetType = UNSET
    steps: list[str] | UnsetType = UNSET


class WhereaboutsDocument(Struct):
    """Where an element of a lot is now; the places make up all of `entered_kg`."""

    lot: UUID
    element: str
    algorithm: str
    places: list[PlaceDocument]
    entered_kg: Mass | UnsetType = UNSET
    total_kg: Mass | UnsetType = UNSET


class _OfElement(ApiView):
    """Something about an element of a lot."""

    def asked(self, request: Request, lot: UUID) -> tuple[Lot, str]:
        """The lot and the element that are asked for."""
        given = requests.query(request, ("element",))
        row = access.lot(self.actor, lot, self.today)
        return row, _element(given, self.actor, row, self.today)


class LotOrigin(_OfElement):
    """Where an element of a lot is from."""

    @described(
        "read_origin",
        "Read where an element of a lot is from: shares with bounds, countries of the steps",
        tag=TAG,
        answers={200: OriginsDocument},
        refused=(400, 401, 403, 404),
        parameters=[_ELEMENT],
    )
    def get(self, request: Request, lot: UUID) -> HttpResponse:
        row, element = self.asked(request, lot)
        found = origins(self.actor, row, element, self.today)
        return json_answer(
            OriginsDocument(
                lot=lot,
                element=element,
                algorithm=ALGORITHM,
                signed=found.is_signed,
                followed=found.is_followed,
                steps_withheld=found.untold,
                sources=[_origin(one, found.element_kg) for one in found.rows],
                post_consumer=_range(found.share_of(SourceClass.POST_CONSUMER)),
                pre_consumer=_range(found.share_of(SourceClass.PRE_CONSUMER)),
                mass_kg=UNSET if found.element_kg is None else _mass(found.element_kg),
            )
        )


class LotWhereabouts(_OfElement):
    """Where an element of a lot is now."""

    @described(
        "read_whereabouts",
        "Read where an element of a lot is now: in which lots, gone, lost in which steps",
        tag=TAG,
        answers={200: WhereaboutsDocument},
        refused=(400, 401, 403, 404),
        parameters=[_ELEMENT],
    )
    def get(self, request: Request, lot: UUID) -> HttpResponse:
        row, element = self.asked(request, lot)
        found = followed(self.actor, row, element, self.today)
        if found.found is None:
            return json_answer(WhereaboutsDocument(lot, element, ALGORITHM, []))
        kinds = {
            "now": found.found.now,
            "gone": found.found.gone,
            "lost": found.found.lost,
            "not_told": found.found.untold,
        }
        places = [one for what, masses in kinds.items() for one in _places(what, masses, found)]
        total, entered = _mass(found.found.total_kg), _mass(found.found.entered_kg)
        return json_answer(WhereaboutsDocument(lot, element, ALGORITHM, places, entered, total))


def _element(given: Mapping[str, str], actor: Actor, lot: Lot, today: date) -> str:
    if "element" in given:
        return requests.one_of(given, "element", ELEMENTS)
    return next(iter(elements_of(actor, lot, today)), ELEMENTS[0])


def _range(one: Range) -> ShareRange:
    expected = UNSET if one.expected is None else _share(one.expected)
    return ShareRange(_share(one.least), _share(one.most), expected)


def _share(value: Decimal) -> str:
    return format_computed(round_places(value, PLACES))


def _mass(kg: Decimal) -> str:
    return format_quantity(round_places(kg, 6))


@computing()
def _origin(one: Origin, element_kg: Decimal | None) -> OriginDocument:
    expected = one.range.expected
    return OriginDocument(
        source=one.urn,
        source_class=one.source.source_class,
        share=_range(one.range),
        trail=[TrailStepDocument(step.word, step.country) for step in one.trail],
        country=one.source.country or UNSET,
        mass_kg=UNSET if expected is None or element_kg is None else _mass(element_kg * expected),
    )


@computing()
def _places(what: str, masses: Mapping[str, Decimal], found: Followed) -> list[PlaceDocument]:
    entered = found.found.entered_kg if found.found else Decimal(0)
    documents = []
    for place, kg in masses.items():
        share = _share(kg / entered) if entered else "0"
        told = found.made.get(int(place)) if place.isdigit() else None
        steps = [str(one["step"]) for one in told.claim.get("process", ())] if told else UNSET
        lot = UNSET if place.isdigit() else place
        has_left = what == "now" and found.views[place].facts.state == LEFT
        documents.append(PlaceDocument(LEFT if has_left else what, _mass(kg), share, lot, steps))
    return documents
