"""Who was shown confidential values of others: gathered during a request, and kept once at its end."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.db import DatabaseError

from traceability.models import Statement
from traceability.selectors.access import Actor
from traceability.services import audit
from traceability.services.audit import Reading

log = logging.getLogger("lodestone.audit")
Gathered = dict[tuple[int, UUID], tuple[Actor, dict[int, tuple[Statement, int]]]]
_gathered: ContextVar[Gathered | None] = ContextVar("gathered", default=None)


def note(actor: Actor, read: Sequence[tuple[Statement, int]]) -> None:
    """Notes that the actor was shown so many confidential values of each of these statements."""
    gathered = _gathered.get()
    if gathered is None:
        _keep(actor, {row.pk: (row, values) for row, values in read})
        return
    _, rows = gathered.setdefault((actor.user_id, actor.organisation.pk), (actor, {}))
    rows.update({row.pk: (row, values) for row, values in read})


@contextmanager
def gathering() -> Iterator[None]:
    """Gathers what is noted until the end of the block, where it is kept: one row for each organisation."""
    token = _gathered.set({})
    try:
        yield
    finally:
        gathered = _gathered.get() or {}
        _gathered.reset(token)
        for actor, rows in gathered.values():
            _keep(actor, rows)


def _keep(actor: Actor, rows: Mapping[int, tuple[Statement, int]]) -> None:
    readings: dict[UUID, Reading] = {}
    for _, (row, values) in sorted(rows.items()):
        before = readings.get(row.issuer, Reading(0, ()))
        digest = f"sha256:{bytes(row.digest).hex()}"
        readings[row.issuer] = Reading(before.values + values, (*before.statements, digest))
    try:
        audit.note_reading(actor, readings)
    except DatabaseError:  # the line in the log of this process stays; a page that was read cannot be taken back
        log.exception("A reading could not be kept in the audit log.")
