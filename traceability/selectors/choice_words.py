"""What the record's closed lists of lots are called in plain words, for forms, pages and sheets."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

STAGES: Final[Mapping[str, Words]] = {
    "ore": _("Ore"), "concentrate": _("Concentrate"), "compound": _("Compound"), "oxide": _("Oxide"),
    "metal": _("Metal"), "alloy": _("Alloy"), "powder": _("Powder"), "magnet": _("Magnet"), "swarf": _("Swarf"),
    "eol_magnet": _("End-of-life magnets"), "residue": _("Residue"), "other": _("Other"),
}  # fmt: skip
ORIGINS: Final[Mapping[str, Words]] = {
    "mined": _("Mined"), "post_consumer": _("Scrap from used products (post-consumer)"),
    "pre_consumer": _("Scrap from making (pre-consumer)"), "purchased": _("Bought from outside this record"),
    "opening_stock": _("Opening stock: it was here before the record began"),
}  # fmt: skip
CLASSES: Final[Mapping[str, Words]] = {
    "product": _("Product"), "co_product": _("Co-product"), "secondary": _("Secondary material, to be reworked"),
    "waste": _("Waste"),
}  # fmt: skip
CUSTODY_MODELS: Final[Mapping[str, Words]] = {
    "identity_preserved": _("Identity preserved"), "segregated": _("Segregated"),
    "controlled_blending": _("Physically mixed, shares in proportion"), "mass_balance": _("Mass balance, a claim"),
}  # fmt: skip
MODES: Final[Mapping[str, Words]] = {
    "road": _("Road"), "rail": _("Rail"), "sea": _("Sea"), "inland_water": _("Inland waterway"), "air": _("Air"),
}  # fmt: skip
BASES: Final[Mapping[str, Words]] = {
    "metered": _("Metered for this step"), "apportioned": _("Apportioned from a larger total"),
    "estimated": _("Estimated"), "design": _("From the design of the plant"),
}  # fmt: skip
ROLES: Final[Mapping[str, Words]] = {
    "constituent": _("Becomes part of the product"), "ancillary": _("Reagent or auxiliary"), "fuel": _("Fuel"),
    "electricity": _("Electricity"), "heat": _("Heat"), "packaging": _("Packaging"), "waste": _("Waste to treatment"),
    "emission": _("Emission"), "water": _("Water"),
}  # fmt: skip
COMPARTMENTS: Final[Mapping[str, Words]] = {
    "air": _("Air"), "air, urban, near ground": _("Air, urban, near the ground"),
    "air, urban, high stack": _("Air, urban, from a high stack"),
    "air, non-urban, near ground": _("Air, non-urban, near the ground"),
    "air, non-urban, high stack": _("Air, non-urban, from a high stack"),
    "air, non-urban or high stack": _("Air, non-urban or from a high stack"),
    "fresh water": _("Fresh water"), "sea water": _("Sea water"), "soil": _("Soil"),
}  # fmt: skip
"""Where emissions go, as the factors name it."""
