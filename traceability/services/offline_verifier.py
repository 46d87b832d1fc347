"""The offline verifier as one file: the pure cores of both applications, and nothing that they do not need."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from traceability.ledger import stored_zip

NAME = "lodestone-verify.pyz"
ROOT = Path(__file__).resolve().parents[2]
SHEBANG = b"#!/usr/bin/env python3\n"
PACKAGES = (
    "traceability/ledger",
    "traceability/material",
    "traceability/acceptance",
    "traceability/rules",
    "traceability/verifier",
    "epd/lca",
    "epd/rules",
    "epd/documents",
    "epd/verifier",
)
START = b"""\
\"\"\"Starts the verifier: python lodestone-verify.pyz bundle.zip --policy policy --trust trust.json\"\"\"

import runpy

runpy.run_module("epd.verifier", run_name="__main__")
"""


@lru_cache(maxsize=1)
def program() -> bytes:
    """A stored zip of these sources behind a line that names the interpreter; the same sources give the same bytes."""
    return SHEBANG + b"".join(stored_zip.write(sorted(_members())))


def _members() -> Iterator[tuple[str, bytes]]:
    yield "__main__.py", START
    for package in ("traceability", "epd"):
        yield f"{package}/__init__.py", (ROOT / package / "__init__.py").read_bytes()
    for package in PACKAGES:
        for ending in (".py", ".json"):  # rule sets are data
            for source in (ROOT / package).rglob(f"*{ending}"):
                yield source.relative_to(ROOT).as_posix(), source.read_bytes()
