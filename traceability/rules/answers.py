"""What a rule set answers of a lot: a word, reasons, the trail that decided, what is missing and who could say it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from traceability.rules.rule_set import RuleSet, Version


class Outcome(StrEnum):
    """`flag` is an indicator that asks for a closer look; nothing here says that anybody complies."""

    PASS = "pass"  # noqa: S105
    FAIL = "fail"
    INSUFFICIENT = "insufficient_data"
    FLAG = "flag"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class TrailStep:
    """One step that decided: on which lot, what, where."""

    lot: str
    label: str
    maker: str
    """Empty where the reader does not know the name."""
    step: str
    activity: str
    country: str
    elements: tuple[str, ...]
    """The elements of the lot in question that came this way, or may have; empty where that is not visible."""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that is not visible or not recorded, and who could say it."""

    sentence: str
    lot: str
    label: str
    who: str
    """The organisation by its name; empty where the reader does not know it."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A share that belongs to an answer; None where it is not established."""

    element: str
    what: str
    country: str = ""
    share: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule function finds."""

    outcome: Outcome
    reasons: tuple[str, ...] = ()
    trail: tuple[TrailStep, ...] = ()
    missing: tuple[Missing, ...] = ()
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of one version of a rule set for one lot, as of a day."""

    rule_set: RuleSet
    version: Version | None
    as_of: date
    found: Found

    @property
    def sentence(self) -> str:
        """What may be said of it: never that anybody complies, always which version as of which day."""
        rules, day = self.rule_set.id, self.day.isoformat()
        version = self.version.version if self.version else "-"
        return {
            Outcome.PASS: f"Passes rule set {rules}, version {version}, as of {day}.",
            Outcome.FAIL: f"Fails rule set {rules}, version {version}, as of {day}.",
            Outcome.INSUFFICIENT: f"Not enough data for rule set {rules}, version {version}, as of {day}.",
            Outcome.FLAG: f"Flagged by rule set {rules}, version {version}, as of {day}.",
            Outcome.NOT_APPLICABLE: f"Not applicable: rule set {rules}, version {version}, as of {day}.",
        }[self.found.outcome]

    @property
    def day(self) -> date:
        """The day of which it speaks: that of a version which begins later is its first."""
        since = self.version.since if self.version else None
        return since if since is not None and since > self.as_of else self.as_of

    @property
    def is_later(self) -> bool:
        """Whether the version begins after the day that was asked for."""
        return self.day > self.as_of
