"""Every step of the integrator fails, before it took effect and after: the next run goes on and nothing is lost.

After Sunlight's TestSequenceErrors. A crash is a BaseException that nobody catches, and the connection is gone with it.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from tests.databases import fresh_copy
from tests.log.authors import Author
from traceability.models import Checkpoint, LogEntry, LogState, PlatformKey, QueueEntry, Statement
from traceability.models.log_tiles import MapRows
from traceability.selectors.log import log_health, newest_checkpoint
from traceability.services import integrator, publisher
from traceability.services.guard import FileGuard
from traceability.services.ledger_check import check_ledger

STEPS = {
    "take the batch": (integrator, "_take"),
    "write the heads map": (MapRows, "write_tiles"),
    "add the heads": (integrator, "_add_heads"),
    "write the tiles": (integrator, "write_tiles"),
    "stage the checkpoint": (publisher, "stage"),
    "commit": (connection, "commit"),
    "swap the guard": (FileGuard, "compare_and_swap"),
    "mark as published": (publisher, "_mark_published"),
}


class Crash(BaseException):
    """The process is gone."""


def crashing(step, *, took_effect):
    def crash(*arguments, **named):
        if took_effect:
            step(*arguments, **named)
        connection.close()
        raise Crash

    return crash


def assert_sound(accepted):
    """All of the accepted statements have one place each, and everything that was signed agrees."""
    assert list(check_ledger()) == []
    assert not QueueEntry.objects.exists()
    said = LogEntry.objects.exclude(statement__kind="log.heads").values_list("statement_id", flat=True)
    assert sorted(said) == sorted(accepted)
    newest = Checkpoint.objects.latest("id")
    assert newest_checkpoint() == newest
    assert newest.size == LogEntry.objects.count()


@pytest.mark.parametrize("took_effect", [False, True], ids=["not persisted", "persisted"])
@pytest.mark.parametrize("step", STEPS)
def test_after_a_crash_the_next_run_goes_on(operator, monkeypatch, step, took_effect):
    integrator.integrate()
    first = [operator.hold() for _ in range(3)]
    with monkeypatch.context() as patch:
        target, name = STEPS[step]
        patch.setattr(target, name, crashing(getattr(target, name), took_effect=took_effect))
        with pytest.raises(Crash):
            integrator.integrate()
    second = operator.hold()
    integrator.drain()
    integrator.integrate()
    assert_sound([1, *(row.id for row in first), second.id])


def test_what_was_staged_before_a_crash_is_published_by_an_idle_run(operator, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(FileGuard, "compare_and_swap", crashing(None, took_effect=False))
        with pytest.raises(Crash):
            integrator.integrate()
    assert newest_checkpoint().size == 0
    assert integrator.integrate() == 0
    assert newest_checkpoint().size == 2


def test_a_rollback_leaves_no_gap(operator):
    accepted = [1]
    for n in range(20):
        try:
            with transaction.atomic():
                row = operator.hold()
                if n % 3 == 0:
                    raise ZeroDivisionError
        except ZeroDivisionError:
            continue
        accepted.append(row.id)
    if connection.vendor == "postgresql":
        assert max(accepted) > len(accepted)  # the sequence of ids has gaps
    integrator.integrate()
    assert_sound(accepted)


def test_a_restored_backup_signs_nothing(operator, tmp_path):
    """The guard of today with the database of yesterday."""
    integrator.integrate()
    (tmp_path / "today").mkdir()
    with fresh_copy(tmp_path / "today"):
        operator.hold()
        integrator.integrate()
    before = list(Checkpoint.objects.values())
    waiting = Author().hold()
    for act in (integrator.integrate, publisher.renew, publisher.publish):
        with pytest.raises(publisher.GuardKnowsMore, match=r"size 4 .* restored from a backup"):
            act()
    assert list(Checkpoint.objects.values()) == before
    assert list(QueueEntry.objects.values_list("statement_id", flat=True)) == [waiting.id]
    assert log_health().waiting == 1
    with pytest.raises(publisher.LogRefusesToSign):
        publisher.adopt_guard()


def test_a_lost_guard_is_filled_by_a_person_only(operator, settings):
    integrator.integrate()
    guard = settings.LODESTONE_HOME / "guard" / "checkpoint"
    older = Checkpoint.objects.earliest("id").note
    guard.write_text(older)
    with pytest.raises(publisher.GuardLost):
        publisher.publish()
    guard.unlink()
    operator.hold()
    with pytest.raises(publisher.GuardLost):
        integrator.integrate()
    publisher.adopt_guard()
    integrator.integrate()
    assert list(check_ledger()) == []


def test_a_publisher_that_was_overtaken_does_not_put_the_guard_back(operator, monkeypatch):
    """Another process stages and publishes a newer checkpoint while this one looks at the guard."""
    integrator.integrate()
    operator.hold()
    read = FileGuard.read

    def overtaken(guard):
        monkeypatch.setattr(FileGuard, "read", read)
        integrator.integrate()
        return read(guard)

    monkeypatch.setattr(FileGuard, "read", overtaken)
    publisher.publish()
    operator.hold()
    integrator.integrate()
    assert log_health().waiting == 0
    assert list(check_ledger()) == []


def test_time_does_not_go_back(operator, time_machine):
    integrator.integrate()
    time_machine.move_to(timezone.now() - timedelta(hours=1))
    operator.hold()
    with pytest.raises(publisher.ClockWentBack):
        integrator.integrate()
    with pytest.raises(publisher.ClockWentBack):
        publisher.renew()
    time_machine.shift(7200)
    integrator.integrate()
    assert list(check_ledger()) == []


def test_an_idle_hour_signs_the_same_tree_again(operator, time_machine):
    integrator.integrate()
    before = newest_checkpoint()
    publisher.renew(after_s=3600)
    assert newest_checkpoint() == before
    time_machine.move_to(timezone.now() + timedelta(hours=1))
    publisher.renew(after_s=3600)
    after = newest_checkpoint()
    assert (after.size, after.root) == (before.size, before.root)
    assert after.cosigned_at > before.cosigned_at
    assert list(check_ledger()) == []


def test_a_log_keeps_its_name(operator, settings):
    settings.LODESTONE_LOG_ORIGIN = "another.example/log"
    with pytest.raises(publisher.OriginChanged):
        integrator.integrate()


def test_a_rotated_out_key_is_replaced_once_its_rotation_is_in_the_log(operator):
    keys = [operator.key]
    integrator.integrate()
    operator.rotate()
    keys.append(operator.key)
    assert integrator.operator_key_at(operator.id, LogState.objects.get().size) == keys[0]
    integrator.integrate()
    heads = Statement.objects.filter(kind="log.heads").order_by("id").values_list("key_id", flat=True)
    assert [f"sha256:{bytes(key).hex()}" for key in heads] == keys
    assert list(check_ledger()) == []


def test_a_key_that_the_operator_adds_for_another_signs_no_heads(operator):
    other = Author()
    other.register()
    operator.add_key_for(other)
    integrator.integrate()
    operator.hold()
    integrator.integrate()
    heads = Statement.objects.filter(kind="log.heads").values_list("key_id", flat=True)
    assert {f"sha256:{bytes(key).hex()}" for key in heads} == {operator.key}
    assert list(check_ledger()) == []


def test_without_a_key_of_the_operator_nothing_is_logged(operator):
    PlatformKey.objects.all().delete()
    with pytest.raises(integrator.NoOperatorKey):
        integrator.integrate()
    assert QueueEntry.objects.count() == 1


def integrate_until(stop):
    try:
        count = 0
        while not stop or QueueEntry.objects.exists():
            count += integrator.integrate(limit=3)
        return count
    finally:
        connections.close_all()


def test_two_integrators_share_the_work(operator):
    integrator.integrate()
    stop: list[bool] = []
    with ThreadPoolExecutor(2) as pool:
        counts = [pool.submit(integrate_until, stop) for _ in range(2)]
        accepted = [operator.hold().id for _ in range(40)]
        stop.append(True)
    assert sum(each.result() for each in counts) == 40
    assert_sound([1, *accepted])
