"""What went into the lots of the demonstration, against a plain walk over every path."""

from collections import defaultdict
from decimal import Decimal
from uuid import UUID

from tests.demo_chain import Demo
from traceability.models import Lot, LotEdge
from traceability.selectors.lineage import DOWN, UP, Lineage, lineage, source_shares


def edges() -> dict[UUID, list[LotEdge]]:
    """The rows that lead up from each lot."""
    above: dict[UUID, list[LotEdge]] = defaultdict(list)
    for edge in LotEdge.objects.filter(voided=False):
        above[edge.child_id].append(edge)
    return above


def walked(lot: UUID, share: Decimal, above: dict[UUID, list[LotEdge]], found: dict[UUID, Decimal]) -> None:
    """Adds up, path by path, the share of each source."""
    rows = above.get(lot, [])
    if not rows:
        found[lot] += share
    drawn = sum(row.mass_kg for row in rows)
    for row in rows:
        walked(row.parent_id, share * row.mass_kg / drawn, above, found)


def positions(found: Lineage) -> dict[UUID, int]:
    return {lot: place for place, lot in enumerate([found.lot, *found.lots()])}


def test_the_shares_of_the_sources_are_those_of_all_paths(demo: Demo) -> None:
    above = edges()
    for lot in Lot.objects.values_list("pk", flat=True):
        wanted: dict[UUID, Decimal] = defaultdict(Decimal)
        walked(lot, Decimal(1), above, wanted)
        shares = source_shares(lineage(lot, UP))
        assert shares.keys() == wanted.keys()
        assert all(abs(shares[one] - wanted[one]) < Decimal("1e-24") for one in wanted)


def test_each_lot_stands_once_and_after_all_that_are_nearer(demo: Demo) -> None:
    for lot in Lot.objects.values_list("pk", flat=True):
        up, down = positions(lineage(lot, UP)), positions(lineage(lot, DOWN))
        for edge in LotEdge.objects.filter(voided=False):
            if edge.child_id in up:
                assert up[edge.child_id] < up[edge.parent_id]
            if edge.parent_id in down:
                assert down[edge.parent_id] < down[edge.child_id]
        assert len(up) == len(lineage(lot, UP)) + 1
