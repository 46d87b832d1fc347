"""The checks of method: declared figures, independent verification, product category rules."""

from collections.abc import Iterator
from decimal import Decimal

from epd.rules.profiles import PROFILES
from epd.verifier.figures import (
    Figured,
    Figures,
    Standing,
    current,
    current_result,
    observe_declaration,
    observe_result,
)
from epd.verifier.references import References, observe_reference
from epd.verifier.verification import check_verification
from traceability.ledger.quantity import computing
from traceability.verifier.attestations import Attestations
from traceability.verifier.checks import Check, all_checks
from traceability.verifier.facts import Entry, Facts, Topic, incomplete, note, warning
from traceability.verifier.report import Finding, Group, Outcome, Word
from traceability.verifier.trust import NO_TRUST

RELEVANT = Decimal("0.01")
"""The word of a result is the weakest on any path with more than this share of its GWP."""


def _figures(facts: Facts) -> Outcome:
    figures = facts.room(Figures)
    findings = [*figures.findings, *_stale(facts, figures), *_not_compared(facts, figures)]
    target = current_result(facts, figures, facts.target)
    if (reference := facts.room(References).standings.get(facts.target)) is not None:
        sentence = f"A site over twelve months, lots: {reference.lots}. The figures are {reference.standing.words}."
        return Outcome(sentence, tuple(findings))
    if target is None:
        word = Word.NOT_APPLICABLE if not findings else Word.PASS
        return Outcome("No figures are stated for this lot.", tuple(findings), word)
    standings = standings_of(facts, figures)
    shares = _shares(figures, target)
    findings += _weak(figures, standings, shares)
    findings += _unproved(facts, figures, shares)
    weakest = min(standings[digest] for digest, share in shares.items() if share > RELEVANT or digest == target.digest)
    words = by_word(figures, standings, target)
    listed = ", ".join(f"{share * 100:.1f} % {one.words}" for one, share in sorted(words.items(), reverse=True))
    sentence = f"{len(figures.results)} results compared. The figures of the lot are {weakest.words} ({listed})."
    return Outcome(sentence, tuple(findings))


def _not_compared(facts: Facts, figures: Figures) -> Iterator[Finding]:
    """Declarations of the lot whose figures could not be held against those of the result that they name."""
    attestations, auditors = Attestations(facts), (facts.trust or NO_TRUST).auditors or {}
    for one in current(facts, figures):
        attested = attestations.conforming(one.digest, "result", auditors)
        if one.lot == facts.target and one.unclear and not attested:
            yield incomplete("declaration_not_established", one.where, one.unclear)


def standings_of(facts: Facts, figures: Figures) -> dict[str, Standing]:
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
def by_word(figures: Figures, standings: dict[str, Standing], target: Figured) -> dict[Standing, Decimal]:
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
        one = current_result(facts, figures, lot)
        if one is not None and not (_iscurrent(facts, one.computed_from) and _stands(facts, one.factors)):
            yield warning("figures_stale", one.where, "What these figures were computed from was corrected since.")
    for declared in current(facts, figures):
        results = [figures.results[one] for one in declared.results if one in figures.results]
        if not _iscurrent(facts, (*declared.results, *(one for each in results for one in each.computed_from))):
            yield warning("figures_stale", declared.where, "What this declaration rests on was corrected since.")


def _iscurrent(facts: Facts, digests: tuple[str, ...]) -> bool:
    return all(facts.world.effective_version(digest) is not None for digest in digests)


def _stands(facts: Facts, factors: str) -> bool:
    """Whether a factor set was not withdrawn."""
    version = facts.world.effective(factors)
    return version is None or not version.withdrawn


def _category_rules(facts: Facts) -> Outcome:
    declarations = [one for one in current(facts, facts.room(Figures)) if one.lot == facts.target]
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
            "declaration.reference": observe_reference,
            "declaration.withdraw": _observe_end,
            "declaration.supersede": _observe_end,
        },
    ),
    Check(Group.METHOD, "Independent verification", "sections 2, 3 and 8", check_verification),
    Check(Group.METHOD, "Product category rules", "lodestone-completeness/1", _category_rules),
)

ALL_CHECKS = all_checks(METHOD)
"""The checks of both applications, in the order of their numbers."""
