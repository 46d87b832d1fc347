"""How a draft begins: with everything that is known already, of the lot, of the organisation, of the day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.db import transaction

from traceability.intake.numbers import NumberStyle, shown
from traceability.intake.parting import sum_kg
from traceability.ledger.envelope import parse_envelope
from traceability.ledger.statement import parse_header
from traceability.material.stock import Shipment
from traceability.models import ChainLink, Draft, Lot, Organisation
from traceability.selectors import drafts as drafts_selector
from traceability.selectors.access import Actor
from traceability.selectors.lot_facts import facts_of
from traceability.services import claims_drafts, clock, lot_rows, parting, sealing
from traceability.services.draft_reading import (
    ALONE,
    OTHER_PARTY,
    SIGNERS,
    TOGETHER,
    other_party,
    style_of,
    typed_fields,
)
from traceability.services.drafts import MAKES_OUTPUTS, TooMuch, named, note_writer, require_role
from traceability.services.parting import PART_NUMBER

if TYPE_CHECKING:
    from traceability.selectors.stock import LotNamed

MOST_DRAFTS: Final = 500
_IS_NOW: Final = ("dispatch", "cancel", "receive", "reject", "settle", "hold", "release", "recall", "adjust", "dispose",
                  "split", "merge", "parts", "facility", "certificate", "assay", "void", "account", "credit", "claim",
                  "give_up")  # fmt: skip

_ARRIVES: Final = ("receive", "reject", "parts")


@dataclass(frozen=True, slots=True)
class Beginning:
    """What is known when a draft is begun."""

    act: str
    lot: Lot | None = None
    fields: Mapping[str, Any] | None = None
    corrects: Mapping[str, str] | None = None
    documents: tuple[Mapping[str, Any], ...] = ()
    style: NumberStyle = NumberStyle.POINT
    utc_offset: str = "+00:00"


@transaction.atomic
def begin(*, actor: Actor, beginning: Beginning, now: datetime | None = None) -> Draft:
    """A new draft with what can be filled in already."""
    require_role(actor)
    if drafts_selector.drafts(actor).count() >= MOST_DRAFTS:
        raise TooMuch("Your organisation has 500 drafts. Finish or throw away some of them first.")
    moment = now or clock.now()
    fields = {**_first_fields(actor, beginning, moment), **(beginning.fields or {})}
    typed: dict[str, Any] = {"fields": fields, "style": beginning.style.value, "visited": []}
    typed["documents"] = [dict(one) for one in beginning.documents]
    if beginning.corrects is not None:
        typed["corrects"] = dict(beginning.corrects)
    row = Draft.objects.create(
        id=sealing.new_id(moment),
        organisation=actor.organisation,
        kind=beginning.act,
        typed=named(typed, beginning.act),
        updated_by_id=actor.user_id or None,
    )
    note_writer(row, actor)
    return row


def _first_fields(actor: Actor, beginning: Beginning, now: datetime) -> dict[str, Any]:
    act, style = beginning.act, beginning.style
    fields: dict[str, Any] = {}
    if act not in ("correct", "void"):
        fields["utc_offset"] = beginning.utc_offset
    if act in _IS_NOW:
        fields["occurred_from"] = local_time(now.replace(second=0), beginning.utc_offset)
    if act in ("source", "facility"):
        fields["country"] = actor.organisation.country
    if act in ("source", "transform", "receive"):
        sites = drafts_selector.facilities(actor)[:2]
        fields["facility"] = f"urn:uuid:{sites[0].pk}" if len(sites) == 1 else ""
    if act == "transform":
        fields["process"] = [{"country": actor.organisation.country}]
    if act in OTHER_PARTY:
        fields[SIGNERS] = TOGETHER
    if beginning.lot is not None:
        fields |= _about_lot(act, beginning.lot, actor.organisation, style)
        if act in _ARRIVES:
            fields |= arriving(actor, act, [beginning.lot], style, now.date())[beginning.lot.pk]
    return fields


def completed(actor: Actor, draft: Draft, typed: Mapping[str, Any]) -> Mapping[str, Any]:
    """What was typed, and what the chosen lot answers: its dispatch that is on the way, or what remains of it."""
    if draft.kind in claims_drafts.ACTS:
        return claims_drafts.completed(actor, draft.kind, typed, style_of(draft))
    if draft.kind not in ("dispatch", *_ARRIVES) or not (urn := str(typed.get("lot") or "")):
        return typed
    today = clock.now().date()
    lot = drafts_selector.lots_named(actor, [urn], today).get(urn)
    if lot is None:
        return typed
    if draft.kind in _ARRIVES:
        return {**typed, **arriving(actor, draft.kind, [lot], style_of(draft), today)[lot.pk]}
    if lot.holder_id != actor.organisation.pk:
        return typed
    if not str(typed.get("mass_kg") or "").strip():  # all that remains
        typed = {**typed, "mass_kg": shown(lot.remaining_kg, style_of(draft)), "mass_kg_unit": "kg"}
    return {**typed, PART_NUMBER: _part_number(actor, draft, typed, lot)}


def _part_number(actor: Actor, draft: Draft, typed: Mapping[str, Any], lot: LotNamed) -> str:
    """The number of the part that is split off and dispatched, typed or suggested; empty where the lot goes whole."""
    account, mass_kg = lot_rows.from_json(lot.record).stock, sum_kg([typed], style_of(draft))
    if account is None or not mass_kg or not parting.is_part(account, mass_kg):
        return ""
    said, before = str(typed.get(PART_NUMBER) or "").strip(), typed_fields(draft)
    of_another_lot = said == before.get(PART_NUMBER) and typed["lot"] != before.get("lot")
    if said and not of_another_lot:
        return said
    whole = lot.number_here or lot.material
    return parting.next_number(whole, drafts_selector.numbers_under(actor, whole, clock.now().date()))


def local_time(moment: datetime, utc_offset: str) -> str:
    """A moment as people type it, on the clock with this offset; seconds only where there are some."""
    minutes = int(utc_offset[1:3]) * 60 + int(utc_offset[4:6])
    local = moment + timedelta(minutes=-minutes if utc_offset[0] == "-" else minutes)
    return f"{local:%Y-%m-%d %H:%M:%S}".removesuffix(":00")


def _about_lot(act: str, lot: Lot, own: Organisation, style: NumberStyle) -> dict[str, Any]:
    """What the lot itself answers: its urn; to who holds it also what remains of it, what was dispatched."""
    if act in MAKES_OUTPUTS:
        return {"inputs": [{"lot": lot.urn}]}
    fields = {"lot": lot.urn}
    if lot.holder_id != own.pk:
        return fields
    record = lot_rows.from_json(lot.record)
    shipment = None if record.stock is None else record.stock.shipment
    if act == "dispatch":
        fields |= {"mass_kg": shown(lot.remaining_kg, style), "to": _usual_receiver(lot)}
    if act == "settle" and shipment is not None:
        fields["mass_kg"] = shown(lower_kg(shipment), style)
    if act in OTHER_PARTY:
        fields[SIGNERS] = TOGETHER if other_party(act, record) else ALONE
    return fields


def _usual_receiver(lot: Lot) -> str:
    """To whom its holder dispatched the last lot of this material; empty where there was none."""
    alike = Lot.objects.filter(material=lot.material).values("pk")
    links = ChainLink.objects.filter(subject__in=alike, statement__kind="lot.dispatch", statement__issuer=lot.holder_id)
    last = links.select_related("statement").order_by("-statement").first()
    body = {} if last is None else parse_header(parse_envelope(bytes(last.statement.envelope)).payload).body
    to = body.get("to")
    return to if isinstance(to, str) else ""


def lower_kg(shipment: Shipment) -> Decimal:
    """The lower of the dispatched and the weighed mass, in dry kg: at it the receiver settles alone."""
    return min(shipment.mass_kg, shipment.mass_kg if shipment.weighed_kg is None else shipment.weighed_kg)


def arriving(
    actor: Actor, act: str, lots: Sequence[Lot], style: NumberStyle, today: date
) -> dict[UUID, dict[str, str]]:
    """The dispatch of each lot to the organisation; for its receipt also its mass and tolerance.

    They are empty where the sender hides them, the dispatch where the lot is not on its way here.
    """
    facts = facts_of(actor, lots, today)
    found = {}
    for lot in lots:
        record = lot_rows.from_json(lot.record)
        is_ours = lot.receiver_id == actor.organisation.pk
        found[lot.pk] = {"dispatch": record.custody.dispatched_by if is_ours else ""}
        shipment = record.stock.shipment if is_ours and record.stock else None
        if act == "receive":
            is_shown = shipment is not None and facts[lot.pk].mass_kg is not None
            found[lot.pk] |= {
                "dispatched_mass_kg": shown(shipment.mass_kg, style) if shipment and is_shown else "",
                "tolerance_pct": shown(shipment.tolerance_pct, style) if shipment and is_shown else "",
            }
    return found
