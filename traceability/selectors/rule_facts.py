"""The facts that rules are asked of, for many lots at once and within what the reader may see.

Steps, countries, stages and origins are open fields of lots that one sees; contents and masses are told as far as their
issuers open them. The number of queries does not grow with the lots.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models.expressions import RawSQL

from traceability.ledger.kinds.accounts import CLAIM, CREDIT
from traceability.material.composition import rows_of
from traceability.material.step import ROLES_IN
from traceability.models import ChainLink, Lot, LotEdge, Statement
from traceability.rules.activities import activity_of
from traceability.rules.facts import Chain, LotFacts, Making, SourceShare, Step
from traceability.rules.trails import Trails, source_shares, trails_of
from traceability.selectors import access, rule_dispatches, statements
from traceability.selectors.access import Actor
from traceability.selectors.lots import Matter, drawn_kg, lot_row, matter_of
from traceability.selectors.names import Names, names_of
from traceability.selectors.statements import Told

_ABOVE: Final = """
    WITH RECURSIVE above(id, parent_id) AS (
        SELECT id, parent_id FROM traceability_lotedge WHERE child_id IN ({marks}) AND NOT voided
        UNION SELECT edge.id, edge.parent_id FROM traceability_lotedge edge
        JOIN above ON edge.child_id = above.parent_id WHERE NOT edge.voided)
    SELECT id FROM above"""
_COATED: Final = ("coat", "coating")


def visible(actor: Actor, lots: Collection[UUID], today: date) -> list[Lot]:
    """Those of these lots that the actor may see, of his own right or as something that went into such a lot."""
    return list(Lot.objects.filter(pk__in=set(lots)).filter(access.is_seen(actor, today)).select_related("made_by"))


def facts_of(actor: Actor, lots: Sequence[Lot], today: date) -> dict[UUID, LotFacts]:
    """The facts of these lots, which the actor may see, by id."""
    parents = _parents([lot.pk for lot in lots])
    everything = {*parents, *(one for above in parents.values() for one in above), *(lot.pk for lot in lots)}
    matter = matter_of(actor, everything, today, read=lots)
    names = names_of(actor, {matter.views[one].row.maker_id for one in everything}, today)
    entered = _entered(everything)
    makings = {_urn(one): _making(one, parents.get(one, ()), matter, names, entered) for one in everything}
    chain = Chain(makings, rule_dispatches.dispatches_of(actor, matter, everything, names, today))
    trails = trails_of(makings)
    stated = _stated(actor, [lot.pk for lot in lots if trails[_urn(lot.pk)] is None], today)
    return {lot.pk: _facts(lot.pk, chain, trails, stated) for lot in lots}


def _facts(lot: UUID, chain: Chain, trails: Trails, stated: Mapping[UUID, Mapping[str, Any]]) -> LotFacts:
    urn = _urn(lot)
    shares = source_shares(trails[urn])
    if shares is not None:
        return LotFacts(urn, chain, shares)
    found = _stated_shares(stated.get(lot, {}))
    return LotFacts(urn, chain, found, shares_stated=found is not None)


def _parents(lots: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """The lots that went into these, and into those, and so on, by the lot that they went into."""
    if not lots:
        return {}
    keys = list(lots) if connection.vendor == "postgresql" else [one.hex for one in lots]
    edges = RawSQL(_ABOVE.format(marks=", ".join(["%s"] * len(keys))), keys)  # noqa: S611  (marks alone)
    found: dict[UUID, list[UUID]] = {}
    rows = LotEdge.objects.filter(pk__in=edges).order_by("pk").values_list("child_id", "parent_id")
    for child, parent in rows:
        found.setdefault(child, []).append(parent)
    return found


def _entered(lots: Collection[UUID]) -> Counter[tuple[UUID, str]]:
    """How often each lot was credited to a claims account, and claimed of: lot and kind are always open."""
    rows = ChainLink.objects.filter(subject__in=lots, statement__kind__in=(CREDIT, CLAIM))
    return Counter(rows.values_list("subject", "statement__kind"))


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


def _stated(actor: Actor, lots: Sequence[UUID], today: date) -> dict[UUID, Mapping[str, Any]]:
    """The shares in the newest signed result of each of these lots, as far as the actor may read them."""
    if not lots:
        return {}
    rows = Statement.objects.filter(kind="lot.result", links__subject__in=lots).order_by("pk")
    told = statements.told(actor, rows, today)
    found: dict[UUID, Mapping[str, Any]] = {}
    for one in told.values():
        shares = one.body.get("shares")
        if not one.withdrawn and isinstance(shares, dict):
            found[UUID(str(one.body["lot"])[9:])] = shares
    return found


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
