"""The lots of a bundle as rules ask of them (rules/facts.py): what it shows of how they were made, and nothing more."""

from collections.abc import Iterator, Mapping

from traceability.acceptance.imports import KIND as IMPORT
from traceability.acceptance.world import Effective, ForeignLot, LotRecord
from traceability.ledger.kinds.accounts import CLAIM, CREDIT
from traceability.ledger.quantity import parse_quantity
from traceability.material.composition import rows_of
from traceability.material.shares import Source, SourceClass
from traceability.material.step import ROLES_IN
from traceability.rules.activities import activity_of
from traceability.rules.facts import Chain, Imported, LotFacts, Making, Step
from traceability.rules.trails import source_shares, trails_of
from traceability.verifier.facts import Facts
from traceability.verifier.trust import NO_TRUST

_COATED = ("coat", "coating")


def rule_facts(facts: Facts) -> LotFacts | None:
    """What rules may ask of the target; None where a lot on its way is not told of. Dispatches are not among it."""
    makings = _all_makings(facts)
    if makings is None:
        return None
    return LotFacts(facts.target, Chain(makings), source_shares(trails_of(makings)[facts.target]))


def _all_makings(facts: Facts) -> Mapping[str, Making] | None:
    """The makings of the target and of all that went into it."""
    found: dict[str, Making] = {}
    for urn in facts.lots:
        known = facts.world.lot(urn)
        version = None if known is None else facts.world.effective(known.custody.created_by)
        if known is None or version is None:
            return None
        found[urn] = _making(facts, known, version)
    if any(parent not in found for one in found.values() for parent in one.parents):
        return None
    return found


def _making(facts: Facts, known: LotRecord, version: Effective) -> Making:
    urn, body = known.custody.urn, version.body
    rows = rows_of(body, "outputs", "/body") if version.original.kind == "lot.transform" else [body]
    row = next((one for one in rows if one.get("lot") == urn), {})
    inputs = rows_of(body, "inputs", "/body")
    account = known.stock or known.made
    composition = None if account is None else account.composition
    entries = [one.original.kind for one in facts.world.history(urn)]
    maker = known.custody.maker
    return Making(
        urn=urn,
        label=str(row.get("lot_number", urn)),
        stage=known.stage,
        maker=(facts.trust or NO_TRUST).name(maker),
        day=known.made_at.date(),
        steps=tuple(Step(one.step, activity_of(one.step, known.stage), one.country) for one in version.process),
        origin=str(body.get("origin", "")),
        country=str(body.get("country", "")),
        contents=None if composition is None else {one: content.element_pct for one, content in composition.items()},
        mass_kg=None if account is None else account.custody_kg,
        parents=tuple(str(one["lot"]) for one in inputs),
        drawn_kg={str(one["lot"]): parse_quantity(one["mass_kg"]) for one in inputs if "mass_kg" in one},
        statement=version.original.digest,
        is_secondary=row.get("class") == "secondary",
        site=str(body.get("facility", maker)),
        is_division=bool(inputs) and not version.process,
        unsourced=tuple(_unsourced(version)),
        is_coated=any(one.step.strip().lower() in _COATED for one in version.process),
        custody_model=str(body.get("custody_model", "")),
        is_credited=CREDIT in entries,
        claims=entries.count(CLAIM),
        imported=imported_of(_before(facts, version)) if version.original.kind == IMPORT else None,
    )


def _before(facts: Facts, version: Effective) -> ForeignLot | None:
    return facts.world.foreign(str(version.body["bundle"]), version.original.issuer)


def imported_of(proven: ForeignLot | None) -> Imported:
    """What the bundle of another record proves of a lot, as rules ask for it; nothing where there is none."""
    if proven is None:
        return Imported(None, (), ())
    steps = tuple(Step(word, activity_of(word, stage), country) for word, country, stage in proven.steps)
    named = {urn for parts in (proven.shares or {}).values() for urn in parts}
    sources = (proven.sources.get(urn, Source(urn, SourceClass.UNKNOWN, "")) for urn in sorted(named))
    return Imported(proven.shares, tuple(sources), steps)


def _unsourced(version: Effective) -> Iterator[str]:
    """Elements that reagents without a lot brought into a step, as far as they are shown."""
    for row in rows_of(version.body, "inventory", "/body"):
        if row.get("role") in ROLES_IN:
            yield from (str(one["species"]) for one in rows_of(row, "elements", "/body/inventory"))
