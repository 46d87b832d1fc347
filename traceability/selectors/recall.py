"""Everything made of a lot, where it is now, and whom to tell: what its reader may see of it.

What later holders do with a lot is theirs to tell. Of a lot that was handed on the reader knows to whom he sent it; it
is those whom he tells, and they tell theirs. How much lies beyond is not said.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from traceability.ledger import envelope
from traceability.ledger.identifiers import is_urn
from traceability.ledger.immutable import immutable
from traceability.ledger.statement import parse_header
from traceability.models import ChainLink, Lot
from traceability.selectors import access, lot_facts
from traceability.selectors.access import Actor
from traceability.selectors.lineage import DOWN
from traceability.selectors.lot_facts import LotFacts
from traceability.selectors.names import Names, names_of
from traceability.selectors.relatives import Asked, Relatives


class Where(StrEnum):
    """Where a lot stands, as far as its reader may know."""

    THERE = "there"
    ON_HOLD = "on_hold"
    BLOCKED = "blocked"
    ON_ITS_WAY = "on_its_way"
    LEFT = "left"
    """Sent to somebody outside this record."""
    USED_UP = "used_up"
    HANDED_ON = "handed_on"
    VOID = "void"


_WHERE: Final = {
    "held": Where.THERE,
    "on_hold": Where.ON_HOLD,
    "blocked": Where.BLOCKED,
    "in_transit": Where.ON_ITS_WAY,
    "closed": Where.USED_UP,
    "void": Where.VOID,
    lot_facts.LEFT: Where.LEFT,
    lot_facts.DELIVERED: Where.HANDED_ON,
}
GONE: Final = (Where.USED_UP, Where.VOID)
"""Lots of which nothing is left as such."""


class Row(NamedTuple):
    """What of a lot is read, for there may be thousands."""

    id: UUID
    number: str
    material: str
    stage: str
    state: str
    holder_id: UUID
    receiver_id: UUID | None
    mass_kg: Decimal
    remaining_kg: Decimal
    made_by_id: int
    made_at: datetime

    @property
    def pk(self) -> UUID:
        return self.id

    @property
    def urn(self) -> str:
        return f"urn:uuid:{self.id}"


@immutable
class Touched:
    """One lot that the matter is in, or went through. A mass of None is withheld."""

    lot: Row
    facts: LotFacts
    label: str
    depth: int
    where: Where
    told: tuple[UUID, ...]
    """Whom to tell: who holds it, to whom it is on its way, or to whom it was sent."""

    @property
    def mass_kg(self) -> Decimal | None:
        """What is left of it, else what was handed over; 0 where it is used up."""
        if self.where in GONE:
            return Decimal(0)
        return self.facts.mass_kg if self.facts.remaining_kg is None else self.facts.remaining_kg


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody to tell, with the lots because of which."""

    organisation: UUID
    name: str
    country: str
    lots: Sequence[Touched]
    is_reader: bool

    def how_many(self, *where: Where) -> int:
        """How many of its lots stand so."""
        return sum(1 for one in self.lots if one.where in where)

    @property
    def mass_kg(self) -> Decimal | None:
        """Of all its lots; None where one of them is withheld."""
        found = [one.mass_kg for one in self.lots]
        known = [one for one in found if one is not None]
        return sum(known, Decimal(0)) if len(known) == len(found) else None


@dataclass(frozen=True, slots=True)
class Recall:
    """The lot and everything made of it, nearest first; whom to tell, who has most lots first."""

    lots: Sequence[Touched]
    parties: Sequence[Party]
    names: Names

    def how_many(self, *where: Where) -> int:
        """How many lots stand so."""
        return sum(1 for one in self.lots if one.where in where)


def recall(actor: Actor, lot: Lot, today: date) -> Recall:
    """The view of one lot, which the actor may see."""
    depths = Relatives(actor, Asked((lot.pk,), DOWN, None), today).steps()
    rows = [Row._make(getattr(lot, name) for name in Row._fields), *_rows(depths)]
    facts = lot_facts.facts_of(actor, rows, today)
    gone = [row.id for row in rows if not facts[row.id].with_reader]
    sent = _sent_to(gone, access.organisations_seen_as(actor, today)) if gone else {}
    lots = [
        _touched(row, facts[row.id], depth, sent.get(row.id) if sent else None)
        for row, depth in zip(rows, (0, *depths.values()), strict=True)
    ]
    names = names_of(actor, {one for row in lots for one in row.told}, today)
    return Recall(lots, _parties(lots, names, actor.organisation.pk), names)


def _rows(lots: Collection[UUID]) -> list[Row]:
    """These lots, in their order."""
    found = {row[0]: Row._make(row) for row in Lot.objects.filter(pk__among=set(lots)).values_list(*Row._fields)}
    return [found[one] for one in lots]


def _sent_to(lots: Iterable[UUID], senders: set[UUID]) -> Mapping[UUID, UUID | None]:
    """To whom one of these organisations sent each of the lots last; None for somebody outside this record."""
    links = ChainLink.objects.filter(subject__in=lots, statement__kind="lot.dispatch", statement__issuer__in=senders)
    found: dict[UUID, UUID | None] = {}
    for link in links.select_related("statement").order_by("seq"):
        content = parse_header(envelope.parse_envelope(bytes(link.statement.envelope)).payload).content
        body = content["body"]
        to = body.get("to") if isinstance(body, dict) else None
        found[link.subject] = UUID(str(to)[9:]) if isinstance(to, str) and is_urn(to) else None
    return found


def _touched(lot: Row, facts: LotFacts, depth: int, sent_to: UUID | None) -> Touched:
    where = _WHERE[facts.state]
    told: tuple[UUID, ...] = (lot.holder_id,)
    if where is Where.HANDED_ON:
        told = (sent_to,) if sent_to else ()
    elif where is Where.ON_ITS_WAY and lot.receiver_id:
        told = (lot.holder_id, lot.receiver_id)
    elif where is Where.VOID:
        told = ()
    return Touched(lot, facts, lot_facts.label_of(lot, facts), depth, where, told)


def _parties(lots: Sequence[Touched], names: Names, reader: UUID) -> list[Party]:
    by_party: dict[UUID, list[Touched]] = {}
    for row in lots:
        for one in row.told:
            by_party.setdefault(one, []).append(row)
    found = [
        Party(one, names.of(one), names.countries.get(one, ""), rows, one == reader) for one, rows in by_party.items()
    ]
    return sorted(found, key=lambda party: (-len(party.lots), party.name, str(party.organisation)))
