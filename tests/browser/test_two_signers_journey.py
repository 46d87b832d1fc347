"""What two sign, in a real browser: weighed too little, proposed, declined, proposed again, agreed to."""

import re

import pytest

from tests.browser.test_supplier_journey import Supplier, _make_person

pytestmark = pytest.mark.browser


@pytest.fixture
def market(ledger_db):
    """A lot of 1000 kg that weighed 990 kg at the separator, and another one on its way; somebody at each end."""
    from tests.services.market import open_market

    market = open_market()
    for actor, name in ((market.mine, "dana"), (market.separator, "maarja")):
        _make_person(actor, name)
    lot = market.source()
    dispatch = market.send(lot)
    market.take(lot, dispatch.digest, "990", "beyond")
    market.send(market.source(lot_number="ORE-2"))
    return market


def look_on_both(person: Supplier, what: str) -> None:
    """Pictures of a page at a desk, and on a phone in the dark; nothing is wider than the window."""
    person.look(what)
    person.page.set_viewport_size({"width": 390, "height": 844})
    person.page.emulate_media(color_scheme="dark")
    person.look(f"{what}-phone")
    person.page.emulate_media(color_scheme="light")
    person.page.set_viewport_size({"width": 1280, "height": 900})


def test_both_parties_sign_a_settlement_and_a_cancellation(chromium, complaints, market, live_site, tmp_path):
    people = []
    for name in ("dana", "maarja"):
        context = chromium.new_context(viewport={"width": 1280, "height": 900})
        context.set_default_timeout(30_000)
        context.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        people.append(Supplier(context, live_site, tmp_path, name))
        people[-1].sign_in()
    mine, separator = people
    _propose_a_settlement(separator, "996")
    _decline(mine)
    _propose_it_again(separator, "994")
    _agree(mine, "Baltika Metals settles the difference on ORE-1 at 994 kg. Juniper Flat signs it too: both agree.")
    _propose_a_cancellation(mine)
    _agree(separator, "Juniper Flat cancels the dispatch of ORE-2: the truck broke down. Baltika Metals signs it too")
    separator.page.goto(f"{live_site}/stock/?state=on_hand")
    assert "994" in separator.page.inner_text("main")
    for person in people:
        person.page.context.close()


def _propose_a_settlement(separator: Supplier, mass: str) -> None:
    separator.page.get_by_role("button", name="Answer").click()
    look_on_both(separator, "settle")
    assert "Dispatched: 1 000 kg. You weighed 990 kg." in separator.page.inner_text("#page").replace("\u202f", " ")
    assert separator.page.get_by_label("Both of us").is_checked()
    separator.fill(mass_kg="many")
    separator.go_on()
    look_on_both(separator, "settle-bad")
    separator.page.locator(".errors a").first.click()
    assert separator.page.evaluate("document.activeElement.name") == "mass_kg"
    separator.fill(mass_kg=mass, reason="half of the difference each")
    separator.go_on()
    separator.go_on()
    _send(separator)


def _send(person: Supplier) -> None:
    look_on_both(person, "propose")
    person.page.get_by_label("I have checked these answers").check()
    person.page.get_by_role("button", name="Propose it to").click()
    person.page.get_by_text("Nothing is signed before your partner agrees.").wait_for()
    look_on_both(person, "proposed")


def _open(person: Supplier) -> None:
    person.page.goto(person.site)
    look_on_both(person, "to-answer")
    person.page.get_by_role("link", name="Read and answer").click()
    look_on_both(person, "proposal")


def _decline(mine: Supplier) -> None:
    _open(mine)
    mine.page.get_by_role("button", name="Decline").click()
    assert "Say why you decline" in mine.page.inner_text(".errors")
    look_on_both(mine, "decline-bad")
    mine.page.get_by_label("Reason").fill("Our scale says 992 kg.")
    mine.page.get_by_role("button", name="Decline").click()
    mine.page.get_by_text("Nothing was signed.").wait_for()


def _propose_it_again(separator: Supplier, mass: str) -> None:
    separator.page.goto(separator.site)
    separator.page.locator(".card li", has_text="Declined").get_by_role("link", name="Look").click()
    assert "Our scale says 992 kg." in separator.page.inner_text("main")
    look_on_both(separator, "declined")
    separator.page.get_by_role("button", name="Change it").click()
    separator.fill(mass_kg=mass)
    separator.go_on()
    separator.go_on()
    _send(separator)


def _agree(person: Supplier, sentence: str) -> None:
    _open(person)
    assert sentence in person.page.inner_text("main").replace("\u202f", " ")
    person.page.get_by_label("I have read this, it is right").check()
    person.page.get_by_role("button", name="Agree and sign").click()
    person.page.get_by_text("Signed by both of you and recorded.").wait_for()
    assert re.search(r"Entry [0-9]", person.page.inner_text("main"))
    look_on_both(person, "receipt")


def _propose_a_cancellation(mine: Supplier) -> None:
    mine.begin("Cancel a dispatch")
    mine.choose("lot", "ORE-2")
    mine.fill(reason="the truck broke down")
    mine.go_on()
    mine.go_on()
    _send(mine)
