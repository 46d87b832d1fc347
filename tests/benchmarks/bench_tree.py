"""How near the tree comes to bare hashing, and what proofs of many leaves and many heads cost."""

import random
import time
from collections.abc import Callable
from hashlib import sha256

import pytest

from tests.benchmarks.timing import speed_ratio
from traceability.ledger import headsproof, merkle, tiles
from traceability.ledger.headsmap import HeadsMap, MemoryStore
from traceability.ledger.headsproof import Head

COUNT = 100_000
BATCH = 4096
PROVED = 10_000
RNG = random.Random(1)
ENTRIES = [RNG.randbytes(96) for _ in range(COUNT)]
LEAVES = list(map(merkle.leaf_hash, ENTRIES))


def bare_hashing() -> None:
    """The floor: 2n hashes in a loop, n of a leaf (97 bytes) and n of a node (65 bytes)."""
    leaf, node = bytes(97), bytes(65)
    for _ in range(COUNT):
        sha256(leaf).digest()
        sha256(node).digest()


def rebuild() -> None:
    """The tree over all entries, in batches as they come from a database."""
    frontier = merkle.Frontier()
    for start in range(0, COUNT, BATCH):
        frontier.extend(map(merkle.leaf_hash, ENTRIES[start : start + BATCH]))
    frontier.root()


def one_by_one() -> None:
    """The tree over all entries, each appended by itself."""
    frontier = merkle.Frontier()
    for entry in ENTRIES:
        frontier.append(merkle.leaf_hash(entry))
    frontier.root()


@pytest.mark.parametrize(("work", "least"), [(rebuild, 0.65), (one_by_one, 0.5)])
def test_the_tree_is_nearly_as_fast_as_bare_hashing(work: Callable[[], None], least: float) -> None:
    ratio = speed_ratio(work, bare_hashing, rounds=9)
    print(f"\n{work.__name__} of {COUNT} leaves: {ratio:.0%} of the rate of {2 * COUNT} bare hashes")
    assert ratio >= least


def test_a_multiproof_costs_less_than_the_tree() -> None:
    stored = tiles.grow(0, LEAVES, lambda _: b"")
    listed = RNG.sample(range(COUNT), PROVED)
    shown = {index: LEAVES[index] for index in listed}

    def make() -> merkle.Multiproof:
        return merkle.make_multiproof(COUNT, listed, tiles.subtree_reader(COUNT, stored.__getitem__))

    proof = make()
    making = speed_ratio(make, bare_hashing, rounds=3)
    checking = speed_ratio(lambda: merkle.root_from_multiproof(COUNT, shown, proof.hashes), bare_hashing, rounds=3)
    print(f"\nmulti-proof of {PROVED} leaves: made {making:.1f}, checked {checking:.1f} times as fast as the floor")
    assert checking >= 1


def test_the_heads_map_grows_and_proves() -> None:
    heads = {f"urn:uuid:00000000-0000-7000-8000-{n:012x}": Head(1, f"sha256:{h.hex()}") for n, h in enumerate(LEAVES)}
    heads_map = HeadsMap(MemoryStore())
    root = heads_map.update(heads)
    urns = RNG.sample(list(heads), PROVED)
    shared = heads_map.prove_all(urns)
    building = speed_ratio(lambda: HeadsMap(MemoryStore()).update(heads), bare_hashing, rounds=3)
    making = speed_ratio(lambda: heads_map.prove_all(urns), bare_hashing, rounds=3)
    checking = speed_ratio(lambda: headsproof.verify_heads(shared, root), bare_hashing, rounds=3)
    print(f"\nheads map of {COUNT}: built at {building:.0%} of the floor's rate")
    print(f"heads of {PROVED}: made {making:.2f}, checked {checking:.2f} times as fast as the floor")
    assert building >= 0.05


def test_proofs_of_single_leaves_are_made_from_tiles_and_checked() -> None:
    stored = tiles.grow(0, LEAVES, lambda _: b"")
    indexes = RNG.sample(range(COUNT), PROVED)
    head = merkle.TreeHead(COUNT, merkle.root_of(LEAVES))

    def make() -> list[tuple[bytes, ...]]:
        read = tiles.subtree_reader(COUNT, stored.__getitem__)
        return [merkle.inclusion_path(index, COUNT, read) for index in indexes]

    paths = make()

    def check() -> None:
        for index, path in zip(indexes, paths, strict=True):
            merkle.verify_inclusion(LEAVES[index], index, path, head)

    made, checked, floor = rate(make, PROVED), rate(check, PROVED), rate(bare_hashing, 2 * COUNT)
    print(f"\ninclusion proofs from tiles: {made:,.0f}/s made, {checked:,.0f}/s checked; bare hashes {floor:,.0f}/s")


def test_the_heads_map_takes_a_thousand_changed_lots() -> None:
    urns = [f"urn:uuid:00000000-0000-7000-8000-{n:012x}" for n in range(COUNT)]
    heads_map = HeadsMap(MemoryStore())
    heads_map.update({urn: Head(1, f"sha256:{h.hex()}") for urn, h in zip(urns, LEAVES, strict=True)})
    changed = {urn: Head(2, f"sha256:{bytes(32).hex()}") for urn in RNG.sample(urns, 1000)}
    updates, floor = rate(lambda: heads_map.update(changed), 1), rate(bare_hashing, 2 * COUNT)
    print(f"\nheads map of {COUNT}: 1,000 changed lots in {1000 / updates:.0f} ms; bare hashes {floor:,.0f}/s")


def rate(work: Callable[[], object], count: int) -> float:
    """How many of `count` there are in a second of CPU time, at the best of some rounds."""
    times = []
    for _ in range(7):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return count / min(times)
