"""Where the foreign test vectors lie: a folder outside the project, named by LODESTONE_STANDARDS."""

import os
from pathlib import Path

import pytest

ROOT = Path(os.environ.get("LODESTONE_STANDARDS", Path(__file__).parents[2] / "shared" / "standards"))
REQUIRED = os.environ.get("LODESTONE_STANDARDS_REQUIRED") == "1"


def standards_path(relative: str) -> Path:
    """The path of a vector file or folder; skips the test when it is not there, fails it when vectors are required."""
    path = ROOT / relative
    if path.exists():
        return path
    reason = f"No test vectors at {path}. Set LODESTONE_STANDARDS to the folder that holds them."
    if REQUIRED:
        pytest.fail(reason)
    pytest.skip(reason, allow_module_level=True)
