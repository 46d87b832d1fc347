"""Background work of declarations: references that are computed, lots that are declared."""

from typing import Final

from epd.services import reference_drafts, runs
from traceability.tasks import LONG_WORK_TAKES_AT_MOST_S, scheduled

_LIMIT: Final = LONG_WORK_TAKES_AT_MOST_S


@scheduled("lodestone.references", soft_time_limit=_LIMIT, time_limit=_LIMIT + 60)
def references() -> int:
    """The number of reference declarations that were computed."""
    return reference_drafts.work()


@scheduled("lodestone.declarations", soft_time_limit=_LIMIT, time_limit=_LIMIT + 60)
def declarations() -> int:
    """The number of runs of declarations that came to their end."""
    return runs.work()
