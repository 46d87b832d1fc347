"""The world as the map of the steps needs it: the outline of the land and a point for each country, both from a file.

Equal Earth projection (Savric, Patterson and Jenny 2018, doi:10.1080/13658816.2018.1504949): areas are true.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import Any, Final

FILE: Final = Path(__file__).with_name("world.json")
A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796
SCALE: Final = 400.0
"""Units of the map for one radius of the earth; the whole equator is then about 2 165 wide."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the map, in its units; y grows to the south."""

    left: float
    top: float
    width: float
    height: float

    def meets(self, other: Box) -> bool:
        """Whether both have a place in common."""
        across = self.left < other.left + other.width and other.left < self.left + self.width
        return across and self.top < other.top + other.height and other.top < self.top + self.height


@dataclass(frozen=True, slots=True)
class Coast:
    """One closed line of the outline: its box, and the data of a path in whole units."""

    box: Box
    d: str


def project(east: float, north: float) -> Point:
    """Return the place on the map of a longitude and a latitude in degrees."""
    lam, theta = radians(east), asin(sqrt(3) / 2 * sin(radians(north)))
    t2 = theta * theta
    t6 = t2 * t2 * t2
    steep = 9 * A4 * t6 * t2 + 7 * A3 * t6 + 3 * A2 * t2 + A1
    x = 2 * sqrt(3) * lam * cos(theta) / (3 * steep)
    y = theta * (A4 * t6 * t2 + A3 * t6 + A2 * t2 + A1)
    return x * SCALE, -y * SCALE


@cache
def places() -> Mapping[str, Point]:
    """Where each country of ISO 3166-1 is on the map, by its alpha-2 code."""
    return {code: project(east / 10, north / 10) for code, (east, north) in _read()["places"].items()}


@cache
def coasts() -> tuple[Coast, ...]:
    """The outline of the land."""
    return tuple(_coast(line) for line in _read()["land"])


def land_within(box: Box) -> str:
    """Return the data of a path that draws the land of this part of the map."""
    return "".join(coast.d for coast in coasts() if coast.box.meets(box))


def around(points: Iterable[Point]) -> Box:
    """Return the smallest box that holds the points."""
    xs, ys = zip(*points, strict=True)
    return Box(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


@cache
def whole() -> Box:
    """Return the box of all land that is drawn."""
    corners = ((c.box.left + dx * c.box.width, c.box.top + dy * c.box.height) for c in coasts() for dx, dy in _ENDS)
    return around(corners)


_ENDS: Final = ((0, 0), (1, 1))


def _read() -> Any:
    return json.loads(FILE.read_text(encoding="utf-8"))


def _coast(line: list[int]) -> Coast:
    """A line of tenths of degrees, east and north in turn; its path says each point by the way from the one before."""
    points = [project(east / 10, north / 10) for east, north in zip(line[::2], line[1::2], strict=True)]
    dots = [(round(x), round(y)) for x, y in points]
    steps = [(x - w, y - v) for (w, v), (x, y) in pairwise(dots) if (x, y) != (w, v)]
    said = "".join(f"{x}{y:+d}" if at == 0 else f"{x:+d}{y:+d}" for at, (x, y) in enumerate(steps))
    return Coast(around(points), f"M{dots[0][0]} {dots[0][1]}l{said}z")
