"""The colours of countries: the same on all pages about a lot, its origin and its declaration among them."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from traceability.models import Lot
from traceability.selectors import lots
from traceability.selectors.lots import Ancestry
from traceability.web.pictures.palette import Palette


def of_lot(lot: UUID) -> Palette:
    """The countries of what went into a lot and of the lot itself."""
    own = Lot.objects.filter(pk=lot).values_list("country", flat=True)
    return palette_of(lots.ancestry(lot), own)


def palette_of(above: Ancestry, beside: Iterable[str]) -> Palette:
    """The countries of the ancestors, and after them those of the lot itself and of what came of it."""
    return Palette.of([*above.countries, *beside])
