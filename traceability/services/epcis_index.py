"""Keeps for each new statement about lots what queries of events ask for; behind the door, and before a query."""

from collections.abc import Mapping
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import Max

from traceability.epcis.lots import MEANINGS
from traceability.ledger import envelope, moments
from traceability.ledger.statement import parse_header
from traceability.models import EpcisLotEvent, Statement, Version

CHUNK: Final = 500
LOOKED_BACK: Final = 5000
"""So many statements before the newest are looked at again: a number may be given before an earlier one is stored."""
CORRECTION: Final = "statement.correct"


def catch_up() -> int:
    """The number of statements that are found as events from now on."""
    found = 0
    while made := _some():
        found += made
    return found


def _some() -> int:
    newest = EpcisLotEvent.objects.aggregate(newest=Max("statement"))["newest"] or 0
    rows = Statement.objects.filter(pk__gt=newest - LOOKED_BACK, kind__in=[*MEANINGS, CORRECTION], as_event=None)
    wanted = list(rows.order_by("pk")[:CHUNK])
    versions = Version.objects.filter(statement__in=wanted).select_related("original")
    kinds = {one.statement_id: one.original.kind for one in versions}
    made = [_row(row, kind) for row in wanted if (kind := kinds.get(row.pk, row.kind)) in MEANINGS]
    if not made:
        return 0
    try:
        with transaction.atomic():
            EpcisLotEvent.objects.bulk_create(made)
    except IntegrityError:  # another process was first
        return 0
    return len(made)


def _row(row: Statement, kind: str) -> EpcisLotEvent:
    content = parse_header(envelope.parse_envelope(bytes(row.envelope)).payload).content
    body: Any = content["body"]
    claimed: Mapping[str, Any] = body["as"] if row.kind == CORRECTION else content
    meaning = MEANINGS[kind]
    return EpcisLotEvent(
        statement=row,
        event_type=meaning.event_type,
        biz_step=meaning.biz_step,
        disposition=meaning.disposition,
        action=meaning.action,
        event_time=moments.parse_moment(claimed["occurred_to"]),
        record_time=row.accepted_at,
    )
