"""What your organisation opened to whom: single values, mandates, and the standing rules for all others."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import django_filters
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter
from msgspec import Struct
from rest_framework.request import Request

from traceability.api import pages, requests
from traceability.api.documents import Digest, Party
from traceability.api.lots import party_of
from traceability.api.schema import described, filter_parameters
from traceability.api.statements import digest_of
from traceability.api.views import ApiView, json_answer
from traceability.ledger.shapes import Object, Word, optional
from traceability.models import Opening, OpeningRule
from traceability.selectors import openings
from traceability.selectors.names import names_of
from traceability.services import asking, members, opening_rules, organisations

TAG: Final = "Openings"
REFUSED: Final = (400, 401, 403)
_AUDIENCES: Final = tuple(OpeningRule.Audience.values)
RULES: Final = Object({group: optional(Word(_AUDIENCES)) for group in OpeningRule.Group.values})
RULES_SCHEMA: Final = {
    "type": "object",
    "description": "Each group of confidential values, with who reads it.",
    "propertyNames": {"enum": list(OpeningRule.Group.values)},
    "additionalProperties": {"type": "string", "enum": list(_AUDIENCES)},
}
NUMBER: Final = {"type": "integer", "minimum": 0, "maximum": 2**31 - 1}


class OpeningDocument(Struct):
    """A confidential value of your organisation that one partner reads, at this place of a statement."""

    id: int
    to: Party
    statement: Digest
    path: str
    opened_at: datetime


class OpeningFilter(django_filters.FilterSet):
    """What opened values are looked for by."""

    partner = django_filters.UUIDFilter(field_name="organisation")


class Openings(ApiView):
    """The single values that your organisation opened to partners."""

    @described(
        "list_openings",
        "List the values that you opened to partners, newest first",
        tag=TAG,
        answers={200: pages.Page[OpeningDocument]},
        refused=REFUSED,
        parameters=filter_parameters(OpeningFilter),
    )
    def get(self, request: Request) -> HttpResponse:
        asked = requests.query(request, pages.PARAMETERS | OpeningFilter.base_filters.keys())
        rows = pages.filtered(OpeningFilter(asked, openings.values(self.actor)))
        return pages.page_of(request, rows, self._documents, order=("-opened_at", "-pk"))

    def _documents(self, rows: Sequence[Opening]) -> list[OpeningDocument]:
        names = names_of(self.actor, {row.organisation_id for row in rows}, self.today)
        return [
            OpeningDocument(
                id=row.pk,
                to=party_of(row.organisation_id, names),
                statement=digest_of(row.disclosure.statement),
                path=row.disclosure.path,
                opened_at=row.opened_at,
            )
            for row in rows
        ]


class OneOpening(ApiView):
    """A value that one partner reads."""

    @described(
        "close_opening",
        "Close a value to a partner again; what was read was read",
        tag=TAG,
        answers={204: None},
        refused=(*REFUSED, 404),
        parameters=[OpenApiParameter("opening", NUMBER, OpenApiParameter.PATH)],
    )
    def delete(self, request: Request, opening: int) -> HttpResponse:
        asking.close(actor=self.actor, opening=openings.value(self.actor, opening))
        return HttpResponse(status=204)


class OneMandate(ApiView):
    """A mandate that your organisation gave."""

    for_people = True

    @described(
        "end_mandate",
        "End a mandate that you gave, as an administrator; what was read was read",
        tag=TAG,
        answers={204: None},
        refused=(*REFUSED, 404),
        parameters=[OpenApiParameter("mandate", NUMBER, OpenApiParameter.PATH)],
    )
    def delete(self, request: Request, mandate: int) -> HttpResponse:
        row = openings.mandate(self.actor, mandate)
        members.require_admin(self.actor)
        if row.revoked_at is None:
            organisations.revoke_mandate(actor=self.actor, mandate=row)
        return HttpResponse(status=204)


class Rules(ApiView):
    """Who reads each group of your confidential values where nothing else was agreed."""

    for_people = True

    @described(
        "read_opening_rules",
        "See who reads your confidential values",
        tag=TAG,
        answers={200: {requests.JSON: RULES_SCHEMA}},
        refused=REFUSED,
    )
    def get(self, request: Request) -> HttpResponse:
        requests.query(request, ())
        return json_answer({str(group): str(audience) for group, audience in openings.rules(self.actor).items()})

    @described(
        "change_opening_rules",
        "Choose who reads these groups, as an administrator; it counts for earlier statements too",
        tag=TAG,
        request={requests.JSON: RULES_SCHEMA},
        answers={200: {requests.JSON: RULES_SCHEMA}},
        refused=(*REFUSED, 413, 415),
    )
    def put(self, request: Request) -> HttpResponse:
        opening_rules.change(actor=self.actor, wanted=requests.read_object(request, RULES))
        return self.get(request)
