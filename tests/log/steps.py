"""Every step of a process that another could see, and a process that is killed with -9 at one of them.

Steps are the moments before and after each SQL statement, each commit, and each time the guard's file reaches the disk.
"""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest import mock


class Death:
    """Counts steps, and ends the process at the one with this number."""

    def __init__(self, step: int) -> None:
        self.left = step

    def step(self) -> None:
        if not self.left:
            os.kill(os.getpid(), signal.SIGKILL)
        self.left -= 1

    def around(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function with a step before it and one after it."""

        def watched(*arguments: Any, **named: Any) -> Any:
            self.step()
            answer = function(*arguments, **named)
            self.step()
            return answer

        return watched

    def query(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        """The wrapper of SQL statements that Django calls."""
        return self.around(execute)(*arguments)


@contextmanager
def dying_at(step: int) -> Iterator[None]:
    """Within the block this process is killed at a step; with no more steps it lives."""
    from django.db import connection

    death = Death(step)
    with ExitStack() as watched:
        watched.enter_context(connection.execute_wrapper(death.query))
        for target, name in ((connection, "commit"), (os, "fsync"), (Path, "rename")):
            watched.enter_context(mock.patch.object(target, name, death.around(getattr(target, name))))
        yield
