"""Notices by mail: at once or once a day, to members who stay, never twice, and with nothing confidential."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core import mail

from tests.notices.town import VIEWER, Town, member, run_again
from traceability.models import Notice, NoticeCopy, NoticePreference, OutboxTask
from traceability.services import notice_mail, notices, outbox

NOW = datetime(2026, 5, 4, 5, 0, tzinfo=UTC)
MAILS = (notices.MAIL_TASK, notice_mail.DIGEST_TASK)


def send():
    return outbox.drain(names=MAILS)


@pytest.fixture
def receiver(town: Town):
    return member(town.market.separator.organisation)


def test_a_mail_goes_out_at_once_in_text_and_html(town: Town, receiver, settings):
    lot, _ = town.sent(lot_number="SECRET-7")
    town.settle()
    assert send() == 1
    [sent] = mail.outbox
    assert sent.to == ["baltika-admin@example.org"]
    assert sent.subject == f"[Lodestone] Goods are on the way to you: Lot {lot[-8:]}"
    address = f"{settings.LODESTONE_BASE_URL}/lots/{lot[9:]}/"
    assert address in sent.body
    [(html, kind)] = sent.alternatives
    assert kind == "text/html"
    assert f'href="{address}"' in html
    assert f"{settings.LODESTONE_BASE_URL}/notices/preferences/" in sent.body
    assert "SECRET" not in sent.body + html
    assert "Juniper" not in sent.body + html
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"


def test_a_mail_is_never_sent_twice(town: Town, receiver):
    town.sent()
    town.settle()
    send()
    run_again(notices.MAIL_TASK)
    assert send() == 1
    assert len(mail.outbox) == 1


def test_a_mail_server_that_is_away_is_asked_again(town: Town, receiver, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    town.sent()
    town.settle()
    assert send() == 1
    task = OutboxTask.objects.get(name=notices.MAIL_TASK)
    assert (task.state, task.tries) == (OutboxTask.State.WAITING, 1)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    outbox.try_again(task)
    send()
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("how", ["left", "inactive", "no address"])
def test_who_has_left_gets_no_mail(town: Town, receiver, how):
    town.sent()
    town.settle()
    user = get_user_model().objects.get(pk=receiver.user_id)
    if how == "left":
        user.memberships.all().delete()
    else:
        user.is_active, user.email = how != "inactive", "" if how == "no address" else user.email
        user.save()
    assert send() == 1
    assert mail.outbox == []
    assert not NoticeCopy.objects.exclude(mail=NoticeCopy.Mail.SENT).exists()


def test_a_digest_goes_out_once_a_day_with_everything_of_the_day(town: Town, time_machine):
    time_machine.move_to(NOW)
    one, other = (member(town.market.separator.organisation, VIEWER, name) for name in ("a", "b"))
    for actor in (one, other):
        notices.prefer(actor=actor, hows={Notice.Kind.GOODS_COMING: NoticePreference.How.DIGEST})
    for _ in range(2):
        town.sent()
    town.settle()
    assert notice_mail.queue_digests() == 0  # it is five: not yet
    time_machine.move_to(NOW + timedelta(hours=1, minutes=1))
    assert notice_mail.queue_digests() == 2
    assert notice_mail.queue_digests() == 2  # put in again, stands there once
    assert send() == 2
    assert [sent.subject for sent in mail.outbox] == ["[Lodestone] 2 notices since yesterday"] * 2
    assert sorted(sent.to[0] for sent in mail.outbox) == ["a@example.org", "b@example.org"]
    assert mail.outbox[0].body.count("Goods are on the way to you: Lot ") == 2
    assert notice_mail.queue_digests() == 0
    assert send() == 0


def test_a_digest_names_the_first_fifty_and_counts_the_rest(town: Town, time_machine):
    time_machine.move_to(NOW)
    one = member(town.market.separator.organisation)
    town.sent()
    town.settle()
    notice = Notice.objects.get()
    NoticeCopy.objects.all().delete()
    for number in range(53):
        again = Notice.objects.create(
            key=f"k{number}", organisation=notice.organisation, kind=notice.kind, about=notice.about,
            subject=notice.subject, statement=notice.statement, created_at=NOW,
        )  # fmt: skip
        NoticeCopy.objects.create(
            notice=again, user_id=one.user_id, organisation=notice.organisation, created_at=NOW, mail="digest"
        )
    time_machine.move_to(NOW + timedelta(days=2))
    notice_mail.queue_digests()
    send()
    [sent] = mail.outbox
    assert sent.body.count("Goods are on the way") == 50
    assert "3 more stand on the page" in sent.body
    assert not NoticeCopy.objects.exclude(mail="sent").exists()
