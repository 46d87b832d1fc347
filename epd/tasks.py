"""Background work of declarations: references that are computed."""

from typing import Final

from epd.services import reference_drafts
from traceability.tasks import LONG_WORK_TAKES_AT_MOST_S, scheduled

_LIMIT: Final = LONG_WORK_TAKES_AT_MOST_S


@scheduled("lodestone.references", soft_time_limit=_LIMIT, time_limit=_LIMIT + 60)
def references() -> int:
    """The number of reference declarations that were computed."""
    return reference_drafts.work()
