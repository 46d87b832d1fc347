"""The recall view of a lot: everything made of it, where that is, and whom to tell."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from traceability.selectors import access, lot_facts
from traceability.selectors.access import Actor
from traceability.selectors.names import Names
from traceability.selectors.recall import Party, Touched, Where, recall
from traceability.web import countries, tables, words
from traceability.web.acting import for_member, today
from traceability.web.tables import Column, Table, figures

WHERE: Final = {
    Where.THERE: _("There"),
    Where.ON_HOLD: _("On hold"),
    Where.BLOCKED: _("Open difference"),
    Where.ON_ITS_WAY: _("On its way, not yet received"),
    Where.LEFT: _("Left this record"),
    Where.USED_UP: _("Used up"),
    Where.HANDED_ON: _("Handed on"),
    Where.VOID: _("Void"),
}
ICONS: Final = {Where.ON_ITS_WAY: "truck", Where.LEFT: "na", Where.ON_HOLD: "stop", Where.BLOCKED: "fail"}
STILL_THERE: Final = (Where.THERE, Where.ON_HOLD, Where.BLOCKED)
TO_TELL: Final = Table(
    "whom-to-tell",
    _("Whom to tell"),
    (
        Column("name", _("Organisation"), lambda one: one.name),
        Column("country", _("Country"), lambda one: countries.name(one.country)),
        figures("lots", _("Lots"), lambda one: len(one.lots)),
        figures("there", _("There"), lambda one: one.how_many(*STILL_THERE)),
        figures("way", _("On the way"), lambda one: one.how_many(Where.ON_ITS_WAY)),
        figures("used", _("Used up"), lambda one: one.how_many(Where.USED_UP)),
        figures("on", _("Handed on"), lambda one: one.how_many(Where.HANDED_ON)),
        figures("mass", _("Mass now"), lambda one: one.mass_kg, unit="kg"),
        Column("urn", "urn", lambda one: f"urn:uuid:{one.organisation}", seen=False),
    ),
    part="parties",
)


def lots_table(names: Names) -> Table:
    """The table of the lots, in which the parties stand by name."""
    return Table(
        "recall",
        _("Lots"),
        (
            Column("lot", _("Lot"), lambda one: one.label),
            figures("depth", _("Steps away"), lambda one: one.depth),
            Column("material", _("Material"), lambda one: one.lot.material),
            Column("stage", _("Stage"), lambda one: words.stage(one.lot.stage), seen=False),
            figures("mass", _("Mass now"), lambda one: one.mass_kg, unit="kg"),
            Column("where", _("Where"), lambda one: WHERE[one.where]),
            Column("tell", _("Whom to tell"), lambda one: [names.of(party) for party in one.told]),
            Column("made", _("Made"), lambda one: one.lot.made_at, seen=False),
            Column("urn", "urn", lambda one: one.lot.urn, seen=False),
        ),
        what=_("lots"),
        as_workbook=True,
    )


@for_member
@require_safe
def show(request: HttpRequest, actor: Actor, lot_id: UUID) -> HttpResponseBase:
    """What was made of one lot, and whom to tell."""
    row = access.lot(actor, lot_id, today())
    found = recall(actor, row, today())
    parties = TO_TELL.of(request, found.parties)
    lots = lots_table(found.names).paged(request, found.lots, most_sorted=len(found.lots))
    context = {
        "section": "lots",
        "lot": row,
        "label": lot_facts.label_of(row, found.lots[0].facts),
        "found": found,
        "others": sum(1 for one in found.parties if not one.is_reader),
        "counts": {one.value: found.how_many(one) for one in Where},
        "there": found.how_many(*STILL_THERE),
        "parties": parties,
        "told": [_told(one) for one in parties.lines],
        "lots": lots,
        "lines": [_line(one, found.names) for one in lots.lines],
        "day": today(),
    }
    return tables.answer(request, "lineage/recall.html", context)


def _told(one: Party) -> dict[str, object]:
    counts = (STILL_THERE, (Where.ON_ITS_WAY,), (Where.USED_UP,), (Where.HANDED_ON,))
    return {
        "party": one,
        "country": countries.name(one.country),
        "counts": [len(one.lots), *(one.how_many(*where) for where in counts)],
    }


def _line(one: Touched, names: Names) -> dict[str, object]:
    return {
        "line": one,
        "where": WHERE[one.where],
        "icon": ICONS.get(one.where, ""),
        "tell": ", ".join(names.of(party) for party in one.told),
    }
