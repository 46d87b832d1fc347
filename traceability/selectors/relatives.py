"""Parents and children of many lots at once: one row for each pair of a lot that was asked for and one related to it.

What flowed is read in one query for all of them; the lots, names and steps of a piece of the rows in a few more.
"""

from collections import defaultdict, deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import islice
from typing import Final
from uuid import UUID

from django.db.models import Q

from traceability.ledger.immutable import immutable
from traceability.models import Lot
from traceability.selectors import access, lot_facts, statements
from traceability.selectors.access import Actor
from traceability.selectors.lineage import DOWN, UP, Flow, Key, flows_of, key_of, lot_of
from traceability.selectors.lot_facts import LotFacts
from traceability.selectors.names import Names, names_of

BOTH: Final = "both"
DIRECTIONS: Final = (UP, DOWN, BOTH)
DEEPEST: Final = 100
MOST_ASKED: Final = 2000
"""Lots that may be asked for at once."""
CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks: lots in his order, which way, and how many steps at most (None: all)."""

    lots: tuple[UUID, ...]
    direction: str = UP
    depth: int | None = 1


@dataclass(frozen=True, slots=True)
class Found:
    """What was written of lots, as far as it names any: in that order, each lot once; and what named none."""

    lots: tuple[UUID, ...]
    unknown: tuple[str, ...]


@immutable
class Pair:
    """A lot that was asked for, and one related to it, so many steps away."""

    lot: UUID
    other: UUID
    direction: str
    depth: int
    grams: int
    """What the steps between them drew: of the parent (up), or of what lies between, for the child (down)."""
    statements: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A pair with what its reader may know of it; a name or mass of None is withheld."""

    pair: Pair
    lot: str
    other: Lot
    facts: LotFacts
    label: str
    holder: str | None
    receiver: str | None
    """To whom it is on its way, where it is."""
    drawn_kg: Decimal | None
    steps: tuple[str, ...]
    """The words of the steps between; none where it was split or merged."""

    @property
    def is_pending(self) -> bool:
        """Whether it was sent and not received yet."""
        return self.facts.state == "in_transit"


# What was asked


def found(actor: Actor, words: Sequence[str], today: date) -> Found:
    """The lots that these words name: ids, urns or numbers; what the actor may not see is not there."""
    ids = {word: lot for word in words if (lot := _id(word)) is not None}
    numbers = {word.casefold() for word in words if word not in ids}
    seen = _seen(actor, set(ids.values()), today)
    numbered = _numbered(actor, numbers, today) if numbers else {}
    lots: dict[UUID, None] = {}
    unknown: dict[str, None] = {}
    for word in words:
        named = [ids[word]] if word in ids and ids[word] in seen else numbered.get(word.casefold(), [])
        lots |= dict.fromkeys(named)
        if not named:
            unknown[word] = None
    return Found(tuple(lots), tuple(unknown))


def _id(word: str) -> UUID | None:
    try:
        return UUID(word.removeprefix("urn:uuid:"))
    except ValueError:
        return None


def _seen(actor: Actor, ids: set[UUID], today: date) -> set[UUID]:
    if not ids:
        return set()
    own = set(access.lots(actor, today).filter(pk__in=ids).values_list("pk", flat=True))
    if left := ids - own:  # what went into other lots of his
        own |= set(Lot.objects.filter(access.is_seen(actor, today), pk__in=left).values_list("pk", flat=True))
    return own


def _numbered(actor: Actor, numbers: set[str], today: date) -> Mapping[str, list[UUID]]:
    rows = access.lots(actor, today).filter(lot_facts.number_is_readable(actor, today))
    named = Q(number__in=numbers) | Q(number__in={one.upper() for one in numbers})
    exact = rows.filter(named).values_list("number", "pk")
    by_number: dict[str, list[UUID]] = defaultdict(list)
    for number, pk in exact.order_by("made_by_id", "pk"):
        by_number[number.casefold()].append(pk)
    if left := numbers - by_number.keys():  # written in capitals and small letters
        rest = rows.exclude(number="").values_list("number", "pk").order_by("made_by_id", "pk")
        for number, pk in rest:
            if number.casefold() in left:
                by_number[number.casefold()].append(pk)
    return by_number


# The walk


@dataclass(frozen=True)
class _Web:
    """All that flowed on the way up or down from several lots."""

    direction: str
    flows: Sequence[Flow]

    @cached_property
    def far(self) -> Mapping[Key, Sequence[Flow]]:
        far: defaultdict[Key, list[Flow]] = defaultdict(list)
        for flow in self.flows:
            far[flow[2]].append(flow)
        return dict(far)

    @cached_property
    def lots(self) -> Mapping[Key, UUID]:
        """All lots on the way."""
        return {key: lot_of(key) for key in {flow[0] for flow in self.flows}}

    def seen_from(self, seen: Collection[Key]) -> set[Key]:
        """These lots, and all between them and where the walk begins: who sees a lot sees what went into it."""
        near: defaultdict[Key, list[Key]] = defaultdict(list)
        for flow in self.flows:
            near[flow[0]].append(flow[2])
        reached = set(seen)
        waiting = deque(reached)
        while waiting:
            for one in near.get(waiting.popleft(), ()):
                if one not in reached:
                    reached.add(one)
                    waiting.append(one)
        return reached

    def steps(self, lot: UUID, depth: int | None, seen: Collection[Key] | None) -> dict[Key, int]:
        """The lot and those related to it, nearest first, with the fewest steps to each; `seen` narrows them to those
        that the reader may see.
        """
        steps = {key_of(lot): 0}
        order = list(steps)
        for near in order:
            if depth is not None and steps[near] >= depth:
                break
            for other, *_ in self.far.get(near, ()):
                if other not in steps and (seen is None or other in seen):
                    steps[other] = steps[near] + 1
                    order.append(other)
        return steps

    def pairs(self, lot: UUID, depth: int | None, seen: Collection[Key] | None) -> Iterator[Pair]:
        """The lots related to one, nearest first, with what lies between."""
        steps = self.steps(lot, depth, seen)
        between: defaultdict[Key, list[Flow]] = defaultdict(list)
        for near, taken in steps.items():
            if depth is None or taken < depth:
                for flow in self.far.get(near, ()):
                    between[flow[0]].append(flow)
        for other in list(steps)[1:]:
            flows = between[other]
            statements = tuple(dict.fromkeys(flow[3] for flow in flows))
            grams = sum(flow[1] for flow in flows)
            yield Pair(lot, lot_of(other), self.direction, steps[other], grams, statements)


@dataclass(frozen=True)
class Relatives:
    """The answer to what was asked, as its reader may see it."""

    actor: Actor
    asked: Asked
    today: date
    reader: "_Reader" = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "reader", _Reader(self.actor, self.today))

    @cached_property
    def _webs(self) -> list[tuple[_Web, set[Key] | None]]:
        ways = (UP, DOWN) if self.asked.direction == BOTH else (self.asked.direction,)
        return [self._web(way) for way in ways] if self.asked.lots else []

    def _web(self, way: str) -> tuple[_Web, set[Key] | None]:
        # In the order of statements, so that the answer is the same whenever it is asked.
        flows = sorted(flows_of(self.asked.lots, way), key=lambda flow: (flow[3], flow[0]), reverse=way == UP)
        web = _Web(way, flows)
        if way == UP:
            return web, None
        own = access.lots(self.actor, self.today).values("pk")
        below = set(web.lots.values())
        foreign = set(Lot.objects.filter(pk__among=below).exclude(pk__in_set=own).values_list("pk", flat=True))
        return web, web.seen_from([key for key, one in web.lots.items() if one not in foreign])

    def steps(self) -> dict[UUID, int]:
        """The lots related to those that were asked for, nearest first, with the fewest steps to each."""
        found: dict[UUID, int] = {}
        for lot in self.asked.lots:
            for web, seen in self._webs:
                steps = web.steps(lot, self.asked.depth, seen)
                found |= {web.lots[key]: taken for key, taken in steps.items() if taken}
        return found

    def pairs(self) -> Iterator[Pair]:
        """Every pair, lots in the order in which they were asked for."""
        for lot in self.asked.lots:
            for web, seen in self._webs:
                yield from web.pairs(lot, self.asked.depth, seen)

    def lines(self, pairs: Sequence[Pair]) -> list[Line]:
        """These pairs with what is to be said of them."""
        return self.reader.lines(pairs)

    @property
    def names(self) -> Names:
        """Of the organisations of the lines that were read."""
        return self.reader.names

    def every(self) -> Iterator[Line]:
        """All lines, read piece by piece."""
        pairs = self.pairs()
        while piece := list(islice(pairs, CHUNK)):
            yield from self.reader.lines(piece)


class _Reader:
    """What is said of lots and steps, each read once."""

    def __init__(self, actor: Actor, today: date) -> None:
        self.actor, self.today = actor, today
        self.lots: dict[UUID, Lot] = {}
        self.facts: dict[UUID, LotFacts] = {}
        self.processes: dict[int, statements.Process] = {}
        self.names = Names({}, {})
        self.asked_names: set[UUID] = set()

    @cached_property
    def _trusted(self) -> set[UUID]:
        return lot_facts.masses_seen_of(self.actor, self.today)

    def lines(self, pairs: Sequence[Pair]) -> list[Line]:
        self._read_lots({one for pair in pairs for one in (pair.lot, pair.other)})
        new = {one for pair in pairs for one in pair.statements} - self.processes.keys()
        self.processes |= statements.processes(new)
        return [self._line(pair) for pair in pairs]

    def _read_lots(self, ids: set[UUID]) -> None:
        new = list(Lot.objects.filter(pk__in=ids - self.lots.keys()).defer("record"))
        self.lots |= {row.pk: row for row in new}
        self.facts |= lot_facts.facts_of(self.actor, new, self.today)
        parties = {one for row in new for one in (row.maker_id, row.holder_id, row.receiver_id) if one}
        if left := parties - self.asked_names:
            self.asked_names |= left
            more = names_of(self.actor, left, self.today)
            self.names = Names({**self.names.known, **more.known}, {**self.names.countries, **more.countries})

    def _line(self, pair: Pair) -> Line:
        row, facts = self.lots[pair.other], self.facts[pair.other]
        with_reader = facts.with_reader
        said = [self.processes[one] for one in pair.statements]
        told = all(one.issuer in self._trusted for one in said)
        receiver = row.receiver_id if with_reader and row.receiver_id else None
        return Line(
            pair=pair,
            lot=lot_facts.label_of(self.lots[pair.lot], self.facts[pair.lot]),
            other=row,
            facts=facts,
            label=lot_facts.label_of(row, facts),
            holder=self.names.of(row.holder_id) if with_reader else None,
            receiver=self.names.of(receiver) if receiver else None,
            drawn_kg=Decimal(pair.grams).scaleb(-3) if told else None,
            steps=tuple(dict.fromkeys(step for one in said for step, _ in one.steps)),
        )
