"""A country has one colour on all pages about a lot."""

import re

import pytest

from tests.demo_chain import Demo
from traceability.web import countries

LANDS = {countries.name(code) for code in ("US", "AU", "MY", "EE", "DE")}
LEGEND = re.compile(r'<rect class="(c-[0-9x])"[^>]*/></svg><span>(?:Mined, )?([^<]*)</span>')
BAR = re.compile(r'<span>(?:[^<]*, )?([^<,]*)</span><svg aria-hidden="true" height="16"><rect class="track"[^>]*/>'
                 r'<rect class="(c-[0-9x])"')  # fmt: skip


def painted(html: str) -> set[tuple[str, str]]:
    """Countries with their colours, in legends and beside bars."""
    found = {(land, paint) for paint, land in LEGEND.findall(html)} | set(BAR.findall(html))
    return {(land, paint) for land, paint in found if land in LANDS}


def pages(demo: Demo) -> list[tuple[str, str]]:
    lot, declaration = f"/lots/{demo.ids['MAG-1']}/", f"/d/{demo.declaration.reference}"
    of_lot = [lot, f"{lot}?element=mass", f"{lot}?direction=both&depth=2", f"{lot}origin/", f"{lot}origin/?element=Dy"]
    return [*(("isarmagnet", one) for one in of_lot), ("isarmagnet", declaration), ("", declaration)]


def test_all_pages_about_a_lot_paint_a_country_alike(demo: Demo) -> None:
    found = {(who, address): painted(demo.client(who).get(address).content.decode()) for who, address in pages(demo)}
    assert all(len(one) > 1 for one in found.values())
    together = set().union(*found.values())
    assert {land for land, _ in together} == LANDS
    assert len(together) == len(LANDS) == len({paint for _, paint in together})


@pytest.mark.parametrize("lot", ["ALLOY-1", "OX-NDPR-BLEND"])
def test_also_where_the_history_is_another(demo: Demo, lot: str) -> None:
    address = f"/lots/{demo.ids[lot]}/"
    found = [painted(demo.client("baltika").get(one).content.decode()) for one in (address, f"{address}origin/")]
    assert all(found)
    assert len({land for land, _ in found[0] | found[1]}) == len(found[0] | found[1])
