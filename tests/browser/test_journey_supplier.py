"""Line 2, supplier: what waits, the stock, every act as a form, evidence, signing, receipts, labels, templates."""

import pytest

from tests.browser.visitor import Clerks, Visitor, in_variants
from tests.services.market import Market

pytestmark = [pytest.mark.browser, in_variants("desk", "plain-phone")]
SHEET = {"name": "assay CON-7.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 a lab sheet"}
DROP = """([name, text]) => {
    const files = new DataTransfer();
    files.items.add(new File([text], name));
    document.querySelector(".drop").dispatchEvent(new DragEvent("drop", {dataTransfer: files, bubbles: true}));
}"""


@pytest.fixture
def dana(clerks: Clerks) -> Visitor:
    """A clerk of the mine."""
    return clerks("dana")


def test_from_the_mine_to_the_partner(dana: Visitor, clerks: Clerks, market: Market) -> None:
    register_a_facility(dana)
    record_a_source_lot(dana)
    record_a_step(dana)
    take_the_label(dana)
    dispatch(dana, market.separator.organisation.urn)
    receive(clerks("maarja"))


def register_a_facility(dana: Visitor) -> None:
    dana.go("/facilities/").press("Register a facility")
    dana.fill(name="Juniper Flat concentrator", region="Nevada", occurred_from="2026-03-01 08:00")
    dana.choose("country", "United States").go_on()
    dana.sign("Juniper Flat has a site named Juniper Flat concentrator in United States.")


def record_a_source_lot(dana: Visitor) -> None:
    dana.begin("Record a source lot").choose("origin", "Mined").choose("facility", "Juniper Flat mine")
    dana.fill(occurred_from="2026-03-02 06:00", occurred_to="2026-03-02 16:00").go_on()
    dana.fill(material="bastnaesite ore", lot_number="ORE-7", mass_kg="many").choose("stage", "Ore")
    dana.go_on().reads("Your draft is safe. Nothing has been signed.")
    dana.fill(mass_kg="1,000.5").shows("Understood: 1\u202f000.5\u202fkg.").press("Save and come back later")
    dana.go("/").follow("Continue").follow("Assay", "aside").choose("assay-rows-0-species", "Nd2O3")
    dana.fill(assay__rows__0__content_pct="0.66").shows("= 5.661\u202fkg Nd").to_the_end()
    dana.sign("Juniper Flat mined 1 000.5 kg of bastnaesite ore, lot ORE-7 in United States.")
    dana.follow("Keep as a template").write("Name", "the pit").press("Keep it")
    dana.go("/templates/").press("Begin the pit").reads("Where does the lot come from?")
    dana.go("/record/")
    dana.leave_by(dana.page.locator(".acts > li", has_text="Record a source").get_by_role("button", name="Like the la"))
    dana.follow("Throw this draft away").press("Throw it away")


def record_a_step(dana: Visitor) -> None:
    dana.begin("Record a step").fill(process__0__step="beneficiation", occurred_from="2026-03-05 06:00")
    dana.choose("process-0-country", "United States").choose("facility", "concentrator").go_on()
    dana.choose("inputs-0-lot", "ORE-7").fill(inputs__0__mass_kg="1").choose("inputs-0-mass_kg_unit", "t")
    dana.shows("0.5\u202fkg stays in stock.").go_on()
    dana.fill(outputs__0__material="bastnaesite concentrate", outputs__0__lot_number="CON-7", outputs__0__mass_kg="60")
    dana.choose("outputs-0-stage", "Concentrate").choose("outputs-0-assay-rows-0-species", "Nd2O3")
    dana.fill(outputs__0__assay__rows__0__content_pct="20").shows("More out than in").go_on()
    dana.reads("more neodymium leaves the step than came in")
    dana.fill(outputs__0__assay__rows__0__content_pct="10").go_on()
    dana.fill(losses__0__kind="tailings", losses__0__mass_kg="940").choose("losses-0-elements-0-species", "Nd2O3")
    dana.fill(losses__0__elements__0__content_pct="0.064").shows("Closes").go_on()
    dana.fill(inventory__0__flow="electricity", inventory__0__amount="1 200").choose("inventory-0-role", "Electricity")
    dana.choose("inventory-0-unit", "kWh").page.get_by_role("button", name="Add a flow").click()
    dana.page.locator("[name=inventory-1-flow]").wait_for()
    dana.go_on()
    attach_the_sheet(dana)
    dana.sign(
        "took 1 000 kg of ORE-7 through beneficiation in United States, and made 60 kg of bastnaesite concentrate"
    )


def attach_the_sheet(dana: Visitor) -> None:
    """Refuses what is no document; then drops the sheet where script takes what is dropped, and else chooses it."""
    dana.page.set_input_files("#document", [{**SHEET, "name": "really.pdf", "buffer": b"MZ\0"}])
    if not dana.script:
        dana.press("Add and stay here").reads("one of these kinds").page.set_input_files("#document", [SHEET])
        dana.press("Add and stay here").reads("assay CON-7.pdf")
    else:
        dana.page.locator(".sending .t-fail", has_text="one of these kinds").wait_for()
        dana.page.evaluate(DROP, [SHEET["name"], "%PDF-1.7 a lab sheet"])
        dana.page.locator(".sending .t-pass", has_text="Added").wait_for()
    dana.go_on()


def take_the_label(dana: Visitor) -> None:
    assert len(dana.page.pdf(format="A4")) > 20_000  # the receipt on paper
    dana.follow("Open the lot").reads("CON-7").follow("Label for the crate")
    assert dana.save("Download, PDF").startswith(b"%PDF")
    assert b"<svg" in dana.save("SVG")
    dana.follow("See that page").reads("You scanned")


def dispatch(dana: Visitor, partner: str) -> None:
    dana.begin("Dispatch a lot").choose("lot", "CON-7")
    dana.page.get_by_text("Delivery note and tolerance").click()
    dana.fill(to_identifier=partner, reference="T-1").to_the_end()  # the mass is what remains
    dana.sign(f"handed the whole of CON-7, 60 kg, over to the organisation {partner}.")
    dana.go("/partners/").reads("Baltika Metals").go("/outgoing/").reads("CON-7").sign_out()


def receive(maarja: Visitor) -> None:
    maarja.follow("Incoming", "nav").press("Weigh and receive")
    maarja.fill(weighed_mass_kg="59.98").shows("within the tolerance of 0.05").go_on()
    maarja.choose("legs-0-mode", "Sea").fill(legs__0__distance_km="12 000").to_the_end()
    maarja.sign("Baltika Metals received CON-7 and weighed 59.98 kg")
    maarja.go("/stock/").reads("CON-7", "On hand").write("Search", "ORE").press("Filter")
    maarja.reads("No lot matches.").follow("Show all that is with you").reads("CON-7")


def test_every_other_act(dana: Visitor, market: Market) -> None:
    market.source()
    market.source(lot_number="ORE-2")
    act(dana, "Split a lot", {"inputs-0-lot": "ORE-1"}, outputs__0__lot_number="ORE-1A", outputs__0__mass_kg="400",
        outputs__1__lot_number="ORE-1B", outputs__1__mass_kg="600")  # fmt: skip
    act(dana, "Merge lots", {"inputs-0-lot": "ORE-1A", "inputs-1-lot": "ORE-1B"}, outputs__0__lot_number="ORE-1C",
        inputs__0__mass_kg="400", inputs__1__mass_kg="600")  # fmt: skip
    act(dana, "Record an assay", {"lot": "ORE-2", "assay-rows-0-species": "Nd2O3"}, assay__rows__0__content_pct="0.65")
    act(dana, "Adjust a stock", {"lot": "ORE-2"}, change_kg="-12.5", reason="a stock-take")
    act(dana, "Put on hold", {"lot": "ORE-2"}, reason="a wet bag")
    correct_the_reason(dana)
    act(dana, "Release from hold", {"lot": "ORE-2"}, reason="it is dry")
    act(dana, "Dispose of matter", {"lot": "ORE-2"}, mass_kg="7.5", route="landfill")
    act(dana, "Recall a lot", {"lot": "ORE-2"}, reason="a wrong label")
    act(dana, "Record an assay", {"lot": "ORE-1C", "assay-rows-0-species": "Nd2O3"}, assay__rows__0__content_pct="0.66")
    dana.press("Declare it void").fill(reason="the wrong sheet", occurred_from=LATER).to_the_end().sign()
    dana.go("/stock/").reads("980", "ORE-1C").follow("ORE-2").reads("Recalled.")


LATER = "2026-04-20 08:00"


def act(dana: Visitor, title: str, chosen: dict[str, str], **typed: str) -> None:
    """Begins an act, answers it on its one page, and signs it."""
    dana.begin(title)
    for field, words in chosen.items():
        if field.startswith("inputs-1"):
            add_an_input(dana)
        dana.choose(field, words)
    dana.fill(occurred_from=LATER, **typed).to_the_end().sign()


def add_an_input(dana: Visitor) -> None:
    if not dana.page.locator("[name=inputs-1-lot]").count():
        dana.page.get_by_role("button", name="Add an input lot").click()
        dana.page.locator("[name=inputs-1-lot]").wait_for()


def correct_the_reason(dana: Visitor) -> None:
    dana.press("Correct it").fill(correction_reason="a slip of the pen").go_on()
    dana.fill(reason="bag 7 is wet").to_the_end().reads("What changes", "a wet bag", "bag 7 is wet").sign()


def test_a_difference_is_settled_and_a_dispatch_ends(clerks: Clerks, market: Market) -> None:
    lot = market.source()
    market.take(lot, market.send(lot).digest, "990", "beyond")
    for number in ("ORE-2", "ORE-3", "ORE-4"):
        market.send(market.source(lot_number=number))
    dana, maarja = clerks("dana"), clerks("maarja")
    propose_a_settlement(maarja, "996")
    decline(dana)
    maarja.go("/").leave_by(maarja.page.locator(".card li", has_text="Declined").get_by_role("link", name="Look"))
    maarja.reads("Our scale says 992 kg.").press("Change it").fill(mass_kg="994").to_the_end()
    propose(maarja)
    agree(dana, "Baltika Metals settles the difference on ORE-1 at 994 kg. Juniper Flat signs it too: both agree.")

    dana.begin("Cancel a dispatch").choose("lot", "ORE-2").fill(reason="the truck broke down").to_the_end()
    propose(dana)
    agree(maarja, "Juniper Flat cancels the dispatch of ORE-2: the truck broke down. Baltika Metals signs it too")
    dana.begin("Cancel a dispatch").choose("lot", "ORE-3").tick("I alone").fill(reason="it came back")
    dana.to_the_end().sign()
    act(maarja, "Reject goods", {"lot": "ORE-4"}, reason="not what we ordered")
    maarja.go("/stock/?state=on_hand").reads("994")
    dana.go("/stock/?state=on_hand").reads("ORE-2", "ORE-3", "ORE-4")


def propose_a_settlement(maarja: Visitor, mass: str) -> None:
    maarja.go("/").press("Answer").reads("Dispatched: 1 000 kg. You weighed 990 kg.")
    maarja.fill(mass_kg="many").go_on().page.locator(".errors a").first.click()
    assert maarja.page.locator("[name=mass_kg]").evaluate("one => one === document.activeElement")
    maarja.fill(mass_kg=mass, reason="half of the difference each").to_the_end()
    propose(maarja)


def propose(person: Visitor) -> None:
    person.tick("I have checked these answers").press("Propose it to")
    person.reads("Nothing is signed before your partner agrees.")


def decline(person: Visitor) -> None:
    person.go("/").follow("Read and answer").press("Decline").reads("Say why you decline")
    person.write("Reason", "Our scale says 992 kg.").press("Decline").reads("Nothing was signed.")


def agree(person: Visitor, sentence: str) -> None:
    person.go("/").follow("Read and answer").reads(sentence).tick("I have read this, it is right")
    person.press("Agree and sign").reads("Signed by both of you and recorded.", "Entry ")


def test_goods_arrive_in_parts(clerks: Clerks, market: Market) -> None:
    market.send(market.source(lot_number="ORE-9"))
    maarja = clerks("maarja").go("/incoming/").press("Only a part arrived")
    maarja.fill(arrived_kg="400", reason="One of two trucks came.").to_the_end()
    maarja.sign("rejects", "One of two trucks came.").follow("The delivery in parts")
    maarja.reads("Keep what arrived apart", "It waits for the sender.")
    dana = clerks("dana").go("/outgoing/").follow("Deliveries in parts")
    dana.reads("Waits for you to dispatch it again").follow("ORE-9").reads("What arrived is still with him.")
    dana.press("Dispatch what arrived").to_the_end().sign("ORE-9/1", "the split that makes ORE-9/1")
    dana.go("/arrivals/").follow("ORE-9").reads("ORE-9/1", "On its way out").press("Dispatch the rest").to_the_end()
    dana.sign("ORE-9/2")
    dana.go("/arrivals/").reads("Dispatched again")
    maarja.go("/incoming/").reads("ORE-9/1", "ORE-9/2", "400")
