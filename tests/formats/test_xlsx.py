"""Workbooks as spreadsheets, libraries and attackers write them."""

import struct
import zipfile
from datetime import datetime
from io import BytesIO

import pytest

from tests.formats.workbooks import BOOK, by_hand, workbook, worksheet
from traceability.formats import xlsx
from traceability.formats.grid import MOST_ROWS, Grid, NotASheet, SheetTooLarge, column_number, letters
from traceability.formats.xlsx import Damaged, read_workbook
from traceability.intake.numbers import NumberStyle

POINT, COMMA = NumberStyle.POINT, NumberStyle.COMMA


def one(content: bytes, style: NumberStyle = POINT) -> Grid:
    (grid,) = read_workbook(content, style)
    return grid


def codes(grid: Grid) -> list[tuple[int, int, str]]:
    return [(note.row, note.column, note.code) for note in grid.notes]


def test_texts_and_numbers_stand_at_their_cells():
    grid = one(workbook([["Lot", "Mass"], ["A-1", 12878.168], [None, 3], ["ü é 镨", True]]))
    assert grid.rows == {
        1: {1: "Lot", 2: "Mass"},
        2: {1: "A-1", 2: "12878.168"},
        3: {2: "3"},
        4: {1: "ü é 镨", 2: "TRUE"},
    }


def test_numbers_have_the_readers_decimal_sign_and_the_digits_that_are_shown():
    content = workbook([[1.234, 0.1 + 0.2, 1e-7, 1.5e9, -2]])
    assert one(content, COMMA).rows[1] == {1: "1,234", 2: "0,3", 3: "0,0000001", 4: "1500000000", 5: "-2"}
    assert one(content, POINT).rows[1][1] == "1.234"


def test_a_day_is_written_as_it_is_read_in_forms():
    def write(book, sheet):
        for column, code in enumerate(["yyyy-mm-dd hh:mm", "d.m.yyyy", "[$-409]d-mmm-yy", "hh:mm", '0.0 "days"']):
            value = datetime.fromisoformat("2026-11-16T06:10") if code != "hh:mm" else 0.25
            sheet.write(0, column, 46342.257 if "days" in code else value, book.add_format({"num_format": code}))

    assert one(workbook([], write)).rows[1] == {
        1: "2026-11-16 06:10", 2: "2026-11-16 06:10", 3: "2026-11-16 06:10", 4: "06:00", 5: "46342.257",
    }  # fmt: skip


def test_days_since_1904_are_counted_from_there():
    content = workbook([], lambda book, sheet: sheet.write(0, 0, 0.5, book.add_format({"num_format": "d.m.yyyy"})))
    book = BOOK.replace("<sheets>", '<workbookPr date1904="1"/><sheets>')
    cell = '<row r="1"><c r="A1" t="d"><v>2026-11-16T06:10:00</v></c></row>'
    assert one(by_hand(worksheet(cell), book=book)).rows[1] == {1: "2026-11-16 06:10"}
    assert one(content).rows[1] == {1: "12:00"}


def test_what_is_shown_as_per_cent_is_read_as_per_cent():
    content = workbook([], lambda book, sheet: sheet.write(0, 0, 0.3015, book.add_format({"num_format": "0.00%"})))
    assert one(content, COMMA).rows[1] == {1: "30,15 %"}


def test_formulas_give_their_values_and_say_so():
    def write(_book, sheet):
        sheet.write_formula(0, 0, "=1+1", None, 2)
        sheet.write_formula(0, 1, "=1/0", None, "#DIV/0!")

    grid = one(workbook([], write))
    assert grid.rows[1][1] == "2"
    assert codes(grid) == [(1, 2, "formula_error")]
    assert "Formulas: 2." in grid.remarks[0]
    bare = one(by_hand(worksheet('<row r="1"><c r="A1"><f>1+1</f></c></row>')))
    assert codes(bare) == [(1, 1, "formula_without_value")]


def test_merged_cells_are_named():
    grid = one(workbook([], lambda _book, sheet: sheet.merge_range("B2:B4", "NdPr oxide")))
    assert codes(grid) == [(2, 2, "merged_cells")]
    assert "B2:B4" in grid.notes[0].sentence


def test_hidden_sheets_are_left_out_and_hidden_rows_are_told():
    def write(book, sheet):
        sheet.write(1, 0, "seen by nobody")
        sheet.set_row(1, None, None, {"hidden": True})
        other = book.add_worksheet("Secret")
        other.write(0, 0, "not read")
        other.hide()

    grid = one(workbook([["Lot"]], write))
    assert grid.rows == {1: {1: "Lot"}, 2: {1: "seen by nobody"}}
    assert [remark.partition(":")[0] for remark in grid.remarks] == [
        "Hidden rows are read too",
        "Hidden sheets are not read.",
    ]


def test_a_million_empty_rows_cost_nothing_to_keep():
    rows = "".join(f'<row r="{number}"/>' for number in range(1, 1_000_001))
    grid = one(by_hand(worksheet(f'{rows}<row r="1000002"><c r="B1000002"><v>7</v></c></row>')))
    assert grid.rows == {1000002: {2: "7"}}


def test_two_cells_in_the_corners_are_two_cells():
    """Readers that keep every cell between them ask for 512 GiB and end the process."""
    grid = one(workbook([[1]], lambda _book, sheet: sheet.write(1048575, 100, 2)))
    assert grid.rows == {1: {1: "1"}, 1048576: {101: "2"}}


def test_inline_texts_runs_and_foreign_prefixes_are_read():
    cells = (
        '<row><c t="inlineStr"><is><r><t>Nd</t></r><r><t>Pr</t></r><rPh><t>phonetic</t></rPh></is></c>'
        '<c t="str"><v>text</v></c></row>'
    )
    assert one(by_hand(worksheet(cells))).rows == {1: {1: "NdPr", 2: "text"}}
    prefixed = worksheet('<x:row r="1"><x:c r="A1"><x:v>5</x:v></x:c></x:row>').replace(
        "<worksheet ", '<worksheet xmlns:x="y" '
    )
    assert one(by_hand(prefixed)).rows == {1: {1: "5"}}


def test_a_bomb_is_refused_before_and_while_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = by_hand(worksheet("<row/>" * 2_000_000))
    assert len(bomb) < 100_000
    monkeypatch.setattr(xlsx, "MOST_UNPACKED", 5_000_000)
    with pytest.raises(SheetTooLarge):
        read_workbook(bomb, POINT)
    with pytest.raises((SheetTooLarge, Damaged)):
        read_workbook(declaring(bomb, "xl/worksheets/sheet1.xml", 1000), POINT)


def declaring(content: bytes, name: str, size: int) -> bytes:
    """The archive with another unpacked size in the directory: what is declared and what is there differ."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        info = archive.getinfo(name)
    true, wrong = struct.pack("<L", info.file_size), struct.pack("<L", size)
    return content.replace(true, wrong)


def test_document_types_are_refused():
    laughs = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>' + worksheet("<row><c><v>&b;</v></c></row>")
    with pytest.raises(Damaged):
        read_workbook(by_hand(laughs), POINT)


def test_more_rows_or_columns_than_are_read_are_refused():
    rows = "".join(f'<row r="{number}"><c r="A{number}"><v>1</v></c></row>' for number in range(1, MOST_ROWS + 2))
    with pytest.raises(SheetTooLarge):
        one(by_hand(worksheet(rows)))
    with pytest.raises(SheetTooLarge):
        one(by_hand(worksheet('<row r="1"><c r="ZZ1"><v>1</v></c></row>')))


def test_long_texts_are_cut():
    assert len(one(workbook([["x" * 30_000]])).rows[1][1]) == 2000


@pytest.mark.parametrize(
    "content",
    [
        b"", b"PK\x03\x04", b"not a workbook", b"\xd0\xcf\x11\xe0 an old .xls",
        by_hand("<worksheet><sheetData>"), by_hand(worksheet(""), book="<workbook/>"),
        by_hand(worksheet(""), relations="<none/>"),
    ],
)  # fmt: skip
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(NotASheet):
        read_workbook(content, POINT)


def test_every_shortened_workbook_is_refused_or_read_and_never_fails_otherwise():
    content = workbook([["Lot", "Mass"], ["A-1", 5]])
    for end in range(0, len(content), 37):
        try:
            read_workbook(content[:end], POINT)
        except (NotASheet, SheetTooLarge):
            continue


def test_columns_have_letters():
    assert [letters(number) for number in (1, 26, 27, 702, 703)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert all(column_number(letters(number)) == number for number in range(1, 1000))
    assert column_number("a1") == 0
