"""Sorted bars: shares by origin, causes by size. The value stands beside each bar, so that the bar may be coarse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from traceability.web.numbers import Gap, Number, exact
from traceability.web.pictures.svg import element, rect, share


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: `value` may be a gap (None is "not declared"); `paint` is a class of the stylesheet."""

    label: str
    value: Number | Gap | None
    paint: str = "fill-a"
    span: tuple[float, float] | None = None
    """From where to where the value may lie: a bracket."""

    @property
    def length(self) -> float:
        """The value as a length; a gap has none."""
        return 0.0 if self.value is None or isinstance(self.value, Gap) else float(exact(self.value))


@dataclass(frozen=True, slots=True)
class DrawnBar:
    """A bar and its drawing."""

    bar: Bar
    svg: str


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars as drawn, largest first; `is_share` says that the values are shares (0 to 1) and read in per cent."""

    rows: tuple[DrawnBar, ...]
    unit: str = ""
    is_share: bool = False


def draw(bars: Sequence[Bar], *, unit: str = "", is_share: bool = False) -> Bars:
    """Return the bars, largest first, gaps last; the largest fills the line, shares fill it at the next tenth."""
    ranked = sorted(bars, key=lambda bar: -bar.length)
    longest = max((max(bar.length, bar.span[1] if bar.span else 0.0) for bar in ranked), default=0.0)
    whole = min(1.0, (int(longest * 10 - 1e-9) + 1) / 10) if is_share else longest
    return Bars(tuple(DrawnBar(bar, _svg(bar, whole)) for bar in ranked), unit, is_share)


def _svg(bar: Bar, whole: float) -> str:
    track = rect(0, 0, "100%", 16, "track")
    filled = rect(0, 0, share(max(bar.length, 0.0), whole), 16, bar.paint) if bar.length > 0 else ""
    bracket = _bracket(bar.span, whole) if bar.span else ()
    return element("svg", track, filled, *bracket, aria_hidden="true", height=16)


def _bracket(span: tuple[float, float], whole: float) -> tuple[str, ...]:
    left, right = share(span[0], whole), share(span[1], whole)
    return (
        element("line", cls="axis", x1=left, x2=right, y1=8, y2=8),
        element("line", cls="axis", x1=left, x2=left, y1=3, y2=13),
        element("line", cls="axis", x1=right, x2=right, y1=3, y2=13),
    )
