"""Lab sheets: what is found, what is doubtful, what is not found, each at its place in the document."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceability.formats.grid import Grid
from traceability.intake.lab.lines import lines_of_grid, lines_of_text
from traceability.intake.lab.reading import LabLot, LabSheet, read_lab_lines
from traceability.intake.lab.values import Doubt, State, Value


def read(*pages: str) -> LabSheet:
    return read_lab_lines([line for number, page in enumerate(pages, 1) for line in lines_of_text(str(number), page)])


def only(*pages: str) -> LabLot:
    [lot] = read(*pages).lots
    return lot


def contents(lot: LabLot) -> dict[str, str]:
    return {one.species: one.value.value for one in lot.contents}


def content(lot: LabLot, species: str) -> Value:
    return next(one.value for one in lot.contents if one.species == species)


MILL = """
        Inspection certificate 3.1 (EN 10204)
Certificate No.: 2026-0815
Laboratory: Rhein Labor GmbH       Method: ICP-OES, ISO 22036
Country of origin: Estonia

   Heat No.    Net weight (kg)    Nd (wt.%)    Pr (wt.%)    Dy (wt.%)    Fe (wt.%)    B (wt.%)
   Min.                           22.00        6.50         0.40                      0.95
   H-1001      1,250.5            22.45        6.81         0.52         66.9         1.01
   H-1002      1,248.0            22.51        6.79         <0.05        Bal.         1.00
"""
OXIDE = """
 Certificate of Analysis
    Product            NdPr oxide
    Lot No.            NP-26-114
    TREO               99.35 %
    Moisture (LOD)     0.42 %
Item             Unit   Specification   Result
Nd2O3/TREO       %      75 ± 2          75.31
Pr₆O₁₁/TREO      %      25 ± 2          24.62
CeO2/TREO        ppm    ≤ 500           82
Fe2O3            %      ≤ 0.05          0.011
"""
GERMAN = """
Prüfbericht Nr.: PB 77
Prüflabor: Labor Nord
Chargennummer: MET-9
Nettogewicht: 1.004,5 kg
Feuchte: 0,05 %
Alle Angaben in Gew.-%
Element    Soll       Ist
Nd         74 - 76    75,02
Pr         24 - 26    24,61
Eisen      max. 0,3   0,124
"""
CHINESE = """
检测报告
批号：NP-2026-08
检测机构：某检测实验室
原产国：CN
项目          单位    标准值    检测结果
Nd2O3/TREO    %       75±2      75.12
Pr6O11/TREO   %       25±2      24.80
水分          %       ≤0.5      0.12
"""


def test_a_row_a_heat() -> None:
    one, two = read(MILL).lots
    assert (one.lot_number.value, two.lot_number.value) == ("H-1001", "H-1002")
    assert (one.mass_kg.value, two.mass_kg.value) == ("1250.5", "1248")
    assert contents(one) == {"Nd": "22.45", "Pr": "6.81", "Dy": "0.52", "Fe": "66.9", "B": "1.01"}
    assert one.basis.value == "dry_mass"
    assert one.basis.state is State.FOUND
    for lot in (one, two):
        assert lot.report.value == "2026-0815"
        assert lot.laboratory.value == "Rhein Labor GmbH"
        assert lot.method.value == "ICP-OES, ISO 22036"
        assert lot.country.value == "EE"
        assert lot.moisture_pct.state is State.NOT_FOUND


def test_what_is_below_the_limit_or_the_rest_is_no_value() -> None:
    two = read(MILL).lots[1]
    assert content(two, "Dy") == Value(State.DOUBTFUL, "", "<0.05", two.lot_number.place, (Doubt.BELOW_LIMIT,))
    assert content(two, "Fe").doubts == (Doubt.THE_REST,)
    assert content(two, "Fe").value == ""


def test_every_value_names_its_page_and_line() -> None:
    lot = read("Laboratory: Elsewhere", MILL).lots[0]
    place = content(lot, "Nd").place
    assert place is not None
    assert (place.page, place.line) == ("2", 9)
    assert "H-1001" in place.text
    assert lot.laboratory.place is not None
    assert lot.laboratory.doubts == (Doubt.SAID_TWICE,)


def test_a_row_an_analyte_with_its_unit_and_result() -> None:
    lot = only(OXIDE)
    assert lot.lot_number.value == "NP-26-114"
    assert (lot.basis.value, lot.basis.state) == ("treo", State.FOUND)
    assert lot.treo_pct.value == "99.35"
    assert lot.moisture_pct.value == "0.42"
    assert contents(lot) == {"Nd2O3": "75.31", "Pr6O11": "24.62", "CeO2": "0.0082"}
    assert all(one.value.state is State.FOUND for one in lot.contents)


def test_a_formula_that_the_record_does_not_know_is_named() -> None:
    [place] = read(OXIDE).passed_over
    assert place.text.startswith("Fe2O3")


def test_german_with_decimal_commas() -> None:
    lot = only(GERMAN)
    assert lot.lot_number.value == "MET-9"
    assert lot.mass_kg.value == "1004.5"
    assert lot.moisture_pct.value == "0.05"
    assert lot.report.value == "PB 77"
    assert contents(lot) == {"Nd": "75.02", "Pr": "24.61", "Fe": "0.124"}
    assert {one.value.state for one in lot.contents} == {State.FOUND}


def test_chinese() -> None:
    lot = only(CHINESE)
    assert lot.lot_number.value == "NP-2026-08"
    assert lot.country.value == "CN"
    assert lot.laboratory.value == "某检测实验室"
    assert contents(lot) == {"Nd2O3": "75.12", "Pr6O11": "24.8"}
    assert lot.basis.value == "treo"
    assert (lot.moisture_pct.value, lot.moisture_pct.state) == ("0.12", State.FOUND)


def test_heats_side_by_side() -> None:
    one, two = read("Heat No.   H-1     H-2\nNd (%)     29.8    30.1\nPr (%)     0.5     0.6\n").lots
    assert (one.lot_number.value, two.lot_number.value) == ("H-1", "H-2")
    assert contents(one) == {"Nd": "29.8", "Pr": "0.5"}
    assert contents(two) == {"Nd": "30.1", "Pr": "0.6"}


def test_one_lot_a_page() -> None:
    head = "Laboratory: Nord\n"
    page = "Lot No.: {}\nElement  Unit  Result\nNd       %     {}\n"
    one, two = read(head + page.format("A-1", "75.1"), page.format("A-2", "74.9")).lots
    assert (one.lot_number.value, contents(one)) == ("A-1", {"Nd": "75.1"})
    assert (two.lot_number.value, contents(two)) == ("A-2", {"Nd": "74.9"})
    assert two.laboratory.value == "Nord"


def test_two_tables_of_one_heat_are_one_lot() -> None:
    lot = only("Heat   Nd %    Pr %\nH-1    29.8    0.5\n\nHeat   Fe %    B %\nH-1    66.0    1.0\n")
    assert contents(lot) == {"Nd": "29.8", "Pr": "0.5", "Fe": "66", "B": "1"}


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("Element  Result\nNd       29.8\nPr       0.5", Doubt.UNIT_NOT_SAID),
        ("Element  Result (%)\nNd       29.8\nNd       29.9", Doubt.SAID_TWICE),
        ("Nd   %   29.8   30.1", Doubt.SEVERAL_NUMBERS),
        ("Element  Result (ppm)\nNd       1,234", Doubt.TWO_READINGS),
        ("Element  Result (%)\nNd       70.2\nPr       50.1", Doubt.OVER_HUNDRED),
        ("Element  Result (%)\nNd       29.8\nNd2O3    34.7", Doubt.ELEMENT_TWICE),
    ],
)
def test_what_may_mean_something_else_is_doubtful(text: str, doubt: Doubt) -> None:
    nd = content(only(text), "Nd")
    assert nd.state is State.DOUBTFUL
    assert doubt in nd.doubts


def test_a_number_with_two_readings_follows_the_others_of_its_document() -> None:
    nd = content(only("Element  Result (ppm)\nNd       1,234\nPr       12.5"), "Nd")
    assert (nd.state, nd.value) == (State.FOUND, "0.1234")


def test_oxides_without_a_basis_ask_for_it() -> None:
    lot = only("Lot: A\nNd2O3  %  75.0\nPr6O11  %  24.8")
    assert lot.basis.state is State.DOUBTFUL
    assert lot.basis.doubts == (Doubt.BASIS_NOT_SAID,)


def test_oxides_that_sum_to_treo_are_of_the_dry_mass() -> None:
    lot = only("Lot: A\nTREO  98.8 %\nNd2O3  %  74.0\nPr6O11  %  24.8")
    assert (lot.basis.value, lot.basis.state) == ("dry_mass", State.FOUND)
    assert lot.treo_pct.state is State.NOT_FOUND


def test_what_is_not_of_treo_is_doubtful_beside_what_is() -> None:
    lot = only("TREO  99 %\nNd2O3/TREO  %  75\nFe  %  0.1")
    assert content(lot, "Nd2O3").state is State.FOUND
    assert content(lot, "Fe").doubts == (Doubt.OTHER_BASIS,)


def test_masses_in_other_units() -> None:
    assert only("Lot: A\nNet weight: 1.2 t\nNd  %  30").mass_kg.value == "1200"
    assert only("Lot: A\nNet weight (lb)   10\nNd  %  30").mass_kg.value == "4.536"
    assert only("Lot: A\nNet weight: 12\nNd  %  30").mass_kg.doubts == (Doubt.UNIT_NOT_SAID,)


def test_an_empty_cell_does_not_shift_its_neighbours() -> None:
    lot = only("Heat    Nd %      Pr %      Dy %\nH-1     29.8                0.52\n")
    assert contents(lot) == {"Nd": "29.8", "Dy": "0.52"}


def test_a_sheet_of_a_workbook() -> None:
    grid = Grid("Results")
    for row, cells in enumerate([["Batch", "Nd (%)", "", "Dy (%)"], ["B-7", "29.5", "x", "1.25"]], 1):
        for column, text in enumerate(cells, 1):
            grid.put(row, column, text)
    [lot] = read_lab_lines(list(lines_of_grid(grid))).lots
    assert (lot.lot_number.value, contents(lot)) == ("B-7", {"Nd": "29.5", "Dy": "1.25"})
    assert lot.lot_number.place is not None
    assert (lot.lot_number.place.page, lot.lot_number.place.line) == ("Results", 2)


@pytest.mark.parametrize(
    "text", ["", "Dear Sirs,\nthank you for your order of 25 June.\n", "Invoice No. 7\nTotal  1,250.00 EUR"]
)
def test_a_letter_says_nothing_of_lots(text: str) -> None:
    assert read(text).lots == ()


WORDS = (
    "Lot No.",
    "Nd",
    "Nd2O3/TREO",
    "Pr (wt.%)",
    "TREO",
    "Result",
    "Min",
    "%",
    "ppm",
    "<0.1",
    "1,234",
    "12.5 %",
    "n.d.",
    ":",
)


@given(st.lists(st.lists(st.sampled_from(WORDS) | st.text(max_size=8), max_size=6).map("   ".join), max_size=12))
def test_no_text_breaks_the_reader_and_every_value_has_its_place(text: list[str]) -> None:
    for lot in read("\n".join(text)).lots:
        for value in (lot.lot_number, lot.mass_kg, lot.moisture_pct, *(one.value for one in lot.contents)):
            assert (value.state is State.NOT_FOUND) == (value.place is None)
            assert value.state is not State.FOUND or (value.value and not value.doubts)
            assert value.state is not State.DOUBTFUL or value.doubts
