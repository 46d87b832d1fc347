"""The three main things that people do, by keyboard alone, and on a phone without JavaScript.

They receive a delivery, verify a declaration, and take a custody chain away.
"""

import time
import zipfile
from typing import TYPE_CHECKING

import pytest

from tests.browser.visitor import PASSWORD, sign_in
from tests.demo_chain import Demo

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Download, Locator, Page

    from tests.services.market import Market

pytestmark = pytest.mark.browser
MOST_TABS = 150
MOST_VIEWS = 12
MOST_S = 180
KEY_S, POINT_S, THINK_S = 0.28, 1.1, 1.35
"""Seconds of an average person who is no typist (Card, Moran, Newell 1980): a key, a pointing, a decision."""


class Hand:
    """Somebody at a browser who uses no mouse, or a phone without script; counts what he does."""

    def __init__(self, page: "Page", *, keys: bool) -> None:
        self.page, self.keys = page, keys
        self.views = self.strokes = self.choices = 0
        page.on("framenavigated", lambda frame: self._moved(frame == page.main_frame))

    def _moved(self, is_page: bool) -> None:
        self.views += is_page

    def go(self, address: str) -> None:
        self.page.goto(address)
        assert self.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0

    def reach(self, wanted: "Locator") -> None:
        """Comes to something: with the Tab key alone, in the order of the page."""
        self.choices += 1
        wanted.wait_for()
        if not self.keys:
            wanted.scroll_into_view_if_needed()
            return
        for _ in range(MOST_TABS):
            if wanted.evaluate("one => one === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"The keyboard does not reach {wanted}")

    def press(self, wanted: "Locator") -> None:
        self.reach(wanted)
        if self.keys:
            self.page.keyboard.press("Enter")
        else:
            wanted.click()

    def follow(self, wanted: "Locator") -> None:
        """Presses what leads to another page."""
        with self.page.expect_navigation():
            self.press(wanted)
        assert self.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0

    def type(self, wanted: "Locator", text: str) -> None:
        self.strokes += len(text)
        self.reach(wanted)
        if self.keys:
            self.page.keyboard.type(text)
        else:
            wanted.fill(text)

    def check(self, wanted: "Locator") -> None:
        self.reach(wanted)
        if self.keys:
            self.page.keyboard.press("Space")
        else:
            wanted.check()

    def download(self, wanted: "Locator") -> "Download":
        with self.page.expect_download() as found:
            self.press(wanted)
        return found.value

    @property
    def estimate_s(self) -> float:
        """How long a newcomer needs: what he types, points at and decides; the pages themselves come on top."""
        return self.strokes * KEY_S + self.choices * (POINT_S + THINK_S)


@pytest.fixture
def phone(chromium: "Browser") -> "BrowserContext":
    """A phone without script."""
    found = chromium.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    found.set_default_timeout(30_000)
    yield found
    found.close()


def test_a_delivery_is_received(
    context: "BrowserContext",
    phone: "BrowserContext",
    live_site: str,
    market: "Market",
) -> None:
    for number in ("ORE-1", "ORE-2"):
        market.send(market.source(lot_number=number))
    for place, keys in ((context, True), (phone, False)):
        hand, start = Hand(place.new_page(), keys=keys), time.monotonic()
        _receive(hand, live_site)
        seconds = hand.estimate_s + time.monotonic() - start
        print(f"\nA delivery, {'keyboard' if keys else 'phone'}: {hand.views} page views, {hand.choices} decisions, "
              f"{hand.strokes} keys, about {seconds:.0f} s")  # fmt: skip
        assert hand.views <= MOST_VIEWS
        assert seconds <= MOST_S


def _receive(hand: Hand, site: str) -> None:
    page = hand.page
    hand.go(f"{site}/accounts/login/")
    hand.type(page.get_by_label("Email"), "maarja@example.org")
    hand.type(page.get_by_label("Password", exact=True), PASSWORD)
    hand.follow(page.get_by_role("button", name="Sign in", exact=True))
    page.get_by_role("heading", name="What waits for you").wait_for()
    hand.follow(page.get_by_role("button", name="Weigh and receive").first)
    hand.type(page.locator("[name=weighed_mass_kg]"), "1000")
    _go_on(hand, "weighing")
    while page.get_by_role("heading", name="Check your answers before you sign").count() == 0:
        _go_on(hand, "further")
    hand.check(page.get_by_label("I have checked these answers"))
    hand.follow(page.get_by_role("button", name="Sign and record"))
    page.get_by_text("Signed and recorded.").wait_for()


def _go_on(hand: Hand, section: str) -> None:
    hand.page.wait_for_load_state("networkidle")  # of the preview that typing asks for
    hand.follow(hand.page.locator(".actions").get_by_role("button", name="Save and continue"))


def test_a_declaration_is_verified_and_a_chain_taken_away(
    context: "BrowserContext",
    phone: "BrowserContext",
    live_site: str,
    chain: Demo,
) -> None:
    for place, keys in ((context, True), (phone, False)):
        hand = Hand(place.new_page(), keys=keys)
        _verify(hand, live_site, chain.declaration.reference)
        hand.page.close()
        auditor = Hand(sign_in(place, live_site, chain, "auditor"), keys=keys)
        _take_away(auditor, live_site)


def _verify(hand: Hand, site: str, reference: str) -> None:
    """From the start page to every check, and to the signed bytes."""
    page = hand.page
    hand.go(f"{site}/")
    field = page.locator("#q")
    hand.type(field, reference)
    if hand.keys:
        with page.expect_navigation():
            page.keyboard.press("Enter")
    else:
        hand.follow(page.locator("form.q button[type=submit]"))
    page.get_by_role("heading", name="What could be checked holds").wait_for()
    assert page.locator(".checks > li").count() == 16
    hand.follow(page.get_by_role("link", name=reference).first)
    assert page.locator(".big").inner_text() == "27.4"
    assert hand.views <= 3


def _take_away(hand: Hand, site: str) -> None:
    """From the mandates to the file with everything that proves a lot."""
    page = hand.page
    hand.go(f"{site}/lots/")
    hand.type(page.locator("main").get_by_label("Search"), "MAG-1")
    hand.follow(page.get_by_role("button", name="Filter"))
    hand.follow(page.get_by_role("link", name="MAG-1", exact=True))
    bundle = hand.download(page.get_by_role("link", name="Export audit bundle").first)
    with zipfile.ZipFile(bundle.path()) as opened:
        assert "manifest.json" in opened.namelist()
    assert hand.views <= 3
