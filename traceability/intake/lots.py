"""What people type about lots, to the opened bodies of their statements (record-format.md section 5)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from traceability.intake import export
from traceability.intake.fields import MOST, Fields
from traceability.intake.notes import Missing, OutOfBounds, UnknownChoice
from traceability.intake.numbers import THIN
from traceability.intake.units import DISTANCE, INVENTORY, SHARE
from traceability.ledger.kinds.lots import (
    BASES,
    CUSTODY_MODELS,
    MODES,
    ORIGINS,
    OUTPUT_CLASSES,
    OUTSIDE,
    ROLES,
    STAGES,
)
from traceability.ledger.quantity import format_quantity
from traceability.material.composition import DryMassMismatch, dry_mass, parse_assay, parse_rows, require_weighed
from traceability.material.elements import species_of
from traceability.material.stock import DEFAULT_TOLERANCE_PCT, MOST_TOLERANCE_PCT, DifferenceMisstated, Shipment

Body = dict[str, object]

REASON: Final = 1000
NO_CONTENT: Final = "Enter the content of at least one element."
PLAIN: Final = (SHARE[0],)
"""Numbers without a unit."""


def present(fields: Mapping[str, object]) -> Body:
    """The fields that have a value: absent, never empty (record-format.md section 1)."""
    return {name: value for name, value in fields.items() if value is not None and value not in ([], {})}


def source(typed: Fields) -> Body:
    """The body of `lot.source`."""
    return present(
        lot_fields(typed)
        | {
            "origin": typed.word("origin", ORIGINS),
            "country": typed.country("country"),
            "facility": typed.urn("facility", required=False),
            "custody_model": typed.word("custody_model", CUSTODY_MODELS, required=False),
            "supplier": typed.text("supplier", longest=200, required=False),
            "inventory": inventory(typed),
            "exclusions": _exclusions(typed),
        }
    )


def transform(typed: Fields) -> Body:
    """The body of `lot.transform`."""
    return present(
        {
            "facility": typed.urn("facility", required=False),
            "custody_model": typed.word("custody_model", CUSTODY_MODELS, required=False),
            "inputs": [
                present({"lot": row.urn("lot"), "mass_kg": row.mass("mass_kg")})
                for row in typed.rows("inputs", missing="Choose at least one lot that went in.")
            ],
            "outputs": [_output(row) for row in typed.rows("outputs", missing="Enter at least one lot that came out.")],
            "losses": [_loss(row) for row in typed.rows("losses")],
            "wip_change": [
                present({"species": _species(row), "mass_kg": row.mass("mass_kg", signed=True)})
                for row in typed.rows("wip_change")
            ],
            "inventory": inventory(typed),
            "exclusions": _exclusions(typed),
        }
    )


def lot_fields(typed: Fields) -> Body:
    """The fields of a lot that a statement makes; a wet weighing gives the dry mass where that is not typed."""
    body = present(
        {
            "lot": typed.urn("lot"),
            "material": typed.text("material", longest=120),
            "stage": typed.word("stage", STAGES),
            "lot_number": typed.text("lot_number", longest=80, required=False),
            **_masses(typed),
            "assay": assay(typed),
        }
    )
    typed.check(lambda: require_weighed(body, path=typed.place))  # the assay was checked at its own place
    return body


def _masses(typed: Fields) -> Body:
    wet_kg = typed.mass("wet_mass_kg", required=False)
    moisture_pct = typed.percent("moisture_pct", required=wet_kg is not None)
    if wet_kg is None and moisture_pct is not None:
        typed.mistake("wet_mass_kg", Missing("Enter the wet mass, or leave the moisture out."))
    mass_kg = typed.mass("mass_kg", required=wet_kg is None)
    if mass_kg is None and wet_kg is not None and moisture_pct is not None:
        mass_kg = _dried(typed, "mass_kg", wet_kg, moisture_pct)
    return {"mass_kg": mass_kg, "wet_mass_kg": wet_kg, "moisture_pct": moisture_pct}


def _dried(typed: Fields, name: str, wet_kg: str, moisture_pct: str) -> str | None:
    """The dry mass of a wet weighing, shown back at the field that it fills."""
    dry_kg = dry_mass(Decimal(wet_kg), Decimal(moisture_pct))
    if not dry_kg:
        typed.mistake("moisture_pct", OutOfBounds("Enter a moisture that leaves a dry mass."))
        return None
    dry = format_quantity(dry_kg)
    typed.heard(name, f"{typed.shown(dry)}{THIN}kg dry")
    return dry


def assay(typed: Fields, *, required: bool = False) -> Body | None:
    """The assay that stands under `assay`."""
    rows = typed.row("assay")
    if rows is None:
        if required:
            typed.mistake("assay/rows", Missing(NO_CONTENT))
        return None
    body = present(
        {
            "basis": rows.word("basis", ("dry_mass", "treo")),
            "treo_pct": rows.percent("treo_pct", required=False),
            "rows": _contents(rows, "rows", missing=NO_CONTENT),
            "method": rows.text("method", longest=200, required=False),
            "laboratory": rows.text("laboratory", longest=200, required=False),
            "report": rows.text("report", longest=200, required=False),
        }
    )
    rows.check(lambda: parse_assay(body, path=rows.place))
    return body


def _contents(typed: Fields, name: str, *, missing: str = "") -> list[Body]:
    return [
        present(
            {
                "species": _species(row),
                "content_pct": row.percent("content_pct"),
                "sdev_rel_pct": row.percent("sdev_rel_pct", required=False),
            }
        )
        for row in typed.rows(name, missing=missing)
    ]


def _species(typed: Fields) -> str | None:
    formula = typed.text("species", longest=12)
    if formula is not None:
        typed.check(lambda: species_of(formula, path=f"{typed.place}/species"))
    return formula


def _elements(typed: Fields) -> list[Body]:
    rows = _contents(typed, "elements")
    typed.check(lambda: parse_rows(rows, path=f"{typed.place}/elements"))
    return rows


def _output(typed: Fields) -> Body:
    price = typed.row("price")
    return present(
        lot_fields(typed)
        | {
            "class": typed.word("class", OUTPUT_CLASSES),
            "price": None if price is None else _price(price),
        }
    )


def _price(typed: Fields) -> Body:
    currency = typed.text("currency", longest=3)
    return present(
        {
            "value_per_kg": typed.amount("value_per_kg", PLAIN, least="0.000000001", most=MOST),
            "currency": None if currency is None else currency.upper(),
            "period": typed.text("period", longest=60),
            "date": typed.day("date"),
            "source": typed.text("source", longest=300),
        }
    )


def _loss(typed: Fields) -> Body:
    return present(
        {"kind": typed.text("kind", longest=120), "mass_kg": typed.mass("mass_kg"), "elements": _elements(typed)}
    )


def inventory(typed: Fields) -> list[Body]:
    """The inventory rows that stand under `inventory`."""
    return [_inventory_row(row) for row in typed.rows("inventory")]


def _inventory_row(typed: Fields) -> Body:
    amount, unit = typed.amount_and_unit(INVENTORY)
    apportionment = typed.row("apportionment")
    return present(
        {
            "flow": typed.text("flow", longest=200),
            "role": typed.word("role", ROLES),
            "amount": amount,
            "unit": unit,
            "concentration": typed.amount("concentration", SHARE, most="1", required=False),
            "factors": _factors(typed),
            "basis": typed.word("basis", BASES),
            "apportionment": None if apportionment is None else _apportionment(apportionment),
            "compartment": typed.text("compartment", longest=80, required=False),
            "elements": _elements(typed),
        }
    )


def _factors(typed: Fields) -> list[str]:
    found = typed.texts("factors")
    if len(set(found)) < len(found):
        typed.mistake("factors", UnknownChoice("One factor stands here twice. Choose another one, or none."))
    return found


def _apportionment(typed: Fields) -> Body:
    key = typed.text("key", longest=200, missing="Say by what it was apportioned, for example by mass of products.")
    period = typed.text("period", longest=60, missing="Enter the period of the larger total, for example 2026-10.")
    return present({"key": key, "period": period})


def _exclusions(typed: Fields) -> list[Body]:
    return [
        present({"flow": row.text("flow", longest=200), "reason": row.text("reason")})
        for row in typed.rows("exclusions")
    ]


def imported(typed: Fields) -> Body:
    """The body of `lot.import`, of which people change how they call the lot and where it lies; the rest is proven."""
    said = {name: typed.text(name, longest=200) for name in ("log", "dispatch", "custody_hash", "bundle", "public_key")}
    return present(
        said
        | {
            "lot": typed.urn("lot"),
            "material": typed.text("material", longest=120),
            "stage": typed.word("stage", STAGES),
            "lot_number": typed.text("lot_number", longest=80, required=False),
            "mass_kg": typed.mass("mass_kg"),
            "assay": assay(typed),
            "organisation": typed.urn("organisation"),
            "facility": typed.urn("facility", required=False),
        }
    )


def later_assay(typed: Fields) -> Body:
    """The body of `lot.assay`."""
    return present({"lot": typed.urn("lot"), "assay": assay(typed, required=True)})


def dispatch(typed: Fields) -> Body:
    """The body of `lot.dispatch`; a blank tolerance is the default of the format."""
    tolerance_pct = typed.percent("tolerance_pct", most=str(MOST_TOLERANCE_PCT), required=False)
    return present(
        {
            "lot": typed.urn("lot"),
            "to": _recipient(typed),
            "mass_kg": typed.mass("mass_kg"),
            "tolerance_pct": tolerance_pct or format_quantity(DEFAULT_TOLERANCE_PCT),
            "reference": typed.text("reference", longest=120, required=False),
            "ext": export.extension(typed),
        }
    )


def _recipient(typed: Fields) -> object:
    to = typed.raw.get("to")
    if isinstance(to, Mapping):
        elsewhere = typed.row("to", required=True)
        if elsewhere is None:
            return None
        return present({"origin": elsewhere.text("origin", longest=200), "organisation": elsewhere.urn("organisation")})
    if isinstance(to, str) and to.strip() == OUTSIDE:
        return typed.word("to", (OUTSIDE,))
    return typed.urn("to", missing="Choose to whom it goes.")


def receive(typed: Fields) -> Body:
    """The body of `lot.receive`.

    The form may add what the dispatch said, `dispatched_mass_kg` and `tolerance_pct`: then `difference` follows from
    the masses. Goods weighed wet are typed as `weighed_wet_mass_kg` and `moisture_pct`.
    """
    moisture_pct = typed.percent("moisture_pct", required=False)
    weighed_kg = _weighed(typed, moisture_pct)
    return present(
        {
            "lot": typed.urn("lot"),
            "dispatch": typed.text("dispatch", longest=71),
            "difference": _difference(typed, weighed_kg),
            "weighed_mass_kg": weighed_kg,
            "facility": typed.urn("facility", required=False),
            "legs": [_leg(row) for row in typed.rows("legs")],
            "packaging_kg": typed.mass("packaging_kg", required=False, zero=True),
            "moisture_pct": moisture_pct,
        }
    )


def _weighed(typed: Fields, moisture_pct: str | None) -> str | None:
    wet_kg = typed.mass("weighed_wet_mass_kg", required=False)
    weighed_kg = typed.mass("weighed_mass_kg", required=wet_kg is None)
    if wet_kg is None:
        return weighed_kg
    if moisture_pct is None:
        typed.mistake("moisture_pct", Missing("Enter the moisture of the wet goods, or weigh them dry."))
        return None
    dry_kg = _dried(typed, "weighed_mass_kg", wet_kg, moisture_pct)
    if weighed_kg not in (None, dry_kg):
        typed.mistake("weighed_mass_kg", DryMassMismatch("Enter the wet mass or the dry mass, not two that differ."))
    return dry_kg


def _difference(typed: Fields, weighed_kg: str | None) -> str | None:
    dispatched_kg = typed.mass("dispatched_mass_kg", required=False)
    tolerance_pct = typed.percent("tolerance_pct", most=str(MOST_TOLERANCE_PCT), required=dispatched_kg is not None)
    missing = "Choose whether it is within the tolerance."
    stated = typed.word("difference", ("within", "beyond"), required=dispatched_kg is None, missing=missing)
    if dispatched_kg is None or tolerance_pct is None or weighed_kg is None:
        return stated
    is_within = Shipment(Decimal(dispatched_kg), Decimal(tolerance_pct)).is_within(Decimal(weighed_kg))
    found = "within" if is_within else "beyond"
    typed.heard("difference", f"{found} the tolerance of {typed.shown(tolerance_pct)}{THIN}%")
    if stated not in (None, found):
        typed.mistake("difference", DifferenceMisstated(f"The masses are {found} the tolerance. Choose {found}."))
    return found


def _leg(typed: Fields) -> Body:
    return present(
        {
            "mode": typed.word("mode", MODES),
            "distance_km": typed.amount("distance_km", DISTANCE, most="100000"),
            "factors": _factors(typed),
        }
    )


def reject(typed: Fields) -> Body:
    """The body of `lot.reject`."""
    return present(
        {
            "lot": typed.urn("lot"),
            "dispatch": typed.text("dispatch", longest=71),
            "reason": typed.text("reason", longest=REASON),
        }
    )


def settle(typed: Fields) -> Body:
    """The body of `lot.settle`."""
    reason = typed.text("reason", longest=REASON, required=False)
    return present({"lot": typed.urn("lot"), "mass_kg": typed.mass("mass_kg"), "reason": reason})


def adjust(typed: Fields) -> Body:
    """The body of `lot.adjust`; below 0 less was found."""
    change_kg = typed.mass("change_kg", signed=True)
    return present({"lot": typed.urn("lot"), "change_kg": change_kg, "reason": typed.text("reason", longest=REASON)})


def dispose(typed: Fields) -> Body:
    """The body of `lot.dispose`."""
    route = typed.text("route", longest=200)
    return present({"lot": typed.urn("lot"), "mass_kg": typed.mass("mass_kg"), "route": route})


def with_reason(typed: Fields) -> Body:
    """The body of a hold, a recall or a cancelled dispatch."""
    return present({"lot": typed.urn("lot"), "reason": typed.text("reason", longest=REASON)})


def release(typed: Fields) -> Body:
    """The body of `lot.release`."""
    return present({"lot": typed.urn("lot"), "reason": typed.text("reason", longest=REASON, required=False)})
