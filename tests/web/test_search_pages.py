"""The search of the header and its results, as members, outsiders and anybody see them."""

import re
from typing import Any
from urllib.parse import quote

import pytest

from tests.services.test_search import HOSTILE
from tests.web.pages import Page
from tests.web.suppliers import People

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')


def read(client: Any, text: str, more: str = "") -> str:
    answer = client.get(f"/search/?q={quote(text)}{more}")
    assert answer.status_code == 200, text[:60]
    html: str = answer.content.decode()
    assert Page(html).faults == []
    return html


def test_what_is_found_is_grouped_by_kind(people: People) -> None:
    people.lot(lot_number="A-1")
    people.lot(lot_number="A-2")
    html = read(people.owner, "bastnaesite")
    assert "4 things found" in html
    assert html.index(">Lots ") < html.index(">Statements ")
    assert "Source lot" in html
    assert 'value="bastnaesite"' in html


def test_long_lists_are_paged_by_kind(people: People) -> None:
    for number in range(7):
        people.lot(lot_number=f"A-{number}")
    html = read(people.owner, "bastnaesite")
    assert html.count("/lots/0") == 5
    assert "All 7: Lots" in html
    html = read(people.owner, "bastnaesite", "&kind=lot&page=99")
    assert html.count("/lots/0") == 7
    assert "1 to 7 of 7 Lots" in html
    assert "All kinds" in html


@pytest.mark.parametrize("kind", ["", "&kind=lot", "&kind=nonsense", "&page=x"])
def test_an_outsider_learns_nothing_not_even_a_number(people: People, kind: str) -> None:
    people.sent(lot_number="SECRET-1")
    for text in ("secret", "bastnaesite", "dispatch"):
        nothing = "x" * len(text)
        told, untold = (TOKEN.sub("", read(people.outsider, one, kind)) for one in (text, nothing))
        assert told.replace(text, "") == untold.replace(nothing, "")


def test_nobody_searches_without_signing_in(people: People) -> None:
    assert people.anybody.get("/search/?q=ore")["Location"].startswith("/accounts/login/?next=/search/")
    assert people.owner.post("/search/?q=ore").status_code == 405


def test_nothing_found_says_what_to_do(people: People) -> None:
    assert "Nothing that you may see matches." in read(people.owner, "nonesuch")
    assert "What you can search for" in read(people.owner, "")
    assert "Type a letter or a digit." in read(people.owner, "?!")
    assert "too long" in read(people.owner, "a" * 301)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_breaks_the_page(people: People, text: str) -> None:
    people.lot()
    read(people.owner, text)


def test_what_was_typed_is_never_markup(people: People) -> None:
    html = read(people.owner, "<script>alert(1)</script>\"'")
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html


def test_the_address_of_a_qr_code_opens_the_lot(people: People) -> None:
    lot = people.lot()
    address = quote(f"https://lodestone.example/c/{lot.pk}")
    assert people.owner.get(f"/search/?q={address}")["Location"] == f"/lots/{lot.pk}/"
    assert people.outsider.get(f"/search/?q={address}").status_code == 200
