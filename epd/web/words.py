"""The words of declarations: indicators, units, modules, reasons, causes, flags."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from epd.documents.fulfilment import State, Word
from epd.lca.allocation import Choice
from epd.lca.indicators import Basis
from epd.lca.result import Reason
from traceability.web.words import Words

INDICATORS: Final[Mapping[str, tuple[str, Words]]] = {
    "gwp_ghg": ("GWP-GHG", _("Climate change, without biogenic CO₂")),
    "gwp_total": ("GWP-total", _("Climate change, total")),
    "gwp_fossil": ("GWP-fossil", _("Climate change, fossil")),
    "gwp_biogenic": ("GWP-biogenic", _("Climate change, biogenic")),
    "gwp_luluc": ("GWP-luluc", _("Climate change, land use")),
    "odp": ("ODP", _("Ozone depletion")),
    "ap": ("AP", _("Acidification")),
    "ep_fw": ("EP-freshwater", _("Eutrophication, freshwater")),
    "ep_mar": ("EP-marine", _("Eutrophication, marine")),
    "ep_ter": ("EP-terrestrial", _("Eutrophication, terrestrial")),
    "pocp": ("POCP", _("Photochemical ozone")),
    "adpe": ("ADPE", _("Depletion, minerals and metals")),
    "adpf": ("ADPF", _("Depletion, fossil")),
    "wdp": ("WDP", _("Water use")),
    "pm": ("PM", _("Particulate matter")),
}
NAMES: Final[Mapping[str, Words]] = {
    **dict(INDICATORS.values()),
    "IRP": _("Ionising radiation, human health"),
    "ETP-fw": _("Ecotoxicity, freshwater"),
    "HTP-c": _("Human toxicity, cancer"),
    "HTP-nc": _("Human toxicity, other than cancer"),
    "SQP": _("Land use, soil quality"),
    "PERE": _("Renewable primary energy, as energy"),
    "PERM": _("Renewable primary energy, as material"),
    "PERT": _("Renewable primary energy, total"),
    "PENRE": _("Non-renewable primary energy, as energy"),
    "PENRM": _("Non-renewable primary energy, as material"),
    "PENRT": _("Non-renewable primary energy, total"),
    "SM": _("Secondary material"),
    "RSF": _("Renewable secondary fuels"),
    "NRSF": _("Non-renewable secondary fuels"),
    "FW": _("Net use of fresh water"),
    "HWD": _("Hazardous waste disposed"),
    "NHWD": _("Non-hazardous waste disposed"),
    "RWD": _("Radioactive waste disposed"),
    "CRU": _("Components for re-use"),
    "MFR": _("Materials for recycling"),
    "MER": _("Materials for energy recovery"),
    "EEE": _("Exported electricity"),
    "EET": _("Exported heat"),
}
"""What the indicators of EN 15804 speak of, by their codes."""
UNITS: Final[Mapping[str, Words]] = {
    "kg CO2 eq": "kg CO₂e", "kg CFC-11 eq": "kg CFC-11e", "mol H+ eq": "mol H⁺e", "kg P eq": "kg P e",
    "kg N eq": "kg N e", "mol N eq": "mol N e", "kg NMVOC eq": "kg NMVOCe", "kg Sb eq": "kg Sb e",
    "m3 world eq deprived": "m³ world eq", "disease incidence": _("disease incidence"),
}  # fmt: skip
REASONS: Final[Mapping[Reason, Words]] = {
    Reason.NO_FACTOR: _("no factor in the set"),
    Reason.NO_PRICE: _("an output has no price"),
    Reason.INPUT_WITHOUT_BASIS: _("an input has no value on this basis"),
    Reason.PARTIAL: _("a part of the chain has no value"),
    Reason.MASS_BELOW_THRESHOLD: _("too little of the mass is covered"),
    Reason.ENERGY_BELOW_THRESHOLD: _("too little of the energy is covered"),
    Reason.MISSING_UPSTREAM: _("an input lot has no result"),
    Reason.NO_SOURCE: _("nothing is known of where it is from"),
    Reason.STEP_NOT_COVERED: _("a step leaves too much uncovered"),
    Reason.LOT_WITHOUT_VALUE: _("a lot of the period has no value"),
    Reason.NO_WEIGHT: _("a product of the site has no price"),
}
STATES: Final[Mapping[State, Words]] = {
    State.DECLARED: _("declared"), State.NOT_DECLARED: _("ND, not declared"), State.ABSENT: _("absent"),
}  # fmt: skip
FULFILMENT: Final[Mapping[Word, tuple[str, Words]]] = {
    Word.FULFILLED: ("pass", _("Fulfilled")),
    Word.NOT_FULFILLED: ("fail", _("Not fulfilled")),
    Word.NOT_ESTABLISHED: ("none", _("Not established")),
}
"""Outcomes of lists of programmes, with the mark that stands beside them."""
NOT_COMPUTED: Final = _("not computed by the method of this declaration")
BASES: Final[Mapping[Basis, Words]] = {Basis.ECONOMIC: _("By economic value"), Basis.MASS: _("By mass")}
CAUSES: Final[Mapping[str, Words]] = {
    "constituents": _("Iron, boron, cobalt and other constituents"),
    "reagents": _("Reagents"),
    "electricity": _("Electricity"),
    "fuels": _("Heat and fuels"),
    "direct_emissions": _("Direct emissions, with PFCs"),
    "waste_treatment": _("Waste treatment"),
    "packaging": _("Packaging"),
    "transport": _("Transport"),
    "water": _("Water"),
    "upstream": _("Upstream: causes kept by the suppliers"),
    "background_inputs": _("Background data"),
    "uncovered_inputs": _("Inputs without a result"),
    "declared_inputs": _("Declared inputs"),
    "rounding": _("Rounding"),
    "not_followed": _("Steps that are not at hand"),
}
FLAGS: Final[Mapping[str, Words]] = {
    "spot_price": _("Economic allocation uses spot prices of one date, not a mean of three years."),
    "mixed_gwp_vintages": _("Factors with warming potentials of different IPCC reports are mixed."),
    "element_without_source": _("An element of the lot has no source in the record."),
    "burden_without_product": _("A step has burdens and no product that takes them."),
    "factor_carbon_dioxide_only": _("Some factors count carbon dioxide alone."),
    "factor_no_upstream": _("Some factors leave out what happens before the step, such as supplying the fuel."),
    "factor_allocation_unknown": _(
        "Of some background data nobody knows on which allocation they rest: they stand in both chains."
    ),
    "factor_allocated_by_value": _("Some background data were allocated by value: they stand in the mass chain, too."),
    "factor_allocated_by_mass": _(
        "Some background data were allocated by mass: they stand in the economic chain, too."
    ),
    "factor_gwp_ghg_of_parts": _(
        "GWP-GHG of some background data is the sum of fossil and land use, without biogenic methane."
    ),
    "factor_zero_in_the_source": _("Some factors are zero because their source says so."),
}
FILES: Final[Mapping[str, Words]] = {
    "pdf": "PDF/A-3",
    "openepd.json": "openEPD, JSON",
    "ilcd.zip": "ILCD 1.2, ZIP",
    "ilcd-1.3.zip": "ILCD 1.3, ZIP",
    "soda4lca.json": "soda4LCA, JSON",
}
"""Files to print and for other programs, by the end of their names; formats are called alike in every language."""
CHOICES: Final[Mapping[Choice, Words]] = {
    Choice.ONE_OUTPUT: _("one product, nothing to divide"),
    Choice.PHYSICAL: _("prices differ by at most 25 %, so mass was chosen"),
    Choice.ECONOMIC: _("prices differ by more than 25 %, so economic value was chosen"),
    Choice.NO_PRICES: _("no prices, so mass alone"),
}


def unit(written: str) -> str:
    """A unit as people write it."""
    return str(UNITS.get(written, written))


def reason(code: str) -> str:
    """Why an indicator is not declared, by the code of a reason; empty where none is known."""
    return str(REASONS[Reason(code)] if code in tuple(Reason) else NOT_COMPUTED) if code else ""


def cause(name: str) -> str:
    return str(CAUSES.get(name, name.replace("_", " ").capitalize()))


def flag(name: str) -> str:
    return str(FLAGS.get(name, name.removeprefix("factor_").replace("_", " ").capitalize() + "."))
