"""The people of an organisation, for its people."""

from django.db.models import QuerySet

from traceability.models import Invitation, Membership
from traceability.selectors.access import Actor, NotFound


def members(actor: Actor) -> QuerySet[Membership]:
    """Who works for the actor's organisation, by name."""
    found = Membership.objects.filter(organisation=actor.organisation).select_related("user")
    return found.order_by("user__first_name", "user__last_name", "user__email", "pk")


def member(actor: Actor, member_id: int) -> Membership:
    """One member of the actor's organisation, or NotFound."""
    found = members(actor).filter(pk=member_id).first()
    if found is None:
        raise NotFound("There is no such member in your organisation.")
    return found


def open_invitations(actor: Actor) -> QuerySet[Invitation]:
    """Invitations that were neither followed nor withdrawn; for administrators, nothing for others."""
    found = Invitation.objects.filter(organisation=actor.organisation, accepted_at=None, withdrawn_at=None)
    return (found if actor.is_admin else found.none()).select_related("invited_by")
