"""A lot of another record: its bundle is uploaded, the sender signs second, the lot is at home."""

from pathlib import Path

import pytest

from tests.browser.visitor import Clerks, in_variants
from tests.services.elsewhere import Elsewhere
from tests.services.market import Market

pytestmark = [pytest.mark.browser, in_variants("desk", "plain-phone")]


def test_a_lot_comes_from_another_record(clerks: Clerks, market: Market, tmp_path: Path) -> None:
    there = Elsewhere(market.mine.organisation.urn)
    there.trusted(market.operator.organisation)
    bundle, reply = tmp_path / "ore.custody.zip", tmp_path / "reply.import.json"
    bundle.write_bytes(there.content)
    dana = clerks("dana")
    dana.go("/record/").follow("Lots of other records").reads("No bundle was brought yet.")
    dana.page.locator("input[type=file]").set_input_files(bundle)
    dana.press("Upload and verify").reads("What it proves", "mined, Australia", "What the verifier says", "Valid")
    dana.press("Sign first").reads("Tick that you have checked what will be signed.", "Nothing was recorded.")
    dana.write("Your lot number", "FROM-1").tick("I have checked these answers").press("Sign first")
    dana.reads("The sender signs second")
    reply.write_bytes(there.countersigned(dana.save("File for the sender")))
    dana.page.locator("input[type=file]").set_input_files(reply)
    dana.press("Record the lot").reads("Signed by both and recorded.")
    dana.go("/stock/").follow("FROM-1").reads("It came from another record.")
