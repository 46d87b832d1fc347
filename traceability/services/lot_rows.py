"""Lot records as rows and back: the JSON of `Lot.record` holds the whole of it, the columns what pages ask for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from decimal import Decimal
from typing import Any
from uuid import UUID

from traceability.acceptance.world import LotRecord
from traceability.ledger import moments
from traceability.ledger.custody import CustodyState, LotCustody
from traceability.material.composition import Composition, Content
from traceability.material.stock import Shipment, StockState
from traceability.models import Lot
from traceability.models.prepared import Prepared, Row

_CUSTODY = tuple(field.name for field in fields(LotCustody))
_ACCOUNT = ("custody_kg", "drawn_kg", "disposed_kg", "adjusted_kg")


def read(ids: Sequence[UUID]) -> dict[str, LotRecord | None]:
    """The records of these lots by urn; lots that do not exist are None."""
    return {f"urn:uuid:{one}": None for one in ids} | records_of(RECORDS.rows(ids))


RECORDS = Prepared(Lot._meta.get_field("id"), lambda ids: Lot.objects.filter(pk__in=ids).values_list("pk", "record"))


def records_of(rows: Iterable[Row]) -> dict[str, LotRecord]:
    """The records by urn."""
    return {f"urn:uuid:{pk}": from_json(record) for pk, record in rows}


def to_json(lot: LotRecord) -> dict[str, Any]:
    """The JSON of a record; decimals as strings."""
    claimed = {"model": lot.model} if lot.model else {}
    stock = _stock_json(lot.stock)
    return claimed | {
        "custody": {name: getattr(lot.custody, name) for name in _CUSTODY},
        "stage": lot.stage,
        "made_at": moments.format_moment(lot.made_at),
        "stock": stock,
        "made": stock if lot.made is lot.stock else _stock_json(lot.made),
    }


def from_json(record: Mapping[str, Any]) -> LotRecord:
    """The record of its JSON."""
    custody = record["custody"]
    return LotRecord(
        custody=LotCustody(**{**custody, "state": CustodyState(custody["state"])}),
        stage=record["stage"],
        made_at=moments.parse_moment(record["made_at"]),
        stock=None if record["stock"] is None else _stock(record["stock"]),
        made=None if record["made"] is None else _stock(record["made"]),
        model=record.get("model", ""),
    )


def _stock_json(stock: StockState | None) -> dict[str, Any] | None:
    if stock is None:
        return None
    shipment = stock.shipment
    composition = _composition_json(stock.composition)
    return {name: str(getattr(stock, name)) for name in _ACCOUNT} | {
        "lot": stock.lot,
        "was_drawn": stock.was_drawn,
        "composition": composition,
        "ceiling": composition if stock.ceiling is stock.composition else _composition_json(stock.ceiling),
        "shipment": None
        if shipment is None
        else [str(shipment.mass_kg), str(shipment.tolerance_pct), _text(shipment.weighed_kg)],
    }


def _stock(stored: Mapping[str, Any]) -> StockState:
    shipment = stored["shipment"]
    return StockState(
        lot=stored["lot"],
        was_drawn=stored["was_drawn"],
        composition=_composition(stored["composition"]),
        ceiling=_composition(stored["ceiling"]),
        shipment=None
        if shipment is None
        else Shipment(Decimal(shipment[0]), Decimal(shipment[1]), _decimal(shipment[2])),
        **{name: Decimal(stored[name]) for name in _ACCOUNT},
    )


def _composition_json(composition: Composition | None) -> dict[str, list[str | None]] | None:
    if composition is None:
        return None
    return {
        element: [str(content.element_pct), str(content.written_pct), _text(content.sdev_rel_pct)]
        for element, content in composition.items()
    }


def _composition(stored: Mapping[str, Sequence[Any]] | None) -> Composition | None:
    if stored is None:
        return None
    return {
        element: Content(Decimal(element_pct), Decimal(written_pct), _decimal(sdev))
        for element, (element_pct, written_pct, sdev) in stored.items()
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)
