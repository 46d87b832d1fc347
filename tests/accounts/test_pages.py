"""The pages at work: signing up, following links, deciding, leaving."""

import io
import zipfile

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests.accounts.people import PASSWORD, browser, letters, link_in, member, newcomer, operator, user
from tests.services.market import urn
from tests.web.pages import Page
from traceability.models import AuditEvent, Lot, Membership, Organisation, Statement
from traceability.services import audit_notes, invitations

SIGNUP = {
    "name": "Hafen Magnets", "country": "DE", "roles": ["supplier"], "about": "We press magnets.", "website": "",
    "first_name": "Nele Petersen", "email": "nele@example.org", "password1": PASSWORD, "terms": "on",
}  # fmt: skip


def test_an_organisation_signs_up_confirms_and_waits(market, client):
    answer = client.post("/accounts/signup/", SIGNUP)
    assert answer["Location"] == "/accounts/confirm-email/"
    organisation = Organisation.objects.get(name="Hafen Magnets")
    assert organisation.standing == "waiting"
    sam = browser(operator(market))
    assert "Nobody waits" in sam.get(reverse("waiting")).content.decode()
    assert "1 more has not confirmed" in sam.get(reverse("waiting")).content.decode()
    [letter] = letters("nele@example.org")
    assert [kind for _, kind in letter.alternatives] == ["text/html"]
    client.post(link_in(letter))
    assert "Hafen Magnets" in sam.get(reverse("waiting")).content.decode()
    assert EmailAddress.objects.get(email="nele@example.org").verified


def test_a_known_address_is_told_to_its_owner_alone(market, client):
    user("nele")
    fresh, known = Client(), Client()
    first = fresh.post("/accounts/signup/", SIGNUP | {"email": "new@example.org"}, follow=True)
    again = known.post("/accounts/signup/", SIGNUP, follow=True)
    assert first.redirect_chain == again.redirect_chain
    assert first.content.replace(b"new@", b"nele@") == again.content
    assert Organisation.objects.filter(name="Hafen Magnets").count() == 1
    [letter] = letters("nele@example.org")
    assert "has an account already" in letter.body
    resets = [
        Client().post("/accounts/password/reset/", {"email": one}, follow=True).content
        for one in ("nele@example.org", "nobody@example.org")
    ]
    assert resets[0] == resets[1]


def test_a_signup_with_mistakes_saves_nothing_and_keeps_what_was_typed(market, client):
    for change, field in (({"terms": ""}, "terms"), ({"name": "Hafen\u202e"}, "name"), ({"roles": []}, "roles")):
        page = client.post("/accounts/signup/", SIGNUP | change).content.decode()
        assert f"id_{field}" in page
        assert "We press magnets." in page
        assert Page(page).faults == []
    assert not Organisation.objects.filter(standing="waiting").exists()
    assert not get_user_model().objects.filter(email="nele@example.org").exists()


def test_a_closed_installation_opens_to_invited_partners_alone(market, client, settings, sent):
    settings.LODESTONE_SIGNUP = False
    assert b'name="password1"' not in client.get("/accounts/signup/").content
    assert client.post("/accounts/signup/", SIGNUP).status_code == 200
    assert not Organisation.objects.filter(name="Hafen Magnets").exists()
    dana = member(market.mine.organisation, "dana")
    with sent():
        invitations.invite_partner(actor=dana, email="nele@example.org")
    page = client.get(link_in(letters("nele@example.org")[0]), follow=True).content.decode()
    assert "<b>Juniper Flat</b> invites you" in page
    client.post("/accounts/signup/", SIGNUP)
    assert Organisation.objects.get(name="Hafen Magnets").invited_by == dana.organisation
    assert b'name="password1"' not in client.get("/accounts/signup/").content


def test_an_invited_newcomer_needs_no_second_letter(market, client, sent):
    dana = member(market.mine.organisation, "dana")
    with sent():
        invitations.invite(actor=dana, email="ole@example.org", role="approver")
    link = link_in(letters("ole@example.org")[0])
    landed = client.get(link)
    assert landed["Location"] == "/join/"  # the secret leaves the address bar
    assert client.get(link, follow=True).status_code == 200  # looking uses nothing up
    form = client.get(reverse("join_new")).content.decode()
    assert 'value="ole@example.org"' in form
    answer = client.post(
        reverse("join_new"), {"first_name": "Ole", "email": "eve@example.org", "password1": PASSWORD}, follow=True
    )
    assert answer.redirect_chain[-1] == ("/", 302)
    assert "Juniper Flat" in answer.content.decode()
    ole = get_user_model().objects.get(first_name="Ole")
    assert ole.email == "ole@example.org"
    assert EmailAddress.objects.get(user=ole).verified
    assert Membership.objects.get(user=ole).role == "approver"
    assert len(letters("ole@example.org")) == 1
    assert Client().get(link, follow=True).status_code == 404


def test_somebody_who_is_here_accepts_and_acts_for_the_new_organisation_at_once(market, sent):
    maarja = member(market.separator.organisation, "maarja")
    dana = member(market.mine.organisation, "dana")
    with sent():
        invitations.invite(actor=dana, email="maarja@example.org", role="viewer")
    at = browser(maarja)
    page = at.get(link_in(letters("maarja@example.org")[0]), follow=True).content.decode()
    assert "You are signed in as <b>maarja@example.org</b>" in page
    assert Page(page).faults == []
    home = at.post("/join/", follow=True).content.decode()
    assert "You work for Juniper Flat now." in home
    assert "Baltika Metals" in home  # the other one in the list of those for which she acts
    assert at.post("/join/").status_code == 404


def test_a_second_organisation_is_signed_up_by_somebody_who_is_here(market):
    dana = browser(member(market.mine.organisation, "dana"))
    posted = {name: SIGNUP[name] for name in ("name", "country", "roles", "about", "website", "terms")}
    page = dana.post(reverse("organisation_new"), posted, follow=True).content.decode()
    assert "Waiting for the operator" in page
    assert "Hafen Magnets" in page
    assert Membership.objects.filter(user__username="dana").count() == 2


def test_the_operator_vouches_and_refuses_by_page(market):
    waiting, sam = newcomer(), browser(operator(market))
    address = reverse("tenant", args=[waiting.organisation.pk])
    unsaid = sam.post(reverse("refuse", args=[waiting.organisation.pk]), {"reason": ""})
    assert "Reason: an answer is needed" in unsaid.content.decode()
    assert Page(unsaid.content.decode()).faults == []
    sam.post(reverse("refuse", args=[waiting.organisation.pk]), {"reason": "Who are you?"})
    assert "Who are you?" in sam.get(address).content.decode()
    assert "Who are you?" in browser(waiting).get(reverse("organisation")).content.decode()
    sam.post(reverse("vouch", args=[waiting.organisation.pk]), {"checked": ["identity"]})
    assert Statement.objects.filter(kind="organisation.register", issuer=waiting.organisation.pk).exists()
    again = sam.post(reverse("vouch", args=[waiting.organisation.pk]), {"checked": ["identity"]})
    assert "is active now" in again.content.decode()


def test_all_tenants_are_listed(market):
    for number in range(20):
        member(newcomer(f"n{number}").organisation, f"m{number}")
    page = browser(operator(market)).get(reverse("tenants")).content.decode()
    assert page.count("Hafen Magnets") == 20


def test_first_days_tell_what_is_done_and_can_be_put_away(market):
    dana = browser(member(market.mine.organisation, "dana"))
    before = dana.get(reverse("first_days")).content.decode()
    assert "2 of 6 steps done" in before  # its site, and the numbers
    market.source(origin="opening_stock", material="old ore")
    after = dana.get(reverse("first_days")).content.decode()
    assert "4 of 6 steps done" in after
    Organisation.objects.update(first_days_over_at=None)
    assert "You are new here" in dana.get("/").content.decode()
    dana.post(reverse("first_days"), {"put_away": ""})
    assert "You are new here" not in dana.get("/").content.decode()


def test_all_data_as_one_archive(market):
    market.source(lot_number="=HYPERLINK(1)")
    body = {"facility": urn(), "country": "EE", "name": "Their plant"}
    market.say(market.separator, "facility.register", body)
    subject = audit_notes.subject_of(actor=market.mine, about="lot", key=str(Lot.objects.get().pk))
    audit_notes.write(actor=market.mine, subject=subject, text="Check the scale", shared=False)
    at = browser(member(market.mine.organisation, "dana"))
    answer = at.post(reverse("export"))
    assert answer.streaming
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert archive.testzip() is None
    names = archive.namelist()
    assert names == sorted(names)
    own = Statement.objects.filter(issuer=market.mine.organisation.pk)
    stored = {f"statements/{one.pk:012d}.dsse.json": bytes(one.envelope) for one in own}
    assert {name: archive.read(name) for name in names if name.startswith("statements/")} == stored
    everything = b"".join(map(archive.read, names)).decode()
    assert "Juniper Flat mine" in everything  # an own confidential value
    assert "Their plant" not in everything
    assert "'=HYPERLINK(1)" in archive.read("lots.csv").decode()
    assert "dana@example.org" in archive.read("members.csv").decode()
    assert "Check the scale" in archive.read("notes.csv").decode()
    assert AuditEvent.objects.filter(note="All data exported").exists()


def test_an_account_closes_by_name_and_password(market):
    market.send(market.source())
    dana = browser(member(market.mine.organisation, "dana"))
    close = reverse("close_account")
    posted = {"name": "Juniper Flat", "password": PASSWORD}
    assert "cancel the dispatch" in dana.post(close, posted).content.decode()  # goods are under way
    maarja = browser(member(market.separator.organisation, "maarja"))
    assert "Receive or reject" in maarja.get(close).content.decode()
    assert Organisation.objects.filter(standing="closed").count() == 0


@pytest.mark.parametrize(
    ("change", "sentence"),
    [({"name": "juniper"}, "Type the name exactly"), ({"password": "wrong wrong wrong"}, "This is not your password")],
)
def test_an_account_does_not_close_by_mistake(market, queue_empty, change, sentence):
    dana = browser(member(market.mine.organisation, "dana"))
    posted = {"name": "Juniper Flat", "password": PASSWORD} | change
    assert sentence in dana.post(reverse("close_account"), posted).content.decode()
    assert Membership.objects.filter(user__username="dana").exists()


def test_a_closed_account_keeps_the_log_and_ends_all_access(market, queue_empty):
    dana = member(market.mine.organisation, "dana")
    said = Statement.objects.filter(issuer=dana.organisation.pk).count()
    at = browser(dana)
    answer = at.post(reverse("close_account"), {"name": "Juniper Flat", "password": PASSWORD}, follow=True)
    assert "The account is closed" in answer.content.decode()
    dana.organisation.refresh_from_db()
    assert dana.organisation.standing == "closed"
    kinds = Statement.objects.filter(issuer=dana.organisation.pk).order_by("pk").values_list("kind", flat=True)
    assert len(kinds) == said + 1
    assert list(kinds)[-1] == "key.revoke"
    assert not dana.organisation.keys.filter(ended=None).exists()
    assert at.get("/stock/").status_code == 403
    assert mail.outbox == []


def test_who_never_stood_in_the_log_is_forgotten_whole(market):
    nele = newcomer()
    browser(nele).post(reverse("close_account"), {"name": "Hafen Magnets", "password": PASSWORD})
    assert not Organisation.objects.filter(pk=nele.organisation.pk).exists()


def test_the_operator_cannot_leave_its_log(market, queue_empty):
    sam = browser(operator(market))
    answer = sam.post(reverse("close_account"), {"name": "Operator", "password": PASSWORD})
    assert "The operator of the log cannot leave it." in answer.content.decode()
    assert Membership.objects.filter(user__username="sam").exists()
