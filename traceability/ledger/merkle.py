"""The append-only tree of the log: RFC 6962 section 2.1 and RFC 9162 section 2.1, with SHA-256.

A complete subtree is named by (level, index): it covers the leaves [index << level, (index + 1) << level).
Whoever stores such hashes (tiles.py cuts them in tiles) hands over a `ReadSubtree`; every proof is made from it.
Checks raise one error per cause and return what they computed.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise

from traceability.ledger.errors import RecordError
from traceability.ledger.identifiers import b64url_decode, b64url_encode
from traceability.ledger.immutable import immutable

HASH_BYTES = 32
MAX_SIZE = 2**63 - 1
EMPTY_ROOT = sha256(b"").digest()

ReadSubtree = Callable[[int, int], bytes]


class BadHash(RecordError):
    """A hash that is not 32 bytes long."""

    code = "bad_hash"


class BadTreeSize(RecordError):
    """A tree size that cannot be, or two sizes between which no consistency can be shown."""

    code = "bad_tree_size"


class BadFrontier(RecordError):
    """Stored bytes that are no frontier."""

    code = "bad_frontier"


class BadIndexes(RecordError):
    """Listed indexes that are not ascending, not in the tree, or none at all."""

    code = "bad_indexes"


class IndexOutsideTree(RecordError):
    """A leaf index that the tree of this size does not have."""

    code = "index_outside_tree"


class WrongPathLength(RecordError):
    """A path with more or fewer hashes than (index, size) demands."""

    code = "wrong_path_length"


class RootMismatch(RecordError):
    """The proof leads to another root than the one claimed."""

    code = "root_mismatch"


class SpareHash(RecordError):
    """A proof with a hash that no step of the check uses."""

    code = "spare_hash"


class MissingHash(RecordError):
    """A proof that ends before the check does."""

    code = "missing_hash"


class BadMultiproof(RecordError):
    """A value that is no multi-proof."""

    code = "bad_multiproof"


def leaf_hash(entry: bytes) -> bytes:
    """The 32-byte hash of a leaf, SHA-256(0x00 | entry) (RFC 6962 section 2.1)."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The 32-byte hash of an inner node, SHA-256(0x01 | left | right) (RFC 6962 section 2.1)."""
    return sha256(b"\x01" + left + right).digest()


def check_hashes(hashes: Iterable[bytes]) -> None:
    """Nothing when every hash has 32 bytes."""
    for position, found in enumerate(hashes):
        if len(found) != HASH_BYTES:
            raise BadHash(f"A hash has {HASH_BYTES} bytes, this one has {len(found)}.", path=f"/{position}")


@immutable
class TreeHead:
    """The size of a tree in leaves and its root hash."""

    size: int
    root: bytes

    def __post_init__(self) -> None:
        if not 0 <= self.size <= MAX_SIZE:
            raise BadTreeSize(f"A tree has 0 to 2^63-1 leaves, not {self.size}.", path="/size")
        check_hashes([self.root])


class Frontier:
    """The roots of the complete subtrees of a growing tree, the widest first: all that appending needs."""

    __slots__ = ("_peaks", "size")

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def append(self, leaf: bytes) -> None:
        """Add the hash of the next leaf."""
        carry = self.size
        while carry & 1:
            leaf = node_hash(self._peaks.pop(), leaf)
            carry >>= 1
        self._peaks.append(leaf)
        self.size += 1

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add the hashes of the next leaves; one pass per level, which is faster than leaf by leaf."""
        row = list(leaves)
        carry, self.size = self.size, self.size + len(row)
        new_peaks: list[bytes] = []
        while row:
            if carry & 1:
                row.insert(0, self._peaks.pop())
            if len(row) & 1:
                new_peaks.append(row.pop())
            row = [sha256(b"\x01" + left + right).digest() for left, right in zip(row[::2], row[1::2], strict=True)]
            carry >>= 1
        self._peaks += reversed(new_peaks)

    def root(self) -> bytes:
        """The 32-byte root of the tree so far (RFC 6962 section 2.1: MTH)."""
        return _fold_right(self._peaks) if self._peaks else EMPTY_ROOT

    def head(self) -> TreeHead:
        """Size and root of the tree so far."""
        return TreeHead(self.size, self.root())

    def to_bytes(self) -> bytes:
        """The size as 8 big-endian bytes, then the subtree roots, the widest first."""
        return self.size.to_bytes(8) + b"".join(self._peaks)

    @classmethod
    def from_bytes(cls, stored: bytes) -> "Frontier":
        """The frontier that `to_bytes` wrote."""
        found = cls()
        found.size = int.from_bytes(stored[:8])
        found._peaks = [stored[at : at + HASH_BYTES] for at in range(8, len(stored), HASH_BYTES)]
        if len(stored) != 8 + HASH_BYTES * found.size.bit_count():
            raise BadFrontier("These bytes are no frontier. Rebuild it from the leaves.")
        return found


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The 32-byte root over leaf hashes (RFC 6962 section 2.1)."""
    frontier = Frontier()
    frontier.extend(leaves)
    return frontier.root()


# Making proofs


def inclusion_path(index: int, size: int, read_subtree: ReadSubtree) -> tuple[bytes, ...]:
    """The hashes beside the way from a leaf to the root, the leaf's sibling first (RFC 9162 section 2.1.3.1)."""
    _check_index(index, size)
    path = []
    start, end = 0, size
    while end - start > 1:
        split = _split(start, end)
        if index < split:
            path.append(_range_root(split, end, read_subtree))
            end = split
        else:
            path.append(_range_root(start, split, read_subtree))
            start = split
    return tuple(reversed(path))


def consistency_path(old_size: int, new_size: int, read_subtree: ReadSubtree) -> tuple[bytes, ...]:
    """The hashes that show the old tree to be the start of the new one (RFC 9162 section 2.1.4.1)."""
    _check_growth(old_size, new_size)
    path = []
    start, end = 0, new_size
    while end != old_size:
        split = _split(start, end)
        if old_size <= split:
            path.append(_range_root(split, end, read_subtree))
            end = split
        else:
            path.append(_range_root(start, split, read_subtree))
            start = split
    if start:
        path.append(_range_root(start, end, read_subtree))
    return tuple(reversed(path))


# Checking proofs


def root_from_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root to which the path leads from this leaf hash at this index of this size (RFC 9162 section 2.1.3.2)."""
    _check_index(index, size)
    check_hashes([leaf, *path])
    inner = (index ^ (size - 1)).bit_length()
    wanted = inner + (index >> inner).bit_count()
    if len(path) != wanted:
        raise WrongPathLength(f"Leaf {index} of {size} needs {wanted} hashes, the path has {len(path)}.")
    node = leaf
    for level, sibling in enumerate(path):
        from_left = level >= inner or index >> level & 1
        node = node_hash(sibling, node) if from_left else node_hash(node, sibling)
    return node


def verify_inclusion(leaf: bytes, index: int, path: Sequence[bytes], head: TreeHead) -> None:
    """Nothing when the leaf hash stands at this index of the tree; size and root come from a signed checkpoint."""
    if root_from_inclusion(leaf, index, head.size, path) != head.root:
        raise RootMismatch(f"The proof does not lead from leaf {index} to the root of size {head.size}.")


def verify_consistency(old: TreeHead, new: TreeHead, path: Sequence[bytes]) -> None:
    """Nothing when the new tree starts with the old one (RFC 9162 section 2.1.4.2). An old size of 0 shows nothing."""
    _check_growth(old.size, new.size)
    check_hashes(path)
    old_root, new_root = _roots_from_consistency(old, new.size, path)
    if old_root != old.root:
        raise RootMismatch(f"The proof does not lead to the root of size {old.size}.", path="/old")
    if new_root != new.root:
        raise RootMismatch(f"The proof does not lead to the root of size {new.size}.", path="/new")


def _roots_from_consistency(old: TreeHead, new_size: int, path: Sequence[bytes]) -> tuple[bytes, bytes]:
    if old.size == new_size:
        _check_path_used(len(path), 0)
        return old.root, old.root
    # The path starts at the widest complete subtree that ends where the old tree ends; when that is the whole old
    # tree, its root is known and left out.
    level = (old.size & -old.size).bit_length() - 1
    index, last = (old.size - 1) >> level, (new_size - 1) >> level
    rest = list(path) if index else [old.root, *path]
    inner = (index ^ last).bit_length()
    _check_path_used(len(rest), 1 + inner + (index >> inner).bit_count())
    old_root = new_root = rest[0]
    for height, sibling in enumerate(rest[1:]):
        if height >= inner or index >> height & 1:
            old_root, new_root = node_hash(sibling, old_root), node_hash(sibling, new_root)
        else:
            new_root = node_hash(new_root, sibling)
    return old_root, new_root


# One proof for many leaves


@dataclass(frozen=True, slots=True)
class Multiproof:
    """Shows the leaves at the listed indexes of one tree (record format section 9: {size, indexes, hashes})."""

    size: int
    indexes: tuple[int, ...]
    hashes: tuple[bytes, ...]

    def to_value(self) -> dict[str, object]:
        """The JSON object of `proofs/inclusion.json`; hashes as base64url, an empty list is left out."""
        value: dict[str, object] = {"size": self.size, "indexes": list(self.indexes)}
        return value | ({"hashes": [b64url_encode(each) for each in self.hashes]} if self.hashes else {})

    @classmethod
    def from_value(cls, value: Mapping[str, object]) -> "Multiproof":
        """The multi-proof in a parsed JSON object with exactly these members."""
        size, indexes, hashes = value.get("size"), value.get("indexes"), value.get("hashes", [])
        known = {"size", "indexes", "hashes"} if hashes else {"size", "indexes"}
        if value.keys() != known or not isinstance(indexes, list) or not isinstance(hashes, list):
            raise BadMultiproof("A multi-proof has exactly size, indexes and, unless there is none, hashes.")
        if type(size) is not int or any(type(each) is not int for each in indexes):
            raise BadMultiproof("Size and indexes of a multi-proof are integers.")
        decoded = tuple(b64url_decode(each, size=HASH_BYTES, path=f"/hashes/{n}") for n, each in enumerate(hashes))
        _check_indexes(size, indexes)
        return cls(size, tuple(indexes), decoded)


def make_multiproof(size: int, indexes: Iterable[int], read_subtree: ReadSubtree) -> Multiproof:
    """The multi-proof of the leaves at these indexes: left first, one hash per maximal subtree without any of them."""
    listed = sorted(set(indexes))
    _check_indexes(size, listed)
    hashes = tuple(_range_root(start, end, read_subtree) for start, end in _unlisted(size, listed))
    return Multiproof(size, tuple(listed), hashes)


def root_from_multiproof(size: int, leaves: Mapping[int, bytes], hashes: Sequence[bytes]) -> bytes:
    """The root to which the hashes lead from these leaf hashes by index; every hash is used, and none is wanting."""
    listed = sorted(leaves)
    _check_indexes(size, listed)
    check_hashes(leaves.values())
    check_hashes(hashes)
    supply = iter(hashes)

    def root(start: int, end: int, low: int, high: int) -> bytes:
        if low == high:
            found = next(supply, None)
            if found is None:
                raise MissingHash("The multi-proof has fewer hashes than its indexes need.")
            return found
        if end - start == 1:
            return leaves[start]
        split = _split(start, end)
        middle = bisect_left(listed, split, low, high)
        return node_hash(root(start, split, low, middle), root(split, end, middle, high))

    found = root(0, size, 0, len(listed))
    if next(supply, None) is not None:
        raise SpareHash("The multi-proof has more hashes than its indexes need.")
    return found


def _unlisted(size: int, listed: Sequence[int]) -> Iterator[tuple[int, int]]:
    waiting = [(0, size, 0, len(listed))]
    while waiting:
        start, end, low, high = waiting.pop()
        if low == high:
            yield start, end
        elif end - start > 1:
            split = _split(start, end)
            middle = bisect_left(listed, split, low, high)
            waiting += [(split, end, middle, high), (start, split, low, middle)]


# What all of them share


def _split(start: int, end: int) -> int:
    """Where RFC 6962 parts [start, end): the greatest power of two below its length."""
    return start + (1 << (end - start - 1).bit_length() - 1)


def _range_root(start: int, end: int, read_subtree: ReadSubtree) -> bytes:
    """The root of [start, end), a range that RFC 6962 splitting gives, from complete subtrees."""
    peaks = []
    while start < end:
        level = (end - start).bit_length() - 1
        peaks.append(read_subtree(level, start >> level))
        start += 1 << level
    return _fold_right(peaks)


def _fold_right(peaks: Sequence[bytes]) -> bytes:
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = node_hash(peak, root)
    return root


def _check_index(index: int, size: int) -> None:
    if not 0 <= index < size <= MAX_SIZE:
        raise IndexOutsideTree(f"A tree of {size} leaves has no leaf {index}.")


def _check_indexes(size: int, listed: Sequence[int]) -> None:
    if not listed or any(after <= before for before, after in pairwise(listed)):
        raise BadIndexes("List at least one index, each once, in ascending order.", path="/indexes")
    _check_index(listed[0], size)
    _check_index(listed[-1], size)


def _check_growth(old_size: int, new_size: int) -> None:
    if not 0 < old_size <= new_size <= MAX_SIZE:
        raise BadTreeSize(f"No consistency can be shown from size {old_size} to size {new_size}.")


def _check_path_used(found: int, wanted: int) -> None:
    if found != wanted:
        raise WrongPathLength(f"These sizes need {wanted} hashes, the path has {found}.")
