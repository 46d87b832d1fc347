"""The account of your organisation: what it says of itself, GTINs of its products, and its end."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Final

import django_filters
from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter
from msgspec import UNSET, Meta, Struct, UnsetType
from rest_framework.request import Request

from traceability.api import pages, requests
from traceability.api.documents import Receipt
from traceability.api.idempotency import answer_once
from traceability.api.organisations import REFUSED, TAG
from traceability.api.schema import KEY, described, filter_parameters, of_shape
from traceability.api.statements import receipt_documents
from traceability.api.views import ApiView, json_answer
from traceability.ledger.errors import RecordError
from traceability.ledger.shapes import Object, Text
from traceability.models import Application, ProductNumber
from traceability.selectors import product_numbers as selector
from traceability.services import leaving, members, product_numbers, signup
from traceability.services.signup import Applied

CHANGED: Final = (*REFUSED, 409, 413, 415, 422)
NEW_NUMBER: Final = Object({"material": Text(120), "gtin": Text(20)})
CLOSING: Final = Object({"name": Text(200), "password": Text(4096)})
GTIN: Final = OpenApiParameter("gtin", {"type": "string", "pattern": "^[0-9]{14}$"}, OpenApiParameter.PATH)
IN_USE, ENDED = "in_use", "ended"


class NotYourPassword(RecordError):
    """A password that is not that of the person who is signed in."""

    code = "not_your_password"


class NotThisOrganisation(RecordError):
    """The name of another organisation than the one for which one acts."""

    code = "not_this_organisation"


class TooManyAttempts(RecordError):
    """So many passwords that somebody may be guessing."""

    code = "too_many_attempts"


class SaidOfItself(Struct):
    """What an organisation says of itself while the operator has not vouched for it."""

    name: str
    country: str
    roles: list[str]
    standing: str
    about: str | UnsetType = UNSET
    website: str | UnsetType = UNSET
    reason: Annotated[str, Meta(description="Why the operator did not vouch.")] | UnsetType = UNSET


class ObstacleDocument(Struct):
    """What has to be done before the account can be closed, and how often."""

    code: Annotated[str, Meta(examples=["incoming", "outgoing", "blocked", "queued", "key_elsewhere"])]
    count: int


class ClosingDocument(Struct):
    """Whether the account can be closed now."""

    obstacles: list[ObstacleDocument]


class ClosedDocument(Struct):
    """The account is closed; its keys are revoked by these statements."""

    receipts: list[Receipt]


class ProductNumberDocument(Struct):
    """The GTIN of a material that your organisation makes."""

    material: str
    gtin: str
    given_at: datetime
    ended_at: Annotated[datetime, Meta(description="New labels do not carry it any more.")] | UnsetType = UNSET


class ProductNumberFilter(django_filters.FilterSet):
    """What GTINs are looked for by."""

    material = django_filters.CharFilter(lookup_expr="icontains", max_length=120)
    gtin = django_filters.CharFilter(max_length=14)
    state = django_filters.ChoiceFilter(choices=[(one, one) for one in (IN_USE, ENDED)], method="in_state")

    def in_state(self, rows: QuerySet[ProductNumber], name: str, state: str) -> QuerySet[ProductNumber]:
        return rows.filter(ended_at__isnull=state == IN_USE)


class Said(ApiView):
    """What your organisation says of itself."""

    for_people = True

    @described(
        "read_application",
        "See what your organisation said when it signed up",
        tag=TAG,
        answers={200: SaidOfItself},
        refused=REFUSED,
    )
    def get(self, request: Request) -> HttpResponse:
        requests.query(request, ())
        own = self.actor.organisation
        said = Application.objects.filter(organisation=own).first()
        return json_answer(
            SaidOfItself(
                name=own.name,
                country=own.country,
                roles=own.roles,
                standing=own.standing,
                about=said.about if said else UNSET,
                website=(said.website if said else "") or UNSET,
                reason=own.standing_reason or UNSET,
            )
        )

    @described(
        "say_again",
        "Change it while the operator has not vouched, as an administrator; after a refusal that asks again",
        tag=TAG,
        request={requests.JSON: of_shape(signup.SAID_BY_PROGRAM)},
        answers={204: None},
        refused=CHANGED,
    )
    def put(self, request: Request) -> HttpResponse:
        members.require_admin(self.actor)
        said = requests.read_object(request, signup.SAID_BY_PROGRAM)
        signup.say_again(actor=self.actor, applied=Applied(**said))
        return HttpResponse(status=204)


class ProductNumbers(ApiView):
    """The GTINs that your organisation gave its materials."""

    @described(
        "list_product_numbers",
        "List the GTINs of your materials",
        tag=TAG,
        answers={200: pages.Page[ProductNumberDocument]},
        refused=REFUSED,
        parameters=filter_parameters(ProductNumberFilter),
    )
    def get(self, request: Request) -> HttpResponse:
        asked = requests.query(request, pages.PARAMETERS | ProductNumberFilter.base_filters.keys())
        rows = pages.filtered(ProductNumberFilter(asked, selector.own(self.actor)))
        return pages.page_of(request, rows, _numbers, order=("material", "pk"))

    @described(
        "give_product_number",
        "Give a material its GTIN, as a signed-in administrator; labels carry it from then on",
        tag=TAG,
        request={requests.JSON: of_shape(NEW_NUMBER)},
        answers={201: ProductNumberDocument},
        refused=CHANGED,
        parameters=[KEY],
    )
    def post(self, request: Request) -> HttpResponse:
        wanted = requests.read_object(request, NEW_NUMBER)
        return answer_once(request, self.actor, lambda: self._give(wanted))

    def _give(self, wanted: Mapping[str, Any]) -> HttpResponse:
        given = product_numbers.give(actor=self.actor, material=wanted["material"], gtin=wanted["gtin"])
        return json_answer(_numbers([given])[0], status=201)


class OneProductNumber(ApiView):
    """A GTIN of your organisation."""

    @described(
        "end_product_number",
        "Put a GTIN out of use, as a signed-in administrator; printed labels go on leading to their lots",
        tag=TAG,
        answers={204: None},
        refused=(*REFUSED, 404),
        parameters=[GTIN],
    )
    def delete(self, request: Request, gtin: str) -> HttpResponse:
        selector.one(self.actor, gtin)
        product_numbers.end(actor=self.actor, gtin=gtin)
        return HttpResponse(status=204)


class Closing(ApiView):
    """The end of the account. What was signed stays in the log."""

    for_people = True

    @described(
        "plan_closing",
        "See what has to be done before the account can be closed, as an administrator",
        tag=TAG,
        answers={200: ClosingDocument},
        refused=REFUSED,
    )
    def get(self, request: Request) -> HttpResponse:
        requests.query(request, ())
        members.require_admin(self.actor)
        found = leaving.obstacles(self.actor)
        return json_answer(ClosingDocument([ObstacleDocument(str(one.code), one.count) for one in found]))

    @described(
        "close_account",
        "Close the account for ever, with its name and your password, as an administrator",
        tag=TAG,
        request={requests.JSON: of_shape(CLOSING)},
        answers={200: ClosedDocument},
        refused=CHANGED,
    )
    def post(self, request: Request) -> HttpResponse:
        members.require_admin(self.actor)
        said = requests.read_object(request, CLOSING)
        if said["name"] != self.actor.organisation.name:
            raise NotThisOrganisation("Write the name of your organisation exactly.", path="/name")
        _require_password(request, said["password"])
        return json_answer(ClosedDocument(receipt_documents(leaving.close(actor=self.actor))))


def _require_password(request: Request, password: str) -> None:
    """Refuses another password than that of who is signed in; guesses are limited like those of a sign-in."""
    asked, user = request._request, request.user
    if not ratelimit.consume(asked, action="reauthenticate", user=user):
        raise TooManyAttempts("Too many attempts. Wait a minute.")
    if not (isinstance(user, User) and get_adapter(asked).reauthenticate(user, password)):
        raise NotYourPassword("This is not your password.", path="/password")


def _numbers(rows: Sequence[ProductNumber]) -> list[ProductNumberDocument]:
    return [ProductNumberDocument(row.material, row.gtin, row.given_at, row.ended_at or UNSET) for row in rows]
