"""The checked-in description is the one that the code gives, it is valid, and its examples are accepted."""

import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer
from drf_spectacular.validation import validate_schema

from tests.api.clients import Clients
from tests.services.market import urn
from traceability.api.urls import urlpatterns

CHECKED_IN = Path(__file__).parents[2] / "docs" / "openapi.yaml"
CHANGES = CHECKED_IN.with_name("api-changelog.md")


@pytest.fixture(scope="module")
def generated() -> dict[str, Any]:
    found: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return found


def test_the_checked_in_description_is_current(generated: dict[str, Any]) -> None:
    written = OpenApiYamlRenderer().render(generated, renderer_context={})
    assert CHECKED_IN.read_bytes() == written, "Run: make openapi"


def test_the_changes_of_the_version_are_written_down(generated: dict[str, Any]) -> None:
    newest = re.search(r"^## ([0-9.]+)$", CHANGES.read_text(), re.MULTILINE)
    assert newest
    assert generated["info"]["version"] == newest[1]


def test_the_description_is_valid(generated: dict[str, Any]) -> None:
    validate_schema(generated)
    named = {part for path in generated["paths"] for part in path.split("/")}
    assert {"statements", "lots", "declarations", "organisations", "log"} <= named
    assert len(generated["paths"]) >= len(urlpatterns)


def test_every_operation_names_its_refusals_as_problem_documents(generated: dict[str, Any]) -> None:
    for path, methods in generated["paths"].items():
        for method, operation in methods.items():
            place = f"{method} {path}"
            assert {"429", "503"} <= operation["responses"].keys(), place
            for status, response in operation["responses"].items():
                assert response["description"], place
                if int(status) >= 400:
                    assert list(response["content"]) == ["application/problem+json"], place


def test_a_token_is_asked_for_where_the_view_asks_for_one(api: Clients, generated: dict[str, Any]) -> None:
    """What is open to anybody says so (an empty requirement), and everything else answers anybody with 401."""
    opened = {path for path, methods in generated["paths"].items() if {} in methods.get("get", {}).get("security", [])}
    assert {"/api/v1/declarations", "/api/v1/log", "/api/v1/problems"} <= opened
    for path, methods in generated["paths"].items():
        if "get" in methods and "{" not in path:
            assert (api.anybody.get(path).status_code == 401) == (path not in opened), path


def test_the_example_fits_its_schema_and_is_accepted(api: Clients, generated: dict[str, Any]) -> None:
    content = generated["paths"]["/api/v1/statements"]["post"]["requestBody"]["content"]["application/json"]
    [example] = [one["value"] for one in content["examples"].values()]
    schema = {"$ref": "#/components/schemas/LotSource", "components": generated["components"]}
    jsonschema.validate(example, schema)
    answer = api.owner.send("statements", example)
    assert answer.status_code == 201, answer.content
    receipt = {"$ref": "#/components/schemas/Receipt", "components": generated["components"]}
    jsonschema.validate(answer.json(), receipt)


def test_what_the_schema_refuses_the_door_refuses_too(api: Clients, generated: dict[str, Any]) -> None:
    body = api.market.source_body(urn())
    schema = {"$ref": "#/components/schemas/LotSourceBody", "components": generated["components"]}
    jsonschema.validate(body, schema)
    for change in ({"mass_kg": 5}, {"colour": "red"}, {"stage": "soup"}, {"lot": "x"}, {"country": "germany"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(body | change, schema)
        assert api.owner.say("lot.source", body | change).status_code == 400


def test_the_description_is_served(api: Clients) -> None:
    served = yaml.safe_load(api.anybody.get("/api/v1/openapi.yaml").content)
    assert served["paths"].keys() == yaml.safe_load(CHECKED_IN.read_text())["paths"].keys()
