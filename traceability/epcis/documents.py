"""EPCIS 2.0 documents and events in JSON: what they must hold (ISO/IEC 19987, JSON binding, schema of 2.0.0).

The rules are written here in our own form, because a general reader of schemas is two hundred times slower; the tests
hold them against the published schema.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from traceability.epcis import vocabulary as words
from traceability.epcis.checks import (
    MOST_FAULTS,
    NONE,
    Check,
    Faults,
    anything,
    below,
    boolean,
    is_uri,
    list_of,
    number,
    one,
    own_name,
    pattern,
    record,
    term,
    text,
    time,
    uri,
    word,
)

_CBV: Final = re.compile(r"urn:epcglobal:cbv|https?://ns\.gs1\.org/cbv/")
_GS1: Final = re.compile(r"https?://(?:www\.)?gs1\.org/voc/")

_uris: Final = list_of(uri)
_distinct_uris: Final = list_of(uri, distinct=True)
_disposition: Final = term(words.DISPOSITIONS, not_under=_CBV)
_place: Final = record({"id": uri}, ["id"], others=anything)
_quantities: Final = list_of(
    record(
        {"epcClass": uri, "quantity": number, "uom": pattern("[A-Z0-9]{2,3}", "Use a unit code of UN/ECE Rec. 20.")},
        ["epcClass"],
    )
)
_party_type: Final = term(words.SOURCE_TYPES, not_under=_CBV)
_transaction: Final = record(
    {"type": term(words.TRANSACTION_TYPES, not_under=_CBV), "bizTransaction": uri}, ["bizTransaction"]
)
_measured: Final = dict.fromkeys(
    ("value", "minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue"), number
)
_about_device: Final = dict.fromkeys(("deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules"), uri)
_sensor_report: Final = record(
    {
        **_measured,
        **_about_device,
        "type": term(words.MEASUREMENTS, not_under=_GS1),
        "exception": term(words.ALERTS, not_under=_GS1),
        "time": time,
        "microorganism": uri,
        "chemicalSubstance": uri,
        "coordinateReferenceSystem": uri,
        "component": term(words.COMPONENTS, not_under=_CBV),
        "stringValue": text,
        "booleanValue": boolean,
        "hexBinaryValue": pattern("[A-Fa-f0-9]+", "Write hexadecimal digits."),
        "uriValue": uri,
        "uom": text,
    },
    ["type"],
    others=own_name,
)
_sensor_metadata: Final = record({**_about_device, "time": time, "startTime": time, "endTime": time}, others=own_name)
_sensor_element: Final = record(
    {"sensorMetadata": _sensor_metadata, "sensorReport": list_of(_sensor_report, least=1)},
    ["sensorReport"],
    others=own_name,
)
_error_declaration: Final = record(
    {
        "declarationTime": time,
        "reason": term(words.ERROR_REASONS, not_under=_CBV),
        "correctiveEventIDs": _uris,
    },
    ["declarationTime"],
    others=own_name,
)


def _persistent_disposition(value: Any) -> Faults:
    """Dispositions that are set, unset, or both."""
    found = _set_and_unset(value)
    if not found and "set" not in value and "unset" not in value:
        return one("Name what is set or what is unset.")
    return found


_set_and_unset: Final = record(dict.fromkeys(("set", "unset"), list_of(_disposition, least=1, distinct=True)))


def context(value: Any) -> Faults:
    """The context of a document (JSON-LD): an address, names with their meaning, or a list of both."""
    if isinstance(value, dict) or is_uri(value):
        return NONE
    if not isinstance(value, list):
        return one("Name the context: an address, names with their meaning, or a list of both.")
    found = NONE
    for at, member in enumerate(value):
        if not isinstance(member, dict) and not is_uri(member):
            found += below(at, one("Write an address, or names with their meaning."))
            if len(found) >= MOST_FAULTS:
                break
    if not found and len(set(map(repr, value))) != len(value):
        return one("Name each one once.")
    return found


def _certification(value: Any) -> Faults:
    return _uris(value) if isinstance(value, list) else uri(value)


_COMMON: Final[dict[str, Check]] = {
    "@context": context,
    "type": anything,
    "eventTime": time,
    "recordTime": time,
    "eventTimeZoneOffset": pattern("[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00", "Write an offset such as +01:00."),
    "eventID": uri,
    "certificationInfo": _certification,
    "errorDeclaration": _error_declaration,
}
_TIMES: Final = ("eventTime", "eventTimeZoneOffset")
_WHERE_AND_WHY: Final[dict[str, Check]] = {
    "bizStep": term(words.BIZ_STEPS, not_under=_CBV),
    "disposition": _disposition,
    "readPoint": _place,
    "bizLocation": _place,
    "bizTransactionList": list_of(_transaction),
    "sourceList": list_of(record({"type": _party_type, "source": uri}, ["type", "source"])),
    "destinationList": list_of(record({"type": _party_type, "destination": uri}, ["type", "destination"])),
    "sensorElementList": list_of(_sensor_element),
}
_ACTION: Final[dict[str, Check]] = {"action": word(words.ACTIONS)}
# The published schema looks at this member in events of two kinds, and lets it stand unread in the others.
_READ_DISPOSITION: Final[dict[str, Check]] = {"persistentDisposition": _persistent_disposition}
_UNREAD_DISPOSITION: Final[dict[str, Check]] = {"persistentDisposition": anything}
_ILMD: Final[dict[str, Check]] = {"ilmd": record({}, others=own_name)}
_CHILDREN: Final[dict[str, Check]] = {"parentID": uri, "childEPCs": _uris, "childQuantityList": _quantities}


def _event(members: Mapping[str, Check], *required: str) -> Check:
    return record({**_COMMON, **_WHERE_AND_WHY, **members}, [*_TIMES, *required], others=own_name)


_MEMBERS: Final[dict[str, Check]] = {
    "ObjectEvent": _event(
        {**_ACTION, **_READ_DISPOSITION, **_ILMD, "epcList": _distinct_uris, "quantityList": _quantities}, "action"
    ),
    "AggregationEvent": _event({**_ACTION, **_UNREAD_DISPOSITION, **_CHILDREN}, "action"),
    "AssociationEvent": _event({**_ACTION, **_UNREAD_DISPOSITION, **_CHILDREN}, "action", "parentID"),
    "TransactionEvent": _event(
        {
            **_ACTION,
            **_UNREAD_DISPOSITION,
            "parentID": uri,
            "epcList": _uris,
            "quantityList": _quantities,
            "bizTransactionList": list_of(_transaction, least=1),
        },
        "action",
        "bizTransactionList",
    ),
    "TransformationEvent": _event(
        {
            **_READ_DISPOSITION,
            **_ILMD,
            "inputEPCList": _distinct_uris,
            "inputQuantityList": _quantities,
            "outputEPCList": _distinct_uris,
            "outputQuantityList": _quantities,
            "transformationID": uri,
        }
    ),
}
_OTHER_EVENT: Final = record({**_COMMON, "type": uri}, ["type", *_TIMES], others=anything)


def _nothing_named(event: Mapping[str, Any], *lists: str) -> bool:
    return not any(event.get(name) for name in lists)


def _object_whole(event: Mapping[str, Any]) -> Faults:
    sensed = event.get("sensorElementList") and "readPoint" in event
    if "epcList" not in event and _nothing_named(event, "quantityList") and not sensed:
        return one("Name what was seen: epcList, quantityList, or sensorElementList with a readPoint.")
    if "ilmd" in event and event.get("action") != "ADD":
        return below("ilmd", one("Master data of a lot belong to the action ADD."))
    return NONE


def _children_whole(event: Mapping[str, Any]) -> Faults:
    if event.get("action") != "DELETE" and _nothing_named(event, "childEPCs", "childQuantityList"):
        return one("Name what is joined: childEPCs or childQuantityList.")
    return NONE


def _transaction_whole(event: Mapping[str, Any]) -> Faults:
    if event.get("action") != "DELETE" and "epcList" not in event and _nothing_named(event, "quantityList"):
        return one("Name what the document is about: epcList or quantityList.")
    return NONE


def _transformation_whole(event: Mapping[str, Any]) -> Faults:
    no_input = _nothing_named(event, "inputEPCList", "inputQuantityList")
    no_output = _nothing_named(event, "outputEPCList", "outputQuantityList")
    if (no_input and no_output) or ((no_input or no_output) and "transformationID" not in event):
        return one("Name what went in and what came out, or one of both and the transformationID.")
    return NONE


_WHOLE: Final = {
    "ObjectEvent": _object_whole,
    "AggregationEvent": _children_whole,
    "AssociationEvent": _children_whole,
    "TransactionEvent": _transaction_whole,
    "TransformationEvent": _transformation_whole,
}


def check_event(event: Any) -> Faults:
    """What is wrong with one event, as it stands in a document."""
    if not isinstance(event, dict):
        return one("Write an object.")
    kind = event.get("type")
    if not isinstance(kind, str):
        return below("type", one("Say what kind of event it is."))
    members = _MEMBERS.get(kind)
    if members is None:
        return _OTHER_EVENT(event)
    return members(event) or _WHOLE[kind](event)


def check_single_event(event: Any) -> Faults:
    """What is wrong with an event that stands alone, and brings its own context."""
    found = check_event(event)
    if isinstance(event, dict) and "@context" not in event:
        found += below("@context", one("An event that stands alone names its context."))
    return found


_attribute: Final = record({"id": uri}, ["id"], others=anything)
_vocabulary_element: Final = record(
    {"id": uri, "attributes": list_of(_attribute), "children": _uris}, ["id"], others=anything
)
_vocabulary: Final = record(
    {"type": uri, "vocabularyElementList": list_of(_vocabulary_element)}, ["type"], others=anything
)
_header: Final = record(
    {"epcisMasterData": record({"vocabularyList": list_of(_vocabulary)}, others=anything)}, others=own_name
)
_frame: Final[dict[str, Check]] = {
    "@context": context,
    "id": uri,
    "type": anything,
    "schemaVersion": pattern(r"[0-9]+(\.[0-9]+)*", "Write a version such as 2.0."),
    "creationDate": time,
}
_document: Final = record(
    {
        **_frame,
        **dict.fromkeys(("instanceIdentifier", "sender", "receiver"), text),
        "epcisHeader": _header,
        "epcisBody": record({"eventList": list_of(anything)}, ["eventList"], others=anything),
    },
    ["@context", "type", "schemaVersion", "creationDate", "epcisBody"],
    others=own_name,
)
_results: Final = record(
    {
        "queryName": text,
        "subscriptionID": text,
        "resultsBody": record(
            {"eventList": list_of(anything), "vocabularyList": list_of(_vocabulary)}, ["eventList"], others=own_name
        ),
    },
    ["queryName", "resultsBody"],
    others=own_name,
)
_query_document: Final = record(
    {**_frame, "epcisBody": record({"queryResults": _results}, ["queryResults"], others=own_name)},
    ["@context", "type", "epcisBody"],
    others=own_name,
)
_FRAMES: Final = {"EPCISDocument": _document, "EPCISQueryDocument": _query_document}
_EVENTS_AT: Final = {
    "EPCISDocument": ("epcisBody", "eventList"),
    "EPCISQueryDocument": ("epcisBody", "queryResults", "resultsBody", "eventList"),
}


def check_frame(document: Any) -> Faults:
    """What is wrong with a document around its events."""
    if not isinstance(document, dict):
        return one("Send an EPCISDocument as a JSON object.")
    kind = document.get("type")
    frame = _FRAMES.get(kind) if isinstance(kind, str) else None
    return frame(document) if frame else below("type", one("Send an EPCISDocument."))


def place_of_events(document: Mapping[str, Any]) -> tuple[str, ...]:
    """The names that lead to the list of events of a document whose frame is right."""
    return _EVENTS_AT[document["type"]]


def events_of(document: Mapping[str, Any]) -> list[Any]:
    """The events of a document whose frame is right."""
    found: Any = document
    for name in place_of_events(document):
        found = found[name]
    return list(found)


def check_document(document: Any) -> Faults:
    """All that is wrong with a document and its events."""
    found = check_frame(document)
    if found:
        return found
    place = "".join(f"/{name}" for name in place_of_events(document))
    for at, event in enumerate(events_of(document)):
        if wrong := check_event(event):
            found += tuple(fault._replace(path=f"{place}/{at}{fault.path}") for fault in wrong)
    return found
