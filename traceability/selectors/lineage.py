"""What went into a lot, and what came of it: the graph of its matter, read in one recursive query.

The query unites rows (UNION), so a ladder of diamonds with 2^n paths costs as much as it has lots. A lot is drawn from
after it was made, so the order in which statements were accepted is a topological order of what flowed.
"""

import struct
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from operator import itemgetter
from typing import Final
from uuid import UUID

from django.db import connection

from traceability.models import LotEdge
from traceability.models.bulk import fetch_rows
from traceability.selectors import access

UP: Final = "up"
DOWN: Final = "down"
DIGITS: Final = 36
WHOLE: Final = 10**DIGITS

_CONE: Final = """
    WITH RECURSIVE cone(id) AS (
        SELECT {near} FROM traceability_lotedge WHERE {near} IN ({marks}) AND NOT voided
        UNION SELECT edge.{far} FROM {edges})
    SELECT {flow} FROM cone JOIN traceability_lotedge edge ON edge.{near} = cone.id WHERE NOT edge.voided"""
# Masses travel as whole grams and lots as plain bytes or text: exact, and cheaper to read than decimals and UUIDs.
# PostgreSQL sends all flows as one value, which costs the driver a tenth of what it takes to make rows of them.
_FLOW: Final = {
    "postgresql": "string_agg(uuid_send(edge.{far}) || int8send(CAST(edge.mass_kg * 1000 AS BIGINT))"
    " || uuid_send(edge.{near}) || int8send(edge.statement_id), NULL)",
    "sqlite": "edge.{far}, CAST(ROUND(edge.mass_kg * 1000) AS BIGINT), edge.{near}, edge.statement_id",
}
_AS_SENT: Final = struct.Struct("!16sq16sq")
_COLUMNS: Final = {UP: {"near": "child_id", "far": "parent_id"}, DOWN: {"near": "parent_id", "far": "child_id"}}
Key = bytes | str
"""A lot as it travels: 16 bytes from PostgreSQL, 32 hexadecimal digits from SQLite."""
Flow = tuple[Key, int, Key, int]
"""The lot at the other end, grams, the lot at this end, and the statement that says so."""
_FAR: Final = itemgetter(0)
_STATEMENT: Final = itemgetter(3)


@dataclass(frozen=True, slots=True)
class Edge:
    """Matter of `parent` went into `child` in this statement; the mass is what the whole step drew."""

    parent: UUID
    child: UUID
    statement_id: int
    mass_kg: Decimal


@dataclass(frozen=True)
class Lineage:
    """All lots above (`up`) or below (`down`) one lot."""

    lot: UUID
    direction: str
    start: Key
    flows: Sequence[Flow]
    """Those between lots that are nearer to the lot of the page come first."""

    def __len__(self) -> int:
        """How many lots there are beside the lot itself."""
        return len(self.order) - 1

    @cached_property
    def far(self) -> Mapping[Key, Sequence[Flow]]:
        """From each lot to those that are one step further from the lot of the page."""
        far: defaultdict[Key, list[Flow]] = defaultdict(list)
        for flow in self.flows:
            far[flow[2]].append(flow)
        return dict(far)

    @cached_property
    def order(self) -> Sequence[Key]:
        """Every lot once, after all lots that lead to it; begins with the lot of the page."""
        order = [self.start]
        leading = Counter(map(_FAR, self.flows))
        for near in order:
            for other, *_ in self.far.get(near, ()):
                leading[other] -= 1
                if not leading[other]:
                    order.append(other)
        return order

    def lots(self, most: int | None = None) -> list[UUID]:
        """The lots, nearest first, at most so many; the lot itself is not among them."""
        return [lot_of(key) for key in self.order[1 : None if most is None else most + 1]]

    def edges(self, among: Collection[UUID]) -> list[Edge]:
        """The edges between these lots, in the order in which they were made."""
        rows = LotEdge.objects.filter(parent__in=among, child__in=among, voided=False).order_by("pk")
        named = rows.values_list("parent_id", "child_id", "statement_id", "mass_kg")
        return [Edge(*row) for row in named]

    def steps(self) -> dict[UUID, int]:
        """The fewest steps to each lot, nearest first; the lot itself is not among them."""
        steps = {self.order[0]: 0}
        for near in self.order:
            for far, *_ in self.far.get(near, ()):
                steps[far] = min(steps.get(far, steps[near] + 1), steps[near] + 1)
        return {lot_of(key): steps[key] for key in sorted(self.order[1:], key=steps.__getitem__)}


def lineage(lot: UUID, direction: str) -> Lineage:
    """The lots above or below a lot, with what went between them."""
    flows = sorted(flows_of([lot], direction), key=_STATEMENT, reverse=direction == UP)
    return Lineage(lot, direction, key_of(lot), flows)


def lineages(lots: Sequence[UUID], direction: str) -> list[Lineage]:
    """The same of each of these lots, in their order, in one query."""
    flows = sorted(flows_of(lots, direction), key=_STATEMENT, reverse=direction == UP)
    return [Lineage(lot, direction, key_of(lot), _reached(key_of(lot), flows)) for lot in lots]


def _reached(start: Key, flows: Sequence[Flow]) -> list[Flow]:
    """Of these flows, each after those that lead to it, the ones to which one comes from here."""
    reached, found = {start}, []
    for flow in flows:
        if flow[2] in reached:
            reached.add(flow[0])
            found.append(flow)
    return found


def flows_of(lots: Sequence[UUID], direction: str) -> Iterable[Flow]:
    """All that flowed into these lots, and into those again (`up`), or out of them (`down`): one query, in no order."""
    columns = _COLUMNS[direction]
    flow = _FLOW[connection.vendor].format(**columns)
    marks = ", ".join(["%s"] * len(lots))
    query = _CONE.format(flow=flow, edges=access.edges_of_cone(**columns), marks=marks, **columns)
    if connection.vendor != "postgresql":
        return fetch_rows(query, [lot.hex for lot in lots])
    ((sent,),) = fetch_rows(query, list(lots))
    return _AS_SENT.iter_unpack(sent or b"")


def key_of(lot: UUID) -> Key:
    """A lot as it travels."""
    return lot.bytes if connection.vendor == "postgresql" else lot.hex


def lot_of(key: Key) -> UUID:
    """The lot that travelled so."""
    return UUID(bytes=key) if isinstance(key, bytes) else UUID(key)


def source_shares(found: Lineage) -> dict[UUID, Decimal]:
    """The shares of a lot's dry mass that came of each of its sources, passed on by what each step drew; 1 in all.

    These are shares of mass; shares of an element stand in the signed result of the lot (`lodestone-shares/1`). They
    are added up as whole numbers of a very small part of the lot: as exact as decimals here, and faster.
    """
    parts: defaultdict[Key, int] = defaultdict(int, {found.start: WHOLE})
    for near, flows in found.far.items():
        drawn = 0
        for flow in flows:
            drawn += flow[1]
        part_of_gram = parts.pop(near) // (drawn or 1)
        for far, grams, _, _ in flows:
            parts[far] += part_of_gram * grams
    return {lot_of(lot): Decimal(part).scaleb(-DIGITS) for lot, part in parts.items()}
