"""Long chains and ladders of diamonds cost what their lots cost, not what their paths do."""

import time
import uuid
from collections.abc import Iterable, Sequence
from decimal import Decimal

import pytest

from traceability.models import Lot, LotAccess, LotEdge, Organisation, Statement
from traceability.selectors.access import Actor
from traceability.selectors.lineage import UP, lineage, source_shares
from traceability.selectors.recall import recall
from traceability.selectors.relatives import BOTH, Asked, Relatives
from traceability.services import clock
from traceability.services.organisations import on_behalf_of

MOST_S = 1.0
Pairs = Iterable[tuple[int, int]]


def made(count: int, pairs: Pairs) -> tuple[Actor, Sequence[Lot]]:
    """An organisation that made so many lots, each pair of which a step joins."""
    now, kg = clock.now(), Decimal(100)
    maker = Organisation.objects.create(name="Maker", country="US")
    ids = [uuid.uuid4() for _ in range(count)]
    said = Statement.objects.bulk_create(
        [
            Statement(
                urn=one, issuer=maker.pk, kind="lot.transform", digest=one.bytes * 2, envelope=b"{}",
                leaf_hash=bytes(32), key_id=bytes(32), accepted_at=now,
            )
            for one in ids
        ],
        batch_size=500,
    )  # fmt: skip
    lots = Lot.objects.bulk_create(
        [
            Lot(id=one, number=f"L-{n}", material="powder", stage="powder", maker=maker, holder=maker, state="held",
                mass_kg=kg, remaining_kg=kg, made_by=by, newest=by, made_at=now, record={})
            for n, (one, by) in enumerate(zip(ids, said, strict=True))
        ],
        batch_size=500,
    )  # fmt: skip
    LotAccess.objects.bulk_create((LotAccess(organisation=maker, lot=one, sees="party") for one in lots), 500)
    LotEdge.objects.bulk_create(
        (LotEdge(parent_id=ids[a], child_id=ids[b], statement=said[b], mass_kg=kg) for a, b in pairs), batch_size=500
    )
    return on_behalf_of(maker), lots


def chain(length: int) -> Pairs:
    return [(n, n + 1) for n in range(length - 1)]


def ladder(levels: int) -> Pairs:
    """Two lots on each level, each made of both of the level before: 2^levels paths."""
    return [(2 * n + a, 2 * n + 2 + b) for n in range(levels) for a in (0, 1) for b in (0, 1)]


@pytest.mark.parametrize(("count", "pairs"), [(2000, chain(2000)), (82, ladder(40))], ids=["chain", "ladder"])
def test_they_are_walked_in_less_than_a_second(db: None, count: int, pairs: Pairs) -> None:
    actor, lots = made(count, pairs)
    last, today = lots[-1], clock.now().date()
    start = time.process_time()
    up = lineage(last.pk, UP)
    related = list(Relatives(actor, Asked((last.pk,), UP, None), today).pairs())
    below = recall(actor, lots[0], today)
    took_s = time.process_time() - start
    assert took_s < MOST_S
    assert len(related) == len(up) == (count - 1 if count == 2000 else count - 2)
    assert len(below.lots) == (count if count == 2000 else count - 1)
    assert abs(sum(source_shares(up).values()) - 1) < Decimal("1e-20")


def test_the_middle_of_a_chain_is_related_both_ways_by_the_number_of_steps(db: None) -> None:
    actor, lots = made(101, chain(101))
    pairs = list(Relatives(actor, Asked((lots[50].pk,), BOTH, 7), clock.now().date()).pairs())
    assert sorted(pair.depth for pair in pairs) == sorted([*range(1, 8)] * 2)
