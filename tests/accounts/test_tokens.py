"""Tokens for programs: made by any member within his role, shown once, bound to their scopes, ended at once."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.accounts.people import browser, member
from tests.web.pages import Page
from traceability.models import ApiToken, AuditEvent, Membership
from traceability.services import tokens
from traceability.services.errors import NotAllowed

Kind, Scope, Role = AuditEvent.Kind, ApiToken.Scope, Membership.Role


@pytest.fixture
def dana(market):
    return member(market.mine.organisation, "dana")


@pytest.fixture
def olga(market):
    return member(market.mine.organisation, "olga", Role.SUBMITTER)


@pytest.fixture
def vera(market):
    return member(market.mine.organisation, "vera", Role.VIEWER)


def token(actor, *scopes, name="ERP", days=9):
    return tokens.create(actor=actor, name=name, scopes=scopes, expires_at=timezone.now() + timedelta(days=days))


def program(secret):
    return Client(headers={"Authorization": f"Bearer {secret}"})


def fill(client, **change):
    """Posts the form as the browser has it."""
    once = re.search(r'name="once" value="([^"]+)"', client.get(reverse("token_new")).content.decode())[1]
    return client.post(reverse("token_new"), {"once": once, "name": "Scale", "days": "90"} | change)


def test_the_secret_is_shown_once_and_opens_the_api(olga):
    at = browser(olga)
    made = fill(at, scopes=["submit"])
    page = made.content.decode()
    assert "no-store" in made["Cache-Control"]
    assert Page(page).faults == []
    secret = re.search(r"lodestone_[\w-]{43}", page)[0]
    me = program(secret).get("/api/v1/organisations/me").json()
    assert (me["name"], me["may_submit"]) == ("Juniper Flat", True)
    row = ApiToken.objects.get()
    assert (row.created_by_id, row.scopes) == (olga.user_id, [Scope.READ, Scope.SUBMIT])
    assert timedelta(days=89) < row.expires_at - timezone.now() <= timedelta(days=90)
    listed = at.get(reverse("tokens")).content.decode()
    assert "Record and sign for your organisation" in listed
    assert secret not in listed
    assert secret.encode() not in bytes(row.secret_sha256)


def test_the_same_form_twice_makes_one_token(olga):
    at, once = browser(olga), str(uuid4())
    first = fill(at, once=once)
    again = fill(at, once=once)
    assert first.status_code == 200
    assert again["Location"] == reverse("tokens")
    assert "shown then" in at.get(reverse("tokens")).content.decode()
    assert ApiToken.objects.count() == 1


@pytest.mark.parametrize("change", [{"name": ""}, {"days": "4000"}, {"scopes": ["king"]}, {"once": "no uuid"}])
def test_a_form_with_mistakes_makes_no_token_and_keeps_what_was_typed(olga, change):
    answer = fill(browser(olga), **{"name": "Kiln watcher"} | change)
    page = answer.content.decode()
    assert "No token was made." in page
    assert Page(page).faults == []
    assert ("Kiln watcher" in page) == ("name" not in change)
    assert not ApiToken.objects.exists()


def test_a_token_can_do_no_more_than_its_maker(vera):
    with pytest.raises(NotAllowed):
        token(vera, Scope.SUBMIT)
    assert 'value="submit"' not in browser(vera).get(reverse("token_new")).content.decode()
    assert "not one of the available choices" in fill(browser(vera), scopes=["submit"]).content.decode()
    token(vera, Scope.MEMBERS)


def test_each_sees_his_own_and_an_administrator_those_of_all(market, dana, olga, vera):
    for actor, name in ((dana, "office"), (olga, "kiln")):
        token(actor, name=name)
    token(member(market.separator.organisation, "maarja"), name="furnace")
    shown = {
        who: {name for name in ("office", "kiln", "furnace") if name in browser(actor).get("/tokens/").content.decode()}
        for who, actor in (("dana", dana), ("olga", olga), ("vera", vera))
    }
    assert shown == {"dana": {"office", "kiln"}, "olga": {"kiln"}, "vera": set()}
    by_api = {one["name"] for one in browser(olga).get("/api/v1/tokens").json()["results"]}
    assert by_api == {"kiln"}


def test_many_tokens_are_paged(dana, olga):
    for number in range(60):
        token(olga, name=f"machine {number}")
    page = browser(dana).get(reverse("tokens")).content.decode()
    assert page.count("olga@example.org") == 50
    assert "60 tokens" in page


def test_what_has_ended_stands_apart(olga):
    over, _ = token(olga, name="over")
    gone, _ = token(olga, name="gone")
    token(olga, name="live")
    ApiToken.objects.filter(pk=over.pk).update(expires_at=timezone.now() - timedelta(days=1))
    at = browser(olga)
    assert "gone?" in at.get(reverse("token_revoke", args=[gone.pk])).content.decode()
    assert "It opens nothing any more" in at.post(reverse("token_revoke", args=[gone.pk]), follow=True).content.decode()
    live, ended = (at.get("/tokens/", {"show": show}).content.decode() for show in ("", "ended"))
    rows = [re.findall(r'<th scope="row">(\w+)', page) for page in (live, ended)]
    assert [sorted(one) for one in rows] == [["live"], ["gone", "over"]]
    assert "expired" in ended
    assert Page(ended).faults == []
    assert at.post(reverse("token_revoke", args=[gone.pk])).status_code == 404
    assert at.get(reverse("token_revoke", args=[over.pk]))["Location"] == reverse("tokens")


def test_making_and_revoking_stand_in_the_audit_log(dana, olga):
    made, _ = token(olga, Scope.SUBMIT, name="scale")
    tokens.revoke(actor=dana, token_id=made.pk)
    rows = AuditEvent.objects.filter(organisation=olga.organisation).order_by("pk")
    until = f"{made.expires_at:%Y-%m-%d}"
    assert [(row.kind, row.user_id, row.note) for row in rows] == [
        (Kind.TOKEN_MADE, olga.user_id, f"scale (read, submit), until {until}"),
        (Kind.TOKEN_REVOKED, dana.user_id, "scale"),
    ]


def test_tokens_end_with_the_account_of_their_maker(olga, dana):
    hers, his = program(token(olga)[1]), program(token(dana)[1])
    user = get_user_model().objects.get(pk=olga.user_id)
    user.is_active = False
    user.save()
    assert hers.get("/api/v1/lots").json()["type"].endswith("token_revoked")
    assert his.get("/api/v1/lots").status_code == 200
    assert AuditEvent.objects.filter(kind=Kind.TOKEN_REVOKED, organisation=olga.organisation).count() == 1


def test_addresses_of_members_need_a_scope_of_their_own(olga):
    rows = {}
    for scope in (Scope.READ, Scope.SUBMIT, Scope.MEMBERS):
        _, secret = token(olga, scope)
        [rows[scope]] = program(secret).get("/api/v1/members").json()["results"]
    seen = {"id": rows[Scope.READ]["id"], "name": "Olga", "role": "submitter"}
    assert rows[Scope.READ] == rows[Scope.SUBMIT] == seen
    assert rows[Scope.MEMBERS] == seen | {"email": "olga@example.org"}


def test_no_program_makes_tokens_or_invites(dana):
    _, secret = token(dana, *Scope)
    erp = program(secret)
    for method, path in (("get", "tokens"), ("post", "tokens"), ("get", "invitations"), ("post", "invitations")):
        answer = getattr(erp, method)(f"/api/v1/{path}")
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed"), path
    assert erp.delete(f"/api/v1/tokens/{ApiToken.objects.get().pk}").status_code == 403


def test_every_writing_method_of_the_api_asks_for_the_scope(dana):
    """None is forgotten: what a view says of itself is asked, and the whole list of views is read."""
    from django.urls import get_resolver

    _, secret = token(dana)
    erp, asked = program(secret), []
    for name, (forms, *_rest) in get_resolver().reverse_dict.items():
        if not isinstance(name, str) or not name.startswith("api-"):
            continue
        path = "/" + re.sub(r"%\(\w+\)s", lambda found: PARTS.get(found[0], str(uuid4())), forms[0][0])
        for method in ("post", "put", "delete"):
            answer = getattr(erp, method)(path)
            if answer.status_code not in (404, 405):
                asked.append((name, method, answer.status_code, answer.json().get("code")))
    reads = {
        "api-declaration-verify",
        "api-bundle-check",
        "api-verify",
        "api-epd-check",
        "api-lineage",
        "api-lots-rules",
    }
    refused = {row[3] for row in asked if row[0] not in reads}
    assert refused == {"insufficient_scope", "not_allowed"}
    assert len(asked) > 12


PARTS = {"%(digest)s": "sha256:" + "0" * 64, "%(declaration)s": str(uuid4()), "%(code)s": "overdrawn"}
