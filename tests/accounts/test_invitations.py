"""Invitations of colleagues and partners: a link that opens once."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from tests.accounts.people import NEWCOMER, letters, link_in, member, newcomer, operator, secret_in, user
from tests.services.market import START
from traceability.models import Invitation, Membership, Organisation
from traceability.selectors import drafts
from traceability.selectors.access import NotFound
from traceability.selectors.members import open_invitations
from traceability.services import invitations, signup
from traceability.services.errors import NotAllowed, Refusal
from traceability.services.members import UnknownRole


@pytest.fixture
def dana(market):
    return member(market.mine.organisation, "dana")


def test_an_invited_person_comes_in_with_the_role_and_the_link_is_used_up(dana, sent):
    with sent():
        invitations.invite(actor=dana, email=" Ole@Example.org ", role="submitter")
    [letter] = letters("ole@example.org")
    assert letter.subject == "[Lodestone] Juniper Flat invites you to Lodestone"
    [(html, kind)] = letter.alternatives
    assert kind == "text/html"
    assert link_in(letter) in html
    ole = user("ole")
    secret = secret_in(letter)
    member_now = invitations.accept(secret=secret, user_id=ole.pk)
    assert (member_now.organisation, member_now.role) == (dana.organisation, "submitter")
    assert invitations.find(secret) is None
    with pytest.raises(invitations.InvitationOver):
        invitations.accept(secret=secret, user_id=user("eve").pk)


def test_of_the_secret_only_the_hash_is_kept(dana, sent):
    with sent():
        invitation = invitations.invite(actor=dana, email="ole@example.org", role="viewer")
    secret = secret_in(letters("ole@example.org")[0])
    stored = Invitation.objects.filter(pk=invitation.pk).values()[0]
    assert len(bytes(stored["secret_sha256"])) == 32
    assert secret not in str(stored)


def test_a_link_ends_after_a_week(dana, sent):
    with sent():
        invitations.invite(actor=dana, email="ole@example.org", role="viewer")
    secret = secret_in(letters("ole@example.org")[0])
    ole = user("ole")
    with time_machine.travel(timezone.now() + timedelta(days=7, seconds=1)), pytest.raises(invitations.InvitationOver):
        invitations.accept(secret=secret, user_id=ole.pk)
    assert not Membership.objects.filter(user=ole).exists()


def test_sent_again_the_old_link_opens_nothing(dana, sent):
    with sent():
        invitation = invitations.invite(actor=dana, email="ole@example.org", role="viewer")
        invitations.resend(actor=dana, invitation_id=invitation.pk)
    old, new = map(secret_in, letters("ole@example.org"))
    assert invitations.find(old) is None
    assert invitations.find(new) == invitation


def test_a_withdrawn_link_opens_nothing(dana, sent):
    with sent():
        invitation = invitations.invite(actor=dana, email="ole@example.org", role="viewer")
    invitations.withdraw(actor=dana, invitation_id=invitation.pk)
    assert invitations.find(secret_in(letters("ole@example.org")[0])) is None
    with pytest.raises(NotFound):
        invitations.resend(actor=dana, invitation_id=invitation.pk)
    assert invitations.invite(actor=dana, email="ole@example.org", role="viewer").is_open


def test_an_address_is_invited_once_and_members_not_at_all(dana, market):
    invitations.invite(actor=dana, email="ole@example.org", role="viewer")
    with pytest.raises(invitations.AlreadyInvited):
        invitations.invite(actor=dana, email="OLE@example.org", role="viewer")
    with pytest.raises(invitations.AlreadyInvited, match="works for your organisation"):
        invitations.invite(actor=dana, email="dana@example.org", role="viewer")


@pytest.mark.parametrize(
    ("change", "error"), [({"email": "ole"}, invitations.BadEmail), ({"role": "king"}, UnknownRole)]
)
def test_a_wrong_invitation_is_refused(dana, change, error):
    with pytest.raises(error):
        invitations.invite(actor=dana, **({"email": "ole@example.org", "role": "viewer"} | change))
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("role", ["approver", "submitter", "viewer"])
def test_only_administrators_invite_and_see_invitations(market, dana, role):
    invitation = invitations.invite(actor=dana, email="ole@example.org", role="viewer")
    other = member(market.mine.organisation, "other", role)
    for act in (
        lambda: invitations.invite(actor=other, email="eve@example.org", role="admin"),
        lambda: invitations.invite_partner(actor=other, email="eve@example.org"),
        lambda: invitations.resend(actor=other, invitation_id=invitation.pk),
        lambda: invitations.withdraw(actor=other, invitation_id=invitation.pk),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert list(open_invitations(dana)) == [invitation]
    assert list(open_invitations(other)) == []


def test_invitations_of_others_do_not_exist(market, dana):
    invitation = invitations.invite(actor=dana, email="ole@example.org", role="viewer")
    maarja = member(market.separator.organisation, "maarja")
    assert list(open_invitations(maarja)) == []
    for verb in (invitations.resend, invitations.withdraw):
        with pytest.raises(NotFound):
            verb(actor=maarja, invitation_id=invitation.pk)


def test_a_day_has_so_many_letters(dana, monkeypatch):
    monkeypatch.setattr(invitations, "MOST_A_DAY", 2)
    invitation = invitations.invite(actor=dana, email="a@example.org", role="viewer")
    invitations.invite(actor=dana, email="b@example.org", role="viewer")
    for act in (
        lambda: invitations.invite(actor=dana, email="c@example.org", role="viewer"),
        lambda: invitations.resend(actor=dana, invitation_id=invitation.pk),
    ):
        with pytest.raises(invitations.TooManyInvitations):
            act()


def test_an_invited_partner_and_its_host_know_each_other(market, dana, sent):
    with sent():
        invitations.invite_partner(actor=dana, email="nele@example.org")
    secret = secret_in(letters("nele@example.org")[0])
    nele = user("nele")
    organisation = signup.apply(user_id=nele.pk, applied=NEWCOMER, invitation=secret)
    assert organisation.invited_by == dana.organisation
    assert organisation not in drafts.partners(dana, START.date())  # not before the operator's word
    with sent():
        signup.vouch(actor=operator(market), organisation_id=organisation.pk, checked=["identity"])
    assert organisation in drafts.partners(dana, START.date())
    assert organisation not in drafts.partners(market.separator, START.date())
    assert [one.subject for one in letters("dana@example.org")] == ["[Lodestone] Your partner Hafen Magnets is here"]


def test_a_used_partner_link_brings_nobody_else(dana, sent):
    with sent():
        invitations.invite_partner(actor=dana, email="nele@example.org")
    secret = secret_in(letters("nele@example.org")[0])
    signup.apply(user_id=user("nele").pk, applied=NEWCOMER, invitation=secret)
    with pytest.raises(invitations.InvitationOver):
        signup.apply(user_id=user("eve").pk, applied=NEWCOMER, invitation=secret)
    assert Organisation.objects.filter(invited_by=dana.organisation).count() == 1


def test_a_partners_link_lets_nobody_into_the_organisation(dana, sent):
    with sent():
        invitations.invite_partner(actor=dana, email="nele@example.org")
    nele = user("nele")
    with pytest.raises(invitations.InvitationOver):
        invitations.accept(secret=secret_in(letters("nele@example.org")[0]), user_id=nele.pk)
    assert not Membership.objects.filter(user=nele).exists()


def test_who_waits_himself_invites_no_partners(market):
    with pytest.raises(Refusal, match="once the operator has vouched"):
        invitations.invite_partner(actor=newcomer(), email="x@example.org")
