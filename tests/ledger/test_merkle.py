"""The tree against foreign vectors, and every proof against every size up to 257."""

import base64
import json
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.standards import standards_path
from traceability.ledger import merkle
from traceability.ledger.errors import RecordError
from traceability.ledger.identifiers import BadBase64
from traceability.ledger.merkle import Frontier, Multiproof, TreeHead

LARGEST = 257
LEAVES = [merkle.leaf_hash(n.to_bytes(2)) for n in range(LARGEST)]


def textbook_root(leaves):
    """MTH as RFC 6962 section 2.1 writes it."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return merkle.node_hash(textbook_root(leaves[:split]), textbook_root(leaves[split:]))


def read_subtree(level, index):
    return SUBTREES[level][index]


def complete_subtrees(leaves):
    levels = [leaves]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append([merkle.node_hash(*below[n : n + 2]) for n in range(0, len(below) - 1, 2)])
    return levels


SUBTREES = complete_subtrees(LEAVES)
ROOTS = [textbook_root(LEAVES[:size]) for size in range(LARGEST + 1)]


def vectors(name):
    return json.loads(standards_path(f"transparency/rfc6962-merkle/{name}.json").read_text())


def decoded(case, *names):
    return [base64.b64decode(case[name]) for name in names]


def path_of(case):
    return [base64.b64decode(each) for each in case["proof"] or []]


def accepts(check):
    try:
        check()
    except RecordError:
        return False
    return True


def test_reference_tree():
    tree = vectors("reference-tree")
    leaves = [merkle.leaf_hash(bytes.fromhex(each)) for each in tree["leaf_inputs_hex"]]
    assert [[each.hex() for each in level] for level in complete_subtrees(leaves)] == tree["node_hashes_hex_by_level"]
    assert [merkle.root_of(leaves[:size]).hex() for size in range(9)] == tree["root_hash_hex_by_size"]


def test_inclusion_vectors():
    cases = vectors("inclusion")
    wrong = [
        case["source_path"] for case in cases if accepts(lambda case=case: check_inclusion(case)) == case["wantErr"]
    ]
    assert len(cases) == 41
    assert not wrong


def check_inclusion(case):
    leaf, root = decoded(case, "leafHash", "root")
    merkle.verify_inclusion(leaf, case["leafIdx"], path_of(case), TreeHead(case["treeSize"], root))


def test_consistency_vectors():
    cases = vectors("consistency")
    wrong = [
        case["source_path"] for case in cases if accepts(lambda case=case: check_consistency(case)) == case["wantErr"]
    ]
    assert len(cases) == 36
    assert not wrong


def check_consistency(case):
    # Some roots are placeholders ("don't care 1"); a TreeHead holds nothing but hashes, so they are hashed.
    old_root, new_root = [
        root if len(root) == 32 else sha256(root).digest() for root in decoded(case, "root1", "root2")
    ]
    merkle.verify_consistency(TreeHead(case["size1"], old_root), TreeHead(case["size2"], new_root), path_of(case))


def test_frontier_has_the_root_of_every_size():
    one_by_one = Frontier()
    for size in range(LARGEST + 1):
        assert one_by_one.head() == TreeHead(size, ROOTS[size])
        stored = one_by_one.to_bytes()
        assert Frontier.from_bytes(stored).to_bytes() == stored
        if size < LARGEST:
            one_by_one.append(LEAVES[size])


@pytest.mark.parametrize("start", [0, 1, 2, 3, 7, 8, 100, 255, 256])
def test_extending_equals_appending(start):
    for end in range(start, LARGEST + 1):
        frontier = Frontier()
        frontier.extend(LEAVES[:start])
        frontier.extend(iter(LEAVES[start:end]))
        assert (frontier.size, frontier.root()) == (end, ROOTS[end])


@pytest.mark.parametrize("stored", [b"", b"\0" * 7, b"\0" * 7 + b"\1", b"\0" * 7 + b"\1" + b"x" * 31, b"\0" * 40])
def test_frontier_refuses_other_bytes(stored):
    with pytest.raises(merkle.BadFrontier):
        Frontier.from_bytes(stored)


def test_inclusion_of_every_leaf_in_every_size():
    for size in range(1, LARGEST + 1):
        for index in {0, 1, size // 2, size - 2, size - 1} if size > 70 else range(size):
            if not 0 <= index < size:
                continue
            path = merkle.inclusion_path(index, size, read_subtree)
            assert merkle.root_from_inclusion(LEAVES[index], index, size, path) == ROOTS[size]


def test_inclusion_binds_leaf_position_and_size():
    path = merkle.inclusion_path(100, 200, read_subtree)
    head = TreeHead(200, ROOTS[200])
    merkle.verify_inclusion(LEAVES[100], 100, path, head)
    with pytest.raises(merkle.RootMismatch):
        merkle.verify_inclusion(LEAVES[101], 100, path, head)
    for index in set(range(200)) - {100}:
        with pytest.raises((merkle.RootMismatch, merkle.WrongPathLength)):
            merkle.verify_inclusion(LEAVES[100], index, path, head)
    with pytest.raises(merkle.IndexOutsideTree):
        merkle.verify_inclusion(LEAVES[100], 200, path, head)
    with pytest.raises(merkle.IndexOutsideTree):
        merkle.verify_inclusion(LEAVES[100], -1, path, head)
    with pytest.raises(merkle.WrongPathLength):
        merkle.verify_inclusion(LEAVES[100], 100, path[:-1], head)
    with pytest.raises(merkle.WrongPathLength):
        merkle.verify_inclusion(LEAVES[100], 100, [*path, path[0]], head)
    with pytest.raises(merkle.BadHash):
        merkle.verify_inclusion(LEAVES[100], 100, [path[0] + b"x", *path[1:]], head)
    with pytest.raises(merkle.BadHash):
        merkle.verify_inclusion(LEAVES[100][:-1], 100, path, head)


def test_consistency_of_every_pair_of_sizes():
    for new in range(1, LARGEST + 1):
        for old in range(1, new + 1) if new < 70 or new > 250 else (1, new // 2, new - 1, new):
            path = merkle.consistency_path(old, new, read_subtree)
            merkle.verify_consistency(TreeHead(old, ROOTS[old]), TreeHead(new, ROOTS[new]), path)


def test_consistency_refuses_what_it_does_not_show():
    path = merkle.consistency_path(100, 200, read_subtree)
    old, new = TreeHead(100, ROOTS[100]), TreeHead(200, ROOTS[200])
    merkle.verify_consistency(old, new, path)
    with pytest.raises(merkle.RootMismatch) as caught:
        merkle.verify_consistency(TreeHead(100, ROOTS[99]), new, path)
    assert caught.value.path == "/old"
    with pytest.raises(merkle.RootMismatch) as caught:
        merkle.verify_consistency(old, TreeHead(200, ROOTS[199]), path)
    assert caught.value.path == "/new"
    with pytest.raises(merkle.WrongPathLength):
        merkle.verify_consistency(old, new, path[1:])
    with pytest.raises(merkle.WrongPathLength):
        merkle.verify_consistency(old, old, path)
    with pytest.raises(merkle.RootMismatch):
        merkle.verify_consistency(old, TreeHead(100, ROOTS[99]), ())
    with pytest.raises(merkle.BadHash):
        merkle.verify_consistency(old, new, [b"", *path[1:]])
    for sizes in [(0, 0), (0, 5), (5, 4)]:
        with pytest.raises(merkle.BadTreeSize):
            merkle.verify_consistency(TreeHead(sizes[0], ROOTS[sizes[0]]), TreeHead(sizes[1], ROOTS[sizes[1]]), ())
        with pytest.raises(merkle.BadTreeSize):
            merkle.consistency_path(*sizes, read_subtree)


def test_tree_head_cannot_be_wrong():
    with pytest.raises(merkle.BadTreeSize):
        TreeHead(-1, ROOTS[0])
    with pytest.raises(merkle.BadTreeSize):
        TreeHead(2**63, ROOTS[0])
    with pytest.raises(merkle.BadHash):
        TreeHead(1, b"short")


@given(st.data(), st.integers(1, LARGEST))
def test_multiproof_of_any_indexes_in_any_size(data, size):
    indexes = data.draw(st.sets(st.integers(0, size - 1), min_size=1))
    proof = merkle.make_multiproof(size, indexes, read_subtree)
    leaves = {index: LEAVES[index] for index in indexes}
    assert merkle.root_from_multiproof(size, leaves, proof.hashes) == ROOTS[size]
    assert Multiproof.from_value(json.loads(json.dumps(proof.to_value()))) == proof
    with pytest.raises(merkle.SpareHash):
        merkle.root_from_multiproof(size, leaves, [*proof.hashes, ROOTS[size]])
    if proof.hashes:
        with pytest.raises(merkle.MissingHash):
            merkle.root_from_multiproof(size, leaves, proof.hashes[:-1])


def test_multiproof_of_every_single_leaf_has_the_hashes_of_its_path():
    for size in (1, 2, 7, 8, 100, 257):
        for index in range(size):
            proof = merkle.make_multiproof(size, [index], read_subtree)
            assert sorted(proof.hashes) == sorted(merkle.inclusion_path(index, size, read_subtree))


def test_multiproof_of_a_small_tree_by_hand():
    # Size 5 = ((0 1)(2 3)) 4, listed 1 and 4: leaf 0, then the subtree of 2 and 3.
    proof = merkle.make_multiproof(5, [4, 1], read_subtree)
    assert proof == Multiproof(5, (1, 4), (LEAVES[0], merkle.node_hash(LEAVES[2], LEAVES[3])))


def test_multiproof_binds_positions():
    proof = merkle.make_multiproof(200, [3, 70, 150], read_subtree)
    swapped = {3: LEAVES[70], 70: LEAVES[3], 150: LEAVES[150]}
    assert merkle.root_from_multiproof(200, swapped, proof.hashes) != ROOTS[200]
    moved = {3: LEAVES[3], 70: LEAVES[70], 151: LEAVES[150]}
    assert merkle.root_from_multiproof(200, moved, proof.hashes) != ROOTS[200]


@pytest.mark.parametrize("size_and_indexes", [(0, [0]), (5, []), (5, [5]), (5, [-1]), (2**63, [0])])
def test_multiproof_refuses_wrong_indexes(size_and_indexes):
    size, indexes = size_and_indexes
    with pytest.raises((merkle.BadIndexes, merkle.IndexOutsideTree)):
        merkle.make_multiproof(size, indexes, read_subtree)
    with pytest.raises((merkle.BadIndexes, merkle.IndexOutsideTree)):
        merkle.root_from_multiproof(size, dict.fromkeys(indexes, LEAVES[0]), [])


@pytest.mark.parametrize(
    "change",
    [
        {"size": "200"},
        {"size": True},
        {"indexes": []},
        {"indexes": [70, 3]},
        {"indexes": [3, 3]},
        {"indexes": [3, 200]},
        {"indexes": [3.0]},
        {"indexes": "3"},
        {"hashes": []},
        {"hashes": "AA"},
        {"hashes": ["AA"]},
        {"hashes": [3]},
        {"spare": 1},
    ],
)
def test_multiproof_value_is_read_strictly(change):
    value = merkle.make_multiproof(200, [3, 70], read_subtree).to_value()
    with pytest.raises((merkle.BadMultiproof, merkle.BadIndexes, merkle.IndexOutsideTree, BadBase64)):
        Multiproof.from_value(value | change)


def test_multiproof_without_hashes_leaves_the_empty_list_out():
    proof = merkle.make_multiproof(2, [0, 1], read_subtree)
    assert proof.to_value() == {"size": 2, "indexes": [0, 1]}
    assert Multiproof.from_value(proof.to_value()) == proof


def test_a_hash_of_another_length_never_enters_a_multiproof():
    with pytest.raises(merkle.BadHash):
        merkle.root_from_multiproof(2, {0: LEAVES[0]}, [b"short"])
    with pytest.raises(merkle.BadHash):
        merkle.root_from_multiproof(2, {0: b"short"}, [LEAVES[1]])
