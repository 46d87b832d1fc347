"""Two people, or two windows, on one section of a draft: what was typed last does not silently replace the other."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from tests.web.suppliers import ORE, People, begin, person
from traceability.models import Draft, Membership


@pytest.fixture
def colleague(people: People) -> Client:
    made = person(people.market.mine.organisation, Membership.Role.SUBMITTER, "mia")
    get_user_model().objects.filter(username="mia").update(first_name="Mia", last_name="Taylor")
    return made


def lot_page(client: Client) -> str:
    """The section on the lot of a new draft."""
    return f"/record/{begin(client, 'source').pk}/lot/"


def seen(client: Client, address: str) -> str:
    found = re.search(r'name="seen" value="([^"]+)"', client.get(address).content.decode())
    assert found
    return found[1]


def test_what_a_colleague_saved_meanwhile_is_shown_beside_what_was_typed(people: People, colleague: Client) -> None:
    page = lot_page(people.owner)
    old = seen(people.owner, page)
    assert colleague.post(page, ORE["lot"] | {"lot_number": "ORE-8", "seen": seen(colleague, page)}).status_code == 302
    answer = people.owner.post(page, ORE["lot"] | {"seen": old})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Mia Taylor saved other answers while you typed." in text
    assert "<bdi>ORE-8</bdi>" in text
    assert 'value="ORE-7"' in text
    assert Draft.objects.get().typed["fields"]["lot_number"] == "ORE-8"
    again = re.search(r'name="seen" value="([^"]+)"', text)
    assert again
    assert people.owner.post(page, ORE["lot"] | {"seen": again[1]}).status_code == 302
    assert Draft.objects.get().typed["fields"]["lot_number"] == "ORE-7"


def test_another_window_of_the_same_person_is_named_so(people: People) -> None:
    page = lot_page(people.owner)
    old = seen(people.owner, page)
    people.owner.post(page, ORE["lot"] | {"seen": old})
    answer = people.owner.post(page, ORE["lot"] | {"material": "monazite", "seen": old})
    assert answer.status_code == 200
    assert "You saved other answers in another window." in answer.content.decode()


def test_the_same_answers_and_other_sections_are_no_clash(people: People, colleague: Client) -> None:
    page = lot_page(people.owner)
    old = seen(people.owner, page)
    assert colleague.post(page.replace("/lot/", "/origin/"), ORE["origin"]).status_code == 302
    assert people.owner.post(page, ORE["lot"] | {"seen": old}).status_code == 302
    assert people.owner.post(page, ORE["lot"] | {"seen": old}).status_code == 302
