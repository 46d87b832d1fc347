"""`make run` as a stranger does: it loads, says where to go and who may sign in, keeps what is there, and forgets."""

import http.cookiejar
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from config.demo_login import PASSWORD
from epd.demo.people import PEOPLE
from tests.project.stack import free_port

ROOT = Path(__file__).parents[2]
VENV = Path(sys.executable).parents[1]
pytestmark = pytest.mark.slow


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The tree as git would give it to a stranger, with the environment of these tests."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tmp_path / name)
    (tmp_path / ".venv").symlink_to(VENV)
    return tmp_path


def make(*goals: str) -> list[str]:
    """The command of a target; what is installed is taken as it is."""
    return ["make", "--old-file=.venv/.installed", *goals]


class Running:
    """The demonstration of a clone, as it was started."""

    def __init__(self, clone: Path, port: int) -> None:
        self.site = f"http://127.0.0.1:{port}"
        self.console = clone / "console.txt"
        self.begun = time.monotonic()
        own = {name: value for name, value in os.environ.items() if not name.startswith(("LODESTONE_", "DATABASE_URL"))}
        with self.console.open("w") as console:
            self.process = subprocess.Popen(
                make("run", f"PORT={port}"), cwd=clone, env=own, stdout=console, stderr=console, start_new_session=True
            )

    def said(self) -> str:
        return self.console.read_text()

    def until_it_answers(self, *, seconds: float) -> None:
        while self.process.poll() is None and time.monotonic() < self.begun + seconds:
            try:
                if urllib.request.urlopen(f"{self.site}/healthz", timeout=5).status == 200:
                    return
            except OSError:
                time.sleep(0.2)
        pytest.fail(f"It does not answer.\n{self.said()}")

    def stop(self) -> None:
        """As Ctrl-C does."""
        os.killpg(self.process.pid, signal.SIGINT)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            raise


@contextmanager
def running(clone: Path, port: int, *, seconds: float) -> Iterator[Running]:
    found = Running(clone, port)
    try:
        found.until_it_answers(seconds=seconds)
        yield found
    finally:
        found.stop()


class Browser:
    """Somebody with cookies."""

    def __init__(self) -> None:
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()), urllib.request.ProxyHandler({})
        )

    def read(self, address: str, **fields: str) -> str:
        body = urllib.parse.urlencode(fields).encode() if fields else None
        with self.opener.open(urllib.request.Request(address, body, {"Referer": address}), timeout=30) as answer:
            return str(answer.read().decode())

    def sign_in(self, site: str, email: str, password: str) -> None:
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.read(f"{site}/accounts/login/"))
        assert token
        address = f"{site}/accounts/login/"
        self.read(address, csrfmiddlewaretoken=token[1], login=email, password=password)


def test_the_demonstration_is_loaded_once_served_kept_and_forgotten(clone: Path) -> None:
    port, browser = free_port(), Browser()
    with running(clone, port, seconds=240) as first:
        said = first.said()
        assert f"Lodestone is at {first.site} - stop it with Ctrl-C" in said
        assert f"Sign in at {first.site} with the password {PASSWORD} as" in said
        assert [one for one in PEOPLE if one.email not in said] == []
        assert "VALID" in said
        assert "Traceback" not in said
        page = re.search(rf"Its page: ({re.escape(first.site)}/d/\S+)", said)
        assert page
        assert "EPD-style declaration, not verified" in browser.read(page[1])
        browser.sign_in(first.site, PEOPLE[0].email, PASSWORD)
        assert PEOPLE[0].organisation_name in browser.read(f"{first.site}/")
    entries = re.search(r"The log has (\d+) entries", said)
    with running(clone, port, seconds=90) as second:
        assert "Loading" not in second.said()
        assert re.search(r"The log has (\d+) entries", second.said())[1] == entries[1]  # type: ignore[index]
        assert "EPD-style declaration, not verified" in browser.read(page[1])
        assert PEOPLE[0].organisation_name in browser.read(f"{second.site}/")  # still signed in
    subprocess.run(make("demo-reset"), cwd=clone, check=True, capture_output=True)
    assert not (clone / "var/demo").exists()
    assert (clone / "var/static").is_dir()
