"""What only somebody with every door open can ask: the headline by stage, and how each step shares its burden."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from epd.lca.allocation import Choice
from epd.lca.indicators import HEADLINE, Basis
from epd.lca.result import Allocation, LotResult
from epd.models import LotResultRow
from epd.selectors.share_tables import figures_of
from traceability.ledger.quantity import computing
from traceability.models import Lot
from traceability.selectors import lots, statements
from traceability.selectors.access import Actor
from traceability.selectors.lineage import UP, Lineage, lineage
from traceability.selectors.lots import LotView, Matter
from traceability.selectors.statements import Told

MOST_LOTS = 300


@dataclass(frozen=True, slots=True)
class Shared:
    """How one step shares its burden among its products: lot, share by economic value, share by mass."""

    choice: Choice
    rows: Sequence[tuple[str, Decimal | None, Decimal | None]]


@dataclass(frozen=True, slots=True)
class Chain:
    """The lots behind a lot, with the results and inputs that the reader may see."""

    up: Lineage
    matter: Matter
    results: dict[UUID, LotResult]
    inputs: dict[UUID, set[UUID]]


def allocations(actor: Actor, found: Chain, today: date) -> list[Shared]:
    """Each step of the chain that has more than one product, as far as the actor may read its results."""
    steps = {
        found.matter.views[pk].row.made_by_id: result.allocation
        for pk, result in found.results.items()
        if result.allocation is not None
    }
    named = {UUID(one[9:]) for step in steps.values() for shares in step.shares.values() for one in shares}
    views = lots.matter_of(actor, named, today).views
    return [_shared(steps[made_by], views) for made_by in sorted(steps)]


def _shared(step: Allocation, views: Mapping[UUID, LotView]) -> Shared:
    economic, mass = (step.shares.get(basis, {}) for basis in (Basis.ECONOMIC, Basis.MASS))
    named = sorted({*economic, *mass}, key=lambda urn: -mass.get(urn, Decimal(0)))
    return Shared(step.choice, [(views[UUID(one[9:])].label, economic.get(one), mass.get(one)) for one in named])


@computing()
def by_stage(found: Chain, lot: Lot, basis: Basis) -> list[tuple[str, Decimal]]:
    """kg CO2e per kg of the lot by the stage of the steps that bring it; empty where one of them is withheld.

    What a lot brings beyond its inputs is its step's own. Carried by the drawn masses to the lot in question.
    """
    if len(found.up) > MOST_LOTS or lot.pk not in found.results:
        return []
    needed: dict[UUID, Decimal] = {lot.pk: Decimal(1)}  # kg of each lot per kg of the product
    parts: dict[str, Decimal] = {}
    order = [lot.pk, *found.up.lots()]
    for pk in order:
        if pk not in needed:
            continue
        own = _own_part(pk, needed, basis, found)
        if own is None:
            return []
        if own:
            stage = found.matter.views[pk].row.stage
            parts[stage] = parts.get(stage, Decimal(0)) + own
    named = [found.matter.views[pk].row.stage for pk in reversed(order)]
    return [(stage, parts[stage]) for stage in dict.fromkeys(named) if parts.get(stage)]


def _own_part(pk: UUID, needed: dict[UUID, Decimal], basis: Basis, found: Chain) -> Decimal | None:
    """What the step of a lot brings itself; hands on what is needed of each input. None where a value is withheld."""
    view = found.matter.views[pk]
    value = _headline(found.results.get(pk), basis)
    if value is None:
        return Decimal(0) if view.row.origin else None  # scrap is cut off: it has no result and no burden
    creator = found.matter.made[view.row.made_by_id]
    if view.row.origin:
        return needed[pk] * value
    share = share_of_step(pk, creator, basis, found)
    drawn = lots.drawn_kg(creator)
    inputs = found.inputs.get(pk, set())
    if share is None or not inputs <= drawn.keys() or not view.facts.mass_kg:
        return None
    own = needed[pk] * value
    for one in sorted(inputs):
        per_kg = drawn[one] * share / view.facts.mass_kg
        needed[one] = needed.get(one, Decimal(0)) + needed[pk] * per_kg
        brought = _headline(found.results.get(one), basis)
        if brought is None and not found.matter.views[one].row.origin:
            return None
        own -= needed[pk] * per_kg * (brought or Decimal(0))
    return own


def share_of_step(pk: UUID, creator: Told, basis: Basis, found: Chain) -> Decimal | None:
    """The share of the burden of its step that a lot takes; of a split by mass."""
    result = found.results[pk]
    if result.allocation is not None:
        return result.allocation.shares.get(basis, {}).get(found.matter.views[pk].row.urn)
    if creator.claim.get("process"):
        return Decimal(1)
    rows = [row for row in creator.body["outputs"] if "mass_kg" in row]  # type: ignore[attr-defined]
    whole = sum((Decimal(row["mass_kg"]) for row in rows), Decimal(0))
    mass = found.matter.views[pk].facts.mass_kg
    return mass / whole if whole and mass else None


def _headline(result: LotResult | None, basis: Basis) -> Decimal | None:
    found = None if result is None else result.bases.get(basis)
    return None if found is None else found.counted(HEADLINE)


def chain_seen(actor: Actor | None, lot: Lot | None, today: date) -> Chain | None:
    """The chain of a lot as its reader may see it; None for anybody, and of a reference, which has no lot."""
    return None if actor is None or lot is None else chain_of(actor, lot, today)


def chain_of(actor: Actor, lot: Lot, today: date) -> Chain:
    """The chain of a lot, as far as the actor may read it, in a few queries."""
    up = lineage(lot.pk, UP)
    ids = [lot.pk, *up.lots(MOST_LOTS)]
    newest = {row.lot_id: row.statement for row in LotResultRow.objects.filter(lot__in=ids).select_related("statement")}
    told = statements.told(actor, newest.values(), today)
    results = {
        pk: figures_of(told[row.pk].body)
        for pk, row in newest.items()
        if not told[row.pk].withdrawn and not _is_withheld(told[row.pk])
    }
    inputs: dict[UUID, set[UUID]] = {}
    for edge in up.edges(ids):
        inputs.setdefault(edge.child, set()).add(edge.parent)
    return Chain(up, lots.matter_of(actor, ids, today), results, inputs)


def _is_withheld(told: Told) -> bool:
    return any(place.startswith(("/body/bases", "/body/electricity_module")) for place in told.withheld)
