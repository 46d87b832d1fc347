"""Published declarations of others, and one valid openEPD document to change at one place."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from epd.documents.catalogue import check
from epd.documents.checking import Answer, Asked
from epd.documents.document import Document
from epd.documents.indicators import INDICATORS, Group, Package
from epd.documents.units import UNITS
from epd.formats.openepd import PHOSPHATE_PER_PHOSPHORUS
from epd.formats.reading import read_documents
from tests.standards import standards_path

TODAY = date(2026, 11, 21)
CLEAN = (
    "ibu__2eb43850-0ab2-4068-afe5-218d69a096f8_00.01.000.xml",
    "0cb92770-9007-48c6-bc03-466af8894419.json",
    "0e9fd868-9656-489e-be6c-8251b3d43283.json",
)
REAL_XML = (
    "environdec__daa1778e-be8f-4d2f-b1b3-c32ca2f0e90d_01.00.001.xml",
    "epditaly__8bc0d502-7f9b-43ab-af31-d55d23a708f1_00.00.024.xml",
    "epditaly_without_a1a2a3__a6ef2d29-49bd-4aaf-ac19-1e3975e4fa51_00.00.039.xml",
    "ibu__2eb43850-0ab2-4068-afe5-218d69a096f8_00.01.000.xml",
    "oekobau__ee8863aa-7276-4896-b07a-713937a3134d_00.00.018.xml",
)


def sample(name: str) -> Path:
    """The path of a sample by its file name."""
    folder = {".xml": "ilcd_xml/", ".json": "ilcd_json/"}.get(Path(name).suffix, "")
    return standards_path(f"epd/samples/{name if '/' in name else folder + name}")


def read(content: bytes | Path) -> Document:
    """The one document in a file."""
    (found,) = read_documents(content.read_bytes() if isinstance(content, Path) else content)
    return found


def answers(document: Document, previous: Document | None = None, *upstream: Document) -> dict[str, Answer]:
    """The answer of each rule by its id, on the day of the tests."""
    return {one.rule.id: one for one in check(document, Asked(TODAY, previous, upstream))}


def openepd() -> dict[str, Any]:
    """A document in which nothing is wrong: 37 indicators of EF 3.1 in A1-A3, C3, C4 and D."""
    impacts: dict[str, Any] = {}
    sections: dict[str, dict[str, Any]] = {"resource_uses": {}, "output_flows": {}}
    for one in INDICATORS:
        if Package.EF_31 in one.packages and one.openepd and one.group is not Group.NATIONAL:
            is_flow = one.group in (Group.RESOURCE, Group.WASTE, Group.OUTPUT)
            where = sections["resource_uses" if one.group is Group.RESOURCE else "output_flows"] if is_flow else impacts
            where[one.openepd] = _scopes(one.code, "kgPO4e" if one.unit is UNITS["kgPe"] else one.unit.key)
    return {
        "doctype": "openEPD", "openepd_version": "0.1", "id": "ec3test1", "version": 1,
        "product_name": "Alloy", "product_description": "Cast alloy", "program_operator_doc_id": "X-1",
        "date_of_issue": "2025-03-01T00:00:00Z", "valid_until": "2030-02-28T00:00:00Z",
        "declared_unit": {"qty": 1, "unit": "kg"}, "kg_per_declared_unit": {"qty": 1, "unit": "kg"},
        "pcr": {"name": "Alloys", "valid_until": "2027-01-01T00:00:00Z", "status": "Published"},
        "manufacturer": {"name": "Maker", "web_domain": "maker.example"},
        "epd_developer": {"name": "Author", "web_domain": "author.example"},
        "program_operator": {"name": "Operator", "web_domain": "operator.example"},
        "third_party_verifier": {"name": "Verifier", "web_domain": "verifier.example"},
        "compliance": [{"short_name": "EN 15804+A2"}],
        "impacts": {"EF 3.1": impacts}, **sections,
    }  # fmt: skip


PARTS = {"GWP-total": 30, "GWP-fossil": 29, "GWP-biogenic": 0.5, "GWP-luluc": 0.5, "PERT": 40, "PERE": 40, "PERM": 0,
         "PENRT": 400, "PENRE": 390, "PENRM": 10, "ADPF": 398}  # fmt: skip


def _scopes(code: str, unit: str) -> dict[str, Any]:
    value = PARTS.get(code, 2.0)
    factor = float(PHOSPHATE_PER_PHOSPHORUS) if unit == "kgPO4e" else 1
    return {
        scope: {"mean": value * share * factor, "unit": unit}
        for scope, share in (("A1A2A3", 1), ("C3", 0.1), ("C4", 0.2), ("D", -0.5))
    }


def changed(path: str, value: Any) -> Document:
    """The valid document with another value at a path such as `impacts/EF 3.1/gwp/C3/mean`; None takes it out."""
    found = openepd()
    *parents, last = path.split("/")
    at = found
    for name in parents:
        at = at[name]
    if value is None:
        del at[last]
    else:
        at[last] = value
    return read(json.dumps(found).encode())
