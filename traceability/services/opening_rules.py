"""The standing rules of an organisation: who reads each group of its confidential values.

They are looked at when somebody reads, so a change counts for all statements, also those that were signed before.
"""

from collections.abc import Mapping

from django.db import transaction

from traceability.models import AuditEvent, OpeningRule
from traceability.selectors import openings
from traceability.selectors.access import Actor, is_wider
from traceability.services import audit, members

Kind = AuditEvent.Kind


@transaction.atomic
def change(*, actor: Actor, wanted: Mapping[str, str]) -> Mapping[str, str]:
    """What changed, the new audience by group; the same said again changes nothing.

    `wanted` holds audiences by group; groups that it does not name stay as they are.
    """
    members.require_admin(actor)
    members.lock(actor.organisation)
    before = openings.rules(actor)
    changed = {group: audience for group, audience in wanted.items() if before[group] != audience}
    for group, audience in changed.items():
        OpeningRule.objects.update_or_create(
            organisation=actor.organisation, group=group, defaults={"audience": audience}
        )
        kind = Kind.OPENED if is_wider(audience, before[group]) else Kind.CLOSED
        audit.note(actor, kind, f"Standing rule for {group}: {audience}, was {before[group]}")
    return changed
