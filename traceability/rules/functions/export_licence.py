"""Asks for a licence wherever a controlled element left the country that controls it."""

from collections.abc import Collection, Sequence
from datetime import date

from traceability.material.elements import RARE_EARTHS
from traceability.rules.answers import Found, Missing, Outcome, TrailStep
from traceability.rules.facts import ANY, Dispatch, LotFacts, Making, Papers
from traceability.rules.functions.tracing import steps_in, unproven_origins
from traceability.rules.rule_set import RuleSet, Status, Version

_UNPROVEN_NOTE = "What was bought outside of the record may have left the country unseen."


def export_licence(facts: LotFacts, version: Version) -> Found:
    """Pass where each such dispatch states a licence that covers its day; missing where one states none."""
    country = version.parameters["country"]
    sent = list(_controlled(facts, version))
    trail = tuple(_step(facts, one, elements) for one, elements in sent)
    invalid = [one for one, _ in sent if one.papers and one.papers.licence and not one.papers.licence_covers(one.day)]
    missing = tuple(_no_licence(facts, one) for one, _ in sent if not (one.papers and one.papers.licence))
    unseen = tuple(unproven_origins(facts))
    if invalid:
        label = facts.chain.makings[invalid[0].lot].label
        return Found(
            Outcome.FAIL,
            (f"{label}: the licence that was stated does not cover the day of the dispatch.",),
            trail,
            missing,
        )
    if missing:
        return Found(
            Outcome.INSUFFICIENT, (f"A controlled element left {country}, and no licence is stated.",), trail, missing
        )
    if unseen:
        return Found(Outcome.INSUFFICIENT, (_UNPROVEN_NOTE,), trail, unseen)
    if sent:
        return Found(
            Outcome.PASS, ("Each dispatch of a controlled element states a licence that covers its day.",), trail
        )
    if any(True for _ in steps_in(facts, (country,))):
        return Found(Outcome.NOT_APPLICABLE, (f"No controlled element left {country} in what is recorded.",))
    return Found(Outcome.NOT_APPLICABLE, (f"No step in {country} is recorded, and nothing was sent from there.",))


def licence_wanted(
    rule_sets: Sequence[RuleSet],
    *,
    elements: Collection[str] | None,
    stage: str,
    from_country: str,
    to_country: str,
    day: date,
    papers: Papers | None,
) -> list[RuleSet]:
    """The rule sets in force on a day that ask for a licence that this dispatch does not state.

    `elements` None is not assayed: then any of them may be in it.
    """  # fmt: skip
    found = []
    for one in rule_sets:
        version = one.version_on(day) if one.function == "export_licence" else None
        if version is None or version.status is Status.SUSPENDED or stage not in version.words("stages"):
            continue
        leaves = from_country == version.parameters["country"] != to_country
        held = elements is None or not set(elements).isdisjoint(version.words("elements"))
        if leaves and held and not (papers and papers.licence_covers(day)):
            found.append(one)
    return found


def _controlled(facts: LotFacts, version: Version) -> list[tuple[Dispatch, tuple[str, ...]]]:
    controlled, country = frozenset(version.words("elements")), version.parameters["country"]
    found = []
    for urn in facts.bearing():
        making = facts.chain.makings[urn]
        held = _held(making) & controlled
        if making.stage not in version.words("stages") or not (held or ANY in _held(making)):
            continue
        for one in facts.chain.dispatches.get(urn, ()):
            since = version.since
            if one.from_country == country != one.to_country and (since is None or one.day >= since):
                found.append((one, tuple(sorted(held))))
    return found


def _held(making: Making) -> frozenset[str]:
    if making.contents is None:
        return frozenset({ANY})
    return frozenset(one for one, pct in making.contents.items() if one in RARE_EARTHS and pct)


def _step(facts: LotFacts, one: Dispatch, elements: tuple[str, ...]) -> TrailStep:
    making = facts.chain.makings[one.lot]
    return TrailStep(one.lot, making.label, one.sender, "dispatch", "dispatch", one.from_country, elements, one.day)


def _no_licence(facts: LotFacts, one: Dispatch) -> Missing:
    making = facts.chain.makings[one.lot]
    start, end = one.from_country, one.to_country
    sentence = (
        f"No export licence is stated with the dispatch from {start} to {end}."
        if end
        else f"Neither a destination nor an export licence is stated with the dispatch from {start} out of the record."
    )
    return Missing(sentence, one.lot, making.label, one.sender)
