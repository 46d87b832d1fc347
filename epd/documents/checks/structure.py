"""S1 to S4: whether a document is what its format says, under one package, complete and in the words that are bound."""

import re
from collections import Counter
from collections.abc import Collection, Iterator
from typing import Final

from epd.documents.checking import Asked, Checked
from epd.documents.document import Document, Format, Result
from epd.documents.finding import Finding, Severity
from epd.documents.indicators import Group, Package, codes
from epd.documents.stages import MODULES, Stage
from epd.documents.units import same_unit

COMPLIANCE: Final = {
    "b00f9ec0-7874-11e3-981f-0800200c9a66": Package.A1,
    "c0016b33-8cf7-415c-ac6e-deba0d21440d": Package.EF_30,
    "d4aa3ec7-b1d7-4a4a-a6cb-37af88dcc902": Package.EF_31,
}
"""The standards by their source data sets."""
ENERGY: Final = ("PERE", "PERM", "PERT", "PENRE", "PENRM", "PENRT")
_LUMPED: Final = re.compile(r"([A-D][0-9]?)\s*(?:-|–|to)\s*([A-D][0-9]?)|total|sum", re.IGNORECASE)


def s1_format(document: Document, asked: Asked) -> Checked:
    """The file is what its format says."""
    return Checked(document.parts, document.defects)


def s2_package(document: Document, asked: Asked) -> Checked:
    """All results belong to one package, with its unit groups, and the stated standard is that of the package."""
    return Checked(len(document.results), tuple(_package_findings(document)))


def _package_findings(document: Document) -> Iterator[Finding]:
    found = sorted(document.packages())
    if len(found) > 1 and document.format is not Format.OPENEPD:
        yield Finding(
            "mixed_packages",
            Severity.ERROR,
            "The indicators are of several packages. Compute all of them with one.",
            values={one.value: ", ".join(_only_in(document, one)) for one in found},
        )
    if document.format is Format.OPENEPD:
        yield from _split_over_methods(document)
    yield from _compliance(document)
    for result in document.results:
        yield from _identity(result, document.package())


def _only_in(document: Document, package: Package) -> list[str]:
    return [one.code for one in document.results if one.indicator and one.indicator.packages == {package}]


def _split_over_methods(document: Document) -> Iterator[Finding]:
    """openEPD may hold several methods; an indicator that stands in one EF package alone was mixed in."""
    sets = {one: set(document.of_method(one)) for one in document.methods() if one in tuple(Package)}
    for code in sorted(set().union(*sets.values()) if len(sets) > 1 else ()):
        missing = [method for method, codes_there in sets.items() if code not in codes_there]
        if missing:
            yield Finding(
                "mixed_packages",
                Severity.ERROR,
                "The indicators are of several packages. Compute all of them with one.",
                code,
                values={"not in": ", ".join(missing)},
            )


def _compliance(document: Document) -> Iterator[Finding]:
    package = document.package()
    stated = [COMPLIANCE[one.uuid] for one in document.compliance if one.uuid in COMPLIANCE]
    if package and stated and package not in stated:
        yield Finding(
            "compliance_differs",
            Severity.ERROR,
            "The standard that the document names has other indicators than it uses. Name the right one.",
            values={"stated": ", ".join(stated), "used": package},
        )
    if document.format is not Format.OPENEPD and not stated:
        yield Finding(
            "no_compliance", Severity.WARNING, "The document names no edition of EN 15804 by its data set. Name it."
        )


def _identity(result: Result, package: Package | None) -> Iterator[Finding]:
    """Whether a result is a known indicator in its unit."""
    known = result.indicator
    if known is None and result.method:
        return  # of a method whose indicators we do not list: S3 says so
    if known is None:
        yield Finding(
            "unknown_indicator",
            Severity.WARNING,
            "This indicator is in no list that we have, so nothing compares its values.",
            result.code,
            values={"uuid": result.uuid or "-"},
        )
        return
    if result.unit_group and result.unit_group not in (known.unit.group, *known.unit.others):
        yield Finding(
            "wrong_unit_group",
            Severity.ERROR,
            "The unit group is not that of the indicator. Name the right one.",
            result.code,
            values={"stated": result.unit_group, "expected": known.unit.group},
        )
    is_same = same_unit(known.unit, result.unit) if result.unit else None
    if is_same is False or (is_same is None and not result.unit_group):
        gravity = Severity.WARNING if result.unit_group else Severity.ERROR
        yield Finding(
            "wrong_unit",
            gravity,
            "The text of the unit is not that of the indicator. Correct it.",
            result.code,
            values={"stated": result.unit or "-", "expected": known.unit.text},
        )
    expected = known.versions.get(package) if package else None
    others = set(known.versions.values()) - {expected}
    if expected and result.version in others:
        yield Finding(
            "version_of_other_package",
            Severity.WARNING,
            "The version of the indicator is that of another package. Name the right one.",
            result.code,
            values={"stated": result.version, "expected": expected},
        )


def s3_complete(document: Document, asked: Asked) -> Checked:
    """Every indicator of the list is there, as numbers or as ND."""
    if not document.results:
        missing = "The document holds no results. A declaration has a table of indicators by module."
        return Checked(0, (Finding("no_results", Severity.ERROR, missing),))
    findings: list[Finding] = []
    count = 0
    for method in document.methods():
        package = next((one for one in Package if one == method), document.package())
        if package is None:
            findings.append(
                Finding(
                    "no_list",
                    Severity.NOTE,
                    "We have no list of what this method must declare, so completeness was not checked.",
                    values={"method": method or "-"},
                )
            )
            continue
        there = document.of_method(method)
        count += len(there)
        findings.extend(_missing(there.keys(), package))
    return Checked(count, tuple(findings))


def _missing(there: Collection[str], package: Package) -> Iterator[Finding]:
    core = codes(package, Group.CORE)
    least = [*core, *ENERGY]
    absent = [code for code in least if code not in there]
    if absent:
        yield Finding(
            "indicators_missing",
            Severity.ERROR,
            "Indicators of the list are missing. State each as numbers or as ND.",
            values={"missing": ", ".join(absent), "package": package},
        )
    rest = codes(package, Group.ADDITIONAL, Group.RESOURCE, Group.WASTE, Group.OUTPUT)
    also = [code for code in rest if code not in there and code not in least]
    if also:
        yield Finding(
            "full_list_incomplete",
            Severity.WARNING,
            "For a construction product EN 15804 asks for these too, as numbers or as ND.",
            values={"missing": ", ".join(also), "package": package},
        )


def s4_modules(document: Document, asked: Asked) -> Checked:
    """Modules are written as bound, each indicator has the same ones, each cell once."""
    stages = [stage for one in document.results for stage, _ in one.cells]
    return Checked(len(stages), tuple(_module_findings(document, stages)))


def _module_findings(document: Document, stages: list[Stage]) -> Iterator[Finding]:
    for module in sorted({one.module for one in stages} - set(MODULES)):
        if not is_lumped(module):
            yield Finding(
                "unknown_module",
                Severity.ERROR,
                "There is no such module. Write it as EN 15804 does.",
                stage=Stage(module),
            )
    for method in document.methods():
        yield from _uneven(list(document.of_method(method).values()))
    for result in document.results:
        twice = [stage for stage, times in Counter(stage for stage, _ in result.cells).items() if times > 1]
        for stage in twice:
            yield Finding("cell_twice", Severity.ERROR, "This cell stands twice. Keep one.", result.code, stage)
    seen = Counter((one.method, one.uuid or one.code) for one in document.results)
    for (_, name), times in seen.items():
        if times > 1:
            yield Finding("indicator_twice", Severity.ERROR, "This indicator stands twice. Keep one.", name)
    yield from _silent_zeros(document)


def _uneven(results: list[Result]) -> Iterator[Finding]:
    every = {stage for one in results for stage, _ in one.cells}
    for one in results:
        absent = every - {stage for stage, _ in one.cells}
        if absent:
            yield Finding(
                "modules_differ",
                Severity.ERROR,
                "This indicator lacks modules that others have. State a number or ND in each.",
                one.code,
                values={"missing": ", ".join(sorted(str(stage) for stage in absent))},
            )


def _silent_zeros(document: Document) -> Iterator[Finding]:
    """A module in which every number is 0 was more likely not declared than computed."""
    values: dict[Stage, list[bool]] = {}
    for result in document.results:
        for stage, value in result.values().items():
            values.setdefault(stage, []).append(value == 0)
    for stage, zeros in values.items():
        if len(zeros) > 1 and all(zeros):
            yield Finding(
                "all_zero",
                Severity.WARNING,
                "Every number of this module is 0. Where nothing was computed, write ND.",
                stage=stage,
            )


def is_lumped(module: str) -> bool:
    """Whether a module is a sum of several, other than A1-A3."""
    return module not in MODULES and _LUMPED.fullmatch(module.strip()) is not None
