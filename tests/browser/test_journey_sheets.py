"""Many lots with one sheet: the template is taken, filled in, uploaded with mistakes, put right, signed."""

from pathlib import Path
from typing import Any

import pytest

from tests.browser.visitor import Clerks, Visitor, in_variants
from tests.formats.workbooks import workbook
from traceability.formats.xlsx import read_workbook
from traceability.intake.numbers import NumberStyle

pytestmark = [pytest.mark.browser, in_variants("desk")]
LOT = {"Material": "bastnaesite ore", "Stage": "Ore", "Dry mass (kg)": "1000", "Origin": "Mined",
       "Country": "United States", "Facility": "Juniper Flat mine", "When it began": "2026-03-05 06:00",
       "The contents are per cent of": "the dry mass", "Nd2O3 (%)": "0.66"}  # fmt: skip


@pytest.fixture
def dana(clerks: Clerks) -> Visitor:
    """A clerk of the mine."""
    return clerks("dana")


def test_a_sheet_from_the_template_to_the_receipts(dana: Visitor, tmp_path: Path) -> None:
    dana.go("/record/").follow("Many lots with a sheet")
    template = read_workbook(dana.save("Excel"), NumberStyle.POINT)[0]
    headings = [text.removesuffix(" *") for _column, text in sorted(template.rows[1].items())]
    rows = [LOT | {"Lot number": f"ORE-{number}"} for number in range(1, 6)]
    rows[1] |= {"When it began": "16/03/2026"}
    rows[2] |= {"Dry mass (kg)": "12 t"}
    rows[3] |= {"Stage": "Oar"}
    rows[4] |= {"Lot number": "ORE-1"}
    upload(dana, tmp_path / "march.xlsx", headings, rows)
    dana.reads("5 places have to be put right", "The text says t, but kg was chosen. Keep one of them.")
    dana.reads("Row 6 has this lot number too.", "Take “2026-03-16 00:00”")
    at_mass, at_number = (place(headings, name, row) for name, row in (("Dry mass (kg)", 4), ("Lot number", 6)))
    dana.page.locator(f"[name={at_mass}]").fill("12000")
    dana.page.locator(f"[name={at_number}]").fill("ORE-5")
    dana.press("Take all proposals").reads("What will be signed", "5 statements are signed with the key")
    dana.press("Sign and record").reads("Tick the box to say that you have checked the answers.")
    dana.tick("I have checked these answers").press("Sign and record").reads("Signed", "ORE-5")
    assert len(dana.save("CSV").splitlines()) == 6
    dana.follow("Receipt ORE-1").reads("ORE-1")
    dana.go("/stock/").reads("ORE-2", "ORE-5")


def upload(dana: Visitor, path: Path, headings: list[str], rows: list[dict[str, Any]]) -> None:
    path.write_bytes(workbook([headings, *([row.get(one) for one in headings] for row in rows)]))
    dana.page.set_input_files("[name=file]", path)
    dana.press("Upload and check")


def place(headings: list[str], name: str, row: int) -> str:
    """The name of the field of a cell."""
    return f"cell-{row}-{headings.index(name) + 1}"
