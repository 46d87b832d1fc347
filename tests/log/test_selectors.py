"""Proofs for the newest published checkpoint, checked with the reader's side of the formats."""

import pytest

from tests.log.authors import new_urn
from traceability.ledger import checkpoint, envelope, headsproof, merkle, tiles
from traceability.ledger.identifiers import digest_bytes, digest_of
from traceability.ledger.statement import parse_statement
from traceability.models import LogEntry, LogState, Statement
from traceability.selectors import log
from traceability.services import integrator, publisher

GONE = f"sha256:{'0' * 64}"


@pytest.fixture
def grown(long_log):
    """Three batches, 3 + 1 + 300 + 1 + 2 + 1 leaves with the heads."""
    operator, rows = long_log
    rows += [operator.hold() for _ in range(2)]
    integrator.integrate()
    return operator, rows


def checked(note):
    """The checkpoint in this note, every signature of the log's keys right."""
    keys = log.verifier_keys()
    found = checkpoint.verify_checkpoint(note, log_keys=keys[:2], cosigner_keys=keys[2:])
    assert found.keys == frozenset(keys)
    return found.checkpoint


def test_every_statement_has_a_proof(grown):
    for row in Statement.objects.all():
        proof = log.inclusion_proof(f"sha256:{bytes(row.digest).hex()}")
        head = checked(proof.checkpoint).head
        assert head.size == 308
        merkle.verify_inclusion(bytes(row.leaf_hash), proof.index, proof.hashes, head)


def test_a_statement_that_waits_has_no_proof(grown):
    operator, _ = grown
    waiting = operator.hold()
    for digest in (f"sha256:{bytes(waiting.digest).hex()}", GONE):
        with pytest.raises(log.NotInLog):
            log.inclusion_proof(digest)


def test_a_statement_behind_a_staged_checkpoint_has_no_proof(grown, monkeypatch):
    operator, _ = grown
    row = operator.hold()
    monkeypatch.setattr(publisher, "publish", lambda: None)
    integrator.integrate()
    with pytest.raises(log.NotInLog):
        log.inclusion_proof(f"sha256:{bytes(row.digest).hex()}")


def test_many_leaves_share_a_proof_at_any_published_size(grown):
    leaves = dict(LogEntry.objects.values_list("index", "leaf_hash"))
    for size, indexes in ((308, [0, 5, 255, 256, 307]), (305, [304]), (4, [0, 1, 2, 3])):
        shared = log.inclusion_multiproof(indexes, size)
        root = merkle.root_of(bytes(leaves[index]) for index in range(size))
        assert merkle.root_from_multiproof(size, {n: bytes(leaves[n]) for n in indexes}, shared.hashes) == root
    with pytest.raises(log.NotInLog):
        log.inclusion_multiproof([1], 309)


@pytest.mark.parametrize(("old", "new"), [(1, 308), (4, 305), (255, 256), (256, 308), (305, 308), (308, 308)])
def test_trees_are_consistent(grown, old, new):
    leaves = [bytes(leaf) for leaf in LogEntry.objects.order_by("index").values_list("leaf_hash", flat=True)]
    before, after = (merkle.TreeHead(size, merkle.root_of(leaves[:size])) for size in (old, new))
    merkle.verify_consistency(before, after, log.consistency_path(old, new))


def test_proofs_read_a_few_tiles_in_one_query(grown, django_assert_num_queries):
    digest = bytes(Statement.objects.get(entry__index=7).digest).hex()
    with django_assert_num_queries(4):  # state, place, tiles, lines of witnesses
        log.inclusion_proof(f"sha256:{digest}")


def heads_said(found):
    """The checkpoint, and the body of the log.heads that the checkpoint shows as its last leaf."""
    said = parse_statement(envelope.parse_envelope(found.envelope).payload)
    head = checked(found.checkpoint.note.encode()).head
    assert said.body["size"] == found.index == head.size - 1
    proof = log.inclusion_proof(digest_of(said.payload))
    leaf = Statement.objects.get(entry__index=found.index).leaf_hash
    merkle.verify_inclusion(bytes(leaf), proof.index, proof.hashes, head)
    return digest_bytes(str(said.body["root"]))


def test_heads_of_present_and_absent_subjects(grown):
    operator, _ = grown
    absent = new_urn()
    urns = [*list(operator.heads)[:20], absent]
    found, shared = log.heads_proof(urns)
    expected = {urn: headsproof.Head(seq + 1, last) for urn, (seq, last) in operator.heads.items() if urn in urns}
    assert headsproof.verify_heads(shared, heads_said(found)) == expected | {absent: None}
    found, single = log.head_proof(headsproof.map_key(urns[3]))
    assert headsproof.verify_head(single, urns[3], heads_said(found)) == expected[urns[3]]


def test_heads_wait_for_the_checkpoint_over_them(grown, monkeypatch):
    """The map has one state: while it is ahead of what is published there is no proof, and publishing helps."""
    operator, _ = grown
    operator.hold()
    with monkeypatch.context() as crash:
        crash.setattr(publisher, "publish", lambda: None)
        integrator.integrate()
    monkeypatch.setattr(log, "BETWEEN_LOOKS_S", 0)
    with pytest.raises(log.NotPublishedYet):
        log.heads_proof([operator.urn])
    found, shared = publisher.settled(lambda: log.heads_proof([operator.urn]))
    assert found.checkpoint.size == LogState.objects.get().size
    headsproof.verify_heads(shared, heads_said(found))


def test_tiles_and_bundles_are_those_of_the_leaves(grown):
    rows = list(Statement.objects.order_by("entry__index"))
    for tile in (tiles.Tile(0, 0), tiles.Tile(0, 1, 52), tiles.Tile(0, 1, 7)):
        here = rows[tile.index * 256 :][: tile.width]
        assert tiles.parse_hashes(log.hashes_tile(tile), tile.width) == tuple(bytes(row.leaf_hash) for row in here)
        entries = tiles.parse_bundle(log.entries_bundle(tiles.Tile(None, tile.index, tile.width)), tile.width)
        assert [merkle.leaf_hash(entry) for entry in entries] == [bytes(row.leaf_hash) for row in here]
    assert log.hashes_tile(tiles.Tile(1, 0, 1)) == merkle.root_of(bytes(row.leaf_hash) for row in rows[:256])
    for tile in (tiles.Tile(0, 1, 53), tiles.Tile(0, 1), tiles.Tile(1, 0, 2), tiles.Tile(2, 0, 1)):
        with pytest.raises(log.NotInLog):
            log.hashes_tile(tile)


def test_the_earliest_checkpoint_over_a_leaf(grown):
    assert [log.first_checkpoint_over(index).size for index in (0, 3, 4, 304, 305)] == [4, 4, 305, 305, 308]
    with pytest.raises(log.NotInLog):
        log.first_checkpoint_over(308)


def test_health_tells_what_waits_and_how_old_the_checkpoint_is(grown):
    operator, _ = grown
    assert (log.log_health().size, log.log_health().waiting, log.log_health().waiting_since) == (308, 0, None)
    row = operator.hold()
    found = log.log_health()
    assert (found.waiting, found.waiting_since) == (1, row.accepted_at)
    assert found.checkpoint_age is not None
    assert 0 <= found.checkpoint_age.total_seconds() < 60


def test_a_log_that_was_never_opened_says_so(ledger_db):
    with pytest.raises(log.LogNotOpen):
        log.newest_checkpoint()
    assert log.log_health().checkpoint_age is None
