"""A declaration as any format states it: product, declared unit, dates, parties and results, nothing computed.

A value is a number or None, which is "not declared" (ND) and never zero; a cell that a file does not have is absent.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from epd.documents.finding import Finding
from epd.documents.indicators import Indicator, Package
from epd.documents.stages import Stage


class Format(StrEnum):
    """A format of files."""

    OPENEPD = "openEPD"
    ILCD = "ILCD+EPD"
    SODA4LCA = "soda4LCA JSON"


@dataclass(frozen=True, slots=True)
class Reference:
    """A party, a standard or a source, by its data set or by its name."""

    name: str = ""
    uuid: str = ""

    def is_same(self, other: "Reference") -> bool:
        """Whether both name one thing: by identifier where both have one, else by name."""
        if self.uuid and other.uuid:
            return self.uuid == other.uuid
        return bool(self.name) and self.name.casefold() == other.name.casefold()


@dataclass(frozen=True, slots=True)
class Result:
    """All values of one indicator, per declared unit, in the order of the file."""

    name: str
    indicator: Indicator | None
    """None for one that is in no list that we have."""
    cells: tuple[tuple[Stage, Decimal | None], ...]
    uuid: str = ""
    version: str = ""
    unit: str = ""
    unit_group: str = ""
    method: str = ""
    """The name of the characterisation method, where a file groups results by it."""
    is_flow: bool = False
    """Whether it is an inventory flow, not the result of a method."""
    is_input: bool = False

    @property
    def code(self) -> str:
        return self.indicator.code if self.indicator else self.name

    def values(self) -> dict[Stage, Decimal]:
        """The declared numbers by stage; ND is left out."""
        return {stage: value for stage, value in self.cells if value is not None}


@dataclass(frozen=True, slots=True)
class DeclaredUnit:
    """What the results are per; `mass_kg` is the mass of it."""

    amount: Decimal | None = None
    unit: str = ""
    mass_kg: Decimal | None = None
    is_elsewhere: bool = False
    """Whether the file leaves it to another one that was not brought."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario of stages after the gate."""

    name: str
    description: str = ""
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class Material:
    """A row of the content declaration, in per cent of the product or of its packaging."""

    name: str
    least: Decimal
    most: Decimal
    is_packaging: bool = False


@dataclass(frozen=True, slots=True)
class CategoryRules:
    """The product category rules that a document names."""

    name: str
    uuid: str = ""
    valid_until: date | None = None
    status: str = ""


@dataclass(frozen=True, slots=True)
class Ingredient:
    """An upstream declaration that a document builds on."""

    link: str
    gwp_fraction: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A declaration as a file states it."""

    format: Format
    name: str = ""
    uuid: str = ""
    version: str = ""
    registration: str = ""
    subtype: str = ""
    description: str = ""
    location: str = ""
    declared_unit: DeclaredUnit = DeclaredUnit()
    published: date | None = None
    expires: date | None = None
    expires_year: int | None = None
    """Where a format knows the year alone."""
    reference_year: int | None = None
    months: int | None = None
    """How long the data were collected, where a file says so."""
    months_reason: str = ""
    rules: CategoryRules | None = None
    compliance: tuple[Reference, ...] = ()
    owner: Reference | None = None
    author: Reference | None = None
    operator: Reference | None = None
    licence: str = ""
    review: str = ""
    reviewers: tuple[Reference, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    materials: tuple[Material, ...] = ()
    carbon_kg: Decimal | None = None
    """Biogenic carbon in the product."""
    packaging_carbon_kg: Decimal | None = None
    ingredients: tuple[Ingredient, ...] = ()
    results: tuple[Result, ...] = ()
    parts: int = 1
    """How many parts of the file were read."""
    defects: tuple[Finding, ...] = ()
    """Where the file is not what its format says."""

    def methods(self) -> tuple[str, ...]:
        """The methods under which results are grouped; results of inventory belong to each."""
        return tuple(dict.fromkeys(one.method for one in self.results if one.method)) or ("",)

    def of_method(self, method: str) -> dict[str, Result]:
        """The results that can be read together, by code; the first where a code stands twice."""
        found: dict[str, Result] = {}
        for one in self.results:
            if one.method in ("", method):
                found.setdefault(one.code, one)
        return found

    def packages(self) -> frozenset[Package]:
        """The packages to which results belong that can belong to one alone."""
        named = {package for one in self.results for package in Package if one.method == package}
        known = (one.indicator.packages for one in self.results if one.indicator and not one.method)
        return frozenset(named | {next(iter(one)) for one in known if len(one) == 1})

    def package(self) -> Package | None:
        """The one package of all results; None where they are mixed, or where nothing tells."""
        found = self.packages()
        return next(iter(found)) if len(found) == 1 else None

    def last_year(self) -> int | None:
        """The year in which it expires."""
        return self.expires.year if self.expires else self.expires_year


def numbers(document: Document) -> Iterator[tuple[str, str, Stage, Decimal | None]]:
    """Every cell with method and code: what two writings of one declaration must have in common."""
    for result in document.results:
        for stage, value in result.cells:
            yield result.method, result.uuid or result.code, stage, value
