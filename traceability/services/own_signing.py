"""Drafts that are signed elsewhere, with a key that the organisation holds itself: handed out, and taken back signed.

Nothing is kept between the two: what comes back is compared with the draft as it is then, and passes the door.
"""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from django.db import transaction

from traceability.ledger import closed
from traceability.models import Draft, Statement
from traceability.selectors import drafts as reading
from traceability.selectors.access import Actor
from traceability.services import acceptance, drafts, own_keys
from traceability.services.errors import Refusal
from traceability.services.reading import Read, read_all
from traceability.services.rows_world import urn_of
from traceability.services.submissions import Act, SignedSubmission
from traceability.signer.files import Signed, ToSign


class NotTheDraft(Refusal):
    """Something else was signed than what the draft says."""

    code = "not_the_draft"


def offer(*, actor: Actor, draft_id: UUID, key: str) -> list[ToSign]:
    """What the holder of a key signs of a draft: one statement, or two where a part is dispatched."""
    row = reading.draft(actor, draft_id)
    drafts.require_role(actor)
    own_keys.require(actor, key)
    acts = drafts.acts_of(row, drafts.require_signable(actor, row))
    found = acceptance.rehearse(actor=actor, acts=[replace(one, key=key) for one in acts])
    return [ToSign(one.statement.payload, (), one.disclosures) for one in found]


def take(*, actor: Actor, draft_id: UUID, signed: Sequence[Signed]) -> Statement:
    """The statement that a draft became, as it was signed elsewhere; brought a second time it gives the same one."""
    with transaction.atomic():
        row = Draft.objects.select_for_update().filter(pk=draft_id, organisation=actor.organisation).first()
        if row is None:
            return drafts.signed_before(actor, draft_id)
        understood = drafts.require_signable(actor, row)
        submissions = [SignedSubmission(one.envelope, one.disclosures) for one in signed]
        read = [one for one in read_all(submissions) if one is not None]
        made = "" if understood.part is None or not read else _made(read[0])
        acts = drafts.acts_of(row, understood, made)
        if len(acts) != len(read) or not all(_says(one, act) for one, act in zip(read, acts, strict=True)):
            raise NotTheDraft("This is not what the draft says now. Take what is to be signed once more.")
        return drafts.sign_locked(actor, row, understood, submissions)


def require_begun(actor: Actor, draft_id: UUID) -> None:
    """NotFound unless this is a draft of the actor's organisation, or was one before it was signed."""
    if not Draft.objects.filter(pk=draft_id, organisation=actor.organisation).exists():
        drafts.signed_before(actor, draft_id)


def _made(split: Read) -> str:
    """The part that a split makes; its urn is chosen when it is handed out."""
    outputs = split.statement.body.get("outputs")
    lots = [row.get("lot") for row in outputs if isinstance(row, dict)] if isinstance(outputs, list) else []
    return str(lots[0]) if lots else ""


def _says(read: Read, act: Act) -> bool:
    """Whether a statement says what an act does. A correction is dated when it is handed out."""
    said = read.statement
    opened = closed.open_places(said.content, read.disclosures)[0]
    return (
        said.kind == act.kind
        and said.issuer == urn_of(act.issuer)
        and (act.id is None or said.id == urn_of(act.id))
        and opened["body"] == act.body
        and opened.get("evidence", []) == list(act.evidence)
        and said.process == act.process
        and said.content["utc_offset"] == act.utc_offset
        and (act.kind == "statement.correct" or (said.occurred_from, said.occurred_to) == act.occurred)
    )
