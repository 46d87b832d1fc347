"""Whether two bundles come from one history of the log (`--consistent-with`): nobody was shown another one.

The checkpoints of a bundle lead to its newest one, which the verifier has proven. So two bundles come from one history
when the newest checkpoint of the smaller one stands in the other, or when a consistency proof leads from it there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from traceability.ledger import merkle
from traceability.ledger.errors import RecordError
from traceability.ledger.identifiers import b64_decode
from traceability.ledger.merkle import TreeHead
from traceability.verifier.facts import Facts
from traceability.verifier.report import Verdict

ORDER: Final = (Verdict.INVALID, Verdict.INCOMPLETE, Verdict.VALID_WITH_WARNINGS, Verdict.VALID)


@dataclass(frozen=True, slots=True)
class Together:
    """What is said of two bundles: a verdict, a code that never changes, a sentence."""

    verdict: Verdict
    code: str
    sentence: str

    def to_value(self) -> dict[str, object]:
        """The answer as JSON."""
        return {"verdict": self.verdict.value, "code": self.code, "sentence": self.sentence}


def compare(one: Facts | None, other: Facts | None, proof: Sequence[bytes] | None = None) -> Together:
    """Whether two bundles, each verified by itself under the same policy, come from one history."""
    if one is None or other is None or one.checkpoint is None or other.checkpoint is None:
        return _open("history_not_compared", "One of the bundles has no checkpoint that could be compared.")
    if one.checkpoint.origin != other.checkpoint.origin:
        return _open("other_log", "The bundles come from two logs, so there is nothing to compare.")
    if forked := _fork(one, other):
        return forked
    old, new = sorted((one.checkpoint.head, other.checkpoint.head), key=lambda head: head.size)
    if old.size in _roots(one) and old.size in _roots(other):
        return _shown(old, new)
    if proof is None:
        place = f"consistency/{old.size}/{new.size}"
        return _open("history_not_established", f"Give the proof of the log at {place} with --consistency.")
    try:
        merkle.verify_consistency(old, new, proof)
    except RecordError as error:
        return Together(
            Verdict.INVALID, "consistency_not_shown", f"The proof does not show one history. {error.sentence}"
        )
    return _shown(old, new)


def read_proof(content: bytes) -> list[bytes]:
    """The hashes of a proof as the log serves it, one base64 line each."""
    return [b64_decode(line) for line in content.decode("ascii", "replace").split("\n") if line]


def worst(verdicts: Sequence[Verdict]) -> Verdict:
    """The verdict that counts of several."""
    return next(one for one in ORDER if one in verdicts)


def _roots(facts: Facts) -> dict[int, bytes]:
    """The roots that a bundle shows, by size."""
    heads = [signed.checkpoint.head for signed in facts.earlier.values()]
    heads += [] if facts.checkpoint is None else [facts.checkpoint.head]
    return {head.size: head.root for head in heads}


def _fork(one: Facts, other: Facts) -> Together | None:
    roots, others = _roots(one), _roots(other)
    for size in sorted(roots.keys() & others.keys()):
        if roots[size] != others[size]:
            sentence = f"The log signed two trees of {size} leaves: keep both bundles, they prove it."
            return Together(Verdict.INVALID, "history_forked", sentence)
    for index in sorted(one.leaves.keys() & other.leaves.keys()):
        if one.leaves[index] != other.leaves[index]:
            sentence = f"Two statements stand at entry {index} of the log: keep both bundles, they prove it."
            return Together(Verdict.INVALID, "history_forked", sentence)
    return None


def _shown(old: TreeHead, new: TreeHead) -> Together:
    sentence = f"Both come from one history: the tree of {old.size} leaves is the start of that of {new.size}."
    return Together(Verdict.VALID, "one_history", sentence)


def _open(code: str, sentence: str) -> Together:
    return Together(Verdict.INCOMPLETE, code, sentence)
