"""A request whose process is killed with -9 at any step is there whole or not at all, and may be sent again."""

import json
import signal
from pathlib import Path

import pytest

from tests.api.clients import Clients
from tests.api.test_submit import source
from tests.log.processes import nursery
from traceability.models import ChainLink, LogEntry, Lot, Statement
from traceability.services import integrator
from traceability.services.ledger_check import check_ledger

pytestmark = pytest.mark.slow
MOST_STEPS = 400


def test_a_request_killed_at_any_step_is_there_whole_or_not_at_all(
    ledger_api: Clients, ledger_db: dict[str, str], tmp_path: Path
) -> None:
    """From the first query of the door to the last one of the integrator that it wakes, as when embedded."""
    integrator.integrate()
    request = tmp_path / "request.json"
    ends: list[int] = []
    there_after_death = 0
    with nursery(ledger_db) as processes:
        while 0 not in ends:
            assert len(ends) < MOST_STEPS
            sent = source(ledger_api)
            request.write_text(json.dumps({"secret": ledger_api.owner.secret, "body": sent}))
            ends.append(processes.end(processes.start("post_until", len(ends), request)))
            there = Statement.objects.filter(urn=sent["id"][9:]).exists()
            there_after_death += there
            lot = sent["body"]["lot"][9:]
            assert Lot.objects.filter(pk=lot).exists() == there
            assert ChainLink.objects.filter(subject=lot).exists() == there
            answer = ledger_api.owner.send("statements", sent)
            assert answer.status_code == (200 if there else 201)
            assert Statement.objects.filter(urn=sent["id"][9:]).count() == 1
    assert set(ends) == {signal.SIGKILL, 0}
    assert 1 < there_after_death < len(ends)
    integrator.drain()
    assert list(check_ledger()) == []
    assert LogEntry.objects.exclude(statement__kind="log.heads").count() == (
        Statement.objects.exclude(kind="log.heads").count()
    )
