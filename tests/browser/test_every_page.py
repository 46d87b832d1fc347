"""Every kind of page, as somebody meets it who follows all links: it is there, quiet, accessible, and fits a phone."""

from collections import deque
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.visitor import sign_in
from tests.demo_chain import Demo
from tests.web.kinds import kinds_of

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

pytestmark = pytest.mark.browser
MOST_PAGES = 300
GRAVE = ("serious", "critical")
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
OF_NARROW = ("scrollable-region-focusable", "target-size", "label", "color-contrast")
"""Of what axe asks, what the width of the window changes."""
MOST_SHIFT = 0.01
"""Cumulative layout shift; browsers call 0.1 good."""
SHIFTS = """shift = 0; new PerformanceObserver(list => {
    for (const one of list.getEntries()) if (!one.hadRecentInput) shift += one.value;
}).observe({type: "layout-shift", buffered: true})"""
LINKS = """all => all.map(one => new URL(one.getAttribute("href"), location))
    .filter(one => one.origin === location.origin).map(one => one.pathname + one.search)"""


@pytest.mark.parametrize(
    "readers", [("",), pytest.param(("isarmagnet", "auditor", "operator"), marks=pytest.mark.slow)]
)
def test_every_page(context: "BrowserContext", live_site: str, chain: Demo, readers: tuple[str, ...]) -> None:
    failed: list[str] = []
    faults: list[str] = []
    met: set[str] = set()
    for who in readers:
        page = sign_in(context, live_site, chain, who) if who else context.new_page()
        page.emulate_media(reduced_motion="reduce")  # colours change at once
        page.add_init_script(SHIFTS)
        page.on("response", lambda one: failed.append(f"{one.status} {one.url}") if one.status >= 400 else None)
        waiting = deque(["/"])
        while waiting:
            address = waiting.popleft()
            if not _is_page(page, live_site + address):
                continue
            faults += [f"{who} {address}: {fault}" for fault in _faults(page)]
            for link in page.eval_on_selector_all("a[href]", LINKS):
                if not kinds_of(link) <= met and "logout" not in link:
                    met |= kinds_of(link)
                    waiting.append(link)
        page.close()
    assert (failed, faults) == ([], [])
    assert 20 < len(met) < MOST_PAGES


def _is_page(page: "Page", address: str) -> bool:
    """Goes there; False for what the browser would save."""
    from playwright.sync_api import Error

    try:
        answer = page.goto(address)
    except Error as error:
        if "Download is starting" in error.message:
            return False
        raise
    return answer is not None and "html" in answer.headers.get("content-type", "")


def _faults(page: "Page") -> list[str]:
    """What keeps somebody from reading the page, by day, at night, and on a phone."""
    moved = page.evaluate("shift")
    page.emulate_media(color_scheme="light")
    found = _violations(page, {})
    if moved > MOST_SHIFT:
        found.append(f"its layout shifts by {moved:.3f}")
    page.emulate_media(color_scheme="dark")
    found += _violations(page, {"runOnly": ["color-contrast"]})
    page.set_viewport_size(PHONE)
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("wider than a phone")
    found += _violations(page, {"runOnly": list(OF_NARROW)})
    page.set_viewport_size(DESK)
    return found


def _violations(page: "Page", options: dict[str, Any]) -> list[str]:
    response = Axe().run(page, options={"resultTypes": ["violations"], **options}).response
    grave = [one for one in response["violations"] if one["impact"] in GRAVE]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in grave]
