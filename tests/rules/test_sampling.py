"""Samples: the same for everybody, with the probabilities that are stated."""

import re
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceability.rules.sampling import Unit, draw, marked_count, rank

TEXT = (Path(__file__).parents[2] / "docs/algorithms/lodestone-sample-1.md").read_text(encoding="utf-8")


def units(marked: int, others: int) -> list[Unit]:
    names = [f"sha256:{sha256(str(number).encode()).hexdigest()}" for number in range(marked + others)]
    return [Unit(name, number < marked) for number, name in enumerate(names)]


def test_the_worked_example() -> None:
    """Five units of which two are marked, a sample of three."""
    rows = re.findall(r"^\| `(sha256:[0-9a-f]{64})` \| (yes|no) \| `([0-9a-f]{8})` \| (.*) \|$", TEXT, re.MULTILINE)
    [seed] = re.findall(r"^Seed: `(.*)`", TEXT, re.MULTILINE)
    found = [Unit(digest, marked == "yes") for digest, marked, _, _ in rows]
    assert len(found) == 5
    assert [rank(seed, one.digest).hex()[:8] for one in found] == [row[2] for row in rows]
    drawn = {one.unit.digest: f"{one.drawn} of {one.of}" for one in draw(found, size=3, seed=seed)}
    assert {row[0]: row[3] for row in rows if row[3] != "not drawn"} == drawn


def test_the_order_of_the_units_changes_nothing() -> None:
    found = units(5, 20)
    assert draw(found, size=8, seed="a") == draw(found[::-1], size=8, seed="a")


def test_another_seed_draws_others() -> None:
    found = units(5, 200)
    assert draw(found, size=8, seed="a") != draw(found, size=8, seed="b")


@pytest.mark.parametrize(
    ("marked", "others", "size", "expected"),
    [(2, 8, 4, 2), (2, 3, 3, 2), (10, 10, 4, 3), (100, 1, 5, 4), (1, 100, 2, 1), (10, 2, 11, 10), (3, 3, 6, 3)],
)
def test_marked_units_are_drawn_more_often(marked: int, others: int, size: int, expected: int) -> None:
    assert marked_count(marked, others, size) == expected


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 70), st.text(max_size=5))
def test_every_sample_keeps_its_promises(marked: int, others: int, size: int, seed: str) -> None:
    found = draw(units(marked, others), size=size, seed=seed)
    assert len(found) == min(size, marked + others) == len({one.unit for one in found})
    for one in found:
        assert 0 < one.drawn <= one.of
        same = [other for other in found if (other.drawn, other.of) == (one.drawn, one.of)]
        assert len(same) >= one.drawn
    if size >= 2 and marked and others:
        assert {one.unit.marked for one in found} == {True, False}


def test_each_unit_of_a_stratum_is_drawn_as_often_as_stated() -> None:
    """2 of 8 over 2,000 seeds: each is drawn in a quarter of them, within four standard deviations."""
    found, seeds = units(0, 8), 2000
    counts = dict.fromkeys(found, 0)
    for seed in range(seeds):
        for one in draw(found, size=2, seed=str(seed)):
            counts[one.unit] += 1
    deviation = (seeds * 0.25 * 0.75) ** 0.5
    assert all(abs(count - seeds / 4) < 4 * deviation for count in counts.values())
