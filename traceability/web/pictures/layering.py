"""Where a lot stands on the way from ore to magnet: its layer, and its place among the others of the layer.

A layered drawing after Sugiyama, Tagawa and Toda (1981): layers by longest path, long bands cut by waypoints, order by
barycentres, then coordinates by relaxation. Everything is deterministic: ties keep the order of the input.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

SWEEPS = 12
RELAXATIONS = 40
STRAIGHTENINGS = 6
WAYPOINT = "~"
LARGEST_PULL = 2  # layers that a lot may move so that lots of one stage stand in one column

Layers = list[list[str]]


@dataclass(frozen=True, slots=True)
class Box:
    """The room of an item across its layer (px): its bar, its label before and after it, its distance to others."""

    size: float
    before: float = 0.0
    after: float = 0.0
    margin: float = 0.0

    @property
    def room(self) -> float:
        return self.before + self.size + self.after


@dataclass(frozen=True, slots=True)
class Link:
    """A band between items of neighbouring layers, or of any layers before waypoints are cut in."""

    source: str
    target: str
    weight: float = 1.0


class LoopError(ValueError):
    """The graph goes in a circle: matter cannot be its own ancestor."""


def topological(names: Sequence[str], links: Iterable[Link]) -> list[str]:
    """Return the names so that each source stands before its targets."""
    before: dict[str, set[str]] = {name: set() for name in names}
    for link in links:
        before[link.target].add(link.source)
    done: dict[str, None] = {}
    while len(done) < len(names):
        ready = [name for name in names if name not in done and before[name] <= done.keys()]
        if not ready:
            raise LoopError("the lots form a circle")
        done.update(dict.fromkeys(ready))
    return list(done)


def layer_of(names: Sequence[str], links: Sequence[Link], stages: Mapping[str, str]) -> dict[str, int]:
    """Return the layer of each name: after all its sources, and with its stage where that costs little."""
    order = topological(names, links)
    sources = {name: [link.source for link in links if link.target == name] for name in names}
    floors: dict[str, int] = {}
    while True:
        layers: dict[str, int] = {}
        for name in order:
            after = max((layers[one] + 1 for one in sources[name]), default=0)
            first = sources[name] and all(stages[one] != stages[name] for one in sources[name])
            layers[name] = max(after, floors.get(name, 0)) if first else after
        pulled = _pulled_to_their_stage(order, sources, stages, layers)
        if all(floors.get(name) == layer for name, layer in pulled.items()):
            return layers
        floors |= pulled


def _pulled_to_their_stage(
    order: Sequence[str], sources: Mapping[str, list[str]], stages: Mapping[str, str], layers: Mapping[str, int]
) -> dict[str, int]:
    """Return the layer to which the first lots of a stage move, for stages that are spread a little."""
    pulled: dict[str, int] = {}
    for stage in dict.fromkeys(stages[name] for name in order):
        firsts = [
            name for name in order
            if stages[name] == stage and sources[name] and all(stages[one] != stage for one in sources[name])
        ]  # fmt: skip
        if firsts and 0 < max(layers[n] for n in firsts) - min(layers[n] for n in firsts) <= LARGEST_PULL:
            pulled |= dict.fromkeys(firsts, max(layers[n] for n in firsts))
    return pulled


def with_waypoints(layers: Mapping[str, int], links: Sequence[Link]) -> tuple[Layers, dict[Link, list[str]]]:
    """Return the layers with a waypoint wherever a band passes, and the items that each band goes through."""
    rows: Layers = [[] for _ in range(max(layers.values(), default=-1) + 1)]
    for name, layer in layers.items():
        rows[layer].append(name)
    paths = {}
    for number, link in enumerate(links):
        between = range(layers[link.source] + 1, layers[link.target])
        points = [f"{WAYPOINT}{number}.{layer}" for layer in between]
        for point, layer in zip(points, between, strict=True):
            rows[layer].append(point)
        paths[link] = [link.source, *points, link.target]
    return rows, paths


def short_links(paths: Mapping[Link, list[str]]) -> list[Link]:
    """Return the pieces of all bands between neighbouring layers."""
    return [Link(a, b, link.weight) for link, path in paths.items() for a, b in pairwise(path)]


def ordered(layers: Layers, links: Sequence[Link]) -> Layers:
    """Return the layers with few crossings: the best of several sweeps of barycentres."""
    best = [list(row) for row in layers]
    fewest = crossings(best, links)
    rows = [list(row) for row in layers]
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        near = _neighbours(links, forward=forward)
        for index in range(len(rows)) if forward else reversed(range(len(rows))):
            beside = index - 1 if forward else index + 1
            if 0 <= beside < len(rows):
                rows[index] = _by_barycentre(rows[index], rows[beside], near)
        count = crossings(rows, links)
        if count < fewest:
            best, fewest = [list(row) for row in rows], count
    return best


def crossings(layers: Layers, links: Sequence[Link]) -> float:
    """Return how much crosses: for each pair of crossing bands the thinner one, and a little for each crossing."""
    place = {name: (index, i) for index, row in enumerate(layers) for i, name in enumerate(row)}
    total = 0.0
    by_layer: list[list[tuple[int, int, float]]] = [[] for _ in layers]
    for one in links:
        index, at = place[one.source]
        by_layer[index].append((at, place[one.target][1], one.weight))
    for here in by_layer:
        for i, (a, b, weight) in enumerate(here):
            total += sum(1 + min(weight, other) for c, d, other in here[i + 1 :] if (a - c) * (b - d) < 0)
    return total


def _neighbours(links: Sequence[Link], *, forward: bool) -> dict[str, list[Link]]:
    near: dict[str, list[Link]] = {}
    for link in links:
        near.setdefault(link.target if forward else link.source, []).append(
            link if forward else Link(link.target, link.source, link.weight)
        )
    return near


def _by_barycentre(row: list[str], beside: list[str], near: Mapping[str, list[Link]]) -> list[str]:
    place = {name: i for i, name in enumerate(beside)}
    scale = len(row) / max(1, len(beside))

    def centre(at: int) -> float:
        found = [place[link.source] for link in near.get(row[at], ()) if link.source in place]
        return (sum(found) / len(found) + 0.5) * scale if found else at + 0.5

    return [row[at] for at in sorted(range(len(row)), key=lambda at: (centre(at), at))]


def placed(layers: Layers, boxes: Mapping[str, Box], links: Sequence[Link]) -> dict[str, float]:
    """Return where each bar begins (px): near what it is tied to, in order, at its distance."""
    extent = max((_room(row, boxes) for row in layers), default=0.0)
    start: dict[str, float] = {}
    for row in layers:
        at = (extent - _room(row, boxes)) / 2
        for name in row:
            start[name] = at
            at += boxes[name].room + boxes[name].margin
    back, forth = _neighbours(links, forward=True), _neighbours(links, forward=False)
    both = {name: [*back.get(name, ()), *forth.get(name, ())] for name in start}
    for turn in range(RELAXATIONS):
        near = back if turn % 2 == 0 else forth
        for row in layers if turn % 2 == 0 else reversed(layers):
            for name in row:
                start[name] = _wished(name, near.get(name, ()), start, boxes)
            _settle(row, boxes, start, extent)
    for row in [*layers] * STRAIGHTENINGS:
        for name in row:
            if name.startswith(WAYPOINT):
                start[name] = _wished(name, both[name], start, boxes)
        _settle(row, boxes, start, extent)
    least = min(start.values(), default=0.0)
    return {name: at - least + boxes[name].before for name, at in start.items()}


def _room(row: Sequence[str], boxes: Mapping[str, Box]) -> float:
    return sum(boxes[name].room for name in row) + sum(_gap(boxes[a], boxes[b]) for a, b in pairwise(row))


def _gap(one: Box, other: Box) -> float:
    return (one.margin + other.margin) / 2


def _wished(name: str, near: Iterable[Link], start: Mapping[str, float], boxes: Mapping[str, Box]) -> float:
    near = list(near)
    weight = sum(link.weight + 1 for link in near)
    if not weight:
        return start[name]
    middle = sum((link.weight + 1) * _middle(link.source, start, boxes) for link in near) / weight
    return middle - boxes[name].before - boxes[name].size / 2


def _middle(name: str, start: Mapping[str, float], boxes: Mapping[str, Box]) -> float:
    return start[name] + boxes[name].before + boxes[name].size / 2


def _settle(row: Sequence[str], boxes: Mapping[str, Box], start: dict[str, float], extent: float) -> None:
    """Move the items of a row apart, in their order, within 0 and extent."""
    for place, name in enumerate(row):
        if place:
            before = row[place - 1]
            start[name] = max(start[name], start[before] + boxes[before].room + _gap(boxes[before], boxes[name]))
        else:
            start[name] = max(start[name], 0.0)
    end = extent
    for place, name in reversed(list(enumerate(row))):
        start[name] = min(start[name], end - boxes[name].room)
        end = start[name] - (_gap(boxes[row[place - 1]], boxes[name]) if place else 0.0)
