"""Where one element of a lot is from, with bounds, and where that of a source is now: `lodestone-tracing/1`.

docs/algorithms/lodestone-tracing-1.md. Masses are kg of the one element, unrounded; everything is exact but for the
precision of the decimals. Steps come in an order in which nothing is drawn from a lot before it was made.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from traceability.ledger.immutable import immutable
from traceability.ledger.quantity import computing
from traceability.material.shares import UNKNOWN

ALGORITHM: Final = "lodestone-tracing/1"
NOTHING: Final = Decimal(0)
WHOLE: Final = Decimal(1)


@immutable
class Draw:
    """What a step drew of a lot: its mass (None: withheld), and the part of the lot that this was, 0 to 1."""

    lot: str
    element_kg: Decimal | None
    part: Decimal = WHOLE
    is_source: bool = False
    """Whether the lot counts here as a source of its own: scrap of one process that goes into another."""


@dataclass(frozen=True, slots=True)
class TracedStep:
    """A step by what it drew and made of the element; None is withheld, or was never measured."""

    name: str
    draws: Sequence[Draw]
    made_kg: Mapping[str, Decimal | None]
    """The element in each output lot."""
    unknown_kg: Decimal = NOTHING
    """The element in reagents, whose source is not in the record."""

    @property
    def is_whole(self) -> bool:
        """Whether all that went in is known."""
        return all(draw.element_kg is not None for draw in self.draws)

    @property
    @computing()
    def in_kg(self) -> Decimal:
        """All that is known to have gone in."""
        return sum((draw.element_kg or NOTHING for draw in self.draws), self.unknown_kg)


@immutable
class Range:
    """The share of a source: at least and at most, 0 to 1, and as mixing in proportion gives it (None: not known)."""

    least: Decimal
    most: Decimal
    expected: Decimal | None

    @property
    def is_open(self) -> bool:
        """Whether nothing is known of it at all."""
        return self.least == NOTHING and self.most == WHOLE and self.expected is None


Ranges = Mapping[str, Range]
"""By source, its urn or UNKNOWN; a source that cannot be in the lot is not there."""
_ITSELF: Final = Range(WHOLE, WHOLE, WHOLE)
_ABSENT: Final = Range(NOTHING, NOTHING, NOTHING)


Written = Mapping[str, Mapping[str, Decimal]]
"""Signed shares by lot and source."""


def ranges_of(
    sources: Iterable[str], steps: Sequence[TracedStep], written: Written | None = None, brought: Written | None = None
) -> Mapping[str, Ranges]:
    """The ranges of every lot that the steps lead to from these source lots, by its urn.

    `written` are shares that makers signed: what is expected of a lot whose making cannot be followed. `brought` are
    those that the records prove from which lots came in.
    """
    found: dict[str, Ranges] = {urn: {urn: _ITSELF} for urn in sources}
    found |= {urn: _unmeasured((), shares) for urn, shares in (brought or {}).items()}
    for step in steps:
        _follow(step, found, written or {})
    return found


def _follow(step: TracedStep, found: dict[str, Ranges], written: Written) -> None:
    feeds = [(draw, _fed(draw, found)) for draw in step.draws]
    for lot, made_kg in step.made_kg.items():
        if made_kg is None or not step.is_whole:
            found[lot] = _unmeasured([ranges for _, ranges in feeds], written.get(lot))
        elif made_kg > 0 and step.in_kg > 0:
            found[lot] = _mixed(step, feeds, made_kg)
        else:
            found[lot] = {}


def _fed(draw: Draw, found: Mapping[str, Ranges]) -> Ranges:
    """Of the part of a lot that was drawn."""
    if draw.is_source:
        return {draw.lot: _ITSELF}
    whole = found.get(draw.lot) or {UNKNOWN: _ITSELF}
    return {source: drawn_range(one, draw.part) for source, one in whole.items()}


def _unmeasured(feeds: Sequence[Ranges], written: Mapping[str, Decimal] | None) -> Ranges:
    """Of a step that cannot be followed: whatever could have gone in may be all of the lot, or nothing of it."""
    possible = sorted({source for ranges in feeds for source in ranges} | set(written or {}))
    if len(possible) == 1:
        return {possible[0]: _ITSELF}
    return {
        source: Range(NOTHING, WHOLE, None if written is None else written.get(source, NOTHING)) for source in possible
    }


@computing()
def _mixed(step: TracedStep, feeds: Sequence[tuple[Draw, Ranges]], made_kg: Decimal) -> Ranges:
    """Section 2: of the matter that went in, any part may have become this lot."""
    whole_kg = step.in_kg
    out_kg = min(made_kg, whole_kg)  # what is measured beyond that is uncertainty, not matter of any source
    given = [(draw.element_kg, ranges) for draw, ranges in feeds if draw.element_kg]
    if step.unknown_kg:
        given.append((step.unknown_kg, {UNKNOWN: _ITSELF}))
    ranges: dict[str, Range] = {}
    for source in sorted({source for _, one in given for source in one}):
        drawn = [(kg, one.get(source, _ABSENT)) for kg, one in given]
        least_kg = sum((kg * one.least for kg, one in drawn), NOTHING)
        most_kg = sum((kg * one.most for kg, one in drawn), NOTHING)
        least = max(NOTHING, (out_kg - (whole_kg - least_kg)) / out_kg)
        ranges[source] = Range(least, min(WHOLE, most_kg / out_kg), _expected(drawn, whole_kg))
    return ranges


def _expected(drawn: Sequence[tuple[Decimal, Range]], whole_kg: Decimal) -> Decimal | None:
    total = NOTHING
    for kg, one in drawn:
        if one.expected is None:
            return None
        total += kg * one.expected
    return total / whole_kg


@computing()
def drawn_range(lot: Range, part: Decimal) -> Range:
    """The range of a part of a lot: nobody says that its sources lie evenly in it (section 2)."""
    if part >= WHOLE or part <= NOTHING:
        return lot
    least = max(NOTHING, WHOLE - (WHOLE - lot.least) / part)
    return Range(least, min(WHOLE, lot.most / part), lot.expected)


# From a source to where it is now


@immutable
class Account:
    """One lot: the element in it as it was made and in what is left of it; None is not known here."""

    made_kg: Decimal | None
    left_kg: Decimal | None


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where the element of a source is, in kg; all of it together is what the source held.

    `now`: in lots that are there. `gone`: in lots, but sent away, disposed of or corrected in stock. `lost`: by step,
    what went in and is in none of its lots; below 0 where more was measured. `untold`: by step or lot, what went where
    the reader does not see it.
    """

    entered_kg: Decimal
    now: Mapping[str, Decimal]
    gone: Mapping[str, Decimal]
    lost: Mapping[str, Decimal]
    untold: Mapping[str, Decimal]

    @property
    @computing()
    def total_kg(self) -> Decimal:
        """All of it."""
        parts = (self.now, self.gone, self.lost, self.untold)
        return sum((kg for one in parts for kg in one.values()), NOTHING)


@computing()
def whereabouts(source: str, accounts: Mapping[str, Account], steps: Sequence[TracedStep]) -> Whereabouts:
    """Where the element of a source lot is, whose mass is known; followed by mixing in proportion (section 3)."""
    entered_kg = accounts[source].made_kg or NOTHING
    shares: dict[str, Decimal] = {source: WHOLE}
    held: dict[str, Decimal] = {source: entered_kg}
    lost: dict[str, Decimal] = {}
    untold: dict[str, Decimal] = {}
    unclear: set[str] = set()
    for step in steps:
        carried = {draw.lot: draw for draw in step.draws if draw.lot in shares}
        if not carried:
            continue
        kg = NOTHING
        unclear |= {lot for lot, draw in carried.items() if draw.element_kg is None}
        for lot, draw in carried.items():
            taken = shares[lot] * (draw.element_kg or NOTHING)
            held[lot] -= taken
            kg += taken
        if not step.is_whole or not step.in_kg:
            untold[step.name] = kg
            continue
        share = kg / step.in_kg
        for lot, made_kg in step.made_kg.items():
            if made_kg is not None:
                shares[lot], held[lot] = share, share * made_kg
                kg -= held[lot]
        rest = untold if None in step.made_kg.values() else lost
        rest[step.name] = kg
    now: dict[str, Decimal] = {}
    gone: dict[str, Decimal] = {}
    for lot, kg in held.items():
        left_kg = accounts[lot].left_kg if lot in accounts else None
        now[lot] = shares[lot] * (left_kg or NOTHING)
        where = untold if left_kg is None or lot in unclear else gone
        where[lot] = kg - now[lot]
    return Whereabouts(entered_kg, _some(now), _some(gone), _some(lost), _some(untold))


def _some(masses: Mapping[str, Decimal]) -> Mapping[str, Decimal]:
    return {name: kg for name, kg in masses.items() if kg}
