"""Where an element of a lot is from and where that of one is now (`lodestone-tracing/1`), as its reader may read it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from traceability.acceptance.imports import KIND as IMPORT
from traceability.acceptance.matter import withheld_for_rules
from traceability.acceptance.world import ForeignLot
from traceability.ledger.errors import RecordError
from traceability.ledger.quantity import computing
from traceability.material.composition import composition_of_rows, element_masses, parse_rows, rows_of
from traceability.material.shares import UNKNOWN, Process, Source, SourceClass, source_of_origin
from traceability.material.step import ROLES_IN
from traceability.material.tracing import Account, Draw, Range, Ranges, TracedStep, Whereabouts, ranges_of, whereabouts
from traceability.models import Lot, LotEdge, Statement
from traceability.selectors import foreign_lots, statements
from traceability.selectors import lots as lots_selector
from traceability.selectors.access import Actor
from traceability.selectors.lineage import DOWN, UP, lineage
from traceability.selectors.lots import LotView, Matter, drawn_kg
from traceability.selectors.relatives import Asked, Relatives
from traceability.selectors.statements import Told

MOST_TRACED: Final = 400
"""Lots that are followed while somebody waits: every step behind them is opened."""
_OWN_SOURCES: Final = ("secondary", "waste")


@dataclass(frozen=True, slots=True)
class TrailStep:
    """A step between a source and the lot: its word and country, both open to who sees the lot."""

    word: str
    country: str


@dataclass(frozen=True, slots=True)
class Origin:
    """One source of an element of a lot. `lot` is None for `unknown` and for a source that the reader may not see."""

    urn: str
    source: Source
    lot: LotView | None
    range: Range
    trail: tuple[TrailStep, ...]


@dataclass(frozen=True, slots=True)
class Origins:
    """Where an element of a lot is from, largest share first."""

    element: str
    rows: Sequence[Origin]
    element_kg: Decimal | None
    is_signed: bool
    """Whether the expected shares are those of the signed result of the lot."""
    is_followed: bool
    """Whether the history was short enough to be followed; else there are no bounds."""
    untold: int
    """Steps of the history that the reader cannot follow."""

    @computing()
    def share_of(self, *classes: SourceClass) -> Range:
        """The share of all sources of these classes together."""
        found = [row.range for row in self.rows if row.source.source_class in classes]
        others = [row.range for row in self.rows if row.source.source_class not in classes]
        known = [one.expected for one in found if one.expected is not None]
        least = max(sum((one.least for one in found), Decimal(0)), 1 - sum((one.most for one in others), Decimal(0)))
        most = min(sum((one.most for one in found), Decimal(0)), 1 - sum((one.least for one in others), Decimal(0)))
        expected = sum(known, Decimal(0)) if len(known) == len(found) else None
        return Range(max(least, Decimal(0)), min(most, Decimal(1)), expected)


def origins(actor: Actor, lot: Lot, element: str, today: date) -> Origins:
    """Where an element of one lot is from; the actor may see the lot."""
    up = lineage(lot.pk, UP)
    is_followed = len(up) <= MOST_TRACED
    ids = {lot.pk, *(up.lots() if is_followed else ())}
    matter = lots_selector.matter_of(actor, ids, today)
    edges = up.edges(ids) if is_followed else []
    result = lots_selector.newest_told(actor, lot, "lot.result", today)
    signed = _signed(result, element)
    traced = _steps(edges, matter, element)
    closed = [one for step in traced for one, kg in step.made_kg.items() if kg is None or not step.is_whole]
    written = _written(actor, closed, element, today) | ({lot.urn: signed} if signed else {})
    sources = [view.row.urn for pk, view in matter.views.items() if pk in ids and view.row.origin]
    proven = foreign_lots.proven_of(matter.made.values())
    brought = _brought([view.row for pk, view in matter.views.items() if pk in ids], matter, proven, element)
    found = ranges_of(sources, traced, written, brought).get(lot.urn, {}) if is_followed else {}
    ranges = _with_signed(found, signed)
    about = _SourcesTold(matter, result, proven)
    trails = _trails([edge for edge in edges if _may_hold(matter.views.get(edge.parent), element)], matter)
    rows = [Origin(urn, about.source(urn), about.view(urn), one, trails.get(urn, ())) for urn, one in ranges.items()]
    rows.sort(key=lambda row: (-(row.range.expected or 0), -row.range.most, row.urn))
    return Origins(
        element,
        rows,
        matter.views[lot.pk].element_kg(element),
        is_signed=signed is not None,
        is_followed=is_followed,
        untold=sum(1 for step in traced if not step.is_whole or None in step.made_kg.values()),
    )


def elements_of(actor: Actor, lot: Lot, today: date) -> list[str]:
    """The elements of which the reader may ask: those of the assay, else those of the signed result."""
    held = lots_selector.matter_of(actor, {lot.pk}, today).views[lot.pk].elements
    result = lots_selector.newest_told(actor, lot, "lot.result", today)
    rows = _rows_of_shares(result)
    return held or sorted({str(row["element"]) for row in rows})


def _rows_of_shares(result: Told | None) -> Sequence[Mapping[str, Any]]:
    stated = result.body.get("shares") if result else None
    rows = stated.get("elements") if isinstance(stated, dict) else None
    return rows if isinstance(rows, list) else ()


def _signed(result: Told | None, element: str) -> Mapping[str, Decimal] | None:
    """The shares of an element in a signed result; None where there are none that the reader may read."""
    rows = [row for row in _rows_of_shares(result) if row["element"] == element]
    return {str(row["source"]): Decimal(str(row["share"])) for row in rows} or None


def _written(actor: Actor, lots: Iterable[str], element: str, today: date) -> dict[str, Mapping[str, Decimal]]:
    """The signed shares of these lots, as far as the reader may read them."""
    ids = {UUID(urn[9:]): urn for urn in lots}
    if not ids:
        return {}
    rows = Statement.objects.filter(kind="lot.result", links__subject__in=ids).order_by("pk")
    told = statements.told(actor, rows, today)
    found: dict[str, Mapping[str, Decimal]] = {}
    for row in rows:
        shares = None if told[row.pk].withdrawn else _signed(told[row.pk], element)
        if shares:
            found[str(told[row.pk].body["lot"])] = shares
    return found


def _brought(
    rows: Iterable[Lot], matter: Matter, proven: Mapping[str, ForeignLot], element: str
) -> Mapping[str, Mapping[str, Decimal]]:
    """The shares of an element of lots that came from other records: what is proven there, else nothing is known."""
    unknown = {UNKNOWN: Decimal(1)}
    lots = [row.urn for row in rows if matter.made[row.made_by_id].original.row.kind == IMPORT]
    return {urn: (urn in proven and (proven[urn].shares or {}).get(element)) or unknown for urn in lots}


def _with_signed(found: Ranges, signed: Mapping[str, Decimal] | None) -> Ranges:
    """The ranges with the signed shares as what is expected; where nothing was followed, these alone."""
    if signed is None:
        return found
    nothing, whole = Decimal(0), Decimal(1)
    return {
        source: Range(
            found[source].least if source in found else nothing,
            found[source].most if source in found else whole,
            signed.get(source, nothing),
        )
        for source in sorted({*found, *signed})
    }


class _SourcesTold:
    """What sources are: by the lots that the reader sees, else by the signed result."""

    def __init__(self, matter: Matter, result: Told | None, proven: Mapping[str, ForeignLot]) -> None:
        self.matter = matter
        self.proven = {urn: source for lot in proven.values() for urn, source in lot.sources.items()}
        stated = result.body.get("shares") if result else None
        rows = stated.get("sources") if isinstance(stated, dict) else None
        self.stated = {str(row["source"]): row for row in rows} if isinstance(rows, list) else {}

    def view(self, urn: str) -> LotView | None:
        return None if urn == UNKNOWN else self.matter.views.get(UUID(urn[9:]))

    def source(self, urn: str) -> Source:
        view, row = self.view(urn), self.stated.get(urn)
        if row is not None:
            return Source(urn, SourceClass(str(row["class"])), str(row.get("country", "")))
        if urn in self.proven:
            return self.proven[urn]
        if view is None:
            return Source(urn, SourceClass.UNKNOWN, "")
        if view.row.origin:
            return source_of_origin(urn, view.row.origin, view.row.country)
        return Source(urn, SourceClass.PRE_CONSUMER, self.matter.country(view.row.pk))


# Steps


def _steps(edges: Iterable[Any], matter: Matter, element: str) -> list[TracedStep]:
    """The steps of these edges in the order in which they were accepted."""
    by_step: dict[int, tuple[dict[UUID, None], dict[UUID, None]]] = {}
    for edge in edges:
        parents, children = by_step.setdefault(edge.statement_id, ({}, {}))
        parents[edge.parent], children[edge.child] = None, None
    return [_step(pk, by_step[pk], matter, element) for pk in sorted(by_step) if pk in matter.made]


def _step(pk: int, ends: tuple[Iterable[UUID], Iterable[UUID]], matter: Matter, element: str) -> TracedStep:
    told, (parents, children) = matter.made[pk], ends
    drawn = {} if withheld_for_rules(told.original.row.kind, told.withheld) else drawn_kg(told)
    draws = [_draw(parent, drawn.get(parent), told, matter, element) for parent in parents]
    views = {f"urn:uuid:{one}": matter.views.get(one) for one in children}
    made = {urn: None if view is None else view.element_kg(element) for urn, view in views.items()}
    return TracedStep(str(pk), draws, made, _reagents_kg(told, element))


@computing()
def _draw(lot: UUID, kg: Decimal | None, user: Told, matter: Matter, element: str) -> Draw:
    view = matter.views.get(lot)
    if view is None:
        return Draw(f"urn:uuid:{lot}", None)
    whole_kg = view.facts.mass_kg
    element_kg = view.element_in(element, kg) if kg is not None else None
    part = kg / whole_kg if kg is not None and whole_kg else Decimal(1)
    if part > 1 or whole_kg is None:  # nobody can say which part of the lot it was
        element_kg = None if whole_kg is None else element_kg
        part = Decimal(1)
    return Draw(view.row.urn, element_kg, part, _is_source(view, user, matter))


def _is_source(view: LotView, user: Told, matter: Matter) -> bool:
    """Whether it is scrap of one process that goes into another (`lodestone-shares/1`)."""
    if view.row.output_class not in _OWN_SOURCES or not user.claim.get("process"):
        return False
    return not _process(matter.made[view.row.made_by_id]).is_same(_process(user))


def _process(told: Told) -> Process:
    facility = told.body.get("facility")
    steps = frozenset(str(one["step"]) for one in told.claim.get("process", ()))
    return Process(str(told.original.row.issuer), None if facility is None else str(facility), steps)


def _reagents_kg(told: Told, element: str) -> Decimal:
    """kg of the element in reagents, of which nobody knows the source."""
    total = Decimal(0)
    for row in rows_of(told.body, "inventory", "/body"):
        if row.get("role") not in ROLES_IN or "elements" not in row or "amount" not in row:
            continue
        try:
            held = composition_of_rows(parse_rows(rows_of(row, "elements", "")))
        except RecordError:
            continue
        total += element_masses(Decimal(str(row["amount"])), held).get(element, Decimal(0))
    return total


def _may_hold(view: LotView | None, element: str) -> bool:
    """Whether a lot holds the element, or nobody says that it does not."""
    return view is None or view.element_kg(element) != 0


def _trails(edges: Sequence[Any], matter: Matter) -> Mapping[str, tuple[TrailStep, ...]]:
    """The steps between each source and the lot, in the order in which they were accepted."""
    below: defaultdict[UUID, list[Any]] = defaultdict(list)
    for edge in edges:
        below[edge.parent].append(edge)
    found: dict[str, tuple[TrailStep, ...]] = {}
    for pk, view in matter.views.items():
        if not view.row.origin and view.row.output_class not in _OWN_SOURCES:
            continue
        steps: set[int] = set()
        reached, waiting = {pk}, [pk]
        for lot in waiting:
            for edge in below.get(lot, ()):
                steps.add(edge.statement_id)
                if edge.child not in reached:
                    reached.add(edge.child)
                    waiting.append(edge.child)
        words = [
            TrailStep(str(one["step"]), str(one["country"]))
            for step in sorted(steps)
            if step in matter.made
            for one in matter.made[step].claim.get("process", ())
        ]
        found[view.row.urn] = tuple(dict.fromkeys(words))
    return found


# Where it is now


@dataclass(frozen=True, slots=True)
class Followed:
    """Where an element of a lot is now: masses by urn of lots, and by the name of steps (ids of statements)."""

    element: str
    found: Whereabouts | None
    """None where the lot's own content is not the reader's to read, or too much was made of it."""
    views: Mapping[str, LotView]
    made: Mapping[int, Told]
    is_followed: bool


def followed(actor: Actor, lot: Lot, element: str, today: date) -> Followed:
    """Where an element of one lot is now; the actor may see the lot."""
    below = Relatives(actor, Asked((lot.pk,), DOWN, None), today).steps()
    if len(below) > MOST_TRACED:
        return Followed(element, None, {}, {}, is_followed=False)
    seen = {lot.pk, *below}
    edges = _edges_around(seen)
    ids = seen | {edge.parent for edge in edges}  # what went into a lot that one sees, one sees
    matter = lots_selector.matter_of(actor, ids, today)
    views = {view.row.urn: view for view in matter.views.values()}
    if matter.views[lot.pk].element_kg(element) is None:
        return Followed(element, None, views, matter.made, is_followed=True)
    steps = _steps(edges, matter, element)
    accounts = {urn: _account(view, element) for urn, view in views.items()}
    return Followed(element, whereabouts(lot.urn, accounts, steps), views, matter.made, is_followed=True)


def _account(view: LotView, element: str) -> Account:
    left = view.facts.remaining_kg
    return Account(view.element_kg(element), None if left is None else view.element_in(element, left))


@dataclass(frozen=True, slots=True)
class _Edge:
    parent: UUID
    child: UUID
    statement_id: int


def _edges_around(seen: set[UUID]) -> list[_Edge]:
    """All that went into and came out of the steps between these lots; of what came out the reader may not see all."""
    between = LotEdge.objects.filter(parent__in=seen, child__in=seen, voided=False).values("statement")
    rows = LotEdge.objects.filter(statement__in=between, voided=False).order_by("pk")
    return [_Edge(*row) for row in rows.values_list("parent_id", "child_id", "statement_id")]
