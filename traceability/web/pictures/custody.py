"""The custody graph: ore at the left, magnet at the right, the width of a band is the mass of one element.

Colour is the country of the step, hatched is lost, pale is not part of this history, dashed is not yet received, a red
outline is a finding. The same graph goes across (screens, paper) and down (phones); a table says the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from traceability.web import countries
from traceability.web.numbers import all_digits
from traceability.web.pictures import bands
from traceability.web.pictures.graph import STAGES, Edge, Node, collapse, folded
from traceability.web.pictures.layering import Box, Layers, Link, layer_of, ordered, placed, short_links, with_waypoints
from traceability.web.pictures.palette import Palette
from traceability.web.pictures.svg import Column, Key, Picture, Twin, key, lost, rect

WAYPOINT_GAP = 4.0  # px


def draw(
    nodes: Sequence[Node],
    edges: Sequence[Edge],
    *,
    name: str,
    element_name: str,
    symbol: str,
    palette: Palette,
    focus: str = "",
) -> Picture:
    """Return the graph; `name` makes its ids, `element_name` and `symbol` say what is weighed, `focus` is this lot."""
    few, between = folded(nodes, edges, focus=focus)
    layers = layer_of([node.id for node in few], _links(between), {node.id: node.stage for node in few})
    shown, kept, layers = collapse(few, between, layers, focus=focus)
    about = _about(shown, element_name)
    scene = bands.Scene(name, _title(element_name), about, palette, element_name, symbol, focus)
    return Picture(
        title=scene.title,
        svg=bands.across(scene, _laid(shown, kept, layers, bands.ACROSS)),
        narrow=bands.down(scene, _laid(shown, kept, _one_by_one(shown, kept, layers), bands.DOWN)),
        legend=(*palette.legend({node.country for node in nodes}), *_signs(shown)),
        twin=table(nodes, edges, name=name, element_name=element_name),
        wide=True,
    )


def table(nodes: Sequence[Node], edges: Sequence[Edge], *, name: str, element_name: str) -> Twin:
    """Return the graph as a table: one row for each lot, with where its matter went."""
    label = {node.id: node.label for node in nodes}
    went = {node.id: [edge for edge in edges if edge.source == node.id] for node in nodes}
    head = (
        Column(_("Lot")), Column(_("Stage")), Column(_("Country")), Column(element_name.capitalize(), "kg", True),
        Column(_("Lost"), "kg", True), Column(_("Went into")), Column(_("Finding")),
    )  # fmt: skip
    rows = [
        (
            node.label, _stage(node), countries.name(node.country), _figure(node.mass_kg),
            _figure(node.lost_kg) if went[node.id] else "",
            "; ".join(f"{label[edge.target]} {_mass(edge.mass_kg)}" for edge in went[node.id]), node.finding,
        )
        for node in nodes
    ]  # fmt: skip
    return Twin(name, _title(element_name), head, tuple(rows))


def _title(element_name: str) -> str:
    return _("Custody graph by %(element)s") % {"element": element_name}


def _links(edges: Sequence[Edge]) -> list[Link]:
    return [Link(edge.source, edge.target, float(edge.mass_kg or 0)) for edge in edges]


def _one_by_one(nodes: Sequence[Node], edges: Sequence[Edge], layers: Mapping[str, int]) -> dict[str, int]:
    """Return a layer of its own for each lot, for the drawing that goes down."""
    rows, paths = with_waypoints(layers, _links(edges))
    named = {node.id for node in nodes}
    order = [name for row in ordered(rows, short_links(paths)) for name in row if name in named]
    return {name: place for place, name in enumerate(order)}


def _laid(nodes: Sequence[Node], edges: Sequence[Edge], layers: Mapping[str, int], shape: bands.Shape) -> bands.Laid:
    """Return the coordinates of bars and bands in one of the two shapes."""
    links = _links(edges)
    rows, paths = with_waypoints(layers, links)
    pieces = short_links(paths)
    scale = _scale(rows, nodes, paths, shape)
    rows = ordered(rows, pieces)
    boxes = {node.id: bands.box(node, bands.thickness(node, links, scale), shape) for node in nodes}
    boxes |= {
        point: Box(max(2.0, link.weight * scale), margin=WAYPOINT_GAP)
        for link, path in paths.items() for point in path[1:-1]
    }  # fmt: skip
    start = placed(rows, boxes, [replace(piece, weight=piece.weight * scale) for piece in pieces])
    return bands.Laid(tuple(nodes), tuple(edges), tuple(paths.values()), dict(layers), start, boxes, scale)


def _scale(rows: Layers, nodes: Sequence[Node], paths: Mapping[Link, list[str]], shape: bands.Shape) -> float:
    """Return px per kg so that the heaviest layer has the width that the shape allows."""
    mass = {node.id: float(node.mass_kg or 0) for node in nodes}
    mass |= {point: link.weight for link, path in paths.items() for point in path[1:-1]}
    heaviest = max((sum(mass[name] for name in row) for row in rows), default=0.0)
    return shape.breadth / heaviest if heaviest else 0.0


def _signs(nodes: Sequence[Node]) -> tuple[Key, ...]:
    states = {node.state for node in nodes}
    some = [lost()] if any(node.lost_kg for node in nodes) else []
    some.append(key(rect(0, 0, 16, 16, "rest c-1"), _("Not part of this history")))
    if "pending" in states:
        some.append(key(rect(1, 2, 14, 12, "pend"), _("Not yet received")))
    if any(node.finding for node in nodes):
        some.append(key(rect(2, 2, 12, 12, "find-o"), _("Finding")))
    return tuple(some)


def _about(nodes: Sequence[Node], element_name: str) -> str:
    past = [node for node in nodes if node.state == "past"]
    lands = {node.country for node in past if node.country}
    found = [f"{node.label}: {node.finding}" for node in past if node.finding]
    countries_said = ngettext("%(n)d country", "%(n)d countries", len(lands)) % {"n": len(lands)}
    said = [
        _("%(lots)s lots in %(countries)s, from ore and scrap to magnet.")
        % {"lots": len(past), "countries": countries_said},
        _("The width of a band is the mass of %(element)s.") % {"element": element_name},
        *([_("Findings: %(found)s.") % {"found": "; ".join(found)}] if found else []),
        _("The table below says the same."),
    ]
    return " ".join(said)


def _stage(node: Node) -> str:
    return str(STAGES.get(node.stage, node.stage))


def _mass(mass_kg: Decimal | None) -> str:
    return _("withheld") if mass_kg is None else all_digits(mass_kg)


def _figure(mass_kg: Decimal | None) -> str | Decimal:
    return _("withheld") if mass_kg is None else mass_kg


__all__ = ["Edge", "Node", "draw", "table"]
