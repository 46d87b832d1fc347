"""The event hash of CBV 2.0 against the vectors of its reference implementation, in JSON and in XML."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.epcis.xml_events import read_events
from tests.standards import standards_path
from traceability.epcis import documents
from traceability.epcis.event_hash import VERSIONS, event_hash, moment, number, pre_hash_2_0, prefixes_of

VECTORS = "epcis/event-hash-vectors"
IGNORE = "https://repository-x.example.com/"
# Of this set the vectors hold the texts alone, without the event.
WITHOUT_EVENT = "epcisDocHavingTooManyUserExtensions"
# Texts that were damaged on their way: they do not hash to the hash beside them, which ours does.
DAMAGED = {
    "epcisDocWithAllGS1Keys": 0,
    "epcisDocWithCustomSchemaInContext": 1,
    "epcisDocWithDefaultSchemaInContext": 1,
}


def sets() -> list[str]:
    found = {one.stem for one in standards_path(f"{VECTORS}/examples").glob("*.prehashes")}
    return sorted(found - {WITHOUT_EVENT})


def read(path: Path) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The events of a vector and the meaning of its prefixes."""
    if path.suffix == ".xml":
        return read_events(path), prefixes_of([])
    document = json.loads(path.read_text())
    prefixes = prefixes_of(document["@context"])
    results = document["epcisBody"].get("queryResults", {})
    ignored = {
        name
        for place in (document, results)
        for key, names in place.items()
        if key.endswith(":ignoreFields") and prefixes[key.partition(":")[0]] == IGNORE
        for name in names
    }
    events = documents.events_of(document)
    return [{name: value for name, value in one.items() if name not in ignored} for one in events], prefixes


def files(name: str) -> list[Path]:
    folder = standards_path(f"{VECTORS}/examples")
    return [path for path in (folder / f"{name}.jsonld", folder / f"{name}.xml") if path.exists()]


def lines(name: str, ending: str) -> list[str]:
    return standards_path(f"{VECTORS}/examples/{name}.{ending}").read_text().split("\n")


@pytest.mark.parametrize("name", sets())
def test_each_set_gives_its_texts_and_hashes_in_each_form(name: str) -> None:
    texts = [line for line in lines(name, "prehashes") if line]
    hashes = [line for line in lines(name, "hashes") if line]
    assert files(name)
    wrong = [at for at, text in enumerate(texts) if sha256(text.encode()).hexdigest() not in hashes[at]]
    assert wrong == ([DAMAGED[name]] if name in DAMAGED else [])
    for path in files(name):
        events, prefixes = read(path)
        for at, event in enumerate(events):
            assert at in wrong or pre_hash_2_0(event, prefixes) == texts[at], path.name
        assert [event_hash(one, prefixes) for one in events] == hashes, path.name


def test_no_vector_is_left_out() -> None:
    assert sum(len([line for line in lines(name, "hashes") if line]) for name in sets()) == 62
    assert len([name for name in sets() if files(name)[0].suffix == ".jsonld"]) == 21
    equal = list(standards_path(f"{VECTORS}/expected_equal").iterdir())
    assert len(equal) == 11


@pytest.mark.parametrize("name", sorted(one.name for one in standards_path(f"{VECTORS}/expected_equal").iterdir()))
def test_writings_that_say_the_same_share_a_hash(name: str) -> None:
    events, prefixes = read(standards_path(f"{VECTORS}/expected_equal") / name)
    assert len(events) > 1
    assert len({event_hash(one, prefixes) for one in events}) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [("collision-1-a", "collision-1-b"), ("ignored-errorDeclaration-a", "ignored-errorDeclaration-b")],
)
def test_different_events_that_share_a_hash_show_why_it_is_never_signed(first: str, second: str) -> None:
    """test_foreign_vectors shows that our own digests of these documents differ."""
    found = [read(standards_path(f"{VECTORS}/collisions/{name}.jsonld")) for name in (first, second)]
    (one, other) = (events[0] for events, _ in found)
    assert one != other
    assert event_hash(one, found[0][1]) == event_hash(other, found[1][1])


def test_the_version_is_part_of_the_name_and_another_can_stand_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    event = {"type": "ObjectEvent", "eventTime": "2026-11-22T10:00:00Z", "eventTimeZoneOffset": "+00:00"}
    assert event_hash(event, {}).endswith("?ver=CBV2.0")
    monkeypatch.setitem(VERSIONS, "CBV2.1", lambda event, prefixes: "another text")
    assert event_hash(event, {}, version="CBV2.1").endswith("?ver=CBV2.1")
    with pytest.raises(KeyError):
        event_hash(event, {}, version="CBV3")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2026-11-22T10:00:00.0005Z", "2026-11-22T10:00:00.000Z"),
        ("2026-11-22T10:00:00.0015Z", "2026-11-22T10:00:00.002Z"),
        ("2026-12-31T23:59:59.9996+00:00", "2027-01-01T00:00:00.000Z"),
        ("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00+14:00"),
        ("soon", "soon"),
    ],
)
def test_a_moment_is_rounded_to_the_even_millisecond(text: str, written: str) -> None:
    assert moment(text) == written


def test_numbers_are_those_that_a_double_holds() -> None:
    assert number("0012.500") == "12.5"
    assert number("+2.0") == "2"
    assert number("12345678901234567890") == "12345678901234567168"
    assert number("1e400") == "inf"


def test_a_prefix_of_epcis_cannot_be_given_another_meaning() -> None:
    assert prefixes_of({"cbv": "https://evil.example/"})["cbv"] == "https://ref.gs1.org/cbv/"
    assert (
        prefixes_of([{"ex": {"@id": "https://example.org/"}}, "https://example.org/c"])["ex"] == "https://example.org/"
    )


def test_what_the_schema_leaves_open_is_hashed_too() -> None:
    """persistentDisposition of an AggregationEvent may hold anything; so may an event of a type of one's own."""
    times = {"eventTime": "2026-11-22T10:00:00Z", "eventTimeZoneOffset": "+00:00"}
    strange = {"set": [{"a": [1, None, {"b": True}]}], "unset": {"c": 1.50}}
    for kind in ("AggregationEvent", "https://example.com/own-event"):
        event = {"type": kind, **times, "persistentDisposition": strange, "epcList": 5 if "own" in kind else []}
        assert event_hash(event, {}).startswith("ni:///sha-256;")
