"""Line 4, auditor: mandates, the lot page with graph, table, timeline and proofs, bundles, samples, notes."""

import hashlib
import io
import zipfile

import pytest

from tests.browser.visitor import Visit, Visitor, in_variants
from tests.demo_chain import Demo

pytestmark = [pytest.mark.browser, in_variants("desk", "plain-phone")]


@pytest.fixture
def claire(visit: Visit) -> Visitor:
    """The auditor."""
    return visit("auditor")


def test_a_lot_is_followed_back_to_its_sources(claire: Visitor, chain: Demo) -> None:
    claire.go("/lots/")
    assert claire.page.get_by_text("In force").count() == 6
    claire.follow("Isarmagnet").reads("MAG-1").write("Search", "MAG-1").press("Filter").follow("MAG-1")
    claire.reads("Custody hash", "Who took part", "Element balance", "Closes")
    claire.choose("element", "Dysprosium").press("Show").reads("Where is the dysprosium from?")
    claire.page.locator("main").get_by_text("The same as a table").first.click()
    assert claire.page.locator("details[open] table").first.is_visible()
    check_the_hash_by_hand(claire)
    read_a_statement(claire)


def check_the_hash_by_hand(claire: Visitor) -> None:
    claire.page.get_by_text("Full hash, and how to check it yourself").click()
    command = claire.page.locator(".cmd").first.inner_text()
    lines = command.split("'")[1].replace("\\n", "\n")
    shown = claire.page.locator(".hash code").first.get_attribute("title")
    assert shown == "sha256:" + hashlib.sha256(lines.encode()).hexdigest()


def read_a_statement(claire: Visitor) -> None:
    """From the timeline to what was signed, and to its proof."""
    claire.leave_by(claire.page.locator(".line").get_by_role("link", name="Entry").first).reads("Signature matches")
    digest = claire.page.url.rstrip("/").rpartition("/")[2]
    assert hashlib.sha256(claire.save("Payload alone")).hexdigest() == digest
    assert b"c2sp.org/tlog-proof" in claire.save("Proof")


def test_a_sample_is_drawn_and_notes_are_written(claire: Visitor, visit: Visit) -> None:
    claire.go("/lots/").follow("Draw a sample").choose("of", "Isarmagnet")
    claire.fill(since="2020-01-01", until="2100-01-01", size="3", seed="spring").press("Draw").reads("The sample")
    assert claire.page.locator("tbody tr").count() == 3
    claire.leave_by(claire.page.locator("tbody th a").first).follow("Write a note")
    claire.write("Note", "Where is the weighing note?").tick("Share it").press("Save").reads("Shared.")
    lena = visit("isarmagnet").go("/notes/").reads("Where is the weighing note?", "shared by Alder Assurance")
    assert not lena.page.get_by_role("button", name="Done").count()
    claire.follow("All notes").press("Done").choose("state", "Done").press("Filter")
    claire.reads("Where is the weighing note?")
    claire.follow("Take away").press("Take away").reads("No note matches.")


def test_a_bundle_is_taken_away_and_checked(claire: Visitor, visit: Visit, chain: Demo) -> None:
    claire.go(f"/lots/{chain.ids['MAG-1']}/")
    bundle, trust = claire.save("Export audit bundle"), claire.save("trust.json")
    with zipfile.ZipFile(io.BytesIO(bundle)) as opened:
        assert "manifest.json" in opened.namelist()
    anybody = visit().go("/verify/").follow("I have an audit bundle")
    files = {"bundle": ("MAG-1.custody.zip", bundle), "trust": ("trust.json", trust)}
    for field, (name, content) in files.items():
        kept = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        anybody.page.set_input_files(f"[name={field}]", [kept])  # type: ignore[list-item]
    anybody.press("Check the bundle").reads("Valid", "16 pass", "Recomputed, of total rare earths")
    assert anybody.page.locator(".checks > li").count() == 16 + 19  # the answer to a buyer, and the report
    assert b'"VALID"' in anybody.save("Report, JSON")


def test_a_large_bundle_is_packed_in_the_background(
    claire: Visitor, chain: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    from traceability.services import bundle_jobs, bundle_work

    monkeypatch.setattr(bundle_jobs, "AT_ONCE", 0)
    claire.go(f"/lots/{chain.ids['MAG-1']}/").follow("Export audit bundle").press("Pack it")
    claire.reads("It begins within seconds.")
    bundle_work.work()
    if not claire.script:
        claire.go(claire.page.url)
    claire.page.get_by_role("link", name="Download the bundle").wait_for()
    with zipfile.ZipFile(io.BytesIO(claire.save("Download the bundle"))) as opened:
        assert "manifest.json" in opened.namelist()
    claire.go("/bundles/").follow("MAG-1").press("Take it away").reads("Nothing of it is kept.")
