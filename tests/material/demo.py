"""The demonstration chain as plain values: lots with assays written as demo-chain says, and who feeds whom."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from tests.standards import standards_path
from traceability.ledger.quantity import computing, format_quantity, round_places
from traceability.material.composition import LotMatter, parse_lot
from traceability.material.elements import TRADE_OXIDE
from traceability.material.step import parse_step

AS_OXIDE = {"ore", "concentrate", "oxide"}
ORIGIN = {
    "primary": "mined",
    "recycled_post_consumer": "post_consumer",
    "recycled_pre_consumer": "pre_consumer",
}


@dataclass(frozen=True)
class DemoLot:
    name: str
    stage: str
    mass_kg: Decimal
    element_kg: Mapping[str, Decimal]
    origin: str | None
    country: str

    @computing()
    def assay(self, sdev_rel_pct: str | None = "0.1") -> dict[str, Any]:
        """The opened assay: wt % oxide of dry mass for ore, concentrate and oxide, wt % element for the rest."""
        rows = []
        for element, kg in self.element_kg.items():
            species = TRADE_OXIDE[element] if self.stage in AS_OXIDE else None
            content = kg / (species.element_per_kg if species else 1) / self.mass_kg * 100
            row = {
                "species": species.formula if species else element,
                "content_pct": format_quantity(round_places(content, 6)),
            }
            rows.append(row | ({"sdev_rel_pct": sdev_rel_pct} if sdev_rel_pct else {}))
        return {"basis": "dry_mass", "rows": rows}


@cache
def chain() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(standards_path("epcis/chain-demo/demo_chain.json").read_text())
    return document


@cache
def lots() -> dict[str, DemoLot]:
    return {
        lot["id"]: DemoLot(
            lot["id"],
            lot["stage"],
            Decimal(lot["dry_mass_kg"]),
            {element: Decimal(kg) for element, kg in lot["ree_kg"].items()},
            ORIGIN.get(lot.get("origin_class", "")) if "origin" in lot else None,
            lot.get("origin") or lot["country_of_step"],
        )
        for lot in chain()["lots"]
    }


def draws(event: dict[str, Any]) -> dict[str, Decimal]:
    """Drawn dry kg by input lot."""
    if "input_kg" in event:
        return {name: Decimal(kg) for name, kg in event["input_kg"].items()}
    return {name: lots()[name].mass_kg for name in event["inputs"]}


def event(name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(event for event in chain()["events"] if event["id"] == name)
    return found


def urn(name: str) -> str:
    """A stable urn for a lot of the chain."""
    number = list(lots()).index(name) + 1
    return f"urn:uuid:01930000-0000-7000-8000-{number:012d}"


def lot_fields(lot: DemoLot, *, sdev_rel_pct: str | None = "0.1") -> dict[str, Any]:
    """The opened lot fields of a statement that makes the lot."""
    return {
        "lot": urn(lot.name),
        "material": lot.name,
        "stage": lot.stage,
        "mass_kg": format_quantity(lot.mass_kg),
        "assay": lot.assay(sdev_rel_pct),
    }


def drawn(event: dict[str, Any], *, sdev_rel_pct: str | None = "0.1") -> dict[str, LotMatter]:
    """The input lots of a step, by urn."""
    return {urn(name): parse_lot(lot_fields(lots()[name], sdev_rel_pct=sdev_rel_pct)) for name in draws(event)}


def transform(event: dict[str, Any], *, sdev_rel_pct: str | None = "0.1") -> dict[str, Any]:
    """The opened body of a `lot.transform`, without losses and inventory."""
    return {
        "inputs": [{"lot": urn(name), "mass_kg": format_quantity(kg)} for name, kg in draws(event).items()],
        "outputs": [
            lot_fields(lots()[name], sdev_rel_pct=sdev_rel_pct) | {"class": "product"} for name in event["outputs"]
        ],
    }


def process(event: dict[str, Any]) -> list[str]:
    """The words of `process`, one per step of the event."""
    return [step.strip().replace("jet mill", "mill") for step in event["step"].split("+")]


def step_of(event, body=None, **changes):
    return parse_step(body or transform(event), process(event), drawn(event) | changes)
