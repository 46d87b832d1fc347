"""The report as text for a terminal."""

from collections.abc import Iterator
from itertools import groupby

from traceability.verifier.report import NOT_DETECTABLE, CheckResult, Finding, Level, Report

SHOWN = 5
"""So many findings of one code are listed under a check; the JSON report has them all."""

_MARKS = {Level.NOTE: "note", Level.WARNING: "warning", Level.INCOMPLETE: "not established", Level.INVALID: "FAIL"}


def to_text(report: Report) -> str:
    """The lines of the report; the last one is the verdict."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield report.first_line
    yield report.second_line
    yield ""
    yield f"Lot           {report.stood.target}"
    yield f"Custody hash  {report.stood.custody_hash}"
    if report.stood.size is not None:
        yield f"Log           {report.stood.origin}, {report.stood.size} leaves"
    for group, checks in groupby(report.checks, lambda check: check.group):
        yield ""
        yield group.value.capitalize()
        for check in checks:
            yield from _check(check)
    yield ""
    yield "What no ledger can detect:"
    yield from (f"  - {one}" for one in NOT_DETECTABLE)
    yield ""
    counts = ", ".join(f"{count} {word}" for word, count in report.counts().items())
    yield f"RESULT: {report.verdict.value} ({counts})"


def _check(check: CheckResult) -> Iterator[str]:
    yield f"  {check.number:2}  {check.word.value:<15}  {check.name} ({check.clause})"
    yield f"{'':23}{check.sentence}"
    ordered = sorted(check.findings, key=lambda one: (-one.level, one.code))
    for (_, _), findings in groupby(ordered, lambda one: (one.level, one.code)):
        yield from _findings(list(findings))


def _findings(findings: list[Finding]) -> Iterator[str]:
    for one in findings[:SHOWN]:
        yield f"{'':23}{_MARKS[one.level]}: {one.code}: {one.where}"
        yield f"{'':25}{one.sentence}"
    if len(findings) > SHOWN:
        yield f"{'':23}{_MARKS[findings[0].level]}: {findings[0].code}: and {len(findings) - SHOWN} more"
