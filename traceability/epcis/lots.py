"""Signed statements about lots as EPCIS events; what a reader may not see is not in them.

A statement says more than an event can: the rest stands in members of our own, and the digest of the statement leads to
the signed bytes. Assays, losses and shares have no field in EPCIS 2.0.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from traceability.ledger.identifiers import is_urn

PREFIX: Final = "lodestone"
KILOGRAM: Final = "KGM"
PERCENT: Final = "P1"
OUTSIDE: Final = "outside"
LEAVES_TO: Final = f"{PREFIX}:leavesTo"
"""Of a dispatch out of the record: the origin of another log, or `outside`."""


class Meaning(NamedTuple):
    """How a kind of statement comes out."""

    event_type: str
    biz_step: str
    disposition: str = ""
    action: str = ""


_OBJECT: Final = "ObjectEvent"
MEANINGS: Final[Mapping[str, Meaning]] = {
    "lot.source": Meaning(_OBJECT, "commissioning", "active", "ADD"),
    "lot.transform": Meaning("TransformationEvent", "commissioning", "active"),
    "lot.assay": Meaning(_OBJECT, "inspecting", "", "OBSERVE"),
    "lot.dispatch": Meaning(_OBJECT, "shipping", "in_transit", "OBSERVE"),
    "lot.dispatch_cancel": Meaning(_OBJECT, "void_shipping", "", "OBSERVE"),
    "lot.receive": Meaning(_OBJECT, "receiving", "in_progress", "OBSERVE"),
    "lot.reject": Meaning(_OBJECT, "other", "returned", "OBSERVE"),
    "lot.settle": Meaning(_OBJECT, "accepting", "", "OBSERVE"),
    "lot.adjust": Meaning(_OBJECT, "stock_taking", "", "OBSERVE"),
    "lot.dispose": Meaning(_OBJECT, "destroying", "disposed", "OBSERVE"),
    "lot.hold": Meaning(_OBJECT, "holding", "", "OBSERVE"),
    "lot.release": Meaning(_OBJECT, "storing", "available", "OBSERVE"),
    "lot.recall": Meaning(_OBJECT, "holding", "recalled", "OBSERVE"),
}
"""The kinds that come out, and as what. All others are about organisations, keys and declarations."""
_IN_ILMD: Final = {
    "material": "material",
    "stage": "stage",
    "lot_number": "lotNumber",
    "origin": "origin",
    "country": "country",
    "custody_model": "custodyModel",
    "class": "class",
    "assay": "assay",
}
_ALONE: Final = {
    "reason": "reason",
    "change_kg": "changeKg",
    "weighed_mass_kg": "weighedMassKg",
    "difference": "difference",
    "tolerance_pct": "tolerancePercent",
    "route": "route",
    "custody_model": "custodyModel",
    "losses": "losses",
    "wip_change": "workInProcess",
}


@dataclass(frozen=True, slots=True)
class Said:
    """A statement as one reader may read it, and what became of it."""

    kind: str
    content: Mapping[str, Any]
    """Times, process and body of this version."""
    event_id: str
    digest: str
    issuer: str
    recorded_at: str
    wrong_since: str = ""
    did_not_occur: bool = False
    corrected_by: Sequence[str] = ()


def lot_event(said: Said, name: Callable[[str], str]) -> dict[str, Any]:
    """The event of a statement; `name` gives the URI of a lot by its urn."""
    meaning, body = MEANINGS[said.kind], said.content["body"]
    event: dict[str, Any] = {
        "type": meaning.event_type,
        "eventID": said.event_id,
        "eventTime": said.content["occurred_to"],
        "eventTimeZoneOffset": said.content["utc_offset"],
        "recordTime": said.recorded_at,
    }
    if said.wrong_since:
        event["errorDeclaration"] = {
            "declarationTime": said.wrong_since,
            "reason": "did_not_occur" if said.did_not_occur else "incorrect_data",
            **({"correctiveEventIDs": list(said.corrected_by)} if said.corrected_by else {}),
        }
    event |= {member: value for member, value in (("action", meaning.action), ("bizStep", meaning.biz_step)) if value}
    if meaning.disposition:
        event["disposition"] = meaning.disposition
    event |= _matter(said.kind, body, name) | _parties(said.kind, body, said.issuer)
    if "facility" in body:
        event["readPoint"] = {"id": body["facility"]}
    if "process" in said.content:
        event[f"{PREFIX}:process"] = [dict(one) for one in said.content["process"]]
    event |= {f"{PREFIX}:{ours}": body[theirs] for theirs, ours in _ALONE.items() if theirs in body}
    return event | {f"{PREFIX}:kind": said.kind, f"{PREFIX}:statement": said.digest, f"{PREFIX}:issuer": said.issuer}


def _matter(kind: str, body: Mapping[str, Any], name: Callable[[str], str]) -> dict[str, Any]:
    if kind == "lot.transform":
        return {
            "inputQuantityList": [_quantity(row, name) for row in body.get("inputs", ())],
            "outputQuantityList": [_quantity(row, name) for row in body.get("outputs", ())],
            "ilmd": {f"{PREFIX}:outputs": [_ilmd(row, name) for row in body.get("outputs", ())]},
        }
    found: dict[str, Any] = {"quantityList": [_quantity(body, name)]}
    if kind == "lot.source":
        found["ilmd"] = _ilmd(body, None)
    if kind == "lot.assay" and (reports := _assay(body["assay"])):
        found["sensorElementList"] = [{"sensorReport": reports}]
    return found


def _quantity(row: Mapping[str, Any], name: Callable[[str], str]) -> dict[str, Any]:
    """A lot with its dry kg; without a number where the reader may not see it: unknown, not zero."""
    found: dict[str, Any] = {"epcClass": name(row["lot"])}
    if "mass_kg" in row:
        found |= {"quantity": number(row["mass_kg"]), "uom": KILOGRAM}
    return found


def _ilmd(row: Mapping[str, Any], name: Callable[[str], str] | None) -> dict[str, Any]:
    found = {f"{PREFIX}:{ours}": row[theirs] for theirs, ours in _IN_ILMD.items() if theirs in row}
    if "assay" in row and "rows" not in row["assay"]:
        found.pop(f"{PREFIX}:assay")
    return {f"{PREFIX}:lot": name(row["lot"]), **found} if name else found


def _assay(assay: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Contents as reports of a share in percent, each with its species; EPCIS knows no mass fraction."""
    rows = assay.get("rows")
    return [
        {
            "type": "Dimensionless",
            "value": number(row["content_pct"]),
            "uom": PERCENT,
            f"{PREFIX}:species": row["species"],
            f"{PREFIX}:basis": assay["basis"],
        }
        for row in (rows if isinstance(rows, Sequence) else ())
        if "content_pct" in row
    ]


def _parties(kind: str, body: Mapping[str, Any], issuer: str) -> dict[str, Any]:
    """Who has the lot before and after; who owns it is not said by a change of custody."""
    if kind == "lot.dispatch":
        to = body.get("to")
        receiver = to.get("organisation") if isinstance(to, Mapping) else to
        found: dict[str, Any] = {"sourceList": [{"type": "possessing_party", "source": issuer}]}
        if receiver and receiver != OUTSIDE:
            found["destinationList"] = [{"type": "possessing_party", "destination": receiver}]
        if not is_urn(to):
            found[LEAVES_TO] = to["origin"] if isinstance(to, Mapping) else OUTSIDE
        return found
    if kind == "lot.receive":
        return {"destinationList": [{"type": "possessing_party", "destination": issuer}]}
    return {}


def number(text: str) -> int | float:
    """A decimal text as a number of JSON."""
    found = float(text)
    return int(found) if found.is_integer() else found
