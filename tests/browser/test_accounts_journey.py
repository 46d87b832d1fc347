"""From nothing to a colleague with a passkey: the operator begins, and an organisation signs up without script."""

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser
PASSWORD = "a long walk to the mine"


@pytest.fixture
def site(live_site, settings):
    """The site under a name: browsers refuse passkeys on an address."""
    settings.LODESTONE_BASE_URL = live_site.replace("127.0.0.1", "localhost")
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    return settings.LODESTONE_BASE_URL


def letter_link(to: str) -> str:
    from django.core import mail

    newest = [one for one in mail.outbox if one.to == [to]][-1]
    found = re.search(r"http://localhost:[0-9]+/\S+", newest.body)
    assert found, newest.body
    return found[0]


def join(page: "Page", email: str, name: str) -> None:
    """Follows the link of an invitation and makes an account."""
    page.goto(letter_link(email))
    page.get_by_role("link", name="I am new").click()
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Make my account").click()
    page.get_by_role("heading", name="What waits for you").wait_for()


def sign_up(page: "Page", site: str) -> None:
    """An organisation signs up, confirms its address and signs in."""
    page.goto(f"{site}/accounts/signup/")
    page.get_by_label("Name of the organisation").fill("Hafen Magnets")
    page.get_by_label("Country").select_option("DE")
    page.get_by_label("Supplier: we mine").check()
    page.get_by_label("What your organisation does").fill("We press magnets.")
    page.get_by_label("Your name").fill("Nele")
    page.get_by_label("Email").fill("nele@hafen.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("We accept the terms").check()
    page.get_by_role("button", name="Sign up").click()
    page.goto(letter_link("nele@hafen.example"))
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Email").fill("nele@hafen.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_text("has not vouched for your organisation yet").wait_for()


def add_passkey(page: "Page", site: str) -> None:
    """Adds a passkey of a virtual authenticator, and signs in with it."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
               "isUserVerified": True, "automaticPresenceSimulation": True}  # fmt: skip
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto(f"{site}/accounts/2fa/webauthn/add/")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add").click()
    page.get_by_role("heading", name="Recovery Codes").wait_for()
    page.goto(f"{site}/accounts/logout/")
    page.locator("main").get_by_role("button", name="Sign out").click()
    page.goto(f"{site}/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_role("heading", name="What waits for you").wait_for()


def test_an_organisation_comes_in_and_its_colleague_signs_in_with_a_passkey(
    site: str, chromium: "Browser", context: "BrowserContext"
) -> None:
    from django.core.management import call_command

    call_command("found_operator", "Registry of Magnets", "DE", "sam@registry.example")
    sam = context.new_page()
    join(sam, "sam@registry.example", "Sam")
    without_script = chromium.new_context(java_script_enabled=False)
    nele = without_script.new_page()
    sign_up(nele, site)
    sam.goto(f"{site}/operator/waiting/")
    sam.get_by_role("link", name="Decide").click()
    sam.get_by_label("Identity:").check()
    sam.get_by_role("button", name="Sign and vouch").click()
    sam.get_by_text("The organisation is registered").wait_for()
    nele.goto(f"{site}/members/invite/")
    nele.get_by_label("E-mail address").fill("ole@hafen.example")
    nele.get_by_role("button", name="Send the invitation").click()
    assert "ole@hafen.example" in nele.inner_text("main")
    without_script.close()
    sam.goto(f"{site}/accounts/logout/")
    sam.locator("main").get_by_role("button", name="Sign out").click()
    join(sam, "ole@hafen.example", "Ole")
    add_passkey(sam, site)
