"""What a verification found: numbered checks with their findings, and the one verdict that follows (section 8)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum, StrEnum

from traceability.ledger.errors import RecordError
from traceability.ledger.moments import format_moment


class Level(IntEnum):
    """How much a finding weighs: the greatest one of a report decides the verdict."""

    NOTE = 0
    WARNING = 1
    INCOMPLETE = 2
    INVALID = 3


class Verdict(StrEnum):
    """The verdict, by precedence: the first that applies stands."""

    INVALID = "INVALID"
    INCOMPLETE = "INCOMPLETE"
    VALID_WITH_WARNINGS = "VALID_WITH_WARNINGS"
    VALID = "VALID"

    @property
    def exit_code(self) -> int:
        """What a program that printed this verdict ends with."""
        return _EXIT_CODES[self]


_EXIT_CODES: Mapping[Verdict, int] = {
    Verdict.VALID: 0,
    Verdict.INVALID: 1,
    Verdict.VALID_WITH_WARNINGS: 2,
    Verdict.INCOMPLETE: 3,
}
_VERDICT_OF = {
    Level.NOTE: Verdict.VALID,
    Level.WARNING: Verdict.VALID_WITH_WARNINGS,
    Level.INCOMPLETE: Verdict.INCOMPLETE,
    Level.INVALID: Verdict.INVALID,
}


class Word(StrEnum):
    """What one check came to."""

    PASS = "pass"  # noqa: S105
    WARNING = "warning"
    FAIL = "fail"
    NOT_ESTABLISHED = "not established"
    NOT_APPLICABLE = "not applicable"


_WORD_OF = {Level.WARNING: Word.WARNING, Level.INCOMPLETE: Word.NOT_ESTABLISHED, Level.INVALID: Word.FAIL}


class Group(StrEnum):
    """What a check is about."""

    IDENTITY = "identity"
    INTEGRITY = "integrity"
    COMPLETENESS = "completeness"
    MATTER = "matter"
    METHOD = "method"
    VALIDITY = "validity"
    BOOKS = "books"


@dataclass(frozen=True, slots=True)
class Finding:
    """One observation: `where` is a member of the bundle, a subject, or a place in one of them."""

    code: str
    where: str
    sentence: str
    level: Level


def found(error: RecordError, where: str, *, level: Level = Level.INVALID, code: str = "") -> Finding:
    """The finding that an error of the record is."""
    return Finding(code or error.code, where + error.path, error.sentence, level)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check says of a bundle; `word` is its word where no finding decides."""

    sentence: str
    findings: tuple[Finding, ...] = ()
    word: Word = Word.PASS


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One numbered check of a report."""

    number: int
    group: Group
    name: str
    clause: str
    word: Word
    sentence: str
    findings: tuple[Finding, ...]

    def to_value(self) -> dict[str, object]:
        """The JSON object of the check."""
        return {
            "number": self.number,
            "group": self.group.value,
            "name": self.name,
            "clause": self.clause,
            "word": self.word.value,
            "sentence": self.sentence,
            "findings": [
                {"code": one.code, "where": one.where, "sentence": one.sentence, "level": one.level.name.lower()}
                for one in self.findings
            ],
        }


def word_of(outcome: Outcome) -> Word:
    """The word of a check: that of its heaviest finding, else its own."""
    heaviest = max((one.level for one in outcome.findings), default=Level.NOTE)
    return _WORD_OF.get(heaviest, outcome.word)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader asks with: his moment, the age that he accepts, and the custody hash that he expects."""

    at: datetime | None = None
    expect: str | None = None


@dataclass(frozen=True, slots=True)
class Stood:
    """What the bundle is about: the lot, its custody hash, and the log as it stood."""

    target: str = ""
    custody_hash: str = ""
    origin: str = ""
    size: int | None = None
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """The whole answer."""

    stood: Stood
    asked: Asked
    greatest_age: timedelta
    checks: tuple[CheckResult, ...]

    @property
    def verdict(self) -> Verdict:
        """INVALID before INCOMPLETE before VALID_WITH_WARNINGS before VALID (section 8)."""
        return verdict_of(one for check in self.checks for one in check.findings)

    @property
    def first_line(self) -> str:
        """How the log stood, and that nothing later is known here."""
        as_of = "an unknown time" if self.stood.as_of is None else format_moment(self.stood.as_of)
        return f"as the log stood at {as_of}; anything later is not in this bundle"

    @property
    def second_line(self) -> str:
        """Whether the age of the bundle was judged."""
        if self.asked.at is None:
            return "age not judged: give --at and your moment"
        if self.stood.as_of is None:
            return "age not judged: no key that you trust states a time"
        return f"age judged at {format_moment(self.asked.at)}: at most {self.greatest_age.days} days are accepted"

    def counts(self) -> dict[str, int]:
        """How many checks came to each word."""
        return {word.value: sum(check.word is word for check in self.checks) for word in Word}

    def findings(self) -> tuple[Finding, ...]:
        """All findings, in the order of the checks."""
        return tuple(one for check in self.checks for one in check.findings)

    def to_value(self) -> dict[str, object]:
        """The JSON object of the report."""
        stood, asked = self.stood, self.asked
        return {
            "format": "lodestone-report/1",
            "verdict": self.verdict.value,
            "exit_code": self.verdict.exit_code,
            "as_of": _moment(stood.as_of),
            "first_line": self.first_line,
            "second_line": self.second_line,
            "age_judged": asked.at is not None and stood.as_of is not None,
            "at": _moment(asked.at),
            "target": stood.target,
            "custody_hash": stood.custody_hash,
            "log": {"origin": stood.origin, "size": stood.size},
            "counts": self.counts(),
            "checks": [check.to_value() for check in self.checks],
            "not_detectable": list(NOT_DETECTABLE),
        }


def verdict_of(findings: Iterable[Finding]) -> Verdict:
    """The verdict of these findings together."""
    return _VERDICT_OF[max((one.level for one in findings), default=Level.NOTE)]


def moment_of(posix_s: int) -> datetime:
    """The UTC moment of POSIX seconds."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=posix_s)


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else format_moment(moment)


NOT_DETECTABLE = (
    "one physical lot registered twice",
    "a false first statement at the mine or scrap yard",
    "collusion of sender and receiver",
    "what the operator signed with keys that he holds for others (platform keys)",
    "a split view or a false heads map, until somebody with access replays the log",
    "unfavourable attestations that were left out",
    "goods cancelled and sold again while they stand at the receiver's",
    "one factory registering as two organisations",
)
"""What no ledger can detect (section 8): printed under every verdict."""
