"""What a log serves: tiles of hashes and bundles of entries, by path (C2SP tlog-tiles v0.1.0).

A tile holds up to 256 hashes of one level, 8 levels apart: level 0 the leaf hashes, level 1 the roots of full tiles of
level 0, and so on. A tile with fewer than 256 is partial, has its width in its path and is never hashed into the level
above. Full ones never change.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby

from traceability.ledger.errors import RecordError
from traceability.ledger.merkle import HASH_BYTES, MAX_SIZE, ReadSubtree, root_of

FULL = 256
MAX_ENTRY_BYTES = 0xFFFF
MAX_LEVEL = 63
_LEVEL_BITS = 8
_PATH = re.compile(
    r"tile/(?P<level>entries|0|[1-9][0-9]?)/(?P<index>(?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?",
    re.ASCII,
)


class BadTilePath(RecordError):
    """A path that names no tile or bundle."""

    code = "bad_tile_path"


class BadTileContent(RecordError):
    """Bytes that are not the content of such a tile or bundle."""

    code = "bad_tile_content"


class TileNotInTree(RecordError):
    """A hash that the tree of this size does not have as a complete subtree."""

    code = "tile_not_in_tree"


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile of hashes, by level, place in its level and width; `level` None names the bundle of entries there."""

    level: int | None
    index: int
    width: int = FULL

    def __post_init__(self) -> None:
        if not (self.level is None or 0 <= self.level <= MAX_LEVEL) or not 0 <= self.index <= MAX_SIZE:
            raise BadTilePath("A tile has a level from 0 to 63 and an index.")
        if not 1 <= self.width <= FULL:
            raise BadTilePath("A tile has 1 to 256 hashes.")

    @property
    def path(self) -> str:
        """Where it is served below the prefix of the log, as `tile/0/x001/234.p/5`."""
        parts = [f"{self.index % 1000:03}"]
        rest = self.index // 1000
        while rest:
            parts.insert(0, f"x{rest % 1000:03}")
            rest //= 1000
        level = "entries" if self.level is None else self.level
        return f"tile/{level}/{'/'.join(parts)}" + (f".p/{self.width}" if self.width < FULL else "")


ReadTile = Callable[[Tile], bytes]


def parse_path(path: str) -> Tile:
    """The tile or bundle with this path; no other path names the same one (tlog-tiles, "Merkle Tree")."""
    found = _PATH.fullmatch(path)
    if not found:
        raise BadTilePath("This is no path of a tile or of a bundle of entries.")
    level = None if found["level"] == "entries" else int(found["level"])
    tile = Tile(level, int(re.sub("[x/]", "", found["index"])), int(found["width"] or FULL))
    if tile.path != path:
        raise BadTilePath("This is not the one path of a tile or of a bundle of entries.")
    return tile


def encode_bundle(entries: Iterable[bytes]) -> bytes:
    """The entries, each after its length in two bytes (tlog-tiles, "Log entries")."""
    parts = []
    for entry in entries:
        if len(entry) > MAX_ENTRY_BYTES:
            raise BadTileContent(f"An entry has at most {MAX_ENTRY_BYTES} bytes.")
        parts += [len(entry).to_bytes(2), entry]
    return b"".join(parts)


def parse_bundle(content: bytes, width: int) -> tuple[bytes, ...]:
    """The `width` entries of a bundle, with no byte left over."""
    entries, at = [], 0
    for _ in range(width):
        start = at + 2
        at = start + int.from_bytes(content[at:start])
        entries.append(content[start:at])
    if at != len(content) or encode_bundle(entries) != content:
        raise BadTileContent(f"These bytes are no bundle of {width} entries.")
    return tuple(entries)


def parse_hashes(content: bytes, width: int) -> tuple[bytes, ...]:
    """The `width` hashes of a tile."""
    if len(content) != width * HASH_BYTES:
        raise BadTileContent(f"A tile of width {width} has {width * HASH_BYTES} bytes, this one has {len(content)}.")
    return tuple(content[at : at + HASH_BYTES] for at in range(0, len(content), HASH_BYTES))


def tile_of(level: int, index: int, size: int) -> Tile:
    """The tile at this place in a tree of this size, as wide as the size makes it."""
    width = (size >> _LEVEL_BITS * level) - FULL * index
    if index < 0 or width <= 0:
        raise TileNotInTree(f"A tree of {size} leaves has no tile {index} on level {level}.")
    return Tile(level, index, min(FULL, width))


def touched_tiles(old_size: int, new_size: int) -> Iterator[Tile]:
    """The tiles of hashes that are new or wider in the new tree, in the order in which they can be filled."""
    for level in range(MAX_LEVEL + 1):
        old, new = old_size >> _LEVEL_BITS * level, new_size >> _LEVEL_BITS * level
        if old >= new:
            return
        for index in range(old // FULL, -(-new // FULL)):
            yield tile_of(level, index, new_size)


def touched_bundles(old_size: int, new_size: int) -> Iterator[Tile]:
    """The bundles of entries that are new or wider in the new tree."""
    return (replace(tile, level=None) for tile in touched_tiles(old_size, new_size) if tile.level == 0)


def grow(old_size: int, leaves: Sequence[bytes], read_tile: ReadTile) -> dict[Tile, bytes]:
    """The content of every tile that these new leaf hashes touch; `read_tile` gives the partial tiles of before."""
    new_size = old_size + len(leaves)
    written: dict[Tile, bytes] = {}
    row = b"".join(leaves)
    for level, tiles in groupby(touched_tiles(old_size, new_size), key=lambda tile: tile.level or 0):
        here = list(tiles)
        if started := (old_size >> _LEVEL_BITS * level) % FULL:
            row = read_tile(replace(here[0], width=started)) + row
        for n, tile in enumerate(here):
            at = n * FULL * HASH_BYTES
            written[tile] = row[at : at + tile.width * HASH_BYTES]
        row = b"".join(root_of(parse_hashes(written[tile], FULL)) for tile in here if tile.width == FULL)
    return written


def subtree_reader(size: int, read_tile: ReadTile) -> ReadSubtree:
    """What proofs of a tree of this size are made from: the hashes of complete subtrees, each tile read once."""

    @cache
    def hashes(level: int, index: int) -> tuple[bytes, ...]:
        tile = tile_of(level, index, size)
        return parse_hashes(read_tile(tile), tile.width)

    @cache
    def read_subtree(level: int, index: int) -> bytes:
        tile_level, height = divmod(level, _LEVEL_BITS)
        tile_index, at = divmod(index << height, FULL)
        found = hashes(tile_level, tile_index)[at : at + (1 << height)]
        if len(found) != 1 << height:
            raise TileNotInTree(f"A tree of {size} leaves has no complete subtree {index} on level {level}.")
        return root_of(found) if height else found[0]

    return read_subtree
