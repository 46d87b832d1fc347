"""A market with clients: the owner (mine), its customer (separator), an outsider, and anybody."""

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.api.clients import Clients


@pytest.fixture
def _asleep() -> Any:
    """Nothing wakes the integrator: the tests say when the log grows."""
    from traceability.services import log_queue

    before = log_queue._nudge
    log_queue.nudge_by(lambda: None)
    yield
    log_queue.nudge_by(before)


@pytest.fixture
def api(db: None, _asleep: None) -> "Clients":
    """The market over a database that rolls back."""
    from tests.api.clients import open_clients

    return open_clients()


@pytest.fixture
def ledger_api(ledger_db: dict[str, str], _asleep: None) -> "Clients":
    """The market over a database with real transactions."""
    from tests.api.clients import open_clients

    return open_clients()
