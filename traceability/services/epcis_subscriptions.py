"""Named queries of events, and who is told of what they find: as it comes in, or by a schedule."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from traceability.epcis.queries import QueryParameter, read_query
from traceability.ledger.errors import RecordError
from traceability.models import EpcisEvent, EpcisQuery, EpcisSubscription, OutboxTask
from traceability.selectors import epcis
from traceability.selectors.access import Actor, NotFound
from traceability.services import outbox, safe_fetch, vault
from traceability.services.errors import NotAllowed

TASK: Final = "epcis"
MOST_QUERIES: Final = 100
MOST_SUBSCRIPTIONS: Final = 20
MOST_EVENTS: Final = 1000
"""So many events stand in one message; those behind them stand in the next."""
_NAME: Final = re.compile(r"[\w.\-~]{1,100}", re.ASCII)
_UNITS: Final = {
    "second": (0, 59), "minute": (0, 59), "hour": (0, 23), "dayOfMonth": (1, 31), "month": (1, 12), "dayOfWeek": (1, 7),
}  # fmt: skip
_CLOCK: Final = ("second", "minute", "hour")
_LONGEST_WAIT: Final = timedelta(days=366)


class QueryExists(RecordError):
    """A name that another query of the organisation has."""

    code = "epcis_query_exists"


class BadSubscription(RecordError):
    """A subscription that cannot be kept as it is described."""

    code = "epcis_bad_subscription"


def require_may_write(actor: Actor) -> None:
    """Refuses whoever may not record for his organisation."""
    if actor.why_not_submit:
        raise NotAllowed(actor.why_not_submit)


def queries(actor: Actor) -> QuerySet[EpcisQuery]:
    """The named queries of the actor's organisation."""
    return EpcisQuery.objects.filter(organisation=actor.organisation)


def query(actor: Actor, name: str) -> EpcisQuery:
    """One of them, or NotFound."""
    found = queries(actor).filter(name=name).first()
    if found is None:
        raise NotFound("There is no query of this name.")
    return found


def create_query(*, actor: Actor, name: str, asked: Mapping[str, Any]) -> EpcisQuery:
    """A new named query, which the organisation keeps until it is deleted."""
    require_may_write(actor)
    if not _NAME.fullmatch(name):
        raise QueryParameter("Name the query with 1 to 100 letters, digits, dots, dashes or underscores.", path="/name")
    read_query(asked)
    if queries(actor).count() >= MOST_QUERIES:
        raise BadSubscription(f"An organisation keeps at most {MOST_QUERIES} queries. Delete one first.")
    try:
        with transaction.atomic():
            return EpcisQuery.objects.create(
                organisation=actor.organisation, name=name, query=dict(asked), created_at=timezone.now()
            )
    except IntegrityError:
        raise QueryExists("There is a query of this name already. Delete it first, or take another name.") from None


def delete_query(*, actor: Actor, name: str) -> None:
    """Forgets a query, with who is told of it."""
    require_may_write(actor)
    query(actor, name).delete()


def subscription(actor: Actor, name: str, subscription_id: UUID) -> EpcisSubscription:
    """A subscription to a query of the actor's organisation, or NotFound."""
    found = query(actor, name).subscriptions.filter(pk=subscription_id).first()
    if found is None:
        raise NotFound("There is no such subscription.")
    return found


def subscribe(*, actor: Actor, name: str, wanted: Mapping[str, Any]) -> EpcisSubscription:
    """A new subscription: messages go to `dest` as events come in (`stream`), or by `schedule`."""
    require_may_write(actor)
    row, dest = query(actor, name), wanted.get("dest")
    if not isinstance(dest, str):
        raise BadSubscription("Name the address to which messages go.", path="/dest")
    safe_fetch.check_url(dest)
    stream, schedule = wanted.get("stream", False), wanted.get("schedule")
    if (stream is True) == (schedule is not None) or stream not in (True, False):
        raise BadSubscription("Name stream or schedule, one of both.", path="/schedule")
    if row.subscriptions.count() >= MOST_SUBSCRIPTIONS:
        raise BadSubscription(f"A query has at most {MOST_SUBSCRIPTIONS} subscriptions. Delete one first.")
    now = timezone.now()
    made = EpcisSubscription(
        query=row, user_id=actor.user_id or None, dest=dest, stream=stream is True, schedule=_schedule(schedule),
        report_if_empty=wanted.get("reportIfEmpty") is True, created_at=now,
        initial_record_time=_moment(wanted.get("initialRecordTime")),
    )  # fmt: skip
    made.due_at = next_due(made.schedule, now) if schedule is not None else None
    made.seen_until = _newest(row.organisation_id, before=made.initial_record_time)
    token = wanted.get("signatureToken", wanted.get("secret", ""))
    if not isinstance(token, str) or len(token) > 500:
        raise BadSubscription("Use a text of at most 500 characters.", path="/signatureToken")
    if token:
        made.sealed_token = vault.seal_private(_owner(made), made.pk.bytes, token.encode())
    with transaction.atomic():
        made.save()
        if made.stream and made.initial_record_time:
            wake(row.organisation_id)
    return made


def unsubscribe(*, actor: Actor, name: str, subscription_id: UUID) -> None:
    """Ends a subscription."""
    require_may_write(actor)
    subscription(actor, name, subscription_id).delete()


def next_due(schedule: Mapping[str, str], after: datetime) -> datetime:
    """The first whole second behind a moment at which the schedule calls, in UTC."""
    allowed = {unit: _numbers(unit, schedule[unit]) for unit in _UNITS if unit in schedule}
    for unit in _CLOCK:  # what is finer than all that is named begins at zero: 1:05 is once, not sixty times
        if unit in allowed:
            break
        allowed[unit] = frozenset({0})
    at = after.astimezone(UTC).replace(microsecond=0) + timedelta(seconds=1)
    ends = at + _LONGEST_WAIT
    while at < ends:
        if not _fits(allowed, at, "month", "dayOfMonth", "dayOfWeek"):
            at = at.replace(hour=0, minute=0, second=0) + timedelta(days=1)
        elif not _fits(allowed, at, "hour"):
            at = at.replace(minute=0, second=0) + timedelta(hours=1)
        elif not _fits(allowed, at, "minute"):
            at = at.replace(second=0) + timedelta(minutes=1)
        elif not _fits(allowed, at, "second"):
            at += timedelta(seconds=1)
        else:
            return at
    raise BadSubscription("This schedule never calls.", path="/schedule")


def wake(organisation: UUID) -> None:
    """Lets those be told who want to know at once, after the commit of the caller's transaction."""
    rows = EpcisSubscription.objects.filter(query__organisation=organisation, stream=True)
    newest = _newest(organisation)
    for one in rows.values_list("pk", flat=True):
        outbox.put(TASK, f"epcis:{one.hex}:{newest}", {"subscription": str(one)})


def put_due() -> int:
    """The number of subscriptions whose schedule called."""
    now, called = timezone.now(), 0
    for one in EpcisSubscription.objects.filter(due_at__lte=now):
        with transaction.atomic():
            outbox.put(TASK, f"epcis:{one.pk.hex}:{one.due_at:%Y%m%d%H%M%S}", {"subscription": str(one.pk)})
            EpcisSubscription.objects.filter(pk=one.pk).update(due_at=next_due(one.schedule, now))
        called += 1
    return called


def deliver(task: OutboxTask) -> None:
    """Sends what a subscription has not seen; raises where it has to be tried again."""
    row = EpcisSubscription.objects.select_related("query__organisation").filter(pk=task.arguments["subscription"])
    found = row.first()
    if found is None:
        return
    while _deliver_some(found):
        pass


def _deliver_some(row: EpcisSubscription) -> bool:
    """Whether there may be more behind what was sent now."""
    new = epcis.newer(row.query.organisation_id, read_query(row.query.query), row.seen_until, most=MOST_EVENTS)
    if not new and not row.report_if_empty:
        return False
    context, events = epcis.texts_of(new)
    body = query_document(context, events, name=row.query.name, subscription_id=str(row.pk)).encode()
    answer = safe_fetch.post(row.dest, body, _headers(row, body))
    if not 200 <= answer.status < 300:
        raise safe_fetch.NotReached(f"The answer was {answer.status}.")
    row.seen_until = max([one.pk for one in new], default=row.seen_until)
    row.last_notified_at = timezone.now()
    row.save(update_fields=["seen_until", "last_notified_at"])
    return len(new) == MOST_EVENTS


def query_document(context: Any, events: list[str], *, name: str, subscription_id: str = "") -> str:
    """An EPCISQueryDocument around events that are written already."""
    now = timezone.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
    told = {"queryName": name} | ({"subscriptionID": subscription_id} if subscription_id else {})
    frame = {"@context": context, "type": "EPCISQueryDocument", "schemaVersion": "2.0", "creationDate": now}
    head = msgspec.json.encode(frame).decode()[:-1]
    results = msgspec.json.encode(told).decode()[:-1]
    listed = ",".join(events)
    return f'{head},"epcisBody":{{"queryResults":{results},"resultsBody":{{"eventList":[{listed}]}}}}}}}}'


def _headers(row: EpcisSubscription, body: bytes) -> dict[str, str]:
    headers = {"Content-Type": "application/json", "User-Agent": "Lodestone-EPCIS/1", "GS1-EPCIS-Version": "2.0.0"}
    if row.sealed_token:
        token = vault.open_private(_owner(row), row.pk.bytes, bytes(row.sealed_token))
        headers["GS1-Signature"] = hmac.new(token, body, hashlib.sha256).hexdigest()
    return headers


def _owner(row: EpcisSubscription) -> str:
    return f"epcis subscription {row.pk}"


def _newest(organisation: UUID, before: datetime | None = None) -> int:
    rows = EpcisEvent.objects.filter(organisation=organisation)
    if before is not None:
        rows = rows.filter(record_time__lt=before)
    return rows.aggregate(newest=Max("pk"))["newest"] or 0


def _moment(given: Any) -> datetime | None:
    if given is None:
        return None
    found = read_query({"GE_recordTime": given}).times
    return found["record_time__gte"]


def _schedule(given: Any) -> dict[str, str]:
    if given is None:
        return {}
    if not isinstance(given, Mapping) or not given or any(unit not in _UNITS for unit in given):
        raise BadSubscription(f"Name at least one of: {', '.join(_UNITS)}.", path="/schedule")
    for unit, text in given.items():
        _numbers(unit, text)
    return {unit: str(text) for unit, text in given.items()}


def _numbers(unit: str, text: Any) -> frozenset[int]:
    """The numbers of `1,5,[10-20]` within what the unit has."""
    least, most = _UNITS[unit]
    found: set[int] = set()
    for part in str(text).split(","):
        match = re.fullmatch(r"([0-9]{1,2})|\[([0-9]{1,2})-([0-9]{1,2})\]", part, re.ASCII)
        if match is None:
            raise BadSubscription("Write numbers such as 5 or 1,15 or [10-20].", path=f"/schedule/{unit}")
        first, last = (match[1], match[1]) if match[1] else (match[2], match[3])
        found.update(range(int(first), int(last) + 1))
    if not found or min(found) < least or max(found) > most:
        raise BadSubscription(f"Use numbers from {least} to {most}.", path=f"/schedule/{unit}")
    return frozenset(found)


def _fits(allowed: Mapping[str, frozenset[int]], at: datetime, *units: str) -> bool:
    values = {
        "second": at.second, "minute": at.minute, "hour": at.hour, "dayOfMonth": at.day, "month": at.month,
        "dayOfWeek": at.isoweekday(),
    }  # fmt: skip
    return all(unit not in allowed or values[unit] in allowed[unit] for unit in units)
