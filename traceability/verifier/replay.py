"""Everything said once more, in the order of the log, by the rules of the door (acceptance.decide; sections 5 to 7).

Whatever a rule of open fields forbids has no effect, here as in the log. Whether the log left it aside too, or built
on it, shows when the heads of all chains are compared with the signed map: the first is `refused_leaf`, the second
makes the bundle INVALID.
"""

from dataclasses import dataclass

from traceability.acceptance import decide, matter
from traceability.acceptance.decide import Ruling
from traceability.acceptance.errors import HeadMoved
from traceability.acceptance.world import Head
from traceability.ledger import keys
from traceability.ledger.errors import RecordError
from traceability.ledger.keys import KeyStateError
from traceability.ledger.signing import BadSignature
from traceability.ledger.statement import Chain, Statement
from traceability.verifier.facts import Entry, Facts, Topic, incomplete, invalid, warning
from traceability.verifier.log import operator_of
from traceability.verifier.report import Finding, found


@dataclass(frozen=True, slots=True)
class Refused:
    """A statement without effect, and the rule that it breaks."""

    entry: Entry
    error: RecordError


def replay(facts: Facts) -> None:
    """Builds up the world of the bundle; then compares it with the heads that the log signed."""
    world = facts.world
    world.origin = facts.checkpoint.origin if facts.checkpoint else ""
    world.operator = operator_of(facts)
    refused: list[Refused] = []
    for entry in facts.entries.values():
        if entry.reached:
            try:
                _take(facts, entry)
            except RecordError as error:
                entry.refused = True
                refused.append(Refused(entry, error))
        elif entry.statement.kind == "log.heads":
            _check_heads_signer(facts, entry)
    _compare_heads(facts)
    for one in refused:
        _judge(facts, one)


def _take(facts: Facts, entry: Entry) -> None:
    """The effect of one statement, or the RecordError of the open rule that it breaks."""
    statement, world = entry.statement, facts.world
    unseen = [_next_head(facts, statement, chain) for chain in statement.chains if _is_unseen(facts, chain)]
    if not entry.known:
        return _take_unknown(facts, statement)
    keys.signers(statement, world.ring)
    ruling = decide.rule(statement, world, index=entry.index, disclosed=entry.disclosed)
    if not entry.signed:
        raise BadSignature("The signatures of this statement do not hold.")
    _note_custody_of_key(facts, entry)
    _observe(facts, entry)
    world.rule(ruling, unseen)
    _weigh(facts, entry, ruling)
    return None


def _observe(facts: Facts, entry: Entry) -> None:
    kind = entry.statement.kind
    if kind == "statement.correct":
        corrected = facts.world.effective(str(entry.statement.body["replaces"]))
        kind = corrected.original.kind if corrected is not None else kind
    observer = facts.observers.get(kind)
    if observer is not None:
        observer(facts, entry)


def _is_unseen(facts: Facts, chain: Chain) -> bool:
    """Whether a chain that must be whole goes on after a kind that this version does not know."""
    return chain.subject in facts.required and not facts.world.sees(chain.subject)


def _next_head(facts: Facts, statement: Statement, chain: Chain) -> Head:
    return decide.advance_chain(statement, chain, facts.world)


def _take_unknown(facts: Facts, statement: Statement) -> None:
    """A kind that this version does not know: its chains go on, and what it did to their subjects is not known."""
    carried = [chain for chain in statement.chains if chain.subject in facts.required]
    for head in [_next_head(facts, statement, chain) for chain in carried]:
        facts.world.lose_sight(head)


def _weigh(facts: Facts, entry: Entry, ruling: Ruling) -> None:
    """What the statement does to masses and elements, as far as its values are disclosed."""
    statement, world = entry.statement, facts.world
    whole = not matter.withheld_for_rules(statement.kind, entry.withheld)
    try:
        decision = decide.weigh(statement, entry.body, world, ruling, withheld=entry.withheld)
    except RecordError as error:
        facts.fail(_topic_of(statement), error, entry.name)
        world.lose_matter(statement, ruling)
        world.say(statement, entry.body, whole=False)
        return
    world.accept(statement, entry.body, decision, whole=whole)
    entry.established = decision.established
    for one in decision.findings:
        facts.say(_TOPICS.get(one.code, _topic_of(statement)), warning(one.code, entry.name + one.path, one.sentence))


def _topic_of(statement: Statement) -> Topic:
    return Topic.CLAIMS if statement.kind.startswith("account.") else Topic.BALANCE


_TOPICS = {
    "settled_alone": Topic.RECEIPTS,
    "cancelled_alone": Topic.RECEIPTS,
    "back_dated": Topic.RECEIPTS,
    "built_on_corrected": Topic.CHAINS,
    "model_raised": Topic.CLAIMS,
    "account_short": Topic.CLAIMS,
}


def _note_custody_of_key(facts: Facts, entry: Entry) -> None:
    """Whether the operator could have made this signature (section 6)."""
    ring = facts.world.ring(entry.statement.issuer)
    if ring is None:
        held = entry.statement.body.get("custody") == "holder"
    else:
        held = ring.holder_held()
        if ring.under_operator_key():
            facts.count(f"operator key of {entry.statement.issuer}")
    facts.count("statements")
    if not held:
        facts.count("under platform keys")
        facts.count(f"platform keys of {entry.statement.issuer}")


def _check_heads_signer(facts: Facts, entry: Entry) -> None:
    """The heads are signed by a key of the operator that is active after all leaves before them."""
    try:
        keys.signers(entry.statement, facts.world.ring)
    except RecordError as error:
        return facts.fail(Topic.KEYS, error, entry.name)
    return None


def _compare_heads(facts: Facts) -> None:
    """Every chain ends as the signed map says (section 7, Heads)."""
    for subject in sorted(facts.required):
        here = facts.world.head(subject)
        if subject not in facts.map_heads:
            sentence = "No proof shows that this chain ends here: later statements may have been left out."
            facts.say(Topic.SOURCE, incomplete("completeness_not_established", subject, sentence))
        elif not agrees(facts, subject):
            facts.say(Topic.CHAINS, _difference(facts, subject, here))


def agrees(facts: Facts, subject: str) -> bool:
    """Whether a chain ends here as the log signed it."""
    here, signed = facts.world.head(subject), facts.map_heads.get(subject)
    ours = None if here is None else (here.seq + 1, here.custody_hash)
    theirs = None if signed is None else (signed.count, signed.custody_hash)
    return ours == theirs


def _difference(facts: Facts, subject: str, here: Head | None) -> Finding:
    signed = facts.map_heads[subject]
    have = 0 if here is None else here.seq + 1
    count = 0 if signed is None else signed.count
    if count > have:
        return invalid("chain_cut", subject, f"The log has {count} statements on this chain, the bundle shows {have}.")
    if count < have:
        sentence = f"The bundle shows {have} statements on this chain, the heads of the log say {count}."
        return invalid("heads_differ", subject, sentence)
    return invalid("heads_differ", subject, "The newest statement is another one than the heads of the log say.")


def _judge(facts: Facts, one: Refused) -> None:
    """An error of the operator that had no effect is shown; one that the log built on makes the bundle INVALID."""
    entry, error = one.entry, one.error
    if isinstance(error, BadSignature):
        return  # said already, where the signature was checked
    subjects = [chain.subject for chain in entry.statement.chains if chain.subject in facts.required]
    if all(subject in facts.map_heads and agrees(facts, subject) for subject in subjects):
        sentence = f"It stands in the log, but has no effect, because it breaks a rule. {error.sentence}"
        facts.say(Topic.CHAINS, warning("refused_leaf", entry.name, sentence))
        return
    topic = Topic.KEYS if isinstance(error, KeyStateError) else Topic.CHAINS
    facts.say(topic, found(error, entry.name, code=_code_of(error, entry.statement)))


def _code_of(error: RecordError, statement: Statement) -> str:
    """The door's `head_moved` is, in a bundle, a gap, a fork, or a wrong link."""
    if not isinstance(error, HeadMoved):
        return error.code
    chain = statement.chain(str(error.fields["subject"]))
    expected = int(error.fields["seq"])
    if chain is None or chain.seq == expected:
        return "chain_broken"
    return "chain_gap" if chain.seq > expected else "chain_fork"
