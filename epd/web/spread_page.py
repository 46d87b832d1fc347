"""How far the headline of a declaration may lie off: its band, its percentiles, and what moves it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Final

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from epd.lca.algorithms import OF_BANDS
from epd.lca.indicators import Basis
from epd.lca.uncertainty import (
    ALGORITHM,
    ESTIMATED_AMOUNTS,
    MEASURED_AMOUNTS,
    OTHERS,
    PERCENTILES,
    RUNS,
    Bands,
    Moved,
    Origin,
)
from epd.services.uncertainty import Spread
from epd.web import words
from traceability.web import tables
from traceability.web.numbers import Number
from traceability.web.pictures import headline
from traceability.web.pictures.svg import Picture
from traceability.web.tables import Column, Shown, Table
from traceability.web.words import Words

ORIGINS: Final[Mapping[Origin, Words]] = {
    Origin.STATED: gettext_lazy("Stated by its source"),
    Origin.ASSUMED: gettext_lazy("Assumed: default of its class and its quality marks"),
    Origin.CONVENTION: gettext_lazy("Not drawn: factors of characterisation are held by convention"),
}
_OWN_NAMES: Final[Mapping[str, Words]] = {
    OTHERS: gettext_lazy("All that is not open to you by factor"),
    MEASURED_AMOUNTS: gettext_lazy("Metered and apportioned amounts"),
    ESTIMATED_AMOUNTS: gettext_lazy("Estimated amounts, designs and distances"),
}
_UNIT: Final = gettext_lazy("kg CO₂e per kg")
MOVED: Final = Table(
    "moved",
    gettext_lazy("What moves the headline"),
    (
        Column("factor", gettext_lazy("Factor"), lambda line: line.name),
        tables.figures("gwp", "GWP-GHG", lambda line: line.gwp, unit=_UNIT),
        tables.figures("gsd2", gettext_lazy("Times or divided by"), lambda line: line.gsd2),
        Column("origin", gettext_lazy("Where that is from"), lambda line: line.origin),
        tables.figures("share", gettext_lazy("Share of the variance"), lambda line: line.share),
    ),
    part="moved",
)
PERCENTILE: Final = Table(
    "percentiles",
    gettext_lazy("Percentiles of the headline"),
    (
        Column("percentile", gettext_lazy("Runs below, in %"), lambda line: line[0]),
        tables.figures("economic", gettext_lazy("By economic value"), lambda line: line[1][0], unit=_UNIT),
        tables.figures("mass", gettext_lazy("By mass"), lambda line: line[1][1], unit=_UNIT),
    ),
    part="percentiles",
    wide=False,
)


@dataclass(frozen=True, slots=True)
class Line:
    """What moves a headline, in words."""

    name: str
    gwp: Number
    gsd2: Number
    origin: str
    share: Decimal


class Uncertain:
    """The bands of a declaration as one reader sees them."""

    runs = RUNS
    algorithm = ALGORITHM
    text = OF_BANDS[ALGORITHM]

    def __init__(self, spread: Spread, basis: Basis, value: Decimal) -> None:
        self.basis, self.value, self.names = basis, value, spread.names
        self.by_basis: Mapping[Basis, Bands] = spread.bands()

    @property
    def bands(self) -> Bands:
        """Those of the basis that the page uses."""
        return self.by_basis[self.basis]

    @cached_property
    def picture(self) -> Picture:
        """The headline on its line, with its band."""
        drawn = headline.Headline(self.value, str(words.unit("kg CO2 eq")), self.bands.low, self.bands.high)
        return headline.draw(drawn, name="band", title=_("GWP-GHG with its band"))

    @property
    def moved(self) -> list[Line]:
        """What moves the headline, the most first."""
        return [self._line(one) for one in self.bands.moved]

    def _line(self, one: Moved) -> Line:
        name = str(_OWN_NAMES.get(one.name) or self.names.get(one.name) or one.name)
        return Line(name, one.gwp, one.deviation.printed, str(ORIGINS[one.deviation.origin]), one.share)

    @property
    def percentiles(self) -> list[tuple[str, list[Decimal | None]]]:
        """Each percentile on both bases; None is not declared."""
        found = [self.by_basis.get(basis) for basis in Basis]
        return [(name, [one.percentiles[name] if one else None for one in found]) for name in PERCENTILES]

    def tables(self, request: HttpRequest) -> dict[str, Shown]:
        """Its tables, by the names under which the template knows them."""
        return {"moved": MOVED.of(request, self.moved), "percentiles": PERCENTILE.of(request, self.percentiles)}
