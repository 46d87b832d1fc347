"""The mail log keeps that a letter left, and never what it says or to whom it goes."""

from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives

from traceability.models import MailEntry
from traceability.services import letters, mail_log

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("sam@registry.example", "s***@registry.example"),
        ("s@registry.example", "***@registry.example"),
        ('"a@b"@registry.example', '"***@registry.example'),
    ],
)
def test_an_address_is_masked(address: str, shown: str):
    assert mail_log.masked(address) == shown


class Refusing(EmailMultiAlternatives):
    """A letter that the mail server does not take."""

    def send(self, fail_silently: bool = False) -> int:
        raise SMTPRecipientsRefused({"sam@registry.example": (550, b"<sam@registry.example>: no such user")})


def test_a_letter_that_left_is_kept_without_text(mailoutbox: Any, django_capture_on_commit_callbacks: Any):
    with django_capture_on_commit_callbacks(execute=True):
        letters.send_after_commit("resumed", "sam@registry.example", name="Baltika Metals", site="", organisation=None)
    assert len(mailoutbox) == 1
    row = MailEntry.objects.get()
    assert (row.what, row.to, row.sent, row.error) == ("resumed", "s***@registry.example", True, "")
    assert "Baltika" not in str(row.__dict__)


def test_a_failure_is_raised_and_kept_without_the_address():
    letter = Refusing("Subject", "Text", to=["sam@registry.example"])
    with pytest.raises(SMTPRecipientsRefused):
        mail_log.send(letter, what="invitation")
    row = MailEntry.objects.get()
    assert not row.sent
    assert "no such user" in row.error
    assert "sam@" not in row.error
    assert "s***@registry.example" in row.error


def test_the_tries_of_one_task_stand_in_one_row():
    with pytest.raises(SMTPRecipientsRefused):
        mail_log.send(Refusing("S", "T", to=["sam@registry.example"]), what="notice", task="mail:1")
    mail_log.send(EmailMultiAlternatives("S", "T", to=["sam@registry.example"]), what="notice", task="mail:1")
    row = MailEntry.objects.get()
    assert (row.tries, row.sent, row.error) == (2, True, "")


def test_letters_of_long_ago_are_forgotten(time_machine: Any):
    time_machine.move_to("2026-11-22T10:00:00Z", tick=False)
    mail_log.send(EmailMultiAlternatives("S", "T", to=["sam@registry.example"]), what="notice")
    mail_log.purge()
    assert MailEntry.objects.exists()
    time_machine.shift(mail_log.KEPT.total_seconds() + 1)
    mail_log.purge()
    assert not MailEntry.objects.exists()
