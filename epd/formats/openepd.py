"""openEPD JSON, read to a document. Its schema accepts nearly everything, so what is missing is noted here."""

from collections.abc import Iterator
from decimal import Context, Decimal
from typing import Final

from epd.documents.document import CategoryRules, DeclaredUnit, Document, Format, Ingredient, Reference, Result
from epd.documents.finding import Severity
from epd.documents.indicators import FLOWS, INDICATORS, Indicator, Package
from epd.documents.stages import MODULES, Stage
from epd.documents.units import UNITS, unit_key
from epd.formats.defects import Defects, number
from epd.formats.json_text import Node

PHOSPHATE_PER_PHOSPHORUS: Final = Decimal("94.9714") / Decimal("30.973762")
"""kg PO4 with 1 kg of P: openEPD writes freshwater eutrophication in kgPO4e, EN 15804 in kg P."""
_CONVERTED: Final = Context(prec=15)
"""So many digits are those of the value in kg P: writers state more of the one in kg PO4."""
STAGES: Final = {"A1A2A3": "A1-A3", **{one: one for one in MODULES if one != "A1-A3"}}
"""Modules by the name that openEPD gives them."""
_NO_SCOPE: Final = frozenset({"ext", "C_scenarios", *(f"B{number}_years" for number in range(1, 8))})
BATCH_MONTHS: Final = 3
"""`batch_specific` is a run of at most 90 days."""


def read_openepd(root: Node) -> Document:
    """The document in openEPD JSON."""
    defects = Defects()
    doctype = root["doctype"].text
    if doctype.lower() != "openepd":
        defects.add("wrong_doctype", Severity.ERROR, "An openEPD document has the doctype openEPD. Write so.",
                    written=doctype)  # fmt: skip
    ec3 = root["ec3"] or root.at("ext", "ec3")
    return Document(
        format=Format.OPENEPD,
        name=root["product_name"].text,
        uuid=root["id"].text or next((one.text for _, one in root["alt_ids"].items()), ""),
        version=root["version"].text,
        registration=root["program_operator_doc_id"].text,
        description=root["product_description"].text,
        declared_unit=_declared_unit(root),
        published=defects.day(root["date_of_issue"].text),
        expires=defects.day(root["valid_until"].text),
        months=BATCH_MONTHS if ec3["batch_specific"].value is True else None,
        months_reason=root["lca_discussion"].text,
        rules=_category_rules(root["pcr"], defects),
        compliance=tuple(Reference(one["short_name"].text or one["name"].text) for one in root["compliance"].each()),
        owner=_party(root["manufacturer"]),
        author=_party(root["epd_developer"]),
        operator=_party(root["program_operator"]),
        review="third party" if root["third_party_verifier"] else "",
        reviewers=tuple(one for one in (_party(root["third_party_verifier"]),) if one),
        carbon_kg=number(root.at("kg_C_biogenic_per_declared_unit", "qty").value),
        ingredients=tuple(
            Ingredient(one["link"].text, number(one["gwp_fraction"].value)) for one in root["includes"].each()
        ),
        results=tuple(_results(root, defects)),
        defects=defects.all(),
    )


def _declared_unit(root: Node) -> DeclaredUnit:
    unit, mass = root["declared_unit"], root["kg_per_declared_unit"]
    amount = number(unit["qty"].value)
    in_kg = number(mass["qty"].value) if mass["unit"].text in ("kg", "") else None
    return DeclaredUnit(amount, unit["unit"].text, amount if unit["unit"].text == "kg" else in_kg)


def _category_rules(pcr: Node, defects: Defects) -> CategoryRules | None:
    if not pcr:
        return None
    return CategoryRules(
        pcr["name"].text or pcr["id"].text, pcr["id"].text, defects.day(pcr["valid_until"].text), pcr["status"].text
    )


def _party(org: Node) -> Reference | None:
    """A party; its web domain is its identifier."""
    return Reference(org["name"].text or org["web_domain"].text, org["web_domain"].text.lower()) if org else None


def _results(root: Node, defects: Defects) -> Iterator[Result]:
    for method, indicators in root["impacts"].items():
        package = next((one for one in Package if one == method), None)
        for key, scopes in indicators.items():
            known = _known(key, package) if package else None
            yield from _result(key, scopes, known, defects, method=method)
    for section in ("resource_uses", "output_flows"):
        for key, scopes in root[section].items():
            known = _known(key, None)
            yield from _result(key, scopes, known, defects, is_input=section == "resource_uses")


def _known(key: str, package: Package | None) -> Indicator | None:
    """The indicator of a key: of a package, or among the flows that all packages share."""
    for one in INDICATORS:
        if one.openepd == key and (package in one.packages if package else one.group in FLOWS):
            return one
    return None


def _result(
    key: str,
    scopes: Node,
    known: Indicator | None,
    defects: Defects,
    *,
    method: str = "",
    is_input: bool = False,
) -> Iterator[Result]:
    """The result under a key; a key without a measurement is none."""
    label = known.code if known else key
    measured = list(_measured(scopes))
    if not measured:
        return
    units = {one["unit"].text for _, one in measured}
    if len(units) > 1:
        defects.add("mixed_units", Severity.ERROR, "The values of one indicator have several units. Use one.",
                    indicator=label, written=", ".join(sorted(units)))  # fmt: skip
    unit = min(units)
    factor = Decimal(1)
    if known and known.unit is UNITS["kgPe"] and unit_key(unit) == "kgPO4e":
        factor, unit = PHOSPHATE_PER_PHOSPHORUS, "kgPe"
    cells: list[tuple[Stage, Decimal | None]] = []
    for stage, one in measured:
        value = number(one["mean"].value)
        if value is None:
            defects.add("unreadable_value", Severity.ERROR,
                        "This is neither a number nor ND. Write digits with a point.", indicator=label, stage=stage,
                        written=one["mean"].text)  # fmt: skip
        else:
            cells.append((stage, value if factor == 1 else _CONVERTED.divide(value, factor).normalize()))
    yield Result(
        name=key,
        indicator=known,
        cells=tuple(cells),
        uuid=known.uuid if known else "",
        unit=unit,
        method=method,
        is_flow=not method,
        is_input=is_input,
    )


def _measured(scopes: Node) -> Iterator[tuple[Stage, Node]]:
    """The measurements of a scope set with their stages."""
    for name, one in scopes.items():
        if one and name not in _NO_SCOPE:
            yield Stage(STAGES.get(name, name)), one
    for scenario in scopes["C_scenarios"].each():
        for name, one in scenario.items():
            if one and name in STAGES:
                yield Stage(STAGES[name], scenario["name"].text), one
