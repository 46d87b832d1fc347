"""Who may see and do what: owner, partner, outsider, a colleague who only reads, and anybody, on every route."""

import uuid

import pytest
from django.urls import reverse

from tests.web.pages import Page
from tests.web.suppliers import ORE, begin, person, record
from tests.web.test_lot_pages import words
from traceability.models import Draft, Membership, Statement
from traceability.web.urls import urlpatterns

LISTS = ("overview", "stock", "incoming", "outgoing", "facilities", "partners", "receipts")
WRITING = ("record", "templates")
OF_A_DRAFT = ("draft", "draft_check", "draft_discard", "draft_documents", "draft_keep")
OF_A_STATEMENT = ("receipt", "receipt_proof")
OTHERS = {"search", "act_for", "begin", "draft_section", "draft_preview", "correct", "void", "lot_result", "document",
          "proposal", "template", "template_delete", "receipt_keep", "facility",
          "certify"}  # fmt: skip
OURS = {*LISTS, *WRITING, *OF_A_DRAFT, *OF_A_STATEMENT, *OTHERS}


def test_every_route_of_the_supplier_is_asked_here():
    named = {
        one.name
        for one in urlpatterns
        if getattr(one, "callback", None) and one.callback.__module__.startswith("traceability.web.views")
    }
    assert named == OURS


@pytest.mark.parametrize("name", [*LISTS, *WRITING])
def test_lists_ask_who_is_there_and_show_each_his_own(people, name):
    people.lot()
    address = reverse(name)
    for client in (people.owner, people.partner, people.outsider):
        assert client.get(address).status_code == 200
    answer = people.anybody.get(address)
    if name == "overview":
        assert "To check it you need no account" in answer.content.decode()
        assert Page(answer.content.decode()).faults == []
    else:
        assert answer["Location"].startswith("/accounts/login/")


def test_each_sees_his_own_lots_alone(people):
    people.lot(lot_number="SECRET-1")
    assert "SECRET-1" in people.owner.get("/stock/").content.decode()
    for client in (people.partner, people.outsider):
        assert "SECRET-1" not in client.get("/stock/?state=all").content.decode()


def test_what_a_later_holder_does_is_not_shown_to_the_maker(people):
    lot = people.lot()
    dispatch = people.market.send(lot.urn)
    people.market.take(lot.urn, dispatch.digest)
    people.market.split(lot.urn, {f"urn:uuid:{uuid.uuid4()}": "1"}, "1")
    row = words(people.owner.get("/stock/?state=delivered").content.decode())  # an id may hold any digits
    assert "not with you" in row
    assert "999" not in row


@pytest.mark.parametrize("name", OF_A_DRAFT)
def test_a_draft_belongs_to_its_organisation(people, name):
    draft = begin(people.owner, "source")
    address = reverse(name, args=[draft.pk])
    assert people.owner.get(address).status_code in (200, 302)
    assert people.partner.get(address).status_code == 404
    assert people.outsider.get(address).status_code == 404
    assert people.viewer.get(address).status_code == 403
    assert people.anybody.get(address)["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("end", ["origin/", "origin/preview", "check/", "discard/", "documents/"])
def test_only_those_who_may_sign_change_a_draft(people, end):
    draft = begin(people.owner, "source")
    address = f"/record/{draft.pk}/{end}"
    posted = {"origin": "mined", "agreed": "on", "save": ""}
    assert people.partner.post(address, posted).status_code == 404
    assert people.outsider.post(address, posted).status_code == 404
    assert people.viewer.post(address, posted).status_code == 403
    assert people.anybody.post(address, posted)["Location"].startswith("/accounts/login/")
    draft.refresh_from_db()
    assert "origin" not in draft.typed["fields"]


@pytest.mark.parametrize("name", OF_A_STATEMENT)
def test_a_receipt_is_for_the_issuer_and_his_colleagues(people, name):
    statement = record(people.owner, "source", ORE)
    address = reverse(name, args=[statement.urn])
    wanted = 200 if name == "receipt" else 404  # the proof comes with the log
    assert people.owner.get(address).status_code == wanted
    assert people.viewer.get(address).status_code == wanted
    assert people.partner.get(address).status_code == 404
    assert people.outsider.get(address).status_code == 404
    assert people.anybody.get(address)["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("name", ["correct", "void"])
def test_only_the_issuer_corrects_or_withdraws(people, name):
    statement = record(people.owner, "source", ORE)
    address = reverse(name, args=[statement.urn])
    assert people.partner.post(address).status_code == 404
    assert people.outsider.post(address).status_code == 404
    assert people.viewer.post(address).status_code == 403
    assert people.owner.get(address)["Location"] == f"/receipts/{statement.urn}/"
    assert people.outsider.get(address).status_code == 404
    assert not Draft.objects.exists()
    assert people.owner.post(address).status_code == 302


def test_a_result_is_for_the_maker_to_sign(people):
    lot = people.sent()
    address = reverse("lot_result", args=[lot.pk])
    assert people.owner.get(address).status_code == 200
    assert people.partner.get(address).status_code == 404
    assert people.outsider.get(address).status_code == 404
    assert people.viewer.get(address).status_code == 403
    assert "Tick the box" in people.owner.post(address).content.decode()


def test_a_draft_begins_only_with_a_lot_that_one_has(people):
    lot = people.lot()
    assert people.owner.post("/record/begin", {"act": "dispatch", "lot": str(lot.pk)}).status_code == 302
    for client in (people.partner, people.outsider):
        assert client.post("/record/begin", {"act": "dispatch", "lot": str(lot.pk)}).status_code == 404
    assert people.viewer.post("/record/begin", {"act": "dispatch", "lot": str(lot.pk)}).status_code == 403
    assert people.owner.post("/record/begin", {"act": "conjure"}).status_code == 404
    assert people.owner.post("/record/begin", {"act": "dispatch", "lot": "no-urn"}).status_code == 404


def test_a_viewer_sees_the_stock_and_is_offered_no_act(people):
    people.lot()
    page = people.viewer.get("/").content.decode()
    assert "ORE-1" in page
    assert "Record a step" not in page
    assert people.viewer.get("/record/").status_code == 403
    assert not Draft.objects.exists()


def test_the_page_of_a_lot_offers_its_acts_to_those_who_may_record(people):
    lot = people.lot()
    address = reverse("lot", args=[lot.pk])
    owner = people.owner.get(address).content.decode()
    assert f'href="/record/?lot={lot.pk}"' in owner
    assert "Compute and sign the result" in owner
    viewer = people.viewer.get(address).content.decode()
    assert f'href="/record/?lot={lot.pk}"' not in viewer


def test_a_person_of_two_organisations_acts_for_the_one_he_chose(people):
    both = person(people.market.mine.organisation, name="both")
    other = people.market.separator.organisation
    Membership.objects.create(user_id=int(both.session["_auth_user_id"]), organisation=other, role="viewer")
    people.lot()
    assert "ORE-1" in both.get("/stock/").content.decode()
    both.post(reverse("act_for", args=[other.pk]))
    page = both.get("/stock/").content.decode()
    assert "ORE-1" not in page
    assert "Viewer" in page
    assert both.post(reverse("act_for", args=[uuid.uuid4()])).status_code == 404


def test_a_person_without_organisation_is_told_so(people):
    lonely = person(people.market.mine.organisation, name="lonely")
    Membership.objects.filter(user__username="lonely").delete()
    found = lonely.get("/")
    assert found.status_code == 403
    assert "You work for no organisation yet" in found.content.decode()


def test_every_page_is_sound(people):
    people.sent(lot_number="ORE-9")
    lot = people.lot()
    statement = record(people.owner, "source", ORE)
    addresses = [*(reverse(name) for name in (*LISTS, *WRITING)), f"/record/?lot={lot.pk}",
                 reverse("receipt", args=[statement.urn]), reverse("lot_result", args=[lot.pk])]  # fmt: skip
    for act in ("source", "transform", "split", "merge", "receive", "dispatch", "assay", "facility", "recall"):
        draft = begin(people.owner, act, lot if act not in ("source", "facility", "receive") else None)
        from traceability.web.forms.flows import flow_of

        addresses += [f"/record/{draft.pk}/{one.key}/" for one in flow_of(draft).sections]
        addresses += [f"/record/{draft.pk}/check/", f"/record/{draft.pk}/discard/"]
    for address in addresses:
        found = people.owner.get(address)
        assert found.status_code == 200, address
        assert Page(found.content.decode()).faults == [], address
    assert not Statement.objects.exclude(kind__startswith="organisation.").exclude(
        kind__in=("lot.source", "lot.dispatch", "facility.register")
    )
