"""EPCIS documents come in: what is wrong is told at once, what is right is kept by a job, all of it or none.

The text of each event is kept as it was sent. A small document is done while one waits, a large one by the background.
"""

import logging
import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from traceability.epcis import documents
from traceability.epcis.checks import Fault
from traceability.epcis.columns import Columns, columns_of, not_kept
from traceability.epcis.event_hash import prefixes_of
from traceability.ledger.errors import RecordError
from traceability.models import EpcisCapture, EpcisEvent, Membership
from traceability.selectors.access import Actor, NotFound
from traceability.services import epcis_documents, epcis_lots, epcis_rows, epcis_subscriptions, leases
from traceability.services.epcis_acts import EventReader

AT_ONCE: Final = 500
"""A document of so many events is kept while one waits."""
CHUNK: Final = 1000
KEPT: Final = timedelta(days=90)
AGAIN: Final = "The document could not be kept. Send it again; if that fails too, ask the operator."
PROBLEMS: Final = {
    "invalid": ("epcisException:ValidationException", "This event is not as EPCIS 2.0 describes it", 400),
    "taken": ("epcisException:ResourceAlreadyExistsException", "Another event has this eventID", 409),
    "failed": ("epcisException:ImplementationException", "The capture failed", 500),
}
Behaviour = EpcisCapture.Behaviour
log = logging.getLogger("lodestone.epcis")


class EventExists(RecordError):
    """An event whose eventID another event has."""

    code = "epcis_event_exists"


@transaction.atomic
def receive(*, actor: Actor, content: bytes, behaviour: Behaviour, lots: str = epcis_lots.KEEP) -> EpcisCapture:
    """The job that keeps a document. With `rollback`, wrong events are told at once and nothing is kept."""
    epcis_subscriptions.require_may_write(actor)
    document = epcis_documents.read(content)
    faults = epcis_documents.faults_of(document)
    if faults and behaviour == Behaviour.ROLLBACK:
        raise epcis_documents.InvalidEvents.of(faults)
    return EpcisCapture.objects.create(
        organisation=actor.organisation,
        user_id=actor.user_id or None,
        behaviour=behaviour,
        lots=lots,
        created_at=timezone.now(),
        events=len(document.events),
        errors=[_problem("invalid", one) for one in faults],
        context=document.context,
        content=zlib.compress(content, 1),
    )


def receive_one(*, actor: Actor, content: bytes, lots: str = epcis_lots.KEEP) -> EpcisEvent:
    """One event that stands alone, kept at once."""
    epcis_subscriptions.require_may_write(actor)
    try:
        event = msgspec.json.decode(content)
        text = content.decode().strip()
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise epcis_documents.InvalidEvents.of([Fault("", f"This cannot be read as JSON: {error}.")]) from None
    if found := documents.check_single_event(event) or not_kept(event):
        raise epcis_documents.InvalidEvents.of(found)
    with transaction.atomic():
        now = timezone.now()
        capture = EpcisCapture.objects.create(
            organisation=actor.organisation, user_id=actor.user_id or None, running=False,
            created_at=now, finished_at=now, events=1, context=event["@context"], lots=lots,
        )  # fmt: skip
        columns = columns_of(event, prefixes_of(event["@context"]))
        epcis_rows.hold(actor.organisation.pk)
        if EpcisEvent.objects.filter(organisation=actor.organisation, key=columns.key).exists():
            raise EventExists(f"There is an event {columns.event_id} already. Nothing was saved.")
        number = _store(capture, [(text, columns)])
        _say(capture, actor, [("", event)])
        return EpcisEvent.objects.select_related("capture").get(pk=number)


# --- the job ----------------------------------------------------------------------------------------------------------


def work() -> int:
    """The number of documents that were kept now."""
    done = 0
    while (row := _take()) is not None:
        run(row)
        done += 1
    return done


def release() -> None:
    """Lets work be begun again at once whose worker ended with the only process there was."""
    EpcisCapture.objects.filter(running=True).update(seen_at=None)


def run_small(row: EpcisCapture) -> EpcisCapture:
    """The job, done where its document is small; else it waits for the background."""
    if row.running and row.events <= AT_ONCE:
        if (mine := _take(row.pk)) is not None:
            run(mine)
        row.refresh_from_db()
    return row


def run(row: EpcisCapture) -> None:
    """Keeps the events of a document in one transaction; after a few failures the job has failed."""
    if row.tries > leases.MOST_TRIES:
        _end(row, [*row.errors, _problem("failed", Fault("", AGAIN))])
        return
    try:
        with transaction.atomic():
            _keep(row)
    except Exception:
        log.exception("A capture was not finished.", extra={"fields": {"capture": str(row.pk)}})
        EpcisCapture.objects.filter(pk=row.pk, running=True).update(seen_at=None)
        raise


@dataclass(frozen=True, slots=True)
class News:
    """Which events of a document, by their number from 0, are new, and why the others are not kept."""

    fresh: frozenset[int]
    known: Mapping[int, str]
    taken: frozenset[int]


def news_of(organisation: UUID, document: epcis_documents.Document, right: Collection[int]) -> News:
    """What the right events of a document bring to an organisation."""
    prefixes = prefixes_of(document.context)
    events = [(at, document.events[at]) for at in sorted(right)]
    columns = [(at, columns_of(event, _prefixes(prefixes, event))) for at, event in events]
    seen = _known(organisation, (one.key for _, one in columns))
    known: dict[int, str] = {}
    taken = set()
    for at, one in columns:
        before = seen.get(one.key)
        if before == one.event_hash:
            known[at] = "This event was kept before."
        elif before is not None:
            known[at] = f"There is another event {one.event_id}."
            taken.add(at)
        seen.setdefault(one.key, one.event_hash)
    return News(frozenset(right) - known.keys(), known, frozenset(taken))


def keep_now(capture: EpcisCapture) -> EpcisCapture:
    """The capture, its events kept in the caller's transaction, all of them; refused where one cannot be."""
    _keep(capture)
    capture.refresh_from_db()
    if capture.errors:
        raise EventExists(str(capture.errors[0]["detail"]))
    return capture


def of(actor: Actor) -> QuerySet[EpcisCapture]:
    """The captures of the actor's organisation."""
    return EpcisCapture.objects.filter(organisation=actor.organisation).defer("content")


def one(actor: Actor, capture: UUID) -> EpcisCapture:
    """A capture of the actor's organisation, or NotFound."""
    found = of(actor).filter(pk=capture).first()
    if found is None:
        raise NotFound("There is no such capture job.")
    return found


def purge() -> None:
    """Forgets jobs of long ago that kept nothing."""
    old = EpcisCapture.objects.filter(running=False, created_at__lt=timezone.now() - KEPT)
    old.filter(captured=None).delete()


def _take(only: UUID | None = None) -> EpcisCapture | None:
    """The document that waited longest, or this one, now this worker's."""
    return leases.take(EpcisCapture.objects.filter(running=True), "created_at", "pk", only=only)


def _keep(row: EpcisCapture) -> None:
    """Keeps the events that are right; with `rollback` none where one of them has the eventID of another event."""
    document = epcis_documents.read(zlib.decompress(bytes(row.content)))
    prefixes = prefixes_of(document.context)
    right = [
        (at, text, columns_of(event, _prefixes(prefixes, event)))
        for at, (text, event) in enumerate(zip(document.texts, document.events, strict=True))
        if not row.errors or not epcis_documents.faults_of_event(event)
    ]
    epcis_rows.hold(row.organisation_id)
    known = _known(row.organisation_id, (columns.key for _, _, columns in right))
    new: dict[bytes, tuple[str, Columns]] = {}
    errors = list(row.errors)
    for at, text, columns in right:
        before = known.get(columns.key)
        if before is None:
            known[columns.key], new[columns.key] = columns.event_hash, (text, columns)
        elif before != columns.event_hash and len(errors) < epcis_documents.MOST_ERRORS:
            sentence = f"There is another event {columns.event_id}."
            errors.append(_problem("taken", Fault(f"{document.place}/{at}/eventID", sentence)))
    if not errors or row.behaviour == Behaviour.PROCEED:
        _store(row, list(new.values()))
        said = [(f"{document.place}/{at}", document.events[at]) for at, _, columns in right if columns.key in new]
        if (actor := _actor(row)) is not None:
            _say(row, actor, said)
    _end(row, errors)


def _say(row: EpcisCapture, actor: Actor, found: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
    """Makes drafts or statements of new events about lots, where the sender wants that; notes what became of each."""
    if row.lots == epcis_lots.KEEP or not found:
        return
    reader = EventReader(actor)
    told = [
        {"pointer": place, "became": epcis_lots.take(reader, event, row.lots)}
        for place, event in found[: epcis_lots.MOST]
    ]
    EpcisCapture.objects.filter(pk=row.pk).update(notes=told)


def _actor(row: EpcisCapture) -> Actor | None:
    """Who handed the document in: the person in his role, a program with a token; None for who has left since."""
    member = Membership.objects.filter(organisation=row.organisation_id, user=row.user_id).first()
    if member is not None:
        return Actor(member.user_id, row.organisation, member.role)
    return Actor(0, row.organisation, Membership.Role.SUBMITTER, program=True) if row.user_id is None else None


def _prefixes(prefixes: dict[str, str], event: Mapping[str, Any]) -> dict[str, str]:
    return {**prefixes, **prefixes_of(event["@context"])} if "@context" in event else prefixes


def _known(organisation: UUID, keys: Iterable[bytes]) -> dict[bytes, str]:
    """The hashes of the events that the organisation gave before, by key."""
    wanted, found = list(keys), {}
    for at in range(0, len(wanted), CHUNK):
        rows = EpcisEvent.objects.filter(organisation=organisation, key__in=wanted[at : at + CHUNK])
        found.update({bytes(key): hashed for key, hashed in rows.values_list("key", "event_hash")})
    return found


def _store(row: EpcisCapture, found: Sequence[tuple[str, Columns]]) -> int:
    """Stores these events with the names by which they are found; the number of the first."""
    first = epcis_rows.write(row, found)
    if found:
        epcis_subscriptions.wake(row.organisation_id)
    return first


def _end(row: EpcisCapture, errors: list[dict[str, Any]]) -> None:
    EpcisCapture.objects.filter(pk=row.pk).update(
        running=False, finished_at=timezone.now(), errors=errors, content=b"", seen_at=None
    )


def _problem(cause: str, fault: Fault) -> dict[str, Any]:
    """A problem document (RFC 9457) with the place in the document that was sent."""
    kind, title, status = PROBLEMS[cause]
    return {"type": kind, "title": title, "status": status, "detail": fault.sentence, "pointer": fault.path}
