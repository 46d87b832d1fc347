"""gunicorn's settings for both sizes: `gunicorn --config config/gunicorn.py config.wsgi`.

Embedded: one process with threads, so that cache and rate limits are one, and the clock that stands in for beat.
Full: sync workers, which have the steadiest tail but no defence against slow clients; the proxy buffers for them.
"""

import os
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
try:
    EMBEDDED = settings.EMBEDDED
except ImproperlyConfigured as error:
    sys.exit(f"Lodestone does not start: {error}")

bind = os.environ.get("LODESTONE_BIND", "127.0.0.1:8000")
worker_class = "gthread" if EMBEDDED else "sync"
workers = 1 if EMBEDDED else int(os.environ.get("WEB_CONCURRENCY", (os.cpu_count() or 1) + 1))
threads = 8 if EMBEDDED else 1
timeout = 30
patience = 10  # seconds without a byte of a body, before the request is given up
max_requests = 0 if EMBEDDED else 2000
max_requests_jitter = 200
control_socket_disable = True
# A heartbeat file on a real disk can stall a worker that is well.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
loglevel = "warning"


def pre_request(worker: Any, request: Any) -> None:
    """A client that stops in the middle of its body holds a thread no longer than our patience."""
    request.unreader.sock.settimeout(patience)


def post_worker_init(worker: Any) -> None:
    """Starts the clock in the one embedded worker."""
    if EMBEDDED:
        from config import clock

        clock.start()
