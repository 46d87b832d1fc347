"""Invitations: a letter with a link that opens once and not for long. Of its secret only the hash is kept."""

import hashlib
import secrets
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from traceability.ledger.errors import RecordError
from traceability.models import Invitation, Membership, Organisation
from traceability.selectors.access import Actor, NotFound
from traceability.selectors.members import open_invitations
from traceability.services import audit, letters, members
from traceability.services.errors import Refusal

LIFE: Final = timedelta(days=7)
MOST_A_DAY: Final = 50
"""Letters that one organisation may have sent in a day: enough for a company, useless for a sender of spam."""


class BadEmail(RecordError):
    """A text that is no address."""

    code = "bad_email"


class AlreadyInvited(Refusal):
    """The same address is invited for the same already, or is a member."""

    code = "already_invited"


class TooManyInvitations(Refusal):
    """As many letters as an organisation may send in a day."""

    code = "too_many_invitations"


class InvitationOver(Refusal):
    """A link that was followed, withdrawn or left too long."""

    code = "invitation_over"


@transaction.atomic
def invite(*, actor: Actor, email: str, role: str) -> Invitation:
    """Invites a colleague to work for the actor's organisation in a role."""
    members.require_admin(actor)
    if role not in Membership.Role.values:
        raise members.UnknownRole(f"Use one of: {', '.join(Membership.Role.values)}.", path="/role")
    address = _address(email)
    if actor.organisation.memberships.filter(user__email__iexact=address).exists():
        raise AlreadyInvited("This person works for your organisation already.", path="/email")
    return _invite(actor, address, role)


@transaction.atomic
def invite_partner(*, actor: Actor, email: str) -> Invitation:
    """Invites a partner that is not here yet to sign up; both will know each other's names."""
    members.require_admin(actor)
    if actor.organisation.standing != Organisation.Standing.ACTIVE:
        raise Refusal("You can invite partners once the operator has vouched for your organisation.")
    return _invite(actor, _address(email), "")


@transaction.atomic
def resend(*, actor: Actor, invitation_id: UUID) -> Invitation:
    """Sends an open invitation again with a new link; the old one opens nothing any more."""
    found = _open(actor, invitation_id)
    _require_room(actor.organisation)
    _send(found)
    audit.note(actor, audit.Kind.MEMBER, f"Invitation sent again to {found.email}")
    return found


@transaction.atomic
def withdraw(*, actor: Actor, invitation_id: UUID) -> None:
    """Ends an open invitation."""
    found = _open(actor, invitation_id)
    found.withdrawn_at = timezone.now()
    found.save(update_fields=["withdrawn_at"])
    audit.note(actor, audit.Kind.MEMBER, f"Invitation of {found.email} withdrawn")


def find(secret: str) -> Invitation | None:
    """The invitation whose link holds this secret, if it opens now."""
    found = Invitation.objects.select_related("organisation", "invited_by").filter(secret_sha256=_hash(secret)).first()
    return found if found and found.is_live(timezone.now()) and _lets_in(found.organisation) else None


@transaction.atomic
def accept(*, secret: str, user_id: int) -> Membership:
    """The person works for the organisation that invited him; the link is used up."""
    invitation = _take(secret)
    if not invitation.role:
        raise InvitationOver("This link brings an organisation here, not a person.")
    member, made = Membership.objects.get_or_create(
        user_id=user_id, organisation=invitation.organisation, defaults={"role": invitation.role}
    )
    became = f"works here as {member.role}" if made else "works here already"
    said = f"{audit.called(user_id)} {became}, invited as {invitation.email}"
    audit.note_for(invitation.organisation, audit.Kind.MEMBER, said, user_id=user_id)
    return member


@transaction.atomic
def use_for_partner(*, secret: str, newcomer: Organisation, user_id: int) -> None:
    """The newcomer remembers who invited it; the link is used up."""
    invitation = _take(secret)
    newcomer.invited_by = invitation.organisation
    newcomer.save(update_fields=["invited_by"])
    said = f"The invited partner {invitation.email} signed up as {newcomer.name}"
    audit.note_for(invitation.organisation, audit.Kind.MEMBER, said, user_id=user_id, by=newcomer)


def _invite(actor: Actor, email: str, role: str) -> Invitation:
    members.lock(actor.organisation)
    _require_room(actor.organisation)
    if open_invitations(actor).filter(email=email, role=role).exists():
        raise AlreadyInvited("This address is invited already. Send the invitation again instead.", path="/email")
    invitation = Invitation(
        organisation=actor.organisation, email=email, role=role, invited_by_id=actor.user_id or None
    )
    _send(invitation)
    audit.note(actor, audit.Kind.MEMBER, f"{email} invited as {role or 'partner'}")
    return invitation


def _send(invitation: Invitation) -> str:
    """Stores the invitation under a new secret and writes its letter; the link, which is kept nowhere."""
    secret = secrets.token_urlsafe(32)
    now = timezone.now()
    invitation.secret_sha256 = _hash(secret)
    invitation.sent_at, invitation.expires_at = now, now + LIFE
    invitation.save()
    link = letters.address(f"{reverse('join')}?{urlencode({'key': secret})}")
    name = "invitation" if invitation.role else "partner_invitation"
    letters.send_after_commit(name, invitation.email, invitation=invitation, link=link)
    return link


def _take(secret: str) -> Invitation:
    """The invitation under lock, marked as used: of two who follow a link at once, one comes in."""
    found = Invitation.objects.select_for_update(of=("self",)).select_related("organisation")
    invitation = found.filter(secret_sha256=_hash(secret)).first()
    now = timezone.now()
    if invitation is None or not invitation.is_live(now) or not _lets_in(invitation.organisation):
        raise InvitationOver("This invitation was used, withdrawn, or is too old. Ask for a new one.")
    invitation.accepted_at = now
    invitation.save(update_fields=["accepted_at"])
    return invitation


def _open(actor: Actor, invitation_id: UUID) -> Invitation:
    members.require_admin(actor)
    members.lock(actor.organisation)
    invitation = open_invitations(actor).filter(pk=invitation_id).first()
    if invitation is None:
        raise NotFound("There is no such open invitation.")
    return invitation


def _lets_in(organisation: Organisation) -> bool:
    return organisation.standing != Organisation.Standing.CLOSED


def _require_room(organisation: Organisation) -> None:
    sent = Invitation.objects.filter(organisation=organisation, sent_at__gt=timezone.now() - timedelta(days=1))
    if sent.count() >= MOST_A_DAY:
        raise TooManyInvitations(f"Your organisation sent {MOST_A_DAY} invitations today. Go on tomorrow.")


def _address(email: str) -> str:
    found = email.strip().lower()
    try:
        validate_email(found)
    except ValidationError:
        raise BadEmail("Write an e-mail address, such as name@company.example.", path="/email") from None
    return found


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
