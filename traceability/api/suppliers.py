"""How suppliers deliver: computed out of what came in a period and what its buyer may see of it."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Final
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter
from msgspec import UNSET, Meta, Struct, UnsetType
from rest_framework.request import Request

from traceability.api import requests
from traceability.api.documents import CertificateDocument, Link, Mass, Urn
from traceability.api.facilities import certificate_document
from traceability.api.requests import BadParameter
from traceability.api.schema import DAY, described
from traceability.api.views import ApiView, json_answer
from traceability.ledger.quantity import format_quantity, round_places
from traceability.rules.supplying import PLACES, Delivery, Measures
from traceability.selectors import suppliers
from traceability.selectors.suppliers import Supplier

TAG: Final = "Suppliers"
PERIOD: Final = [
    OpenApiParameter("since", DAY, description="First day; without it a year before the last."),
    OpenApiParameter("until", DAY, description="Last day; without it today."),
]
USUAL: Final = timedelta(days=365)
Share = Annotated[str, Meta(description="0 to 1; absent where nothing is known of it.", examples=["0.8"])]


class SupplierMeasures(Struct):
    """What is computed of a supplier; docs/rules.md says how. An absent measure is not known."""

    deliveries: int
    rejected: int
    beyond: Annotated[int, Meta(description="Weighed beyond the tolerance.")]
    findings: int
    requests: Annotated[int, Meta(description="Answered, or due.")]
    completeness_by_month: Mapping[str, Share]
    completeness: Share | UnsetType = UNSET
    primary_share: Share | UnsetType = UNSET
    difference_pct: Annotated[str, Meta(description="Mean, in % of what was dispatched.")] | UnsetType = UNSET
    days: Annotated[str, Meta(description="Mean days under way.")] | UnsetType = UNSET
    answered_in_time: Share | UnsetType = UNSET
    source_country: str | UnsetType = UNSET
    source_share: Share | UnsetType = UNSET
    certificates: Annotated[int, Meta(description="Of its facilities, that were not withdrawn.")] = 0
    expired_certificates: (
        Annotated[int, Meta(description="Of these, on the last day of the period; absent where none is known.")]
        | UnsetType
    ) = UNSET


class SupplierDelivery(Struct):
    """A lot that came: the evidence behind the measures. `known` is what you know of it."""

    lot: Urn
    label: str
    sent_on: date
    received_on: date
    rejected: bool
    beyond: bool
    known: Annotated[list[str], Meta(examples=[["mass", "contents", "result", "origin", "declaration"]])]
    findings: int
    dispatched_kg: Mass | UnsetType = UNSET
    weighed_kg: Mass | UnsetType = UNSET
    primary_share: Share | UnsetType = UNSET
    mined: Mapping[str, Share] | UnsetType = UNSET


class SupplierSummary(Struct):
    """A supplier; its name is absent where you do not know it."""

    id: Urn
    measures: SupplierMeasures
    link: Link
    name: str | UnsetType = UNSET


class SupplierDocument(SupplierSummary, kw_only=True):
    """A supplier with the deliveries of the period."""

    deliveries: list[SupplierDelivery]
    certificates: Annotated[list[CertificateDocument], Meta(description="As they were on the last day of the period.")]


class Suppliers(ApiView):
    """Those from whom something came."""

    @described(
        "list_suppliers",
        "List your suppliers with what is computed of their deliveries in a period",
        tag=TAG,
        answers={200: list[SupplierSummary]},
        refused=(400, 401, 403),
        parameters=PERIOD,
    )
    def get(self, request: Request) -> HttpResponse:
        since, until = _period(request, self.today)
        found = suppliers.suppliers(self.actor, since, until, self.today)
        return json_answer([SupplierSummary(_urn(one.id), _measures(one.measures), *_rest(one)) for one in found])


class OneSupplier(ApiView):
    """One of them, with the deliveries behind the numbers."""

    @described(
        "read_supplier",
        "Look at the deliveries of a supplier in a period, and what is computed of them",
        tag=TAG,
        answers={200: SupplierDocument},
        refused=(400, 401, 403, 404),
        parameters=PERIOD,
    )
    def get(self, request: Request, supplier: UUID) -> HttpResponse:
        since, until = _period(request, self.today)
        one = suppliers.supplier(self.actor, supplier, since, until, self.today)
        deliveries = [_delivery(each) for each in one.deliveries]
        certified = [certificate_document(each) for each in one.certificates]
        found = SupplierDocument(
            _urn(one.id), _measures(one.measures), *_rest(one), deliveries=deliveries, certificates=certified
        )
        return json_answer(found)


def _period(request: Request, today: date) -> tuple[date, date]:
    """The days that are asked for."""
    given = requests.query(request, ("since", "until"))
    until = requests.day(given, "until") if "until" in given else today
    since = requests.day(given, "since") if "since" in given else until - USUAL
    if until < since:
        raise BadParameter("It ends before it begins. Choose a later day.", parameter="until")
    return since, until


def _urn(organisation: UUID) -> str:
    return f"urn:uuid:{organisation}"


def _rest(one: Supplier) -> tuple[str, str | UnsetType]:
    return f"/api/v1/suppliers/{one.id}", one.name or UNSET


def _number(value: Decimal | None) -> str | UnsetType:
    return UNSET if value is None else format_quantity(round_places(value, PLACES))


def _share(value: Decimal) -> str:
    return format_quantity(round_places(value, PLACES))


def _measures(one: Measures) -> SupplierMeasures:
    return SupplierMeasures(
        deliveries=one.deliveries,
        rejected=one.rejected,
        beyond=one.beyond,
        findings=one.findings,
        requests=one.requests,
        completeness_by_month={month: _share(share) for month, share in one.by_month.items()},
        completeness=_number(one.completeness),
        primary_share=_number(one.primary_share),
        difference_pct=_number(one.difference_pct),
        days=_number(one.days),
        answered_in_time=_number(one.in_time),
        source_country=one.source_country or UNSET,
        source_share=_number(one.source_share),
        certificates=one.certificates,
        expired_certificates=UNSET if one.expired is None else one.expired,
    )


def _delivery(one: Delivery) -> SupplierDelivery:
    return SupplierDelivery(
        lot=one.lot,
        label=one.label,
        sent_on=one.sent_on,
        received_on=one.received_on,
        rejected=one.rejected,
        beyond=one.beyond,
        known=sorted(one.known),
        findings=one.findings,
        dispatched_kg=_number(one.dispatched_kg),
        weighed_kg=_number(one.weighed_kg),
        primary_share=_number(one.primary_share),
        mined=UNSET if one.mined is None else {country: _share(share) for country, share in one.mined.items()},
    )
