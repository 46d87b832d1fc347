"""What the picture of rows_world.py is read from: the prepared queries, and their rows as the values of the core."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Q

from traceability.acceptance.world import Facility, Head
from traceability.ledger import merkle
from traceability.ledger.keys import KeyRecord, KeyRing
from traceability.models import Facility as FacilityRow
from traceability.models import KeyEntry, LogState, OpeningRule, Organisation, SubjectHead
from traceability.models import Statement as StatementRow
from traceability.models.prepared import Prepared, Question, Row
from traceability.services.stored import urn_of

NOT_LOGGED = 2**62
"""Stands for the index of a statement that waits for its place: later than everything in the log."""


@dataclass(frozen=True, slots=True)
class LogNow:
    """The log as it is now: its size, and its newest published checkpoint, None before the first."""

    size: int = 0
    published_id: int = -1
    published: merkle.TreeHead | None = None


LOG_STATE = Prepared(
    LogState._meta.get_field("id"),
    lambda ids: LogState.objects.filter(pk__in=ids).values_list(
        "size", "published", "published__size", "published__root"
    ),
)


def log_of(rows: Sequence[Row]) -> LogNow:
    """The log of the one row of its state; an empty one before there is a row.

    Where the row of the published checkpoint is gone, nothing is published: `verify_ledger` reads on and names it.
    """
    for size, published, tree_size, root in rows:
        return LogNow(size, published or -1, None if root is None else merkle.TreeHead(tree_size, bytes(root)))
    return LogNow()


ORGANISATIONS = Prepared(
    Organisation._meta.get_field("id"),
    lambda ids: Organisation.objects.filter(Q(pk__in=ids) | Q(is_operator=True)).values_list(
        "pk", "operator_recovery", "is_operator"
    ),
)
RULES = Prepared(
    OpeningRule._meta.get_field("organisation"),
    lambda ids: OpeningRule.objects.filter(organisation__in=ids).values_list("organisation", "group", "audience"),
)
BY_ID = Prepared(
    StatementRow._meta.get_field("urn"),
    lambda named: StatementRow.objects.filter(issuer=named[0], urn__in=named[1:]).values_list("pk"),
)
"""The issuer first, then the ids."""


def locks_of(organisations: Sequence[UUID], exclusive: set[UUID]) -> list[Question]:
    """A shared lock on the key state of every issuer and cosigner; SQLite locks the whole file at BEGIN."""
    if connection.vendor != "postgresql" or not organisations:
        return []
    if not exclusive:
        return [Question(_LOCK_ORGANISATIONS.format("SHARE"), [list(organisations)])]
    # One by one, because two kinds of lock must still be taken in one order.
    return [
        Question(_LOCK_ORGANISATIONS.format("NO KEY UPDATE" if one in exclusive else "SHARE"), [[one]])
        for one in organisations
    ]


_LOCK_ORGANISATIONS = "SELECT id FROM traceability_organisation WHERE id = ANY(%s) ORDER BY id FOR {}"

OF_HEADS = ("subject", "owner", "opened_by", "seq", "custody_hash", "ended")
HEADS = Prepared(
    SubjectHead._meta.get_field("subject"),
    lambda ids: SubjectHead.objects.filter(pk__in=ids).order_by("pk").select_for_update().values_list(*OF_HEADS),
)


def heads_of(rows: Iterable[Row]) -> dict[str, Head]:
    """The newest link of each chain, by its subject."""
    found: dict[str, Head] = {}
    for subject, owner, opened_by, seq, custody_hash, ended in rows:
        urn = urn_of(subject)
        found[urn] = Head(urn, urn_of(owner), opened_by, seq, "sha256:" + bytes(custody_hash).hex(), ended)
    return found


FACILITIES = Prepared(
    FacilityRow._meta.get_field("id"),
    lambda ids: (
        FacilityRow.objects.filter(pk__in=ids).order_by().values_list("pk", "organisation_id", "country", "voided")
    ),
)


def facilities_of(rows: Iterable[Row]) -> dict[str, Facility]:
    """The facilities by their urns."""
    return {
        urn_of(pk): Facility(urn_of(pk), urn_of(organisation), country, voided)
        for pk, organisation, country, voided in rows
    }


_KEY_NAMES = [field.attname for field in KeyEntry._meta.concrete_fields]
KEYS = Prepared(
    KeyEntry._meta.get_field("organisation"),
    lambda ids: KeyEntry.objects.filter(organisation__in=ids).values_list(
        *_KEY_NAMES, "since__entry__index", "ended__entry__index"
    ),
)


def rings_of(rows: Iterable[Row], recovery: Mapping[UUID, bool]) -> dict[str, KeyRing]:
    """The keys of organisations; `recovery` says of each whether the operator may add one in its place."""
    rings: dict[str, KeyRing] = {}
    for *columns, since, ended in rows:
        row = KeyEntry.from_db(DEFAULT_DB_ALIAS, _KEY_NAMES, columns)
        urn = urn_of(row.organisation_id)
        ring = rings.get(urn) or KeyRing(urn, {}, recovery[row.organisation_id])
        rings[urn] = ring.with_records(_record(row, since, ended))
    return rings


def _record(row: KeyEntry, since: int | None, ended: int | None) -> KeyRecord:
    """A key; `since` and `ended` are the log indexes of what began and ended it, None where that has no place yet."""
    brought_in_by = bytes(row.brought_in_by)
    return KeyRecord(
        key="sha256:" + bytes(row.key_id).hex(),
        public_key=bytes(row.public_key),
        custody=row.custody,
        since=NOT_LOGGED if since is None else since,
        brought_in_by="sha256:" + brought_in_by.hex() if brought_in_by else "",
        by_operator=row.by_operator,
        recovery=row.recovery,
        ended=ended if ended is not None or row.ended_id is None else NOT_LOGGED,
        compromised_from=row.compromised_from,
        revoked_by_recovery=row.revoked_by_recovery,
    )
