"""Who asks: a program with a token in the Authorization header, or a person with the session of the pages."""

from typing import Final

from rest_framework import authentication, exceptions
from rest_framework.request import Request

from traceability.ledger.errors import RecordError
from traceability.models import ApiToken
from traceability.selectors.access import Actor, actor_for
from traceability.services import tokens

SCHEME: Final = "Bearer"
ORGANISATION_IN_SESSION: Final = "organisation"


class NoOrganisation(RecordError):
    """A person who works for no organisation of this record."""

    code = "no_organisation"


class Program:
    """Stands where the framework expects a user; what it may do is told by its token."""

    is_authenticated = True
    is_active = True

    def __init__(self, token: ApiToken) -> None:
        self.token = token
        self.pk = token.pk


class TokenAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer lodestone_...`"""

    def authenticate(self, request: Request) -> tuple[Program, ApiToken] | None:
        scheme, _, secret = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != SCHEME.lower():
            return None
        token = tokens.find_live(secret.strip())
        if token is None:
            raise exceptions.AuthenticationFailed("This token is unknown, expired or revoked.")
        return Program(token), token

    def authenticate_header(self, request: Request) -> str:
        return f'{SCHEME} realm="lodestone"'


def actor_of(request: Request) -> Actor | None:
    """The actor of a request; None for anybody."""
    if isinstance(request.auth, ApiToken):
        return tokens.actor_of(request.auth)
    if not request.user.is_authenticated:
        return None
    actor = actor_for(request.user, request.session.get(ORGANISATION_IN_SESSION))
    if actor is None:
        raise NoOrganisation("You work for no organisation here. Ask an administrator of yours to add you.")
    return actor
