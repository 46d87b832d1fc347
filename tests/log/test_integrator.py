"""The integrator: order, places without gaps, heads as the last leaf, nothing while idle."""

import pytest

from tests.log.authors import Author, new_urn
from traceability.ledger import envelope, headsproof, merkle
from traceability.ledger.statement import parse_statement
from traceability.models import Checkpoint, LogEntry, LogState, QueueEntry, Statement
from traceability.services import integrator, publisher


def said_at(index):
    row = Statement.objects.get(entry__index=index)
    return parse_statement(envelope.parse_envelope(bytes(row.envelope)).payload)


def recomputed_root():
    return merkle.root_of(
        bytes(leaf) for leaf in LogEntry.objects.order_by("index").values_list("leaf_hash", flat=True)
    )


def published():
    return LogState.objects.select_related("published").get().published


def test_the_first_act_is_a_checkpoint_of_size_0(open_log):
    assert (published().size, bytes(published().root)) == (0, merkle.EMPTY_ROOT)
    publisher.open_log()
    assert Checkpoint.objects.count() == 1


def test_statements_get_their_places_in_the_order_of_acceptance(operator):
    rows = [operator.hold() for _ in range(5)]
    assert integrator.integrate() == 6
    placed = LogEntry.objects.order_by("index").values_list("index", "statement_id")
    assert list(placed)[1:6] == [(n + 1, row.id) for n, row in enumerate(rows)]
    assert not QueueEntry.objects.exists()
    assert (published().size, bytes(published().root)) == (7, recomputed_root())


def test_the_heads_are_the_last_leaf_and_of_the_operator(operator):
    lot = new_urn()
    operator.hold(lot)
    operator.hold(lot)
    integrator.integrate()
    heads = said_at(3)
    assert (heads.kind, heads.issuer, heads.key, heads.chains) == ("log.heads", operator.urn, operator.key, ())
    assert heads.body["size"] == 3
    assert (heads.seen.size, published().size) == (0, 4)
    root = headsproof_root({lot: operator.heads[lot], operator.urn: operator.heads[operator.urn]})
    assert heads.body["root"] == f"sha256:{root.hex()}"


def headsproof_root(heads):
    from traceability.ledger.headsmap import HeadsMap, MemoryStore

    return HeadsMap(MemoryStore()).update(
        {urn: headsproof.Head(seq + 1, custody_hash) for urn, (seq, custody_hash) in heads.items()}
    )


def test_a_batch_has_at_most_its_limit(operator):
    for _ in range(4):
        operator.hold()
    assert [integrator.integrate(limit=2) for _ in range(4)] == [2, 2, 1, 0]
    assert LogState.objects.get().size == 5 + 3
    assert (published().size, bytes(published().root)) == (8, recomputed_root())


def test_an_idle_log_stays_as_it_is(operator):
    integrator.integrate()
    before = list(Checkpoint.objects.values())
    assert integrator.integrate() == 0
    assert list(Checkpoint.objects.values()) == before


def test_a_log_begins_with_its_operator(open_log):
    Author().hold()
    with pytest.raises(integrator.NoOperator):
        integrator.integrate()
    assert QueueEntry.objects.count() == 1
    assert LogState.objects.get().size == 0
