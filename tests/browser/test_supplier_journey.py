"""A supplier's day in a real browser: site, source lot, step, dispatch; then the partner weighs and receives."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

pytestmark = pytest.mark.browser
PASSWORD = "a journey of six acts"


@pytest.fixture
def market(ledger_db):
    """Mine and separator with somebody who can sign in for each."""
    from tests.services.market import open_market

    market = open_market()
    for actor, name in ((market.mine, "dana"), (market.separator, "maarja")):
        _make_person(actor, name)
    return market


def _make_person(actor, name):
    from allauth.account.models import EmailAddress
    from django.contrib.auth import get_user_model

    from traceability.models import Membership

    user = get_user_model().objects.create_user(name, f"{name}@example.org", PASSWORD, first_name=name.title())
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    Membership.objects.create(user=user, organisation=actor.organisation, role=Membership.Role.SUBMITTER)


class Supplier:
    """Somebody at a browser."""

    def __init__(self, context: "BrowserContext", site: str, folder: Path, name: str) -> None:
        self.page: Page = context.new_page()
        self.site = site
        self.folder = folder
        self.name = name

    def sign_in(self) -> None:
        self.page.goto(f"{self.site}/accounts/login/")
        self.page.get_by_label("Email").fill(f"{self.name}@example.org")
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.page.get_by_role("button", name="Sign In").or_(self.page.get_by_role("button", name="Sign in")).click()
        self.page.get_by_role("heading", name="What waits for you").wait_for()
        self.look("overview")

    def begin(self, act: str) -> None:
        self.page.goto(f"{self.site}/record/")
        self.page.locator(".acts > li", has_text=act).get_by_role("button", name="Begin").click()

    def choose(self, field: str, text: str) -> None:
        """Chooses the first option that holds the text."""
        box = self.page.locator(f"[name={field}]")
        box.select_option(label=box.locator("option", has_text=text).first.inner_text())

    def fill(self, **fields: str) -> None:
        for name, value in fields.items():
            self.page.locator(f"[name={name.replace('__', '-')}]").fill(value)

    def go_on(self) -> None:
        """Waits for the preview that typing asked for, then saves."""
        self.page.wait_for_timeout(700)
        self.page.wait_for_load_state("networkidle")
        with self.page.expect_navigation():
            self.page.locator(".actions").get_by_role("button", name="Save and continue").click()

    def sign(self, sentence: str) -> None:
        """Checks the answers, signs, and waits for the receipt."""
        self.page.get_by_role("heading", name="Check your answers before you sign").wait_for()
        assert sentence in self.page.inner_text("#page").replace("\u202f", " ")
        self.look("check")
        self.page.get_by_label("I have checked these answers").check()
        self.page.get_by_role("button", name="Sign and record").click()
        self.page.get_by_text("Signed and recorded.").wait_for()
        assert re.search(r"Entry [0-9]", self.page.inner_text("main"))
        self.look("receipt")

    def look(self, what: str) -> None:
        """Keeps a picture, and finds nothing wider than the window."""
        self.page.wait_for_load_state()
        assert self.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        self.page.screenshot(path=str(self.folder / f"{self.name}-{what}.png"), full_page=True, caret="initial")


def test_from_the_mine_to_the_partner(context, market, live_site, tmp_path):
    mine = Supplier(context, live_site, tmp_path, "dana")
    mine.sign_in()
    _register_a_facility(mine)
    _record_a_source_lot(mine)
    _record_a_step(mine)
    _dispatch(mine, market.separator.organisation.urn)
    mine.page.locator(".user summary").click()
    mine.page.get_by_role("button", name="Sign out").click()
    partner = Supplier(context, live_site, tmp_path, "maarja")
    partner.sign_in()
    _receive(partner)
    partner.page.goto(f"{live_site}/stock/")
    assert "CON-7" in partner.page.inner_text("main")
    assert "On hand" in partner.page.inner_text("main")


def _register_a_facility(mine):
    mine.page.goto(f"{mine.site}/facilities/")
    mine.page.get_by_role("button", name="Register a facility").click()
    mine.fill(name="Juniper Flat concentrator", region="Nevada", occurred_from="2026-03-01 08:00")
    mine.choose("country", "United States")
    mine.go_on()
    mine.sign("Juniper Flat has a site named Juniper Flat concentrator in United States.")


def _record_a_source_lot(mine):
    mine.begin("Record a source lot")
    mine.choose("origin", "Mined")
    mine.choose("facility", "Juniper Flat mine")
    mine.fill(occurred_from="2026-03-02 06:00", occurred_to="2026-03-02 16:00")
    mine.go_on()
    mine.fill(material="bastnaesite ore", lot_number="ORE-7", mass_kg="1,000.5")
    mine.choose("stage", "Ore")
    mine.page.get_by_text("Understood: 1\u202f000.5\u202fkg.").wait_for()
    mine.go_on()
    mine.choose("assay-rows-0-species", "Nd2O3")
    mine.fill(assay__rows__0__content_pct="0.66")
    mine.page.get_by_text("= 5.661\u202fkg Nd").wait_for()
    mine.go_on()
    mine.go_on()
    mine.go_on()
    mine.sign("Juniper Flat mined 1 000.5 kg of bastnaesite ore, lot ORE-7 in United States.")


def _record_a_step(mine):
    mine.begin("Record a step")
    mine.fill(process__0__step="beneficiation", occurred_from="2026-03-05 06:00", occurred_to="2026-03-06 18:00")
    mine.choose("process-0-country", "United States")
    mine.choose("facility", "concentrator")
    mine.go_on()
    mine.choose("inputs-0-lot", "ORE-7")
    mine.fill(inputs__0__mass_kg="1 000")
    mine.page.get_by_text("0.5\u202fkg stays in stock.").wait_for()
    mine.go_on()
    mine.fill(outputs__0__material="bastnaesite concentrate", outputs__0__lot_number="CON-7", outputs__0__mass_kg="60")
    mine.choose("outputs-0-stage", "Concentrate")
    mine.choose("outputs-0-assay-rows-0-species", "Nd2O3")
    mine.fill(outputs__0__assay__rows__0__content_pct="20")
    mine.page.locator(".tag", has_text="More out than in").wait_for()
    mine.go_on()
    assert "More neodymium leaves the step than came in" in mine.page.inner_text(".errors")
    mine.look("more-out-than-in")
    mine.fill(outputs__0__assay__rows__0__content_pct="10")
    mine.go_on()
    mine.fill(losses__0__kind="tailings", losses__0__mass_kg="940")
    mine.choose("losses-0-elements-0-species", "Nd2O3")
    mine.fill(losses__0__elements__0__content_pct="0.064")
    mine.page.locator(".tag", has_text="Closes").wait_for()
    mine.look("losses")
    mine.go_on()
    mine.fill(inventory__0__flow="electricity", inventory__0__amount="1 200")
    mine.choose("inventory-0-role", "Electricity")
    mine.choose("inventory-0-unit", "kWh")
    mine.page.get_by_role("button", name="Add a flow").click()
    mine.page.locator("[name=inventory-1-flow]").wait_for()
    mine.go_on()
    sheet = {"name": "assay CON-7.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 a lab sheet"}
    mine.page.set_input_files("#document", [sheet])
    mine.go_on()
    mine.sign(
        "took 1 000 kg of ORE-7 through beneficiation in United States, and made 60 kg of bastnaesite concentrate"
    )


def _dispatch(mine, partner):
    mine.page.get_by_role("link", name="Open the lot").wait_for()
    mine.begin("Dispatch a lot")
    mine.choose("lot", "CON-7")
    mine.page.get_by_text("Delivery note and tolerance").click()
    mine.fill(to_identifier=partner, reference="T-1")  # the mass is what remains
    mine.go_on()
    mine.go_on()
    mine.sign(f"handed the whole of CON-7, 60 kg, over to the organisation {partner}.")
    mine.page.goto(f"{mine.site}/partners/")
    assert "Baltika Metals" in mine.page.inner_text("main")


def _receive(partner):
    partner.page.get_by_role("link", name="Incoming").click()
    partner.look("incoming")
    partner.page.get_by_role("button", name="Weigh and receive").click()
    partner.fill(weighed_mass_kg="59.98")
    partner.page.get_by_text("within the tolerance of 0.05").wait_for()
    partner.go_on()
    partner.choose("legs-0-mode", "Sea")
    partner.fill(legs__0__distance_km="12 000")
    partner.go_on()
    partner.go_on()
    partner.sign("Baltika Metals received CON-7 and weighed 59.98 kg")
