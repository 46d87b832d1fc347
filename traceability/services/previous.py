"""A draft like the last statement of its kind: what stays the same from time to time is filled in, figures are not."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

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


def begin_like_last(*, actor: Actor, beginning: Beginning, today: date) -> Draft:
    """A draft with everything of the last statement of its kind but figures, dates and lots."""
    found = receipts.newest(actor, ACTS[beginning.act], today) if beginning.act in LIKE_THE_LAST else None
    if found is None:
        return begin(actor=actor, beginning=beginning)
    claim = found.told.claim
    fields = {"process": claim["process"]} if "process" in claim else {}
    like = {**fields, **_without_figures(claim["body"]), "utc_offset": claim["utc_offset"]}
    return begin(actor=actor, beginning=replace(beginning, fields=like))


def _without_figures(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _without_figures(one) for name, one in value.items() if name not in _EACH_TIME_ANEW}
    if isinstance(value, list):
        return [_without_figures(one) for one in value]
    return value
