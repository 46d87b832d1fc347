"""Fixtures over an empty database. Django is not ready when this file is read, so models are imported inside."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.services.market import Market


@pytest.fixture
def market(db: None) -> "Market":
    """Operator, mine and separator, registered; nothing else was said."""
    from tests.services.market import open_market

    return open_market()
