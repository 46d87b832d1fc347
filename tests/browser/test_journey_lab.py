"""A mill test report is read, its values are compared and ticked, and a draft begins that names document and page."""

import pytest

from tests.browser.visitor import Clerks, in_variants

pytestmark = [pytest.mark.browser, in_variants("desk", "plain-phone")]
REPORT = """Certificate No.: 815
Country of origin: Estonia

Heat No.   Net weight (kg)   Nd (wt.%)   Pr (wt.%)
H-1        1,250.5           22.45       6.81
H-2        1,248.0           22.51       <0.05
"""


def test_of_a_report_of_two_heats_one_begins_a_source_lot(clerks: Clerks) -> None:
    dana = clerks("dana").go("/lab/")
    report = {"name": "mill.txt", "mimeType": "text/plain", "buffer": REPORT.encode()}
    dana.page.set_input_files("[name=file]", report)  # type: ignore[arg-type]
    dana.press("Upload and read").reads("H-1", "22.45", "Below what the laboratory can tell", "Not found")
    dana.choose("lot0-target", "A new lot").choose("lot1-target", "Leave out")
    for name in ("lot_number", "mass_kg", "country", "content-Nd", "content-Pr"):
        dana.page.locator(f"main [name=lot0-take-{name}]").check()
    dana.page.locator("main [name=lot0-value-basis]").select_option("dry_mass")
    dana.page.locator("main [name=lot0-take-basis]").check()
    dana.press("Make drafts of what is ticked")
    dana.reads("Record a source lot").choose("origin", "Mined").fill(occurred_from="2026-03-05 06:00").go_on()
    dana.fill(material="NdPr alloy").choose("stage", "Alloy").go_on()
    assert dana.page.locator("main [name=assay-report]").input_value().startswith("mill.txt")
    assert dana.page.locator("main [name=assay-rows-0-content_pct]").input_value() == "22.45"
