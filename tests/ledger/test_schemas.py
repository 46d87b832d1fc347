"""The published JSON schemas say what the shapes say, as far as a JSON schema can."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.ledger.statements import BODIES, body_of, closed_form, payload
from tests.ledger.test_kinds import CASES, LIMITS, REQUIRED, put
from tests.ledger.test_statement import BAD_HEADERS
from traceability.ledger.field_tables import fields_text
from traceability.ledger.kinds import KINDS
from traceability.ledger.schemas import schema_files, schema_of

FOLDER = Path(__file__).parents[2] / "docs/formats/schemas"
BEYOND_A_SCHEMA = {
    # what is refused all the same, and which words of the schema say so
    "a moisture above 100 %": "A number from 0 to 100.",
    "a tolerance above 0.5 %": "A number from 0 to 0.5.",
    "a concentration above 1": "A number from 0 to 1.",
    "an input named twice": "Each lot stands once.",
    "an output named twice": "Each lot stands once.",
    "an output that is an input": "No lot is an input and an output.",
    "a declaration that succeeds itself": "The successor is another declaration.",
    "a registration that succeeds itself": "The successor is another declaration.",
    "a submission approved by who entered it": "Who approves is another person than who entered it.",
    "a point of the check list left out": "Each point of the check list stands once.",
    "a point answered twice": "Each point of the check list stands once.",
    "ext with a long text": "texts of at most 500 characters",
    "ext with something closed": "open",
}
NOT_DAYS = ("2026-02-30", "2026-02-30T12:00:00Z")
TIMES = ("an end before the start", "a signature before the end")


@cache
def validator(kind: str) -> Draft202012Validator:
    schema = schema_of(KINDS[kind])
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def accepts(kind: str, body: dict[str, Any]) -> bool:
    content = json.loads(payload(kind)) | {"body": body}
    return bool(validator(kind).is_valid(content))


def test_the_published_schemas_are_current() -> None:
    """`manage.py record_schemas` writes them."""
    published = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.json")}
    assert published == schema_files()
    assert (FOLDER.parent / "fields.md").read_text(encoding="utf-8") == fields_text()


@pytest.mark.parametrize("kind", KINDS)
def test_a_valid_payload_is_accepted_open_and_closed(kind: str) -> None:
    assert list(validator(kind).iter_errors(json.loads(payload(kind)))) == []
    signed, _ = closed_form(KINDS[kind], body_of(kind))
    assert accepts(kind, signed)


@pytest.mark.parametrize("kind", KINDS)
def test_every_wrong_value_is_refused(kind: str) -> None:
    wrong_values: list[Any] = [case.values for case in CASES if case.values[0] == kind]
    for _, place, wrong in wrong_values:
        if wrong not in NOT_DAYS:
            assert not accepts(kind, put(BODIES[kind], place, wrong)), (place, wrong)


@pytest.mark.parametrize("kind", KINDS)
def test_every_missing_field_is_refused(kind: str) -> None:
    required: list[Any] = [case.values for case in REQUIRED if case.values[0] == kind]
    for _, place in required:
        body = json.loads(json.dumps(BODIES[kind]))
        at: Any = body
        for step in place[:-1]:
            at = at[step]
        del at[place[-1]]
        assert not accepts(kind, body), place


@pytest.mark.parametrize("case", LIMITS)
def test_other_rules_are_refused_or_said_in_words(case: str) -> None:
    kind, changes = LIMITS[case]
    if case in BEYOND_A_SCHEMA:
        assert BEYOND_A_SCHEMA[case] in json.dumps(schema_of(KINDS[kind]))
    else:
        assert not accepts(kind, body_of(kind, **changes))


@pytest.mark.parametrize("case", BAD_HEADERS)
def test_a_bad_header_is_refused(case: str) -> None:
    changes, _ = BAD_HEADERS[case]
    content = json.loads(payload("lot.hold")) | changes
    content = {name: value for name, value in content.items() if value is not None}
    assert validator("lot.hold").is_valid(content) == (case in TIMES)


@pytest.mark.parametrize(
    "body",
    [
        {"mass_kg": None, "closed": {"mass_kg": "A" * 43}, "route": "x"},
        {"closed": {"mass_kg": "A" * 42 + "B"}, "mass_kg": None},
        {"closed": {"mass_kg": "A" * 43}},
        {"closed": {"route": "A" * 43}, "route": None},
        {"closed": {"colour": "A" * 43}},
    ],
)
def test_closed_fields_follow_the_same_rules(body: dict[str, Any]) -> None:
    valid = body.get("route") == "x"
    assert accepts("lot.dispose", body_of("lot.dispose", **body)) == valid


def test_wet_mass_and_moisture_stand_together_open_or_closed() -> None:
    both = {"wet_mass_kg": None, "moisture_pct": None}
    closed = {"wet_mass_kg": "A" * 43, "moisture_pct": "A" * 43}
    assert accepts("lot.source", body_of("lot.source", **both))
    assert accepts("lot.source", body_of("lot.source", **both, closed=closed))
    assert accepts("lot.source", body_of("lot.source", moisture_pct=None, closed={"moisture_pct": "A" * 43}))
    assert not accepts("lot.source", body_of("lot.source", **both, closed={"wet_mass_kg": "A" * 43}))
