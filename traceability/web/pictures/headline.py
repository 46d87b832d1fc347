"""The headline number on its line: value, band of uncertainty, reference. Zero is at the left."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from traceability.web.numbers import Number, exact, n3, trimmed
from traceability.web.pictures.svg import Column, Picture, Twin, drawing, element, rect, share, text

STEPS = (1.0, 2.0, 5.0, 10.0)
MARGIN = 1.12  # so that the label of the upper end has room
CLOSE = 0.16  # of the axis: labels that are nearer than this stand on either side


@dataclass(frozen=True, slots=True)
class Headline:
    """A result and what it is compared with; `low` and `high` bound the band, both or none."""

    value: Number
    unit: str
    low: Number | None = None
    high: Number | None = None
    reference: Number | None = None


def draw(headline: Headline, *, name: str, title: str) -> Picture:
    """Return the line with its axis; the band and the reference are drawn when they are known."""
    known = [one for one in (headline.value, headline.low, headline.high, headline.reference) if one is not None]
    step = _step(max(float(exact(one)) for one in known))
    end = step * (int(max(float(exact(one)) for one in known) * MARGIN / step) + 1)
    shapes = [*_axis(end, step), *_band(headline, end), *_value(headline, end), *_reference(headline, end)]
    svg = drawing(*shapes, name=name, title=title, about=_about(headline), cls="line-no", width="100%", height=88)
    return Picture(title, svg, (), _twin(headline, name, title))


def _step(largest: float) -> float:
    """Return a distance of ticks of 1, 2 or 5 times a power of ten that gives five to ten ticks."""
    power = 10.0 ** (len(str(int(largest))) - 2) if largest >= 1 else 10.0 ** float(exact(str(largest)).adjusted() - 1)
    return next(step * power for step in (*STEPS, 20.0, 50.0) if largest / (step * power) <= 8)


def _axis(end: float, step: float) -> list[str]:
    drawn = [element("line", cls="axis", x1="0%", x2="100%", y1=56.5, y2=56.5)]
    for count in range(round(end / step) + 1):
        at = share(count * step, end)
        anchor = "" if count == 0 else "te" if count == round(end / step) else "tm"
        drawn.append(element("line", cls="axis", x1=at, x2=at, y1=56, y2=61))
        drawn.append(text(at, 76, trimmed(Decimal(str(round(count * step, 9)))), anchor))
    return drawn


def _band(headline: Headline, end: float) -> list[str]:
    if headline.low is None or headline.high is None:
        return []
    low, high = float(exact(headline.low)), float(exact(headline.high))
    left, right = share(low, end), share(high, end)
    return [
        rect(left, 28, share(high - low, end), 20, "fill-soft"),
        element("line", cls="brk", x1=left, x2=left, y1=26, y2=50),
        element("line", cls="brk", x1=right, x2=right, y1=26, y2=50),
        text(left, 42, n3(headline.low), "te", dx=-6),
        text(right, 42, n3(headline.high), dx=6),
    ]


def _value(headline: Headline, end: float) -> list[str]:
    at = share(float(exact(headline.value)), end)
    away = _side(headline, end)
    anchor, shift = {"": ("tm", 0), "left": ("te", 2), "right": ("", -2)}[away]
    return [
        element("line", cls="value-ln", x1=at, x2=at, y1=24, y2=52),
        text(at, 16, n3(headline.value), f"tb {anchor}".strip(), dx=shift),
    ]


def _reference(headline: Headline, end: float) -> list[str]:
    if headline.reference is None:
        return []
    value = float(exact(headline.reference))
    at = share(value, end)
    left = value < float(exact(headline.value)) if _side(headline, end) else value > 0.7 * end
    words = _("reference %(reference)s") % {"reference": n3(headline.reference)}
    return [
        element("line", cls="ref", x1=at, x2=at, y1=20, y2=56),
        text(at, 16, words, "te" if left else "", dx=-6 if left else 6),
    ]


def _side(headline: Headline, end: float) -> str:
    """Return on which side the label of the value stands so that it keeps away from the reference."""
    if headline.reference is None:
        return ""
    distance = float(exact(headline.reference)) - float(exact(headline.value))
    if abs(distance) > CLOSE * end:
        return ""
    return "left" if distance >= 0 else "right"


def _about(headline: Headline) -> str:
    said = [f"{n3(headline.value)} {headline.unit}."]
    if headline.low is not None and headline.high is not None:
        said.append(_("Band from %(low)s to %(high)s.") % {"low": n3(headline.low), "high": n3(headline.high)})
    if headline.reference is not None:
        said.append(_("The reference is %(reference)s.") % {"reference": n3(headline.reference)})
    return " ".join(said)


def _twin(headline: Headline, name: str, title: str) -> Twin:
    named = (
        (_("This result"), headline.value), (_("Lower end of the band"), headline.low),
        (_("Upper end of the band"), headline.high), (_("Reference"), headline.reference),
    )  # fmt: skip
    rows = tuple((word, exact(value)) for word, value in named if value is not None)
    return Twin(name, title, (Column(_("What")), Column(_("Value"), headline.unit, True)), rows)
