"""The two drawings of a laid-out custody graph: across for screens and paper, down for phones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from django.utils.translation import gettext as _

from traceability.web.numbers import n3
from traceability.web.pictures.graph import STAGES, Edge, Node
from traceability.web.pictures.layering import Box, Link
from traceability.web.pictures.palette import Palette
from traceability.web.pictures.svg import drawing, element, hatch, rect, text, words
from traceability.web.words import inside

BAR = 8.0  # px along, the bar of a lot
LEAST_BAR = 6.0  # px across: a lot without the element is still a lot
THINNEST_BAND = 0.75  # px; what is thinner becomes a line
LABEL_INSIDE = 36.0  # px: from here on two lines of text fit beside the bar
ABOVE = 32.0  # px: the two lines stand above a lower bar
FINDING = 18.0  # px: one more line below
LONGEST_LABEL = 18
LONGEST_HEADING = 20


@dataclass(frozen=True, slots=True)
class Shape:
    """A drawing: room for the heaviest layer, gap between items (px)."""

    breadth: float
    gap: float
    labels_beside: bool  # in a column of their own


ACROSS = Shape(breadth=330, gap=14, labels_beside=False)
DOWN = Shape(breadth=96, gap=6, labels_beside=True)
WIDEST, NARROWEST = 160.0, 124.0  # px from column to column
LAST = 118.0  # px for the labels of the last column
WIDE_SCREEN = 1056.0  # px inside a sheet
LINE = 52.0  # px from lot to lot, going down


@dataclass(frozen=True, slots=True)
class Scene:
    """What both drawings say: their id, title and description, colours, the element and the lot of the page."""

    name: str
    title: str
    about: str
    palette: Palette
    element_name: str
    symbol: str
    focus: str


@dataclass(frozen=True, slots=True)
class Laid:
    """A graph with coordinates: `start`, `boxes` across the layers, `paths` through waypoints, `scale` in px per kg."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    paths: tuple[list[str], ...]
    layers: Mapping[str, int]
    start: Mapping[str, float]
    boxes: Mapping[str, Box]
    scale: float


Point = tuple[float, float]  # along the layers, across them


def thickness(node: Node, links: Sequence[Link], scale: float) -> float:
    """Return the height of a lot's bar (px): its mass, or what is known to go through it."""
    into = sum(link.weight for link in links if link.target == node.id)
    out = sum(link.weight for link in links if link.source == node.id)
    return max(LEAST_BAR, max(float(node.mass_kg or 0), into, out) * scale)


def box(node: Node, size: float, shape: Shape) -> Box:
    """Return the room of a lot: its bar and its label."""
    if shape.labels_beside:
        return Box(size, margin=shape.gap)
    below = FINDING if node.finding else 0.0
    return Box(size, 0.0 if size >= LABEL_INSIDE else ABOVE, below, shape.gap)


def across(scene: Scene, laid: Laid) -> str:
    """Return the drawing from left to right, at its natural size."""
    top = 28.0
    columns = max(laid.layers.values(), default=0) + 1
    height = top + max((laid.start[n.id] + laid.boxes[n.id].size for n in laid.nodes), default=0.0) + FINDING + 8
    pitch = min(WIDEST, max(NARROWEST, (WIDE_SCREEN - 2 - BAR - LAST) / max(1, columns - 1)))
    width = round(2 + (columns - 1) * pitch + BAR + LAST)
    view = _View(scene, laid, lambda a, c: (2 + a, top + c), ACROSS, pitch)
    heads = [text(2 + layer * pitch, 10, _heading(laid, layer)) for layer in range(columns)]
    return drawing(
        hatch(scene.name), *heads, element("path", cls="gridl", d=f"M0 16.5H{width:g}"),
        *view.bands(), *view.leftovers(), *(_lot_across(view, node) for node in laid.nodes),
        name=scene.name, title=scene.title, about=scene.about, cls="graph", links=any(n.href for n in laid.nodes),
        width=width, height=round(height), view_box=f"0 0 {width:g} {round(height)}",
    )  # fmt: skip


def down(scene: Scene, laid: Laid) -> str:
    """Return the drawing from top to bottom, one lot in a line, for narrow screens."""
    scene = replace(scene, name=f"{scene.name}-down")
    breadth = max((at + laid.boxes[item].size for item, at in laid.start.items()), default=0.0)
    labels = breadth + 20
    width = round(max(labels + 168, 320))
    height = len(laid.nodes) * LINE
    view = _View(scene, laid, lambda a, c: (2 + c, 6 + a), DOWN, LINE)
    return drawing(
        hatch(scene.name), *view.bands(), *view.leftovers(), *(_lot_down(view, node, labels) for node in laid.nodes),
        name=scene.name, title=scene.title, about=scene.about, cls="graph", links=any(n.href for n in laid.nodes),
        view_box=f"0 0 {width} {height:g}",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _View:
    """A laid-out graph on its way to paper: `spot` turns along and across into x and y."""

    scene: Scene
    laid: Laid
    spot: Callable[[float, float], Point]
    shape: Shape
    pitch: float

    def along(self, name: str) -> float:
        layer = self.laid.layers[name] if name in self.laid.layers else int(name.rpartition(".")[2])
        return layer * self.pitch

    def bands(self) -> list[str]:
        """One shape for each edge: a band, or a line where it would be too thin to see."""
        nodes = {node.id: node for node in self.laid.nodes}
        outs, ins = self._offsets(out=True), self._offsets(out=False)
        drawn = []
        for number, (edge, path) in enumerate(zip(self.laid.edges, self.laid.paths, strict=True)):
            source, target = nodes[edge.source], nodes[edge.target]
            width = float(edge.mass_kg or 0) * self.laid.scale
            mass = _mass(edge.mass_kg, self.scene.symbol)
            about = _("%(lot)s to %(next)s: %(mass)s") % {"lot": source.label, "next": target.label, "mass": mass}
            classes = [self.scene.palette.paint(source.country)]
            classes += ["aside"] if "aside" in (source.state, target.state) else []
            classes += ["pend"] if target.state == "pending" else []
            if width < THINNEST_BAND:
                line = self._points(path, 0, 0, thin=True)
                drawn.append(_shape("thin", classes, self._line(line), about))
            else:
                line = self._points(path, outs[number], ins[number])
                back = [(a, c + width) for a, c in reversed(line)]
                drawn.append(_shape("band", classes, f"{self._line(line)}L{self._line(back)[1:]}Z", about))
        return drawn

    def leftovers(self) -> list[str]:
        """What did not go on: pale where it stays elsewhere, hatched where it is lost."""
        drawn = []
        for node in self.laid.nodes:
            out = [float(edge.mass_kg or 0) for edge in self.laid.edges if edge.source == node.id]
            lost = float(node.lost_kg or 0) * self.laid.scale
            used = sum(out) * self.laid.scale
            rest = float(node.mass_kg or 0) * self.laid.scale - used - lost if out else 0.0
            at = self.laid.start[node.id] + used
            paint = self.scene.palette.paint(node.country)
            if rest >= THINNEST_BAND:
                said = {"lot": node.label, "mass": _mass_of(rest / self.laid.scale)}
                about = _("%(lot)s: %(mass)s not part of this history") % said
                drawn.append(self._block(node, at, rest, f"rest {paint}", about, long=56))
            if lost >= THINNEST_BAND / 2:
                said = {"lot": node.label, "mass": _mass(node.lost_kg, self.scene.symbol)}
                about = _("%(lot)s: %(mass)s lost") % said
                fill = f"url(#{self.scene.name}-hatch)"
                drawn.append(self._block(node, at + max(rest, 0), max(lost, 1.0), "lost", about, long=20, fill=fill))
        return drawn

    def bar(self, node: Node) -> str:
        """The bar of a lot, with what is to be said of it."""
        about = f"{node.label}, {node.country}: {_mass(node.mass_kg, self.scene.symbol)}"
        classes = "pend" if node.state == "pending" else self.scene.palette.paint(node.country)
        x, y, width, height = self._rectangle(node, 0.0)
        drawn = rect(x, y, width, height, f"{classes} aside" if node.state == "aside" else classes, about)
        if node.id == self.scene.focus:
            drawn += rect(*self._rectangle(node, 2.0), "me")
        return drawn + (rect(*self._rectangle(node, 3.0), "find-o", node.finding) if node.finding else "")

    def _rectangle(self, node: Node, around: float) -> tuple[float, float, float, float]:
        along, across, size = self.along(node.id), self.laid.start[node.id], self.laid.boxes[node.id].size
        x, y = self.spot(along - around, across - around)
        long, wide = BAR + 2 * around, size + 2 * around
        return (x, y, wide, long) if self.shape.labels_beside else (x, y, long, wide)

    def _block(self, node: Node, at: float, wide: float, cls: str, about: str, *, long: float, fill: str = "") -> str:
        x, y = self.spot(self.along(node.id) + BAR, at)
        if self.shape.labels_beside:
            return rect(x, y, wide, min(long, 16), cls, about, fill=fill)
        return rect(x, y, long, wide, cls, about, fill=fill)

    def _offsets(self, *, out: bool) -> dict[int, float]:
        """Where on its lot each edge begins (or ends), px from the start of the bar: in the order of the other ends."""
        ends: dict[str, list[int]] = {}
        for number, edge in enumerate(self.laid.edges):
            ends.setdefault(edge.source if out else edge.target, []).append(number)
        offsets = {}
        for numbers in ends.values():
            at = 0.0
            for number in sorted(numbers, key=lambda n: (self.laid.start[self.laid.paths[n][1 if out else -2]], n)):
                offsets[number] = at
                at += float(self.laid.edges[number].mass_kg or 0) * self.laid.scale
        return offsets

    def _points(self, path: list[str], out: float, into: float, *, thin: bool = False) -> list[Point]:
        """The line along which a band begins, through its waypoints; a thin one goes through the middles."""
        half = [self.laid.boxes[name].size / 2 if thin else 0.0 for name in path]
        points = []
        for place, name in enumerate(path):
            cross = self.laid.start[name] + half[place]
            cross += out if place == 0 else into if place == len(path) - 1 else 0.0
            along = self.along(name)
            points += [(along, cross)] if place == len(path) - 1 else []
            points += [(along + BAR, cross)] if place == 0 else []
            points += [(along, cross), (along + BAR, cross)] if 0 < place < len(path) - 1 else []
        return points

    def _line(self, points: list[Point]) -> str:
        """The smooth line through points: level at each of them."""
        said = "M{} {}".format(*map(_short, self.spot(*points[0])))
        for (a, c), (b, d) in pairwise(points):
            middle = (a + b) / 2
            turns = (self.spot(middle, c), self.spot(middle, d), self.spot(b, d))
            said += "C" + " ".join(f"{_short(x)} {_short(y)}" for x, y in turns)
        return said


def _lot_across(view: _View, node: Node) -> str:
    x, y = view.spot(view.along(node.id), view.laid.start[node.id])
    size = view.laid.boxes[node.id].size
    beside = size >= LABEL_INSIDE
    left, first = (x + BAR + 8, y + 17) if beside else (x, y - 19)
    label = _label(view, node, left, first)
    below = max(y + size, first + 16) if beside else y + size
    found = text(left, below + 14, _cut(_finding(node), 26), "find-t") if node.finding else ""
    return _linked(node, view.bar(node) + label) + found


def _lot_down(view: _View, node: Node, labels: float) -> str:
    x, y = view.spot(view.along(node.id), view.laid.start[node.id])
    leader = element(
        "path", cls="gridl", d=f"M{_short(x + view.laid.boxes[node.id].size + 4)} {y + 4:g}H{labels - 4:g}"
    )
    found = text(labels, y + 38, _cut(_finding(node), 28), "find-t") if node.finding else ""
    return leader + _linked(node, view.bar(node) + _label(view, node, labels, y + 8)) + found


def _label(view: _View, node: Node, x: float, y: float) -> str:
    mass = {"pending": _("not yet received")}.get(node.state) or _mass(node.mass_kg, view.scene.symbol)
    dim = "dim" if node.state == "aside" else ""
    return text(x, y, _cut(node.label, LONGEST_LABEL), f"tb {dim}".strip()) + text(
        x, y + 15, ", ".join(part for part in (node.country, mass) if part), dim
    )


def _linked(node: Node, drawn: str) -> str:
    about = element("title", words(node.label)) if len(node.label) > LONGEST_LABEL else ""
    return element("a", about, drawn, href=node.href) if node.href else element("g", about, drawn)


def _shape(kind: str, classes: Iterable[str], d: str, about: str) -> str:
    return element("path", element("title", words(about)), cls=" ".join((kind, *classes)), d=d)


def _heading(laid: Laid, layer: int) -> str:
    stages = dict.fromkeys(STAGES.get(n.stage, n.stage) for n in laid.nodes if laid.layers[n.id] == layer)
    first, *others = stages or [""]
    return _cut(", ".join([str(first), *map(inside, others)]), LONGEST_HEADING)


def _mass(mass_kg: object, symbol: str) -> str:
    if mass_kg is None:
        return _("mass withheld")
    return _("no %(element)s") % {"element": symbol} if not mass_kg else f"{n3(str(mass_kg))}\u202fkg"


def _mass_of(kg: float) -> str:
    return f"{n3(f'{kg:.6f}')}\u202fkg"


def _cut(label: str, longest: int) -> str:
    return label if len(label) <= longest else f"{label[: longest - 1]}\u2026"


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _finding(node: Node) -> str:
    return _("Finding: %(finding)s") % {"finding": node.finding}
