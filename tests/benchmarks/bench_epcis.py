"""EPCIS capture: the official examples repeated to 10,000 events, beside a general schema reader.

The capture is the whole way: the document comes over HTTP, each event is checked, hashed and stored with the names by
which it is found. The general reader (Python `jsonschema` with formats) only checks, a tenth of the events. CPU of this
process, because other work on the machine takes elapsed time away; elapsed time is printed beside it.
"""

import json
import os
import time
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from typing import Any

import jsonschema
import pytest

from tests.api.clients import Clients, open_clients
from tests.standards import standards_path
from traceability.epcis.documents import check_event, events_of
from traceability.epcis.event_hash import event_hash, prefixes_of
from traceability.garbage import settle

EVENTS = int(os.environ.get("BENCH_EVENTS", "10000"))
TIMES_FASTER = 20
A_SECOND = 1000
CAPTURE_TIMES_FASTER = 7


@pytest.fixture
def clients(ledger_db: dict[str, str]) -> Iterator[Clients]:
    """The market over a database with real transactions."""
    from traceability.services import log_queue

    before = log_queue._nudge
    log_queue.nudge_by(lambda: None)
    yield open_clients()
    log_queue.nudge_by(before)


def repeated() -> dict[str, Any]:
    """One document with the events of all official examples, repeated; each repetition is another event."""
    prefixes: dict[str, str] = {}
    events = []
    for path in sorted(standards_path("epcis/gs1-epcis/examples").rglob("*.jsonld")):
        document = json.loads(path.read_text())
        prefixes |= prefixes_of(document["@context"])
        events += [{name: value for name, value in one.items() if name != "eventID"} for one in events_of(document)]
    many = [one | {"ex:number": number} for number, one in enumerate(islice(cycle(events), EVENTS))]
    return {
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
                     {**prefixes, "ex": "https://example.com/"}],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-11-22T10:00:00Z",
        "epcisBody": {"eventList": many},
    }  # fmt: skip


def rate_of(work: Callable[[], object], events: int) -> float:
    """Events for each second of CPU of this process."""
    started = time.process_time()
    work()
    return events / (time.process_time() - started)


def test_capture(clients: Clients, capsys: pytest.CaptureFixture[str]) -> None:
    from traceability.models import EpcisEvent
    from traceability.services import epcis_capture

    document = repeated()
    content, events = json.dumps(document), document["epcisBody"]["eventList"]
    clients.owner.get("/epcis/v2/events")  # what is loaded once is loaded now
    settle()  # as in servers and workers

    def capture() -> None:
        answer = clients.owner.post("/epcis/v2/capture", content, content_type="application/json")
        assert answer.status_code == 202, answer.content[:500]
        while epcis_capture.work():
            pass

    started = time.perf_counter()
    captured = rate_of(capture, EVENTS)
    elapsed_s = time.perf_counter() - started
    assert EpcisEvent.objects.count() == EVENTS
    sample = document | {"epcisBody": {"eventList": events[: EVENTS // 10]}}
    schema = json.loads(standards_path("epcis/gs1-epcis/schema/epcis-json-schema-2.0.0.json").read_text())
    general = jsonschema.Draft7Validator(schema, format_checker=jsonschema.FormatChecker())
    read = rate_of(lambda: general.is_valid(sample), EVENTS // 10)
    checked = rate_of(lambda: [check_event(one) for one in events], EVENTS)
    prefixes = prefixes_of(document["@context"])
    hashed = rate_of(lambda: [event_hash(one, prefixes) for one in events], EVENTS)
    with capsys.disabled():
        print(f"\n{EVENTS} events of {len(content) // EVENTS} bytes; for each second of CPU:"
              f"\n  captured   {captured:8,.0f}  ({captured / read:.1f} times jsonschema;"
              f" {EVENTS / elapsed_s:,.0f}/s elapsed)"
              f"\n  checked    {checked:8,.0f}  ({checked / read:.0f} times jsonschema)"
              f"\n  hashed     {hashed:8,.0f}"
              f"\n  jsonschema {read:8,.0f}")  # fmt: skip
    assert checked >= read * TIMES_FASTER
    assert captured >= A_SECOND
    assert captured >= read * CAPTURE_TIMES_FASTER
