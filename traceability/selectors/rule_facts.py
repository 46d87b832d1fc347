"""The facts that rules are asked of, for many lots at once and within what the reader may see.

Steps, countries, stages and origins are open fields of lots that one sees; contents and masses are told as far as their
issuers open them. The number of queries does not grow with the lots.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from traceability.acceptance.imports import KIND as IMPORT
from traceability.ledger.kinds.accounts import CLAIM, CREDIT
from traceability.material.composition import rows_of
from traceability.material.step import ROLES_IN
from traceability.models import Lot, LotEdge
from traceability.rules.activities import activity_of
from traceability.rules.facts import Chain, LotFacts, Making, SourceShare, Step
from traceability.rules.trails import Trails, source_shares, trails_of
from traceability.selectors import access, foreign_lots, rule_dispatches
from traceability.selectors.access import Actor
from traceability.selectors.lot_facts import LotFacts as KnownOfLot
from traceability.selectors.lots import Beside, Matter, drawn_kg, lot_row, matter_of
from traceability.selectors.names import Names, names_of
from traceability.selectors.statements import Told
from traceability.verifier.makings import imported_of

_ABOVE: Final = """
    WITH RECURSIVE above(id, parent_id) AS (
        SELECT id, parent_id FROM traceability_lotedge WHERE child_id IN ({marks}) AND NOT voided
        UNION SELECT edge.id, edge.parent_id FROM traceability_lotedge edge
        JOIN above ON edge.child_id = above.parent_id WHERE NOT edge.voided)
    SELECT id FROM above"""
_COATED: Final = ("coat", "coating")
ENTRIES: Final = (CREDIT, CLAIM)
RESULT: Final = "lot.result"


def visible(actor: Actor, lots: Collection[UUID], today: date) -> list[Lot]:
    """Those of these lots that the actor may see, of his own right or as something that went into such a lot."""
    return list(Lot.objects.filter(pk__in=set(lots)).filter(access.is_seen(actor, today)).select_related("made_by"))


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of lots to ask rules of them."""

    facts: Mapping[UUID, LotFacts]
    matter: Matter
    """Of the lots, and of all that went into them."""
    results: Mapping[UUID, Sequence[Told]]
    """The signed results of each lot that were not withdrawn, oldest first, as far as the actor may read them."""
    names: Names
    """Of all parties to the lots."""


def facts_of(actor: Actor, lots: Sequence[Lot], today: date) -> Mapping[UUID, LotFacts]:
    """The facts of these lots, which the actor may see, by id."""
    return read(actor, [lot.pk for lot in lots], today, rows=lots).facts


def read(
    actor: Actor, lots: Collection[UUID], today: date, *, rows: Sequence[Lot] = (), also_named: Collection[UUID] = ()
) -> Read:
    """The facts of these lots, which the actor may see, with what they rest on; the names of others beside.

    `rows` are those of the lots that the caller has already, with `made_by`.
    """
    parents, divided_from = _parents(lots)
    everything = {*parents, *(one for above in parents.values() for one in above), *lots}
    beside = Beside(_beside(lots, everything), _is_told(actor, today))
    matter = matter_of(actor, everything, today, read=rows, divided_from=divided_from, beside=beside)
    chains = rule_dispatches.chains_of(matter)
    named, facilities = rule_dispatches.named_in(chains.values())
    makers = {matter.views[one].row.maker_id for one in everything}
    parties = {*_parties(matter, lots), *named, *makers, *also_named}
    names = names_of(actor, parties, today, facilities=facilities)
    entered = Counter((lot, kind) for lot, kind, _ in matter.beside if kind in ENTRIES)
    proven = foreign_lots.proven_of(matter.made.values())
    makings = {_urn(one): _making(one, parents.get(one, ()), matter, names, entered) for one in everything}
    makings |= {urn: replace(one, imported=imported_of(proven.get(urn))) for urn, one in makings.items()
                if matter.made[int(one.statement)].original.row.kind == IMPORT}  # fmt: skip
    chain = Chain(makings, rule_dispatches.dispatches_of(matter, chains, names))
    trails, results = trails_of(makings), _results(matter)
    facts = {lot: _facts(lot, chain, trails, results.get(lot, ())) for lot in lots}
    return Read(facts, matter, results, names)


def read_alone(actor: Actor, lots: Collection[UUID], today: date, *, rows: Sequence[Lot] = ()) -> Read:
    """The same where too much went into the lots to follow it: sources as signed results state them, for no rule."""
    beside = Beside(Q(kind=RESULT, links__subject__among=set(lots)), lambda row, known: True)
    matter = matter_of(actor, lots, today, read=rows, beside=beside)
    results = _results(matter)
    facts = {lot: _stated_facts(_urn(lot), Chain({}, {}), results.get(lot, ())) for lot in lots}
    return Read(facts, matter, results, names_of(actor, _parties(matter, lots), today))


def _parties(matter: Matter, lots: Collection[UUID]) -> set[UUID]:
    """Who made these lots, who has them, and to whom they are on their way."""
    rows = [matter.views[one].row for one in lots]
    return {pk for row in rows for pk in (row.maker_id, row.holder_id, row.receiver_id) if pk}


def _beside(lots: Collection[UUID], everything: Collection[UUID]) -> Q:
    """What is said of lots beside their matter: moves, entries of claims accounts, results of those asked of."""
    entries = Q(kind__in=ENTRIES, links__subject__among=set(everything))
    results = Q(kind=RESULT, links__subject__among=set(lots))
    return rule_dispatches.moves_of(everything) | entries | results


def _is_told(actor: Actor, today: date) -> Callable[[Any, KnownOfLot], bool]:
    """Of an entry its lot and kind are enough, which are always open."""
    move_is_told = rule_dispatches.is_told(actor, today)
    return lambda row, known: row.kind == RESULT or move_is_told(row, known)


def _results(matter: Matter) -> dict[UUID, list[Told]]:
    found: dict[UUID, list[Told]] = {}
    for lot, kind, told in matter.beside:
        if kind == RESULT and told is not None and not told.withdrawn:
            found.setdefault(lot, []).append(told)
    return found


def _facts(lot: UUID, chain: Chain, trails: Trails, results: Sequence[Told]) -> LotFacts:
    """The facts of a lot, its sources followed, or as they are stated where they cannot be."""
    urn = _urn(lot)
    shares = source_shares(trails[urn])
    return _stated_facts(urn, chain, results) if shares is None else LotFacts(urn, chain, shares)


def _stated_facts(urn: str, chain: Chain, results: Sequence[Told]) -> LotFacts:
    """The facts of a lot with the shares of the newest result that tells them."""
    stated = [one for one in (result.body.get("shares") for result in results) if isinstance(one, dict)]
    found = _stated_shares(stated[-1]) if stated else None
    return LotFacts(urn, chain, found, shares_stated=found is not None)


def _parents(lots: Collection[UUID]) -> tuple[dict[UUID, list[UUID]], dict[UUID, list[UUID]]]:
    """The lots that went into these, and into those, and so on, by the lot that they went into; and those of them of
    which the lot is a part or a mixture.
    """
    found: dict[UUID, list[UUID]] = {}
    divided_from: dict[UUID, list[UUID]] = {}
    if not lots:
        return found, divided_from
    keys = list(lots) if connection.vendor == "postgresql" else [one.hex for one in lots]
    edges = RawSQL(_ABOVE.format(marks=", ".join(["%s"] * len(keys))), keys)  # noqa: S611  (marks alone)
    rows = LotEdge.objects.filter(pk__in=edges).order_by("pk").values_list("child_id", "parent_id", "division")
    for child, parent, division in rows:
        for edges_of in (found, divided_from)[: 2 if division else 1]:
            edges_of.setdefault(child, []).append(parent)
    return found, divided_from


def _making(
    lot: UUID, parents: Sequence[UUID], matter: Matter, names: Names, entered: Counter[tuple[UUID, str]]
) -> Making:
    view = matter.views[lot]
    row, told = view.row, matter.made[view.row.made_by_id]
    process = told.claim.get("process", ())
    contents = view.composition
    said = lot_row(told, row.urn)
    return Making(
        urn=row.urn,
        label=view.label,
        stage=row.stage,
        maker=names.known.get(row.maker_id, ""),
        day=row.made_at.date(),
        steps=tuple(Step(one["step"], activity_of(one["step"], row.stage), one["country"]) for one in process),
        origin=row.origin,
        country=row.country,
        contents=None if contents is None else {one: content.element_pct for one, content in contents.items()},
        mass_kg=view.facts.mass_kg,
        parents=tuple(map(_urn, parents)),
        drawn_kg={_urn(one): kg for one, kg in drawn_kg(told).items()} if parents else {},
        statement=str(row.made_by_id),
        is_secondary=said.get("class") == "secondary",
        site=str(told.body.get("facility") or row.maker_id),
        is_division=bool(parents) and not process,
        unsourced=tuple(_unsourced(told)),
        custody_model=str(told.body.get("custody_model", "")),
        is_credited=bool(entered[lot, CREDIT]),
        claims=entered[lot, CLAIM],
        is_coated=any(one["step"].strip().lower() in _COATED for one in process),
    )


def _unsourced(told: Told) -> Iterable[str]:
    """Elements that reagents without a lot brought into a step, as far as they are told."""
    for row in rows_of(told.body, "inventory", "/body"):
        if row.get("role") in ROLES_IN:
            yield from (str(one["species"]) for one in rows_of(row, "elements", "/body/inventory"))


def _stated_shares(shares: Mapping[str, Any]) -> dict[str, tuple[SourceShare, ...]] | None:
    """The shares of a result; None where elements or sources of it are withheld, or stand in a table elsewhere."""
    elements, sources = shares.get("elements"), shares.get("sources")
    if not isinstance(elements, list) or not isinstance(sources, list):
        return None
    known = {one["source"]: one for one in sources}
    found: dict[str, tuple[SourceShare, ...]] = {}
    for one in elements:
        about = known.get(one["source"], {})
        source_class, country = str(about.get("class", "unknown")), str(about.get("country", ""))
        steps = ((source_class, country),) if source_class == "mined" else ()
        share = SourceShare(source_class, steps, Decimal(one["share"]))
        found[one["element"]] = (*found.get(one["element"], ()), share)
    return found


def _urn(lot: UUID) -> str:
    return f"urn:uuid:{lot}"
