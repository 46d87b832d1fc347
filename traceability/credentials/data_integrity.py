"""Embedded proofs: eddsa-jcs-2022 and ecdsa-jcs-2019 (W3C Data Integrity EdDSA and ECDSA Cryptosuites 1.0).

The suites that canonicalise RDF are not used: a property that no context defines vanishes from their hash, so that it
can be added after signing (ADR 36).
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256, sha384
from typing import Any, Final

from traceability.credentials.moments import check_moment
from traceability.credentials.multibase import decode_multibase, encode_multibase
from traceability.credentials.public_keys import Curve, PublicKey
from traceability.ledger.canonical import encode_rfc8785
from traceability.ledger.errors import RecordError
from traceability.ledger.signing import Signer

EDDSA: Final = "eddsa-jcs-2022"
ECDSA: Final = "ecdsa-jcs-2019"
_CURVES: Final = {EDDSA: (Curve.ED25519,), ECDSA: (Curve.P256, Curve.P384)}
MOST_PROOFS: Final = 10


class BadProof(RecordError):
    """A proof that is not written as the suites ask."""

    code = "bad_proof"


class NoProof(RecordError):
    """A document without an embedded proof."""

    code = "no_proof"


class CryptosuiteUnknown(RecordError):
    """A proof of a suite that is not checked here."""

    code = "cryptosuite_unknown"


class AlgorithmConfused(RecordError):
    """A signature of one algorithm under a key of another."""

    code = "algorithm_confused"


class ContextChanged(RecordError):
    """A document whose contexts do not begin with those that were signed."""

    code = "context_changed"


class WrongPurpose(RecordError):
    """A proof or a key that is for another purpose than to assert."""

    code = "wrong_purpose"


def proofs_of(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The embedded proofs of a document, in its order."""
    found = document.get("proof")
    if found is None:
        raise NoProof("This document has no embedded proof.")
    proofs = found if isinstance(found, list) else [found]
    if not proofs or len(proofs) > MOST_PROOFS or not all(isinstance(one, Mapping) for one in proofs):
        raise BadProof(f"A proof is an object, or a list of 1 to {MOST_PROOFS} of them.", path="/proof")
    return proofs


def check_form(proof: Mapping[str, Any]) -> str:
    """The verification method of a proof of a known suite that is to assert; refuses any other."""
    if proof.get("type") != "DataIntegrityProof" or str(proof.get("cryptosuite")) not in _CURVES:
        raise CryptosuiteUnknown(
            "This suite is not checked here; eddsa-jcs-2022 and ecdsa-jcs-2019 are.", path="/proof/cryptosuite"
        )
    if "previousProof" in proof:
        raise CryptosuiteUnknown("Chains of proofs are not checked here.", path="/proof/previousProof")
    if proof.get("proofPurpose") != "assertionMethod":
        raise WrongPurpose("A credential is proven for assertionMethod.", path="/proof/proofPurpose")
    for name in ("created", "expires"):
        if name in proof:
            check_moment(proof[name], path=f"/proof/{name}")
    method = proof.get("verificationMethod")
    if not isinstance(method, str):
        raise BadProof("A proof names its key as verificationMethod.", path="/proof/verificationMethod")
    return method


def verify(document: Mapping[str, Any], proof: Mapping[str, Any], key: PublicKey) -> None:
    """Refuses a proof that is not of this document under this key (section 3.3.2 of either text)."""
    check_form(proof)
    if key.curve not in _CURVES[proof["cryptosuite"]]:
        raise AlgorithmConfused("The suite of the proof is not one of its key.", path="/proof/cryptosuite")
    key.verify(hash_data(document, proof, key.curve), decode_multibase(proof.get("proofValue")))


def create(document: Mapping[str, Any], options: Mapping[str, Any], signer: Signer) -> dict[str, Any]:
    """The document with an eddsa-jcs-2022 proof: `options` name `verificationMethod` and, where wanted, `created`."""
    proof = {"type": "DataIntegrityProof", "cryptosuite": EDDSA, "proofPurpose": "assertionMethod", **options}
    if "@context" in document:
        proof["@context"] = document["@context"]
    signature = signer.sign(hash_data(document, proof, Curve.ED25519))
    return {**document, "proof": {**proof, "proofValue": encode_multibase(signature)}}


def hash_data(document: Mapping[str, Any], proof: Mapping[str, Any], curve: Curve) -> bytes:
    """The bytes that are signed: the hash of the options, then the hash of the document (section 3.3.4)."""
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    if "@context" in options:
        _check_begins_with(unsecured.get("@context"), options["@context"])
        unsecured["@context"] = options["@context"]
    digest = sha384 if curve is Curve.P384 else sha256
    return digest(encode_rfc8785(options)).digest() + digest(encode_rfc8785(unsecured)).digest()


def contexts_added(document: Mapping[str, Any], proof: Mapping[str, Any]) -> bool:
    """Whether contexts were put behind those that were signed: the suite allows it, and their terms are unsigned."""
    return "@context" in proof and document.get("@context") != proof["@context"]


def _check_begins_with(contexts: object, signed: object) -> None:
    whole, start = _listed(contexts), _listed(signed)
    if encode_rfc8785(whole[: len(start)]) != encode_rfc8785(start):
        raise ContextChanged("The contexts do not begin with those that were signed.", path="/@context")


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else [value]
