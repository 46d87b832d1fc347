"""Figures of steps of which nobody said what they used: the door took them once, and every check says so for ever."""

from typing import Final

from traceability.material.composition import rows_of
from traceability.models import Lot, Statement
from traceability.selectors import access
from traceability.services import rows_world

MOST_LOTS: Final = 2000
UNRECORDED: Final = (
    "A step behind these figures has no inventory: what it adds is not recorded, so they leave it out. It is not 0."
)


class TooManyLots(Exception):
    """More lots than can be looked at while somebody waits."""


def has_unrecorded_step(lot: Lot) -> bool:
    """Whether a lot, or what went into it, has a result though its step has no inventory in its newest version."""
    behind = access.cone(lot.pk, "ancestors") | {lot.pk}
    if len(behind) > MOST_LOTS:
        raise TooManyLots
    made = Lot.objects.filter(pk__among=behind, results__isnull=False, made_by__kind="lot.transform")
    steps = Statement.objects.filter(pk__in=made.values("made_by"))
    found = rows_world.effective_versions(list(steps))
    return any(one.process and not rows_of(one.body, "inventory", "/body") for one in found)
