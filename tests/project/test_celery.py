"""Tasks and their schedule: a name that nobody registered would be thrown away by the worker without an error."""

import pytest
from django.conf import settings

from config.celery import app


@pytest.fixture(scope="module")
def registered():
    app.loader.import_default_modules()
    return {name for name in app.tasks if not name.startswith("celery.")}


def test_every_scheduled_and_routed_name_is_registered(registered):
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert scheduled | set(settings.CELERY_TASK_ROUTES) <= registered


def test_every_task_has_an_explicit_name(registered):
    assert {name for name in registered if not name.startswith("lodestone.")} == set()


def test_a_tick_expires_before_the_next(registered):
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        assert entry["options"]["expires"] <= entry["schedule"]


def test_a_task_is_cut_off_before_redis_hands_it_out_again():
    assert app.conf.task_time_limit < 3600
    assert app.conf.task_soft_time_limit < app.conf.task_time_limit


def test_lost_workers_lose_no_task():
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.worker_prefetch_multiplier == 1
    assert app.conf.task_ignore_result
    assert app.conf.accept_content == ["json"]
