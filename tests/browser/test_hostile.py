"""What people and other sites do to a page that no form asks for: frames, heavy photos, impatience, script as text."""

import os
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.visitor import Clerks, Variant, Visitor

if TYPE_CHECKING:
    from tests.services.market import Market

pytestmark = pytest.mark.browser
SCRIPT = "<img src=x onerror=alert(1)><script>alert(2)</script>{{ 7|add:7 }}"
TURNED = "ORE\u202e7-ERO"


@pytest.fixture
def dana(clerks: Clerks) -> Visitor:
    return clerks("dana")


def test_no_other_site_shows_a_page_of_ours_in_a_frame(dana: Visitor) -> None:
    page, trap = dana.page, f'<iframe src="{dana.site}/record/" width="600" height="400"></iframe>'
    page.route("https://trap.example/", lambda route: route.fulfill(content_type="text/html", body=trap))
    page.goto("https://trap.example/", wait_until="networkidle")
    [frame] = [one for one in page.frames if one != page.main_frame]
    assert frame.url.startswith("chrome-error:")


def test_who_clicks_twice_and_goes_back_has_signed_once(dana: Visitor, market: "Market") -> None:
    from traceability.models import Statement

    market.source()
    dana.begin("Put on hold").choose("lot", "ORE-1").fill(reason="a wet bag", occurred_from="2026-04-20 08:00")
    check = dana.to_the_end().tick("I have checked these answers").page
    check.get_by_role("button", name="Sign and record").dblclick()
    # The second click may end the first request: what counts is the page that comes at last.
    check.get_by_text("Entry ").first.wait_for()
    receipt = check.url
    check.go_back()
    check.reload()
    assert check.url == receipt
    assert Statement.objects.filter(kind="lot.hold").count() == 1


@pytest.mark.parametrize("variant", [Variant(390, False)], ids=["plain-phone"])
def test_a_photo_of_100_mb_leaves_the_draft_as_it_was(dana: Visitor, complaints: list[str], tmp_path: Any) -> None:
    photo = tmp_path / "photo.jpg"
    with photo.open("wb") as file:
        file.write(b"\xff\xd8\xff\xe0")
        file.truncate(100 * 2**20)
    dana.begin("Record a source lot").choose("origin", "Mined")
    dana.go_on()
    dana.go(dana.page.url.replace("/lot/", "/documents/").replace("/origin/", "/documents/"))
    address = dana.page.url
    dana.page.set_input_files("#document", photo)
    dana.press("Add and stay here")
    assert "at most 10" in dana.text or "too large" in dana.text.lower()
    dana.go(address)
    assert dana.page.locator("#documents li").count() == 0
    assert os.path.exists(photo)
    complaints.clear()


def test_script_in_every_text_field_is_text(dana: Visitor, market: "Market") -> None:
    market.source()
    said: list[str] = []
    dana.page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    dana.begin("Record a source lot").choose("origin", "Mined").choose("facility", "Juniper Flat mine")
    type_everywhere(dana).fill(occurred_from="2026-03-02 06:00").go_on()
    type_everywhere(dana).choose("stage", "Ore").fill(mass_kg="1000").to_the_end()
    dana.reads(SCRIPT).sign()
    dana.go("/stock/").reads("<script>").follow("<img src=x").reads(SCRIPT)
    dana.go("/search/?q=onerror").reads("<script>")
    dana.go("/organisation/").go("/facilities/").press("Register a facility")
    type_everywhere(dana).choose("country", "United States").fill(occurred_from="2026-03-01 08:00").to_the_end().sign()
    dana.go("/facilities/").reads("<script>")
    assert said == []


def test_a_text_without_a_space_stays_in_its_box(dana: Visitor) -> None:
    dana.begin("Record a source lot").choose("origin", "Mined").choose("facility", "Juniper Flat mine")
    dana.fill(occurred_from="2026-03-02 06:00").go_on()
    dana.fill(lot_number="X" * 300).go_on().reads("Use at most 80 characters.")
    dana.go("/").reads("X" * 300).go("/record/").reads("X" * 300)  # each fits its window


def test_marks_that_turn_text_around_are_not_taken(dana: Visitor) -> None:
    dana.begin("Record a source lot").choose("origin", "Mined").choose("facility", "Juniper Flat mine")
    dana.fill(occurred_from="2026-03-02 06:00").go_on()
    dana.fill(material="ore", lot_number=TURNED, mass_kg="1000").choose("stage", "Ore").go_on()
    dana.reads("to put right", "Your draft is safe.")


def type_everywhere(person: Visitor) -> Visitor:
    """Types script into every text field of the page that is empty."""
    for field in person.page.locator("main input[type=text]:visible, main textarea:visible").all():
        name = field.get_attribute("name") or ""
        if not field.input_value() and "occurred" not in name and "_kg" not in name and "pct" not in name:
            field.fill(SCRIPT)
    return person
