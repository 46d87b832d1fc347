"""Fails where a named activity was done in a named country on any way by which rare earths of the lot came.

"Any" is asked of the most that may have come that way: where the reader does not see an assay, matter may have passed.
"""

from traceability.rules.activities import MELTED, MINED, PRODUCED, REFINED, SEPARATED
from traceability.rules.answers import Found, Missing, Outcome
from traceability.rules.facts import LotFacts
from traceability.rules.functions.tracing import (
    NO_RARE_EARTHS,
    has_rare_earths,
    missing_of,
    steps_in,
    unproven_origins,
)
from traceability.rules.rule_set import Version

_NEEDED_FOR = {"magnet": (MELTED, PRODUCED), "powder": (MELTED,), "alloy": (MELTED,)}
_RECYCLED = ("post_consumer", "pre_consumer")


def covered_countries(facts: LotFacts, version: Version) -> Found:
    """Fail with the steps that decided; pass only where every way leads to a mine or to scrap in the record."""
    if not has_rare_earths(facts):
        return Found(Outcome.NOT_APPLICABLE, (NO_RARE_EARTHS,))
    activities = version.words("activities")
    there = list(steps_in(facts, version.words("countries")))
    counted = tuple(one for one in there if one.activity in activities)
    beside = tuple(one for one in there if one.activity not in activities)
    notes = _notes(facts, is_beside=bool(beside))
    if counted:
        lot, activity, country = counted[0].label, counted[0].activity, counted[0].country
        reason = f"{lot}: {activity} in {country}, which is a covered country."
        return Found(Outcome.FAIL, (reason, *notes), counted + beside)
    missing = (*_gaps(facts, activities), *_steps_not_recorded(facts, activities))
    if missing:
        return Found(
            Outcome.INSUFFICIENT, ("The trail has gaps where a covered country may be.", *notes), beside, missing
        )
    return Found(Outcome.PASS, ("No step that counts was done in a covered country.", *notes), beside)


def _gaps(facts: LotFacts, activities: tuple[str, ...]) -> tuple[Missing, ...]:
    """Unproven origins; where melting and later steps alone count, only what they hide of those."""
    found = tuple(unproven_origins(facts))
    if MINED in activities:
        return found
    stages = {urn: facts.chain.makings[urn].stage for urn in facts.bearing()}
    return tuple(one for one in found if stages[one.lot] in ("alloy", "powder", "magnet", "other"))


def _steps_not_recorded(facts: LotFacts, activities: tuple[str, ...]) -> tuple[Missing, ...]:
    lot = facts.lot
    done = {step.activity for making, _ in facts.above() for step in making.all_steps}
    needed = [one for one in _NEEDED_FOR.get(lot.stage, ()) if one in activities]
    if SEPARATED in activities and MINED in done and lot.stage not in ("ore", "concentrate"):
        needed = [SEPARATED, *needed]
    if REFINED in activities and MINED in done and lot.stage in _NEEDED_FOR:
        needed = [REFINED, *needed]
    return tuple(
        missing_of(lot, f"No step of its history says where it was {one}.") for one in needed if one not in done
    )


def _notes(facts: LotFacts, *, is_beside: bool) -> tuple[str, ...]:
    notes = []
    if is_beside:
        notes.append("Steps in a covered country that do not count for this version stand in the trail too.")
    if any(making.origin in _RECYCLED for making, _ in facts.above()):
        notes.append("A part is recycled: where that was mined the first time is not in the record.")
    if facts.lot.stage != "magnet":
        notes.append("The lot is not a magnet: the answer covers the steps up to here.")
    return tuple(notes)
