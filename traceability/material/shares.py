"""Provenance shares per element: `lodestone-shares/1` (docs/algorithms, algorithms.md section `lodestone-shares/1`).

Each element has shares of its own: the dysprosium of a magnet rarely comes from where its neodymium does.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from traceability.ledger.quantity import computing, round_places
from traceability.material.elements import RARE_EARTHS
from traceability.material.findings import Finding

ALGORITHM: Final = "lodestone-shares/1"
PLACES: Final = 12
UNKNOWN: Final = "unknown"
"""The source of matter that has none in the record. It sorts before every urn."""

Shares = Mapping[str, Decimal]
"""Share of each source by its urn (or UNKNOWN); they sum to 1 exactly, and none is zero."""

ElementShares = Mapping[str, Shares]
"""Shares by element symbol; an element without source has no entry."""

ElementMasses = Mapping[str, Decimal]
"""kg of contained element by symbol, unrounded."""


class SourceClass(StrEnum):
    """What the share of a source counts as."""

    MINED = "mined"
    POST_CONSUMER = "post_consumer"
    PRE_CONSUMER = "pre_consumer"
    UNPROVEN = "unproven"
    UNKNOWN = "unknown"


_CLASS_OF_ORIGIN: Final = {
    "mined": SourceClass.MINED,
    "post_consumer": SourceClass.POST_CONSUMER,
    "pre_consumer": SourceClass.PRE_CONSUMER,
    "purchased": SourceClass.UNPROVEN,
    "opening_stock": SourceClass.UNPROVEN,
}


@dataclass(frozen=True, slots=True)
class Source:
    """Where a share begins: a source lot, or a secondary lot that is used in another process than its own."""

    urn: str
    source_class: SourceClass
    country: str
    """Country of mining; for the other classes it is not shown as an origin."""


@dataclass(frozen=True, slots=True)
class Feed:
    """What one input brings into a step."""

    urn: str
    element_kg: ElementMasses
    shares: ElementShares


@dataclass(frozen=True, slots=True)
class Process:
    """Where and by what a lot was made or is used: an organisation, its facility, the words of `process`."""

    organisation: str
    facility: str | None
    steps: frozenset[str]

    def is_same(self, other: "Process") -> bool:
        """Whether matter that goes from one to the other returns into its own process (ISO 14021: no recycled content).

        Without a facility on both sides the organisation decides, so nobody gains by leaving it out.
        """
        if self.facility is None or other.facility is None:
            same_place = self.organisation == other.organisation
        else:
            same_place = self.facility == other.facility
        return same_place and not self.steps.isdisjoint(other.steps)


def source_of_origin(urn: str, origin: str, country: str) -> Source:
    """The source that a `lot.source` with this origin is; `purchased` and `opening_stock` are unproven."""
    return Source(urn, _CLASS_OF_ORIGIN[origin], country)


def own_shares(urn: str, elements: Iterable[str]) -> ElementShares:
    """The shares of a source lot: 1 to itself for each element it holds."""
    return {element: {urn: Decimal(1)} for element in sorted(elements)}


@computing()
def drawn_element_kg(drawn_kg: Decimal, lot_mass_kg: Decimal, element_kg: ElementMasses) -> ElementMasses:
    """kg of each element in a draw, unrounded: q x element mass / mass of the lot (assay in force at the draw)."""
    return {element: drawn_kg * mass / lot_mass_kg for element, mass in element_kg.items()}


def unknown_feed(urn: str, element_kg: ElementMasses) -> Feed:
    """The feed of a bearing reagent row: its elements count as source `unknown`."""
    return Feed(urn, element_kg, own_shares(UNKNOWN, element_kg))


@computing()
def mixed_shares(feeds: Sequence[Feed]) -> ElementShares:
    """Shares of what leaves a step, equal for every output that holds the element: p = sum e p / sum e, as written.

    A feed that holds an element without source adds to `unknown`; where no feed has a source for it, the element has
    no entry.
    """
    ordered = sorted(feeds, key=lambda feed: feed.urn)
    elements = {element for feed in ordered for element, kg in feed.element_kg.items() if kg > 0}
    mixed = {element: _mix([feed for feed in ordered if feed.element_kg.get(element)], element) for element in elements}
    return {element: mixed[element] for element in sorted(mixed) if mixed[element]}


def _mix(feeds: Sequence[Feed], element: str) -> Shares:
    if not any(element in feed.shares for feed in feeds):
        return {}
    attributed: dict[str, Decimal] = {}
    for feed in feeds:
        for source, share in feed.shares.get(element, {UNKNOWN: Decimal(1)}).items():
            attributed[source] = attributed.get(source, Decimal(0)) + feed.element_kg[element] * share
    return _written(attributed, sum((feed.element_kg[element] for feed in feeds), Decimal(0)))


def _written(attributed: Mapping[str, Decimal], whole: Decimal) -> Shares:
    """Each part of the whole to 12 decimals; the largest (tie: greatest urn) takes 1 - the others; zeros dropped."""
    rounded = {source: round_places(attributed[source] / whole, PLACES) for source in sorted(attributed)}
    largest = max(rounded, key=lambda source: (rounded[source], source))
    rounded[largest] = 1 - sum((share for source, share in rounded.items() if source != largest), Decimal(0))
    return {source: share for source, share in rounded.items() if share}


def lot_shares(mixed: ElementShares, elements: Iterable[str]) -> tuple[ElementShares, tuple[Finding, ...]]:
    """The shares of one output for the elements it holds, and a finding for each element that has no source."""
    held = sorted(elements)
    findings = tuple(
        Finding(
            "element_without_source",
            f"{element} is in the output, but no input with a source holds it. Assay the input that brought it in.",
            path=element,
        )
        for element in held
        if element not in mixed
    )
    return {element: mixed[element] for element in held if element in mixed}, findings


@computing()
def total_shares(element_kg: ElementMasses, shares: ElementShares) -> Shares:
    """Shares of total rare earths of the lot, weighted by its element masses; what has no source is `unknown`."""
    held = {element: kg for element, kg in sorted(element_kg.items()) if element in RARE_EARTHS and kg > 0}
    attributed: dict[str, Decimal] = {}
    for element, kg in held.items():
        for source, share in shares.get(element, {UNKNOWN: Decimal(1)}).items():
            attributed[source] = attributed.get(source, Decimal(0)) + kg * share
    return _written(attributed, sum(held.values(), Decimal(0))) if held else {}


def class_shares(shares: Shares, sources: Mapping[str, Source]) -> Mapping[SourceClass, Decimal]:
    """Sums of the written shares by class; they sum to 1 exactly, classes without share are left out."""
    found: dict[SourceClass, Decimal] = {}
    for urn in sorted(shares):
        source_class = sources[urn].source_class if urn in sources else SourceClass.UNKNOWN
        found[source_class] = found.get(source_class, Decimal(0)) + shares[urn]
    return found


def country_shares(shares: Shares, sources: Mapping[str, Source]) -> Mapping[str, Decimal]:
    """Sums of the written shares by country of mining, with `recycled`, `unproven`, `unknown` beside: 1 in all."""
    found: dict[str, Decimal] = {}
    for urn in sorted(shares):
        word = _country_word(sources.get(urn))
        found[word] = found.get(word, Decimal(0)) + shares[urn]
    return found


def _country_word(source: Source | None) -> str:
    if source is None:
        return UNKNOWN
    if source.source_class is SourceClass.MINED:
        return source.country
    if source.source_class in (SourceClass.POST_CONSUMER, SourceClass.PRE_CONSUMER):
        return "recycled"
    return source.source_class.value


@dataclass(frozen=True, slots=True)
class RecycledContent:
    """Recycled shares of one element, or of total rare earths (ISO 14021)."""

    post_consumer: Decimal
    pre_consumer: Decimal


def recycled_content(shares: Shares, sources: Mapping[str, Source]) -> RecycledContent:
    """Post- and pre-consumer shares of what `shares` describes; unproven and unknown sources never count."""
    by_class = class_shares(shares, sources)
    return RecycledContent(
        post_consumer=by_class.get(SourceClass.POST_CONSUMER, Decimal(0)),
        pre_consumer=by_class.get(SourceClass.PRE_CONSUMER, Decimal(0)),
    )
