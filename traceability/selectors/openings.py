"""What an organisation opened to whom: single values, mandates, and its standing rules; for itself alone."""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from django.db.models import Manager, QuerySet

from traceability.models import Mandate, Opening, OpeningRule, Organisation, PartnerRequest
from traceability.selectors import asking, names
from traceability.selectors.access import DEFAULT_RULES, Actor, NotFound


def values(actor: Actor, partner: UUID | None = None) -> QuerySet[Opening]:
    """The single values that the actor's organisation opened to a partner, or to any, the newest first."""
    rows = Opening.objects.filter(disclosure__statement__issuer=actor.organisation.pk)
    if partner is not None:
        rows = rows.filter(organisation=partner)
    return rows.select_related("disclosure__statement", "organisation").order_by("-opened_at", "-pk")


def value(actor: Actor, opening: int) -> Opening:
    """One of them."""
    found = values(actor).filter(pk=opening).first()
    if found is None:
        raise NotFound("Your organisation opened no such value, or closed it again.")
    return found


def partners(actor: Actor) -> QuerySet[Organisation]:
    """To whom single values are open."""
    return Organisation.objects.filter(pk__in=values(actor).values("organisation")).order_by("name", "pk")


def mandates(actor: Actor) -> QuerySet[Mandate]:
    """The mandates that the actor's organisation gave, those in force first."""
    rows = Mandate.objects.filter(giver=actor.organisation).select_related("holder")
    return rows.order_by("revoked_at", "-valid_until", "pk")


def mandate(actor: Actor, mandate: int) -> Mandate:
    """One of them."""
    found = mandates(actor).filter(pk=mandate).first()
    if found is None:
        raise NotFound("Your organisation gave no such mandate.")
    return found


def holders(actor: Actor, today: date) -> QuerySet[Organisation]:
    """To whom the actor's organisation may give a mandate among those whose names it knows."""
    return _active(names.partners(actor, today)).order_by("name", "pk")


def holder(urn: str) -> Organisation:
    """The organisation to which a mandate is given, by its `urn:uuid:`, or NotFound."""
    found = _active(Organisation.objects).filter(pk=urn.removeprefix("urn:uuid:")).first()
    if found is None:
        raise NotFound("No active organisation has this identifier. Ask your partner for it: it stands on his page "
                       "Organisation.")  # fmt: skip
    return found


def _active(rows: Manager[Organisation] | QuerySet[Organisation]) -> QuerySet[Organisation]:
    return rows.filter(registered=True, standing=Organisation.Standing.ACTIVE)


def rules(actor: Actor) -> Mapping[str, str]:
    """Who reads each group of the organisation's confidential values."""
    own = OpeningRule.objects.filter(organisation=actor.organisation)
    return {**DEFAULT_RULES, **dict(own.values_list("group", "audience"))}


def open_places(row: PartnerRequest) -> Collection[str]:
    """The places that were opened with the answer to a request, and were not closed again."""
    found = asking.disclosures(row.statement, row.opened) if row.statement and row.opened else {}
    rows = Opening.objects.filter(organisation=row.asker_id, disclosure__in=[one.pk for one in found.values()])
    still = set(rows.values_list("disclosure", flat=True))
    return {place for place, one in found.items() if one.pk in still}
