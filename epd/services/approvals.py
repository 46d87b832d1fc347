"""Results, declarations and their ends are signed by another person than who prepared them, where that is wanted.

They are computed, so the request holds no figures: the colleague reads what would be signed now, and signs just that.
If something upstream changed in between, he is shown the figures once more.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import transaction

from epd.lca.result import LotResult
from epd.models import Declaration
from epd.services import declarations, people, results
from epd.services.references import lots_of
from traceability.models import AuditEvent, FiguresApproval, Lot, Notice, Organisation
from traceability.selectors import approvals as selector
from traceability.selectors import receipts
from traceability.selectors.access import APPROVER_SIGNS, Actor, NotFound
from traceability.services import acceptance, audit, clock, notices, sealing
from traceability.services.approvals import NobodyToApprove, NotAsRead, note_given, reason_of
from traceability.services.drafts import require_role
from traceability.services.errors import ApprovalWanted
from traceability.services.notice_rules import News
from traceability.services.reading import receipt_of
from traceability.services.rows_world import urn_of, uuid_of
from traceability.services.stored import read_statement
from traceability.services.submissions import Act, Body, Receipt

What, Kind = FiguresApproval.What, Notice.Kind
KINDS: Final = {
    What.RESULT: "lot.result",
    What.DECLARATION: "declaration.publish",
    What.WITHDRAW: "declaration.withdraw",
    What.SUPERSEDE: "declaration.supersede",
    What.SUBMIT: "declaration.submit",
}


@dataclass(frozen=True, slots=True)
class Read:
    """What would be signed now; `digest` tells it from what would be signed after a change."""

    body: Body
    figures: LotResult | None

    @property
    def digest(self) -> str:
        return hashlib.sha256(json.dumps(self.body, sort_keys=True).encode()).hexdigest()


class Signed(NamedTuple):
    """The receipt, and the declaration that it became or that it ended, if it is one."""

    receipt: Receipt
    declaration: Declaration | None


@transaction.atomic
def ask(*, actor: Actor, lot: Lot, what: FiguresApproval.What, said: dict[str, Any] | None = None) -> FiguresApproval:
    """The request that a colleague signs; refused where the door would refuse it. Asking the same again changes
    nothing."""
    made = FiguresApproval(organisation=actor.organisation, lot=lot, what=what, said=said or {})
    return _ask(actor, made, selector.of_figures(actor, lot.pk, what))


@transaction.atomic
def ask_end(
    *, actor: Actor, declaration: Declaration, reason: str, successor: Declaration | None = None
) -> FiguresApproval:
    """The request to withdraw a declaration, or to supersede it; it takes the place of another end of the same one."""
    said = {"declaration": declaration.urn, "reason": reason} | ({"successor": successor.urn} if successor else {})
    made = FiguresApproval(
        organisation=actor.organisation, lot=lots_of(declaration)[0], declaration=declaration.pk, said=said,
        what=What.SUPERSEDE if successor else What.WITHDRAW,
    )  # fmt: skip
    return _ask(actor, made, selector.of_end(actor, declaration.pk))


@transaction.atomic
def ask_submission(*, actor: Actor, declaration: Declaration, to: Organisation, asks: str) -> FiguresApproval:
    """The request to submit a declaration: it always takes a second person, who signs."""
    said = {"declaration": declaration.urn, "to": urn_of(to.pk), "asks": asks}
    made = FiguresApproval(
        organisation=actor.organisation,
        lot=lots_of(declaration)[0],
        what=What.SUBMIT,
        declaration=declaration.pk,
        said=said,
    )
    return _ask(actor, made, selector.of_end(actor, declaration.pk))


def _ask(actor: Actor, made: FiguresApproval, known: FiguresApproval | None) -> FiguresApproval:
    require_role(actor)
    waits = known is not None and known.sent_back_at is None and known.asked_by_id == actor.user_id
    if known and waits and (known.what, known.said) == (made.what, made.said):
        return known
    made.pk, made.asked_by_id, made.asked_at = sealing.new_id(clock.now()), actor.user_id or None, clock.now()
    acceptance.rehearse(actor=actor, acts=[_act(actor, made, read(actor=actor, approval=made).body)])
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
    if approval.declaration:
        return Read(approval.said, None)
    return Read(declarations.body_of(actor=actor, lot=approval.lot, id=approval.pk, **approval.said), None)


@transaction.atomic
def sign(*, actor: Actor, approval_id: UUID, digest: str) -> Signed:
    """Signs what the colleague read; signing a second time gives the same receipt."""
    if (known := selector.given(actor, approval_id)) is not None:
        said = receipts.own(actor).get(urn=known)
        statement, body = read_statement(said, {})
        return _signed(receipt_of(said, statement), body)
    row = _to_answer(actor, approval_id)
    shown = read(actor=actor, approval=row)
    if shown.digest != digest:
        raise NotAsRead("The figures changed since you opened this page. Read them as they are now.")
    by = audit.called(row.asked_by_id or 0)
    audit.note(actor, AuditEvent.Kind.APPROVAL, f"{KINDS[What(row.what)]} of lot {row.lot_id}, asked for by {by}")
    [receipt] = acceptance.accept(actor=actor, submissions=[_act(actor, row, shown.body)])
    note_given(actor, row.pk, uuid_of(receipt.id))
    _tell(row, Kind.APPROVAL_GIVEN, _only(row.asked_by_id))
    row.delete()
    return _signed(receipt, shown.body)


def _signed(receipt: Receipt, body: Body) -> Signed:
    named = body.get("declaration")
    return Signed(receipt, Declaration.objects.get(pk=uuid_of(str(named))) if named else None)


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
    _take_back(actor, selector.of_figures(actor, lot.pk, what))


def take_end_back(*, actor: Actor, declaration: Declaration) -> None:
    """Nobody waits for the end of a declaration any more."""
    _take_back(actor, selector.of_end(actor, declaration.pk))


def _act(actor: Actor, row: FiguresApproval, body: Body) -> Act:
    moment = clock.now()
    if row.what == What.SUBMIT and row.declaration:
        body = {**body, **people.of_submission(row.declaration, row.asked_by_id, actor.user_id)}
    return Act(KINDS[What(row.what)], actor.organisation.pk, body, (moment, moment))


def _take_back(actor: Actor, known: FiguresApproval | None) -> None:
    require_role(actor)
    if known and known.sent_back_at is None:
        known.delete()


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
    about, subject = Notice.About.FIGURES, row.lot_id
    if row.declaration:
        about, subject = Notice.About.DECLARATION, row.declaration
    news = News(row.organisation_id, kind, about, subject, watchers=people)
    notices.tell(news, cause=row.pk.hex)


def _only(user_id: int | None) -> frozenset[int]:
    return frozenset() if user_id is None else frozenset({user_id})
