"""Letters by mail, as text and HTML. They may hold a link that opens a door, so they are kept nowhere on the way out.

A letter leaves after the commit of what it tells of. One that the mail server does not take is named in the log of the
program and in the operator's mail log; whoever caused it can have it sent again.
"""

import logging
import re
from functools import partial
from smtplib import SMTPException
from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from traceability.selectors import habits
from traceability.services import mail_log

log = logging.getLogger("lodestone.mail")
SUBJECT_PREFIX: Final = "[Lodestone] "


def send_after_commit(name: str, to: str, /, **context: Any) -> None:
    """Sends the letter templates/letters/`name` once the transaction is committed."""
    transaction.on_commit(partial(_send, name, to, context))


def address(path: str) -> str:
    """A path as an address that works outside this site."""
    return f"{settings.LODESTONE_BASE_URL}{path}"


def _send(name: str, to: str, context: dict[str, Any]) -> None:
    try:
        mail_log.send(written(name, to, context), what=name)
    except (OSError, SMTPException) as error:
        log.error("A letter was not sent: %s", error, extra={"fields": {"letter": name}})


def written(name: str, to: str, context: dict[str, Any]) -> EmailMultiAlternatives:
    """The letter, in the language of its reader; its subject stands in the first line of its text."""
    with translation.override(habits.language_at(to) or translation.get_language()):
        subject, _, text = render_to_string(f"letters/{name}.txt", context).strip().partition("\n")
        letter = EmailMultiAlternatives(SUBJECT_PREFIX + subject.strip(), _spaced(text), to=[to])
        attach_html(letter)
    return letter


def attach_html(letter: EmailMultiAlternatives) -> None:
    """Gives a letter its second form, with links to press; everything in it is escaped."""
    context = {"subject": letter.subject, "text": letter.body, "site": settings.LODESTONE_BASE_URL}
    letter.attach_alternative(render_to_string("letters/letter.html", context), "text/html")


def _spaced(text: str) -> str:
    """The text with one empty line between paragraphs."""
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
