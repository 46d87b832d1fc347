"""Colours of countries: the first five countries of a lot get a colour, all others share an outline.

A reader tells at most five hues apart, also with a colour vision that lacks one; the code of the country stands beside
every shape, so that the colour never speaks alone. All pictures of all pages about a lot take the same palette.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from traceability.web import countries
from traceability.web.pictures.svg import Key, key, rect

COLOURS = 5


@dataclass(frozen=True, slots=True)
class Palette:
    """The countries in the order in which they get a colour."""

    order: tuple[str, ...]

    @classmethod
    def of(cls, codes: Iterable[str]) -> Palette:
        """Return the palette of `codes` in their order; name the weightiest first."""
        return cls(tuple(dict.fromkeys(code for code in codes if code)))

    def paint(self, code: str) -> str:
        """Return the class that paints a shape of this country."""
        place = self.order.index(code) + 1 if code in self.order else COLOURS + 1
        return f"c-{place}" if place <= COLOURS else "c-x"

    def legend(self, drawn: Collection[str]) -> tuple[Key, ...]:
        """Return one entry for each colour that is drawn, and one for the other countries by name."""
        shown = [(self.paint(code), countries.name(code)) for code in self.order if code in drawn]
        named = [key(rect(0, 0, 16, 16, paint), name) for paint, name in shown if paint != "c-x"]
        rest = ", ".join(name for paint, name in shown if paint == "c-x")
        return (*named, key(rect(1, 1, 14, 14, "c-x"), rest)) if rest else tuple(named)
