"""Where a refusal points: a JSON pointer into the request as it was sent.

The rooms below name places of the statement, as if it stood whole in the open. What was sent may lack a member that has
a default, hold a payload as base64, or close a value.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from traceability.ledger import closed, identifiers
from traceability.ledger.errors import RecordError
from traceability.ledger.pointers import pointer
from traceability.ledger.shapes import MissingField

_OF_ENVELOPE: Final = ("payload", "payloadType", "signatures")
_DEFAULTS: Final = {"/occurred_to": "/occurred_from", "/body/as/occurred_to": "/body/as/occurred_from"}


def point(error: RecordError, sent: object) -> None:
    """Makes the path of a refusal a pointer into the JSON that was sent; a missing field is named where it belongs.

    What stands inside a signed payload is pointed at by the payload, and `payload_path` says where in it.
    """
    at = "/envelope" if isinstance(sent, dict) and isinstance(sent.get("envelope"), dict) else ""
    envelope = sent["envelope"] if at and isinstance(sent, dict) else sent
    name = error.path.partition("/")[2].partition("/")[0]
    beside = {"disclosures", *sent} if at and isinstance(sent, dict) else {"disclosures"}
    if name in beside or not isinstance(envelope, dict) or not isinstance(envelope.get("payload"), str):
        error.path = _place(error, sent)
    elif name in _OF_ENVELOPE:
        error.path = at + _place(error, envelope)
    elif error.path:
        if inner := _place(error, _payload(envelope["payload"])):
            error.fields["payload_path"] = inner
        error.path = f"{at}/payload"


def _payload(text: str) -> object:
    try:
        return json.loads(identifiers.b64_decode(text))
    except (ValueError, RecursionError):
        return {}


def _place(error: RecordError, sent: object) -> str:
    """The first way of reading the path that stands in what was sent; else the row of the lot; else what is nearest."""
    reached = [_reach(sent, one, missing=isinstance(error, MissingField)) for one in _readings(error.path, sent)]
    for place, whole in reached:
        if whole:
            return place
    lot = error.fields.get("lot") or error.fields.get("subject")
    row = next(_found(sent, lot, ""), "") if lot else ""
    beside = f"{row.rpartition('/')[0]}/{error.path.rpartition('/')[2]}"
    if row and _reach(sent, beside)[1]:
        return beside
    return row or max((place for place, _ in reached), key=len, default="")


def _readings(path: str, sent: object) -> Iterator[str]:
    """What a path may mean: a place of the statement, of its body, or of the body that a correction claims."""
    if not path:
        return
    yield path
    if path in _DEFAULTS:
        yield _DEFAULTS[path]
    if not path.startswith("/body/as/"):
        inner = path.removeprefix("/body")
        yield f"/body/as/body{inner}"
        yield f"/body{inner}"


def _reach(sent: object, path: str, *, missing: bool = False) -> tuple[str, bool]:
    """How far a path leads, and whether all of it; `missing`: its last step names what is not there."""
    value, place, steps = sent, "", path.split("/")[1:]
    for number, written in enumerate(steps):
        step = written.replace("~1", "/").replace("~0", "~")
        if isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value, place = value[int(step)], f"{place}/{step}"
        elif isinstance(value, dict) and step in value:
            value, place = value[step], pointer(place, step)
        elif isinstance(value, dict) and step in _closed(value):
            return f"{place}/{closed.CLOSED}/{step}", True
        else:
            last = missing and isinstance(value, dict) and number == len(steps) - 1
            return (pointer(place, step), True) if last else (place, False)
    return place, True


def _closed(members: Mapping[str, Any]) -> Mapping[str, Any]:
    found = members.get(closed.CLOSED)
    return found if isinstance(found, dict) else {}


def _found(value: object, text: object, place: str) -> Iterator[str]:
    """Where a text stands."""
    if value == text:
        yield place
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in steps:
        yield from _found(inner, text, pointer(place, step))
