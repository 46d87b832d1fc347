"""Bundles packed in the background: packed once, begun again after a crash, cancelled, kept for who asked."""

import io
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.services.test_export import exported, traded, verified
from traceability.ledger import bundle
from traceability.verifier.report import Verdict

if TYPE_CHECKING:
    from traceability.models import BundleJob
    from traceability.selectors.access import Actor

__all__ = ["traded"]


@pytest.fixture
def asked(traded: Any) -> "BundleJob":
    """The separator asked for the bundle of what it bought."""
    return ask(traded.separator, traded.sold)


def ask(actor: "Actor", lot: str) -> "BundleJob":
    from traceability.services import bundle_jobs
    from traceability.services.rows_world import uuid_of

    return bundle_jobs.request(actor=actor, lot=uuid_of(lot))


def again(job: "BundleJob") -> "BundleJob":
    job.refresh_from_db()
    return job


def left() -> list[str]:
    """The names of the files that lie in the folder."""
    from traceability.services import bundle_jobs

    return sorted(one.name for one in bundle_jobs.folder().iterdir())


def test_a_packed_bundle_is_the_one_that_is_given_at_once(traded: Any, asked: "BundleJob") -> None:
    from traceability.services import bundle_jobs, bundle_work

    assert bundle_work.work() == 1
    job, path = bundle_jobs.file_of(actor=traded.separator, job=asked.pk)
    content = path.read_bytes()
    assert content == exported(traded.separator, traded.sold)
    assert verified(content).verdict is not Verdict.INVALID
    assert (job.state, job.octets, job.packed, job.found) == ("done", len(content), job.total, job.total)
    assert job.total == len(bundle.read_bundle(io.BytesIO(content)).names("statements"))
    assert path.parent.stat().st_mode & 0o077 == 0
    assert bundle_work.work() == 0
    assert left() == [path.name]


def test_asking_twice_is_asking_once_while_it_is_open(traded: Any, asked: "BundleJob") -> None:
    from traceability.services import bundle_work

    assert ask(traded.separator, traded.sold).pk == asked.pk
    bundle_work.work()
    assert ask(traded.separator, traded.sold).pk != asked.pk


def test_the_database_keeps_two_open_jobs_apart_from_one(traded: Any, asked: "BundleJob") -> None:
    from django.contrib.auth import get_user_model
    from django.db import IntegrityError, transaction

    from traceability.models import BundleJob

    user = get_user_model().objects.create_user("eve")
    values = {"organisation": asked.organisation, "user": user, "lot": asked.lot, "requested_at": asked.requested_at}
    BundleJob.objects.create(**values)
    with pytest.raises(IntegrityError), transaction.atomic():
        BundleJob.objects.create(**values)
    BundleJob.objects.create(**values, state=BundleJob.State.DONE)


def test_no_more_than_a_few_are_open_at_once(traded: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from traceability.services import bundle_jobs

    monkeypatch.setattr(bundle_jobs, "MOST_OPEN", 1)
    ask(traded.mine, traded.kept)
    with pytest.raises(bundle_jobs.TooManyBundles):
        ask(traded.mine, traded.source())
    ask(traded.separator, traded.sold)  # another organisation


def test_a_lot_that_is_not_with_the_reader_is_not_packed(traded: Any) -> None:
    from traceability.selectors.access import NotFound

    with pytest.raises(NotFound):
        ask(traded.mine, traded.sold)


def test_a_job_is_of_who_asked(traded: Any, asked: "BundleJob") -> None:
    from traceability.selectors.access import Actor, NotFound
    from traceability.services import bundle_jobs

    colleague = Actor(traded.separator.user_id + 1, traded.separator.organisation, "admin")
    for actor in (traded.mine, colleague):
        with pytest.raises(NotFound):
            bundle_jobs.one(actor, asked.pk)
        with pytest.raises(NotFound):
            bundle_jobs.cancel(actor=actor, job=asked.pk)
    assert again(asked).is_open


def test_a_job_that_waits_is_cancelled(traded: Any, asked: "BundleJob") -> None:
    from traceability.services import bundle_jobs, bundle_work

    bundle_jobs.cancel(actor=traded.separator, job=asked.pk)
    assert bundle_work.work() == 0
    assert again(asked).state == "cancelled"


@pytest.mark.parametrize("packing", [False, True])
def test_a_job_that_runs_stops_when_it_is_cancelled(
    asked: "BundleJob", packing: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    from traceability.services import bundle_work

    tell, steps = bundle_work.Reporter._tell, []

    def somebody_cancels(reporter: Any, **values: Any) -> None:
        steps.append(values["total"] is not None)
        if steps[-1] == packing:
            with reporter._connection.cursor() as cursor:
                cursor.execute("UPDATE traceability_bundlejob SET state = 'cancelled'")
        tell(reporter, **values)

    monkeypatch.setattr(bundle_work.Reporter, "_tell", somebody_cancels)
    assert bundle_work.work() == 0
    assert (again(asked).state, left()) == ("cancelled", [])
    assert steps.count(packing) == 1


def test_a_job_that_is_cancelled_at_the_last_moment_leaves_nothing(
    traded: Any, asked: "BundleJob", monkeypatch: pytest.MonkeyPatch
) -> None:
    from traceability.services import bundle_jobs, bundle_work

    pack = bundle_work._pack

    def then_cancelled(*args: Any) -> Any:
        found = pack(*args)
        bundle_jobs.cancel(actor=traded.separator, job=asked.pk)
        return found

    monkeypatch.setattr(bundle_work, "_pack", then_cancelled)
    assert bundle_work.work() == 0
    assert (again(asked).state, left()) == ("cancelled", [])


def test_progress_is_seen_while_it_is_packed(traded: Any, asked: "BundleJob", monkeypatch: pytest.MonkeyPatch) -> None:
    from traceability.models import BundleJob
    from traceability.services import bundle_work

    monkeypatch.setattr(bundle_work, "EVERY", 1)
    tell, seen = bundle_work.Reporter._tell, []

    def told(reporter: Any, **values: Any) -> None:
        tell(reporter, **values)
        with closing(bundle_work.connection.copy()) as other, other.cursor() as cursor:
            cursor.execute("SELECT found, packed, total, state FROM traceability_bundlejob")
            seen.append(cursor.fetchone())

    monkeypatch.setattr(bundle_work.Reporter, "_tell", told)
    bundle_work.work()
    looking, packing = [row for row in seen if row[2] is None], [row for row in seen if row[2] is not None]
    total = BundleJob.objects.get().total
    assert looking
    assert [row[1] for row in packing] == list(range(1, (total or 0) + 1))
    assert {row[3] for row in seen} == {"running"}


# Crashes


class Killed(BaseException):
    """The process ends; nothing after it runs."""


def crash(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker takes the job and is killed while it packs."""
    from traceability.services import bundle_work

    def dies(*args: Any) -> Any:
        raise Killed

    with monkeypatch.context() as killed:
        killed.setattr(bundle_work, "_pack", dies)
        with pytest.raises(Killed):
            bundle_work.work()


def test_a_job_whose_worker_was_killed_is_begun_again_after_the_lease(
    asked: "BundleJob", monkeypatch: pytest.MonkeyPatch, time_machine: Any
) -> None:
    from traceability.services import bundle_work

    time_machine.move_to("2026-11-22T10:00:00Z", tick=False)
    crash(monkeypatch)
    assert again(asked).state == "running"
    assert bundle_work.work() == 0
    time_machine.shift(bundle_work.LEASE + timedelta(seconds=1))
    assert bundle_work.work() == 1
    assert (again(asked).state, asked.tries) == ("done", 2)


def test_an_embedded_installation_begins_it_again_at_its_start(
    asked: "BundleJob", monkeypatch: pytest.MonkeyPatch
) -> None:
    from traceability.services import bundle_work

    crash(monkeypatch)
    bundle_work.release()
    assert bundle_work.work() == 1


def test_a_job_that_kills_every_worker_has_failed(asked: "BundleJob", monkeypatch: pytest.MonkeyPatch) -> None:
    from traceability.services import bundle_work

    for _ in range(bundle_work.MOST_TRIES):
        crash(monkeypatch)
        bundle_work.release()
    assert bundle_work.work() == 0
    assert (again(asked).state, asked.error) == ("failed", bundle_work.AGAIN)


def test_a_worker_that_comes_back_late_does_not_disturb_the_next(
    asked: "BundleJob", monkeypatch: pytest.MonkeyPatch
) -> None:
    from traceability.services import bundle_work

    pack = bundle_work._pack

    def overtaken(job: Any, draft: Any) -> Any:
        with monkeypatch.context() as other:
            other.setattr(bundle_work, "_pack", pack)
            bundle_work.release()
            assert bundle_work.work() == 1
        return pack(job, draft)

    monkeypatch.setattr(bundle_work, "_pack", overtaken)
    assert bundle_work.work() == 0
    assert (again(asked).state, len(left())) == ("done", 1)


def test_an_error_is_tried_again_and_seen_by_the_operator(asked: "BundleJob", monkeypatch: pytest.MonkeyPatch) -> None:
    from traceability import tasks
    from traceability.models import JobFailure
    from traceability.services import bundle_work

    def full(*args: Any) -> Any:
        raise OSError("No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(bundle_work, "_pack", full)
        for _ in range(bundle_work.MOST_TRIES):
            assert again(asked).is_open
            with pytest.raises(OSError, match="No space"):
                tasks.bundles()
    assert (again(asked).state, asked.error) == ("failed", bundle_work.AGAIN)
    assert JobFailure.objects.get().times == bundle_work.MOST_TRIES


def test_a_mandate_that_ended_before_it_was_packed_says_so(traded: Any) -> None:
    from traceability.models import Mandate
    from traceability.services import bundle_work

    auditor = with_mandates(traded)
    job = ask(auditor, traded.sold)
    Mandate.objects.all().delete()
    assert bundle_work.work() == 0
    assert again(job).state == "failed"
    assert "no such lot with you" in job.error


# Fetching


def with_mandates(traded: Any) -> "Actor":
    from django.utils import timezone

    from traceability.services import organisations

    row, _ = organisations.register(name="Auditor", country="SE", roles=["auditor"])
    today = timezone.now().date()
    for giver in (traded.mine, traded.separator):
        organisations.give_mandate(
            actor=giver, holder=row, purpose="audit", valid_from=today, valid_until=today + timedelta(days=30)
        )
    return organisations.on_behalf_of(row)


def test_what_may_no_longer_be_read_is_not_given(traded: Any) -> None:
    """The mine ends its mandate: the lot is still with the auditor, the mine's values are not his to read."""
    from traceability.models import Mandate
    from traceability.selectors.access import NotFound
    from traceability.services import bundle_jobs, bundle_work

    auditor = with_mandates(traded)
    job = ask(auditor, traded.sold)
    bundle_work.work()
    bundle_jobs.file_of(actor=auditor, job=job.pk)
    Mandate.objects.filter(giver=traded.mine.organisation).delete()
    with pytest.raises(bundle_jobs.ReadingChanged):
        bundle_jobs.file_of(actor=auditor, job=job.pk)
    Mandate.objects.all().delete()
    with pytest.raises(NotFound):
        bundle_jobs.file_of(actor=auditor, job=job.pk)


def test_an_erased_value_is_not_given(traded: Any, asked: "BundleJob") -> None:
    from traceability.models import Disclosure
    from traceability.services import bundle_jobs, bundle_work

    bundle_work.work()
    own = Disclosure.objects.filter(statement__issuer=traded.separator.organisation.pk)
    assert own.filter(pk=own.earliest("pk").pk).update(text=None) == 1
    with pytest.raises(bundle_jobs.ReadingChanged):
        bundle_jobs.file_of(actor=traded.separator, job=asked.pk)


def test_a_bundle_is_kept_for_a_week(traded: Any, asked: "BundleJob", time_machine: Any) -> None:
    from traceability.models import BundleJob
    from traceability.selectors.access import NotFound
    from traceability.services import bundle_jobs, bundle_work

    bundle_work.work()
    stray = bundle_jobs.folder() / "01a20044-1e90-7584-97e3-169105e74e78.custody.2.part"
    foreign = bundle_jobs.folder() / "README"
    for one in (stray, foreign):
        one.write_bytes(b"x")
    time_machine.move_to(asked.requested_at + timedelta(days=7) - timedelta(seconds=1), tick=False)
    bundle_jobs.purge()
    assert left() == sorted([bundle_jobs.path_of(asked).name, "README"])
    time_machine.shift(timedelta(seconds=2))
    with pytest.raises(NotFound):
        bundle_jobs.one(traded.separator, asked.pk)
    bundle_jobs.purge()
    assert (left(), BundleJob.objects.count()) == (["README"], 0)


def test_a_packed_bundle_is_taken_away(traded: Any, asked: "BundleJob") -> None:
    from traceability.services import bundle_jobs, bundle_work

    bundle_work.work()
    bundle_jobs.cancel(actor=traded.separator, job=asked.pk)
    assert left() == []
    with pytest.raises(bundle_jobs.BundleNotReady):
        bundle_jobs.file_of(actor=traded.separator, job=asked.pk)


def test_the_count_before_is_near_the_count_after(traded: Any, asked: "BundleJob") -> None:
    from traceability.services import bundle_jobs, bundle_work

    before = bundle_jobs.size_of(actor=traded.separator, lot=asked.lot)
    bundle_work.work()
    assert 3 <= before <= (again(asked).total or 0)
