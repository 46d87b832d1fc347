"""Tables as text, in the encodings and with the delimiters that spreadsheets write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceability.formats.delimited import read_delimited
from traceability.formats.grid import NotASheet, SheetTooLarge

TABLE = "Lot;Körnung;Masse (kg)\nA-1;größer;12,5\n"
ROWS = {1: {1: "Lot", 2: "Körnung", 3: "Masse (kg)"}, 2: {1: "A-1", 2: "größer", 3: "12,5"}}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_is_read_without_a_doubt(encoding: str) -> None:
    grid = read_delimited(TABLE.encode(encoding))
    assert grid.rows == ROWS
    assert grid.remarks == []


def test_what_german_and_chinese_spreadsheets_write_is_read_and_told():
    german = read_delimited(TABLE.encode("cp1252"))
    assert german.rows == ROWS
    assert "Windows-1252" in german.remarks[0]
    pairs = read_delimited("Lot;größte\nA;süß\n".encode("cp1252"))
    assert pairs.rows == {1: {1: "Lot", 2: "größte"}, 2: {1: "A", 2: "süß"}}
    one_by_one = read_delimited("Lot,铁\nA,水\n".encode("gb18030"))
    assert one_by_one.rows == {1: {1: "Lot", 2: "铁"}, 2: {1: "A", 2: "水"}}
    chinese = read_delimited("批号,物料\nA-1,氧化镨钕\n".encode("gb18030"))
    assert chinese.rows[2] == {1: "A-1", 2: "氧化镨钕"}
    assert "GB 18030" in chinese.remarks[0]


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_each_delimiter_is_found(delimiter: str) -> None:
    text = f'Lot{delimiter}"Mass{delimiter} dry"{delimiter}Stage\nA-1{delimiter}5{delimiter}ore\n'
    assert read_delimited(text.encode()).rows == {
        1: {1: "Lot", 2: f"Mass{delimiter} dry", 3: "Stage"}, 2: {1: "A-1", 2: "5", 3: "ore"},
    }  # fmt: skip


def test_the_line_that_names_the_delimiter_is_no_row():
    assert read_delimited(b"sep=|\r\nLot|Mass\r\nA;1|5\r\n").rows == {1: {1: "Lot", 2: "Mass"}, 2: {1: "A;1", 2: "5"}}


def test_cells_may_hold_line_breaks_and_rows_are_counted_as_a_spreadsheet_counts_them():
    grid = read_delimited(b'Lot;Remark\nA;"two\nlines"\n\nB;x\n')
    assert {number: cells[1] for number, cells in grid.rows.items()} == {1: "Lot", 2: "A", 4: "B"}


@pytest.mark.parametrize("content", [b"\x00\x01\x02\x03" * 9, b"%PDF-1.7\n\x81\x8d", b"caf\xe9 \x81"])
def test_what_is_no_text_is_refused(content: bytes) -> None:
    with pytest.raises(NotASheet):
        read_delimited(content)


def test_a_quotation_without_end_is_refused():
    with pytest.raises(SheetTooLarge):
        read_delimited(b'Lot;Mass\n"A;5\n' + b"B;6\n" * 50_000)


@given(st.binary(max_size=300))
def test_whatever_the_bytes_it_is_read_or_refused(content: bytes) -> None:
    try:
        read_delimited(content)
    except (NotASheet, SheetTooLarge):
        return
