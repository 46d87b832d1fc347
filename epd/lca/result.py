"""What is known of one kg of a lot: values by module, completeness, where the values come from.

Everything that is linear in kg (values, covered mass and energy, causes, sensitivities) lives in one mapping by key and
is rolled up in one pass; what is not linear (gaps, missing lots) stands beside it. An absent value is "not declared",
never 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import Final

from epd.lca.allocation import Choice
from epd.lca.indicators import HEADLINE, Basis, LifeCycleModule
from epd.lca.shares import LotShares
from traceability.ledger.quantity import computing, r12, round_places

DECLARED_UNIT: Final[Mapping[str, str]] = {"amount": "1", "unit": "kg"}
"""What the figures of a result, and of each declaration, are about."""
Key = tuple[str, ...]
"""Name of a linear quantity: the functions below make them."""

MASS_TOTAL: Key = ("mass_total",)
ENERGY_TOTAL: Key = ("energy_total",)
REST: Key = ("rest",)
"""GWP-GHG of factors beyond the listed sensitivities, and of inputs whose sensitivities are not known."""


def value_key(indicator: str, module: LifeCycleModule) -> Key:
    """Indicator value of one module."""
    return ("value", indicator, module)


def mass_covered(indicator: str) -> Key:
    """Active kg with a factor for the indicator."""
    return ("mass_covered", indicator)


def energy_covered(indicator: str) -> Key:
    """MJ with a factor for the indicator."""
    return ("energy_covered", indicator)


def kind_key(kind: str) -> Key:
    """GWP-GHG of one kind: primary, illustrative or second_hand."""
    return ("kind", kind)


def vintage_key(vintage: str) -> Key:
    """GWP-GHG made with the warming potentials of one assessment report."""
    return ("vintage", vintage)


def quality_key(mark: str) -> Key:
    """|GWP-GHG| (`weight`), or the same times a quality mark (te, ge, ti)."""
    return ("quality", mark)


def cause_key(cause: str) -> Key:
    """GWP-GHG by cause."""
    return ("cause", cause)


def country_key(country: str) -> Key:
    """GWP-GHG by country; ZZ is not located (transport between places)."""
    return ("country", country)


def use_key(factor_id: str) -> Key:
    """Units of a factor's flow: d(GWP-GHG)/d(factor)."""
    return ("use", factor_id)


def use_gwp_key(factor_id: str) -> Key:
    """GWP-GHG that a factor brings."""
    return ("use_gwp", factor_id)


WRITTEN_PLACES = 36


def written(value: Decimal) -> Decimal:
    """A figure as it is written: R12, and at most the 36 decimals that the record holds."""
    figure = r12(value)
    exponent = figure.as_tuple().exponent
    return round_places(figure, WRITTEN_PLACES) if isinstance(exponent, int) and exponent < -WRITTEN_PLACES else figure


KINDS = ("primary", "illustrative", "second_hand")
DETAIL = frozenset({"cause", "country", "use", "use_gwp", "rest"})
"""First words of the keys that the direct customer does not see by default."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Largest share, over the steps of the chain, of own matter and energy without factor and stated reason."""

    mass: Decimal = Decimal(0)
    energy: Decimal = Decimal(0)

    def worst(self, other: "Gap") -> "Gap":
        """The larger of both, each for itself."""
        return Gap(max(self.mass, other.mass), max(self.energy, other.energy))


@dataclass(frozen=True, slots=True)
class BasisResult:
    """One chain's figures per kg of a lot."""

    basis: Basis
    per_kg: Mapping[Key, Decimal]
    gaps: Mapping[str, Gap]
    """By indicator; exactly the indicators that have a value."""
    partial: frozenset[str] = frozenset()
    """Indicators of which a module, a leg or an input has no value: their sum is a part of the whole."""
    detailed: bool = True
    """False: causes, countries and sensitivities are withheld."""

    def value(self, indicator: str, module: LifeCycleModule) -> Decimal | None:
        """The value of one module, per kg; None is "not declared"."""
        return self.per_kg.get(value_key(indicator, module))

    @computing()
    def counted(self, indicator: str) -> Decimal | None:
        """Sum of the modules that have a value, per kg: the whole only where A1-A3 is declared."""
        values = [value for module in LifeCycleModule if (value := self.value(indicator, module)) is not None]
        return sum(values, Decimal(0)) if values else None

    def a1_a3(self, indicator: str) -> Decimal | None:
        """A1 + A2 + A3 exactly, per kg; None where a module has no value (step 7)."""
        whole = all(self.value(indicator, module) is not None for module in LifeCycleModule)
        return self.counted(indicator) if whole else None

    def family(self, word: str) -> Mapping[str, Decimal]:
        """The quantities whose key begins with a word, by what follows it."""
        return {key[1]: value for key, value in self.per_kg.items() if key[0] == word and len(key) > 1}

    def without_detail(self) -> "BasisResult":
        """The same figures as a reader has them to whom causes and sensitivities are not open."""
        kept = {key: value for key, value in self.per_kg.items() if key[0] not in DETAIL}
        return BasisResult(self.basis, kept, self.gaps, self.partial, detailed=False)


class Reason(StrEnum):
    """Why a basis or an indicator has no value, or is not declared."""

    NO_FACTOR = "no_factor"
    NO_PRICE = "no_price"
    NO_SOURCE = "no_source"
    INPUT_WITHOUT_BASIS = "input_without_basis"
    PARTIAL = "partial"
    MASS_BELOW_THRESHOLD = "mass_below_threshold"
    ENERGY_BELOW_THRESHOLD = "energy_below_threshold"
    MISSING_UPSTREAM = "missing_upstream"
    STEP_NOT_COVERED = "step_not_covered"
    LOT_WITHOUT_VALUE = "lot_without_value"
    NO_WEIGHT = "no_weight"


@dataclass(frozen=True, slots=True, order=True)
class NotDeclared:
    """A figure that is absent, and why; without indicator the whole basis is."""

    basis: Basis
    indicator: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Missing:
    """A row, leg or input without a factor, for the whole step, and the indicators that it is missing for."""

    flow: str
    role: str
    amount: Decimal
    unit: str
    indicators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Allocation:
    """What the order of choice led to, and the printed shares of the step's outputs by basis."""

    choice: Choice
    shares: Mapping[Basis, Mapping[str, Decimal]]


@dataclass(frozen=True, slots=True)
class LotResult:
    """All figures of one lot; string-equal bodies are equal results."""

    lot: str
    electricity_module: LifeCycleModule
    bases: Mapping[Basis, BasisResult] = field(default_factory=dict)
    not_declared: tuple[NotDeclared, ...] = ()
    missing_upstream: tuple[str, ...] = ()
    missing: tuple[Missing, ...] = ()
    exclusions: Mapping[str, str] = field(default_factory=dict)
    allocation: Allocation | None = None
    shares: LotShares | None = None
    flags: tuple[str, ...] = ()

    def headline(self, basis: Basis) -> Decimal | None:
        """kg CO2e per kg (GWP-GHG, A1-A3) on a basis, exact; None is "not declared"."""
        result = self.bases.get(basis)
        return None if result is None else result.a1_a3(HEADLINE)

    def without_detail(self) -> "LotResult":
        """The same result as a reader has it to whom causes and sensitivities are not open."""
        return replace(self, bases={basis: found.without_detail() for basis, found in self.bases.items()})
