"""Work in a second process: the same answers, in their order, and nothing of the framework there."""

import operator
import subprocess
import sys

import pytest

from traceability.beside import beside


@pytest.mark.parametrize("worth_it", [True, False])
def test_what_is_asked_is_answered(worth_it: bool) -> None:
    with beside(operator.methodcaller, "upper", worth_it=worth_it) as helper:
        for text in ("a", "b" * 1_000_000):
            helper.ask(text)
            assert helper.answer() == text.upper()


def test_what_fails_there_is_an_error_here(capfd: pytest.CaptureFixture[str]) -> None:
    with beside(operator.methodcaller, "upper", worth_it=True) as helper:
        helper.ask(5)
        with pytest.raises((EOFError, AttributeError)):  # the second where there is one core
            helper.answer()


def test_the_second_process_knows_no_framework_and_no_key() -> None:
    code = "import sys, {}; print([name for name in sys.modules if name.split('.')[0] in ('django', 'psycopg')])"
    for module in ("traceability.beside", "traceability.intake.sheets.reading", "traceability.ledger.composing"):
        run = subprocess.run([sys.executable, "-c", code.format(module)], capture_output=True, text=True, check=True)
        assert run.stdout.strip() == "[]"
