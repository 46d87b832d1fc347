"""The containers of docker-compose.yml as processes: the same commands and variables, other addresses and folders."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tests.project.compose import ROOT, SERVICES

T = TypeVar("T")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Stack:
    """Starts services in a folder; `places` says what stands where inside a container and here."""

    def __init__(self, folder: Path, ledger_db: dict[str, str]) -> None:
        self.folder = folder
        shutil.copytree(ROOT / "deploy", folder / "deploy", ignore=shutil.ignore_patterns("secrets"))
        subprocess.run([folder / "deploy" / "make-secrets"], check=True, capture_output=True)
        self.secrets = folder / "deploy" / "secrets"
        self.web, self.http, self.https, self.redis = (f"127.0.0.1:{free_port()}" for _ in range(4))
        self.places = {
            "/run/secrets": str(self.secrets),
            "/tmp": str(folder),
            "/etc/lodestone": str(folder / "deploy"),
            "127.0.0.1:8000": self.web,
            "web:8000": self.web,
            "127.0.0.1:8443": self.https,
            "listen 8080": f"listen {self.http}",
            "listen 8443": f"listen {self.https}",
            "port 6379": f"port {self.redis.partition(':')[2]}",
            "dir /data": f"dir {folder}",
            "$$": "$",
        }
        self.addresses = {
            "LODESTONE_HOME": str(folder / "files"),
            "LODESTONE_BIND": self.web,
            "LODESTONE_BASE_URL": "https://ledger.example",
            "LODESTONE_STATIC_HASHED": "0",
            "DATABASE_URL": ledger_db["DATABASE_URL"],
            "REDIS_URL": os.environ["REDIS_URL"],
            "REDIS_PASSWORD_FILE": "",
            "HOSTNAME": socket.gethostname(),
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}:/usr/sbin",
        }

        for conf in (folder / "deploy").glob("*.conf"):
            conf.write_text(self.here(conf.read_text()))

    def until(self, condition: Callable[[], T], *, seconds: int, what: str) -> T:
        """Waits for `condition` to be true and returns what it answered; fails with the logs of all services."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if found := condition():
                return found
            time.sleep(0.2)
        logs = "".join(f"--- {log.name}\n{log.read_text()}" for log in sorted(self.folder.glob("*.log")))
        return pytest.fail(f"{what} did not happen within {seconds} s\n{logs}")

    def here(self, text: str) -> str:
        """A text of a container as it must read on this machine."""
        longest_first = sorted(self.places, key=len, reverse=True)
        pattern = re.compile("|".join(re.escape(place) for place in longest_first))
        return pattern.sub(lambda match: self.places[match[0]], text)

    def environment(self, name: str) -> dict[str, str]:
        declared = {key: self.here(value) for key, value in SERVICES[name].get("environment", {}).items()}
        return declared | self.addresses

    @contextmanager
    def running(self, name: str, command: list[str] | None = None) -> Iterator[Path]:
        """One service until the end of the block: it must live until then and end when asked; yields its log file."""
        words = command or [self.here(word) for word in SERVICES[name]["command"]]
        log = self.folder / f"{name}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(words, cwd=ROOT, env=self.environment(name), stdout=output, stderr=output)
        try:
            yield log
            assert process.poll() is None, log.read_text()
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)

    def healthcheck(self, name: str) -> bool:
        """Whether the service's own health check passes."""
        kind, *words = SERVICES[name]["healthcheck"]["test"]
        shell = ["sh", "-c"] if kind == "CMD-SHELL" else []
        command = shell + [self.here(word) for word in words]
        return subprocess.run(command, cwd=ROOT, env=self.environment(name), capture_output=True).returncode == 0

    def readyz(self) -> dict[str, Any]:
        """What /readyz of web says; empty while nothing answers."""
        try:
            with urllib.request.urlopen(f"http://{self.web}/readyz") as answer:
                found: dict[str, Any] = json.load(answer)
                return found
        except (urllib.error.URLError, ConnectionError):
            return {}
