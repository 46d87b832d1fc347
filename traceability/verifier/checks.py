"""The numbered checks of traceability over what the stages gathered; `run` makes the report of them and of others."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import BinaryIO

from traceability.ledger.bundle import Bundle, read_bundle
from traceability.ledger.errors import RecordError
from traceability.ledger.policy import NO_QUORUM, Policy
from traceability.material.shares import country_shares
from traceability.verifier import (
    attestations,
    balances,
    books,
    certificates,
    claims,
    doubts,
    entries,
    imports,
    log,
    reach,
    replay,
    stages,
)
from traceability.verifier.facts import Facts, Observer, Topic
from traceability.verifier.provenance import provenance
from traceability.verifier.report import (
    Asked,
    CheckResult,
    Finding,
    Group,
    Level,
    Outcome,
    Report,
    Stood,
    Word,
    found,
    moment_of,
    word_of,
)
from traceability.verifier.trust import NO_TRUST, Trust


@dataclass(frozen=True, slots=True)
class Check:
    """One check: what it looks at, where the format asks for it, and how it comes to its outcome."""

    group: Group
    name: str
    clause: str
    examine: Callable[[Facts], Outcome]
    observes: Mapping[str, Observer] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Examined:
    """A report, and what was known of the bundle when it was made; None of a broken archive."""

    report: Report
    facts: Facts | None


def run(
    bundle: Bundle,
    trust: Trust | None,
    policy: Policy | None,
    *,
    asked: Asked,
    checks: Sequence[Check],
) -> Report:
    """The report on a bundle; `checks` in the order of their numbers. Reads no clock and no network."""
    return examined(bundle, trust, policy, asked=asked, checks=checks)[0]


def examined(
    bundle: Bundle,
    trust: Trust | None,
    policy: Policy | None,
    *,
    asked: Asked,
    checks: Sequence[Check],
) -> tuple[Report, Facts]:
    """The report on a bundle, and all that the bundle shows."""
    observers = {kind: observer for check in checks for kind, observer in check.observes.items()}
    facts = gather(Facts(bundle, policy, trust, asked, observers))
    outcomes = {check.name: check.examine(facts) for check in checks if check.name != DOCUMENTS}
    stages.check_members(facts)  # the other checks mark the members that they reach
    outcomes |= {check.name: check.examine(facts) for check in checks if check.name == DOCUMENTS}
    results = tuple(_result(number, check, outcomes[check.name]) for number, check in enumerate(checks, start=1))
    return Report(_stood(facts), asked, (trust or NO_TRUST).greatest_age, results), facts


def run_file(
    file: BinaryIO,
    trust: Trust | None,
    policy: Policy | None,
    *,
    asked: Asked,
    checks: Sequence[Check],
) -> Report:
    """The report on a bundle in a file; a broken archive is INVALID like any other broken thing."""
    return examine_file(file, trust, policy, asked=asked, checks=checks).report


def examine_file(
    file: BinaryIO,
    trust: Trust | None,
    policy: Policy | None,
    *,
    asked: Asked,
    checks: Sequence[Check],
) -> Examined:
    """The same with what it rests on: nothing, where the archive is broken."""
    try:
        bundle = read_bundle(file)
    except RecordError as error:
        return Examined(_unreadable(error, trust, asked, checks), None)
    return Examined(*examined(bundle, trust, policy, asked=asked, checks=checks))


def _unreadable(error: RecordError, trust: Trust | None, asked: Asked, checks: Sequence[Check]) -> Report:
    broken = Outcome(error.sentence, (found(error, ""),))
    other = Outcome("The archive is broken, so this was not looked at.", (), Word.NOT_ESTABLISHED)
    results = tuple(
        _result(number, check, broken if check.name == DOCUMENTS else other)
        for number, check in enumerate(checks, start=1)
    )
    return Report(Stood(), asked, (trust or NO_TRUST).greatest_age, results)


def gather(facts: Facts) -> Facts:
    """Everything that the bundle shows, with the findings of all stages, each of which rests on those before it."""
    for stage in (
        log.read_checkpoints,
        entries.read_statements,
        reach.find_reach,
        log.check_inclusion,
        log.check_heads_leaf,
        log.check_earlier,
        partial(imports.read_imports, gather=gather),
        replay.replay,
        balances.check_balances,
        stages.check_trust,
        stages.check_key_custody,
        doubts.check_windows,
        stages.check_target,
        stages.check_sources,
        stages.check_receipts,
        attestations.check_withheld,
        stages.check_documents,
        stages.check_age,
        certificates.check_certificates,
    ):
        stage(facts)
    return facts


def _result(number: int, check: Check, outcome: Outcome) -> CheckResult:
    return CheckResult(
        number, check.group, check.name, check.clause, word_of(outcome), outcome.sentence, outcome.findings
    )


def _stood(facts: Facts) -> Stood:
    checkpoint, signed = facts.checkpoint, facts.signed
    cosigned_at = None if signed is None else signed.cosigned_at
    return Stood(
        target=facts.target,
        custody_hash=facts.bundle.custody_hash,
        origin="" if checkpoint is None else checkpoint.origin,
        size=None if checkpoint is None else checkpoint.size,
        as_of=None if cosigned_at is None else moment_of(cosigned_at),
    )


# What each check says


def _signatures(facts: Facts) -> Outcome:
    count = facts.counted("signatures")
    return _outcome(facts, Topic.SIGNATURES, f"{count} signatures match their bytes and keys.")


def _issuers(facts: Facts) -> Outcome:
    sentence = f"{len(facts.world.rings)} organisations registered before they signed."
    if facts.trust is not None and facts.trust.organisations is None:
        sentence += " Your trust file names none, so whoever registered with this log counts."
    return _outcome(facts, Topic.ISSUERS, sentence)


def _keys(facts: Facts) -> Outcome:
    platform, all_of_them = facts.counted("under platform keys"), facts.counted("statements")
    sentence = "Each key was in force at the log position of what it signed."
    if platform:
        sentence += f" {platform} of {all_of_them} statements were signed with keys that the operator holds."
    return _outcome(facts, Topic.KEYS, sentence)


def _chains(facts: Facts) -> Outcome:
    return _outcome(
        facts, Topic.CHAINS, f"{len(facts.lots)} lots, no gap in their statements, each names the one before."
    )


def _in_the_log(facts: Facts) -> Outcome:
    size = "none" if facts.checkpoint is None else f"{facts.checkpoint.size}"
    return _outcome(
        facts, Topic.LOG, f"Inclusion of {len(facts.leaves)} statements recomputed against checkpoint {size}."
    )


def _documents(facts: Facts) -> Outcome:
    named, matching = facts.counted("documents"), facts.counted("documents that match")
    sentence = f"The archive is exact. {matching} of {named} attached documents match."
    return _outcome(facts, Topic.DOCUMENTS, sentence if named else "The archive is exact. No document is attached.")


def _witness(facts: Facts) -> Outcome:
    if facts.policy is None:
        sentence = "Without a policy nobody outside vouches for this checkpoint."
        return _outcome(facts, Topic.WITNESS, sentence, Word.NOT_ESTABLISHED)
    if facts.policy.quorum == NO_QUORUM or not _foreign_witnesses(facts):
        sentence = "Your policy asks for no witness, so nobody outside vouches for this checkpoint."
        return _outcome(facts, Topic.WITNESS, sentence, Word.NOT_ESTABLISHED)
    count = facts.counted("cosigners")
    return _outcome(
        facts, Topic.WITNESS, f"{count} of {len(facts.policy.witnesses)} witnesses cosigned; enough for your policy."
    )


def _foreign_witnesses(facts: Facts) -> bool:
    """Whether the policy names a witness beside the time keys of the logs in it."""
    origins = {key.name for key in facts.policy.logs} if facts.policy else set()
    witnesses = facts.policy.witnesses.values() if facts.policy else ()
    return any(not any(f"{key.name}/".startswith(f"{one}/") for one in origins) for key in witnesses)


def _back_to_the_source(facts: Facts) -> Outcome:
    sources = facts.counted("sources")
    return _outcome(
        facts, Topic.SOURCE, f"Every path ends at one of {sources} sources; every chain ends as the log says."
    )


def _receipts(facts: Facts) -> Outcome:
    sent, received = facts.counted("dispatches"), facts.counted("receipts")
    if not sent:
        return _outcome(facts, Topic.RECEIPTS, "Nothing was handed over.", Word.NOT_APPLICABLE)
    return _outcome(facts, Topic.RECEIPTS, f"{received} of {sent} dispatches are countersigned.")


def _withheld(facts: Facts) -> Outcome:
    count, attested = facts.counted("withheld"), facts.counted("attested")
    sentence = f"{count} values are withheld." if count else "No value is withheld."
    if attested:
        sentence += f" For {attested} statements an auditor of your list vouches in their place."
    return _outcome(facts, Topic.WITHHELD, sentence)


def _element_balance(facts: Facts) -> Outcome:
    """What was balanced, and what was not: nothing is said to be proven of a step that was not evaluated."""
    steps, balanced, balances = (facts.counted(name) for name in ("steps", "balanced", "balances"))
    unassayed, closed, unlisted = (facts.counted(name) for name in ("unassayed", "closed", "unlisted"))
    if not steps:
        return _outcome(facts, Topic.BALANCE, "No step could be balanced here.", Word.NOT_APPLICABLE)
    if balanced == steps:
        return _outcome(facts, Topic.BALANCE, f"{balances} balances in {steps} steps recomputed. None creates matter.")
    said = [f"{balanced} of {steps} steps balanced."]
    if unassayed:
        said.append(f"Not evaluated because a lot has no assay: {unassayed}.")
    if closed:
        said.append(f"Not evaluated because values are withheld: {closed}.")
    if unlisted:
        said.append(f"Not evaluated in full because the content of an input is not known: {unlisted}.")
    sentence = " ".join(said)
    findings = facts.findings(Topic.BALANCE)
    if any(one.level > Level.WARNING for one in findings):
        return _outcome(facts, Topic.BALANCE, sentence)
    return Outcome(sentence, findings, Word.NOT_ESTABLISHED)


def _shares(facts: Facts) -> Outcome:
    account = facts.world.lots[facts.target].stock if facts.target in facts.world.lots else None
    if account is not None and account.composition is None:
        return Outcome("The lot has no assay, so its rare earths are not known.", (), Word.NOT_ESTABLISHED)
    origins = provenance(facts)
    if origins is None:
        return Outcome(_why_no_origins(facts), (), Word.NOT_ESTABLISHED)
    findings = tuple(Finding(one.code, facts.target, one.sentence, Level.WARNING) for one in origins.findings)
    if not origins.shares:
        return Outcome("The lot holds no rare earth.", findings, Word.NOT_APPLICABLE)
    countries = country_shares(origins.shares, origins.sources)
    listed = ", ".join(f"{_percent(share)} % {word}" for word, share in sorted(countries.items(), key=_by_share))
    return Outcome(f"Recomputed, of total rare earths: {listed}.", findings)


def _claimed(facts: Facts) -> Outcome:
    findings = facts.findings(Topic.CLAIMS)
    return claims.claimed_shares(facts, _outcome(facts, Topic.CLAIMS, "") if findings else None)


def _why_no_origins(facts: Facts) -> str:
    lots = [facts.world.lots.get(urn) for urn in facts.lots]
    withheld = any(lot is None or lot.stock is None for lot in lots)
    unassayed = any(lot is not None and lot.made is not None and lot.made.composition is None for lot in lots)
    if unassayed and not withheld:
        return "A lot that the origins rest on has no assay."
    if unassayed:
        return "Values that the origins need are withheld, and a lot that they rest on has no assay."
    return "Values that the origins need are withheld."


def _by_share(row: tuple[str, Decimal]) -> tuple[Decimal, str]:
    return -row[1], row[0]


def _percent(share: Decimal) -> str:
    return f"{share * 100:.1f}"


def _current(facts: Facts) -> Outcome:
    size = "" if facts.checkpoint is None else f" at checkpoint {facts.checkpoint.size}"
    return _outcome(facts, Topic.CURRENT, f"Neither void, recalled nor on hold{size}.")


def _outcome(facts: Facts, topic: Topic, sentence: str, word: Word = Word.PASS) -> Outcome:
    """The outcome under a topic; where something is wrong its first sentence is that of the check."""
    findings = facts.findings(topic)
    heaviest = max(findings, key=lambda one: one.level, default=None)
    if heaviest is None or heaviest.level is Level.NOTE:
        return Outcome(sentence, findings, word)
    count = sum(one.level is heaviest.level for one in findings)
    more = f" And {count - 1} more." if count > 1 else ""
    return Outcome(f"{heaviest.sentence}{more}", findings, word)


DOCUMENTS = "Documents"

IDENTITY = (
    Check(Group.IDENTITY, "Signatures", "section 4", _signatures),
    Check(Group.IDENTITY, "Issuers", "sections 6 and 8", _issuers),
    Check(Group.IDENTITY, "Keys in force", "section 6", _keys),
)
INTEGRITY = (
    Check(Group.INTEGRITY, "Chain of each lot", "sections 2, 5 and 7", _chains),
    Check(Group.INTEGRITY, "In the log", "section 7", _in_the_log),
    Check(Group.INTEGRITY, DOCUMENTS, "sections 8 and 9", _documents),
    Check(Group.INTEGRITY, "Independent witness", "section 7", _witness),
)
COMPLETENESS = (
    Check(Group.COMPLETENESS, "Back to the source", "sections 5 and 7", _back_to_the_source),
    Check(Group.COMPLETENESS, "Receipts", "section 5", _receipts),
    Check(Group.COMPLETENESS, "Withheld values", "section 3", _withheld),
)
MATTER = (
    Check(Group.MATTER, "Element balance", "section 5, Matter", _element_balance),
    Check(Group.MATTER, "Shares and recycled content", "lodestone-shares/1", _shares),
    Check(Group.MATTER, "Claimed shares", "lodestone-claims/1", _claimed),
)
VALIDITY = (Check(Group.VALIDITY, "Current", "section 8", _current),)
BOOKS = (
    Check(Group.BOOKS, "Material accounts", "docs/books.md", books.material_accounts),
    Check(Group.BOOKS, "Exceptions", "docs/books.md", books.exceptions),
)
"""What an auditor reads of the lots: notes alone, which decide no verdict."""


def all_checks(method: Sequence[Check] = ()) -> tuple[Check, ...]:
    """The checks in the order of their numbers; those of the method come from the room above."""
    return (*IDENTITY, *INTEGRITY, *COMPLETENESS, *MATTER, *method, *VALIDITY, *BOOKS)
