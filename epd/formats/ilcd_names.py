"""Names of ILCD and of its EPD extensions, as the schemas of InData write them."""

from collections.abc import Mapping
from typing import Final

PROCESS: Final = "http://lca.jrc.it/ILCD/Process"
FLOW: Final = "http://lca.jrc.it/ILCD/Flow"
COMMON: Final = "http://lca.jrc.it/ILCD/Common"
EPD_2013: Final = "http://www.iai.kit.edu/EPD/2013"
EPD_2019: Final = "http://www.indata.network/EPD/2019"
EPD_2024: Final = "http://www.indata.network/EPD/2024"


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


EXTENSIONS: Final[Mapping[str, frozenset[str]]] = {
    EPD_2013: _names(
        "amount description isA margins module modules referenceToSource referenceToUnitGroupDataSet "
        "referenceToVendor safetyMargins scenario scenarios subType vendorSpecificProduct"
    ),
    EPD_2019: _names(
        "comment component contentDeclaration mass material name publicationDateOfEPD referenceToOriginalEPD "
        "referenceToPublisher substance weightPerc"
    ),
    EPD_2024: _names(
        "SVHC collection comment contact disposal eolScenarioData estimatedServiceLife expirationDateOfEPD "
        "facilityIdentifier geoCode manufacturer manufacturerVariability manufacturers name olc pcrCompliance "
        "productId productIds productVariability recovery referenceServiceLife referenceToStandard "
        "referenceToUseConditionsDocumentation scenarioData site sites soilAndWaterImpacts "
        "soilAndWaterImpactsDescription streetAddress useConditionFactor useStageScenarioData variability "
        "variabilityDescription"
    ),
}
"""The elements of each extension; there are no others."""

MASS: Final = "93a60a56-a3c8-11da-a746-0800200b9a66"
CARBON: Final = "62e503ce-544a-4599-b2ad-bcea15a7bf20"
PACKAGING_CARBON: Final = "262a541b-209e-44cc-a426-33bce30de7b1"
PROPERTIES: Final[Mapping[str, str]] = {
    MASS: "kg",
    "7e18d0ad-e78e-47a0-8e96-1c0a581902e2": "kg",
    "93a60a56-a3c8-22da-a746-0800200c9a66": "m3",
    "93a60a56-a3c8-19da-a746-0800200c9a66": "m2",
    "838aaa23-0117-11db-92e3-0800200c9a66": "m",
    "01846770-4cfe-4a25-8ad9-919d8d378345": "item",
    "93a60a56-a3c8-11da-a746-0800200c9a66": "MJ",
    "93a60a56-a3c8-14da-a746-0800200c9a66": "MJ",
    "c0447923-0e60-4b3c-97c2-a86dddd9eea5": "a",
    "838aaa20-0117-11db-92e3-0800200c9a66": "t km",
}
"""The reference unit of each flow property."""
MASS_PER_UNIT: Final[Mapping[str, str]] = {
    "gross density": "m3", "grammage": "m2", "linear density": "m", "weight per piece": "item",
}  # fmt: skip
"""Material properties that say how many kilograms one of a unit has."""
PER_KG: Final = "conversion factor to 1 kg"
