"""Imports point downwards, and the pure cores load where no framework is installed."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# What the offline verifier is made of: standard library and `cryptography` only.
PURE_CORES = (
    "traceability/ledger",
    "traceability/material",
    "traceability/acceptance",
    "traceability/rules",
    "traceability/signer",
    "traceability/verifier",
    "epd/documents",
    "epd/formats",
    "epd/lca",
    "epd/rules",
    "epd/verifier",
)
IMPORT_ALONE = """
import importlib, sys

class Refuse:
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top not in sys.stdlib_module_names | {"traceability", "epd", "cryptography", "_cffi_backend", "cffi"}:
            raise ModuleNotFoundError(f"{name} is not in the standard library", name=name)

sys.meta_path.insert(0, Refuse())
for name in sys.argv[1:]:
    importlib.import_module(name)
"""


def modules_of(package):
    """The dotted names of every module in a folder; __main__ modules run when imported and are left out."""
    files = sorted((ROOT / package).rglob("*.py"))
    names = [".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for file in files]
    return [name for name in names if not name.endswith("__main__")]


def import_alone(*names):
    return subprocess.run([sys.executable, "-c", IMPORT_ALONE, *names], cwd=ROOT, capture_output=True, text=True)


@pytest.mark.parametrize("package", PURE_CORES)
def test_a_pure_core_needs_the_standard_library_and_cryptography_only(package):
    imported = import_alone(*modules_of(package))
    assert imported.returncode == 0, imported.stderr


def test_the_block_blocks():
    refused = import_alone("django")
    assert refused.returncode != 0
    assert "django is not in the standard library" in refused.stderr


def test_the_packages_that_the_verifier_imports_through_are_empty():
    for package in ("traceability", "epd"):
        assert (ROOT / package / "__init__.py").read_text() == ""


def test_imports_point_downwards():
    linted = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-logo", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert linted.returncode == 0, linted.stdout
