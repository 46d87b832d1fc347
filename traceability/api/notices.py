"""What your organisation was told, what you watch, and the audit log of your organisation."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Final
from uuid import UUID

import django_filters
import msgspec
from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter
from msgspec import UNSET, Meta, Struct, UnsetType
from rest_framework.request import Request

from traceability.api import pages, requests
from traceability.api.documents import Digest, Urn
from traceability.api.schema import DAY, PAGE, described, filter_parameters, of_shape
from traceability.api.views import ApiView, json_answer
from traceability.ledger.shapes import Object, Word, optional
from traceability.ledger.shapes import Urn as UrnShape
from traceability.models import AuditEvent, Notice, NoticeCopy, NoticePreference, Watch
from traceability.selectors import notices as told
from traceability.selectors.access import Actor, NotFound
from traceability.selectors.notices import AuditWanted
from traceability.services import notice_words, notices, watches
from traceability.services.rows_world import urn_of, uuid_of
from traceability.services.watches import What

TAG: Final = "Notices"
REFUSED: Final = (400, 401, 403)
How = NoticePreference.How
READ, UNREAD = "read", "unread"
DAYS: Final = ("since", "until")
PREFERENCES: Final = Object({kind: optional(Word(tuple(How.values))) for kind in Notice.Kind.values})
HOWS: Final = {
    "type": "object",
    "description": "The kinds of notices, each with how you are told of it.",
    "propertyNames": {"enum": list(Notice.Kind.values)},
    "additionalProperties": {"type": "string", "enum": list(How.values)},
}
NEW_WATCH: Final = Object({"what": Word(tuple(What.values)), "subject": UrnShape()})


class NoticeDocument(Struct):
    """Something that concerns your organisation. It holds no confidential value: look its subject up."""

    id: UUID
    kind: Annotated[str, Meta(examples=["goods.coming"])]
    title: str
    about: Annotated[str, Meta(description="What the subject is: lot, declaration, keys, webhook or request.")]
    subject: Urn
    others: Annotated[int, Meta(description="Further lots of yours that it is about.")]
    created_at: datetime
    page: Annotated[str, Meta(description="Address of the page that shows it.")]
    statement: Digest | UnsetType = UNSET
    read_at: Annotated[datetime, Meta(description="When you have read it.")] | UnsetType = UNSET


class WatchDocument(Struct):
    """Something that you watch; of a product, `subject` is its declarant."""

    id: UUID
    what: str
    subject: Urn
    created_at: datetime
    product: str | UnsetType = UNSET


class AuditDocument(Struct):
    """An event of the audit log; repetitions within an hour are counted."""

    kind: str
    at: datetime
    last_at: datetime
    times: int
    by: Annotated[Urn, Meta(description="The organisation that did it.")] | UnsetType = UNSET
    user: Annotated[str, Meta(description="The colleague who did it.")] | UnsetType = UNSET
    note: str | UnsetType = UNSET
    values_read: int | UnsetType = UNSET
    statements: Annotated[list[Digest], Meta(description="Of yours, the first that were read.")] | UnsetType = UNSET
    address: str | UnsetType = UNSET


class NoticeFilter(django_filters.FilterSet):
    """What notices are looked for by."""

    kind = django_filters.ChoiceFilter(choices=Notice.Kind.choices)
    state = django_filters.ChoiceFilter(choices=[(one, one) for one in (READ, UNREAD)], method="in_state")

    def __init__(self, data: Mapping[str, str], rows: QuerySet[Notice], *, actor: Actor) -> None:
        super().__init__(data, rows)
        self.unread = NoticeCopy.objects.filter(user=actor.user_id, read_at=None).values("notice")

    def in_state(self, rows: QuerySet[Notice], name: str, state: str) -> QuerySet[Notice]:
        return rows.filter(pk__in=self.unread) if state == UNREAD else rows.exclude(pk__in=self.unread)


class AuditFilter(django_filters.FilterSet):
    """What events are looked for by."""

    kind = django_filters.ChoiceFilter(choices=AuditEvent.Kind.choices)


class Notices(ApiView):
    """What your organisation was told."""

    @described(
        "list_notices",
        "List what your organisation was told, newest first",
        tag=TAG,
        answers={200: pages.Page[NoticeDocument]},
        refused=REFUSED,
        parameters=filter_parameters(NoticeFilter),
    )
    def get(self, request: Request) -> HttpResponse:
        asked = requests.query(request, pages.PARAMETERS | NoticeFilter.base_filters.keys())
        rows = pages.filtered(NoticeFilter(asked, told.of_organisation(self.actor), actor=self.actor))
        return pages.page_of(request, rows, self._documents, order=("-created_at", "pk"))

    def _documents(self, rows: Sequence[Notice]) -> list[NoticeDocument]:
        mine = NoticeCopy.objects.filter(user=self.actor.user_id, notice__in=rows, read_at__isnull=False)
        read = dict(mine.values_list("notice_id", "read_at"))
        return [_notice(one, read.get(one.notice.pk)) for one in notice_words.in_words(rows)]


class NoticeRead(ApiView):
    """Marks a notice as read."""

    @described("read_notice", "Mark a notice as read by you", tag=TAG, answers={204: None}, refused=(*REFUSED, 404))
    def post(self, request: Request, notice: UUID) -> HttpResponse:
        if not told.copies(self.actor).filter(notice=notice).exists():
            raise NotFound("There is no such notice, or it was not told to you.")
        notices.mark_read(actor=self.actor, notice=notice)
        return HttpResponse(status=204)


class AllNoticesRead(ApiView):
    """Marks all notices as read."""

    for_people = True

    @described("read_all_notices", "Mark all notices as read by you", tag=TAG, answers={204: None}, refused=REFUSED)
    def post(self, request: Request) -> HttpResponse:
        notices.mark_read(actor=self.actor)
        return HttpResponse(status=204)


class Preferences(ApiView):
    """How you are told of each kind: on the page alone, by mail, or by a mail a day."""

    for_people = True

    @described(
        "read_notice_preferences",
        "See how you are told of each kind",
        tag=TAG,
        answers={200: {requests.JSON: HOWS}},
        refused=REFUSED,
    )
    def get(self, request: Request) -> HttpResponse:
        requests.query(request, ())
        return json_answer({str(kind): str(how) for kind, how in notices.preferences(self.actor).items()})

    @described(
        "choose_notice_preferences",
        "Choose how you are told of these kinds",
        tag=TAG,
        request={requests.JSON: HOWS},
        answers={200: {requests.JSON: HOWS}},
        refused=(*REFUSED, 413, 415),
    )
    def put(self, request: Request) -> HttpResponse:
        wanted = requests.read_object(request, PREFERENCES)
        notices.prefer(actor=self.actor, hows={Notice.Kind(one): How(how) for one, how in wanted.items()})
        return self.get(request)


class Watches(ApiView):
    """What you watch."""

    @described(
        "list_watches",
        "List what you watch",
        tag=TAG,
        answers={200: pages.Page[WatchDocument]},
        refused=REFUSED,
        parameters=PAGE,
    )
    def get(self, request: Request) -> HttpResponse:
        requests.query(request, pages.PARAMETERS)
        return pages.page_of(request, told.watches(self.actor), _watches, order=("-created_at", "pk"))

    @described(
        "create_watch",
        "Watch a lot, a declaration, or the product of a declaration",
        tag=TAG,
        request={requests.JSON: of_shape(NEW_WATCH)},
        answers={200: WatchDocument, 201: WatchDocument},
        refused=(*REFUSED, 404, 413, 415, 422),
    )
    def post(self, request: Request) -> HttpResponse:
        wanted = requests.read_object(request, NEW_WATCH)
        found, made = watches.watch(actor=self.actor, what=What(wanted["what"]), subject=uuid_of(wanted["subject"]))
        return json_answer(_watches([found])[0], status=201 if made else 200)


class OneWatch(ApiView):
    """One thing that you watch."""

    @described("delete_watch", "Watch it no longer", tag=TAG, answers={204: None}, refused=(*REFUSED, 404))
    def delete(self, request: Request, watch: UUID) -> HttpResponse:
        watches.stop(actor=self.actor, watch=watch)
        return HttpResponse(status=204)


class Audit(ApiView):
    """The audit log of your organisation, for its signed-in administrators."""

    @described(
        "list_audit_events",
        "List who read your confidential values, who signed in, who changed rights",
        tag=TAG,
        answers={200: pages.Page[AuditDocument]},
        refused=(*REFUSED, 404),
        parameters=[*filter_parameters(AuditFilter), *(OpenApiParameter(name, DAY) for name in DAYS)],
    )
    def get(self, request: Request) -> HttpResponse:
        asked = requests.query(request, pages.PARAMETERS | AuditFilter.base_filters.keys() | {*DAYS})
        since, until = (_midnight(requests.day(asked, one)) if one in asked else None for one in DAYS)
        wanted = AuditWanted(since=since, until=until + timedelta(days=1) if until else None)
        rows: QuerySet[AuditEvent] = told.audit(self.actor, wanted)
        return pages.page_of(
            request, pages.filtered(AuditFilter(asked, rows)), self._documents, order=("-last_at", "-pk")
        )

    def _documents(self, rows: Sequence[AuditEvent]) -> list[AuditDocument]:
        return [_event(row, own=row.actor_organisation_id == self.actor.organisation.pk) for row in rows]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)


def _notice(one: notice_words.Words, read_at: datetime | None) -> NoticeDocument:
    row = one.notice
    statement = row.statement
    return NoticeDocument(
        id=row.pk,
        kind=row.kind,
        title=one.title,
        about=row.about,
        subject=urn_of(row.subject),
        others=row.others,
        created_at=row.created_at,
        page=one.href,
        statement=UNSET if statement is None else f"sha256:{bytes(statement.digest).hex()}",
        read_at=read_at or UNSET,
    )


def _watches(rows: Sequence[Watch]) -> list[WatchDocument]:
    return [
        WatchDocument(row.pk, row.what, urn_of(row.subject), row.created_at, row.product or msgspec.UNSET)
        for row in rows
    ]


def _event(row: AuditEvent, *, own: bool) -> AuditDocument:
    is_reading = row.kind == AuditEvent.Kind.READ
    return AuditDocument(
        kind=row.kind,
        at=row.at,
        last_at=row.last_at,
        times=row.times,
        by=urn_of(row.actor_organisation_id) if row.actor_organisation_id else UNSET,
        user=row.user.get_username() if own and row.user else UNSET,
        note=row.note or UNSET,
        values_read=row.values_read if is_reading else UNSET,
        statements=row.statements if is_reading else UNSET,
        address=row.address or UNSET,
    )
