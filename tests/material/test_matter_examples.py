"""docs/matter-examples.md: an example for each formula of matter, run."""

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.material.test_balance import melt, metal
from tests.material.test_reduction import codes, electrolysis
from traceability.ledger.errors import RecordError
from traceability.ledger.quantity import round_places
from traceability.material.balance import balance_of, require_conserved
from traceability.material.composition import Content, LotMatter, dry_mass, parse_assay
from traceability.material.division import merged_composition
from traceability.material.plausibility import findings_of
from traceability.material.reduction import charge_kah_per_kg
from traceability.material.step import MatterRow, Side, Step
from traceability.material.stock import Shipment

TEXT = (Path(__file__).parents[2] / "docs/matter-examples.md").read_text(encoding="utf-8")
EXAMPLES: dict[str, dict[str, Any]] = {
    one["formula"]: one for one in map(json.loads, re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL))
}
FORMULAS = ("dry_mass", "element_content", "uncertainty", "merged", "yield", "fingerprint", "charge", "tolerance")


def test_every_formula_has_one() -> None:
    assert tuple(EXAMPLES) == FORMULAS


def found(step: Step) -> list[str]:
    return [one.code for one in findings_of(step, balance_of(step))]


def test_dry_mass() -> None:
    given = EXAMPLES["dry_mass"]
    assert dry_mass(Decimal(given["wet_mass_kg"]), Decimal(given["moisture_pct"])) == Decimal(given["mass_kg"])


def test_element_content() -> None:
    given = EXAMPLES["element_content"]
    rows = [{"species": given["species"], "content_pct": given["content_pct"]}]
    composition = parse_assay({"basis": "treo", "treo_pct": given["treo_pct"], "rows": rows}).composition()
    assert composition["Nd"].element_pct == Decimal(given["element_pct"])


def test_uncertainty() -> None:
    given = EXAMPLES["uncertainty"]
    pct = Decimal(given["content_pct"])
    for stated, expected in ((Decimal(given["stated"]), "u_kg"), (None, "u_default_kg")):
        composition = {"Nd": Content(pct, pct, stated)}
        row = MatterRow(Side.INPUT, "/inputs/0", "lot", "metal", Decimal(given["mass_kg"]), composition)
        assert round_places(row.u_kg("Nd"), 3) == Decimal(given[expected])


def test_merged() -> None:
    given = EXAMPLES["merged"]
    parts = [
        (LotMatter("", "m", "oxide", Decimal(kg), {"Nd": Content(Decimal(pct), Decimal(pct))}), Decimal(kg))
        for kg, pct in given["parts"]
    ]
    merged = merged_composition(parts)
    assert merged is not None
    assert merged["Nd"].element_pct == Decimal(given["element_pct"])


def of_neodymium(out_kg: str) -> Step:
    """1,000 kg of Nd in 2,000 kg, molten to so much in 2,000 kg."""
    return melt(metal(mass_kg="2000", Nd="50"), {"Nd": str(Decimal(out_kg) / 20)}, mass_kg="2000")


def test_yield() -> None:
    given = EXAMPLES["yield"]
    assert found(of_neodymium(given["out_kg"])) == given["findings"]
    assert found(of_neodymium(given["enough_kg"])) == []


def test_fingerprint() -> None:
    given = EXAMPLES["fingerprint"]
    assert found(melt(metal(**given["in"]), given["same"])) == []
    assert "fingerprint_broken" in found(melt(metal(**given["in"]), given["other"]))
    with pytest.raises(RecordError):
        require_conserved(balance_of(melt(metal(**given["in"]), {"Nd": "74", "Pr": "26"})))


def test_charge() -> None:
    given = EXAMPLES["charge"]
    assert round_places(charge_kah_per_kg("Nd"), 4) == Decimal(given["kah_per_kg"])
    least = Decimal(given["metal_kg"]) * charge_kah_per_kg("Nd") * Decimal("1.5")
    assert round_places(least, 1) == Decimal(given["least_kwh"])
    assert codes(electrolysis("1000", given["metal_kg"], kwh=given["too_little"])) == ["electricity_short"]
    assert codes(electrolysis("1000", given["metal_kg"], kwh=given["enough"])) == []


def test_tolerance() -> None:
    given = EXAMPLES["tolerance"]
    shipment = Shipment(Decimal(given["sent_kg"]), Decimal(given["tolerance_pct"]))
    assert all(shipment.is_within(Decimal(kg)) for kg in given["within"])
    assert not any(shipment.is_within(Decimal(kg)) for kg in given["beyond"])
