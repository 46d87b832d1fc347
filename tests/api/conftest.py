"""The market with clients over a database with real transactions."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.api.clients import Clients


@pytest.fixture
def ledger_api(ledger_db: dict[str, str], asleep: None) -> "Clients":
    """The market over a database with real transactions."""
    from tests.api.clients import open_clients

    return open_clients()
