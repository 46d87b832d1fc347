"""Our declarations as files of other formats: the numbers of the signed statement, and never more than they are."""

import base64
import io
import json
import zipfile
from decimal import Decimal
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from epd.documents.own import CODES
from epd.services.exchange import KINDS
from tests.demo_chain import Demo
from tests.documents.samples import answers, read
from tests.documents.schemas import faults
from tests.standards import standards_path

DATA = [kind for kind in KINDS if kind != "pdf"]  # tests/web/test_printed.py has that one
pytestmark = pytest.mark.django_db


@pytest.fixture
def published(demo: Demo) -> Any:
    from epd.models import Declaration

    return Declaration.objects.filter(lot=demo.lot("MAG-1"), status="published").first()


def fetch(demo: Demo, published: Any, kind: str, basis: str = "economic") -> bytes:
    answer = demo.client().get(f"/d/{published.reference}/files/{kind}?basis={basis}")
    assert answer.status_code == 200
    assert f"{published.reference}.{basis}.{kind}" in answer["Content-Disposition"]
    through_api = demo.client().get(f"/api/v1/declarations/{published.reference}/files/{kind}?basis={basis}")
    assert through_api.content == answer.content
    return bytes(answer.content)


def signed(published: Any, basis: str) -> dict[tuple[str, str], Decimal]:
    """The declared figures of the signed statement, read without our reader of results."""
    payload = json.loads(base64.b64decode(json.loads(bytes(published.statement.envelope))["payload"]))
    body = payload["body"]
    undeclared = {row.get("indicator") for row in body["not_declared"] if row["basis"] == basis}
    (figures,) = [one for one in body["bases"] if one["basis"] == basis]
    return {
        (CODES[row["indicator"]], "A1-A3" if name == "a1_a3" else name.upper()): Decimal(value)
        for row in figures["indicators"]
        if row["indicator"] not in undeclared
        for name, value in row.items()
        if name in ("a1", "a2", "a3", "a1_a3")
    }


@pytest.mark.parametrize("basis", ["economic", "mass"])
@pytest.mark.parametrize("kind", DATA)
def test_every_number_is_that_of_the_signed_statement(demo: Demo, published: Any, kind: str, basis: str) -> None:
    document = read(fetch(demo, published, kind, basis))
    found = {(one.code, stage.module): value for one in document.results for stage, value in one.values().items()}
    assert found == signed(published, basis)
    assert ("GWP-GHG", "A1-A3") in found
    assert document.uuid == str(published.pk)


@pytest.mark.parametrize("kind", DATA)
def test_a_file_says_that_nobody_verified_it(demo: Demo, published: Any, kind: str) -> None:
    content = fetch(demo, published, kind)
    document = read(content)
    found = answers(document)
    assert "not verified" in document.name
    assert [one.code for one in found["P14"].findings] == ["not_verified"]
    errors = {one.code for answer in found.values() for one in answer.findings if one.severity == "error"}
    assert errors <= {"indicators_missing", "published_later"}  # openEPD has no ND; the clock of the demonstration
    digest = f"sha256:{bytes(published.statement.digest).hex()}"
    whole = content if kind.endswith("json") else b"".join(
        archive.read(name) for archive in [zipfile.ZipFile(io.BytesIO(content))] for name in archive.namelist()
    )  # fmt: skip
    assert digest.encode() in whole


def test_files_are_valid_by_the_schemas_of_their_formats(demo: Demo, published: Any) -> None:
    schema = json.loads(standards_path("epd/openepd_schema/openepd-8.0.0-light-epd.schema.json").read_text())
    Draft202012Validator(schema).validate(json.loads(fetch(demo, published, "openepd.json")))
    for kind in ("ilcd.zip", "ilcd-1.3.zip"):
        with zipfile.ZipFile(io.BytesIO(fetch(demo, published, kind))) as archive:
            (process,) = [name for name in archive.namelist() if "/processes/" in name]
            assert faults(archive.read(process)) == []


def test_indicators_without_a_figure_are_nd(demo: Demo, published: Any) -> None:
    document = read(fetch(demo, published, "ilcd.zip"))
    by_code = {one.code: one for one in document.results}
    assert len(by_code) == 38
    assert {value for _, value in by_code["ETP-fw"].cells} == {None}


def test_what_there_is_not_is_not_found(demo: Demo, published: Any) -> None:
    client = demo.client()
    assert client.get(f"/d/{published.reference}/files/x.json").status_code == 404
    assert client.get(f"/d/{published.reference}/files/openepd.json?basis=x").status_code == 404
    assert client.get(f"/api/v1/declarations/{published.reference}/files/x").status_code == 404
    assert client.get(f"/api/v1/declarations/{published.reference}/files/ilcd.zip?basis=x").status_code == 400


def test_the_figures_of_a_withdrawn_declaration_are_not_given_on(demo: Demo, published: Any) -> None:
    type(published).objects.filter(pk=published.pk).update(status="withdrawn")
    client = demo.client()
    gone = client.get(f"/d/{published.reference}/files/ilcd.zip")
    assert gone.status_code == 410
    assert "This declaration was withdrawn" in gone.content.decode()
    answer = client.get(f"/api/v1/declarations/{published.reference}/files/ilcd.zip")
    assert (answer.status_code, answer.json()["code"]) == (410, "declaration_withdrawn")
    assert b"files/ilcd.zip" not in client.get(f"/d/{published.reference}").content


def test_the_page_leads_to_the_files(demo: Demo, published: Any) -> None:
    html = demo.client().get(f"/d/{published.reference}").content.decode()
    for kind in KINDS:
        for basis in ("economic", "mass"):
            assert f"/d/{published.reference}/files/{kind}?basis={basis}" in html
