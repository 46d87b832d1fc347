"""One statement at the door: are its disclosures, digests, signatures and rules right; what does it change."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final

from traceability.acceptance import matter
from traceability.acceptance.decide import Decision, decide
from traceability.acceptance.errors import ValueErased
from traceability.acceptance.versions import corrected_body
from traceability.acceptance.world import Body
from traceability.ledger import closed, keys
from traceability.ledger.closed import DigestTwice
from traceability.ledger.statement import Statement
from traceability.services.errors import SpareDisclosure
from traceability.services.reading import Read
from traceability.services.rows_world import RowsWorld, Said

Check = Callable[[Statement, Body, RowsWorld], None]
CHECKS: Final[dict[str, Check]] = {}
"""Rules of the rooms above, by kind of statement; config/wiring.py fills them (results and declarations).

A correction is checked with the body that it claims, by the rule of what it corrects.
"""


@dataclass(frozen=True, slots=True)
class Judged:
    """A statement that may be said, and what it changes."""

    said: Said
    opened: Body
    decision: Decision
    kind: str  # of the original, where it corrects one
    digests: Mapping[str, str]  # of the confidential values, by place
    kept: frozenset[str]  # digests of the replaced version that a correction repeats


def judge(said: Said, world: RowsWorld, *, index: int, read: Read | None) -> Judged:
    """What a statement changes, or the refusal; it is then part of the picture.

    `read` is the envelope that it stands in, None where nothing is signed yet.
    """
    statement, kind = said.statement, corrected_kind(said.statement, world)
    opened, withheld, digests = closed.open_places(statement.content, said.disclosures)
    if spare := said.disclosures.keys() - set(digests.values()):
        number = next(n for n, digest in enumerate(said.disclosures) if digest in spare)
        raise SpareDisclosure("A disclosure belongs to no field of this statement.", path=f"/disclosures/{number}")
    kept = _kept_digests(statement, digests, world)
    matter.require_disclosed(kind, withheld)
    body = opened["body"] if isinstance(opened["body"], dict) else {}
    if read is not None:
        read.check_signers(keys.signers(statement, world.ring))
    values = {digest: one.value for digest, one in said.disclosures.items()}
    decision = decide(statement, body, world, index=index, disclosed=values, withheld=withheld)
    if not decision.established:
        raise ValueErased("Values that this rests on were erased, so it cannot be judged any more.", path="/body")
    if kind in CHECKS and statement.kind != "statement.void":
        CHECKS[kind](statement, corrected_body(body) if statement.kind == "statement.correct" else body, world)
    world.stage(said, body, decision)
    world.digests.update(digests.values())
    if decision.ring is not None:
        world.rings[decision.ring.organisation] = decision.ring
    return Judged(said, body, decision, kind, digests, kept)


def corrected_kind(statement: Statement, world: RowsWorld) -> str:
    """The kind of the original that a correction or void names; of other statements their own."""
    named = statement.body.get("replaces") or statement.body.get("voids")
    original = world.effective(str(named)) if statement.kind in ("statement.correct", "statement.void") else None
    return statement.kind if original is None else original.original.kind


def _kept_digests(statement: Statement, digests: Mapping[str, str], world: RowsWorld) -> frozenset[str]:
    """The digests that a correction repeats; one that stands elsewhere in the batch is refused."""
    before = world.places_of(str(statement.body["newest"])) if statement.kind == "statement.correct" else {}
    kept = {digest for place, digest in digests.items() if before.get(place.replace("/body/as/", "/", 1)) == digest}
    require_unused({digest: place for place, digest in digests.items() if digest not in kept}, world.digests)
    return frozenset(kept)


def require_unused(places: Mapping[str, str], used: Collection[str]) -> None:
    """Refuses a digest that stands in the log already; `places` says where it stands now."""
    for digest, place in places.items():
        if digest in used:
            raise DigestTwice(
                "This digest stands in the record already. Close the value with a fresh salt.", path=place
            )
