"""The people of an organisation: their roles, and their leaving. Somebody always stays who can let others in."""

from django.db import transaction
from django.db.models import QuerySet

from traceability.ledger.errors import RecordError
from traceability.models import ApiToken, Membership, Organisation
from traceability.selectors.access import Actor, NotFound
from traceability.services import audit, clock
from traceability.services.errors import NotAllowed, Refusal


class LastAdmin(Refusal):
    """The only administrator cannot give up the role or leave."""

    code = "last_admin"


class UnknownRole(RecordError):
    """A role that nobody can have."""

    code = "unknown_role"


@transaction.atomic
def change_role(*, actor: Actor, member_id: int, role: str) -> Membership:
    """The member in his new role."""
    require_admin(actor)
    member = _locked(actor, member_id)
    if role not in Membership.Role.values:
        raise UnknownRole(f"Use one of: {', '.join(Membership.Role.values)}.", path="/role")
    if role == member.role:
        return member
    if role != Membership.Role.ADMIN:
        _require_another_admin(member)
    said = f"{audit.called(member.user_id)} is {role} now, was {member.role}"
    if role == Membership.Role.VIEWER:
        # A token does no more than who made it.
        ended = tokens_of(member).filter(scope__contains=ApiToken.Scope.SUBMIT).update(revoked_at=clock.now())
        said += f"; {_ended(ended)}" if ended else ""
    member.role = role
    member.save(update_fields=["role"])
    audit.note(actor, audit.Kind.MEMBER, said)
    return member


@transaction.atomic
def remove(*, actor: Actor, member_id: int, end_tokens: bool = True) -> None:
    """Ends a membership at once: an administrator removes anybody, everybody else only himself.

    The tokens end too that the person made for programs: he may know their secrets. Only an administrator may let them
    live (`end_tokens`), where others run those programs.
    """
    member = _locked(actor, member_id)
    if member.user_id != actor.user_id:
        require_admin(actor)
    _require_another_admin(member)
    said = f"{audit.called(member.user_id)} {'left' if member.user_id == actor.user_id else 'was removed'}"
    ended = tokens_of(member).update(revoked_at=clock.now()) if end_tokens or not actor.is_admin else 0
    member.delete()
    audit.note(actor, audit.Kind.MEMBER, f"{said}; {_ended(ended)}" if ended else said)


def tokens_of(member: Membership) -> QuerySet[ApiToken]:
    """The live tokens of the organisation that this person made."""
    return ApiToken.objects.filter(
        organisation=member.organisation, created_by=member.user_id, revoked_at=None, expires_at__gt=clock.now()
    )


def require_admin(actor: Actor) -> None:
    if not actor.is_admin:
        raise NotAllowed("Only an administrator of the organisation can do this.")


def lock(organisation: Organisation) -> None:
    """Lets one change of an organisation's people happen after the other."""
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)


def _locked(actor: Actor, member_id: int) -> Membership:
    lock(actor.organisation)
    found = Membership.objects.filter(pk=member_id, organisation=actor.organisation).first()
    if found is None:
        raise NotFound("There is no such member in your organisation.")
    return found


def _ended(tokens: int) -> str:
    return f"{tokens} token{'' if tokens == 1 else 's'} ended"


def _require_another_admin(member: Membership) -> None:
    admins = Membership.objects.filter(organisation=member.organisation_id, role=Membership.Role.ADMIN)
    if member.role == Membership.Role.ADMIN and not admins.exclude(pk=member.pk).exists():
        raise LastAdmin("An organisation needs an administrator. Make somebody else one first, or close the account.")
