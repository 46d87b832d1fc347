"""The books of an organisation: every movement of its stock as its reader may see it, out of the chains of its lots.

Masses come from the opened statements; what the record holds of each lot now is the index that the door keeps, so that
the closing stock is found in two ways. A lot of which a mass is withheld from the reader is left out and named.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db.models import F, Q

from traceability.acceptance.custodies import Custodies, Said, site_of
from traceability.acceptance.errors import ValueWithheld
from traceability.ledger.custody import CustodyState
from traceability.material.accounting import ZERO, Flow, Holding, Movement, Stock, movements_of, valued
from traceability.material.composition import Composition
from traceability.models import Lot, LotAccess, LotEdge, Organisation, Statement
from traceability.selectors import access, lot_facts, sampling, statements
from traceability.selectors.access import Actor, NotFound
from traceability.selectors.lots import composition_in_force, contents_of, divisions_of, lot_row, shows_contents
from traceability.selectors.statements import Told

MOVING: Final = (
    "lot.source", "lot.import", "lot.transform", "lot.assay", "lot.adjust", "lot.dispose", "lot.dispatch",
    "lot.dispatch_cancel", "lot.receive", "lot.reject", "lot.settle",
)  # fmt: skip
REGISTERING: Final = "facility.register"
IN_STOCK: Final = (CustodyState.HELD, CustodyState.ON_HOLD, CustodyState.BLOCKED)


@dataclass(frozen=True, slots=True)
class Books:
    """All movements of an organisation's stock, and what the record holds of it now."""

    owner: Organisation
    movements: Sequence[Movement]
    stock: Sequence[Stock]
    withheld: Sequence[str]
    """Lots of which the reader may not know enough."""
    lots: Mapping[str, Lot]
    sites: Mapping[str, str]
    """Names of the sites, by urn."""
    told: Mapping[str, Told]
    """The statements of the movements, by digest."""


def owners(actor: Actor, today: date) -> list[Organisation]:
    """The organisations whose books the actor may see: his own, and those whose mandate he holds."""
    own = actor.organisation
    return list(sampling.givers(actor, today)) if access.mandate_givers(actor, today) else [own]


def owner_of(actor: Actor, asked: str, readable: Sequence[Organisation]) -> Organisation:
    """The organisation with the id that is asked for, by default the actor's own; NotFound if it is none of these."""
    if not asked:
        return actor.organisation
    found = next((one for one in readable if str(one.pk) == asked), None)
    if found is None:
        raise NotFound("There is no such organisation, or you hold no mandate of it.")
    return found


def books(actor: Actor, owner: Organisation, today: date) -> Books:
    """The books of an organisation that the actor may see."""
    mine = LotAccess.objects.filter(organisation=owner).exclude(sees=LotAccess.Sees.ASSAY).values("lot")
    rows = {row.pk: row for row in access.lots(actor, today).filter(pk__in_set=mine)}
    divisions = divisions_of(list(rows))
    wholes = {edge.parent_id: edge.parent for edge in divisions}
    links = _links(owner, rows.keys(), wholes)
    told = statements.told(actor, {row.pk: row for row in links}.values(), today)
    chains: dict[UUID, list[Told]] = {}
    for link in links:
        chains.setdefault(link.lot, []).append(told[link.pk])
    reading = _Reading(owner.pk, owner.pk in lot_facts.masses_seen_of(actor, today), chains, rows | wholes, divisions)
    moves: list[Movement] = []
    stock: list[Stock] = []
    withheld: list[str] = []
    for row in rows.values():
        try:
            holdings = reading.holdings(row)
        except ValueWithheld:
            withheld.append(row.urn)
            continue
        moves += [move for holding in holdings for move in movements_of(holding)]
        stock += reading.stock(row, holdings)
    named = {one.original.digest: one for one in told.values()}
    return Books(owner, moves, stock, withheld, {row.urn: row for row in rows.values()}, _sites(told.values()), named)


def _sites(told: Iterable[Told]) -> dict[str, str]:
    """The names of facilities by urn, of those whose name the reader knows."""
    bodies = [one.body for one in told if one.original.row.kind == REGISTERING]
    return {str(body["facility"]): str(body["name"]) for body in bodies if "name" in body}


def _links(owner: Organisation, lots: Collection[UUID], wholes: Mapping[UUID, Lot]) -> list[Any]:
    """What moves these lots, what says what their wholes hold, and which sites there are, in the order of each chain.

    Each comes with its `lot`.
    """
    if not lots:
        return []
    moving = Q(links__subject__in=lots, kind__in=MOVING)
    telling = Q(links__subject__in=wholes.keys()) & (Q(kind="lot.assay") | Q(links__role="output"))
    sites = Q(kind=REGISTERING, issuer=owner.pk)
    rows = Statement.objects.filter(moving | telling | sites if wholes else moving | sites)
    return list(rows.annotate(lot=F("links__subject"), seq=F("links__seq")).order_by("links__subject", "links__seq"))


class _Reading:
    """The chains of lots as one reader sees them, read as custodies of one organisation."""

    def __init__(
        self,
        owner: UUID,
        trusted: bool,
        chains: Mapping[UUID, Sequence[Told]],
        lots: Mapping[UUID, Lot],
        divisions: Sequence[LotEdge],
    ) -> None:
        self._owner, self._trusted, self._chains, self._lots = owner, trusted, chains, lots
        self._parents: dict[UUID, list[UUID]] = {}
        for edge in divisions:
            self._parents.setdefault(edge.child_id, []).append(edge.parent_id)
        self._sites: dict[UUID, str] = {}
        self._shown: set[UUID] = set()
        for row in sorted(lots.values(), key=lambda one: (one.made_by_id, one.pk)):  # wholes before their parts
            self._sites[row.pk] = self._site(row)
            if self._shows(row):
                self._shown.add(row.pk)

    def holdings(self, row: Lot) -> list[Holding]:
        """The custodies of a lot by the organisation; ValueWithheld where a mass of them is not told."""
        chain = self._chains.get(row.pk, [])
        if any(one.withdrawn for one in chain if _makes(one, row.urn)):
            return []
        owner = f"urn:uuid:{self._owner}"
        custodies = Custodies(row.urn, row.stage, owner, self._made_with(row), self._sites[row.pk])
        for one in chain:
            if not one.withdrawn:
                custodies.add(_said(one, row.urn))
        return custodies.holdings(self._end_kg(row))

    def stock(self, row: Lot, holdings: Sequence[Holding]) -> list[Stock]:
        """What the record holds of the lot now, where it is with the organisation."""
        if not (holdings and self._is_here(row) and self._trusted):
            return []
        last = holdings[-1]
        assays = [entry.composition for entry in last.entries if entry.flow is Flow.ASSAYED]
        is_known = (assays[-1] if assays else last.composition) is not None
        kg = valued(row.remaining_kg, composition_in_force(row) if is_known else None)
        return [Stock(row.urn, row.stage, last.site, kg)]

    def _is_here(self, row: Lot) -> bool:
        return row.holder_id == self._owner and row.state in IN_STOCK

    def _end_kg(self, row: Lot) -> Decimal | None:
        """What is left at the end of the last custody; None where the reader may not know."""
        if not self._is_here(row):
            return ZERO
        return row.remaining_kg if self._trusted else None

    def _made_with(self, row: Lot) -> Composition | None:
        """The assay that a lot was made with, where it has one and the reader may see it."""
        made = contents_of((row.record.get("made") or {}).get("composition"))
        return made if row.pk in self._shown else None

    def _shows(self, row: Lot) -> bool:
        """Whether the assay that a lot was made with is told; of a part those of its wholes."""
        if row.pk in self._parents:
            return all(one in self._shown and self._assays_told(one) for one in self._parents[row.pk])
        makings = (one for one in self._chains.get(row.pk, ()) if _makes(one, row.urn))
        return any(shows_contents(lot_row(one, row.urn).get("assay")) for one in makings)

    def _site(self, row: Lot) -> str:
        """Where the organisation has, or had, a lot last; a part stands where its whole stood."""
        for told in reversed(self._chains.get(row.pk, ())):
            makes = _makes(told, row.urn)
            if told.original.issuer == self._owner and (makes or told.original.row.kind == "lot.receive"):
                wholes = {self._sites.get(one, "") for one in self._parents.get(row.pk, ())} if makes else set()
                return site_of(told.body) or (wholes.pop() if len(wholes) == 1 else "")
        return ""

    def _assays_told(self, lot: UUID) -> bool:
        assays = [one for one in self._chains.get(lot, ()) if one.original.row.kind == "lot.assay"]
        return all(shows_contents(one.body.get("assay")) for one in assays if not one.withdrawn)


def _makes(told: Told, urn: str) -> bool:
    chain = told.original.statement.chain(urn)
    return chain is not None and chain.role == "output"


def _said(told: Told, urn: str) -> Said:
    """A statement as the core reads it."""
    row = told.original.row
    return Said(
        row.kind,
        told.original.digest,
        f"urn:uuid:{row.issuer}",
        told.occurred[1],
        told.body,
        _makes(told, urn),
        bool(told.claim.get("process")),
    )
