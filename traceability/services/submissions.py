"""What comes to the door: an act that the platform signs for its organisation, or an envelope signed elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from traceability.ledger.statement import ProcessStep

Body = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Act:
    """Something that an organisation says, before it is signed with the key that the platform holds for it.

    `body` is in its opened form. Roles of inputs, places in chains, salts and signatures are filled in at the door.
    `subject` names the organisation where the kind is about one and it is not the issuer itself.
    """

    kind: str
    issuer: UUID
    body: Body
    occurred: tuple[datetime, datetime]
    utc_offset: str = "+00:00"
    process: tuple[ProcessStep, ...] = ()
    evidence: tuple[Body, ...] = ()
    subject: UUID | None = None
    cosigners: tuple[UUID, ...] = ()  # organisations whose platform key signs second
    id: UUID | None = None
    opened: frozenset[str] = field(default_factory=frozenset)  # JSON pointers that the issuer opens beyond his rules
    key: str | None = None  # the signing key, where it is not the issuer's active platform key
    new_platform_key: str | None = None  # a key that the statement brings in: it signs second


@dataclass(frozen=True, slots=True)
class SignedSubmission:
    """An envelope as received, with the disclosures that the log needs beside it."""

    envelope: bytes
    disclosures: tuple[str, ...] = ()


Submission = Act | SignedSubmission


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer at acceptance: the statement is durable. Index and proof follow at the same address."""

    id: str
    kind: str
    issuer: str
    digest: str
    custody_hashes: Mapping[str, str]
    accepted_at: datetime
    repeated: bool = False
    findings: tuple[str, ...] = ()
