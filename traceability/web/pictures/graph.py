"""Lots and the matter that goes between them, as the custody graph takes them; and how many lots become few."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

STAGES = {
    "ore": gettext_lazy("Ore"),
    "eol_magnet": gettext_lazy("Scrap"),
    "concentrate": gettext_lazy("Concentrate"),
    "compound": gettext_lazy("Compound"),
    "oxide": gettext_lazy("Oxide"),
    "metal": gettext_lazy("Metal"),
    "alloy": gettext_lazy("Alloy"),
    "powder": gettext_lazy("Powder"),
    "magnet": gettext_lazy("Magnet"),
    "swarf": gettext_lazy("Swarf"),
    "residue": gettext_lazy("Residue"),
    "other": gettext_lazy("Other"),
    "buyer": gettext_lazy("Buyer"),
}
MOST_IN_A_COLUMN = 8
LEAST_IN_A_ROW = 3


@dataclass(frozen=True, slots=True)
class Node:
    """A lot, or the buyer it is on its way to. `mass_kg` is of the chosen element; None is withheld, not zero.

    `past` is part of the history, `aside` is not (a co-product), `pending` is not yet received.
    """

    id: str
    label: str
    stage: str
    country: str
    mass_kg: Decimal | None
    state: Literal["past", "aside", "pending"] = "past"
    finding: str = ""
    href: str = ""
    lost_kg: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """Matter that went from one lot into another: the mass of the chosen element that arrived; None is withheld."""

    source: str
    target: str
    mass_kg: Decimal | None


def folded(nodes: Sequence[Node], edges: Sequence[Edge], *, focus: str = "") -> tuple[list[Node], list[Edge]]:
    """Return the graph with long rows of lots, each made of the one before alone, as one "so many lots in a row".

    Lots with a finding, pending ones, the lot of the page, and the ends of a row are always shown.
    """
    before: dict[str, list[str]] = {node.id: [] for node in nodes}
    after: dict[str, list[str]] = {node.id: [] for node in nodes}
    for edge in edges:
        before[edge.target].append(edge.source)
        after[edge.source].append(edge.target)
    known = {node.id: node for node in nodes}
    plain = {
        node.id for node in nodes
        if len(before[node.id]) == len(after[node.id]) == 1
        and not (node.finding or node.state != "past" or node.id == focus)
    }  # fmt: skip
    into: dict[str, str] = {}
    groups: list[Node] = []
    for start in nodes:
        if start.id not in plain or before[start.id][0] in plain:
            continue
        row = [start.id]
        while (following := after[row[-1]][0]) in plain:
            row.append(following)
        inner = row[1:-1]
        if len(inner) >= LEAST_IN_A_ROW:
            group = _row(f"={start.id}", [known[one] for one in inner])
            groups.append(group)
            into |= dict.fromkeys(inner, group.id)
    shown = [node for node in nodes if node.id not in into] + groups
    return shown, [edge for edge in _merged(edges, into) if edge.source != edge.target]


def _row(id: str, nodes: Sequence[Node]) -> Node:
    stages, lands = {node.stage for node in nodes}, {node.country for node in nodes}
    return Node(
        id=id,
        label=_("%(nodes)s lots in a row") % {"nodes": len(nodes)},
        stage=stages.pop() if len(stages) == 1 else "other",
        country=lands.pop() if len(lands) == 1 else "",
        mass_kg=nodes[-1].mass_kg,
        lost_kg=_sum(node.lost_kg or Decimal(0) for node in nodes),
    )


def collapse(
    nodes: Sequence[Node], edges: Sequence[Edge], layers: Mapping[str, int], *, focus: str = ""
) -> tuple[list[Node], list[Edge], dict[str, int]]:
    """Return the graph with at most MOST_IN_A_COLUMN lots in a layer: the lightest become one "further lots".

    Lots with a finding, pending ones and the lot of the page are always shown.
    """
    into: dict[str, str] = {}
    groups: list[Node] = []
    for layer in range(max(layers.values(), default=-1) + 1):
        row = [node for node in nodes if layers[node.id] == layer]
        loose = [node for node in row if not (node.finding or node.state == "pending" or node.id == focus)]
        room = max(0, MOST_IN_A_COLUMN - 1 - (len(row) - len(loose)))
        light = sorted(loose, key=lambda node: -(node.mass_kg or 0))[room:]
        if len(row) > MOST_IN_A_COLUMN and len(light) > 1:
            group = _group(f"+{layer}", light)
            groups.append(group)
            into |= {node.id: group.id for node in light}
    shown = [node for node in nodes if node.id not in into] + groups
    where = {into.get(name, name): layer for name, layer in layers.items()}
    return shown, _merged(edges, into), {node.id: where[node.id] for node in shown}


def _group(id: str, nodes: Sequence[Node]) -> Node:
    stages, lands = {node.stage for node in nodes}, {node.country for node in nodes}
    past = any(node.state == "past" for node in nodes)
    return Node(
        id=id,
        label=(_("%(nodes)s further lots") % {"nodes": len(nodes)}),
        stage=stages.pop() if len(stages) == 1 else "other",
        country=lands.pop() if len(lands) == 1 else "",
        mass_kg=_sum(node.mass_kg for node in nodes),
        state="past" if past else "aside",
        lost_kg=_sum(node.lost_kg or Decimal(0) for node in nodes),
    )


def _merged(edges: Sequence[Edge], into: Mapping[str, str]) -> list[Edge]:
    merged: dict[tuple[str, str], Edge] = {}
    for edge in edges:
        ends = into.get(edge.source, edge.source), into.get(edge.target, edge.target)
        before = merged.get(ends)
        mass = edge.mass_kg if before is None else _sum((before.mass_kg, edge.mass_kg))
        merged[ends] = replace(edge, source=ends[0], target=ends[1], mass_kg=mass)
    return list(merged.values())


def _sum(masses: Iterable[Decimal | None]) -> Decimal | None:
    """Return the sum, or None when one of the masses is withheld: a total over a gap is a gap."""
    total = Decimal(0)
    for mass in masses:
        if mass is None:
            return None
        total += mass
    return total
