"""`make run` says in one sentence that its port is taken, before it loads anything."""

import os
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def asked(port: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "config.free_port"],
        env=os.environ | {"LODESTONE_BIND": f"127.0.0.1:{port}"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_taken_port_is_said_in_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = asked(port)
    assert (said.returncode, said.stdout) == (1, "")
    assert said.stderr == (
        f"Port {port} is taken or cannot be used: stop what listens there, or choose another: make run PORT=8001\n"
    )
    free = asked(port)
    assert (free.returncode, free.stdout, free.stderr) == (0, "", "")


def test_what_is_no_port_is_said_too() -> None:
    for port in ("70000", "web"):
        said = asked(port)
        assert (said.returncode, said.stderr.count("\n")) == (1, 1)


def test_make_run_asks_before_it_loads() -> None:
    recipe = (ROOT / "Makefile").read_text().partition("\nrun: $(INSTALLED)")[2].partition("\n\n")[0]
    assert recipe.index("config.free_port") < recipe.index("migrate") < recipe.index("$(MANAGE) demo")
