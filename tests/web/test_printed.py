"""Declarations for print: the numbers of the signed statement, in words too, and the same bytes each time."""

import base64
import hashlib
import io
import json
import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pdfminer.high_level import extract_text
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import resolve1, stream_value

from epd.documents.own import CODES
from epd.lca.indicators import Basis
from epd.services.exchange import NoFont
from epd.web.pdf import charts
from epd.web.pdf.typeset import typeset
from tests.demo_chain import Demo
from tests.web.pages import Page
from tests.web.test_exchange_files import signed
from traceability.web.numbers import n3

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]
MOMENT = datetime(2026, 11, 22, tzinfo=UTC)
STAGES = ("A1", "A2", "A3", "A1-A3")
ANOTHER_PROCESS = """
import hashlib, json, sys
from datetime import UTC, datetime
import django
django.setup()
from epd.web.pdf.typeset import typeset
content, original, moment = json.load(sys.stdin)
print(hashlib.sha256(typeset(content, original, datetime.fromtimestamp(moment, UTC))).hexdigest())
"""


def fetch(demo: Demo, basis: str = "economic") -> bytes:
    answer = demo.client().get(f"/d/{demo.declaration.reference}/files/pdf?basis={basis}")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    return bytes(answer.content)


def content_of(demo: Demo, basis: Basis = Basis.ECONOMIC) -> dict[str, Any]:
    from epd.services import exchange
    from epd.web.pdf import printed

    return printed.content(exchange.export_of(demo.declaration, basis))


def words(pdf: bytes) -> str:
    return " ".join(extract_text(io.BytesIO(pdf)).split())


def tables(content: dict[str, Any], title: str) -> list[list[str]]:
    """The rows of all tables of a section, by the end of its title."""
    [found] = [one for one in content["sections"] if one["title"].endswith(title)]
    return [row for block in found["blocks"] if block["kind"] == "table" for row in block["rows"]]


def refill(content: dict[str, Any], **changed: Any) -> bytes:
    return typeset({**content, **changed}, "{}", MOMENT)


@pytest.mark.parametrize(("basis", "title"), [("economic", "by economic value"), ("mass", "by mass")])
def test_every_number_is_that_of_the_signed_statement_at_three_digits(demo: Demo, basis: str, title: str) -> None:
    wanted = {place: n3(value) for place, value in signed(demo.declaration, basis).items()}
    content = content_of(demo, Basis(basis))
    rows = tables(content, title)
    found = {
        (row[0].partition("\n")[0], stage): value
        for row in rows
        for stage, value in zip(STAGES, row[2:6], strict=True)
        if value != "ND"
    }
    assert found == wanted
    assert {code for code, _ in found} & set(CODES.values())
    assert len(rows) == 38
    text = extract_text(io.BytesIO(fetch(demo, basis)))
    for value in wanted.values():
        assert value in text.split()
    assert text.split().count("ND") >= sum(row[2:6].count("ND") for row in rows)


def test_what_is_not_declared_says_why_and_is_never_zero(demo: Demo) -> None:
    rows = {row[0].partition("\n")[0]: row for row in tables(content_of(demo), "by economic value")}
    assert rows["AP"][2:] == ["ND", "ND", "ND", "ND", "a part of the chain has no value"]
    assert rows["ADPE"][-1] == "no factor in the set"
    assert rows["ETP-fw"][-1] == "not computed by the method of this declaration"
    assert "0" not in {value for row in rows.values() for value in row[2:6]}


def test_it_says_what_it_is_and_has_the_sections_that_readers_expect(demo: Demo) -> None:
    text = words(fetch(demo))
    assert text.startswith("EPD-style declaration, not verified, illustrative figures")
    assert "it is not an EPD under ISO 14025" in text
    assert "Type III" not in text
    rest = text.partition("Contents")[2]
    expected = ("1 Programme information", "2 Company and product", "3 Content declaration", "4 LCA information",
                "5 Modules", "6 Results per kg, by economic value", "7 Results per kg, by mass",
                "8 Lists of programmes", "9 Both allocations", "10 Uncertainty of the headline",
                "11 Additional environmental information", "12 Differences to earlier versions", "13 Statements",
                "14 Abbreviations", "15 References")  # fmt: skip
    for title in expected:
        assert rest.count(title) == 2, title  # in the contents, and where it stands
    assert demo.declaration.reference in text
    assert f"sha256:{bytes(demo.declaration.statement.digest).hex()}" in text


def test_it_is_pdf_a_3_with_the_signed_statement_inside(demo: Demo) -> None:
    document = PDFDocument(PDFParser(io.BytesIO(fetch(demo))))
    about = stream_value(document.catalog["Metadata"]).get_data()
    assert b"<pdfaid:part>3</pdfaid:part>" in about
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in about
    names = resolve1(resolve1(document.catalog["Names"])["EmbeddedFiles"])["Names"]
    [_, attached] = [resolve1(one) for one in names]
    assert attached["AFRelationship"].name == "Source"
    inside = stream_value(resolve1(attached["EF"])["F"]).get_data()
    assert inside == bytes(demo.declaration.statement.envelope)
    digest = hashlib.sha256(base64.b64decode(json.loads(inside)["payload"])).hexdigest()
    assert f"sha256:{digest}" in words(fetch(demo))


def test_two_builds_are_byte_for_byte_the_same(demo: Demo) -> None:
    first = fetch(demo)
    through_api = demo.client().get(f"/api/v1/declarations/{demo.declaration.reference}/files/pdf")
    german = demo.client().get(
        f"/d/{demo.declaration.reference}/files/pdf?basis=economic", headers={"Accept-Language": "de"}
    )
    assert through_api["Content-Type"] == "application/pdf"
    assert first == through_api.content == german.content
    declaration = demo.declaration
    given = [content_of(demo), bytes(declaration.statement.envelope).decode(), declaration.published_at.timestamp()]
    for zone, language in (("Asia/Tokyo", "C"), ("America/Denver", "de_DE.UTF-8")):
        environment = {"TZ": zone, "LANG": language, "DJANGO_SETTINGS_MODULE": "config.settings", "PATH": ""}
        ran = subprocess.run([sys.executable, "-c", ANOTHER_PROCESS], input=json.dumps(given), cwd=ROOT,
                             env=environment, capture_output=True, text=True)  # fmt: skip
        assert ran.stdout.strip() == hashlib.sha256(first).hexdigest(), ran.stderr


def test_what_somebody_wrote_is_text_and_never_markup(demo: Demo) -> None:
    hostile = '#panic("x") *bold* $x^2$ <label> @ref `code` </svg> \\ "quoted" = Heading #sys.inputs.original'
    content = content_of(demo)
    content["sections"][0]["blocks"][0]["rows"][0] = ["Programme", hostile]
    assert hostile in words(refill(content, product="P"))
    assert hostile in words(refill(content, product=hostile))


def test_letters_that_no_font_has_are_named(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    from epd.services import exchange

    content = content_of(demo)
    assert "Магниты κόβαλτος" in words(refill(content, product="Магниты κόβαλτος"))
    with pytest.raises(NoFont, match=r"No font here shows 钕铁\. Take the declaration in another format"):
        refill(content, product="钕铁")

    def chinese(export: Any) -> bytes:
        return refill(content, product="钕铁")

    monkeypatch.setattr(exchange.SLOTS, "pdf", chinese)
    answer = demo.client().get(f"/d/{demo.declaration.reference}/files/pdf")
    assert (answer.status_code, "No font here shows" in answer.content.decode()) == (409, True)
    assert Page(answer.content.decode()).faults == []
    answer = demo.client().get(f"/api/v1/declarations/{demo.declaration.reference}/files/pdf")
    assert (answer.status_code, answer.json()["code"]) == (409, "no_font")


def test_one_that_was_superseded_says_so_and_a_withdrawn_one_is_not_printed(demo: Demo) -> None:
    row = demo.declaration
    address = f"/d/{row.reference}/files/pdf"
    type(row).objects.filter(pk=row.pk).update(status="superseded", reason="New factors.")
    assert "Superseded: New factors." in words(fetch(demo))
    type(row).objects.filter(pk=row.pk).update(status="withdrawn")
    assert demo.client().get(address).status_code == 410


# Charts


def test_a_chart_says_its_figures_in_words() -> None:
    drawn = charts.shares_of_modules([("AP", [("A1", Decimal(3)), ("A2", Decimal(0)), ("A3", Decimal(1))])])
    assert drawn is not None
    assert drawn.about == "AP: A1 75.0 per cent, A2 0 per cent, A3 25.0 per cent."
    assert drawn.svg.count("<rect") == 6
    drawn = charts.two_bars([("By mass", Decimal("1.23456"))], "kg")
    assert drawn is not None
    assert drawn.about == "by mass 1.23 kg."


def test_nothing_is_drawn_that_has_no_share() -> None:
    below = [("A1", Decimal(3)), ("A3", Decimal(-1))]
    assert charts.shares_of_modules([("GWP-total", below), ("ND", []), ("ODP", [("A1", Decimal(0))])]) is None
    assert charts.two_bars([("By mass", Decimal(-1))], "kg") is None
    assert charts.two_bars([], "kg") is None
