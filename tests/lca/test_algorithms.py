"""The published texts: their digests stand in every result, and the figures in them are those that the code gives."""

import csv
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from epd.demo import demonstration
from epd.factors.characterisation import NAMES
from epd.lca import algorithms
from epd.lca.allocation import printed_shares
from epd.lca.indicators import HEADLINE, INDICATORS, Basis
from tests.lca.demo_run import DemoRun, run
from tests.standards import standards_path
from traceability.ledger.kinds import declarations
from traceability.ledger.quantity import format_computed

TEXTS = Path(__file__).parents[2] / "docs" / "algorithms"
EXPECTED: Any = demonstration().expected


def text_of(name: str) -> str:
    return (TEXTS / f"{name.replace('/', '-')}.md").read_text(encoding="utf-8")


def flat(name: str) -> str:
    """The text in one line, as figures may stand across a line's end."""
    return " ".join(text_of(name).split())


@pytest.fixture(scope="module")
def chain() -> DemoRun:
    return run()


_BESIDE = {**algorithms.OF_PERIODS, **algorithms.OF_BANDS}


@pytest.mark.parametrize("name", sorted(_BESIDE))
def test_the_texts_of_periods_and_bands_are_those_that_are_named(name: str) -> None:
    assert _BESIDE[name] == f"sha256:{sha256(text_of(name).encode()).hexdigest()}"


@pytest.mark.parametrize("name", sorted(algorithms.TEXTS))
class TestTexts:
    def test_digest(self, name):
        data = (TEXTS / f"{name.replace('/', '-')}.md").read_bytes()

        assert algorithms.TEXTS[name] == f"sha256:{sha256(data).hexdigest()}"
        assert b"\r" not in data

    def test_each_repeats_what_is_common(self, name):
        common = text_of("lodestone-rollup/1").split("## Common")[1].split("## Sources")[0]

        assert common in text_of(name)
        assert all(f"`{indicator}`" in common for indicator in INDICATORS)

    def test_each_is_named_in_a_result(self, name):
        assert {"id": name, "text": algorithms.TEXTS[name]} in algorithms.references()


def test_rollup_text_holds_the_worked_figures(chain):
    text = flat("lodestone-rollup/1")

    for basis in ("economic", "mass"):
        assert all(value in text for value in EXPECTED["gwp_ghg"][basis].values())
        assert EXPECTED["gwp_ghg_swarf_as_co_product"][basis] in text
        assert all(value in text for value in EXPECTED["steps"]["EV-02"][basis].values())
        assert all(value in text for value in EXPECTED["steps"]["EV-07"][basis].values())
    assert EXPECTED["steps"]["EV-02"]["h_a3"] in text


def test_allocation_text_holds_the_printed_shares(chain):
    text = flat("lodestone-allocation/1")

    for basis in Basis:
        shares = printed_shares(chain.solved["EV-02"].weights[basis])
        assert all(format_computed(share) in text for share in shares.values())


def test_completeness_text_holds_the_sums(chain):
    text = flat("lodestone-completeness/1")

    for result in chain.results["MAG-1"].bases.values():
        assert format_computed(result.per_kg["mass_total",]) in text
        assert format_computed(result.per_kg["mass_covered", HEADLINE]) in text
        assert format_computed(result.gaps[HEADLINE].mass) in text


def test_shares_text_holds_the_shares(chain):
    text = flat("lodestone-shares/1")
    shares = chain.results["MAG-1"].shares

    assert shares is not None
    for table in (*shares.elements.values(), shares.totals, shares.classes, shares.countries):
        assert all(format_computed(share) in text for share in table.values())


def test_record_knows_the_same_indicators_and_reasons():
    assert set(INDICATORS) == set(declarations.INDICATORS)
    assert set(Basis) == set(declarations.BASES)


def test_units_are_those_of_the_official_package():
    with standards_path("epd/indicator_crosswalk.csv").open(encoding="utf-8", newline="") as file:
        units = {row["code"]: row["en15804_unit"] for row in csv.DictReader(file)}

    ours = {theirs: INDICATORS[name] for theirs, name in NAMES if name != "adpf"}
    assert {theirs: units[theirs] for theirs in ours} == ours
    assert units["ADPF"].startswith(INDICATORS["adpf"])


def test_the_core_needs_no_framework():
    names = ("allocation", "bodies", "burdens", "chain", "completeness", "contributions", "exchanges", "factors")
    more = ("inputs", "rollup", "result", "share_tables", "shares", "algorithms", "systems", "loops", "uncertainty")
    modules = [f"epd.lca.{name}" for name in (*names, *more)] + ["epd.rules.declared", "epd.rules.profiles"]
    code = f"""
import sys
for blocked in ("django", "rest_framework", "celery"):
    sys.modules[blocked] = None
import {", ".join(modules)}
"""

    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])
