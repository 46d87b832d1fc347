"""The indicators, life-cycle modules and bases that a result can speak of (algorithms.md, Modules and Headline)."""

from enum import StrEnum
from typing import Final


class LifeCycleModule(StrEnum):
    """A stage of EN 15804: upstream and constituents, transport to the gate, own process."""

    A1 = "a1"
    A2 = "a2"
    A3 = "a3"


class Basis(StrEnum):
    """What the burden of a step is divided by; the two chains are never mixed."""

    ECONOMIC = "economic"
    MASS = "mass"


HEADLINE: Final = "gwp_ghg"

INDICATORS: Final[dict[str, str]] = {
    HEADLINE: "kg CO2 eq",
    "gwp_total": "kg CO2 eq",
    "gwp_fossil": "kg CO2 eq",
    "gwp_biogenic": "kg CO2 eq",
    "gwp_luluc": "kg CO2 eq",
    "odp": "kg CFC-11 eq",
    "ap": "mol H+ eq",
    "ep_fw": "kg P eq",
    "ep_mar": "kg N eq",
    "ep_ter": "mol N eq",
    "pocp": "kg NMVOC eq",
    "adpe": "kg Sb eq",
    "adpf": "MJ",
    "wdp": "m3 world eq deprived",
    "pm": "disease incidence",
}
"""Unit of each indicator, in the order in which they are listed."""

VINTAGES: Final = ("AR4", "AR5", "AR6", "not_stated")
"""Assessment reports of the IPCC whose warming potentials a factor can be made with."""
