"""Signs in, fails to, changes a password or a second factor: what a person does is kept for whom he works for.

With the sign-in comes how he writes numbers and in which language he reads; with the end of an account the end of
its tokens.
"""

from typing import Any

from allauth.account import signals as account
from allauth.account.adapter import get_adapter
from allauth.mfa import signals as mfa
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.core.exceptions import PermissionDenied
from django.db.models.signals import post_save
from django.http import HttpRequest

from traceability.intake.numbers import NumberStyle
from traceability.models import AuditEvent
from traceability.selectors import habits
from traceability.services import audit, tokens
from traceability.web.acting import remember_mass_unit, remember_style
from traceability.web.language import remember_person

Kind = AuditEvent.Kind


def connect() -> None:
    """Listens to Django and allauth, once."""
    user_logged_in.connect(_signed_in, dispatch_uid="audit")
    user_login_failed.connect(_failed, dispatch_uid="audit")
    post_save.connect(_saved, sender=get_user_model(), dispatch_uid="tokens")
    for signal in (account.password_changed, account.password_reset, account.password_set):
        signal.connect(_password, dispatch_uid="audit")
    for signal, said in (
        (mfa.authenticator_added, "added"),
        (mfa.authenticator_removed, "removed"),
        (mfa.authenticator_reset, "reset"),
    ):
        signal.connect(_SecondFactor(said), weak=False, dispatch_uid="audit")


def _signed_in(sender: Any, request: HttpRequest, user: Any, **more: Any) -> None:
    habit = habits.habit(user.pk)
    remember_style(request, NumberStyle(habit.numbers) if habit.numbers else None)
    remember_mass_unit(request, habit.mass_unit)
    remember_person(request, user, habit.language)
    audit.note_person(user.pk, Kind.LOGIN, address=_address(request))


def _saved(sender: Any, instance: Any, **more: Any) -> None:
    if not instance.is_active:
        tokens.end_with(instance.pk)


def _failed(sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **more: Any) -> None:
    email = str(credentials.get("email") or credentials.get("username") or "")
    for user in get_user_model().objects.filter(email__iexact=email) if email else ():
        audit.note_person(user.pk, Kind.LOGIN_FAILED, address=_address(request))


def _password(sender: Any, request: HttpRequest, user: Any, **more: Any) -> None:
    audit.note_person(user.pk, Kind.PASSWORD, address=_address(request))


class _SecondFactor:
    def __init__(self, said: str) -> None:
        self._said = said

    def __call__(self, sender: Any, request: HttpRequest, user: Any, authenticator: Any, **more: Any) -> None:
        said = f"{authenticator.type} {self._said}"
        audit.note_person(user.pk, Kind.SECOND_FACTOR, address=_address(request), said=said)


def _address(request: HttpRequest | None) -> str | None:
    """The address of the person's machine, as far as trusted proxies tell it."""
    if request is None or "REMOTE_ADDR" not in request.META:
        return None
    try:
        return str(get_adapter(request).get_client_ip(request))
    except PermissionDenied:  # more proxies than we trust
        return None
