"""The event hash of CBV 2.0 (8.9): a name for what an event says, the same in JSON and XML and whatever its order.

It names events between programs and finds duplicates. It is never signed here: fields are joined without a border, so
that two different events can share a hash (docs/epcis.md). The version is part of the name, and each version is one
function, so that another one stands beside it.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from traceability.epcis.keys import LONGEST_REMEMBERED, canonical
from traceability.epcis.vocabulary import EVENT_TYPES

CBV_2_0: Final = "CBV2.0"
_REMEMBERED: Final = 16384
_IGNORED: Final = frozenset(("@context", "type", "recordTime", "eventID", "errorDeclaration"))
_COMMENTS: Final = frozenset(("comment", "rdfs:comment"))
_CBV: Final = "https://ref.gs1.org/cbv/"
_VOC: Final = "https://gs1.org/voc/"
_OLD_WORDS: Final = (
    ("urn:epcglobal:cbv:bizstep:", f"{_CBV}BizStep-"),
    ("urn:epcglobal:cbv:disp:", f"{_CBV}Disp-"),
    ("urn:epcglobal:cbv:btt:", f"{_CBV}BTT-"),
    ("urn:epcglobal:cbv:sdt:", f"{_CBV}SDT-"),
    ("urn:epcglobal:cbv:er:", f"{_CBV}ER-"),
)
USUAL_PREFIXES: Final[Mapping[str, str]] = {
    "cbv": _CBV,
    "cbvmda": "urn:epcglobal:cbv:mda:",
    "epcis": "https://ref.gs1.org/epcis/",
    "gs1": _VOC,
}
"""What the context of EPCIS 2.0 itself defines, and no document may define anew."""
_BARE: Final = re.compile(r"\w+", re.ASCII)
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", re.ASCII)

_LEADING: Final = ("certificationInfo", "parentID")
_BEFORE_ACTION: Final = (
    "epcList", "inputEPCList", "childEPCs", "quantityList", "childQuantityList", "inputQuantityList", "outputEPCList",
    "outputQuantityList",
)  # fmt: skip
_PAIRS: Final = {
    "bizTransactionList": ("bizTransaction", "BTT-"),
    "sourceList": ("source", "SDT-"),
    "destinationList": ("destination", "SDT-"),
}
_METADATA: Final = (
    "time", "startTime", "endTime", "deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules",
)  # fmt: skip
_REPORT: Final = (
    "type", "exception", "deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "time", "microorganism",
    "chemicalSubstance", "value", "component", "stringValue", "booleanValue", "hexBinaryValue", "uriValue",
    "minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue", "uom", "coordinateReferenceSystem",
)  # fmt: skip
_FORGOTTEN: Final = "bizRules"
_TIMES: Final = frozenset(("time", "startTime", "endTime"))
_WORDS: Final = {"type": _VOC, "exception": _VOC, "component": f"{_CBV}Comp-"}
_EVENT_WORDS: Final = {"bizStep": f"{_CBV}BizStep-", "disposition": f"{_CBV}Disp-"}
_ORDER: Final = (
    "eventTimeZoneOffset", *_LEADING, *_BEFORE_ACTION, "action", "transformationID", *_EVENT_WORDS,
    "persistentDisposition", "readPoint", "bizLocation", "sensorElementList",
)  # fmt: skip
_OWN_OF_EVENT: Final = _COMMENTS | _IGNORED | {"eventTime", *_ORDER, *_PAIRS}
"""What is not the sender's own in an event; and in parts of one:"""
_OWN_OF_OTHER_EVENT: Final = _COMMENTS | _IGNORED | {"eventTime", "eventTimeZoneOffset"}
_OWN_OF_PLACE: Final = _COMMENTS | {"id"}
_OWN_OF_METADATA: Final = _COMMENTS.union(_METADATA)
_OWN_OF_REPORT: Final = _COMMENTS.union(_REPORT, (_FORGOTTEN,))
_OWN_OF_ELEMENT: Final = _COMMENTS | {"sensorMetadata", "sensorReport"}
_OWN_OF_OWN: Final = _COMMENTS | {"#text"}
PreHash = Callable[[Mapping[str, Any], Mapping[str, str]], str]


def prefixes_of(context: object) -> dict[str, str]:
    """The names and addresses that the context of a document gives to prefixes; nothing is fetched."""
    found: dict[str, str] = {}
    for part in context if isinstance(context, list) else [context]:
        for name, meaning in part.items() if isinstance(part, Mapping) else ():
            address = meaning.get("@id") if isinstance(meaning, Mapping) else meaning
            if isinstance(address, str) and not name.startswith("@"):
                found[name] = address
    return {**found, **USUAL_PREFIXES}


def event_hash(event: Mapping[str, Any], prefixes: Mapping[str, str], *, version: str = CBV_2_0) -> str:
    """The name of an event as a `ni:` URI with SHA-256 and the version of the rules (RFC 6920)."""
    digest = hashlib.sha256(VERSIONS[version](event, prefixes).encode("utf-8", "surrogatepass")).hexdigest()
    return f"ni:///sha-256;{digest}?ver={version}"


def pre_hash_2_0(event: Mapping[str, Any], prefixes: Mapping[str, str]) -> str:
    """The text that CBV 2.0 hashes: type, ordered fields, then all others in the order of their text."""
    return _writing(tuple(prefixes.items())).event(event)


VERSIONS: Final[dict[str, PreHash]] = {CBV_2_0: pre_hash_2_0}
"""The text that is hashed, by the version of the vocabulary that defines it."""


class _Writing:
    """Writes parts of events whose prefixes mean these addresses; what was written before is remembered."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._prefixes = prefixes
        self._remembered = lru_cache(_REMEMBERED, typed=True)(self._write_value)
        self._special: dict[str, Callable[[str, Any], str]] = {
            **dict.fromkeys(_BEFORE_ACTION, self._list),
            "persistentDisposition": self._persistent,
            **dict.fromkeys(("readPoint", "bizLocation"), self._place),
            "sensorElementList": self._sensor_elements,
        }

    def event(self, event: Mapping[str, Any]) -> str:
        if event["type"] not in EVENT_TYPES:
            return self._other_event(event)
        parts = [f"eventType={event['type']}eventTime={moment(event['eventTime'])}"]
        for name in _ORDER:
            if name in event:
                write = self._special.get(name)
                value = event[name]
                parts.append(write(name, value) if write else self._field(name, value, _EVENT_WORDS.get(name, "")))
        others = self._others(event, _OWN_OF_EVENT)
        parts += sorted((*self._pairs(event), *others, *self._forgotten(event.get("sensorElementList", ()))))
        return "".join(parts)

    def _other_event(self, event: Mapping[str, Any]) -> str:
        """An event of a type of somebody's own, of whose members only the times are known."""
        offset = self._field("eventTimeZoneOffset", event.get("eventTimeZoneOffset"))
        others = sorted(self._others(event, _OWN_OF_OTHER_EVENT))
        return "".join((f"eventType={event['type']}", f"eventTime={moment(event['eventTime'])}", offset, *others))

    def _field(self, name: str, value: Any, vocabulary: str = "") -> str:
        """A field with its value, or with each of its values; nothing without one."""
        if isinstance(value, list):
            return "".join(sorted([self._said(name, one, vocabulary) for one in value]))
        return "" if value is None else self._said(name, value, vocabulary)

    def _said(self, name: str, value: Any, vocabulary: str) -> str:
        if isinstance(value, dict | list):  # where the published schema lets anything stand
            return self._one(name, value)
        return f"{name}={self._value(value, vocabulary)}"

    def _list(self, name: str, members: Any) -> str:
        """A list of things by name, or of quantities of things."""
        if not members:
            return ""
        if "uantity" in name:
            return name + "".join(sorted(map(self._quantity, members)))
        return name + "".join(sorted([f"epc={self._value(one)}" for one in members]))

    def _quantity(self, element: Mapping[str, Any]) -> str:
        return "quantityElement" + "".join(
            [self._field(name, element[name]) for name in ("epcClass", "quantity", "uom") if name in element]
        )

    def _persistent(self, name: str, value: Any) -> str:
        if not isinstance(value, dict):
            return ""
        return name + "".join([self._field(one, value.get(one), f"{_CBV}Disp-") for one in ("set", "unset")])

    def _place(self, name: str, place: Any) -> str:
        return name + self._known_then_others(place, ("id",), _OWN_OF_PLACE) if place else ""

    def _pairs(self, event: Mapping[str, Any]) -> Iterable[str]:
        """Business documents, sources and destinations, each with its type before its name."""
        for name, (member, vocabulary) in _PAIRS.items():
            if rows := event.get(name):
                written = [
                    self._field("type", row.get("type"), f"{_CBV}{vocabulary}") + self._field(member, row.get(member))
                    for row in rows
                ]
                yield name + "".join(sorted(written))

    def _sensor_elements(self, name: str, elements: Any) -> str:
        return name + "".join(sorted(map(self._sensor_element, elements))) if elements else ""

    def _sensor_element(self, element: Mapping[str, Any]) -> str:
        metadata = element.get("sensorMetadata")
        said = "sensorMetadata" + self._known_then_others(metadata, _METADATA, _OWN_OF_METADATA) if metadata else ""
        reports = [
            "sensorReport" + self._known_then_others(one, _REPORT, _OWN_OF_REPORT) for one in element["sensorReport"]
        ]
        others = self._others(element, _OWN_OF_ELEMENT)
        return "sensorElement" + said + "".join((*sorted(reports), *sorted(others)))

    def _forgotten(self, elements: Iterable[Mapping[str, Any]]) -> Iterable[str]:
        """The rules of reports, which the order of the standard forgot: the vectors put them where others stand."""
        found = [
            "sensorElement" + "".join(sorted(f"sensorReport{rules}" for rules in said))
            for element in elements
            if (said := [rules for one in element["sensorReport"] if (rules := self._rules_of(one))])
        ]
        return ["sensorElementList" + "".join(sorted(found))] if found else []

    def _rules_of(self, report: Mapping[str, Any]) -> str:
        return self._field(_FORGOTTEN, report[_FORGOTTEN]) if _FORGOTTEN in report else ""

    def _known_then_others(self, part: Mapping[str, Any], known: Iterable[str], skipped: frozenset[str]) -> str:
        said = [
            f"{name}={moment(part[name])}" if name in _TIMES else self._field(name, part[name], _WORDS.get(name, ""))
            for name in known
            if name in part
        ]
        return "".join((*said, *sorted(self._others(part, skipped))))

    def _others(self, part: Mapping[str, Any], skipped: frozenset[str]) -> list[str]:
        """Members that the sender added, and those that the standard gives no place."""
        return [text for name, value in part.items() if name not in skipped for text in self._own(name, value)]

    def _own(self, name: str, value: Any) -> Iterable[str]:
        """A member of the sender's own with all that is in it; one text for each member of a list."""
        written = self._name(name)
        if not isinstance(value, list):
            return [self._one(written, value)]
        if written.endswith("List"):
            member = written.removesuffix("List")
            return [written + "".join(sorted([self._one(member, one) for one in value]))]
        return [self._one(written, one) for one in value]

    def _one(self, written: str, value: Any) -> str:
        if isinstance(value, dict):
            own = f"={self._value(value['#text'])}" if value.get("#text") else ""
            return written + own + "".join(sorted(self._others(value, _OWN_OF_OWN)))
        if isinstance(value, list):
            return written + "".join(sorted([self._one("", one) for one in value]))
        return written if value is None or value == "" else f"{written}={self._value(value)}"

    def _name(self, name: str) -> str:
        """A name with the address of its prefix in braces."""
        prefix, colon, rest = name.partition(":")
        return f"{{{self._prefixes[prefix]}}}{rest}" if colon and prefix in self._prefixes else name

    def _value(self, value: Any, vocabulary: str = "") -> str:
        if isinstance(value, str) and len(value) > LONGEST_REMEMBERED:
            return self._write_value(value, vocabulary)
        return self._remembered(value, vocabulary)

    def _write_value(self, value: Any, vocabulary: str = "") -> str:
        """A value as the standard writes it: numbers without padding, words and keys in full."""
        if isinstance(value, bool):
            return "true" if value else "false"
        text = value.strip() if isinstance(value, str) else str(value)
        if vocabulary and _BARE.fullmatch(text):
            return vocabulary + text
        prefix, colon, rest = text.partition(":")
        if colon and prefix in self._prefixes:
            text = self._prefixes[prefix] + rest
        elif _NUMBER.fullmatch(text):
            return number(text)
        if text.startswith("urn:epcglobal:cbv:"):
            for old, new in _OLD_WORDS:
                text = text.replace(old, new)
        return canonical(text) or text


@lru_cache(16)
def _writing(prefixes: tuple[tuple[str, str], ...]) -> _Writing:
    return _Writing(dict(prefixes))


def number(text: str) -> str:
    """A number without padding, as an IEEE 754 double holds it (which CBV 2.0 takes for granted)."""
    found = float(text)
    return str(int(found)) if found.is_integer() else str(found)


def moment(text: str) -> str:
    """A moment in UTC to the millisecond, half to the even one."""
    try:
        found = datetime.fromisoformat(text.strip().upper())
        if found.microsecond % 1000:
            found = found.replace(microsecond=0) + timedelta(microseconds=round(found.microsecond, -3))
        return found.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    except (ValueError, OverflowError):  # no moment, or one at the end of the calendar
        return text
