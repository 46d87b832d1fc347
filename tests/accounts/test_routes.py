"""Every route of the account pages as owner, colleague, partner, operator and anybody."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.accounts.people import browser, member, newcomer, operator
from tests.web.pages import Page
from traceability.models import Draft, Invitation, Membership, Organisation
from traceability.services import invitations, tokens
from traceability.web.account.urls import urlpatterns

OF_MEMBERS = ("organisation", "members", "first_days", "tokens", "token_new", "keys", "numbers",
              "product_numbers")  # fmt: skip
OF_ADMINS = ("invite", "invite_partner", "leaving", "close_account", "say_again", "approval", "key_own")
OF_THE_OPERATOR = ("waiting", "tenants")
ON_A_TENANT = ("tenant", "vouch", "refuse", "suspend", "resume")
ON_A_MEMBER = ("member_role", "member_remove")
ON_A_TOKEN = ("token_revoke",)
ON_A_KEY = ("key_replace", "key_revoke")
ON_AN_INVITATION = ("invitation_resend", "invitation_withdraw")
PUBLIC = ("terms", "join", "join_new")
OTHERS = {"organisation_new", "export", "product_number_end"}


@pytest.fixture
def people(market):
    """A browser for each; the viewer is a colleague of the owner."""
    owner = member(market.mine.organisation, "dana")
    return {
        "owner": browser(owner),
        "viewer": browser(member(market.mine.organisation, "vera", Membership.Role.VIEWER)),
        "partner": browser(member(market.separator.organisation, "maarja")),
        "operator": browser(operator(market)),
        "anybody": Client(),
    }


def test_every_route_is_asked_here():
    asked = {*OF_MEMBERS, *OF_ADMINS, *OF_THE_OPERATOR, *ON_A_TENANT, *ON_A_MEMBER, *ON_A_TOKEN, *ON_A_KEY,
             *ON_AN_INVITATION, *PUBLIC}  # fmt: skip
    assert {one.name for one in urlpatterns} == asked | OTHERS


def statuses(people, address, method="get", **posted):
    found = {}
    for name, client in people.items():
        answer = getattr(client, method)(address, posted) if posted else getattr(client, method)(address)
        to_login = answer.status_code == 302 and answer["Location"].startswith("/accounts/login/")
        found[name] = "login" if to_login else answer.status_code
    return found


@pytest.mark.parametrize("name", OF_MEMBERS)
def test_pages_of_all_members(people, name):
    found = statuses(people, reverse(name))
    assert found == {"owner": 200, "viewer": 200, "partner": 200, "operator": 200, "anybody": "login"}
    assert Page(people["owner"].get(reverse(name)).content.decode()).faults == []


@pytest.mark.parametrize("name", [one for one in OF_ADMINS if one != "say_again"])
def test_pages_of_administrators(people, name):
    found = statuses(people, reverse(name))
    assert found == {"owner": 200, "viewer": 403, "partner": 200, "operator": 200, "anybody": "login"}
    assert Page(people["owner"].get(reverse(name)).content.decode()).faults == []


def test_what_was_said_is_changed_before_the_operators_word_alone(people):
    waiting = browser(newcomer())
    assert waiting.get(reverse("say_again")).status_code == 200
    assert people["owner"].get(reverse("say_again"))["Location"] == reverse("organisation")
    assert people["viewer"].get(reverse("say_again")).status_code == 403


@pytest.mark.parametrize("name", OF_THE_OPERATOR)
def test_lists_of_the_operator_do_not_exist_for_others(people, name):
    newcomer()
    found = statuses(people, reverse(name))
    assert found == {"owner": 404, "viewer": 404, "partner": 404, "operator": 200, "anybody": "login"}
    assert Page(people["operator"].get(reverse(name)).content.decode()).faults == []


@pytest.mark.parametrize("name", ON_A_TENANT)
def test_the_operators_page_of_an_organisation_does_not_exist_for_others(people, name):
    waiting = newcomer().organisation
    address = reverse(name, args=[waiting.pk])
    method = "get" if name == "tenant" else "post"
    others = {one: client for one, client in people.items() if one != "operator"}
    posted = {"reason": "no", "checked": "identity"} if method == "post" else {}
    assert statuses(others, address, method, **posted) == {
        "owner": 404, "viewer": 404, "partner": 404, "anybody": "login"
    }  # fmt: skip
    waiting.refresh_from_db()
    assert waiting.standing == "waiting"
    if method == "post":
        assert people["operator"].get(address).status_code == 405
    assert people["operator"].get(reverse(name, args=[uuid.uuid4()])).status_code in (404, 405)


@pytest.mark.parametrize("name", ON_A_MEMBER)
def test_members_are_changed_by_their_own_administrators(people, name):
    vera = Membership.objects.get(user__username="vera")
    found = statuses(people, reverse(name, args=[vera.pk]))
    own = 200 if name == "member_remove" else 403  # everybody may leave
    assert found == {"owner": 200, "viewer": own, "partner": 404, "operator": 404, "anybody": "login"}
    dana = Membership.objects.get(user__username="dana")
    assert people["viewer"].post(reverse(name, args=[dana.pk]), {"role": "viewer"}).status_code == 403
    dana.refresh_from_db()
    assert dana.role == "admin"


@pytest.mark.parametrize("name", ON_AN_INVITATION)
def test_invitations_are_for_their_own_administrators(market, people, name):
    owner = member(market.mine.organisation, "dirk")
    invitation = invitations.invite(actor=owner, email="ole@example.org", role="viewer")
    address = reverse(name, args=[invitation.pk])
    others = {one: people[one] for one in ("viewer", "partner", "operator", "anybody")}
    assert statuses(others, address, "post") == {
        "viewer": 403, "partner": 404, "operator": 404, "anybody": "login"
    }  # fmt: skip
    assert Invitation.objects.get(pk=invitation.pk).is_open
    assert people["owner"].get(address).status_code == 405
    assert people["owner"].post(address)["Location"] == reverse("members")


@pytest.mark.parametrize("name", ON_A_TOKEN)
def test_a_token_is_there_for_its_maker_and_the_administrators(market, people, name):
    olga = member(market.mine.organisation, "olga", Membership.Role.SUBMITTER)
    token, _ = tokens.create(actor=olga, name="Scale", scopes=[], expires_at=timezone.now() + timedelta(days=1))
    address = reverse(name, args=[token.pk])
    asked = statuses({**people, "maker": browser(olga)}, address)
    assert asked == {"owner": 200, "viewer": 404, "partner": 404, "operator": 404, "anybody": "login", "maker": 200}
    others = {one: people[one] for one in ("viewer", "partner", "operator", "anybody")}
    assert statuses(others, address, "post") == {"viewer": 404, "partner": 404, "operator": 404, "anybody": "login"}
    token.refresh_from_db()
    assert token.revoked_at is None
    assert people["owner"].post(address)["Location"] == reverse("tokens")


@pytest.mark.parametrize("name", ON_A_KEY)
def test_a_key_is_changed_by_its_own_administrators(market, people, name):
    key = market.mine.organisation.keys.get()
    address = reverse(name, args=[bytes(key.key_id).hex()])
    asked = {"owner": 200, "viewer": 403, "partner": 404, "operator": 404, "anybody": "login"}
    assert statuses(people, address) == asked
    others = {one: people[one] for one in ("viewer", "partner", "operator", "anybody")}
    assert statuses(others, address, "post") == {one: asked[one] for one in others}
    key.refresh_from_db()
    assert key.ended is None
    answer = people["owner"].post(address)
    assert answer.status_code == (302 if name == "key_replace" else 200)  # revoking asks why first


def test_the_export_is_for_administrators(people):
    found = statuses(people, reverse("export"), "post")
    assert found == {"owner": 200, "viewer": 403, "partner": 200, "operator": 200, "anybody": "login"}
    assert people["owner"].get(reverse("export")).status_code == 405


def test_public_pages(people):
    assert set(statuses(people, reverse("terms")).values()) == {200}
    assert set(statuses(people, reverse("join")).values()) == {404}
    assert set(statuses(people, reverse("join_new")).values()) == {302}


def test_a_waiting_organisation_is_told_so_on_every_page_and_records_nothing(market):
    waiting = browser(newcomer())
    for address in ("/", "/stock/", "/members/"):
        assert "has not vouched for your organisation yet" in waiting.get(address).content.decode()
    assert waiting.get("/record/").status_code == 403
    begun = waiting.post("/record/begin", {"act": "source"})
    assert begun.status_code == 403
    assert "has not vouched for your organisation yet" in begun.content.decode().partition("<main")[2]
    assert not Draft.objects.exists()
    page = waiting.get(reverse("organisation")).content.decode()
    assert "What has to wait" in page
    assert Page(page).faults == []


def test_organisations_see_nothing_of_each_other(market, people):
    newcomer()
    for name in (*OF_MEMBERS, "invite"):
        page = people["partner"].get(reverse(name)).content.decode()
        for secret in ("dana@example.org", "Juniper Flat", "Hafen Magnets", "nele@example.org"):
            assert secret not in page, name
    assert Organisation.objects.count() == 4
