"""The facilities of the organisation for which somebody acts, with their certificates."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final
from uuid import UUID

from django.http import HttpResponse
from msgspec import UNSET
from rest_framework.request import Request

from traceability.api import documents, pages, requests
from traceability.api.schema import PAGE, described
from traceability.api.statements import digest_of
from traceability.api.views import ApiView
from traceability.models import Facility
from traceability.selectors import certificates
from traceability.selectors.certificates import Shown
from traceability.services.rows_world import urn_of

TAG: Final = "Your organisation"


class Facilities(ApiView):
    """The facilities of your organisation."""

    @described(
        "list_facilities",
        "List your facilities",
        tag=TAG,
        answers={200: pages.Page[documents.FacilityDocument]},
        refused=(400, 401, 403),
        parameters=PAGE,
    )
    def get(self, request: Request) -> HttpResponse:
        requests.query(request, pages.PARAMETERS)
        own = self.actor.organisation
        rows = Facility.objects.filter(organisation=own).select_related("statement")
        known = certificates.certificates(self.actor, {own.pk}, self.today)
        return pages.page_of(request, rows, partial(_facilities, known), order=("statement_id", "pk"))


def _facilities(known: Mapping[UUID, Sequence[Shown]], rows: Sequence[Facility]) -> list[documents.FacilityDocument]:
    return [
        documents.FacilityDocument(
            row.pk,
            urn_of(row.pk),
            row.name,
            row.country,
            row.region,
            digest_of(row.statement),
            row.voided,
            [certificate_document(one) for one in known.get(row.pk, ())],
        )
        for row in rows
    ]


def certificate_document(shown: Shown) -> documents.CertificateDocument:
    """A certificate as a document."""
    one = shown.certificate
    return documents.CertificateDocument(
        statement=one.digest,
        facility=one.facility,
        standard=one.standard,
        valid_from=one.valid_from,
        valid_until=one.valid_until,
        state=shown.validity.value,
        certifier=shown.certifier or UNSET,
        number=shown.number or UNSET,
        scope=shown.scope or UNSET,
        renews=one.renews or UNSET,
    )
