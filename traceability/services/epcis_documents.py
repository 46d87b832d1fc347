"""EPCIS documents as they come: each event as it was sent and as values, and what is wrong with it at its place."""

from codecs import BOM_UTF8
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

import msgspec
from django.conf import settings

from traceability.epcis import documents
from traceability.epcis.checks import Fault, Faults
from traceability.epcis.columns import not_kept
from traceability.ledger.errors import RecordError

MOST_EVENTS: Final = 20_000
MOST_ERRORS: Final = 1000


class InvalidEvents(RecordError):
    """An EPCIS document, or events in it, that are not as the standard describes them."""

    code = "epcis_invalid"

    faults: Sequence[Fault] = ()

    @classmethod
    def of(cls, faults: Sequence[Fault]) -> "InvalidEvents":
        """The refusal that tells these faults."""
        made = cls(f"{faults[0].path or 'The document'}: {faults[0].sentence}", path=faults[0].path)
        made.faults = faults[:MOST_ERRORS]
        return made


class TooManyEvents(RecordError):
    """More events than one capture takes."""

    code = "epcis_too_many_events"


@dataclass(frozen=True, slots=True)
class Document:
    """What was read of a document: each event as it was sent, and as values."""

    context: Any
    texts: Sequence[str]
    events: Sequence[Any]
    place: str
    """Where the list of events stands (JSON pointer)."""


def most_bytes() -> int:
    """The largest document that is taken."""
    return int(settings.LODESTONE_MAX_BODY_BYTES)


def read(content: bytes) -> Document:
    """The events of a document whose frame is right; InvalidEvents tells what is wrong with it."""
    content = content.removeprefix(BOM_UTF8)
    try:
        whole = msgspec.json.decode(content)
        if found := documents.check_frame(whole):
            raise InvalidEvents.of(found)
        names = documents.place_of_events(whole)
        raw: Any = content
        for name in names[:-1]:
            raw = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])[name]
        texts = msgspec.json.decode(
            msgspec.json.decode(raw, type=dict[str, msgspec.Raw])[names[-1]], type=list[msgspec.Raw]
        )
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise InvalidEvents.of([Fault("", f"This cannot be read as JSON: {error}.")]) from None
    events = documents.events_of(whole)
    if len(events) > MOST_EVENTS:
        raise TooManyEvents(f"Send at most {MOST_EVENTS} events at once. Nothing was saved.")
    return Document(
        whole["@context"], [bytes(one).decode() for one in texts], events, "".join(f"/{one}" for one in names)
    )


def without(content: str, drop: Collection[int]) -> str:
    """The document without these events, counted from 1; the text of the others is not touched."""

    def cut(raw: Any, names: Sequence[str]) -> bytes:
        if not names:
            events = msgspec.json.decode(raw, type=list[msgspec.Raw])
            return msgspec.json.encode([one for number, one in enumerate(events, 1) if number not in drop])
        inner = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
        return msgspec.json.encode(inner | {names[0]: msgspec.Raw(cut(inner[names[0]], names[1:]))})

    return cut(content.encode(), documents.place_of_events(msgspec.json.decode(content))).decode()


def faults_of(document: Document) -> list[Fault]:
    """What is wrong with the events of a document, at its place in it: the first that are told."""
    found = (
        fault._replace(path=f"{document.place}/{at}{fault.path}")
        for at, event in enumerate(document.events)
        for fault in faults_of_event(event)
    )
    return list(islice(found, MOST_ERRORS))


def faults_of_event(event: Any) -> Faults:
    """What is wrong with one event, or keeps it from being kept here."""
    return documents.check_event(event) or not_kept(event)
