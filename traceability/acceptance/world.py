"""What was accepted before, as a decision reads it: the same picture at the door (from rows) and in the verifier."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from traceability.ledger.custody import LotCustody
from traceability.ledger.immutable import immutable
from traceability.ledger.keys import KeyRing
from traceability.ledger.statement import ProcessStep, Statement
from traceability.material.claims import ClaimsState, Terms
from traceability.material.composition import Composition
from traceability.material.shares import ElementShares, Source
from traceability.material.stock import StockState

Body = Mapping[str, object]


@immutable
class Head:
    """The newest link of a chain."""

    subject: str
    owner: str  # who opened the chain
    opened_by: str  # kind of its first statement
    seq: int
    custody_hash: str
    ended: bool = False  # a declaration that was withdrawn or superseded


@immutable
class LotRecord:
    """One lot: who holds it, and what of it is there."""

    custody: LotCustody
    stage: str
    made_at: datetime  # occurred_to of the statement that made it
    stock: StockState | None  # None where its mass is withheld
    made: StockState | None = None  # as the newest version of the statement that made it gives it
    model: str = ""  # the weakest model of ISO 22095 on its way so far; empty where nobody claims one


@immutable
class AccountRecord:
    """One claims account."""

    urn: str
    owner: str
    terms: Terms
    at: datetime  # occurred_to of the newest entry, or of its opening
    state: ClaimsState | None  # None where an amount is withheld


@dataclass(frozen=True, slots=True)
class Effective:
    """A statement in its newest version: the original, and what of it is claimed now."""

    original: Statement
    newest: str  # digest of the newest version; the original's when there is no correction
    occurred_from: datetime
    occurred_to: datetime
    body: Body  # opened, as far as it is disclosed here
    withdrawn: bool = False
    whole: bool = True  # no value that the rules need is withheld
    claimed_process: tuple[ProcessStep, ...] | None = None  # that of a correction
    earlier: tuple[Body, ...] = ()  # the bodies of the versions before this one

    @property
    def process(self) -> tuple[ProcessStep, ...]:
        """The process that is claimed now; whether there is one never changes."""
        return self.original.process if self.claimed_process is None else self.claimed_process


@dataclass(frozen=True, slots=True)
class Facility:
    urn: str
    organisation: str
    country: str
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class ForeignLot:
    """A lot of another log, as a verified bundle of that log proves it: dispatched, and nothing said of it since."""

    log: str
    lot: str
    material: str
    stage: str
    dispatch: str
    dispatched_at: datetime
    custody_hash: str
    sender: str
    keys: Mapping[str, bytes]  # public keys of the sender, active as that log stood; first the one of the dispatch
    to: tuple[str, str]  # origin and organisation
    mass_kg: Decimal | None  # None where it is withheld
    composition: Composition | None
    shares: ElementShares | None = None  # None where its sources are not known
    sources: Mapping[str, Source] = field(default_factory=dict)
    steps: tuple[tuple[str, str, str], ...] = ()  # word, country and stage of what it made, in that order


class World(Protocol):
    """Everything that was accepted before the statement in question."""

    @property
    def origin(self) -> str: ...

    @property
    def operator(self) -> str:
        """The urn of the organisation of leaf 0; "" before there is one."""

    def sees(self, subject: str) -> bool:
        """Whether all that was said of a subject is at hand: always at the door, not of every subject in a bundle."""

    def head(self, subject: str) -> Head | None: ...

    def lot(self, urn: str) -> LotRecord | None: ...

    def account(self, urn: str) -> AccountRecord | None:
        """A claims account."""

    def foreign(self, bundle: str, importer: str) -> ForeignLot | None:
        """What the bundle with this digest, that the importer has, proves of its lot; None where it is not at hand."""

    def ring(self, organisation: str) -> KeyRing | None: ...

    def owner_of_key(self, key: str) -> str | None: ...

    def facility(self, urn: str) -> Facility | None: ...

    def effective(self, digest: str) -> Effective | None:
        """By the digest of an original statement; None for corrections, voids and what was never accepted."""

    def knows(self, digest: str) -> bool:
        """Whether a statement with this digest was accepted."""

    def history(self, subject: str) -> Sequence[Effective]:
        """All original statements on the chain of a lot, account or declaration, in order, in their newest versions."""

    def steps_in_process(self, facility: str) -> Sequence[Effective] | None:
        """All original transforms with `wip_change` that ever named this facility, in order, in their newest versions.

        None where not all of them are at hand."""

    def with_version(self, statement: Statement, opened: Body) -> "World":
        """The same picture after this correction or void."""
