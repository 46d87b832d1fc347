"""The organisation for which somebody acts: itself, keys, mandates, people and tokens."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import django_filters
import msgspec
from django.db.models import Q, QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from rest_framework.request import Request

from traceability.api import documents, pages, requests
from traceability.api.authentication import may_read_members
from traceability.api.idempotency import answer_once
from traceability.api.schema import KEY, PAGE, described, filter_parameters, of_shape
from traceability.api.statements import digest_of
from traceability.api.views import ApiView, json_answer
from traceability.ledger import moments
from traceability.ledger.identifiers import b64url_encode
from traceability.ledger.shapes import Date, ListOf, Moment, Object, Text, Urn, Word, optional
from traceability.models import ApiToken, Invitation, KeyEntry, KeyName, Mandate, Membership, Organisation
from traceability.selectors import members as people
from traceability.selectors import names, openings
from traceability.services import invitations, members, organisations, takeout, tokens
from traceability.services.rows_world import urn_of

TAG: Final = "Your organisation"
REFUSED: Final = (400, 401, 403)
ZIP: Final = "application/zip"
ARCHIVE: Final = {ZIP: {"type": "string", "format": "binary"}}
NEW_ROLE: Final = Object({"role": Word(tuple(Membership.Role))})
NEW_INVITATION: Final = Object({"email": Text(254), "role": optional(Word(tuple(Membership.Role)))})
NEW_MANDATE: Final = Object(
    {"holder": Urn(), "purpose": Word(tuple(Mandate.Purpose)), "valid_from": Date(), "valid_until": Date()}
)
_SCOPES: Final = ListOf(Word(tuple(ApiToken.Scope)), most=len(ApiToken.Scope), distinct=True)
NEW_TOKEN: Final = Object({"name": Text(80), "scopes": _SCOPES, "expires_at": Moment()})


class MyOrganisation(ApiView):
    """The organisation for which you act."""

    @described(
        "read_organisation",
        "See for whom you act",
        tag=TAG,
        answers={200: documents.OrganisationDocument},
        refused=REFUSED,
    )
    def get(self, request: Request) -> HttpResponse:
        requests.query(request, ())
        actor, own = self.actor, self.actor.organisation
        return json_answer(
            documents.OrganisationDocument(
                own.pk, own.urn, own.name, own.country, own.roles, str(actor.role), actor.may_submit
            )
        )


class PartnerFilter(django_filters.FilterSet):
    """What partners are looked for by."""

    name = django_filters.CharFilter(lookup_expr="icontains", max_length=120)
    country = django_filters.CharFilter(lookup_expr="iexact", max_length=2)


class Partners(ApiView):
    """Organisations whose names you know, and to which you can dispatch."""

    @described(
        "list_partners",
        "List the organisations to which you can dispatch",
        tag=TAG,
        answers={200: pages.Page[documents.PartnerDocument]},
        refused=REFUSED,
        parameters=filter_parameters(PartnerFilter),
    )
    def get(self, request: Request) -> HttpResponse:
        asked = requests.query(request, pages.PARAMETERS | PartnerFilter.base_filters.keys())
        known = names.known(self.actor, self.today)
        rows = PartnerFilter(asked, known.filter(registered=True, standing=Organisation.Standing.ACTIVE))
        return pages.page_of(request, pages.filtered(rows), _partners, order=("name", "pk"))


class Keys(ApiView):
    """The keys of your organisation, with those that are no longer in force."""

    @described(
        "list_keys",
        "List your keys",
        tag=TAG,
        answers={200: pages.Page[documents.KeyDocument]},
        refused=REFUSED,
        parameters=PAGE,
    )
    def get(self, request: Request) -> HttpResponse:
        requests.query(request, pages.PARAMETERS)
        rows = KeyEntry.objects.filter(organisation=self.actor.organisation).select_related("since", "ended")
        return pages.page_of(request, rows, key_documents, order=("since_id", "pk"))


class MandateFilter(django_filters.FilterSet):
    """What mandates are looked for by."""

    whose = django_filters.ChoiceFilter(choices=[(one, one) for one in ("given", "held")], method="of_whom")

    def __init__(self, data: Mapping[str, str], rows: QuerySet[Mandate], *, own: Organisation) -> None:
        super().__init__(data, rows)
        self.own = own

    def of_whom(self, rows: QuerySet[Mandate], name: str, whose: str) -> QuerySet[Mandate]:
        return rows.filter(giver=self.own) if whose == "given" else rows.filter(holder=self.own)


class Mandates(ApiView):
    """Mandates that your organisation gave or holds."""

    @described(
        "list_mandates",
        "List mandates that you gave or hold",
        tag=TAG,
        answers={200: pages.Page[documents.MandateDocument]},
        refused=REFUSED,
        parameters=filter_parameters(MandateFilter),
    )
    def get(self, request: Request) -> HttpResponse:
        asked = requests.query(request, pages.PARAMETERS | MandateFilter.base_filters.keys())
        own = self.actor.organisation
        rows = MandateFilter(asked, Mandate.objects.filter(Q(giver=own) | Q(holder=own)), own=own)
        return pages.page_of(request, pages.filtered(rows), self._documents, order=("-pk",))

    @described(
        "give_mandate",
        "Give a mandate, as an administrator: until the last day its holder reads your confidential values",
        tag=TAG,
        request={requests.JSON: of_shape(NEW_MANDATE)},
        answers={201: documents.MandateDocument},
        refused=(*REFUSED, 404, 409, 413, 415, 422),
        parameters=[KEY],
    )
    def post(self, request: Request) -> HttpResponse:
        wanted = requests.read_object(request, NEW_MANDATE)
        return answer_once(request, self.actor, lambda: self._give(wanted))

    def _give(self, wanted: Mapping[str, Any]) -> HttpResponse:
        first, last = (date.fromisoformat(wanted[name]) for name in ("valid_from", "valid_until"))
        members.require_admin(self.actor)
        given = organisations.give_mandate(
            actor=self.actor,
            holder=openings.holder(wanted["holder"]),
            purpose=wanted["purpose"],
            valid_from=first,
            valid_until=last,
        )
        [shown] = self._documents([given])
        return json_answer(shown, status=201)

    def _documents(self, rows: Sequence[Mandate]) -> list[documents.MandateDocument]:
        return [
            documents.MandateDocument(
                id=row.pk,
                giver=urn_of(row.giver_id),
                holder=urn_of(row.holder_id),
                purpose=row.purpose,
                valid_from=row.valid_from.isoformat(),
                valid_until=row.valid_until.isoformat(),
                in_force=row.revoked_at is None and row.valid_from <= self.today <= row.valid_until,
            )
            for row in rows
        ]


class Members(ApiView):
    """The people of your organisation."""

    @described(
        "list_members",
        "List the people of your organisation",
        tag=TAG,
        answers={200: pages.Page[documents.MemberDocument]},
        refused=REFUSED,
        parameters=PAGE,
    )
    def get(self, request: Request) -> HttpResponse:
        requests.query(request, pages.PARAMETERS)
        return pages.page_of(request, people.members(self.actor), self._documents, order=("pk",))

    def _documents(self, rows: Sequence[Membership]) -> list[documents.MemberDocument]:
        shown = may_read_members(self.request)
        return [
            documents.MemberDocument(
                row.pk, row.user.get_full_name(), row.role, row.user.email if shown else msgspec.UNSET
            )
            for row in rows
        ]


class OneMember(ApiView):
    """A colleague; only a signed-in administrator changes his role or lets him go."""

    for_people = True

    @described(
        "change_member",
        "Give a colleague another role",
        tag=TAG,
        request={requests.JSON: of_shape(NEW_ROLE)},
        answers={204: None},
        refused=(*REFUSED, 404, 409, 413, 415, 422),
    )
    def put(self, request: Request, member_id: int) -> HttpResponse:
        wanted = requests.read_object(request, NEW_ROLE)
        members.change_role(actor=self.actor, member_id=member_id, role=wanted["role"])
        return HttpResponse(status=204)

    @described(
        "remove_member",
        "End the membership of a colleague, or your own, with the tokens that he made",
        tag=TAG,
        answers={204: None},
        refused=(*REFUSED, 404, 409),
    )
    def delete(self, request: Request, member_id: int) -> HttpResponse:
        members.remove(actor=self.actor, member_id=member_id)
        return HttpResponse(status=204)


class AllData(ApiView):
    """Everything that is kept of your organisation, for a signed-in administrator."""

    for_people = True

    @described(
        "export_all_data",
        "Take all data of your organisation away, as one archive",
        tag=TAG,
        answers={200: ARCHIVE},
        refused=REFUSED,
    )
    def get(self, request: Request) -> StreamingHttpResponse:
        requests.query(request, ())
        answer = StreamingHttpResponse(takeout.archive(actor=self.actor), content_type=ZIP)
        answer["Content-Disposition"] = 'attachment; filename="lodestone-data.zip"'
        return answer


class Invitations(ApiView):
    """Open invitations; only a signed-in administrator sees and sends them."""

    for_people = True

    @described(
        "list_invitations",
        "List your open invitations",
        tag=TAG,
        answers={200: pages.Page[documents.InvitationDocument]},
        refused=REFUSED,
        parameters=PAGE,
    )
    def get(self, request: Request) -> HttpResponse:
        requests.query(request, pages.PARAMETERS)
        members.require_admin(self.actor)
        return pages.page_of(request, people.open_invitations(self.actor), _invitations, order=("-created_at", "pk"))

    @described(
        "create_invitation",
        "Invite a colleague in a role; without a role, a partner who is not here yet",
        tag=TAG,
        request={requests.JSON: of_shape(NEW_INVITATION)},
        answers={201: documents.InvitationDocument},
        refused=(*REFUSED, 409, 413, 415, 422, 429),
        parameters=[KEY],
    )
    def post(self, request: Request) -> HttpResponse:
        wanted = requests.read_object(request, NEW_INVITATION)
        return answer_once(request, self.actor, lambda: self._invite(wanted))

    def _invite(self, wanted: Mapping[str, Any]) -> HttpResponse:
        if "role" in wanted:
            made = invitations.invite(actor=self.actor, email=wanted["email"], role=wanted["role"])
        else:
            made = invitations.invite_partner(actor=self.actor, email=wanted["email"])
        [shown] = _invitations([made])
        return json_answer(shown, status=201)


class OneInvitation(ApiView):
    """One open invitation."""

    for_people = True

    @described("withdraw_invitation", "Withdraw an invitation", tag=TAG, answers={204: None}, refused=(*REFUSED, 404))
    def delete(self, request: Request, invitation: UUID) -> HttpResponse:
        invitations.withdraw(actor=self.actor, invitation_id=invitation)
        return HttpResponse(status=204)


class InvitationAgain(ApiView):
    """A new letter, with a new link."""

    for_people = True

    @described(
        "resend_invitation",
        "Send an invitation again with a new link; the old one opens nothing any more",
        tag=TAG,
        answers={200: documents.InvitationDocument},
        refused=(*REFUSED, 404, 429),
        parameters=[KEY],
    )
    def post(self, request: Request, invitation: UUID) -> HttpResponse:
        return answer_once(request, self.actor, lambda: self._resend(invitation))

    def _resend(self, invitation: UUID) -> HttpResponse:
        [shown] = _invitations([invitations.resend(actor=self.actor, invitation_id=invitation)])
        return json_answer(shown)


class Tokens(ApiView):
    """Your tokens; a signed-in administrator sees all tokens of the organisation. No program makes one."""

    for_people = True

    @described(
        "list_tokens",
        "List your tokens, as an administrator all of your organisation",
        tag=TAG,
        answers={200: pages.Page[documents.TokenDocument]},
        refused=REFUSED,
        parameters=PAGE,
    )
    def get(self, request: Request) -> HttpResponse:
        requests.query(request, pages.PARAMETERS)
        rows = tokens.visible_to(self.actor)
        return pages.page_of(request, rows, _tokens, order=("-created_at", "pk"))

    @described(
        "create_token",
        "Make a token; its secret is shown this once",
        tag=TAG,
        request={requests.JSON: of_shape(NEW_TOKEN)},
        answers={201: documents.NewToken},
        refused=(*REFUSED, 413, 415, 422),
    )
    def post(self, request: Request) -> HttpResponse:
        wanted = requests.read_object(request, NEW_TOKEN)
        token, secret = tokens.create(
            actor=self.actor,
            name=wanted["name"],
            scopes=[ApiToken.Scope(one) for one in wanted["scopes"]],
            expires_at=moments.parse_moment(wanted["expires_at"]),
        )
        [shown] = _tokens([token])
        answer = json_answer(documents.NewToken(**msgspec.structs.asdict(shown), secret=secret), status=201)
        answer["Cache-Control"] = "no-store"
        return answer


class Token(ApiView):
    """One token."""

    for_people = True

    @described("revoke_token", "Revoke a token", tag=TAG, answers={204: None}, refused=(*REFUSED, 404))
    def delete(self, request: Request, token: UUID) -> HttpResponse:
        tokens.revoke(actor=self.actor, token_id=token)
        return HttpResponse(status=204)


def _partners(rows: Sequence[Organisation]) -> list[documents.PartnerDocument]:
    return [documents.PartnerDocument(urn_of(row.pk), row.name, row.country, row.roles) for row in rows]


def key_documents(rows: Sequence[KeyEntry]) -> list[documents.KeyDocument]:
    """Keys as documents."""
    given = KeyName.objects.filter(pk__in=[bytes(row.pk) for row in rows])
    called = {bytes(one.pk): one.name for one in given}
    return [
        documents.KeyDocument(
            key=f"sha256:{bytes(row.key_id).hex()}",
            public_key=b64url_encode(bytes(row.public_key)),
            custody=row.custody,
            recovery=row.recovery,
            active=row.ended is None,
            since=digest_of(row.since),
            ended=msgspec.UNSET if row.ended is None else digest_of(row.ended),
            compromised_from_index=msgspec.UNSET if row.compromised_from is None else row.compromised_from,
            name=called.get(bytes(row.pk)) or msgspec.UNSET,
        )
        for row in rows
    ]


def _invitations(rows: Sequence[Invitation]) -> list[documents.InvitationDocument]:
    now = timezone.now()
    return [
        documents.InvitationDocument(
            row.pk, row.email, row.sent_at, row.expires_at, row.is_live(now), row.role or msgspec.UNSET
        )
        for row in rows
    ]


def _tokens(rows: Sequence[ApiToken]) -> list[documents.TokenDocument]:
    now: datetime = timezone.now()
    return [
        documents.TokenDocument(
            id=row.pk,
            name=row.name,
            scopes=[one.value for one in row.scopes],
            created_at=row.created_at,
            expires_at=row.expires_at,
            live=row.is_live(now),
            last_used_at=row.last_used_at or msgspec.UNSET,
        )
        for row in rows
    ]
