"""References between ILCD data sets: which other data sets a document needs, each with an identifier."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from epd.documents.document import Document, Reference, Result
from epd.documents.indicators import BY_UUID
from epd.documents.units import UNITS
from epd.formats.ilcd_names import CARBON, MASS, PACKAGING_CARBON

FOLDERS: Final = {
    "contact data set": "contacts",
    "flow data set": "flows",
    "flow property data set": "flowproperties",
    "LCIA method data set": "lciamethods",
    "source data set": "sources",
    "unit group data set": "unitgroups",
}
ILCD_FORMAT: Final = Reference("ILCD format", "a97a0155-0234-4b87-b4ce-a45da52f2a40")
EPD_FORMAT_12: Final = Reference("EPD Data Format Extensions v1.2", "a29449fd-aa2f-4de8-b5d7-4b06b43c6fde")
_OURS: Final = uuid5(NAMESPACE_URL, "https://lodestone.example/ilcd")


@dataclass(frozen=True, slots=True)
class Property:
    """A flow property as it is written, with its unit."""

    name: str
    unit: str
    unit_group: str


WRITTEN: Final[Mapping[str, Property]] = {
    MASS: Property("Mass", "kg", "93a60a57-a4c8-11da-a746-0800200c9a66"),
    "93a60a56-a3c8-22da-a746-0800200c9a66": Property("Volume", "m3", "93a60a57-a3c8-12da-a746-0800200c9a66"),
    "93a60a56-a3c8-19da-a746-0800200c9a66": Property("Area", "m2", "93a60a57-a3c8-18da-a746-0800200c9a66"),
    "838aaa23-0117-11db-92e3-0800200c9a66": Property("Length", "m", "838aaa22-0117-11db-92e3-0800200c9a66"),
    "01846770-4cfe-4a25-8ad9-919d8d378345": Property("Number of items", "item", "5beb6eed-33a9-47b8-9ede-1dfe8f679159"),
    "93a60a56-a3c8-11da-a746-0800200c9a66": Property("Net calorific value", "MJ", UNITS["MJ"].group),
    CARBON: Property("Carbon content (biogenic)", "kg", "93a60a57-a4c8-11da-a746-0800200c9a66"),
    PACKAGING_CARBON: Property("Carbon content (biogenic) - packaging", "kg", "93a60a57-a4c8-11da-a746-0800200c9a66"),
}
"""The properties that we write, by UUID."""
PROPERTY_OF: Final = {one.unit: uuid for uuid, one in reversed(list(WRITTEN.items()))}
"""The property that a unit is of, by the text of the unit."""


@dataclass(frozen=True, slots=True)
class Named:
    """A data set of a kind, to which others refer."""

    kind: str
    uuid: str
    name: str
    version: str = ""


def derived(*parts: str) -> str:
    """An identifier that the same parts give again."""
    return str(uuid5(_OURS, "\x1f".join(parts)))


def named(kind: str, reference: Reference) -> Named:
    """A party or a source; without an identifier of its own it gets one from its name."""
    uuid = reference.uuid if _is_uuid(reference.uuid) else derived(kind, reference.uuid or reference.name)
    return Named(kind, uuid, reference.name or reference.uuid)


def product_flow(document: Document) -> Named:
    """The reference flow of a document."""
    return Named("flow data set", derived("flow", document.uuid, document.name), document.name or document.uuid)


def of_result(result: Result) -> Named:
    """The flow or the method whose values a result states."""
    kind = "flow data set" if result.is_flow else "LCIA method data set"
    return Named(kind, result.uuid or derived(kind, result.code), result.name or result.code, result.version)


def unit_group(result: Result) -> Named:
    """The unit group of a result."""
    known = BY_UUID.get(result.uuid)
    unit = known.unit if known else None
    uuid = result.unit_group or (unit.group if unit else derived("unit", result.unit))
    text = result.unit or (unit.text if unit else "-")
    by_key = UNITS.get(text)
    return Named("unit group data set", uuid, by_key.text if by_key else text)


def _is_uuid(text: str) -> bool:
    return len(text) == 36 and text.count("-") == 4
