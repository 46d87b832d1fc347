"""Captured events that speak of lots become drafts of custody statements, or signed ones where the sender says so.

Three things are understood: a lot is commissioned, a lot that one holds is shipped, a lot that comes is received. What
is said of it goes through the door that all statements go through. Every other event stays what it is: kept, and told
why nothing came of it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from traceability.epcis.lots import KILOGRAM, PREFIX
from traceability.ledger.errors import RecordError
from traceability.ledger.quantity import computing
from traceability.models import Lot, Organisation
from traceability.selectors import access
from traceability.selectors.access import Actor
from traceability.selectors.epcis_lots import lot_named
from traceability.services import acceptance, clock, said_drafts, sealing
from traceability.services.errors import Refusal
from traceability.services.submissions import Act

KEEP: Final = "keep"
DRAFT: Final = "draft"
SIGN: Final = "sign"
WANTED: Final = (KEEP, DRAFT, SIGN)
MOST: Final = 200
"""Of so many events of one document something becomes; those behind them are kept."""
_KILOGRAMS: Final = {KILOGRAM: Decimal(1), "GRM": Decimal("0.001"), "TNE": Decimal(1000)}
_MADE: Final = ("commissioning", "creating_class_instance")
_MEMBERS: Final = {
    "material": "material", "stage": "stage", "lotNumber": "lot_number", "origin": "origin", "country": "country",
    "custodyModel": "custody_model",
}  # fmt: skip


class NotALotEvent(Refusal):
    """An event of which no statement about a lot can be made."""

    code = "epcis_not_a_lot_event"


class UnknownWish(Refusal):
    """What should become of events about lots is none of what can be done."""

    code = "epcis_unknown_wish"


def wanted(text: str) -> str:
    """What should become of events about lots: by default they are kept alone."""
    if text not in ("", *WANTED):
        raise UnknownWish(f"Use one of: {', '.join(WANTED)}.", path="/Lodestone-Lots")
    return text or KEEP


def take(*, actor: Actor, event: Mapping[str, Any], wish: str) -> str:
    """What became of an event: the draft or the digest of the statement; else why it stays what it is."""
    try:
        with transaction.atomic():
            act = act_of(actor, event)
            if wish == DRAFT:
                return f"draft {said_drafts.begin_saying(actor=actor, act=act).pk}"
            [receipt] = acceptance.accept(actor=actor, submissions=[act])
            return f"statement {receipt.digest}"
    except RecordError as error:
        return f"kept: {error.sentence}"[:300]


def act_of(actor: Actor, event: Mapping[str, Any]) -> Act:
    """The act that an event says, or a refusal that says what is missing."""
    if event["type"] != "ObjectEvent":
        raise NotALotEvent("Only an ObjectEvent about one lot becomes a statement.")
    element, step = _quantity(event), event.get("bizStep")
    if step in _MADE and event["action"] == "ADD":
        return _act(actor, event, "lot.source", _source(event, element))
    if step == "shipping":
        return _act(actor, event, "lot.dispatch", _dispatch(actor, event, element))
    if step == "receiving":
        return _act(actor, event, "lot.receive", _receive(actor, element))
    raise NotALotEvent("Of this step no statement is made: commissioning, shipping and receiving are understood.")


def _act(actor: Actor, event: Mapping[str, Any], kind: str, body: Mapping[str, Any]) -> Act:
    at = datetime.fromisoformat(event["eventTime"].upper()).replace(microsecond=0)
    return Act(kind, actor.organisation.pk, dict(body), occurred=(at, at), utc_offset=event["eventTimeZoneOffset"])


def _quantity(event: Mapping[str, Any]) -> Mapping[str, Any]:
    elements: Sequence[Mapping[str, Any]] = event.get("quantityList", ())
    if len(elements) != 1 or event.get("epcList"):
        raise NotALotEvent("Name exactly one lot in the quantityList.")
    return elements[0]


@computing()
def _mass_kg(element: Mapping[str, Any]) -> str:
    """The dry kg of a quantity; an absent one is unknown, not zero."""
    factor = _KILOGRAMS.get(element.get("uom", ""))
    if factor is None or "quantity" not in element:
        raise NotALotEvent("Say how much of the lot it is: a quantity in KGM, GRM or TNE.")
    return format((Decimal(str(element["quantity"])) * factor).quantize(Decimal("0.001")).normalize(), "f")


def _source(event: Mapping[str, Any], element: Mapping[str, Any]) -> dict[str, Any]:
    said = event.get("ilmd", {})
    body = {theirs: said[f"{PREFIX}:{ours}"] for ours, theirs in _MEMBERS.items() if f"{PREFIX}:{ours}" in said}
    for name in ("material", "stage", "origin", "country"):
        if name not in body:
            raise NotALotEvent(f"Name {PREFIX}:{name} in the ilmd of the event.")
    known = lot_named(element["epcClass"])
    if known is not None and Lot.objects.filter(pk=known).exists():
        raise NotALotEvent("This lot is in the record already.")
    body.setdefault("lot_number", element["epcClass"].rstrip("/").rpartition("/")[2].rpartition(".")[2][:80])
    lot = f"urn:uuid:{known}" if known else sealing.urn(sealing.new_id(clock.now()))
    return {"lot": lot, "mass_kg": _mass_kg(element), **body}


def _dispatch(actor: Actor, event: Mapping[str, Any], element: Mapping[str, Any]) -> dict[str, Any]:
    lot = _lot(actor, element)
    receivers = [
        one["destination"] for one in event.get("destinationList", ()) if one["type"].endswith("possessing_party")
    ]
    receiver = _organisation(receivers[0]) if len(receivers) == 1 else None
    if receiver is None:
        raise NotALotEvent("Name one possessing_party in the destinationList, by the urn of an organisation here.")
    mass = _mass_kg(element) if "quantity" in element else format(lot.remaining_kg.normalize(), "f")
    return {"lot": lot.urn, "to": receiver.urn, "mass_kg": mass, "tolerance_pct": "0.5"}


def _receive(actor: Actor, element: Mapping[str, Any]) -> dict[str, Any]:
    lot = _lot(actor, element)
    if lot.receiver_id != actor.organisation.pk:
        raise NotALotEvent("No lot of this name is on its way to your organisation.")
    return {
        "lot": lot.urn,
        "dispatch": f"sha256:{bytes(lot.newest.digest).hex()}",
        "weighed_mass_kg": _mass_kg(element),
        "difference": "within",
    }


def _lot(actor: Actor, element: Mapping[str, Any]) -> Lot:
    known = lot_named(element["epcClass"])
    if known is None:
        raise NotALotEvent("No lot of this record has this name. Use its address here, its urn or a GS1 Digital Link.")
    return access.lot(actor, known, clock.now().date())


def _organisation(name: str) -> Organisation | None:
    try:
        return Organisation.objects.filter(pk=UUID(name.removeprefix("urn:uuid:"))).first()
    except ValueError:
        return None
