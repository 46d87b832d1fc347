"""Line 5, anybody: the half page behind the code on a crate, and the documentation on the site."""

import re

import pytest

from tests.browser.visitor import Visit, in_variants
from tests.demo_chain import Demo

pytestmark = [pytest.mark.browser, in_variants("plain-phone")]


GTIN = "09506000134352"
LINK = f"/01/{GTIN}/10/MAG-1"


def test_a_code_on_a_crate_is_scanned(visit: Visit, chain: Demo) -> None:
    lena = visit("isarmagnet").go("/organisation/products/").choose("material", chain.lot("MAG-1").material)
    lena.fill(gtin=GTIN).press("Give a GTIN").reads("On new labels")
    lena.go(f"/lots/{chain.ids['MAG-1']}/").follow("Label for the crate").reads("GS1 Digital Link", LINK)
    anybody = visit().go(LINK).reads("You scanned", "What is proven, and what is not")
    anybody.follow("Read declaration").reads("Not verified.", chain.declaration.reference)
    anybody.go(f"/c/{chain.ids['MAG-1']}").reads("You scanned")


def test_a_hash_and_a_reference_are_checked(visit: Visit, chain: Demo) -> None:
    anybody = visit().go("/").write("Reference or custody hash", "a" * 64).press("Check")
    anybody.reads("This record does not know it.").write("Reference or custody hash", chain.declaration.reference)
    anybody.press("Check").reads("What could be checked holds")
    assert anybody.page.locator(".checks > li").count() == 16


def test_the_documentation_is_read(visit: Visit) -> None:
    anybody = visit().go("/").follow("How the record works").reads("What no ledger can detect").follow("checkpoint")
    anybody.reads("Newest checkpoint")
    anybody.follow("Formats", "footer").reads("RFC 8785", "DSSE envelope")
    anybody.go("/").follow("Get the offline verifier").reads("without network", "lodestone-verify.pyz")
    assert anybody.save("Download").startswith(b"#!/usr/bin/env python3\nPK")
    assert b"log" in anybody.save("the policy of who trusts")
    anybody.press("Deutsch", "footer")
    assert re.search("Prüf", anybody.text)
