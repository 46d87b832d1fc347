"""A private key in a file, sealed under a passphrase (PKCS #8, PEM): other tools can open it, openssl among them."""

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from traceability.ledger.errors import RecordError
from traceability.ledger.signing import KeySigner

LEAST_PASSPHRASE = 10


class BadKeyFile(RecordError):
    """A key file that cannot be made or opened."""

    code = "bad_key_file"


def make(path: Path, passphrase: str) -> bytes:
    """The raw public key of a new key, kept in a new file that only its owner reads."""
    if len(passphrase) < LEAST_PASSPHRASE:
        raise BadKeyFile(f"Use a passphrase of at least {LEAST_PASSPHRASE} characters: it is all that guards the key.")
    private = Ed25519PrivateKey.generate()
    sealed = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase.encode()))
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(sealed)
    except FileExistsError:
        raise BadKeyFile(f"{path} is there already. A key is never written over.") from None
    return private.public_key().public_bytes_raw()


def load(path: Path, passphrase: str) -> KeySigner:
    """The signer of a key file."""
    try:
        private = load_pem_private_key(path.read_bytes(), passphrase.encode())
    except (ValueError, TypeError):
        raise BadKeyFile(f"{path}: the passphrase is wrong, or this is no key file.") from None
    if not isinstance(private, Ed25519PrivateKey):
        raise BadKeyFile(f"{path}: this is no Ed25519 key.")
    return KeySigner(private.private_bytes_raw())
