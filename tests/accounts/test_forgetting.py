"""Who never confirmed his address is forgotten after a while, with the organisation that he named; nobody else is."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone

from tests.accounts.people import NEWCOMER, browser, member, operator, user
from traceability import tasks
from traceability.models import Membership, Organisation, SearchText
from traceability.selectors.access import Actor
from traceability.services import forgetting, leaving, signup

User = get_user_model()


@pytest.fixture(autouse=True)
def _two_weeks(settings):
    settings.LODESTONE_UNCONFIRMED_DAYS = 14


def signed_up(name, *, days=15, verified=False):
    """Somebody who signed up an organisation so many days ago."""
    made = user(name, verified=verified)
    User.objects.filter(pk=made.pk).update(date_joined=timezone.now() - timedelta(days=days))
    organisation = signup.apply(user_id=made.pk, applied=NEWCOMER)
    return Actor(made.pk, organisation, Membership.Role.ADMIN)


def is_there(actor):
    return (
        User.objects.filter(pk=actor.user_id).exists(),
        Organisation.objects.filter(pk=actor.organisation.pk).exists(),
    )


def test_the_person_and_the_organisation_are_forgotten_together(market):
    nele = signed_up("nele")
    assert forgetting.purge_unconfirmed() == 1
    assert is_there(nele) == (False, False)
    assert not EmailAddress.objects.filter(email="nele@example.org").exists()
    assert not SearchText.objects.filter(subject=nele.organisation.pk).exists()
    assert forgetting.purge_unconfirmed() == 0


def test_the_address_can_sign_up_again(market):
    signed_up("nele")
    forgetting.purge_unconfirmed()
    assert is_there(signed_up("nele")) == (True, True)


@pytest.mark.parametrize(
    "kept",
    [
        {"days": 13},
        {"verified": True},
    ],
)
def test_who_confirmed_or_came_lately_stays(market, kept):
    nele = signed_up("nele", **kept)
    assert forgetting.purge_unconfirmed() == 0
    assert is_there(nele) == (True, True)


@pytest.mark.parametrize(
    "change",
    [{"last_login": timezone.now()}, {"is_staff": True}],
)
def test_who_was_ever_here_or_runs_the_place_stays(market, change):
    nele = signed_up("nele")
    User.objects.filter(pk=nele.user_id).update(**change)
    assert forgetting.purge_unconfirmed() == 0
    assert is_there(nele) == (True, True)


def test_who_has_a_confirmed_address_beside_another_stays(market):
    nele = signed_up("nele")
    EmailAddress.objects.create(user_id=nele.user_id, email="nele@hafen.example", verified=True)
    assert forgetting.purge_unconfirmed() == 0


def test_who_gave_no_address_was_made_by_another_way_and_stays(market):
    made = User.objects.create_user("robot", date_joined=timezone.now() - timedelta(days=400))
    forgetting.purge_unconfirmed()
    assert User.objects.filter(pk=made.pk).exists()


@pytest.mark.parametrize(
    "change",
    [{"registered": True}, {"standing": "active"}, {"standing": "refused", "standing_reason": "Who are you?"}],
)
def test_an_organisation_on_which_a_word_was_given_stays_with_its_people(market, change):
    nele = signed_up("nele")
    Organisation.objects.filter(pk=nele.organisation.pk).update(**change)
    assert forgetting.purge_unconfirmed() == 0
    assert is_there(nele) == (True, True)


def test_an_organisation_with_somebody_else_stays_without_him(market):
    nele = signed_up("nele")
    member(nele.organisation, "dirk")
    assert forgetting.purge_unconfirmed() == 1
    assert is_there(nele) == (False, True)


def test_two_of_one_organisation_take_it_with_them(market):
    nele = signed_up("nele")
    other = user("dirk", verified=False)
    User.objects.filter(pk=other.pk).update(date_joined=timezone.now() - timedelta(days=20))
    Membership.objects.create(user=other, organisation=nele.organisation, role="viewer")
    assert forgetting.purge_unconfirmed() == 2
    assert is_there(nele) == (False, False)


def test_one_run_takes_so_many_and_the_next_the_rest(market, monkeypatch):
    monkeypatch.setattr(forgetting, "AT_ONCE", 2)
    for name in ("a", "b", "c"):
        signed_up(name)
    assert [forgetting.purge_unconfirmed() for _ in range(3)] == [2, 1, 0]


def test_the_hourly_task_does_it(market):
    nele = signed_up("nele")
    tasks.tidy()
    assert is_there(nele) == (False, False)


def test_the_operator_is_told_when(market):
    signed_up("nele", days=1)
    page = browser(operator(market)).get(reverse("waiting")).content.decode()
    assert "1 more has not confirmed its address yet. After 14 days such a sign-up is forgotten." in page


def test_who_leaves_before_the_operators_word_leaves_no_name_behind(market):
    nele = signed_up("nele", verified=True)
    assert SearchText.objects.filter(subject=nele.organisation.pk).exists()
    leaving.close(actor=nele)
    assert not SearchText.objects.filter(subject=nele.organisation.pk).exists()
