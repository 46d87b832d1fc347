"""The door of the record: statements come in, are decided upon under lock, stored, and queued for the log.

All submissions of a call are accepted or none. The same envelope again gives the same receipt.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from django.db import IntegrityError, transaction

from traceability.acceptance import custody_models
from traceability.acceptance.decide import Decision
from traceability.acceptance.world import Body, Head, LotRecord
from traceability.ledger import closed, envelope, identifiers, keys, merkle
from traceability.ledger.composing import Told
from traceability.ledger.errors import RecordError
from traceability.ledger.statement import Seen, Statement
from traceability.material.findings import Finding
from traceability.models import Checkpoint, Disclosure
from traceability.models import Statement as StatementRow
from traceability.models.prepared import Prepared, Writes, insert_with_keys
from traceability.selectors.access import Actor
from traceability.services import clock, log_queue, projections, rows_world, sealing
from traceability.services.accepted import Accepted as Accepted
from traceability.services.claims_shown import require_shown
from traceability.services.correction_change import changes_nothing, nothing_changes
from traceability.services.country_codes import require_countries
from traceability.services.errors import SeenUnknown
from traceability.services.judging import CHECKS as CHECKS
from traceability.services.judging import judge, require_unused
from traceability.services.needs import needs_of
from traceability.services.reading import (
    Read,
    check_actor,
    identity_of,
    read_all,
    refusing,
    repeated,
    require_signer,
)
from traceability.services.reading import receipt_of as receipt_of
from traceability.services.rows_world import RowsWorld, Said
from traceability.services.stored import uuid_of
from traceability.services.submissions import Act, Receipt, Submission
from traceability.services.trusted_logs import require_importable
from traceability.services.world_queries import LogNow

CLOCKS_DIFFER: Final = timedelta(minutes=10)
_TRIES: Final = 3


class Overtaken(IntegrityError):
    """Somebody else took a place in the same instant."""


Store = Callable[[Accepted], None]
STORES: Final[dict[str, Store]] = {}
"""Rows of the rooms above, by kind of statement; config/wiring.py fills them."""

FOLLOWERS: Final[list[Callable[[Sequence[Accepted]], None]]] = []
"""What else a batch leaves in its transaction, once everything is stored; config/wiring.py fills it."""


def accept(
    *,
    actor: Actor,
    submissions: Sequence[Submission],
    now: datetime | None = None,
    ahead: Mapping[int, sealing.Ahead] = MappingProxyType({}),
) -> list[Receipt]:
    """One receipt for each submission, in order; raises the first refusal, and then nothing was stored.

    `ahead` holds what was composed ahead, by the number of its act.
    """
    moment = now or clock.now()
    for left in reversed(range(_TRIES)):
        try:
            with transaction.atomic():
                return _accept(actor, submissions, moment, ahead)
        except IntegrityError:  # somebody else took a place in the same instant: the next look says which
            if not left:
                raise
    return []


def _accept(
    actor: Actor, submissions: Sequence[Submission], now: datetime, ahead: Mapping[int, sealing.Ahead]
) -> list[Receipt]:
    signed = read_all(submissions)
    check_actor(actor, submissions, signed)
    require_signer(actor)
    world = rows_world.load(needs_of(submissions, signed))
    seen = newest_checkpoint(world.origin, world.log)
    receipts: list[Receipt] = []
    accepted: dict[int, Accepted] = {}
    for number, (submission, read) in enumerate(zip(submissions, signed, strict=True)):
        with refusing(number):
            issuer, id = identity_of(submission, read)
            known = None if id is None else world.stored.get((issuer, id))
            if known is not None:
                receipts.append(repeated(known, submission, read))
                continue
            said = read
            if isinstance(submission, Act):
                said = sealing.seal(submission, world, seen=seen, now=now, ahead=ahead.get(number))
            if said is None:
                raise TypeError("only acts are sealed here")
            _check_seen(said.statement.seen, seen, world.log)
            accepted[number] = _take(said, world, now)
        receipts.append(_receipt(accepted[number]))
    # Of what the platform closed itself every salt is new: 128 random bits. A unique index stands behind both.
    _require_new_digests({number: one for number, one in accepted.items() if signed[number] is not None})
    _store(list(accepted.values()), world)
    return receipts


def foresee(acts: Sequence[Act], *, now: datetime | None = None) -> list[Told | None]:
    """What composes the statement of each act, if nothing happens before `accept`; in the transaction of that."""
    world = rows_world.load(needs_of(acts, [None] * len(acts)))
    return sealing.foresee(acts, world, seen=newest_checkpoint(world.origin, world.log), now=now or clock.now())


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What would be signed, and what the door would decide on it."""

    statement: Statement
    opened: Body
    closed_places: frozenset[str]
    decision: Decision
    changes_nothing: bool
    disclosures: tuple[str, ...]


def rehearse(*, actor: Actor, acts: Sequence[Act], now: datetime | None = None) -> list[Rehearsal]:
    """What `accept` would make of each act now, or the first refusal; nothing is signed and nothing is stored."""
    nothing_signed = [None for _ in acts]
    check_actor(actor, acts, nothing_signed)
    with transaction.atomic():
        world = rows_world.load(needs_of(acts, nothing_signed))
        seen = newest_checkpoint(world.origin, world.log)
        return [_rehearsed(act, world, seen, now or clock.now()) for act in acts]


def _rehearsed(act: Act, world: RowsWorld, seen: Seen, now: datetime) -> Rehearsal:
    """One act as the door would take it; the picture then holds it."""
    composed = sealing.compose(act, world, seen=seen, now=now)
    require_countries(composed.statement, world)
    require_shown(composed.statement)
    said = Said(composed.statement, composed.disclosures)
    require_importable(said)
    judged = judge(said, world, index=world.log.size, read=None)
    custody_models.require_not_raised(judged.decision.findings)
    places = frozenset(closed.closed_digests(said.statement.content))
    decision = at_the_door(judged.decision, said.statement, now)
    texts = tuple(one.text for one in composed.disclosures.values())
    return Rehearsal(said.statement, judged.opened, places, decision, changes_nothing(said, world), texts)


Carried = dict[str, tuple[Head, LotRecord | None]]


def rehearse_all(
    *, actor: Actor, acts: Sequence[Act], carried: Carried, now: datetime | None = None
) -> list[Decision | RecordError]:
    """What `accept` would decide on each act of a batch after those before it, or why it would refuse it.

    No correction is among them. What refused acts would have changed is left out. `carried` takes the heads and lots of
    the acts that may be said from one batch to the next, as nothing is stored.
    """
    check_actor(actor, acts, [None] * len(acts))
    moment = now or clock.now()
    found: list[Decision | RecordError] = []
    with transaction.atomic():
        needs = needs_of(acts, [None] * len(acts))
        world = rows_world.load(needs)
        for subject in needs.subjects & carried.keys():
            world.heads[subject], world.lots[subject] = carried[subject]
        seen = newest_checkpoint(world.origin, world.log)
        for act in acts:
            try:
                composed = sealing.compose(act, world, seen=seen, now=moment, closing=False)
                require_countries(composed.statement, world)
                judged = judge(Said(composed.statement, composed.disclosures), world, index=world.log.size, read=None)
                custody_models.require_not_raised(judged.decision.findings)
            except RecordError as error:
                found.append(error)
                continue
            carried |= {head.subject: (head, world.lots.get(head.subject)) for head in judged.decision.heads}
            found.append(at_the_door(judged.decision, composed.statement, moment))
    return found


def newest_checkpoint(origin: str, log: LogNow | None = None) -> Seen:
    """What every new statement has seen: the newest published checkpoint."""
    head = (log.published if log else None) or merkle.TreeHead(0, merkle.EMPTY_ROOT)
    return Seen(origin, head.size, _digest(head.root))


def _check_seen(seen: Seen, newest: Seen, log: LogNow) -> None:
    """What a statement has seen was published: else no consistency proof would ever bind it (sections 2 and 7)."""
    if seen == newest or seen.origin != newest.origin or (seen.size == 0 and seen.root == _digest(merkle.EMPTY_ROOT)):
        return
    root = identifiers.digest_bytes(seen.root)
    if not Checkpoint.objects.filter(size=seen.size, root=root, pk__lte=log.published_id).exists():
        raise SeenUnknown("This log never published such a checkpoint. Read the newest one.", path="/seen")


def _digest(root: bytes) -> str:
    return "sha256:" + root.hex()


def _take(read: Read, world: RowsWorld, now: datetime) -> Accepted:
    """The statement as the door lets it in, with its row; the picture then holds it."""
    require_countries(read.statement, world)
    require_shown(read.statement)
    public_key = keys.signers(read.statement, world.ring)[0]
    ring = world.ring(read.statement.issuer)
    by = None if ring is None else ring.keys.get(read.statement.key)
    said = Said(read.statement, read.disclosures)
    require_importable(said)
    judged = judge(said, world, index=world.log.size, read=read)
    if changes_nothing(said, world):
        raise nothing_changes()
    custody_models.require_not_raised(judged.decision.findings)
    row = StatementRow(
        urn=uuid_of(read.statement.id),
        issuer=uuid_of(read.statement.issuer),
        kind=read.statement.kind,
        digest=identifiers.digest_bytes(read.statement.digest),
        envelope=read.written,
        leaf_hash=merkle.leaf_hash(envelope.leaf_input(read.statement.payload, public_key, read.envelope.signatures)),
        key_id=identifiers.digest_bytes(read.statement.key),
        accepted_at=now,
    )
    decision = at_the_door(judged.decision, read.statement, now)
    return Accepted(
        read.statement,
        judged.opened,
        read.disclosures,
        decision,
        judged.kind,
        row,
        judged.digests,
        judged.kept,
        by_own_key=by is not None and by.custody == "holder",
    )


_DIGESTS = Prepared(
    Disclosure._meta.get_field("digest"),
    lambda digests: Disclosure.objects.filter(digest__in=digests).values_list(
        "digest", "statement__issuer", "statement__urn"
    ),
)


def _require_new_digests(accepted: Mapping[int, Accepted]) -> None:
    """Refuses a digest that the log had before this batch; asked once for all of it.

    Where it stands in the same statement, that was accepted since the batch looked for it: the next look finds it.
    """
    places = {
        number: {digest: place for place, digest in one.digests.items() if digest not in one.kept}
        for number, one in accepted.items()
    }
    rows = _DIGESTS.rows([digest for new in places.values() for digest in new])
    used = {digest: (issuer, id) for digest, issuer, id in rows}
    for number, new in places.items():
        row = accepted[number].row
        if (row.issuer, row.urn) in (used[digest] for digest in new if digest in used):
            raise Overtaken
        with refusing(number):
            require_unused(new, used)


def at_the_door(decision: Decision, statement: Statement, now: datetime) -> Decision:
    """The decision with what the door sees and shows, beside what the statement itself gives."""
    return replace(decision, findings=(*decision.findings, *_door_findings(statement, now)))


def _door_findings(statement: Statement, now: datetime) -> Iterable[Finding]:
    if statement.issued_at > now + CLOCKS_DIFFER:
        yield Finding("claimed_time_after_log", "It claims to be signed later than the log received it.", "/issued_at")
    if statement.kind in ("key.add", "key.revoke") and keys.subject_organisation(statement) != statement.issuer:
        yield Finding("by_operator", "The operator did this in the place of the organisation.", "/issuer")


def _receipt(one: Accepted) -> Receipt:
    codes = tuple(finding.code for finding in one.decision.findings)
    return replace(receipt_of(one.row, one.statement), findings=codes)


def _store(accepted: Sequence[Accepted], world: RowsWorld) -> None:
    """All rows of a batch, in the order in which they depend on each other."""
    if not accepted:
        return
    insert_with_keys([one.row for one in accepted])
    writes = Writes()
    projections.store(accepted, world, writes)
    for one in accepted:
        if one.statement.kind in STORES:
            writes.flush()
            STORES[one.statement.kind](one)
    log_queue.enqueue(*(one.row for one in accepted), writes=writes)
    for follow in FOLLOWERS:
        follow(accepted)
