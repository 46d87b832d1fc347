"""What a new organisation has done of its first steps, told by its rows."""

from dataclasses import dataclass

from django.db.models import Count

from traceability.models import Facility, Invitation, Lot, Membership
from traceability.selectors.access import Actor

OPENING = "opening_stock"


@dataclass(frozen=True, slots=True)
class FirstDays:
    """How many of each there are."""

    sites: int
    opening_lots: int
    bought_lots: int
    materials: int
    colleagues: int
    invited: int


def facts(actor: Actor) -> FirstDays:
    """The first steps of the actor's organisation."""
    own = actor.organisation
    made = Lot.objects.filter(maker=own)
    origins = dict(made.exclude(origin="").values_list("origin").annotate(lots=Count("pk")).order_by())
    return FirstDays(
        sites=Facility.objects.filter(organisation=own, voided=False).count(),
        opening_lots=origins.get(OPENING, 0),
        bought_lots=sum(count for origin, count in origins.items() if origin != OPENING),
        materials=made.values("material").distinct().count(),
        colleagues=Membership.objects.filter(organisation=own).count() - 1,
        invited=Invitation.objects.filter(organisation=own, accepted_at=None, withdrawn_at=None)
        .exclude(role="")
        .count(),
    )
