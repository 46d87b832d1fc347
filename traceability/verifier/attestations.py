"""What attestations say, and where those of trusted auditors stand in for values that are withheld (section 3)."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from traceability.verifier.doubts import is_doubtful
from traceability.verifier.facts import Entry, Facts, Topic, incomplete, warning
from traceability.verifier.trust import NO_TRUST


@dataclass(frozen=True, slots=True)
class Opinion:
    """One attestation in its newest version, of one statement."""

    organisation: str
    where: str
    scope: frozenset[str]
    conforms: bool


class Attestations:
    """All opinions that count by the digest of the statement that they name; of doubtful keys none counts.

    Nobody attests what he said himself: for that his own signature stands already.
    """

    def __init__(self, facts: Facts) -> None:
        self._opinions: dict[str, list[Opinion]] = {}
        for entry in facts.effective():
            if entry.statement.kind == "statement.attest" and not is_doubtful(facts, entry):
                for digest, opinion in _opinions(facts, entry):
                    self._opinions.setdefault(digest, []).append(opinion)

    def on(self, digest: str) -> tuple[Opinion, ...]:
        """What was said of a version of a statement."""
        return tuple(self._opinions.get(digest, ()))

    def conforming(self, digest: str, scope: str, organisations: Collection[str]) -> tuple[str, ...]:
        """Those of the organisations who say that this version conforms, within this scope."""
        return tuple(
            sorted(
                {
                    one.organisation
                    for one in self.on(digest)
                    if one.conforms and scope in one.scope and one.organisation in organisations
                }
            )
        )


def _opinions(facts: Facts, entry: Entry) -> Iterator[tuple[str, Opinion]]:
    version = facts.world.effective(entry.statement.digest)
    if version is None or version.withdrawn:
        return
    body = version.body
    opinion = Opinion(
        entry.statement.issuer, entry.name, frozenset(_texts(body["scope"])), body["opinion"] == "conforms"
    )
    for digest in _texts(body["statements"]):
        named = facts.by_digest.get(digest)
        if named is None or named.statement.issuer != entry.statement.issuer:
            yield digest, opinion


def _texts(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []


def check_withheld(facts: Facts) -> None:
    """Every rule of matter that needs a withheld value is attested, or not established."""
    attestations = Attestations(facts)
    auditors = (facts.trust or NO_TRUST).auditors or {}
    for entry in facts.effective():
        facts.count("withheld", len(entry.withheld))
        digest = entry.statement.digest
        if entry.established or _is_superseded(facts, entry):
            continue
        if attestations.conforming(digest, "matter", auditors):
            facts.count("attested")
            continue
        sentence = (
            "Masses or contents are withheld, so its rules cannot be judged, and no auditor of yours attested it."
        )
        facts.say(Topic.WITHHELD, incomplete("not_established", entry.name, sentence))
    _check_objections(facts, attestations, auditors)


def _is_superseded(facts: Facts, entry: Entry) -> bool:
    """Whether a newer version of the statement, or its withdrawal, counts instead."""
    version = facts.world.effective(entry.statement.digest)
    return version is not None and (version.withdrawn or version.newest != entry.statement.digest)


def _check_objections(facts: Facts, attestations: Attestations, auditors: Collection[str]) -> None:
    """An auditor whom the reader trusts says that a statement does not conform."""
    for entry in facts.effective():
        for one in attestations.on(entry.statement.digest):
            if not one.conforms and one.organisation in auditors:
                name = (facts.trust or NO_TRUST).name(one.organisation)
                facts.say(Topic.WITHHELD, warning("auditor_objects", entry.name, f"{name} says: it does not conform."))
