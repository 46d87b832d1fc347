"""The JSON of soda4LCA (`format=JSON&view=extended`), read to a document: ILCD+EPD with the reference flow resolved."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final

from epd.documents.document import CategoryRules, DeclaredUnit, Document, Format, Material, Reference, Result, Scenario
from epd.documents.finding import Severity
from epd.documents.indicators import BY_UUID
from epd.documents.stages import Stage
from epd.formats.declared_unit import declared_unit
from epd.formats.defects import Defects, number, year
from epd.formats.ilcd_names import CARBON, MASS_PER_UNIT, PACKAGING_CARBON, PER_KG
from epd.formats.json_text import Node

_METHOD: Final = ("modellingAndValidation", "LCIMethodAndAllocation")
_OWNERSHIP: Final = ("administrativeInformation", "publicationAndOwnership")
_LATEST_MS: Final = Decimal(253_402_300_799_000)
"""The last millisecond of the year 9999."""


def is_soda4lca(value: Node) -> bool:
    """Whether a JSON value is such a document."""
    return bool(value["processInformation"]) and bool(value["exchanges"] or value["LCIAResults"])


def read_soda4lca(value: Node) -> Document:
    """The document in the JSON of soda4LCA."""
    return _Soda(value).document()


class _Soda:
    """A process in JSON on its way to a document."""

    def __init__(self, root: Node) -> None:
        self._root = root
        self._defects = Defects()

    def document(self) -> Document:
        """The document, with what is wrong in the file."""
        root, info = self._root, self._root.at("processInformation", "dataSetInformation")
        time = root.at("processInformation", "time")
        method = next(root.at(*_METHOD, "referenceToLCAMethodDetails").each(), Node(None))
        reviews = list(root.at("modellingAndValidation", "validation", "review").each())
        owner = root.at(*_OWNERSHIP)
        self._structure()
        reference = self._reference_flow()
        properties = {one["uuid"].text: number(one["meanValue"].value) for one in reference["flowProperties"].each()}
        others = dict(_others(info["other"]))
        return Document(
            format=Format.SODA4LCA,
            name=_said(info.at("name", "baseName")),
            uuid=info["UUID"].text.lower(),
            version=owner["dataSetVersion"].text,
            registration=owner["registrationNumber"].text,
            subtype=dict(_others(root.at(*_METHOD, "other"))).get("subType", Node(None)).text,
            description=_said(info["generalComment"]),
            location=root.at("processInformation", "geography", "locationOfOperationSupplyOrProduction")[
                "location"
            ].text,
            declared_unit=self._declared_unit(reference, properties),
            published=self._day(dict(_others(time["other"])).get("publicationDateOfEPD", Node(None))),
            expires=self._day(dict(_others(time["other"])).get("expirationDateOfEPD", Node(None))),
            expires_year=year(time["dataSetValidUntil"].text),
            reference_year=year(time["referenceYear"].text),
            rules=CategoryRules(_name(method), _uuid(method)) if method else None,
            compliance=tuple(
                _reference(one["referenceToComplianceSystem"])
                for one in root.at("modellingAndValidation", "complianceDeclarations", "compliance").each()
            ),
            owner=_party(owner["referenceToOwnershipOfDataSet"]),
            author=next(
                (
                    _reference(one)
                    for one in root.at(
                        "administrativeInformation", "dataGenerator", "referenceToPersonOrEntityGeneratingTheDataSet"
                    ).each()
                ),
                None,
            ),
            operator=_party(owner["referenceToRegistrationAuthority"]),
            licence=owner["licenseType"].text,
            review=next((one["type"].text for one in reviews), ""),
            reviewers=tuple(
                _reference(who) for one in reviews for who in one["referenceToNameOfReviewerAndInstitution"].each()
            ),
            scenarios=tuple(_scenarios(others.get("scenario", Node(None)))),
            materials=tuple(_materials(others.get("componentsAndMaterialsAndSubstances", Node(None)))),
            carbon_kg=properties.get(CARBON),
            packaging_carbon_kg=properties.get(PACKAGING_CARBON),
            results=tuple(self._results()),
            defects=self._defects.all(),
        )

    def _structure(self) -> None:
        """Notes what every data set must have."""
        for path in (
            ("processInformation", "dataSetInformation", "UUID"),
            ("processInformation", "dataSetInformation", "name", "baseName"),
            (*_OWNERSHIP, "dataSetVersion"),
        ):
            if not self._root.at(*path):
                self._defects.add("element_missing", Severity.ERROR, "An element that every data set has is missing.",
                                  written="/".join(path))  # fmt: skip
        if (kind := self._root.at(*_METHOD, "typeOfDataSet").text) != "EPD":
            self._defects.add("not_typed_as_epd", Severity.ERROR, "The type of an EPD data set is EPD. Write so.",
                              written=kind)  # fmt: skip

    def _reference_flow(self) -> Node:
        exchanges = self._root.at("exchanges", "exchange")
        found = next((one for one in exchanges.each() if one["referenceFlow"].value is True), Node(None))
        if not found:
            self._defects.add("no_reference_flow", Severity.ERROR,
                              "No exchange is the reference flow. Name it by its number.")  # fmt: skip
        return found

    def _declared_unit(self, reference: Node, properties: dict[str, Decimal | None]) -> DeclaredUnit:
        named = next(
            (
                one["uuid"].text
                for one in reference["flowProperties"].each()
                if one["referenceFlowProperty"].value is True
            ),
            "",
        )
        materials = {
            one["name"].text: value
            for one in reference["materialProperties"].each()
            if (value := number(one["value"].value)) is not None
            and (one["name"].text in MASS_PER_UNIT or one["name"].text == PER_KG)
        }
        return declared_unit(number(reference["meanAmount"].value), named, properties, materials)

    def _day(self, written: Node) -> date | None:
        """A day, which soda4LCA writes as milliseconds since 1970."""
        moment = number(written.value)
        if moment is not None and 0 <= moment <= _LATEST_MS:
            return datetime.fromtimestamp(int(moment) // 1000, UTC).date()
        return self._defects.day(written.text)

    def _results(self) -> Iterator[Result]:
        for one in self._root.at("exchanges", "exchange").each():
            if one["other"]:
                is_input = one["exchange direction"].text.upper() == "INPUT"
                yield self._result(one, one["referenceToFlowDataSet"], is_flow=True, is_input=is_input)
        for one in self._root.at("LCIAResults", "LCIAResult").each():
            yield self._result(one, one["referenceToLCIAMethodDataSet"])

    def _result(self, element: Node, named: Node, *, is_flow: bool = False, is_input: bool = False) -> Result:
        uuid, name = _uuid(named), _name(named)
        known = BY_UUID.get(uuid)
        label = known.code if known else name
        cells: list[tuple[Stage, Decimal | None]] = []
        for amount in element.at("other", "anies").each():
            if amount["module"]:
                stage = Stage(amount["module"].text, amount["scenario"].text)
                is_read, value = self._defects.value(amount["value"].text, label, stage)
                if is_read:
                    cells.append((stage, value))
        group = dict(_others(element["other"])).get("referenceToUnitGroupDataSet", Node(None))
        return Result(
            name=name,
            indicator=known,
            cells=tuple(cells),
            uuid=uuid,
            version=named["version"].text,
            unit=_name(group),
            unit_group=_uuid(group),
            is_flow=is_flow,
            is_input=is_input,
        )


def _others(other: Node) -> Iterator[tuple[str, Node]]:
    """What stands under `anies`, by name; a member without `name` is named by its key."""
    for one in other["anies"].each():
        if one["name"].text:
            yield one["name"].text, one["value"]
        elif not one["module"]:
            yield from one.items()


def _said(texts: Node) -> str:
    """A text in several languages, in English where that is there."""
    found = list(texts.each())
    english = (one for one in found if one["lang"].text == "en")
    return next(english, found[0] if found else Node(None))["value"].text


def _uuid(reference: Node) -> str:
    return reference["refObjectId"].text.lower()


def _name(reference: Node) -> str:
    return _said(reference["shortDescription"]) or reference.at("shortDescription", "value").text


def _reference(element: Node) -> Reference:
    return Reference(_name(element), _uuid(element))


def _party(element: Node) -> Reference | None:
    return _reference(element) if element else None


def _scenarios(found: Node) -> Iterator[Scenario]:
    for one in found.each():
        yield Scenario(one["name"].text, _said(one["description"]), one["default"].value is True)


def _materials(found: Node) -> Iterator[Material]:
    """The components and materials with a share."""
    for one in found.each():
        for kind, body in one.items():
            share = body["weightPerc"]
            exact, least, most = (number(share[name].value) for name in ("value", "lowerValue", "upperValue"))
            if kind == "substance" or (exact is None and least is None and most is None):
                continue
            low = exact if exact is not None else least
            high = exact if exact is not None else most
            yield Material(
                name=_said(body["name"]),
                least=Decimal(0) if low is None else low,
                most=Decimal(100) if high is None else high,
                is_packaging=body["packaging"].value is True,
            )
