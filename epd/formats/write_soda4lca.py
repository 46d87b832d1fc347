"""A document as the JSON of soda4LCA (`format=JSON&view=extended`): ILCD+EPD with the reference flow resolved."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from epd.documents.document import Document, Reference, Result
from epd.formats.ilcd_names import CARBON, MASS, PACKAGING_CARBON
from epd.formats.ilcd_references import (
    EPD_FORMAT_12,
    ILCD_FORMAT,
    PROPERTY_OF,
    WRITTEN,
    Named,
    named,
    of_result,
    product_flow,
    unit_group,
)
from epd.formats.write_ilcd import FIRST_VERSION, FREE, Writing

Json = dict[str, Any]


def write_soda4lca(document: Document, writing: Writing) -> bytes:
    """The JSON text; numbers of results are texts, as soda4LCA writes them, so that no digit is lost."""
    methods = [one for one in document.results if not one.is_flow]
    flows = [one for one in document.results if one.is_flow]
    value: Json = {
        "processInformation": _information(document),
        "modellingAndValidation": _validation(document, writing),
        "administrativeInformation": _administration(document, writing),
        "exchanges": {
            "exchange": [_reference_flow(document), *(_exchange(number, one) for number, one in enumerate(flows, 1))]
        },
        "LCIAResults": {"LCIAResult": [_method(one) for one in methods]},
        "otherAttributes": {"{http://www.indata.network/EPD/2019}epd-version": writing.version},
        "version": "1.1",
    }
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"


def _said(text: str) -> list[Json]:
    return [{"value": text, "lang": "en"}] if text else []


def _refer(to: Named) -> Json:
    found: Json = {"shortDescription": _said(to.name), "type": to.kind, "refObjectId": to.uuid}
    return {**found, "version": to.version} if to.version else found


def _party(reference: Reference) -> Json:
    return _refer(named("contact data set", reference))


def _source(reference: Reference) -> Json:
    return _refer(named("source data set", reference))


def _milliseconds(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 1000


def _information(document: Document) -> Json:
    about: Json = {
        "UUID": document.uuid,
        "name": {"baseName": _said(document.name)},
        "generalComment": _said(document.description),
    }
    others: list[Json] = []
    if document.scenarios:
        others.append({"scenario": [
            {"name": one.name, "description": _said(one.description), "default": one.is_default}
            for one in document.scenarios
        ]})  # fmt: skip
    if document.materials:
        others.append({"componentsAndMaterialsAndSubstances": [
            {"material": {
                "name": _said(one.name), "packaging": one.is_packaging,
                "weightPerc": {"value": float(one.least)} if one.least == one.most
                else {"lowerValue": float(one.least), "upperValue": float(one.most)},
            }} for one in document.materials
        ]})  # fmt: skip
    if others:
        about["other"] = {"anies": others}
    days = {"publicationDateOfEPD": document.published, "expirationDateOfEPD": document.expires}
    time: Json = {"other": {"anies": [
        {"name": name, "value": _milliseconds(day)} for name, day in days.items() if day
    ]}}  # fmt: skip
    if document.reference_year:
        time["referenceYear"] = document.reference_year
    if last := document.last_year():
        time["dataSetValidUntil"] = last
    found: Json = {
        "dataSetInformation": about,
        "quantitativeReference": {"referenceToReferenceFlow": [0], "type": "Reference flow(s)"},
        "time": time,
    }
    if document.location:
        found["geography"] = {"locationOfOperationSupplyOrProduction": {"location": document.location}}
    return found


def _validation(document: Document, writing: Writing) -> Json:
    method: Json = {"typeOfDataSet": "EPD"}
    if document.rules:
        method["referenceToLCAMethodDetails"] = [_source(Reference(document.rules.name, document.rules.uuid))]
    if document.subtype:
        method["other"] = {"anies": [{"name": "subType", "value": document.subtype}]}
    review: Json = {"referenceToNameOfReviewerAndInstitution": [_party(one) for one in document.reviewers]}
    if document.review or not document.reviewers:
        review["type"] = document.review or "Not reviewed"
    found: Json = {
        "LCIMethodAndAllocation": method,
        "validation": {"review": [review]},
        "complianceDeclarations": {
            "compliance": [{"referenceToComplianceSystem": _source(one)} for one in document.compliance]
        },
    }
    if writing.original:
        original = {"name": "referenceToOriginalEPD", "value": _source(writing.original)}
        found["dataSourcesTreatmentAndRepresentativeness"] = {"other": {"anies": [original]}}
    return found


def _administration(document: Document, writing: Writing) -> Json:
    ownership: Json = {
        "dataSetVersion": document.version or FIRST_VERSION,
        "copyright": True,
        "licenseType": FREE,
    }
    if document.registration:
        ownership["registrationNumber"] = document.registration
    if document.operator:
        ownership["referenceToRegistrationAuthority"] = _party(document.operator)
    if document.owner:
        ownership["referenceToOwnershipOfDataSet"] = _party(document.owner)
    moment = datetime.fromisoformat(writing.moment)
    found: Json = {
        "dataEntryBy": {
            "timeStamp": int(moment.timestamp() * 1000),
            "referenceToDataSetFormat": [_source(ILCD_FORMAT), _source(EPD_FORMAT_12)],
        },
        "publicationAndOwnership": ownership,
    }
    if document.author:
        found["dataGenerator"] = {"referenceToPersonOrEntityGeneratingTheDataSet": [_party(document.author)]}
    return found


def _reference_flow(document: Document) -> Json:
    unit = document.declared_unit
    properties: list[Json] = []
    if unit.unit in PROPERTY_OF and unit.amount is not None:
        properties.append({**_property(PROPERTY_OF[unit.unit], unit.amount), "referenceFlowProperty": True,
                           "referenceUnit": unit.unit})  # fmt: skip
    others = ((MASS, unit.mass_kg), (CARBON, document.carbon_kg), (PACKAGING_CARBON, document.packaging_carbon_kg))
    for uuid, value in others:
        if value is not None and (uuid != MASS or unit.unit != "kg"):
            properties.append(_property(uuid, value))
    return {
        "referenceToFlowDataSet": _refer(product_flow(document)),
        "meanAmount": 1.0,
        "resultingflowAmount": 1.0,
        "dataSetInternalID": 0,
        "referenceFlow": True,
        "flowProperties": properties,
        "typeOfFlow": "Product flow",
    }


def _property(uuid: str, value: Decimal) -> Json:
    return {"name": _said(WRITTEN[uuid].name), "uuid": uuid, "meanValue": float(value)}


def _exchange(number: int, result: Result) -> Json:
    return {
        "referenceToFlowDataSet": _refer(of_result(result)),
        "exchange direction": "INPUT" if result.is_input else "OUTPUT",
        "dataSetInternalID": number,
        "typeOfFlow": "Other flow",
        "other": {"anies": _values(result)},
    }


def _method(result: Result) -> Json:
    return {"referenceToLCIAMethodDataSet": _refer(of_result(result)), "other": {"anies": _values(result)}}


def _values(result: Result) -> list[Json]:
    """The unit group, then a member for each cell; ND has no value."""
    found: list[Json] = [{"name": "referenceToUnitGroupDataSet", "value": _refer(unit_group(result))}]
    for stage, value in result.cells:
        cell: Json = {"module": stage.module}
        if stage.scenario:
            cell["scenario"] = stage.scenario
        if value is not None:
            cell["value"] = str(value)
        found.append(cell)
    return found
