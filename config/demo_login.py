"""Logins of the demonstration: one published password, and only while LODESTONE_DEMO=1.

Demonstration accounts have no usable password in the database. Without this backend, which the settings name in
demonstration mode only, nobody can sign in as one of them and their sessions end.
"""

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest

PASSWORD = "lodestone-demo"  # noqa: S105 published on purpose
DOMAIN = "@demo.lodestone.example"


class DemoBackend(ModelBackend):
    """Signs in a demonstration account with the published password."""

    def authenticate(  # type: ignore[override]
        self, request: HttpRequest | None, email: str | None = None, password: str | None = None, **kwargs: object
    ) -> AbstractBaseUser | None:
        if password != PASSWORD or not email or not email.lower().endswith(DOMAIN):
            return None
        return get_user_model().objects.filter(email__iexact=email, is_active=True).first()
