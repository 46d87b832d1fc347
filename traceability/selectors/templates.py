"""The templates of an organisation, for its own members."""

from uuid import UUID

from django.db.models import QuerySet

from traceability.models import DraftTemplate
from traceability.selectors.access import Actor, NotFound


def templates(actor: Actor) -> QuerySet[DraftTemplate]:
    """The templates of the actor's organisation, by their names."""
    return DraftTemplate.objects.filter(organisation=actor.organisation).select_related("made_by")


def template(actor: Actor, template_id: UUID) -> DraftTemplate:
    """One template of the actor's organisation, or NotFound."""
    found = templates(actor).filter(pk=template_id).first()
    if found is None:
        raise NotFound("There is no such template, or it is not yours to see.")
    return found
