"""Credentials as `application/vc+jwt`: a compact JWS whose payload is the credential itself.

RFC 7515; W3C Securing Verifiable Credentials using JOSE and COSE 1.0, section 3.1.1. Signed with `EdDSA` (RFC 8037),
which readers of today know; its newer name `Ed25519` (RFC 9864) is read as well.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from traceability.credentials.data_integrity import AlgorithmConfused
from traceability.credentials.public_keys import Curve, PublicKey
from traceability.ledger.canonical import MAX_BYTES, encode_rfc8785, read_rfc8785
from traceability.ledger.errors import RecordError
from traceability.ledger.identifiers import b64url_decode, b64url_encode
from traceability.ledger.signing import Signer

MEDIA_TYPE: Final = "application/vc+jwt"
TYPE: Final = "vc+jwt"
ALGORITHMS: Final = {
    "EdDSA": Curve.ED25519,
    "Ed25519": Curve.ED25519,
    "ES256": Curve.P256,
    "ES384": Curve.P384,
}
MAX_DEPTH: Final = 32
_HEADER_BYTES: Final = 4096


class BadToken(RecordError):
    """A text that is no compact JWS of a JSON object."""

    code = "bad_token"


class AlgorithmRefused(RecordError):
    """A token without signature, or one of an algorithm that anybody who can verify can also sign with."""

    code = "algorithm_refused"


class WrongTokenType(RecordError):
    """A token that says it is something else than a credential."""

    code = "token_type"


class CriticalHeader(RecordError):
    """A token with an extension that must be understood and is not."""

    code = "critical_header"


class KidMissing(RecordError):
    """A token that does not name its key."""

    code = "kid_missing"


class KidRelative(RecordError):
    """A token that names its key by something else than an absolute DID URL."""

    code = "kid_not_absolute"


class ClaimRefused(RecordError):
    """A token that wraps a credential in a claim, as version 1.1 of the data model did."""

    code = "vc_claim"


@dataclass(frozen=True, slots=True)
class Token:
    """A compact JWS taken apart; nothing of it is checked but its form."""

    header: Mapping[str, Any]
    payload: dict[str, Any]
    signing_input: bytes
    signature: bytes

    @property
    def algorithm(self) -> str:
        return str(self.header["alg"])

    @property
    def key_url(self) -> str:
        """The DID URL of the key."""
        return str(self.header["kid"])

    def verify(self, key: PublicKey) -> None:
        """Refuses a signature that is not of this token under this key, or of another algorithm than the key's."""
        if ALGORITHMS[self.algorithm] is not key.curve:
            raise AlgorithmConfused("The algorithm of the token is not the one of its key.", path="/alg")
        key.verify(self.signing_input, self.signature)


def parse(text: bytes) -> Token:
    """The parts of a credential as compact JWS; refuses what no verifier may accept."""
    if len(text) > 2 * MAX_BYTES:
        raise BadToken(f"A token has at most {2 * MAX_BYTES} bytes.")
    parts = text.split(b".")
    if len(parts) != 3:
        raise BadToken("A token has three parts between two dots.")
    written = [b64url_decode(part.decode("ascii", "replace")) for part in parts]
    header = read_rfc8785(written[0], max_bytes=_HEADER_BYTES, max_depth=MAX_DEPTH)
    if not isinstance(header, dict):
        raise BadToken("The header of a token is an object.")
    _check_header(header)
    payload = read_rfc8785(written[1], max_depth=MAX_DEPTH)
    if not isinstance(payload, dict):
        raise BadToken("The payload of a token is the credential, an object.")
    for name in ("vc", "vp"):
        if name in payload:
            raise ClaimRefused("The payload is the credential itself; it stands in no claim vc or vp.", path=f"/{name}")
    return Token(header, payload, parts[0] + b"." + parts[1], written[2])


def sign(credential: Mapping[str, Any], key_url: str, signer: Signer) -> str:
    """The credential as `application/vc+jwt` under an Ed25519 key."""
    header = encode_rfc8785({"alg": "EdDSA", "cty": "vc", "kid": key_url, "typ": TYPE})
    written = f"{b64url_encode(header)}.{b64url_encode(encode_rfc8785(credential))}"
    return f"{written}.{b64url_encode(signer.sign(written.encode()))}"


def _check_header(header: Mapping[str, Any]) -> None:
    if str(header.get("alg")) not in ALGORITHMS:
        raise AlgorithmRefused("Sign the token with EdDSA, Ed25519, ES256 or ES384.", path="/alg")
    if "crit" in header:
        raise CriticalHeader("The header asks for an extension that is not understood here.", path="/crit")
    if header.get("typ", TYPE) not in (TYPE, MEDIA_TYPE) or header.get("cty", "vc") not in ("vc", "application/vc"):
        raise WrongTokenType("The type of a credential is vc+jwt and its content vc.", path="/typ")
    kid = header.get("kid")
    if kid is None:
        raise KidMissing("Name the key of the issuer as kid.", path="/kid")
    if not isinstance(kid, str) or not kid.startswith("did:") or "#" not in kid:
        raise KidRelative("Write kid as the whole DID URL of the key, with its fragment.", path="/kid")
