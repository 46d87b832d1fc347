"""What is put into the slots when the program starts."""

import pytest

from config.wiring import wire
from traceability.services import log_queue


@pytest.mark.parametrize("embedded", [True, False])
def test_a_request_integrates_only_where_no_worker_does(settings, monkeypatch, embedded):
    nudges: list[object] = []
    monkeypatch.setattr(log_queue, "nudge_by", nudges.append)
    settings.EMBEDDED = embedded
    wire()
    assert len(nudges) == (0 if embedded else 1)
