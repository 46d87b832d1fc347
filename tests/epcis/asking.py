"""Short ways to capture and to ask, and the description of GS1 that answers are held against."""

import json
from functools import cache
from typing import Any
from urllib.parse import quote

import jsonschema
from django.http import HttpResponse
from django.test import Client

from tests.standards import standards_path

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
# The description contradicts itself here; its example and the text of the standard say what we do.
NOT_HELD = {
    ("409", "status"): "its schema of a 409 names the status 406",
}


def event(number: int = 1, **changes: Any) -> dict[str, Any]:
    found = {
        "type": "ObjectEvent",
        "eventTime": f"2026-11-{number:02d}T10:00:00.000+01:00",
        "eventTimeZoneOffset": "+01:00",
        "action": "OBSERVE",
        "bizStep": "shipping",
        "disposition": "in_transit",
        "epcList": [f"urn:epc:id:sgtin:4012345.011111.{number}"],
        "readPoint": {"id": "urn:epc:id:sgln:4012345.00005.0"},
    } | changes
    return {name: value for name, value in found.items() if value is not None}


def document(*events: Any, **changes: Any) -> dict[str, Any]:
    return {
        "@context": [CONTEXT, {"ex": "https://example.com/"}],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-11-22T10:00:00Z",
        "epcisBody": {"eventList": list(events)},
    } | changes


def capture(client: Client, body: Any, **headers: str) -> HttpResponse:
    """The answer to a document that is handed in."""
    content = body if isinstance(body, bytes | str) else json.dumps(body)
    answer = client.post("/epcis/v2/capture", content, content_type="application/json", headers=headers)
    held(answer, "/capture", "post")
    return answer


def job_of(client: Client, answer: HttpResponse) -> dict[str, Any]:
    """The job that an answer leads to."""
    assert answer.status_code == 202, answer.content
    found = client.get(answer["Location"])
    held(found, "/capture/{captureID}", "get")
    return json.loads(found.content)


def ask(client: Client, path: str, pattern: str = "", **query: str) -> Any:
    """The answer to a GET, held against the description, and read."""
    answer = client.get(f"/epcis/v2/{path}", query)
    held(answer, pattern or f"/{path}", "get")
    return json.loads(answer.content)


def events_in(found: Any) -> list[dict[str, Any]]:
    return found["epcisBody"]["queryResults"]["resultsBody"]["eventList"]


def escaped(uri: str) -> str:
    return quote(uri, safe="")


def held(answer: HttpResponse, path: str, method: str) -> None:
    """Fails unless an answer is one that the description of GS1 foresees, with the headers and the body it wants."""
    described = resolved(description()["paths"][path][method]["responses"].get(str(answer.status_code)))
    assert described is not None, (path, method, answer.status_code, answer.content)
    for name, header in described.get("headers", {}).items():
        if resolved(header).get("required"):
            assert answer.has_header(name), name
    contents = described.get("content", {})
    if not contents or answer.status_code == 204:
        return
    kind = answer["Content-Type"].partition(";")[0]
    schema = contents.get(kind) or (contents.get("application/json") if kind.endswith("json") else None)
    assert schema, (kind, list(contents))
    body = json.loads(answer.content)
    for error in validator(json.dumps(schema["schema"])).iter_errors(body):
        if (str(answer.status_code), str(error.path[-1]) if error.path else "") not in NOT_HELD:
            raise AssertionError((path, answer.status_code, error.message[:300], list(error.path)))


@cache
def description() -> dict[str, Any]:
    found = json.loads(standards_path("epcis/gs1-epcis/rest/openapi-2.0.0.json").read_text())
    # Each job is right under both of two alternatives of which it should be right under one: none ever is.
    job = found["components"]["schemas"]["CaptureJob"]["allOf"]
    job[1] = {"anyOf": job[1]["oneOf"]}
    # The patterns of schedules are written for another engine than that of JSON schemas.
    for name, schema in found["components"]["schemas"].items():
        if name.startswith("GS1-Query-"):
            schema.pop("pattern", None)
    return found


@cache
def validator(schema: str) -> jsonschema.Draft7Validator:
    whole = json.loads(schema) | {"components": description()["components"]}
    return jsonschema.Draft7Validator(whole, format_checker=jsonschema.FormatChecker())


def resolved(value: Any) -> Any:
    while isinstance(value, dict) and "$ref" in value:
        found: Any = description()
        for name in value["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        value = found
    return value
