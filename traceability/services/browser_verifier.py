"""The verifier for the browser as one file: HTML without a server, joined from the sources beside the Python one."""

import json
from base64 import b64encode
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from traceability.ledger.bundle_readme import README
from traceability.ledger.kinds import KINDS
from traceability.ledger.unicode14 import REFUSED_RANGES
from traceability.services.offline_verifier import ROOT
from traceability.verifier.report import NOT_DETECTABLE

NAME = "lodestone-verify.html"
SOURCES = ROOT / "traceability" / "verifier" / "browser"
SCRIPTS = (
    "bytes", "json", "archive", "signing", "tree", "notes", "statements", "facts", "keys", "trust", "chains",
    "log", "answer", "verify", "page",
)  # fmt: skip
"""In the order in which they are joined: each uses what stands before it."""
CHECKS = (
    ("signed", "Bytes and signatures"),
    ("keys", "Keys at the time of signing"),
    ("issuer", "Known issuers"),
    ("anchors", "Your own trust anchors"),
    ("current", "Current version"),
    ("valid", "Within its validity"),
    ("log", "In the log"),
    ("figures", "Figures recompute"),
    ("balance", "Mass balance closes"),
    ("complete", "Complete back to the source"),
    ("origin", "Origin of each step"),
    ("recycled", "Recycled content"),
    ("verified", "Third-party verification"),
    ("method", "Method"),
    ("purchase", "What you bought"),
    ("offline", "Same answer offline"),
)
"""Ids and names of the sixteen answers (docs/formats/answer.md); a test compares them with those of the program."""


@lru_cache(maxsize=1)
def page() -> bytes:
    """The HTML file; the same sources give the same bytes. Its own hashes are all that its policy lets run."""
    script, style = verifier_script(SCRIPTS), _source("page.css")
    policy = f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; base-uri 'none'"
    filled = _source("page.html").replace("{{ policy }}", f"{policy}; form-action 'none'")
    return filled.replace("{{ style }}", style).replace("{{ script }}", script).encode()


def verifier_script(names: tuple[str, ...]) -> str:
    """These sources as one script behind what they take of the format: characters, kinds, the text of the README."""
    taken = {
        "refused": REFUSED_RANGES,
        "kinds": sorted(KINDS),
        "readme": {"bytes": len(README), "sha256": sha256(README).hexdigest()},
        "checks": [{"id": id, "name": name} for id, name in CHECKS],
        "notDetectable": NOT_DETECTABLE,
    }
    constants = f"const FORMAT = {json.dumps(taken, separators=(',', ':'))};"
    return "\n".join(['"use strict";', constants, *(_source(f"{name}.js") for name in names)])


def _source(name: str) -> str:
    return Path(SOURCES / name).read_text("utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
