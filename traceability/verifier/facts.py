"""What is known of a bundle while it is verified: each stage adds what it read, and what it found."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TypeVar

from traceability.acceptance.world import Body
from traceability.ledger.bundle import Bundle
from traceability.ledger.checkpoint import Checkpoint, SignedCheckpoint
from traceability.ledger.errors import RecordError
from traceability.ledger.headsproof import Head
from traceability.ledger.policy import Policy
from traceability.ledger.shapes import Disclosed
from traceability.ledger.statement import Statement
from traceability.verifier.report import Asked, Finding, Level, found
from traceability.verifier.trust import Trust
from traceability.verifier.world import BundleWorld

Room = TypeVar("Room")


class Topic(Enum):
    """The check under which a finding is reported."""

    SIGNATURES = auto()
    ISSUERS = auto()
    KEYS = auto()
    CHAINS = auto()
    LOG = auto()
    DOCUMENTS = auto()
    WITNESS = auto()
    SOURCE = auto()
    RECEIPTS = auto()
    WITHHELD = auto()
    BALANCE = auto()
    SHARES = auto()
    CLAIMS = auto()
    CURRENT = auto()


@dataclass(slots=True)
class Entry:
    """A statement of the bundle at its place in the log, opened as far as the bundle discloses it."""

    index: int
    name: str
    statement: Statement
    body: Body
    withheld: tuple[str, ...] = ()
    documents: tuple[Mapping[str, object], ...] = ()
    disclosed: Disclosed = field(default_factory=dict)
    known: bool = True  # this version knows its kind
    signed: bool = False  # by the keys that it names
    reached: bool = False  # it belongs to the story of the lot
    refused: bool = False  # it broke a rule and has no effect
    established: bool = True  # its rules of matter could be judged


@dataclass(slots=True)
class Facts:
    """Everything that the checks look at."""

    bundle: Bundle
    policy: Policy | None
    trust: Trust | None
    asked: Asked
    observers: Mapping[str, "Observer"] = field(default_factory=dict)
    entries: dict[int, Entry] = field(default_factory=dict)
    by_digest: dict[str, Entry] = field(default_factory=dict)
    closed_at: dict[str, int] = field(default_factory=dict)  # index of the first statement with a confidential digest
    leaves: dict[int, bytes] = field(default_factory=dict)
    checkpoint: Checkpoint | None = None
    signed: SignedCheckpoint | None = None  # the same, where keys of the policy signed it
    earlier: dict[int, SignedCheckpoint] = field(default_factory=dict)
    required: frozenset[str] = frozenset()  # subjects whose chains must be whole
    map_heads: dict[str, Head | None] = field(default_factory=dict)
    lots: tuple[str, ...] = ()  # the target and all that went into it
    world: BundleWorld = field(default_factory=BundleWorld)
    used: set[str] = field(default_factory=set)
    depth: int = 0  # in how many other bundles this one lies
    counts: dict[str, int] = field(default_factory=dict)
    _findings: dict[Topic, list[Finding]] = field(default_factory=dict)
    _said: set[tuple[Topic, str]] = field(default_factory=set)
    _rooms: dict[type, object] = field(default_factory=dict)

    @property
    def target(self) -> str:
        """The lot that the bundle is about."""
        return self.bundle.target

    def say(self, topic: Topic, finding: Finding) -> None:
        """Keep a finding."""
        self._findings.setdefault(topic, []).append(finding)

    def say_once(self, topic: Topic, finding: Finding) -> None:
        """Keep a finding, unless one with the same sentence was kept so before."""
        if (topic, finding.sentence) not in self._said:
            self._said.add((topic, finding.sentence))
            self.say(topic, finding)

    def fail(self, topic: Topic, error: RecordError, where: str, *, code: str = "") -> None:
        """Keep the finding that makes a bundle INVALID."""
        self.say(topic, found(error, where, code=code))

    def findings(self, topic: Topic) -> tuple[Finding, ...]:
        """What was found under a topic."""
        return tuple(self._findings.get(topic, ()))

    def all_findings(self) -> tuple[Finding, ...]:
        """What was found under any topic, in the order of the topics."""
        return tuple(one for topic in Topic for one in self._findings.get(topic, ()))

    def room(self, kind: type[Room]) -> Room:
        """What the checks of a room above keep about this bundle, made when it is first asked for."""
        found = self._rooms.setdefault(kind, kind())
        if not isinstance(found, kind):
            raise TypeError(f"{kind.__name__} keeps something else")
        return found

    def count(self, name: str, by: int = 1) -> None:
        """Count something for the sentences of the report."""
        self.counts[name] = self.counts.get(name, 0) + by

    def counted(self, name: str) -> int:
        """What was counted."""
        return self.counts.get(name, 0)

    def reached(self) -> list[Entry]:
        """The statements that belong to the story of the lot, in log order; without the heads of the log."""
        return [entry for entry in self.entries.values() if entry.reached]

    def effective(self) -> list[Entry]:
        """Of these, those that have an effect."""
        return [entry for entry in self.reached() if not entry.refused]


Observer = Callable[[Facts, Entry], None]
"""Looks at a statement of one kind (or at a correction of one) at its place in the replay, before it is taken in."""


def invalid(code: str, where: str, sentence: str) -> Finding:
    """A finding that makes the bundle INVALID."""
    return Finding(code, where, sentence, Level.INVALID)


def incomplete(code: str, where: str, sentence: str) -> Finding:
    """A finding that makes it INCOMPLETE."""
    return Finding(code, where, sentence, Level.INCOMPLETE)


def warning(code: str, where: str, sentence: str) -> Finding:
    """A finding that a reader must look at."""
    return Finding(code, where, sentence, Level.WARNING)


def note(code: str, where: str, sentence: str) -> Finding:
    """A finding without class."""
    return Finding(code, where, sentence, Level.NOTE)
