"""Goods that arrive in parts (record-format.md section 10): a consignment is received whole, so the receiver rejects it
and says how much arrived, and the sender splits that off and dispatches it again, then the rest.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from traceability.intake.fields import Fields
from traceability.intake.notes import Mistake, Notes, OutOfBounds
from traceability.intake.numbers import NumberStyle, shown
from traceability.ledger.custody import NotReceiver
from traceability.ledger.quantity import format_quantity
from traceability.models import Lot, PartialArrival, Statement
from traceability.selectors import access, partial_arrivals
from traceability.selectors import drafts as reading
from traceability.selectors.access import Actor
from traceability.services import acceptance, clock, lot_rows, parting, sealing
from traceability.services.errors import Refusal
from traceability.services.parting import PART_NUMBER, Part
from traceability.services.submissions import Act, Receipt

ACT: Final = "parts"
ARRIVED: Final = "arrived_kg"
"""Where a draft keeps how much of a delivery arrived."""
REASON: Final = "Only a part of the goods arrived."


class NothingWaits(Refusal):
    """Nothing of a delivery in parts is left to dispatch, or the sender has done something else with the lot."""

    code = "nothing_to_dispatch"


def read(fields: Mapping[str, Any], style: NumberStyle) -> tuple[str | None, Sequence[Mistake]]:
    """The dry kg that arrived, as a draft says."""
    notes = Notes(style)
    return Fields(fields, notes).mass(ARRIVED), notes.mistakes


def note(rejection: Statement, lot: UUID, arrived_kg: str) -> PartialArrival:
    """What arrived, beside the rejection that was just signed; the lot is the sender's again."""
    row = Lot.objects.get(pk=lot)
    return PartialArrival.objects.create(
        id=sealing.new_id(clock.now()), lot=row, rejection=rejection, sender_id=row.holder_id,
        receiver_id=rejection.issuer, arrived_kg=Decimal(arrived_kg), made_at=clock.now(),
    )  # fmt: skip


def reject(
    *, actor: Actor, lot: UUID, arrived_kg: str, reason: str = REASON, utc_offset: str = "+00:00"
) -> PartialArrival:
    """The delivery in parts, its rejection signed."""
    found = access.lot(actor, lot, clock.now().date())
    if found.receiver_id != actor.organisation.pk:
        raise NotReceiver("This lot is not on its way to you.", path="/lot")
    body = {"lot": found.urn, "dispatch": lot_rows.from_json(found.record).custody.dispatched_by, "reason": reason}
    shipment = getattr(lot_rows.from_json(found.record).stock, "shipment", None)
    if shipment is not None and Decimal(arrived_kg) >= shipment.mass_kg:
        raise OutOfBounds("All of it arrived, or more. Receive it, with the mass that you weighed.", path="/arrived_kg")
    with transaction.atomic():
        now = clock.now()
        act = Act("lot.reject", actor.organisation.pk, body, (now, now), utc_offset)
        [receipt] = acceptance.accept(actor=actor, submissions=[act])
        return note(_statement(receipt), lot, arrived_kg)


def send(
    *, actor: Actor, row: PartialArrival, number: str = "", tolerance_pct: str = "0.05", at: datetime | None = None
) -> Receipt:
    """The receipt of the next dispatch to the receiver; what is less than the lot is split off in the same act."""
    mass_kg = _next_kg(actor, row)
    moment = at or clock.now()
    body = {"lot": row.lot.urn, "to": row.receiver.urn, "mass_kg": format_quantity(mass_kg),
            "tolerance_pct": tolerance_pct}  # fmt: skip
    dispatch = Act("lot.dispatch", actor.organisation.pk, body, (moment, moment))
    whole = lot_rows.from_json(row.lot.record)
    if whole.stock is None or not parting.is_part(whole.stock, mass_kg):
        return acceptance.accept(actor=actor, submissions=[dispatch])[0]
    called = number or _free_number(actor, row.lot)
    part = Part(called, format_quantity(mass_kg), whole.stock.remaining_kg - mass_kg, whole)
    return acceptance.accept(actor=actor, submissions=parting.acts(dispatch, part))[-1]


def first_fields(actor: Actor, row: PartialArrival, style: NumberStyle) -> dict[str, str]:
    """What a draft of the next dispatch says already."""
    mass_kg = _next_kg(actor, row)
    fields = {"lot": row.lot.urn, "to": row.receiver.urn, "mass_kg": shown(mass_kg, style), "mass_kg_unit": "kg"}
    whole = lot_rows.from_json(row.lot.record)
    if whole.stock is not None and parting.is_part(whole.stock, mass_kg):
        fields[PART_NUMBER] = _free_number(actor, row.lot)
    return fields


def _next_kg(actor: Actor, row: PartialArrival) -> Decimal:
    mass_kg = partial_arrivals.next_kg(row, is_first=not partial_arrivals.sent_since([row])[row.pk])
    if not mass_kg or row.sender_id != actor.organisation.pk:
        raise NothingWaits("Nothing of this delivery waits to be dispatched by you.")
    return mass_kg


def _free_number(actor: Actor, lot: Lot) -> str:
    today = clock.now().date()
    whole = reading.lot_for(actor, lot.pk, today).number_here or lot.material
    return parting.next_number(whole, reading.numbers_under(actor, whole, today))


def _statement(receipt: Receipt) -> Statement:
    return Statement.objects.get(digest=bytes.fromhex(receipt.digest.removeprefix("sha256:")))
