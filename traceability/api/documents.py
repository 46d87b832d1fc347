"""The documents that the API answers with. A member that is absent is withheld, or there is nothing to say."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

A_URN = "urn:uuid:01a20044-1e90-7584-97e3-169105e74e78"
Digest = Annotated[str, Meta(pattern="^sha256:[0-9a-f]{64}$", examples=["sha256:" + "5f" * 32])]
Urn = Annotated[
    str, Meta(pattern="^urn:uuid:[0-9a-f-]{36}$", examples=["urn:uuid:01a20044-1e90-7584-97e3-169105e74e78"])
]
Mass = Annotated[str, Meta(description="kg of dry mass.", examples=["1250.5"])]
Link = Annotated[str, Meta(description="Address of this API, from its root.", examples=["/api/v1/lots"])]


class Problem(Struct):
    """RFC 9457. `code` never changes; `path` is a JSON pointer into what was sent (a batch: its line). More may be."""

    type: str
    title: str
    status: int
    detail: Annotated[str, Meta(description="What is wrong and what to do.")]
    code: str
    path: str | UnsetType = UNSET
    payload_path: Annotated[str, Meta(description="Inside the payload, where `path` leads to one.")] | UnsetType = UNSET
    line: Annotated[int, Meta(description="Of a batch, from 1.")] | UnsetType = UNSET


class FindingNote(Struct):
    """Something that a person should look at; the statement was accepted."""

    code: str
    sentence: str


class StatementLinks(Struct):
    self: Link
    disclosures: Link
    receipt: Link


class Receipt(Struct):
    """What was accepted. The place in the log follows at `links.receipt`."""

    id: Urn
    kind: str
    issuer: Urn
    digest: Digest
    custody_hashes: Annotated[Mapping[str, str], Meta(description="The custody hash of each subject, by its urn.")]
    accepted_at: datetime
    findings: list[FindingNote]
    links: StatementLinks


class BatchReceipts(Struct):
    """The receipts of a batch, in the order of its lines."""

    receipts: list[Receipt]


class InclusionProof(Struct):
    """That the statement is in the log: RFC 6962 path, and the same as a file (c2sp.org/tlog-proof)."""

    index: int
    tree_size: int
    leaf: Annotated[str, Meta(description="The 96 bytes of the leaf, base64.")]
    hashes: Annotated[list[str], Meta(description="From the leaf to the root, base64.")]
    checkpoint: Annotated[str, Meta(description="The signed checkpoint, a C2SP note.")]
    tlog_proof: str


class LoggedReceipt(Receipt):
    """A receipt with the place in the log, once it has one and a checkpoint covers it."""

    state: Annotated[str, Meta(examples=["accepted", "logged"])] = "accepted"
    proof: InclusionProof | UnsetType = UNSET


class OpenedValue(Struct):
    """A confidential value that you may read. `disclosure` proves that it is the one that was signed."""

    path: str
    group: str
    digest: str
    value: Any
    disclosure: str


class Withheld(Struct):
    """A confidential value that you may not read, and whose decision that is."""

    path: str
    by: Urn
    erased: Annotated[bool, Meta(description="The value was deleted for ever.")] = False


class Disclosures(Struct):
    statement: Digest
    disclosures: list[OpenedValue]
    withheld: list[Withheld]


class StatementRef(Struct):
    """A statement on the chain of a subject."""

    digest: Digest
    kind: str
    issuer: Urn
    seq: int
    role: str
    custody_hash: Digest
    accepted_at: datetime
    links: StatementLinks
    index: Annotated[int, Meta(description="The place in the log, once it has one.")] | UnsetType = UNSET


class SignedStatement(Struct):
    """A statement that your organisation signed, alone or beside a partner."""

    id: Urn
    digest: Digest
    kind: str
    issuer: Urn
    accepted_at: datetime
    links: StatementLinks
    index: Annotated[int, Meta(description="The place in the log, once it has one.")] | UnsetType = UNSET


class Party(Struct):
    """An organisation; its name only where you know it."""

    urn: Urn
    name: str | UnsetType = UNSET


class LotLinks(Struct):
    self: Link
    statements: Link
    lineage_up: Link
    lineage_down: Link
    bundle: Link


class LotSummary(Struct):
    """A lot as far as you may see it; what is withheld from you is named in `withheld`."""

    id: UUID
    urn: Urn
    material: str
    stage: str
    state: Annotated[
        str,
        Meta(
            description="`left`: handed over to somebody who keeps no record here.",
            examples=["held", "in_transit", "left", "closed", "delivered"],
        ),
    ]
    maker: Party
    made_at: datetime
    links: LotLinks
    withheld: list[str]
    output_class: str | UnsetType = UNSET
    origin: str | UnsetType = UNSET
    country: str | UnsetType = UNSET
    holder: Party | UnsetType = UNSET
    receiver: Party | UnsetType = UNSET
    number: str | UnsetType = UNSET
    mass_kg: Mass | UnsetType = UNSET
    remaining_kg: Mass | UnsetType = UNSET


class OpenedStatement(Struct):
    """A signed statement with the values that you may read in place."""

    digest: Digest
    newest: Annotated[Digest, Meta(description="Of the newest correction; the same as `digest` when there is none.")]
    kind: str
    issuer: Urn
    occurred_from: datetime
    occurred_to: datetime
    body: Mapping[str, Any]
    withheld: list[Withheld]
    links: StatementLinks
    process: list[Any] | UnsetType = UNSET


class Custody(Struct):
    """The newest link of the chain of a lot."""

    seq: int
    custody_hash: Digest
    statement: Digest


class LotDetail(LotSummary):
    """A lot with the statement that made it and the findings about it."""

    made_by: OpenedStatement | UnsetType = UNSET
    custody: Custody | UnsetType = UNSET
    findings: list[FindingNote] = []


class LineageLot(Struct):
    """A lot of a lineage and how many steps it is away."""

    id: UUID
    urn: Urn
    depth: int
    material: str
    stage: str
    maker: Party
    links: LotLinks
    country: str | UnsetType = UNSET
    origin: str | UnsetType = UNSET
    number: str | UnsetType = UNSET


class LineageEdge(Struct):
    """Matter of one lot went into another; the mass is drawn by the whole step."""

    from_lot: UUID
    to_lot: UUID
    statement: Digest
    mass_kg: Mass | UnsetType = UNSET


class Lineage(Struct):
    lot: UUID
    direction: str
    depth: int
    complete: Annotated[bool, Meta(description="False when there is more beyond `depth`.")]
    lots: list[LineageLot]
    edges: list[LineageEdge]


class LabelDocument(Struct):
    """What stands on the label of a crate; `address` is in its QR code, and leads to the lot for ever."""

    address: Annotated[str, Meta(description="A GS1 Digital Link where the maker gave the material a GTIN.")]
    material: str
    custody_hash: Digest
    made_on: str
    country: str | UnsetType = UNSET
    number: str | UnsetType = UNSET
    gtin: str | UnsetType = UNSET
    mass_kg: Mass | UnsetType = UNSET


class OrganisationDocument(Struct):
    id: UUID
    urn: Urn
    name: str
    country: str
    roles: list[str]
    role: Annotated[str, Meta(description="What you may do for it.")]
    may_submit: bool


class CertificateDocument(Struct):
    """A certificate of a facility; what its holder keeps to himself is absent."""

    statement: Digest
    facility: Urn
    standard: str
    valid_from: date
    valid_until: date
    state: Annotated[
        str, Meta(description="On the day: in_force, to_come, expired, renewed (another took its place) or withdrawn.")
    ]
    certifier: str | UnsetType = UNSET
    number: str | UnsetType = UNSET
    scope: str | UnsetType = UNSET
    renews: Digest | UnsetType = UNSET


class FacilityDocument(Struct):
    id: UUID
    urn: Urn
    name: str
    country: str
    region: str
    statement: Digest
    withdrawn: bool
    certificates: Annotated[list[CertificateDocument], Meta(description="As they are today, oldest first.")]


class KeyDocument(Struct):
    """A key of your organisation; `public_key` is base64url of 32 bytes (Ed25519)."""

    key: Digest
    public_key: str
    custody: Annotated[str, Meta(description="Who holds it: holder or platform.")]
    recovery: bool
    active: bool
    since: Digest
    ended: Digest | UnsetType = UNSET
    compromised_from_index: int | UnsetType = UNSET
    name: Annotated[str, Meta(description="What its organisation calls it.")] | UnsetType = UNSET


class MandateDocument(Struct):
    """`holder` reads the confidential values of the statements of `giver`."""

    id: int
    giver: Urn
    holder: Urn
    purpose: str
    valid_from: str
    valid_until: str
    in_force: bool


class PartnerDocument(Struct):
    """An organisation whose name you know; `urn` is what a dispatch says in `to`."""

    urn: Urn
    name: str
    country: str
    roles: list[str]


class MemberDocument(Struct):
    """A person who works for your organisation."""

    id: int
    name: str
    role: str
    email: Annotated[str, Meta(description="To a program only if its token has the scope members.")] | UnsetType = UNSET


class InvitationDocument(Struct):
    """An open invitation; without `role` it asks a partner to sign up."""

    id: UUID
    email: str
    sent_at: datetime
    expires_at: datetime
    live: bool
    role: str | UnsetType = UNSET


class TokenDocument(Struct):
    id: UUID
    name: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime
    live: bool
    last_used_at: datetime | UnsetType = UNSET


class NewToken(TokenDocument):
    """`secret` is shown this once."""

    secret: str = ""


class LogHealthDocument(Struct):
    """How the log is doing."""

    origin: str
    size: int
    waiting: Annotated[int, Meta(description="Accepted statements that have no place yet.")]
    verifier_keys: list[str]
    waiting_since: datetime | UnsetType = UNSET
    checkpoint: str | UnsetType = UNSET
    checkpoint_size: int | UnsetType = UNSET
    checkpoint_age_s: int | UnsetType = UNSET


class ProblemType(Struct):
    code: str
    status: int
    meaning: str
    type: str
