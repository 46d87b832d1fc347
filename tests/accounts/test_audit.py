"""What is done to the people of an organisation stands in its audit log: what, by whom, and for nobody else."""

import pytest
from django.urls import reverse

from tests.accounts.people import browser, letters, member, newcomer, secret_in, user
from tests.web.pages import Page
from traceability.models import AuditEvent, Membership
from traceability.selectors.access import NotFound
from traceability.services import invitations, members

Kind, Role = AuditEvent.Kind, Membership.Role


@pytest.fixture
def dana(market):
    return member(market.mine.organisation, "dana")


@pytest.fixture
def ole(market):
    return member(market.mine.organisation, "ole", Role.SUBMITTER)


def pk(actor):
    return Membership.objects.get(user=actor.user_id, organisation=actor.organisation).pk


def lines(organisation):
    """What the log of an organisation says of its people, the oldest first: who did it, and what."""
    rows = AuditEvent.objects.filter(organisation=organisation, kind=Kind.MEMBER).order_by("pk")
    return [(row.user.get_username() if row.user else "", row.note) for row in rows]


def invited(sent, actor, role=Role.APPROVER):
    """The secret of a letter that the actor had sent to maria@example.org."""
    with sent():
        if role:
            invitations.invite(actor=actor, email="maria@example.org", role=role)
        else:
            invitations.invite_partner(actor=actor, email="maria@example.org")
    return secret_in(letters("maria@example.org")[-1])


def test_each_change_of_a_role_is_a_line(dana, ole):
    for role in (Role.VIEWER, Role.SUBMITTER, Role.SUBMITTER, Role.VIEWER):
        members.change_role(actor=dana, member_id=pk(ole), role=role)
    assert lines(dana.organisation) == [
        ("dana", "ole@example.org is viewer now, was submitter"),
        ("dana", "ole@example.org is submitter now, was viewer"),
        ("dana", "ole@example.org is viewer now, was submitter"),
    ]


def test_removing_and_leaving_are_told_apart(market, dana, ole):
    vera = member(market.mine.organisation, "vera", Role.VIEWER)
    members.remove(actor=dana, member_id=pk(ole))
    members.remove(actor=vera, member_id=pk(vera))
    assert lines(dana.organisation) == [("dana", "ole@example.org was removed"), ("vera", "vera@example.org left")]


def test_an_invitation_is_a_line_when_it_is_sent_and_when_it_is_accepted(dana, sent):
    maria = user("maria")
    invitations.accept(secret=invited(sent, dana), user_id=maria.pk)
    assert lines(dana.organisation) == [
        ("dana", "maria@example.org invited as approver"),
        ("maria", "maria@example.org works here as approver, invited as maria@example.org"),
    ]


def test_sending_again_and_withdrawing_are_lines(dana, sent):
    invited(sent, dana)
    found = dana.organisation.invitations.get()
    invitations.resend(actor=dana, invitation_id=found.pk)
    invitations.withdraw(actor=dana, invitation_id=found.pk)
    assert [said for _, said in lines(dana.organisation)][1:] == [
        "Invitation sent again to maria@example.org",
        "Invitation of maria@example.org withdrawn",
    ]


def test_a_partner_who_signs_up_is_a_line_of_who_invited_him(dana, sent):
    secret = invited(sent, dana, role="")
    nele = newcomer()
    invitations.use_for_partner(secret=secret, newcomer=nele.organisation, user_id=nele.user_id)
    *_, last = AuditEvent.objects.filter(organisation=dana.organisation).order_by("pk")
    assert last.note == "The invited partner maria@example.org signed up as Hafen Magnets"
    assert last.actor_organisation == nele.organisation


@pytest.mark.parametrize("act", ["role", "remove", "accept"])
def test_what_was_refused_leaves_no_line(market, dana, ole, act):
    maarja = member(market.separator.organisation, "maarja")
    acts = {
        "role": lambda: members.change_role(actor=maarja, member_id=pk(ole), role=Role.VIEWER),
        "remove": lambda: members.remove(actor=dana, member_id=pk(dana)),
        "accept": lambda: invitations.accept(secret="guessed", user_id=ole.user_id),
    }
    with pytest.raises((NotFound, members.LastAdmin, invitations.InvitationOver)):
        acts[act]()
    assert not AuditEvent.objects.filter(kind=Kind.MEMBER).exists()


def test_the_page_says_it_and_the_filter_finds_it(market, dana, ole):
    members.change_role(actor=dana, member_id=pk(ole), role=Role.VIEWER)
    page = browser(dana).get(reverse("audit"), {"kind": "member"}).content.decode()
    assert "Member or role changed" in page
    assert "ole@example.org is viewer now, was submitter" in page
    assert Page(page).faults == []
    maarja = browser(member(market.separator.organisation, "maarja"))
    assert "ole@example.org" not in maarja.get(reverse("audit")).content.decode()
