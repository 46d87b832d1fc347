"""What the page of a reference declaration shows beside its figures, and what a lot says that cites one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from epd.lca.indicators import Basis
from epd.models import Declaration
from epd.web import words
from traceability.ledger.quantity import parse_computed
from traceability.models import Facility
from traceability.services.rows_world import uuid_of
from traceability.web import tables
from traceability.web.tables import Column, Shown, Table

FINDINGS: Final = {
    "": ("pass", _("Reconciled")),
    "not_metered": ("none", _("Not metered")),
    "gap_too_large": ("warn", _("Above 1 %")),
}
"""What was found at a meter, with its mark and words."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A meter, and how much of it the lots do not explain."""

    flow: str
    unit: str
    share: Decimal | None
    outcome: str
    words: str


@dataclass(frozen=True, slots=True)
class Deviation:
    """How far a figure of a lot is from that of its reference; None where there is none."""

    name: str
    about: str
    basis: str
    share: Decimal | None
    worse: bool


GAPS: Final = Table(
    "gaps",
    _("Gaps of the meters"),
    (
        Column("flow", _("Flow"), lambda row: row.flow),
        Column("unit", _("Unit"), lambda row: row.unit),
        tables.figures("gap", _("Gap"), lambda row: row.share, unit=_("share of what was metered")),
        Column("finding", _("Outcome"), lambda row: row.words),
    ),
    part="gaps",
    wide=False,
)
DEVIATIONS: Final = Table(
    "deviations",
    _("Deviations from the reference"),
    (
        Column("indicator", _("Indicator, A1 to A3"), lambda row: row.name),
        Column("basis", _("Allocation"), lambda row: row.basis),
        tables.figures("deviation", _("Deviation"), lambda row: row.share),
        Column("worse", _("Worse by a tenth"), lambda row: row.worse),
    ),
    part="deviations",
    wide=False,
)


def tables_of(request: HttpRequest, body: Mapping[str, Any]) -> dict[str, Shown]:
    """The tables that a declaration adds: gaps of a reference, deviations of a lot that cites one."""
    cited: Mapping[str, Any] = body.get("reference", {})
    return {
        "gaps": _table(request, GAPS, [gap_of(row) for row in body.get("gaps", ())]),
        "deviations": _table(request, DEVIATIONS, [deviation_of(row) for row in cited.get("deviations", ())]),
    }


def _table(request: HttpRequest, table: Table, rows: Sequence[Any]) -> Shown:
    """Behind a form that was posted no link leads back to the page: there the table stands as it is."""
    return table.still(rows) if request.method == "POST" else table.of(request, rows)


def gap_of(row: Mapping[str, str]) -> Gap:
    """A line of `gaps`."""
    outcome, said = FINDINGS[row.get("finding", "")]
    share = parse_computed(row["share"]) if "share" in row else None
    return Gap(row["flow"], row["unit"], share, outcome, str(said))


def deviation_of(row: Mapping[str, Any]) -> Deviation:
    """A line of `deviations`."""
    name, about = words.INDICATORS[row["indicator"]]
    share = parse_computed(row["deviation"]) if "deviation" in row else None
    basis = str(words.BASES[Basis(row["basis"])])
    return Deviation(name, str(about), basis, share, row.get("worse_by_tenth") is True)


class Production:
    """The production of a site that a reference speaks of."""

    def __init__(self, body: Mapping[str, Any]) -> None:
        self.body = body
        self.first, self.last = (date.fromisoformat(body["period"][name]) for name in ("from", "to"))
        self.lots: int = body["made_lots"]
        self.explanation = str(body.get("explanation", ""))
        self.stock_gap = parse_computed(body["stock_gap"]) if "stock_gap" in body else None

    @property
    def site(self) -> str:
        """The name of the site, as it was registered."""
        row = Facility.objects.filter(pk=uuid_of(str(self.body["facility"]))).first()
        return row.name if row else str(self.body["facility"])


@dataclass(frozen=True, slots=True)
class Cited:
    """The reference that a lot cites, and why its own data is of a shorter time."""

    declaration: Declaration | None
    justification: str
    worse: Sequence[str]
    """Names of the indicators that are worse by more than a tenth, of any allocation."""


def cited_by(body: Mapping[str, Any]) -> Cited | None:
    """What a declaration of a lot says of its reference; None where it cites none."""
    said = body.get("reference")
    if not said:
        return None
    row = Declaration.objects.filter(pk=uuid_of(str(said["declaration"]))).first()
    worse = dict.fromkeys(one.name for one in map(deviation_of, said.get("deviations", ())) if one.worse)
    return Cited(row, str(said["justification"]), list(worse))
