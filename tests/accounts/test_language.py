"""The language of pages and letters: chosen, else as the browser asks; what programs read is English."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests.accounts.people import PASSWORD, browser, member, user
from traceability.models import WritingHabit
from traceability.services import letters

GERMAN = {"Accept-Language": "de-DE,de;q=0.9"}


def choose(client, language, **more):
    return client.post(reverse("language"), {"language": language, "next": "/register/"}, **more)


def language_of(answer):
    page = answer.content.decode()
    return page.partition('<html lang="')[2].partition('"')[0]


@pytest.mark.django_db
def test_the_browser_is_asked_before_anything_is_chosen():
    assert language_of(Client().get("/register/")) == "en"
    answer = Client().get("/register/", headers=GERMAN)
    assert language_of(answer) == answer["Content-Language"] == "de"
    assert {"Accept-Language", "Cookie"} <= set(answer["Vary"].split(", "))


@pytest.mark.django_db
def test_anybody_chooses_on_any_page():
    client = Client(headers=GERMAN)
    answer = choose(client, "zh-hans")
    assert (answer.status_code, answer["Location"]) == (302, "/register/")
    assert client.cookies["language"]["samesite"] == "Lax"
    page = client.get("/register/?q=dysprosium")
    assert language_of(page) == "zh-hans"
    assert 'name="next" value="/register/?q=dysprosium"' in page.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("wish", ["", "tlh", "../de"])
def test_a_language_that_is_not_offered_changes_nothing(wish):
    client = Client()
    assert choose(client, wish).status_code == 302
    assert "language" not in client.cookies


@pytest.mark.django_db
def test_another_site_chooses_nothing():
    client = Client(enforce_csrf_checks=True)
    choose(client, "de", headers={"Sec-Fetch-Site": "cross-site"})
    assert "language" not in client.cookies
    choose(client, "de", headers={"Sec-Fetch-Site": "same-origin"})
    assert client.cookies["language"].value == "de"


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""])
def test_the_way_back_stays_on_this_site(address):
    answer = Client().post(reverse("language"), {"language": "de", "next": address})
    assert answer["Location"] == "/"


def test_the_choice_is_kept_with_the_person(market):
    actor = member(market.mine.organisation, "dana")
    choose(browser(actor), "de")
    assert WritingHabit.objects.get(user=actor.user_id).language == "de"
    elsewhere = Client()
    elsewhere.post(reverse("account_login"), {"login": "dana@example.org", "password": PASSWORD})
    assert language_of(elsewhere.get("/")) == "de"


def test_numbers_and_language_are_chosen_apart(market):
    actor = member(market.mine.organisation, "dana")
    at = browser(actor)
    at.post(reverse("numbers"), {"style": "point"})
    choose(at, "de")
    at.post(reverse("numbers"), {"style": "browser"})
    kept = WritingHabit.objects.get(user=actor.user_id)
    assert (kept.language, kept.numbers) == ("de", "")


def test_who_has_chosen_nothing_gets_mail_as_he_reads_pages(market):
    member(market.mine.organisation, "dana")
    Client(headers=GERMAN).post(reverse("account_login"), {"login": "dana@example.org", "password": PASSWORD})
    assert WritingHabit.objects.get().language == "de"


@pytest.mark.django_db
def test_a_letter_is_in_the_language_of_its_reader():
    reader = user("dana")
    WritingHabit.objects.create(user=reader, language="de")
    assert '<html lang="de">' in letters.written("resumed", reader.email, {}).alternatives[0].content
    assert '<html lang="en">' in letters.written("resumed", "new@example.org", {}).alternatives[0].content
    assert mail.outbox == []


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/api/v1/declarations?limit=x", "/api/v1/lots", "/log/checkpoint", "/healthz"])
def test_what_programs_read_does_not_change_with_the_language(path):
    plain, german = Client().get(path), Client(headers=GERMAN).get(path)
    assert german.content == plain.content
    assert "Content-Language" not in german
    assert "Accept-Language" not in german.get("Vary", "")
