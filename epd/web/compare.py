"""Declarations side by side, and whether their figures may be compared at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from epd.lca.indicators import HEADLINE, Basis
from epd.rules.comparable import Declared, obstacles
from epd.selectors.declarations import stage_of
from epd.services.uncertainty import compared
from epd.web import words
from epd.web.declaration_page import DeclarationPage
from traceability.web.spoken import spoken

FEWEST, MOST = 2, 4


@dataclass(frozen=True, slots=True)
class Value:
    """One figure; None is not declared."""

    value: Decimal | None


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator over all declarations."""

    name: str
    about: str
    unit: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Lower:
    """In which share of the runs with the same draws one declaration is below another."""

    first: str
    second: str
    basis: str
    share: Decimal


class Comparison:
    """Two to four declarations as one reader sees them."""

    def __init__(self, pages: Sequence[DeclarationPage]) -> None:
        self.pages = pages

    @cached_property
    def obstacles(self) -> list[str]:
        """Why their figures must not be set against each other; none where unit, rules and factors are the same."""
        declared = [Declared(page.body, stage_of(page.declaration, page.body)) for page in self.pages]
        return [spoken(sentence) for _, sentence in obstacles(declared)]

    @property
    def lower(self) -> list[Lower]:
        """Each pair on each basis; none where the figures must not be set against each other."""
        names = [page.reference for page in self.pages]
        found = [] if self.obstacles else compared([page.spread for page in self.pages])
        return [Lower(names[one.first], names[one.second], str(words.BASES[one.basis]), one.share) for one in found]

    @property
    def lines(self) -> list[Line]:
        """GWP-GHG by both allocations, then each further indicator of any of them by the basis of its page."""
        headlines = [self._line(HEADLINE, basis) for basis in Basis]
        names = list(dict.fromkeys(name for page in self.pages for _, name in page.figures.cells if name != HEADLINE))
        return [*headlines, *(self._line(name, None) for name in names)]

    def _line(self, indicator: str, basis: Basis | None) -> Line:
        cells = [page.figures.cells.get((basis or page.figures.basis, indicator)) for page in self.pages]
        name, about = words.INDICATORS.get(indicator, (indicator, ""))
        unit = next((words.unit(cell.unit) for cell in cells if cell), "")
        values = tuple(Value(cell.a1_a3 if cell else None) for cell in cells)
        return Line(name, str(words.BASES[basis]) if basis else str(about), unit, values)
