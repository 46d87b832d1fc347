"""Private keys that the platform holds: at rest sealed with AES-256-GCM under the master key, in use in this process.

The associated data binds owner and key, so a sealed key that is moved to another row does not open.
"""

import os
from functools import lru_cache
from hashlib import sha256
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils import timezone

from traceability.ledger import signing
from traceability.ledger.errors import RecordError
from traceability.ledger.identifiers import digest_bytes
from traceability.ledger.notes import MLDSA44_COSIGNATURE, NoteSigner, Signs
from traceability.models import LogKey, PlatformKey
from traceability.models.keys import LOG_KEYS

LABEL = b"lodestone-vault/1"
NONCE_BYTES = 12


class KeyNotInVault(RecordError):
    """A key that the platform does not hold."""

    code = "key_not_in_vault"


class VaultLocked(RecordError):
    """A sealed key that the master key does not open."""

    code = "vault_locked"


def create_key(organisation: UUID) -> bytes:
    """The raw 32-byte public key of a new Ed25519 key, which the vault keeps for this organisation."""
    private = Ed25519PrivateKey.generate()
    public_key = private.public_key().public_bytes_raw()
    key_id = digest_bytes(signing.key_id(public_key))
    PlatformKey.objects.create(
        organisation=organisation,
        key_id=key_id,
        public_key=public_key,
        sealed_private=_seal(private.private_bytes_raw(), _bound_to(str(organisation), key_id)),
        created_at=timezone.now(),
    )
    return public_key


@lru_cache(maxsize=256)
def signer_for(key_id: str) -> signing.KeySigner:
    """The signer of a `sha256:` key id. It stays in memory: parsing a key costs as much as signing with it."""
    row = PlatformKey.objects.filter(key_id=digest_bytes(key_id)).first()
    if row is None:
        raise KeyNotInVault("The platform does not hold this key. Its holder must sign.", key=key_id)
    return signing.KeySigner(_open(bytes(row.sealed_private), _bound_to(str(row.organisation), bytes(row.key_id))))


def create_log_keys() -> None:
    """Makes the keys of the log itself, each under its reserved name, which must be free."""
    for name, (_, type_) in LOG_KEYS.items():
        private = MLDSA44PrivateKey.generate() if type_ == MLDSA44_COSIGNATURE else Ed25519PrivateKey.generate()
        public_key = private.public_key().public_bytes_raw()
        key_id = sha256(public_key).digest()
        LogKey.objects.create(
            name=name,
            key_id=key_id,
            public_key=public_key,
            sealed_private=_seal(private.private_bytes_raw(), _bound_to(name, key_id)),
            created_at=timezone.now(),
        )


def log_signers() -> list[NoteSigner]:
    """The keys of the log with their holders, in the order in which they sign a checkpoint."""
    rows = {row.name: row for row in LogKey.objects.all()}
    if rows.keys() != LOG_KEYS.keys():
        raise KeyNotInVault("The keys of the log are missing. Restore the table of log keys from your backup.")
    origin = settings.LODESTONE_LOG_ORIGIN
    return [NoteSigner(rows[name].verifier_key(origin), _log_key(name, bytes(rows[name].key_id))) for name in LOG_KEYS]


@lru_cache(maxsize=16)
def _log_key(name: str, key_id: bytes) -> Signs:
    sealed = LogKey.objects.get(name=name, key_id=key_id).sealed_private
    private = _open(bytes(sealed), _bound_to(name, key_id))
    if LOG_KEYS[name][1] == MLDSA44_COSIGNATURE:
        return MLDSA44PrivateKey.from_seed_bytes(private)
    return Ed25519PrivateKey.from_private_bytes(private)


def seal_private(owner: str, public_key: bytes, private: bytes) -> bytes:
    """A private key that is kept elsewhere, sealed so that it opens for this owner and public key alone."""
    return _seal(private, _bound_to(owner, sha256(public_key).digest()))


def open_private(owner: str, public_key: bytes, sealed: bytes) -> bytes:
    """The private key that `seal_private` sealed for this owner and public key."""
    return _open(sealed, _bound_to(owner, sha256(public_key).digest()))


def master_key_id() -> str:
    """Sixteen digits that name the master key in use and tell nothing of it."""
    derived = HKDF(SHA256(), length=8, salt=None, info=b"lodestone/master-key-id/1").derive(
        settings.LODESTONE_MASTER_KEY
    )
    return derived.hex()


def opens(row: LogKey | PlatformKey) -> bool:
    """Whether the master key in use opens this sealed key."""
    owner = row.name if isinstance(row, LogKey) else str(row.organisation)
    try:
        _open(bytes(row.sealed_private), _bound_to(owner, bytes(row.key_id)))
    except VaultLocked:
        return False
    return True


def _bound_to(owner: str, key_id: bytes) -> bytes:
    return b"\n".join((LABEL, owner.encode(), key_id.hex().encode()))


def _seal(private: bytes, bound_to: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(settings.LODESTONE_MASTER_KEY).encrypt(nonce, private, bound_to)


def _open(sealed: bytes, bound_to: bytes) -> bytes:
    try:
        return AESGCM(settings.LODESTONE_MASTER_KEY).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to)
    except InvalidTag:
        raise VaultLocked(
            "The master key does not open this key. Start with the master key that sealed it, or restore its row."
        ) from None
