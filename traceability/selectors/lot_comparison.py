"""Lots side by side, as one reader may see them. None is withheld, not recorded or not declared; it is never zero."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from traceability.ledger.quantity import computing
from traceability.material.composition import Composition
from traceability.material.elements import RARE_EARTHS
from traceability.models import Lot
from traceability.rules.activities import COLLECTED, MINED
from traceability.rules.answers import Answer
from traceability.rules.catalogue import all_rule_sets
from traceability.rules.evaluating import answers_of
from traceability.rules.facts import LotFacts, SourceShare
from traceability.selectors import lots, rule_facts
from traceability.selectors.access import Actor
from traceability.selectors.lineage import UP, Lineage, lineages
from traceability.selectors.lots import Ancestry, LotView, Matter
from traceability.selectors.names import Names
from traceability.selectors.slots import SLOTS, DeclarationLink
from traceability.selectors.statements import Told

POST, PRE = "post_consumer", "pre_consumer"
MOST_FOLLOWED: Final = 1000
"""Of more lots behind one of two, the statements are not opened while somebody waits for a page."""
_ENTERED: Final = (MINED, COLLECTED)


@dataclass(frozen=True, slots=True)
class Source:
    """Where shares of an element are from: the class of the source, and its country where it is known."""

    source_class: str
    country: str


@dataclass(frozen=True, slots=True)
class Side:
    """One of the lots."""

    view: LotView
    matter: Matter
    facts: LotFacts
    result: Told | None
    up: Lineage
    ancestry: Ancestry
    answers: Sequence[Answer]
    is_followed: bool
    """Whether all that went into both was read; else there are no answers of rules, and stated shares alone."""
    declarations: Sequence[DeclarationLink]
    names: Names

    @property
    def row(self) -> Lot:
        return self.view.row

    @property
    def country(self) -> str:
        return self.matter.country(self.row.pk)

    @property
    def contents(self) -> Composition:
        """What the reader knows of its contents; nothing where they are withheld, or were never stated."""
        return self.view.composition or {}

    @computing()
    def shares(self, element: str) -> Mapping[Source, Decimal] | None:
        """Where an element of it is from, 1 in all; None where that is not established for the reader."""
        ways = (self.facts.shares or {}).get(element)
        if not ways:
            return None
        found: dict[Source, Decimal] = {}
        for one in ways:
            source = _source(one)
            found[source] = found.get(source, Decimal(0)) + one.share
        return found

    def share(self, element: str, source: Source) -> Decimal | None:
        """The share of one source; zero only where all shares of the element are established."""
        found = self.shares(element)
        return None if found is None else found.get(source, Decimal(0))

    def recycled(self, source_class: str) -> Decimal | None:
        """The post- or pre-consumer share of total rare earths by the signed result of the lot."""
        shares = self.result.body.get("shares") if self.result else None
        stated = shares.get("recycled") if isinstance(shares, dict) else None
        return Decimal(str(stated[source_class])) if isinstance(stated, dict) else None


def side_by_side(actor: Actor, rows: Sequence[Lot], today: date) -> list[Side]:
    """These lots, which the actor may see, in their order; rules are asked as of today."""
    ids = [row.pk for row in rows]
    ups = lineages(ids, UP)
    is_followed = max(map(len, ups)) <= MOST_FOLLOWED
    follow = rule_facts.read if is_followed else rule_facts.read_alone
    read = follow(actor, ids, today, rows=rows)
    declared = SLOTS.declarations(actor, ids)
    return [
        Side(
            view=read.matter.views[one],
            matter=read.matter,
            facts=read.facts[one],
            result=read.results[one][-1] if one in read.results else None,
            up=up,
            ancestry=_ancestry(up, read.matter, is_followed=is_followed),
            answers=list(answers_of(read.facts[one], all_rule_sets(), today)) if is_followed else (),
            is_followed=is_followed,
            declarations=declared.get(one, ()),
            names=read.names,
        )
        for one, up in zip(ids, ups, strict=True)
    ]


def _ancestry(up: Lineage, matter: Matter, *, is_followed: bool) -> Ancestry:
    if not is_followed:
        return lots.ancestry(up.lot)
    return lots.ancestry_among(matter.views[one].row for one in up.lots())


def elements(sides: Collection[Side]) -> list[str]:
    """The elements that any of them is known to hold: rare earths first, those with most matter before the others."""
    most: dict[str, Decimal] = {}
    for side in sides:
        for element, content in side.contents.items():
            if content.element_pct:
                most[element] = max(most.get(element, Decimal(0)), content.element_pct)
    return sorted(most, key=lambda one: (one not in RARE_EARTHS, -most[one], one))


def sources(sides: Collection[Side]) -> Iterator[tuple[str, Source]]:
    """Each element with each source that shares of any of them are from, the largest first."""
    known = {element for side in sides for element in side.facts.shares or {}}
    held = elements(sides)
    for element in [*(one for one in held if one in known), *sorted(known - set(held))]:
        most: dict[Source, Decimal] = {}
        for side in sides:
            for source, share in (side.shares(element) or {}).items():
                most[source] = max(most.get(source, share), share)
        yield from ((element, one) for one in sorted(most, key=lambda one: (-most[one], one.source_class, one.country)))


def answered(sides: Sequence[Side]) -> Iterator[tuple[Answer, ...]]:
    """What each rule set answers of each of them; all are asked the same versions."""
    return zip(*(side.answers for side in sides), strict=True)


@computing()
def difference(values: Sequence[Decimal | None]) -> Decimal | None:
    """The last of two values without the first; None where one of them is not known."""
    first, last = values
    return None if first is None or last is None else last - first


def _source(one: SourceShare) -> Source:
    entry = next((country for activity, country in one.steps[:1] if activity in _ENTERED), "")
    return Source(one.source_class, entry)
