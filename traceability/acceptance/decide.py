"""What may be said next: one pure decision, taken at the door before a statement is stored and again by the verifier.

It joins the rooms: chains, keys and custody (ledger) and masses and elements (material).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from traceability.acceptance import claims, dates, imports, matter, subjects, versions
from traceability.acceptance.errors import ForeignLog, HeadMoved, HeadsPassNoQueue, NotRegistered
from traceability.acceptance.subjects import ENDS_DECLARATION
from traceability.acceptance.world import AccountRecord, Body, Head, LotRecord, World
from traceability.ledger import custody, keys
from traceability.ledger.immutable import immutable
from traceability.ledger.shapes import Disclosed
from traceability.ledger.statement import Chain, Statement, custody_hash
from traceability.material.balance import Balance
from traceability.material.findings import Finding


@dataclass(frozen=True, slots=True)
class Decision:
    """What an accepted statement changes."""

    heads: tuple[Head, ...]
    lots: Mapping[str, LotRecord]
    ring: keys.KeyRing | None
    findings: tuple[Finding, ...]
    established: bool = True  # False where a rule of matter needs a value that is withheld here
    balance: Balance | None = None  # of a transform with process
    accounts: Mapping[str, AccountRecord] = field(default_factory=dict)


@immutable
class Ruling:
    """What a statement changes as far as its open fields tell: chains, keys and custody."""

    heads: tuple[Head, ...]
    lots: Mapping[str, custody.LotCustody]
    ring: keys.KeyRing | None
    findings: tuple[Finding, ...]


def decide(
    statement: Statement,
    opened: Body,
    world: World,
    *,
    index: int,
    disclosed: Disclosed,
    withheld: Collection[str] = (),
) -> Decision:
    """The changes that a statement makes, or the RecordError that names the rule it breaks.

    `opened` is its body with all disclosures at hand in place: the values in `disclosed`, by digest. `withheld` names
    the places of the others. `index` is its place in the log (at the door: the least that it can get).
    Signatures are checked by the caller, against `keys.signers`.
    """
    return weigh(statement, opened, world, rule(statement, world, index=index, disclosed=disclosed), withheld=withheld)


def rule(statement: Statement, world: World, *, index: int, disclosed: Disclosed) -> Ruling:
    """What its open fields decide: everybody who has the payload comes to the same answer."""
    if statement.kind == "log.heads":
        raise HeadsPassNoQueue("Only the log itself says log.heads.", path="/kind")
    _check_registered(statement, world)
    _check_origin(statement, world)
    ring = _advance_keys(statement, world, index)
    heads = tuple(advance_chain(statement, chain, world) for chain in statement.chains if world.sees(chain.subject))
    versions.check(statement, world, disclosed)
    subjects.check_named(statement, world)
    imports.check_open(statement, world)
    step = _advance_custody(statement, world)
    dates.require_made(statement, statement.occurred_to, world, path="/occurred_to")
    findings = (
        *(_custody_finding(code) for code in step.findings),
        *dates.back_dated(statement, statement.occurred_to, world, path="/occurred_to"),
    )
    claims.check_open(statement, world)
    lots = {urn: lot for urn, lot in step.lots.items() if world.sees(urn)}
    return Ruling(heads, lots, ring, findings)


def weigh(
    statement: Statement, opened: Body, world: World, ruling: Ruling, *, withheld: Collection[str] = ()
) -> Decision:
    """The whole decision, once open fields have decided: masses and elements, as far as they are disclosed."""
    imports.check_matter(statement, opened, world)
    after = matter.advance(statement, opened, ruling.lots, world, withheld=withheld)
    whole = not matter.withheld_for_rules(statement.kind, withheld)
    claimed = claims.advance(statement, opened, world, whole=whole)
    findings = (*after.findings, *claimed.findings, *ruling.findings)
    established = after.established and claimed.established
    return Decision(ruling.heads, after.lots, ruling.ring, findings, established, after.balance, claimed.records)


def _advance_keys(statement: Statement, world: World, index: int) -> keys.KeyRing | None:
    if statement.kind not in keys.KEY_KINDS:
        return None
    ring = world.ring(keys.subject_organisation(statement))
    return keys.advance(statement, index, ring, operator=world.operator, owner_of=world.owner_of_key)


def _check_registered(statement: Statement, world: World) -> None:
    if statement.kind != "organisation.register" and world.ring(statement.issuer) is None:
        raise NotRegistered("The organisation must register with its key first.", path="/issuer")


def _check_origin(statement: Statement, world: World) -> None:
    if statement.seen.origin != world.origin:
        raise ForeignLog("This statement was made for another log and cannot be replayed here.", path="/seen/origin")


def _advance_custody(statement: Statement, world: World) -> custody.CustodyStep:
    if statement.kind not in versions.KINDS and any(
        chain.role == "lot" and not world.sees(chain.subject) for chain in statement.chains
    ):
        return custody.NO_STEP
    return custody.advance(
        statement, lambda urn: _custody_of(urn, statement, world), lambda digest: _original(world, digest)
    )


def _custody_of(urn: str, statement: Statement, world: World) -> custody.LotCustody | None:
    """What is known of a lot; one that is not seen here is taken for what the statement says it is."""
    if world.sees(urn):
        lot = world.lot(urn)
        return None if lot is None else lot.custody
    chain = statement.chain(urn)
    if chain is not None and chain.role == "output":
        return None
    return custody.presumed(urn, statement)


def _original(world: World, digest: str) -> Statement | None:
    found = world.effective(digest)
    return None if found is None else found.original


def advance_chain(statement: Statement, chain: Chain, world: World) -> Head:
    """The head of one chain after a statement; HeadMoved when it does not follow the head before."""
    head = world.head(chain.subject)
    expected = (0, None) if head is None else (head.seq + 1, head.custody_hash)
    if (chain.seq, chain.previous) != expected:
        raise HeadMoved(
            "Somebody added to this chain first. Read its new head and sign again.",
            path="/chains",
            subject=chain.subject,
            seq=expected[0],
            previous=expected[1] or "",
        )
    subjects.check_chain(statement, chain, head, world)
    after = custody_hash(chain.subject, chain.seq, statement.digest)
    if head is None:
        return Head(chain.subject, statement.issuer, statement.kind, 0, after)
    return replace(head, seq=chain.seq, custody_hash=after, ended=head.ended or statement.kind in ENDS_DECLARATION)


_SENTENCES = {
    "cancelled_alone": "The dispatch was cancelled without the receiver's signature.",
    "settled_alone": "The weighed difference was settled by the receiver alone, at the lower mass.",
}


def _custody_finding(code: str) -> Finding:
    return Finding(code, _SENTENCES[code])
