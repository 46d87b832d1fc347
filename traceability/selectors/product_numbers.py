"""GTINs of products: what an organisation gave its materials, and the lot that a GS1 Digital Link names."""

from collections.abc import Sequence

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from traceability.intake.gtin import digital_link
from traceability.ledger.custody import CustodyState
from traceability.models import Lot, ProductNumber
from traceability.selectors.access import Actor, NotFound


def own(actor: Actor) -> QuerySet[ProductNumber]:
    """The GTINs that the actor's organisation gave its materials, those out of use last."""
    rows = ProductNumber.objects.filter(organisation=actor.organisation).select_related("given_by")
    return rows.order_by("ended_at", "material", "given_at")


def one(actor: Actor, gtin: str) -> ProductNumber:
    """A GTIN of the actor's organisation."""
    found = own(actor).filter(gtin=gtin).first()
    if found is None:
        raise NotFound("Your organisation gave no material this GTIN.")
    return found


def materials(actor: Actor) -> Sequence[str]:
    """What the organisation makes, by the names that its lots have."""
    made = Lot.objects.filter(maker=actor.organisation)
    return list(made.order_by("material").values_list("material", flat=True).distinct())


def lot_named(gtin: str, number: str) -> Lot:
    """The lot that a GS1 Digital Link names: of several of one number the first that was not withdrawn."""
    product = ProductNumber.objects.filter(gtin=gtin).first()
    if product is None:
        raise NotFound("No product of this record has this GTIN.")
    lots = Lot.objects.filter(maker=product.organisation_id, material=product.material, number=number)
    found = sorted(lots, key=lambda lot: (lot.state == CustodyState.VOID, lot.made_by_id))
    if not found:
        raise NotFound("This record has no such lot of this product.")
    return found[0]


def address_of(lot: Lot, *, with_number: bool = True) -> str:
    """What stands in the QR code of a crate, for ever: a GS1 Digital Link where the maker gave a GTIN.

    A Digital Link carries the lot number, so it is only for labels on which the number stands.
    """
    path = link_of(lot) if with_number else ""
    return settings.LODESTONE_BASE_URL + (path or reverse("crate", args=[lot.pk]))


def gtin_in(address: str) -> str:
    """The GTIN of an address that is a GS1 Digital Link; else empty."""
    key, _slash, rest = address.removeprefix(settings.LODESTONE_BASE_URL).removeprefix("/").partition("/")
    return rest.partition("/")[0] if key == "01" else ""


def link_of(lot: Lot) -> str:
    """The path of the GS1 Digital Link of a lot; empty where its maker gave no GTIN, or it would name another lot."""
    given = ProductNumber.objects.filter(organisation=lot.maker_id, material=lot.material, ended_at=None).first()
    path = digital_link(given.gtin, lot.number) if given else ""
    return path if given and path and lot_named(given.gtin, lot.number).pk == lot.pk else ""
