"""Where an element of a lot is from, with bounds and trail; and where that of a lot is now, adding up to all of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from traceability.ledger.quantity import computing, round_places
from traceability.material.shares import UNKNOWN, SourceClass
from traceability.models import Lot
from traceability.selectors import access, lot_facts
from traceability.selectors.access import Actor
from traceability.selectors.names import Names, names_of
from traceability.selectors.origins import Followed, Origin, Origins, elements_of, followed, origins
from traceability.web import countries, country_colours, lot_words, tables, words
from traceability.web.acting import for_member, today
from traceability.web.numbers import Gap
from traceability.web.pictures import bars
from traceability.web.pictures.palette import Palette
from traceability.web.tables import Column, Shown, Table, figures

PLACES: Final = 6
CLASSES: Final = {
    SourceClass.MINED: gettext_lazy("mined"),
    SourceClass.POST_CONSUMER: gettext_lazy("post-consumer"),
    SourceClass.PRE_CONSUMER: gettext_lazy("pre-consumer"),
    SourceClass.UNPROVEN: gettext_lazy("origin not proven"),
    SourceClass.UNKNOWN: gettext_lazy("no source in the record"),
}
ORIGIN: Final = Table(
    "origin",
    gettext_lazy("Sources"),
    (
        Column("source", gettext_lazy("Source"), lambda one: one.label),
        Column("class", gettext_lazy("Kind"), lambda one: one.kind),
        Column("country", gettext_lazy("Country"), lambda one: one.country),
        figures("least", gettext_lazy("At least"), lambda one: one.least, unit="%"),
        figures("expected", gettext_lazy("Expected"), lambda one: one.expected, unit="%"),
        figures("most", gettext_lazy("At most"), lambda one: one.most, unit="%"),
        figures("mass", gettext_lazy("Mass, expected"), lambda one: one.mass_kg, unit="kg"),
        Column("trail", gettext_lazy("Steps on the way"), lambda one: one.trail),
        Column("urn", "urn", lambda one: one.origin.urn, seen=False),
    ),
)
WHEREABOUTS: Final = Table(
    "whereabouts",
    gettext_lazy("Where it is now"),
    (
        Column("what", gettext_lazy("What"), lambda one: one.what),
        Column("place", gettext_lazy("Lot or step"), lambda one: one.label),
        Column("holder", gettext_lazy("With"), lambda one: one.holder),
        figures("mass", gettext_lazy("Mass"), lambda one: one.mass_kg, unit="kg"),
        figures("share", gettext_lazy("Share"), lambda one: one.share, unit="%"),
    ),
)


@dataclass(frozen=True, slots=True)
class OriginLine:
    """One source as the page says it; shares in per cent, None is not known."""

    origin: Origin
    label: str
    kind: str | Promise
    country: str
    least: Decimal
    expected: Decimal | None
    most: Decimal
    mass_kg: Decimal | None
    trail: Sequence[str]
    lot: Lot | None


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """One place where some of the element is, or was lost."""

    what: str | Promise
    label: str
    holder: str
    mass_kg: Decimal
    share: Decimal
    lot: Lot | None


@for_member
@require_safe
def show_origin(request: HttpRequest, actor: Actor, lot_id: UUID) -> HttpResponseBase:
    """Where an element of one lot is from."""
    row = access.lot(actor, lot_id, today())
    known, element = _element(request, actor, row)
    found = origins(actor, row, element, today()) if element else None
    lines = [_origin_line(one, found) for one in found.rows] if found else []
    table = ORIGIN.of(request, lines)
    context = _context(actor, row, known, element) | {
        "found": found,
        "table": table,
        "shares": _drawn(lines, country_colours.of_lot(row.pk)) if lines else None,
        "recycled": _recycled(found) if found else (),
    }
    return tables.answer(request, "lineage/origin.html", context)


@for_member
@require_safe
def show_whereabouts(request: HttpRequest, actor: Actor, lot_id: UUID) -> HttpResponseBase:
    """Where an element of one lot is now."""
    row = access.lot(actor, lot_id, today())
    known, element = _element(request, actor, row)
    found = followed(actor, row, element, today()) if element else None
    lines = _place_lines(actor, found) if found else []
    table: Shown = WHEREABOUTS.of(request, lines)
    context = _context(actor, row, known, element) | {
        "found": found,
        "table": table,
        "places": bars.draw(
            [bars.Bar(f"{one.what}: {one.label}", one.mass_kg) for one in lines[:MOST_BARS]], unit="kg"
        ),
        "total_kg": round_places(found.found.total_kg, PLACES) if found and found.found else None,
        "entered_kg": round_places(found.found.entered_kg, PLACES) if found and found.found else None,
    }
    return tables.answer(request, "lineage/whereabouts.html", context)


MOST_BARS: Final = 20


def _element(request: HttpRequest, actor: Actor, lot: Lot) -> tuple[list[str], str]:
    known = elements_of(actor, lot, today())
    asked = request.GET.get("element", "")
    return known, asked if asked in known else (known[0] if known else "")


def _context(actor: Actor, lot: Lot, known: Sequence[str], element: str) -> dict[str, Any]:
    facts = lot_facts.facts_of(actor, [lot], today())[lot.pk]
    return {
        "section": "lots",
        "lot": lot,
        "label": lot_facts.label_of(lot, facts),
        "elements": [(one, words.element(one).capitalize()) for one in known],
        "element": element,
        "element_word": words.element(element) if element else "",
    }


@computing()
def _origin_line(one: Origin, found: Origins) -> OriginLine:
    expected, mass_kg = one.range.expected, found.element_kg
    name = one.lot.label if one.lot else _("Another lot") if one.urn != UNKNOWN else _("Not in the record")
    land = countries.name(one.source.country) if one.source.country else ""
    return OriginLine(
        origin=one,
        label=name,
        kind=CLASSES[one.source.source_class],
        country=land,
        least=_percent(one.range.least),
        expected=None if expected is None else _percent(expected),
        most=_percent(one.range.most),
        mass_kg=None if expected is None or mass_kg is None else round_places(mass_kg * expected, 3),
        trail=[
            _("%(country)s: %(steps)s")
            % {"country": countries.name(land), "steps": ", ".join(step.word for step in steps)}
            for land, steps in groupby(one.trail, key=lambda step: step.country)
        ],
        lot=one.lot.row if one.lot else None,
    )


def _percent(share: Decimal) -> Decimal:
    return round_places(share * 100, PLACES)


def _drawn(lines: Sequence[OriginLine], palette: Palette) -> bars.Bars:
    return bars.draw([_bar(one, palette) for one in lines], is_share=True)


def _bar(one: OriginLine, palette: Palette) -> bars.Bar:
    span = one.origin.range
    label = ", ".join(str(part) for part in (one.label, one.kind, one.country) if part)
    value = Gap(_("not known")) if span.expected is None else span.expected
    return bars.Bar(label, value, palette.paint(one.origin.source.country), (float(span.least), float(span.most)))


def _recycled(found: Origins) -> list[tuple[str | Promise, Any]]:
    """Post- and pre-consumer shares, apart."""
    classes = (SourceClass.POST_CONSUMER, SourceClass.PRE_CONSUMER)
    return [(CLASSES[one], found.share_of(one)) for one in classes]


# Where it is now


def _place_lines(actor: Actor, found: Followed) -> list[PlaceLine]:
    if found.found is None:
        return []
    names = names_of(actor, {view.row.holder_id for view in found.views.values()}, today())
    kinds = (
        (found.found.now, gettext_lazy("There now")),
        (found.found.gone, gettext_lazy("Sent away, disposed of or corrected")),
        (found.found.lost, gettext_lazy("Lost in a step")),
        (found.found.untold, gettext_lazy("Not told to you")),
    )
    lines = [_place_line(place, kg, what, found, names) for masses, what in kinds for place, kg in masses.items()]
    return sorted(lines, key=lambda one: -one.mass_kg)


_ELSEWHERE: Final = {
    "in_transit": gettext_lazy("On its way, not yet received"),
    lot_facts.LEFT: gettext_lazy("Left the record"),
}
"""What is no more there, by the state of the lot."""


@computing()
def _place_line(place: str, kg: Decimal, what: str | Promise, found: Followed, names: Names) -> PlaceLine:
    entered = found.found.entered_kg if found.found else Decimal(0)
    share = _percent(kg / entered) if entered else Decimal(0)
    view = found.views.get(place)
    if view is not None:
        holder = names.of(view.row.holder_id) if view.facts.with_reader else _("not told here")
        if what == gettext_lazy("There now"):
            what = _ELSEWHERE.get(view.facts.state, what)
        return PlaceLine(what, view.label, holder, round_places(kg, PLACES), share, view.row)
    told = found.made.get(int(place)) if place.isdigit() else None
    label = lot_words.process(told) if told else ""
    return PlaceLine(what, label or _("Split or merged"), "", round_places(kg, PLACES), share, None)
