"""How a person writes numbers: by his own choice, else by the language of his browser."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.accounts.people import browser, member
from tests.web.pages import Page
from traceability.models import Draft, WritingHabit

GERMAN = {"Accept-Language": "de-DE,de;q=0.9"}
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def at(market):
    return browser(member(market.mine.organisation, "dana"))


def style_of_next_draft(at, headers):
    at.post("/record/begin", {"act": "source"}, headers=headers)
    return Draft.objects.latest("created_at").typed["style"]


@pytest.mark.parametrize("headers", [GERMAN, ENGLISH])
@pytest.mark.parametrize("style", ["point", "comma"])
def test_the_choice_goes_before_the_browser(at, headers, style):
    at.post(reverse("numbers"), {"style": style}, headers=headers)
    assert style_of_next_draft(at, headers) == style


def test_who_takes_the_choice_back_is_read_by_his_browser_again(at):
    at.post(reverse("numbers"), {"style": "comma"})
    at.post(reverse("numbers"), {"style": "browser"})
    assert WritingHabit.objects.get().numbers == ""
    assert [style_of_next_draft(at, headers) for headers in (GERMAN, ENGLISH)] == ["comma", "point"]


@pytest.mark.parametrize(("style", "understood"), [("point", "1.234"), ("comma", "1\u202f234")])
def test_what_is_understood_is_shown(at, style, understood):
    page = at.post(reverse("numbers"), {"style": style}, follow=True).content.decode()
    assert f'<th scope="row">1.234</th><td>{understood}</td><td>yes</td>' in page
    [checked] = [one for one in re.findall(r"<input[^>]+>", page) if "checked" in one]
    assert f'value="{style}"' in checked
    assert Page(page).faults == []


def test_an_unknown_style_changes_nothing(at):
    at.post(reverse("numbers"), {"style": "comma"})
    page = at.post(reverse("numbers"), {"style": "roman"}).content.decode()
    assert "Your choice is as it was." in page
    assert WritingHabit.objects.get().numbers == "comma"


def test_each_person_has_his_own(market, at):
    at.post(reverse("numbers"), {"style": "comma"})
    ole = browser(member(market.mine.organisation, "ole"))
    assert style_of_next_draft(ole, ENGLISH) == "point"


def test_pages_show_what_the_reader_writes_and_nobody_elses(market, at):
    market.source(mass_kg="12878.168")
    other = browser(member(market.mine.organisation, "ole"))
    at.post(reverse("numbers"), {"style": "comma"})
    digits = 'value="12878.168"'
    for page, sign in ((at.get("/stock/"), ","), (other.get("/stock/"), "."), (Client().get("/log/"), ".")):
        html = page.content.decode()
        assert (f"12\u202f878{sign}168" in html) == (digits in html)
    assert digits in at.get("/stock/").content.decode()
    assert "12878.168" in b"".join(at.get("/stock/?format=csv").streaming_content).decode()
    assert at.get("/api/v1/lots").json()["results"][0]["mass_kg"] == "12878.168"


def test_the_choice_comes_with_the_sign_in(market):
    dana = member(market.mine.organisation, "dora")
    browser(dana).post(reverse("numbers"), {"style": "comma"})
    assert style_of_next_draft(browser(dana), ENGLISH) == "comma"
    WritingHabit.objects.all().delete()
    assert style_of_next_draft(browser(dana), ENGLISH) == "point"


def test_first_days_lead_there(at):
    page = at.get(reverse("first_days"), headers=GERMAN).content.decode()
    assert "1.234,5" in page
    assert f'href="{reverse("numbers")}"' in page


@pytest.mark.parametrize(("unit", "shown"), [("t", "12.9\u202ft"), ("g", "12\u202f900\u202f000\u202fg"),
                                             ("lb", "28\u202f400\u202flb")])  # fmt: skip
def test_masses_stand_in_the_readers_unit_beside_the_signed_kg(market, at, unit, shown):
    lot = market.source(mass_kg="12878.168")
    other = browser(member(market.mine.organisation, "ole"))
    at.post(reverse("numbers"), {"style": "point", "mass_unit": unit})
    for address in ("/stock/", "/lots/", f"/lots/{str(lot).removeprefix('urn:uuid:')}/"):
        assert shown in at.get(address).content.decode()
        assert 'value="12878.168"' in at.get(address).content.decode()
        assert shown not in other.get(address).content.decode()
    assert "12878.168" in b"".join(at.get("/stock/?format=csv").streaming_content).decode()


def test_the_unit_comes_with_the_sign_in_and_can_be_taken_back(market, at):
    market.source(mass_kg="12878.168")
    dana = member(market.mine.organisation, "dora")
    browser(dana).post(reverse("numbers"), {"style": "point", "mass_unit": "t"})
    again = browser(dana)
    assert "12.9\u202ft" in again.get("/stock/").content.decode()
    again.post(reverse("numbers"), {"style": "point", "mass_unit": ""})
    assert "12.9\u202ft" not in again.get("/stock/").content.decode()
    assert (
        "Select a valid choice"
        in again.post(reverse("numbers"), {"style": "point", "mass_unit": "oz"}).content.decode()
    )
