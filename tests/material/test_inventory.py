"""Published inventories with known slips: what is right is accepted, what was typed in a wrong unit is found."""

import csv
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.standards import standards_path
from traceability.ledger.quantity import computing, round_places
from traceability.material.balance import balance_of
from traceability.material.composition import LotMatter, composition_of_rows, parse_rows
from traceability.material.inventory import FUELS, fuel_co2_kg, inventory_findings, inventory_rows
from traceability.material.plausibility import findings_of
from traceability.material.step import Step, parse_step

CASES: dict[str, Any] = {
    one["id"]: one for one in json.loads(standards_path("lca/ree/closure_cases_open.json").read_text())["cases"]
}
TEXT = (Path(__file__).parents[2] / "docs/algorithms/lodestone-inventory-1.md").read_text()
FEED, MADE = "urn:uuid:01930000-0000-7000-8000-0000000000aa", "urn:uuid:01930000-0000-7000-8000-0000000000bb"
GAS = ["fuel.natural-gas.ipcc-2006"]
CO2 = "carbon dioxide, fossil"


def plain(value: object) -> str:
    """A number as it is written in a statement."""
    return f"{Decimal(str(value)).normalize():f}"


def fuel(amount: object, unit: str = "MJ", flow: str = "natural gas", **more: Any) -> dict[str, Any]:
    return {"flow": flow, "role": "fuel", "amount": plain(amount), "unit": unit, **more}


def gas(amount: object, flow: str = CO2, **more: Any) -> dict[str, Any]:
    return {"flow": flow, "role": "emission", "amount": plain(amount), "unit": "kg", **more}


def codes(*rows: dict[str, Any], input_kg: object = 10**6) -> list[str]:
    return [one.code for one in inventory_findings(inventory_rows(rows), Decimal(str(input_kg)))]


@pytest.mark.parametrize("case", ["vahidi2017_IAC_gas_carbon", "vahidi2017_BayanObo_gas_carbon"])
def test_gas_in_mj_fits_and_in_kg_does_not(case: str) -> None:
    amount, stated, expected = (CASES[case][name] for name in ("natural_gas_MJ", "CO2_reported_kg", "expected"))
    (row,) = inventory_rows([fuel(amount)])
    assert round_places(fuel_co2_kg(row), 1) == Decimal(str(expected["CO2_IPCC_kg"]))
    assert round_places(fuel_co2_kg(row) / Decimal(str(stated)), 4) == Decimal(str(expected["ratio"]))
    assert codes(fuel(amount), gas(stated)) == []
    assert codes(fuel(amount, "kg"), gas(stated)) == ["fuel_unit"]


def test_grams_stored_as_kilograms_and_nox_stored_as_n2o_are_found() -> None:
    pairs = CASES["zapp_marx_unit_scaling"]["pairs"]
    zapp, marx = ([Decimal(str(one[at]).split()[0]) for one in pairs.values()] for at in (0, 1))
    names = list(pairs)
    least, most = (
        Decimal(str(one)) for one in CASES["zapp_marx_unit_scaling"]["expected"]["scale_Zapp_over_Marx_if_g"]
    )
    for name in ("CO2", "SO2", "H2SO4", "dust", "NOx", "concentrate_kg", "natural_gas_kg"):
        at = names.index(name)
        scale = zapp[at] / (marx[at] if name.endswith("kg") else marx[at] / 1000)
        assert least - Decimal("0.04") <= scale <= most + Decimal("0.001")

    def found(values: list[Decimal], nitrogen: str) -> list[str]:
        of = dict(zip(names, values, strict=True))
        rows = (fuel(of["natural_gas_kg"], "kg"), gas(of["CO2"]), gas(of["NOx"], nitrogen))
        return codes(*rows, input_kg=of["concentrate_kg"])

    assert found(zapp, "nitrogen oxides") == []
    assert found(marx, "nitrous oxide") == ["co2_over_carbon", "n2o_like_nox"]


def test_calcination_of_oxalate_is_accepted_in_kilograms_and_found_in_grams() -> None:
    expected = CASES["marx2018_oxalate_calcination"]["expected"]
    oxalate = CASES["marx2018_oxalate_calcination"]["inputs_kg"]["Nd_oxalate_35pct_moisture"]
    burnt = fuel(expected["natural_gas_kg"], "kg")
    (row,) = inventory_rows([burnt])
    assert abs(fuel_co2_kg(row) - Decimal(str(expected["CO2_from_gas_kg"]))) < Decimal("0.0001")
    assert codes(burnt, gas(expected["CO2_reported_kg"]), input_kg=oxalate) == []
    assert codes(burnt, gas(expected["CO2_reported_kg"] * 1000), input_kg=oxalate) == ["co2_over_carbon"]


def step(process: str, feed: dict[str, Any], made: dict[str, Any], *inventory: dict[str, Any]) -> Step:
    composition = composition_of_rows(parse_rows(feed["rows"]))
    lot = LotMatter(FEED, "feed", feed["stage"], Decimal(feed["kg"]), composition)
    output = {"lot": MADE, "material": "made", "stage": made["stage"], "mass_kg": made["kg"], "class": "product",
              "assay": {"basis": "dry_mass", "rows": made["rows"]}}  # fmt: skip
    body = {"inputs": [{"lot": FEED, "mass_kg": feed["kg"]}], "outputs": [output], "inventory": list(inventory)}
    return parse_step(body, [process], {FEED: lot})


def test_a_published_electrolysis_closes_over_all_neodymium_though_its_oxide_is_short() -> None:
    """Marx 2018, per t: 1130 kg of oxide for 1000 kg of metal, the fluoride of the electrolyte brings the rest."""
    inputs = CASES["marx2018_nd_electrolysis"]["inputs_kg"]
    out = CASES["marx2018_nd_electrolysis"]["outputs_kg"]
    fluoride = round_places(Decimal(str(inputs["NdF3"] + inputs["NdF3_second_row"])) * 1000, 1)
    found = step(
        "electrolysis",
        {"stage": "oxide", "kg": "1130", "rows": [{"species": "Nd2O3", "content_pct": "100"}]},
        {"stage": "metal", "kg": "1000", "rows": [{"species": "Nd", "content_pct": "100"}]},
        {"flow": "neodymium fluoride", "role": "constituent", "amount": plain(fluoride), "unit": "kg",
         "basis": "metered", "elements": [{"species": "Nd", "content_pct": "71.6788"}]},
        {"flow": "graphite", "role": "ancillary", "amount": "170", "unit": "kg", "basis": "metered"},
        {"flow": "electricity", "role": "electricity", "amount": "10400", "unit": "kWh", "basis": "metered"},
        gas(out["CO2"] * 1000, basis="metered"),
    )  # fmt: skip
    balance = balance_of(found)
    ratio = balance.elements["Nd"].in_kg / balance.elements["Nd"].out_kg
    assert round_places(ratio, 4) == round_places(
        Decimal(str(CASES["marx2018_nd_electrolysis"]["expected"]["Nd_in_over_out"])), 4
    )
    assert [one.code for one in findings_of(found, balance)] == []


def test_a_recovery_of_a_fifth_of_a_per_cent_is_a_finding() -> None:
    feed = round_places(Decimal(str(CASES["prommis_unphysical_yield"]["inputs"]["feed_374ppm_kg"])), 3)
    found = step(
        "leaching",
        {"stage": "ore", "kg": plain(feed), "rows": [{"species": "Nd2O3", "content_pct": "0.0374"}]},
        {"stage": "compound", "kg": "1", "rows": [{"species": "Nd2O3", "content_pct": "73.4"}]},
    )
    balance = balance_of(found)
    row = balance.elements["Nd"]
    expected = Decimal(str(CASES["prommis_unphysical_yield"]["expected"]["recovery"]))
    assert abs(row.out_kg / row.in_kg - expected) < Decimal("0.00001")
    assert [one.code for one in findings_of(found, balance)] == ["yield_unusual"]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ((fuel(1000, factors=GAS), gas("56", factors=["emission.co2-fossil.air.ef31"])), ["fuel_counted_twice"]),
        ((fuel(1000, factors=GAS), gas("56")), []),
        ((fuel(1000), gas("56", factors=["emission.co2-fossil.air.ef31"])), []),
        ((fuel(1000, factors=GAS), gas("60", factors=["emission.co2-fossil.air.ef31"])), []),
        ((fuel(1000, factors=GAS), gas("56", f"{CO2}, biogenic", factors=["x"])), []),
        ((fuel(1000, "kWh", factors=GAS), gas("201.96", factors=["x"])), ["fuel_counted_twice"]),
        ((fuel(1000), gas("0.2", "N2O")), ["n2o_like_nox"]),
        ((fuel(1000), gas("0.1", "N2O")), []),
        (
            (fuel(1000), gas("0.2", "N2O"), {"flow": "nitric acid", "role": "ancillary", "amount": "1", "unit": "kg"}),
            [],
        ),
        ((fuel(1, "kg", "wood"), gas("9000000")), []),
        ((fuel(1, "kg", "heavy gas"), gas("9")), []),
        ((gas("3666666"),), []),
        ((gas("3666667"),), ["co2_over_carbon"]),
        ((fuel(100, "kg", "petroleum coke"), gas("9.75")), ["fuel_unit"]),
    ],
)
def test_each_finding_has_its_bounds(rows: tuple[dict[str, Any], ...], found: list[str]) -> None:
    assert codes(*rows) == found


def test_our_fuels_are_those_of_the_guidelines_and_of_the_text() -> None:
    with standards_path("lca/ree/combustion_and_pfc_factors.csv").open() as lines:
        rows = {row["item"]: Decimal(row["value"]) for row in csv.DictReader(lines) if "IPCC 2006" in row["source"]}
    theirs = {"diesel": "gas/diesel oil", "kerosene": "other kerosene", "lpg": "LPG", "coke": "coke oven coke",
              "sub bituminous coal": "sub-bituminous coal", "bituminous coal": "other bituminous coal"}  # fmt: skip
    for name, one in FUELS.items():
        item = theirs.get(name, name)
        assert (one.mj_per_kg, one.kg_co2_per_mj * 10**6) == (rows[f"{item} NCV"], rows[f"{item} CO2"])
    printed = re.findall(r"^\| ([a-z ]+) \| ([0-9.]+) \| ([0-9]+) \|$", TEXT, re.MULTILINE)
    assert [(name, Decimal(mj), Decimal(co2)) for name, mj, co2 in printed] == [
        (name, one.mj_per_kg, one.kg_co2_per_mj * 10**6) for name, one in FUELS.items()
    ]


@computing()
def test_the_worked_example_of_the_published_text() -> None:
    in_mj, in_kg = inventory_rows([fuel(38690), fuel(38690, "kg")])
    assert f"= {round_places(fuel_co2_kg(in_mj), 1)} kg" in TEXT
    assert f"{round_places(fuel_co2_kg(in_kg), 1)} kg: `fuel_unit`" in TEXT
    assert f"{round_places((Decimal('10.2') + Decimal('0.75')) * 44 / 12, 2)} kg at most" in TEXT
