"""EF 3.1 factors of direct emissions, water and resources that matter here, as factors of our set (see build.py).

The flows keep our own names; the ILCD UUID says which flow of the official package each is. What the package has no
factor for (HF and HCl to air for acidification, thorium, the rare earths themselves) is not here: a gap stays a gap.
"""

import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Final

from epd.lca.indicators import INDICATORS
from traceability.ledger.quantity import format_computed

# Indicator of the package, ours.
NAMES: Final = (
    ("GWP-total", "gwp_total"),
    ("GWP-fossil", "gwp_fossil"),
    ("ODP", "odp"),
    ("AP", "ap"),
    ("EP-freshwater", "ep_fw"),
    ("EP-marine", "ep_mar"),
    ("EP-terrestrial", "ep_ter"),
    ("POCP", "pocp"),
    ("ADPE", "adpe"),
    ("ADPF", "adpf"),
    ("WDP", "wdp"),
    ("PM", "pm"),
)
AIR: Final = "Emissions to air, unspecified"
WATER: Final = "Emissions to fresh water"
# Compartment of the package, name in an id, our compartment.
PARTICLE_COMPARTMENTS: Final = (
    ("Emissions to urban air close to ground", "air-urban-ground", "air, urban, near ground"),
    ("Emissions to urban air high stack", "air-urban-high", "air, urban, high stack"),
    ("Emissions to non-urban air close to ground", "air-non-urban-ground", "air, non-urban, near ground"),
    ("Emissions to non-urban air high stack", "air-non-urban-high", "air, non-urban, high stack"),
)
# Flow of the package, name in an id, our name.
TO_AIR: Final = (
    ("carbon dioxide (fossil)", "co2-fossil", "carbon dioxide, fossil"),
    ("methane (fossil)", "ch4-fossil", "methane, fossil"),
    ("nitrous oxide", "n2o", "nitrous oxide"),
    ("FC-14", "cf4", "tetrafluoromethane (CF4)"),
    ("HFC-116", "c2f6", "hexafluoroethane (C2F6)"),
    ("sulphur hexafluoride", "sf6", "sulfur hexafluoride"),
    ("nitrogen trifluoride", "nf3", "nitrogen trifluoride"),
    ("carbon monoxide (fossil)", "co-fossil", "carbon monoxide, fossil"),
    ("non-methane volatile organic compounds", "nmvoc", "volatile organic compounds without methane"),
)
# These act through particles too, so they need a compartment.
TO_AIR_BY_COMPARTMENT: Final = (
    ("sulfur dioxide", "so2", "sulfur dioxide"),
    ("sulfur trioxide", "so3", "sulfur trioxide"),
    ("Nitrogen oxides", "nox", "nitrogen oxides"),
    ("ammonia", "nh3", "ammonia"),
)
GAS_COMPARTMENTS: Final = (
    ("Emissions to urban air close to ground", "air-urban-ground", "air, urban, near ground"),
    ("Emissions to non-urban air or from high stacks", "air-non-urban", "air, non-urban or high stack"),
)
PARTICLES: Final = (
    ("particles (PM2.5)", "pm2.5", "particles below 2.5 um"),
    ("particles (PM10)", "pm10", "particles below 10 um"),
)
TO_WATER: Final = (
    ("ammonium", "ammonium", "ammonium"),
    ("nitrate", "nitrate", "nitrate"),
    ("nitrogen, total (excluding N2)", "nitrogen", "nitrogen, total"),
    ("phosphate", "phosphate", "phosphate"),
    ("phosphorus, total", "phosphorus", "phosphorus, total"),
)
_PFC: Final = {"FC-14": "PFC-14", "HFC-116": "PFC-116"}

Chosen = tuple[str, str, str, str, str]  # flow and compartment of the package, our stem, flow, compartment


def _chosen() -> Iterator[Chosen]:
    for flow, stem, name in TO_AIR:
        yield flow, AIR, f"{stem}.air", name, "air"
    for flow, stem, name in TO_AIR_BY_COMPARTMENT:
        for compartment, suffix, ours in GAS_COMPARTMENTS:
            yield flow, compartment, f"{stem}.{suffix}", name, ours
    for flow, stem, name in PARTICLES:
        for compartment, suffix, ours in PARTICLE_COMPARTMENTS:
            yield flow, compartment, f"{stem}.{suffix}", name, ours
    for flow, stem, name in TO_WATER:
        yield flow, WATER, f"{stem}.water", name, "fresh water"


def emission_factors(standards: Path) -> Iterator[dict[str, object]]:
    """Characterised direct emissions per kg, and fresh water consumed per m3; only unlocated factors of the package."""
    with (standards / "epd" / "ef31" / "ef31_cf_unlocated.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for flow, compartment, stem, name, ours in _chosen():
        found = [row for row in rows if (row["flow"], row["compartment"]) == (flow, compartment)]
        yield _factor(f"emission.{stem}.ef31", name, "kg", found) | {"compartment": ours}
    water = [row for row in rows if (row["flow"], row["direction"]) == ("freshwater", "Input")]
    yield _factor("water.consumption.ef31", "fresh water consumed", "m3", water) | {"compartment": "fresh water"}


def _factor(factor_id: str, flow: str, unit: str, rows: list[dict[str, str]]) -> dict[str, object]:
    values = {row["indicator"]: row["cf"] for row in rows}
    (uuid,) = {row["flow_uuid"] for row in rows}
    indicators = [
        {"indicator": ours, "value": format_computed(Decimal(values[theirs])), "unit": INDICATORS[ours]}
        for theirs, ours in NAMES
        if theirs in values
    ]
    if "GWP-fossil" in values:
        # All carbon of these flows is fossil, so the GHG indicator has the same factor.
        indicators.insert(0, indicators[0] | {"indicator": "gwp_ghg"})
    note = f", {_PFC[rows[0]['flow']]} in the package" if rows[0]["flow"] in _PFC else ""
    return {
        "id": factor_id,
        "name": f"{flow[0].upper()}{flow[1:]}: EF 3.1 characterisation",
        "flow": flow,
        "flow_uuid": uuid,
        "unit": unit,
        "indicators": indicators,
        "year": "2022",
        "geography": "GLO",
        "gwp_vintage": "AR6",
        "quality": {"te": 1, "ge": 2, "ti": 1},
        "includes": "direct",
        "illustrative": False,
        "second_hand": False,
        "source": f"European Commission JRC, EF 3.1 for EN 15804+A2 (InData master data), unlocated factors{note}",
        "licence": "European Commission reuse policy (CC BY 4.0); package Apache-2.0",
    }
