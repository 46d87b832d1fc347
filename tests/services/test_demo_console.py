"""What stands on the console while the demonstration is loaded."""

import io
import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from epd.demo import demonstration
from epd.demo.load import loader
from epd.management.commands import demo as command
from tests.demo_chain import Demo
from traceability.selectors.statements import reads


def test_the_report_stands_without_lines_of_the_log(
    demo: Demo, tmp_path: Path, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    chain = loader(demonstration(), Path(settings.LODESTONE_HOME) / "demo-plan.json")
    settings.LODESTONE_HOME = tmp_path
    before = reads.level
    with caplog.at_level(logging.INFO):
        console = io.StringIO()
        command.Command(stdout=console)._audit(chain)
    assert "VALID" in console.getvalue()
    assert [one for one in caplog.records if one.name == reads.name] == []
    assert reads.level == before


def test_an_update_of_the_script_gives_ids_to_what_is_new_alone(tmp_path: Path) -> None:
    plan, script = tmp_path / "plan.json", demonstration()
    before = loader(replace(script, acts=script.acts[:20]), plan).ids
    after = loader(script, plan).ids
    assert before.items() < after.items()
    assert loader(script, plan).ids == after
