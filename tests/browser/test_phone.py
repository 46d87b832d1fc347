"""What a phone of 390 px shows whole: no list of words is pushed aside, and words keep their distance from a box."""

from typing import TYPE_CHECKING

import pytest

from tests.browser.visitor import Variant
from tests.documents.samples import REAL_XML, sample

if TYPE_CHECKING:
    from tests.browser.visitor import Visit, Visitor
    from tests.demo_chain import Demo

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("variant", [Variant(390, False)], ids=["plain-phone"])]
BEYOND = """() => [...document.querySelectorAll("main :is(td, th, li)")].filter(one => !one.closest(".vh, nav"))
    .filter(one => one.getBoundingClientRect().right > innerWidth).map(one => one.textContent.trim().slice(0, 60))"""
GAP = """one => one.nextElementSibling.getBoundingClientRect().top - one.getBoundingClientRect().bottom"""


@pytest.fixture
def maker(visit: "Visit") -> "Visitor":
    return visit("isarmagnet")


def test_the_report_on_an_epd(visitors: "Visit") -> None:
    reader = visitors().go("/verify/epd/")
    reader.page.set_input_files("[name=file]", sample(REAL_XML[2]))
    reader.press("Check").reads("The total is not the sum of its parts.", "2.82 %")
    assert reader.page.evaluate(BEYOND) == []


def test_two_lots_side_by_side(maker: "Visitor", chain: "Demo") -> None:
    maker.go(f"/lots/compare/?a={chain.ids['MAG-1']}&b={chain.ids['ALLOY-1']}").reads("Not enough data")
    assert maker.page.evaluate(BEYOND) == []


def test_what_is_said_below_an_empty_list_keeps_its_distance(maker: "Visitor") -> None:
    maker.go("/material-accounts/claims/").reads("Credits count the oldest first")
    assert maker.page.locator(".empty").evaluate(GAP) >= 8
