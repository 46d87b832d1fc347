"""The envelope: one valid one, and one mutation per refusal."""

import base64
import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceability.ledger import canonical, envelope, signing
from traceability.ledger.errors import RecordError

FIRST = signing.KeySigner(bytes(range(32)))
SECOND = signing.KeySigner(bytes(32))
PAYLOAD = b'{"format":"lodestone-statement/1"}'
SEALED = envelope.seal(PAYLOAD, [FIRST, SECOND])
DATA = envelope.encode_envelope(SEALED)


def changed(**members: Any) -> bytes:
    """The valid envelope with other members, again in RFC 8785 form."""
    return canonical.encode_rfc8785({**json.loads(DATA), **members})


def signature(**members: Any) -> dict[str, Any]:
    return {**json.loads(DATA)["signatures"][0], **members}


def test_envelope_is_dsse_in_rfc_8785_form() -> None:
    value = json.loads(DATA)
    assert canonical.encode_rfc8785(value) == DATA
    assert base64.b64decode(value["payload"]) == PAYLOAD
    assert value["payloadType"] == "application/vnd.lodestone.statement+json"
    assert [one["keyid"] for one in value["signatures"]] == [signing.key_id(k.public_key) for k in (FIRST, SECOND)]
    assert envelope.parse_envelope(DATA) == SEALED


def test_pae_is_that_of_the_dsse_specification() -> None:
    assert envelope.pae(b"hello \xe2\x82\xac") == (
        b"DSSEv1 40 application/vnd.lodestone.statement+json 9 hello \xe2\x82\xac"
    )
    assert envelope.pae(b"").endswith(b"json 0 ")


def test_leaf_is_three_hashes() -> None:
    leaf = envelope.leaf_input(PAYLOAD, FIRST.public_key, SEALED.signatures)
    both = SEALED.signatures[0].sig + SEALED.signatures[1].sig
    assert leaf == b"".join(hashlib.sha256(part).digest() for part in (PAYLOAD, FIRST.public_key, both))
    assert len(leaf) == envelope.LEAF_BYTES


VALUE = json.loads(DATA)
BAD_SIGNATURES: list[Any] = [
    [],
    {},
    "x",
    [signature(keyid="x")],
    [signature(keyid=VALUE["signatures"][0]["keyid"].upper())],
    [signature(sig="AAAA")],
    [signature(sig=VALUE["signatures"][0]["sig"].rstrip("="))],
    [signature(sig=VALUE["signatures"][0]["sig"].replace("+", "-").replace("/", "_"))],
    [signature(cert="x")],
    [{"sig": VALUE["signatures"][0]["sig"]}],
    [1],
]


@pytest.mark.parametrize("signatures", BAD_SIGNATURES)
def test_other_signatures_are_refused(signatures: Any) -> None:
    with pytest.raises(envelope.EnvelopeNotCanonical):
        envelope.parse_envelope(changed(signatures=signatures))


def test_last_bits_of_a_signature_have_one_writing() -> None:
    sig = VALUE["signatures"][0]["sig"]
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    twin = sig[:85] + alphabet[alphabet.index(sig[85]) + 1] + "=="
    assert base64.b64decode(twin) == base64.b64decode(sig)
    with pytest.raises(RecordError) as refused:
        envelope.parse_envelope(changed(signatures=[signature(sig=twin)]))
    assert (refused.value.code, refused.value.path) == ("bad_base64", "/signatures")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "bad_envelope"),
        (b"\xff", "bad_envelope"),
        (b"[" * 100_000, "bad_envelope"),
        (b"9" * 10_000, "bad_envelope"),
        (b"[]", "bad_envelope"),
        (b"{}", "bad_envelope"),
        (changed(extra="x"), "bad_envelope"),
        (changed(payloadType="application/vnd.in-toto+json"), "wrong_payload_type"),
        (changed(payloadType=["x"]), "wrong_payload_type"),
        (DATA + b"\n", "envelope_not_canonical"),
        (b" " + DATA, "envelope_not_canonical"),
        (json.dumps(VALUE).encode(), "envelope_not_canonical"),
        (json.dumps(dict(reversed(VALUE.items())), separators=(",", ":")).encode(), "envelope_not_canonical"),
        (DATA.replace(b"application/", b"application\\/"), "envelope_not_canonical"),
        (DATA.replace(b'"payload":', b'"payload":"eA==","payload":'), "envelope_not_canonical"),
        (DATA.replace(b'{"payload"', b'{ "payload"'), "envelope_not_canonical"),
        (changed(payload=VALUE["payload"].rstrip("=")), "bad_base64"),
        (changed(payload=VALUE["payload"] + "===="), "bad_base64"),
        (changed(payload="eB=="), "bad_base64"),
        (changed(payload="_-A="), "bad_base64"),
        (changed(payload="e A="), "bad_base64"),
        (changed(payload="\u0410AAA"), "bad_base64"),
        (changed(payload=base64.b64encode(bytes(canonical.MAX_BYTES + 1)).decode()), "too_large"),
        (changed(payload="A" * envelope.MAX_ENVELOPE_BYTES), "too_large"),
    ],
)
def test_other_bytes_are_refused(data: bytes, code: str) -> None:
    with pytest.raises(RecordError) as refused:
        envelope.parse_envelope(data)
    assert refused.value.code == code


def test_the_largest_payload_is_read() -> None:
    sealed = envelope.seal(bytes(canonical.MAX_BYTES), [FIRST])
    assert envelope.parse_envelope(envelope.encode_envelope(sealed)) == sealed


@given(st.binary(max_size=300), st.integers(1, 3))
def test_round_trip(payload: bytes, signers: int) -> None:
    sealed = envelope.seal(payload, [FIRST] * signers)
    assert envelope.parse_envelope(envelope.encode_envelope(sealed)) == sealed


@given(st.integers(0, len(DATA) - 1), st.integers(1, 255))
def test_a_changed_byte_is_refused_or_shows(position: int, mask: int) -> None:
    data = bytearray(DATA)
    data[position] ^= mask
    try:
        read = envelope.parse_envelope(bytes(data))
    except RecordError:
        return
    with pytest.raises(RecordError):
        envelope.verify_envelope(read, [FIRST.public_key, SECOND.public_key])


def test_signatures_are_those_of_the_keys_in_order() -> None:
    both = [FIRST.public_key, SECOND.public_key]
    envelope.verify_envelope(SEALED, both)
    for keys in ([], both[:1], both[::-1], [*both, FIRST.public_key]):
        with pytest.raises(envelope.WrongSigners):
            envelope.verify_envelope(SEALED, keys)


def test_a_signature_of_another_payload_is_refused() -> None:
    forged = envelope.Envelope(PAYLOAD + b" ", SEALED.signatures)
    with pytest.raises(signing.BadSignature):
        envelope.verify_envelope(forged, [FIRST.public_key, SECOND.public_key])


def test_a_signature_of_the_bare_payload_is_refused() -> None:
    bare = envelope.Signature(signing.key_id(FIRST.public_key), FIRST.sign(PAYLOAD))
    with pytest.raises(signing.BadSignature):
        envelope.verify_envelope(envelope.Envelope(PAYLOAD, (bare,)), [FIRST.public_key])
