"""How far a headline may lie off, as each reader sees it: on the page, by API, printed, and of two declarations."""

from decimal import Decimal

import pytest

from epd.lca.indicators import HEADLINE, Basis
from epd.selectors import declarations, stages
from epd.services.uncertainty import compared, spread_of
from tests.demo_chain import Demo
from tests.web.test_lot_pages import read, words
from traceability.web.acting import today

pytestmark = pytest.mark.django_db


def spread(demo: Demo, who: str):
    actor = demo.actor(who) if who else None
    body = declarations.told(demo.declaration, actor, today()).body
    return spread_of(demo.declaration, body, stages.chain_seen(actor, demo.declaration.lot, today()))


@pytest.mark.parametrize("who", ["", "isarmagnet", "auditor", "nordwind", "baltika"])
def test_the_parts_of_each_reader_sum_to_the_headline(demo: Demo, who: str) -> None:
    found = spread(demo, who)
    for basis, headline in ((Basis.ECONOMIC, 27.425316085576), (Basis.MASS, 14.605962648276)):
        assert sum(part.whole for part in found.parts[basis]) == pytest.approx(headline, rel=1e-9)
        assert all(part.rest >= 0 for part in found.parts[basis])


def test_more_is_drawn_by_factor_for_whom_more_is_open(demo: Demo) -> None:
    shares = [spread(demo, who).bands()[Basis.ECONOMIC].by_factor for who in ("", "isarmagnet", "auditor")]
    assert shares[0] == 0
    assert shares[0] < shares[1] < shares[2]
    assert shares[2] > Decimal("0.99")


def test_a_factor_of_several_makers_is_one_row(demo: Demo) -> None:
    found = spread(demo, "auditor")
    users = [part.maker for part in found.parts[Basis.ECONOMIC] if "freight.road-hgv.desnz-2025" in part.by_factor]
    assert len(users) > 1
    names = [one.name for one in found.bands()[Basis.ECONOMIC].moved]
    assert names.count("freight.road-hgv.desnz-2025") == 1


def test_the_page_and_the_api_say_the_same(demo: Demo) -> None:
    page = f"/d/{demo.declaration.reference}"
    text = words(read(demo, "", page))
    answer = demo.client("").get(f"/api/v1/declarations/{demo.declaration.reference}/uncertainty").json()
    assert answer["algorithm"] == "lodestone-uncertainty/1"
    economic = next(one for one in answer["bands"] if one["basis"] == "economic")
    assert economic["by_factor"] == "0"
    assert {one["factor"] for one in economic["moved_by"]} == {"rest", "measured", "estimated"}
    low = next(one["value"] for one in economic["percentiles"] if one["percent"] == "2.5")
    assert f'data value="{low}"' in read(demo, "", page)
    assert "All that is not open to you by factor" in text
    assert "assumed deviations of factors and amounts" in text


def test_causes_that_are_closed_are_not_named_in_a_band(demo: Demo) -> None:
    assert "Grid electricity" not in words(read(demo, "", f"/d/{demo.declaration.reference}"))
    answer = demo.client("nordwind").get(f"/api/v1/declarations/{demo.declaration.reference}/uncertainty")
    assert b"grid." not in answer.content


def test_a_declaration_is_never_below_itself(demo: Demo) -> None:
    one = spread(demo, "auditor")
    assert {row.share for row in compared([one, one])} == {Decimal(0)}
    assert {row.basis for row in compared([one, one])} == set(Basis)


def test_what_has_no_headline_has_no_band(demo: Demo) -> None:
    body = dict(declarations.told(demo.declaration, None, today()).body)
    body["bases"] = [{**one, "indicators": [row for row in one["indicators"] if row["indicator"] != HEADLINE]}
                     for one in body["bases"]]  # fmt: skip
    assert spread_of(demo.declaration, body).parts == {}
