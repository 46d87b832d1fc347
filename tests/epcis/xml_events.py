"""Reads the XML form of EPCIS events into the JSON form, for test vectors that exist in XML alone."""

import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

IGNORE = "{https://repository-x.example.com/}ignoreFields"
EVENTS = ("ObjectEvent", "AggregationEvent", "TransactionEvent", "TransformationEvent", "AssociationEvent")
LISTS = ("epcList", "inputEPCList", "outputEPCList", "childEPCs")
QUANTITIES = ("quantityList", "inputQuantityList", "outputQuantityList", "childQuantityList")
PAIRS = ("bizTransactionList", "sourceList", "destinationList")


def read_events(path: Path) -> list[dict[str, Any]]:
    """The events of a file, without what it says is to be ignored."""
    root = ElementTree.parse(path).getroot()  # noqa: S314  (our own vectors)
    ignored = {one.tag for one in root.findall(f".//{IGNORE}/*")}
    found = next(one for one in root.iter() if one.tag == "EventList")
    return [read_event(one, ignored) for one in flat(found) if one.tag in EVENTS]


def flat(element: Element) -> Iterator[Element]:
    """The children, with those of extension wrappers."""
    for child in element:
        if child.tag in ("extension", "baseExtension"):
            yield from flat(child)
        else:
            yield child


def read_event(element: Element, ignored: set[str]) -> dict[str, Any]:
    event: dict[str, Any] = {"type": element.tag}
    for child in flat(element):
        if child.tag in ignored:
            continue
        if child.tag in LISTS:
            event[child.tag] = [text(one) for one in child]
        elif child.tag in QUANTITIES:
            event[child.tag] = [{part.tag: text(part) for part in one} for one in child]
        elif child.tag in PAIRS:
            event[child.tag] = [{**one.attrib, one.tag: text(one)} for one in child]
        elif child.tag == "sensorElementList":
            event[child.tag] = [sensor_element(one) for one in child]
        elif child.tag == "persistentDisposition":
            event[child.tag] = {
                name: [text(one) for one in child.findall(name)]
                for name in ("set", "unset")
                if child.find(name) is not None
            }
        else:
            put(event, child)
    return event


def sensor_element(element: Element) -> dict[str, Any]:
    found: dict[str, Any] = {"sensorReport": []}
    for part in element:
        if part.tag == "sensorReport":
            found["sensorReport"].append(dict(part.attrib))
        elif part.tag == "sensorMetadata":
            found["sensorMetadata"] = dict(part.attrib)
        else:
            put(found, part)
    return found


def put(members: dict[str, Any], element: Element) -> None:
    """A member; a second one of the same name makes a list."""
    value = generic(element)
    if element.tag in members:
        before = members[element.tag]
        members[element.tag] = [*(before if isinstance(before, list) else [before]), value]
    else:
        members[element.tag] = value


def generic(element: Element) -> Any:
    if not len(element) and not element.attrib:
        return text(element)
    found: dict[str, Any] = dict(element.attrib)
    if text(element):
        found["#text"] = text(element)
    for child in element:
        put(found, child)
    return found


def text(element: Element) -> str:
    return (element.text or "").strip()
