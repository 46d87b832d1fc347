"""The installation as its operator watches it: log, tasks, letters, outbox, keys. For others it does not exist."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Final

import django_filters
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from msgspec import UNSET, Meta, Struct, UnsetType
from rest_framework.request import Request

from traceability.api import pages, requests
from traceability.api.documents import KeyDocument
from traceability.api.operator import TAG, UNSEEN
from traceability.api.organisations import key_documents
from traceability.api.schema import described, filter_parameters
from traceability.api.views import ApiView, json_answer
from traceability.models import JobFailure, LogKey, MailEntry, OutboxTask, PlatformKey
from traceability.selectors import notices, operating
from traceability.selectors.access import NotFound
from traceability.services import log_watch, outbox, vault
from traceability.services.log_watch import LogWatch

JUDGED: Final = Meta(description="pass, warn, fail, or none where there is nothing to judge.")
SENT, NOT_SENT = "sent", "not_sent"


class CheckedSignature(Struct):
    """A line of the newest checkpoint; a key of a witness has no `kind`."""

    name: str
    key_id: str
    kind: str | UnsetType = UNSET


class WholeCheck(Struct):
    """The newest check of the whole ledger; `named` are the first differences."""

    ended_at: datetime
    entries: int
    differences: int
    stopped_early: bool
    named: list[str]


class LogWatchDocument(Struct):
    """Whether the log keeps its promises."""

    at: datetime
    size: int
    waiting: Annotated[int, Meta(description="Accepted statements that have no place yet.")]
    rhythm: Annotated[str, JUDGED]
    queue: Annotated[str, JUDGED]
    signed: Annotated[str, JUDGED]
    guarded: Annotated[str, JUDGED]
    checked: Annotated[str, JUDGED]
    signatures: list[CheckedSignature]
    guard: Annotated[list[str], Meta(description="How the checkpoint outside the database differs.")]
    waiting_since: datetime | UnsetType = UNSET
    checkpoint_age_s: int | UnsetType = UNSET
    wrong_signature: Annotated[str, Meta(description="Why the newest checkpoint is not believed.")] | UnsetType = UNSET
    check: WholeCheck | UnsetType = UNSET


class TaskDocument(Struct):
    """A scheduled task and its newest run that was noted."""

    name: str
    every_s: int
    state: Annotated[str, Meta(description="not_run, done, failed, or late: it did not come.")]
    last_at: datetime | UnsetType = UNSET
    took_ms: int | UnsetType = UNSET
    result: str | UnsetType = UNSET


class FailureDocument(Struct):
    """How a task failed; the same failure again is counted."""

    name: str
    error: str
    first_at: datetime
    last_at: datetime
    times: int


class LetterDocument(Struct):
    """A letter, by its kind and a masked address; its text is kept nowhere."""

    id: int
    what: str
    to: str
    sent: bool
    tries: int
    first_at: datetime
    last_at: datetime
    error: str | UnsetType = UNSET
    waits: Annotated[bool, Meta(description="Whether the outbox has it still, so that it can be sent again.")] = False


class OutboxDocument(Struct):
    """What the outbox has still to do, or has given up."""

    id: int
    key: str
    task: str
    state: Annotated[str, Meta(examples=["waiting", "given_up"])]
    tries: int
    due_at: datetime
    error: str | UnsetType = UNSET


class LogKeyDocument(Struct):
    """A key of the log itself, as verifiers name it."""

    name: str
    kind: str
    key_id: str
    since: datetime


class SealedKeys(Struct):
    """The keys that the vault holds; what is secret of them leaves it nowhere."""

    log: list[LogKeyDocument]
    operator: list[KeyDocument]
    others: Annotated[int, Meta(description="Keys of organisations, under the same master key.")]
    master_key: Annotated[str, Meta(description="The short name of the master key.")]
    cannot_open: Annotated[list[str], Meta(description="Keys that this master key does not open.")]


class MailFilter(django_filters.FilterSet):
    """What letters are looked for by."""

    state = django_filters.ChoiceFilter(choices=[(one, one) for one in (SENT, NOT_SENT)], method="in_state")
    what = django_filters.CharFilter(max_length=80)

    def in_state(self, rows: QuerySet[MailEntry], name: str, state: str) -> QuerySet[MailEntry]:
        return rows.filter(sent=state == SENT)


class FailureFilter(django_filters.FilterSet):
    """What failures are looked for by."""

    name = django_filters.CharFilter(max_length=80)


class OutboxFilter(django_filters.FilterSet):
    """What the outbox is looked through by."""

    state = django_filters.ChoiceFilter(choices=[(one, one) for one in OutboxTask.State if one != "done"])


class OperatorLog(ApiView):
    """The log, judged."""

    for_people = True

    @described(
        "watch_log",
        "See whether the log keeps its promises",
        tag=TAG,
        answers={200: LogWatchDocument},
        refused=UNSEEN,
    )
    def get(self, request: Request) -> HttpResponse:
        operating.require_operator(self.actor)
        requests.query(request, ())
        return json_answer(_watched(log_watch.watch(actor=self.actor)))


class OperatorTasks(ApiView):
    """The schedule."""

    for_people = True

    @described(
        "list_tasks",
        "List the scheduled tasks with their newest runs",
        tag=TAG,
        answers={200: pages.Page[TaskDocument]},
        refused=UNSEEN,
    )
    def get(self, request: Request) -> HttpResponse:
        found = operating.jobs(self.actor)
        requests.query(request, ())
        now = timezone.now()
        return json_answer(pages.Page([_task(one, now) for one in found]))


class OperatorFailures(ApiView):
    """How tasks failed."""

    for_people = True

    @described(
        "list_failures",
        "List how scheduled tasks failed, newest first",
        tag=TAG,
        answers={200: pages.Page[FailureDocument]},
        refused=UNSEEN,
        parameters=filter_parameters(FailureFilter),
    )
    def get(self, request: Request) -> HttpResponse:
        rows = operating.failures(self.actor)
        asked = requests.query(request, pages.PARAMETERS | FailureFilter.base_filters.keys())
        found = pages.filtered(FailureFilter(asked, rows))
        return pages.page_of(request, found, _failures, order=("-last_at", "-pk"))


class OperatorMail(ApiView):
    """Which letters left and which did not."""

    for_people = True

    @described(
        "list_mail",
        "List the letters that left or did not, newest first",
        tag=TAG,
        answers={200: pages.Page[LetterDocument]},
        refused=UNSEEN,
        parameters=filter_parameters(MailFilter),
    )
    def get(self, request: Request) -> HttpResponse:
        rows = operating.mail(self.actor)
        asked = requests.query(request, pages.PARAMETERS | MailFilter.base_filters.keys())
        found = pages.filtered(MailFilter(asked, rows))
        return pages.page_of(request, found, self._documents, order=("-last_at", "-pk"))

    def _documents(self, rows: Sequence[MailEntry]) -> list[LetterDocument]:
        waiting = operating.waiting_letters(self.actor, list(rows))
        return [
            LetterDocument(
                id=row.pk,
                what=row.what,
                to=row.to,
                sent=row.sent,
                tries=row.tries,
                first_at=row.at,
                last_at=row.last_at,
                error=row.error or UNSET,
                waits=row.task in waiting,
            )
            for row in rows
        ]


class MailAgain(ApiView):
    """A letter that is sent again."""

    for_people = True

    @described(
        "send_letter_again",
        "Let the outbox send a letter at once that did not leave",
        tag=TAG,
        answers={204: None},
        refused=UNSEEN,
    )
    def post(self, request: Request, entry_id: int) -> HttpResponse:
        task = operating.task_of(self.actor, entry_id)
        if task is None:
            raise NotFound("There is nothing to send: it has left meanwhile, or it is kept nowhere.")
        outbox.try_again(task)
        return HttpResponse(status=204)


class OperatorOutbox(ApiView):
    """What waits in the outbox, and what it has given up."""

    for_people = True

    @described(
        "list_outbox",
        "List what the outbox has still to do or has given up, the oldest first",
        tag=TAG,
        answers={200: pages.Page[OutboxDocument]},
        refused=UNSEEN,
        parameters=filter_parameters(OutboxFilter),
    )
    def get(self, request: Request) -> HttpResponse:
        rows = notices.open_tasks(self.actor)
        asked = requests.query(request, pages.PARAMETERS | OutboxFilter.base_filters.keys())
        return pages.page_of(request, pages.filtered(OutboxFilter(asked, rows)), _outbox, order=("pk",))


class OutboxAgain(ApiView):
    """A task of the outbox that is tried again."""

    for_people = True

    @described(
        "try_task_again",
        "Let a task of the outbox be tried at once, with all its tries",
        tag=TAG,
        answers={204: None},
        refused=UNSEEN,
    )
    def post(self, request: Request, task_id: int) -> HttpResponse:
        task = notices.open_tasks(self.actor).filter(pk=task_id).first()
        if task is None:
            raise NotFound("There is no such task, or it is done.")
        outbox.try_again(task)
        return HttpResponse(status=204)


class OperatorKeys(ApiView):
    """Which keys there are and how old they are."""

    for_people = True

    @described(
        "list_sealed_keys",
        "See the keys of the log and of the operator",
        tag=TAG,
        answers={200: SealedKeys},
        refused=UNSEEN,
    )
    def get(self, request: Request) -> HttpResponse:
        found = operating.keys(self.actor)
        requests.query(request, ())
        sealed: list[LogKey | PlatformKey] = [*found.log, *(held for _, held in found.operator if held)]
        return json_answer(
            SealedKeys(
                log=[_log_key(row) for row in found.log],
                operator=key_documents([entry for entry, _ in found.operator]),
                others=found.others,
                master_key=vault.master_key_id(),
                cannot_open=[str(row) for row in sealed if not vault.opens(row)],
            )
        )


def _watched(found: LogWatch) -> LogWatchDocument:
    check = found.check
    return LogWatchDocument(
        at=found.at,
        size=found.health.size,
        waiting=found.health.waiting,
        rhythm=found.rhythm,
        queue=found.queue,
        signed=found.signed,
        guarded=found.guarded,
        checked=found.checked,
        signatures=[CheckedSignature(one.name, one.key_id, str(one.kind) or UNSET) for one in found.signatures],
        guard=[str(one) for one in found.guard],
        waiting_since=found.health.waiting_since or UNSET,
        checkpoint_age_s=_seconds(found.health.checkpoint_age),
        wrong_signature=found.wrong_signature or UNSET,
        check=UNSET
        if check is None
        else WholeCheck(check.ended_at, check.entries, check.differences, check.stopped_early, check.named),
    )


def _seconds(age: timedelta | None) -> int | UnsetType:
    return UNSET if age is None else int(age.total_seconds())


def _task(job: operating.Job, now: datetime) -> TaskDocument:
    run, every = job.state, int(job.every.total_seconds())
    if run is None:
        return TaskDocument(job.name, every, "not_run")
    state = "late" if job.is_late(now) else "done" if run.succeeded else "failed"
    return TaskDocument(job.name, every, state, run.last_at, run.took_ms, run.result or UNSET)


def _failures(rows: Sequence[JobFailure]) -> list[FailureDocument]:
    return [FailureDocument(row.name, row.error, row.at, row.last_at, row.times) for row in rows]


def _outbox(rows: Sequence[OutboxTask]) -> list[OutboxDocument]:
    return [
        OutboxDocument(row.pk, row.key, row.name, row.state, row.tries, row.due_at, row.last_error or UNSET)
        for row in rows
    ]


def _log_key(row: LogKey) -> LogKeyDocument:
    key = row.verifier_key(settings.LODESTONE_LOG_ORIGIN)
    return LogKeyDocument(key.name, str(log_watch.KINDS[key.type]), key.key_id.hex(), row.created_at)
