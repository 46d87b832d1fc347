"""Many lots with one sheet: the template is taken, filled in, uploaded with mistakes, put right, signed."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.browser.visitor import Clerks, Visitor, in_variants
from tests.epcis.asking import document, event
from tests.epcis.test_lots import COMMISSIONED
from tests.formats.workbooks import workbook
from tests.services.market import Market
from traceability.formats.xlsx import read_workbook
from traceability.intake.numbers import NumberStyle

pytestmark = [pytest.mark.browser, in_variants("desk", "plain-phone")]
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


STEP = {"Remark": "", "Step": "1", "What was done": "beneficiation", "Country": "United States",
        "When it began": "2026-03-06 06:00", "Input lot": "ORE-1", "Draw (kg)": "600", "Lot number": "CON-1",
        "Material": "concentrate", "Stage": "Concentrate", "Dry mass (kg)": "50", "What it is to you": "Product",
        "The contents are per cent of": "the dry mass", "Nd2O3 (%)": "7", "Documents": "lab.txt",
        "Energy, reagent, emission or water": "electricity", "Role of the flow": "Electricity",
        "Amount of the flow": "4200", "Unit of the amount": "kWh", "How it is known": "Guess"}  # fmt: skip
FLOW = {"Energy, reagent, emission or water": "process water", "Role of the flow": "Water",
        "Amount of the flow": "3 m3", "How it is known": "Estimated"}  # fmt: skip


def test_a_step_with_its_flows_and_documents(dana: Visitor, market: Market, tmp_path: Path) -> None:
    market.source(lot_number="ORE-1")
    upload(dana.go("/sheets/"), tmp_path / "step.xlsx", list(STEP), [STEP, FLOW], act="transform")
    dana.reads("2 places have to be put right", "No document has this name.", "Choose one of: metered, apportioned")
    dana.page.locator(f"[name={place(list(STEP), 'How it is known', 2)}]").fill("Metered for this step")
    dana.press("Save and check again").reads("1 place has to be put right")
    (tmp_path / "lab.txt").write_text("Nd2O3 7 %")
    dana.page.set_input_files("[name=documents]", tmp_path / "lab.txt")
    dana.press("Upload and check again").reads("What will be signed", "concentrate", "1 statement is signed")
    dana.tick("I have checked these answers").press("Sign and record").reads("CON-1")
    dana.follow("Receipt CON-1").reads("beneficiation", "CON-1")


def test_events_are_looked_at_put_right_and_signed(dana: Visitor, tmp_path: Path) -> None:
    packed = event(5, type="AggregationEvent", action="ADD", epcList=None, disposition=None, bizStep="packing",
                   parentID="urn:epc:id:sscc:4012345.1111111111",
                   childQuantityList=[{"epcClass": "https://mine.example/lots/ORE-77"}])  # fmt: skip
    path = tmp_path / "events.jsonld"
    path.write_text(json.dumps(document(COMMISSIONED, event(3, action="MAKE"), packed)))
    dana.go("/sheets/").choose("act", "Events in EPCIS 2.0")
    dana.page.set_input_files("[name=file]", path)
    dana.press("Upload and check").reads("1 place has to be put right", "Event 2", "/epcisBody/eventList/1/action")
    dana.tick("Leave the event out").press("Save and check again")
    dana.reads("What becomes of each event", "Source lot", "Packing changes neither a lot nor who has it.")
    dana.reads("2 events are kept as they were sent.", "1 statement is signed")
    dana.tick("I have checked these answers").press("Sign and record").reads("ORE-77")
    dana.go("/stock/").reads("ORE-77")


def upload(dana: Visitor, path: Path, headings: list[str], rows: list[dict[str, Any]], act: str = "source") -> None:
    path.write_bytes(workbook([headings, *([row.get(one) for one in headings] for row in rows)]))
    dana.page.locator("main [name=act]").select_option(act)
    dana.page.set_input_files("[name=file]", path)
    dana.press("Upload and check")


def place(headings: list[str], name: str, row: int) -> str:
    """The name of the field of a cell."""
    return f"cell-{row}-{headings.index(name) + 1}"
