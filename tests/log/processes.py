"""What other processes do to the log in tests, and the nursery that forks them: `python -m tests.log.processes`.

Starting an interpreter takes a second; a fork takes a millisecond, so that a process that is to be killed at once has
already begun its work.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]


def write(appends: str, seed: str) -> None:
    """An organisation registers and says so much, with every tenth transaction rolled back."""
    from django.db import OperationalError, transaction

    from tests.log.authors import Author

    rng = random.Random(int(seed))
    author = Author()
    author.register()
    lots: list[str] = []
    while len(lots) < int(appends):
        lot = rng.choice(lots) if lots and rng.random() < 0.3 else None
        heads = dict(author.heads)
        try:
            with transaction.atomic():
                row = author.hold(lot)
                if rng.random() < 0.1:
                    raise InterruptedError
        except (InterruptedError, OperationalError):  # the second where SQLite was busy for too long
            author.heads = heads
            continue
        lots.append(f"urn:uuid:{row.links.get().subject}")


def integrate() -> None:
    """Integrates small batches for ever."""
    from django.db import OperationalError

    from traceability.services import integrator

    while True:
        try:
            if not integrator.integrate(limit=20):
                time.sleep(0.02)
        except OperationalError:  # SQLite was busy for too long, or PostgreSQL waited too long for the lock
            time.sleep(0.1)


def integrate_until(step: str) -> None:
    """Integrates once, and is killed at a step: see `tests.log.steps`."""
    from tests.log.steps import dying_at
    from traceability.services import integrator

    with dying_at(int(step)):
        integrator.integrate()


def post_until(step: str, file: str) -> None:
    """Sends the statement in a file to the API, integrates as when embedded, and is killed at a step."""
    from django.test import Client

    from tests.log.steps import dying_at
    from traceability.services import integrator, log_queue

    request = json.loads(Path(file).read_text())
    client = Client(headers={"Authorization": f"Bearer {request['secret']}", "Host": "127.0.0.1"})
    log_queue.nudge_by(integrator.integrate)
    with dying_at(int(step)):
        answer = client.post("/api/v1/statements", json.dumps(request["body"]), content_type="application/json")
    assert answer.status_code == 201, answer.content


ACTS = {"write": write, "integrate": integrate, "integrate_until": integrate_until, "post_until": post_until}


def nurse() -> None:
    """Forks a process for each line "act arguments", and answers with its number; "end <number>" waits for its end."""
    for line in sys.stdin:
        name, *arguments = line.split()
        if name == "end":
            print(os.waitpid(int(arguments[0]), 0)[1], flush=True)
        elif child := os.fork():
            print(child, flush=True)
        else:
            sys.stdin = open(os.devnull)  # noqa: SIM115 (the nurse reads on)
            _act(name, arguments)


def _act(name: str, arguments: list[str]) -> None:
    code = 1
    try:
        ACTS[name](*arguments)
        code = 0
    finally:
        if code:
            traceback.print_exc()
        os._exit(code)


class Nursery:
    """Processes over a database."""

    def __init__(self, nurse: "subprocess.Popen[str]") -> None:
        self._nurse = nurse

    def start(self, act: str, *arguments: object) -> int:
        """The number of a process that has begun its act."""
        return self._ask(" ".join(map(str, (act, *arguments))))

    def end(self, process: int) -> int:
        """How a process ended, once it has: 0, its exit code times 256, or the signal that killed it."""
        return self._ask(f"end {process}")

    def runs(self, process: int) -> bool:
        """Whether a process has not ended yet."""
        return Path(f"/proc/{process}/stat").read_text().split()[2] != "Z"

    def kill(self, process: int) -> None:
        """Kills a process that runs, with -9."""
        os.kill(process, signal.SIGKILL)
        assert self.end(process) == signal.SIGKILL

    def _ask(self, line: str) -> int:
        assert self._nurse.stdin is not None
        assert self._nurse.stdout is not None
        self._nurse.stdin.write(f"{line}\n")
        self._nurse.stdin.flush()
        return int(self._nurse.stdout.readline())


@contextmanager
def nursery(environment: dict[str, str]) -> Iterator[Nursery]:
    """A nursery until the end of the block; its processes open the database of this environment."""
    command = [sys.executable, "-m", "tests.log.processes"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as nurse:
        yield Nursery(nurse)


if __name__ == "__main__":
    import django

    django.setup()
    from django.urls import get_resolver

    from traceability.services import log_queue

    get_resolver().url_patterns  # noqa: B018 (loaded once for all children)

    log_queue.nudge_by(lambda: None)
    nurse()
