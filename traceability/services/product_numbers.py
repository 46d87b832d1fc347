"""The GTIN of a material stands on labels from when it is given; what was printed leads to the lot for ever."""

from django.db import IntegrityError, transaction

from traceability.intake.gtin import parse_gtin
from traceability.models import AuditEvent, ProductNumber
from traceability.selectors import product_numbers as selector
from traceability.selectors.access import Actor
from traceability.services import audit, clock, members
from traceability.services.errors import Refusal


class NotMade(Refusal):
    """A material of which the organisation made no lot."""

    code = "material_not_made"


class GtinTaken(Refusal):
    """Another material has this GTIN, or this material has one."""

    code = "gtin_taken"


@transaction.atomic
def give(*, actor: Actor, material: str, gtin: str) -> ProductNumber:
    """The GTIN of a material of the organisation, as it is typed; given again it is in use again."""
    members.require_admin(actor)
    digits = parse_gtin(gtin)
    if material not in selector.materials(actor):
        raise NotMade("Choose a material of which you made a lot.", path="/material")
    known = selector.own(actor).filter(gtin=digits, material=material).first()
    if known is not None and known.ended_at is None:
        return known
    row = known or ProductNumber(organisation=actor.organisation, material=material, gtin=digits)
    row.given_by_id, row.given_at, row.ended_at = actor.user_id or None, clock.now(), None
    if selector.own(actor).filter(material=material, ended_at=None).exists():
        raise GtinTaken("This material has a GTIN. Put that one out of use first.", path="/material")
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise GtinTaken("Another product has this GTIN already. Check the digits.", path="/gtin") from None
    audit.note(actor, AuditEvent.Kind.ACCOUNT, f"GTIN {digits} given to {material}")
    return row


@transaction.atomic
def end(*, actor: Actor, gtin: str) -> ProductNumber:
    """The GTIN, which new labels do not carry any more; labels that were printed go on leading to their lots."""
    members.require_admin(actor)
    row = selector.one(actor, gtin)
    if row.ended_at is None:
        row.ended_at = clock.now()
        row.save(update_fields=["ended_at"])
        audit.note(actor, AuditEvent.Kind.ACCOUNT, f"GTIN {row.gtin} of {row.material} is out of use")
    return row
