"""The words of declarations: indicators, units, modules, reasons, causes, flags."""

from collections.abc import Mapping
from typing import Final

from epd.lca.allocation import Choice
from epd.lca.indicators import Basis
from epd.lca.result import Reason

INDICATORS: Final[Mapping[str, tuple[str, str]]] = {
    "gwp_ghg": ("GWP-GHG", "Climate change, without biogenic CO₂"),
    "gwp_total": ("GWP-total", "Climate change, total"),
    "gwp_fossil": ("GWP-fossil", "Climate change, fossil"),
    "gwp_biogenic": ("GWP-biogenic", "Climate change, biogenic"),
    "gwp_luluc": ("GWP-luluc", "Climate change, land use"),
    "odp": ("ODP", "Ozone depletion"),
    "ap": ("AP", "Acidification"),
    "ep_fw": ("EP-freshwater", "Eutrophication, freshwater"),
    "ep_mar": ("EP-marine", "Eutrophication, marine"),
    "ep_ter": ("EP-terrestrial", "Eutrophication, terrestrial"),
    "pocp": ("POCP", "Photochemical ozone"),
    "adpe": ("ADPE", "Depletion, minerals and metals"),
    "adpf": ("ADPF", "Depletion, fossil"),
    "wdp": ("WDP", "Water use"),
    "pm": ("PM", "Particulate matter"),
}
UNITS: Final[Mapping[str, str]] = {
    "kg CO2 eq": "kg CO₂e", "kg CFC-11 eq": "kg CFC-11e", "mol H+ eq": "mol H⁺e", "kg P eq": "kg P e",
    "kg N eq": "kg N e", "mol N eq": "mol N e", "kg NMVOC eq": "kg NMVOCe", "kg Sb eq": "kg Sb e",
    "m3 world eq deprived": "m³ world eq",
}  # fmt: skip
REASONS: Final[Mapping[Reason, str]] = {
    Reason.NO_FACTOR: "no factor in the set",
    Reason.NO_PRICE: "an output has no price",
    Reason.INPUT_WITHOUT_BASIS: "an input has no value on this basis",
    Reason.PARTIAL: "a part of the chain has no value",
    Reason.MASS_BELOW_THRESHOLD: "too little of the mass is covered",
    Reason.ENERGY_BELOW_THRESHOLD: "too little of the energy is covered",
    Reason.MISSING_UPSTREAM: "an input lot has no result",
    Reason.STEP_NOT_COVERED: "a step leaves too much uncovered",
}
BASES: Final[Mapping[Basis, str]] = {Basis.ECONOMIC: "By economic value", Basis.MASS: "By mass"}
CAUSES: Final[Mapping[str, str]] = {
    "constituents": "Iron, boron, cobalt and other constituents", "reagents": "Reagents",
    "electricity": "Electricity", "fuels": "Heat and fuels", "direct_emissions": "Direct emissions, with PFCs",
    "waste_treatment": "Waste treatment", "packaging": "Packaging", "transport": "Transport", "water": "Water",
    "upstream": "Upstream: causes kept by the suppliers", "background_inputs": "Background data",
    "uncovered_inputs": "Inputs without a result", "declared_inputs": "Declared inputs", "rounding": "Rounding",
    "not_followed": "Steps that are not at hand",
}  # fmt: skip
FLAGS: Final[Mapping[str, str]] = {
    "spot_price": "Economic allocation uses spot prices of one date, not a mean of three years.",
    "mixed_gwp_vintages": "Factors with warming potentials of different IPCC reports are mixed.",
    "element_without_source": "An element of the lot has no source in the record.",
    "burden_without_product": "A step has burdens and no product that takes them.",
    "factor_carbon_dioxide_only": "Some factors count carbon dioxide alone.",
    "factor_no_upstream": "Some factors leave out what happens before the step, such as supplying the fuel.",
    "factor_zero_in_the_source": "Some factors are zero because their source says so.",
}
CHOICES: Final[Mapping[Choice, str]] = {
    Choice.ONE_OUTPUT: "one product, nothing to divide",
    Choice.PHYSICAL: "prices differ by at most 25 %, so mass was chosen",
    Choice.ECONOMIC: "prices differ by more than 25 %, so economic value was chosen",
    Choice.NO_PRICES: "no prices, so mass alone",
}


def unit(written: str) -> str:
    """A unit as people write it."""
    return UNITS.get(written, written)


def cause(name: str) -> str:
    return CAUSES.get(name, name.replace("_", " ").capitalize())


def flag(name: str) -> str:
    return FLAGS.get(name, name.removeprefix("factor_").replace("_", " ").capitalize() + ".")
