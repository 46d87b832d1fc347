"""What an auditor looks at first in the record of an organisation: findings of the door, transfers that stay open,
differences beyond the tolerance, times that do not go with the log, and what a key signed that may have been a thief's.

Times, kinds and whether a difference is within its tolerance are open fields; sentences of findings may repeat masses,
and are given to those alone who see the masses of the organisation.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Subquery

from traceability.ledger import envelope, moments
from traceability.ledger.custody import CustodyState
from traceability.ledger.identifiers import digest_bytes
from traceability.models import Finding, KeyEntry, Lot, LotAccess, Organisation, Statement, Version
from traceability.selectors import lot_facts
from traceability.selectors.access import Actor
from traceability.selectors.statements import VERSION_KINDS

OPEN_DAYS: Final = 14
"""A transfer is looked at when it was sent longer ago and not received."""
LATE_DAYS: Final = 30
"""A statement is back-dated when it was accepted so long after what it tells of ended, and by its finding."""
NOT_TIMED: Final = (*VERSION_KINDS, "lot.result")
"""Results speak of a past year, corrections of what they correct."""


class Kind(StrEnum):
    """Why something is on the list."""

    YIELD = "yield"
    FINGERPRINT = "fingerprint"
    FINDING = "finding"
    OPEN_TRANSFER = "open_transfer"
    DIFFERENCE = "difference"
    BACK_DATED = "back_dated"
    AFTER_LOG = "after_log"
    KEY_IN_DOUBT = "key_in_doubt"


_OF_CODES: Final = {"yield_unusual": Kind.YIELD, "fingerprint_broken": Kind.FINGERPRINT, "back_dated": Kind.BACK_DATED}


@dataclass(frozen=True, slots=True)
class Asked:
    """Of which days of acceptance, both counted, and how many days are long."""

    since: date
    until: date
    open_days: int = OPEN_DAYS
    late_days: int = LATE_DAYS

    @property
    def begin(self) -> datetime:
        return datetime.combine(self.since, time(), tzinfo=UTC)

    @property
    def end(self) -> datetime:
        """The first moment after the last day."""
        return datetime.combine(self.until + timedelta(days=1), time(), tzinfo=UTC)

    def counts(self, row: Statement) -> bool:
        """Whether a statement was accepted on one of these days."""
        return self.begin <= row.accepted_at < self.end


@dataclass(frozen=True, slots=True)
class Exceptional:
    """One entry of the list: a statement, the lot that it is about, and why somebody should look."""

    kind: Kind
    statement: Statement
    lot: UUID | None
    occurred_to: datetime
    days: int | None = None
    """How long a transfer is open, or how late or early the time is, in whole days."""
    code: str = ""
    """Of a finding."""
    sentence: str = ""
    """Of a finding, in English; empty where it may repeat what the reader may not see."""
    party: UUID | None = None
    """The other side of a transfer."""

    @property
    def digest(self) -> str:
        return f"sha256:{bytes(self.statement.digest).hex()}"


def exceptions(actor: Actor, owner: Organisation, asked: Asked, today: date) -> list[Exceptional]:
    """The exceptions of an organisation whose books the actor may see, newest first."""
    transfers = _under_way(owner)
    accepted = {"statement__accepted_at__gte": asked.begin, "statement__accepted_at__lt": asked.end}
    findings = list(Finding.objects.filter(statement__issuer=owner.pk, **accepted).order_by("pk"))
    said = _said(owner, asked, transfers.keys(), {one.statement_id for one in findings})
    told = owner.pk in lot_facts.masses_seen_of(actor, today)
    by_row = {one.row.pk: one for one in said if one.row.issuer == owner.pk and asked.counts(one.row)}
    now = datetime.combine(min(today, asked.until) + timedelta(days=1), time(), tzinfo=UTC)
    found = [_found(one, by_row[one.statement_id], told=told) for one in findings if one.statement_id in by_row]
    for one in said:
        digest = bytes(one.row.digest)
        if digest in transfers:
            found += _open(one, transfers[digest], owner, now, asked.open_days)
        if asked.counts(one.row):
            found += _differs(one)
            found += _timed(one, asked.late_days) if one.row.issuer == owner.pk else []
    found += _in_doubt(owner, asked, {one.row.pk: one.lot for one in said})
    return sorted(found, key=lambda one: (one.statement.accepted_at, one.statement.pk, one.kind), reverse=True)


@dataclass(frozen=True, slots=True)
class _Said:
    """A statement, and a lot that it is about: of a step one that it made."""

    row: Statement
    lot: UUID
    made_at: datetime | None
    """When what it tells of had ended, where the index of lots has it: thousands are not opened for it."""
    content: Mapping[str, Any]
    """What is signed, where it has to be read."""

    @property
    def occurred_to(self) -> datetime:
        """When what it tells of had ended, as claimed."""
        return self.made_at or moments.parse_moment(self.content["occurred_to"])


def _under_way(owner: Organisation) -> dict[bytes, Lot]:
    """The lots that are on their way from or to an organisation of this record, by the digest of the dispatch."""
    mine = Q(holder=owner) | Q(receiver=owner)
    rows = Lot.objects.filter(mine, state=CustodyState.IN_TRANSIT, receiver__isnull=False)
    by_dispatch = {str(row.record["custody"]["dispatched_by"]): row for row in rows}
    return {digest_bytes(digest): row for digest, row in by_dispatch.items() if digest}


def _said(
    owner: Organisation, asked: Asked, dispatches: Collection[bytes], with_findings: Collection[int]
) -> list[_Said]:
    """What the organisation said of lots in the period, what others received of it, and the open dispatches."""
    mine = LotAccess.objects.filter(organisation=owner).exclude(sees=LotAccess.Sees.ASSAY).values("lot")
    period = Q(accepted_at__gte=asked.begin, accepted_at__lt=asked.end)
    own = Q(issuer=owner.pk) & (Q(kind__startswith="lot.") | Q(kind__in=VERSION_KINDS))
    received = Q(kind="lot.receive", links__subject__in_set=mine)
    rows = Statement.objects.filter((period & (own | received)) | Q(digest__in=list(dispatches))).defer("envelope")
    found: dict[int, Any] = {}
    links: QuerySet[Any] = rows.annotate(lot=F("links__subject"), role=F("links__role"), made_at=_made_at())
    for row in links.order_by("pk", "links__pk"):
        if row.pk not in found or row.role == "output":
            found[row.pk] = row
    contents = _contents(
        pk for pk, row in found.items() if row.made_at is None and (row.kind not in NOT_TIMED or pk in with_findings)
    )
    said = [_Said(row, row.lot, row.made_at, contents.get(pk, {})) for pk, row in found.items()]
    return _without_foreign(said, owner)


def _made_at() -> Subquery:
    """When what a statement tells of had ended, of one that made a lot and was not corrected since."""
    corrected = Exists(Version.objects.filter(original=OuterRef("made_by")))
    return Subquery(Lot.objects.filter(~corrected, made_by=OuterRef("pk")).values("made_at")[:1])


def _contents(ids: Iterable[int]) -> dict[int, Mapping[str, Any]]:
    """What is signed in these statements, which were checked when they were accepted."""
    rows = Statement.objects.filter(pk__in=list(ids)).values_list("pk", "envelope")
    return {pk: json.loads(envelope.parse_envelope(bytes(signed)).payload) for pk, signed in rows}


def _without_foreign(said: Collection[_Said], owner: Organisation) -> list[_Said]:
    """Without what others received of others: a later holder's receipts concern those alone who sent him the lot."""
    foreign = {
        one.row.pk: _dispatch(one) for one in said if one.row.issuer != owner.pk and one.row.kind != "lot.dispatch"
    }
    sent: set[bytes] = set()
    if foreign:
        rows = Statement.objects.filter(issuer=owner.pk, digest__in=list(foreign.values()))
        sent = {bytes(digest) for digest in rows.values_list("digest", flat=True)}
    return [one for one in said if one.row.pk not in foreign or foreign[one.row.pk] in sent]


def _dispatch(receipt: _Said) -> bytes:
    return digest_bytes(str(receipt.content["body"]["dispatch"]))


def _found(finding: Finding, said: _Said, *, told: bool) -> Exceptional:
    return Exceptional(
        _OF_CODES.get(finding.code, Kind.FINDING),
        said.row,
        finding.lot or said.lot,
        said.occurred_to,
        code=finding.code,
        sentence=finding.sentence if told else "",
    )


def _in_doubt(owner: Organisation, asked: Asked, lots: Mapping[int, UUID]) -> list[Exceptional]:
    """What a key signed from the entry on from which it counts as compromised, but what was attested again since.

    The verifier says the same of a bundle (`signed_in_compromise_window`, verifier/doubts.py).
    """
    windows = Q()
    for key in KeyEntry.objects.filter(organisation=owner, compromised_from__isnull=False):
        windows |= Q(key_id=key.pk) & (Q(entry__index__gte=key.compromised_from) | Q(entry=None))
    if not windows:
        return []
    rows = {row.pk: row for row in Statement.objects.filter(windows, issuer=owner.pk).select_related("entry")}
    repaired = _attested_again(owner, rows)
    wanted = [row for row in rows.values() if asked.counts(row) and bytes(row.digest) not in repaired]
    contents = _contents(row.pk for row in wanted)
    return [
        Exceptional(Kind.KEY_IN_DOUBT, row, lots.get(row.pk), moments.parse_moment(contents[row.pk]["occurred_to"]))
        for row in wanted
    ]


def _attested_again(owner: Organisation, doubtful: Collection[int]) -> set[bytes]:
    """The digests that the organisation attested under a good key, after the last of the revocations that count."""
    ended = KeyEntry.objects.filter(organisation=owner, compromised_from__isnull=False).aggregate(last=Max("ended"))
    attests = Statement.objects.filter(issuer=owner.pk, kind="statement.attest", pk__gt=ended["last"] or 0)
    changed = Version.objects.filter(original=OuterRef("pk"))
    good = [pk for pk in attests.filter(~Exists(changed)).values_list("pk", flat=True) if pk not in doubtful]
    bodies = [content["body"] for content in _contents(good).values()]
    return {digest_bytes(one) for body in bodies if body.get("opinion") == "conforms" for one in body["statements"]}


def _open(said: _Said, lot: Lot, owner: Organisation, now: datetime, open_days: int) -> list[Exceptional]:
    occurred_to = said.occurred_to
    days = (now - occurred_to).days
    if days <= open_days:
        return []
    party = lot.receiver_id if lot.holder_id == owner.pk else lot.holder_id
    return [Exceptional(Kind.OPEN_TRANSFER, said.row, lot.pk, occurred_to, days, party=party)]


def _differs(said: _Said) -> list[Exceptional]:
    if said.row.kind != "lot.receive" or said.content["body"].get("difference") != "beyond":
        return []
    return [Exceptional(Kind.DIFFERENCE, said.row, said.lot, said.occurred_to, party=said.row.issuer)]


def _timed(said: _Said, late_days: int) -> list[Exceptional]:
    """A time long before the log took the statement, or after that."""
    if said.row.kind in NOT_TIMED:
        return []
    occurred_to = said.occurred_to
    late = said.row.accepted_at - occurred_to
    if late < timedelta(0):
        return [Exceptional(Kind.AFTER_LOG, said.row, said.lot, occurred_to, -late.days)]
    if late.days > late_days:
        return [Exceptional(Kind.BACK_DATED, said.row, said.lot, occurred_to, late.days)]
    return []
