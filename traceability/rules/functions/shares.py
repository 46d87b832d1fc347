"""Rules that are about shares: recycled content, dependence on one country, value of one origin."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from traceability.ledger.quantity import computing
from traceability.material.elements import RARE_EARTHS
from traceability.rules.activities import MINED
from traceability.rules.answers import Figure, Found, Missing, Outcome
from traceability.rules.facts import LotFacts, SourceShare
from traceability.rules.functions.tracing import missing_of, steps_in, unproven_origins
from traceability.rules.rule_set import Version

POST, PRE = "post_consumer", "pre_consumer"
_NOT_PROVEN = ("unproven", "unknown")
_STATED = "The shares are those of the result that its maker signed; the steps before are not visible here."


def recycled_content(facts: LotFacts, version: Version) -> Found:
    """The post- and pre-consumer share of each element; pass where those of all elements are established.

    An element that the assay does not name is not declared, which is not zero.
    """
    if facts.lot.stage != "magnet":
        return Found(Outcome.NOT_APPLICABLE, ("The lot is not a magnet.",))
    figures: list[Figure] = []
    missing: list[Missing] = []
    for element in version.words("elements"):
        post, pre = _recycled(facts, element)
        figures += [Figure(element, POST, share=post), Figure(element, PRE, share=pre)]
        if post is None:
            missing.append(missing_of(facts.lot, _why_not(facts, element)))
    notes = (_STATED,) if facts.shares_stated else ()
    if missing:
        asked = len(version.words("elements"))
        known = asked - len(missing)
        reason = f"The shares of {known} of {asked} elements are established."
        return Found(Outcome.INSUFFICIENT, (reason, *notes), (), tuple(missing), tuple(figures))
    return Found(
        Outcome.PASS,
        ("The share of every element that the rule asks for is established.", *notes),
        (),
        (),
        tuple(figures),
    )


@computing()
def _recycled(facts: LotFacts, element: str) -> tuple[Decimal | None, Decimal | None]:
    ways = (facts.shares or {}).get(element)
    if not ways:
        return None, None
    return _of_class(ways, POST), _of_class(ways, PRE)


def _of_class(ways: tuple[SourceShare, ...], name: str) -> Decimal:
    return sum((one.share for one in ways if one.source_class == name), Decimal(0))


def _why_not(facts: LotFacts, element: str) -> str:
    contents = facts.lot.contents
    if contents is None:
        return f"The contents of the lot are not visible to you, so the share of {element} is not either."
    if not contents.get(element):
        return f"The assay of the lot does not name {element}: not declared, which is not zero."
    return f"Where its {element} is from is not visible to you or not recorded."


@computing()
def concentration(facts: LotFacts, version: Version) -> Found:
    """An indicator: for each rare earth and activity the countries outside of the Union, flagged above the share."""
    if facts.shares is None:
        sentence = "Where its rare earths are from is not visible to you or not recorded."
        return Found(Outcome.INSUFFICIENT, (sentence,), missing=(missing_of(facts.lot, sentence),))
    most, inside = version.share("most_share"), version.words("inside")
    activities = [one for one in version.words("activities") if one == MINED or not facts.shares_stated]
    figures = [
        Figure(element, activity, country, share)
        for activity in activities
        for element in sorted(facts.shares)
        if element in RARE_EARTHS
        for country, share in sorted(_countries(facts.shares[element], activity).items())
    ]
    above = [one for one in figures if one.country not in inside and one.share is not None and one.share > most]
    notes = (_STATED,) if facts.shares_stated else ()
    if not above and (gaps := _not_proven(facts)):
        reason = f"Where {', '.join(gaps)} is from is not proven in part, so no share can be compared."
        return Found(Outcome.INSUFFICIENT, (reason, *notes), figures=tuple(figures))
    if not above:
        return Found(
            Outcome.PASS, ("No country outside of the Union has more than the share.", *notes), figures=tuple(figures)
        )
    reasons = map(_above, above)
    return Found(Outcome.FLAG, (*reasons, *notes), figures=tuple(figures))


def _not_proven(facts: LotFacts) -> list[str]:
    """The rare earths of which a part has no proven origin."""
    held = {one: ways for one, ways in (facts.shares or {}).items() if one in RARE_EARTHS}
    return sorted(one for one, ways in held.items() if any(way.source_class in _NOT_PROVEN for way in ways))


def _countries(ways: tuple[SourceShare, ...], activity: str) -> Mapping[str, Decimal]:
    """The share that passed this activity in each country; by the last step where one follows another."""
    found: dict[str, Decimal] = {}
    for one in ways:
        country = next((where for what, where in reversed(one.steps) if what == activity), "")
        if country:
            found[country] = found.get(country, Decimal(0)) + one.share
    return found


def _above(one: Figure) -> str:
    element, activity, country, pct = one.element, one.what, one.country, (one.share or Decimal(0)) * 100
    return f"{element}: {pct:.1f} % of it was {activity} in {country}."


def value_share(facts: LotFacts, version: Version) -> Found:
    """Not applicable where nothing of the country is in the trail; else values are missing, which nobody records."""
    country = str(version.parameters["country"])
    trail = tuple(steps_in(facts, (country,)))
    if trail:
        reason = (
            f"Matter of {country} is in the lot: its share of the value decides, and prices of inputs are not recorded."
        )
        return Found(Outcome.INSUFFICIENT, (reason,), trail, tuple(_values(facts)))
    gaps = tuple(unproven_origins(facts))
    if gaps:
        return Found(Outcome.INSUFFICIENT, ("The trail has gaps where matter of that country may be.",), missing=gaps)
    return Found(Outcome.NOT_APPLICABLE, (f"No step in {country} is recorded on any way into the lot.",))


def _values(facts: LotFacts) -> Iterator[Missing]:
    for urn in facts.lot.parents:
        yield missing_of(facts.chain.makings[urn], "The value of what went into the lot is not recorded.")
