"""The map of the newest statement of every subject, kept in a store (record-format.md section 7 "Heads").

The binary tree is cut every 4 levels. What lies between two cuts under one prefix of hexadecimal digits of the keys is
a tile of 16 slots, one for each next digit: empty, one leaf, or the hash of two and more leaves, which have a tile of
their own. So a batch reads and writes the tiles on its ways and no more, about two small ones for each subject, and a
proof is made from one or two reads. The cut never shows in a root.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Protocol

from traceability.ledger.errors import RecordError
from traceability.ledger.headsproof import EMPTY, KEY_BITS, Head, HeadProof, MapLeaf, MapProof, Met, map_key
from traceability.ledger.identifiers import digest_bytes
from traceability.ledger.merkle import HASH_BYTES, leaf_hash, node_hash

FAN = 16
AT_ONCE = 4  # levels of tiles: those of 65,536 subjects
DIGITS = "0123456789abcdef"
LEAF_BYTES = HASH_BYTES + 8 + HASH_BYTES

Slot = bytes | None  # LEAF_BYTES: one leaf (key, count, custody hash); HASH_BYTES: the hash of two and more leaves
Tiles = dict[str, list[Slot]]


class BadTile(RecordError):
    """Stored bytes that are no tile of the heads map."""

    code = "bad_heads_tile"


class MapStore(Protocol):
    """Where tiles are kept, each under its prefix of hexadecimal digits; the prefix of the root is empty."""

    def read_tiles(self, prefixes: Collection[str]) -> Mapping[str, bytes]:
        """The stored tile of each of these prefixes that has one."""

    def write_tiles(self, tiles: Mapping[str, bytes]) -> None:
        """Keep these tiles in the place of those with the same prefix."""


class MemoryStore:
    """A `MapStore` in memory."""

    def __init__(self) -> None:
        self._tiles: dict[str, bytes] = {}

    def read_tiles(self, prefixes: Collection[str]) -> Mapping[str, bytes]:
        """The stored tile of each of these prefixes that has one."""
        return {prefix: self._tiles[prefix] for prefix in prefixes if prefix in self._tiles}

    def write_tiles(self, tiles: Mapping[str, bytes]) -> None:
        """Keep these tiles in the place of those with the same prefix."""
        self._tiles.update(tiles)


def encode_tile(slots: Sequence[Slot]) -> bytes:
    """The stored form of a tile: 16 bytes 0 (empty), 1 (leaf) or 2 (hash), then the leaves and hashes in order."""
    kinds = bytes([0 if slot is None else 1 if len(slot) == LEAF_BYTES else 2 for slot in slots])
    return kinds + b"".join([slot for slot in slots if slot is not None])


def parse_tile(stored: bytes) -> list[Slot]:
    """The slots that `encode_tile` wrote."""
    slots: list[Slot] = []
    at = FAN
    for kind in stored[:FAN]:
        end = at + (0, LEAF_BYTES, HASH_BYTES)[min(kind, 2)]
        slots.append(stored[at:end] or None)
        at = end
    if len(slots) != FAN or len(stored) != at or max(stored[:FAN]) > 2:
        raise BadTile("These bytes are no tile of the heads map. Rebuild the map from the log.")
    return slots


class HeadsMap:
    """The map over a store: `update` in batches, read, prove. One writer at a time, held by the store's transaction."""

    def __init__(self, store: MapStore) -> None:
        self._store = store

    def update(self, heads: Mapping[str, Head]) -> bytes:
        """The new 32-byte root, after these subjects got these heads."""
        leaves = sorted(_leaf(map_key(urn), head) for urn, head in heads.items())
        if not leaves:
            return self.root()
        written: dict[str, bytes] = {}
        root = _put(leaves, "", self._tiles_above(leaves), written)
        self._store.write_tiles(written)
        return root

    def root(self) -> bytes:
        """The 32-byte root; 32 zero bytes while there is no subject."""
        return _fold(_slots(self._tiles_above([]), ""))

    def get(self, urn: str) -> Head | None:
        """The head of a subject, or None where the map has no such subject."""
        key = map_key(urn)
        met = next(node.leaf for node in self._walk([key]) if isinstance(node, Met))
        return met.head() if met and met.key == key else None

    def prove(self, urn: str) -> HeadProof:
        """The proof that the subject has its head, or that the map has no such subject."""
        return self.prove_key(map_key(urn))

    def prove_key(self, key: bytes) -> HeadProof:
        """The same proof for who knows the 32-byte key of the subject and not its name."""
        return _single(int.from_bytes(key), self._walk([key]))

    def prove_all(self, urns: Iterable[str]) -> MapProof:
        """The shared proof of these subjects, whether the map has them or not (section 9)."""
        subjects = sorted(set(urns))
        return MapProof(tuple(subjects), tuple(self._walk(sorted(map(map_key, subjects)))))

    def _walk(self, keys: Sequence[bytes]) -> list[bytes | Met]:
        tiles = self._tiles_above(keys)
        return list(_nodes(_slots(tiles, ""), "", tiles, keys))

    def _tiles_above(self, keys: Sequence[bytes]) -> Tiles:
        """The root's tile and every tile on the ways of these sorted keys: upper levels in one read, then each."""
        tiles: Tiles = {}
        upper = self._store.read_tiles({""} | {key.hex()[:level] for key in keys for level in range(AT_ONCE)})
        level, wanted = 0, {"": keys}
        while wanted:
            stored = upper if level < AT_ONCE else self._store.read_tiles(wanted.keys())
            below = {}
            for prefix in wanted.keys() & stored.keys():
                slots = tiles[prefix] = parse_tile(stored[prefix])
                for digit, group in _by_digit(wanted[prefix], level):
                    if _is_subtree(slots[digit]):
                        below[prefix + DIGITS[digit]] = group
            level, wanted = level + 1, below
        return tiles


def _leaf(key: bytes, head: Head) -> bytes:
    return key + head.count.to_bytes(8) + digest_bytes(head.custody_hash)


def _parsed(leaf: bytes) -> MapLeaf:
    return MapLeaf(leaf[:32], int.from_bytes(leaf[32:40]), leaf[40:])


def _slots(tiles: Tiles, prefix: str) -> list[Slot]:
    return tiles.get(prefix) or [None] * FAN


def _is_subtree(slot: Slot) -> bool:
    return slot is not None and len(slot) == HASH_BYTES


def _by_digit(keys: Sequence[bytes], depth: int) -> Iterator[tuple[int, Sequence[bytes]]]:
    """Sorted keys (or leaves, which begin with their key) by the hexadecimal digit that follows the first `depth`."""
    byte, shift = depth >> 1, 0 if depth & 1 else 4
    for digit, group in groupby(keys, lambda key: key[byte] >> shift & 15):
        yield digit, list(group)


def _put(leaves: Sequence[bytes], prefix: str, tiles: Tiles, written: dict[str, bytes]) -> bytes:
    """The hash of the tile at this prefix after these sorted leaves came in; the tiles that change go to `written`."""
    slots = _slots(tiles, prefix)
    for digit, group in _by_digit(leaves, len(prefix)):
        slot = slots[digit]
        if slot is not None and not _is_subtree(slot) and all(leaf[:32] != slot[:32] for leaf in group):
            group = sorted((*group, slot))
        below = prefix + DIGITS[digit]
        slots[digit] = _put(group, below, tiles, written) if _is_subtree(slot) or len(group) > 1 else group[0]
    written[prefix] = encode_tile(slots)
    return _fold(slots)


def _fold(slots: Sequence[Slot]) -> bytes:
    """The hash of the subtree that is made of these slots (section 7): of one leaf, or of none, it is no node."""
    row = [_summed(slot) for slot in slots]
    while len(row) > 1:
        row = [
            (node_hash(left, right), True)
            if many_left or many_right or (left is not EMPTY and right is not EMPTY)
            else (right if left is EMPTY else left, False)
            for (left, many_left), (right, many_right) in zip(row[::2], row[1::2], strict=True)
        ]
    return row[0][0]


def _summed(slot: Slot) -> tuple[bytes, bool]:
    """The hash of what is in a slot, and whether it is of two leaves and more."""
    if slot is None:
        return EMPTY, False
    return (leaf_hash(slot), False) if len(slot) == LEAF_BYTES else (slot, True)


def _nodes(slots: Sequence[Slot], prefix: str, tiles: Tiles, keys: Sequence[bytes]) -> Iterator[bytes | Met]:
    """The nodes of the proof of these sorted keys, left first, below the subtree that is made of these slots."""
    depth = 4 * len(prefix) + 5 - len(slots).bit_length()
    there = [slot for slot in slots if slot is not None]
    if not keys:
        yield _fold(slots)
    elif not there:
        yield Met(depth, None)
    elif len(there) == 1 and not _is_subtree(there[0]):
        yield Met(depth, _parsed(there[0]))
    elif len(slots) == 1:
        below = keys[0].hex()[: len(prefix) + 1]
        yield from _nodes(_slots(tiles, below), below, tiles, keys)
    else:
        half = len(slots) // 2
        right = bisect_left(keys, 1, key=lambda key: key[depth >> 3] >> (7 - depth & 7) & 1)
        yield from _nodes(slots[:half], prefix, tiles, keys[:right])
        yield from _nodes(slots[half:], prefix, tiles, keys[right:])


def _single(way: int, nodes: Sequence[bytes | Met]) -> HeadProof:
    """The proof of one key out of a walk to it: what came before its end stands left of the way, the rest right."""
    at, met = next((n, node) for n, node in enumerate(nodes) if isinstance(node, Met))
    before, after = _hashes(nodes[:at]), _hashes(reversed(nodes[at + 1 :]))
    siblings = [next(before if way >> (KEY_BITS - 1 - depth) & 1 else after) for depth in range(met.depth)]
    bits = "".join("0" if each == EMPTY else "1" for each in siblings)
    bitmap = bytes(int(bits[n : n + 8].ljust(8, "0"), 2) for n in range(0, met.depth, 8))
    return HeadProof(met.depth, bitmap, tuple(each for each in siblings if each != EMPTY), met.leaf)


def _hashes(nodes: Iterable[bytes | Met]) -> Iterator[bytes]:
    return (node for node in nodes if isinstance(node, bytes))
