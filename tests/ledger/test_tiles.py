"""Tiles: paths, bundles, growth, and the tiles of foreign logs rebuilt byte for byte."""

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.standards import standards_path
from traceability.ledger import merkle, tiles
from traceability.ledger.checkpoint import parse_body, verify_checkpoint
from traceability.ledger.notes import parse_note, parse_vkey, verify_note
from traceability.ledger.tiles import Tile


def no_tile(tile):
    raise AssertionError(f"{tile.path} is not of the tree before")


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(0, 0, 1), "tile/0/000.p/1"),
        (Tile(0, 1234, 5), "tile/0/x001/234.p/5"),
        (Tile(3, 1234067), "tile/3/x001/x234/067"),
        (Tile(63, 999, 255), "tile/63/999.p/255"),
        (Tile(None, 1000), "tile/entries/x001/000"),
        (Tile(None, 7, 8), "tile/entries/007.p/8"),
        (Tile(0, 2**63 - 1), "tile/0/x009/x223/x372/x036/x854/x775/807"),
    ],
)
def test_paths_round_trip(tile, path):
    assert tile.path == path
    assert tiles.parse_path(path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile/0/0",
        "tile/0/00",
        "tile/0/0000",
        "tile/0/x000/001",
        "tile/0/001/234",
        "tile/0/x001",
        "tile/0/x001/x234",
        "tile/00/000",
        "tile/-1/000",
        "tile/64/000",
        "tile/data/000",
        "tile/0/000.p/0",
        "tile/0/000.p/01",
        "tile/0/000.p/256",
        "tile/0/000.p/",
        "tile/0/000.p",
        "tile/0/٠٠٠",
        "/tile/0/000",
        "tile/0/000\n",
        "tile/0/x009/x223/x372/x036/x854/x775/808",
        "tile/0/x001/x009/x223/x372/x036/x854/x775/807",
    ],
)
def test_other_paths_are_refused(path):
    with pytest.raises(tiles.BadTilePath):
        tiles.parse_path(path)


@pytest.mark.parametrize("place", [(0, -1), (-1, 0), (64, 0), (0, 2**63)])
def test_a_tile_has_a_place(place):
    with pytest.raises(tiles.BadTilePath):
        Tile(*place)


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_bundles_round_trip(entries):
    content = tiles.encode_bundle(entries)
    assert tiles.parse_bundle(content, len(entries)) == tuple(entries)
    for width in {len(entries) - 1, len(entries) + 1} - {-1}:
        with pytest.raises(tiles.BadTileContent):
            tiles.parse_bundle(content, width)
    if content:
        with pytest.raises(tiles.BadTileContent):
            tiles.parse_bundle(content[:-1], len(entries))
    with pytest.raises(tiles.BadTileContent):
        tiles.parse_bundle(content + b"\0", len(entries))


def test_an_entry_fits_its_length():
    assert len(tiles.encode_bundle([bytes(65535)])) == 65537
    with pytest.raises(tiles.BadTileContent):
        tiles.encode_bundle([bytes(65536)])


def test_a_tile_of_hashes_has_the_length_of_its_width():
    assert tiles.parse_hashes(bytes(64), 2) == (bytes(32), bytes(32))
    for content in (bytes(63), bytes(65), bytes(96), b""):
        with pytest.raises(tiles.BadTileContent):
            tiles.parse_hashes(content, 2)


def test_the_tiles_of_a_tree_of_70000():
    """The example of the specification."""
    found = list(tiles.touched_tiles(0, 70_000))
    assert [sum(tile.level == level and tile.width == 256 for tile in found) for level in range(3)] == [273, 1, 0]
    partial = [tile for tile in found if tile.width < 256]
    assert partial == [Tile(0, 273, 112), Tile(1, 1, 17), Tile(2, 0, 1)]


def test_a_tree_of_256_has_a_full_tile_and_one_of_width_1():
    assert list(tiles.touched_tiles(0, 256)) == [Tile(0, 0), Tile(1, 0, 1)]
    assert list(tiles.touched_tiles(255, 256)) == [Tile(0, 0), Tile(1, 0, 1)]
    assert list(tiles.touched_tiles(256, 257)) == [Tile(0, 1, 1)]
    assert list(tiles.touched_tiles(256, 256)) == []
    assert list(tiles.touched_bundles(250, 600)) == [Tile(None, 0), Tile(None, 1), Tile(None, 2, 88)]


@given(st.lists(st.integers(0, 700), min_size=1, max_size=6))
@settings(deadline=None, max_examples=30)
def test_growing_in_steps_gives_the_same_tiles_and_proofs(steps):
    leaves = [merkle.leaf_hash(n.to_bytes(4)) for n in range(sum(steps))]
    stored: dict[Tile, bytes] = {}
    size = 0
    for step in steps:
        written = tiles.grow(size, leaves[size : size + step], stored.__getitem__)
        assert list(written) == list(tiles.touched_tiles(size, size + step))
        stored |= written
        size += step
    whole = tiles.grow(0, leaves, stored.__getitem__)
    assert all(stored[tile] == content for tile, content in whole.items())
    if size:
        check_proofs(leaves, size, stored)


def check_proofs(leaves, size, stored):
    read = tiles.subtree_reader(size, stored.__getitem__)
    head = merkle.TreeHead(size, merkle.root_of(leaves))
    rng = random.Random(size)
    for index in {0, size - 1, rng.randrange(size)}:
        merkle.verify_inclusion(leaves[index], index, merkle.inclusion_path(index, size, read), head)
    old = rng.randrange(1, size + 1)
    old_head = merkle.TreeHead(old, merkle.root_of(leaves[:old]))
    merkle.verify_consistency(old_head, head, merkle.consistency_path(old, size, read))


def test_a_reader_of_subtrees_reads_each_tile_once_and_none_outside_the_tree():
    leaves = [merkle.leaf_hash(n.to_bytes(4)) for n in range(1000)]
    stored = tiles.grow(0, leaves, no_tile)
    asked = []

    def read_tile(tile):
        asked.append(tile)
        return stored[tile]

    read = tiles.subtree_reader(1000, read_tile)
    merkle.make_multiproof(1000, range(0, 1000, 7), read)
    assert len(asked) == len(set(asked)) <= 5
    assert read(3, 124) == merkle.root_of(leaves[992:1000])
    for level, index in [(0, 1000), (3, 125), (8, 3), (9, 1), (10, 0), (0, -1)]:
        with pytest.raises(tiles.TileNotInTree):
            read(level, index)


@pytest.mark.parametrize("size", range(1, 9))
def test_the_tiles_of_the_tessera_test_log(size):
    folder = standards_path("transparency/tessera-testlog")
    bundle = (folder / Tile(None, 0, size).path).read_bytes()
    entries = tiles.parse_bundle(bundle, size)
    assert tiles.encode_bundle(entries) == bundle
    leaves = [merkle.leaf_hash(entry) for entry in entries]
    written = tiles.grow(0, leaves, no_tile)
    assert {tile.path: content for tile, content in written.items()} == {
        f"tile/0/000.p/{size}": (folder / f"tile/0/000.p/{size}").read_bytes()
    }
    found = json.loads(standards_path("transparency/notes/signed-notes.json").read_text())
    signed = next(each for each in found if each["name"] == f"Tessera test log checkpoint size {size}")
    checkpoint = verify_checkpoint(signed["note"].encode(), log_keys=[parse_vkey(signed["vkey"])]).checkpoint
    assert checkpoint.head == merkle.TreeHead(size, merkle.root_of(leaves))


def test_the_tiles_and_the_cosignature_of_a_mirror_of_300_leaves():
    folder = standards_path("transparency/mirror-300")
    content = (folder / "checkpoint").read_bytes()
    found = json.loads(standards_path("transparency/notes/signed-notes.json").read_text())
    vkey = next(each["vkey"] for each in found if "Mirror cosignature" in each["name"])
    checkpoint = parse_body(verify_note(parse_note(content), [parse_vkey(vkey)]).text)
    leaves = [
        each
        for tile in tiles.touched_tiles(0, 300)
        if tile.level == 0
        for each in tiles.parse_hashes((folder / tile.path).read_bytes(), tile.width)
    ]
    assert checkpoint.head == merkle.TreeHead(300, merkle.root_of(leaves))
    for tile, expected in tiles.grow(0, leaves, no_tile).items():
        assert (folder / tile.path).read_bytes() == expected
