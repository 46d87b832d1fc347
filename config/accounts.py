"""How people's accounts differ from allauth's defaults: invitations, letters, and sealed second factors."""

import base64
import logging
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib import messages
from django.contrib.sites.shortcuts import get_current_site
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest
from django.utils.translation import gettext as _

from traceability.services import letters, mail_log
from traceability.web.account.joining_secret import invitation

log = logging.getLogger("lodestone.mail")


class AccountAdapter(DefaultAccountAdapter):
    """An organisation signs up by itself while LODESTONE_SIGNUP is on; an invitation always opens the door."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(settings.LODESTONE_SIGNUP) or invitation(request) is not None

    def render_mail(self, *args: Any, **kwargs: Any) -> EmailMultiAlternatives:
        """The letter as text and as HTML."""
        letter: EmailMultiAlternatives = super().render_mail(*args, **kwargs)
        letters.attach_html(letter)
        return letter

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Sends a letter; a mail server that is away stops nobody, and the page says what to do."""
        request = allauth_context.request
        known = {"request": request, "email": email, "current_site": get_current_site(request)}
        letter = self.render_mail(template_prefix, email, known | context)
        try:
            mail_log.send(letter, what=template_prefix.rpartition("/")[2])
        except (OSError, SMTPException) as error:
            log.error("A letter was not sent: %s", error, extra={"fields": {"letter": template_prefix}})
            sorry = _("The letter could not be sent now. Ask for it again in some minutes.")
            messages.error(self.request or context["request"], sorry)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps TOTP secrets and recovery seeds encrypted, so that a copy of the database is no second factor."""

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()


def _box() -> Fernet:
    """Fernet under a key derived from the master key for this purpose only."""
    key = HKDF(SHA256(), length=32, salt=None, info=b"lodestone/second-factor/1").derive(settings.LODESTONE_MASTER_KEY)
    return Fernet(base64.urlsafe_b64encode(key))
