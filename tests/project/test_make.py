"""The Makefile, the CI script and the pinned requirements agree with each other."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = set(re.findall(r"^\.PHONY: (\S+)$", MAKEFILE, re.MULTILINE))
SCRIPTS = [".ci/run", ".ci/with-postgres", ".ci/with-redis", "deploy/make-secrets"]


def pins(name):
    return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", (ROOT / name).read_text(), re.MULTILINE))


def test_help_names_every_target():
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert set(re.findall(r"make ([a-z-]+)", shown)) >= TARGETS
    assert {
        "run",
        "test",
        "lint",
        "demo-reset",
        "lock",
        "verifier",
        "bench",
        "fuzz",
        "openapi",
        "test-full",
        "ci",
    } <= TARGETS


def test_the_ci_script_runs_targets_that_exist():
    lines = re.findall(r"make_targets ([a-z -]+)", (ROOT / ".ci/run").read_text())
    named = {target for line in lines for target in line.split()}
    checks = "postgres redis killed requests run fuzz browser"
    assert named == {"lint", "test", *(f"test-{one}" for one in checks.split())}
    assert named <= TARGETS


def test_the_ci_script_ends_with_the_first_section_that_fails():
    script = (ROOT / ".ci/run").read_text()
    section = script[script.index("section() {") : script.index("# What the tests need")]
    shown = subprocess.run(
        ["bash", "-c", f'set -euo pipefail\n{section}\nsection one true\nsection two false\nsection three true'],
        capture_output=True, text=True,
    )  # fmt: skip
    assert shown.returncode == 1
    assert re.findall(r"=== (\w+: \w+)", shown.stdout) == ["one: passed", "two: FAILED"]


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_can_be_run_and_stops_at_the_first_error(script):
    file = ROOT / script
    assert file.stat().st_mode & 0o111
    assert "set -euo pipefail" in file.read_text()
    subprocess.run(["bash", "-n", file], check=True)


def test_what_is_tested_is_what_ships():
    shipped, tested = pins("requirements.txt"), pins("requirements-dev.txt")
    assert shipped.items() <= tested.items()


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_has_a_hash_and_no_index(name):
    text = (ROOT / name).read_text()
    assert len(re.findall(r"^\S+==.* \\\n    --hash=sha256:", text, re.MULTILINE)) == len(pins(name))
    assert not re.search(r"^-", text, re.MULTILINE)
