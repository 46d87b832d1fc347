"""Steps and gaps on the ways into a lot, as several rule functions ask for them."""

from collections.abc import Collection, Iterator

from traceability.material.elements import RARE_EARTHS
from traceability.rules.answers import Missing, TrailStep
from traceability.rules.facts import ANY, UNPROVEN, LotFacts, Making, Step


def trail_step(making: Making, step: Step, elements: tuple[str, ...]) -> TrailStep:
    """A step as it stands in the trail of an answer."""
    return TrailStep(
        making.urn, making.label, making.maker, step.word, step.activity, step.country, elements, making.day
    )


def steps_in(facts: LotFacts, countries: Collection[str]) -> Iterator[TrailStep]:
    """Every step in one of these countries by which rare earths of the lot may have come, nearest first."""
    for making, elements in facts.above():
        for step in making.all_steps:
            if step.country in countries:
                yield trail_step(making, step, elements)


def missing_of(making: Making, sentence: str) -> Missing:
    """What is missing of a lot: its maker could say it."""
    return Missing(sentence, making.urn, making.label, making.maker)


def unproven_origins(facts: LotFacts) -> Iterator[Missing]:
    """Where the trail ends before a mine or scrap: bought outside, in stock before the record, or from nowhere."""
    bearing = facts.bearing()
    for making, _elements in facts.above():
        if making.origin in UNPROVEN:
            yield missing_of(making, "Where it was mined or collected is not in the record.")
        elif making.imported is not None:
            if not making.imported.is_proven:
                yield missing_of(making, "The record from which it came proves no mine or scrap for all of it.")
        elif not making.origin and (lost := _without_source(facts, making, bearing[making.urn])):
            yield missing_of(making, f"No lot that went into it holds its {', '.join(lost)}.")
        elif making.origin and not making.country:
            yield missing_of(making, "The country of its origin is not stated.")


def _without_source(facts: LotFacts, making: Making, elements: frozenset[str]) -> list[str]:
    parents = [facts.chain.makings[one] for one in making.parents]
    return sorted(one for one in elements - {ANY} if not any(parent.holds(one) for parent in parents))


def has_rare_earths(facts: LotFacts) -> bool:
    """Whether the lot holds rare earths, or may."""
    contents = facts.lot.contents
    return contents is None or any(pct for one, pct in contents.items() if one in RARE_EARTHS)


NO_RARE_EARTHS = "The assay of the lot names no rare earth."
