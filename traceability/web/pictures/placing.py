"""Where things stand on a map: the part of the world that is shown, curved lines, and labels that do not overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot

from traceability.web.pictures import world
from traceability.web.pictures.svg import element
from traceability.web.pictures.world import Box, Point

MARGIN = 0.12  # of the width, on each side
LEAST_SHOWN = 560.0  # units of the world: about a quarter of the way around it
BEND = 0.1  # of the way between two points
LETTER, WIDE_LETTER, LINE = 6.6, 12.5, 14.0  # px of a label at 12 px
AWAY = 9.0  # px from point to label


@dataclass(frozen=True, slots=True)
class Frame:
    """The part of the world that a drawing shows, `width` px wide."""

    shown: Box
    width: float

    @classmethod
    def of(cls, points: Sequence[Point], width: float, least: float, most: float) -> Frame:
        """Return the frame around the points, between `least` and `most` times as wide as high."""
        found = world.around(points)
        wide = max(LEAST_SHOWN, found.width * (1 + 2 * MARGIN), found.height * (1 + 2 * MARGIN) * least)
        high = min(max(wide / most, found.height * (1 + 2 * MARGIN)), wide / least)
        left, top = found.left + (found.width - wide) / 2, found.top + (found.height - high) / 2
        return cls(Box(left, top, wide, high), width)

    @property
    def height(self) -> float:
        return round(self.width * self.shown.height / self.shown.width)

    def spot(self, point: Point) -> Point:
        """Return where a point of the world is on the drawing, in px."""
        scale = self.width / self.shown.width
        return (point[0] - self.shown.left) * scale, (point[1] - self.shown.top) * scale

    def land(self) -> str:
        """Return the land as a drawing of its own, so that it ends at the border."""
        part = self.shown
        view = f"{part.left:.0f} {part.top:.0f} {part.width:.0f} {part.height:.0f}"
        outline = element("path", cls="land", d=world.land_within(part))
        return element("svg", outline, view_box=view, width=f"{self.width:g}", height=f"{self.height:g}")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that bends to the left of its way, so that there and back are two lines."""

    start: Point
    middle: Point
    end: Point

    @classmethod
    def between(cls, start: Point, end: Point) -> Line:
        """Return the line from one point to another."""
        (x, y), (u, v) = start, end
        return cls(start, ((x + u) / 2 + (v - y) * BEND * 2, (y + v) / 2 - (u - x) * BEND * 2), end)

    @property
    def d(self) -> str:
        """The data of its path."""
        (x, y), (m, n), (u, v) = self.start, self.middle, self.end
        return f"M{x:.1f} {y:.1f}Q{m:.1f} {n:.1f} {u:.1f} {v:.1f}"

    @property
    def half_way(self) -> Point:
        """The point of the line that is farthest from the straight way."""
        (x, y), (m, n), (u, v) = self.start, self.middle, self.end
        return (x + 2 * m + u) / 4, (y + 2 * n + v) / 4

    def arrow(self, width: float) -> str:
        """Return a triangle half-way that says which way it goes; `width` is that of the line in px."""
        (x, y), (u, v), at = self.start, self.end, self.half_way
        long = hypot(u - x, v - y) or 1.0
        ahead = (u - x) / long, (v - y) / long
        size = min(width / 2 + 3, long / 10 + 3)
        tip, left, right = (
            (at[0] + a * size * ahead[0] - b * size * ahead[1], at[1] + a * size * ahead[1] + b * size * ahead[0])
            for a, b in ((1.1, 0), (-0.7, 1), (-0.7, -1))
        )
        return "M" + "L".join(f"{p:.1f} {q:.1f}" for p, q in (tip, left, right)) + "Z"


@dataclass(frozen=True, slots=True)
class Label:
    """Words at a place; `cls` says where they are anchored."""

    x: float
    y: float
    words: str
    cls: str = ""


def place_labels(points: Sequence[tuple[Point, str]], lines: Sequence[Line], frame: Frame) -> list[Label]:
    """Return a label beside each point: the first of four places that is free, or else the one at the right."""
    spots = [*(spot for spot, _ in points), *(line.half_way for line in lines)]
    taken = [Box(x - AWAY / 2, y - AWAY / 2, AWAY, AWAY) for x, y in spots]
    room = Box(0, 0, frame.width, frame.height)
    labels = []
    for spot, said in points:
        choices = _choices(spot, said)
        box, label = next((one for one in choices if _fits(one[0], taken, room)), choices[0])
        taken.append(box)
        labels.append(label)
    return labels


def _choices(spot: Point, said: str) -> list[tuple[Box, Label]]:
    """Right, left, below and above the point, each with the room that it takes."""
    x, y = spot
    wide = sum(WIDE_LETTER if ord(one) > 0x2E7F else LETTER for one in said)
    return [
        (Box(x + AWAY, y - LINE / 2, wide, LINE), Label(x + AWAY, y + 4, said)),
        (Box(x - AWAY - wide, y - LINE / 2, wide, LINE), Label(x - AWAY, y + 4, said, "te")),
        (Box(x - wide / 2, y + AWAY, wide, LINE), Label(x, y + AWAY + 11, said, "tm")),
        (Box(x - wide / 2, y - AWAY - LINE, wide, LINE), Label(x, y - AWAY - 3, said, "tm")),
    ]


def _fits(box: Box, taken: Sequence[Box], room: Box) -> bool:
    inside = (
        box.left >= room.left and box.top >= room.top
        and box.left + box.width <= room.width and box.top + box.height <= room.height
    )  # fmt: skip
    return inside and not any(box.meets(one) for one in taken)
