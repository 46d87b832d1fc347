"""An auditor's hour in a real browser: mandates, a lot, its graph and steps, a statement, the bundle in his hands."""

import hashlib
import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.demo_chain import Demo, load

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

pytestmark = pytest.mark.browser
WIDTHS = (320, 390, 768, 1280)
LOOKED_AT = ("/lots/", "/log/", "/about/record/", "/about/verifier/")


@pytest.fixture
def chain(ledger_db: dict[str, str], settings: Any, tmp_path: Path) -> Demo:
    """The demonstration chain behind the site."""
    settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
    return load(tmp_path)


def sign_in(context: "BrowserContext", site: str, demo: Demo, who: str) -> "Page":
    """A page of somebody who is signed in: the sign-in itself is tried elsewhere."""
    session = demo.client(who).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
    return context.new_page()


def test_an_auditor_follows_a_lot_back_to_its_sources(context: "BrowserContext", live_site: str, chain: Demo) -> None:
    page = sign_in(context, live_site, chain, "auditor")
    page.goto(f"{live_site}/lots/")
    assert page.get_by_text("In force").count() == 6
    page.get_by_label("Find", exact=True).fill("MAG-1")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="MAG-1").click()

    page.get_by_role("heading", name="MAG-1").wait_for()
    page.get_by_label("Element", exact=True).select_option(label="Dysprosium")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("heading", name="Where is the dysprosium from?").wait_for()
    assert page.get_by_text("Closes", exact=True).count() >= 10

    page.get_by_text("Full hash, and how to check it yourself").click()
    command = page.locator(".cmd").first.inner_text()
    lines = command.split("'")[1].replace("\\n", "\n")
    shown = page.locator(".hash code").first.get_attribute("title")
    assert shown == "sha256:" + hashlib.sha256(lines.encode()).hexdigest()

    with page.expect_download() as bundle:
        page.get_by_role("link", name="Export audit bundle").first.click()
    with zipfile.ZipFile(io.BytesIO(bundle.value.path().read_bytes())) as opened:
        assert "manifest.json" in opened.namelist()

    page.get_by_role("link", name="Entry", exact=False).first.click()
    page.get_by_role("heading", name="Step").wait_for()
    assert page.get_by_text("Signature matches").is_visible()
    with page.expect_download() as payload:
        page.get_by_role("link", name="Payload alone").click()
    digest = page.url.rstrip("/").rpartition("/")[2]
    assert hashlib.sha256(payload.value.path().read_bytes()).hexdigest() == digest

    keyboard_reaches_the_graph(page, f"{live_site}/lots/{chain.ids['MAG-1']}/")
    nothing_overflows(page, live_site, [f"/lots/{chain.ids['MAG-1']}/", f"/statements/{digest}/", *LOOKED_AT])


def keyboard_reaches_the_graph(page: "Page", address: str) -> None:
    """The chooser is reached and used without a mouse."""
    page.goto(address)
    page.get_by_label("Element", exact=True).focus()
    page.keyboard.press("ArrowDown")
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**element=Pr**")


def nothing_overflows(page: "Page", site: str, paths: list[str]) -> None:
    """No page is wider than the window, from a small phone on."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for path in paths:
            page.goto(f"{site}{path}")
            wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wider <= 0, f"{path} at {width} px"
