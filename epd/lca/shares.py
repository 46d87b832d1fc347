"""Where the rare earths of a lot come from, as a result states it: `lodestone-shares/1`.

The arithmetic is `traceability.material.shares`; here it is applied to a step and gathered into what is written.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from traceability.material.elements import RARE_EARTHS
from traceability.material.shares import (
    ALGORITHM,
    ElementMasses,
    ElementShares,
    Feed,
    RecycledContent,
    Shares,
    Source,
    class_shares,
    country_shares,
    lot_shares,
    mixed_shares,
    own_shares,
    recycled_content,
    total_shares,
)

__all__ = ["ALGORITHM", "MAX_ROWS", "LotShares", "shares_of_lot", "shares_of_source"]

MAX_ROWS: Final = 100
"""Up to so many rows of a table stand in the result; above, {count, root} does, and the table travels with the goods.

A confidential table is one disclosure, and that has at most 16 KiB (record-format.md section 1).
"""


@dataclass(frozen=True, slots=True)
class LotShares:
    """Shares by element and of total rare earths, as written; the sources say what each urn is."""

    elements: ElementShares
    totals: Shares
    sources: Mapping[str, Source]

    @property
    def classes(self) -> Mapping[str, Decimal]:
        """Shares of total rare earths by class; 1 in all."""
        return {word.value: share for word, share in class_shares(self.totals, self.sources).items()}

    @property
    def countries(self) -> Mapping[str, Decimal]:
        """Shares of total rare earths by country of mining, with `recycled`, `unproven`, `unknown` beside; 1 in all."""
        return country_shares(self.totals, self.sources)

    @property
    def recycled(self) -> RecycledContent:
        """Recycled content of total rare earths, post- and pre-consumer apart."""
        return recycled_content(self.totals, self.sources)


def shares_of_source(source: Source, element_kg: ElementMasses) -> LotShares | None:
    """The shares of a source lot: 1 to itself; None where it holds no rare earth."""
    found, _ = shares_of_lot(
        (Feed(source.urn, element_kg, own_shares(source.urn, element_kg)),), element_kg, {source.urn: source}
    )
    return found


def shares_of_lot(
    feeds: Sequence[Feed], element_kg: ElementMasses, sources: Mapping[str, Source]
) -> tuple[LotShares | None, bool]:
    """The shares of one output and whether an element of it has no source; None where it holds no rare earth."""
    held = _rare_earths(element_kg)
    if not held:
        return None, False
    elements, findings = lot_shares(mixed_shares(feeds), held)
    totals = total_shares(held, elements)
    named = set(totals).union(*elements.values())
    return LotShares(elements, totals, _known(sources, named)), bool(findings)


def _rare_earths(element_kg: ElementMasses) -> ElementMasses:
    return {element: kg for element, kg in element_kg.items() if element in RARE_EARTHS and kg > 0}


def _known(sources: Mapping[str, Source], urns: Iterable[str]) -> Mapping[str, Source]:
    return {urn: sources[urn] for urn in sorted(urns) if urn in sources}
