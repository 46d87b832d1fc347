"""Acts that wait for a second signature, for the two parties alone; and what an organisation signed second."""

from uuid import UUID

from django.db.models import Q, QuerySet

from traceability.ledger import envelope
from traceability.ledger.kinds import KINDS
from traceability.ledger.statement import parse_header
from traceability.models import Membership, Proposal, SubjectHead
from traceability.models import Statement as StatementRow
from traceability.selectors.access import Actor, NotFound

TWO_SIGN = tuple(name for name, kind in KINDS.items() if kind.cosigned and name.startswith("lot."))
"""Kinds that the other party of a dispatch may sign second (ADR 18)."""


def to_answer(actor: Actor) -> QuerySet[Proposal]:
    """What waits for the signature of the actor's organisation, the newest first."""
    return _with_draft().filter(to=actor.organisation, declined_at=None)


def of_draft(actor: Actor, draft_id: UUID) -> Proposal:
    """The proposal of a draft that was not signed yet, for either of its two parties, or NotFound."""
    found = _with_draft().filter(draft_id=draft_id).filter(_party(actor)).first()
    if found is None:
        raise NotFound("There is no such proposal, or it is not yours to see.")
    return found


def _with_draft() -> QuerySet[Proposal]:
    return Proposal.objects.select_related("draft__organisation", "to")


def _party(actor: Actor) -> Q:
    return Q(to=actor.organisation) | Q(draft__organisation=actor.organisation)


def is_stale(proposal: Proposal) -> bool:
    """Whether the lot's chain grew after the proposal, so that it must be made anew."""
    head = SubjectHead.objects.filter(pk=proposal.lot).values_list("custody_hash", flat=True).first()
    return head is None or bytes(head) != bytes(proposal.custody_hash)


def member_of(user_id: int, organisation: UUID) -> Actor | None:
    """A person as he acts for this organisation now; None where he does not."""
    found = Membership.objects.filter(user_id=user_id, organisation=organisation).select_related("organisation").first()
    return Actor(found.user_id, found.organisation, found.role) if found else None


def signed_second(actor: Actor, statement_id: UUID) -> StatementRow:
    """A statement that the actor's organisation signed beside its issuer, or NotFound."""
    rows = StatementRow.objects.filter(urn=statement_id, kind__in=TWO_SIGN)
    found = next((row for row in rows if actor.organisation.urn in cosigners(row)), None)
    if found is None:
        raise NotFound("There is no such statement, or it is not yours to see.")
    return found


def cosigners(row: StatementRow) -> tuple[str, ...]:
    """The urns of the organisations that signed a statement beside its issuer."""
    signed = parse_header(envelope.parse_envelope(bytes(row.envelope)).payload)
    return tuple(one.organisation for one in signed.cosigners)
