"""The pages on bundles and answers name every code that the verifier finds by itself."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = re.compile(r'\b(?:invalid|incomplete|warning|note|say)\(\s*"([a-z_]+)"')


def test_every_code_stands_on_the_page():
    pages = [ROOT / "docs/formats" / name for name in ("bundle.md", "answer.md")]
    page = "".join(one.read_text(encoding="utf-8") for one in pages)
    sources = [*(ROOT / "traceability/verifier").glob("*.py"), *(ROOT / "epd/verifier").glob("*.py")]
    found = {code for source in sources for code in CODE.findall(source.read_text(encoding="utf-8"))}
    assert len(found) > 40
    assert not {code for code in found if f"`{code}`" not in page} - {"signed_in_compromise_window_confirmed_by"}
