"""The operator's pages of the installation: the log, tasks, mail, keys."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from tests.web.pages import Page
from tests.web.suppliers import People, person
from traceability.models import (
    Checkpoint,
    JobFailure,
    JobState,
    LedgerCheck,
    MailEntry,
    Membership,
    OutboxTask,
    PlatformKey,
    QueueEntry,
)  # fmt: skip
from traceability.services import guard, integrator, publisher, vault

PAGES = ("/operator/log/", "/operator/tasks/", "/operator/mail/", "/operator/keys/")


@pytest.fixture
def operator(people: People) -> Client:
    return person(people.market.operator.organisation)


@pytest.fixture
def published(people: People) -> None:
    """The log is open, and everything has its place."""
    integrator.drain()


def text(client: Client, address: str) -> str:
    found = client.get(address)
    assert found.status_code == 200
    page = found.content.decode()
    assert Page(page).faults == []
    return page


def outcomes(page: str) -> list[str]:
    """The outcomes of the numbered checks."""
    return re.findall(r'<li><span class="no">.*?<span class="tag tag-(\w+)">', page, re.DOTALL)


@pytest.mark.parametrize("address", PAGES)
def test_pages_are_for_the_administrators_of_the_operator(people: People, operator: Client, address: str) -> None:
    assert operator.get(address).status_code == 200
    reader = person(people.market.operator.organisation, Membership.Role.VIEWER, name="reader")
    for client in (people.owner, people.partner, people.outsider, people.viewer, reader):
        assert client.get(address).status_code == 404
    assert people.anybody.get(address)["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("address", PAGES)
def test_empty_pages_stand(operator: Client, address: str) -> None:
    text(operator, address)


@pytest.mark.parametrize("address", [*PAGES, "/outbox/", "/operator/waiting/", "/operator/organisations/"])
def test_every_page_leads_to_the_others(operator: Client, published: None, address: str) -> None:
    page = text(operator, address)
    assert all(f'href="{one}"' in page for one in (*PAGES, "/outbox/", "/operator/waiting/"))
    assert page.count(f'<a href="{address}" aria-current="page">') == 1


# The log


def test_a_log_that_keeps_its_promises(operator: Client, published: None) -> None:
    now = timezone.now()
    LedgerCheck.objects.create(started_at=now, ended_at=now, entries=9, differences=0)
    page = text(operator, "/operator/log/")
    assert outcomes(page) == ["pass", "pass", "pass", "pass", "na", "pass"]
    assert page.count("tag-pass") == 5 + 3  # the checks, and the three lines of the checkpoint


def test_an_old_checkpoint_is_named(operator: Client, published: None, time_machine: Any) -> None:
    signed = Checkpoint.objects.latest("id").cosigned_at
    for age, outcome in ((59, "pass"), (61, "warn"), (91, "fail")):
        time_machine.move_to(signed + timedelta(minutes=age), tick=False)
        assert outcomes(text(operator, "/operator/log/"))[0] == outcome
    assert "91 minutes ago" in text(operator, "/operator/log/")


def test_a_queue_that_nobody_takes_is_named(
    people: People, operator: Client, published: None, time_machine: Any
) -> None:
    people.lot()
    since = QueueEntry.objects.get().statement.accepted_at
    for seconds, outcome in ((299, "pass"), (301, "fail")):
        time_machine.move_to(since + timedelta(seconds=seconds), tick=False)
        page = text(operator, "/operator/log/")
        assert outcomes(page)[1] == outcome
    assert "1 accepted statement waits" in page


@pytest.mark.parametrize("held", [None, "foreign\n9\nAAAA\n\n— foreign AAAA\n"])
def test_a_guard_that_does_not_agree_is_named(operator: Client, published: None, held: str | None) -> None:
    file = settings.LODESTONE_HOME / "guard" / "checkpoint"
    file.unlink() if held is None else file.write_text(held, encoding="utf-8")
    page = text(operator, "/operator/log/")
    assert outcomes(page)[2] == "fail"
    assert ("it is empty" if held is None else "does not have") in page


def test_a_checkpoint_that_waits_for_its_publication_is_no_disagreement(
    people: People, operator: Client, published: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    people.lot()
    with monkeypatch.context() as crash:
        crash.setattr(publisher, "publish", lambda: True)
        integrator.integrate()
    assert Checkpoint.objects.latest("id").note != guard.configured_guard().read()
    assert outcomes(text(operator, "/operator/log/"))[2] == "pass"


def test_the_last_check_of_the_ledger_is_told_with_its_differences(operator: Client, published: None) -> None:
    now = timezone.now()
    LedgerCheck.objects.create(
        started_at=now, ended_at=now, entries=9, differences=2, named=["entry 3: <gone>"], stopped_early=True
    )
    page = text(operator, "/operator/log/")
    assert outcomes(page)[5] == "fail"
    assert "entry 3: &lt;gone&gt;" in page
    assert "there may be more" in page


def test_a_check_of_last_month_is_a_warning(operator: Client, published: None) -> None:
    long_ago = timezone.now() - timedelta(days=9)
    LedgerCheck.objects.create(started_at=long_ago, ended_at=long_ago, entries=9, differences=0)
    assert outcomes(text(operator, "/operator/log/"))[5] == "warn"


# Tasks


def test_every_task_of_the_schedule_is_noted_when_it_runs(operator: Client, published: None) -> None:
    from config import clock

    page = text(operator, "/operator/tasks/")
    names = clock.scheduled()
    assert page.count("Has not run yet") == len(names) > 0
    for task in names.values():
        task()
    assert {row.name for row in JobState.objects.all()} == names.keys()
    page = text(operator, "/operator/tasks/")
    assert page.count("tag-pass") == len(names)


def test_a_task_that_did_not_come_is_late(operator: Client, time_machine: Any) -> None:
    time_machine.move_to("2026-11-22T10:00:00Z", tick=False)
    for one in settings.CELERY_BEAT_SCHEDULE.values():
        JobState.objects.create(name=one["task"], last_at=timezone.now(), took_ms=1, succeeded=True)
    assert "Late" not in text(operator, "/operator/tasks/")
    time_machine.shift(timedelta(minutes=4))
    assert text(operator, "/operator/tasks/").count("Late") == 8  # those of every few seconds
    time_machine.shift(timedelta(days=1))
    assert text(operator, "/operator/tasks/").count("Late") == len(settings.CELERY_BEAT_SCHEDULE)


def test_failures_stand_with_their_text(operator: Client) -> None:
    now = timezone.now()
    JobState.objects.create(
        name="lodestone.integrate", last_at=now, took_ms=12, succeeded=False, result="OSError: full"
    )
    JobFailure.objects.create(name="lodestone.integrate", error="OSError: <full>", at=now, last_at=now, times=41)
    page = text(operator, "/operator/tasks/")
    assert "OSError: &lt;full&gt;" in page
    assert ">41<" in page
    assert "tag-fail" in page


# Mail


def entry(**changes: Any) -> MailEntry:
    now = timezone.now()
    values = {"what": "notice", "to": "s***@a.example", "sent": True, "at": now, "last_at": now} | changes
    return MailEntry.objects.create(**values)


def test_letters_are_listed_and_those_that_failed_found(operator: Client) -> None:
    entry(what="password_reset_key")
    entry(what="invitation", sent=False, error="OSError: away")
    page = text(operator, "/operator/mail/")
    assert "Set a new password" in page
    assert "it is kept nowhere" in page
    failed = text(operator, "/operator/mail/?failed=1")
    assert "OSError: away" in failed
    assert "Set a new password" not in failed


def test_a_letter_of_the_outbox_is_sent_again_by_the_operator_alone(people: People, operator: Client) -> None:
    state = OutboxTask.State.GIVEN_UP
    task = OutboxTask.objects.create(key="mail:1", name="mail", due_at=timezone.now(), state=state, tries=10)
    letter = entry(sent=False, task="mail:1", error="OSError: away", tries=10)
    address = f"/operator/mail/{letter.pk}/again"
    for client in (people.owner, people.viewer, people.outsider):
        assert client.post(address).status_code == 404
    assert "Not sent" in text(operator, "/operator/mail/")
    assert operator.post(address)["Location"] == "/operator/mail/"
    task.refresh_from_db()
    assert (task.state, task.tries) == ("waiting", 0)
    assert "To be tried again" in text(operator, "/operator/mail/")
    assert operator.post("/operator/mail/999999/again").status_code == 404


def test_a_letter_that_is_kept_nowhere_cannot_be_sent_again(operator: Client) -> None:
    letter = entry(what="invitation", sent=False)
    page = operator.post(f"/operator/mail/{letter.pk}/again", follow=True).content.decode()
    assert "There is nothing to send" in page


def test_a_long_list_of_letters_is_paged(operator: Client) -> None:
    for number in range(60):
        entry(task=f"mail:{number}", sent=False)
    page = text(operator, "/operator/mail/")
    assert page.count("<tr><th") == 1 + 50


# Keys


def test_keys_are_shown_with_ages_and_without_secrets(operator: Client, published: None) -> None:
    page = text(operator, "/operator/keys/")
    assert vault.master_key_id() in page
    assert settings.LODESTONE_LOG_ORIGIN + "/time" in page
    assert "ML-DSA-44" in page
    assert "tag-pass" in page
    own = PlatformKey.objects.order_by("pk").first()
    assert own is not None
    for secret in (settings.LODESTONE_MASTER_KEY, settings.SECRET_KEY.encode(), bytes(own.sealed_private)):
        assert secret.hex() not in page
        assert secret.decode("latin-1") not in page


def test_another_master_key_is_named(operator: Client, published: None, settings: Any) -> None:
    before = vault.master_key_id()
    settings.LODESTONE_MASTER_KEY = bytes(32)
    page = text(operator, "/operator/keys/")
    assert "The master key does not open" in page
    assert before not in page
