"""Factors: kg CO2e and other indicators per unit of a flow, and the dated set that they stand in.

A factor id never changes its values: new values get a new id, so that one id means one draw in every later step.
The root of a set is the RFC 6962 root over the canonical bytes of each factor, sorted by id (record-format.md, 9).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from epd.lca.indicators import INDICATORS, VINTAGES
from traceability.ledger.canonical import encode
from traceability.ledger.errors import RecordError
from traceability.ledger.merkle import leaf_hash, root_of
from traceability.ledger.quantity import parse_computed


class Scope(StrEnum):
    """What of a flow's life a factor covers."""

    COMBUSTION = "combustion"
    WELL_TO_TANK = "well_to_tank"
    LIFE_CYCLE = "life_cycle"
    DIRECT = "direct"


class BadFactor(RecordError):
    """A factor object that does not say what a factor must say."""

    code = "bad_factor"


class FactorTwice(RecordError):
    """Two factors of a set have one id."""

    code = "factor_twice"


class UnknownFactor(RecordError):
    """A factor id that the set does not hold."""

    code = "unknown_factor"


class ScopeTwice(RecordError):
    """One row names two factors that cover the same stage of its life."""

    code = "scope_twice"


class WellToTankTwice(RecordError):
    """Well-to-tank or combustion stands beside a life-cycle factor, which holds it already."""

    code = "well_to_tank_twice"


@dataclass(frozen=True, slots=True)
class Quality:
    """Marks 1 (best) to 5 (worst) for technology, geography and time."""

    technology: int
    geography: int
    time: int


@dataclass(frozen=True, slots=True)
class Factor:
    """Values per one unit of a flow, with what one must know to judge them."""

    id: str
    name: str
    flow: str
    unit: str
    values: Mapping[str, Decimal]
    """Value per unit by indicator, in the unit of `INDICATORS`; an absent indicator is not declared."""
    scope: Scope
    year: str
    geography: str
    gwp_vintage: str
    quality: Quality
    illustrative: bool
    second_hand: bool
    source: str
    licence: str
    compartment: str | None = None
    limits: tuple[str, ...] = ()
    """What the values leave out, as codes such as `carbon_dioxide_only`; results carry them as flags."""
    concentration_required: bool = False
    mj_per_kg: Decimal | None = None
    gsd2: Decimal | None = None
    """Square of the geometric standard deviation of its values, where its source states one."""
    canonical: bytes = field(default=b"", compare=False, repr=False)
    """RFC 8785 bytes of the object, the input of its leaf."""


_TEXTS = ("id", "name", "flow", "unit", "year", "geography", "source", "licence")


def parse_factor(body: Mapping[str, object], *, path: str = "") -> Factor:
    """The factor of its object; members that we do not know stay in `canonical` and change nothing."""
    texts = {name: _text(body, name, path) for name in _TEXTS}
    ncv = body.get("net_calorific_value_mj_per_kg")
    return Factor(
        **texts,
        values=_values(body.get("indicators"), path),
        scope=Scope(_among(body, "includes", tuple(Scope), path)),
        gwp_vintage=_among(body, "gwp_vintage", VINTAGES, path),
        quality=_quality(body.get("quality"), path),
        illustrative=_flag(body, "illustrative", path),
        second_hand=_flag(body, "second_hand", path),
        compartment=_text(body, "compartment", path) if "compartment" in body else None,
        limits=tuple(str(word) for word in _list(body.get("limits", []), path)),
        concentration_required="concentration_required" in body and _flag(body, "concentration_required", path),
        mj_per_kg=None if ncv is None else parse_computed(ncv, path=path),
        gsd2=_gsd2(body, path),
        canonical=encode(body),
    )


@dataclass(frozen=True, slots=True)
class FactorSet:
    """A dated set of factors, by id."""

    name: str
    version: str
    factors: Mapping[str, Factor]

    @property
    def root(self) -> bytes:
        """RFC 6962 root over the canonical bytes of the factors, sorted by id."""
        return root_of([leaf_hash(self.factors[factor_id].canonical) for factor_id in sorted(self.factors)])

    def chosen(self, factor_ids: Sequence[str], *, path: str = "") -> tuple[Factor, ...]:
        """The factors that one row names; refuses unknown ids and stages that are counted twice."""
        found = tuple(self._factor(factor_id, path) for factor_id in factor_ids)
        scopes = [factor.scope for factor in found]
        if len(set(scopes)) < len(scopes):
            raise ScopeTwice("Name one factor for each stage: these cover the same one twice.", path=path)
        if Scope.LIFE_CYCLE in scopes and len(scopes) > 1:
            raise WellToTankTwice("A life-cycle factor holds every stage already: name it alone.", path=path)
        return found

    def _factor(self, factor_id: str, path: str) -> Factor:
        if factor_id not in self.factors:
            raise UnknownFactor(
                f"The factor set {self.name} {self.version} has no {factor_id}.", path=path, factor=factor_id
            )
        return self.factors[factor_id]


def factor_set(name: str, version: str, factors: Iterable[Factor]) -> FactorSet:
    """A set of these factors; refuses an id that stands twice."""
    by_id: dict[str, Factor] = {}
    for factor in factors:
        if factor.id in by_id:
            raise FactorTwice(f"Two factors are called {factor.id}.", factor=factor.id)
        by_id[factor.id] = factor
    return FactorSet(name, version, by_id)


def parse_factor_set(body: Mapping[str, object]) -> FactorSet:
    """The set of the object {name, version, factors}."""
    factors = _list(body.get("factors"), "/factors")
    parsed = (parse_factor(_object(row, f"/factors/{n}"), path=f"/factors/{n}") for n, row in enumerate(factors))
    return factor_set(_text(body, "name", ""), _text(body, "version", ""), parsed)


def _values(rows: object, path: str) -> Mapping[str, Decimal]:
    found: dict[str, Decimal] = {}
    for number, row in enumerate(_list(rows, f"{path}/indicators")):
        place = f"{path}/indicators/{number}"
        stated = _object(row, place)
        indicator = _among(stated, "indicator", tuple(INDICATORS), place)
        if indicator in found or stated.get("unit") != INDICATORS[indicator]:
            raise BadFactor(f"State {indicator} once, in {INDICATORS[indicator]}.", path=place)
        found[indicator] = parse_computed(stated.get("value"), path=f"{place}/value")
    if not found:
        raise BadFactor("A factor has at least one indicator.", path=path)
    return found


def _gsd2(body: Mapping[str, object], path: str) -> Decimal | None:
    if "gsd2" not in body:
        return None
    found = parse_computed(body["gsd2"], path=f"{path}/gsd2")
    if not 1 <= found <= 100:
        raise BadFactor(
            "State gsd2, the square of the geometric standard deviation, from 1 to 100.", path=f"{path}/gsd2"
        )
    return found


def _quality(value: object, path: str) -> Quality:
    marks = _object(value, f"{path}/quality")
    found = [mark for name in ("te", "ge", "ti") if isinstance(mark := marks.get(name), int) and 1 <= mark <= 5]
    if len(found) != 3:
        raise BadFactor("Mark te, ge and ti from 1 to 5.", path=f"{path}/quality")
    return Quality(*found)


def _text(body: Mapping[str, object], name: str, path: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise BadFactor(f"State {name} as a text.", path=f"{path}/{name}")
    return value


def _among(body: Mapping[str, object], name: str, words: Sequence[str], path: str) -> str:
    value = _text(body, name, path)
    if value not in words:
        raise BadFactor(f"{name} is one of {', '.join(words)}.", path=f"{path}/{name}")
    return value


def _flag(body: Mapping[str, object], name: str, path: str) -> bool:
    value = body.get(name)
    if not isinstance(value, bool):
        raise BadFactor(f"State {name} as true or false.", path=f"{path}/{name}")
    return value


def _list(value: object, path: str) -> list[object]:
    if not isinstance(value, list):
        raise BadFactor("Use a list.", path=path)
    return value


def _object(value: object, path: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise BadFactor("Use an object.", path=path)
    return value
