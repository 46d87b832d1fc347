"""A document as openEPD JSON. What openEPD cannot say is refused, not left out; ND is a scope that is absent."""

import json
import re
from collections.abc import Mapping
from decimal import Context, Decimal
from typing import Any, Final

from epd.documents.document import Document, Reference, Result
from epd.documents.indicators import Group
from epd.documents.units import UNITS
from epd.formats.openepd import PHOSPHATE_PER_PHOSPHORUS, STAGES
from traceability.ledger.errors import RecordError

Json = dict[str, Any]
_SCOPES: Final = {module: scope for scope, module in STAGES.items()}
_END_OF_LIFE: Final = frozenset({"C1", "C2", "C3", "C4", "D"})
_CONVERTED: Final = Context(prec=18)
_MARK: Final = "\ue000"
"""Stands before the digits of a number until the text is written, so that none is rounded to a float."""
_MARKED: Final = re.compile(f'"{_MARK}([-+0-9.E]+)"')


class NotInOpenEpd(RecordError):
    """A document with something that openEPD has no place for."""

    code = "not_in_openepd"


def write_openepd(document: Document, ext: Mapping[str, Any] | None = None) -> bytes:
    """The JSON text; `ext` is kept under our name, where openEPD leaves room."""
    package = document.package()
    impacts: Json = {}
    resources: Json = {}
    outputs: Json = {}
    for result in document.results:
        known = result.indicator
        if known is None or not known.openepd or package is None:
            raise NotInOpenEpd("No key of openEPD fits this indicator. Write the document in another format.",
                               path=result.code)  # fmt: skip
        if scopes := _scopes(result):
            where = resources if known.group is Group.RESOURCE else outputs if result.is_flow else impacts
            where[known.openepd] = scopes
    unit = document.declared_unit
    value: Json = {
        "doctype": "openEPD",
        "openepd_version": "0.1",
        "version": 1,
        "language": "en",
        "alt_ids": {"lodestone": document.uuid},
        "product_name": _text(document.name)[:200],
        "product_description": _text(document.description)[:2000],
        "declared_unit": _amount(unit.amount, unit.unit),
        "kg_per_declared_unit": _amount(unit.mass_kg, "kg"),
        "kg_C_biogenic_per_declared_unit": _amount(document.carbon_kg, "kg"),
        "manufacturer": _org(document.owner),
        "epd_developer": _org(document.author),
        "program_operator": _org(document.operator),
        "program_operator_doc_id": document.registration or None,
        "third_party_verifier": _org(document.reviewers[0] if document.reviewers else None),
        "date_of_issue": f"{document.published}T00:00:00Z" if document.published else None,
        "valid_until": f"{document.expires}T00:00:00Z" if document.expires else None,
        "impacts": {package: impacts} if impacts else None,
        "resource_uses": resources or None,
        "output_flows": outputs or None,
        "ext": {"lodestone": dict(ext)} if ext else None,
    }
    text = json.dumps({name: one for name, one in value.items() if one is not None}, ensure_ascii=False, indent=1)
    return _MARKED.sub(r"\1", text).encode() + b"\n"


def _scopes(result: Result) -> Json:
    """The scope set of a result; scenarios are possible at the end of life alone."""
    found: Json = {}
    scenarios: dict[str, Json] = {}
    for stage, value in result.cells:
        if stage.scenario and stage.module not in _END_OF_LIFE:
            raise NotInOpenEpd(
                "Scenarios of openEPD are of the end of life alone. Write the document in another format.",
                path=f"{result.code} {stage}",
            )
        if value is not None:
            where = scenarios.setdefault(stage.scenario, {"name": stage.scenario}) if stage.scenario else found
            where[_SCOPES[stage.module]] = _measurement(result, value)
    return {**found, "C_scenarios": list(scenarios.values())} if scenarios else found


def _measurement(result: Result, value: Decimal) -> Json:
    unit = result.indicator.unit if result.indicator else UNITS["kg"]
    if unit is UNITS["kgPe"]:
        return {"mean": _number(_CONVERTED.multiply(value, PHOSPHATE_PER_PHOSPHORUS)), "unit": "kgPO4e"}
    return {"mean": _number(value), "unit": unit.key}


def _amount(quantity: Decimal | None, unit: str) -> Json | None:
    return None if quantity is None else {"qty": _number(quantity), "unit": unit}


def _org(party: Reference | None) -> Json | None:
    return {"name": _text(party.name)[:200]} if party else None


def _number(value: Decimal) -> str:
    return f"{_MARK}{value}"


def _text(text: str) -> str:
    return text.replace(_MARK, "")
