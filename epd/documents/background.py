"""An upstream declaration as background data: its A1-A3 per unit as one factor, with what speaks against it.

A figure that is not declared stays so, and is never zero. Only figures of the package that our factors are made with
can be added to them. All indicators are kept in the factor (`declared`); those of a result are counted.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final
from unicodedata import normalize

from epd.documents.catalogue import check
from epd.documents.checking import Asked, figure
from epd.documents.checks.plausible import MAY_BE_NEGATIVE, production
from epd.documents.document import DeclaredUnit, Document, Result
from epd.documents.finding import Finding, Severity
from epd.documents.indicators import Package
from epd.documents.own import CODES
from epd.documents.stages import PRODUCTION, Stage
from epd.documents.units import same_unit, unit_key
from epd.lca.indicators import HEADLINE
from epd.lca.indicators import INDICATORS as COUNTED
from epd.lca.result import written
from traceability.ledger.canonical import encode
from traceability.ledger.errors import RecordError
from traceability.ledger.quantity import computing, format_computed

PACKAGE: Final = Package.EF_31
PREFIX: Final = "own"
"""The family of the ids of own data; the rest is a name and a digest, so that an id never changes its values."""
PER: Final[Mapping[str, tuple[str, Decimal]]] = {
    "kg": ("kg", Decimal(1)), "t": ("kg", Decimal(1000)), "g": ("kg", Decimal("0.001")), "MJ": ("MJ", Decimal(1)),
    "kWh": ("kWh", Decimal(1)), "m3": ("m3", Decimal(1)), "l": ("m3", Decimal("0.001")),
}  # fmt: skip
"""Units of a declared unit that a row of an inventory can have, and their size in it."""
HEADLINE_PARTS: Final = ("GWP-fossil", "GWP-luluc")
REFUSING: Final = frozenset({
    "expires_before_issue", "cell_twice", "indicator_twice", "mixed_packages", "lumped", "wrong_unit_group",
    "unit_not_usable", "other_package", "nothing_declared", "number_too_large",
})  # fmt: skip
"""Findings with which nothing is taken over."""
_STAGE: Final = Stage("A1-A3")


class Allocated(StrEnum):
    """On which basis the burdens of a declaration were shared among the products of its steps."""

    UNKNOWN = "unknown"
    NOT_NEEDED = "not_needed"
    ECONOMIC = "economic"
    MASS = "mass"


LIMITS: Final[Mapping[Allocated, tuple[str, ...]]] = {
    Allocated.UNKNOWN: ("allocation_unknown",),
    Allocated.NOT_NEEDED: (),
    Allocated.ECONOMIC: ("allocated_by_value",),
    Allocated.MASS: ("allocated_by_mass",),
}
"""What a result of both chains says of a factor that does not know the two."""
FROM_PARTS: Final = "gwp_ghg_of_parts"


@dataclass(frozen=True, slots=True)
class Terms:
    """What whoever brings data says of it: an empty text takes what the document says."""

    source: str = ""
    licence: str = ""
    allocation: Allocated = Allocated.UNKNOWN


@dataclass(frozen=True, slots=True)
class Candidate:
    """A data set as it would be taken over, or why it cannot be."""

    name: str
    findings: tuple[Finding, ...]
    body: Mapping[str, Any] | None = None
    """The factor as object; None where it is refused."""
    place: str = ""
    """The row of a table."""


def background_of(document: Document, terms: Terms, today: date, file_digest: str) -> Candidate:
    """The factor of an upstream declaration; the rules S1 to P16 are asked too, and their findings named."""
    findings = [one for answer in check(document, Asked(today)) for one in answer.findings]
    values, declared = _values(document, findings)
    unit, size = _unit(document.declared_unit, findings)
    _package(document, findings)
    if not values:
        findings.append(Finding("nothing_declared", Severity.ERROR, "No indicator that counts has a figure for A1-A3."))
    if any(one.code in REFUSING for one in findings):
        return Candidate(document.name or document.uuid, _ordered(findings))
    try:
        body = _body(document, terms, unit, size, values, declared, file_digest, today)
    except RecordError:
        findings.append(Finding("number_too_large", Severity.ERROR, "A figure is larger than the record can hold."))
        return Candidate(document.name or document.uuid, _ordered(findings))
    return Candidate(document.name or document.uuid, _ordered(findings), body)


def _ordered(findings: list[Finding]) -> tuple[Finding, ...]:
    grave = list(Severity)
    return tuple(sorted(findings, key=lambda one: (one.code not in REFUSING, grave.index(one.severity))))


def _package(document: Document, findings: list[Finding]) -> None:
    found = document.packages() - {Package.A1} if PACKAGE in document.methods() else document.packages()
    if PACKAGE in document.methods() or found == {PACKAGE}:
        return
    findings.append(
        Finding(
            "other_package",
            Severity.ERROR,
            "The figures are of another package than EF 3.1, so they cannot be added. Ask for a declaration after it.",
            values={"its package": ", ".join(sorted(found)) or "-", "package": PACKAGE},
        )
    )


@computing()
def _unit(unit: DeclaredUnit, findings: list[Finding]) -> tuple[str, Decimal]:
    """The unit of the factor, and how many of it the declared unit is."""
    known = PER.get(unit_key(unit.unit) or "")
    if known and unit.amount is not None and unit.amount > 0:
        return known[0], unit.amount * known[1]
    if unit.mass_kg is not None and unit.mass_kg > 0:
        findings.append(
            Finding(
                "per_kilogram",
                Severity.NOTE,
                "The declared unit is none of an inventory. The figures are taken per kilogram by its mass.",
                values={"unit": f"{unit.amount if unit.amount is not None else ''} {unit.unit}".strip()},
            )
        )
        return "kg", unit.mass_kg
    if unit.is_elsewhere:
        sentence = "The declared unit stands in another data set. Bring the archive (ZIP) with the flow of the product."
        findings.append(Finding("unit_not_usable", Severity.ERROR, sentence))
        return "kg", Decimal(1)
    findings.append(
        Finding(
            "unit_not_usable",
            Severity.ERROR,
            "The declared unit is not one of kg, MJ, kWh and m3, and its mass is not stated. Bring it with its mass.",
            values={"unit": unit.unit or "-"},
        )
    )
    return "kg", Decimal(1)


def _values(document: Document, findings: list[Finding]) -> tuple[dict[str, Decimal], dict[str, Decimal | None]]:
    """A1-A3 of each counted indicator and of every indicator, per declared unit; what is unsure is left out."""
    ours = {code: name for name, code in CODES.items()}
    results = document.of_method(PACKAGE if PACKAGE in document.methods() else "")
    counted: dict[str, Decimal] = {}
    declared: dict[str, Decimal | None] = {}
    for code, result in results.items():
        if result.indicator is None or PACKAGE not in result.indicator.packages:
            continue
        value = production(result)
        declared[code] = value
        wrong = _why_not(result, value)
        if wrong is not None:
            findings.append(wrong)
            declared[code] = None
        elif value is not None and code in ours:
            counted[ours[code]] = value
    absent = [code for code in CODES.values() if code not in results and code != CODES[HEADLINE]]
    if absent:
        sentence = "The document does not state these indicators. They stay not declared."
        findings.append(Finding("not_stated", Severity.WARNING, sentence, values={"indicators": ", ".join(absent)}))
    return counted, declared


def _why_not(result: Result, value: Decimal | None) -> Finding | None:
    """Why the figure of an indicator is not taken over."""
    if value is None:
        cells = {stage.module for stage, number in result.cells if number is not None}
        told = ", ".join(one for one in PRODUCTION if one in cells)
        sentence = "A1-A3 is not declared here or has a gap. It stays not declared, it is not 0."
        return Finding("gap", Severity.WARNING, sentence, result.code, _STAGE, {"modules": told or "-"})
    known = result.indicator
    if known and not result.unit_group and same_unit(known.unit, result.unit) is not True:
        sentence = "Nobody can tell that the unit is that of the indicator, so its figure is not taken over."
        values = {"stated": result.unit or "-", "expected": known.unit.text}
        return Finding("unit_unsure", Severity.ERROR, sentence, result.code, _STAGE, values)
    if value < 0 and result.code not in MAY_BE_NEGATIVE:
        sentence = "This figure cannot be negative, so it is not taken over."
        return Finding("negative_left_out", Severity.ERROR, sentence, result.code, _STAGE, {"value": figure(value)})
    return None


def _body(
    document: Document,
    terms: Terms,
    unit: str,
    size: Decimal,
    values: Mapping[str, Decimal],
    declared: Mapping[str, Decimal | None],
    file_digest: str,
    today: date,
) -> dict[str, Any]:
    limits = list(LIMITS[terms.allocation])
    counted = dict(values)
    if HEADLINE not in counted and all(declared.get(code) is not None for code in HEADLINE_PARTS):
        counted[HEADLINE] = values["gwp_fossil"] + values["gwp_luluc"]
        limits.append(FROM_PARTS)
    year = document.reference_year or (document.published.year if document.published else None)
    owner = document.owner.name if document.owner else ""
    said = ", ".join(filter(None, (owner, document.name, document.registration, document.uuid, document.version)))
    rows = [{"indicator": code, "value": _per(value, size)} for code, value in declared.items() if value is not None]
    gaps = sorted(code for code, value in declared.items() if value is None)
    about = {
        "format": document.format.value, "uuid": document.uuid, "version": document.version, "owner": owner,
        "registration": document.registration, "package": PACKAGE.value, "file": file_digest,
        "operator": document.operator.name if document.operator else "",
        "published": document.published.isoformat() if document.published else "",
        "valid_until": valid_until(document), "allocation": terms.allocation.value,
    }  # fmt: skip
    body: dict[str, Any] = {
        "name": document.name[:200] or document.uuid, "flow": document.name[:200] or document.uuid, "unit": unit,
        "indicators": [{"indicator": name, "unit": COUNTED[name], "value": _per(counted[name], size)}
                       for name in COUNTED if name in counted],
        "includes": "life_cycle", "year": str(year) if year else "not stated",
        "geography": document.location or "not stated", "gwp_vintage": "AR6",
        "quality": {"te": 2 if document.subtype == "specific dataset" else 3, "ge": 3, "ti": _age(year, today)},
        "illustrative": False, "second_hand": False,
        "source": terms.source or said or file_digest, "licence": terms.licence or document.licence,
        "declared": rows, "document": {name: value for name, value in about.items() if value},
    }  # fmt: skip
    if limits:
        body["limits"] = limits
    if gaps:
        body["not_declared"] = gaps
    return with_id(body)


@computing()
def _per(value: Decimal, size: Decimal) -> str:
    """A figure per one unit, as the record writes it."""
    return format_computed(written(value / size))


def valid_until(document: Document) -> str:
    """The last day of validity; where a file knows the year alone, the last of that year."""
    if document.expires:
        return document.expires.isoformat()
    return f"{document.expires_year}-12-31" if document.expires_year else ""


def _age(year: int | None, today: date) -> int:
    """The mark of time of the pedigree matrix (Weidema): up to 3, 6, 10 and 15 years."""
    if year is None:
        return 5
    return next((mark for mark, most in enumerate((3, 6, 10, 15), 1) if today.year - year <= most), 5)


def with_id(body: Mapping[str, Any]) -> dict[str, Any]:
    """The factor with an id made of its name and of a digest of all that it says."""
    plain = normalize("NFKD", str(body["name"])).encode("ascii", "ignore").decode().lower()
    name = re.sub("[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "data"
    return {"id": f"{PREFIX}.{name}.{sha256(encode(dict(body))).hexdigest()[:16]}", **body}
