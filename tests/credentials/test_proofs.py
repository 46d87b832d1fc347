"""Embedded proofs and tokens: foreign vectors, foreign libraries both ways, and one change per attack."""

import copy
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc import jws
from joserfc.jwk import OKPKey
from jwcrypto import jwk as jwcrypto_jwk
from jwcrypto import jws as jwcrypto_jws

from tests.standards import standards_path
from traceability.credentials import data_integrity, dids, jose, multibase, public_keys
from traceability.ledger.canonical import encode_rfc8785, read_rfc8785
from traceability.ledger.errors import RecordError
from traceability.ledger.identifiers import BadBase64, b64url_encode
from traceability.ledger.signing import KeySigner

SIGNER = KeySigner(bytes(range(32)))
KEY = public_keys.ed25519(SIGNER.public_key)
DID = f"did:key:{KEY.multikey}"
KEY_URL = f"{DID}#{KEY.multikey}"
CREDENTIAL: dict[str, Any] = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "type": ["VerifiableCredential"],
    "issuer": DID,
    "validFrom": "2026-11-23T00:00:00Z",
    "credentialSubject": {"id": "urn:uuid:0190b6a1-0000-7000-8000-000000000001", "share": 0.3, "n": 1e21},
}


def vector(path: str) -> Any:
    return json.loads(standards_path(f"credentials/w3c/{path}").read_text())


def refused(code: str) -> Any:
    return pytest.raises(RecordError, check=lambda error: error.code == code)


EDDSA = "vc-di-eddsa/TestVectors"
ECDSA = "vc-di-ecdsa/TestVectors"
SIGNED = {
    "ed25519": f"{EDDSA}/eddsa-jcs-2022/signedJCS.json",
    "p256": f"{ECDSA}/ecdsa-jcs-2019-p256/signedJCSECDSAP256.json",
    "p384": f"{ECDSA}/ecdsa-jcs-2019-p384/signedJCSECDSAP384.json",
}
HASHES = {
    "ed25519": f"{EDDSA}/eddsa-jcs-2022/combinedHashJCS.txt",
    "p256": f"{ECDSA}/ecdsa-jcs-2019-p256/combinedHashJCSECDSAP256.txt",
    "p384": f"{ECDSA}/ecdsa-jcs-2019-p384/combinedHashJCSECDSAP384.txt",
}


def key_of(signed: dict[str, Any]) -> public_keys.PublicKey:
    url = signed["proof"]["verificationMethod"]
    return dids.find_method(dids.key_document(dids.did_of(url)), url).key


@pytest.mark.parametrize("suite", SIGNED)
def test_the_vectors_of_the_suites_verify(suite: str) -> None:
    signed = vector(SIGNED[suite])
    key = key_of(signed)
    combined = standards_path(f"credentials/w3c/{HASHES[suite]}").read_text().strip()
    assert data_integrity.hash_data(signed, signed["proof"], key.curve).hex() == combined
    data_integrity.verify(signed, signed["proof"], key)


def test_the_proof_of_the_vector_is_made_again() -> None:
    pair, unsigned = vector(f"{EDDSA}/keyPair.json"), vector(f"{EDDSA}/unsigned.json")
    expected = vector(SIGNED["ed25519"])
    private = multibase.decode_multibase(pair["privateKeyMultibase"])
    assert private[:2] == b"\x80\x26"
    options = {name: expected["proof"][name] for name in ("created", "verificationMethod")}
    assert data_integrity.create(unsigned, options, KeySigner(private[2:])) == expected


def places(value: Any, path: tuple[Any, ...] = ()) -> Any:
    """Every object of a document with its path."""
    if isinstance(value, dict):
        yield path
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in steps:
        yield from places(inner, (*path, step))


def inner(document: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        document = document[step]
    return document


@pytest.mark.parametrize("suite", SIGNED)
def test_a_property_added_anywhere_breaks_the_proof(suite: str) -> None:
    """The attack that the suites with RDF canonicalisation do not see."""
    signed = vector(SIGNED[suite])
    for path in places(signed):
        changed = copy.deepcopy(signed)
        inner(changed, path)["injectedClaim"] = "recycled 100 %"
        with refused("bad_signature"):
            data_integrity.verify(changed, changed["proof"], key_of(signed))


def test_every_changed_byte_of_a_document_breaks_its_proof() -> None:
    signed = data_integrity.create(CREDENTIAL, {"verificationMethod": KEY_URL}, SIGNER)
    written = encode_rfc8785(signed)
    for at in range(len(written)):
        changed = written[:at] + bytes([written[at] ^ 1]) + written[at + 1 :]
        try:
            document = read_rfc8785(changed)
            if encode_rfc8785(document) == written:
                continue  # 1e+21 for 1e 21: the same number, written in another way
            data_integrity.verify(document, data_integrity.proofs_of(document)[0], KEY)
        except RecordError:
            continue
        pytest.fail(f"changed at {at}: {changed!r}")


def test_contexts_may_follow_those_that_were_signed_and_never_precede_them() -> None:
    signed = data_integrity.create(CREDENTIAL, {"verificationMethod": KEY_URL}, SIGNER)
    behind = {**signed, "@context": [*signed["@context"], "https://example.org/more"]}
    data_integrity.verify(behind, behind["proof"], KEY)
    assert data_integrity.contexts_added(behind, behind["proof"])
    assert not data_integrity.contexts_added(signed, signed["proof"])
    for contexts in (["https://example.org/more", *signed["@context"]], [], None):
        with refused("context_changed"):
            data_integrity.verify({**signed, "@context": contexts}, signed["proof"], KEY)


PROOF_ATTACKS = {
    "cryptosuite_unknown": {"cryptosuite": "eddsa-rdfc-2022"},
    "wrong_purpose": {"proofPurpose": "authentication"},
    "bad_date": {"created": "yesterday"},
    "bad_proof": {"verificationMethod": None},
    "algorithm_confused": {"cryptosuite": "ecdsa-jcs-2019"},
    "bad_base58": {"proofValue": "z0OIl"},
    "signature_not_canonical": {"proofValue": "z" + multibase.encode_base58(bytes(32) + b"\xff" * 32)},
    "bad_signature": {"proofValue": multibase.encode_multibase(SIGNER.sign(b"something else"))},
}


@pytest.mark.parametrize("code", PROOF_ATTACKS)
def test_a_bad_proof_has_its_code(code: str) -> None:
    signed = data_integrity.create(CREDENTIAL, {"verificationMethod": KEY_URL}, SIGNER)
    with refused(code):
        data_integrity.verify(signed, {**signed["proof"], **PROOF_ATTACKS[code]}, KEY)


def test_a_chain_of_proofs_is_not_checked_as_if_it_were_a_set() -> None:
    chain = vector(f"{EDDSA}/proof-set-chain/signedProofChain2.json")
    assert len(data_integrity.proofs_of(chain)) == 4
    signed = data_integrity.create(CREDENTIAL, {"verificationMethod": KEY_URL, "previousProof": "urn:x"}, SIGNER)
    with refused("cryptosuite_unknown"):
        data_integrity.verify(signed, signed["proof"], KEY)


def test_what_has_no_proof_says_so() -> None:
    with refused("no_proof"):
        data_integrity.proofs_of(CREDENTIAL)
    for proof in ([], "proof", [1], [{}] * 11):
        with refused("bad_proof"):
            data_integrity.proofs_of({**CREDENTIAL, "proof": proof})


# Tokens


def test_our_token_verifies_in_two_other_libraries() -> None:
    token = jose.sign(CREDENTIAL, KEY_URL, SIGNER)
    with pytest.warns(match="EdDSA"):
        found = jws.deserialize_compact(token, OKPKey.import_key(KEY.jwk), algorithms=["EdDSA"])
    assert json.loads(found.payload) == CREDENTIAL
    other = jwcrypto_jws.JWS()
    other.deserialize(token, jwcrypto_jwk.JWK(**KEY.jwk))
    assert json.loads(other.payload) == CREDENTIAL
    assert jose.parse(token.encode()).payload == CREDENTIAL


@pytest.mark.parametrize("algorithm", ["EdDSA", "Ed25519"])
def test_a_token_of_joserfc_verifies(algorithm: str) -> None:
    key = OKPKey.generate_key("Ed25519")
    header = {"alg": algorithm, "kid": KEY_URL, "typ": "vc+jwt", "cty": "vc"}
    payload = json.dumps(CREDENTIAL)
    if algorithm == "EdDSA":
        with pytest.warns(match="EdDSA"):
            text = jws.serialize_compact(header, payload, key, algorithms=[algorithm])
    else:
        text = jws.serialize_compact(header, payload, key, algorithms=[algorithm])
    token = jose.parse(text.encode())
    token.verify(public_keys.of_jwk(key.as_dict(private=False)))
    assert token.payload == CREDENTIAL


@pytest.mark.parametrize(("algorithm", "curve"), [("ES256", "P-256"), ("ES384", "P-384"), ("EdDSA", "Ed25519")])
def test_a_token_of_jwcrypto_verifies(algorithm: str, curve: str) -> None:
    kind = {"kty": "OKP"} if curve == "Ed25519" else {"kty": "EC"}
    key = jwcrypto_jwk.JWK.generate(**kind, crv=curve)
    written = jwcrypto_jws.JWS(json.dumps(CREDENTIAL))
    written.add_signature(key, protected=json.dumps({"alg": algorithm, "kid": KEY_URL, "typ": "vc+jwt"}))
    token = jose.parse(written.serialize(compact=True).encode())
    public = public_keys.of_jwk(key.export_public(as_dict=True))
    token.verify(public)
    assert public_keys.of_multikey(public.multikey) == public_keys.of_jwk(public.jwk) == public
    with refused("bad_signature"):
        jose.Token(token.header, token.payload, token.signing_input + b"x", token.signature).verify(public)


def token(header: dict[str, Any], payload: bytes = encode_rfc8785(CREDENTIAL)) -> bytes:
    """A token with this header that our key signed."""
    whole = {"alg": "EdDSA", "typ": "vc+jwt", "kid": KEY_URL, **header}
    written = {name: value for name, value in whole.items() if value is not None}
    start = f"{b64url_encode(json.dumps(written).encode())}.{b64url_encode(payload)}"
    return f"{start}.{b64url_encode(SIGNER.sign(start.encode()))}".encode()


TOKENS = {
    "none": ("algorithm_refused", token({"alg": "none"})),
    "hmac with the public key": ("algorithm_refused", token({"alg": "HS256"})),
    "rsa": ("algorithm_refused", token({"alg": "RS256"})),
    "alg is no text": ("algorithm_refused", token({"alg": 1})),
    "alg is a list": ("algorithm_refused", token({"alg": ["EdDSA"]})),
    "no kid": ("kid_missing", token({"kid": None})),
    "relative kid": ("kid_not_absolute", token({"kid": "#key-1"})),
    "kid without fragment": ("kid_not_absolute", token({"kid": DID})),
    "crit": ("critical_header", token({"crit": ["b64"], "b64": False})),
    "another type": ("token_type", token({"typ": "at+jwt"})),
    "vc claim": ("vc_claim", token({}, b'{"vc":{}}')),
    "vp claim": ("vc_claim", token({}, b'{"vp":{}}')),
    "twice": ("duplicate_field", token({}, b'{"issuer":"a","issuer":"b"}')),
    "no object": ("bad_token", token({}, b"[]")),
    "not JSON": ("not_json", token({}, b"credential")),
    "deep": ("too_deep", token({}, b'{"a":' + b"[" * 40 + b"]" * 40 + b"}")),
    "infinite": ("float_refused", token({}, b'{"a":1e999}')),
    "too exact": ("integer_out_of_range", token({}, b'{"a":9007199254740993}')),
    "half a surrogate": ("unassigned_or_refused_character", token({}, rb'{"a":"\ud800"}')),
    "two parts": ("bad_token", b"a.b"),
    "padding": ("bad_base64", token({}) + b"=="),
    "line end": ("bad_base64", token({}) + b"\n"),
    "not the one base64": ("bad_base64", b"eyJ." + b"A" * 5 + b".AA"),
    "large": ("bad_token", b"." * 600_000),
}  # fmt: skip


@pytest.mark.parametrize("attack", TOKENS)
def test_a_bad_token_has_its_code(attack: str) -> None:
    code, text = TOKENS[attack]
    with refused(code):
        jose.parse(text)


def test_a_lax_last_character_is_refused() -> None:
    good = token({}).decode()
    for last in "BCDEFGHIJKLMNOPQRSTUVWXYZ":
        if last != good[-1]:
            try:
                found = jose.parse((good[:-1] + last).encode())
            except BadBase64:
                continue
            with pytest.raises(RecordError):
                found.verify(KEY)


def test_an_algorithm_of_another_key_is_refused() -> None:
    with refused("algorithm_confused"):
        jose.parse(token({"alg": "ES256"})).verify(KEY)


# Keys


def multikey(content: bytes) -> Any:
    """What reads these bytes as a Multikey."""
    return lambda: public_keys.of_multikey(multibase.encode_multibase(content))


def jwk(**members: str) -> Any:
    """What reads our key with these members as a JSON Web Key."""
    return lambda: public_keys.of_jwk({**KEY.jwk, **members})


KEYS = {
    "small order": ("small_order_key", multikey(b"\xed\x01" + bytes(32))),
    "not canonical": ("bad_public_key", multikey(b"\xed\x01" + (2**255 - 18).to_bytes(32, "little"))),
    "short": ("bad_public_key", multikey(b"\xed\x01" + b"1" * 31)),
    "x25519": ("key_type_unknown", multikey(b"\xec\x01" + bytes(32))),
    "another base": ("bad_base58", lambda: public_keys.of_multikey("uAAAA")),
    "base58 bomb": ("bad_base58", lambda: public_keys.of_multikey("z" + "2" * 65536)),
    "no point": ("bad_key", multikey(b"\x80\x24\x02" + b"\xff" * 32)),
    "uncompressed": ("bad_key", multikey(b"\x80\x24\x04" + b"1" * 64)),
    "private": ("private_key_shown", jwk(d="AAAA")),
    "symmetric": ("private_key_shown", jwk(kty="oct", k="AAAA")),
    "rsa": ("key_type_unknown", jwk(kty="RSA")),
    "lax x": ("bad_base64", jwk(x=KEY.jwk["x"] + "=")),
    "no object": ("bad_key", lambda: public_keys.of_jwk("x")),
}


@pytest.mark.parametrize("attack", KEYS)
def test_a_bad_key_has_its_code(attack: str) -> None:
    code, read = KEYS[attack]
    with refused(code):
        read()


def test_an_ecdsa_signature_is_two_numbers_and_no_asn1() -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    numbers = private.public_key().public_numbers()
    x, y = (b64url_encode(one.to_bytes(32)) for one in (numbers.x, numbers.y))
    key = public_keys.of_jwk({"kty": "EC", "crv": "P-256", "x": x, "y": y})
    der = private.sign(b"words", ec.ECDSA(SHA256()))
    with refused("signature_not_canonical"):
        key.verify(b"words", der)
    r, s = decode_dss_signature(der)
    key.verify(b"words", r.to_bytes(32) + s.to_bytes(32))
    with refused("bad_signature"):
        key.verify(b"words", bytes(64))


@pytest.mark.parametrize("content", [b"", b"\0\0", b"\0\xff", b"Hello World!", bytes(range(64))])
def test_base58_gives_the_bytes_back(content: bytes) -> None:
    text = multibase.encode_multibase(content)
    if content:
        assert multibase.decode_multibase(text) == content
    else:
        with refused("bad_base58"):
            multibase.decode_multibase(text)


def test_base58_of_the_draft_of_the_ietf() -> None:
    assert multibase.encode_base58(b"Hello World!") == "2NEpo7TZRRrLZSi2U"
    assert multibase.encode_base58(bytes.fromhex("0000287fb4cd")) == "11233QC4"
