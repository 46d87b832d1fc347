"""What somebody fills in is signed by another person, where the organisation wants it so.

The draft stays a draft while it waits: an answer that is changed takes the request away, so that what is signed is what
the colleague read. Who typed any of it never signs it.
"""

from typing import Final
from uuid import UUID

from django.db import transaction

from traceability.models import Approval, AuditEvent, Draft, GivenApproval, Notice, Organisation, Proposal, Statement
from traceability.selectors import approvals as selector
from traceability.selectors.access import APPROVER_SIGNS, Actor, NotFound
from traceability.services import acceptance, audit, clock, members, notices, proposals
from traceability.services.correction_change import nothing_changes
from traceability.services.drafts import (
    acts_of,
    locked,
    note_writer,
    require_complete,
    require_role,
    require_unproposed,
    sign_locked,
    signed_before,
)
from traceability.services.errors import ApprovalWanted, Refusal
from traceability.services.notice_rules import News

LONGEST_REASON: Final = 1000
Kind, About = Notice.Kind, Notice.About


class NobodyToApprove(Refusal):
    """Everybody who may sign typed some of it."""

    code = "nobody_to_approve"


class NotAsRead(Refusal):
    """It was changed, taken back or sent back since it was read."""

    code = "approval_changed"


class NoReason(Refusal):
    """Sent back without a word."""

    code = "no_reason"


@transaction.atomic
def choose(*, actor: Actor, wanted: bool, programs: bool) -> None:
    """From now on what somebody fills in is signed by another person, or not; and whether programs sign even so."""
    members.require_admin(actor)
    row = Organisation.objects.select_for_update(no_key=True).get(pk=actor.organisation.pk)
    if (row.approval_wanted, row.programs_sign) == (wanted, programs):
        return
    row.approval_wanted, row.programs_sign = wanted, programs
    row.save(update_fields=["approval_wanted", "programs_sign"])
    said = "Approval by a second person " + ("is wanted" if wanted else "is not wanted")
    audit.note(actor, AuditEvent.Kind.ACCOUNT, f"{said}; programs {'sign' if programs else 'do not sign'} without it")


def ask(*, actor: Actor, draft: Draft) -> Approval:
    """The draft put before those who may sign it; refused where the door would refuse what they would sign.

    Asking again while it waits changes nothing.
    """
    with transaction.atomic():
        row = locked(actor, draft)
        waiting = Approval.objects.filter(draft=row, sent_back_at=None).first()
        if waiting is not None:
            return waiting
        understood = require_complete(row)
        if acceptance.rehearse(actor=actor, acts=acts_of(row, understood))[-1].changes_nothing:
            raise nothing_changes()
        if row.updated_by_id and not row.writers.exists():  # begun before it was kept who writes
            row.writers.add(row.updated_by_id)
        note_writer(row, actor)
        approvers = selector.approvers(row)
        if not approvers:
            raise NobodyToApprove(
                "Nobody here may sign this: it takes an approver or administrator who typed none of it. Ask an "
                "administrator to give a colleague that role."
            )
        Approval.objects.filter(draft=row).delete()
        made = Approval.objects.create(draft=row, asked_by_id=actor.user_id or None, asked_at=clock.now())
        _tell(made, Kind.APPROVAL_WANTED, approvers)
        return made


def take_back(*, actor: Actor, draft: Draft) -> Draft:
    """The draft, which waits for nobody any more; taking it back again changes nothing."""
    with transaction.atomic():
        row = locked(actor, draft)
        Approval.objects.filter(draft=row, sent_back_at=None).delete()
        return row


def sign(*, actor: Actor, draft_id: UUID, approval_id: UUID) -> Statement | Proposal:
    """The statement that a colleague's draft became, or the proposal where a partner signs too.

    Signing a second time gives the same one. A refusal leaves all as it was.
    """
    _require_approver(actor)
    with transaction.atomic():
        row = Draft.objects.select_for_update().filter(pk=draft_id, organisation=actor.organisation).first()
        if row is None:
            return signed_before(actor, draft_id)
        if selector.given(actor, approval_id) == row.pk and (proposed := Proposal.objects.filter(draft=row).first()):
            return proposed
        approval = _as_read(actor, row, approval_id)
        understood = require_complete(row)
        by = audit.called(approval.asked_by_id or 0)
        audit.note(actor, AuditEvent.Kind.APPROVAL, f"{row.kind} {row.pk}, asked for by {by}")
        note_given(actor, approval.pk, draft_id)
        if understood.second is not None:
            approval.delete()
            return proposals.propose_locked(actor, row, understood)
        asked_by, cause = approval.asked_by_id, approval.pk.hex
        signed = sign_locked(actor, row, understood)
        news = News(actor.organisation.pk, Kind.APPROVAL_GIVEN, About.DRAFT, draft_id, watchers=_only(asked_by))
        notices.tell(news, cause=cause, statement=signed)
        return signed


def note_given(actor: Actor, approval_id: UUID, signed: UUID) -> None:
    """Keeps what an approval became, for who gives it."""
    GivenApproval.objects.create(
        pk=approval_id,
        organisation=actor.organisation,
        by_id=actor.user_id or None,
        signed=signed,
        given_at=clock.now(),
    )


def send_back(*, actor: Actor, draft_id: UUID, approval_id: UUID, reason: str) -> Approval:
    """The approval with the reason why it was not given; the author may change the draft and ask again."""
    _require_approver(actor)
    words = reason_of(reason)
    with transaction.atomic():
        row = Draft.objects.select_for_update().filter(pk=draft_id, organisation=actor.organisation).first()
        if row is None:
            raise NotFound("There is no such draft, or it is not yours to see.")
        approval = _as_read(actor, row, approval_id)
        approval.sent_back_by_id, approval.sent_back_at, approval.reason = actor.user_id or None, clock.now(), words
        approval.save(update_fields=["sent_back_by", "sent_back_at", "reason"])
        _tell(approval, Kind.APPROVAL_SENT_BACK, _only(approval.asked_by_id))
        return approval


def reason_of(typed: str) -> str:
    """The reason why something is sent back, on one line."""
    words = " ".join(typed.split())
    if not words:
        raise NoReason("Say why you send it back, so that your colleague knows what to change.", path="/reason")
    if len(words) > LONGEST_REASON:
        raise NoReason(f"Use at most {LONGEST_REASON} characters for the reason.", path="/reason")
    return words


def _require_approver(actor: Actor) -> None:
    require_role(actor)
    if not actor.may_approve:
        raise ApprovalWanted(APPROVER_SIGNS)


def _as_read(actor: Actor, row: Draft, approval_id: UUID) -> Approval:
    """The approval as the actor read it, still waiting, of a draft that others filled in."""
    require_unproposed(row)
    found = Approval.objects.filter(draft=row, sent_back_at=None).first()
    if found is None:
        raise NotAsRead("It does not wait for approval any more: it was changed, taken back or sent back.")
    if found.pk != approval_id:
        raise NotAsRead("It was changed and sent again since you opened this page. Read it as it is now.")
    if not selector.may_sign(actor, row):
        raise ApprovalWanted("You typed some of this yourself. Another approver or administrator signs it.")
    return found


def _tell(approval: Approval, kind: Notice.Kind, people: frozenset[int]) -> None:
    draft = approval.draft
    news = News(draft.organisation_id, kind, About.DRAFT, draft.pk, watchers=people)
    notices.tell(news, cause=approval.pk.hex)


def _only(user_id: int | None) -> frozenset[int]:
    return frozenset() if user_id is None else frozenset({user_id})
