"""The audit log: who of others was shown confidential values, who signed in, who changed rights."""

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from tests.notices.town import VIEWER, Town, member
from tests.web.suppliers import People
from traceability.models import ApiToken, AuditEvent, Organisation
from traceability.selectors import notices, statements
from traceability.selectors.notices import AuditWanted
from traceability.services import organisations, reading_log, tokens

Kind = AuditEvent.Kind
TODAY = date(2026, 4, 1)


def events(organisation: Organisation, kind: AuditEvent.Kind) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(organisation=organisation, kind=kind).order_by("pk"))


def test_reading_what_a_supplier_closed_is_noted_for_him(people: People) -> None:
    lot = people.sent()
    assert people.partner.get(f"/lots/{lot.pk}/").status_code == 200
    mine, separator = people.market.mine.organisation, people.market.separator.organisation
    [event] = events(mine, Kind.READ)
    assert event.actor_organisation == separator
    assert event.values_read > 0
    assert f"sha256:{bytes(lot.made_by.digest).hex()}" in event.statements
    assert events(separator, Kind.READ) == []
    people.partner.get(f"/lots/{lot.pk}/")
    [event] = events(mine, Kind.READ)
    assert event.times == 2


def test_reading_ones_own_and_what_is_closed_is_not_noted(people: People) -> None:
    lot = people.sent()
    people.owner.get(f"/lots/{lot.pk}/")
    people.outsider.get(f"/lots/{lot.pk}/")
    people.anybody.get(f"/lots/{lot.pk}/")
    assert not AuditEvent.objects.filter(kind=Kind.READ).exists()


def test_outside_a_request_a_reading_is_noted_at_once(town: Town) -> None:
    lot, _ = town.sent()
    row = town.market.lot(lot).made_by
    reader = member(town.market.separator.organisation)
    statements.open_rows(reader, [row], TODAY)
    [event] = events(town.market.mine.organisation, Kind.READ)
    assert event.user_id == reader.user_id
    with reading_log.gathering():
        for _ in range(3):
            statements.open_rows(reader, [row], TODAY)
        event.refresh_from_db()
        assert event.times == 1
    event.refresh_from_db()
    assert event.times == 2


def test_a_new_hour_begins_a_new_line(town: Town, time_machine: Any) -> None:
    lot, _ = town.sent()
    reader = member(town.market.separator.organisation)
    for hours in (0, 2):
        time_machine.move_to(timezone.now() + timedelta(hours=hours))
        statements.open_rows(reader, [town.market.lot(lot).made_by], TODAY)
    assert [one.times for one in events(town.market.mine.organisation, Kind.READ)] == [1, 1]


def test_signing_in_and_failing_to_are_noted(town: Town) -> None:
    admin = member(town.market.mine.organisation)
    user = get_user_model().objects.get(pk=admin.user_id)
    user.set_password("a long enough password")
    user.save()
    client = Client()
    for password in ("wrong", "a long enough password"):
        client.post("/accounts/login/", {"login": user.email, "password": password}, REMOTE_ADDR="192.0.2.7")
    [failed] = events(admin.organisation, Kind.LOGIN_FAILED)
    assert failed.address == "192.0.2.7"
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert {one.user_id for one in events(admin.organisation, Kind.LOGIN)} == {user.pk}
    assert not AuditEvent.objects.exclude(organisation=admin.organisation).exists()


def test_administrative_acts_are_noted(town: Town) -> None:
    admin = member(town.market.mine.organisation)
    auditor = town.outsider.organisation
    mandate = organisations.give_mandate(
        actor=admin, holder=auditor, purpose="audit", valid_from=TODAY, valid_until=timezone.now().date()
    )
    organisations.revoke_mandate(actor=admin, mandate=mandate)
    token, _ = tokens.create(
        actor=admin, name="ERP", scopes=[ApiToken.Scope.READ], expires_at=timezone.now() + timedelta(days=1)
    )
    tokens.revoke(actor=admin, token_id=token.pk)
    organisations.rotate_key(actor=admin)
    rows = AuditEvent.objects.filter(organisation=admin.organisation).order_by("pk")
    assert [row.kind for row in rows] == [
        Kind.MANDATE_GIVEN, Kind.MANDATE_ENDED, Kind.TOKEN_MADE, Kind.TOKEN_REVOKED, Kind.KEY,
    ]  # fmt: skip
    assert {row.user_id for row in rows} == {admin.user_id}
    assert not AuditEvent.objects.exclude(organisation=admin.organisation).exists()


def test_the_log_is_for_administrators_of_its_organisation(town: Town) -> None:
    organisation = town.market.mine.organisation
    admin, viewer = member(organisation), member(organisation, VIEWER)
    foreign = member(town.outsider.organisation)
    organisations.rotate_key(actor=admin)
    assert notices.audit(admin, AuditWanted()).count() == 1
    assert notices.audit(foreign, AuditWanted()).count() == 0
    with pytest.raises(ValueError, match="administrators"):
        notices.audit(viewer, AuditWanted())


def test_the_page_and_the_table_show_the_same_and_filter_alike(people: People) -> None:
    lot = people.sent()
    people.partner.get(f"/lots/{lot.pk}/")
    page = people.owner.get("/audit/").content.decode()
    assert "Confidential values were read" in page
    assert "Baltika Metals" in page
    rows = read_csv(people.owner, "")
    [read] = [row for row in rows if row["Kind"] == "read"]
    assert read["Who"] == "Baltika Metals"
    assert [row["Kind"] for row in read_csv(people.owner, "?kind=read")] == ["read"]
    assert read_csv(people.owner, "?until=2020-01-01") == []
    assert "No event matches" in people.owner.get("/audit/?until=2020-01-01").content.decode()
    assert people.outsider.get("/audit/?kind=read").content.decode().count("<tr") == 0
    assert people.viewer.get("/audit/").status_code == people.viewer.get("/audit/?format=csv").status_code == 404


def read_csv(client: Client, query: str) -> list[dict[str, str]]:
    found = client.get(f"/audit/{query or '?'}&format=csv")
    text = b"".join(found.streaming_content).decode()  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(text)))


def test_a_colleague_is_named_and_found_by_his_address(people: People) -> None:
    user = get_user_model().objects.get(pk=people.owner.session["_auth_user_id"])
    get_user_model().objects.filter(pk=user.pk).update(username="x_1", email="dana@mine.example")
    people.owner.post("/organisation/approval/", {"signs": "second"})
    assert {row["Who"] for row in read_csv(people.owner, "?q=dana@mine")} == {"dana@mine.example"}
    assert read_csv(people.owner, "?q=x_1") == []


@pytest.mark.parametrize("query", ["until=9999-12-31", "until=0001-01-01", "until=99999-01-01", "since=x"])
def test_days_at_the_ends_of_the_calendar_are_days_too(people: People, query: str) -> None:
    assert people.owner.get(f"/audit/?{query}").status_code == 200
