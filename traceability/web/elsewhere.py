"""What was said in other records of lots after they came in here, in words."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from traceability.ledger.moments import parse_moment
from traceability.models import ForeignBundle
from traceability.selectors import foreign_lots

_OF_LOT: Final = {
    "lot.recall": _("The lot was recalled."),
    "lot.dispatch_cancel": _("Its dispatch to this record was cancelled."),
    "statement.correct": _("What was said of the lot was corrected."),
    "statement.void": _("What was said of the lot was withdrawn."),
}
_OF_SOURCES: Final = {
    "lot.recall": _("A lot that went into it was recalled."),
    "lot.dispatch_cancel": _("The dispatch of a lot that went into it was cancelled."),
    "statement.correct": _("What was said of a lot that went into it was corrected."),
    "statement.void": _("What was said of a lot that went into it was withdrawn."),
}


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """One change: of which imported lot, in which record, what, when and why."""

    lot: UUID
    record: str
    words: str | Promise
    at: datetime
    reason: str
    statement: str


def changes_in(row: ForeignBundle) -> list[Elsewhere]:
    """What a later bundle tells, in the order of its log."""
    return list(_told(row, foreign_lots.name_of(row.origin), row.changes or ()))


def changes_above(lots: Collection[UUID]) -> list[Elsewhere]:
    """What is known of changes of any of these lots."""
    found = foreign_lots.later_bundles()
    return [one for lot in sorted(found.keys() & lots) for one in changes_in(found[lot])] if found else []


def _told(row: ForeignBundle, record: str, changes: Iterable[Mapping[str, Any]]) -> Iterable[Elsewhere]:
    for one in changes:
        words = _OF_LOT if f"urn:uuid:{row.lot}" in one["lots"] else _OF_SOURCES
        yield Elsewhere(
            row.lot or UUID(int=0),
            record,
            words[one["kind"]],
            parse_moment(one["issued_at"]),
            one["reason"],
            one["statement"],
        )
