"""The documents of the API of declarations. A member that is absent is withheld, or there is nothing to say."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from traceability.api.documents import Digest, Link, Receipt, Urn, Withheld

Reference = Annotated[str, Meta(description="Short, for people and QR codes.", examples=["7Q4K-2M9X"])]
Headline = Annotated[str, Meta(description="kg CO2e per kg, GWP-GHG, A1 to A3; absent: not declared.")]


class Declarant(Struct):
    urn: Urn
    name: str


class DeclarationLinks(Struct):
    self: Link
    statement: Link
    verify: Link
    lot: Link | UnsetType = UNSET


class DeclarationSummary(Struct):
    """A declaration as the list shows it."""

    id: UUID
    urn: Urn
    reference: Reference
    product: str
    declarant: Declarant
    country: str
    kind: Annotated[str, Meta(pattern="^(lot|reference)$", description="reference: of a product over twelve months.")]
    status: Annotated[str, Meta(examples=["published", "withdrawn", "superseded"])]
    illustrative: bool
    published_at: datetime
    links: DeclarationLinks
    lot: UUID | UnsetType = UNSET
    gwp_ghg: Headline | UnsetType = UNSET
    stage: Annotated[
        str,
        Meta(
            description="How far its verification has come.",
            examples=["checked", "submitted", "refused", "verified", "registered"],
        ),
    ] = "checked"
    verifier: Annotated[Urn, Meta(description="Whose verification stands.")] | UnsetType = UNSET
    verified_until: date | UnsetType = UNSET
    registrar: Annotated[Urn, Meta(description="Who registered it.")] | UnsetType = UNSET
    number: Annotated[str, Meta(description="Under which it was registered.")] | UnsetType = UNSET
    registered_until: date | UnsetType = UNSET
    successor: Link | UnsetType = UNSET
    reason: Annotated[str, Meta(description="Why it was refused, withdrawn or superseded.")] | UnsetType = UNSET


class DeclarationDetail(DeclarationSummary):
    """A declaration with the body of its signed statement, as far as you may read it."""

    statement: Digest = ""
    body: Mapping[str, Any] = {}
    withheld: list[Withheld] = []


class Published(Receipt, kw_only=True):
    """The receipt of what was published, and the declaration."""

    declaration: DeclarationSummary


class CheckDocument(Struct):
    """One named check. `id` never changes; `outcome` is pass, fail or not_established."""

    id: Annotated[
        str, Meta(examples=["signature", "key_in_force", "in_log", "figures", "inventory", "current", "max_gwp_ghg"])
    ]
    group: Annotated[str, Meta(examples=["identity", "integrity", "validity", "method", "criteria"])]
    outcome: Annotated[str, Meta(pattern="^(pass|fail|not_established)$")]
    sentence: str


class Offline(Struct):
    """How to come to a verdict without believing this server."""

    bundle: Link
    how: str
    command: str


class Verification(Struct):
    """The verdict is the worst outcome of the checks."""

    declaration: Urn
    outcome: Annotated[str, Meta(pattern="^(pass|fail|not_established)$")]
    checks: list[CheckDocument]
    notes: list[str]
    offline: Offline
    checkpoint: Annotated[str, Meta(description="The signed checkpoint that the checks rest on.")] | UnsetType = UNSET
