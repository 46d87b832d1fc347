"""Notices: the door leaves a task for each statement that concerns somebody, and the outbox tells whom it concerns."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from traceability.models import Membership, Notice, NoticeCopy, NoticePreference, Organisation, OutboxTask
from traceability.models import Statement as StatementRow
from traceability.selectors.access import Actor
from traceability.services import notice_rules, outbox, webhooks
from traceability.services.accepted import Accepted
from traceability.services.notice_rules import News

TASK: Final = "notices"
MAIL_TASK: Final = "mail"
Kind, How, Mail = Notice.Kind, NoticePreference.How, NoticeCopy.Mail
DEFAULTS: Final[dict[str, NoticePreference.How]] = {
    **dict.fromkeys(Kind, How.DIGEST),
    **dict.fromkeys(
        (Kind.GOODS_COMING, Kind.GOODS_REJECTED, Kind.GOODS_DIFFER, Kind.WORD_WANTED, Kind.LOT_RECALLED), How.MAIL
    ),
    **dict.fromkeys((Kind.REQUEST_MADE, Kind.REQUEST_ANSWERED, Kind.REQUEST_DECLINED), How.MAIL),
    **dict.fromkeys((Kind.KEY_ADDED, Kind.KEY_ROTATED, Kind.KEY_REVOKED, Kind.WEBHOOK_DISABLED), How.MAIL),
    **dict.fromkeys((Kind.GOODS_RECEIVED, Kind.DIFFERENCE_SETTLED, Kind.DECLARATION_PUBLISHED), How.PAGE),
    Kind.REQUEST_WITHDRAWN: How.PAGE,
    **dict.fromkeys((Kind.NOTE_SHARED, Kind.MANDATE_GIVEN, Kind.MANDATE_ENDED), How.MAIL),
    **dict.fromkeys((Kind.APPROVAL_WANTED, Kind.APPROVAL_SENT_BACK), How.MAIL),
    Kind.APPROVAL_GIVEN: How.PAGE,
    Kind.KEY_USED: How.PAGE,
}
"""How members are told who have chosen nothing: at once by mail what cannot wait."""
_MAIL: Final = {How.MAIL: Mail.NOW, How.DIGEST: Mail.DIGEST, How.PAGE: Mail.NONE}


def note(accepted: Sequence[Accepted]) -> None:
    """Leaves a task to tell of the statements of a batch that concern somebody: at most one insert at the door."""
    rules = notice_rules.RULES
    told = [one.row.pk for one in accepted if one.statement.kind in rules or one.decision.findings or one.by_own_key]
    if told:
        outbox.put(TASK, f"notices:{told[0]}", {"statements": told})


def tell_of_statements(task: OutboxTask) -> None:
    """Tells whom the statements of a task concern; doing it again tells nobody twice."""
    rows = list(StatementRow.objects.filter(pk__in=task.arguments["statements"]).order_by("pk"))
    for row in rows:
        with transaction.atomic():
            for news in notice_rules.news_of(row):
                tell(news, cause=f"{row.pk}", statement=row)
    for news, first in notice_rules.key_uses(rows):
        with transaction.atomic():
            tell(news, cause=f"key:{first.pk}", statement=first)


def tell(news: News, *, cause: str, statement: StatementRow | None = None) -> Notice | None:
    """The notice, with its copies, mails and webhooks; None where this cause was told before, or to nobody here."""
    if not Organisation.objects.filter(pk=news.organisation).exists():
        return None
    notice, made = Notice.objects.get_or_create(
        key=f"{cause}:{news.kind}:{news.organisation.hex}:{news.subject.hex}",
        defaults={
            "organisation_id": news.organisation,
            "kind": news.kind,
            "about": news.about,
            "subject": news.subject,
            "others": news.others,
            "statement": statement,
            "created_at": timezone.now(),
        },
    )
    if not made:
        return None
    _copy(notice, news.watchers)
    webhooks.queue(notice)
    return notice


def _copy(notice: Notice, watchers: frozenset[int] | None) -> None:
    """A copy for each member who wants one."""
    members = Membership.objects.filter(organisation=notice.organisation_id, user__is_active=True)
    users = set(members.values_list("user_id", flat=True))
    wanted = users if watchers is None else users & watchers
    chosen = dict(
        NoticePreference.objects.filter(
            organisation=notice.organisation_id, kind=notice.kind, user__in=wanted
        ).values_list("user_id", "how")
    )
    hows = {user: How(chosen.get(user, DEFAULTS[notice.kind])) for user in sorted(wanted)}
    copies = [
        NoticeCopy(
            notice=notice,
            user_id=user,
            organisation_id=notice.organisation_id,
            created_at=notice.created_at,
            mail=_MAIL[how],
        )
        for user, how in hows.items()
        if how != How.NONE
    ]
    for copy in NoticeCopy.objects.bulk_create(copies):
        if copy.mail == Mail.NOW:
            outbox.put(MAIL_TASK, f"mail:{copy.pk}", {"copy": copy.pk})


# What a member does with them


def mark_read(*, actor: Actor, notice: UUID | None = None) -> int:
    """The number of notices of the actor that he has read now: one, or all."""
    unread = NoticeCopy.objects.filter(user=actor.user_id, organisation=actor.organisation, read_at=None)
    if notice is not None:
        unread = unread.filter(notice=notice)
    return unread.update(read_at=timezone.now())


def preferences(actor: Actor) -> dict[Notice.Kind, NoticePreference.How]:
    """How the actor is told of each kind."""
    rows = NoticePreference.objects.filter(user=actor.user_id, organisation=actor.organisation)
    chosen = dict(rows.values_list("kind", "how"))
    return {kind: How(chosen.get(kind, DEFAULTS[kind])) for kind in Kind}


@transaction.atomic
def prefer(*, actor: Actor, hows: dict[Notice.Kind, NoticePreference.How]) -> None:
    """Stores how the actor wants to be told of these kinds."""
    rows = [
        NoticePreference(user_id=actor.user_id, organisation=actor.organisation, kind=kind, how=how)
        for kind, how in hows.items()
    ]
    NoticePreference.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["user", "organisation", "kind"], update_fields=["how"]
    )
