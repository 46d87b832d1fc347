"""Drafts that wait for the signature of a colleague, for those of the organisation who may give it."""

from uuid import UUID

from django.db.models import Q, QuerySet

from traceability.models import Approval, Draft, FiguresApproval, GivenApproval, Membership, Organisation
from traceability.selectors.access import APPROVERS, Actor


def to_sign(actor: Actor) -> QuerySet[Approval]:
    """What colleagues filled in and the actor may sign, the newest first: nothing that he typed some of himself."""
    rows = Approval.objects.select_related("draft__organisation", "draft__proposal", "asked_by")
    if not actor.may_approve:
        return rows.none()
    return rows.filter(draft__organisation=actor.organisation, sent_back_at=None).exclude(draft__writers=actor.user_id)


def of_draft(draft: Draft) -> Approval | None:
    """How the approval of a draft stands; None where nobody asked for it."""
    people = Approval.objects.select_related("asked_by", "sent_back_by")
    return people.filter(draft=draft).first()


def may_sign(actor: Actor, draft: Draft) -> bool:
    """Whether the actor may sign this draft in the place of who filled it in."""
    return actor.may_approve and not draft.writers.filter(pk=actor.user_id).exists()


def approvers(draft: Draft) -> frozenset[int]:
    """The people of the organisation who may sign this draft: none of them typed any of it."""
    return _signers(draft.organisation, ~Q(user__in=draft.writers.values("pk")))


def given(actor: Actor, approval_id: UUID) -> UUID | None:
    """What an approval that the actor himself gave became: the id of the draft, and of its statement."""
    rows = GivenApproval.objects.filter(pk=approval_id, organisation=actor.organisation, by=actor.user_id)
    return rows.values_list("signed", flat=True).first()


def figures_to_sign(actor: Actor) -> QuerySet[FiguresApproval]:
    """Results and declarations that colleagues prepared and the actor may sign, the newest first.

    A submission always takes two people, whatever the organisation wants of other acts.
    """
    rows = FiguresApproval.objects.select_related("lot", "asked_by")
    if not actor.may_approve:
        return rows.none()
    if not actor.organisation.approval_wanted:
        rows = rows.filter(what=FiguresApproval.What.SUBMIT)
    return rows.filter(organisation=actor.organisation, sent_back_at=None).exclude(asked_by=actor.user_id)


def of_figures(actor: Actor, lot: UUID, what: FiguresApproval.What) -> FiguresApproval | None:
    """How the approval of a result or declaration of the actor's organisation stands; None where nobody asked."""
    return _figures().filter(organisation=actor.organisation, lot=lot, what=what, declaration=None).first()


def of_end(actor: Actor, declaration: UUID) -> FiguresApproval | None:
    """How the approval of the submission or end of a declaration of one's own stands; None where nobody asked."""
    return _figures().filter(organisation=actor.organisation, declaration=declaration).first()


def figures_approvers(actor: Actor) -> frozenset[int]:
    """The people of the actor's organisation who may sign what he prepared."""
    return _signers(actor.organisation, ~Q(user=actor.user_id))


def _figures() -> QuerySet[FiguresApproval]:
    return FiguresApproval.objects.select_related("asked_by", "sent_back_by", "lot")


def _signers(organisation: Organisation, others: Q) -> frozenset[int]:
    found = Membership.objects.filter(others, organisation=organisation, role__in=APPROVERS, user__is_active=True)
    return frozenset(found.values_list("user_id", flat=True))
