"""How a document is checked: rules, each with its answer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from epd.documents.document import Document
from epd.documents.finding import Finding, Severity


class Word(StrEnum):
    """The answer of one rule."""

    PASS = "pass"  # noqa: S105
    WARNING = "warning"
    ERROR = "error"
    NOT_ESTABLISHED = "not established"
    NOTHING = "nothing to check"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a check is made with: the day, and other documents where somebody brought them."""

    today: date
    previous: Document | None = None
    upstream: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """How many comparisons a rule made, and what it found."""

    count: int
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: `gravest` is the most that it says, `source` who asks for it, `tolerance` what it lets pass."""

    id: str
    title: str
    gravest: Severity
    source: str
    tolerance: str
    check: Callable[[Document, Asked], Checked]


@dataclass(frozen=True, slots=True)
class Answer:
    """A rule with what it found in a document."""

    rule: Rule
    count: int
    findings: tuple[Finding, ...]

    @property
    def word(self) -> Word:
        severities = {one.severity for one in self.findings}
        if Severity.ERROR in severities:
            return Word.ERROR
        if Severity.WARNING in severities:
            return Word.WARNING
        if Severity.NOTE in severities:
            return Word.NOT_ESTABLISHED
        return Word.PASS if self.count else Word.NOTHING


def figure(value: Decimal) -> str:
    """A number as findings write it, with at most six digits."""
    mantissa, mark, exponent = f"{value:.6g}".partition("e")
    return (mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa) + mark + exponent


def share(value: Decimal) -> str:
    """A ratio in per cent, with three digits."""
    return f"{value * 100:.3g} %"
