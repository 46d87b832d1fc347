"""A document as ILCD+EPD process data set in XML: format 1.2, or 1.3 with its end of validity as a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from epd.documents.document import Document, Material, Reference, Result
from epd.formats.ilcd_names import COMMON, EPD_2013, EPD_2019, EPD_2024, PROCESS
from epd.formats.ilcd_references import (
    EPD_FORMAT_12,
    FOLDERS,
    ILCD_FORMAT,
    Named,
    named,
    of_result,
    product_flow,
    unit_group,
)

REFERENCE_FLOW: Final = "0"
FIRST_VERSION: Final = "00.01.000"
FREE: Final = "Free of charge for all users and uses"


@dataclass(frozen=True, slots=True)
class Writing:
    """How a document is written: the moment that the file names, its format, and the address of the original."""

    moment: str
    version: str = "1.2"
    original: Reference | None = None


def write_process(document: Document, writing: Writing) -> bytes:
    """The process data set. A document that nobody reviewed is marked so."""
    root = Element("processDataSet", {
        "xmlns": PROCESS, "xmlns:common": COMMON, "xmlns:epd": EPD_2013, "xmlns:epd2": EPD_2019,
        "xmlns:epd24": EPD_2024, "version": "1.1", "epd2:epd-version": writing.version,
    })  # fmt: skip
    _information(SubElement(root, "processInformation"), document, writing)
    _validation(SubElement(root, "modellingAndValidation"), document, writing)
    _administration(SubElement(root, "administrativeInformation"), document, writing)
    exchanges = SubElement(root, "exchanges")
    reference = SubElement(exchanges, "exchange", {"dataSetInternalID": REFERENCE_FLOW})
    refer(reference, "referenceToFlowDataSet", product_flow(document))
    write(reference, "meanAmount", _plain(Decimal(1)))
    for number, result in enumerate((one for one in document.results if one.is_flow), start=1):
        _exchange(exchanges, number, result)
    methods = [one for one in document.results if not one.is_flow]
    if methods:
        results = SubElement(root, "LCIAResults")
        for result in methods:
            _result(SubElement(results, "LCIAResult"), "referenceToLCIAMethodDataSet", result)
    return as_bytes(root)


def as_bytes(root: Element) -> bytes:
    """An XML text with its declaration, indented."""
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def write(parent: Element, tag: str, text: str, **attributes: str) -> Element:
    """A child with a text."""
    child = SubElement(parent, tag, attributes)
    child.text = text
    return child


def said(parent: Element, tag: str, text: str) -> None:
    """A text in English, where there is one."""
    if text:
        write(parent, tag, text, **{"xml:lang": "en"})


def refer(parent: Element, tag: str, to: Named) -> None:
    """A reference to another data set."""
    attributes = {"type": to.kind, "refObjectId": to.uuid, "uri": f"../{FOLDERS[to.kind]}/{to.uuid}.xml"}
    if to.version:
        attributes["version"] = to.version
    said(SubElement(parent, tag, attributes), "common:shortDescription", to.name)


def _information(information: Element, document: Document, writing: Writing) -> None:
    about = SubElement(information, "dataSetInformation")
    write(about, "common:UUID", document.uuid)
    said(SubElement(about, "name"), "baseName", document.name)
    said(about, "common:generalComment", document.description)
    if document.scenarios or document.materials:
        other = SubElement(about, "common:other")
        _scenarios(other, document)
        _materials(other, document.materials)
    quantity = SubElement(information, "quantitativeReference", {"type": "Reference flow(s)"})
    write(quantity, "referenceToReferenceFlow", REFERENCE_FLOW)
    _time(SubElement(information, "time"), document, writing)
    if document.location:
        place = SubElement(information, "geography")
        SubElement(place, "locationOfOperationSupplyOrProduction", {"location": document.location})


def _scenarios(other: Element, document: Document) -> None:
    if document.scenarios:
        scenarios = SubElement(other, "epd:scenarios")
        for one in document.scenarios:
            default = {"epd:default": "true"} if one.is_default else {}
            scenario = SubElement(scenarios, "epd:scenario", {"epd:name": one.name, **default})
            said(scenario, "epd:description", one.description)


def _materials(other: Element, materials: Iterable[Material]) -> None:
    content = Element("epd2:contentDeclaration")
    for one in materials:
        material = SubElement(content, "epd2:material", {"epd2:packaging": "true"} if one.is_packaging else {})
        said(material, "epd2:name", one.name)
        share = (
            {"epd2:value": _plain(one.least)}
            if one.least == one.most
            else {"epd2:lowerValue": _plain(one.least), "epd2:upperValue": _plain(one.most)}
        )
        SubElement(material, "epd2:weightPerc", share)
    if len(content):
        other.append(content)


def _time(time: Element, document: Document, writing: Writing) -> None:
    if document.reference_year:
        write(time, "common:referenceYear", str(document.reference_year))
    if last := document.last_year():
        write(time, "common:dataSetValidUntil", str(last))
    days = {"epd2:publicationDateOfEPD": document.published}
    if writing.version == "1.3":
        days["epd24:expirationDateOfEPD"] = document.expires
    if any(days.values()):
        other = SubElement(time, "common:other")
        for tag, day in days.items():
            if day:
                write(other, tag, day.isoformat())


def _validation(validation: Element, document: Document, writing: Writing) -> None:
    method = SubElement(validation, "LCIMethodAndAllocation")
    write(method, "typeOfDataSet", "EPD")
    if document.rules:
        rules = Reference(document.rules.name, document.rules.uuid)
        refer(method, "referenceToLCAMethodDetails", named("source data set", rules))
    if document.subtype:
        write(SubElement(method, "common:other"), "epd:subType", document.subtype)
    if writing.original:
        sources = SubElement(validation, "dataSourcesTreatmentAndRepresentativeness")
        refer(SubElement(sources, "common:other"), "epd2:referenceToOriginalEPD",
              named("source data set", writing.original))  # fmt: skip
    review = SubElement(SubElement(validation, "validation"), "review")
    if document.review or not document.reviewers:
        review.set("type", document.review or "Not reviewed")
    for one in document.reviewers:
        refer(review, "common:referenceToNameOfReviewerAndInstitution", named("contact data set", one))
    if document.compliance:
        declarations = SubElement(validation, "complianceDeclarations")
        for one in document.compliance:
            refer(SubElement(declarations, "compliance"), "common:referenceToComplianceSystem",
                  named("source data set", one))  # fmt: skip


def _administration(administration: Element, document: Document, writing: Writing) -> None:
    if document.author:
        refer(SubElement(administration, "dataGenerator"), "common:referenceToPersonOrEntityGeneratingTheDataSet",
              named("contact data set", document.author))  # fmt: skip
    entry = SubElement(administration, "dataEntryBy")
    write(entry, "common:timeStamp", writing.moment)
    for one in (ILCD_FORMAT, EPD_FORMAT_12):
        refer(entry, "common:referenceToDataSetFormat", named("source data set", one))
    ownership = SubElement(administration, "publicationAndOwnership")
    write(ownership, "common:dataSetVersion", document.version or FIRST_VERSION)
    if document.operator:
        refer(ownership, "common:referenceToRegistrationAuthority", named("contact data set", document.operator))
    if document.registration:
        write(ownership, "common:registrationNumber", document.registration)
    if document.owner:
        refer(ownership, "common:referenceToOwnershipOfDataSet", named("contact data set", document.owner))
    write(ownership, "common:copyright", "true")
    write(ownership, "common:licenseType", FREE)


def _exchange(exchanges: Element, number: int, result: Result) -> None:
    exchange = SubElement(exchanges, "exchange", {"dataSetInternalID": str(number)})
    refer(exchange, "referenceToFlowDataSet", of_result(result))
    write(exchange, "exchangeDirection", "Input" if result.is_input else "Output")
    write(exchange, "meanAmount", _plain(Decimal(0)))
    _amounts(exchange, result)


def _result(element: Element, tag: str, result: Result) -> None:
    refer(element, tag, of_result(result))
    write(element, "meanAmount", _plain(Decimal(0)))
    _amounts(element, result)


def _amounts(element: Element, result: Result) -> None:
    """The values by module; ND is an element without text."""
    other = SubElement(element, "common:other")
    for stage, value in result.cells:
        scenario = {"epd:scenario": stage.scenario} if stage.scenario else {}
        amount = SubElement(other, "epd:amount", {"epd:module": stage.module, **scenario})
        amount.text = None if value is None else str(value)
    refer(other, "epd:referenceToUnitGroupDataSet", unit_group(result))


def _plain(value: Decimal) -> str:
    return format(value, "f")
