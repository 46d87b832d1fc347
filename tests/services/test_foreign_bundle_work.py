"""Bundles of other records verified in the background: begun again after a crash, given up, heard of meanwhile."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.services.test_imports import there

if TYPE_CHECKING:
    from tests.services.elsewhere import Elsewhere
    from tests.services.market import Market
    from traceability.models import ForeignBundle

__all__ = ["there"]


class Killed(BaseException):
    """A worker ends like this where nothing can be caught any more."""


@pytest.fixture
def waiting(market: "Market", there: "Elsewhere", monkeypatch: pytest.MonkeyPatch) -> "ForeignBundle":
    """A bundle that is too large to be verified while one waits."""
    from traceability.services import foreign_bundles

    monkeypatch.setattr(foreign_bundles, "AT_ONCE_BYTES", len(there.content) - 1)
    made = foreign_bundles.upload(actor=market.separator, name="large.custody.zip", content=there.content)
    row = foreign_bundles.run_small(made)
    assert (row.state, row.tries, row.seen_at) == ("waiting", 0, None)
    return row


def again(row: "ForeignBundle") -> "ForeignBundle":
    row.refresh_from_db()
    return row


def crash(monkeypatch: pytest.MonkeyPatch, error: BaseException | None = None) -> None:
    """A worker takes the bundle and ends at the first byte."""
    from traceability.services import foreign_bundles

    def ends(file: Any) -> Any:
        raise error or Killed

    with monkeypatch.context() as broken:
        broken.setattr(foreign_bundles, "read_bundle", ends)
        with pytest.raises(type(error) if error else Killed):
            foreign_bundles.work()


def test_the_task_verifies_what_waits_and_is_noted(market: "Market", waiting: "ForeignBundle") -> None:
    from traceability import tasks
    from traceability.models import JobState
    from traceability.services import imports

    assert tasks.imports() == 1
    assert (again(waiting).state, waiting.code, waiting.seen_at) == ("verified", "", None)
    assert JobState.objects.get(name="lodestone.imports").succeeded
    lot, _rehearsal = imports.prepare(actor=market.separator, bundle=waiting.pk, arrival=imports.Arrival())
    assert lot.mass_kg == 10
    assert tasks.imports() == 0


def test_the_task_is_on_the_schedule() -> None:
    from django.conf import settings

    from traceability import tasks

    assert tasks.imports.name in {one["task"] for one in settings.CELERY_BEAT_SCHEDULE.values()}


def test_what_is_wrong_with_a_large_bundle_is_said_too(market: "Market", waiting: "ForeignBundle") -> None:
    from traceability.models import TrustedLog
    from traceability.services import foreign_bundles

    TrustedLog.objects.all().delete()
    assert foreign_bundles.work() == 1
    assert (again(waiting).state, waiting.code) == ("refused", "log_not_trusted")


def test_a_bundle_whose_worker_was_killed_is_begun_again_after_the_lease(
    waiting: "ForeignBundle", monkeypatch: pytest.MonkeyPatch, time_machine: Any
) -> None:
    from traceability.services import foreign_bundles, leases

    time_machine.move_to("2026-11-22T10:00:00Z", tick=False)
    crash(monkeypatch)
    assert again(waiting).seen_at is not None
    assert foreign_bundles.work() == 0
    time_machine.shift(leases.LEASE + timedelta(seconds=1))
    assert foreign_bundles.work() == 1
    assert (again(waiting).state, waiting.tries) == ("verified", 2)


def test_an_embedded_installation_begins_it_again_at_its_start(
    waiting: "ForeignBundle", monkeypatch: pytest.MonkeyPatch
) -> None:
    from traceability.services import foreign_bundles

    crash(monkeypatch)
    foreign_bundles.release()
    assert foreign_bundles.work() == 1


def test_an_error_is_tried_again_seen_by_the_operator_and_given_up(
    market: "Market", waiting: "ForeignBundle", monkeypatch: pytest.MonkeyPatch
) -> None:
    from traceability import tasks
    from traceability.models import JobFailure
    from traceability.services import foreign_bundles, leases

    with monkeypatch.context() as broken:
        broken.setattr(foreign_bundles, "_verified", lambda file: (_ for _ in ()).throw(OSError("No space left")))
        for _ in range(leases.MOST_TRIES):
            with pytest.raises(OSError, match="No space"):
                tasks.imports()
    assert JobFailure.objects.get().times == leases.MOST_TRIES
    assert tasks.imports() == 1
    assert (again(waiting).state, waiting.sentence) == ("failed", foreign_bundles.AGAIN)
    foreign_bundles.verify_again(actor=market.separator, bundle=waiting.pk)
    assert tasks.imports() == 1
    assert again(waiting).state == "verified"


def test_a_worker_that_is_overtaken_stops_and_changes_nothing(
    waiting: "ForeignBundle", monkeypatch: pytest.MonkeyPatch
) -> None:
    from traceability.services import foreign_bundles

    read = foreign_bundles.read_bundle

    def overtaken(file: Any) -> Any:
        with monkeypatch.context() as other:
            other.setattr(foreign_bundles, "read_bundle", read)
            foreign_bundles.release()
            assert foreign_bundles.work() == 1
        return read(file)

    monkeypatch.setattr(foreign_bundles, "read_bundle", overtaken)
    foreign_bundles.work()
    assert (again(waiting).state, waiting.tries) == ("verified", 2)


def test_a_bundle_that_is_thrown_away_meanwhile_stops_its_worker(
    market: "Market", waiting: "ForeignBundle", monkeypatch: pytest.MonkeyPatch
) -> None:
    from traceability.models import ForeignBundle
    from traceability.services import foreign_bundles

    read = foreign_bundles.read_bundle

    def thrown(file: Any) -> Any:
        foreign_bundles.discard(actor=market.separator, bundle=waiting.pk)
        return read(file)

    monkeypatch.setattr(foreign_bundles, "read_bundle", thrown)
    foreign_bundles.work()
    assert not ForeignBundle.objects.exists()


def test_long_work_keeps_its_lease_and_tells_how_far_it_is(
    waiting: "ForeignBundle", monkeypatch: pytest.MonkeyPatch
) -> None:
    from traceability.services import foreign_bundles, heard_files, leases

    monkeypatch.setattr(heard_files, "EVERY_S", 0.0)
    told: list[int] = []
    verified = foreign_bundles._verified

    def watched(file: Any) -> Any:
        row = again(waiting)
        row.seen_at -= leases.LEASE * 2
        row.save()
        found = verified(file)
        told.append(foreign_bundles.progress_of(row) or 0)
        assert foreign_bundles.work() == 0
        return found

    monkeypatch.setattr(foreign_bundles, "_verified", watched)
    assert foreign_bundles.work() == 1
    assert 50 < told[0] < 100
    assert again(waiting).state == "verified"
