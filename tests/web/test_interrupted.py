"""Typing that comes when the session is over, or from a page of before the last sign-in; and pages of signed drafts."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.web.pages import Page
from tests.web.suppliers import ORE, People, begin, fill, sign
from traceability.models import Draft

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
TYPED = {"material": "bastnaesite ore 氟碳铈", "save": ""}


def sign_in_again(client: Client, user: Any) -> None:
    client.force_login(user, backend=BACKEND)


def expire(client: Client) -> Any:
    """Ends the session of a browser, as time does; who it was of."""
    from django.contrib.auth import get_user_model

    user = get_user_model().objects.get(pk=client.session["_auth_user_id"])
    client.session.flush()
    del client.cookies["sessionid"]
    return user


def kept(html: str) -> dict[str, str]:
    return dict(re.findall(r'<textarea name="([^"]*)" hidden>\n([^<]*)</textarea>', html))


def test_what_was_typed_survives_the_end_of_the_session(people: People) -> None:
    draft = begin(people.owner, "source")
    address = f"/record/{draft.pk}/lot/"
    people.owner.get(address)
    user = expire(people.owner)
    answer = people.owner.post(address, TYPED)
    assert answer["Location"] == "/accounts/login/?next=/send-again/"
    assert "What you typed is kept" in people.owner.get(answer["Location"]).content.decode()
    sign_in_again(people.owner, user)
    page = people.owner.get("/send-again/").content.decode()
    assert Page(page).faults == []
    assert f'action="{address}"' in page
    assert kept(page) == TYPED
    people.owner.post(address, kept(page))
    draft.refresh_from_db()
    assert draft.typed["fields"]["material"] == TYPED["material"]


def test_it_is_shown_to_nobody_else(people: People) -> None:
    from django.contrib.auth import get_user_model

    draft = begin(people.owner, "source")
    people.owner.get("/record/")
    expire(people.owner)
    people.owner.post(f"/record/{draft.pk}/lot/", TYPED)
    sign_in_again(people.owner, get_user_model().objects.get(pk=people.partner.session["_auth_user_id"]))
    assert people.owner.get("/send-again/")["Location"] == "/"
    stranger = Client()
    assert stranger.post(f"/record/{draft.pk}/lot/", TYPED)["Location"].endswith(f"?next=/record/{draft.pk}/lot/")
    assert "sessionid" not in stranger.cookies


def test_nobody_signs_without_ticking_again(people: People) -> None:
    draft = begin(people.owner, "source")
    address = f"/record/{draft.pk}/check/"
    people.owner.get(address)
    user = expire(people.owner)
    people.owner.post(address, {"agreed": "on"})
    sign_in_again(people.owner, user)
    assert "agreed" not in kept(people.owner.get("/send-again/").content.decode())


def strict(people: People) -> Client:
    """The browser of the owner, with the check of tokens."""
    client = Client(enforce_csrf_checks=True)
    from django.contrib.auth import get_user_model

    client.force_login(get_user_model().objects.get(pk=people.owner.session["_auth_user_id"]), backend=BACKEND)
    return client


def test_a_tab_of_before_the_last_sign_in_can_be_sent_again(people: People) -> None:
    draft, client = begin(people.owner, "source"), strict(people)
    address = f"/record/{draft.pk}/lot/"
    client.get(address)
    old = TYPED | {"csrfmiddlewaretoken": "a" * 64}
    answer = client.post(address, old, headers={"Origin": "http://testserver"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert kept(page) == TYPED
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]*)"', page)
    assert token
    sent = client.post(address, kept(page) | {"csrfmiddlewaretoken": token[1]}, headers={"Origin": "http://testserver"})
    assert sent.status_code == 200
    draft.refresh_from_db()
    assert draft.typed["fields"]["material"] == TYPED["material"]


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://evil.example"}, {"Origin": "null"}])
def test_a_form_of_another_site_is_refused_and_not_shown(people: People, headers: dict[str, str]) -> None:
    draft, client = begin(people.owner, "source"), strict(people)
    answer = client.post(f"/record/{draft.pk}/lot/", TYPED, headers=headers)
    assert answer.status_code == 403
    assert TYPED["material"] not in answer.content.decode()


def test_a_password_is_never_shown_again(people: People) -> None:
    posted = {"login": "a@b.example", "password": "very secret words"}
    answer = strict(people).post("/accounts/login/", posted, headers={"Origin": "http://testserver"})
    assert answer.status_code == 403
    assert "very secret" not in answer.content.decode()


@pytest.mark.parametrize("end", ["", "lot/", "documents/", "check/", "discard/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_who_goes_back_to_a_signed_draft_is_led_to_the_receipt(people: People, end: str, method: str) -> None:
    if (end, method) == ("", "post"):
        return
    draft = fill(people.owner, begin(people.owner, "source"), ORE)
    sign(people.owner, draft)
    answer = getattr(people.owner, method)(f"/record/{draft.pk}/{end}", TYPED if method == "post" else {})
    assert answer["Location"] == f"/receipts/{draft.pk}/"
    assert not Draft.objects.filter(pk=draft.pk).exists()
    assert getattr(people.outsider, method)(f"/record/{draft.pk}/{end}").status_code == 404


def test_who_chose_a_file_is_told_to_choose_it_again(people: People) -> None:
    """Nothing is silently lost: what was typed beside it is sent again, and the file named."""
    people.owner.get("/sheets/")
    user = expire(people.owner)
    posted = {"act": "assay", "utc_offset": "+02:00", "file": SimpleUploadedFile("Juni.xlsx", b"PK"), "save": ""}
    assert people.owner.post("/sheets/", posted)["Location"] == "/accounts/login/?next=/send-again/"
    sign_in_again(people.owner, user)
    page = people.owner.get("/send-again/").content.decode()
    assert Page(page).faults == []
    assert "<bdi>Juni.xlsx</bdi>" in page
    assert kept(page) == {"act": "assay", "utc_offset": "+02:00"}
    again = people.owner.post("/sheets/", kept(page)).content.decode()
    assert '<option value="assay" selected>' in again


def test_who_chose_nothing_but_a_file_is_led_back_to_the_form(people: People) -> None:
    address = f"/record/{begin(people.owner, 'source').pk}/documents/"
    people.owner.get(address)
    user = expire(people.owner)
    people.owner.post(address, {"document": SimpleUploadedFile("sheet.pdf", b"%PDF-1"), "save": ""})
    sign_in_again(people.owner, user)
    page = people.owner.get("/send-again/").content.decode()
    assert Page(page).faults == []
    assert "<bdi>sheet.pdf</bdi>" in page
    assert f'<form method="get" action="{address}">' in page


def test_a_file_with_the_token_of_an_earlier_sign_in_is_named(people: People) -> None:
    draft, client = begin(people.owner, "source"), strict(people)
    address = f"/record/{draft.pk}/documents/"
    client.get(address)
    posted = {"document": SimpleUploadedFile("sheet.pdf", b"%PDF-1"), "csrfmiddlewaretoken": "a" * 64}
    answer = client.post(address, posted, headers={"Origin": "http://testserver"})
    assert answer.status_code == 403
    assert "<bdi>sheet.pdf</bdi>" in answer.content.decode()
