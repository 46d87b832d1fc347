"""CPU time of two ways of doing the same work, measured in turns so that a busy machine hurts both alike."""

import time
from collections.abc import Callable

Work = Callable[[], object]


def speed_ratio(work: Work, yardstick: Work, *, rounds: int = 15) -> float:
    """How many times as fast `work` is as `yardstick`: 1 is the same speed, 2 is half the time."""
    times: list[tuple[float, float]] = [(_cpu_seconds(work), _cpu_seconds(yardstick)) for _ in range(rounds)]
    return min(yards for _, yards in times) / min(works for works, _ in times)


def _cpu_seconds(work: Work) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start
