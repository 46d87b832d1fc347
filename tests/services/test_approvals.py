"""What somebody fills in is signed by another person, once, as it was read, where the organisation wants it so."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from tests.accounts.people import member
from tests.services.market import Market, open_market
from tests.services.test_locks import at_once
from traceability.models import Approval, AuditEvent, Draft, Membership, Notice, NoticeCopy, Organisation, Statement
from traceability.selectors import approvals as selector
from traceability.selectors.access import Actor, NotFound
from traceability.services import acceptance, approvals, beginnings, drafts, log_queue, proposals, tokens
from traceability.services.approvals import NoReason, NotAsRead
from traceability.services.beginnings import Beginning
from traceability.services.errors import ApprovalWanted, NotAllowed

Role, Kind = Membership.Role, Notice.Kind
HOLD = {"occurred_from": "2026-06-01 08:00", "utc_offset": "+00:00", "reason": "a wet bag"}


class Mine:
    """The people of a mine that wants approval; each is an actor."""

    def __init__(self, market: Market) -> None:
        self.market = market
        organisation = market.mine.organisation
        organisation.approval_wanted = True
        organisation.save()
        self.admin = member(organisation, "ada")
        self.clerk = member(organisation, "carl", Role.SUBMITTER)
        self.approver = member(organisation, "ana", Role.APPROVER)
        self.lot = market.lot(market.source())

    def draft(self, actor: Actor | None = None) -> Draft:
        """A hold that somebody filled in, the clerk unless told."""
        who = actor or self.clerk
        draft = beginnings.begin(actor=who, beginning=Beginning("hold", lot=self.lot))
        return drafts.save(actor=who, draft=draft, typed=HOLD, section="details")

    def asked(self, actor: Actor | None = None) -> Approval:
        return approvals.ask(actor=actor or self.clerk, draft=self.draft(actor))

    def signed(self) -> int:
        return Statement.objects.filter(kind="lot.hold").count()


@pytest.fixture
def mine(market: Market) -> Mine:
    return Mine(market)


def sign(actor: Actor, approval: Approval) -> Any:
    return approvals.sign(actor=actor, draft_id=approval.draft_id, approval_id=approval.pk)


def told(actor: Actor, kind: Notice.Kind) -> int:
    return NoticeCopy.objects.filter(user=actor.user_id, notice__kind=kind).count()


def test_a_colleague_signs_what_somebody_filled_in(mine: Mine) -> None:
    approval = mine.asked()
    assert mine.signed() == 0
    assert [told(one, Kind.APPROVAL_WANTED) for one in (mine.admin, mine.approver, mine.clerk)] == [1, 1, 0]
    statement = sign(mine.approver, approval)
    assert (statement.urn, mine.signed()) == (approval.draft_id, 1)
    assert told(mine.clerk, Kind.APPROVAL_GIVEN) == 1
    assert not Draft.objects.exists()
    [kept] = AuditEvent.objects.filter(kind=AuditEvent.Kind.APPROVAL)
    assert (kept.user_id, "carl@example.org" in kept.note) == (mine.approver.user_id, True)


@pytest.mark.parametrize("who", ["admin", "clerk", "approver"])
def test_nobody_signs_alone(mine: Mine, who: str) -> None:
    actor = getattr(mine, who)
    draft = mine.draft(actor)
    with pytest.raises(ApprovalWanted):
        drafts.sign(actor=actor, draft_id=draft.pk)
    approval = approvals.ask(actor=actor, draft=draft)
    with pytest.raises(ApprovalWanted):
        sign(actor, approval)
    assert mine.signed() == 0


def test_a_submitter_approves_nothing_and_gets_nothing_past_the_door(mine: Mine) -> None:
    approval = mine.asked(mine.admin)
    with pytest.raises(ApprovalWanted):
        sign(mine.clerk, approval)
    with pytest.raises(ApprovalWanted):
        approvals.send_back(actor=mine.clerk, draft_id=approval.draft_id, approval_id=approval.pk, reason="no")
    act = mine.market.act(mine.clerk, "lot.hold", {"lot": mine.lot.urn, "reason": "wet"})
    with pytest.raises(ApprovalWanted):
        acceptance.accept(actor=mine.clerk, submissions=[act])
    assert mine.signed() == 0


def test_whoever_typed_some_of_it_does_not_sign_it(mine: Mine) -> None:
    draft = mine.draft()
    drafts.save(actor=mine.approver, draft=draft, typed={"reason": "two wet bags"})
    drafts.save(actor=mine.admin, draft=draft, typed={"reason": "two wet bags"}, section="details")  # changed nothing
    approval = approvals.ask(actor=mine.clerk, draft=draft)
    assert selector.approvers(draft) == {mine.admin.user_id}
    assert [selector.to_sign(one).count() for one in (mine.admin, mine.approver, mine.clerk)] == [1, 0, 0]
    with pytest.raises(ApprovalWanted, match="typed some of this yourself"):
        sign(mine.approver, approval)
    assert sign(mine.admin, approval).kind == "lot.hold"


def test_where_nobody_may_sign_it_is_said_at_once(mine: Mine) -> None:
    Membership.objects.filter(user__in=[mine.approver.user_id, mine.admin.user_id]).update(role=Role.SUBMITTER)
    draft = mine.draft()
    with pytest.raises(approvals.NobodyToApprove):
        approvals.ask(actor=mine.clerk, draft=draft)
    assert not Approval.objects.exists()


def test_what_is_sent_back_is_changed_and_sent_again(mine: Mine) -> None:
    approval = mine.asked()
    with pytest.raises(NoReason):
        approvals.send_back(actor=mine.approver, draft_id=approval.draft_id, approval_id=approval.pk, reason=" \n")
    approvals.send_back(actor=mine.approver, draft_id=approval.draft_id, approval_id=approval.pk, reason="which bag?")
    assert told(mine.clerk, Kind.APPROVAL_SENT_BACK) == 1
    with pytest.raises(NotAsRead):
        sign(mine.admin, approval)
    draft = Draft.objects.get()
    drafts.save(actor=mine.clerk, draft=draft, typed={"reason": "bag 7"})
    assert selector.of_draft(draft).reason == "which bag?"  # it is read until the draft is sent again
    again = approvals.ask(actor=mine.clerk, draft=draft)
    assert (again.pk != approval.pk, again.reason) == (True, "")
    assert sign(mine.approver, again).kind == "lot.hold"


def test_another_answer_takes_the_request_away(mine: Mine) -> None:
    approval = mine.asked()
    drafts.save(actor=mine.clerk, draft=approval.draft, typed={"reason": "something else"})
    assert not Approval.objects.exists()
    again = approvals.ask(actor=mine.clerk, draft=approval.draft)
    for late in (approval.pk, uuid4()):
        with pytest.raises(NotAsRead, match="since you opened this page"):
            approvals.sign(actor=mine.approver, draft_id=approval.draft_id, approval_id=late)
    assert mine.signed() == 0
    assert sign(mine.approver, again).kind == "lot.hold"


def test_the_same_answer_again_leaves_the_request(mine: Mine) -> None:
    approval = mine.asked()
    drafts.save(actor=mine.clerk, draft=approval.draft, typed=HOLD, section="details")
    assert approvals.ask(actor=mine.clerk, draft=approval.draft).pk == approval.pk
    assert told(mine.admin, Kind.APPROVAL_WANTED) == 1


def test_taken_back_it_waits_for_nobody(mine: Mine) -> None:
    approval = mine.asked()
    for _ in range(2):
        approvals.take_back(actor=mine.clerk, draft=approval.draft)
    assert not selector.to_sign(mine.admin).exists()
    with pytest.raises(NotAsRead):
        sign(mine.admin, approval)


def test_another_organisation_finds_nothing(mine: Mine) -> None:
    approval = mine.asked()
    other = member(mine.market.separator.organisation, "otto")
    assert not selector.to_sign(other).exists()
    with pytest.raises(NotFound):
        sign(other, approval)
    with pytest.raises(NotFound):
        approvals.send_back(actor=other, draft_id=approval.draft_id, approval_id=approval.pk, reason="no")


def test_what_a_partner_signs_too_is_proposed_by_the_approver(mine: Mine) -> None:
    mine.market.send(mine.lot.urn)
    mine.lot.refresh_from_db()
    draft = beginnings.begin(actor=mine.clerk, beginning=Beginning("cancel", lot=mine.lot))
    drafts.save(actor=mine.clerk, draft=draft, typed={**HOLD, "signers": "together"}, section="details")
    with pytest.raises(ApprovalWanted):
        proposals.propose(actor=mine.clerk, draft=draft)
    found = sign(mine.approver, approvals.ask(actor=mine.clerk, draft=draft))
    assert found.proposed_by_id == mine.approver.user_id
    assert not Approval.objects.exists()
    partner = member(mine.market.separator.organisation, "otto")
    statement = proposals.agree(actor=partner, draft_id=draft.pk, proposal_id=found.pk)
    assert statement.kind == "lot.dispatch_cancel"


def test_a_submitter_does_not_agree_to_what_a_partner_proposes(mine: Mine) -> None:
    with pytest.raises(ApprovalWanted):
        proposals.agree(actor=mine.clerk, draft_id=uuid4(), proposal_id=uuid4())


@pytest.mark.parametrize("programs", [False, True])
def test_programs_sign_where_the_organisation_lets_them(mine: Mine, programs: bool) -> None:
    approvals.choose(actor=mine.admin, wanted=True, programs=programs)
    organisation = Organisation.objects.get(pk=mine.admin.organisation.pk)
    token = organisation.api_tokens.create(name="erp", scope="read submit", secret_sha256=b"1" * 32,
                                           expires_at="2030-01-01T00:00:00Z")  # fmt: skip
    program = tokens.actor_of(token)
    act = mine.market.act(program, "lot.hold", {"lot": mine.lot.urn, "reason": "wet"})
    if programs:
        acceptance.accept(actor=program, submissions=[act])
    else:
        with pytest.raises(ApprovalWanted, match="the API signs nothing"):
            acceptance.accept(actor=program, submissions=[act])
    assert mine.signed() == programs


def test_the_choice_is_an_administrators_and_is_kept_in_the_audit_log(mine: Mine) -> None:
    with pytest.raises(NotAllowed):
        approvals.choose(actor=mine.approver, wanted=False, programs=True)
    for _ in range(2):
        approvals.choose(actor=mine.admin, wanted=False, programs=True)
    [kept] = AuditEvent.objects.filter(kind=AuditEvent.Kind.ACCOUNT, user=mine.admin.user_id)
    assert kept.note == "Approval by a second person is not wanted; programs sign without it"
    draft = Draft.objects.get(pk=mine.draft(Actor(mine.clerk.user_id, Organisation.objects.get(
        pk=mine.clerk.organisation.pk), Role.SUBMITTER)).pk)  # fmt: skip
    assert drafts.sign(actor=Actor(mine.clerk.user_id, draft.organisation, Role.SUBMITTER), draft_id=draft.pk)


def test_of_several_at_once_one_signature_comes(ledger_db: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_queue, "_nudge", lambda: None)
    mine = Mine(open_market())
    approval = mine.asked()
    found = at_once(*(lambda who=who: sign(who, approval).pk for who in (mine.admin, mine.approver, mine.admin)))
    assert len(set(found)) == 1
    assert mine.signed() == 1
    connection.close()


def test_a_signature_and_an_edit_at_once_sign_what_was_read_or_nothing(
    ledger_db: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_queue, "_nudge", lambda: None)
    mine = Mine(open_market())
    approval = mine.asked()
    draft = approval.draft
    signed, edited = at_once(
        lambda: sign(mine.approver, approval).pk,
        lambda: drafts.save(actor=mine.clerk, draft=draft, typed={"reason": "another"}).pk,
    )
    if mine.signed():
        assert edited == "not_found"
    else:
        assert (signed, edited) == ("approval_changed", draft.pk)
        assert not Approval.objects.exists()
    connection.close()
