"""Members and invitations by API."""

import pytest

from tests.accounts.people import browser, letters, member
from traceability.models import Invitation, Membership

JSON = "application/json"


@pytest.fixture
def dana(market):
    return browser(member(market.mine.organisation, "dana"))


def test_an_administrator_invites_lists_and_withdraws(dana, sent):
    with sent():
        made = dana.post("/api/v1/invitations", {"email": "ole@example.org", "role": "viewer"}, content_type=JSON)
    assert made.status_code == 201, made.content
    assert made.json()["role"] == "viewer"
    assert "key" not in made.content.decode()  # the link is in the letter alone
    assert len(letters("ole@example.org")) == 1
    assert dana.get("/api/v1/invitations").json()["results"] == [made.json()]
    twice = dana.post("/api/v1/invitations", {"email": "ole@example.org", "role": "viewer"}, content_type=JSON)
    assert (twice.status_code, twice.json()["code"]) == (409, "already_invited")
    partner = dana.post("/api/v1/invitations", {"email": "nele@example.org"}, content_type=JSON)
    assert "role" not in partner.json()
    assert dana.delete(f"/api/v1/invitations/{made.json()['id']}").status_code == 204
    assert dana.delete(f"/api/v1/invitations/{made.json()['id']}").status_code == 404


def test_a_wrong_invitation_is_a_problem_with_its_place(dana):
    wrong = dana.post("/api/v1/invitations", {"email": "ole", "role": "viewer"}, content_type=JSON)
    assert (wrong.status_code, wrong.json()["path"]) == (422, "/email")


def test_others_neither_see_nor_send_invitations(market, dana):
    dana.post("/api/v1/invitations", {"email": "ole@example.org", "role": "viewer"}, content_type=JSON)
    vera = browser(member(market.mine.organisation, "vera", Membership.Role.VIEWER))
    maarja = browser(member(market.separator.organisation, "maarja"))
    assert vera.get("/api/v1/invitations").status_code == 403
    assert vera.post("/api/v1/invitations", {"email": "x@example.org"}, content_type=JSON).status_code == 403
    assert maarja.get("/api/v1/invitations").json()["results"] == []
    assert maarja.delete(f"/api/v1/invitations/{Invitation.objects.get().pk}").status_code == 404
    assert Invitation.objects.get().is_open


def test_members_are_those_of_ones_own_organisation(market, dana):
    member(market.separator.organisation, "maarja")
    found = dana.get("/api/v1/members").json()["results"]
    assert found == [{"name": "Dana", "email": "dana@example.org", "role": "admin"}]
