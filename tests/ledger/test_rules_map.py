"""docs/formats/rules.md names code and tests that there are."""

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"`([a-z0-9_/]+\.py):(\w+)`")
PAGE = (ROOT / "docs/formats/rules.md").read_text(encoding="utf-8")


@cache
def source(folder: str, file: str) -> str:
    return (ROOT / folder / file).read_text(encoding="utf-8")


def is_defined(folder: str, file: str, name: str) -> bool:
    return re.search(rf"^\s*(?:def|class) {name}\b|^{name}\b.*=", source(folder, file), re.MULTILINE) is not None


@pytest.mark.parametrize("file", sorted({file for file, _ in NAMED.findall(PAGE)}))
def test_every_name_of_the_map_is_defined(file: str) -> None:
    folder = "tests" if Path(file).name.startswith("test_") else "traceability"
    for other, name in NAMED.findall(PAGE):
        if other == file:
            assert is_defined(folder, file, name), name


def test_every_rule_has_code_and_a_test() -> None:
    rows = [line.strip("|").split("|") for line in PAGE.splitlines() if line.startswith("|")]
    for rule, code, tests in rows:
        if rule.strip() in ("rule", "---") or code.strip() == "left out: optional":
            continue
        assert NAMED.search(code), rule
        assert NAMED.search(tests), rule
        assert all(Path(file).name.startswith("test_") for file, _ in NAMED.findall(tests)), rule
