"""Shares with bounds of the demonstration, against its expected answers; what one reads, and what one may not."""

from decimal import Decimal
from typing import Any

import pytest

from epd.demo import demonstration
from tests.demo_chain import Demo
from tests.web.pages import Page
from traceability.material.shares import SourceClass
from traceability.models import OpeningRule
from traceability.selectors import access
from traceability.selectors.origins import Followed, Origins, followed, origins
from traceability.services import clock

TODAY = clock.now().date
EXPECTED: Any = demonstration().expected
SHARES = {
    "Nd": {
        "ORE-MP": "0.528654201255",
        "ORE-MW": "0.284562669752",
        "SCRAP-EOL": "0.112069877396",
        "SCRAP-SWARF": "0.074713251597",
    },
    "Dy": {"ORE-MW": "0.316050484876", "SCRAP-EOL": "0.410369709074", "SCRAP-SWARF": "0.27357980605"},
}
"""docs/algorithms/lodestone-shares-1.md."""


def of(demo: Demo, who: str, lot: str, element: str) -> Origins:
    actor = demo.actor(who)
    return origins(actor, access.lot(actor, demo.lot(lot).pk, TODAY()), element, TODAY())


def where(demo: Demo, who: str, lot: str, element: str) -> Followed:
    actor = demo.actor(who)
    return followed(actor, access.lot(actor, demo.lot(lot).pk, TODAY()), element, TODAY())


@pytest.mark.parametrize("element", SHARES)
def test_shares_of_the_magnet_are_the_signed_ones_between_their_bounds(demo: Demo, element: str) -> None:
    found = of(demo, "auditor", "MAG-1", element)
    assert found.is_signed
    assert found.is_followed
    assert found.untold == 0
    shares = {one.lot.label: one.range for one in found.rows if one.lot and one.range.expected}
    assert {name: one.expected for name, one in shares.items()} == {
        name: Decimal(share) for name, share in SHARES[element].items()
    }
    for one in found.rows:
        assert one.range.expected is not None
        assert one.range.least - Decimal("1e-9") <= one.range.expected <= one.range.most + Decimal("1e-9")


@pytest.mark.parametrize("element", SHARES)
def test_what_is_computed_now_agrees_with_what_was_signed(demo: Demo, changing: None, element: str) -> None:
    maker = demo.organisation("isarmagnet")
    OpeningRule.objects.update_or_create(organisation=maker, group="result", defaults={"audience": "nobody"})
    found = of(demo, "auditor", "MAG-1", element)
    assert not found.is_signed
    assert found.rows
    for one in found.rows:
        if one.lot is not None:
            wanted = Decimal(SHARES[element].get(one.lot.label, "0"))
            assert abs((one.range.expected or 0) - wanted) < Decimal("1e-9")


def test_trails_name_the_country_of_each_step(demo: Demo) -> None:
    found = of(demo, "auditor", "MAG-1", "Nd")
    trails = {one.lot.label: one.trail for one in found.rows if one.lot}
    said = [(step.word, step.country) for step in trails["ORE-MW"]]
    assert said[0] == ("beneficiation", "AU")
    assert ("separation", "MY") in said
    assert said[-1][1] == "DE"


def test_post_and_pre_consumer_content_stand_apart(demo: Demo) -> None:
    found = of(demo, "auditor", "MAG-1", "Dy")
    assert found.share_of(SourceClass.POST_CONSUMER).expected == Decimal("0.410369709074")
    assert found.share_of(SourceClass.PRE_CONSUMER).expected == Decimal("0.27357980605")
    everything = found.share_of(*SourceClass)
    assert everything.expected == 1
    assert everything.least == everything.most == 1


def test_who_may_not_follow_the_history_sees_signed_shares_and_the_widest_bounds(demo: Demo) -> None:
    found = of(demo, "isarmagnet", "MET-NDPR", "Nd")
    assert found.untold > 0
    assert {(one.range.least, one.range.most) for one in found.rows} == {(Decimal(0), Decimal(1))}


@pytest.mark.parametrize(
    ("lot", "element"), [("ORE-MP", "Nd"), ("ORE-MW", "Dy"), ("SCRAP-EOL", "Nd"), ("MET-DY", "Dy")]
)
def test_what_entered_is_all_somewhere(demo: Demo, lot: str, element: str) -> None:
    for who in ("auditor", "juniper-flat", "redgum", "rheinkreis", "isarmagnet"):
        try:
            found = where(demo, who, lot, element).found
        except access.NotFound:
            continue
        if found is not None:
            assert found.entered_kg > 0
            assert abs(found.total_kg - found.entered_kg) < Decimal("1e-20")


def test_the_neodymium_of_an_ore_is_in_the_magnet_by_its_share(demo: Demo) -> None:
    found = where(demo, "auditor", "ORE-MP", "Nd").found
    assert found is not None
    magnet = of(demo, "auditor", "MAG-1", "Nd")
    [share] = [one.range.expected for one in magnet.rows if one.lot and one.lot.label == "ORE-MP"]
    assert magnet.element_kg is not None
    assert share is not None
    assert abs(found.now[demo.lot("MAG-1").urn] - magnet.element_kg * share) < Decimal("1e-6")


def test_a_mine_is_not_told_what_became_of_what_it_sold(demo: Demo) -> None:
    found = where(demo, "juniper-flat", "ORE-MP", "Nd").found
    assert found is not None
    assert sum(found.untold.values()) > 0
    assert demo.lot("MAG-1").urn not in found.now


def test_pages_csv_and_api_say_the_same(demo: Demo) -> None:
    client, magnet = demo.client("auditor"), demo.lot("MAG-1")
    html = client.get(f"/lots/{magnet.pk}/origin/?element=Nd").content.decode()
    assert Page(html).faults == []
    assert "ORE-MP" in html
    document = client.get(f"/api/v1/lots/{magnet.pk}/origin?element=Nd").json()
    assert document["sources"][0]["share"]["expected"] == "0.528654201255"
    assert document["post_consumer"]["expected"] == "0.112069877396"
    file: Any = client.get(f"/lots/{magnet.pk}/origin/?element=Nd&format=csv")
    assert "52.86542" in b"".join(file.streaming_content).decode()
    ore = demo.lot("ORE-MP")
    html = client.get(f"/lots/{ore.pk}/whereabouts/?element=Nd").content.decode()
    assert Page(html).faults == []
    document = client.get(f"/api/v1/lots/{ore.pk}/whereabouts?element=Nd").json()
    assert document["total_kg"] == document["entered_kg"]


def test_a_lot_that_one_may_not_see_does_not_exist(demo: Demo) -> None:
    client, magnet = demo.client("redgum"), demo.lot("MAG-1")
    for page in ("origin/?element=Nd", "whereabouts/"):
        assert client.get(f"/lots/{magnet.pk}/{page}").status_code == 404
    for call in ("origin", "whereabouts"):
        assert client.get(f"/api/v1/lots/{magnet.pk}/{call}?element=Nd").status_code == 404
        assert client.get(f"/api/v1/lots/{demo.lot('ORE-MW').pk}/{call}?element=Xx").status_code == 400
        assert client.get(f"/api/v1/lots/{demo.lot('ORE-MW').pk}/{call}").json()["element"] in ("Ce", "Nd")
