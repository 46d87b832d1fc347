"""Shares per element with the way that each took: mine, separation, metal, alloy, magnet.

The mixing is `lodestone-shares/1`; what stands for a source there is here the source with the activities and countries
on its way, so that a rule on any step is a question about sets.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from graphlib import TopologicalSorter
from typing import Final

from traceability.ledger.quantity import computing
from traceability.material.elements import RARE_EARTHS
from traceability.material.shares import (
    UNKNOWN,
    ElementMasses,
    ElementShares,
    Feed,
    Source,
    SourceClass,
    lot_shares,
    mixed_shares,
    own_shares,
    source_of_origin,
)
from traceability.rules.activities import ACTIVITIES, COLLECTED, HANDLED, MINED
from traceability.rules.facts import Imported, Making, SourceShare

COUNTED: Final = RARE_EARTHS | {"B", "Co", "Ni"}
"""The elements that are followed: rare earths, and those of magnets that rules name."""
_CLASS, _STEP = "#", ">"
_PASSED: Final = tuple(one for one in ACTIVITIES if one != MINED)
Trails = Mapping[str, ElementShares | None]
"""By lot, its shares by element and trail; None where something that they need is not visible."""


def trails_of(makings: Mapping[str, Making]) -> Trails:
    """The trails of all these lots; each lot is mixed once, however many came of it."""
    found: dict[str, ElementShares | None] = {}
    mixed: dict[tuple[str, ...], ElementShares | None] = {}
    for urn in TopologicalSorter({urn: one.parents for urn, one in makings.items()}).static_order():
        making = makings[urn]
        if making.origin or making.imported is not None:
            found[urn] = _own(making) if making.imported is None else _proven(making, making.imported)
            continue
        key = (making.statement, *making.parents)
        if key not in mixed:
            mixed[key] = _mixed(making, makings, found)
        found[urn] = _after(making, mixed[key])
    return found


def source_shares(shares: ElementShares | None) -> Mapping[str, tuple[SourceShare, ...]] | None:
    """The shares of one lot as rules ask for them."""
    if shares is None:
        return None
    return {
        element: tuple(SourceShare(*_read(trail), share) for trail, share in ways.items())
        for element, ways in shares.items()
    }


def _own(making: Making) -> ElementShares | None:
    if making.contents is None:
        return None
    source = source_of_origin(making.urn, making.origin, making.country)
    trail = f"{making.urn}{_CLASS}{source.source_class}" + _steps(making)
    return own_shares(trail, _held(making))


def _proven(making: Making, imported: Imported) -> ElementShares | None:
    """The shares that another record proves; None where nobody can say which way which of them took there."""
    countries = {activity: {one.country for one in imported.steps if one.activity == activity} for activity in _PASSED}
    if imported.shares is None or making.contents is None or any(len(one) > 1 for one in countries.values()):
        return None
    sources = {one.urn: one for one in imported.sources}
    passed = "".join(f"{_STEP}{activity}:{country}" for activity, found in countries.items() for country in found)
    return {
        element: {_trail(sources.get(urn)) + (passed if urn in sources else ""): part for urn, part in parts.items()}
        for element, parts in imported.shares.items()
        if element in _held(making)
    }


def _trail(source: Source | None) -> str:
    if source is None:
        return UNKNOWN
    entry = {SourceClass.MINED: MINED, SourceClass.POST_CONSUMER: COLLECTED, SourceClass.PRE_CONSUMER: COLLECTED}
    activity = entry.get(source.source_class)
    step = f"{_STEP}{activity}:{source.country}" if activity and source.country else ""
    return f"{source.urn}{_CLASS}{source.source_class}{step}"


def _mixed(making: Making, makings: Mapping[str, Making], found: Trails) -> ElementShares | None:
    """What leaves the step, by trail; None where an input of it is not visible."""
    if making.is_division and len(making.parents) == 1:
        return found[making.parents[0]]
    feeds = []
    for parent in making.parents:
        shares, drawn, contents = found[parent], making.drawn_kg.get(parent), makings[parent].contents
        if shares is None or drawn is None or contents is None:
            return None
        feeds.append(
            Feed(parent, _drawn(drawn_kg=drawn, making=makings[parent]), _as_source(making, makings[parent], shares))
        )
    return None if making.unsourced else mixed_shares(feeds)


@computing()
def _drawn(*, drawn_kg: Decimal, making: Making) -> ElementMasses:
    contents = making.contents or {}
    return {element: drawn_kg * contents[element] / 100 for element in _held(making)}


def _as_source(making: Making, parent: Making, shares: ElementShares) -> ElementShares:
    """What a lot brings; production scrap that is used in another process than its own is a source itself."""
    same_words = {one.word for one in making.steps} & {one.word for one in parent.steps}
    if not parent.is_secondary or making.is_division or (making.site == parent.site and same_words):
        return shares
    trail = f"{parent.urn}{_CLASS}{SourceClass.PRE_CONSUMER}{_STEP}{COLLECTED}:{parent.country}"
    return own_shares(trail, _held(parent))


def _after(making: Making, mixed: ElementShares | None) -> ElementShares | None:
    """The shares of one output, with the steps that made it at the end of each trail."""
    if mixed is None or making.contents is None:
        return None
    mine, _findings = lot_shares(mixed, _held(making))
    steps = "" if making.is_division else _steps(making)
    if not steps:
        return mine
    return {element: {trail + steps: share for trail, share in ways.items()} for element, ways in mine.items()}


def _held(making: Making) -> Iterable[str]:
    return [one for one, pct in (making.contents or {}).items() if one in COUNTED and pct]


def _steps(making: Making) -> str:
    passed = dict.fromkeys((one.activity, one.country) for one in making.all_steps if one.activity != HANDLED)
    return "".join(f"{_STEP}{activity}:{country}" for activity, country in passed)


@lru_cache(maxsize=20_000)
def _read(trail: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The class of a trail, and its activities with their countries."""
    source, *steps = trail.split(_STEP)
    found = source.partition(_CLASS)[2] or str(SourceClass.UNKNOWN)
    pairs = [one.partition(":") for one in steps]
    return (UNKNOWN if source == UNKNOWN else found), tuple((activity, country) for activity, _, country in pairs)
