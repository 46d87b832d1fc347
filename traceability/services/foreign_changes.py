"""What was said in another record of a lot after it came in here: told to everybody who has of it (docs/imports.md)."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from traceability.models import Lot, Notice
from traceability.services import notice_rules, notices
from traceability.services.descent import came_of
from traceability.verifier.imports import Change

KINDS: Final = {
    "lot.recall": Notice.Kind.LOT_RECALLED,
    "lot.dispatch_cancel": Notice.Kind.DISPATCH_CANCELLED,
    "statement.correct": Notice.Kind.LOT_CORRECTED,
    "statement.void": Notice.Kind.LOT_VOIDED,
}


def tell(lot: UUID, brought_by: UUID, changes: Sequence[Change]) -> None:
    """Tells those who hold or held the lot, or of what came of it, of what nobody told them before."""
    lots = Lot.objects.filter(pk__among={lot} | came_of({lot}))
    for change in changes:
        for news in notice_rules.of_lots(brought_by, KINDS[change.kind], lots):
            notices.tell(news, cause=f"elsewhere:{change.statement.removeprefix('sha256:')[:20]}")
