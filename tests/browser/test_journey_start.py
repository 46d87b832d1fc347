"""Line 1, start: from the sign-up to the first lots, one's own account, and leaving with all data."""

import io
import re
import zipfile
from typing import TYPE_CHECKING

import pytest

from tests.accounts.people import PASSWORD
from tests.browser.visitor import Visit, Visitor, in_variants
from tests.demo_chain import Demo

if TYPE_CHECKING:
    from pytest_django import Settings

pytestmark = [pytest.mark.browser, in_variants("desk")]
NELE, OTHER = "nele@example.org", "nele@hafen.example"
OTHER_PASSWORD = "another walk to the mine"


def letter_link(to: str) -> str:
    """The link of the newest letter to an address."""
    from django.core import mail

    newest = [one for one in mail.outbox if one.to == [to]][-1]
    found = re.search(r"http://localhost:[0-9]+/\S+", newest.body)
    assert found, newest.body
    return found[0]


def sign_up(person: Visitor, name: str, email: str) -> Visitor:
    """An organisation signs up, confirms its address and signs in."""
    person.go("/accounts/signup/")
    return answer_the_sign_up(person, name, email)


def answer_the_sign_up(person: Visitor, name: str, email: str) -> Visitor:
    person.write("Name of the organisation", name).choose("country", "Germany").tick("Supplier: we mine")
    person.write("What your organisation does", "We press magnets.").write("Your name", name.split()[0])
    person.fill(email=email, password1=PASSWORD).tick("We accept the terms").press("Sign up")
    person.go(letter_link(email)).press("Confirm")
    return person.sign_in(email, PASSWORD).reads("has not vouched for your organisation yet")


def vouch(operator: Visitor, name: str) -> None:
    operator.go("/operator/waiting/")
    operator.leave_by(operator.page.locator("tr", has_text=name).get_by_role("link", name="Decide"))
    operator.tick("Identity:", "Address:").press("Sign and vouch").reads("The organisation is registered")


def join(person: Visitor, email: str, name: str) -> Visitor:
    """Follows the link of an invitation to work for an organisation, and makes an account."""
    person.go(letter_link(email)).follow("I am new")
    person.write("Your name", name).write("Password", PASSWORD).press("Make my account")
    return person.reads("What waits for you")


def test_an_organisation_comes_in_with_colleagues_and_a_partner(visit: Visit) -> None:
    nele, operator = visit(), visit("operator")
    nele.go("/accounts/signup/").press("Sign up").reads("Nothing was saved.")
    sign_up(nele, "Hafen Magnets", NELE)
    vouch(operator, "Hafen Magnets")

    for role in ("admin", "approver", "submitter", "viewer"):
        nele.go("/members/").follow("Invite a colleague")
        nele.write("E-mail address", f"{role}@hafen.example")
        nele.page.locator(f"[name=role][value={role}]").check()
        nele.press("Send the invitation").reads(f"The invitation is on its way to {role}@hafen.example.")
    nele.press("Withdraw viewer@hafen.example").reads("Its link opens nothing.")
    old = letter_link("approver@hafen.example")
    nele.press("Send again approver@hafen.example").reads("The old link is dead.")
    ole = visit()
    assert ole.page.request.get(old).status == 404
    join(ole, "approver@hafen.example", "Ole")
    nele.go("/members/").follow("Role of Ole")
    nele.page.locator("[name=role][value=submitter]").check()
    nele.press("Save").reads("from now on.")
    nele.follow("Remove Ole").press("Remove")
    assert "Ole" not in nele.text

    nele.follow("Invite a partner").write("E-mail address of your partner", "pia@press.example")
    nele.press("Send the invitation").reads("The invitation is on its way to pia@press.example.")
    pia = visit().go(letter_link("pia@press.example"))
    answer_the_sign_up(pia, "Press and Son", "pia@press.example")
    vouch(operator, "Press and Son")
    pia.go("/partners/").reads("Hafen Magnets")
    nele.go("/partners/").reads("Press and Son")


@pytest.fixture
def nele(visit: Visit, chain: Demo) -> Visitor:
    """The administrator of an organisation that has just been vouched for, signed in."""
    from tests.accounts.people import newcomer
    from traceability.services import signup

    hafen = newcomer("nele").organisation
    signup.vouch(actor=chain.actor("operator"), organisation_id=hafen.pk, checked=["identity"])
    return visit().sign_in(NELE, PASSWORD).reads("What waits for you")


def test_the_first_days(nele: Visitor) -> None:
    nele.go("/first-days/").reads("1 of 6 steps done")
    nele.follow("Choose").tick("With a decimal comma").press("Save").reads("1.234,5")
    nele.go("/first-days/").press("Register a site").fill(name="Hafen hall 3", occurred_from="2026-03-01 08:00")
    nele.choose("country", "Germany").to_the_end().sign("Hafen Magnets has a site named Hafen hall 3 in Germany.")
    for number, origin, mass in (("OLD-1", "Opening stock", "1.000,5"), ("BUY-1", "outside", "2")):
        nele.go("/first-days/").press("Record a lot")
        nele.choose("origin", origin).choose("facility", "Hafen hall 3").fill(occurred_from="2026-03-02 06:00").go_on()
        nele.fill(material="bastnaesite ore", lot_number=number, mass_kg=mass).choose("stage", "Ore")
        if number == "BUY-1":
            nele.choose("mass_kg_unit", "t")
        else:
            nele.shows("Understood: 1\u202f000,5\u202fkg.")
        nele.to_the_end().sign(number)
    nele.go("/stock/").reads("1 000", "2 000")
    nele.go("/first-days/").reads("5 of 6 steps done").press("Put this away")
    nele.go("/first-days/").press("Show this on the overview again").reads("Put this away")


def test_ones_own_account(nele: Visitor, settings: "Settings") -> None:
    settings.MFA_TOTP_TOLERANCE = 1  # a code that ends while it is typed
    nele.sign_out().go("/accounts/password/reset/").write("Email", NELE).press("Send the letter")
    nele.go(letter_link(NELE)).fill(password1=OTHER_PASSWORD, password2=OTHER_PASSWORD).press("Change Password")
    nele.sign_in(NELE, OTHER_PASSWORD).reads("What waits for you")

    nele.go("/accounts/email/").fill(email=OTHER).press("Change the address").reads("Waits for your click")
    nele.go(letter_link(OTHER)).press("Confirm")
    nele.go("/accounts/email/").reads(OTHER)

    secret, spare = add_an_authenticator(nele)
    nele.sign_out().sign_in(OTHER, OTHER_PASSWORD).reads("the code that your app shows")
    assert "security key" not in nele.text
    nele.fill(code="000000").press("Sign in").fill(code=one_time(secret)).press("Sign in").reads("What waits for you")
    nele.sign_out().sign_in(OTHER, OTHER_PASSWORD).fill(code=spare).press("Sign in").reads("What waits for you")
    if nele.script:  # a browser makes passkeys by script alone
        add_a_passkey(nele, OTHER)
        sign_in_by_password_and_key(nele, OTHER)


def add_an_authenticator(person: Visitor) -> tuple[str, str]:
    """An app that shows codes: its secret, and a spare code for the day on which it is lost."""
    person.go("/accounts/2fa/").follow("Activate")
    prove(person)
    secret = person.page.locator("main .full-hash").inner_text()
    person.fill(code=one_time(secret)).press("Set up").reads("Recovery codes")
    person.go("/accounts/2fa/recovery-codes/")
    return secret, person.page.locator("main .codes code").first.inner_text()


def one_time(secret: str) -> str:
    """The code that an app shows now, as if half a minute had gone by: one code opens once."""
    from allauth.mfa.totp.internal import auth
    from django.core.cache import cache

    cache.clear()
    return auth.format_hotp_value(auth.hotp_value(secret, list(auth.yield_hotp_counters_from_time())[1]))


def prove(person: Visitor) -> None:
    """Types the password again where it is asked for."""
    if "Confirm that it is you" in person.text:
        person.fill(password=OTHER_PASSWORD).press("Confirm")


def add_a_passkey(person: Visitor, email: str) -> None:
    """Adds a passkey of a virtual authenticator, and signs in with it."""
    devtools = person.context.new_cdp_session(person.page)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
               "isUserVerified": True, "automaticPresenceSimulation": True}  # fmt: skip
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    person.go("/accounts/2fa/webauthn/add/")
    prove(person)
    person.tick("It signs me in alone").press("Add a key").reads("Security keys and passkeys")
    person.sign_out().go("/accounts/login/").press("Sign in with a passkey").reads("What waits for you")


def sign_in_by_password_and_key(person: Visitor, email: str) -> None:
    """The second step by the key instead of the code; and by nothing else, once the app is gone."""
    for words in ("the code that your app shows", "Now use your security key"):
        person.sign_out().sign_in(email, OTHER_PASSWORD).reads(words).press("Use a security key")
        person.reads("What waits for you").go("/accounts/2fa/")
        if "Deactivate" in person.text:
            person.follow("Deactivate")
            prove(person)
            person.press("Take away")


def test_leaving_with_all_data(nele: Visitor) -> None:
    nele.go("/organisation/").follow("Take data away, or leave")
    with zipfile.ZipFile(io.BytesIO(nele.save("Export all data"))) as taken:
        assert "members.csv" in taken.namelist()
    nele.follow("Close the account").write("Name of the organisation", "Hafen").write("Your password", "wrong")
    nele.press("Close the account for ever").reads("The account is as it was.")
    nele.write("Name of the organisation", "Hafen Magnets").write("Your password", PASSWORD)
    nele.press("Close the account for ever").reads("The account is closed. What was signed stays in the log.")
