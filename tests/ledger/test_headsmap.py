"""The heads map against its definition: roots, single and shared proofs, presence, absence, and every kind of lie."""

import json
import random
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from traceability.ledger import headsmap, headsproof, merkle
from traceability.ledger.errors import RecordError
from traceability.ledger.headsmap import HeadsMap, MemoryStore
from traceability.ledger.headsproof import EMPTY, Head, HeadProof, MapLeaf, MapProof, Met


def urn(number):
    return f"urn:uuid:00000000-0000-7000-8000-{number:012x}"


def head(number, count=1):
    return Head(count, f"sha256:{sha256(f'{number} {count}'.encode()).hexdigest()}")


def heads(numbers):
    return {urn(number): head(number) for number in numbers}


def built(numbers):
    found = HeadsMap(MemoryStore())
    found.update(heads(numbers))
    return found


def textbook_root(entries, depth=0):
    """Section 7, word by word."""
    if not entries:
        return bytes(32)
    if len(entries) == 1:
        ((key, found),) = entries.items()
        return sha256(b"\0" + key + found.count.to_bytes(8) + bytes.fromhex(found.custody_hash[7:])).digest()
    left = {key: found for key, found in entries.items() if not key[depth // 8] >> (7 - depth % 8) & 1}
    right = {key: found for key, found in entries.items() if key not in left}
    return sha256(b"\1" + textbook_root(left, depth + 1) + textbook_root(right, depth + 1)).digest()


def definition(numbers):
    return textbook_root({headsproof.map_key(urn(number)): head(number) for number in numbers})


def test_the_key_of_a_subject_is_the_one_of_the_format():
    expected = sha256(b"lodestone-subject/1\nurn:uuid:00000000-0000-7000-8000-00000000002a").digest()
    assert headsproof.map_key(urn(42)) == expected


@pytest.mark.parametrize("count", [0, 1, 2, 3, 16, 17, 200, 1000])
def test_root_is_the_one_of_the_definition(count):
    found = built(range(count))
    assert found.root() == definition(range(count))


@given(st.lists(st.sets(st.integers(0, 300), max_size=60), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_batches_in_any_order_give_the_same_root(batches):
    found = HeadsMap(MemoryStore())
    for batch in batches:
        root = found.update(heads(batch))
        assert root == found.root()
    assert root == definition(set().union(*batches))


def test_a_later_head_replaces_the_earlier_one():
    found = built(range(100))
    root = found.update({urn(7): head(7, 2), urn(1000): head(1000)})
    entries = heads(range(100)) | {urn(7): head(7, 2), urn(1000): head(1000)}
    assert root == textbook_root({headsproof.map_key(name): each for name, each in entries.items()})
    assert found.get(urn(7)) == head(7, 2)
    assert found.get(urn(8)) == head(8)
    assert found.get(urn(1000)) == head(1000)
    assert found.get(urn(1001)) is None


def test_an_empty_map_has_no_root_but_zeros_and_proves_absence():
    found = HeadsMap(MemoryStore())
    assert found.update({}) == found.root() == EMPTY
    assert found.get(urn(1)) is None
    assert headsproof.verify_head(found.prove(urn(1)), urn(1), EMPTY) is None
    assert headsproof.verify_heads(found.prove_all([urn(1), urn(2)]), EMPTY) == {urn(1): None, urn(2): None}


def test_a_batch_costs_about_two_hashes_for_each_new_subject(monkeypatch):
    calls = []

    def counted(hashed):
        def count(*parts):
            calls.append(hashed)
            return hashed(*parts)

        return count

    monkeypatch.setattr(headsmap, "node_hash", counted(merkle.node_hash))
    monkeypatch.setattr(headsmap, "leaf_hash", counted(merkle.leaf_hash))
    built(range(10_000))
    assert len(calls) < 2.6 * 10_000


def test_a_proof_reads_only_the_tiles_on_its_way():
    class Counting(MemoryStore):
        reads = tiles = 0

        def read_tiles(self, prefixes):
            found = super().read_tiles(prefixes)
            self.reads += 1
            self.tiles += len(found)
            return found

    store = Counting()
    found = HeadsMap(store)
    found.update(heads(range(30_000)))
    store.reads = store.tiles = 0
    found.prove(urn(5))
    assert store.reads <= 2
    assert store.tiles <= 6


@given(
    st.sets(st.integers(0, 400), max_size=200),
    st.sets(st.integers(0, 400), min_size=1, max_size=40),
)
@settings(max_examples=60, deadline=None)
def test_proofs_of_present_and_absent_subjects(present, asked):
    found = built(present)
    root = found.root()
    expected = {urn(number): head(number) if number in present else None for number in asked}
    shared = found.prove_all(expected)
    assert headsproof.verify_heads(shared, root) == expected
    assert MapProof.from_value(json.loads(json.dumps(shared.to_value()))) == shared
    for name, each in expected.items():
        proof = found.prove(name)
        assert headsproof.verify_head(proof, name, root) == found.get(name) == each
        assert HeadProof.from_value(json.loads(json.dumps(proof.to_value()))) == proof


@given(st.sets(st.integers(0, 2**12 - 1), min_size=1, max_size=30), st.integers(0, 2**12 - 1))
@settings(max_examples=60, deadline=None)
def test_keys_that_share_nearly_all_their_bits(present, asked):
    """Nobody can grind such subjects; the walk must be right for them all the same."""

    def close_key(name):
        number = int(name[-12:], 16)
        return ((number >> 6) << 250 | 0x5A5A << 100 | number & 63).to_bytes(32)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(headsmap, "map_key", close_key)
        patch.setattr(headsproof, "map_key", close_key)
        found = built(present)
        root = found.root()
        assert root == textbook_root({close_key(urn(number)): head(number) for number in present})
        expected = {urn(number): head(number) for number in present} | {urn(asked): None}
        expected[urn(asked)] = head(asked) if asked in present else None
        assert headsproof.verify_heads(found.prove_all(expected), root) == expected
        assert headsproof.verify_head(found.prove(urn(asked)), urn(asked), root) == expected[urn(asked)]


# Lies about one subject


PRESENT = range(300)
MAP = built(PRESENT)
ROOT = MAP.root()


def refused(proof, name=None, error=RecordError):
    with pytest.raises(error):
        headsproof.verify_head(proof, name or urn(5), ROOT)


def test_a_proof_is_of_its_subject_root_and_head_alone():
    proof = MAP.prove(urn(5))
    assert headsproof.verify_head(proof, urn(5), ROOT) == head(5)
    refused(proof, urn(6))
    refused(MAP.prove(urn(6)))
    with pytest.raises(merkle.RootMismatch):
        headsproof.verify_head(proof, urn(5), built(range(299)).root())
    refused(replace(proof, leaf=replace(proof.leaf, count=2)), error=merkle.RootMismatch)
    refused(replace(proof, leaf=replace(proof.leaf, custody_hash=EMPTY)), error=merkle.RootMismatch)


def test_a_present_subject_cannot_be_shown_as_absent():
    proof = MAP.prove(urn(5))
    refused(replace(proof, leaf=None), error=merkle.RootMismatch)
    other = MAP.prove(urn(6)).leaf
    refused(replace(proof, leaf=other), error=headsproof.LeafElsewhere)
    bitmap, siblings = cut(proof)
    shorter = HeadProof(proof.depth - 1, bitmap, siblings, other)
    refused(shorter)


def cut(proof):
    levels = proof.levels()[:-1]
    bits = "".join("0" if each == EMPTY else "1" for each in levels)
    bitmap = bytes(int(bits[n : n + 8].ljust(8, "0"), 2) for n in range(0, len(bits), 8))
    return bitmap, tuple(each for each in levels if each != EMPTY)


def test_an_absent_subject_cannot_be_shown_as_present():
    proof = MAP.prove(urn(5000))
    assert headsproof.verify_head(proof, urn(5000), ROOT) is None
    made_up = MapLeaf(headsproof.map_key(urn(5000)), 1, EMPTY)
    refused(replace(proof, leaf=made_up), urn(5000), merkle.RootMismatch)


def test_a_head_proof_cannot_be_malformed():
    proof = next(MAP.prove(urn(n)) for n in PRESENT if MAP.prove(urn(n)).depth % 8)
    for change in (
        {"depth": -1},
        {"depth": 257, "bitmap": bytes(33)},
        {"depth": proof.depth + 8},
        {"bitmap": proof.bitmap + b"\0"},
        {"bitmap": proof.bitmap[:-1] + bytes([proof.bitmap[-1] | 1])},
        {"siblings": proof.siblings[:-1]},
        {"siblings": (*proof.siblings, ROOT)},
        {"siblings": (EMPTY, *proof.siblings[1:])},
    ):
        with pytest.raises(headsproof.BadHeadProof):
            replace(proof, **change)
    with pytest.raises(merkle.BadHash):
        replace(proof, siblings=(b"short", *proof.siblings[1:]))


def test_a_proof_that_ends_beside_nothing_is_refused():
    with pytest.raises(headsproof.NotCompact):
        HeadProof(1, b"\0", (), MAP.prove(urn(5)).leaf)
    leaf = MapLeaf(headsproof.map_key(urn(5)), 1, EMPTY)
    right = headsproof.map_key(urn(5))[0] >> 7
    pair = (EMPTY, Met(1, leaf)) if right else (Met(1, leaf), EMPTY)
    root = merkle.node_hash(EMPTY, leaf.hash()) if right else merkle.node_hash(leaf.hash(), EMPTY)
    with pytest.raises(headsproof.NotCompact):
        headsproof.verify_heads(MapProof((urn(5),), pair), root)


def test_a_head_proof_value_is_read_strictly():
    value = MAP.prove(urn(5)).to_value()
    changes: tuple[dict[str, object], ...] = (
        {"depth": "9"},
        {"depth": True},
        {"depth": 0},
        {"bitmap": value["bitmap"] + "="},
        {"siblings": "x"},
        {"siblings": [*value["siblings"][1:], "AA"]},
        {"leaf": {}},
        {"leaf": value["leaf"] | {"count": 0}},
        {"leaf": value["leaf"] | {"count": 2**64}},
        {"leaf": value["leaf"] | {"hash": value["leaf"]["hash"][7:]}},
        {"leaf": value["leaf"] | {"key": "AA"}},
        {"leaf": value["leaf"] | {"more": 1}},
        {"more": 1},
    )
    for change in changes:
        with pytest.raises(RecordError):
            HeadProof.from_value(value | change)


# Lies about many subjects


ASKED = [urn(number) for number in (3, 44, 100, 5000, 5001, 299)]
SHARED = MAP.prove_all(ASKED)


def test_a_shared_proof_uses_every_node_once():
    with pytest.raises(merkle.SpareHash):
        headsproof.verify_heads(replace(SHARED, nodes=(*SHARED.nodes, ROOT)), ROOT)
    for length in range(len(SHARED.nodes)):
        with pytest.raises(RecordError):
            headsproof.verify_heads(replace(SHARED, nodes=SHARED.nodes[:length]), ROOT)


def test_every_change_of_a_shared_proof_is_refused():
    for at, node in enumerate(SHARED.nodes):
        for other in changed(node):
            nodes = (*SHARED.nodes[:at], other, *SHARED.nodes[at + 1 :])
            with pytest.raises(RecordError):
                headsproof.verify_heads(replace(SHARED, nodes=nodes), ROOT)
    for name in ASKED:
        fewer = replace(SHARED, subjects=tuple(each for each in SHARED.subjects if each != name))
        with pytest.raises(RecordError):
            headsproof.verify_heads(fewer, ROOT)
    with pytest.raises(RecordError):
        headsproof.verify_heads(replace(SHARED, subjects=tuple(sorted([*SHARED.subjects, urn(77)]))), ROOT)


def changed(node):
    if isinstance(node, bytes):
        return [bytes([node[0] ^ 1]) + node[1:], Met(3, None)]
    others = [
        node.leaf.hash() if node.leaf else EMPTY,
        Met(node.depth + 1, node.leaf),
        Met(max(0, node.depth - 1), node.leaf),
    ]
    if node.leaf is None:
        return others
    return [*others, Met(node.depth, None), Met(node.depth, replace(node.leaf, count=node.leaf.count + 1))]


def test_a_shared_proof_lists_each_subject_once_in_order():
    for subjects in ((), (urn(2), urn(1)), (urn(1), urn(1))):
        with pytest.raises(headsproof.BadHeadProof):
            replace(SHARED, subjects=subjects)


def test_a_shared_proof_value_is_read_strictly():
    value = SHARED.to_value()
    first = value["nodes"][0]
    changes: tuple[dict[str, object], ...] = (
        {"subjects": []},
        {"subjects": ["urn:uuid:x"]},
        {"subjects": "x"},
        {"nodes": "x"},
        {"nodes": [first, 7]},
        {"nodes": [first, {}]},
        {"nodes": [first, {"depth": 1, "key": "x"}]},
        {"more": []},
    )
    for change in changes:
        with pytest.raises(RecordError):
            MapProof.from_value(value | change)


def test_a_way_without_end_is_refused():
    with pytest.raises(RecordError):
        headsproof.verify_heads(MapProof((urn(1),), (EMPTY,) * 300), ROOT)


# Tiles


def test_tiles_round_trip_and_nothing_else_is_a_tile():
    rng = random.Random(7)
    slots = [rng.choice([None, rng.randbytes(32), rng.randbytes(72)]) for _ in range(15)]
    slots.append(rng.randbytes(32))
    stored = headsmap.encode_tile(slots)
    assert headsmap.parse_tile(stored) == slots
    for wrong in (b"", stored[:-1], stored + b"\0", b"\3" + stored[1:], stored[:15]):
        with pytest.raises(headsmap.BadTile):
            headsmap.parse_tile(wrong)


def test_a_head_cannot_be_wrong():
    with pytest.raises(headsproof.BadHead):
        Head(0, head(1).custody_hash)
    with pytest.raises(RecordError):
        Head(1, "sha256:AB")
    with pytest.raises(merkle.BadHash):
        MapLeaf(b"short", 1, EMPTY)
