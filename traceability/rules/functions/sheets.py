"""Rules that ask for a sheet of data, for a closer look, or for what no lot can answer."""

from collections.abc import Iterator

from traceability.rules.answers import Found, Missing, Outcome, TrailStep
from traceability.rules.facts import LotFacts
from traceability.rules.functions.tracing import missing_of, steps_in, unproven_origins
from traceability.rules.rule_set import Version


def data_carrier(facts: LotFacts, version: Version) -> Found:
    """What of the sheet the record can fill, and what of it somebody has to say elsewhere."""
    if facts.lot.stage != "magnet":
        return Found(Outcome.NOT_APPLICABLE, ("The lot is not a magnet.",))
    missing = tuple(_unfilled(facts))
    kind = magnet_type(facts)
    reasons = (f"The type of the magnets is {kind}, by the assay of the lot.",) if kind else ()
    if missing:
        return Found(Outcome.INSUFFICIENT, ("Parts of the sheet are not in the record.", *reasons), missing=missing)
    return Found(Outcome.PASS, ("Every part of the sheet that a lot can fill is there.", *reasons))


def magnet_type(facts: LotFacts) -> str:
    """The type of magnet that the law names, by the assay; empty where it does not tell."""
    contents = {one for one, pct in (facts.lot.contents or {}).items() if pct}
    if "Nd" in contents or "Pr" in contents:
        return "NdFeB"
    if {"Sm", "Co"} <= contents:
        return "SmCo"
    return ""


def _unfilled(facts: LotFacts) -> Iterator[Missing]:
    lot = facts.lot
    if not lot.maker:
        yield missing_of(lot, "Who is responsible: the name of the maker is not visible to you.")
    if not magnet_type(facts):
        yield missing_of(lot, "Which type of magnet it is: the assay does not tell, or is not visible to you.")
    if lot.mass_kg is None:
        yield missing_of(lot, "The weight of the magnets is not visible to you.")
    if lot.contents is None:
        yield missing_of(lot, "The chemical composition is not visible to you or not recorded.")
    if lot.is_coated:
        yield missing_of(lot, "The lot was coated: which coatings and glues there are is not in the record.")
    else:
        yield missing_of(lot, "No coating is recorded: whether there are coatings and glues is not in the record.")
    yield missing_of(lot, "How the magnets are taken out and handled is not in the record.")


def red_flags(facts: LotFacts, version: Version) -> Found:
    """A flag for each step in a listed country, and for each origin that is not proven."""
    trail = tuple(steps_in(facts, version.words("countries")))
    gaps = tuple(unproven_origins(facts))
    reasons = [_listed(one) for one in trail]
    reasons += ["Origins are not proven."] if gaps else []
    if reasons:
        return Found(Outcome.FLAG, tuple(reasons), trail, gaps)
    return Found(Outcome.PASS, ("No step is in a listed country, and every origin is in the record.",))


def _listed(step: TrailStep) -> str:
    lot, what, country = step.label, step.step, step.country
    return f"{lot}: {what} was done in {country}, which is on the list."


def not_about_lots(facts: LotFacts, version: Version) -> Found:
    """The rule is about something that no statement on a lot tells."""
    return Found(Outcome.NOT_APPLICABLE, ("The rule is about something that no statement on a lot tells.",))
