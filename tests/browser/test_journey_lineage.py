"""Following lots: the table of parents and children of many, the recall view, where an element is from and is now."""

import csv
import io

import pytest

from tests.browser.visitor import Visit, Visitor, in_variants
from tests.demo_chain import Demo

pytestmark = [pytest.mark.browser, in_variants("desk", "plain-phone")]


@pytest.fixture
def claire(visit: Visit) -> Visitor:
    """The auditor."""
    return visit("auditor")


def test_a_pasted_column_becomes_a_table_and_a_file(claire: Visitor, chain: Demo) -> None:
    claire.go("/lots/").follow("Parents and children")
    claire.page.locator("main [name=lots]").fill("MAG-1\nALLOY-1\nnobody's lot")
    claire.choose("direction", "What went into them").choose("depth", "All").press("Show")
    claire.reads(
        "2 lots asked for", "ORE-MP", "SCRAP-EOL", "There is no such lot, or it is not yours to see: nobody's lot"
    )
    rows = list(csv.DictReader(io.StringIO(claire.save("CSV").decode())))
    assert {row["Asked for"] for row in rows} == {"MAG-1", "ALLOY-1"}
    assert claire.save("XLSX")[:2] == b"PK"


def test_from_an_ore_to_whom_to_tell_and_back_to_the_share(claire: Visitor, chain: Demo) -> None:
    claire.go(f"/lots/{chain.ids['ORE-MP']}/").follow("Everything made of it, and whom to tell")
    claire.reads("Whom to tell", "Isarmagnet", "Baltika Metals", "MAG-1").follow("MAG-1")
    claire.choose("element", "Neodymium").press("Show").follow("With bounds, trail and recycled content")
    claire.reads("Where the neodymium of MAG-1 is from", "52.9 %", "At least", "post-consumer", "separation")
    claire.follow("ORE-MP").follow("Where it is now").choose("element", "Neodymium").press("Show")
    claire.reads("100 %: nothing is left over", "There now", "Lost in a step")


def test_the_graph_goes_both_ways(claire: Visitor, chain: Demo) -> None:
    claire.go(f"/lots/{chain.ids['ALLOY-1']}/").choose("direction", "Both").choose("depth", "1").press("Show")
    claire.page.locator("main").get_by_text("The same as a table").first.click()
    table = claire.page.locator("details[open] table").first.inner_text()
    assert "MAG-1" in table
    assert "MET-DY" in table
    assert "ORE-MP" not in table


def test_the_rules_answer_for_a_day_with_the_trail_that_decided(visit: Visit, chain: Demo) -> None:
    maker = visit("isarmagnet").go(f"/lots/{chain.ids['MAG-1']}/rules/?as_of=2026-11-22")
    maker.reads("Passes rule set us-dfars-252-225-7052, version 1, as of 22 Nov 2026.")
    maker.reads("dysprosium", "not declared, which is not zero")
    assert len(maker.save("CSV").splitlines()) > 10
    maker.follow("The rule sets and their sources").reads("DFARS 252.225-7052", "It is no legal advice")
