"""Proofs of the newest statement of a subject: the sparse map of record-format.md section 7 "Heads", seen by a reader.

The map is a binary tree over SHA-256 keys. A subtree without a leaf hashes to 32 zero bytes, a subtree of one leaf is
that leaf, every other one is a node of its two halves. Two proofs lead to its root: one subject with the siblings on
its way (`HeadProof`), many subjects with the hashes between them (`MapProof`, section 9: `heads/map.json`).
"""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise

from traceability.ledger.errors import RecordError
from traceability.ledger.identifiers import b64url_decode, b64url_encode, check_digest, check_urn, digest_bytes
from traceability.ledger.immutable import immutable
from traceability.ledger.merkle import HASH_BYTES, MissingHash, RootMismatch, SpareHash, check_hashes, node_hash

KEY_BITS = 256
MAX_COUNT = 2**64 - 1
EMPTY = bytes(HASH_BYTES)


class BadHead(RecordError):
    """A head that no subject can have."""

    code = "bad_head"


class BadHeadProof(RecordError):
    """A value that is no proof of a head."""

    code = "bad_head_proof"


class NotCompact(RecordError):
    """A map in which a subtree of one leaf is not that leaf."""

    code = "heads_not_compact"


class LeafElsewhere(RecordError):
    """The leaf met does not lie on the way of the subject."""

    code = "heads_leaf_elsewhere"


@immutable
class Head:
    """How many statements a subject has, and its newest custody hash as `sha256:`."""

    count: int
    custody_hash: str

    def __post_init__(self) -> None:
        check_digest(self.custody_hash, path="/hash")
        _check_count(self.count)


@immutable
class MapLeaf:
    """One entry of the map: 32-byte key, number of statements, 32-byte custody hash."""

    key: bytes
    count: int
    custody_hash: bytes

    def __post_init__(self) -> None:
        check_hashes((self.key, self.custody_hash))
        _check_count(self.count)

    def hash(self) -> bytes:
        """SHA-256(0x00 | key | u64 count | custody hash), 32 bytes (section 7)."""
        return sha256(b"\x00" + self.key + self.count.to_bytes(8) + self.custody_hash).digest()

    def head(self) -> Head:
        """What the entry says of its subject."""
        return Head(self.count, f"sha256:{self.custody_hash.hex()}")

    def position(self) -> int:
        """The key as a number: its bits, most significant first, are the way from the root."""
        return int.from_bytes(self.key)


@immutable
class Met:
    """What stands at `depth` on the way of a listed subject: its leaf, another's, or nothing."""

    depth: int
    leaf: MapLeaf | None


@dataclass(frozen=True, slots=True)
class HeadProof:
    """The way of one subject (section 7): `bitmap` tells, root first, which siblings are not empty; these follow."""

    depth: int
    bitmap: bytes
    siblings: tuple[bytes, ...]
    leaf: MapLeaf | None

    def __post_init__(self) -> None:
        bits = int.from_bytes(self.bitmap)
        spare = 8 * len(self.bitmap) - self.depth
        if not 0 <= self.depth <= KEY_BITS or not 0 <= spare < 8 or bits & (1 << spare) - 1:
            raise BadHeadProof("The bitmap has one bit for each of 0 to 256 levels.", path="/bitmap")
        if bits.bit_count() != len(self.siblings) or EMPTY in self.siblings:
            raise BadHeadProof("There is one sibling for each bit that is set.", path="/siblings")
        if self.depth and not bits >> spare & 1:
            raise NotCompact("The last sibling is empty: the proof ends higher up.", path="/bitmap")
        check_hashes(self.siblings)

    def levels(self) -> list[bytes]:
        """The siblings from the root on, with the empty ones."""
        supply = iter(self.siblings)
        return [next(supply) if self.bitmap[n >> 3] >> (7 - (n & 7)) & 1 else EMPTY for n in range(self.depth)]

    def to_value(self) -> dict[str, object]:
        """The JSON object of the proof; empty members are left out."""
        value: dict[str, object] = {"depth": self.depth}
        if self.depth:
            value["bitmap"] = b64url_encode(self.bitmap)
            value["siblings"] = [b64url_encode(each) for each in self.siblings]
        return value | ({"leaf": _leaf_value(self.leaf)} if self.leaf else {})

    @classmethod
    def from_value(cls, value: Mapping[str, object]) -> "HeadProof":
        """The proof in a parsed JSON object with exactly these members."""
        depth, siblings = _integer(value, "depth"), value.get("siblings", [])
        expected = {"depth"} | ({"bitmap", "siblings"} if depth else set()) | ({"leaf"} & value.keys())
        if value.keys() != expected or not isinstance(siblings, list):
            raise BadHeadProof("A proof has depth, then bitmap and siblings unless it is 0, and the leaf met.")
        bitmap = b64url_decode(value["bitmap"], path="/bitmap") if depth else b""
        hashes = tuple(_hash(each, f"/siblings/{n}") for n, each in enumerate(siblings))
        return cls(depth, bitmap, hashes, _leaf(value["leaf"], "/leaf") if "leaf" in value else None)


@dataclass(frozen=True, slots=True)
class MapProof:
    """The ways of many subjects in one walk from the root, left first (section 9).

    A maximal subtree without a listed subject gives its hash; where the way of a listed one ends stands what was met.
    """

    subjects: tuple[str, ...]
    nodes: tuple[bytes | Met, ...]

    def __post_init__(self) -> None:
        if not self.subjects or any(before >= after for before, after in pairwise(self.subjects)):
            raise BadHeadProof("List at least one subject, each once, in ascending order.", path="/subjects")

    def to_value(self) -> dict[str, object]:
        """The JSON object of `heads/map.json`."""
        nodes = [b64url_encode(each) if isinstance(each, bytes) else _met_value(each) for each in self.nodes]
        return {"subjects": list(self.subjects), "nodes": nodes}

    @classmethod
    def from_value(cls, value: Mapping[str, object]) -> "MapProof":
        """The proof in a parsed JSON object with exactly these members."""
        subjects, nodes = value.get("subjects"), value.get("nodes")
        if value.keys() != {"subjects", "nodes"} or not isinstance(subjects, list) or not isinstance(nodes, list):
            raise BadHeadProof("A shared proof has exactly subjects and nodes.")
        urns = tuple(check_urn(each, path=f"/subjects/{n}") for n, each in enumerate(subjects))
        return cls(urns, tuple(_node(each, f"/nodes/{n}") for n, each in enumerate(nodes)))


def map_key(urn: str) -> bytes:
    """The 32-byte key of a subject, SHA-256("lodestone-subject/1" LF urn) (section 7)."""
    return sha256(f"lodestone-subject/1\n{urn}".encode()).digest()


def verify_head(proof: HeadProof, urn: str, root: bytes) -> Head | None:
    """The head of the subject under this map root, or None where the proof shows that the map has no such subject."""
    key = map_key(urn)
    way = int.from_bytes(key)
    if proof.leaf and _differ_above(proof.leaf.position(), way, proof.depth):
        raise LeafElsewhere("The leaf met does not share the first bits of the subject's key.", path="/leaf")
    node = proof.leaf.hash() if proof.leaf else EMPTY
    for depth, sibling in reversed(list(enumerate(proof.levels()))):
        node = node_hash(sibling, node) if way >> (KEY_BITS - 1 - depth) & 1 else node_hash(node, sibling)
    if node != root:
        raise RootMismatch("The proof does not lead to the root of the heads map.")
    return proof.leaf.head() if proof.leaf and proof.leaf.key == key else None


def verify_heads(proof: MapProof, root: bytes) -> dict[str, Head | None]:
    """The head of each listed subject under this map root, None for those that it does not have (section 9)."""
    reading = _Reading(proof)
    if reading.subtree(0, 0, 0, len(proof.subjects))[0] != root:
        raise RootMismatch("The shared proof does not lead to the root of the heads map.")
    if reading.at != len(proof.nodes):
        raise SpareHash("The shared proof has more nodes than its subjects need.", path=f"/nodes/{reading.at}")
    return {urn: reading.heads.get(map_key(urn)) for urn in proof.subjects}


class _Reading:
    """One walk over the nodes of a shared proof: its place, and the heads met so far by key."""

    def __init__(self, proof: MapProof) -> None:
        self.nodes = proof.nodes
        self.at = 0
        self.ways = sorted(int.from_bytes(map_key(urn)) for urn in proof.subjects)
        self.heads: dict[bytes, Head] = {}

    def subtree(self, depth: int, prefix: int, low: int, high: int) -> tuple[bytes, bool]:
        """The hash of the subtree that holds the ways low to high, and whether it is seen to have at most one leaf."""
        if self.at == len(self.nodes):
            raise MissingHash("The shared proof has fewer nodes than its subjects need.", path="/nodes")
        node, path = self.nodes[self.at], f"/nodes/{self.at}"
        if low == high:
            self.at += 1
            return _unlisted(node, path)
        if isinstance(node, Met) and node.depth == depth:
            self.at += 1
            return self._met(node, prefix, path)
        if depth == KEY_BITS:
            raise BadHeadProof("The way of a subject does not end here.", path=path)
        half = prefix | 1 << (KEY_BITS - 1 - depth)
        middle = bisect_left(self.ways, half, low, high)
        left, few_left = self.subtree(depth + 1, prefix, low, middle)
        right, few_right = self.subtree(depth + 1, half, middle, high)
        if few_left and few_right and EMPTY in (left, right):
            raise NotCompact("A node joins a leaf and nothing: the leaf belongs higher up.", path=path)
        return node_hash(left, right), False

    def _met(self, node: Met, prefix: int, path: str) -> tuple[bytes, bool]:
        if node.leaf is None:
            return EMPTY, True
        if _differ_above(node.leaf.position(), prefix, node.depth):
            raise LeafElsewhere("The leaf met does not lie in the subtree that it stands for.", path=path)
        self.heads[node.leaf.key] = node.leaf.head()
        return node.leaf.hash(), True


def _unlisted(node: bytes | Met, path: str) -> tuple[bytes, bool]:
    if isinstance(node, Met):
        raise BadHeadProof("A subtree without a listed subject gives its hash.", path=path)
    return node, node == EMPTY


def _differ_above(one: int, other: int, depth: int) -> bool:
    """Whether two keys differ in their first `depth` bits."""
    return (one ^ other) >> (KEY_BITS - depth) != 0


def _check_count(count: int) -> None:
    if not 1 <= count <= MAX_COUNT:
        raise BadHead("A subject in the map has at least one statement.", path="/count")


def _integer(value: Mapping[str, object], name: str) -> int:
    found = value.get(name)
    if type(found) is not int:
        raise BadHeadProof(f"The proof has {name} as an integer.", path=f"/{name}")
    return found


def _hash(value: object, path: str) -> bytes:
    return b64url_decode(value, size=HASH_BYTES, path=path)


def _leaf_value(leaf: MapLeaf) -> dict[str, object]:
    return {"key": b64url_encode(leaf.key), "count": leaf.count, "hash": f"sha256:{leaf.custody_hash.hex()}"}


def _leaf(value: object, path: str) -> MapLeaf:
    if not isinstance(value, dict) or value.keys() != {"key", "count", "hash"}:
        raise BadHeadProof("A leaf has exactly key, count and hash.", path=path)
    hash_ = digest_bytes(check_digest(value["hash"], path=f"{path}/hash"))
    return MapLeaf(_hash(value["key"], f"{path}/key"), _integer(value, "count"), hash_)


def _met_value(met: Met) -> dict[str, object]:
    return {"depth": met.depth} | (_leaf_value(met.leaf) if met.leaf else {})


def _node(value: object, path: str) -> bytes | Met:
    if not isinstance(value, dict):
        return _hash(value, path)
    depth = _integer(value, "depth")
    rest = {name: each for name, each in value.items() if name != "depth"}
    return Met(depth, _leaf(rest, path) if rest else None)
