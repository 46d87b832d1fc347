"""Rule sets are files with sources and dates."""

import json
from datetime import date

import pytest

from tests.rules.chains import rule_set
from traceability.rules.catalogue import FOLDER
from traceability.rules.rule_set import BadRuleSet, parse_rule_set

GOOD = json.loads((FOLDER / "us-dfars-252-225-7052.json").read_bytes())


@pytest.mark.parametrize("name", sorted(one.stem for one in FOLDER.glob("*.json")))
def test_the_name_of_the_file_is_the_id(name):
    found = rule_set(name)
    assert found.id == name
    assert found.digest.startswith("sha256:")
    assert all(one.text and one.status in ("read", "secondary", "recalled", "not_found") for one in found.sources)
    assert found.not_decided


def test_the_version_of_a_day():
    found = parse_rule_set(json.dumps(GOOD).encode())
    days = (date(2020, 1, 1), date(2026, 12, 31), date(2027, 1, 1), date(2040, 1, 1))
    assert [found.version_on(one).version for one in days] == ["1", "1", "2", "2"]
    assert [one.version for one in found.later_than(date(2026, 12, 31))] == ["2"]


@pytest.mark.parametrize(
    "broken",
    [
        {"sources": []},
        {"versions": []},
        {"versions": [GOOD["versions"][1], GOOD["versions"][0]]},
        {"versions": [GOOD["versions"][0], GOOD["versions"][1] | {"from": "2026-12-31"}]},
        {"versions": [GOOD["versions"][0] | {"status": "perhaps"}]},
        {"versions": [GOOD["versions"][0] | {"until": "2026"}]},
        {"sources": ["a book"]},
        {"title": None} | {"versions": None},
    ],
)
def test_what_is_no_rule_set_is_refused(broken):
    with pytest.raises(BadRuleSet):
        parse_rule_set(json.dumps(GOOD | broken).encode())


def test_another_byte_is_another_digest():
    content = json.dumps(GOOD).encode()
    assert parse_rule_set(content).digest != parse_rule_set(content + b"\n").digest
