"""Public keys of foreign issuers, as Multikey or as JSON Web Key, and what one of them says of a signature.

CID 1.0 section 2.2 (Multikey, JsonWebKey), RFC 7517, RFC 7518 section 6, RFC 8037. Ed25519 is checked as strictly as in
the record; an ECDSA signature is the two numbers at full width.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, HashAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from traceability.credentials.multibase import decode_multibase, encode_multibase
from traceability.ledger import signing
from traceability.ledger.errors import RecordError
from traceability.ledger.identifiers import b64url_decode, b64url_encode


class UnknownKeyType(RecordError):
    """A kind of key that no suite here uses."""

    code = "key_type_unknown"


class BadKey(RecordError):
    """A public key that is not written as its kind is."""

    code = "bad_key"


class PrivateKeyShown(RecordError):
    """A key set that holds a private key: whoever reads it can sign."""

    code = "private_key_shown"


class Curve(StrEnum):
    """The curves of the suites that are understood, by their JWK names."""

    ED25519 = "Ed25519"
    P256 = "P-256"
    P384 = "P-384"


@dataclass(frozen=True, slots=True)
class _Nist:
    curve: ec.EllipticCurve
    hash: HashAlgorithm
    width: int


_NIST: Final = {Curve.P256: _Nist(ec.SECP256R1(), SHA256(), 32), Curve.P384: _Nist(ec.SECP384R1(), SHA384(), 48)}
_CODES: Final = {b"\xed\x01": Curve.ED25519, b"\x80\x24": Curve.P256, b"\x81\x24": Curve.P384}
_PREFIXES: Final = {curve: code for code, curve in _CODES.items()}


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key and its curve: 32 bytes of Ed25519, or a compressed point."""

    curve: Curve
    raw: bytes

    @property
    def multikey(self) -> str:
        """The key as Multikey writes it."""
        return encode_multibase(_PREFIXES[self.curve] + self.raw)

    @property
    def jwk(self) -> dict[str, str]:
        """The key as a JSON Web Key."""
        if self.curve is Curve.ED25519:
            return {"kty": "OKP", "crv": self.curve.value, "x": b64url_encode(self.raw)}
        numbers, width = _point(self.curve, self.raw).public_numbers(), _NIST[self.curve].width
        x, y = (b64url_encode(number.to_bytes(width)) for number in (numbers.x, numbers.y))
        return {"kty": "EC", "crv": self.curve.value, "x": x, "y": y}

    def verify(self, message: bytes, signature: bytes) -> None:
        """Refuses a signature that is not of this message under this key."""
        if self.curve is Curve.ED25519:
            signing.verify(self.raw, message, signature)
            return
        nist = _NIST[self.curve]
        if len(signature) != 2 * nist.width:
            raise signing.NonCanonicalSignature(f"A signature of {self.curve} has {2 * nist.width} bytes.")
        r, s = int.from_bytes(signature[: nist.width]), int.from_bytes(signature[nist.width :])
        try:
            _point(self.curve, self.raw).verify(encode_dss_signature(r, s), message, ec.ECDSA(nist.hash))
        except InvalidSignature:
            raise signing.BadSignature("The signature does not match the message and the key.") from None


def ed25519(raw: bytes) -> PublicKey:
    """The Ed25519 key of these 32 bytes; refused where they are of small order or not canonical."""
    return PublicKey(Curve.ED25519, signing.check_public_key(raw))


def of_multikey(text: object) -> PublicKey:
    """The key of a `publicKeyMultibase`."""
    content = decode_multibase(text)
    curve = _CODES.get(content[:2])
    if curve is None:
        raise UnknownKeyType("This Multikey is of a kind that is not read here: Ed25519, P-256 and P-384 are.")
    if curve is Curve.ED25519:
        return ed25519(content[2:])
    return _compressed(curve, content[2:])


def of_jwk(jwk: object) -> PublicKey:
    """The key of a `publicKeyJwk`; members beside those of the key are not looked at."""
    if not isinstance(jwk, Mapping):
        raise BadKey("A publicKeyJwk is an object.")
    if "d" in jwk or jwk.get("kty") == "oct":
        raise PrivateKeyShown("This key is private and published all the same: whoever reads it can sign.")
    match jwk.get("kty"), jwk.get("crv"):
        case "OKP", Curve.ED25519:
            return ed25519(b64url_decode(jwk.get("x"), size=32))
        case "EC", (Curve.P256 | Curve.P384) as name:
            return _of_coordinates(Curve(name), jwk)
    raise UnknownKeyType("This JSON Web Key is of a kind that is not read here: Ed25519, P-256 and P-384 are.")


def _of_coordinates(curve: Curve, jwk: Mapping[str, Any]) -> PublicKey:
    x, y = (b64url_decode(jwk.get(name), size=_NIST[curve].width) for name in ("x", "y"))
    point = _point(curve, b"\x04" + x + y)
    return PublicKey(curve, point.public_bytes(Encoding.X962, PublicFormat.CompressedPoint))


def _compressed(curve: Curve, raw: bytes) -> PublicKey:
    if len(raw) != _NIST[curve].width + 1 or raw[0] not in (2, 3):
        raise BadKey(f"A Multikey of {curve} holds a compressed point.")
    _point(curve, raw)
    return PublicKey(curve, raw)


def _point(curve: Curve, encoded: bytes) -> ec.EllipticCurvePublicKey:
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(_NIST[curve].curve, encoded)
    except ValueError:
        raise BadKey(f"These bytes are no point of {curve}.") from None
