"""Documents and events of EPCIS 2.0, against the published schema as a general reader of schemas understands it."""

import copy
import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.standards import standards_path
from traceability.epcis.checks import is_uri, time
from traceability.epcis.documents import check_document, check_event, check_single_event, events_of

OFFICIAL = "epcis/gs1-epcis/examples"
OTHERS = "epcis/openepcis-test-resources/2.0/EPCIS/JSON"
# They use words for measurements that came after 2.0.0: Molar_concentration and EffectiveDoseRate.
NEWER = {"SensorData_with_combined_events.json", "TransactionEvent_with_userExtensions.json"}


def files(folder: str, pattern: str) -> list[Path]:
    return sorted(standards_path(folder).rglob(pattern))


def read(path: Path) -> Any:
    return json.loads(path.read_text())


@cache
def schema() -> jsonschema.Draft7Validator:
    rules = json.loads(standards_path("epcis/gs1-epcis/schema/epcis-json-schema-2.0.0.json").read_text())
    return jsonschema.Draft7Validator(rules, format_checker=jsonschema.FormatChecker())


def sentence(found: Any) -> list[str]:
    return [f"{one.path}: {one.sentence}" for one in found]


def test_each_official_example_is_right() -> None:
    found = files(OFFICIAL, "*.jsonld")
    assert len(found) == 47
    for path in found:
        assert not check_document(read(path)), path.name


def test_the_documents_of_others_are_right_but_two_that_use_newer_words() -> None:
    found = files(f"{OTHERS}/Capture/Documents", "*.json")
    assert len(found) == 38
    assert {one.name for one in found if check_document(read(one))} == NEWER
    assert len(files(f"{OTHERS}/Capture/Events", "*.json")) == 5
    for path in files(f"{OTHERS}/Capture/Events", "*.json"):
        assert not check_single_event(read(path)), path.name


@pytest.mark.parametrize("folder", ["Capture/Invalid", "Query/Invalid"])
def test_wrong_documents_are_refused_at_the_place_that_is_wrong(folder: str) -> None:
    found = files(f"{OTHERS}/{folder}", "*.json")
    assert len(found) == {"Capture/Invalid": 15, "Query/Invalid": 2}[folder]
    for path in found:
        faults = check_document(read(path))
        assert faults, path.name
        assert all(one.path and one.sentence.endswith(".") for one in faults)


def test_each_mistake_of_a_document_is_told() -> None:
    path = standards_path(f"{OTHERS}/Capture/Invalid/Combination_of_multiple_invalid_fields.json")
    places = [one.path.removeprefix("/epcisBody/eventList") for one in check_document(read(path))]
    assert places == [
        "/0/bizStep", "/1/disposition", "/2/sourceList/0/type", "/3/ilmd/materialType", "/4/eventTime", "/4/action",
    ]  # fmt: skip


WRONG = (None, 0, True, "", "no uri", [], {}, ["x"], [{}], {"x": 1}, "2026-13-01T00:00:00Z", -1.5, [[]], "ex:own")


def test_each_member_of_each_example_changed_is_judged_as_the_schema_judges_it() -> None:
    """Every member of every official example is taken away and replaced by wrong values, one at a time."""
    tried = 0
    for path in files(OFFICIAL, "*.jsonld"):
        document = read(path)
        event = {"@context": [], **events_of(document)[-1]}
        for at, place in enumerate(places_in(event)):
            for value in (_AWAY, WRONG[at % len(WRONG)]):
                changed = copy.deepcopy(event)
                change(changed, place, value)
                right = schema().is_valid(changed)
                assert right == (not check_single_event(changed)), (path.name, place, value)
                tried += 1
    assert tried > 2000


_AWAY = object()


def places_in(value: Any, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [one for name, inner in members for one in ((*place, name), *places_in(inner, (*place, name)))]


def change(event: Any, place: tuple[Any, ...], value: Any) -> None:
    for name in place[:-1]:
        event = event[name]
    if value is _AWAY:
        del event[place[-1]]
    else:
        event[place[-1]] = value


@pytest.mark.parametrize(
    "text",
    [
        "urn:epc:id:sgtin:0614141.107346.2017",
        "ex:step",
        "geo:50.9,6.9",
        "https://[2001:db8::1]:8/a?b#c",
        "a:",
        "a:/b//c",
    ],
)
def test_what_is_a_uri(text: str) -> None:
    assert is_uri(text)


@pytest.mark.parametrize("text", ["", "a", "1:b", "a:b c", "a:%zz", "a:ü", "https://a b/", "a:#b#c", 5, None])
def test_what_is_no_uri(text: object) -> None:
    assert not is_uri(text)


@pytest.mark.parametrize("text", ["2026-11-22T10:00:00.5Z", "2024-02-29T10:00:00+14:00"])
def test_what_is_a_moment(text: str) -> None:
    assert not time(text)


@pytest.mark.parametrize("text", ["2026-02-29T10:00:00Z", "2026-11-22T10:00:00", "2026-11-22", "0000-01-01T00:00:00Z"])
def test_what_is_no_moment(text: object) -> None:
    assert time(text)


def test_a_member_with_a_slash_in_its_name_keeps_its_pointer() -> None:
    event = {"type": "ObjectEvent", "eventTime": "x", "eventTimeZoneOffset": "+01:00", "action": "ADD", "a/b~c": 1}
    assert sentence(check_event(event))[-1].startswith("/a~1b~0c: ")


@pytest.mark.parametrize("document", [None, [], 5, {}, {"type": 5}, {"type": []}, {"type": "x"}])
def test_what_is_no_document_is_refused(document: object) -> None:
    assert check_document(document)


def test_a_document_full_of_mistakes_is_refused_in_little_time() -> None:
    import time as clock

    event = {
        "type": "ObjectEvent",
        "eventTime": "2026-11-22T10:00:00Z",
        "eventTimeZoneOffset": "+01:00",
        "action": "ADD",
    }
    many = [f"no uri {number}" for number in range(200_000)]
    started = clock.process_time()
    assert len(check_event(event | {"epcList": many})) == 100
    assert len(check_event(event | dict.fromkeys(many, 1))) == 100
    assert check_document({"type": "EPCISDocument", "@context": [f"a:{one}" for one in range(100_000)]})
    assert clock.process_time() - started < 5
