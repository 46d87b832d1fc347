"""Makes our dated factor set out of the stored public tables: `python -m epd.factors.build STANDARDS_FOLDER`.

Every number is the digits of its table; nothing is fetched and nothing is typed here but the illustrative figures, and
those say so. The quality marks (te: technology, ge: geography, ti: time; 1 best to 5 worst) are our judgement by the
rule in `quality`. A test runs this script again and compares the file.
"""

import csv
import json
import sys
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Final

from epd.factors.characterisation import emission_factors
from epd.factors.countries import ALPHA_2
from epd.lca.indicators import INDICATORS
from traceability.ledger.quantity import computing, format_computed

Factor = dict[str, object]
Rows = list[dict[str, str]]

NAME: Final = "lodestone-factors"
VERSION: Final = "2026-11"
FILE: Final = Path(__file__).with_name(f"{NAME}-{VERSION}.json")
REFERENCE_YEAR: Final = 2026

# IPCC 2006 fuel, its name in an id, and the DESNZ 2025 row of the fuel's supply (None: that sheet has no such row).
FUELS: Final = (
    ("natural gas", "natural-gas", "Natural gas"),
    ("gas/diesel oil", "diesel", "Diesel (100% mineral diesel)"),
    ("residual fuel oil", "residual-fuel-oil", "Fuel oil"),
    ("other kerosene", "kerosene", None),
    ("LPG", "lpg", "LPG"),
    ("anthracite", "anthracite", None),
    ("coking coal", "coking-coal", "Coking coal"),
    ("other bituminous coal", "bituminous-coal", "Coal (industrial)"),
    ("sub-bituminous coal", "sub-bituminous-coal", None),
    ("lignite", "lignite", None),
    ("coke oven coke", "coke", None),
    ("petroleum coke", "petroleum-coke", "Petroleum coke"),
)
# Name in an id, what it is, DESNZ 2025 level 3, level 4 and column text.
FREIGHT: Final = (
    ("road-hgv", "Road freight, all HGVs, diesel, average laden", "All HGVs", "", "Average laden"),
    (
        "road-artic",
        "Road freight, articulated lorry above 33 t, average laden",
        "Articulated (>33t)",
        "",
        "Average laden",
    ),
    ("rail", "Rail freight", "Freight train", "", ""),
    ("sea-container", "Sea freight, container ship, average", "Container ship", "Average", ""),
    ("sea-bulk", "Sea freight, bulk carrier, average", "Bulk carrier", "Average", ""),
)
# Row of the chemicals table, name in an id, flow, whether a share of active substance must be stated.
CHEMICALS: Final = (
    ("Sulphuric acid", "sulfuric-acid", "sulfuric acid", True),
    ("Hydrochloric acid (synthesis H2+Cl2)", "hydrochloric-acid", "hydrochloric acid", True),
    ("Chlorine / sodium hydroxide (joint, mass allocation 0.48/0.52)", "sodium-hydroxide", "sodium hydroxide", True),
    ("Chlorine / sodium hydroxide (joint, mass allocation 0.48/0.52)", "chlorine", "chlorine", False),
    ("Quicklime CaO", "quicklime", "quicklime", False),
    ("Limestone, crushed", "limestone", "limestone", False),
    ("Soda ash, natural (trona)", "soda-ash", "soda ash", False),
    ("Soda powder", "soda-powder", "soda powder", False),
    ("Sodium chloride", "sodium-chloride", "sodium chloride", False),
)
# Row of the combustion table, name in an id, flow: CO2 set free when the substance is used up by the process.
STOICHIOMETRIC: Final = (
    ("CaCO3 calcination", "calcium-carbonate", "calcium carbonate, calcined"),
    ("MgCO3 calcination", "magnesium-carbonate", "magnesium carbonate, calcined"),
    ("Na2CO3 fully decomposed (acid neutralisation)", "sodium-carbonate", "sodium carbonate, neutralised"),
    ("NH4HCO3 fully decomposed", "ammonium-bicarbonate", "ammonium bicarbonate, decomposed"),
    ("oxalic acid dihydrate, all carbon to CO2", "oxalic-acid-dihydrate", "oxalic acid dihydrate, oxidised"),
)
# Invented round figures of the demonstration chain: name in an id, flow, kg CO2e per kg.
ILLUSTRATIVE: Final = (
    ("magnesium-oxide", "magnesium oxide", "1.6"),
    ("oxalic-acid-dihydrate", "oxalic acid dihydrate", "2.5"),
    ("iron", "iron", "2"),
    ("boron-in-ferroboron", "boron in ferroboron, per kg of boron", "5"),
    ("cobalt", "cobalt", "11"),
    ("calcium", "calcium metal", "8"),
    ("lithium-fluoride", "lithium fluoride", "12"),
    ("graphite", "graphite", "3.5"),
    ("hydrogen", "hydrogen", "10"),
    ("nitrogen", "nitrogen", "0.3"),
    ("argon", "argon", "0.4"),
)

_FOSSIL_GWP: Final = ("gwp_ghg", "gwp_total", "gwp_fossil")
_EMBER: Final = "Our World in Data / Ember, carbon intensity of electricity (read in codecarbon 3.3.2)"
_MEE: Final = "China MEE/NBS Announcement 2025 No. 47, table 3 (read in codecarbon 3.3.2)"
_USLCI: Final = "computed from USLCI unit processes (FLCAC-admin/uslci-content@9182448)"
_DESNZ: Final = "UK Government (DESNZ) conversion factors 2025, scope 3 sheets, read in a copy"
_IPCC: Final = "IPCC 2006 Guidelines, volume 2, tables 1.2, 1.4 and 2.3 (manufacturing industries), read in a copy"
_AR6: Final = "CO2 1, fossil CH4 {ch4}, N2O {n2o} (AR6, EF 3.1)"


def quality(technology: int, geography: int, last_year: int) -> dict[str, int]:
    """Marks 1 to 5 of a factor: technology and geography as judged, time by age (under 3, 6, 10, 15 years, older)."""
    age = REFERENCE_YEAR - last_year
    return {"te": technology, "ge": geography, "ti": 1 + sum(age >= limit for limit in (3, 6, 10, 15))}


def _gwp(value: Decimal | str, names: Iterable[str] = ("gwp_ghg",)) -> list[dict[str, str]]:
    text = format_computed(Decimal(value))
    return [{"indicator": name, "value": text, "unit": INDICATORS[name]} for name in names]


def _table(standards: Path, name: str) -> Rows:
    with (standards / "lca" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def grid_factors(standards: Path) -> Iterator[Factor]:
    """Electricity of 213 countries, kg CO2e per kWh, over the life cycle of the power plants."""
    for row in _table(standards, "ef_grid_by_country_2023.csv"):
        country, year = ALPHA_2[row["iso3"]], row["year_owid_ember"]
        grams = row["gco2e_per_kwh_owid_ember_lifecycle"]
        factor: Factor = {
            "id": f"grid.{country.lower()}.{year}",
            "name": f"Electricity, grid of {row['country']}, {year}, life cycle of generation",
            "flow": "electricity",
            "unit": "kWh",
            "indicators": _gwp(Decimal(grams) / 1000),
            "year": year,
            "geography": country,
            "gwp_vintage": "not_stated",
            "quality": quality(2, 1, int(year)),
            "includes": "life_cycle",
            "illustrative": False,
            "second_hand": True,
            "source": f"{_EMBER} {year}: {grams} g CO2e/kWh",
            "licence": "CC BY 4.0",
        }
        yield factor | ({} if Decimal(grams) else {"limits": ["zero_in_the_source"]})


def province_factors(standards: Path) -> Iterator[Factor]:
    """Electricity of 30 Chinese provinces, kg CO2 per kWh: no other gas, nothing upstream, and each says so."""
    for row in _table(standards, "ef_grid_china_provinces_2023_mee.csv"):
        yield {
            "id": f"grid.{row['code'].lower()}.{row['year']}",
            "name": f"Electricity, {row['province']} (China), {row['year']}, direct CO2 of generation only",
            "flow": "electricity",
            "unit": "kWh",
            "indicators": _gwp(Decimal(row["gco2_per_kwh"]) / 1000),
            "year": row["year"],
            "geography": row["code"],
            "gwp_vintage": "not_stated",
            "quality": quality(3, 1, int(row["year"])),
            "includes": "direct",
            "limits": ["carbon_dioxide_only", "no_upstream"],
            "illustrative": False,
            "second_hand": True,
            "source": f"{_MEE}: {row['gco2_per_kwh']} g CO2/kWh",
            "licence": "public announcement; copy under MIT",
        }


@computing()
def fuel_factors(standards: Path) -> Iterator[Factor]:
    """Combustion of 12 fuels per MJ (net), and the supply of those that the supply table holds per kWh (net)."""
    ipcc = {row["item"]: row for row in _table(standards, "ree/combustion_and_pfc_factors.csv")}
    gwp = {row["formula"]: Decimal(row["AR6_GWP100"]) for row in _table(standards, "ipcc_gwp.csv") if row["AR6_GWP100"]}
    methane, nitrous = gwp["CH4_fossil_EF31"], gwp["N2O"]
    supply = {
        row["level3"]: row["kgco2e_per_unit"]
        for row in _table(standards, "ef_uk_desnz_2025_subset.csv")
        if row["level1"] == "WTT- fuels" and row["unit"] == "kWh (Net CV)"
    }
    for fuel, name, supplied_as in FUELS:
        co2, ch4, n2o = (ipcc[f"{fuel} {gas}"]["value"] for gas in ("CO2", "CH4", "N2O"))
        per_mj = (Decimal(co2) + Decimal(ch4) * methane + Decimal(n2o) * nitrous) / 10**6
        yield {
            "id": f"fuel.{name}.ipcc-2006",
            "name": f"Combustion of {fuel}, per MJ net",
            "flow": fuel,
            "unit": "MJ",
            "indicators": _gwp(per_mj, _FOSSIL_GWP),
            "net_calorific_value_mj_per_kg": ipcc[f"{fuel} NCV"]["value"],
            "year": "2006",
            "geography": "GLO",
            "gwp_vintage": "AR6",
            "quality": quality(2, 3, 2006),
            "includes": "combustion",
            "illustrative": False,
            "second_hand": True,
            "source": f"{_IPCC}: CO2 {co2}, CH4 {ch4}, N2O {n2o} kg/TJ; {_AR6.format(ch4=methane, n2o=nitrous)}",
            "licence": "IPCC: free use with acknowledgement",
        }
        if supplied_as is not None:
            yield _desnz(f"wtt.{name}", f"Supply of {fuel} (well to tank), per kWh net", fuel, "kWh") | {
                "indicators": _gwp(supply[supplied_as]),
                "includes": "well_to_tank",
                "source": f"{_DESNZ}: WTT- fuels, {supplied_as}, kWh (Net CV)",
            }


def _desnz(stem: str, name: str, flow: str, unit: str) -> Factor:
    return {
        "id": f"{stem}.desnz-2025",
        "name": name,
        "flow": flow,
        "unit": unit,
        "year": "2025",
        "geography": "GB",
        "gwp_vintage": "not_stated",
        "quality": quality(3, 3, 2025),
        "illustrative": False,
        "second_hand": True,
        "licence": "Open Government Licence v3.0",
    }


def freight_factors(standards: Path) -> Iterator[Factor]:
    """Freight per t km of gross mass: running, and the supply of what it burns."""
    rows = _table(standards, "ef_uk_desnz_2025_subset.csv")
    for stem, name, level3, level4, column in FREIGHT:
        for prefix, level1, includes in (
            ("freight", "Freighting goods", "combustion"),
            ("wtt", "WTT- delivery vehs & freight", "well_to_tank"),
        ):
            (value,) = (
                row["kgco2e_per_unit"]
                for row in rows
                if (row["level1"], row["level3"], row["level4"], row["column_text"]) == (level1, level3, level4, column)
                and (level3 != "All HGVs" or "HGV (all diesel)" in row["level2"])
            )
            words = name if prefix == "freight" else f"{name}, supply of the fuel (well to tank)"
            yield _desnz(f"{prefix}.{stem}", words, f"freight, {stem}", "tkm") | {
                "indicators": _gwp(value),
                "includes": includes,
                "source": f"{_DESNZ}: {level1}, {', '.join(word for word in (level3, level4, column) if word)}",
            }


def reagent_factors(standards: Path) -> Iterator[Factor]:
    """Reagents, cradle to gate, kg CO2e per kg of active substance, out of public-domain unit processes."""
    rows = {row["chemical"]: row for row in _table(standards, "ree/chemical_factors.csv")}
    for chemical, stem, flow, concentration_required in CHEMICALS:
        row = rows[chemical]
        factor: Factor = {
            "id": f"reagent.{stem}.uslci",
            "name": f"{chemical}, cradle to gate, per kg of active substance",
            "flow": flow,
            "unit": "kg",
            "indicators": _gwp(row["value"]),
            "year": row["data_years"],
            "geography": row["geography"],
            "gwp_vintage": "AR6",
            "quality": quality({"medium": 3, "low": 4}[row["quality"]], 3, int(row["data_years"][-4:])),
            "includes": "life_cycle",
            "illustrative": False,
            "second_hand": True,
            "source": f"{_USLCI}: {row['process']}; {row['method']}",
            "licence": "US Government data; copy under MIT",
        }
        yield factor | ({"concentration_required": True} if concentration_required else {})


def process_carbon_factors(standards: Path) -> Iterator[Factor]:
    """CO2 that a substance sets free in the process, kg per kg, from atomic masses."""
    rows = {row["item"]: row for row in _table(standards, "ree/combustion_and_pfc_factors.csv")}
    for item, stem, flow in STOICHIOMETRIC:
        yield {
            "id": f"process.{stem}.stoichiometric",
            "name": f"CO2 set free: {item}",
            "flow": flow,
            "unit": "kg",
            "indicators": _gwp(rows[item]["value"], _FOSSIL_GWP),
            "year": "2026",
            "geography": "GLO",
            "gwp_vintage": "AR6",
            "quality": quality(1, 1, 2026),
            "includes": "direct",
            "illustrative": False,
            "second_hand": False,
            "source": "own computation from CIAAW atomic weights, pure substance, all of it decomposed",
            "licence": "CC0-1.0",
        }


def illustrative_factors() -> Iterator[Factor]:
    """Invented round figures of the demonstration chain: never for claims."""
    for stem, flow, value in ILLUSTRATIVE:
        yield {
            "id": f"illustrative.{stem}.2026",
            "name": f"{flow[0].upper()}{flow[1:]}: illustrative figure, not for claims",
            "flow": flow,
            "unit": "kg",
            "indicators": _gwp(value),
            "year": "2026",
            "geography": "GLO",
            "gwp_vintage": "not_stated",
            "quality": {"te": 5, "ge": 5, "ti": 5},
            "includes": "life_cycle",
            "illustrative": True,
            "second_hand": False,
            "source": "invented round figure for the demonstration chain",
            "licence": "CC0-1.0",
        }


def build(standards: Path) -> str:
    """The text of the factor set file: one factor a line, in the order of their ids."""
    factors = [
        *grid_factors(standards),
        *province_factors(standards),
        *fuel_factors(standards),
        *freight_factors(standards),
        *reagent_factors(standards),
        *process_carbon_factors(standards),
        *illustrative_factors(),
        *emission_factors(standards),
    ]
    lines = ",\n".join(
        json.dumps(factor, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        for factor in sorted(factors, key=lambda factor: str(factor["id"]))
    )
    return f'{{"name":"{NAME}","version":"{VERSION}","factors":[\n{lines}\n]}}\n'


if __name__ == "__main__":
    FILE.write_text(build(Path(sys.argv[1])), encoding="utf-8")
