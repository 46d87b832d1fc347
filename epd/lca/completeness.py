"""How much of the matter and energy of a chain has a factor: `lodestone-completeness/1`.

By mass and energy, never by GWP: what has no factor has no GWP. Ratios are taken once, where they are shown.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from epd.lca.indicators import Basis
from epd.lca.result import ENERGY_TOTAL, MASS_TOTAL, Gap, LotResult, energy_covered, mass_covered
from traceability.ledger.quantity import computing, round_places

ALGORITHM: Final = "lodestone-completeness/1"
PLACES: Final = 6


@dataclass(frozen=True, slots=True)
class Completeness:
    """Covered shares of one indicator on one basis, over the whole chain of a lot."""

    mass: Decimal
    """Active kg with a factor / all active kg, 6 decimals."""
    energy: Decimal
    """MJ with a factor / all MJ, 6 decimals."""
    gap: Gap
    """The worst step: its own matter and energy without factor and without a stated reason."""
    missing_upstream: tuple[str, ...]
    """Input lots of which nothing is known."""


@computing()
def completeness(result: LotResult, basis: Basis, indicator: str) -> Completeness | None:
    """The completeness of one figure; None where it has no value. Of nothing, all is covered."""
    found = result.bases.get(basis)
    if found is None or indicator not in found.gaps:
        return None
    return Completeness(
        mass=_ratio(found.per_kg[mass_covered(indicator)], found.per_kg[MASS_TOTAL]),
        energy=_ratio(found.per_kg[energy_covered(indicator)], found.per_kg[ENERGY_TOTAL]),
        gap=found.gaps[indicator],
        missing_upstream=result.missing_upstream,
    )


def _ratio(covered: Decimal, total: Decimal) -> Decimal:
    return round_places(covered / total, PLACES) if total else Decimal(1)
