"""Statements in the doubtful window of a key that was revoked later, and who confirmed them (section 6)."""

from collections.abc import Iterator, Mapping

from traceability.ledger import keys
from traceability.verifier.facts import Entry, Facts, Topic, note, warning
from traceability.verifier.trust import NO_TRUST


def check_windows(facts: Facts) -> None:
    """A finding for each statement that a thief of its key could have made."""
    entries = [*facts.effective(), *(one for one in facts.entries.values() if one.statement.kind == "log.heads")]
    confirmations = _confirmations(facts)
    for entry in entries:
        revoked_at = _revoked_at(facts, entry)
        if revoked_at is not None:
            _say(facts, entry, revoked_at, confirmations.get(entry.statement.digest, []))


def is_doubtful(facts: Facts, entry: Entry) -> bool:
    """Whether a key that signed the statement, or the version of it that counts now, may have been a thief's then."""
    return any(_revoked_at(facts, one) is not None for one in (entry, _newest(facts, entry)))


def _newest(facts: Facts, entry: Entry) -> Entry:
    """The version of a statement that counts now."""
    version = facts.world.effective(entry.statement.digest)
    return entry if version is None else facts.by_digest.get(version.newest, entry)


def _revoked_at(facts: Facts, entry: Entry) -> int | None:
    """The log index at which the first of the doubtful keys of a statement was ended; None when all are good."""
    signers = [(entry.statement.issuer, entry.statement.key)]
    signers += [(one.organisation, one.key) for one in entry.statement.cosigners]
    ends = [record.ended for record in _records(facts, signers) if keys.in_doubt(record, entry.index)]
    return min((end for end in ends if end is not None), default=None)


def _records(facts: Facts, signers: list[tuple[str, str]]) -> Iterator[keys.KeyRecord]:
    for organisation, key in signers:
        ring = facts.world.ring(organisation)
        if ring is not None and key in ring.keys:
            yield ring.keys[key]


def _confirmations(facts: Facts) -> Mapping[str, list[Entry]]:
    """Receipts and attestations by the digest that they name."""
    found: dict[str, list[Entry]] = {}
    for entry in facts.effective():
        for digest in _confirmed(facts, entry):
            found.setdefault(digest, []).append(entry)
    return found


def _confirmed(facts: Facts, entry: Entry) -> Iterator[str]:
    if entry.statement.kind == "lot.receive":
        yield str(entry.statement.body["dispatch"])
    elif entry.statement.kind == "statement.attest":
        version = facts.world.effective(entry.statement.digest)
        if version is not None and not version.withdrawn and version.body["opinion"] == "conforms":
            named = version.body["statements"]
            yield from (str(digest) for digest in (named if isinstance(named, list) else ()))


def _say(facts: Facts, entry: Entry, revoked_at: int, confirmations: list[Entry]) -> None:
    issuer, trust = entry.statement.issuer, facts.trust or NO_TRUST
    good = [one for one in confirmations if not is_doubtful(facts, one)]
    if any(one.statement.issuer == issuer and _newest(facts, one).index > revoked_at for one in good):
        sentence = "Its key was in doubt then; its issuer attested it again under another key."
        return facts.say(Topic.KEYS, note("signed_in_compromise_window_repaired", entry.name, sentence))
    before = [one for one in good if _newest(facts, one).index < revoked_at]
    others = sorted({one.statement.issuer for one in before} - {issuer})
    if not others:
        sentence = "It was signed in the time in which its key may have been in the hands of a thief."
        return facts.say(Topic.KEYS, warning("signed_in_compromise_window", entry.name, sentence))
    sentence = f"Its key was in doubt then; confirmed by {', '.join(trust.name(one) for one in others)}."
    say = note if any(trust.lists(one) for one in others) else warning
    return facts.say(Topic.KEYS, say("signed_in_compromise_window_confirmed_by", entry.name, sentence))
