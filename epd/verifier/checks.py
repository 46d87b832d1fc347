"""The checks of method: declared figures, independent verification, product category rules."""

from collections.abc import Iterator
from decimal import Decimal

from epd.rules.profiles import PROFILES
from epd.verifier.figures import Declared, Figured, Figures, Standing, observe_declaration, observe_result
from traceability.ledger.quantity import computing
from traceability.verifier.attestations import Attestations
from traceability.verifier.checks import Check, all_checks
from traceability.verifier.facts import Entry, Facts, Topic, incomplete, note, warning
from traceability.verifier.report import Finding, Group, Outcome, Word
from traceability.verifier.trust import NO_TRUST, LeastVerification

RELEVANT = Decimal("0.01")
"""The word of a result is the weakest on any path with more than this share of its GWP."""


def _figures(facts: Facts) -> Outcome:
    figures = facts.room(Figures)
    findings = [*figures.findings, *_stale(facts, figures), *_not_compared(facts, figures)]
    target = _current_result(facts, figures, facts.target)
    if target is None:
        word = Word.NOT_APPLICABLE if not findings else Word.PASS
        return Outcome("No figures are stated for this lot.", tuple(findings), word)
    standings = _standings(facts, figures)
    shares = _shares(figures, target)
    findings += _weak(figures, standings, shares)
    findings += _unproved(facts, figures, shares)
    weakest = min(standings[digest] for digest, share in shares.items() if share > RELEVANT or digest == target.digest)
    by_word = _by_word(figures, standings, target)
    listed = ", ".join(f"{share * 100:.1f} % {one.words}" for one, share in sorted(by_word.items(), reverse=True))
    sentence = f"{len(figures.results)} results compared. The figures of the lot are {weakest.words} ({listed})."
    return Outcome(sentence, tuple(findings))


def _current_result(facts: Facts, figures: Figures, lot: str) -> Figured | None:
    """The newest result of a lot that was not withdrawn."""
    of_lot = [one for one in figures.results.values() if one.lot == lot]
    return next((one for one in reversed(of_lot) if facts.world.effective_version(one.digest) is not None), None)


def _not_compared(facts: Facts, figures: Figures) -> Iterator[Finding]:
    """Declarations of the lot whose figures could not be held against those of the result that they name."""
    attestations, auditors = Attestations(facts), (facts.trust or NO_TRUST).auditors or {}
    for one in _current(facts, figures):
        attested = attestations.conforming(one.digest, "result", auditors)
        if one.lot == facts.target and one.unclear and not attested:
            yield incomplete("declaration_not_established", one.where, one.unclear)


def _standings(facts: Facts, figures: Figures) -> dict[str, Standing]:
    """How well each result is founded, once it is known who attested it."""
    attestations = Attestations(facts)
    auditors = (facts.trust or NO_TRUST).auditors or {}
    found = {}
    for digest, one in figures.results.items():
        attested = attestations.conforming(digest, "result", auditors)
        lifted = (
            attested and one.standing in (Standing.SELF_STATED, Standing.NOT_ESTABLISHED) and one.result is not None
        )
        found[digest] = Standing.ATTESTED if lifted else one.standing
    return found


@computing()
def _shares(figures: Figures, target: Figured) -> dict[str, Decimal]:
    """The share of the target's GWP that comes through each result; results rest on earlier ones alone."""
    shares = {target.digest: Decimal(1)}
    for digest, one in reversed(list(figures.results.items())):
        for source, share in one.inputs.items() if digest in shares else ():
            shares[source] = shares.get(source, Decimal(0)) + shares[digest] * share
    return shares


@computing()
def _by_word(figures: Figures, standings: dict[str, Standing], target: Figured) -> dict[Standing, Decimal]:
    """The share of the target's GWP by the word of the step that adds it."""
    found: dict[Standing, Decimal] = {}
    for digest, share in _shares(figures, target).items():
        own = share * (1 - sum(figures.results[digest].inputs.values(), Decimal(0)))
        found[standings[digest]] = found.get(standings[digest], Decimal(0)) + own
    return {standing: share for standing, share in found.items() if share} or {standings[target.digest]: Decimal(1)}


def _weak(figures: Figures, standings: dict[str, Standing], shares: dict[str, Decimal]) -> Iterator[Finding]:
    for digest, share in shares.items():
        where = figures.results[digest].where
        say = incomplete if share > RELEVANT else note
        if standings[digest] is Standing.SELF_STATED:
            sentence = (
                "Only its maker states these figures; what they were computed from is withheld or was not recorded."
            )
            yield say("result_self_stated", where, sentence)
        elif standings[digest] is Standing.NOT_ESTABLISHED:
            yield say("result_not_established", where, "These figures, or what they rest on, are withheld.")


def _unproved(facts: Facts, figures: Figures, shares: dict[str, Decimal]) -> Iterator[Finding]:
    """Members that are stated, but rest on members of input results that are withheld."""
    attestations, auditors = Attestations(facts), (facts.trust or NO_TRUST).auditors or {}
    for digest in shares:
        one = figures.results[digest]
        for name in sorted(one.unproved) if not attestations.conforming(digest, "result", auditors) else ():
            sentence = f"What its {name} rest on is withheld in the results of its inputs, and nobody vouches for them."
            yield incomplete("result_not_established", f"{one.where}/body/{name}", sentence)


def _stale(facts: Facts, figures: Figures) -> Iterator[Finding]:
    """Newest results and declarations that rest on what was corrected or withdrawn since (section 5, Corrections)."""
    for lot in {one.lot: None for one in figures.results.values()}:
        one = _current_result(facts, figures, lot)
        if one is not None and not (_is_current(facts, one.computed_from) and _stands(facts, one.factors)):
            yield warning("figures_stale", one.where, "What these figures were computed from was corrected since.")
    for declared in _current(facts, figures):
        result = figures.results.get(declared.result)
        if not _is_current(facts, (declared.result, *(result.computed_from if result else ()))):
            yield warning("figures_stale", declared.where, "What this declaration rests on was corrected since.")


def _is_current(facts: Facts, digests: tuple[str, ...]) -> bool:
    return all(facts.world.effective_version(digest) is not None for digest in digests)


def _stands(facts: Facts, factors: str) -> bool:
    """Whether a factor set was not withdrawn."""
    version = facts.world.effective(factors)
    return version is None or not version.withdrawn


def _current(facts: Facts, figures: Figures) -> Iterator[Declared]:
    """The declarations that were neither withdrawn nor superseded."""
    for one in figures.declarations.values():
        head = facts.world.head(one.urn)
        if head is not None and not head.ended:
            yield one


def _verification(facts: Facts) -> Outcome:
    """Who stands behind the figures beside the one who declares them."""
    figures, trust = facts.room(Figures), facts.trust or NO_TRUST
    result = _current_result(facts, figures, facts.target)
    digests = [one.digest for one in _current(facts, figures) if one.lot == facts.target]
    digests += [] if result is None else [result.digest]
    attestations = Attestations(facts)
    verifiers = {one for each in digests for one in attestations.conforming(each, "result", trust.verifiers or {})}
    auditors = {one for each in digests for one in attestations.conforming(each, "result", trust.auditors or {})}
    if not digests:
        return Outcome("No figures are stated that could be verified.", (), Word.NOT_APPLICABLE)
    names = ", ".join(sorted(trust.name(one) for one in verifiers or auditors))
    attested = f"Attested by {names}; no verifier has signed. Without one this is not an EPD."
    sentence = f"Verified by {names}." if verifiers else attested if auditors else _NOBODY
    reached = {LeastVerification.NONE: True, LeastVerification.ATTESTED: bool(verifiers or auditors)}
    if not reached.get(trust.least_verification, bool(verifiers)):
        below = "Fewer stand behind these figures than your trust file asks for."
        return Outcome(sentence, (incomplete("verification_below_least", facts.target, below),))
    enough = bool(verifiers) or trust.least_verification is LeastVerification.ATTESTED
    return Outcome(sentence, (), Word.PASS if enough else Word.NOT_ESTABLISHED)


_NOBODY = "Nobody whom you accept but the declarant has signed. Without it this is not an EPD."


def _category_rules(facts: Facts) -> Outcome:
    declarations = [one for one in _current(facts, facts.room(Figures)) if one.lot == facts.target]
    if not declarations:
        return Outcome("None is claimed.", (), Word.NOT_APPLICABLE)
    unknown = tuple(
        incomplete("unknown_profile", one.where, f"This version does not know the rules {one.profile}.")
        for one in declarations
        if one.profile not in PROFILES
    )
    names = ", ".join(sorted({one.profile for one in declarations}))
    return Outcome(f"Declared under {names}; thresholds and what is not declared follow from it.", unknown)


def _observe_end(facts: Facts, entry: Entry) -> None:
    """A declaration that was withdrawn or superseded is no longer current."""
    declaration = str(entry.statement.body["declaration"])
    if entry.statement.kind == "declaration.withdraw":
        sentence = "Its declarant withdrew this declaration."
        facts.say(Topic.CURRENT, warning("declaration_withdrawn", declaration, sentence))
    else:
        sentence = "Another declaration took the place of this one."
        facts.say(Topic.CURRENT, warning("declaration_superseded", declaration, sentence))


METHOD = (
    Check(
        Group.METHOD,
        "Declared figures",
        "lodestone-rollup/1",
        _figures,
        {
            "lot.result": observe_result,
            "declaration.publish": observe_declaration,
            "declaration.withdraw": _observe_end,
            "declaration.supersede": _observe_end,
        },
    ),
    Check(Group.METHOD, "Independent verification", "sections 3 and 8", _verification),
    Check(Group.METHOD, "Product category rules", "lodestone-completeness/1", _category_rules),
)

ALL_CHECKS = all_checks(METHOD)
"""The checks of both applications, in the order of their numbers."""
