"""The figures of a result as its pages show them: of a declaration, of a preview, of a result that is not public."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from epd.lca.contributions import ROUNDING, by_cause, by_country
from epd.lca.indicators import HEADLINE, Basis, LifeCycleModule
from epd.lca.result import BasisResult, LotResult, Missing
from epd.rules.declared import Cell, cells
from epd.rules.profiles import Profile
from epd.web import words
from traceability.ledger.identifiers import is_urn
from traceability.ledger.quantity import computing
from traceability.web import countries, country_colours
from traceability.web.numbers import Number
from traceability.web.pictures import bars, stack
from traceability.web.pictures.bars import Bars
from traceability.web.pictures.palette import Palette
from traceability.web.pictures.svg import Picture

MODULES: Final = (
    (LifeCycleModule.A1, "A1", gettext_lazy("supply")),
    (LifeCycleModule.A2, "A2", gettext_lazy("transport")),
    (LifeCycleModule.A3, "A3", gettext_lazy("making")),
)
NOT_LOCATED: Final = "ZZ"


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator of the results table; a None in `modules` or `whole` is "not declared"."""

    name: str
    about: str
    unit: str
    modules: tuple[Decimal | None, ...]
    whole: Decimal | None
    complete: Decimal | None
    reason: str
    counted: Decimal | None
    """What was counted of a figure that is not declared."""


@dataclass(frozen=True, slots=True)
class Headline:
    """GWP-GHG on one basis; a value of None is not declared, and then `reason` says why."""

    basis: Basis
    title: str
    value: Decimal | None
    reason: str


class Figures:
    """A result under a profile; what is withheld from the reader is not in it."""

    def __init__(self, result: LotResult, profile: Profile) -> None:
        self.result = result
        self.profile = profile
        self.cells: Mapping[tuple[Basis, str], Cell] = {
            (cell.basis, cell.indicator): cell for cell in cells(result, profile)
        }
        self.basis = Basis.ECONOMIC if self._declares(Basis.ECONOMIC) or Basis.MASS not in result.bases else Basis.MASS

    def _declares(self, basis: Basis) -> bool:
        cell = self.cells.get((basis, HEADLINE))
        return cell is not None and cell.is_declared

    @property
    def used(self) -> BasisResult | None:
        """The figures on the basis that the page uses."""
        return self.result.bases.get(self.basis)

    @property
    def basis_words(self) -> str:
        return _("economic value") if self.basis is Basis.ECONOMIC else _("mass")

    @property
    def headline(self) -> Headline:
        return self._headline(self.basis)

    @property
    def headlines(self) -> list[Headline]:
        """Both allocations, the one that the page uses first."""
        return sorted((self._headline(basis) for basis in Basis), key=lambda one: one.basis is not self.basis)

    def _headline(self, basis: Basis) -> Headline:
        cell = self.cells.get((basis, HEADLINE))
        return Headline(basis, str(words.BASES[basis]), cell.a1_a3 if cell else None, _reason(cell))

    @property
    def rows(self) -> list[Row]:
        """The results table on the basis of the page: the list of the profile, then what else has a value."""
        return [self._row(cell) for (basis, _), cell in self.cells.items() if basis is self.basis]

    @property
    def partial(self) -> list[Row]:
        """Figures that are not declared of which something was counted."""
        return [row for row in self.rows if row.counted is not None]

    @property
    def undeclared(self) -> int:
        """How many indicators of the profile's list are not declared."""
        return sum(1 for name in self.profile.indicators if not self.cells[self.basis, name].is_declared)

    def _row(self, cell: Cell) -> Row:
        name, about = words.INDICATORS.get(cell.indicator, (cell.indicator, ""))
        covered = cell.completeness
        return Row(
            name=name,
            about=str(about),
            unit=words.unit(cell.unit),
            modules=tuple(cell.modules.get(module) for module, _, _ in MODULES),
            whole=cell.a1_a3,
            complete=None if covered is None else min(covered.mass, covered.energy),
            reason=_reason(cell),
            counted=cell.partial_sum,
        )

    # Pictures

    @property
    def by_module(self) -> Picture | None:
        """The headline by module."""
        cell = self.cells.get((self.basis, HEADLINE))
        if cell is None or not cell.is_declared:
            return None
        parts = [stack.Part(f"{name}, {what}", cell.modules[module]) for module, name, what in MODULES
                 if module in cell.modules]  # fmt: skip
        return stack.stages(parts, name="by-module", title=_("GWP-GHG by module"), unit=_("kg CO₂e per kg"))

    @property
    def causes(self) -> Bars | None:
        """The headline by cause; None where causes are withheld."""
        if self.used is None or not self.used.detailed:
            return None
        rows = [one for one in by_cause(self.used) if one.name != ROUNDING]
        return bars.draw([bars.Bar(words.cause(one.name), _short(one.gwp)) for one in rows])

    @cached_property
    def palette(self) -> Palette:
        """The colours of countries on all pages about the lot; of a reference by their part of the burden."""
        if not is_urn(self.result.lot):
            return Palette.of(one.name for one in (by_country(self.used) if self.used else ()))
        return country_colours.of_lot(UUID(self.result.lot.removeprefix("urn:uuid:")))

    @property
    def countries(self) -> Bars | None:
        """The headline by the country of the step; None where it is withheld."""
        if self.used is None or not self.used.detailed:
            return None
        rows = [one for one in by_country(self.used) if one.name != ROUNDING]
        return bars.draw([bars.Bar(_place(one.name), _short(one.gwp), self.palette.paint(one.name)) for one in rows])

    @property
    def step_countries(self) -> list[str]:
        """The countries in which the headline arises, the weightiest first; none where that is withheld."""
        found = by_country(self.used) if self.used is not None and self.used.detailed else ()
        return [one.name for one in found if one.name not in (ROUNDING, NOT_LOCATED)]

    # What the figures rest on

    @property
    @computing()
    def kinds(self) -> Mapping[str, Decimal]:
        """Shares of the headline by what its numbers are: primary, second-hand, illustrative."""
        found = self.used
        whole = None if found is None else found.counted(HEADLINE)
        if found is None or not whole:
            return {}
        return {name: value / whole for name, value in found.family("kind").items()}

    @property
    @computing()
    def quality(self) -> Mapping[str, Decimal]:
        """Data quality of the headline from 1 (best) to 5, weighted by |GWP|: technology, geography, time."""
        found = self.used
        marks = {} if found is None else found.family("quality")
        weight = marks.get("weight")
        if not weight:
            return {}
        return {name: marks[name] / weight for name in ("te", "ge", "ti") if name in marks}

    @property
    def flags(self) -> list[str]:
        return [words.flag(one) for one in self.result.flags]

    @property
    def missing(self) -> Sequence[Missing]:
        """Flows of the last step without a factor for the headline."""
        return [row for row in self.result.missing if HEADLINE in row.indicators]

    @property
    def missing_elsewhere(self) -> int:
        """Further flows, which lack a factor for other indicators only."""
        return len(self.result.missing) - len(self.missing)

    @property
    def allocation(self) -> list[tuple[str, str, Decimal]]:
        """Of the step that made the lot: basis, lot and share of the burden."""
        found = self.result.allocation
        if found is None:
            return []
        return [(str(words.BASES[basis]), lot, share)
                for basis in Basis for lot, share in sorted(found.shares.get(basis, {}).items())]  # fmt: skip

    @property
    def choice(self) -> str:
        return str(words.CHOICES[self.result.allocation.choice]) if self.result.allocation else ""


def _reason(cell: Cell | None) -> str:
    """The first reason against declaring a figure; the CSV has all of them."""
    return _("no value") if cell is None else str(words.REASONS[cell.reasons[0]]) if cell.reasons else ""


def _place(code: str) -> str:
    return _("Not located: transport and upstream") if code == NOT_LOCATED else countries.name(code)


def _short(value: Decimal) -> Number:
    return value.normalize() + 0
