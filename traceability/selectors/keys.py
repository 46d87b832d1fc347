"""The keys of an organisation as a person reads them: who holds each, since when it speaks, how it ended, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef

from traceability.ledger import envelope
from traceability.ledger.keys import KEY_KINDS
from traceability.ledger.statement import parse_header
from traceability.models import KeyEntry, KeyName, Organisation, PlatformKey, Statement
from traceability.selectors.access import Actor, NotFound


@dataclass(frozen=True, slots=True)
class Said:
    """A statement about keys; `index` is None while it waits for its place in the log."""

    kind: str
    digest: str
    at: datetime
    index: int | None
    reason: str
    by_operator: bool


@dataclass(frozen=True, slots=True)
class OneKey:
    """A key with the statements that brought it in and ended it."""

    entry: KeyEntry
    since: Said
    ended: Said | None
    in_vault: bool
    """Whether the platform can sign with it."""
    name: str = ""
    """What its organisation calls it; nobody else is told."""

    @property
    def digits(self) -> str:
        """The fingerprint: SHA-256 of the public key."""
        return bytes(self.entry.key_id).hex()

    @property
    def replaceable(self) -> bool:
        """Whether the platform can replace it."""
        return self.in_vault and self.ended is None and not self.entry.recovery

    @property
    def revocable(self) -> bool:
        """Whether the organisation can revoke it here: it is in force, or ended without a word on what it signed."""
        return not self.entry.recovery and (self.ended is None or self.entry.compromised_from is None)


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of an organisation, those in force first, and all that was said about them, the newest first."""

    keys: Sequence[OneKey]
    said: Sequence[Said]


def own(actor: Actor) -> Keys:
    """The keys of the actor's organisation."""
    return of(actor.organisation)


def one(actor: Actor, digits: str) -> OneKey:
    """A key of the actor's organisation by its fingerprint, or NotFound."""
    found = next((key for key in own(actor).keys if key.digits == digits), None)
    if found is None:
        raise NotFound("There is no such key of your organisation.")
    return found


def of(organisation: Organisation) -> Keys:
    """The keys of an organisation, for those of whom it is known that they may look."""
    about = Statement.objects.filter(links__subject=organisation.pk, kind__in=sorted(KEY_KINDS))
    placed = about.annotate(log_index=F("entry__index")).order_by("-pk")
    said = {row.pk: _said(row, row.log_index, organisation.pk) for row in placed}
    held = PlatformKey.objects.filter(organisation=organisation.pk, key_id=OuterRef("key_id"))
    entries = KeyEntry.objects.filter(organisation=organisation).annotate(held=Exists(held))
    names = {bytes(row.pk): row.name for row in KeyName.objects.filter(organisation=organisation)}
    keys = [
        _key(entry, said, entry.held, names.get(bytes(entry.pk), "")) for entry in entries.order_by("-since_id", "pk")
    ]
    return Keys(sorted(keys, key=lambda key: key.ended is not None), list(said.values()))


def _key(entry: KeyEntry, said: Mapping[int, Said], in_vault: bool, name: str) -> OneKey:
    ended = None if entry.ended_id is None else said[entry.ended_id]
    return OneKey(entry, said[entry.since_id], ended, in_vault, name)


def _said(row: Statement, index: int | None, organisation: UUID) -> Said:
    return Said(
        kind=row.kind,
        digest=bytes(row.digest).hex(),
        at=row.accepted_at,
        index=index,
        reason=_reason(row),
        by_operator=row.issuer != organisation,
    )


def _reason(row: Statement) -> str:
    body = parse_header(envelope.parse_envelope(bytes(row.envelope)).payload).content["body"]
    return str(body.get("reason", "")) if isinstance(body, dict) else ""
