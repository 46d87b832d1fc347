"""How far a headline may lie off: seeded Monte Carlo with shared draws (docs/algorithms/lodestone-uncertainty-1.md).

Each factor is drawn once per run and moves every lot and tier that uses it: draws of single lots would average out and
make a long chain look surer than it is. A draw has a name, and the same name and seed give the same numbers on any
machine; so two declarations under one seed share what they have in common.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Context, Decimal
from enum import StrEnum
from hashlib import sha256, shake_256
from math import ceil, exp, log, sqrt
from statistics import NormalDist
from typing import Final

from epd.lca.factors import Factor, Quality, Scope
from epd.lca.indicators import HEADLINE
from epd.lca.result import REST, BasisResult, kind_key

ALGORITHM: Final = "lodestone-uncertainty/1"
RUNS: Final = 1000
PERCENTILES: Final = ("2.5", "5", "25", "50", "75", "95", "97.5")
BASIC: Final = 1.05
BASIC_TRANSPORT: Final = 2.0
TECHNOLOGY: Final = (1.0, 1.0, 1.2, 1.5, 2.0)
GEOGRAPHY: Final = (1.0, 1.01, 1.02, 1.02, 1.1)
TIME: Final = (1.0, 1.03, 1.1, 1.2, 1.5)
QUALIFIED_ESTIMATE: Final = 1.2
"""Reliability, mark 4 of the pedigree matrix."""
WORST: Final = Quality(5, 5, 5)
MEASURED_AMOUNTS: Final = "measured"
ESTIMATED_AMOUNTS: Final = "estimated"
OTHERS: Final = "rest"
LEAST_NAMED: Final = 1e-6
"""Of the headline: what brings less is not named."""
_NORMAL: Final = NormalDist()
_SIX_DIGITS: Final = Context(prec=6)


class Origin(StrEnum):
    """Where a deviation is from."""

    STATED = "stated"
    ASSUMED = "assumed"
    CONVENTION = "convention"


@dataclass(frozen=True, slots=True)
class Deviation:
    """The square of a geometric standard deviation: 95 % of the draws lie between 1/gsd2 and gsd2 times the value."""

    gsd2: float
    origin: Origin

    @property
    def printed(self) -> Decimal:
        """`gsd2` to 6 significant digits."""
        return six_digits(self.gsd2)

    @property
    def sigma(self) -> float:
        """The standard deviation of the logarithm."""
        return log(self.gsd2) / 2


def combined(*factors: float) -> float:
    """The square of the geometric standard deviation of independent causes: e to the root of the sum of ln squared."""
    return exp(sqrt(sum(log(one) ** 2 for one in factors)))


def of_factor(factor: Factor | None) -> Deviation:
    """What a factor states of itself, or the default of its class; a factor that is not at hand has the worst marks."""
    if factor is None:
        return of_marks(WORST)
    if factor.gsd2 is not None:
        return Deviation(float(factor.gsd2), Origin.STATED)
    if factor.scope is Scope.DIRECT and factor.compartment is not None:
        return Deviation(1.0, Origin.CONVENTION)
    return of_marks(factor.quality, BASIC_TRANSPORT if factor.unit == "tkm" else BASIC)


def of_marks(quality: Quality, basic: float = BASIC) -> Deviation:
    """The default of a class under three marks of the pedigree matrix."""
    marks = TECHNOLOGY[quality.technology - 1], GEOGRAPHY[quality.geography - 1], TIME[quality.time - 1]
    return Deviation(combined(basic, *marks), Origin.ASSUMED)


MEASURED: Final = Deviation(BASIC, Origin.ASSUMED)
ESTIMATED: Final = Deviation(combined(BASIC, QUALIFIED_ESTIMATE), Origin.ASSUMED)


@dataclass(frozen=True, slots=True)
class Part:
    """kg CO2e that the results of one maker bring into 1 kg of the product."""

    maker: str
    by_factor: Mapping[str, float]
    rest: float
    """What is not known by factor: factors beyond the listed ones, and inputs whose sensitivities are not open."""
    measured: float
    """Of all of it, what comes from metered and apportioned amounts."""
    rest_marks: Quality = WORST

    @property
    def whole(self) -> float:
        """All that the maker brings."""
        return sum(self.by_factor.values()) + self.rest

    @property
    def measured_share(self) -> float:
        """The share of metered and apportioned amounts, from 0 to 1."""
        return min(1.0, max(0.0, self.measured / self.whole)) if self.whole else 0.0


def part_of(maker: str, stated: BasisResult) -> Part:
    """What a result brings per kg of its own lot; of figures whose causes are withheld all is rest."""
    whole = float(stated.counted(HEADLINE) or 0)
    by_factor = {name: float(gwp) for name, gwp in stated.family("use_gwp").items()}
    rest = float(stated.per_kg.get(REST, 0)) if stated.detailed else whole
    return Part(maker, by_factor, rest, float(stated.per_kg.get(kind_key("primary"), 0)), mean_marks(stated))


def mean_marks(stated: BasisResult) -> Quality:
    """The mean marks of a result, rounded to the worse; the worst where it has none."""
    found = stated.family("quality")
    weight = found.get("weight")
    if not weight:
        return WORST
    marks = [
        min(5, max(1, int((found.get(name, 5 * weight) / weight).to_integral_value(ROUND_CEILING))))
        for name in ("te", "ge", "ti")
    ]
    return Quality(*marks)


def seed_of(digests: Iterable[bytes]) -> bytes:
    """The seed of what is looked at together: SHA-256 over the sorted digests of the declarations."""
    return sha256(b"".join(sorted(digests))).digest()


def normals(seed: bytes, name: str, runs: int) -> list[float]:
    """Standard normal numbers of one draw, by run: SHAKE-256 of seed and name, 8 octets for each."""
    octets = shake_256(seed + b"\n" + name.encode()).digest(8 * runs)
    return [
        _NORMAL.inv_cdf(((int.from_bytes(octets[at : at + 8]) >> 12) + 0.5) / 2**52) for at in range(0, 8 * runs, 8)
    ]


class Draws:
    """The multipliers of one seed, each drawn once and shared by all that is looked at together."""

    def __init__(self, seed: bytes, deviations: Mapping[str, Deviation], runs: int = RUNS) -> None:
        self.seed, self.deviations, self.runs = seed, deviations, runs
        self._drawn: dict[tuple[str, float], list[float]] = {}

    def of(self, name: str, deviation: Deviation) -> list[float]:
        """One multiplier for each run."""
        key = (name, deviation.gsd2)
        if key not in self._drawn:
            sigma = deviation.sigma
            drawn = [exp(sigma * z) for z in normals(self.seed, name, self.runs)] if sigma else [1.0] * self.runs
            self._drawn[key] = drawn
        return self._drawn[key]

    def headlines(self, parts: Sequence[Part]) -> list[float]:
        """kg CO2e per kg of the product, by run."""
        runs = [0.0] * self.runs
        for part in parts:
            own = [0.0] * self.runs
            for factor, gwp in sorted(part.by_factor.items()):
                drawn = self.of(f"factor {factor}", self.deviation(factor))
                own = [sum_ + gwp * times for sum_, times in zip(own, drawn, strict=True)]
            rest = self.of(f"{OTHERS} {part.maker}", of_marks(part.rest_marks))
            measured = self.of(f"{MEASURED_AMOUNTS} {part.maker}", MEASURED)
            estimated = self.of(f"{ESTIMATED_AMOUNTS} {part.maker}", ESTIMATED)
            share = part.measured_share
            for run in range(self.runs):
                amounts = share * measured[run] + (1 - share) * estimated[run]
                runs[run] += (own[run] + part.rest * rest[run]) * amounts
        return runs

    def deviation(self, factor: str) -> Deviation:
        """The deviation of a factor, the worst default where it is not known."""
        return self.deviations.get(factor) or of_factor(None)


@dataclass(frozen=True, slots=True)
class Moved:
    """A factor, or a rest, with what it brings and its part of the variance (first order)."""

    name: str
    gwp: Decimal
    deviation: Deviation
    share: Decimal


@dataclass(frozen=True, slots=True)
class Bands:
    """Percentiles of a headline in kg CO2e per kg over all runs, and what they rest on."""

    percentiles: Mapping[str, Decimal]
    by_factor: Decimal
    """Share of the headline whose factors are drawn one by one."""
    moved: tuple[Moved, ...]

    @property
    def low(self) -> Decimal:
        """Below it lie 2.5 % of the runs."""
        return self.percentiles["2.5"]

    @property
    def high(self) -> Decimal:
        """Above it lie 2.5 % of the runs."""
        return self.percentiles["97.5"]


def bands(parts: Sequence[Part], draws: Draws) -> Bands:
    """The percentiles of a headline, and its factors by what they move."""
    runs = sorted(draws.headlines(parts))
    whole = sum(part.whole for part in parts)
    known = sum(sum(part.by_factor.values()) for part in parts)
    return Bands(
        percentiles={one: six_digits(runs[ceil(float(one) * draws.runs / 100) - 1]) for one in PERCENTILES},
        by_factor=six_digits(known / whole if whole else 0.0),
        moved=_moved(parts, draws),
    )


def _moved(parts: Sequence[Part], draws: Draws) -> tuple[Moved, ...]:
    """By name and deviation: what is brought in all, and its part of the variance."""
    gwp: defaultdict[tuple[str, Deviation], float] = defaultdict(float)
    variance: defaultdict[tuple[str, Deviation], float] = defaultdict(float)
    for part in parts:
        for factor, brought in part.by_factor.items():
            gwp[factor, draws.deviation(factor)] += brought
    for row, brought in gwp.items():
        variance[row] = (brought * row[1].sigma) ** 2  # one draw for all makers
    for part in parts:
        share = part.measured_share
        for name, deviation, brought in (
            (OTHERS, of_marks(part.rest_marks), part.rest),
            (MEASURED_AMOUNTS, MEASURED, part.whole * share),
            (ESTIMATED_AMOUNTS, ESTIMATED, part.whole * (1 - share)),
        ):
            gwp[name, deviation] += brought
            variance[name, deviation] += (brought * deviation.sigma) ** 2  # a draw for each maker
    least = LEAST_NAMED * sum(part.whole for part in parts)
    whole = sum(variance.values()) or 1.0
    found = [
        Moved(name, six_digits(gwp[name, deviation]), deviation, six_digits(variance[name, deviation] / whole))
        for name, deviation in gwp
        if abs(gwp[name, deviation]) > least
    ]
    return tuple(sorted(found, key=lambda one: (-one.share, one.name)))


def share_below(ours: Sequence[float], theirs: Sequence[float]) -> Decimal:
    """The share of runs with the same draws in which the first is the lower one."""
    below = sum(one < other for one, other in zip(ours, theirs, strict=True))
    return Decimal(below) / len(ours)


def six_digits(value: float) -> Decimal:
    """To 6 significant digits, so that the last bits of a machine's logarithm do not show."""
    return _SIX_DIGITS.create_decimal_from_float(value).normalize() + 0
