"""The page on which anybody checks a declaration of anybody."""

import json
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.documents.samples import CLEAN, REAL_XML, openepd, sample
from tests.web.pages import Page
from tests.web.test_lot_pages import words

ADDRESS = "/verify/epd/"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_was_here() -> None:
    cache.clear()


def bring(**files: bytes) -> Any:
    given = {name: SimpleUploadedFile(f"{name}.xml", one) for name, one in files.items()}
    answer = Client().post(ADDRESS, given)
    assert Page(answer.content.decode()).faults == []
    return answer


def test_errors_of_a_published_declaration_are_listed() -> None:
    answer = bring(file=sample(REAL_XML[2]).read_bytes())
    text = words(answer.content.decode())
    assert answer.status_code == 200
    assert "Errors were found" in text
    assert "The total is not the sum of its parts. Correct the wrong figure." in text
    assert "difference 2.82 %" in text
    assert "A difference above 0.6 % of the largest term is a warning, above 2 % an error." in text
    assert "The flow of the declared unit is not in this file." in text


def test_a_clean_declaration_says_that_this_is_no_proof() -> None:
    content = json.dumps(openepd()).encode()
    text = words(bring(file=content).content.decode())
    assert "That does not mean that the figures are true." in text
    assert "Errors were found" not in words(bring(file=sample(CLEAN[1]).read_bytes()).content.decode())


def test_an_earlier_declaration_is_compared() -> None:
    worse = openepd()
    worse["impacts"]["EF 3.1"]["ap"]["C3"]["mean"] = 0.23
    answer = bring(file=json.dumps(worse).encode(), previous=json.dumps(openepd()).encode())
    assert "more than 10 % worse than before" in words(answer.content.decode())


def test_the_report_is_taken_away_as_json() -> None:
    html = bring(file=sample(REAL_XML[2]).read_bytes()).content.decode()
    name = html.partition('href="/verify/reports/')[2].partition('"')[0]
    report = json.loads(Client().get(f"/verify/reports/{name}").content)
    assert (report["format"], report["documents"][0]["word"]) == ("lodestone-epd-check/1", "error")


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "Choose the file of a declaration."),
        ({"file": b""}, "The submitted file is empty."),
        ({"file": b"%PDF-1.7"}, "Bring a declaration as openEPD (JSON), ILCD+EPD (XML or ZIP) or JSON of soda4LCA."),
        ({"file": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}, "This file holds a document type"),
        ({"file": b"{}", "previous": b"x"}, "Bring a declaration as openEPD"),
        ({"file": b" " * (10 * 2**20 + 1)}, "Bring one of at most 10.0"),
    ],
)
def test_what_cannot_be_read_is_said(files: dict[str, bytes], said: str) -> None:
    answer = bring(**files)
    assert answer.status_code == 422
    assert said in words(answer.content.decode())


def test_what_a_file_says_is_no_markup() -> None:
    content = {**openepd(), "product_name": "<script>alert(1)</script>"}
    assert b"<script>alert" not in bring(file=json.dumps(content).encode()).content


def test_checks_are_limited() -> None:
    codes = [bring(file=b"{}").status_code for _ in range(12)]
    assert (codes[:10], codes[11]) == ([200] * 10, 429)
