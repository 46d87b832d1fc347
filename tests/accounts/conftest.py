"""Mail in memory, and a log that has everything."""

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.services.market import Market


@pytest.fixture
def sent(django_capture_on_commit_callbacks: Any) -> Any:
    """Inside it, letters leave as after a commit."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def queue_empty(market: "Market") -> None:
    """Everything that was said has its place in the log."""
    from traceability.services import integrator, publisher

    publisher.open_log()
    integrator.drain()
