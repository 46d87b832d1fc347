"""A stored statement is verified at 85 % or more of the speed of the bare Ed25519 check."""

import json

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tests.benchmarks.timing import speed_ratio
from traceability.ledger import canonical, envelope, signing

STATEMENTS = 300
SIGNERS = [signing.KeySigner(bytes([n]) * 32) for n in range(10)]
LIBRARY_KEYS = [Ed25519PublicKey.from_public_bytes(one.public_key) for one in SIGNERS]


def payload(number: int) -> bytes:
    rows = [{"amount": f"{number + row}.5", "flow": "electricity", "unit": "kwh", "role": "fuel"} for row in range(12)]
    return canonical.encode({"body": {"inventory": rows}, "nonce": f"{number:022d}", "kind": "lot.transform"})


SEALED = [envelope.seal(payload(n), [SIGNERS[n % 10]]) for n in range(STATEMENTS)]
STORED = [envelope.encode_envelope(one) for one in SEALED]
MESSAGES = [(LIBRARY_KEYS[n % 10], one.signatures[0].sig, envelope.pae(one.payload)) for n, one in enumerate(SEALED)]


def verify_stored() -> None:
    for number, data in enumerate(STORED):
        envelope.verify_envelope(envelope.parse_envelope(data), [SIGNERS[number % 10].public_key])


def verify_bare() -> None:
    for key, signature, message in MESSAGES:
        key.verify(signature, message)


def parse_payloads() -> None:
    for one in SEALED:
        canonical.parse(one.payload)


def test_a_stored_statement_is_verified_at_about_the_speed_of_its_signature() -> None:
    ratio = speed_ratio(verify_stored, verify_bare, rounds=40)
    print(f"\nverify stored statement / bare Ed25519 verify: {ratio:.3f} ({len(SEALED[0].payload)} bytes)")
    assert ratio >= 0.85


def test_the_canonical_check_of_a_payload_costs_less_than_its_signature() -> None:
    ratio = speed_ratio(parse_payloads, verify_bare)
    print(f"\ncanonical parse of the payload / bare Ed25519 verify: {ratio:.2f}")
    assert ratio >= 1
    assert json.loads(SEALED[0].payload) == canonical.parse(SEALED[0].payload)
