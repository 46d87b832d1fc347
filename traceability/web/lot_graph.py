"""The custody graph of a lot as its reader may draw it: lots, what went between them, what was lost on the way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from traceability.ledger.quantity import computing, round_places
from traceability.material.composition import MASS_PLACES
from traceability.models import Lot, LotEdge
from traceability.selectors.lineage import UP, Lineage
from traceability.selectors.lots import DRY_MASS, LotView, Matter, drawn_kg
from traceability.web import words
from traceability.web.pictures import custody
from traceability.web.pictures.palette import Palette
from traceability.web.pictures.svg import Picture

NEAREST = 60
"""Lots that the picture shows at most, nearest first; the table of those who took part has all."""
NEGLIGIBLE = Decimal("0.001")
"""Of what came in: a smaller difference is the rounding of assays, not a loss."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What is drawn: the lots by id, the edges among them, and the lots that stand aside (co-products)."""

    lot: UUID
    matter: Matter
    edges: Sequence[tuple[UUID, UUID, int]]
    findings: Mapping[UUID, str] = field(default_factory=dict)
    aside: frozenset[UUID] = frozenset()

    @property
    def shown(self) -> set[UUID]:
        return {self.lot, *(end for parent, child, _ in self.edges for end in (parent, child))}


def scene_ids(
    found: Lineage, visible: set[UUID] | None = None, *, depth: int | None = None
) -> tuple[set[UUID], set[UUID]]:
    """The lots to draw, nearest first and at most NEAREST, and the co-products of their steps (of the way up only).

    `visible` narrows the way down to the lots that the reader may see, `depth` either to so many steps.
    """
    near = found.lots(NEAREST if visible is None and depth is None else None)
    if depth is not None:
        away = found.steps()
        near = [one for one in near if away[one] <= depth]
    shown = {found.lot, *[one for one in near if visible is None or one in visible][:NEAREST]}
    if found.direction != UP:
        return shown, set()
    steps = {edge.statement_id for edge in found.edges(shown)}
    siblings = LotEdge.objects.filter(statement__in=steps, division=False, voided=False).values_list("child", flat=True)
    return shown, set(siblings) - shown


def scene(found: Lineage, shown: set[UUID], aside: set[UUID], matter: Matter, findings: Mapping[UUID, str]) -> Scene:
    """The lots and edges to draw."""
    edges = [(edge.parent, edge.child, edge.statement_id) for edge in found.edges(shown)]
    if aside:
        rows = LotEdge.objects.filter(child__in=aside, parent__in=shown).values_list("parent", "child", "statement")
        edges += [(parent, child, statement) for parent, child, statement in rows]
    return Scene(found.lot, matter, edges, findings, frozenset(aside))


def draw(drawn: Scene, element: str, palette: Palette) -> Picture:
    """The picture by one element, or by DRY_MASS."""
    nodes, edges = nodes_and_edges(drawn, element)
    name = _("dry mass") if element == DRY_MASS else words.element(element)
    symbol = "" if element == DRY_MASS else element
    return custody.draw(
        nodes, edges, name="custody", element_name=name, symbol=symbol, palette=palette, focus=str(drawn.lot)
    )


@computing()
def nodes_and_edges(drawn: Scene, element: str) -> tuple[list[custody.Node], list[custody.Edge]]:
    """The lots and flows of a scene by one element, as the pictures take them; parts of a lot are one with it."""
    views = drawn.matter.views
    arrived, lost = _flows(drawn, element)
    keep = _keep(drawn, element, arrived)
    parts = _parts(drawn)
    nodes = [
        _node(drawn, views[one], element, lost.get(one))
        for one in _oldest_first(drawn.shown & keep, views)
        if one not in parts
    ]
    edges = _without_parts(arrived, parts, keep)
    lot = views[drawn.lot].row
    if lot.receiver is not None and lot.state == "in_transit" and views[drawn.lot].facts.with_reader:
        mass = _rounded(views[drawn.lot].element_kg(element))
        nodes.append(custody.Node("receiver", _("on its way"), "buyer", lot.receiver.country, mass, "pending"))
        edges.append(custody.Edge(str(drawn.lot), "receiver", mass))
    return nodes, edges


def _oldest_first(ids: set[UUID], views: Mapping[UUID, LotView]) -> list[UUID]:
    return sorted((one for one in ids if one in views), key=lambda one: (views[one].row.made_by_id, views[one].label))


def _flows(drawn: Scene, element: str) -> tuple[dict[tuple[UUID, UUID], Decimal | None], dict[UUID, Decimal | None]]:
    """What of each lot arrived in each other, and what of it was lost: parts of a step's output as of its input."""
    views, by_step = drawn.matter.views, defaultdict(set)
    for parent, child, statement in drawn.edges:
        by_step[statement].add((parent, child))
    arrived: dict[tuple[UUID, UUID], Decimal | None] = {}
    lost: dict[UUID, Decimal | None] = defaultdict(Decimal)
    for statement, pairs in by_step.items():
        taken = drawn_kg(drawn.matter.made[statement]) if statement in drawn.matter.made else {}
        inputs = {one: _element_in(views.get(one), element, taken.get(one)) for one, _ in pairs}
        outputs = {one: _element_kg(views.get(one), element) for _, one in pairs}
        whole = _sum(inputs.values())
        for parent, child in sorted(pairs):
            arrived[parent, child] = _part(inputs[parent], outputs[child], whole)
        left = _sum(outputs.values())
        for parent, mass in inputs.items():
            came = _part(mass, left, whole)
            gone = None if mass is None or came is None else max(mass - came, Decimal(0))
            before = lost[parent]
            lost[parent] = None if gone is None or before is None else before + _unless_negligible(gone, mass)
    return arrived, dict(lost)


def _element_in(view: LotView | None, element: str, mass_kg: Decimal | None) -> Decimal | None:
    return None if view is None else view.element_in(element, mass_kg)


def _element_kg(view: LotView | None, element: str) -> Decimal | None:
    return None if view is None else view.element_kg(element)


def _sum(masses: Iterable[Decimal | None]) -> Decimal | None:
    total = Decimal(0)
    for mass in masses:
        if mass is None:
            return None
        total += mass
    return total


def _part(mass: Decimal | None, out: Decimal | None, whole: Decimal | None) -> Decimal | None:
    if mass is None or out is None or whole is None:
        return None
    return out * mass / whole if whole else Decimal(0)


def _rounded(mass: Decimal | None) -> Decimal | None:
    return None if mass is None else round_places(mass, MASS_PLACES)


def _unless_negligible(gone: Decimal, mass: Decimal | None) -> Decimal:
    return Decimal(0) if not mass or gone < NEGLIGIBLE * mass else gone


def _keep(drawn: Scene, element: str, arrived: Mapping[tuple[UUID, UUID], Decimal | None]) -> set[UUID]:
    """All lots of the history; of co-products those of which the reader knows that some of the element went there."""
    into = {child for (_, child), mass in arrived.items() if mass}
    return {one for one in drawn.shown if one not in drawn.aside or one in into or element == DRY_MASS}


def _parts(drawn: Scene) -> dict[UUID, UUID]:
    """Lots that were only split off another one, with that lot: the picture shows them as one."""
    found: dict[UUID, UUID] = {}
    parents: dict[UUID, list[UUID]] = defaultdict(list)
    for parent, child, statement in drawn.edges:
        made = drawn.matter.made.get(statement)
        if made is not None and not made.claim.get("process") and child != drawn.lot:
            parents[child].append(parent)
    for child, rows in parents.items():
        if len(rows) == 1:
            found[child] = rows[0]
    return found


def _without_parts(
    arrived: Mapping[tuple[UUID, UUID], Decimal | None], parts: Mapping[UUID, UUID], keep: set[UUID]
) -> list[custody.Edge]:
    def whole(one: UUID) -> UUID:
        while one in parts:
            one = parts[one]
        return one

    sums: dict[tuple[UUID, UUID], Decimal | None] = {}
    for (parent, child), mass in arrived.items():
        ends = whole(parent), whole(child)
        if ends[0] != ends[1] and {parent, child} <= keep:
            sums[ends] = _sum((sums.get(ends, Decimal(0)), mass))
    return [custody.Edge(str(parent), str(child), _rounded(mass)) for (parent, child), mass in sums.items()]


def _node(drawn: Scene, view: LotView, element: str, lost: Decimal | None) -> custody.Node:
    row: Lot = view.row
    node = custody.Node(
        id=str(row.pk),
        label=view.label,
        stage=row.stage,
        country=drawn.matter.country(row.pk),
        mass_kg=_rounded(view.element_kg(element)),
        finding=drawn.findings.get(row.pk, ""),
        lost_kg=_rounded(lost),
        href="" if row.pk == drawn.lot else reverse("lot", args=[row.pk]),
    )
    if row.pk in drawn.aside:  # a co-product is shown, but the reader of this lot may not see its page
        return replace(node, state="aside", href="")
    is_pending = view.facts.state == "in_transit" and row.pk != drawn.lot
    return replace(node, state="pending") if is_pending else node
