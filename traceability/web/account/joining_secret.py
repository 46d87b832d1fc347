"""The secret of an invitation between following its link and using it: in the session, out of the address bar."""

from typing import Final

from django.http import HttpRequest

from traceability.models import Invitation
from traceability.services import invitations

_KEY: Final = "invitation"


def remember(request: HttpRequest, secret: str) -> None:
    """Keeps the secret for the pages that follow."""
    request.session[_KEY] = secret


def remembered(request: HttpRequest) -> str:
    """The secret that was kept; empty without one."""
    return str(request.session.get(_KEY, ""))


def forget(request: HttpRequest) -> None:
    """Throws the secret away."""
    request.session.pop(_KEY, None)


def invitation(request: HttpRequest) -> Invitation | None:
    """The invitation whose link was followed, if it opens now."""
    secret = remembered(request)
    return invitations.find(secret) if secret else None
