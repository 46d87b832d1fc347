"""Suppliers as their buyer sees them: numbers out of the record, and the deliveries behind them."""

import re
from datetime import date
from decimal import Decimal

import pytest

from tests.demo_chain import Demo
from tests.web.test_lot_pages import read, words
from tests.web.test_rule_pages import rows
from traceability.selectors import suppliers

PERIOD = "?since=2026-01-01&until=2026-12-31"
YEAR = (date(2026, 1, 1), date(2026, 12, 31), date(2026, 11, 22))


def test_the_metal_maker_sees_its_three_suppliers_computed(demo: Demo) -> None:
    found = {one.name: one.measures for one in suppliers.suppliers(demo.actor("baltika"), *YEAR)}
    assert {name: one.deliveries for name, one in found.items()} == {
        "Juniper Flat Rare Earths": 1, "Rheinkreis Recycling": 2, "Selat Separation": 2,
    }  # fmt: skip
    mine = found["Juniper Flat Rare Earths"]
    assert (mine.source_country, mine.source_share) == ("US", Decimal(1))
    assert mine.difference_pct is not None
    assert mine.difference_pct < Decimal("0.05")
    assert found["Rheinkreis Recycling"].source_share is None


def test_the_page_leads_to_the_deliveries(demo: Demo) -> None:
    page = read(demo, "isarmagnet", "/suppliers/" + PERIOD)
    text = words(page)
    assert "Baltika Metals" in text
    link = re.search(r'href="(/suppliers/[0-9a-f-]{36}/)', page)
    assert link is not None
    evidence = words(read(demo, "isarmagnet", link[1] + PERIOD))
    assert "ALLOY-1" in evidence
    assert "Within the tolerance" in evidence
    assert read(demo, "isarmagnet", "/suppliers/?since=2026-12-01&until=2026-12-31").count("<tbody>") == 0


def test_both_tables_are_files_too(demo: Demo) -> None:
    [line] = rows(demo, "isarmagnet", "/suppliers/" + PERIOD)
    assert (line["Supplier"], line["Deliveries"]) == ("Baltika Metals", "1")
    [delivery] = rows(demo, "isarmagnet", f"/suppliers/{demo.organisation('baltika').pk}/{PERIOD}")
    assert delivery["Lot"] == "ALLOY-1"
    assert delivery["Missing"] == "declaration"


@pytest.mark.parametrize("who", ["nordwind", "selat"])
def test_from_whom_nothing_came_is_not_there(demo: Demo, who: str) -> None:
    assert demo.client(who).get(f"/suppliers/{demo.organisation('baltika').pk}/{PERIOD}").status_code == 404


def test_a_program_reads_the_same(demo: Demo) -> None:
    client = demo.client("isarmagnet")
    [found] = client.get("/api/v1/suppliers" + PERIOD).json()
    assert found["name"] == "Baltika Metals"
    one = client.get(found["link"] + PERIOD).json()
    assert one["measures"] == found["measures"]
    assert [each["label"] for each in one["deliveries"]] == ["ALLOY-1"]
    assert client.get("/api/v1/suppliers?since=2026-02-01&until=2026-01-01").status_code == 400
