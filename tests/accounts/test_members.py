"""Roles and leaving: somebody always stays who can let others in."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.accounts.people import member
from traceability.models import ApiToken, Membership
from traceability.selectors.access import NotFound
from traceability.services import members, tokens
from traceability.services.errors import NotAllowed


@pytest.fixture
def dana(market):
    return member(market.mine.organisation, "dana")


def row(actor):
    return Membership.objects.get(user=actor.user_id, organisation=actor.organisation)


def test_a_role_changes_what_one_may_do(market, dana):
    ole = member(market.mine.organisation, "ole", "viewer")
    changed = members.change_role(actor=dana, member_id=row(ole).pk, role="approver")
    assert changed.role == "approver"
    with pytest.raises(members.UnknownRole):
        members.change_role(actor=dana, member_id=row(ole).pk, role="king")


@pytest.mark.parametrize(("role", "may"), [("admin", 1), ("approver", 1), ("submitter", 1), ("viewer", 0)])
def test_all_but_viewers_may_sign(market, role, may):
    assert member(market.mine.organisation, "ole", role).may_submit == bool(may)


def test_the_last_administrator_stays_one(market, dana):
    for act in (
        lambda: members.change_role(actor=dana, member_id=row(dana).pk, role="viewer"),
        lambda: members.remove(actor=dana, member_id=row(dana).pk),
    ):
        with pytest.raises(members.LastAdmin):
            act()
    member(market.mine.organisation, "ole")
    members.remove(actor=dana, member_id=row(dana).pk)
    assert Membership.objects.filter(organisation=dana.organisation).count() == 1


def test_only_administrators_change_others_and_everybody_may_leave(market, dana):
    ole = member(market.mine.organisation, "ole", "approver")
    for act in (
        lambda: members.change_role(actor=ole, member_id=row(ole).pk, role="admin"),
        lambda: members.remove(actor=ole, member_id=row(dana).pk),
    ):
        with pytest.raises(NotAllowed):
            act()
    members.remove(actor=ole, member_id=row(ole).pk)
    assert not Membership.objects.filter(user=ole.user_id).exists()


def test_members_of_others_do_not_exist(market, dana):
    maarja = member(market.separator.organisation, "maarja")
    for act in (
        lambda: members.change_role(actor=dana, member_id=row(maarja).pk, role="viewer"),
        lambda: members.remove(actor=dana, member_id=row(maarja).pk),
    ):
        with pytest.raises(NotFound):
            act()


@pytest.mark.parametrize("end_tokens", [True, False])
def test_the_tokens_of_who_leaves_end_where_that_is_wanted(market, dana, end_tokens):
    ole = member(market.mine.organisation, "ole")
    end = timezone.now() + timedelta(days=9)
    theirs, _ = tokens.create(actor=ole, name="plant", scopes=[ApiToken.Scope.READ], expires_at=end)
    mine, _ = tokens.create(actor=dana, name="office", scopes=[ApiToken.Scope.READ], expires_at=end)
    members.remove(actor=dana, member_id=row(ole).pk, end_tokens=end_tokens)
    for token, live in ((theirs, not end_tokens), (mine, True)):
        token.refresh_from_db()
        assert token.is_live(timezone.now()) == live


def test_who_leaves_by_himself_takes_his_tokens_with_him(market, dana):
    ole = member(market.mine.organisation, "ole", "submitter")
    token, _ = tokens.create(actor=ole, name="plant", scopes=[], expires_at=timezone.now() + timedelta(days=9))
    members.remove(actor=ole, member_id=row(ole).pk, end_tokens=False)
    token.refresh_from_db()
    assert not token.is_live(timezone.now())


def test_who_may_only_look_from_now_on_has_no_token_that_records(market, dana):
    ole = member(market.mine.organisation, "ole", "submitter")
    end = timezone.now() + timedelta(days=9)
    records, _ = tokens.create(actor=ole, name="scale", scopes=[ApiToken.Scope.SUBMIT], expires_at=end)
    reads, _ = tokens.create(actor=ole, name="board", scopes=[ApiToken.Scope.READ], expires_at=end)
    members.change_role(actor=dana, member_id=row(ole).pk, role="approver")
    records.refresh_from_db()
    assert records.is_live(timezone.now())
    members.change_role(actor=dana, member_id=row(ole).pk, role="viewer")
    for token, live in ((records, False), (reads, True)):
        token.refresh_from_db()
        assert token.is_live(timezone.now()) == live
