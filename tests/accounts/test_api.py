"""Members and invitations by API."""

from io import BytesIO
from zipfile import ZipFile

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
    own = Membership.objects.get(organisation=market.mine.organisation)
    assert found == [{"id": own.pk, "name": "Dana", "email": "dana@example.org", "role": "admin"}]


def test_an_administrator_changes_roles_and_lets_people_go(market, dana):
    vera = member(market.mine.organisation, "vera", Membership.Role.VIEWER)
    row = Membership.objects.get(user=vera.user_id)
    address = f"/api/v1/members/{row.pk}"
    assert browser(vera).put(address, {"role": "admin"}, content_type=JSON).status_code == 403
    assert dana.put(address, {"role": "queen"}, content_type=JSON).status_code == 400
    assert dana.put(address, {"role": "approver"}, content_type=JSON).status_code == 204
    row.refresh_from_db()
    assert row.role == "approver"
    maarja = browser(member(market.separator.organisation, "maarja"))
    assert maarja.put(address, {"role": "viewer"}, content_type=JSON).status_code == 404
    assert maarja.delete(address).status_code == 404
    assert dana.delete(address).status_code == 204
    assert not Membership.objects.filter(pk=row.pk).exists()
    own = Membership.objects.get(organisation=market.mine.organisation)
    assert dana.delete(f"/api/v1/members/{own.pk}").json()["code"] == "last_admin"


def test_an_administrator_takes_all_data_away(market, dana):
    vera = browser(member(market.mine.organisation, "vera", Membership.Role.VIEWER))
    assert vera.get("/api/v1/organisations/me/export").status_code == 403
    answer = dana.get("/api/v1/organisations/me/export")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    with ZipFile(BytesIO(b"".join(answer))) as archive:
        assert "statements.csv" in archive.namelist()
