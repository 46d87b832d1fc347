"""Acid, base, sulphur, fluorine, electricity and heat of published inventories, with and without their slips."""

import csv
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.standards import standards_path
from traceability.ledger.quantity import computing, round_places
from traceability.material.energy import MARGIN, READ, energy_findings, heat_mj
from traceability.material.inventory import InventoryRow, inventory_rows
from traceability.material.reagents import BOUND_MOL_PER_KG, LOT_FLUORINE, LOT_SULFUR, REAGENTS, reagent_findings

TEXT = (Path(__file__).parents[2] / "docs/algorithms/lodestone-inventory-2.md").read_text("utf-8")
FLAT = " ".join(TEXT.split())


def row(role: str, flow: str, amount: str, unit: str = "kg", **more: Any) -> dict[str, Any]:
    return {"flow": flow, "role": role, "amount": amount, "unit": unit, **more}


def reagent(flow: str, amount: str, concentration: str = "1") -> dict[str, Any]:
    return row("ancillary", flow, amount, concentration=concentration)


def gas(flow: str, amount: str) -> dict[str, Any]:
    return row("emission", flow, amount)


def codes(*rows: dict[str, Any], kg: str = "1", stage: str = "concentrate") -> list[str]:
    return [one.code for one in reagent_findings(inventory_rows(rows), {stage: Decimal(kg)})]


def energy(process: str, *rows: dict[str, Any], made: str = "1", kwh: str | None = None) -> list[str]:
    stated = None if kwh is None else Decimal(kwh)
    found = energy_findings(process.split(", "), Decimal(made), stated, inventory_rows(rows))
    return [one.code for one in found]


def published(process: str, flow: str) -> list[dict[str, str]]:
    with standards_path("lca/ree/ree_process_inventories.csv").open(encoding="utf-8", newline="") as lines:
        found = [
            one for one in csv.DictReader(lines) if one["process"].startswith(process) and one["flow"].startswith(flow)
        ]
    assert found
    return found


def amount(process: str, flow: str) -> str:
    return f"{Decimal(published(process, flow)[0]['amount']).normalize():f}"


BAILEY = "Bailey 2020 | Solvent extraction of Rare Earth Elements"
ROASTING = "Marx 2018 | Rare Earth Roasting;"


@pytest.mark.parametrize(("share", "found"), [("1", ["acid_left_over"]), ("0.3", [])])
def test_hydrochloric_acid_of_30_per_cent_that_was_counted_as_100(share: str, found: list[str]) -> None:
    assert found == codes(
        reagent("hydrochloric acid", amount(BAILEY, "Hydrochloric acid"), share),
        reagent("ammonia", amount(BAILEY, "ammonia")),
        reagent("ammonium bicarbonate", amount(BAILEY, "Ammonium bicarbonate")),
        stage="oxide",
    )


@pytest.mark.parametrize(("share", "found"), [("0.001", []), ("1", ["sulfur_over_inputs"])])
def test_grams_of_sulfur_dioxide_stored_as_kilograms(share: str, found: list[str]) -> None:
    sulfur = [f"{Decimal(amount(ROASTING, flow)) * Decimal(share):f}" for flow in ("sulfur dioxide", "sulphuric acid")]
    assert published(ROASTING, "sulfur dioxide")[0]["unit_corrected"] == "g"
    rows = (
        reagent("sulphuric acid", "10.6"),
        reagent("hydrated lime", "2.57"),
        row("fuel", "natural gas", "0.75"),
        gas("sulphur dioxide", sulfur[0].rstrip("0")),
        gas("sulphuric acid", sulfur[1].rstrip("0")),
    )
    assert codes(*rows, kg="10.2") == found


@pytest.mark.parametrize(
    ("case", "process", "made"),
    [
        ("Sprecher 2014 | Solvent extraction", "solvent extraction", "3.87"),
        ("Sprecher 2014 | Acid roasting", "cracking", "1"),
        ("Bailey 2020 | Acid roasting", "cracking", "1"),
    ],
)
def test_fuel_oil_in_mj_that_was_typed_as_kg(case: str, process: str, made: str) -> None:
    oil = published(case, "heavy fuel oil")[0]
    assert (oil["unit_stored"], oil["unit_corrected"]) == ("kg", "MJ")
    assert energy(process, row("fuel", "heavy fuel oil", oil["amount"], "MJ"), made=made) == []
    assert energy(process, row("fuel", "heavy fuel oil", oil["amount"], "kg"), made=made) == ["heat_unusual"]


def test_gas_in_mj_that_was_typed_as_kg_is_found_without_its_carbon() -> None:
    for at in published("Vahidi & Zhao 2017", "natural gas"):
        given = at["amount"].removesuffix(".0")
        assert energy("leaching, separation", row("fuel", "natural gas", given, "MJ"), made="1000") == []
        assert energy("leaching, separation", row("fuel", "natural gas", given, "kg"), made="1000") == ["heat_unusual"]


def test_electricity_a_hundred_times_too_high() -> None:
    found = {
        one["process"].split(";")[2]: energy("leaching, separation", kwh=str(Decimal(one["amount"]) / Decimal("3.6")))
        for one in published("Lee & Wen 2017", "Electricity")
    }
    assert found == {
        "Sichuan": ["electricity_unusual"],
        "Bayan Obo": [],
        "Seven Southern Provinces (in-situ leaching)": [],
    }
    assert energy("electrolysis", kwh="10.4") == []
    assert energy("electrolysis", kwh="37.44") == ["electricity_unusual"]  # MJ typed as kWh


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ((row("ancillary", "hydrochloric acid", "1"),), ["concentration_unstated"]),
        ((row("ancillary", "sodium hydroxide", "1"),), ["concentration_unstated"]),
        ((row("ancillary", "hydrochloric acid", "0"),), []),
        ((row("ancillary", "quicklime", "1"),), []),
        ((row("emission", "hydrochloric acid", "1"),), []),
        ((reagent("hydrochloric acid", "2.15"),), []),
        ((reagent("hydrochloric acid", "2.16"),), ["acid_left_over"]),
        ((reagent("hydrochloric acid", "4.3", "0.5"),), []),
        ((reagent("hydrochloric acid", "4", "1"), reagent("sodium hydroxide", "2.1")), []),
        ((reagent("sodium hydroxide", "2.36"),), []),
        ((reagent("sodium hydroxide", "2.37"),), ["base_left_over"]),
        ((reagent("sodium hydroxide", "3"), reagent("sulfuric acid", "1")), []),
        ((gas("sulfur dioxide", "1.06"),), []),
        ((gas("sulfur dioxide", "1.07"),), ["sulfur_over_inputs"]),
        ((gas("sulfur dioxide", "1.07"), reagent("something new", "1")), []),
        ((gas("sulfur dioxide", "1.07"), reagent("graphite", "1")), ["sulfur_over_inputs"]),
        ((gas("sulfur dioxide", "1.07"), row("fuel", "diesel", "0.1")), []),
        ((gas("sulfur dioxide", "9"), row("fuel", "wood", "0.1")), []),
        ((gas("hydrogen fluoride", "0.51"),), []),
        ((gas("hydrogen fluoride", "0.52"),), ["fluorine_over_inputs"]),
        ((gas("tetrafluoromethane (CF4)", "0.52"), gas("hexafluoroethane (C2F6)", "0.1")), ["fluorine_over_inputs"]),
        ((gas("tetrafluoromethane (CF4)", "0.52"), reagent("lithium fluoride", "0.1")), []),
    ],
)
def test_each_finding_has_its_bounds(rows: tuple[dict[str, Any], ...], found: list[str]) -> None:
    assert codes(*rows) == found


def test_metal_brings_no_fluorine() -> None:
    assert codes(gas("hydrogen fluoride", "0.001"), kg="1000", stage="metal") == ["fluorine_over_inputs"]
    assert codes(gas("hydrogen fluoride", "0.001"), kg="1000", stage="oxide") == []


def test_what_is_not_in_the_table_is_not_judged() -> None:
    oil = row("fuel", "heavy fuel oil", "1000")
    assert energy("cracking, dancing", oil, kwh="99999") == []
    assert energy("beneficiation", oil, kwh="99999") == []
    assert energy("calcination", oil, kwh="99999") == ["heat_unusual"]
    assert energy("cracking", oil, kwh="99999", made="0") == []
    assert energy("", oil) == []


@computing()
def test_published_text_has_the_tables_and_figures_of_the_code() -> None:
    printed = re.findall(r"^\| ([a-z ]+) \| (-?[0-9.]+) \| ([0-9.]+) \| ([0-9.]+) \| (yes|no) \|$", TEXT, re.MULTILINE)
    assert [one[0] for one in printed] == list(REAGENTS)
    for name, mol, sulfur, fluorine, dissolved in printed:
        one = REAGENTS[name]
        assert (Decimal(mol), Decimal(sulfur), Decimal(fluorine)) == (
            round_places(one.mol_per_kg, 3), round_places(one.sulfur, 4), round_places(one.fluorine, 4),
        )  # fmt: skip
        assert (dissolved == "yes") is one.dissolved
    for name, most in READ.items():
        kwh, mj = ("-" if one is None else str(one) for one in (most.kwh, most.mj))
        assert f"| {name} | {kwh} | {mj} | {most.source} |" in TEXT
    acid = 6 * REAGENTS["hydrochloric acid"].mol_per_kg
    base = -(
        Decimal("0.6") * REAGENTS["ammonia"].mol_per_kg + Decimal("1.6") * REAGENTS["ammonium bicarbonate"].mol_per_kg
    )
    for figure in (acid, base, acid * 30 / 100):
        assert f"{round_places(figure, 1)} mol" in FLAT
    assert f"{BOUND_MOL_PER_KG} x kg of input lots" in FLAT
    assert f"{LOT_SULFUR} x kg of input lots" in FLAT
    assert f"{LOT_FLUORINE} x kg of input lots" in FLAT
    assert f"> {MARGIN} x the sum of the table" in FLAT
    out = [
        one.sentence
        for one in reagent_findings(
            inventory_rows([
                gas("sulfur dioxide", "58.25"), gas("sulfuric acid", "5.23"), reagent("sulfuric acid", "10.6"),
                reagent("hydrated lime", "2.57"), row("fuel", "natural gas", "0.75"),
            ]),
            {"concentrate": Decimal("10.2")},
        )
    ]  # fmt: skip
    assert len(out) == 1
    for figure in re.findall(r"([0-9.]+) kg", out[0]):
        assert f"{Decimal(figure).normalize():f} kg" in FLAT
    assert f"{round_places(heat_mj([InventoryRow('', 'heavy fuel oil', 'fuel', Decimal('6.59'), 'kg')]), 1)} MJ" in FLAT
    assert f"{round_places(Decimal('1723.572') / Decimal('3.6'), 1)} kWh, above 3 x (0.472 + 6)" in FLAT


def test_sources_have_what_the_table_says() -> None:
    assert Decimal(amount(BAILEY, "Electricity")) / Decimal("3.6") == READ["separate"].kwh
    vahidi = [Decimal(one["amount"]) / 1000 for one in published("Vahidi & Zhao 2017", "natural gas")]
    assert max(vahidi) == READ["leach"].mj
    power = [Decimal(one["amount"]) / 3600 for one in published("Vahidi & Zhao 2017", "Electricity")]
    assert round_places(max(power), 3) == READ["leach"].kwh
    assert Decimal(amount("Sprecher 2014 | Acid roasting", "heavy fuel oil")) == READ["crack"].mj
    assert (
        round_places(Decimal(amount("Sprecher 2014 | Solvent extraction", "heavy fuel oil")) / Decimal("3.87"), 2)
        == READ["separate"].mj
    )
