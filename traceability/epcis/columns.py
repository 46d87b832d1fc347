"""What is kept beside an event so that it is found again."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from traceability.epcis.checks import Fault, Faults
from traceability.epcis.event_hash import CBV_2_0, event_hash
from traceability.epcis.facts import Fact, facts_of
from traceability.epcis.names import CBV, normal_name, normal_word
from traceability.epcis.vocabulary import EVENT_TYPES

LONGEST: Final = 900
_TOO_LONG: Final = f"Use at most {LONGEST} characters."
_FIRST_YEAR: Final = "1900"
_LAST_YEAR: Final = "2999"
_LISTS: Final = (("epcList", "epc"), ("childEPCs", "epc"), ("inputEPCList", "input"), ("outputEPCList", "output"))
_QUANTITIES: Final = (
    ("quantityList", "class"), ("childQuantityList", "class"), ("inputQuantityList", "inputClass"),
    ("outputQuantityList", "outputClass"),
)  # fmt: skip
_TEXTS: Final = (
    "type", "eventID", "bizStep", "disposition", "transformationID", "parentID",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Columns:
    """The values of an event by which it is asked for."""

    event_id: str
    has_own_id: bool
    event_hash: str
    hash_version: str
    key: bytes
    """Of eventID and error declaration: an event is kept once."""
    event_type: str
    event_time: datetime
    action: str
    biz_step: str
    disposition: str
    read_point: str
    biz_location: str
    transformation_id: str
    declared_wrong: bool
    names: frozenset[tuple[str, str]]
    """Roles and names."""
    facts: frozenset[Fact]


def columns_of(event: Mapping[str, Any], prefixes: Mapping[str, str], *, version: str = CBV_2_0) -> Columns:
    """The columns of an event that was checked."""
    hashed = event_hash(event, prefixes, version=version)
    event_id = event.get("eventID") or hashed
    known = event if event["type"] in EVENT_TYPES else {}
    declared = event.get("errorDeclaration")
    return Columns(
        event_id=event_id,
        has_own_id="eventID" in event,
        event_hash=hashed,
        hash_version=version,
        key=hashlib.sha256(f"{event_id}\n{declared.get('declarationTime') if declared else ''}".encode()).digest(),
        event_type=event["type"],
        event_time=datetime.fromisoformat(event["eventTime"].upper()),
        action=known.get("action", ""),
        biz_step=normal_word(known.get("bizStep", ""), f"{CBV}BizStep-"),
        disposition=normal_word(known.get("disposition", ""), f"{CBV}Disp-"),
        read_point=_place(known.get("readPoint")),
        biz_location=_place(known.get("bizLocation")),
        transformation_id=normal_name(known.get("transformationID", "")),
        declared_wrong=declared is not None,
        names=frozenset(_names(known)),
        facts=facts_of(known),
    )


def not_kept(event: Mapping[str, Any]) -> Faults:
    """What keeps a right event from being kept here: names that are too long, times outside the calendar."""
    found = [(f"/{name}", event[name]) for name in _TEXTS if name in event]
    if event["type"] in EVENT_TYPES:
        found += [(f"/{name}/id", event[name]["id"]) for name in ("readPoint", "bizLocation") if name in event]
        found += [(f"/{name}/{at}", one) for name, _ in _LISTS for at, one in enumerate(event.get(name, ()))]
        for name, _ in _QUANTITIES:
            found += [(f"/{name}/{at}/epcClass", one["epcClass"]) for at, one in enumerate(event.get(name, ()))]
    faults = tuple(Fault(path, _TOO_LONG) for path, text in found if isinstance(text, str) and len(text) > LONGEST)
    if not _FIRST_YEAR <= event["eventTime"][:4] <= _LAST_YEAR:
        faults += (Fault("/eventTime", f"Use a year from {_FIRST_YEAR} to {_LAST_YEAR}."),)
    return faults


def _place(place: Mapping[str, Any] | None) -> str:
    return normal_name(place["id"]) if place else ""


def _names(event: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if "parentID" in event:
        yield "parent", normal_name(event["parentID"])
    for name, role in _LISTS:
        for one in event.get(name, ()):
            yield role, normal_name(one)
    for name, role in _QUANTITIES:
        for one in event.get(name, ()):
            yield role, normal_name(one["epcClass"])
