"""A headless Chromium that listens for complaints: an error in the console fails the test."""

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

CHROMIUM = os.environ.get("LODESTONE_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"


@pytest.fixture(scope="module")
def chromium() -> Iterator["Browser"]:
    """The browser; without one the test is skipped."""
    if not os.path.exists(CHROMIUM):
        pytest.skip("needs Chromium: install it, or name it in LODESTONE_CHROMIUM")
    from playwright.sync_api import sync_playwright

    # Its event loop runs in this thread, and the tests read rows in the same one.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What the consoles of all pages said; the test fails where that is anything."""
    heard: list[str] = []
    yield heard
    assert heard == []


@pytest.fixture
def context(chromium: "Browser", complaints: list[str]) -> Iterator["BrowserContext"]:
    """A fresh profile of the size of a desk; every page in it is listened to."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(30_000)
    context.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    yield context
    context.close()
