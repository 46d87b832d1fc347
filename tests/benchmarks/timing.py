"""CPU time of two ways of doing the same work, measured in turns so that a busy machine hurts both alike."""

import time
from collections.abc import Callable
from pathlib import Path

Work = Callable[[], object]


def speed_ratio(work: Work, yardstick: Work, *, rounds: int = 15) -> float:
    """How many times as fast `work` is as `yardstick`: 1 is the same speed, 2 is half the time."""
    times: list[tuple[float, float]] = [(_cpu_seconds(work), _cpu_seconds(yardstick)) for _ in range(rounds)]
    return min(yards for _, yards in times) / min(works for works, _ in times)


def _cpu_seconds(work: Work) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def cpu_with_database() -> float:
    """Seconds of CPU of this process so far, and of the PostgreSQL process on this machine that works for it."""
    from django.db import connection

    here = time.process_time()
    if connection.vendor != "postgresql":
        return here
    server = connection.connection.info.backend_pid
    nanoseconds, *_ = Path(f"/proc/{server}/schedstat").read_text().split()
    return here + int(nanoseconds) / 1e9
