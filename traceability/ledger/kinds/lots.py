"""Kinds that speak of lots: how matter comes into the record, is made into other matter, and changes hands."""

from collections.abc import Mapping

from traceability.ledger.errors import RecordError
from traceability.ledger.kinds.kind import DRAW, LOT, OUTPUT, Body, Kind, one, rows_at, urn_at
from traceability.ledger.shapes import (
    COUNTRY,
    MASS_KG,
    PERCENT,
    Binary,
    Date,
    Digest,
    Fields,
    ListOf,
    Marking,
    Object,
    OneOf,
    Quantity,
    Text,
    Urn,
    Word,
    choice,
    closable,
    optional,
)

STAGES = (
    "ore", "concentrate", "compound", "oxide", "metal", "alloy", "powder", "magnet", "swarf", "eol_magnet", "residue",
    "other",
)  # fmt: skip
ORIGINS = ("mined", "post_consumer", "pre_consumer", "purchased", "opening_stock")
OUTPUT_CLASSES = ("product", "co_product", "secondary", "waste")
CUSTODY_MODELS = ("identity_preserved", "segregated", "controlled_blending", "mass_balance")  # ISO 22095
ROLES = ("constituent", "ancillary", "fuel", "electricity", "heat", "packaging", "waste", "emission", "water")
UNITS = ("kg", "MJ", "kWh", "m3", "tkm")
BASES = ("metered", "apportioned", "estimated", "design")
MODES = ("road", "rail", "sea", "inland_water", "air")
OUTSIDE = "outside"

REASON = Text(1000)
SPECIES = Text(12, "[A-Z][A-Za-z0-9]{0,11}", "Nd or Nd2O3")
FACTOR_IDS = ListOf(Text(120, "[a-z0-9][a-z0-9._/-]{0,119}", "grid.us.2023"), most=4, distinct=True)

_CONTENT_ROW = Object({"species": SPECIES, "content_pct": PERCENT, "sdev_rel_pct": optional(Quantity(most="100"))})
ASSAY = Object(
    {
        "basis": Word(("dry_mass", "treo")),
        "treo_pct": closable(PERCENT, required=False),
        "rows": closable(ListOf(_CONTENT_ROW, most=80)),
        "method": optional(Text(200)),
        "laboratory": closable(Text(200), required=False),
        "report": closable(Text(200), required=False),
    }
)
INVENTORY_ROW = Object(
    {
        "flow": Text(200),
        "role": Word(ROLES),
        "amount": closable(Quantity()),
        "unit": Word(UNITS),
        "concentration": closable(Quantity(most="1"), required=False),
        "factors": optional(FACTOR_IDS),
        "basis": Word(BASES),
        "apportionment": choice(Object({"key": Text(200), "period": Text(60)}), required=False),
        "compartment": optional(Text(80)),
        "elements": closable(ListOf(_CONTENT_ROW, most=40), required=False),
    }
)
INVENTORY = ListOf(INVENTORY_ROW, rows=Marking.CHOICE)
EXCLUSIONS = ListOf(Object({"flow": Text(200), "reason": Text(500)}), most=100)
PRICE = Object(
    {
        "value_per_kg": Quantity(above_zero=True),
        "currency": Text(3, "[A-Z]{3}", "USD"),
        "period": Text(60),
        "date": Date(),
        "source": Text(300),
    }
)
_WEIGHED_WET = ("wet_mass_kg", "moisture_pct")
_LOT_FIELDS: Fields = {
    "lot": Urn(),
    "material": Text(120),
    "stage": Word(STAGES),
    "lot_number": closable(Text(80), required=False),
    "mass_kg": closable(MASS_KG),
    "wet_mass_kg": closable(MASS_KG, required=False),
    "moisture_pct": closable(PERCENT, required=False),
    "assay": optional(ASSAY),
}
SOURCE = Object(
    _LOT_FIELDS
    | {
        "origin": Word(ORIGINS),
        "country": COUNTRY,
        "facility": optional(Urn()),
        "custody_model": optional(Word(CUSTODY_MODELS)),
        "supplier": closable(Text(200), required=False),
        "inventory": optional(INVENTORY),
        "exclusions": optional(EXCLUSIONS),
    },
    extensible=True,
    together=_WEIGHED_WET,
)
IMPORT = Object(
    {
        "lot": Urn(),
        "material": Text(120),
        "stage": Word(STAGES),
        "lot_number": closable(Text(80), required=False),
        "mass_kg": closable(MASS_KG),
        "assay": optional(ASSAY),
        "log": Text(200),
        "organisation": Urn(),
        "dispatch": Digest(),
        "custody_hash": Digest(),
        "bundle": Digest(),
        "public_key": Binary(32),
        "facility": optional(Urn()),
    },
    extensible=True,
)
_INPUT = Object({"lot": Urn(), "mass_kg": closable(MASS_KG)})
_OUTPUT = Object(
    _LOT_FIELDS | {"class": Word(OUTPUT_CLASSES), "price": closable(PRICE, required=False)}, together=_WEIGHED_WET
)
_LOSS = Object(
    {
        "kind": Text(120),
        "mass_kg": closable(MASS_KG),
        "elements": closable(ListOf(_CONTENT_ROW, most=40), required=False),
    }
)
_WIP = Object({"species": SPECIES, "mass_kg": closable(Quantity(least="-100000000000", places=3))})
TRANSFORM = Object(
    {
        "facility": optional(Urn()),
        "custody_model": optional(Word(CUSTODY_MODELS)),
        "inputs": ListOf(_INPUT, distinct_by="lot"),
        "outputs": ListOf(_OUTPUT, distinct_by="lot"),
        "losses": optional(ListOf(_LOSS, most=100, rows=Marking.CHOICE)),
        "wip_change": optional(ListOf(_WIP, most=40, rows=Marking.CHOICE)),
        "inventory": optional(INVENTORY),
        "exclusions": optional(EXCLUSIONS),
    },
    extensible=True,
)
_LEG = Object({"mode": Word(MODES), "distance_km": Quantity(most="100000"), "factors": optional(FACTOR_IDS)})
_RECIPIENT = OneOf((Urn(), Object({"origin": Text(200), "organisation": Urn()}), Word((OUTSIDE,))))


class InputIsOutput(RecordError):
    """A lot that goes into a step and comes out of it."""

    code = "input_is_output"


def _check_lots_differ(body: Body, path: str) -> None:
    """No lot is an input and an output."""
    inputs = {urn_at(row, "lot") for row in rows_at(body, "inputs")}
    for number, row in enumerate(rows_at(body, "outputs")):
        if urn_at(row, "lot") in inputs:
            raise InputIsOutput("What comes out is a new lot. Give it a urn of its own.",
                                path=f"{path}/outputs/{number}/lot")  # fmt: skip


def _transform_subjects(body: Body) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {urn_at(row, "lot"): DRAW for row in rows_at(body, "inputs")}
    return found | {urn_at(row, "lot"): OUTPUT for row in rows_at(body, "outputs")}


def _about(name: str, fields: Fields, *, correctable: bool = False, voidable: bool = False,
           cosigned: bool = False) -> Kind:  # fmt: skip
    body = Object({"lot": Urn(), **fields}, extensible=True)
    return Kind(name, body, one("lot", LOT), correctable=correctable, voidable=voidable, cosigned=cosigned)


MAKING = ("lot.source", "lot.import", "lot.transform")
"""The kinds that make a lot."""

LOT_KINDS = (
    Kind("lot.source", SOURCE, one("lot", OUTPUT), correctable=True, voidable=True),
    Kind("lot.import", IMPORT, one("lot", OUTPUT), correctable=True, voidable=True, cosigned=True),
    Kind(
        "lot.transform",
        TRANSFORM,
        _transform_subjects,
        correctable=True,
        voidable=True,
        process=True,
        rule=_check_lots_differ,
    ),
    _about("lot.assay", {"assay": ASSAY}, correctable=True, voidable=True),
    _about(
        "lot.dispatch",
        {
            "to": _RECIPIENT,
            "mass_kg": closable(MASS_KG),
            "tolerance_pct": Quantity(most="0.5"),
            "reference": closable(Text(120), required=False),
        },
    ),
    _about("lot.dispatch_cancel", {"reason": REASON}, cosigned=True),
    _about(
        "lot.receive",
        {
            "dispatch": Digest(),
            "difference": Word(("within", "beyond")),
            "weighed_mass_kg": closable(MASS_KG),
            "facility": optional(Urn()),
            "legs": closable(ListOf(_LEG, most=20), required=False),
            "packaging_kg": closable(Quantity(places=3), required=False),
            "moisture_pct": closable(PERCENT, required=False),
        },
        correctable=True,
    ),
    _about("lot.reject", {"dispatch": Digest(), "reason": REASON}),
    _about("lot.settle", {"mass_kg": closable(MASS_KG), "reason": optional(REASON)}, cosigned=True),
    _about(
        "lot.adjust",
        {"change_kg": closable(Quantity(least="-100000000000", places=3)), "reason": REASON},
        correctable=True,
    ),
    Kind(
        "lot.dispose",
        Object({"lot": Urn(), "mass_kg": closable(MASS_KG), "route": Text(200)}, extensible=True),
        one("lot", DRAW),
        correctable=True,
    ),
    _about("lot.hold", {"reason": REASON}, correctable=True),
    _about("lot.release", {"reason": optional(REASON)}),
    _about("lot.recall", {"reason": REASON}),
)
