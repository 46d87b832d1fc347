"""Completeness as a quiet line of dots: each stands for a fifth and is full from the half of it on."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal

from django.utils.translation import gettext as _

from traceability.web.numbers import Number, exact
from traceability.web.pictures.svg import element, words

DOTS = 5


def per_cent(share: Number) -> int:
    """Return the share in whole per cent, rounded down: 100 is said only of what is whole."""
    return int((exact(share) * 100).quantize(Decimal(1), rounding=ROUND_DOWN))


def svg(share: Number) -> str:
    """Return the dots of a share (0 to 1)."""
    full = int(exact(share) * DOTS + Decimal("0.5"))
    said = _("%(share)s %% complete") % {"share": per_cent(share)}
    circles = [
        element("circle", cls="dot-on" if place < full else "dot-off", cx=4 + 11 * place, cy=4, r=3.5)
        for place in range(DOTS)
    ]
    return element(
        "svg", element("title", words(said)), *circles, cls="dots", view_box="0 0 52 8", role="img", aria_label=said
    )
