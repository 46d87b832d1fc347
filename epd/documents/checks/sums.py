"""P1 to P4: sums that must close, within what rounding explains.

The bands were measured on eight published EPDs after EN 15804+A2: the median difference was 0.26 % of the largest term,
the worst that rounding explains 0.56 %, one true error 2.8 %.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from epd.documents.checking import Asked, Checked, figure, share
from epd.documents.document import Document, Result
from epd.documents.finding import Finding, Severity
from epd.documents.indicators import Package
from epd.documents.stages import PRODUCTION, Stage

WARN_ABOVE: Final = Decimal("0.006")
ERROR_ABOVE: Final = Decimal("0.02")
FOSSIL_BAND: Final = Decimal("0.15")
GWP_PARTS: Final = ("GWP-fossil", "GWP-biogenic", "GWP-luluc")
ENERGY_SUMS: Final = (("PERT", ("PERE", "PERM")), ("PENRT", ("PENRE", "PENRM")))


def difference(total: Decimal, parts: Sequence[Decimal]) -> Decimal:
    """How far a total is from the sum of its parts, as a share of the largest term."""
    largest = max(abs(one) for one in (total, *parts))
    return abs(total - sum(parts, Decimal(0))) / largest if largest else Decimal(0)


def p1_gwp(document: Document, asked: Asked) -> Checked:
    """GWP-total is the sum of its parts, in each module and scenario."""
    return _in_each_method(document, (("GWP-total", GWP_PARTS),), "gwp_sum")


def p2_energy(document: Document, asked: Asked) -> Checked:
    """Total primary energy is that used as energy and that used as raw material."""
    return _in_each_method(document, ENERGY_SUMS, "energy_sum")


def _in_each_method(document: Document, sums: Sequence[tuple[str, tuple[str, ...]]], code: str) -> Checked:
    count = 0
    findings: list[Finding] = []
    for method in document.methods():
        there = document.of_method(method)
        for total, parts in sums:
            for stage, terms in closed(there, total, parts):
                count += 1
                findings.extend(_judged(total, stage, terms, code))
    return Checked(count, tuple(findings))


def closed(
    there: Mapping[str, Result], total: str, parts: Sequence[str]
) -> Iterator[tuple[Stage, Mapping[str, Decimal]]]:
    """The terms of a sum in each stage where all of them are numbers, the total first."""
    if not {total, *parts} <= there.keys():
        return
    values = {code: there[code].values() for code in (total, *parts)}
    for stage in values[total]:
        if all(stage in values[code] for code in parts):
            yield stage, {code: values[code][stage] for code in (total, *parts)}


def _judged(total: str, stage: Stage, terms: Mapping[str, Decimal], code: str) -> Iterator[Finding]:
    first, *parts = terms.values()
    found = difference(first, parts)
    if found > WARN_ABOVE:
        yield Finding(
            code,
            Severity.ERROR if found > ERROR_ABOVE else Severity.WARNING,
            "The total is not the sum of its parts. Correct the wrong figure.",
            total,
            stage,
            {
                **{name: figure(one) for name, one in terms.items()},
                "sum": figure(sum(parts, Decimal(0))),
                "difference": share(found),
            },
        )


def p3_production(document: Document, asked: Asked) -> Checked:
    """A1-A3 is A1 + A2 + A3, for every indicator that states all of them."""
    count = 0
    findings: list[Finding] = []
    for result in document.results:
        values = {stage.module: value for stage, value in result.values().items() if not stage.scenario}
        if {"A1-A3", *PRODUCTION} <= values.keys():
            count += 1
            terms = {name: values[name] for name in ("A1-A3", *PRODUCTION)}
            findings.extend(_judged(result.code, Stage("A1-A3"), terms, "production_sum"))
    return Checked(count, tuple(findings))


def p4_fossil(document: Document, asked: Asked) -> Checked:
    """Depletion of fossil resources is near the use of non-renewable primary energy (EN 15804+A2 alone)."""
    count = 0
    findings: list[Finding] = []
    for method in document.methods():
        there = document.of_method(method)
        adpf = there.get("ADPF")
        if adpf is None or adpf.indicator is None or Package.A1 in adpf.indicator.packages or "PENRT" not in there:
            continue
        energy = there["PENRT"].values()
        as_energy = there["PENRE"].values() if "PENRE" in there else {}
        for stage, value in adpf.values().items():
            if stage.module in ("A1-A3", "A1", "A3") and (whole := energy.get(stage)):
                count += 1
                found = min(abs(value - one) / abs(one) for one in (whole, as_energy.get(stage) or whole))
                if found > FOSSIL_BAND:
                    findings.append(
                        Finding(
                            "fossil_energy_differs",
                            Severity.WARNING,
                            "Fossil depletion and non-renewable energy are far apart. Check both and their unit.",
                            "ADPF",
                            stage,
                            {"ADPF": figure(value), "PENRT": figure(whole), "difference": share(found)},
                        )
                    )
    return Checked(count, tuple(findings))
