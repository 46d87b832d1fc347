"""Files as suppliers really send them are uploaded, and the page says in a sentence what is wrong, or what was done."""

import zipfile
from collections.abc import Callable
from datetime import datetime
from html import unescape
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.formats.workbooks import RELATIONS, TYPES, by_hand, workbook, worksheet
from tests.intake.test_sheets import SOURCE
from tests.web.test_sheet_pages import row

if TYPE_CHECKING:
    from tests.web.suppliers import People

READY = "statement is signed"


def said(people: "People", content: bytes, name: str = "lots.xlsx") -> str:
    """The page that follows the upload of a file: of the sheet, or the form with what is wrong with the file."""
    given = {"act": "source", "file": SimpleUploadedFile(name, content), "utc_offset": "+00:00"}
    answer = people.owner.post("/sheets/", given, follow=True)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def table(rows: list[list[Any]], delimiter: str = ";") -> str:
    return "".join(delimiter.join(map(str, one)) + "\n" for one in rows)


def merged(_book: Any, sheet: Any) -> None:
    sheet.merge_range("B2:B3", "NdPr oxide")


def computed(_book: Any, sheet: Any) -> None:
    sheet.write_formula(1, 3, "=500+500.5", None, 1000.5)


def failed(_book: Any, sheet: Any) -> None:
    sheet.write_formula(1, 3, "=1/0", None, "#DIV/0!")


def uncomputed(_book: Any, sheet: Any) -> None:
    sheet.write_formula(1, 3, "=500+500.5", None, "")


def hidden(book: Any, sheet: Any) -> None:
    other = book.add_worksheet("Internal prices")
    other.write(0, 0, "12 USD")
    other.hide()
    sheet.set_row(1, None, None, {"hidden": True})


def a_day(book: Any, sheet: Any) -> None:
    sheet.write_datetime(1, 6, datetime(2026, 3, 5, 8), book.add_format({"num_format": "d.m.yyyy hh:mm"}))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("rows", "change", "sentences"),
    [
        ([row("A-1", B=None), row("A-2", B=None)], merged,
         ["The cells B2:B3 are merged. Unmerge them and write the value into each cell.", "B3", "Enter the material."]),
        ([row("A-1", I="75,25")], None, [READY]),
        ([row("A-1")], a_day, [READY]),
        ([row("A-1")], computed, ["Formulas: 1. The values that they had when the file was saved are taken.", READY]),
        ([row("A-1")], failed, ["The spreadsheet could not compute this cell. Write the value itself."]),
        ([row("A-1")], uncomputed, ["This formula has no value. Write the value itself."]),
        ([row("A-1")], hidden, ["Hidden sheets are not read.", "Hidden rows are read too: 1 of them hold something."]),
        ([row("A-1", D="1,000.5"), row("A-2", D="12,5"), row("A-3", D="1,250")], None,
         ["1 place has to be put right", "D4", "Elsewhere in this column “,” parts decimals", "Take “1.250”"]),
        ([row("A-1"), row("A-1")], None,
         ["Row 3 has this lot number too. Give each lot a number of its own.", "Row 2 has this lot number too."]),
    ],
)  # fmt: skip
def test_workbooks(
    people: "People", rows: list[list[Any]], change: Callable[[Any, Any], None] | None, sentences: list[str]
) -> None:
    text = said(people, workbook([SOURCE, *rows], change))
    for sentence in sentences:
        assert sentence in text


@pytest.mark.parametrize(
    ("typed", "right"),
    [("05/03/2026", ""), ("16/03/2026", "2026-03-16 00:00"), ("March 5th", ""), (46086.5, "2026-03-05 12:00")],
)  # fmt: skip
def test_days_as_text(people: "People", typed: Any, right: str) -> None:
    cells = row("A-1")
    cells[6] = typed
    text = said(people, workbook([SOURCE, cells]))
    assert "1 place has to be put right" in text
    assert "G2" in text
    assert "2026-11-16 06:10" in text
    assert (f"Take “{right}”" in text) if right else ("Take “" not in text)


def test_units_mixed_in_one_column(people: "People") -> None:
    bare = [one.replace(" (kg)", "") for one in SOURCE]
    rows = [row("A-1", D="1.2 t"), row("A-2", D="1200"), row("A-3", D="7 bushels")]
    text = said(people, workbook([bare, *rows]))
    assert "Other cells of this column name a unit. Write it here too, or into the heading for all of them." in text
    assert "Use one of these units: kg, t, g, lb." in text
    assert "2 places have to be put right" in text


def test_a_million_empty_rows(people: "People") -> None:
    cells = "".join(f'<c t="inlineStr"><is><t>{one}</t></is></c>' for one in SOURCE)
    filled = "".join(f'<c t="inlineStr"><is><t>{one}</t></is></c>' for one in row("A-1"))
    empty = "".join(f'<row r="{number}"/>' for number in range(2, 1_000_002))
    content = by_hand(worksheet(f'<row r="1">{cells}</row>{empty}<row r="1000002">{filled}</row>'))
    assert len(content) < 10_000_000
    assert READY in said(people, content)


def test_a_zip_bomb(people: "People") -> None:
    """105 MB of blanks in a file of some 100 kB; what the archive declares is told before, what it hides while."""
    bomb = by_hand(worksheet(" " * 105 * 2**20))
    assert len(bomb) < 200_000
    assert "This workbook unpacks to more than 100 MiB." in said(people, bomb)
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (("[Content_Types].xml", TYPES), ("xl/_rels/workbook.xml.rels", RELATIONS)):
            archive.writestr(name, text)
        for number in range(600):
            archive.writestr(f"xl/media/{number}", b"")
    assert "This workbook unpacks to more than 100 MiB." in said(people, file.getvalue())


@pytest.mark.parametrize(
    ("encoding", "material", "sentence"),
    [
        ("utf-8-sig", "größeres Oxid", READY),
        ("utf-16", "氧化镨钕", READY),
        ("cp1252", "größeres Oxid", "It was read as Windows-1252: check letters such as ü."),
        ("gb18030", "氧化镨钕", "It was read as GB 18030"),
    ],
)
def test_encodings(people: "People", encoding: str, material: str, sentence: str) -> None:
    text = said(people, table([SOURCE, row("A-1", B=material)]).encode(encoding), "lots.csv")
    assert sentence in text
    assert material in text


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"Lot number;Material\n\x81\x8d\x8f;caf\xe9 \x81\n", "The characters of this file cannot be read."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "This is neither a workbook nor a table as text."),
        (b"PK\x03\x04 cut off", "This is no workbook. Save it as Excel workbook (.xlsx) or as CSV."),
        (by_hand('<!DOCTYPE a [<!ENTITY a "ha">]>' + worksheet("")), "holds a document type"),
        (b"a;b\nc;d\n", "No row of this file has the headings of this sheet. Begin with the template."),
        (b"", "The submitted file is empty."),
    ],
)  # fmt: skip
def test_what_cannot_be_read(people: "People", content: bytes, sentence: str) -> None:
    assert sentence in said(people, content, "lots.csv")


def test_a_number_that_a_lot_has_already(people: "People") -> None:
    people.lot(lot_number="A-1")
    assert "A lot of yours has this number already." in said(people, workbook([SOURCE, row("a-1")]))
