"""Notices by mail: one at once, or those of a day together; each goes out when it is put in with what caused it."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from traceability.models import Membership, NoticeCopy, OutboxTask
from traceability.selectors import habits
from traceability.services import mail_log, notice_words, outbox

DIGEST_TASK: Final = "digest"
DIGEST_AT: Final = time(6)
"""UTC; what was told before it goes out with it."""
MOST_LISTED: Final = 50
Mail = NoticeCopy.Mail


def send_one(task: OutboxTask) -> None:
    """Sends the notice of a task to its member, unless it was sent, or he has left."""
    copies = NoticeCopy.objects.filter(pk=task.arguments["copy"], mail=Mail.NOW)
    copy = copies.select_related("notice__statement", "notice__organisation", "user").first()
    if copy is None:
        return
    if _address(copy):
        _send("notice", [copy], key=task.key)
    copies.update(mail=Mail.SENT)


def queue_digests() -> int:
    """The number of daily mails that are due and were put in now."""
    until = _cut_off(timezone.now())
    waiting = NoticeCopy.objects.filter(mail=Mail.DIGEST, created_at__lt=until)
    members = waiting.order_by().values_list("user", "organisation").distinct()
    for user, organisation in members:
        with transaction.atomic():
            arguments = {"user": user, "organisation": str(organisation), "until": until.isoformat()}
            outbox.put(DIGEST_TASK, f"digest:{user}:{organisation.hex}:{until:%Y%m%d}", arguments)
    return len(members)


def send_digest(task: OutboxTask) -> None:
    """Sends the notices of a day to a member."""
    until = datetime.fromisoformat(task.arguments["until"])
    copies = NoticeCopy.objects.filter(
        user=task.arguments["user"],
        organisation=task.arguments["organisation"],
        mail=Mail.DIGEST,
        created_at__lt=until,
    )
    found = list(
        copies.select_related("notice__statement", "notice__organisation", "user").order_by("created_at", "pk")
    )
    if found and _address(found[0]):
        _send("digest", found, key=task.key)
    copies.filter(pk__in=[one.pk for one in found]).update(mail=Mail.SENT)


def _address(copy: NoticeCopy) -> str:
    """Where the member gets his mail; empty when he has left or has no address."""
    stays = Membership.objects.filter(user=copy.user_id, organisation=copy.organisation_id).exists()
    return copy.user.email if stays and copy.user.is_active else ""


def _send(name: str, copies: Sequence[NoticeCopy], *, key: str) -> None:
    with translation.override(habits.language(copies[0].user_id)):
        lines = notice_words.in_words(copy.notice for copy in copies[:MOST_LISTED])
        shown: dict[str, Any] = {
            "organisation": copies[0].notice.organisation,
            "lines": lines,
            "line": lines[0],
            "count": len(copies),
            "more": len(copies) - len(lines),
            "base": settings.LODESTONE_BASE_URL,
            "all": settings.LODESTONE_BASE_URL + reverse("notices"),
            "preferences": settings.LODESTONE_BASE_URL + reverse("notice_preferences"),
        }
        subject, text, html = (
            render_to_string(f"mail/{name}{ending}", shown) for ending in (".subject.txt", ".txt", ".html")
        )
    message = EmailMultiAlternatives(
        subject=settings.ACCOUNT_EMAIL_SUBJECT_PREFIX + " ".join(subject.split()),
        body=text,
        to=[copies[0].user.email],
        # The same mail, should it go out twice, bears the same name.
        headers={"Message-ID": f"<{key.replace(':', '.')}@{settings.HOST}>", "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(html, "text/html")
    mail_log.send(message, what=name, task=key)


def _cut_off(now: datetime) -> datetime:
    """The last time at which daily mails were due."""
    today = datetime.combine(now.date(), DIGEST_AT, tzinfo=now.tzinfo)
    return today if today <= now else today - timedelta(days=1)
