"""/healthz: this process answers. /readyz: it can do its work, and how old the newest checkpoint is."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from traceability.selectors.log import LONGEST_WAIT, OLDEST_CHECKPOINT, log_health

State = Literal["ok", "warning", "failed"]
STATUS: dict[State, str] = {"ok": "ready", "warning": "degraded", "failed": "not ready"}


@dataclass(frozen=True, slots=True)
class Finding:
    """What one probe found: only `failed` takes this process out of service."""

    state: State
    facts: dict[str, str | int] = field(default_factory=dict)


Probe = Callable[[], Finding]
NO_DATABASE = Finding("failed", {"reason": "The database does not answer."})


def database() -> Finding:
    """Whether the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return NO_DATABASE
    return Finding("ok")


def migrations() -> Finding:
    """Whether the tables are those this release needs."""
    try:
        executor = MigrationExecutor(connection)
        pending = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError:
        return NO_DATABASE
    if pending:
        return Finding("failed", {"pending": pending, "reason": "Run: python manage.py migrate"})
    return Finding("ok")


def log() -> Finding:
    """How long statements wait for their place, and how old the newest checkpoint is.

    Too long or too old means that nobody integrates: a warning, because requests are accepted and nothing is lost.
    """
    try:
        found = log_health()
    except DatabaseError:
        return NO_DATABASE
    facts: dict[str, str | int] = {"leaves": found.size, "waiting": found.waiting}
    if found.checkpoint_age is None:
        return Finding("warning", {**facts, "reason": "There is no checkpoint yet."})
    facts["checkpoint_age_s"] = int(found.checkpoint_age.total_seconds())
    waited = timezone.now() - found.waiting_since if found.waiting_since else timedelta(0)
    if found.checkpoint_age > OLDEST_CHECKPOINT or waited > LONGEST_WAIT:
        return Finding("warning", {**facts, "reason": "Nobody integrates: are worker and beat running?"})
    return Finding("ok", facts)


# In the order in which /readyz shows them.
PROBES: dict[str, Probe] = {"database": database, "migrations": migrations, "log": log}


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when requests can be served, else 503; the body says what each probe found."""
    findings = {name: probe() for name, probe in PROBES.items()}
    worst = max((finding.state for finding in findings.values()), key=list(STATUS).index)
    checks = {name: {"state": finding.state, **finding.facts} for name, finding in findings.items()}
    return JsonResponse({"status": STATUS[worst], "checks": checks}, status=503 if worst == "failed" else 200)
