"""Killed with -9 at any point, the integrator and its publisher lose nothing, and the next run goes on."""

import random
import signal
import time

import pytest
from django.db import connections

from tests.log.processes import nursery
from tests.log.test_faults import assert_sound
from traceability.models import ChainLink, Statement
from traceability.selectors.log import newest_checkpoint
from traceability.services import integrator
from traceability.services.ledger_check import check_ledger

pytestmark = pytest.mark.slow
WRITERS, APPENDS = 8, 500
INTEGRATORS = 2
MOST_STEPS = 200


def test_an_integrator_killed_at_any_step_leaves_a_whole_log_to_the_next(operator, ledger_db):
    """Before and after every SQL statement, commit and write of the guard."""
    integrator.integrate()
    accepted = [1]
    ends = []
    with nursery(ledger_db) as processes:
        while 0 not in ends:
            assert len(ends) < MOST_STEPS
            accepted.append(operator.hold().id)
            published = newest_checkpoint()
            ends.append(processes.end(processes.start("integrate_until", len(ends))))
            assert newest_checkpoint().size >= published.size
            integrator.integrate()
            assert_sound(accepted)
    assert set(ends) == {signal.SIGKILL, 0}
    assert len(ends) > 30


def test_writers_and_killed_integrators_leave_no_gap_and_no_duplicate(operator, ledger_db):
    """Eight processes append 500 statements each, while both integrators are killed again and again."""
    integrator.integrate()
    connections.close_all()
    rng = random.Random(7)
    kills = 0
    with nursery(ledger_db) as processes:
        writing = [processes.start("write", APPENDS, 7 + n) for n in range(WRITERS)]
        integrating = [processes.start("integrate") for _ in range(INTEGRATORS)]
        while any(processes.runs(each) for each in writing):
            time.sleep(rng.uniform(0.05, 0.4))
            victim = rng.randrange(INTEGRATORS)
            processes.kill(integrating[victim])
            integrating[victim] = processes.start("integrate")
            kills += 1
        for each in integrating:
            processes.kill(each)
        assert [processes.end(each) for each in writing] == [0] * WRITERS
    assert kills > 20
    integrator.drain()
    accepted = Statement.objects.exclude(kind="log.heads").values_list("id", flat=True)
    assert len(accepted) == 1 + WRITERS * (1 + APPENDS)
    assert ChainLink.objects.values("subject", "seq").distinct().count() == ChainLink.objects.count()
    assert_sound(accepted)
    assert list(check_ledger()) == []
