"""Statements for tests of the log: real keys and envelopes, stored as the door stores them, without its rules."""

import secrets
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.conf import settings
from django.db import transaction

from traceability.ledger import envelope, identifiers, merkle, signing
from traceability.ledger.statement import Chain, Cosigner, Seen, build_payload, custody_hash, parse_statement
from traceability.models import ChainLink, Checkpoint
from traceability.models import Statement as Row
from traceability.services import log_queue, vault

START = datetime(2026, 11, 1, 8, tzinfo=UTC)


def new_urn():
    return f"urn:uuid:{uuid.uuid4()}"


@dataclass
class Author:
    """An organisation with a platform key, and the newest link of each chain that it advances."""

    id: uuid.UUID = field(default_factory=uuid.uuid4)
    heads: dict[str, tuple[int, str]] = field(default_factory=dict)

    def __post_init__(self):
        self.key = signing.key_id(vault.create_key(self.id))

    @property
    def urn(self):
        return f"urn:uuid:{self.id}"

    def payload(self, kind, body, *chains, cosigners=(), evidence=None):
        """The payload of a statement that advances these (subject, role)."""
        seen = Checkpoint.objects.latest("id")
        return build_payload(
            id=identifiers.new_urn(int(START.timestamp() * 1000), secrets.token_bytes(10)),
            nonce=identifiers.b64url_encode(secrets.token_bytes(16)),
            kind=kind,
            issuer=self.urn,
            key=self.key,
            occurred=(START, START),
            utc_offset="+00:00",
            issued_at=START,
            seen=Seen(settings.LODESTONE_LOG_ORIGIN, seen.size, f"sha256:{bytes(seen.root).hex()}"),
            chains=[self._chain(subject, role) for subject, role in chains],
            body=body,
            cosigners=cosigners,
            evidence=evidence,
        )

    def say(self, kind, body, *chains):
        """The row of a statement that was accepted and waits for the log."""
        return accept(self.payload(kind, body, *chains), self, [vault.signer_for(self.key)])

    def register(self):
        public_key = identifiers.b64url_encode(vault.signer_for(self.key).public_key)
        body = {
            "public_key": public_key,
            "custody": "platform",
            "roles": ["operator"],
            "country": "EE",
            "name": "Operator",
        }
        return self.say("organisation.register", body, (self.urn, "subject"))

    def rotate(self):
        """The row of a key.rotate to a new platform key, with which the author signs from then on."""
        old, public_key = vault.signer_for(self.key), vault.create_key(self.id)
        new = vault.signer_for(signing.key_id(public_key))
        body = {"public_key": identifiers.b64url_encode(public_key), "custody": "platform"}
        cosigner = Cosigner(self.urn, signing.key_id(public_key))
        payload = self.payload("key.rotate", body, (self.urn, "subject"), cosigners=[cosigner])
        self.key = cosigner.key
        return accept(payload, self, [old, new])

    def add_key_for(self, other):
        """The row of a key.add with which the operator gives another organisation a new platform key."""
        public_key = vault.create_key(other.id)
        new = vault.signer_for(signing.key_id(public_key))
        body = {
            "public_key": identifiers.b64url_encode(public_key),
            "custody": "platform",
            "by": "operator",
            "reason": "its key was lost",
        }
        self.heads[other.urn] = other.heads[other.urn]
        cosigner = Cosigner(other.urn, signing.key_id(public_key))
        letter = {"name": "letter", "media_type": "application/pdf", "bytes": 9, "sha256": f"sha256:{'0' * 64}"}
        payload = self.payload("key.add", body, (other.urn, "subject"), cosigners=[cosigner], evidence=[letter])
        return accept(payload, self, [vault.signer_for(self.key), new])

    def hold(self, lot=None):
        """A small statement about one lot; the log does not ask whether the lot may be held."""
        lot = lot or new_urn()
        return self.say("lot.hold", {"lot": lot, "reason": "a test"}, (lot, "lot"))

    def _chain(self, subject, role):
        seq, previous = self.heads.get(subject, (-1, None))
        return Chain(subject, role, seq + 1, previous)


def accept(payload, author, signers):
    """The row of this payload, stored and queued in one transaction."""
    row, links = prepare(payload, author, signers)
    with transaction.atomic():
        store(row, links)
        log_queue.enqueue(row)
    return row


def prepare(payload, author, signers):
    """The signed statement as the rows that it becomes, not stored yet."""
    said = parse_statement(payload)
    sealed = envelope.seal(payload, signers)
    author.heads |= {chain.subject: (chain.seq, said.custody_hash(chain.subject)) for chain in said.chains}
    row = Row(
        urn=uuid.UUID(said.id),
        issuer=author.id,
        kind=said.kind,
        digest=identifiers.digest_bytes(said.digest),
        envelope=envelope.encode_envelope(sealed),
        leaf_hash=merkle.leaf_hash(envelope.leaf_input(payload, signers[0].public_key, sealed.signatures)),
        key_id=identifiers.digest_bytes(said.key),
        accepted_at=START,
    )
    return row, _links(row, said)


def store(row, links):
    """Stores the rows as the door stores them."""
    row.save(force_insert=True)
    ChainLink.objects.bulk_create(links)


def _links(row, said):
    return [
        ChainLink(
            statement=row,
            subject=uuid.UUID(chain.subject),
            seq=chain.seq,
            role=chain.role,
            custody_hash=identifiers.digest_bytes(custody_hash(chain.subject, chain.seq, said.digest)),
        )
        for chain in said.chains
    ]
