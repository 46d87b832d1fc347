"""The balance of each element: what came in, what came out, what was lost, what nobody explains, how sure we are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from django.utils.translation import gettext as _

from traceability.web.numbers import all_digits, trimmed
from traceability.web.pictures.svg import (
    Column,
    Key,
    Twin,
    drawing,
    element,
    hatch,
    key,
    lost,
    rect,
    text,
)

UNIT = "\u202fkg"
LEAST_CUT = 0.8  # below this share the axis begins at zero


def _mass(kg: Decimal) -> dict[str, str]:
    return {"mass": f"{all_digits(kg)}{UNIT}"}


@dataclass(frozen=True, slots=True)
class Balance:
    """One element of one step, kg. `lost_kg` None: nobody said. `uncertainty_kg` is twice the standard uncertainty."""

    element: str
    in_kg: Decimal
    out_kg: Decimal
    lost_kg: Decimal | None
    unexplained_kg: Decimal
    uncertainty_kg: Decimal | None
    outcome: Literal["pass", "warn", "fail", "none", "na"]
    words: str

    @property
    def said(self) -> str:
        """The difference in words."""
        about = "" if self.uncertainty_kg is None else f" ± {all_digits(self.uncertainty_kg)}"
        if self.unexplained_kg < 0:
            return _("%(mass)s too much") % {"mass": f"{all_digits(-self.unexplained_kg)}{about}{UNIT}"}
        return _("%(mass)s unexplained") % {"mass": f"{all_digits(self.unexplained_kg)}{about}{UNIT}"}

    @property
    def parts(self) -> tuple[str, ...]:
        """What came in, went out and was lost, in words."""
        lost = _("Lost not stated") if self.lost_kg is None else _("Lost %(mass)s") % _mass(self.lost_kg)
        return (_("In %(mass)s") % _mass(self.in_kg), _("Out %(mass)s") % _mass(self.out_kg), lost)


@dataclass(frozen=True, slots=True)
class Axis:
    """From which to which share of what came in the bars go; a `low` above zero is a cut axis and said."""

    low: float
    high: float

    def at(self, part: float) -> str:
        """Return a share of what came in as a place on the line."""
        place = (part - self.low) / (self.high - self.low)
        return f"{100 * min(1.0, max(0.0, place)):.2f}%"

    def width(self, left: float, right: float) -> str:
        """Return the length between two shares."""
        inside = [min(self.high, max(self.low, one)) for one in (left, right)]
        return f"{100 * (inside[1] - inside[0]) / (self.high - self.low):.2f}%"


@dataclass(frozen=True, slots=True)
class Balances:
    """The balances as drawn, their common axis, legend and table; `cut` names the beginning of a cut axis."""

    rows: tuple[tuple[Balance, str], ...]
    axis: str
    legend: tuple[Key, ...]
    twin: Twin
    cut: str


def draw(balances: Sequence[Balance], *, name: str) -> Balances:
    """Return one bar for each element on a common axis."""
    axis = axis_of(balances)
    rows = tuple((one, _bar(one, axis, f"{name}-{one.element}")) for one in balances)
    cut = f"{trimmed(Decimal(str(round(axis.low * 100))))}\u202f%" if axis.low else ""
    return Balances(rows, _axis(axis), _legend(balances), _twin(balances, name), cut)


def axis_of(balances: Sequence[Balance]) -> Axis:
    """Return the axis on which all bars can be read: cut in steps of five per cent, or from zero."""
    ends = [(float(one.out_kg / one.in_kg), float(_known(one) / one.in_kg)) for one in balances if one.in_kg]
    least = min((min(out, 1.0) for out, _ in ends), default=0.0)
    low = int((least - 0.02) * 20) / 20
    low = low if low >= LEAST_CUT else 0.0
    most = max((end for _, end in ends), default=1.0)
    margin = (1.0 - low) * 0.4 if low else 0.05
    return Axis(low, max(1.0 + margin, most + margin / 4))


def _known(one: Balance) -> Decimal:
    return one.out_kg + (one.lost_kg or Decimal(0))


def _bar(one: Balance, axis: Axis, name: str) -> str:
    if not one.in_kg:
        return ""
    out, known = float(one.out_kg / one.in_kg), float(_known(one) / one.in_kg)
    shapes = [hatch(name), rect(0, 12, axis.at(1), 16, "track"), _span(axis, 0, min(out, 1), "fill-a")]
    if one.lost_kg:
        shapes.append(_span(axis, out, known, "lost", fill=f"url(#{name}-hatch)"))
    if one.unexplained_kg > 0:
        shapes.append(_span(axis, known, 1, "open-d"))
    if max(out, known) > 1:
        shapes.append(_span(axis, 1, max(out, known), "fill-fail"))
    if axis.low:
        shapes.append(element("path", cls="cut", d="M6 9l6 9-4 4 6 9"))
    shapes.append(element("line", cls="came", x1=axis.at(1), x2=axis.at(1), y1=4, y2=36))
    shapes += _bracket(one, axis, known)
    about = f"{', '.join(one.parts)}, {one.said}. {one.words}."
    title = _("Balance of %(element)s") % {"element": one.element}
    return drawing(*shapes, name=name, title=title, about=about, cls="", width="100%", height=40)


def _span(axis: Axis, left: float, right: float, cls: str, fill: str = "") -> str:
    return rect(axis.at(left), 12, axis.width(left, right), 16, cls, fill=fill)


def _bracket(one: Balance, axis: Axis, known: float) -> list[str]:
    """Twice the standard uncertainty, around the end of what is known."""
    if not one.uncertainty_kg:
        return []
    half = float(one.uncertainty_kg / one.in_kg)
    left, right = axis.at(known - half), axis.at(known + half)
    return [
        element("line", cls="brk", x1=left, x2=right, y1=35, y2=35),
        *(element("line", cls="brk", x1=at, x2=at, y1=32, y2=38) for at in (left, right)),
    ]


def _axis(axis: Axis) -> str:
    begin = f"{trimmed(Decimal(str(round(axis.low * 100))))}\u202f%" if axis.low else "0"
    end = text("100%", 12, f"{trimmed(Decimal(str(round(axis.high * 100))))}\u202f%", "te")
    room = (axis.high - 1) / (axis.high - axis.low) > 0.15
    marks = [
        text("0%", 12, begin),
        text(axis.at(1), 12, _("came in = %(all)s") % {"all": "100\u202f%"}, "te"),
        end if room else "",
    ]
    return element("svg", *marks, cls="chart", width="100%", height=16, aria_hidden="true")


def _legend(balances: Sequence[Balance]) -> tuple[Key, ...]:
    some = [key(rect(0, 2, 16, 12, "fill-a"), _("Came out"))]
    some += [Key(lost().svg, _("Declared loss"))] if any(one.lost_kg for one in balances) else []
    some += (
        [key(rect(1, 3, 14, 10, "open-d"), _("Unexplained"))] if any(one.unexplained_kg > 0 for one in balances) else []
    )
    some += (
        [key(rect(0, 2, 16, 12, "fill-fail"), _("Too much"))] if any(one.unexplained_kg < 0 for one in balances) else []
    )
    some.append(key(element("path", cls="came", d="M8 0v16"), _("Came in")))
    if any(one.uncertainty_kg for one in balances):
        some.append(key(element("path", cls="brk", d="M1 5v6M1 8h14M15 5v6"), _("Twice the standard uncertainty")))
    return tuple(some)


def _twin(balances: Sequence[Balance], name: str) -> Twin:
    head = (
        Column(_("Element")), Column(_("In"), "kg", True), Column(_("Out"), "kg", True), Column(_("Lost"), "kg", True),
        Column(_("Unexplained"), "kg", True), Column(_("Uncertainty, k = 2"), "kg", True), Column(_("Outcome")),
    )  # fmt: skip
    rows = tuple(
        (
            one.element, one.in_kg, one.out_kg, _("not stated") if one.lost_kg is None else one.lost_kg,
            one.unexplained_kg, _("not established") if one.uncertainty_kg is None else one.uncertainty_kg, one.words,
        )
        for one in balances
    )  # fmt: skip
    return Twin(name, _("Element balance"), head, rows)
