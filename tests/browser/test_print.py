"""Tables on paper: no navigation, no search, no buttons, the head on every sheet, no column beyond the edge."""

import re
from typing import TYPE_CHECKING

import pytest

from tests.browser.visitor import sign_in
from tests.demo_chain import Demo

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

pytestmark = pytest.mark.browser
A4 = {"width": 672, "height": 983}
"""A sheet of A4 inside its margins, in pixels of CSS."""
BEYOND = """() => [...document.querySelectorAll("table, table *")]
    .filter(one => one.getClientRects().length && one.getBoundingClientRect().right > innerWidth + 1)
    .filter(one => !one.closest(".vh")).map(one => one.outerHTML.slice(0, 100))"""
SHOWN = "form[role=search], nav, .btn, th.acts, .tabs, .pages"


@pytest.mark.parametrize(
    ("who", "path"),
    [("isarmagnet", "/stock/?state=all"), ("isarmagnet", "/audit/"), ("auditor", "/lots/"),
     ("operator", "/operator/organisations/"), ("isarmagnet", "/declarations/"), ("isarmagnet", "/receipts/"),
     ("isarmagnet", "/lots/{MAG-1}/"), ("isarmagnet", "/lots/compare/?a={MAG-1}&b={ALLOY-1}")],
)  # fmt: skip
def test_a_table_is_whole_on_paper(context: "BrowserContext", live_site: str, chain: Demo, who: str, path: str) -> None:
    page = sign_in(context, live_site, chain, who)
    page.set_viewport_size(A4)
    page.emulate_media(media="print")
    page.goto(live_site + path.format(**chain.ids))
    assert page.locator("table tbody tr").count() > 0
    assert page.evaluate(BEYOND) == []
    assert [one for one in page.locator(SHOWN).all() if one.is_visible()] == []
    assert page.evaluate("getComputedStyle(document.querySelector('thead')).display") == "table-header-group"
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) >= 1
