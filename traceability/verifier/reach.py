"""Which statements belong to the story of a lot, and whose chains must be whole (section 9, Bundle members).

The lots: the target, or those that the steps of a reference made, all that went into them, and what came of a step on
their chains that was declared void, because whether it may be void shows on its outputs alone. The organisations:
issuers and cosigners of all that is carried.
A claims account from which is claimed of the target is whole, too; the lots that were credited to it are not.
Attestations, factor sets and declarations stand on subjects of their own and are carried for what they speak of.
"""

from collections.abc import Iterable, Iterator

from traceability.acceptance.versions import corrected_body
from traceability.ledger.kinds.accounts import CLAIM
from traceability.verifier.facts import Entry, Facts

DRAWS = ("input", "input_rest")
REFERENCE = "declaration.reference"


def find_reach(facts: Facts) -> None:
    """Marks the statements that are reached from the target, and names the subjects whose chains must be whole."""
    reach = _Reach(facts.entries.values())
    facts.lots = tuple(reach.lots(facts.target))
    operators = {one.statement.issuer for one in facts.entries.values() if one.statement.kind == "log.heads"}
    facts.required = reach.subjects(
        (facts.target, *facts.lots, *sorted(operators), *sorted(reach.accounts(facts.target)))
    )
    facts.world.seen = set(facts.required)
    facts.world.carried = frozenset(entry.statement.digest for entry in facts.entries.values())
    for entry in facts.entries.values():
        entry.reached = any(chain.subject in facts.required for chain in entry.statement.chains)


class _Reach:
    """The statements by subject, and by the digest or subject that they speak of."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.on: dict[str, list[Entry]] = {}
        self.about: dict[str, list[Entry]] = {}
        self.voided: set[str] = set()
        for entry in entries:
            for chain in entry.statement.chains:
                self.on.setdefault(chain.subject, []).append(entry)
            for named in _spoken_of(entry):
                self.about.setdefault(named, []).append(entry)
            if entry.statement.kind == "statement.void":
                self.voided.add(str(entry.statement.body["voids"]))

    def lots(self, target: str) -> Iterator[str]:
        """The target first, then all lots that went into it, and the outputs of steps that were declared void."""
        seen = {target}
        waiting = [target]
        while waiting:
            lot = waiting.pop()
            entries = self.on.get(lot, ())
            if not any(entry.statement.kind == REFERENCE for entry in entries):
                yield lot
            for entry in entries:
                found = set(self._beside(entry, lot)) - seen
                seen |= found
                waiting += sorted(found)

    def _beside(self, entry: Entry, lot: str) -> Iterator[str]:
        if entry.statement.kind == REFERENCE:
            yield from self._of_reference(entry)
            return
        chain = entry.statement.chain(lot)
        if chain is not None and chain.role == "output":
            yield from (one.subject for one in entry.statement.chains if one.role in DRAWS)
        elif chain is not None and chain.role in DRAWS and entry.statement.digest in self.voided:
            yield from (one.subject for one in entry.statement.chains if one.role == "output")

    def _of_reference(self, entry: Entry) -> Iterator[str]:
        """The lots of the steps from which a reference is computed."""
        source = entry.statement.body["computed_from"]
        named = set(source["statements"]) if isinstance(source, dict) else set()
        for other in (one for entries in self.on.values() for one in entries if one.statement.digest in named):
            yield from (one.subject for one in other.statement.chains if one.role in ("output", "lot"))

    def accounts(self, target: str) -> set[str]:
        """The claims accounts from which is claimed of the target."""
        claims = (entry for entry in self.on.get(target, ()) if entry.statement.kind == CLAIM)
        return {chain.subject for entry in claims for chain in entry.statement.chains if chain.role == "subject"}

    def subjects(self, lots: Iterable[str]) -> frozenset[str]:
        """All subjects whose chains must be whole."""
        found: set[str] = set()
        waiting = list(lots)
        while waiting:
            subject = waiting.pop()
            if subject in found:
                continue
            found.add(subject)
            waiting += _subjects_of(self.about.get(subject, ()))
            for entry in self.on.get(subject, ()):
                waiting += _organisations(entry)
                waiting += _cited(entry)
                waiting += _subjects_of(self.about.get(entry.statement.digest, ()))
                for digest in _factor_sets(entry):
                    waiting += _subjects_of(self.about.get(f"factors {digest}", ()))
        return frozenset(found)


def _subjects_of(entries: Iterable[Entry]) -> Iterator[str]:
    return (chain.subject for entry in entries for chain in entry.statement.chains)


def _cited(entry: Entry) -> Iterator[str]:
    """The reference that the declaration of a lot cites."""
    cited = entry.statement.body.get("reference")
    if entry.statement.kind == "declaration.publish" and isinstance(cited, dict):
        yield str(cited["declaration"])


def _organisations(entry: Entry) -> Iterator[str]:
    yield entry.statement.issuer
    if entry.statement.kind == "lot.import":  # who signs it second is of another log
        return
    yield from (one.organisation for one in entry.statement.cosigners)


def _factor_sets(entry: Entry) -> Iterator[str]:
    """The factor sets that a result or declaration, or a correction of one, names."""
    for body in (entry.body, corrected_body(entry.body)):
        named = body.get("factors")
        if isinstance(named, str):
            yield named


def _spoken_of(entry: Entry) -> Iterator[str]:
    """For whose sake a statement on a subject of its own is carried: the digests or subjects that it speaks of."""
    body = entry.statement.body
    match entry.statement.kind:
        case "statement.attest":
            named = body["statements"]
            yield from (str(digest) for digest in (named if isinstance(named, list) else ()))
        case "organisation.attest":
            yield str(body["organisation"])
        case "declaration.publish":
            yield str(body["lot"])
        case "factors.publish" | "statement.correct":
            yield f"factors {entry.statement.digest}"
