"""Acts that both parties of a dispatch sign: one proposes his draft, the other agrees to it or declines.

Nothing is signed before both have said yes; then one statement is signed with the keys of both. What was proposed stays
as it was read until it is answered or taken back. Where the lot's chain has grown meanwhile it must be proposed anew.
"""

from typing import Any
from uuid import UUID

from django.db import transaction

from traceability.intake.numbers import shown
from traceability.models import Draft, Notice, Proposal, Statement, SubjectHead
from traceability.selectors import proposals as proposals_selector
from traceability.selectors.access import Actor, NotFound
from traceability.services import acceptance, clock, notices
from traceability.services.beginnings import lower_kg
from traceability.services.draft_reading import (
    ALONE,
    SIGNERS,
    Understood,
    lots_of_party,
    read,
    style_of,
    typed_fields,
)
from traceability.services.drafts import act_of, locked, require_complete, require_no_approval, require_role, save
from traceability.services.errors import Refusal
from traceability.services.notice_rules import News
from traceability.services.reading import require_signer
from traceability.services.rows_world import uuid_of

LONGEST_REASON = 1000


class NotForTwo(Refusal):
    """An act that nobody else is asked to sign."""

    code = "not_for_two"


class Stale(Refusal):
    """The lot's chain grew after the proposal."""

    code = "proposal_stale"


class Changed(Refusal):
    """It was taken back and proposed anew since it was read, or answered already."""

    code = "proposal_changed"


class ProposerGone(Refusal):
    """Who proposed may not sign for his organisation any more."""

    code = "proposer_gone"


class NoReason(Refusal):
    """Declined without a word."""

    code = "no_reason"


def propose(*, actor: Actor, draft: Draft) -> Proposal:
    """The draft put before the other party; refused where the door would refuse what both would sign."""
    with transaction.atomic():
        row = locked(actor, draft)
        require_no_approval(actor)
        return propose_locked(actor, row, require_complete(row))


def propose_locked(actor: Actor, row: Draft, understood: Understood) -> Proposal:
    """A draft under lock put before the other party by who may sign for the organisation."""
    if understood.second is None:
        raise NotForTwo("You sign this alone. There is nobody to propose it to.", path=f"/{SIGNERS}")
    acceptance.rehearse(actor=actor, acts=[act_of(row, understood)])
    lot = uuid_of(str((understood.body or {})["lot"]))
    made = Proposal.objects.create(
        draft=row,
        to_id=understood.second,
        lot=lot,
        custody_hash=SubjectHead.objects.get(pk=lot).custody_hash,
        proposed_by_id=actor.user_id or None,
        proposed_at=clock.now(),
    )
    asked = News(understood.second, Notice.Kind.WORD_WANTED, Notice.About.LOT, lot)
    notices.tell(asked, cause=f"proposal:{made.pk.hex}")
    return made


def take_back(*, actor: Actor, draft: Draft, alone: bool = False) -> Draft:
    """The draft, its own again; with `alone` ready to be signed alone, a settlement at the lower of both masses."""
    with transaction.atomic():
        require_role(actor)
        row = Draft.objects.select_for_update().filter(pk=draft.pk, organisation=actor.organisation).first()
        if row is None:
            raise NotFound("There is no such draft, or it is not yours to see.")
        Proposal.objects.filter(draft=row).delete()
        return save(actor=actor, draft=row, typed=_alone(row)) if alone else row


def _alone(draft: Draft) -> dict[str, Any]:
    """What a draft says where its issuer signs alone."""
    if draft.kind != "settle":
        return {SIGNERS: ALONE}
    lot = str(typed_fields(draft)["lot"])
    record = lots_of_party([lot], draft.organisation).get(lot)
    shipment = None if record is None or record.stock is None else record.stock.shipment
    lower = {} if shipment is None else {"mass_kg": shown(lower_kg(shipment), style_of(draft)), "mass_kg_unit": "kg"}
    return {SIGNERS: ALONE, **lower}


def agree(*, actor: Actor, draft_id: UUID, proposal_id: UUID) -> Statement:
    """The statement that both signed; agreeing a second time gives the same one. A refusal leaves all as it was."""
    require_role(actor)
    require_signer(actor)
    with transaction.atomic():
        draft = Draft.objects.select_for_update().filter(pk=draft_id).first()
        if draft is None:
            return proposals_selector.signed_second(actor, draft_id)
        proposal = _as_read(actor, draft, proposal_id)
        _require_fresh(proposal)
        acceptance.accept(actor=proposer(proposal), submissions=[act_of(draft, read(draft))])
        signed = Statement.objects.get(issuer=draft.organisation_id, urn=draft_id)
        proposal.draft, proposal.statement = None, signed
        proposal.save(update_fields=["draft", "statement"])
        draft.delete()
        return signed


def decline(*, actor: Actor, draft_id: UUID, proposal_id: UUID, reason: str) -> Proposal:
    """The proposal with the reason why it was declined; the proposer may change it and propose it again."""
    require_role(actor)
    words = " ".join(reason.split())
    if not words:
        raise NoReason("Say why you decline, so that your partner knows what to change.", path="/reason")
    if len(words) > LONGEST_REASON:
        raise NoReason(f"Use at most {LONGEST_REASON} characters for the reason.", path="/reason")
    with transaction.atomic():
        draft = Draft.objects.select_for_update().filter(pk=draft_id).first()
        if draft is None:
            raise Changed("It is signed already, or it was thrown away. There is nothing left to decline.")
        proposal = _as_read(actor, draft, proposal_id)
        proposal.declined_at, proposal.reason = clock.now(), words
        proposal.save(update_fields=["declined_at", "reason"])
        return proposal


def _as_read(actor: Actor, draft: Draft, proposal_id: UUID) -> Proposal:
    """The proposal as the other party read it, still waiting for his answer."""
    found = Proposal.objects.filter(draft=draft, to=actor.organisation).select_related("draft").first()
    if found is None:
        raise NotFound("There is no such proposal, or it is not yours to answer.")
    if found.pk != proposal_id:
        raise Changed("It was changed and proposed again since you opened this page. Read it as it is now.")
    if found.declined_at is not None:
        raise Changed("It is answered already: it was declined.")
    return found


def _require_fresh(proposal: Proposal) -> None:
    """Refuses under lock what was proposed on another head of the lot's chain."""
    head = SubjectHead.objects.select_for_update().get(pk=proposal.lot)
    if bytes(head.custody_hash) != bytes(proposal.custody_hash):
        raise Stale(STALE)


STALE = "Something else was recorded on this lot after the proposal, so it cannot be signed as it stands."


def proposer(proposal: Proposal) -> Actor:
    """Who proposed, as far as he may still sign for his organisation."""
    organisation = proposal.draft.organisation_id if proposal.draft else None
    found = proposals_selector.member_of(proposal.proposed_by_id or 0, organisation) if organisation else None
    if found is None or found.why_not_sign:
        raise ProposerGone("Who proposed this may not sign for his organisation any more. A colleague must propose it.")
    return found
