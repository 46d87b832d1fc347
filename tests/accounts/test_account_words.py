"""The pages of password and second factor speak our words, in each language, and keep to our look."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth import get_user_model
from django.core import mail
from django.test import Client
from django.utils import timezone

from tests.accounts.people import PASSWORD, member
from tests.web.pages import Page

LANGUAGES = ("en", "de", "zh-hans")
BY_MEMBERS = {
    "/accounts/2fa/": "Two-factor authentication",
    "/accounts/2fa/totp/activate/": "Set up an authenticator app",
    "/accounts/2fa/webauthn/": "Security keys and passkeys",
    "/accounts/2fa/webauthn/add/": "Add a key",
    "/accounts/reauthenticate/": "Confirm that it is you",
    "/accounts/password/change/": "Change your password",
}
WITH_AN_APP = {
    "/accounts/2fa/totp/deactivate/": "Take the authenticator app away",
    "/accounts/2fa/recovery-codes/": "Recovery codes",
    "/accounts/2fa/recovery-codes/generate/": "Make new recovery codes",
}
BY_ANYBODY = {
    "/accounts/password/reset/key/done/": "Your password is changed",
    "/accounts/inactive/": "This account is closed",
    "/accounts/confirm-email/": "Confirm your address",
}


def _heading(client: Client, address: str, language: str) -> str:
    client.cookies["language"] = language
    answer = client.get(address, follow=True)
    html = answer.content.decode()
    assert answer.status_code == 200, address
    assert Page(html).faults == []
    found = re.search(r"<h1>(.*?)</h1>", html)
    assert found, address
    return found.group(1)


def _says_so_in_every_language(client: Client, address: str, english: str) -> None:
    said = [_heading(client, address, language) for language in LANGUAGES]
    assert said[0] == english
    assert len(set(said)) == 3, said


@pytest.fixture
def email(market) -> str:
    member(market.operator.organisation, "nele")
    return "nele@example.org"


def _signed_in(email: str) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": email, "password": PASSWORD})
    return client


@pytest.mark.parametrize(("address", "english"), BY_MEMBERS.items())
def test_pages_of_ones_own_account(email, address, english):
    client = _signed_in(email)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    _says_so_in_every_language(client, address, english)


@pytest.mark.parametrize(("address", "english"), BY_ANYBODY.items())
def test_pages_before_the_door(db, address, english):
    _says_so_in_every_language(Client(), address, english)


def test_page_of_who_has_no_password(email):
    client = _signed_in(email)
    person = get_user_model().objects.get(email=email)
    person.set_unusable_password()
    person.save()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    _says_so_in_every_language(client, "/accounts/password/set/", "Set a password")


def test_pages_of_who_signs_in_with_a_code(email):
    person = get_user_model().objects.get(email=email)
    TOTP.activate(person, generate_totp_secret())
    codes = RecoveryCodes.activate(person)
    client = _signed_in(email)
    _says_so_in_every_language(client, "/accounts/2fa/authenticate/", "Second step")
    assert "webauthn" not in client.get("/accounts/2fa/authenticate/").content.decode()  # the person has no key
    client.post("/accounts/2fa/authenticate/", {"code": codes.get_unused_codes()[0]})
    client.post("/accounts/2fa/reauthenticate/", {"code": codes.get_unused_codes()[1]})
    for address, english in WITH_AN_APP.items():
        _says_so_in_every_language(client, address, english)
    shown = client.get("/accounts/2fa/recovery-codes/").content.decode()
    assert all(f"<code>{one}</code>" in shown for one in codes.get_unused_codes()[2:])


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_the_sign_in_leads_to_no_other_site(email, elsewhere):
    answer = Client().post(
        f"/accounts/login/?next={elsewhere}", {"login": email, "password": PASSWORD, "next": elsewhere}
    )
    assert (answer.status_code, answer["Location"]) == (302, "/")


@pytest.mark.parametrize(("days", "works"), [(0, True), (4, False)])
def test_a_link_to_a_new_password_ends(email, days, works):
    Client().post("/accounts/password/reset/", {"email": email})
    [link] = re.findall(r"http://testserver(/accounts/password/reset/key/\S+)", mail.outbox[-1].body)
    with time_machine.travel(timezone.now() + timedelta(days=days)):
        client = Client()
        page = client.get(link, follow=True).content.decode()
    assert ('name="password1"' in page) is works
    assert works or "/accounts/password/reset/" in page


def test_nobody_is_signed_in_by_a_code_in_a_letter(email):
    assert Client().get("/accounts/login/code/").status_code == 404
    answer = Client().post("/accounts/login/code/confirm/", {"code": "123456"})
    assert answer["Location"] == "/accounts/login/"


def test_going_on_after_the_fresh_proof_stays_on_this_site(email):
    for elsewhere in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        client = _signed_in(email)
        answer = client.post(f"/accounts/reauthenticate/?next={elsewhere}", {"password": PASSWORD, "next": elsewhere})
        assert answer.status_code == 302
        assert urlsplit(answer["Location"]).netloc == ""
        assert answer["Location"].startswith("/")
        assert "evil" not in answer["Location"]
