"""The organisations of this installation, for its operator: who waits for his word, who is here."""

from typing import TYPE_CHECKING, Any, TypedDict
from uuid import UUID

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from traceability.models import Lot, Membership, Organisation, Statement
from traceability.selectors import keys
from traceability.selectors.access import Actor, NotFound
from traceability.selectors.keys import Keys

if TYPE_CHECKING:
    from datetime import datetime

    from django_stubs_ext import WithAnnotations

    class Counted(TypedDict):
        """What a row of `tenants` has beside its columns."""

        people: int
        lots: int
        last_said: "datetime | None"

    Tenant = WithAnnotations[Organisation, Counted]


def waiting(actor: Actor) -> QuerySet[Organisation]:
    """Who waits for the operator's word, the longest first; only those with an administrator who can be reached."""
    _require(actor)
    return (
        Organisation.objects.filter(Exists(_reachable_admins()), standing=Organisation.Standing.WAITING)
        .select_related("application__applied_by", "invited_by")
        .order_by(F("application__applied_at").asc(nulls_last=True), "pk")
    )


def unconfirmed_count(actor: Actor) -> int:
    """How many have signed up and not confirmed their address."""
    _require(actor)
    rows = Organisation.objects.filter(~Exists(_reachable_admins()), standing=Organisation.Standing.WAITING)
    return rows.count()


def tenants(actor: Actor, *, words: str = "", standing: str = "") -> "QuerySet[Tenant]":
    """All organisations by name, with members, lots in their hands and the time of their last statement."""
    _require(actor)
    rows = Organisation.objects.annotate(
        people=_count(Membership.objects.filter(organisation=OuterRef("pk")), "organisation"),
        lots=_count(Lot.objects.filter(holder=OuterRef("pk")), "holder"),
        last_said=Subquery(
            Statement.objects.filter(issuer=OuterRef("pk")).order_by("-accepted_at").values("accepted_at")[:1]
        ),
    )
    if standing in Organisation.Standing.values:
        rows = rows.filter(standing=standing)
    return called(rows, words).order_by("name", "pk")


def called(rows: "QuerySet[Any]", words: str) -> "QuerySet[Any]":
    """Those of the organisations in whose name each word stands, or who have a member with this e-mail address."""
    for word in words.split():
        rows = rows.filter(Q(name__icontains=word) | Q(memberships__user__email__iexact=word)).distinct()
    return rows


def tenant(actor: Actor, organisation_id: UUID) -> "Tenant":
    """One organisation, or NotFound."""
    found = tenants(actor).select_related("application__applied_by", "invited_by").filter(pk=organisation_id).first()
    if found is None:
        raise NotFound("There is no such organisation.")
    return found


def admins(actor: Actor, organisation: Organisation) -> QuerySet[Membership]:
    """Whom the operator can ask."""
    _require(actor)
    rows = Membership.objects.filter(organisation=organisation, role=Membership.Role.ADMIN)
    return rows.select_related("user").order_by("pk")


def same_name(actor: Actor, organisation: Organisation) -> QuerySet[Organisation]:
    """Others of the same name: the operator looks twice."""
    _require(actor)
    return Organisation.objects.filter(name__iexact=organisation.name).exclude(pk=organisation.pk).order_by("pk")


def keys_of(actor: Actor, organisation: Organisation) -> Keys:
    """The keys of an organisation, as they stand in the log for everybody."""
    _require(actor)
    return keys.of(organisation)


def _require(actor: Actor) -> None:
    if not actor.organisation.is_operator:
        raise NotFound("There is no such page.")


def _reachable_admins() -> QuerySet[Membership]:
    return Membership.objects.filter(
        organisation=OuterRef("pk"), role=Membership.Role.ADMIN, user__emailaddress__verified=True
    )


def _count(rows: QuerySet[Membership] | QuerySet[Lot], by: str) -> Coalesce:
    counted = rows.order_by().values(by).annotate(rows=Count("pk")).values("rows")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
