"""A draft like the last statement of its kind: what stays the same from time to time is filled in, figures are not."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from traceability.intake.numbers import NumberStyle
from traceability.models import Draft
from traceability.selectors import receipts
from traceability.selectors.access import Actor
from traceability.services.beginnings import Beginning, begin
from traceability.services.draft_reading import ACTS

LIKE_THE_LAST: Final = ("source", "transform")
"""Acts of which the next one is often like the last one."""
_EACH_TIME_ANEW: Final = frozenset(
    {"lot", "lot_number", "mass_kg", "wet_mass_kg", "moisture_pct", "content_pct", "sdev_rel_pct", "treo_pct", "amount",
     "report", "price", "inputs", "wip_change", "ext"}
)  # fmt: skip

_FIGURES: Final = frozenset({"concentration"})
"""What stays and is a number."""
_SWAPPED: Final = str.maketrans(",.", ".,")


def begin_like_last(*, actor: Actor, beginning: Beginning, today: date) -> Draft:
    """A draft with everything of the last statement of its kind but figures, dates and lots."""
    found = receipts.newest(actor, ACTS[beginning.act], today) if beginning.act in LIKE_THE_LAST else None
    if found is None:
        return begin(actor=actor, beginning=beginning)
    claim = found.told.claim
    fields = {"process": claim["process"]} if "process" in claim else {}
    body = in_style(without_figures(claim["body"]), NumberStyle.POINT, beginning.style)
    like = {**fields, **body, "utc_offset": claim["utc_offset"]}
    return begin(actor=actor, beginning=replace(beginning, fields=like))


def without_figures(value: Any, also: frozenset[str] = frozenset()) -> Any:
    """The tree without what is measured each time anew, nor what has one of these further names."""
    if isinstance(value, Mapping):
        kept = {name: one for name, one in value.items() if name not in _EACH_TIME_ANEW and name not in also}
        return {name: without_figures(one, also) for name, one in kept.items()}
    if isinstance(value, list):
        return [without_figures(one, also) for one in value]
    return value


def in_style(value: Any, before: NumberStyle, after: NumberStyle, name: str = "") -> Any:
    """The tree with the figures that stay in it as the other style writes them: point and comma change places."""
    if isinstance(value, Mapping):
        return {key: in_style(one, before, after, key) for key, one in value.items()}
    if isinstance(value, list):
        return [in_style(one, before, after, name) for one in value]
    return value.translate(_SWAPPED) if before != after and name in _FIGURES and isinstance(value, str) else value
