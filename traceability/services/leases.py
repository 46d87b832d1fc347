"""Work that waits in rows: a worker leases one, and a lease that runs out lets another try.

A row has `seen_at`, when its worker was last heard of, and `tries`, how often it was begun.
"""

from datetime import timedelta
from typing import Final, TypeVar
from uuid import UUID

from django.db import connection, models, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

LEASE: Final = timedelta(minutes=5)
MOST_TRIES: Final = 3


Row = TypeVar("Row", bound=models.Model)


def take(waiting: "QuerySet[Row]", *order: str, only: UUID | None = None) -> Row | None:
    """The row that waited longest, or this one, now this worker's; None where none waits for anybody."""
    now = timezone.now()
    rows = waiting.filter(Q(seen_at=None) | Q(seen_at__lte=now - LEASE))
    if only is not None:
        rows = rows.filter(pk=only)
    if not rows.exists():  # SQLite would lock out every writer to find nothing
        return None
    with transaction.atomic():
        skip_locked = connection.features.has_select_for_update_skip_locked
        row = rows.select_for_update(skip_locked=skip_locked).order_by(*order).first()
        if row is not None:
            row.seen_at, row.tries = now, row.tries + 1  # type: ignore[attr-defined]
            row.save(update_fields=["seen_at", "tries"])
        return row
