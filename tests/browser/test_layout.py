"""How pages are laid out: no list of words is pushed aside on a phone, and what belongs together stands on one line."""

from typing import TYPE_CHECKING

import pytest

from tests.browser.visitor import Variant
from tests.documents.samples import REAL_XML, sample

if TYPE_CHECKING:
    from tests.browser.visitor import Visit, Visitor
    from tests.demo_chain import Demo

pytestmark = pytest.mark.browser
phone = pytest.mark.parametrize("variant", [Variant(390, False)], ids=["plain-phone"])
BEYOND = """() => [...document.querySelectorAll("main :is(td, th, li)")].filter(one => !one.closest(".vh, nav"))
    .filter(one => one.getBoundingClientRect().right > innerWidth).map(one => one.textContent.trim().slice(0, 60))"""
GAP = """one => one.nextElementSibling.getBoundingClientRect().top - one.getBoundingClientRect().bottom"""


@pytest.fixture
def maker(visit: "Visit") -> "Visitor":
    return visit("isarmagnet")


@phone
def test_the_report_on_an_epd(visitors: "Visit") -> None:
    reader = visitors().go("/verify/epd/")
    reader.page.set_input_files("[name=file]", sample(REAL_XML[2]))
    reader.press("Check").reads("The total is not the sum of its parts.", "2.82 %")
    assert reader.page.evaluate(BEYOND) == []


@phone
def test_two_lots_side_by_side(maker: "Visitor", chain: "Demo") -> None:
    maker.go(f"/lots/compare/?a={chain.ids['MAG-1']}&b={chain.ids['ALLOY-1']}").reads("Not enough data")
    assert maker.page.evaluate(BEYOND) == []


@phone
def test_links_keep_their_distance_from_the_picture_below(maker: "Visitor", chain: "Demo") -> None:
    maker.go(f"/lots/{chain.ids['MAG-1']}/")
    assert maker.page.locator("#graph + p").evaluate(GAP) >= 8


@phone
def test_what_is_said_below_an_empty_list_keeps_its_distance(maker: "Visitor") -> None:
    maker.go("/material-accounts/claims/").reads("Credits count the oldest first")
    assert maker.page.locator(".empty").evaluate(GAP) >= 8


@pytest.mark.parametrize("variant", [Variant(1280, True)], ids=["desk"])
def test_fields_side_by_side_stand_on_one_line(maker: "Visitor") -> None:
    """Though one of them has a hint, or says what it understood."""
    maker.begin("Record a step").fill(process__0__step="sawing", occurred_from="2026-11-01 08:00").go_on()
    maker.go(maker.page.url.replace("/inputs/", "/losses/")).fill(losses__0__mass_kg="1,5").shows("1.5")
    tops = [maker.page.locator(f"[name=losses-0-{one}]").bounding_box()["y"] for one in ("kind", "mass_kg")]
    assert tops[0] == pytest.approx(tops[1], abs=1)
