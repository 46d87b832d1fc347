"""Tokens of the API: made by a member for his programs, shown once, recognised by the hash of their secret."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from traceability.ledger.errors import RecordError
from traceability.models import ApiToken, AuditEvent, Membership
from traceability.models.prepared import PreparedRows
from traceability.selectors.access import Actor, NotFound
from traceability.services import audit
from traceability.services.errors import NotAllowed, Refusal

Scope = ApiToken.Scope
PREFIX: Final = "lodestone_"
"""Secret scanners find leaked tokens by it."""

LONGEST: Final = timedelta(days=366)
USUAL: Final = timedelta(days=90)
USE_NOTED_EVERY: Final = timedelta(minutes=5)


class BadTokenLife(RecordError):
    """An end that lies in the past or too far ahead."""

    code = "bad_token_life"


class TokenMadeAlready(Refusal):
    """The same form or request came a second time; the secret was shown the first time."""

    code = "token_made_already"


class TokenUnknown(RecordError):
    """A token that was never made here, or not copied whole."""

    code = "token_unknown"


class TokenExpired(RecordError):
    """A token whose time is over."""

    code = "token_expired"


class TokenRevoked(RecordError):
    """A token that was ended before its time."""

    code = "token_revoked"


@transaction.atomic
def create(
    *, actor: Actor, name: str, scopes: Collection[Scope], expires_at: datetime, token_id: UUID | None = None
) -> tuple[ApiToken, str]:
    """A new token that acts for the actor's organisation, and its secret, which is kept nowhere.

    Who gives it an id makes one token, however often he asks.
    """
    if not scopes_for(actor).issuperset(scopes):
        raise NotAllowed("A token can do no more than you. Your role lets you read, not record and sign.")
    now = timezone.now()
    if not now < expires_at <= now + LONGEST:
        raise BadTokenLife(f"Let the token end within {LONGEST.days} days from now.", path="/expires_at")
    secret = PREFIX + secrets.token_urlsafe(32)
    given = [one for one in Scope if one in scopes or one == Scope.READ]
    token, made = ApiToken.objects.get_or_create(
        pk=token_id or uuid4(),
        defaults={
            "organisation": actor.organisation,
            "name": name,
            "scope": " ".join(given),
            "secret_sha256": _hash(secret),
            "created_by_id": actor.user_id or None,
            "expires_at": expires_at,
        },
    )
    if not made:
        raise TokenMadeAlready(
            "This token was made already, and its secret was shown then. If you missed it, revoke it and make another."
        )
    audit.note(actor, AuditEvent.Kind.TOKEN_MADE, f"{name} ({', '.join(given)}), until {expires_at:%Y-%m-%d}")
    return token, secret


def scopes_for(actor: Actor) -> frozenset[Scope]:
    """What the actor may give to a token: no more than he has."""
    return frozenset(Scope) - ({Scope.SUBMIT} if actor.role == Membership.Role.VIEWER else set())


def visible_to(actor: Actor) -> QuerySet[ApiToken]:
    """The tokens that the actor made for his organisation; for an administrator all of its tokens."""
    found = ApiToken.objects.filter(organisation=actor.organisation).select_related("created_by")
    return found if actor.is_admin else found.filter(created_by=actor.user_id)


def one(*, actor: Actor, token_id: UUID) -> ApiToken:
    """A token that the actor may see, or NotFound."""
    found = visible_to(actor).filter(pk=token_id).first()
    if found is None:
        raise NotFound("There is no such token, or it is not yours to see.")
    return found


@transaction.atomic
def revoke(*, actor: Actor, token_id: UUID) -> ApiToken:
    """Ends a token that the actor may see, at once."""
    found = one(actor=actor, token_id=token_id)
    if not ApiToken.objects.filter(pk=found.pk, revoked_at=None).update(revoked_at=timezone.now()):
        raise NotFound("This token was revoked already.")
    audit.note(actor, AuditEvent.Kind.TOKEN_REVOKED, found.name)
    return found


def end_with(user_id: int) -> None:
    """Ends every token of a person who may not come in any more."""
    if ApiToken.objects.filter(created_by=user_id, revoked_at=None).update(revoked_at=timezone.now()):
        audit.note_person(user_id, AuditEvent.Kind.TOKEN_REVOKED, said="the account was deactivated")


_OF_ORGANISATIONS = ("country", "roles", "created_at", "standing_reason", "invited_by", "first_days_over_at")
_TOKENS = PreparedRows(
    ApiToken,
    "secret_sha256",
    related="organisation",
    later=("name", "secret_sha256", "created_at", *(f"organisation__{name}" for name in _OF_ORGANISATIONS)),
)


def find_live(secret: str) -> ApiToken:
    """The token with this secret, which opens the door now; its use is noted every few minutes."""
    now = timezone.now()
    token = next(iter(_TOKENS.rows([_hash(secret)])), None)
    if token is None:
        raise TokenUnknown("This token is not known here. Look whether it was copied whole.")
    if token.revoked_at is not None:
        raise TokenRevoked(f"This token was revoked on {token.revoked_at:%Y-%m-%d}. Use another one.")
    if not token.is_live(now):
        raise TokenExpired(f"This token ended on {token.expires_at:%Y-%m-%d}. Make a new one.")
    if token.last_used_at is None or now - token.last_used_at >= USE_NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token


def actor_of(token: ApiToken) -> Actor:
    """Who asks with this token: its organisation, with the right to submit or only to read."""
    may_submit = Scope.SUBMIT in token.scopes
    return Actor(
        user_id=token.created_by_id or 0,
        organisation=token.organisation,
        role=Membership.Role.SUBMITTER if may_submit else Membership.Role.VIEWER,
        program=True,
    )


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
