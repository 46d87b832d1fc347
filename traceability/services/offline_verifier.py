"""The offline verifier and the signer as one file each: pure cores, and nothing that they do not need."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from traceability.ledger import stored_zip

NAME = "lodestone-verify.pyz"
SIGNER_NAME = "lodestone-sign.pyz"
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
SIGNER_PACKAGES = ("traceability/ledger", "traceability/signer")
_START = """\
\"\"\"Starts the program: {usage}\"\"\"

import runpy

runpy.run_module("{module}", run_name="__main__")
"""


@lru_cache(maxsize=1)
def program() -> bytes:
    """A stored zip of these sources behind a line that names the interpreter; the same sources give the same bytes."""
    return _packed(PACKAGES, "epd.verifier", f"python {NAME} bundle.zip --policy policy --trust trust.json")


@lru_cache(maxsize=1)
def signer() -> bytes:
    """The signer, made in the same way."""
    return _packed(SIGNER_PACKAGES, "traceability.signer", f"python {SIGNER_NAME} show to-sign.json")


def _packed(packages: Sequence[str], module: str, usage: str) -> bytes:
    members = {"__main__.py": _START.format(usage=usage, module=module).encode()}
    for top in sorted({one.partition("/")[0] for one in packages}):
        members[f"{top}/__init__.py"] = (ROOT / top / "__init__.py").read_bytes()
    for package in packages:
        for ending in (".py", ".json"):  # rule sets are data
            for source in (ROOT / package).rglob(f"*{ending}"):
                members[source.relative_to(ROOT).as_posix()] = source.read_bytes()
    return SHEBANG + b"".join(stored_zip.write(sorted(members.items())))
