"""Tables of the path to a reference declaration, and the rows that they show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy

from epd.lca.site_year import Made
from traceability.web import tables
from traceability.web.tables import Column, Table, buttons

DRAFTS: Final = Table(
    "reference-drafts",
    gettext_lazy("References in preparation"),
    (
        Column("product", gettext_lazy("Product"), str),
        Column("state", gettext_lazy("State"), lambda row: row.get_state_display(), ("state",)),
        Column("changed", gettext_lazy("Changed"), lambda row: row.changed_at, ("changed_at",)),
        buttons(gettext_lazy("Next")),
    ),
    usual="-changed",
    what=gettext_lazy("drafts"),
    wide=False,
)
OWN: Final = Table(
    "own-references",
    gettext_lazy("Own reference declarations"),
    (
        Column("reference", gettext_lazy("Reference"), lambda row: row.reference, ("reference",)),
        Column("product", gettext_lazy("Product"), lambda row: row.product, ("product",)),
        Column("status", gettext_lazy("Status"), lambda row: row.get_status_display(), ("status",)),
        Column("published", gettext_lazy("Published"), lambda row: row.published_at, ("published_at",)),
    ),
    usual="-published",
    part="own",
    what=gettext_lazy("declarations"),
    wide=False,
)
LOTS: Final = Table(
    "reference-lots",
    gettext_lazy("Lots of the period"),
    (
        Column("lot", gettext_lazy("Lot"), lambda row: row.label),
        Column("made", gettext_lazy("Made"), lambda row: row.made.made_on),
        tables.figures("kg", gettext_lazy("Mass made"), lambda row: row.made.made_kg, unit="kg"),
        tables.figures("disposed", gettext_lazy("Disposed of"), lambda row: row.made.disposed_kg, unit="kg"),
        Column("result", gettext_lazy("Result"), lambda row: row.has_result),
    ),
    part="lots",
    wide=False,
)
FOUND: Final = Table(
    "reference-findings",
    gettext_lazy("Findings"),
    (
        Column("rule", gettext_lazy("Rule"), lambda row: row.rule),
        Column("grave", gettext_lazy("Outcome"), lambda row: row.outcome),
        Column("sentence", gettext_lazy("What was found"), lambda row: row.sentence),
    ),
    part="findings",
    wide=False,
)


@dataclass(frozen=True, slots=True)
class LotLine:
    """A lot of the period as the table shows it."""

    made: Made
    pk: UUID
    label: str
    has_result: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule says of the figures that would be signed."""

    rule: str
    outcome: str
    sentence: str
