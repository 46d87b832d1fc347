"""A supplier takes his keys into his own hands: made in the browser, signing a draft, a second one, one stolen."""

import base64
import json
from functools import partial
from typing import TYPE_CHECKING

import pytest

from tests.browser.visitor import Clerks, Visitor

if TYPE_CHECKING:
    from tests.services.market import Market

pytestmark = pytest.mark.browser
NO_ED25519 = """
const make = crypto.subtle.generateKey.bind(crypto.subtle);
crypto.subtle.generateKey = (kind, ...rest) => (kind === "Ed25519" ? Promise.reject(Error("no")) : make(kind, ...rest));
"""


@pytest.fixture
def dana(market: "Market", clerks: Clerks) -> Visitor:
    """The administrator of the mine."""
    from traceability.models import Membership
    from traceability.services import integrator, publisher

    publisher.open_log()
    market.source()
    integrator.drain()
    Membership.objects.filter(user__username="dana").update(role=Membership.Role.ADMIN)
    return clerks("dana")


def make_key(dana: Visitor, name: str, choice: str = "") -> None:
    dana.go("/organisation/keys/own/")
    page = dana.page
    page.locator("form[data-make]").wait_for()
    page.fill("#name", name)
    if choice:
        page.select_option(
            "#replaces", label=next(one for one in page.locator("#replaces option").all_inner_texts() if choice in one)
        )
    page.get_by_role("button", name="Make a key in this browser").click()
    sign(dana)
    page.wait_for_url("**/organisation/keys/")


def sign(dana: Visitor) -> str:
    """The digest that the browser showed before it signed."""
    button = dana.page.locator("button[data-sign]")
    button.wait_for()
    digest = dana.page.locator("[data-digest]").inner_text().strip()
    button.click()
    return digest


def test_a_draft_is_signed_with_a_key_that_never_leaves_the_browser(dana: Visitor, market: "Market") -> None:
    from traceability.ledger import envelope, signing
    from traceability.models import KeyEntry, PlatformKey, Statement
    from traceability.services import integrator

    make_key(dana, "Office browser", "which the platform holds")
    dana.reads("Office browser", "by yourselves")
    integrator.drain()
    entry = KeyEntry.objects.get(organisation=market.mine.organisation, ended=None)
    assert entry.custody == "holder"
    assert not PlatformKey.objects.filter(key_id=bytes(entry.pk)).exists()
    extractable = dana.page.evaluate(
        """() => new Promise((found) => {
          const opening = indexedDB.open("lodestone-keys", 1);
          opening.onsuccess = () => {
            const all = opening.result.transaction("keys").objectStore("keys").getAll();
            all.onsuccess = () => found(all.result.map((one) => one.privateKey.extractable));
          };
        })"""
    )
    assert extractable == [False]

    dana.begin("Put on hold").choose("lot", "ORE-1").fill(
        reason="a wet bag", occurred_from="2026-04-20 08:00"
    ).to_the_end()
    page = dana.page
    dana.reads("Sign with a key of your own", "Office browser", "It is in this browser.")
    assert page.get_by_role("button", name="Sign and record").count() == 0  # the platform holds no key any more
    page.get_by_role("button", name="Sign with this key").click()
    page.locator("[data-look] summary").click()
    assert "a wet bag" in page.locator("[data-shown]").inner_text()
    digest = sign(dana)
    page.wait_for_url("**/receipts/**")
    row = Statement.objects.get(kind="lot.hold")
    assert digest == f"sha256:{bytes(row.digest).hex()}"
    written = envelope.parse_envelope(bytes(row.envelope))
    signing.verify(bytes(entry.public_key), envelope.pae(written.payload), written.signatures[0].sig)
    dana.go(f"/statements/{bytes(row.digest).hex()}/").reads("in the hands of the organisation alone")

    # A second device, and the first is reported stolen.
    make_key(dana, "Second browser")
    integrator.drain()
    dana.go(f"/organisation/keys/{bytes(entry.pk).hex()}/revoke/")
    page.fill("[name=reason]", "The laptop was stolen")
    page.get_by_label("Somebody else may have signed with it since this moment:").check()
    page.fill("[name=at]", "2026-01-01 00:00")
    page.get_by_role("button", name="Go on to check").click()
    block = page.locator("[data-own-keys]")
    block.locator("li", has_text="Second browser").get_by_role("button", name="Sign with this key").click()
    sign(dana)
    page.wait_for_url("**/organisation/keys/")
    entry.refresh_from_db()
    assert (entry.ended is not None, entry.compromised_from) == (True, 0)
    dana.reads("The laptop was stolen")


def test_other_bytes_are_not_signed(dana: Visitor) -> None:
    """A site that shows one thing and sends another: spaces in the payload, and a value that is hidden."""
    make_key(dana, "Office browser")
    from traceability.models import Statement
    from traceability.services import integrator

    integrator.drain()
    dana.begin("Put on hold").choose("lot", "ORE-1").fill(
        reason="a wet bag", occurred_from="2026-04-20 08:00"
    ).to_the_end()

    def tamper(change, route):
        answer = route.fetch()
        found = answer.json()
        change(found["statements"][0])
        route.fulfill(response=answer, body=json.dumps(found))

    def spaces(one):
        text = base64.b64decode(one["envelope"]["payload"]).decode().replace(',"', ', "', 1)
        one["envelope"]["payload"] = base64.b64encode(text.encode()).decode()

    def spare(one):
        one["disclosures"].append("WyJBQUFBQUFBQUFBQUFBQUFBQUFBQUFBIiwibWFzc19rZyIsIjEiXQ")

    for change, said in ((spaces, "The bytes are not those of the record."), (spare, "A value in it is hidden")):
        dana.page.unroute_all()
        dana.page.route("**/to-sign?key=*", partial(tamper, change))
        dana.page.get_by_role("button", name="Sign with this key").click()
        dana.page.locator("[data-problem]").get_by_text(said).wait_for()
        assert not dana.page.locator("button[data-sign]").is_visible()
    assert not Statement.objects.filter(kind="lot.hold").exists()


def test_a_browser_without_ed25519_says_so(dana: Visitor) -> None:
    dana.page.add_init_script(NO_ED25519)
    dana.go("/organisation/keys/own/")
    dana.page.get_by_text("This browser cannot keep such a key").first.wait_for()
    assert not dana.page.locator("form[data-make]").is_visible()
    dana.reads("With lodestone-sign")
