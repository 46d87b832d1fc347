"""A document as ILCD archive: its process data set and every data set that this refers to, the same bytes each time.

The methods of characterisation are packed by name, UUID and version alone: their factors are master data of InData.
"""

import zipfile
from collections.abc import Iterator, Mapping
from decimal import Decimal
from io import BytesIO
from typing import Final
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from epd.documents.document import Document
from epd.formats.ilcd_names import CARBON, COMMON, FLOW, MASS, PACKAGING_CARBON
from epd.formats.ilcd_references import FOLDERS, PROPERTY_OF, WRITTEN, Named, of_result, product_flow, unit_group
from epd.formats.write_ilcd import FIRST_VERSION, Writing, as_bytes, refer, said, write, write_process
from traceability.ledger.errors import RecordError

_NAMESPACES: Final = {
    "contact data set": ("contact", "http://lca.jrc.it/ILCD/Contact"),
    "source data set": ("source", "http://lca.jrc.it/ILCD/Source"),
    "flow data set": ("flow", FLOW),
    "LCIA method data set": ("LCIAMethod", "http://lca.jrc.it/ILCD/LCIAMethod"),
    "flow property data set": ("flowProperty", "http://lca.jrc.it/ILCD/FlowProperty"),
    "unit group data set": ("unitGroup", "http://lca.jrc.it/ILCD/UnitGroup"),
}
_ELSEWHERE: Final = (
    "Name and version only. The characterisation factors stand in the data set with this UUID of InData."
)
_INDATA: Final = Named("contact data set", "9fa44276-51dd-44a4-81a6-3387be2cecd1", "InData Working Group")
_MADE: Final = (1980, 1, 1, 0, 0, 0)


class NoDeclaredUnit(RecordError):
    """A document that leaves its declared unit to a file that was not brought."""

    code = "no_declared_unit"


def write_archive(document: Document, writing: Writing) -> bytes:
    """The archive, with the declared unit in the flow of the product."""
    if document.declared_unit.amount is None or document.declared_unit.unit not in PROPERTY_OF:
        raise NoDeclaredUnit("An archive needs the flow of the declared unit. Bring the document with it.")
    process = write_process(document, writing)
    parts = {f"ILCD/processes/{document.uuid}_{document.version or FIRST_VERSION}.xml": process}
    for one, content in _data_sets(document, process, writing).items():
        parts[f"ILCD/{FOLDERS[one.kind]}/{one.uuid}_{one.version or FIRST_VERSION}.xml"] = content
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(parts):
            archive.writestr(zipfile.ZipInfo(name, _MADE), parts[name], zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _data_sets(document: Document, process: bytes, writing: Writing) -> dict[Named, bytes]:
    """Every data set that the process refers to, and those that these refer to."""
    product = product_flow(document)
    units = {of_result(one).uuid: unit_group(one).name for one in document.results if one.is_flow}
    found: dict[str, tuple[Named, bytes]] = {}
    waiting = list(_references(process))
    while waiting:
        one = waiting.pop(0)
        if one.uuid in found or one.kind not in _NAMESPACES:
            continue
        if one.uuid == product.uuid:
            content = _flow(one, _product_properties(document), "Product flow")
        elif one.kind == "flow data set":
            content = _flow(one, {PROPERTY_OF.get(units[one.uuid], MASS): Decimal(1)}, "Other flow")
        elif one.kind == "flow property data set":
            content = _property(one)
        elif one.kind == "unit group data set":
            content = _unit_group(one)
        elif one.kind == "LCIA method data set":
            content = _method(one, writing)
        else:
            content = _named(one)
        found[one.uuid] = (one, content)
        waiting.extend(_references(content))
    return dict(found.values())


def _references(content: bytes) -> Iterator[Named]:
    """The data sets to which one that we wrote refers."""
    for one in ElementTree.fromstring(content).iter():  # noqa: S314  (our own)
        if "refObjectId" in one.attrib:
            name = "".join(one.itertext()).strip()
            yield Named(one.attrib["type"], one.attrib["refObjectId"], name, one.attrib.get("version", ""))


def _product_properties(document: Document) -> dict[str, Decimal]:
    """The mean values of the product's properties by UUID, that of the declared unit first."""
    unit = document.declared_unit
    found = {PROPERTY_OF[unit.unit]: unit.amount or Decimal(0)}
    others = {MASS: unit.mass_kg, CARBON: document.carbon_kg, PACKAGING_CARBON: document.packaging_carbon_kg}
    return found | {uuid: value for uuid, value in others.items() if value is not None and uuid not in found}


def _root(one: Named) -> tuple[Element, Element]:
    """A data set with its identifier; its root, and the element for what it says of itself."""
    prefix, namespace = _NAMESPACES[one.kind]
    root = Element(f"{prefix}DataSet", {"xmlns": namespace, "xmlns:common": COMMON, "version": "1.1"})
    plural = "flowProperties" if prefix == "flowProperty" else prefix
    information = SubElement(root, f"{plural}Information")
    about = SubElement(information, "dataSetInformation")
    write(about, "common:UUID", one.uuid)
    return root, about


def _versioned(root: Element, one: Named) -> None:
    ownership = SubElement(SubElement(root, "administrativeInformation"), "publicationAndOwnership")
    write(ownership, "common:dataSetVersion", one.version or FIRST_VERSION)


def _named(one: Named) -> bytes:
    """A contact or a source: its name."""
    root, about = _root(one)
    said(about, "common:shortName", one.name or one.uuid)
    if one.kind == "contact data set":
        said(about, "common:name", one.name or one.uuid)
    _versioned(root, one)
    return as_bytes(root)


def _method(one: Named, writing: Writing) -> bytes:
    """A method of characterisation by its name, without its factors."""
    root, about = _root(one)
    said(about, "common:name", one.name or one.uuid)
    said(about, "common:generalComment", _ELSEWHERE)
    SubElement(root[0], "geography")
    SubElement(root, "modellingAndValidation")
    administration = SubElement(root, "administrativeInformation")
    refer(SubElement(administration, "dataGenerator"), "common:referenceToPersonOrEntityGeneratingTheDataSet", _INDATA)
    write(SubElement(administration, "dataEntryBy"), "common:timeStamp", writing.moment)
    write(SubElement(administration, "publicationAndOwnership"), "common:dataSetVersion", one.version or FIRST_VERSION)
    return as_bytes(root)


def _flow(one: Named, properties: Mapping[str, Decimal], kind: str) -> bytes:
    root, about = _root(one)
    said(SubElement(about, "name"), "baseName", one.name or one.uuid)
    quantity = SubElement(root[0], "quantitativeReference")
    write(quantity, "referenceToReferenceFlowProperty", "0")
    write(SubElement(SubElement(root, "modellingAndValidation"), "LCIMethod"), "typeOfDataSet", kind)
    _versioned(root, one)
    written = SubElement(root, "flowProperties")
    for number, (uuid, value) in enumerate(properties.items()):
        row = SubElement(written, "flowProperty", {"dataSetInternalID": str(number)})
        refer(row, "referenceToFlowPropertyDataSet", Named("flow property data set", uuid, WRITTEN[uuid].name))
        write(row, "meanValue", format(value, "f"))
    return as_bytes(root)


def _property(one: Named) -> bytes:
    property = WRITTEN[one.uuid]
    root, about = _root(one)
    said(about, "common:name", property.name)
    quantity = SubElement(root[0], "quantitativeReference")
    refer(quantity, "referenceToReferenceUnitGroup", Named("unit group data set", property.unit_group, property.unit))
    _versioned(root, one)
    return as_bytes(root)


def _unit_group(one: Named) -> bytes:
    root, about = _root(one)
    said(about, "common:name", f"Units of {one.name}")
    quantity = SubElement(root[0], "quantitativeReference")
    write(quantity, "referenceToReferenceUnit", "0")
    _versioned(root, one)
    unit = SubElement(SubElement(root, "units"), "unit", {"dataSetInternalID": "0"})
    write(unit, "name", one.name)
    write(unit, "meanValue", "1.0")
    return as_bytes(root)
