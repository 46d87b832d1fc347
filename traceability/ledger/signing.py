"""Strict Ed25519 (record-format.md section 6; RFC 8032): one rule in every implementation.

Refused before the library is asked: public keys that are not the one encoding of a point or are of small order,
signatures with S >= L, and signatures whose R is not the one encoding of a point or is of small order. The library's
check is the one of RFC 8032 section 5.1.7 without the cofactor: `encode([S]B - [k]A) = R`.
"""

from functools import lru_cache
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from traceability.ledger.errors import RecordError
from traceability.ledger.identifiers import digest_of

PUBLIC_KEY_BYTES = 32
SIGNATURE_BYTES = 64

_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_SIGN_BIT = 1 << 255
# y of the points of order 8 (libsodium, ed25519_ref10.c, has_small_order); a test adds each point to itself.
_Y_ORDER_8 = 2707385501144840649318225287225658788936804267575313519463743609750303402022
_SMALL_ORDER_Y = frozenset({0, 1, _P - 1, _Y_ORDER_8, _P - _Y_ORDER_8})
_X_IS_ZERO_Y = frozenset({1, _P - 1})


class BadPublicKey(RecordError):
    """Bytes that are not the one encoding of a point of the curve."""

    code = "bad_public_key"


class SmallOrderKey(RecordError):
    """A public key of small order, under which one signature can fit many messages."""

    code = "small_order_key"


class NonCanonicalSignature(RecordError):
    """A signature with another length, S >= L or an R that is of small order or not the one encoding of a point."""

    code = "signature_not_canonical"


class BadSignature(RecordError):
    """A signature that is not of this message under this key."""

    code = "bad_signature"


class Signer(Protocol):
    """Whoever holds a private key: a file, a token, a service."""

    @property
    def public_key(self) -> bytes:
        """The raw 32 bytes of the public key."""

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes of the signature of a message."""


class KeySigner:
    """A signer that has the private key in memory."""

    def __init__(self, private_key: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(private_key)
        self.public_key = self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes of the signature of a message."""
        return self._key.sign(message)


@lru_cache(maxsize=4096)
def key_id(public_key: bytes) -> str:
    """The name of a key: `sha256:` of its raw 32 bytes."""
    return digest_of(public_key)


def check_public_key(public_key: bytes) -> bytes:
    """The key itself, when it is the one encoding of a point that is not of small order (section 6)."""
    _load(public_key)
    return public_key


def verify(public_key: bytes, message: bytes, signature: bytes) -> None:
    """Refuses a signature that is not of this message under this key; returns nothing when it is (section 6)."""
    key = _load(public_key)
    if len(signature) != SIGNATURE_BYTES:
        raise NonCanonicalSignature(f"A signature has {SIGNATURE_BYTES} bytes.")
    r, s = signature[:32], int.from_bytes(signature[32:], "little")
    if s >= _L or not _is_canonical(r) or _y(r) in _SMALL_ORDER_Y:
        raise NonCanonicalSignature("The signature is not in its one canonical form.")
    try:
        key.verify(signature, message)
    except InvalidSignature:
        raise BadSignature("The signature does not match the message and the key.") from None


@lru_cache(maxsize=4096)
def _load(public_key: bytes) -> Ed25519PublicKey:
    """The library's key; the checks cost as much as a signature, and few keys make many statements."""
    if len(public_key) != PUBLIC_KEY_BYTES or not _is_canonical(public_key) or not _is_on_curve(_y(public_key)):
        raise BadPublicKey("The key is not the one encoding of an Ed25519 public key.")
    if _y(public_key) in _SMALL_ORDER_Y:
        raise SmallOrderKey("The key is of small order: make a new one.")
    return Ed25519PublicKey.from_public_bytes(public_key)


def _y(point: bytes) -> int:
    return int.from_bytes(point, "little") & (_SIGN_BIT - 1)


def _is_canonical(point: bytes) -> bool:
    """Whether the 32 bytes have y below p, and no sign where x is 0 (RFC 8032 section 5.1.3)."""
    encoded = int.from_bytes(point, "little")
    y = encoded & (_SIGN_BIT - 1)
    return y < _P and not (encoded >= _SIGN_BIT and y in _X_IS_ZERO_Y)


def _is_on_curve(y: int) -> bool:
    """Whether x^2 = (y^2 - 1) / (d y^2 + 1) has a root, by Euler's criterion."""
    numerator, denominator = y * y - 1, _D * y * y + 1
    return pow(numerator * denominator, (_P - 1) // 2, _P) in (0, 1)
