"""The mail log: which letters left or failed, and to whom by an address that only its owner recognises.

Neither text nor subject is kept: a letter may hold a link that opens a door, and the name of a partner.
"""

import logging
import re
from datetime import timedelta
from typing import Final

from django.core.mail import EmailMultiAlternatives
from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone

from traceability.models import MailEntry

KEPT: Final = timedelta(days=90)
_ADDRESS: Final = re.compile(r"[^\s<>()\"',;:]+@[^\s<>()\"',;:]+")

log = logging.getLogger("lodestone.mail")


def send(letter: EmailMultiAlternatives, *, what: str, task: str = "") -> None:
    """Sends a letter and keeps that it left, or why not; `task` is its key where the outbox tries again."""
    try:
        letter.send()
    except Exception as error:
        _keep(letter, what, task, error=f"{type(error).__name__}: {error}")
        raise
    _keep(letter, what, task)


def masked(address: str) -> str:
    """An address by its first letter and its domain: `s***@example.org`."""
    name, _, domain = address.rpartition("@")
    return f"{name[:1] if len(name) > 1 else ''}***@{domain}"


def purge() -> None:
    """Forgets letters of long ago."""
    MailEntry.objects.filter(last_at__lt=timezone.now() - KEPT).delete()


def _keep(letter: EmailMultiAlternatives, what: str, task: str, *, error: str = "") -> None:
    """Keeps one try; where the database does not take it, the letter has left all the same."""
    now = timezone.now()
    to = ", ".join(masked(one) for one in letter.to)[:120]
    hidden = _ADDRESS.sub(lambda found: masked(found[0]), error)[:300]
    try:
        with transaction.atomic():
            again = MailEntry.objects.filter(task=task) if task else MailEntry.objects.none()
            if not again.update(sent=not error, error=hidden, tries=F("tries") + 1, last_at=now):
                MailEntry.objects.create(
                    what=what, to=to, task=task or None, sent=not error, error=hidden, at=now, last_at=now
                )
    except DatabaseError as refused:
        log.error("A letter was not noted: %s", refused, extra={"fields": {"letter": what}})
