"""What the frame of every page tells, in one question: how much waits, and how far the log is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Subquery

from traceability.models import LogState, Organisation
from traceability.selectors import approvals, asking, notices, overview, proposals
from traceability.selectors.access import Actor
from traceability.selectors.counting import NumberOf


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits of each; unread notices are counted to 100."""

    proposals: int
    approvals: int
    requests: int
    incoming: int
    unread: int
    checkpoint: tuple[int, datetime] | None
    """The size of the log, and when the newest published checkpoint was signed."""


def waiting(actor: Actor) -> Waiting:
    """What waits for the member in the organisation for which he acts."""
    counted = (
        proposals.to_answer(actor),
        approvals.to_sign(actor),
        asking.to_answer(actor),
        overview.incoming(actor),
        notices.unread(actor),
    )
    newest = LogState.objects.order_by("pk")
    asked: dict[str, Subquery] = {f"count_{place}": NumberOf(rows) for place, rows in enumerate(counted)}
    asked["size"] = Subquery(newest.values("published__size")[:1])
    asked["at"] = Subquery(newest.values("published__cosigned_at")[:1])
    own = Organisation.objects.filter(pk=actor.organisation.pk).annotate(**asked)
    waits, to_sign, requests, incoming, unread, size, at = own.values_list(*asked).get()
    return Waiting(waits, to_sign, requests, incoming, unread, None if size is None else (size, at))


def checkpoint() -> tuple[int, datetime] | None:
    """The size of the newest published checkpoint, and when it was signed, if there is one."""
    return LogState.objects.exclude(published=None).values_list("published__size", "published__cosigned_at").first()
