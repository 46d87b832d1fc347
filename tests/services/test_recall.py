"""Everything made of a lot: whom to tell, what is where, and that nobody learns of what others keep to themselves."""

from typing import Any

from tests.demo_chain import Demo
from tests.web.pages import Page
from traceability.models import Lot, LotAccess
from traceability.selectors import access
from traceability.selectors.recall import Recall, Where, recall
from traceability.services import clock

TODAY = clock.now().date


def of(demo: Demo, who: str, lot: str) -> Recall:
    actor = demo.actor(who)
    return recall(actor, access.lot(actor, demo.lot(lot).pk, TODAY()), TODAY())


def test_the_auditor_sees_the_magnet_made_of_the_ore_and_its_holder(demo: Demo) -> None:
    found = of(demo, "auditor", "ORE-MP")
    labels = {one.label: one for one in found.lots}
    assert {"ORE-MP", "MAG-1", "ALLOY-1"} <= labels.keys()
    assert labels["MAG-1"].told == (demo.organisation("isarmagnet").pk,)
    assert demo.organisation("isarmagnet").pk in {one.organisation for one in found.parties}
    assert labels["ORE-MP"].where is Where.USED_UP
    assert labels["ORE-MP"].mass_kg == 0


def test_a_mine_tells_whom_it_sent_to_and_learns_nothing_beyond(demo: Demo) -> None:
    found = of(demo, "juniper-flat", "ORE-MP")
    handed = [one for one in found.lots if one.where is Where.HANDED_ON]
    assert handed
    assert all(one.told == (demo.organisation("baltika").pk,) for one in handed)
    seen = set(access.lots(demo.actor("juniper-flat"), TODAY()).values_list("pk", flat=True))
    assert {one.lot.pk for one in found.lots} <= seen
    names = {one.name for one in found.parties}
    assert demo.organisation("isarmagnet").name not in names


def test_what_the_next_holder_hands_on_changes_nothing_for_the_mine(demo: Demo, changing: None) -> None:
    before = of(demo, "juniper-flat", "ORE-MP")
    handed = next(one for one in before.lots if one.where is Where.HANDED_ON)
    elsewhere = demo.organisation("isarmagnet")
    Lot.objects.filter(pk=handed.lot.pk).update(holder=elsewhere)
    LotAccess.objects.create(organisation=elsewhere, lot_id=handed.lot.pk, sees="party")
    after = of(demo, "juniper-flat", "ORE-MP")
    assert [one.told for one in after.lots] == [one.told for one in before.lots]


def test_what_is_on_its_way_concerns_both_sides_and_what_left_none_but_the_sender(demo: Demo, changing: None) -> None:
    nordwind, isar = demo.organisation("nordwind"), demo.organisation("isarmagnet")
    magnet = demo.lot("MAG-1")
    Lot.objects.filter(pk=magnet.pk).update(state="in_transit", receiver=nordwind)
    assert of(demo, "isarmagnet", "MAG-1").lots[0].told == (isar.pk, nordwind.pk)
    Lot.objects.filter(pk=magnet.pk).update(receiver=None)
    [gone] = of(demo, "isarmagnet", "MAG-1").lots
    assert gone.where is Where.LEFT


def test_page_csv_and_api_say_the_same(demo: Demo) -> None:
    client, ore = demo.client("auditor"), demo.lot("ORE-MP")
    answer = client.get(f"/lots/{ore.pk}/recall/")
    html = answer.content.decode()
    assert Page(html).faults == []
    assert "MAG-1" in html
    file: Any = client.get(f"/lots/{ore.pk}/recall/?format=csv")
    rows = b"".join(file.streaming_content).decode().splitlines()
    document = client.get(f"/api/v1/lots/{ore.pk}/recall?limit=200").json()
    assert len(rows) - 1 == len(document["lots"])
    first = client.get(f"/api/v1/lots/{ore.pk}/recall?limit=1").json()
    rest = client.get(f"/api/v1/lots/{ore.pk}/recall?limit=200&cursor={first['next']}").json()
    assert first["lots"] + rest["lots"] == document["lots"]
    parties = {one["organisation"]["urn"] for one in document["parties"]}
    assert {urn for one in document["lots"] for urn in one["tell"]} == parties


def test_an_outsider_is_told_that_there_is_no_such_lot(demo: Demo) -> None:
    assert demo.client("redgum").get(f"/lots/{demo.lot('MAG-1').pk}/recall/").status_code == 404
    assert demo.client("redgum").get(f"/api/v1/lots/{demo.lot('MAG-1').pk}/recall").status_code == 404
