"""What events about lots say: the act that each becomes, or why it stays an event (docs/epcis.md, "Events as lots")."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db.models import Q

from traceability.epcis.lots import KILOGRAM, LEAVES_TO, OUTSIDE, PERCENT, PREFIX
from traceability.epcis.names import normal_name, normal_word
from traceability.epcis.vocabulary import BIZ_STEPS
from traceability.ledger.quantity import computing
from traceability.ledger.statement import ProcessStep
from traceability.models import EpcisLotName, Facility, Lot, Organisation
from traceability.selectors import access
from traceability.selectors.access import Actor
from traceability.selectors.epcis_lots import lot_named
from traceability.services import clock, sealing
from traceability.services.errors import Refusal
from traceability.services.submissions import Act

Event = Mapping[str, Any]
Body = dict[str, Any]
_KILOGRAMS: Final = {KILOGRAM: Decimal(1), "GRM": Decimal("0.001"), "TNE": Decimal(1000)}
_MEMBERS: Final = {
    "material": "material", "stage": "stage", "lotNumber": "lot_number", "origin": "origin", "country": "country",
    "custodyModel": "custody_model", "class": "class", "assay": "assay",
}  # fmt: skip
_OF_SOURCE: Final = frozenset(_MEMBERS.values()) - {"class"}
_OF_OUTPUT: Final = frozenset({"material", "stage", "lot_number", "class", "assay"})
_STEP_URI: Final = re.compile(r"[/:#]([^/:#]+)/?$")
_NOTHING_CHANGES: Final = {
    "AggregationEvent": "Packing changes neither a lot nor who has it. Name the lots in the event that ships them.",
    "AssociationEvent": "Putting things together changes no lot. A step that consumes lots is a TransformationEvent.",
    "TransactionEvent": "Papers change neither a lot nor who has it.",
}


class NotALotEvent(Refusal):
    """An event of which no statement about a lot can be made."""

    code = "epcis_not_a_lot_event"


@dataclass(frozen=True, slots=True)
class Known:
    """A lot as far as events need to know it; `row` is None where an event before this one makes it."""

    urn: str
    material: str
    stage: str
    left_kg: str | None
    """What is left of it; None where another has it: that is not to be reckoned with."""
    row: Lot | None = None

    @property
    def remaining_kg(self) -> str:
        if self.left_kg is None:
            raise NotALotEvent("Only the organisation that holds the lot can do this.")
        return self.left_kg


class EventReader:
    """Reads events in their order: what one of them makes is known to those behind it by the name it has there."""

    def __init__(self, actor: Actor, new_urn: Callable[[], str] = lambda: sealing.urn(sealing.new_id(clock.now()))):
        self.actor, self.new_urn = actor, new_urn
        self._made: dict[str, Known] = {}

    def act_of(self, event: Event) -> Act:
        """The act that an event says, or a refusal that says what is missing."""
        if "errorDeclaration" in event:
            raise NotALotEvent("It declares another event wrong. Correct or void the statement itself.")
        if event["type"] == "TransformationEvent":
            return self._act(event, "lot.transform", self._transform(event), _process(event))
        if event["type"] != "ObjectEvent":
            raise NotALotEvent(_NOTHING_CHANGES.get(event["type"], "Of events of this type no statement is made."))
        kind, read = self._understood(event)
        return self._act(event, kind, read(event, _quantity(event)))

    def names_of(self, act: Act) -> list[list[str]]:
        """How events call the lots that an act makes: pairs of name and urn."""
        made = [str(row["lot"]) for row in _rows(act.body, "outputs") or [act.body]]
        return [[name, known.urn] for name, known in self._made.items() if known.urn in made]

    # --- which act ----------------------------------------------------------------------------------------------------

    def _understood(self, event: Event) -> tuple[str, Callable[[Event, Event], Body]]:
        step, disposition = _word(event, "bizStep"), _word(event, "disposition")
        if step in ("commissioning", "creating_class_instance") and event["action"] == "ADD":
            return "lot.source", self._source
        if step in ("other", "receiving") and disposition == "returned":
            return "lot.reject", self._reject
        if step == "holding" and disposition == "recalled":
            return "lot.recall", self._with_reason
        if step == "inspecting" and _contents(event):
            return "lot.assay", self._assay
        found: Mapping[str, tuple[str, Callable[[Event, Event], Body]]] = {
            "shipping": ("lot.dispatch", self._dispatch),
            "void_shipping": ("lot.dispatch_cancel", self._with_reason),
            "receiving": ("lot.receive", self._receive),
            "stock_taking": ("lot.adjust", self._adjust),
            "destroying": ("lot.dispose", self._dispose),
            "holding": ("lot.hold", self._with_reason),
            "storing": ("lot.release", self._release),
        }
        if step not in found:
            raise NotALotEvent(
                "Of this step no statement is made. Understood are: commissioning, inspecting with contents, "
                f"{', '.join(found)}."
            )
        return found[step]

    def _act(self, event: Event, kind: str, body: Body, process: tuple[ProcessStep, ...] = ()) -> Act:
        at = datetime.fromisoformat(event["eventTime"].upper()).replace(microsecond=0)
        place = self._facility(event) if kind in ("lot.source", "lot.transform", "lot.receive") else {}
        offset = event["eventTimeZoneOffset"]
        return Act(kind, self.actor.organisation.pk, {**place, **body}, (at, at), offset, process)

    def _facility(self, event: Event) -> Body:
        """The facility that the read point names, where it is one of the organisation."""
        place = _uuid(event.get("readPoint", {}).get("id", ""))
        if place is None:
            return {}
        own = Facility.objects.filter(pk=place, organisation=self.actor.organisation).exists()
        return {"facility": f"urn:uuid:{place}"} if own else {}

    # --- what is said -------------------------------------------------------------------------------------------------

    def _source(self, event: Event, element: Event) -> Body:
        body = _said(event.get("ilmd", {}), _OF_SOURCE)
        for name in ("material", "stage", "origin", "country"):
            if name not in body:
                raise NotALotEvent(f"Name {PREFIX}:{name} in the ilmd of the event.")
        if contents := _contents(event):
            body.setdefault("assay", contents)
        mass_kg = _mass_kg(element)
        return {"lot": self._new(element, body, mass_kg), "mass_kg": mass_kg, **body}

    def _transform(self, event: Event) -> Body:
        if event.get("inputEPCList") or event.get("outputEPCList"):
            raise NotALotEvent("Name what went in and came out as lots with quantities, not as single things.")
        drawn, made = event.get("inputQuantityList", ()), event.get("outputQuantityList", ())
        if not drawn or not made:
            raise NotALotEvent("A step needs what went in and what came out in one event.")
        lots = [self._lot(element) for element in drawn]
        inputs = [{"lot": lot.urn, "mass_kg": _drawn_kg(one, lot)} for lot, one in zip(lots, drawn, strict=True)]
        body: Body = {"inputs": inputs, "outputs": self._outputs(event, made, lots[0])}
        for ours, theirs in (("losses", "losses"), ("workInProcess", "wip_change"), ("custodyModel", "custody_model")):
            if f"{PREFIX}:{ours}" in event:
                body[theirs] = event[f"{PREFIX}:{ours}"]
        return body

    def _outputs(self, event: Event, made: Sequence[Event], first: Known) -> list[Body]:
        ilmd = event.get("ilmd", {})
        each = {normal_name(str(one.get(f"{PREFIX}:lot", ""))): one for one in _rows(ilmd, f"{PREFIX}:outputs")}
        alone = ilmd if len(made) == 1 else {}
        found, is_division = [], not _process(event)
        for element in made:
            body: Body = {"class": "product"} | _said(each.get(normal_name(element["epcClass"]), alone), _OF_OUTPUT)
            if is_division:
                body = {"material": first.material, "stage": first.stage} | body
            for name in ("material", "stage"):
                if name not in body:
                    raise NotALotEvent(f"Name {PREFIX}:{name} of each output, in {PREFIX}:outputs of the ilmd.")
            if len(made) == 1 and (contents := _contents(event)):
                body.setdefault("assay", contents)
            mass_kg = _mass_kg(element)
            found.append({"lot": self._new(element, body, mass_kg), "mass_kg": mass_kg, **body})
        return found

    def _dispatch(self, event: Event, element: Event) -> Body:
        to = _recipient(event)
        lot = self._lot(element)
        tolerance = event.get(f"{PREFIX}:tolerancePercent", "0.5")
        return {"lot": lot.urn, "to": to, "mass_kg": _drawn_kg(element, lot), "tolerance_pct": tolerance}

    def _receive(self, event: Event, element: Event) -> Body:
        difference = event.get(f"{PREFIX}:difference", "within")
        return self._arriving(element) | {"weighed_mass_kg": _mass_kg(element), "difference": difference}

    def _reject(self, event: Event, element: Event) -> Body:
        return self._arriving(element) | {"reason": _stated(event, "reason")}

    def _arriving(self, element: Event) -> Body:
        row = self._lot(element).row
        if row is None or row.receiver_id != self.actor.organisation.pk:
            raise NotALotEvent("No lot of this name is on its way to your organisation.")
        return {"lot": row.urn, "dispatch": f"sha256:{bytes(row.newest.digest).hex()}"}

    def _assay(self, event: Event, element: Event) -> Body:
        return {"lot": self._lot(element).urn, "assay": _contents(event)}

    @computing()
    def _adjust(self, event: Event, element: Event) -> Body:
        lot = self._lot(element)
        change_kg = _text(Decimal(_mass_kg(element)) - Decimal(lot.remaining_kg))
        if change_kg == "0":
            raise NotALotEvent("The stock-take found what the record says.")
        return {"lot": lot.urn, "change_kg": change_kg, "reason": _stated(event, "reason")}

    def _dispose(self, event: Event, element: Event) -> Body:
        lot = self._lot(element)
        return {"lot": lot.urn, "mass_kg": _drawn_kg(element, lot), "route": _stated(event, "route")}

    def _with_reason(self, event: Event, element: Event) -> Body:
        return {"lot": self._lot(element).urn, "reason": _stated(event, "reason")}

    def _release(self, event: Event, element: Event) -> Body:
        reason = event.get(f"{PREFIX}:reason")
        return {"lot": self._lot(element).urn} | ({"reason": reason} if reason else {})

    # --- lots ---------------------------------------------------------------------------------------------------------

    def _new(self, element: Event, body: Body, mass_kg: str) -> str:
        """The urn of a lot that is made, known from here on by the name that the event gives it."""
        name = normal_name(element["epcClass"])
        known = self._named(name)
        if known is not None and (f"urn:uuid:{known}" in self._urns or Lot.objects.filter(pk=known).exists()):
            raise NotALotEvent("This lot is in the record already.")
        body.setdefault("lot_number", element["epcClass"].rstrip("/").rpartition("/")[2].rpartition(".")[2][:80])
        urn = f"urn:uuid:{known}" if known else self.new_urn()
        self._made[name] = Known(urn, str(body["material"]), str(body["stage"]), mass_kg)
        return urn

    @property
    def _urns(self) -> Iterable[str]:
        return {one.urn for one in self._made.values()}

    def _lot(self, element: Event) -> Known:
        name = normal_name(element["epcClass"])
        if name in self._made:
            return self._made[name]
        known = self._named(name)
        if known is None:
            raise NotALotEvent(
                "No lot of this record has this name. Use its address here, its urn, a GS1 Digital Link, or the name "
                "under which an event made it."
            )
        row = access.lot(self.actor, known, clock.now().date())
        is_ours = row.holder_id == self.actor.organisation.pk
        return Known(row.urn, row.material, row.stage, _text(row.remaining_kg) if is_ours else None, row)

    def _named(self, name: str) -> UUID | None:
        """The lot of this record that a name means: one that the organisation gave, or the sender of a lot to it."""
        if name in self._made:
            return UUID(self._made[name].urn[9:])
        if (known := lot_named(name)) is not None:
            return known
        own = self.actor.organisation
        coming = Lot.objects.filter(Q(receiver=own) | Q(holder=own)).values("pk")
        names = EpcisLotName.objects.filter(name=name)
        found = names.filter(organisation=own).first() or names.filter(lot__in=coming).first()
        return found.lot if found else None


def remember(organisation: Organisation, names: Iterable[Sequence[str]]) -> None:
    """Keeps how lots are called that statements, or drafts, make: later events may name them so."""
    rows = [EpcisLotName(organisation=organisation, name=name, lot=UUID(urn[9:])) for name, urn in names]
    EpcisLotName.objects.bulk_create(rows, ignore_conflicts=True)


def _said(about: Event, members: frozenset[str]) -> Body:
    """What the members of our own say of a lot."""
    found = {theirs: about[f"{PREFIX}:{ours}"] for ours, theirs in _MEMBERS.items() if f"{PREFIX}:{ours}" in about}
    return {name: value for name, value in found.items() if name in members}


def _rows(around: Event, name: str) -> list[Event]:
    found = around.get(name)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def _word(event: Event, name: str) -> str:
    """A word of the vocabulary; another URI stays one."""
    vocabulary = {"bizStep": "BizStep-", "disposition": "Disp-"}[name]
    return normal_word(event.get(name, ""), f"https://ref.gs1.org/cbv/{vocabulary}")


def _process(event: Event) -> tuple[ProcessStep, ...]:
    """What was done: said in a member of our own, or by a step that is none of the vocabulary; none for a split."""
    stated = _rows(event, f"{PREFIX}:process")
    if stated:
        return tuple(ProcessStep(str(one.get("step", "")), str(one.get("country", ""))) for one in stated)
    step = _word(event, "bizStep")
    name = _STEP_URI.search(step)
    if step in BIZ_STEPS or name is None:
        return ()
    return (ProcessStep(name[1].replace("-", " ").replace("_", " "), _stated(event, "country")),)


def _stated(event: Event, name: str) -> str:
    found = event.get(f"{PREFIX}:{name}", event.get("ilmd", {}).get(f"{PREFIX}:{name}"))
    if not isinstance(found, str) or not found:
        raise NotALotEvent(f"Name {PREFIX}:{name} in the event.")
    return found


def _contents(event: Event) -> Body | None:
    """The assay that sensor reports make: shares in per cent, each with its species, all of one basis."""
    reports = [
        report
        for element in event.get("sensorElementList", ())
        for report in element.get("sensorReport", ())
        if f"{PREFIX}:species" in report and report.get("uom") == PERCENT and "value" in report
    ]
    bases = {report.get(f"{PREFIX}:basis") for report in reports}
    if not reports or len(bases) != 1 or None in bases:
        return None
    rows = [{"species": one[f"{PREFIX}:species"], "content_pct": _text(Decimal(str(one["value"])))} for one in reports]
    return {"basis": bases.pop(), "rows": rows}


def _quantity(event: Event) -> Event:
    elements: Sequence[Event] = event.get("quantityList", ())
    if len(elements) != 1 or event.get("epcList"):
        raise NotALotEvent("Name exactly one lot in the quantityList.")
    return elements[0]


@computing()
def _mass_kg(element: Event) -> str:
    """The dry kg of a quantity; an absent one is unknown, not zero."""
    factor = _KILOGRAMS.get(element.get("uom", ""))
    if factor is None or "quantity" not in element:
        raise NotALotEvent("Say how much of the lot it is: a quantity in KGM, GRM or TNE.")
    return _text((Decimal(str(element["quantity"])) * factor).quantize(Decimal("0.001")))


def _drawn_kg(element: Event, lot: Known) -> str:
    """The kg that leave a lot: all that remains where the event gives no number."""
    return _mass_kg(element) if "quantity" in element else lot.remaining_kg


def _text(number: Decimal) -> str:
    return format(number.normalize(), "f")


def _recipient(event: Event) -> object:
    """To whom goods are shipped: an organisation here, one of another record, or somebody who keeps none."""
    parties = [one for one in event.get("destinationList", ()) if one["type"].endswith("possessing_party")]
    receivers, leaves_to = [one["destination"] for one in parties], event.get(LEAVES_TO)
    if leaves_to == OUTSIDE and not receivers:
        return OUTSIDE
    if isinstance(leaves_to, str) and leaves_to != OUTSIDE and len(receivers) == 1:
        return {"origin": leaves_to, "organisation": receivers[0]}
    receiver = _organisation(receivers[0]) if len(receivers) == 1 and leaves_to is None else None
    if receiver is None:
        raise NotALotEvent("Name one possessing_party in the destinationList, by the urn of an organisation here.")
    return receiver.urn


def _organisation(name: str) -> Organisation | None:
    known = _uuid(name)
    return Organisation.objects.filter(pk=known).first() if known else None


def _uuid(name: str) -> UUID | None:
    try:
        return UUID(name.removeprefix("urn:uuid:"))
    except ValueError:
        return None
