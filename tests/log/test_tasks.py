"""Tasks of the log: what beat calls, and what a commit wakes in an embedded installation."""

import pytest
from django.db import transaction

from tests.log.authors import Author
from traceability import tasks
from traceability.models import Checkpoint, QueueEntry
from traceability.selectors.log import newest_checkpoint
from traceability.services import integrator, log_queue, publisher


@pytest.fixture
def awake(open_log):
    log_queue.nudge_by(integrator.integrate)


def test_the_first_tick_opens_the_log(ledger_db):
    assert tasks.integrate() == 0
    assert newest_checkpoint().size == 0


def test_a_log_that_is_not_open_is_not_renewed(ledger_db):
    tasks.renew_checkpoint()
    assert not Checkpoint.objects.exists()


def test_a_tick_integrates_all_that_waits(operator, monkeypatch):
    monkeypatch.setattr(integrator, "BATCH", 2)
    for _ in range(4):
        operator.hold()
    assert tasks.integrate() == 5
    assert not QueueEntry.objects.exists()
    assert tasks.integrate() == 0


def test_a_checkpoint_is_renewed_within_the_hour(operator, time_machine):
    tasks.integrate()
    first = newest_checkpoint()
    tasks.renew_checkpoint()
    assert newest_checkpoint() == first
    time_machine.move_to(first.cosigned_at.timestamp() + 3600 - 600)
    tasks.renew_checkpoint()
    assert newest_checkpoint() != first


def test_a_commit_wakes_the_integrator_once(awake, monkeypatch):
    woken = []
    nudge = lambda: woken.append(integrator.integrate())  # noqa: E731
    log_queue.nudge_by(nudge)
    operator = Author()
    with transaction.atomic():
        operator.register()
        for _ in range(3):
            operator.hold()
    assert woken == [4]
    with transaction.atomic():
        operator.hold()
        transaction.set_rollback(True)
    assert woken == [4]


def test_a_statement_is_accepted_though_the_log_refuses_to_sign(awake, settings, caplog):
    operator = Author()
    operator.register()
    (settings.LODESTONE_HOME / "guard" / "checkpoint").unlink()
    row = operator.hold()
    assert list(QueueEntry.objects.values_list("statement_id", flat=True)) == [row.id]
    assert "The guard is empty" in caplog.text
    publisher.adopt_guard()
    operator.hold()
    assert not QueueEntry.objects.exists()


def test_the_outbox_is_drained_by_whom_wiring_names(ledger_db, monkeypatch):
    drained = []
    monkeypatch.setattr(tasks, "OUTBOX", [lambda: drained.append("mail"), lambda: drained.append("pdf")])
    tasks.outbox()
    assert drained == ["mail", "pdf"]
