"""P7 to P9 and P12 to P16: declared unit, dates, identity, upstream, verification, and changes since an earlier one."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from epd.documents.checking import Asked, Checked, figure, share
from epd.documents.checks.plausible import compared
from epd.documents.checks.structure import is_lumped
from epd.documents.document import Document, numbers
from epd.documents.finding import Finding, Severity
from epd.documents.stages import Stage

LONGEST_YEARS: Final = 5
WORSE: Final = Decimal("0.10")
FULL_YEAR: Final = 12
NOT_REVIEWED: Final = frozenset({"", "not reviewed"})


def p7_declared_unit(document: Document, asked: Asked) -> Checked:
    """The declared unit has an amount above 0 and a mass."""
    unit = document.declared_unit
    if unit.is_elsewhere:
        return Checked(
            1,
            (
                Finding(
                    "declared_unit_elsewhere",
                    Severity.NOTE,
                    "The flow of the declared unit is not in this file. Bring the archive (ZIP) with its flows.",
                ),
            ),
        )
    if unit.amount is None or unit.amount <= 0:
        return Checked(
            1,
            (
                Finding(
                    "no_declared_unit",
                    Severity.ERROR,
                    "There is no declared unit with an amount above 0. State what the results are per.",
                    values={"amount": "-" if unit.amount is None else figure(unit.amount)},
                ),
            ),
        )
    if unit.mass_kg is None or unit.mass_kg <= 0:
        return Checked(
            1,
            (
                Finding(
                    "no_mass",
                    Severity.ERROR,
                    "The declared unit has no mass. State its kilograms, or others cannot use the figures.",
                    values={"declared unit": f"{figure(unit.amount)} {unit.unit}".strip()},
                ),
            ),
        )
    return Checked(1)


def p8_dates(document: Document, asked: Asked) -> Checked:
    """Published by today, valid for at most five years, not expired, under rules that were valid."""
    findings = [*_published(document, asked.today), *_expiry(document, asked.today), *_category_rules(document, asked)]
    known = (document.published, document.expires or document.expires_year, document.rules)
    return Checked(sum(one is not None for one in known), tuple(findings))


def _published(document: Document, today: date) -> Iterator[Finding]:
    if document.published is None:
        yield Finding("no_publication_date", Severity.WARNING, "There is no date of publication. State it.")
    elif document.published > today:
        yield Finding(
            "published_later",
            Severity.ERROR,
            "The date of publication is in the future. Correct it.",
            values={"published": document.published.isoformat()},
        )


def _expiry(document: Document, today: date) -> Iterator[Finding]:
    published, last = document.published, document.last_year()
    if last is None:
        yield Finding("no_expiry", Severity.WARNING, "There is no end of validity. State it.")
        return
    ends = document.expires.isoformat() if document.expires else str(last)
    values = {"published": published.isoformat() if published else "-", "valid until": ends}
    if published and (document.expires < published if document.expires else last < published.year):
        yield Finding(
            "expires_before_issue",
            Severity.ERROR,
            "The validity ends before the publication. Correct one of the dates.",
            values=values,
        )
    elif published and _years_after(published, document.expires, last) > LONGEST_YEARS:
        yield Finding(
            "valid_too_long",
            Severity.ERROR,
            "A declaration is valid for at most five years. Shorten the validity.",
            values=values,
        )
    if document.expires < today if document.expires else last < today.year:
        yield Finding(
            "expired", Severity.WARNING, "The declaration has expired. Do not use its figures as valid.", values=values
        )


def _years_after(published: date, expires: date | None, last: int) -> int:
    """Years begun between publication and end; a year alone counts as that day in it."""
    years = last - published.year
    return years + (expires is not None and (expires.month, expires.day) > (published.month, published.day))


def _category_rules(document: Document, asked: Asked) -> Iterator[Finding]:
    rules = document.rules
    if rules is None:
        yield Finding("no_category_rules", Severity.WARNING, "No product category rules are named. Name them.")
        return
    if rules.valid_until is None:
        return
    values = {"rules": rules.name, "valid until": rules.valid_until.isoformat()}
    if document.published and rules.valid_until < document.published:
        yield Finding(
            "rules_expired",
            Severity.ERROR,
            "The product category rules had expired at publication. Use valid ones.",
            values=values,
        )
    elif rules.valid_until < asked.today and rules.status not in ("Expired", "Sunset"):
        yield Finding(
            "rules_status",
            Severity.WARNING,
            "The product category rules have expired since, but their status does not say so.",
            values=values,
        )


def p9_lumped(document: Document, asked: Asked) -> Checked:
    """Stages are not added up, but for A1-A3."""
    modules = {stage.module for one in document.results for stage, _ in one.cells}
    return Checked(
        len(modules),
        tuple(
            Finding(
                "lumped",
                Severity.ERROR,
                "Modules were added up. State each of them, only A1-A3 may be one figure.",
                stage=Stage(one),
            )
            for one in sorted(modules)
            if is_lumped(one)
        ),
    )


def p12_versions(document: Document, asked: Asked) -> Checked:
    """The document has an identifier, and another content has a higher version."""
    if not document.uuid:
        return Checked(
            1,
            (
                Finding(
                    "no_identifier",
                    Severity.WARNING,
                    "The document has no identifier, so nobody can tell its versions apart. Give it one.",
                ),
            ),
        )
    previous = asked.previous
    if previous is None or previous.uuid != document.uuid:
        return Checked(1)
    is_changed = sorted(map(str, numbers(document))) != sorted(map(str, numbers(previous)))
    if is_changed and _parts(document.version) <= _parts(previous.version):
        return Checked(
            2,
            (
                Finding(
                    "version_not_raised",
                    Severity.ERROR,
                    "The figures changed under the same identifier, but the version did not rise. Raise it.",
                    values={"before": previous.version, "now": document.version},
                ),
            ),
        )
    return Checked(2)


def _parts(version: str) -> list[int]:
    return [int(part) if part.isdecimal() and len(part) < 9 else 0 for part in version.split(".")]


def p13_upstream(document: Document, asked: Asked) -> Checked:
    """Upstream declarations that were brought are of the same package and were valid at publication."""
    findings: list[Finding] = []
    fractions = [one.gwp_fraction for one in document.ingredients if one.gwp_fraction is not None]
    if fractions and sum(fractions) > 1:
        findings.append(
            Finding(
                "upstream_over_one",
                Severity.ERROR,
                "The ingredients bring more than the whole GWP. Correct them.",
                values={"sum": figure(sum(fractions, Decimal(0)))},
            )
        )
    if document.ingredients and not asked.upstream:
        findings.append(
            Finding(
                "upstream_not_brought",
                Severity.NOTE,
                "The document builds on other declarations. Bring them to have them compared.",
            )
        )
    for one in asked.upstream:
        findings.extend(_upstream(document, one))
    return Checked(len(fractions) + len(asked.upstream), tuple(findings))


def _upstream(document: Document, other: Document) -> Iterator[Finding]:
    of = {"upstream": other.name or other.uuid}
    mine, theirs = document.package(), other.package()
    if mine != theirs:
        yield Finding(
            "upstream_package",
            Severity.ERROR,
            "The upstream declaration is of another package, so its figures cannot be added.",
            values={**of, "its package": theirs or "-", "package": mine or "-"},
        )
    last, published = other.last_year(), document.published
    if published and last and (other.expires < published if other.expires else last < published.year):
        yield Finding(
            "upstream_expired",
            Severity.ERROR,
            "The upstream declaration had expired at publication. Use a valid one.",
            values=of,
        )


def p14_verified(document: Document, asked: Asked) -> Checked:
    """An independent verifier is named; without one it is no EPD (ISO 14025)."""
    if document.review.strip().lower() in NOT_REVIEWED and not document.reviewers:
        return Checked(1, (_unverified("No verification is stated, so this is no EPD. Do not call it one."),))
    if document.review.strip().lower() == "not reviewed":
        return Checked(1, (_unverified("It says that it was not reviewed, so this is no EPD. Do not call it one."),))
    if not document.reviewers:
        return Checked(1, (_unverified("No verifier is named. State who verified it."),))
    findings: list[Finding] = []
    for role, party in (("owner", document.owner), ("author of the LCA", document.author)):
        for reviewer in document.reviewers:
            if party and party.is_same(reviewer):
                findings.append(
                    Finding(
                        "verifier_not_independent",
                        Severity.ERROR,
                        "The verifier is not independent. Have it verified by somebody else.",
                        values={"verifier": reviewer.name, "is also": role},
                    )
                )
    return Checked(1, tuple(findings))


def _unverified(sentence: str) -> Finding:
    return Finding("not_verified", Severity.WARNING, sentence)


def p15_worse(document: Document, asked: Asked) -> Checked:
    """No indicator is more than 10 % worse than in the earlier document that was brought."""
    count = 0
    findings: list[Finding] = []
    for code, stage, now, before in compared(document, asked.previous):
        count += 1
        if now - before > abs(before) * WORSE:
            findings.append(
                Finding(
                    "worse",
                    Severity.WARNING,
                    "The figure is more than 10 % worse than before. The declaration has to be updated.",
                    code,
                    stage,
                    {
                        "before": figure(before),
                        "now": figure(now),
                        "change": share((now - before) / abs(before)) if before else "-",
                    },
                )
            )
    return Checked(count, tuple(findings))


def p16_period(document: Document, asked: Asked) -> Checked:
    """Data of less than a year are justified."""
    if document.months is None:
        return Checked(0)
    if document.months >= FULL_YEAR or document.months_reason:
        return Checked(1)
    return Checked(
        1,
        (
            Finding(
                "short_period",
                Severity.WARNING,
                "The data cover less than twelve months. Say why, and how much a year would differ.",
                values={"months": str(document.months)},
            ),
        ),
    )
