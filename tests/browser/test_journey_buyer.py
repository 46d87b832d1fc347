"""Line 3, buyer: the register, a declaration, two side by side, requests, what is watched, tokens and programs."""

import csv
import io
import json
import subprocess
import sys
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

import pytest

from tests.browser.visitor import Visit, Visitor, in_variants
from tests.demo_chain import Demo
from tests.notices.receivers import receiver

if TYPE_CHECKING:
    from pytest_django import Settings

pytestmark = [pytest.mark.browser, in_variants("desk", "plain-phone")]


@pytest.fixture
def lena(visit: Visit) -> Visitor:
    """Somebody of the magnet maker, who buys metal."""
    return visit("isarmagnet")


def test_a_declaration_is_found_read_and_checked(visit: Visit, chain: Demo) -> None:
    reader, reference = visit(), chain.declaration.reference
    reader.go("/declarations/").unfold().choose("status", "Withdrawn").press("Filter").reads("No declaration matches.")
    reader.follow("Show all").write("Search", "magnets").unfold().choose("country", "Germany").press("Filter")
    reader.follow(reference)
    reader.reads("Not verified.", "illustrative", "not declared")
    assert reader.page.locator(".big").inner_text() == "27.4"
    assert reader.page.locator("button[data-copy]").first.is_visible() == reader.script
    reader.page.get_by_text("The same as a table").first.click()
    assert reader.page.get_by_role("cell", name="23.381").first.is_visible()
    rows = list(csv.DictReader(io.StringIO(reader.save("Results with all digits, CSV").decode())))
    assert rows[0]["a1_a3"] == "27.425316085576"
    assert len(reader.page.pdf(format="A4")) > 20_000
    run_the_same_call(reader)
    reader.follow("See every check").reads("What could be checked holds")
    assert reader.page.locator(".checks > li").count() == 16


def run_the_same_call(reader: Visitor) -> None:
    """The page shows the call in curl and Python; the Python runs as it stands."""
    program = reader.page.locator("pre.raw").first.inner_text()
    address = program.split('"')[1]
    assert f'curl -fsS "{address}"' in reader.text
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert "pass " in done.stdout


def test_a_declaration_is_asked_for_compared_and_watched(
    lena: Visitor, visit: Visit, chain: Demo, settings: "Settings"
) -> None:
    from traceability.services import outbox

    settings.LODESTONE_LOOPBACK_WEBHOOKS = True
    lena.go(f"/lots/{chain.ids['MET-NDPR']}/").follow("Ask for a declaration")
    lena.write("What you need it for", "Our own declaration.").press("Send the request")
    lena.reads("You are told when your partner answers.")
    maarja = visit("baltika")
    newer = publish(maarja, chain)
    maarja.go("/").follow("Read and answer").choose("declaration", newer).press("Send the answer")

    lena.go("/requests/?state=answered").follow("didymium metal").follow(newer)
    lena.press("Watch this declaration").press("Watch this product").reads("You are told what becomes of it.")
    compare(lena, newer, chain.declaration.reference)
    with receiver() as there:
        lena.go("/webhooks/").write("Address", there.url).press("Register").press("Send a test")
        maarja.go(f"/d/{newer}").follow("Withdraw").write("Reason", "A meter was wrong.").press("Sign and withdraw")
        outbox.drain()
        kinds = {json.loads(body)["type"] for _path, _headers, body in there.got}
    assert any("withdrawn" in kind for kind in kinds), kinds
    lena.go(lena.page.url).reads("Delivered")
    lena.go("/notices/").follow("withdrawn").reads("Withdrawn.", "A meter was wrong.")
    lena.go("/watches/").press("Stop watching").go("/notices/preferences/").press("Save").reads("Saved.")


def publish(maker: Visitor, chain: Demo) -> str:
    """The reference of a declaration that the maker of the metal computes, looks at and signs."""
    maker.go("/declarations/own/")
    maker.leave_by(maker.page.locator("tr", has_text="MET-NDPR").get_by_role("link", name="Figures"))
    maker.follow("Declare").press("See the page").reads("Nothing is signed yet.").press("Sign and publish")
    return str(maker.reads("Published").page.url.rpartition("/")[2])


def compare(reader: Visitor, *references: str) -> None:
    reader.go("/declarations/")
    for reference in references:
        reader.tick(f"Compare {reference}")
    reader.press("Compare the ticked ones").reads("not comparable", "Declarant")
    assert reader.page.locator("thead th").count() >= 3


def test_a_closed_value_is_asked_for_and_opened(lena: Visitor, visit: Visit, chain: Demo) -> None:
    lena.go(f"/statements/{bytes(chain.lot('MET-NDPR').made_by.digest).hex()}/").follow("Ask to open values")
    lena.tick("Outputs 1 (didymium metal): Lot number").write("What you need it for", "The passport of our rotor.")
    asked = lena.press("Send the request").page.url
    maarja = visit("baltika").go("/").follow("Read and answer").tick("Outputs 1 (didymium metal): Lot number: MET-NDPR")
    maarja.press("Open them").reads("Your partner is told.")
    lena.go(asked).reads("(opened)").follow("Read the statement")
    assert lena.page.get_by_role("cell", name="MET-NDPR", exact=True).first.is_visible()
    maarja.go("/openings/").follow("Close again").press("Close again").reads("No single value is open to anybody.")


def test_two_lots_are_set_side_by_side(lena: Visitor, chain: Demo) -> None:
    lena.go(f"/lots/{chain.ids['MAG-1']}/").follow("Compare with another lot").reads("MAG-1 is the first.")
    lena.follow("ALLOY-1").reads("Two lots side by side", "Dry mass", "Difference", "Where it is from")
    lena.go("/lots/").tick("Compare MAG-1", "Compare ALLOY-1").press("Compare two ticked lots")
    lena.reads("Two lots side by side", "MAG-1", "ALLOY-1")


def test_lots_are_searched(lena: Visitor, chain: Demo) -> None:
    lena.go("/stock/")
    if lena.script:  # a key leads to the field, by script
        lena.page.keyboard.press("/")
        lena.page.keyboard.type("magnets")
        with lena.page.expect_navigation():
            lena.page.keyboard.press("Enter")
    else:
        lena.go("/search/?q=magnets")
    lena.reads("Lots").follow("MAG-1").reads("Custody hash").go("/search/?q=nonesuch")
    field = lena.page.get_by_role("searchbox").first
    field.fill(f"{lena.site}/c/{chain.ids['MAG-1']}")
    with lena.page.expect_navigation():
        field.press("Enter")
    lena.reads("MAG-1", "Custody hash")


def test_a_token_opens_what_it_says(lena: Visitor) -> None:
    lena.go("/tokens/").follow("Make a token").write("What it is for", "ERP").tick("Record and sign")
    lena.choose("days", "30 days").press("Make the token").reads("It is shown this once.", "curl -fsS -H")
    secret = lena.page.locator("main code.full-hash").first.inner_text()
    address = lena.page.locator(".cmd").first.inner_text().split('"')[-2]
    request = urllib.request.Request(address, headers={"Authorization": f"Bearer {secret}"})
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 200
    lena.follow("I have copied it").reads("ERP", "Record and sign").follow("Revoke ERP").press("Revoke")
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(request)
    lena.follow("Show the 1 token that has ended").reads("revoked")
