"""The map of the steps: each country is a point, lines join the points in the order of custody.

The width of a line is the mass of one element, its colour the country that it leaves; dashed is not yet received. A
country stands for all sites in it, because where a site is may be confidential. A table says the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from traceability.web import countries
from traceability.web.numbers import all_digits, n3
from traceability.web.pictures import world
from traceability.web.pictures.graph import STAGES, Edge, Node
from traceability.web.pictures.palette import Palette
from traceability.web.pictures.placing import Frame, Label, Line, place_labels
from traceability.web.pictures.svg import Column, Key, Picture, Twin, drawing, element, key, text, words

THINNEST = 1.5  # px, a line
RADIUS = 5.0  # px, a point
LOTS_NAMED = 6


@dataclass(frozen=True, slots=True)
class Form:
    """A drawing `width` px across and between `least` and `most` times as wide as high; its widest line in px."""

    width: float
    least: float
    most: float
    widest: float


WIDE, NARROW = Form(1056, 1.9, 2.4, widest=14), Form(340, 1.0, 1.9, widest=8)


@dataclass(frozen=True, slots=True)
class Stop:
    """A country with what happened there: the stages of its lots, and their labels."""

    country: str
    stages: tuple[str, ...] = ()
    lots: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return countries.name(self.country)

    @property
    def about(self) -> str:
        """The stages and how many lots, in words."""
        counted = ngettext("%(n)d lot", "%(n)d lots", len(self.lots)) % {"n": len(self.lots)} if self.lots else ""
        return ", ".join(one for one in (*self.stages, counted) if one)


@dataclass(frozen=True, slots=True)
class Way:
    """What went from one country to another; None is withheld, `pending` not yet received."""

    source: str
    target: str
    mass_kg: Decimal | None
    pending: bool = False


@dataclass(frozen=True, slots=True)
class Journey:
    """What a map shows: its stops in the order of custody, the ways between them, and the lots without a country."""

    stops: tuple[Stop, ...]
    ways: tuple[Way, ...] = ()
    unplaced: int = 0


def journey(nodes: Sequence[Node], edges: Sequence[Edge]) -> Journey:
    """Return the stops and ways of a custody graph; co-products (`aside`) are no part of the journey."""
    past = [node for node in nodes if node.state != "aside"]
    at = {node.id: node.country for node in past if node.country in world.places()}
    stops = tuple(
        _stop(country, [node for node in past if at.get(node.id) == country]) for country in dict.fromkeys(at.values())
    )
    pending = {node.id for node in past if node.state == "pending"}
    unplaced = sum(1 for node in past if node.id not in at)
    return Journey(stops, tuple(_ways(edges, at, pending)), unplaced)


def _stop(country: str, nodes: Sequence[Node]) -> Stop:
    stages = dict.fromkeys(str(STAGES.get(node.stage, node.stage)) for node in nodes)
    return Stop(country, tuple(stages), tuple(node.label for node in nodes if node.state == "past"))


def _ways(edges: Iterable[Edge], at: Mapping[str, str], pending: set[str]) -> Iterable[Way]:
    """The edges that cross a border, those between the same two countries as one; a sum over a gap is a gap."""
    sums: dict[tuple[str, str, bool], Decimal | None] = {}
    for edge in edges:
        source, target = at.get(edge.source, ""), at.get(edge.target, "")
        if source and target and source != target:
            ends = source, target, edge.target in pending
            before = sums.get(ends, Decimal(0))
            sums[ends] = None if before is None or edge.mass_kg is None else before + edge.mass_kg
    return (Way(source, target, mass, late) for (source, target, late), mass in sums.items())


def draw(found: Journey, *, name: str, title: str, palette: Palette, element_name: str = "") -> Picture:
    """Return the map in two shapes; `element_name` says what the lines weigh, where there are lines."""
    about = said(found, element_name) + " " + _("The table below says the same.")
    wide = _drawn(found, WIDE, (name, title, about), palette)
    narrow = _drawn(found, NARROW, (f"{name}-down", title, about), palette)
    return Picture(title, wide, tuple(_signs(found)), _table(found, name, title), narrow=narrow)


def said(found: Journey, element_name: str) -> str:
    """Return what the map shows, in sentences."""
    n = len(found.stops)
    said = [ngettext("%(n)d country.", "%(n)d countries.", n) % {"n": n}]
    if found.ways:
        said.append(_("The width of a line is the mass of %(element)s.") % {"element": element_name})
    if found.unplaced:
        lots = found.unplaced
        said.append(
            ngettext(
                "%(n)d lot has no country of its own and is not on the map.",
                "%(n)d lots have no country of their own and are not on the map.",
                lots,
            ) % {"n": lots}
        )  # fmt: skip
    return " ".join(said)


def _drawn(found: Journey, form: Form, naming: tuple[str, str, str], palette: Palette) -> str:
    name, title, about = naming
    at = {stop.country: world.places()[stop.country] for stop in found.stops}
    bends = [Line.between(at[way.source], at[way.target]).half_way for way in found.ways]
    frame = Frame.of([*at.values(), *bends], form.width, form.least, form.most)
    spots = {country: frame.spot(point) for country, point in at.items()}
    heaviest = max((way.mass_kg or Decimal(0) for way in found.ways), default=Decimal(0))
    scale = form.widest / float(heaviest) if heaviest else 0.0
    lines = [(way, Line.between(spots[way.source], spots[way.target])) for way in found.ways]
    named = [(spots[stop.country], stop.name) for stop in found.stops]
    labels = place_labels(named, [line for _, line in lines], frame)
    return drawing(
        frame.land(),
        *(_line(way, line, scale, palette) for way, line in lines),
        *(_point(stop, spots[stop.country], palette) for stop in found.stops),
        *(_label(label) for label in labels),
        name=name, title=title, about=about, cls="graph map", view_box=f"0 0 {form.width:g} {frame.height:g}",
    )  # fmt: skip


def _line(way: Way, line: Line, scale: float, palette: Palette) -> str:
    ends = {"source": countries.name(way.source), "target": countries.name(way.target)}
    mass = _("mass withheld") if way.mass_kg is None else f"{n3(way.mass_kg)}\u202fkg"
    about = _("%(source)s to %(target)s: %(mass)s") % {**ends, "mass": mass}
    width = max(THINNEST, float(way.mass_kg or 0) * scale)
    paint = palette.paint(way.source)
    drawn = element(
        "path", element("title", words(about)), cls=f"way {paint}{' pend' if way.pending else ''}", d=line.d,
        stroke_width=f"{width:.1f}",
    )  # fmt: skip
    return drawn + element("path", cls=f"way-to {paint}", d=line.arrow(max(4.0, width)))


def _point(stop: Stop, spot: world.Point, palette: Palette) -> str:
    named = ", ".join(stop.lots[:LOTS_NAMED])
    more = len(stop.lots) - LOTS_NAMED
    parts = [stop.about, named + (_(" and %(n)s more") % {"n": more} if more > 0 else "")]
    about = _("%(country)s: %(said)s") % {"country": stop.name, "said": "; ".join(one for one in parts if one)}
    paint = palette.paint(stop.country)
    return element(
        "circle", element("title", words(about)), cls=f"stop {paint}", cx=f"{spot[0]:.1f}", cy=f"{spot[1]:.1f}",
        r=RADIUS,
    )  # fmt: skip


def _label(label: Label) -> str:
    return text(f"{label.x:.1f}", f"{label.y:.1f}", label.words, f"tb {label.cls}".strip())


def _signs(found: Journey) -> Iterable[Key]:
    if any(way.pending for way in found.ways):
        line = element("path", cls="way pend", d="M0 8H16", stroke_width=2)
        yield key(line, _("Not yet received"))


def _table(found: Journey, name: str, title: str) -> Twin:
    head = (Column(_("Country")), Column(_("Stages")), Column(_("Lots")))
    rows = [(stop.name, ", ".join(stop.stages), ", ".join(stop.lots)) for stop in found.stops]
    if not found.ways:
        return Twin(name, title, head, tuple(rows))
    went = {
        stop.country: "; ".join(
            f"{countries.name(way.target)} {_weighed(way.mass_kg)}" for way in found.ways if way.source == stop.country
        )
        for stop in found.stops
    }
    joined = [(*row, went[stop.country]) for row, stop in zip(rows, found.stops, strict=True)]
    return Twin(name, title, (*head, Column(_("Went to"), "kg")), tuple(joined))


def _weighed(mass_kg: Decimal | None) -> str:
    return _("withheld") if mass_kg is None else all_digits(mass_kg)
