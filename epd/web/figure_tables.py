"""The tables of figures: results, sums, shares of the burden, flows without a factor, declarations side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Final

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from epd.selectors.stages import Shared
from epd.web.compare import Comparison, Line
from epd.web.figures import MODULES, Figures, Row
from traceability.web import tables, words
from traceability.web.tables import Column, Shown, Table


def _module(place: int) -> Callable[[Row], Decimal | None]:
    return lambda row: row.modules[place] if row.whole is not None else None


RESULTS: Final = Table(
    "results",
    _("Results"),
    (
        Column("indicator", _("Indicator, per kg"), lambda row: row.name),
        Column("unit", _("Unit"), lambda row: row.unit),
        *(tables.figures(name.lower(), name, _module(place), unit=about)
          for place, (_key, name, about) in enumerate(MODULES)),
        tables.figures("whole", _("A1 to A3"), lambda row: row.whole),
        Column("complete", _("Complete"), lambda row: row.complete),
        Column("reason", _("Why it is not declared"), lambda row: row.reason if row.whole is None else "", seen=False),
    ),
    part="results",
)  # fmt: skip
PARTIAL: Final = Table(
    "partial-sums",
    _("Partial sums"),
    (
        Column("indicator", _("Indicator, per kg"), lambda row: row.name),
        Column("unit", _("Unit"), lambda row: row.unit),
        tables.figures("counted", _("Recorded steps only"), lambda row: row.counted),
        Column("reason", _("Why it is not declared"), lambda row: row.reason),
    ),
    part="partial",
)
ALLOCATION: Final = Table(
    "allocation",
    _("Allocation of each step"),
    (
        Column("product", _("Product"), lambda row: row[0]),
        tables.figures("value", _("By economic value"), lambda row: row[1]),
        tables.figures("mass", _("By mass"), lambda row: row[2]),
    ),
    part="allocation",
)
MISSING: Final = Table(
    "missing-flows",
    _("Missing flows"),
    (
        Column("flow", _("Flow"), lambda row: row.flow),
        Column("role", _("Role"), lambda row: words.role(row.role)),
        tables.figures("amount", _("Amount"), lambda row: row.amount),
        Column("unit", _("Unit"), lambda row: row.unit),
    ),
    part="missing",
    wide=False,
)


def of(request: HttpRequest, figures: Figures, allocations: Sequence[Shared] = ()) -> dict[str, Shown]:
    """The tables of a result, by the names under which its templates know them.

    Behind a form that was posted no link leads back to the page: there the tables stand as they are.
    """
    lines: tuple[tuple[str, Table, Sequence[Any]], ...] = (
        ("results", RESULTS, figures.rows),
        ("partial", PARTIAL, figures.partial),
        ("shares", ALLOCATION, [row for step in allocations for row in step.rows]),
        ("missing", MISSING, figures.missing),
    )
    posted = request.method == "POST"
    return {name: table.still(rows) if posted else table.of(request, rows) for name, table, rows in lines}


def side_by_side(request: HttpRequest, comparison: Comparison) -> Shown:
    """The indicators of all declarations, a column for each."""
    columns = (
        Column("indicator", _("Indicator"), lambda line: line.name),
        Column("about", _("About"), lambda line: line.about, seen=False),
        Column("unit", _("Unit"), lambda line: line.unit, seen=False),
        *(Column(f"d{place}", page.reference, _value(place)) for place, page in enumerate(comparison.pages)),
    )
    return Table("comparison", _("Declarations side by side"), columns).of(request, comparison.lines)


def _value(place: int) -> Callable[[Line], Decimal | None]:
    return lambda line: line.values[place].value
