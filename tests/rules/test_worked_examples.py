"""The examples of docs/rules.md, one for each rule function."""

import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.rules.chains import answer, rule_set
from traceability.rules.activities import activity_of
from traceability.rules.evaluating import FUNCTIONS
from traceability.rules.facts import Chain, Dispatch, LotFacts, Making, Step
from traceability.rules.trails import source_shares, trails_of

TEXT = (Path(__file__).parents[2] / "docs/rules.md").read_text(encoding="utf-8")
EXAMPLES = {
    name: json.loads(block)
    for name, block in re.findall(r"### (\w+)\n(?:(?!###).)*?```json\n(.*?)```", TEXT, re.DOTALL)
}


def making(row):
    steps = [one.split(" ") for one in row.get("steps", ())]
    drawn = {parent: Decimal(kg) for parent, kg in row.get("in", {}).items()}
    return Making(
        row["lot"], row["lot"], row["stage"], "Maker", date(2026, 1, 1),
        tuple(Step(word, activity_of(word, row["stage"]), country) for word, country in steps),
        row.get("origin", ""), row.get("country", ""),
        contents={one: Decimal(pct) for one, pct in row["contents"].items()}, mass_kg=Decimal(100),
        parents=tuple(drawn), drawn_kg=drawn, statement=row["lot"], site="site",
        custody_model=row.get("model", ""),
    )  # fmt: skip


def facts(example):
    makings = {row["lot"]: making(row) for row in example["lots"]}
    sent = {
        row["lot"]: (Dispatch(row["lot"], date.fromisoformat(one["day"]), one["from"], one["to"], ""),)
        for row in example["lots"]
        if (one := row.get("sent"))
    }
    lot = example["ask"]["lot"]
    return LotFacts(lot, Chain(makings, sent), source_shares(trails_of(makings)[lot]))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_example_of(name):
    example = EXAMPLES[name]
    asked = example["ask"]["rule_set"]
    assert rule_set(asked).function == name
    for day, expected in example["answers"].items():
        found = answer(facts(example), asked, date.fromisoformat(day))
        assert found.outcome == expected["answer"]
        if "trail" in expected:
            said = [f"{one.label}: {one.activity} {one.country} ({', '.join(one.elements)})" for one in found.trail]
            assert said == expected["trail"]
        if "missing" in expected:
            assert [f"{one.label}: {one.sentence}" for one in found.missing] == expected["missing"]
        figures = {f"{one.element} {one.what} {one.country}".strip(): one.share for one in found.figures}
        for figure, share in expected.get("figures", {}).items():
            assert figures[figure] == (None if share is None else Decimal(share))
