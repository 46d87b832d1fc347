"""Pages of requests between partners, as the buyer, the supplier, a viewer, an outsider and anybody see them."""

import re
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from tests.web.pages import Page
from tests.web.suppliers import People, complaints
from traceability.models import Lot, OpeningRule, PartnerRequest
from traceability.services import notice_mail, notices, outbox
from traceability.services.notices import MAIL_TASK


@pytest.fixture
def lot(people: People) -> Lot:
    """A lot on its way to the separator, whose number the mine keeps to itself."""
    OpeningRule.objects.create(organisation=people.market.mine.organisation, group="names", audience="nobody")
    return people.sent(lot_number="SECRET-1")


def read(client: Any, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    html: str = answer.content.decode()
    assert Page(html).faults == []
    return html


def statement_address(lot: Lot, end: str = "") -> str:
    return f"/statements/{bytes(lot.made_by.digest).hex()}/{end}"


def ask(people: People, lot: Lot, **more: str) -> PartnerRequest:
    found = people.partner.post(f"/lots/{lot.pk}/ask/", {"message": "for our EPD", "due_on": ""} | more)
    assert found.status_code == 302, complaints(found)
    return PartnerRequest.objects.get()


def ask_to_open(people: People, lot: Lot) -> PartnerRequest:
    typed = {"places": ["/body/lot_number"], "message": "for the label"}
    found = people.partner.post(statement_address(lot, "ask/"), typed)
    assert found.status_code == 302, complaints(found)
    return PartnerRequest.objects.get()


def test_the_page_of_a_lot_leads_to_the_request_where_its_maker_can_be_asked(people: People, lot: Lot) -> None:
    address = f"/lots/{lot.pk}/ask/"
    assert address in read(people.partner, f"/lots/{lot.pk}/")
    assert address not in read(people.owner, f"/lots/{lot.pk}/")
    assert "Ask for a declaration of" in read(people.partner, address)
    assert people.outsider.get(address).status_code == 404
    assert people.anybody.get(address)["Location"].startswith("/accounts/login/")
    assert people.viewer.get(address).status_code == 403


def test_a_request_stands_on_both_lists_and_on_the_overview_of_who_is_asked(people: People, lot: Lot) -> None:
    row = ask(people, lot)
    address = reverse("request", args=[row.pk])
    assert "You ask Juniper Flat" in read(people.partner, "/requests/")
    assert "Baltika Metals asks you" in read(people.owner, "/requests/?side=to_us&state=open")
    overview = read(people.owner, "/")
    assert "Partners ask you" in overview
    assert address in overview
    assert re.search(r'Requests <span class="count">1', overview)
    assert "Partners ask you" not in read(people.partner, "/")
    assert "No request matches." in read(people.owner, "/requests/?side=by_us")
    assert "Nobody has asked for anything yet." in read(people.outsider, "/requests/")
    for client, status in ((people.outsider, 404), (people.viewer, 200), (people.anybody, 302)):
        assert client.get(address).status_code == status
    assert "Decline" not in read(people.viewer, address)


def test_mail_goes_to_the_members_of_who_is_asked(people: People, lot: Lot) -> None:
    outbox.HANDLERS[MAIL_TASK] = notice_mail.send_one
    ask(people, lot)
    mail.outbox.clear()
    outbox.drain(names=(MAIL_TASK,))
    texts = [one.body for one in mail.outbox if "asks you for something" in one.body]
    assert texts
    assert "/notices/" in texts[0]
    assert "for our EPD" not in texts[0]


def test_the_notice_names_the_request_and_leads_to_it(people: People, lot: Lot) -> None:
    row = ask(people, lot)
    outbox.drain(names=(notices.TASK,))
    html = read(people.owner, "/notices/")
    [address] = re.findall(rf'<td><a href="([^"]+)">A declaration, lot {lot.pk.hex[-8:]}</a></td>', html)
    assert people.owner.get(address)["Location"] == reverse("request", args=[row.pk])


def test_a_request_is_declined_with_a_reason(people: People, lot: Lot) -> None:
    address = reverse("request", args=[ask(people, lot).pk])
    asked = read(people.owner, address)
    assert "You have no declaration in force yet" in asked
    assert f'href="/lots/{lot.pk}/declare/"' in asked
    empty = people.owner.post(address, {"decline": "", "reason": ""})
    assert complaints(empty)
    assert people.owner.post(address, {"decline": "", "reason": "<b>not now</b>"}).status_code == 302
    html = read(people.partner, address)
    assert "Declined" in html
    assert "&lt;b&gt;not now&lt;/b&gt;" in html
    assert 'name="decline"' not in read(people.owner, address)
    again = people.partner.post(f"/lots/{lot.pk}/ask/", {"message": ""} | {"due_on": "", "sent": "1"})
    assert "declined" in complaints(again)[0]


def test_a_request_is_withdrawn_once(people: People, lot: Lot) -> None:
    address = reverse("request", args=[ask(people, lot).pk])
    assert 'name="withdraw"' in read(people.partner, address)
    assert 'name="withdraw"' not in read(people.owner, address)
    for _ in range(2):
        assert people.partner.post(address, {"withdraw": ""})["Location"] == address
    assert "Withdrawn" in read(people.owner, address)


def test_values_are_asked_for_and_opened_one_by_one(people: People, lot: Lot) -> None:
    assert "Ask to open values" in read(people.partner, statement_address(lot))
    assert "Ask to open values" not in read(people.owner, statement_address(lot))
    assert "SECRET-1" not in read(people.partner, statement_address(lot, "ask/"))
    address = reverse("request", args=[ask_to_open(people, lot).pk])
    assert "Lot number: SECRET-1" in read(people.owner, address)
    assert "SECRET-1" not in read(people.partner, address)
    assert complaints(people.owner.post(address, {"answer": ""}))
    assert people.owner.post(address, {"answer": "", "places": "/body/lot_number"}).status_code == 302
    assert "(opened)" in read(people.partner, address)
    assert "SECRET-1" in read(people.partner, statement_address(lot))
    assert "SECRET-1" in read(people.partner, f"/lots/{lot.pk}/")


def test_what_is_not_withheld_cannot_be_asked(people: People, lot: Lot) -> None:
    assert complaints(people.partner.post(statement_address(lot, "ask/"), {"places": ["/body/mass_kg"]}))
    assert "Nothing is withheld from you here." in read(people.owner, statement_address(lot, "ask/"))
    assert people.outsider.post(statement_address(lot, "ask/"), {"places": ["/body/lot_number"]}).status_code == 404
    assert not PartnerRequest.objects.exists()


def test_a_product_is_asked_of_a_partner_alone(people: People, lot: Lot) -> None:
    mine = str(people.market.mine.organisation.pk)
    assert "Juniper Flat" in read(people.partner, "/requests/new/")
    assert "You have no partner here yet." in read(people.outsider, "/requests/new/")
    assert complaints(people.outsider.post("/requests/new/", {"to": mine, "product": "ore"}))
    assert people.partner.post("/requests/new/", {"to": mine, "product": "ore"}).status_code == 302
    assert PartnerRequest.objects.get().product == "ore"


def test_what_was_typed_survives_an_error(people: People, lot: Lot) -> None:
    answer = people.partner.post(f"/lots/{lot.pk}/ask/", {"message": "kept words", "due_on": "1999-01-01"})
    assert "two years" in complaints(answer)[0]
    assert "kept words" in answer.content.decode()


def test_the_list_names_each_request(people: People, lot: Lot) -> None:
    mine = str(people.market.mine.organisation.pk)
    for number in range(6):
        people.partner.post("/requests/new/", {"to": mine, "product": f"ore {number}"})
    ask_again = people.partner.post(f"/lots/{lot.pk}/ask/", {"message": "x"})
    assert ask_again.status_code == 302
    html = read(people.owner, "/requests/")
    assert html.count("asks you</td>") == 7
