"""One whole and its parts, side by side: stages of a product, origins of its matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from traceability.web.numbers import Number, exact, n3
from traceability.web.pictures.svg import Column, Picture, Twin, drawing, element, key, rect, share, text

MOST_PARTS = 6
HEIGHT = 40
LEAST_BRACKET = 0.02  # of the whole
GAP = 0.25  # per cent of the width
CHARACTER = 0.95  # per cent of the width that a character takes on a wide screen, 14 px of 800
LIGHT_TEXT, DARK_TEXT = ("r1", "r2", "r3"), ("r6",)  # where a label keeps its contrast in both themes


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the whole; neighbours with the same `group` get one bracket; without `paint` it takes the ramp."""

    label: str
    value: Number
    group: str = ""
    paint: str = ""


def stages(parts: Sequence[Part], *, name: str, title: str, unit: str) -> Picture:
    """Return the stages as one bar with labels, brackets for their groups and a legend with values."""
    painted = _painted(_few(parts))
    whole = sum(float(exact(part.value)) for part in painted)
    shapes, at = [], 0.0
    for part in painted:
        width = 100 * float(exact(part.value)) / whole if whole else 0.0
        shapes.append(_segment(part, at, width))
        at += width
    about = ", ".join(f"{part.label} {n3(part.value)}" for part in painted)
    svg = drawing(
        *shapes, *_brackets(painted, whole), name=name, title=title, about=f"{about} {unit}.", cls="stages",
        width="100%", height=80 if any(part.group for part in painted) else HEIGHT,
    )  # fmt: skip
    legend = tuple(key(rect(0.5, 0.5, 15, 15, part.paint), part.label, part.value) for part in painted)
    head = (Column(_("Stage")), Column(_("Part of")), Column(_("Value"), unit, True))
    rows = tuple((part.label, part.group, exact(part.value)) for part in parts)
    return Picture(title, svg, legend, Twin(name, title, head, rows))


def shares(parts: Sequence[Part], *, name: str, title: str) -> Picture:
    """Return shares (0 to 1) as one low bar with a legend; what is missing to the whole stays empty."""
    shapes, at = [rect(0, 0, "100%", 16, "track")], 0.0
    for part in parts:
        width = 100 * float(exact(part.value))
        shapes.append(rect(f"{at:g}%", 0, f"{max(width - GAP, 0.1):g}%", 16, part.paint, part.label))
        at += width
    about = ", ".join(
        (_("%(label)s %(value)s per cent") % {"label": part.label, "value": n3(exact(part.value) * 100)})
        for part in parts
    )
    legend = tuple(key(rect(0, 0, 16, 16, part.paint), part.label, part.value, is_share=True) for part in parts)
    svg = drawing(*shapes, name=name, title=title, about=f"{about}.", cls="", width="100%", height=16)
    return Picture(title, svg, legend)


def _few(parts: Sequence[Part]) -> list[Part]:
    """Return at most six parts, in their order: the smallest become "Other"."""
    if len(parts) <= MOST_PARTS:
        return list(parts)
    largest = sorted(parts, key=lambda part: -exact(part.value))[: MOST_PARTS - 1]
    other = sum((exact(part.value) for part in parts if part not in largest), exact(0))
    return [*(part for part in parts if part in largest), Part(_("Other"), other)]


def _painted(parts: Sequence[Part]) -> list[Part]:
    return [Part(part.label, part.value, part.group, part.paint or f"r{i}") for i, part in enumerate(parts, 1)]


def _segment(part: Part, at: float, width: float) -> str:
    words = f"{part.label} {n3(part.value)}"
    shape = rect(f"{at:.3f}%", 0, f"{max(width - GAP, 0.1):.3f}%", HEIGHT, part.paint, words)
    ink = "ton" if part.paint in LIGHT_TEXT else "tb" if part.paint in DARK_TEXT else ""
    if not ink or len(words) * CHARACTER > width - 1:
        return shape
    return shape + text(f"{at + width / 2:.3f}%", 25, words, f"t14 tm {ink}")


def _brackets(parts: Sequence[Part], whole: float) -> list[str]:
    drawn, at = [], 0.0
    for group, members in groupby(parts, key=lambda part: part.group):
        value = sum((exact(part.value) for part in members), exact(0))
        left, right = share(at, whole), share(at + float(value) - whole * GAP / 100, whole)
        at += float(value)
        if not group or float(value) < whole * LEAST_BRACKET:
            continue
        drawn += [
            element("line", cls="axis", x1=left, x2=right, y1=52, y2=52),
            element("line", cls="axis", x1=left, x2=left, y1=46, y2=52),
            element("line", cls="axis", x1=right, x2=right, y1=46, y2=52),
        ]
        words = f"{group} {n3(value)}"
        if 100 * float(value) / whole > len(words) * CHARACTER:
            drawn.append(text(share(at - float(value) / 2, whole), 72, words, "t14 tm"))
    return drawn
