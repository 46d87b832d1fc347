"""A column of numbers out of a sheet, pasted into the rows of a form."""

import pytest

from tests.browser.visitor import Clerks

pytestmark = pytest.mark.browser
PASTE = """([name, text]) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    const field = document.getElementsByName(name)[0];
    field.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true}));
}"""
CONTENTS = """() => [...document.querySelectorAll('input[type="text"][name$="-content_pct"]')].map(one => one.value)"""


def test_each_line_of_a_pasted_column_gets_a_row_of_its_own(clerks: Clerks) -> None:
    clerk = clerks("dana").begin("Record a source lot")
    page = clerk.go(clerk.page.url.replace("/origin/", "/assay/")).page
    shown = len(page.evaluate(CONTENTS))
    lines = [f"{number},25" for number in range(shown + 2)]
    page.evaluate(PASTE, ["assay-rows-0-content_pct", "\r\n".join(lines) + "\r\n"])
    page.locator(f'input[type="text"][name="assay-rows-{shown + 1}-content_pct"]').wait_for()
    assert page.evaluate(CONTENTS)[: len(lines)] == lines


def test_a_single_value_is_pasted_as_ever(clerks: Clerks) -> None:
    clerk = clerks("dana").begin("Record a source lot")
    page = clerk.go(clerk.page.url.replace("/origin/", "/assay/")).page
    page.evaluate(PASTE, ["assay-rows-1-content_pct", "0,66"])
    assert set(page.evaluate(CONTENTS)) == {""}  # left to the browser, which a made-up event does not reach
