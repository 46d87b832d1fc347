"""Documents, partners and how one is told, by program."""

from typing import Any

import pytest
from django.test import Client

from tests.api.clients import Clients, act, urn
from tests.api.people import Person
from traceability.models import Membership

PDF = b"%PDF-1.7 assay report"


def store(client: Client, name: str = "report.pdf", content: bytes = PDF) -> Any:
    return client.post(f"/api/v1/documents?name={name}", content, content_type="application/octet-stream")


def test_a_document_is_stored_named_by_a_statement_and_fetched(api: Clients) -> None:
    answer = store(api.owner)
    assert answer.status_code == 201, answer.content
    found = answer.json()
    assert (found["name"], found["media_type"], found["bytes"]) == ("report.pdf", "application/pdf", len(PDF))
    assert store(api.owner, "other.pdf").json() == found
    evidence = {name: found[name] for name in ("name", "media_type", "bytes", "sha256")}
    said = act("lot.source", api.market.source_body(urn()), evidence=[evidence])
    assert api.owner.send("statements", said).status_code == 201
    file = api.owner.get(found["links"]["self"])
    assert b"".join(file) == PDF
    assert "attachment" in file["Content-Disposition"]
    [row] = api.owner.read("documents", name="REPORT").json()["results"]
    assert row == found


def test_documents_of_others_do_not_exist(api: Clients) -> None:
    place = store(api.owner).json()["links"]["self"]
    assert api.customer.get(place).status_code == 404
    assert api.outsider.get(place).status_code == 404
    assert api.anybody.get(place).status_code == 401
    assert api.outsider.read("documents").json()["results"] == []


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("report.pdf", b"MZ\x00\x01", "not_a_document"),
        ("", PDF, "bad_parameter"),
        ("a" * 201, PDF, "bad_parameter"),
    ],
)
def test_what_is_no_document_is_refused(api: Clients, name: str, content: bytes, code: str) -> None:
    assert store(api.owner, name, content).json()["code"] == code


def test_a_document_that_is_too_large_is_refused_before_it_is_read(api: Clients) -> None:
    assert store(api.owner, content=b"a" * (10 * 2**20 + 1)).status_code == 413


def test_partners_are_those_whose_names_one_knows(api: Clients) -> None:
    api.market.send(api.market.source())
    found = api.customer.read("partners").json()["results"]
    assert {"Juniper Flat", "Operator"} <= {one["name"] for one in found}
    [mine] = api.customer.read("partners", name="juniper", country="us").json()["results"]
    assert (mine["urn"], mine["roles"]) == (api.market.mine.organisation.urn, ["supplier"])
    assert "Juniper Flat" not in api.outsider.read("partners").content.decode()
    assert api.anybody.get("/api/v1/partners").status_code == 401


def test_a_person_chooses_how_he_is_told(api: Clients) -> None:
    ada = Person(api.market.mine.organisation, Membership.Role.VIEWER, "ada")
    before = ada.read("notices/preferences").json()
    changed = ada.change("notices/preferences", {"goods.coming": "page"})
    assert changed.json() == before | {"goods.coming": "page"}
    assert ada.change("notices/preferences", {"goods.coming": "pigeon"}).status_code == 400
    assert api.owner.read("notices/preferences").status_code == 403
    assert ada.send("notices/read").status_code == 204
