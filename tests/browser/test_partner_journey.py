"""A buyer searches, finds what is withheld, asks for it; his supplier finds the request and opens a value."""

from typing import TYPE_CHECKING

import pytest

from tests.browser.test_auditor_journey import chain, nothing_overflows, sign_in  # noqa: F401  a fixture
from tests.demo_chain import Demo

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

pytestmark = pytest.mark.browser


def test_a_key_leads_to_the_search_and_a_code_to_a_lot(context: "BrowserContext", live_site: str, chain: Demo) -> None:  # noqa: F811
    page = sign_in(context, live_site, chain, "isarmagnet")
    page.goto(f"{live_site}/stock/")
    page.keyboard.press("/")
    page.keyboard.type("magnets")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Lots").wait_for()
    assert page.get_by_role("link", name="MAG-1", exact=True).is_visible()

    page.get_by_role("searchbox").fill("MAG/1")
    assert page.get_by_role("searchbox").input_value() == "MAG/1"
    page.get_by_role("searchbox").fill(f"{live_site}/c/{chain.ids['MAG-1']}")
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("heading", name="MAG-1").wait_for()
    nothing_overflows(
        page, live_site, ["/search/?q=magnets", "/search/?q=nonesuch", "/search/?q=magnets&kind=statement"]
    )


def test_a_value_is_asked_for_and_opened_without_script(chromium: "Browser", live_site: str, chain: Demo) -> None:  # noqa: F811
    buyer, supplier = (chromium.new_context(java_script_enabled=False) for _ in range(2))
    page = sign_in(buyer, live_site, chain, "isarmagnet")
    page.goto(f"{live_site}/statements/{bytes(chain.lot('MET-NDPR').made_by.digest).hex()}/")
    page.get_by_role("link", name="Ask to open values").click()
    page.get_by_label("Outputs 1 (didymium metal): Lot number").check()
    page.get_by_label("What you need it for").fill("The passport of our rotor.")
    page.get_by_role("button", name="Send the request").click()
    page.get_by_text("You are told when your partner answers.").wait_for()
    asked = page.url

    other = sign_in(supplier, live_site, chain, "baltika")
    other.goto(f"{live_site}/")
    other.get_by_role("link", name="Read and answer").click()
    other.get_by_label("Outputs 1 (didymium metal): Lot number: MET-NDPR").check()
    other.get_by_role("button", name="Open them").click()
    other.get_by_text("Your partner is told.").wait_for()

    page.goto(asked)
    assert page.get_by_text("(opened)").is_visible()
    page.get_by_role("link", name="Read the statement").click()
    assert page.get_by_role("cell", name="MET-NDPR", exact=True).first.is_visible()
    nothing_overflows(page, live_site, ["/requests/", asked.removeprefix(live_site), "/requests/new/"])
    for one in (buyer, supplier):
        one.close()
