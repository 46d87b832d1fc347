"""Lots that came from another log: the bundle that each import names is verified as one of its own, inside this one.

The reader's policy must list the other log. Its quorum is asked of THE checkpoint of the outer bundle alone.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from traceability.acceptance.imports import KIND, dispatched_lot
from traceability.acceptance.world import ForeignLot
from traceability.ledger.bundle import evidence_name, read_bundle
from traceability.ledger.errors import RecordError
from traceability.ledger.moments import format_moment
from traceability.ledger.policy import NO_QUORUM, Policy
from traceability.material.step import OTHER_STAGE
from traceability.verifier.facts import Entry, Facts, Topic, incomplete, invalid, warning
from traceability.verifier.provenance import provenance
from traceability.verifier.report import Asked, Finding, Level
from traceability.verifier.stages import check_members

MOST_DEPTH = 4
"""Bundles within bundles that are opened."""
_SAY = {Level.INVALID: invalid, Level.INCOMPLETE: incomplete, Level.WARNING: warning}
_CODES = {
    Level.INVALID: "import_invalid",
    Level.INCOMPLETE: "import_not_established",
    Level.WARNING: "import_warning",
}
Gather = Callable[[Facts], Facts]


def read_imports(facts: Facts, gather: Gather) -> None:
    """Verifies each bundle that an import names, before anything is replayed; `gather` runs all stages on it."""
    named: dict[str, Entry] = {}
    for entry in facts.entries.values():
        if entry.reached and entry.known and entry.statement.kind == KIND:
            named.setdefault(str(entry.statement.body["bundle"]), entry)
    for digest, entry in named.items():
        _read(facts, entry, digest, gather)


def _read(facts: Facts, entry: Entry, digest: str, gather: Gather) -> None:
    name = evidence_name(digest)
    if name not in facts.bundle.members or facts.depth >= MOST_DEPTH:
        sentence = "The bundle of the other log is not here, so nothing is known of the lot before its import."
        return facts.say(Topic.SOURCE, incomplete("import_not_established", entry.name, sentence))
    facts.used.add(name)
    try:
        inner = read_bundle(io.BytesIO(facts.bundle.read(name)))
    except RecordError as error:
        return facts.fail(Topic.SOURCE, error, name, code="import_invalid")
    policy = None if facts.policy is None else _of_log(facts.policy, str(entry.statement.body["log"]))
    asked = Asked(at=facts.asked.at)
    found = gather(Facts(inner, policy, facts.trust, asked, facts.observers, depth=facts.depth + 1))
    check_members(found)
    _repeat(facts, entry, found.all_findings())
    proven = foreign_lot(found)
    if proven is None:
        sentence = "The newest statement on the lot in the bundle of the other log is no dispatch out of it."
        return facts.say(Topic.SOURCE, invalid("import_invalid", entry.name, sentence))
    facts.world.foreigns[digest] = proven
    return None


def _of_log(policy: Policy, origin: str) -> Policy:
    """What a policy says of one log: its keys, and the keys of its own time."""
    logs = tuple(one for one in policy.logs if one.name == origin)
    own = {name: key for name, key in policy.witnesses.items() if key.name.startswith(f"{origin}/")}
    return replace(policy, logs=logs, witnesses=own, groups={}, quorum=NO_QUORUM)


def _repeat(facts: Facts, entry: Entry, findings: tuple[Finding, ...]) -> None:
    """Says once for each level what is wrong in the other bundle."""
    for level, say in _SAY.items():
        found = [one for one in findings if one.level is level]
        if found:
            more = f" And {len(found) - 1} more." if len(found) > 1 else ""
            sentence = f"In the bundle of the other log: {found[0].sentence}{more}"
            facts.say(Topic.SOURCE, say(_CODES[level], entry.name, sentence))


def foreign_lot(facts: Facts) -> ForeignLot | None:
    """What a verified bundle proves of its lot; None where its newest statement is no dispatch to another log."""
    found = dispatched_lot(facts.world, facts.target)
    if found is None:
        return None
    found, proven = replace(found, steps=tuple(dict.fromkeys(_steps(facts)))), provenance(facts)
    return found if proven is None else replace(found, shares=proven.elements, sources=proven.sources)


@dataclass(frozen=True, slots=True)
class Change:
    """Something that was said in another log of a lot, or of what went into it, after it was dispatched from there."""

    kind: str
    statement: str
    lots: tuple[str, ...]
    issuer: str
    issued_at: str
    reason: str


CHANGING = frozenset({"lot.recall", "statement.correct", "statement.void", "lot.dispatch_cancel"})


def changes_since(facts: Facts, dispatch: str) -> tuple[Change, ...] | None:
    """What a verified bundle tells of its lot that changes it after this dispatch, in log order.

    `dispatch` is the digest of the statement. None where the bundle does not hold it as a dispatch of its lot.
    """
    sent = facts.by_digest.get(dispatch)
    if sent is None or sent.refused or sent.statement.body.get("lot") != facts.target:
        return None
    later = (one for one in facts.effective() if one.index > sent.index and one.statement.kind in CHANGING)
    return tuple(one for entry in later if (one := _change(entry, frozenset(facts.lots))).lots)


def _change(entry: Entry, lots: frozenset[str]) -> Change:
    said = entry.statement
    about = tuple(sorted({one.subject for one in said.chains} & lots))
    reason = str(said.body.get("reason", ""))
    return Change(said.kind, said.digest, about, said.issuer, format_moment(said.issued_at), reason)


def _steps(facts: Facts) -> Iterator[tuple[str, str, str]]:
    """Word, country and stage of each step on the ways into the target."""
    for version in facts.world.versions.values():
        made = [one.subject for one in version.original.chains if one.role == "output" and one.subject in facts.lots]
        if version.withdrawn or not made:
            continue
        if version.original.kind == KIND:
            before = facts.world.foreigns.get(str(version.body["bundle"]))
            yield from before.steps if before else ()
        lot = facts.world.lot(made[0])
        yield from ((one.step, one.country, lot.stage if lot else OTHER_STAGE) for one in version.process)
