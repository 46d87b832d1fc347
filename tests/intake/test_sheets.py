"""Sheets read by the rule set of the forms: every mistake at its cell."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.workbooks import workbook
from traceability.formats.delimited import read_delimited
from traceability.formats.grid import Grid
from traceability.formats.xlsx import read_workbook
from traceability.intake.drafts import BODIES, read_draft
from traceability.intake.numbers import NumberStyle
from traceability.intake.sheets.book import Book
from traceability.intake.sheets.columns import PLANS, Asks
from traceability.intake.sheets.headings import Layout, lay_out
from traceability.intake.sheets.mistakes import CellMistake
from traceability.intake.sheets.reading import SheetReader
from traceability.intake.sheets.right import right_moment

NOW = datetime(2026, 12, 1, tzinfo=UTC)
LOT = "urn:uuid:01900000-0000-7000-8000-0000000000ff"
SITE = "urn:uuid:01900000-0000-7000-8000-0000000000aa"
SOURCE = ["Lot number", "Material", "Stage", "Dry mass (kg)", "Origin", "Country", "When it began",
          "The contents are per cent of", "Nd2O3 (%)", "Nd2O3 sDev (%)", "Dy2O3 (%)"]  # fmt: skip
ROW = ["A-1", "NdPr oxide", "oxide", "1000.5", "mined", "AU", "2026-11-16 06:10", "dry_mass", "75", "0.5", "0.1"]
STEP = ["Step", "What was done", "Country", "When it began", "Input lot", "Draw (kg)", "Lot number", "Material",
        "Stage", "Dry mass (kg)", "What it is to you", "What was lost", "Mass lost (kg)"]  # fmt: skip


def new_urn(row: int) -> str:
    return f"urn:uuid:01900000-0000-7000-8000-{row:012x}"


def laid(grids: Sequence[Grid], act: str = "source", headings: Mapping[str, str] | None = None) -> Layout:
    """The layout of a sheet, with the headings of the template."""
    plan = PLANS[act]
    layout = lay_out(grids, plan, headings or {column.name: column.key for column in plan.columns})
    assert layout is not None
    return layout


def read(rows: Sequence[Sequence[Any]], act: str = "source", **book: Any) -> tuple[Any, list[CellMistake]]:
    """The acts of a workbook with these rows, and what is wrong, headings first."""
    style = book.get("style", NumberStyle.POINT)
    layout = laid(read_workbook(workbook(rows), style), act)
    acts = list(SheetReader(layout, PLANS[act], Book(NOW, **book), new_urn).acts())
    return acts, [*layout.mistakes, *(one for found in acts for one in found.mistakes)]


def places(mistakes: Sequence[CellMistake]) -> list[tuple[str, int, str]]:
    return [(one.letters, one.row, one.code) for one in mistakes]


def changed(**cells: Any) -> list[Any]:
    """The row with other cells, by the letters of their columns."""
    row = list(ROW)
    for letter, value in cells.items():
        row[ord(letter) - 65] = value
    return row


def test_a_row_becomes_the_body_that_a_form_makes_of_the_same_answers():
    acts, mistakes = read([SOURCE, ROW])
    assert mistakes == []
    assert acts[0].complete
    typed = {
        "lot": new_urn(2), "lot_number": "A-1", "material": "NdPr oxide", "stage": "oxide", "mass_kg": "1000.5",
        "origin": "mined", "country": "AU",
        "assay": {"basis": "dry_mass", "rows": [
            {"species": "Nd2O3", "content_pct": "75", "sdev_rel_pct": "0.5"},
            {"species": "Dy2O3", "content_pct": "0.1"},
        ]},
    }  # fmt: skip
    assert acts[0].body == read_draft("lot.source", typed, NumberStyle.POINT).body
    assert acts[0].header == {
        "occurred_from": "2026-11-16T06:10:00Z", "occurred_to": "2026-11-16T06:10:00Z", "utc_offset": "+00:00",
    }  # fmt: skip


def test_cells_of_a_spreadsheet_mean_what_it_shows():
    row = changed(D=1000.5, G=datetime.fromisoformat("2026-11-16T06:10"), I=75, J=0.5, K=0.1)

    def dates(book, sheet):
        sheet.write_datetime(1, 6, row[6], book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))

    content = workbook([SOURCE, [None if one is row[6] else one for one in row]], dates)
    layout = laid(read_workbook(content, NumberStyle.COMMA))
    (act,) = SheetReader(layout, PLANS["source"], Book(NOW, style=NumberStyle.COMMA), new_urn).acts()
    assert act.body == read([SOURCE, ROW])[0][0].body


@pytest.mark.parametrize(
    ("cells", "place", "code", "right"),
    [
        ({"D": "12,5,1"}, "D", "not_a_number", ""),
        ({"D": "12 t"}, "D", "unit_twice", ""),
        ({"D": "-3"}, "D", "out_of_bounds", ""),
        ({"D": "2026-11-16 00:00"}, "D", "not_a_number", ""),
        ({"C": "oxid"}, "C", "unknown_choice", "oxide"),
        ({"F": "Austalia"}, "F", "unknown_country", "Australia"),
        ({"G": "16/11/2026"}, "G", "not_a_moment", "2026-11-16 00:00"),
        ({"G": "11/12/2026"}, "G", "not_a_moment", ""),
        ({"G": 46342.5}, "G", "not_a_moment", "2026-11-16 12:00"),
        ({"A": ""}, "", "", ""),
        ({"B": ""}, "B", "missing", ""),
        ({"H": ""}, "H", "missing", ""),
        ({"I": "<0.1"}, "I", "not_a_number", ""),
        ({"I": "101"}, "I", "out_of_bounds", ""),
        ({"J": "x"}, "J", "not_a_number", ""),
        ({"B": "bad\u200btext"}, "B", "bad_text", ""),
    ],
)
def test_each_mistake_stands_at_its_cell(cells: dict[str, Any], place: str, code: str, right: str) -> None:
    acts, mistakes = read([SOURCE, changed(**cells)], countries={"australia": "AU"})
    if not code:
        assert mistakes == []
        return
    assert (place, 2, code) in places(mistakes)
    assert next(one.right for one in mistakes if one.code == code) == right
    assert not acts[0].complete


def test_decimal_commas_are_read_in_the_readers_style():
    acts, mistakes = read([SOURCE, changed(D="1.000,5", I="75,25")], style=NumberStyle.COMMA)
    assert mistakes == []
    assert (acts[0].body["mass_kg"], acts[0].body["assay"]["rows"][0]["content_pct"]) == ("1000.5", "75.25")


def test_units_stand_in_the_heading_beside_the_number_or_in_a_column():
    tonnes = [one.replace("(kg)", "[t]") for one in SOURCE]
    assert read([tonnes, changed(D="1.0005")])[0][0].body["mass_kg"] == "1000.5"
    bare = [one.replace(" (kg)", "") for one in SOURCE]
    assert read([bare, changed(D="1.0005 t")])[0][0].body["mass_kg"] == "1000.5"
    acts, _ = read([[*bare, "mass_kg_unit"], [*changed(D="1.0005"), "t"]])
    assert acts[0].body["mass_kg"] == "1000.5"


def test_units_mixed_in_one_column_are_told_where_one_is_missing():
    bare = [one.replace(" (kg)", "") for one in SOURCE]
    _, mistakes = read([bare, changed(A="A-1", D="1.2 t"), changed(A="A-2", D="1200"), changed(A="A-3", D="7 kg")])
    assert places(mistakes) == [("D", 3, "units_mixed")]
    _, mistakes = read([[one.replace("(kg)", "(bushel)") for one in SOURCE], ROW])
    assert ("D", 1, "unknown_unit") in places(mistakes)


def test_lot_numbers_are_given_once():
    _, mistakes = read([SOURCE, ROW, changed(A="a-1"), changed(A="B-7")], numbers=frozenset({"b-7"}))
    assert places(mistakes) == [
        ("A", 2, "lot_number_twice"),
        ("A", 3, "lot_number_twice"),
        ("A", 4, "lot_number_taken"),
    ]
    assert mistakes[0].sentence.startswith("Row 3 ")


def test_headings_are_found_below_a_title_in_any_order_and_language():
    plan = PLANS["source"]
    german = {"Chargennummer": "lot_number", "Material": "material", "Stufe": "stage", "Trockenmasse": "mass_kg"}
    rows = [["Lieferung November"], [], ["Stufe", "Chargennummer *", "Trockenmasse (t)"], ["oxide", "A-1", "1"]]
    layout = laid(read_workbook(workbook(rows), NumberStyle.POINT), headings=german)
    assert layout.row == 3
    assert {number: one.key for number, one in layout.columns.items()} == {1: "stage", 2: "lot_number", 3: "mass_kg"}
    assert {one.code for one in layout.mistakes} == {"column_missing"}
    assert lay_out(read_workbook(workbook([["x", "y"]]), NumberStyle.POINT), plan, german) is None


def test_headings_that_are_unknown_missing_or_twice_are_told_once():
    _, mistakes = read([[*SOURCE[:6], "Colour", "Lot number"], [*ROW[:6], "red", "A-9"], [*changed(A="A-2")[:6]]])
    assert places(mistakes)[:2] == [("G", 1, "unknown_column"), ("H", 1, "heading_twice")]
    assert [one.code for one in mistakes].count("column_missing") == 1


def test_example_rows_and_remarks_are_passed_over():
    acts, mistakes = read([["Remark", *SOURCE], ["Beispiel: so", *ROW], ["urgent", *ROW], ["only a remark"]])
    assert [one.rows for one in acts] == [(3,)]
    assert mistakes == []


def test_merged_cells_block_their_row():
    def merge(_book, sheet):
        sheet.merge_range("B2:B3", "NdPr oxide")

    rows = [SOURCE, changed(B=None), changed(A="A-2", B=None)]
    layout = laid(read_workbook(workbook(rows, merge), NumberStyle.POINT))
    acts = list(SheetReader(layout, PLANS["source"], Book(NOW), new_urn).acts())
    assert places([one for act in acts for one in act.mistakes]) == [("B", 2, "merged_cells"), ("B", 3, "missing")]


def test_rows_of_one_step_are_one_act():
    rows = [
        STEP,
        [
            "1",
            "calcining",
            "AU",
            "2026-11-16 06:10",
            "IN-1",
            "600",
            "OUT-1",
            "oxide A",
            "oxide",
            "400",
            "product",
            "dust",
            "1",
        ],
        ["", "", "", "", "IN-2", "500", "OUT-2", "oxide B", "oxide", "300", "co_product"],
        ["2", "blending", "AU", "2026-11-17 06:10", "OUT-1", "400", "MIX", "oxide C", "oxide", "400", "product"],
    ]
    second = LOT.replace("ff", "fe")
    acts, mistakes = read(rows, "transform", lots={"in-1": [LOT], "in-2": [second]})
    assert mistakes == []
    assert [one.rows for one in acts] == [(2, 3), (4,)]
    assert acts[0].body["inputs"] == [{"lot": LOT, "mass_kg": "600"}, {"lot": second, "mass_kg": "500"}]
    assert [one["lot"] for one in acts[0].body["outputs"]] == [new_urn(2), new_urn(3)]
    assert acts[0].body["losses"] == [{"kind": "dust", "mass_kg": "1"}]
    assert acts[1].body["inputs"] == [{"lot": new_urn(2), "mass_kg": "400"}]
    assert acts[0].header["process"] == [{"step": "calcining", "country": "AU"}]


def test_rows_of_one_step_that_contradict_each_other_are_told():
    rows = [
        STEP,
        ["1", "calcining", "AU", "2026-11-16 06:10", "IN-1", "600", "OUT-1", "oxide A", "oxide", "400", "product"],
        ["1", "roasting", "AU", "", "", "", "OUT-2", "oxide B", "oxide", "", "product"],
    ]
    _, mistakes = read(rows, "transform", lots={"in-1": [LOT]})
    assert places(mistakes) == [("B", 3, "step_differs"), ("J", 3, "missing")]


def test_lots_sites_and_partners_are_named_as_people_name_them():
    headings = ["Lot", "To whom", "Dry mass handed over (kg)", "When"]
    rows = [headings, ["OX-1", "baltika metals", "5", "2026-11-16 06:10"], ["OX-2", "nobody", "5", "2026-11-16 06:10"],
            ["OX-1x", LOT, "5", "2026-11-16 06:10"]]  # fmt: skip
    book = {"lots": {"ox-1": [LOT], "ox-2": [LOT, SITE]}, "partners": {"baltika metals": [SITE]}}
    acts, mistakes = read(rows, "dispatch", **book)
    assert acts[0].body == {"lot": LOT, "to": SITE, "mass_kg": "5", "tolerance_pct": "0.05"}
    assert places(mistakes) == [("A", 3, "name_ambiguous"), ("B", 3, "name_unknown"), ("A", 4, "name_unknown")]
    assert mistakes[-1].right == "ox-1"


def test_export_papers_stand_in_columns_of_their_own():
    headings = ["Lot", "To whom", "Dry mass handed over (kg)", "When", "HS code", "Number of the export licence",
                "Export licence valid until"]  # fmt: skip
    row = ["OX-1", "baltika metals", "5", "2026-11-16 06:10", "2846.90", "24-7", "2026-12-31"]
    book = {"lots": {"ox-1": [LOT]}, "partners": {"baltika metals": [SITE]}}
    acts, mistakes = read([headings, row, [*row[:-1], "soon"]], "dispatch", **book)
    papers = {"hs_code": "2846.90", "licence_number": "24-7", "valid_until": "2026-12-31"}
    assert acts[0].body == {
        "lot": LOT, "to": SITE, "mass_kg": "5", "tolerance_pct": "0.05", "ext": {"lodestone.example/export": papers}
    }  # fmt: skip
    assert places(mistakes) == [("G", 3, "not_a_day")]


def test_what_a_lot_knows_of_itself_is_not_asked():
    dispatch = "sha256:" + "a" * 64
    rows = [["Lot", "Dry mass weighed (kg)", "When"], ["OX-1", "99.98", "2026-11-16 06:10"]]
    about = {LOT: {"dispatch": dispatch, "dispatched_mass_kg": "100", "tolerance_pct": "0.05"}}
    acts, mistakes = read(rows, "receive", lots={"ox-1": [LOT]}, about=about)
    assert mistakes == []
    assert acts[0].body == {"lot": LOT, "dispatch": dispatch, "weighed_mass_kg": "99.98", "difference": "within"}


def test_words_of_the_readers_language_are_the_words_of_the_record():
    acts, mistakes = read([SOURCE, changed(C="Oxid", F="Australien")], words={"stage:oxid": "oxide"},
                          countries={"australien": "AU"})  # fmt: skip
    assert mistakes == []
    assert (acts[0].body["stage"], acts[0].body["country"]) == ("oxide", "AU")


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("16.11.2026", "2026-11-16 00:00"), ("2026/11/16 6:10", "2026-11-16 06:10"),
        ("2026年11月16日", "2026-11-16 00:00"),
        ("13/2/26 7:05", "2026-02-13 07:05"), ("2/13/2026", "2026-02-13 00:00"), ("31.02.2026", ""), ("soon", ""),
        ("46342", "2026-11-16 00:00"),
    ],
)  # fmt: skip
def test_what_a_moment_seems_to_mean_is_proposed(text: str, right: str) -> None:
    assert right_moment(text) == right


def test_a_table_as_text_is_read_by_the_same_rules():
    text = ";".join(SOURCE) + "\n" + ";".join(ROW) + "\n"
    layout = laid([read_delimited(text.encode())])
    (act,) = SheetReader(layout, PLANS["source"], Book(NOW), new_urn).acts()
    assert act.body == read([SOURCE, ROW])[0][0].body


@pytest.mark.parametrize("act", PLANS)
def test_every_column_is_a_field_that_the_rule_set_knows(act: str) -> None:
    """A place that no rule reads would be refused as unknown."""
    plan = PLANS[act]
    assert plan.kind in BODIES
    headings = [one.key for one in plan.columns if one.asks is not Asks.REMARK]
    cells = ["x" if one.asks is not Asks.FIGURE else "1" for one in plan.columns if one.asks is not Asks.REMARK]
    _, mistakes = read([headings, cells], act)
    assert not [one for one in mistakes if one.code in ("unknown_field", "not_text")]


@given(st.lists(st.lists(st.text(max_size=12), max_size=len(SOURCE)), max_size=6))
def test_whatever_stands_in_the_cells_each_act_is_complete_or_says_why(cells: list[list[str]]) -> None:
    grid = Grid("")
    for number, row in enumerate([SOURCE, *cells], 1):
        for column, text in enumerate(row, 1):
            grid.put(number, column, text)
    layout = laid([grid])
    acts = list(SheetReader(layout, PLANS["source"], Book(NOW), new_urn).acts())
    for act in acts:
        assert act.complete != bool(act.mistakes)
        assert all(one.row in act.rows and 0 <= one.column <= len(SOURCE) for one in act.mistakes)
