"""The market with people, and short ways to see what they were told."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.notices.town import Town


@pytest.fixture
def town(db: None) -> "Town":
    """Mine, separator and an outsider, each with an administrator and a viewer."""
    from tests.notices.town import open_town

    return open_town()
