"""What a buyer's compliance engineer asks of a bundle: sixteen named checks over the report (docs/formats/answer.md).

Each finding counts under exactly one of them. The verdict is the worst word of all, and "not established" is never a
pass. Where bytes or signatures are wrong, nothing else is said.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from epd.lca.bodies import declared_headline
from epd.lca.members import rows
from epd.verifier.answers import Answer, Answered, Asking, Named, worst
from epd.verifier.checks import by_word, standings_of
from epd.verifier.figures import Figures, Standing, current_result
from epd.verifier.purchase import NOTHING_BOUGHT, Purchase, parse_purchase
from traceability.acceptance.world import Body
from traceability.ledger.moments import format_moment
from traceability.ledger.quantity import computing
from traceability.material.shares import SourceClass, class_shares, recycled_content
from traceability.rules.activities import ACTIVITIES
from traceability.rules.answers import Outcome as RuleOutcome
from traceability.rules.catalogue import all_rule_sets
from traceability.rules.evaluating import evaluate
from traceability.rules.facts import LotFacts
from traceability.verifier.checks import Examined
from traceability.verifier.command import Said
from traceability.verifier.facts import Facts, incomplete, invalid, note, warning
from traceability.verifier.makings import rule_facts
from traceability.verifier.provenance import Provenance, provenance
from traceability.verifier.report import Finding, Level, Outcome, Word, word_of
from traceability.verifier.trust import NO_TRUST

_ANCHORS: Final = frozenset({"trust_self_asserted"})
_ENDED: Final = frozenset({"figures_stale", "built_on_corrected"})
_MODELS: Final = frozenset({"model_raised", "account_short"})
_FRESH: Final = frozenset({"stale", "checkpoint_from_future"})
_OVER: Final = frozenset({"verification_expired", "registration_expired"})
_OTHERS: Final = frozenset({"not_expected_hash", "expected_earlier_hash"})
_LINKS: Final = frozenset({
    "chain_gap", "chain_fork", "chain_broken", "chain_cut", "heads_differ", "target_missing", "custody_hash_mismatch",
    "refused_leaf", "id_taken", "unknown_kind", "unknown_format",
})  # fmt: skip
"""What is wrong with chains themselves; any other finding on a chain is a rule of custody or matter that was broken."""
_CHAINS: Final = "Chain of each lot"
_SPARE: Final = frozenset({"spare_member", "spare_hash"})
_DATABASE: Final = frozenset({"factors_not_accepted"})
_PROVEN: Final = (SourceClass.MINED, SourceClass.POST_CONSUMER, SourceClass.PRE_CONSUMER)


def answers(purchase: bytes) -> Callable[[Examined], Said]:
    """What the program says to a buyer, of the bytes of his purchase file."""
    bought = parse_purchase(purchase)

    def said(examined: Examined) -> Said:
        found = answer(examined, bought)
        return Said(found.to_value(), found.to_text(), found.exit_code)

    return said


def answer(examined: Examined, purchase: Purchase = NOTHING_BOUGHT) -> Answer:
    """The sixteen answers; of a bundle with wrong bytes or signatures nothing but that is said."""
    facts = examined.facts
    if facts is None:
        return Answer(examined, tuple(_broken(examined)))
    asking = Asking(examined, facts, purchase)
    signed = NAMED[0].answer(asking)
    if word_of(signed) is Word.FAIL:
        return Answer(examined, tuple(_broken(examined)))
    before: list[Answered] = []
    for number, named in enumerate(NAMED, start=1):
        outcome = signed if number == 1 else named.answer(asking)
        before.append(Answered(number, named, word_of(outcome), outcome.sentence, outcome.findings))
    return Answer(examined, (*before, _offline(before)))


def _broken(examined: Examined) -> Iterator[Answered]:
    report = examined.report
    findings = tuple(one for one in report.findings() if one.level is Level.INVALID)
    sentence = findings[0].sentence if findings else "Bytes or signatures are wrong."
    yield Answered(1, NAMED[0], Word.FAIL, sentence, findings)
    for number, named in enumerate((*NAMED[1:], OFFLINE), start=2):
        yield Answered(number, named, Word.NOT_ESTABLISHED, "Not looked at: bytes or signatures are wrong.")


def _with(outcome: Outcome, sentence: str, *findings: Finding) -> Outcome:
    """An outcome of which more is said."""
    return Outcome(f"{outcome.sentence} {sentence}".strip(), (*outcome.findings, *findings), outcome.word)


# The sixteen


def _signed(asking: Asking) -> Outcome:
    """What is left over in the archive counts here, unless it is so because a statement was refused."""
    findings = asking.examined.report.findings()
    refused = any(one.level is Level.INVALID and one.code not in _SPARE for one in findings)
    return asking.of("Signatures", "Documents", but=_SPARE if refused else frozenset())


def _issuer(asking: Asking) -> Outcome:
    found = asking.of("Issuers", but=_ANCHORS)
    trust = asking.facts.trust or NO_TRUST
    if trust.organisations is not None:
        return _with(found, "Your trust file names them.") if not found.findings else found
    sentence = "Who stands behind the names is not established: your trust file lists no organisations."
    return Outcome(sentence, found.findings, worst((found.word, Word.NOT_ESTABLISHED)))


def _anchors(asking: Asking) -> Outcome:
    findings = asking.only("Issuers", codes=_ANCHORS)
    return Outcome(
        "Judged by your own policy and your own trust file." if not findings else findings[0].sentence, findings
    )


def _current(asking: Asking) -> Outcome:
    found = asking.of("Current", but=_FRESH)
    stale = asking.only("Declared figures", _CHAINS, codes=_ENDED)
    return Outcome(found.sentence if not stale else stale[0].sentence, (*found.findings, *stale), found.word)


def _valid(asking: Asking) -> Outcome:
    report = asking.examined.report
    findings = [
        *asking.only("Current", codes=_FRESH),
        *asking.only("Independent verification", codes=_OVER),
        *_over(asking),
    ]
    if findings:
        return Outcome(max(findings, key=lambda one: one.level).sentence, tuple(findings))
    if report.asked.at is None or report.stood.as_of is None:
        return Outcome(report.second_line[:1].upper() + report.second_line[1:] + ".", (), Word.NOT_ESTABLISHED)
    stood = f"The log stood so at {format_moment(report.stood.as_of)}."
    ends = ", ".join(sorted(str(body["valid_until"]) for _, body in asking.declared() if "valid_until" in body))
    return Outcome(f"{stood} {_until(ends)}")


def _until(ends: str) -> str:
    return f"Declared until {ends}." if ends else "No end is declared."


def _over(asking: Asking) -> Iterator[Finding]:
    for one, body in asking.declared():
        ends = str(body.get("valid_until", "9999"))
        if asking.today is not None and ends < asking.today.isoformat():
            yield invalid("declaration_expired", one.where, f"The declaration ended on {ends}.")


def _in_the_log(asking: Asking) -> Outcome:
    """Of witnesses the buyer's own policy says how many there have to be; it may ask for none."""
    found = asking.of(_CHAINS, "In the log", but=_OTHERS | _ENDED | _MODELS | _broken_rules(asking))
    witness = asking.result("Independent witness")
    asked = asking.facts.policy is None or bool(witness.findings)
    word = worst((found.word, witness.word)) if asked else found.word
    return Outcome(f"{found.sentence} {witness.sentence}", (*found.findings, *witness.findings), word)


def _figures(asking: Asking) -> Outcome:
    return asking.of("Declared figures", but=_ENDED | _DATABASE)


def _broken_rules(asking: Asking) -> frozenset[str]:
    """Codes of rules that a statement broke: a lot drawn twice, by another than its holder, before it was made."""
    return frozenset(one.code for one in asking.result(_CHAINS).findings) - _LINKS - _OTHERS - _ENDED - _MODELS


def _balance(asking: Asking) -> Outcome:
    """Each element at each step, and no lot used or sold twice."""
    found = asking.of("Element balance", "Receipts")
    broken = asking.only(_CHAINS, codes=_broken_rules(asking))
    return Outcome(broken[0].sentence if broken else found.sentence, (*found.findings, *broken), found.word)


def _complete(asking: Asking) -> Outcome:
    """Back to mine or scrap: which share of the rare earths, and which share of the GWP is recomputed."""
    found, origins = asking.of("Back to the source", "Withheld values"), provenance(asking.facts)
    if origins is None:
        return Outcome(found.sentence, found.findings, worst((found.word, Word.NOT_ESTABLISHED)))
    covered = _proven(origins)
    said = [f"Traced to a mine or to scrap: {_percent(covered)} % of the rare earths."]
    recomputed = _recomputed(asking.facts)
    if recomputed is not None:
        said.append(f"Recomputed: {_percent(recomputed)} % of the GWP.")
    gap = (
        ()
        if covered == 1 or not origins.shares
        else (
            warning("not_traced", asking.facts.target, f"Of {_percent(1 - covered)} % nobody proves where it is from."),
        )
    )
    return _with(found, " ".join(said), *gap)


@computing()
def _proven(origins: Provenance) -> Decimal:
    by_class = class_shares(origins.shares, origins.sources)
    return sum((by_class.get(one, Decimal(0)) for one in _PROVEN), Decimal(0))


@computing()
def _recomputed(facts: Facts) -> Decimal | None:
    figures = facts.room(Figures)
    target = current_result(facts, figures, facts.target)
    if target is None:
        return None
    words = by_word(figures, standings_of(facts, figures), target)
    return sum((share for word, share in words.items() if word >= Standing.FROM_STATED), Decimal(0))


def _origin(asking: Asking) -> Outcome:
    """Where each thing was done, and what the rule sets say that the buyer asks for."""
    known = rule_facts(asking.facts)
    if known is None:
        sentence = "Not all lots that went into it are told of."
        return Outcome(sentence, tuple(_rules(asking, None)), Word.NOT_ESTABLISHED)
    where = _countries(known)
    said = [f"Countries where it was {one}: {', '.join(sorted(where[one]))}." for one in ACTIVITIES if one in where]
    findings = tuple(_rules(asking, known))
    sentences = [*(said or ["No step says where it was done."]), *(one.sentence for one in findings)]
    return Outcome(" ".join(sentences), findings, Word.PASS if said else Word.NOT_ESTABLISHED)


def _countries(known: LotFacts) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {}
    for making, _ in known.above():
        for step in making.all_steps:
            found.setdefault(step.activity, set()).add(step.country or "?")
    return found


def _rules(asking: Asking, known: LotFacts | None) -> Iterator[Finding]:
    by_id, today = {one.id: one for one in all_rule_sets()}, asking.today
    for name in asking.purchase.rules:
        rule_set = by_id.get(name)
        if rule_set is None:
            yield incomplete("unknown_rule_set", name, f"This version does not know the rule set {name}.")
        elif known is None or today is None:
            yield incomplete("rule_not_established", name, f"Rule set {name} could not be asked.")
        else:
            found = evaluate(known, rule_set, rule_set.version_on(today), today)
            say = _SAID[found.found.outcome]
            reasons = " ".join(found.found.reasons)
            yield say(f"rule_{found.found.outcome.value}", name, f"{found.sentence} {reasons}".strip())


_SAID: Final = {
    RuleOutcome.PASS: note,
    RuleOutcome.FAIL: invalid,
    RuleOutcome.INSUFFICIENT: incomplete,
    RuleOutcome.FLAG: warning,
    RuleOutcome.NOT_APPLICABLE: note,
}


def _recycled(asking: Asking) -> Outcome:
    """Post- and pre-consumer apart, no model of custody raised on the way, and at least what the buyer asks for."""
    found, origins = asking.of("Shares and recycled content", "Claimed shares"), provenance(asking.facts)
    found = Outcome(found.sentence, (*found.findings, *asking.only(_CHAINS, codes=_MODELS)), found.word)
    least = asking.purchase.min_recycled_pct
    if origins is None:
        word = worst((found.word, Word.NOT_ESTABLISHED))
        return Outcome(found.sentence, found.findings, word)
    content = recycled_content(origins.shares, origins.sources)
    said = (
        f"Recycled: {_percent(content.post_consumer)} % post-consumer, {_percent(content.pre_consumer)} % pre-consumer."
    )
    total = (content.post_consumer + content.pre_consumer) * 100
    if least is None or total >= least:
        return _with(found, said)
    sentence = f"You ask for at least {least:f} % recycled content."
    return _with(found, said, invalid("recycled_content_too_low", asking.facts.target, sentence))


def _verified(asking: Asking) -> Outcome:
    return asking.of("Independent verification", but=_OVER)


def _method(asking: Asking) -> Outcome:
    found = asking.of("Product category rules")
    database = asking.only("Declared figures", codes=_DATABASE)
    sets = sorted(
        f"{one.name} {one.version}".strip() for one in asking.facts.room(Figures).sets.values() if one.factors
    )
    bases = sorted({str(row["basis"]) for _, body in asking.declared() for row in rows(body, "bases")})
    said = [f"Factors: {', '.join(sets)}."] if sets else []
    said += [f"Allocation: {', '.join(bases)}, apart."] if bases else []
    return _with(found, " ".join(said), *database)


def _purchase(asking: Asking) -> Outcome:
    """Whether the bundle is about what was bought, and its figures are within what was asked."""
    findings = [
        *asking.only(_CHAINS, codes=_OTHERS),
        *_bought(asking),
    ]
    asked = asking.purchase != NOTHING_BOUGHT or asking.facts.asked.expect is not None
    if not asked:
        return Outcome("You did not say what you bought.", (), Word.NOT_APPLICABLE)
    wrong = [one for one in findings if one.level is not Level.NOTE]
    sentence = wrong[0].sentence if wrong else "It is about what you bought."
    return Outcome(sentence, tuple(findings))


def _bought(asking: Asking) -> Iterator[Finding]:
    facts, bought = asking.facts, asking.purchase
    known = rule_facts(facts)
    account = facts.world.lots[facts.target].stock if facts.target in facts.world.lots else None
    number = None if known is None or known.lot.label == facts.target else known.lot.label
    mass = None if account is None else f"{account.custody_kg.normalize():f}"
    products = {str(body["product"]) for _, body in asking.declared()}
    notes = [
        entry.body.get("reference")
        for entry in facts.effective()
        if _sends(entry.statement.kind, entry.body, facts.target)
    ]
    yield from _same("lot", bought.lot, [facts.target], facts.target)
    yield from _same("lot_number", bought.lot_number, [number], facts.target)
    yield from _same("mass_kg", bought.mass_kg, [mass], facts.target)
    yield from _same("product", bought.product, sorted(products) or [None], facts.target)
    yield from _same("delivery_note", bought.delivery_note, notes or [None], facts.target)
    if bought.max_gwp_ghg is not None:
        yield from _gwp(asking, bought.max_gwp_ghg)


def _sends(kind: str, body: Body, lot: str) -> bool:
    return kind == "lot.dispatch" and body.get("lot") == lot


def _same(name: str, bought: str | None, told: Sequence[object], where: str) -> Iterator[Finding]:
    """Whether what was bought is among what is told; None of it is withheld or not recorded."""
    if bought is None or bought in told:
        return
    shown = [str(one) for one in told if one is not None]
    if not shown:
        yield incomplete(f"{name}_not_shown", where, f"You bought {bought}, and the bundle does not show its {name}.")
    else:
        yield invalid(f"{name}_differs", where, f"You bought {name} {bought}; this is {', '.join(shown)}.")


def _gwp(asking: Asking, most: Decimal) -> Iterator[Finding]:
    basis = asking.purchase.basis
    values = [value for _, body in asking.declared() if (value := declared_headline(body, basis)) is not None]
    if not values:
        yield incomplete("gwp_not_declared", asking.facts.target, f"GWP-GHG is not declared on the {basis} basis.")
    for value in values:
        if value > most:
            sentence = f"Declared are {value.normalize():f} kg CO2e per kg ({basis}); you ask for at most {most:f}."
            yield invalid("gwp_above_limit", asking.facts.target, sentence)


def _offline(before: list[Answered]) -> Answered:
    """All of this was said from the bundle alone, so it can be said again without us; what could not is named."""
    numbers = [str(one.number) for one in before if one.word is Word.NOT_ESTABLISHED]
    sentence = "Everything here follows from the bundle and your own files."
    if numbers:
        sentence += f" Not established are the checks {', '.join(numbers)}."
    return Answered(len(before) + 1, OFFLINE, Word.PASS, sentence)


def _percent(share: Decimal) -> str:
    return f"{share * 100:.1f}"


NAMED: Final = (
    Named("signed", "Bytes and signatures", "record-1, sections 4 and 9", _signed),
    Named("keys", "Keys at the time of signing", "record-1, section 6", lambda asking: asking.of("Keys in force")),
    Named("issuer", "Known issuers", "record-1, sections 6 and 8", _issuer),
    Named("anchors", "Your own trust anchors", "record-1, section 8", _anchors),
    Named("current", "Current version", "record-1, sections 5 and 8", _current),
    Named("valid", "Within its validity", "record-1, section 8", _valid),
    Named("log", "In the log", "RFC 6962; record-1, section 7", _in_the_log),
    Named("figures", "Figures recompute", "lodestone-rollup/1", _figures),
    Named("balance", "Mass balance closes", "record-1, section 5", _balance),
    Named("complete", "Complete back to the source", "record-1, sections 3, 5 and 7", _complete),
    Named("origin", "Origin of each step", "docs/rules.md", _origin),
    Named("recycled", "Recycled content", "lodestone-shares/1", _recycled),
    Named("verified", "Third-party verification", "record-1, sections 2, 3 and 8", _verified),
    Named("method", "Method", "lodestone-completeness/1", _method),
    Named("purchase", "What you bought", "docs/formats/answer.md", _purchase),
)
OFFLINE: Final = Named("offline", "Same answer offline", "record-1, section 8", lambda asking: Outcome(""))
