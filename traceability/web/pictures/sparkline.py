"""Shares month by month as a small line; what it says stands in its label too, so that no line tells it alone."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from traceability.web.pictures.dots import per_cent
from traceability.web.pictures.svg import element, words

WIDTH, HEIGHT, EDGE = 96, 24, 3


def svg(by_month: Mapping[str, Decimal]) -> str:
    """The line of shares (0 to 1) by month (2026-11), oldest first; one month is a point."""
    said = ", ".join(
        _("%(month)s: %(share)s %%") % {"month": month, "share": per_cent(share)} for month, share in by_month.items()
    )
    points = _points(list(by_month.values()))
    line = element("polyline", cls="spark", points=" ".join(f"{x},{y}" for x, y in points)) if points[1:] else ""
    marks = [element("circle", cls="dot-on", cx=x, cy=y, r=2) for x, y in points]
    return element(
        "svg", element("title", words(said)), line, *marks,
        cls="sparkline", view_box=f"0 0 {WIDTH} {HEIGHT}", role="img", aria_label=said,
    )  # fmt: skip


def _points(shares: list[Decimal]) -> list[tuple[str, str]]:
    inner, high = WIDTH - 2 * EDGE, HEIGHT - 2 * EDGE
    step = Decimal(inner) / max(len(shares) - 1, 1)
    return [(f"{EDGE + place * step:.1f}", f"{EDGE + (1 - share) * high:.1f}") for place, share in enumerate(shares)]
