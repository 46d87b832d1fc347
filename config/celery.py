"""The Celery application. Every option stands in config/settings.py under CELERY_; tasks stand in <app>/tasks.py."""

import os

from celery import Celery
from celery.signals import worker_process_init

from traceability.garbage import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("lodestone")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect
def _begin(**_: object) -> None:
    settle()
