"""Tokens of the API: made and revoked by an administrator, shown once, recognised by the hash of their secret."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from traceability.ledger.errors import RecordError
from traceability.models import ApiToken, AuditEvent, Membership
from traceability.models.prepared import PreparedRows
from traceability.selectors.access import Actor, NotFound
from traceability.services import audit
from traceability.services.errors import NotAllowed

PREFIX: Final = "lodestone_"
"""Secret scanners find leaked tokens by it."""

LONGEST: Final = timedelta(days=366)
USE_NOTED_EVERY: Final = timedelta(minutes=5)


class BadTokenLife(RecordError):
    """An end that lies in the past or too far ahead."""

    code = "bad_token_life"


@transaction.atomic
def create(*, actor: Actor, name: str, scope: ApiToken.Scope, expires_at: datetime) -> tuple[ApiToken, str]:
    """A new token of the actor's organisation, and its secret, which is kept nowhere."""
    _require_admin(actor)
    now = timezone.now()
    if not now < expires_at <= now + LONGEST:
        raise BadTokenLife(f"Let the token end within {LONGEST.days} days from now.", path="/expires_at")
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        organisation=actor.organisation,
        name=name,
        scope=scope,
        secret_sha256=_hash(secret),
        created_by_id=actor.user_id or None,
        expires_at=expires_at,
    )
    audit.note(actor, AuditEvent.Kind.TOKEN_MADE, f"{name} ({scope})")
    return token, secret


def of_organisation(*, actor: Actor) -> QuerySet[ApiToken]:
    """The tokens of the actor's organisation, for its administrators."""
    _require_admin(actor)
    return actor.organisation.api_tokens.all()


@transaction.atomic
def revoke(*, actor: Actor, token_id: UUID) -> None:
    """Ends a token of the actor's organisation at once."""
    _require_admin(actor)
    if not actor.organisation.api_tokens.filter(pk=token_id, revoked_at=None).update(revoked_at=timezone.now()):
        raise NotFound("There is no such token, or it was revoked already.")
    audit.note(actor, AuditEvent.Kind.TOKEN_REVOKED, actor.organisation.api_tokens.get(pk=token_id).name)


_TOKENS = PreparedRows(ApiToken, "secret_sha256", related="organisation")


def find_live(secret: str) -> ApiToken | None:
    """The token with this secret, if it opens the door now; its use is noted every few minutes."""
    now = timezone.now()
    token = next(iter(_TOKENS.rows([_hash(secret)])), None)
    if token is None or not token.is_live(now):
        return None
    if token.last_used_at is None or now - token.last_used_at >= USE_NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token


def actor_of(token: ApiToken) -> Actor:
    """Who asks with this token: its organisation, with the right to submit or only to read."""
    may_submit = token.scope == ApiToken.Scope.SUBMIT
    return Actor(
        user_id=token.created_by_id or 0,
        organisation=token.organisation,
        role=Membership.Role.SUBMITTER if may_submit else Membership.Role.VIEWER,
    )


def _require_admin(actor: Actor) -> None:
    if actor.role != Membership.Role.ADMIN:
        raise NotAllowed("Only an administrator of the organisation sees, makes and revokes tokens.")


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
