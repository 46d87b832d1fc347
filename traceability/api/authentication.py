"""Who asks: a program with a token in the Authorization header, or a person with the session of the pages."""

from typing import Any, Final

from rest_framework import authentication
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from traceability.ledger.errors import RecordError
from traceability.models import ApiToken
from traceability.selectors.access import Actor, actor_for
from traceability.services import tokens
from traceability.services.errors import NotAllowed

Scope = ApiToken.Scope
SCHEME: Final = "Bearer"
ORGANISATION_IN_SESSION: Final = "organisation"


class NoOrganisation(RecordError):
    """A person who works for no organisation of this record."""

    code = "no_organisation"


class InsufficientScope(RecordError):
    """A token whose scopes do not reach so far."""

    code = "insufficient_scope"


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
        return Program(token), token

    def authenticate_header(self, request: Request) -> str:
        return f'{SCHEME} realm="lodestone"'


class TokenReaches(BasePermission):
    """A token reads, and writes where its scopes say so; a person is asked for his role by the services alone."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not isinstance(request.auth, ApiToken):
            return True
        if view.for_people:
            raise NotAllowed("A program cannot do this. A person who is signed in can.")
        needed = view.scopes.get(request.method, Scope.READ if request.method in SAFE_METHODS else Scope.SUBMIT)
        if needed not in request.auth.scopes:
            raise InsufficientScope(f"This token has not the scope {needed.value}. Use one that has it.")
        return True


def may_read_members(request: Request) -> bool:
    """Whether e-mail addresses of colleagues are shown: to a person, and to a program whose token is for them."""
    return not isinstance(request.auth, ApiToken) or Scope.MEMBERS in request.auth.scopes


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
