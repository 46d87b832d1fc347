"""The offline verifier as a file: the same bytes from the same sources, and at work without network or framework."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.verifier.builder import pack
from tests.verifier.stories import Story, mine_to_metal

ROOT = Path(__file__).parents[2]
BLOCKED = ("django", "celery", "rest_framework", "socket", "ssl", "sqlite3", "urllib.request", "http.client", "asyncio")
# Runs the program in an interpreter that knows no framework, no network and no clock of its own.
ALONE = """
import sys, runpy, importlib.abc, time, datetime
class Refuse(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if any(name == one or name.startswith(one + ".") for one in {blocked!r}):
            raise ImportError("blocked: " + name)
sys.meta_path.insert(0, Refuse())
sys.path[:] = [one for one in sys.path if "work" not in one or "site-packages" in one]
def clock(*_): raise RuntimeError("the clock was read")
time.time = time.time_ns = clock
sys.argv = {argv!r}
runpy.run_path({program!r}, run_name="__main__")
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from traceability.services.offline_verifier import program as sources

    file = tmp_path_factory.mktemp("dist") / "lodestone-verify.pyz"
    file.write_bytes(sources())
    return file


@pytest.fixture(scope="module")
def audit(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Story]:
    """A bundle with policy and trust file, as an auditor has them."""
    folder, story = tmp_path_factory.mktemp("audit"), mine_to_metal()
    (folder / "bundle.zip").write_bytes(pack(story.log.members(), story.target, story.custody_hash))
    ed25519, ml_dsa, time = (one.key for one in story.log.signers)
    (folder / "policy").write_text(f"log {ed25519}\nlog {ml_dsa}\nwitness time {time}\nquorum time\n")
    (folder / "trust.json").write_text(json.dumps({"format": "lodestone-trust/1"}))
    return folder, story


def run(program: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    argv = [str(program), *arguments]
    code = ALONE.format(blocked=BLOCKED, argv=argv, program=str(program))
    return subprocess.run([sys.executable, "-I", "-W", "error", "-c", code], cwd=folder, capture_output=True, text=True)


GIVEN = ("bundle.zip", "--policy", "policy", "--trust", "trust.json")


def test_it_verifies_alone(program: Path, audit: tuple[Path, Story]) -> None:
    folder, story = audit
    done = run(program, folder, *GIVEN, "--expect", story.custody_hash, "--at", "2026-11-03T08:00:00Z")
    assert done.stderr == ""
    assert done.stdout.splitlines()[0].startswith("as the log stood at 2026-11-02T08:")
    assert "RESULT: VALID (" in done.stdout.splitlines()[-1]
    assert done.returncode == 0


def test_its_report_is_json_when_asked(program: Path, audit: tuple[Path, Story]) -> None:
    done = run(program, audit[0], *GIVEN, "--json")
    report = json.loads(done.stdout)
    assert (report["verdict"], len(report["checks"])) == ("VALID", 19)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("bundle.zip",), 3),
        ((*GIVEN, "--expect", "0" * 64), 1),
        ((*GIVEN, "--at", "2026-12-31T00:00:00Z"), 2),
        (("no-such-file.zip", *GIVEN[1:]), 64),
        ((*GIVEN, "--at", "yesterday"), 64),
        ((*GIVEN, "--surprise"), 64),
        ((), 64),
        (("bundle.zip", "--policy", "trust.json"), 64),
        (("bundle.zip", "--trust", "policy"), 64),
        (("policy", *GIVEN[1:]), 1),
    ],
)
def test_its_exit_code_is_the_verdict(
    program: Path, audit: tuple[Path, Story], arguments: tuple[str, ...], code: int
) -> None:
    done = run(program, audit[0], *arguments)
    assert (done.returncode, "Traceback" in done.stderr) == (code, False), done.stderr


def test_the_same_sources_give_the_same_bytes(program: Path) -> None:
    from traceability.services import offline_verifier

    offline_verifier.program.cache_clear()
    assert offline_verifier.program() == program.read_bytes()
