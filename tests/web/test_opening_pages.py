"""What an organisation opened to whom: values, mandates and rules on one page, and closing again."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.web.pages import Page
from tests.web.suppliers import People, person
from tests.web.test_asking_pages import ask_to_open, statement_address
from traceability.models import AuditEvent, Lot, Mandate, Membership, Opening, OpeningRule

HONEST = "What was read was read"


@pytest.fixture
def lot(people: People) -> Lot:
    """A lot whose number the mine opened to the separator alone."""
    OpeningRule.objects.create(organisation=people.market.mine.organisation, group="names", audience="nobody")
    sent = people.sent(lot_number="SECRET-1")
    asked = ask_to_open(people, sent)
    people.owner.post(f"/requests/{asked.pk}/", {"answer": "", "places": ["/body/lot_number"], "reason": ""})
    return sent


def read(client: Any, address: str = "/openings/") -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    html: str = answer.content.decode()
    assert Page(html).faults == []
    return html


def test_each_value_stands_there_with_its_partner(people: People, lot: Lot) -> None:
    page = read(people.owner)
    assert "SECRET-1" in page
    assert people.market.separator.organisation.name in page
    assert statement_address(lot) in page
    assert HONEST in page
    for other in (people.partner, people.outsider):
        assert "SECRET-1" not in read(other)
    assert "SECRET-1" not in read(people.owner, f"/openings/?partner={people.market.mine.organisation.pk}")
    assert people.anybody.get("/openings/")["Location"].startswith("/accounts/login/")


def test_closing_again_counts_from_then_on(people: People, lot: Lot) -> None:
    opening = Opening.objects.get()
    address = f"/openings/{opening.pk}/close/"
    assert "SECRET-1" in read(people.partner, statement_address(lot))
    asked = read(people.owner, address)
    assert HONEST in asked
    assert "SECRET-1" in asked
    assert Opening.objects.exists()
    assert people.owner.post(address)["Location"] == "/openings/"
    assert "SECRET-1" not in read(people.partner, statement_address(lot))
    assert people.owner.post(address).status_code == 404
    event = AuditEvent.objects.get(kind=AuditEvent.Kind.CLOSED)
    assert event.organisation == people.market.mine.organisation
    assert "/body/lot_number" in event.note
    assert "SECRET" not in event.note


def test_a_request_says_that_its_value_was_closed_again(people: People, lot: Lot) -> None:
    from traceability.models import PartnerRequest

    address = f"/requests/{PartnerRequest.objects.get().pk}/"
    assert "(opened)" in read(people.partner, address)
    people.owner.post(f"/openings/{Opening.objects.get().pk}/close/")
    assert "(closed again)" in read(people.partner, address)


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_else_closes_a_value(people: People, lot: Lot, method: str) -> None:
    address = f"/openings/{Opening.objects.get().pk}/close/"
    for who, status in ((people.partner, 404), (people.outsider, 404), (people.viewer, 403), (people.anybody, 302)):
        assert getattr(who, method)(address).status_code == status
    assert Opening.objects.exists()


def test_an_administrator_ends_a_mandate(people: People) -> None:
    mine, auditor = people.market.mine, people.market.separator.organisation
    day = timezone.now().date()
    given = Mandate.objects.create(
        giver=mine.organisation, holder=auditor, valid_from=day, valid_until=day + timedelta(days=9)
    )
    address = f"/openings/mandates/{given.pk}/end/"
    assert people.viewer.get(address).status_code == 403
    assert address in read(people.owner)
    for who in (people.partner, people.outsider):
        assert who.get(address).status_code == 404
        assert who.post(address).status_code == 404
    assert HONEST in read(people.owner, address)
    for _ in range(2):
        assert people.owner.post(address)["Location"] == "/openings/"
    given.refresh_from_db()
    assert given.revoked_at is not None
    assert "Ended by you" in read(people.owner)
    assert AuditEvent.objects.filter(kind=AuditEvent.Kind.MANDATE_ENDED).count() == 1


def test_an_administrator_gives_a_mandate(people: People) -> None:
    mine, separator = people.market.mine.organisation, people.market.separator.organisation
    address, today = "/openings/mandates/give/", timezone.now().date()
    assert people.viewer.get(address).status_code == 403
    assert address in read(people.owner)
    form = read(people.owner, address)
    assert f'value="{today}"' in form
    assert "(optional)" not in form
    typed = {"identifier": separator.urn, "purpose": "audit", "valid_from": str(today), "valid_until": str(today)}
    for wrong, words in (
        ({"identifier": ""}, "Say who gets it."),
        ({"identifier": "Separator"}, "Write it as urn:uuid:"),
        ({"identifier": mine.urn}, "Choose another one."),
        (
            {"identifier": "urn:uuid:00000000-0000-4000-8000-000000000000"},
            "No active organisation has this identifier.",
        ),
        ({"valid_until": str(today - timedelta(days=1))}, "A mandate ends after it begins."),
        ({"valid_from": "2020-01-01", "valid_until": "2020-02-01"}, "This day is over."),
    ):
        page = people.owner.post(address, typed | wrong).content.decode()
        assert words in page
        assert Page(page).faults == []
    assert not Mandate.objects.exists()
    assert people.owner.post(address, typed)["Location"] == "/openings/#mandates"
    given = Mandate.objects.get()
    assert (given.giver, given.holder, given.valid_until) == (mine, separator, today)
    assert separator.name in read(people.owner)
    assert AuditEvent.objects.filter(kind=AuditEvent.Kind.MANDATE_GIVEN, organisation=mine).count() == 1


def test_the_rules_stand_there(people: People) -> None:
    page = read(people.owner)
    assert "Standing rules" in page
    assert "Nobody but you" not in page
    OpeningRule.objects.create(organisation=people.market.mine.organisation, group="mass", audience="nobody")
    assert "Nobody but you" in read(people.owner)


def test_the_rules_are_changed_after_a_second_look(people: People) -> None:
    admin = people.owner
    page = admin.get("/openings/").content.decode()
    assert "/openings/rules/" in page
    form = admin.get("/openings/rules/").content.decode()
    assert Page(form).faults == []
    rules = {"names": "customer", "mass": "customer", "assay": "customer", "inventory": "auditor", "prices": "auditor",
             "result": "customer", "causes": "auditor", "evidence": "auditor"}  # fmt: skip
    assert admin.post("/openings/rules/", rules, follow=True).content.decode().count("Nothing changes.") == 1
    look = admin.post("/openings/rules/", rules | {"mass": "anybody", "result": "nobody"}).content.decode()
    assert Page(look).faults == []
    for words in ("until now: The buyer of the lot", "Whoever reads it may keep it", "What was read until now was read",
                  "Your buyers cannot compute figures"):  # fmt: skip
        assert words in look
    assert not OpeningRule.objects.exists()
    back = admin.post("/openings/rules/", {"mass": "anybody", "result": "nobody", "change": ""}).content.decode()
    assert '<option value="anybody" selected>' in back
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="(\w+)"', look))
    hidden.pop("csrfmiddlewaretoken", None)
    assert hidden == {"mass": "anybody", "result": "nobody"}
    done = admin.post("/openings/rules/", hidden | {"confirm": ""})
    assert done["Location"] == "/openings/#rules"
    assert dict(OpeningRule.objects.values_list("group", "audience")) == hidden
    assert AuditEvent.objects.filter(note="Standing rule for mass: anybody, was customer").exists()
    admin.post("/openings/rules/", hidden | {"confirm": ""})
    assert AuditEvent.objects.filter(note__startswith="Standing rule").count() == 2


def test_rules_are_for_administrators(people: People) -> None:
    clerk = person(people.market.mine.organisation, Membership.Role.SUBMITTER, "carl")
    assert clerk.post("/openings/rules/", {"mass": "anybody", "confirm": ""}).status_code == 403
    assert "/openings/rules/" not in clerk.get("/openings/").content.decode()
    assert not OpeningRule.objects.exists()
