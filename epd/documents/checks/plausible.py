"""P5, P6, P10, P11: signs, biogenic carbon, orders of magnitude, and the content declaration."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from epd.documents.checking import Asked, Checked, figure, share
from epd.documents.document import Document, Material, Result
from epd.documents.finding import Finding, Severity
from epd.documents.stages import PRODUCTION, Stage

MAY_BE_NEGATIVE: Final = frozenset({"GWP-total", "GWP-biogenic", "GWP"})
TRANSFERS: Final = frozenset({"PERM", "PENRM"})
"""Energy bound in a material leaves the balance where it is burnt or handed on."""
TRANSFER_MODULES: Final = frozenset({"A5", "C3", "C4"})
CARBON_DIOXIDE: Final = Decimal(44) / Decimal(12)
CARBON_MATTERS: Final = Decimal("0.025")
"""Carbon of this share of the mass is that of 5 % biogenic matter, below which EN 15804 lets it be left out."""
CARBON_WARN: Final = Decimal("0.10")
CARBON_ERROR: Final = Decimal("0.25")
LEAST_INTENSITY: Final = Decimal("0.002")
MOST_INTENSITY: Final = Decimal(1)
"""kg CO2 equivalent per MJ of fossil energy: from nearly all nuclear to far more process gas than fuel."""
SLIPS: Final[Mapping[str, Decimal]] = {"1000": Decimal(1000), "3.6": Decimal("3.6"), "1000000": Decimal(10**6)}
SLIP_BAND: Final = Decimal("0.02")
CONTENT_BAND: Final = Decimal("0.5")


def p5_signs(document: Document, asked: Asked) -> Checked:
    """Burdens are not negative outside module D, but for uptake of carbon and handed-on energy."""
    count = 0
    findings: list[Finding] = []
    for result in document.results:
        if result.code in MAY_BE_NEGATIVE or result.indicator is None:
            continue
        for stage, value in result.values().items():
            if stage.module == "D" or (result.code in TRANSFERS and stage.module in TRANSFER_MODULES):
                continue
            count += 1
            if value < 0:
                findings.append(
                    Finding(
                        "negative",
                        Severity.WARNING,
                        "This figure cannot be negative here. Check its sign, or say why it is.",
                        result.code,
                        stage,
                        {"value": figure(value)},
                    )
                )
    return Checked(count, tuple(findings))


def production(result: Result | None) -> Decimal | None:
    """A1-A3, as stated or as the sum of its three modules."""
    values = {stage.module: value for stage, value in result.values().items()} if result else {}
    if "A1-A3" in values:
        return values["A1-A3"]
    return sum((values[one] for one in PRODUCTION), Decimal(0)) if set(PRODUCTION) <= values.keys() else None


def p6_carbon(document: Document, asked: Asked) -> Checked:
    """Biogenic carbon that the product holds was taken up in A1-A3, and leaves at its end."""
    count = 0
    findings: list[Finding] = []
    for method in document.methods():
        result = document.of_method(method).get("GWP-biogenic")
        taken_up = production(result)
        if result is None or taken_up is None:
            continue
        for found in (_uptake(document, taken_up), *_release(document, result, taken_up, method)):
            if found is not None:
                count += 1
                findings.extend(found)
    return Checked(count, tuple(findings))


def _uptake(document: Document, taken_up: Decimal) -> list[Finding] | None:
    held = (document.carbon_kg or Decimal(0)) + (document.packaging_carbon_kg or Decimal(0))
    mass = document.declared_unit.mass_kg
    if not held or not mass or held / mass < CARBON_MATTERS:
        return None
    expected = -held * CARBON_DIOXIDE
    found = abs(taken_up - expected) / abs(expected)
    if found <= CARBON_WARN:
        return []
    return [
        Finding(
            "carbon_uptake",
            Severity.ERROR if found > CARBON_ERROR else Severity.WARNING,
            "GWP-biogenic of A1-A3 is not the carbon that the product holds, times -44/12. Correct one of them.",
            "GWP-biogenic",
            Stage("A1-A3"),
            {"value": figure(taken_up), "expected": figure(expected), "difference": share(found)},
        )
    ]


def _release(document: Document, result: Result, taken_up: Decimal, method: str) -> Iterator[list[Finding] | None]:
    """The sum over the life cycle for each scenario, where carbon was taken up and the end of life is declared."""
    total = production(document.of_method(method).get("GWP-fossil"))
    values = result.values()
    if taken_up >= 0 or (total is not None and -taken_up < abs(total) / 20):
        return
    ends = {stage.scenario for stage in values if stage.module in ("C3", "C4")}
    if not {"C3", "C4"} <= {stage.module for stage in values}:
        return
    for scenario in sorted(ends - {""}) or [""]:
        after = sum(
            (
                value
                for stage, value in values.items()
                if stage.module[0] in "ABC"
                and stage.module not in ("A1-A3", *PRODUCTION)
                and stage.scenario in ("", scenario)
            ),
            Decimal(0),
        )
        left = abs(taken_up + after) / abs(taken_up)
        yield (
            []
            if left <= CARBON_WARN
            else [
                Finding(
                    "carbon_not_released",
                    Severity.WARNING,
                    "GWP-biogenic taken up in A1-A3 does not leave in A4 to C4. Say where it stays.",
                    "GWP-biogenic",
                    Stage("C3", scenario),
                    {"taken up": figure(taken_up), "released": figure(after)},
                )
            ]
        )


def p10_magnitude(document: Document, asked: Asked) -> Checked:
    """Figures are of an order that can be: against each other, and against an earlier document that was brought."""
    count = 0
    findings: list[Finding] = []
    for method in document.methods():
        there = document.of_method(method)
        carbon = production(there.get("GWP-fossil"))
        energy = production(there.get("PENRT"))
        if carbon is not None and energy and energy > 0:
            count += 1
            found = carbon / energy
            if not LEAST_INTENSITY <= found <= MOST_INTENSITY:
                findings.append(
                    Finding(
                        "carbon_per_energy",
                        Severity.WARNING,
                        "Fossil GWP and fossil energy do not fit. Check whether MJ and kWh, or kg and t, were mixed.",
                        "GWP-fossil",
                        Stage("A1-A3"),
                        {"kg per MJ": figure(found)},
                    )
                )
    for code, stage, now, before in compared(document, asked.previous):
        count += 1
        findings.extend(_slip(code, stage, now, before))
    return Checked(count, tuple(findings))


def compared(document: Document, previous: Document | None) -> Iterator[tuple[str, Stage, Decimal, Decimal]]:
    """The figures that a document and an earlier one have in common, this one's first."""
    if previous is None:
        return
    for method in document.methods():
        earlier = previous.of_method(method)
        for code, result in document.of_method(method).items():
            known = earlier[code].values() if code in earlier else {}
            for stage, value in result.values().items():
                if stage in known:
                    yield code, stage, value, known[stage]


def _slip(code: str, stage: Stage, now: Decimal, before: Decimal) -> Iterator[Finding]:
    if not now or not before or (now < 0) != (before < 0):
        return
    ratio = max(now / before, before / now)
    for name, factor in SLIPS.items():
        if abs(ratio / factor - 1) <= SLIP_BAND:
            yield Finding(
                "unit_slip",
                Severity.WARNING,
                "The figure differs from the earlier document by the factor of two units. Check its unit.",
                code,
                stage,
                {"now": figure(now), "before": figure(before), "factor": name},
            )


def p11_content(document: Document, asked: Asked) -> Checked:
    """The materials of the product, and those of its packaging, can sum to 100 %."""
    findings: list[Finding] = []
    for is_packaging in (False, True):
        there = [one for one in document.materials if one.is_packaging is is_packaging]
        if there:
            findings.extend(_content(there, "packaging" if is_packaging else "product"))
    return Checked(len(document.materials), tuple(findings))


def _content(there: list[Material], of: str) -> Iterator[Finding]:
    least = sum((one.least for one in there), Decimal(0))
    most = sum((one.most for one in there), Decimal(0))
    if not least - CONTENT_BAND <= 100 <= most + CONTENT_BAND:
        yield Finding(
            "content_sum",
            Severity.ERROR,
            "The content declaration does not sum to 100 %. Complete it, or correct the shares.",
            values={"of": of, "least": f"{figure(least)} %", "most": f"{figure(most)} %"},
        )
