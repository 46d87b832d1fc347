"""What pages of traceability show of declarations: slots that config/wiring.py fills with these."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from django.urls import reverse

from epd.models import Declaration
from epd.selectors import declarations
from traceability.selectors.access import Actor, NotFound
from traceability.selectors.slots import DeclarationLink


def of_lots(actor: Actor, lots: Collection[UUID]) -> Mapping[UUID, Sequence[DeclarationLink]]:
    """The declarations of these lots with their pages; what is declared is open to anybody."""
    return {lot: [link(one) for one in rows] for lot, rows in declarations.of_lots(lots).items()}


def by_id(ids: Collection[UUID]) -> Mapping[UUID, DeclarationLink]:
    """These declarations with their pages."""
    return {one.pk: link(one) for one in Declaration.objects.filter(pk__in=ids)}


def by_reference(reference: str) -> tuple[UUID, DeclarationLink] | None:
    """The declaration that is called so, with its page; None where there is none."""
    try:
        found = declarations.by_reference(reference)
    except NotFound:
        return None
    return found.pk, link(found)


def in_force_of(declarant: UUID) -> Sequence[tuple[UUID, UUID, DeclarationLink]]:
    """The declarations of an organisation's lots that are in force, newest first, each with its lot."""
    rows = Declaration.objects.filter(declarant=declarant, status=Declaration.Status.PUBLISHED)
    return [(one.pk, one.lot_id, link(one)) for one in rows if one.lot_id is not None]


def link(one: Declaration) -> DeclarationLink:
    """A declaration with its page."""
    return DeclarationLink(
        reference=one.reference,
        product=one.product,
        status=one.get_status_display(),
        href=reverse("declaration", args=[one.reference]),
    )
