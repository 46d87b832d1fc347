"""ILCD+EPD data sets in XML (format 1.1, with the EPD extensions of 2013, 2019 and 2024), read to a document."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

from epd.documents.document import CategoryRules, DeclaredUnit, Document, Format, Material, Reference, Result, Scenario
from epd.documents.finding import Severity
from epd.documents.indicators import BY_UUID
from epd.documents.stages import Stage
from epd.formats.declared_unit import declared_unit
from epd.formats.defects import Defects, NotADocument, number, year
from epd.formats.ilcd_names import CARBON, EXTENSIONS, FLOW, MASS_PER_UNIT, PACKAGING_CARBON, PER_KG, PROCESS
from epd.formats.tree import Element, read_tree

_INFO: Final = ("processInformation", "dataSetInformation")
_TIME: Final = ("processInformation", "time")
_METHOD: Final = ("modellingAndValidation", "LCIMethodAndAllocation")
_OWNERSHIP: Final = ("administrativeInformation", "publicationAndOwnership")
_EPD_TYPES: Final = frozenset({"EPD"})


def read_process(pieces: Iterable[bytes], flows: Iterable[Element] = ()) -> Document:
    """The document in a process data set; `flows` are flow data sets that came with it."""
    return document_of(read_tree(pieces), flows)


def document_of(root: Element, flows: Iterable[Element] = ()) -> Document:
    """The document in a process data set that was read already."""
    if (root.namespace, root.name) != (PROCESS, "processDataSet"):
        raise NotADocument("This XML is no process data set of ILCD, so it holds no declaration.")
    return _Process(root, list(flows)).document()


def flows_named(root: Element) -> Iterator[str]:
    """The UUIDs of the flows that a process names: its reference flow is among them."""
    return (_uuid(one) for one in root.all("exchanges", "exchange", "referenceToFlowDataSet"))


class _Process:
    """A process data set on its way to a document."""

    def __init__(self, root: Element, flows: list[Element]) -> None:
        self._root = root
        self._flows = {one.said("flowInformation", "dataSetInformation", "UUID"): one for one in flows}
        self._defects = Defects()

    def document(self) -> Document:
        """The document, with what is wrong in the file."""
        root = self._root
        self._structure()
        reference = self._reference_flow()
        flow = self._flows.get(_uuid(reference.first("referenceToFlowDataSet"))) if reference else None
        method = root.first(*_METHOD, "referenceToLCAMethodDetails")
        carbon = _property_values(flow) if flow else {}
        results = tuple(self._results())
        return Document(
            format=Format.ILCD,
            name=root.said(*_INFO, "name", "baseName"),
            uuid=root.said(*_INFO, "UUID"),
            version=root.said(*_OWNERSHIP, "dataSetVersion"),
            registration=root.said(*_OWNERSHIP, "registrationNumber"),
            subtype=root.said(*_METHOD, "other", "subType"),
            description=root.said(*_INFO, "generalComment"),
            location=self._location(),
            declared_unit=self._declared_unit(reference, flow),
            published=self._defects.day(root.said(*_TIME, "other", "publicationDateOfEPD")),
            expires=self._defects.day(root.said(*_TIME, "other", "expirationDateOfEPD")),
            expires_year=year(root.said(*_TIME, "dataSetValidUntil")),
            reference_year=year(root.said(*_TIME, "referenceYear")),
            rules=CategoryRules(_name(method), _uuid(method)) if method else None,
            compliance=tuple(
                _reference(one)
                for one in root.all(
                    "modellingAndValidation", "complianceDeclarations", "compliance", "referenceToComplianceSystem"
                )
            ),
            owner=_party(root.first(*_OWNERSHIP, "referenceToOwnershipOfDataSet")),
            author=_party(
                root.first(
                    "administrativeInformation", "dataGenerator", "referenceToPersonOrEntityGeneratingTheDataSet"
                )
            ),
            operator=_party(root.first(*_OWNERSHIP, "referenceToRegistrationAuthority")),
            licence=root.said(*_OWNERSHIP, "licenseType"),
            review=next((one.attributes.get("type", "") for one in self._reviews()), ""),
            reviewers=tuple(
                _reference(who) for one in self._reviews() for who in one.all("referenceToNameOfReviewerAndInstitution")
            ),
            scenarios=tuple(_scenarios(root)),
            materials=tuple(_materials(root)),
            carbon_kg=carbon.get(CARBON),
            packaging_carbon_kg=carbon.get(PACKAGING_CARBON),
            results=results,
            parts=1 + len(self._flows),
            defects=self._defects.all(),
        )

    def _structure(self) -> None:
        """Notes what every data set must have, and elements that its extensions do not know."""
        root = self._root
        for path in ((*_INFO, "UUID"), (*_INFO, "name", "baseName"), (*_OWNERSHIP, "dataSetVersion")):
            if not root.said(*path):
                self._defects.add("element_missing", Severity.ERROR, "An element that every data set has is missing.",
                                  written="/".join(path))  # fmt: skip
        if root.said(*_METHOD, "typeOfDataSet") not in _EPD_TYPES:
            self._defects.add("not_typed_as_epd", Severity.ERROR, "The type of an EPD data set is EPD. Write so.",
                              written=root.said(*_METHOD, "typeOfDataSet"))  # fmt: skip
        for one in root.walk():
            known = EXTENSIONS.get(one.namespace)
            if known is not None and one.name not in known:
                self._defects.add("unknown_element", Severity.ERROR, "The format has no such element. Remove it.",
                                  written=one.name)  # fmt: skip

    def _reference_flow(self) -> Element | None:
        wanted = self._root.said("processInformation", "quantitativeReference", "referenceToReferenceFlow")
        exchanges = self._root.all("exchanges", "exchange")
        found = next((one for one in exchanges if one.attributes.get("dataSetInternalID") == wanted), None)
        if found is None:
            self._defects.add("no_reference_flow", Severity.ERROR,
                              "No exchange is the reference flow. Name it by its number.", written=wanted)  # fmt: skip
        return found

    def _declared_unit(self, reference: Element | None, flow: Element | None) -> DeclaredUnit:
        amount = number(reference.said("meanAmount")) if reference else None
        if flow is None:
            return DeclaredUnit(amount, is_elsewhere=reference is not None)
        number_of = flow.said("flowInformation", "quantitativeReference", "referenceToReferenceFlowProperty")
        named = next(
            (
                _uuid(one.first("referenceToFlowPropertyDataSet"))
                for one in flow.all("flowProperties", "flowProperty")
                if one.attributes.get("dataSetInternalID") == number_of
            ),
            "",
        )
        return declared_unit(amount, named, _property_values(flow), dict(_material_values(flow)))

    def _results(self) -> Iterator[Result]:
        for one in self._root.all("exchanges", "exchange"):
            if list(one.all("other", "amount")):
                is_input = one.said("exchangeDirection").lower() == "input"
                yield self._result(one, one.first("referenceToFlowDataSet"), is_flow=True, is_input=is_input)
        for one in self._root.all("LCIAResults", "LCIAResult"):
            yield self._result(one, one.first("referenceToLCIAMethodDataSet"))

    def _result(
        self, element: Element, named: Element | None, *, is_flow: bool = False, is_input: bool = False
    ) -> Result:
        uuid, name = _uuid(named), _name(named)
        known = BY_UUID.get(uuid)
        label = known.code if known else name
        cells: list[tuple[Stage, Decimal | None]] = []
        for amount in element.all("other", "amount"):
            stage = Stage(amount.attributes.get("module", ""), amount.attributes.get("scenario", ""))
            is_read, value = self._defects.value(amount.text, label, stage)
            if is_read:
                cells.append((stage, value))
        group = element.first("other", "referenceToUnitGroupDataSet")
        return Result(
            name=name,
            indicator=known,
            cells=tuple(cells),
            uuid=uuid,
            version=named.attributes.get("version", "") if named else "",
            unit=_name(group),
            unit_group=_uuid(group),
            is_flow=is_flow,
            is_input=is_input,
        )

    def _location(self) -> str:
        found = self._root.first("processInformation", "geography", "locationOfOperationSupplyOrProduction")
        return found.attributes.get("location", "") if found else ""

    def _reviews(self) -> Iterator[Element]:
        yield from self._root.all("modellingAndValidation", "validation", "review")


def is_flow(root: Element) -> bool:
    """Whether an XML text is a flow data set."""
    return (root.namespace, root.name) == (FLOW, "flowDataSet")


def _uuid(reference: Element | None) -> str:
    return reference.attributes.get("refObjectId", "").strip().lower() if reference else ""


def _name(reference: Element | None) -> str:
    return reference.said("shortDescription") if reference else ""


def _reference(element: Element) -> Reference:
    return Reference(_name(element), _uuid(element))


def _party(element: Element | None) -> Reference | None:
    return _reference(element) if element else None


def _property_values(flow: Element) -> dict[str, Decimal | None]:
    """The mean value of each flow property by its UUID."""
    return {
        _uuid(one.first("referenceToFlowPropertyDataSet")): number(one.said("meanValue"))
        for one in flow.all("flowProperties", "flowProperty")
    }


def _material_values(flow: Element) -> Iterator[tuple[str, Decimal]]:
    """The physical properties that MatML states of a flow, by name."""
    details = {one.attributes.get("id", ""): one.said("Name") for one in flow.walk() if one.name == "PropertyDetails"}
    for one in flow.walk():
        if one.name == "PropertyData":
            name = details.get(one.attributes.get("property", ""), "")
            value = number(one.said("Data"))
            if value is not None and (name in MASS_PER_UNIT or name == PER_KG):
                yield name, value


def _scenarios(root: Element) -> Iterator[Scenario]:
    for one in root.all(*_INFO, "other", "scenarios", "scenario"):
        yield Scenario(
            one.attributes.get("name", ""), one.said("description"), one.attributes.get("default") in ("true", "1")
        )


def _materials(root: Element) -> Iterator[Material]:
    """The materials of the content declaration with a share; substances of concern are no part of the sum."""
    content = root.first(*_INFO, "other", "contentDeclaration")
    for one in content.children if content else ():
        share = one.first("weightPerc") if one.name in ("component", "material") else None
        if share is None:
            continue
        exact = number(share.attributes.get("value"))
        least, most = (number(share.attributes.get(name)) for name in ("lowerValue", "upperValue"))
        if exact is not None or least is not None or most is not None:
            yield Material(
                name=one.said("name"),
                least=_first(exact, least, Decimal(0)),
                most=_first(exact, most, Decimal(100)),
                is_packaging=one.attributes.get("packaging") in ("true", "1"),
            )


def _first(*values: Decimal | None) -> Decimal:
    return next(one for one in values if one is not None)
