"""Factors in a bundle: those that results use, with the proof that they stand in the set that was signed (section 9).

`factors/<hex of the digest of factors.publish>.json` holds {factors, proof}: the objects sorted by id, and the
multi-proof that they are leaves of the RFC 6962 tree over the whole set. Nothing else of the set is shown.
"""

from collections.abc import Mapping, Sequence

from epd.lca.factors import FactorSet, factor_set, parse_factor
from traceability.ledger import canonical, merkle
from traceability.ledger.errors import RecordError
from traceability.ledger.merkle import Frontier, Multiproof

MAX_BYTES = 64 << 20
FOLDER = "factors"


class FactorsMismatch(RecordError):
    """Factors that are not those of the set that was signed."""

    code = "factors_mismatch"


def member_name(digest: str) -> str:
    """The member that holds factors of the set that the statement with this `sha256:` digest published."""
    return f"{FOLDER}/{digest.removeprefix('sha256:')}.json"


def write_member(all_factors: Mapping[str, bytes], used: Sequence[str]) -> bytes:
    """The member with the used factors of a set, which is given by id in canonical bytes."""
    ids = sorted(all_factors)
    leaves = [merkle.leaf_hash(all_factors[one]) for one in ids]
    wanted = set(used)
    indexes = [place for place, one in enumerate(ids) if one in wanted]
    proof = merkle.make_multiproof(len(leaves), indexes, lambda level, index: _subtree(leaves, level, index))
    factors = [canonical.parse(all_factors[ids[place]]) for place in indexes]
    return canonical.encode({"factors": factors, "proof": proof.to_value()})


def _subtree(leaves: Sequence[bytes], level: int, index: int) -> bytes:
    frontier = Frontier()
    frontier.extend(leaves[index << level : (index + 1) << level])
    return frontier.root()


def read_member(content: bytes, published: Mapping[str, object]) -> FactorSet:
    """The factors of a member as a set, proved against the opened body of `factors.publish`."""
    value = canonical.parse(content, max_bytes=MAX_BYTES)
    rows, proof = value.get("factors"), value.get("proof")
    if value.keys() != {"factors", "proof"} or not isinstance(rows, list) or not isinstance(proof, dict):
        raise FactorsMismatch("Factors of a bundle are {factors, proof}.")
    factors = [parse_factor(row if isinstance(row, dict) else {}, path=f"/factors/{n}") for n, row in enumerate(rows)]
    shown = Multiproof.from_value(proof)
    if len(shown.indexes) != len(factors) or shown.size != published["count"]:
        raise FactorsMismatch("The proof is for other factors than those that are shown.")
    leaves = {index: merkle.leaf_hash(factor.canonical) for index, factor in zip(shown.indexes, factors, strict=True)}
    root = merkle.root_from_multiproof(shown.size, leaves, shown.hashes)
    if f"sha256:{root.hex()}" != published["root"]:
        raise FactorsMismatch("These factors do not stand in the set that was signed.")
    return factor_set(str(published["name"]), str(published["version"]), factors)
