"""What a first view of a page costs a reader: bytes, shifts of its layout, the time of the server; in Chromium."""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.browser.test_every_page import SHIFTS
from tests.project.test_real_server import ROOT, Server

if TYPE_CHECKING:
    from playwright.sync_api import Browser

DRAWING = re.compile(r"<svg.*?</svg>", re.DOTALL)
MOST_KB = 100
MOST_SHIFT = 0.01
MOST_MS = 1000
AGAIN = 3


@dataclass(frozen=True)
class FirstView:
    """One visit with an empty cache. Bytes are of all files but pictures; drawings inside the page are pictures too."""

    sent: int
    """Over the line: static files compressed, the page as it is."""
    packed: int
    """The same where a proxy compresses the page."""
    unpacked: int
    """The same with nothing compressed."""
    drawings: int
    """Of the page, what its drawings are: in none of the others."""
    shift: float
    server_ms: float
    """From the request to the first byte, the best of some visits."""

    def __str__(self) -> str:
        kb = ", ".join(
            f"{octets / 1000:.0f} kB {what}"
            for what, octets in (
                ("sent", self.sent), ("with the page compressed", self.packed), ("unpacked", self.unpacked),
                ("of drawings besides", self.drawings),
            )
        )  # fmt: skip
        return f"{kb}; layout shift {self.shift:.3f}; first byte after {self.server_ms:.0f} ms"

    @property
    def is_light_and_quiet(self) -> bool:
        return self.sent <= MOST_KB * 1000 and self.shift <= MOST_SHIFT


@contextmanager
def served(environment: dict[str, str], folder: Path) -> Iterator[str]:
    """The address of gunicorn over a test's database, with static files as they ship: hashed and compressed."""
    shipped = {"LODESTONE_STATIC_HASHED": "1", "LODESTONE_STATIC_ROOT": str(folder / "static")}
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"],
        cwd=ROOT, env=environment | shipped, check=True,
    )  # fmt: skip
    server = Server(environment, folder, **shipped)
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.kill()


def first_view(chromium: Browser, address: str, session: str = "") -> FirstView:
    """What a visit costs; the server's time is the best of a few."""
    views = [_visit(chromium, address, session) for _ in range(AGAIN)]
    return min(views, key=lambda one: one.server_ms)


def _visit(chromium: Browser, address: str, session: str) -> FirstView:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    if session:
        context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
    page = context.new_page()
    page.add_init_script(SHIFTS)
    sent: dict[str, float] = {}
    unpacked: dict[str, float] = {}
    pictures: set[str] = set()
    line = context.new_cdp_session(page)

    def began(event: dict[str, Any]) -> None:
        if event["type"] == "Image":
            pictures.add(event["requestId"])

    def came(event: dict[str, Any]) -> None:
        one = event["requestId"]
        unpacked[one] = unpacked.get(one, 0) + event["dataLength"]

    line.on("Network.responseReceived", began)
    line.on("Network.dataReceived", came)
    line.on("Network.loadingFinished", lambda event: sent.update({event["requestId"]: event["encodedDataLength"]}))
    line.send("Network.enable")
    answer = page.goto(address, wait_until="networkidle")
    assert answer is not None
    assert answer.status == 200, answer.status
    html = answer.text()
    timing = "(one => one.responseStart - one.requestStart)(performance.getEntriesByType('navigation')[0])"
    waited, shift = page.evaluate(timing), page.evaluate("shift")
    context.close()
    bare = DRAWING.sub("", html)
    drawings = len(html.encode()) - len(bare.encode())
    octets = sum(size for one, size in sent.items() if one not in pictures) - drawings
    return FirstView(
        sent=int(octets),
        packed=int(octets - len(bare.encode()) + len(gzip.compress(bare.encode(), 6))),
        unpacked=int(sum(size for one, size in unpacked.items() if one not in pictures) - drawings),
        drawings=drawings,
        shift=shift,
        server_ms=waited,
    )
