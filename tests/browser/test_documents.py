"""Documents of a draft in a real browser: dropped, chosen by keyboard, refused, and without JavaScript."""

import pytest

from tests.browser.visitor import Clerks, Visit, Visitor

pytestmark = pytest.mark.browser
PDF = b"%PDF-1.7 a sheet"
DROP = """([name, text, size]) => {
    const files = new DataTransfer();
    files.items.add(new File([text, new Uint8Array(size)], name));
    document.querySelector(".drop").dispatchEvent(new DragEvent("drop", {dataTransfer: files, bubbles: true}));
}"""

DROP_AT = """([place, names]) => {
    const files = new DataTransfer();
    for (const name of names) files.items.add(new File(["a"], name));
    document.querySelector(place).dispatchEvent(new DragEvent("drop", {dataTransfer: files, bubbles: true}));
}"""


@pytest.fixture
def dana(clerks: Clerks) -> Visitor:
    """A clerk at the documents of her draft."""
    clerk = clerks("dana").begin("Record a source lot")
    return clerk.go(clerk.page.url.replace("/origin/", "/documents/"))


def test_files_are_dropped_and_each_says_what_became_of_it(dana):
    page = dana.page
    page.evaluate(DROP, ["sheet.pdf", PDF.decode(), 0])
    page.locator(".sending .t-pass", has_text="Added").wait_for()
    page.evaluate(DROP, ["photo.jpg", "a", 100 * 2**20])
    assert "at most 10" in page.locator(".sending .t-fail").inner_text().replace("\u00a0", " ")
    page.evaluate(DROP, ["really.pdf", "MZ\u0000", 9])
    page.locator(".sending .t-fail", has_text="one of these kinds").wait_for()
    assert page.locator("#documents li").all_inner_texts()[0].startswith("sheet.pdf")
    assert page.locator("#documents li").count() == 1


def test_several_are_chosen_and_going_on_waits_for_them(dana):
    page = dana.page
    sheets = [{"name": f"sheet {n}.pdf", "mimeType": "", "buffer": PDF + bytes([n]) * 2**20} for n in range(65, 69)]
    page.get_by_label("Add documents").set_input_files(sheets)
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_role("heading", name="Check your answers").or_(page.get_by_text("to put right")).first.wait_for()
    page.go_back()
    assert "sheet 68.pdf" in page.inner_text("#documents")


def test_who_was_signed_out_is_told_and_loses_nothing(dana):
    page = dana.page
    page.evaluate(DROP, ["sheet.pdf", PDF.decode(), 0])
    page.locator(".sending .t-pass", has_text="Added").wait_for()
    page.context.clear_cookies(name="sessionid")
    page.evaluate(DROP, ["other.pdf", PDF.decode(), 1])
    page.locator(".sending .t-fail", has_text="You are signed out").wait_for()


def test_a_bundle_is_dropped_where_it_is_chosen(visit: Visit) -> None:
    """What misses every zone is taken by the first, and a field for one file takes one."""
    page = visit().go("/verify/bundle/").page
    assert page.locator(".drop-words:visible").count() == 4
    page.evaluate(DROP_AT, ["h1", ["MAG-1.custody.zip", "other.zip"]])
    page.evaluate(DROP_AT, [".field:nth-of-type(2) .drop", ["trust.json"]])
    chosen = "all => all.map(one => [...one.files].map(file => file.name).join())"
    assert page.locator("input[type=file]").evaluate_all(chosen) == ["MAG-1.custody.zip", "trust.json", "", ""]
