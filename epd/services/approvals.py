"""Results and declarations are signed by another person than who prepared them, where the organisation wants it so.

They are computed, so the request holds no figures: the colleague reads what would be signed now, and signs just that.
If something upstream changed in between, he is shown the figures once more.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from epd.lca.result import LotResult
from epd.models import Declaration
from epd.services import declarations, results
from traceability.models import AuditEvent, FiguresApproval, Lot, Notice
from traceability.selectors import approvals as selector
from traceability.selectors.access import APPROVER_SIGNS, Actor, NotFound
from traceability.services import acceptance, audit, clock, notices, sealing
from traceability.services.approvals import NobodyToApprove, NotAsRead, reason_of
from traceability.services.drafts import require_role
from traceability.services.errors import ApprovalWanted
from traceability.services.notice_rules import News
from traceability.services.submissions import Act, Body

What, Kind = FiguresApproval.What, Notice.Kind
KINDS: Final = {What.RESULT: "lot.result", What.DECLARATION: "declaration.publish"}


@dataclass(frozen=True, slots=True)
class Read:
    """What would be signed now; `digest` tells it from what would be signed after a change."""

    body: Body
    figures: LotResult | None

    @property
    def digest(self) -> str:
        return hashlib.sha256(json.dumps(self.body, sort_keys=True).encode()).hexdigest()


@transaction.atomic
def ask(*, actor: Actor, lot: Lot, what: FiguresApproval.What, said: dict[str, Any] | None = None) -> FiguresApproval:
    """The request that a colleague signs; refused where the door would refuse it. Asking the same again changes
    nothing."""
    require_role(actor)
    known = selector.of_figures(actor, lot.pk, what)
    if known and known.sent_back_at is None and known.said == (said or {}) and known.asked_by_id == actor.user_id:
        return known
    made = FiguresApproval(
        id=sealing.new_id(clock.now()), organisation=actor.organisation, lot=lot, what=what, said=said or {},
        asked_by_id=actor.user_id or None, asked_at=clock.now(),
    )  # fmt: skip
    moment = clock.now()
    act = Act(KINDS[what], actor.organisation.pk, read(actor=actor, approval=made).body, (moment, moment))
    acceptance.rehearse(actor=actor, act=act)
    approvers = selector.figures_approvers(actor)
    if not approvers:
        raise NobodyToApprove(
            "Nobody else here may sign this. Ask an administrator to make a colleague an approver or administrator."
        )
    if known:
        known.delete()
    made.save(force_insert=True)
    _tell(made, Kind.APPROVAL_WANTED, approvers)
    return made


def read(*, actor: Actor, approval: FiguresApproval) -> Read:
    """What a colleague reads before he signs."""
    if approval.what == What.RESULT:
        prepared = results.prepare(actor=actor, lot=approval.lot)
        return Read(prepared.body, prepared.figures)
    return Read(declarations.body_of(actor=actor, lot=approval.lot, id=approval.pk, **approval.said), None)


@transaction.atomic
def sign(*, actor: Actor, approval_id: UUID, digest: str) -> Declaration | None:
    """Signs what the colleague read; the declaration that it became, if it is one."""
    row = _to_answer(actor, approval_id)
    shown = read(actor=actor, approval=row)
    if shown.digest != digest:
        raise NotAsRead("The figures changed since you opened this page. Read them as they are now.")
    by = audit.called(row.asked_by_id or 0)
    audit.note(actor, AuditEvent.Kind.APPROVAL, f"{KINDS[What(row.what)]} of lot {row.lot_id}, asked for by {by}")
    made = None
    if row.what == What.DECLARATION:
        made, _receipt = declarations.publish_prepared(actor=actor, body=shown.body)
    else:
        moment = clock.now()
        acceptance.accept(
            actor=actor, submissions=[Act(KINDS[What.RESULT], actor.organisation.pk, shown.body, (moment, moment))]
        )
    _tell(row, Kind.APPROVAL_GIVEN, _only(row.asked_by_id))
    row.delete()
    return made


@transaction.atomic
def send_back(*, actor: Actor, approval_id: UUID, reason: str) -> FiguresApproval:
    """The request with the reason why it was not signed."""
    row, words = _to_answer(actor, approval_id), reason_of(reason)
    row.sent_back_by_id, row.sent_back_at, row.reason = actor.user_id or None, clock.now(), words
    row.save(update_fields=["sent_back_by", "sent_back_at", "reason"])
    _tell(row, Kind.APPROVAL_SENT_BACK, _only(row.asked_by_id))
    return row


def take_back(*, actor: Actor, lot: Lot, what: FiguresApproval.What) -> None:
    """Nobody waits for it any more; taking it back again changes nothing."""
    require_role(actor)
    FiguresApproval.objects.filter(organisation=actor.organisation, lot=lot, what=what, sent_back_at=None).delete()


def _to_answer(actor: Actor, approval_id: UUID) -> FiguresApproval:
    """The request under lock, still waiting, of somebody else."""
    require_role(actor)
    if not actor.may_approve:
        raise ApprovalWanted(APPROVER_SIGNS)
    rows = FiguresApproval.objects.select_for_update(of=("self",)).select_related("lot")
    row = rows.filter(pk=approval_id, organisation=actor.organisation).first()
    if row is None:
        raise NotFound("It was signed, taken back or sent again since you opened this page.")
    if row.sent_back_at is not None:
        raise NotAsRead("It was sent back already.")
    if row.asked_by_id == actor.user_id:
        raise ApprovalWanted("You prepared this yourself. Another approver or administrator signs it.")
    return row


def _tell(row: FiguresApproval, kind: Notice.Kind, people: frozenset[int]) -> None:
    news = News(row.organisation_id, kind, Notice.About.FIGURES, row.lot_id, watchers=people)
    notices.tell(news, cause=row.pk.hex)


def _only(user_id: int | None) -> frozenset[int]:
    return frozenset() if user_id is None else frozenset({user_id})
