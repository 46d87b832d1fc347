"""Charts of a printed declaration: drawings with their figures in words. They stand beside tables, never for them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from epd.web.pdf.blocks import Drawn
from traceability.web.numbers import n3
from traceability.web.pictures.svg import element, rect, text

PAINTS: Final = ("#1f4e79", "#7fa7c9", "#d98e32")
"""Of A1, A2 and A3: apart in lightness too, so that a print without colour shows them."""
_WIDTH: Final = 480
_LEFT: Final = 90
_LINE: Final = 18
_FONT: Final = "Libertinus Serif"
_INK: Final = "#1c2733"
Parts = Sequence[tuple[str, Decimal]]


def shares_of_modules(rows: Sequence[tuple[str, Parts]]) -> Drawn | None:
    """What each module is of each indicator, in per cent; None where no row can be divided.

    A row with a part below zero has no shares and is left out.
    """
    drawn = [(name, parts) for name, parts in rows if parts and all(value >= 0 for _, value in parts)
             and any(value for _, value in parts)]  # fmt: skip
    if not drawn:
        return None
    shapes, said = [_key([module for module, _ in drawn[0][1]])], []
    for place, (name, parts) in enumerate(drawn, 1):
        shapes += _line(place, name, parts)
        said.append(f"{name}: " + ", ".join(f"{module} {_percent(value, parts)} per cent" for module, value in parts))
    return Drawn(_svg((len(drawn) + 1) * _LINE, *shapes), "; ".join(said) + ".")


def two_bars(rows: Sequence[tuple[str, Decimal]], unit: str) -> Drawn | None:
    """Values side by side from zero, with their figures; None without any or below zero."""
    longest = max((value for _, value in rows), default=Decimal(0))
    if longest <= 0 or any(value < 0 for _, value in rows):
        return None
    shapes = []
    room = _WIDTH - _LEFT - 90
    for place, (name, value) in enumerate(rows):
        width = room * float(value / longest)
        shapes += [
            _words(0, place, name),
            rect(_LEFT, place * _LINE + 3, width, 12, "", fill=PAINTS[0]),
            _words(_LEFT + width + 6, place, n3(value)),
        ]
    said = ", ".join(f"{name.lower()} {n3(value)}" for name, value in rows)
    return Drawn(_svg(len(rows) * _LINE, *shapes), f"{said} {unit}.")


def boundary(modules: Sequence[tuple[str, str, bool]]) -> Drawn:
    """The stages of the life cycle as boxes, those that are declared filled, the others dashed."""
    width = _WIDTH / len(modules)
    shapes = []
    for place, (module, about, declared) in enumerate(modules):
        x = place * width
        paint = {"fill": "#dbe7f2", "stroke": PAINTS[0]} if declared else {
            "fill": "none", "stroke": "#8a949d", "stroke_dasharray": "3 2"}  # fmt: skip
        shapes.append(rect(x + 3, 3, width - 10, 40, "", **paint))
        shapes.append(_middle(x + width / 2 - 2, 19, module, bold=True))
        shapes.append(_middle(x + width / 2 - 2, 33, about))
        if place:
            shapes.append(element("path", d=f"M{x - 6:.2f} 23h7m-3 -3l3 3-3 3", stroke=_INK, fill="none"))
    said = [f"{module} ({about}) is {'declared' if yes else 'not declared'}" for module, about, yes in modules]
    return Drawn(_svg(46, *shapes), "; ".join(said) + ".")


def _svg(height: int, *shapes: str) -> str:
    return element("svg", *shapes, xmlns="http://www.w3.org/2000/svg", view_box=f"0 0 {_WIDTH} {height}",
                   width=_WIDTH, height=height, font_family=_FONT, font_size=10, fill=_INK)  # fmt: skip


def _words(x: float, place: int, words: str) -> str:
    return text(x, place * _LINE + 13, words)


def _middle(x: float, y: float, words: str, *, bold: bool = False) -> str:
    weight = {"font_weight": "bold"} if bold else {"font_size": 7.5}
    return text(x, y, words, text_anchor="middle", **weight)


def _key(modules: Sequence[str]) -> str:
    shapes = []
    for place, (module, paint) in enumerate(zip(modules, PAINTS, strict=True)):
        shapes += [rect(_LEFT + place * 60, 3, 12, 12, "", fill=paint), _words(_LEFT + place * 60 + 18, 0, module)]
    return "".join(shapes)


def _line(place: int, name: str, parts: Parts) -> list[str]:
    whole = float(sum(value for _, value in parts))
    shapes, x = [_words(0, place, name)], float(_LEFT)
    for (_, value), paint in zip(parts, PAINTS, strict=True):
        width = (_WIDTH - _LEFT) * float(value) / whole
        shapes.append(rect(x, place * _LINE + 3, width, 12, "", fill=paint))
        x += width
    return shapes


def _percent(value: Decimal, parts: Parts) -> str:
    return n3(value / sum((one for _, one in parts), Decimal(0)) * 100)
