"""Deliveries of which only a part arrived, as their two parties see them: what was sent on since, and what remains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q, QuerySet

from traceability.models import ChainLink, Lot, LotEdge, PartialArrival
from traceability.selectors import drafts, stock
from traceability.selectors.access import Actor, NotFound

if TYPE_CHECKING:
    from traceability.selectors.stock import LotNamed


@dataclass(frozen=True, slots=True)
class Arrival:
    """A delivery in parts: the lots that went on to the receiver since, and the dry kg that wait to be dispatched."""

    row: PartialArrival
    lot: LotNamed | None
    sent: Sequence[LotNamed]
    next_kg: Decimal

    @property
    def is_whole(self) -> bool:
        """Whether nothing of it waits to be dispatched any more."""
        return self.next_kg <= 0


def of(actor: Actor) -> QuerySet[PartialArrival]:
    """The deliveries in parts of which the organisation is sender or receiver, the newest first."""
    own = Q(sender=actor.organisation) | Q(receiver=actor.organisation)
    return PartialArrival.objects.filter(own).select_related("lot", "sender", "receiver", "rejection")


def one(actor: Actor, arrival: UUID, today: date) -> Arrival:
    """One of them with what became of it, or NotFound."""
    row = of(actor).filter(pk=arrival).first()
    if row is None:
        raise NotFound("There is no such delivery in parts, or it is not yours to see.")
    return read(actor, [row], today)[0]


def read(actor: Actor, rows: Sequence[PartialArrival], today: date) -> list[Arrival]:
    """What became of deliveries in parts, in a handful of questions for all of them."""
    sent = sent_since(rows)
    lots = drafts.lots_named(actor, [row.lot.urn for row in rows], today)
    wanted = {lot for found in sent.values() for lot in found}
    here = stock.with_numbers(actor, stock.lots(actor), today).filter(pk__in=wanted).order_by("made_at", "pk")
    named = {row.pk: row for row in here} if wanted else {}
    return [
        Arrival(
            row,
            lots.get(row.lot.urn),
            [lot for pk, lot in named.items() if pk in sent[row.pk]],
            next_kg(row, is_first=not sent[row.pk]),
        )
        for row in rows
    ]


def sent_since(rows: Sequence[PartialArrival]) -> dict[UUID, set[UUID]]:
    """By delivery, the lots that its sender dispatched to its receiver since: parts of the lot, or the lot itself."""
    lots = {row.lot_id for row in rows}
    edges = list(LotEdge.objects.filter(parent__in=lots, division=True).values_list("parent", "child", "statement"))
    candidates = lots | {child for _, child, _ in edges}
    dispatches = ChainLink.objects.filter(subject__in=candidates, statement__kind="lot.dispatch")
    said = list(dispatches.values_list("subject", "statement", "statement__issuer"))
    goes_to = {lot.pk: (lot.receiver_id, lot.holder_id) for lot in Lot.objects.filter(pk__in=candidates)}
    found: dict[UUID, set[UUID]] = {}
    for row in rows:
        parts = {child for parent, child, made in edges if parent == row.lot_id and made > row.rejection_id}
        since = {lot for lot, statement, issuer in said if statement > row.rejection_id and issuer == row.sender_id}
        found[row.pk] = {lot for lot in since & (parts | {row.lot_id}) if row.receiver_id in goes_to[lot]}
    return found


def next_kg(row: PartialArrival, *, is_first: bool) -> Decimal:
    """The dry kg that the sender dispatches next: what arrived, then what remains; 0 where he holds nothing of it."""
    if row.lot.holder_id != row.sender_id or row.lot.state != "held":
        return Decimal(0)
    return min(row.arrived_kg, row.lot.remaining_kg) if is_first else row.lot.remaining_kg
