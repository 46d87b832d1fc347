"""Real keys for notes, made from their names: the same in every run."""

from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from traceability.ledger.notes import ED25519, ED25519_COSIGNATURE, MLDSA44_COSIGNATURE, NoteSigner, VerifierKey

ORIGIN = "log.example/lodestone"


def note_signer(name, key_type, seed=""):
    """A signer of this name and type; another seed gives another key of the same name."""
    private = (
        MLDSA44PrivateKey.from_seed_bytes if key_type == MLDSA44_COSIGNATURE else Ed25519PrivateKey.from_private_bytes
    )(sha256(f"{name} {key_type} {seed}".encode()).digest())
    return NoteSigner(VerifierKey(name, key_type, private.public_key().public_bytes_raw()), private)


LOG = note_signer(ORIGIN, ED25519)
LOG_ML = note_signer(ORIGIN, MLDSA44_COSIGNATURE)
TIME = note_signer(f"{ORIGIN}/time", ED25519_COSIGNATURE)
WITNESSES = [note_signer(f"witness{n}.example", ED25519_COSIGNATURE) for n in range(3)]
