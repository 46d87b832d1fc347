"""What the operator of the log does: who waits for his word, who is here. For everybody else it does not exist."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from msgspec import UNSET, Meta, Struct, UnsetType
from rest_framework.request import Request

from traceability.api import pages, requests
from traceability.api.documents import KeyDocument, Receipt, Urn
from traceability.api.idempotency import answer_once
from traceability.api.organisations import key_documents
from traceability.api.schema import KEY, PAGE, described, filter_parameters, of_shape
from traceability.api.statements import placed, receipt_documents
from traceability.api.views import ApiView, json_answer
from traceability.ledger.kinds.organisations import CHECKED
from traceability.ledger.shapes import ListOf, Object, Text, Word
from traceability.models import Membership, Organisation
from traceability.selectors import tenants
from traceability.services import signup

TAG: Final = "Operator"
UNSEEN: Final = (400, 401, 403, 404)
CHANGED: Final = (*UNSEEN, 409, 413, 415, 422)
VOUCHED: Final = Object({"checked": ListOf(Word(CHECKED), distinct=True)})
REASON: Final = Object({"reason": Text(1000)})


class ApplicantDocument(Struct):
    """An organisation that waits for the operator's word, and what it said of itself."""

    id: UUID
    urn: Urn
    name: str
    country: str
    roles: list[str]
    about: str | UnsetType = UNSET
    website: str | UnsetType = UNSET
    applied_by: Annotated[str, Meta(description="E-mail address of who signed it up.")] | UnsetType = UNSET
    applied_at: datetime | UnsetType = UNSET
    invited_by: Urn | UnsetType = UNSET


class TenantDocument(Struct):
    """An organisation of this installation."""

    id: UUID
    urn: Urn
    name: str
    country: str
    roles: list[str]
    standing: Annotated[str, Meta(examples=list(Organisation.Standing.values))]
    members: int
    lots: Annotated[int, Meta(description="In its hands now.")]
    created_at: datetime
    reason: Annotated[str, Meta(description="Why it was refused or suspended.")] | UnsetType = UNSET
    last_statement_at: datetime | UnsetType = UNSET


class AdminDocument(Struct):
    """Somebody whom the operator can ask."""

    name: str
    email: str


class TenantDetail(TenantDocument):
    """What the operator looks at before he decides."""

    application: ApplicantDocument | UnsetType = UNSET
    administrators: list[AdminDocument] = []
    same_name: Annotated[list[Urn], Meta(description="Others of the same name.")] = []
    keys: list[KeyDocument] = []


class TenantFilter(django_filters.FilterSet):
    """What organisations are looked for by: words of the name, or the e-mail address of a member."""

    standing = django_filters.ChoiceFilter(choices=Organisation.Standing.choices)
    words = django_filters.CharFilter(method="called", max_length=120)

    def called(self, rows: QuerySet[Organisation], name: str, words: str) -> QuerySet[Organisation]:
        return tenants.called(rows, words)


class Applicants(ApiView):
    """Who waits for the operator's word, with an administrator who can be reached."""

    for_people = True

    @described(
        "list_applicants",
        "List the organisations that wait for the operator's word, the longest first",
        tag=TAG,
        answers={200: pages.Page[ApplicantDocument]},
        refused=UNSEEN,
        parameters=PAGE,
    )
    def get(self, request: Request) -> HttpResponse:
        rows = tenants.waiting(self.actor)
        requests.query(request, pages.PARAMETERS)
        return pages.page_of(request, rows, _applicants, order=("created_at", "pk"))


class Tenants(ApiView):
    """The organisations of this installation."""

    for_people = True

    @described(
        "list_organisations",
        "List the organisations of this installation, by name",
        tag=TAG,
        answers={200: pages.Page[TenantDocument]},
        refused=UNSEEN,
        parameters=filter_parameters(TenantFilter),
    )
    def get(self, request: Request) -> HttpResponse:
        rows = tenants.tenants(self.actor)
        asked = requests.query(request, pages.PARAMETERS | TenantFilter.base_filters.keys())
        return pages.page_of(request, pages.filtered(TenantFilter(asked, rows)), _tenants, order=("name", "pk"))


class OneTenant(ApiView):
    """One organisation of this installation."""

    for_people = True

    @described(
        "read_tenant", "See one organisation as its operator", tag=TAG, answers={200: TenantDetail}, refused=UNSEEN
    )
    def get(self, request: Request, organisation: UUID) -> HttpResponse:
        found = tenants.tenant(self.actor, organisation)
        requests.query(request, ())
        return json_answer(self._detail(found))

    def _detail(self, found: "tenants.Tenant") -> TenantDetail:
        keys = [one.entry for one in tenants.keys_of(self.actor, found).keys]
        return TenantDetail(
            **_members_of(found),
            application=_applicants([found])[0] if hasattr(found, "application") else UNSET,
            administrators=[_admin(one) for one in tenants.admins(self.actor, found)],
            same_name=[one.urn for one in tenants.same_name(self.actor, found)],
            keys=key_documents(keys),
        )


class Vouching(ApiView):
    """The operator's word on an organisation, signed."""

    for_people = True

    @described(
        "vouch",
        "Sign that the operator vouches for an organisation, which is registered in the same moment",
        tag=TAG,
        request={requests.JSON: of_shape(VOUCHED)},
        answers={201: Receipt},
        refused=CHANGED,
        parameters=[KEY],
    )
    def post(self, request: Request, organisation: UUID) -> HttpResponse:
        signup.require_operator(self.actor)
        wanted = requests.read_object(request, VOUCHED)
        return placed(answer_once(request, self.actor, lambda: self._vouch(organisation, wanted["checked"])))

    def _vouch(self, organisation: UUID, checked: Sequence[str]) -> HttpResponse:
        receipt = signup.vouch(actor=self.actor, organisation_id=organisation, checked=checked)
        return json_answer(receipt_documents([receipt])[0], status=201)


class _Decision(ApiView):
    """A decision on an organisation; the answer shows how it stands from then on."""

    for_people = True

    def decide(self, organisation: UUID, run: Callable[[], None]) -> HttpResponse:
        """Runs it once for one Idempotency-Key."""

        def once() -> HttpResponse:
            run()
            return json_answer(TenantDocument(**_members_of(tenants.tenant(self.actor, organisation))))

        return answer_once(self.request, self.actor, once)

    def against(self, request: Request, organisation: UUID, decision: signup.Against) -> HttpResponse:
        """A decision that takes a reason."""
        signup.require_operator(self.actor)
        reason = requests.read_object(request, REASON)["reason"]
        return self.decide(
            organisation, lambda: decision(actor=self.actor, organisation_id=organisation, reason=reason)
        )


class Refusing(_Decision):
    """The operator does not vouch."""

    @described(
        "refuse_organisation",
        "Do not vouch for an organisation, and say why",
        tag=TAG,
        request={requests.JSON: of_shape(REASON)},
        answers={200: TenantDocument},
        refused=CHANGED,
        parameters=[KEY],
    )
    def post(self, request: Request, organisation: UUID) -> HttpResponse:
        return self.against(request, organisation, signup.refuse)


class Suspension(_Decision):
    """An organisation that records and signs nothing for a while."""

    @described(
        "suspend_organisation",
        "Suspend an organisation, and say why",
        tag=TAG,
        request={requests.JSON: of_shape(REASON)},
        answers={200: TenantDocument},
        refused=CHANGED,
        parameters=[KEY],
    )
    def post(self, request: Request, organisation: UUID) -> HttpResponse:
        return self.against(request, organisation, signup.suspend)

    @described(
        "resume_organisation",
        "Let a suspended organisation record and sign again",
        tag=TAG,
        answers={200: TenantDocument},
        refused=(*UNSEEN, 409),
        parameters=[KEY],
    )
    def delete(self, request: Request, organisation: UUID) -> HttpResponse:
        return self.decide(organisation, lambda: signup.resume(actor=self.actor, organisation_id=organisation))


def _applicants(rows: Sequence[Organisation]) -> list[ApplicantDocument]:
    return [_applicant(row) for row in rows]


def _applicant(row: Organisation) -> ApplicantDocument:
    said = getattr(row, "application", None)
    by = said.applied_by if said else None
    return ApplicantDocument(
        id=row.pk,
        urn=row.urn,
        name=row.name,
        country=row.country,
        roles=row.roles,
        about=said.about if said else UNSET,
        website=(said.website if said else "") or UNSET,
        applied_by=by.email if by else UNSET,
        applied_at=said.applied_at if said else UNSET,
        invited_by=row.invited_by.urn if row.invited_by else UNSET,
    )


def _tenants(rows: "Sequence[tenants.Tenant]") -> list[TenantDocument]:
    return [TenantDocument(**_members_of(row)) for row in rows]


def _members_of(row: "tenants.Tenant") -> Mapping[str, Any]:
    return {
        "id": row.pk,
        "urn": row.urn,
        "name": row.name,
        "country": row.country,
        "roles": row.roles,
        "standing": row.standing,
        "members": row.people,
        "lots": row.lots,
        "created_at": row.created_at,
        "reason": row.standing_reason or UNSET,
        "last_statement_at": row.last_said or UNSET,
    }


def _admin(row: Membership) -> AdminDocument:
    return AdminDocument(row.user.get_full_name(), row.user.email)
