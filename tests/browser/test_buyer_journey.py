"""A buyer's compliance engineer in a real browser, without an account: scan, read, doubt, check, download."""

import csv
import io
from typing import TYPE_CHECKING

import pytest

from tests.browser.test_auditor_journey import chain, nothing_overflows  # noqa: F401  a fixture
from tests.demo_chain import Demo

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

pytestmark = pytest.mark.browser


def test_a_buyer_reads_and_checks_a_declaration(context: "BrowserContext", live_site: str, chain: Demo) -> None:  # noqa: F811
    page, reference = context.new_page(), chain.declaration.reference
    page.goto(f"{live_site}/declarations/")
    page.get_by_label("Find", exact=True).fill("magnets")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name=reference).click()

    assert page.locator(".doc-kind").inner_text() == "EPD-style declaration, not verified, illustrative figures"
    assert page.locator(".big").inner_text() == "27.4"
    assert page.get_by_text("not declared").count() > 10
    with page.expect_download() as table:
        page.get_by_role("link", name="Results with all digits, CSV").click()
    rows = list(csv.DictReader(io.StringIO(table.value.path().read_text())))
    assert rows[0]["a1_a3"] == "27.425316085576"

    page.get_by_role("link", name="See every check").click()
    page.get_by_role("heading", name="What could be checked holds").wait_for()
    assert page.locator(".checks > li").count() == 16

    page.goto(f"{live_site}/verify/")
    page.get_by_label("Reference or custody hash").fill("a" * 64)
    page.get_by_label("Reference or custody hash").press("Enter")
    page.get_by_text("This record does not know it.").wait_for()
    nothing_overflows(page, live_site, [f"/d/{reference}", f"/verify/?q={reference}", "/declarations/", "/verify/"])


def test_the_declaration_reads_and_prints_without_script(chromium: "Browser", live_site: str, chain: Demo) -> None:  # noqa: F811
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto(f"{live_site}/d/{chain.declaration.reference}")
    assert page.locator(".big").inner_text() == "27.4"
    assert page.locator("button[data-copy]").first.is_hidden()
    page.get_by_text("The same as a table").first.click()
    assert page.get_by_role("cell", name="23.381").first.is_visible()
    assert len(page.pdf(format="A4")) > 20_000
    context.close()
