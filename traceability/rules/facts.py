"""The facts that rules are asked of: lots, what they were made of and where, as far as one reader may see them.

Nothing here is guessed. None is "not visible to the reader, or not recorded"; it is never zero, and never "no".
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from traceability.material.elements import RARE_EARTHS
from traceability.material.shares import ElementShares, Source
from traceability.rules.activities import COLLECTED, MINED

ANY: Final = "*"
"""Stands for elements that the reader does not see: any of them may be meant."""
UNPROVEN: Final = ("purchased", "opening_stock")
_ENTRY: Final = {"mined": MINED, "post_consumer": COLLECTED, "pre_consumer": COLLECTED}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the chain: what was done, what that is to rules, and where."""

    word: str
    activity: str
    country: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What the bundle of another record proves of a lot that came from there, as far as the reader may read it."""

    shares: ElementShares | None
    sources: tuple[Source, ...]
    steps: tuple[Step, ...]

    @property
    def is_proven(self) -> bool:
        """Whether every way leads to a mine or to scrap there."""
        return self.shares is not None and all(one.source_class in _ENTRY for one in self.sources)


@dataclass(frozen=True, slots=True)
class Making:
    """One lot, and how it came to be."""

    urn: str
    label: str
    stage: str
    maker: str
    """The name of who made it; empty where the reader does not know it."""
    day: date
    steps: tuple[Step, ...] = ()
    origin: str = ""
    """Of a source: mined, post_consumer, pre_consumer, purchased or opening_stock."""
    country: str = ""
    contents: Mapping[str, Decimal] | None = None
    """% of dry mass by element symbol; None where the reader does not see them."""
    mass_kg: Decimal | None = None
    parents: tuple[str, ...] = ()
    drawn_kg: Mapping[str, Decimal] = field(default_factory=dict)
    """kg that the whole step drew of each parent, as far as the reader sees it."""
    statement: str = ""
    is_secondary: bool = False
    """Whether it is production scrap."""
    site: str = ""
    """Where it was made: a facility, else the organisation."""
    is_division: bool = False
    """Whether it was only split off or merged."""
    unsourced: tuple[str, ...] = ()
    """Elements that reagents without a lot brought in."""
    is_coated: bool = False
    custody_model: str = ""
    """The model of ISO 22095 that the statement which made it claims; empty where it claims none."""
    is_credited: bool = False
    """Whether it was credited to a claims account: it counts as mass balance from then on."""
    imported: "Imported | None" = None
    """What is proven of a lot of another record; None of a lot of this one."""
    claims: int = 0
    """How many claims from claims accounts stand on it."""

    @property
    def all_steps(self) -> tuple[Step, ...]:
        """Its steps; of a source how it came into the record, of an imported lot those that the other record proves."""
        if self.imported is not None:
            mined = (Step(one.source_class, _ENTRY[one.source_class], one.country) for one in self.imported.sources
                     if one.source_class in _ENTRY and one.country)  # fmt: skip
            return (*mined, *self.imported.steps)
        if self.origin:
            word = _ENTRY.get(self.origin, "")
            return (Step(self.origin, word, self.country),) if word else ()
        return self.steps

    def holds(self, element: str) -> bool:
        """Whether the element is in it, or may be."""
        return self.contents is None or bool(self.contents.get(element))


@dataclass(frozen=True, slots=True)
class Papers:
    """What the sender states about the export of a dispatch; empty is not stated."""

    destination: str = ""
    hs_code: str = ""
    category: str = ""
    licence: str = ""
    authority: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    quota_kg: Decimal | None = None

    def licence_covers(self, day: date) -> bool:
        """Whether a licence is stated, and the day is not outside of what is stated of its validity."""
        before = self.valid_from is not None and day < self.valid_from
        after = self.valid_until is not None and day > self.valid_until
        return bool(self.licence) and not before and not after


@dataclass(frozen=True, slots=True)
class Dispatch:
    """A lot that was sent from one country to another; "" is not known."""

    lot: str
    day: date
    from_country: str
    to_country: str
    sender: str
    papers: Papers | None = None


@dataclass(frozen=True, slots=True)
class SourceShare:
    """A share of an element of the lot that came one way."""

    source_class: str
    steps: tuple[tuple[str, str], ...]
    """Activities with their countries, mine first; of a signed result the mine alone."""
    share: Decimal


@dataclass(frozen=True, slots=True)
class Chain:
    """Lots and all that went into them."""

    makings: Mapping[str, Making]
    dispatches: Mapping[str, tuple[Dispatch, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LotFacts:
    """Everything that rules may ask of one lot."""

    urn: str
    chain: Chain
    shares: Mapping[str, tuple[SourceShare, ...]] | None
    """Per element, 1 in all; None where they are not established for this reader."""
    shares_stated: bool = False
    """Whether the shares are those of the signed result of its maker, and not computed now."""
    _bearing: dict[str, frozenset[str]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def lot(self) -> Making:
        """The lot itself."""
        return self.chain.makings[self.urn]

    @property
    def rare_earths(self) -> frozenset[str]:
        """The rare earths in the lot; ANY where the reader does not see its contents."""
        return _rare_earths(self.lot)

    def bearing(self) -> Mapping[str, frozenset[str]]:
        """The lot and what went into it, nearest first, each with the rare earths of the lot that may have come by it.

        A lot by which none of them can have come is left out: contents that the reader sees rule it out.
        """
        if not self._bearing:
            self._bearing.update(_bearing(self.chain.makings, self.lot))
        return self._bearing

    def above(self) -> Iterator[tuple[Making, tuple[str, ...]]]:
        """The lots of `bearing`, each with those elements; none where they are not visible."""
        for urn, elements in self.bearing().items():
            yield self.chain.makings[urn], tuple(sorted(elements - {ANY}))


def _rare_earths(making: Making) -> frozenset[str]:
    if making.contents is None:
        return frozenset({ANY})
    return frozenset(one for one, pct in making.contents.items() if one in RARE_EARTHS and pct)


def _bearing(makings: Mapping[str, Making], lot: Making) -> dict[str, frozenset[str]]:
    found = {lot.urn: _rare_earths(lot)}
    waiting = [lot.urn]
    for urn in waiting:
        for parent in makings[urn].parents:
            may = _passed(found[urn], _rare_earths(makings[parent])) | found.get(parent, frozenset())
            if may and may != found.get(parent):
                found[parent] = may
                waiting.append(parent)
    return found


def _passed(wanted: Collection[str], held: frozenset[str]) -> frozenset[str]:
    """What of the wanted elements a lot that holds these may have brought."""
    if ANY in wanted:
        return held
    return frozenset(wanted) if ANY in held else held & frozenset(wanted)
