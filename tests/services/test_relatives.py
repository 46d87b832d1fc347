"""Parents and children of many lots, against a plain walk over the edges; nothing leaks about lots of others."""

from collections import defaultdict
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from tests.demo_chain import Demo
from traceability.models import Lot, LotAccess, LotEdge
from traceability.selectors import access, relatives
from traceability.selectors.access import Actor
from traceability.selectors.lineage import DOWN, UP
from traceability.selectors.relatives import BOTH, Asked, Line, Relatives
from traceability.services import clock

TODAY = clock.now().date


def lines(actor: Actor, lots: list[UUID], direction: str, depth: int | None) -> list[Line]:
    return list(Relatives(actor, Asked(tuple(lots), direction, depth), TODAY()).every())


def walked(direction: str) -> dict[UUID, dict[UUID, int]]:
    """The fewest steps from each lot to each other, lot by lot."""
    far: dict[UUID, list[UUID]] = defaultdict(list)
    for edge in LotEdge.objects.filter(voided=False):
        near, other = (edge.child_id, edge.parent_id) if direction == UP else (edge.parent_id, edge.child_id)
        far[near].append(other)
    found: dict[UUID, dict[UUID, int]] = {}
    for lot in Lot.objects.values_list("pk", flat=True):
        steps, wave = {lot: 0}, {lot}
        while wave:
            wave = {other for near in wave for other in far[near]} - steps.keys()
            steps |= dict.fromkeys(wave, max(steps.values()) + 1)
        found[lot] = {one: number for one, number in steps.items() if number}
    return found


@pytest.mark.parametrize("depth", [1, 2, None])
def test_rows_are_those_of_a_plain_walk(demo: Demo, depth: int | None) -> None:
    lots = list(Lot.objects.order_by("pk").values_list("pk", flat=True))
    actor, wanted = demo.actor("auditor"), walked(UP)
    found: dict[UUID, dict[UUID, int]] = defaultdict(dict)
    for line in lines(actor, lots, UP, depth):
        found[line.pair.lot][line.pair.other] = line.pair.depth
    for lot in lots:
        near = {one: steps for one, steps in wanted.get(lot, {}).items() if depth is None or steps <= depth}
        assert found[lot] == near


def test_a_row_says_step_mass_holder_and_state(demo: Demo) -> None:
    alloy = demo.lot("ALLOY-1")
    rows = {one.label: one for one in lines(demo.actor("auditor"), [alloy.pk], UP, 1)}
    assert rows.keys() == {"MET-NDPR", "MET-DY"}
    dysprosium = rows["MET-DY"]
    assert dysprosium.drawn_kg == Decimal(160)
    assert dysprosium.steps
    assert dysprosium.holder == demo.organisation("baltika").name
    assert not dysprosium.is_pending


def test_what_is_on_its_way_is_pending(demo: Demo, changing: None) -> None:
    magnet, nordwind = demo.lot("MAG-1"), demo.organisation("nordwind")
    Lot.objects.filter(pk=magnet.pk).update(
        state="in_transit", holder=demo.organisation("isarmagnet"), receiver=nordwind
    )
    LotAccess.objects.create(organisation=nordwind, lot=magnet, sees="customer")  # as every dispatch does
    [row] = [
        one for one in lines(demo.actor("isarmagnet"), [demo.lot("ALLOY-1").pk], DOWN, None) if one.other == magnet
    ]
    assert row.is_pending
    assert row.receiver == nordwind.name


def test_a_mine_sees_of_what_others_made_only_what_is_open_to_it(demo: Demo) -> None:
    mine = demo.actor("juniper-flat")
    seen = set(access.lots(mine, TODAY()).values_list("pk", flat=True))
    rows = lines(mine, [demo.lot("ORE-MP").pk], DOWN, None)
    assert rows
    assert {one.pair.other for one in rows} <= seen
    assert lines(mine, [demo.lot("ORE-MP").pk], BOTH, None) == rows


def test_masses_that_others_drew_are_withheld(demo: Demo) -> None:
    [first, *_] = lines(demo.actor("isarmagnet"), [demo.lot("MET-NDPR").pk], UP, 1)
    assert first.drawn_kg is None


def test_lots_are_named_by_number_id_or_urn_and_foreign_ones_as_if_they_were_not_there(demo: Demo) -> None:
    magnet, mine = demo.lot("MAG-1"), demo.actor("juniper-flat")
    own = demo.lot("ORE-MP")
    nobody = str(uuid4())
    words = [own.number.lower(), own.urn, str(magnet.pk), magnet.number, nobody, "nothing so"]
    found = relatives.found(mine, words, TODAY())
    assert found.lots == (own.pk,)
    assert found.unknown == (str(magnet.pk), magnet.number, nobody, "nothing so")


def test_what_went_into_a_lot_that_one_sees_may_be_asked_for_by_its_id(demo: Demo) -> None:
    buyer, ore = demo.actor("isarmagnet"), demo.lot("ORE-MP")
    assert relatives.found(buyer, [ore.urn], TODAY()).lots == (ore.pk,)
    assert relatives.found(buyer, [ore.number], TODAY()).lots == ()


def test_the_order_in_which_lots_are_asked_for_changes_no_row(demo: Demo) -> None:
    actor = demo.actor("auditor")
    lots = list(Lot.objects.order_by("pk").values_list("pk", flat=True))
    one_way, other_way = (lines(actor, given, UP, None) for given in (lots, lots[::-1]))
    assert {one.pair for one in one_way} == {one.pair for one in other_way}
    assert len(one_way) == len(other_way)
