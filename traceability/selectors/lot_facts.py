"""Numbers and masses of lots, as far as a reader may see them: the columns of `Lot` hold confidential values too."""

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final, Protocol
from uuid import UUID

from django.db.models import Case, CharField, DecimalField, Exists, F, OuterRef, Q, QuerySet, Value, When

from traceability.ledger.closed import parse_disclosure
from traceability.ledger.custody import CustodyState
from traceability.ledger.immutable import immutable
from traceability.models import Disclosure, Lot, LotAccess, OpeningRule, Statement
from traceability.selectors.access import (
    Actor,
    Audience,
    all_readable_disclosures,
    mandate_givers,
    mandates_in_force,
    organisations_seen_as,
    readable_disclosures,
    told_to_customers,
)
from traceability.selectors.access import (
    lots as visible_lots,
)

DELIVERED: Final = "delivered"
"""The state of a lot as those see it who handed it on."""
LEFT: Final = "left"
"""The state of a lot that was dispatched to somebody who keeps no record here: nobody will receive it."""

_NARROWER: Final = {Audience.CUSTOMER: (Audience.NOBODY, Audience.AUDITOR), Audience.AUDITOR: (Audience.NOBODY,)}
_FIELDS: Final = {"lot_number": "/lot_number", "mass_kg": "/mass_kg"}


@immutable
class LotFacts:
    """What a reader may know of a lot beside its open fields; None is withheld, by the lot's maker or its holder."""

    number: str | None
    mass_kg: Decimal | None
    remaining_kg: Decimal | None
    state: str
    with_reader: bool
    """Whether the reader may know who holds it: what a later holder does with a lot is not told to those before him."""


class OfLot(Protocol):
    """What of the row of a lot its facts are told by."""

    @property
    def id(self) -> UUID: ...
    @property
    def material(self) -> str: ...
    @property
    def number(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def holder_id(self) -> UUID: ...
    @property
    def receiver_id(self) -> UUID | None: ...
    @property
    def made_by_id(self) -> int: ...
    @property
    def mass_kg(self) -> Decimal: ...
    @property
    def remaining_kg(self) -> Decimal: ...


def label_of(lot: OfLot, facts: LotFacts) -> str:
    """How people call a lot: its number, else its material and the end of its id."""
    return facts.number or f"{lot.material}, {str(lot.id)[-4:]}"


def labels_of(actor: Actor, ids: Collection[UUID], today: date) -> dict[UUID, str]:
    """How people call those of these lots that the actor sees directly."""
    rows = list(visible_lots(actor, today).filter(pk__in=set(ids)))
    facts = facts_of(actor, rows, today)
    return {row.pk: label_of(row, facts[row.pk]) for row in rows}


def facts_of(actor: Actor, lots: Sequence[OfLot], today: date) -> dict[UUID, LotFacts]:
    """The facts of these lots by id, in one query however many lots there are."""
    trusted = masses_seen_of(actor, today)
    hidden, gone = _hidden_and_gone(actor, lots, today)
    return {
        lot.id: _facts(lot, hidden.get(lot.id, frozenset()), lot.holder_id in trusted, lot.id not in gone)
        for lot in lots
    }


def number_told_before(lot: Lot, statement: Statement) -> str:
    """The number of a lot as it stood before a statement, where it was told to who was to receive the lot."""
    stated = Disclosure.objects.filter(lot=lot.pk, path__endswith=_FIELDS["lot_number"], statement__lt=statement.pk)
    newest = stated.order_by("-statement").first()
    if newest is None:
        return lot.number
    if newest.text is None or not told_to_customers().filter(pk=newest.pk).exists():
        return ""
    return str(parse_disclosure(newest.text).value)


def is_with(seen_as: set[UUID]) -> Q:
    """The lots that one of these organisations holds or is to receive."""
    return Q(holder__in=seen_as) | Q(receiver__in=seen_as)


def number_is_readable(actor: Actor, today: date) -> Q:
    """The lots whose number the actor may read, so that nobody finds by it what he may not see."""
    own, givers = actor.organisation.pk, mandate_givers(actor, today)
    rules = OpeningRule.objects.filter(group=OpeningRule.Group.NAMES)
    closed_to = {
        audience: rules.filter(audience__in=narrower).values("organisation") for audience, narrower in _NARROWER.items()
    }
    bought = LotAccess.objects.filter(organisation=own, sees=LotAccess.Sees.CUSTOMER).values("lot_id")
    customers = Q(pk__in=bought) & ~Q(maker__in=closed_to[Audience.CUSTOMER])
    return Q(maker=own) | (Q(maker__in=givers) & ~Q(maker__in=closed_to[Audience.AUDITOR])) | customers


def number_told(actor: Actor, today: date) -> Case:
    """The number of a lot as the actor may read it; empty where its maker keeps it to himself."""
    shown = When(number_is_readable(actor, today), then=F("number"))
    return Case(shown, default=Value(""), output_field=CharField())


def mass_told_kg(actor: Actor, today: date) -> Case:
    """The mass of a lot as `LotFacts.mass_kg` has it, so that no order tells what is withheld."""
    shown = Q(holder__in=masses_seen_of(actor, today)) | mass_is_readable(actor, today)
    return Case(When(shown, then=F("mass_kg")), default=Value(None), output_field=DecimalField())


def mass_is_readable(actor: Actor, today: date) -> Q:
    """The lots whose mass, as their maker stated it, is open or opened to the actor."""
    stated = {"path__endswith": _FIELDS["mass_kg"], "lot": OuterRef("pk"), "statement": OuterRef("made_by")}
    closed = Disclosure.objects.filter(**stated)
    return ~Q(Exists(closed)) | Q(Exists(all_readable_disclosures(actor, today).filter(**stated)))


def masses_seen_of(actor: Actor, today: date) -> set[UUID]:
    """The organisations of whose stock and steps the actor sees the masses: his own, and givers of a mandate."""
    tell = {one.giver for one in mandates_in_force(actor, today) if one.tells_masses}
    return {actor.organisation.pk, *(mandate_givers(actor, today) & tell)}


def has_left() -> Q:
    """The lots that left the record: on their way to nobody of it."""
    return Q(state=CustodyState.IN_TRANSIT, receiver=None)


def _state(lot: OfLot) -> str:
    return LEFT if lot.state == CustodyState.IN_TRANSIT and lot.receiver_id is None else lot.state


def _facts(lot: OfLot, hidden: frozenset[str], in_stock: bool, with_reader: bool) -> LotFacts:
    return LotFacts(
        state=_state(lot) if with_reader else DELIVERED,
        with_reader=with_reader,
        number=None if "lot_number" in hidden else lot.number,
        mass_kg=None if "mass_kg" in hidden and not in_stock else lot.mass_kg,
        remaining_kg=lot.remaining_kg if in_stock else None,
    )


def _hidden_and_gone(actor: Actor, lots: Sequence[OfLot], today: date) -> tuple[dict[UUID, frozenset[str]], set[UUID]]:
    """The names of the fields of each lot that its maker closed and does not open to the actor, and those of these lots
    that the reader had, and another has now; both in one query.
    """
    if not lots:
        return {}, set()
    seen_as, ids = organisations_seen_as(actor, today), {lot.made_by_id for lot in lots}
    elsewhere = {lot.id for lot in lots if lot.holder_id not in seen_as and lot.receiver_id not in seen_as}
    named = Q(path__endswith=_FIELDS["lot_number"]) | Q(path__endswith=_FIELDS["mass_kg"])
    closed = Disclosure.objects.filter(named, lot__among={lot.id for lot in lots}, statement__pk__among=ids)
    read = readable_disclosures(actor, ids, today).filter(named)
    rows: QuerySet[Any, Any] = closed.exclude(pk__in=read.values("pk")).values_list("lot", "path")
    if elsewhere:
        had = LotAccess.objects.filter(organisation__in=seen_as, lot__pk__among=elsewhere, sees=LotAccess.Sees.PARTY)
        rows = rows.union(had.values_list("lot_id", Value("")))
    hidden: dict[UUID, frozenset[str]] = {}
    gone: set[UUID] = set()
    for lot, path in rows:
        if path:
            hidden[lot] = hidden.get(lot, frozenset()) | {path.rsplit("/", 1)[-1]}
        else:
            gone.add(lot)
    return hidden, gone
