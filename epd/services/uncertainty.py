"""How far the headlines of declarations may lie off, as far as their reader may see what they rest on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import Any

from epd.lca.factors import Factor
from epd.lca.indicators import HEADLINE, Basis
from epd.lca.uncertainty import Bands, Deviation, Draws, Part, bands, of_factor, seed_of, share_below
from epd.models import Declaration
from epd.rules.declared import cells
from epd.rules.profiles import profile_of
from epd.selectors.share_tables import figures_of
from epd.selectors.spread import parts_of
from epd.selectors.stages import Chain
from epd.services import factors
from epd.services.factors import NoFactorSet


@dataclass(frozen=True, slots=True)
class Spread:
    """A declaration with what its headlines are made of, on each basis on which one is declared."""

    digest: bytes
    parts: Mapping[Basis, tuple[Part, ...]]
    factors: Mapping[str, Factor]
    """Those of its set; none where the set is not at hand."""

    @property
    def deviations(self) -> Mapping[str, Deviation]:
        """Of the factors that bring something."""
        used = {name for parts in self.parts.values() for part in parts for name in part.by_factor}
        return {name: of_factor(self.factors.get(name)) for name in sorted(used)}

    @property
    def names(self) -> Mapping[str, str]:
        """What the factors are called."""
        return {name: factor.name for name, factor in self.factors.items()}

    def bands(self) -> Mapping[Basis, Bands]:
        """The percentiles of each headline, under the seed of the declaration alone."""
        draws = Draws(seed_of([self.digest]), self.deviations)
        return {basis: bands(parts, draws) for basis, parts in self.parts.items()}


def spread_of(declaration: Declaration, body: Mapping[str, Any], chain: Chain | None = None) -> Spread:
    """What the headlines of a declaration are made of; `body` and `chain` are what its reader may see."""
    result, profile = figures_of({"lot": "-", **body}), profile_of(str(body["profile"]))
    declared = {one.basis for one in cells(result, profile) if one.indicator == HEADLINE and one.is_declared}
    return Spread(
        bytes(declaration.statement.digest),
        {
            basis: parts_of(result.bases[basis], declaration.declarant_id, declaration.lot_id, chain)
            for basis in Basis
            if basis in declared
        },
        _factors(str(body["factors"])),
    )


def _factors(digest: str) -> Mapping[str, Factor]:
    try:
        return factors.by_digest(digest).factors
    except NoFactorSet:
        return {}


@dataclass(frozen=True, slots=True)
class Below:
    """In which share of runs with the same draws the headline of one declaration is below that of another."""

    basis: Basis
    first: int
    second: int
    share: Decimal


def compared(spreads: Sequence[Spread]) -> list[Below]:
    """Each pair on each basis on which both declare a headline, under one seed; by their places."""
    seed = seed_of(one.digest for one in spreads)
    deviations = {name: found for one in spreads for name, found in one.deviations.items()}
    draws = Draws(seed, deviations)
    runs = {(at, basis): draws.headlines(one.parts[basis]) for at, one in enumerate(spreads) for basis in one.parts}
    return [
        Below(basis, first, second, share_below(runs[first, basis], runs[second, basis]))
        for basis in Basis
        for first, second in combinations(range(len(spreads)), 2)
        if (first, basis) in runs and (second, basis) in runs
    ]
