"""What a printed declaration costs beside typst alone: reading, checking and writing it must add at most 30 %."""

import json
from itertools import count

import pytest
import typst

from tests.benchmarks.timing import speed_ratio
from tests.demo_chain import Demo

MOST = 1.3  # times typst alone
pytestmark = pytest.mark.django_db


def test_a_pdf_costs_little_more_than_typst_alone(demo: Demo) -> None:
    from epd.lca.indicators import Basis
    from epd.services import exchange
    from epd.web.pdf import printed
    from epd.web.pdf.typeset import STANDARD, TEMPLATE, _fonts

    declaration, numbers = demo.declaration, count()
    reference = declaration.reference
    content = printed.content(exchange.export_of(declaration, Basis.ECONOMIC))
    original = bytes(declaration.statement.envelope).decode()

    def ours() -> int:
        declaration.reference = f"{reference}-{next(numbers)}"  # else typst remembers the answer
        return len(exchange.write(declaration, "pdf").content)

    def typst_alone() -> object:
        changed = {**content, "foot": f"{next(numbers)}"}
        compiler = typst.Compiler(font_paths=_fonts(""), ignore_system_fonts=True)
        inputs = {"content": json.dumps(changed), "original": original}
        return compiler.compile(TEMPLATE, format="pdf", sys_inputs=inputs, pdf_standards=[STANDARD], timestamp=0)

    ratio = 1 / speed_ratio(ours, typst_alone, rounds=7)
    print(f"\na PDF of {ours() / 1e3:.0f} kB: {ratio:.2f} times typst alone (at most {MOST})")
    assert ratio <= MOST
