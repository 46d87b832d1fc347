"""Urns, digests and base64: one writing each."""

import hashlib
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceability.ledger import identifiers
from traceability.ledger.errors import RecordError

URN_7 = "urn:uuid:018bcfe5-6800-7fff-bfff-ffffffffffff"
URN_4 = "urn:uuid:f47ac10b-58cc-4372-a567-0e02b2c3d479"
DIGEST = "sha256:" + "0a" * 32


def test_new_urn_is_the_example_of_rfc_9562() -> None:
    # RFC 9562 appendix A.6: 0x017F22E279B0 ms, rand_a 0xCC3, rand_b 0x18C4DC0C0C07398F
    random_10_bytes = bytes.fromhex("0cc318c4dc0c0c07398f")
    assert identifiers.new_urn(0x017F22E279B0, random_10_bytes) == "urn:uuid:017f22e2-79b0-7cc3-98c4-dc0c0c07398f"


@given(st.integers(0, 2**48 - 1), st.binary(min_size=10, max_size=10))
def test_new_urn_is_of_version_7(now_ms: int, random_10_bytes: bytes) -> None:
    urn = identifiers.new_urn(now_ms, random_10_bytes)
    parsed = uuid.UUID(urn)
    assert identifiers.is_new_urn(urn)
    assert parsed.urn == urn
    assert (parsed.version, parsed.variant, parsed.int >> 80) == (7, uuid.RFC_4122, now_ms)


@pytest.mark.parametrize(("now_ms", "size"), [(-1, 10), (2**48, 10), (0, 9), (0, 11)])
def test_new_urn_refuses_other_arguments(now_ms: int, size: int) -> None:
    with pytest.raises(identifiers.BadUrn):
        identifiers.new_urn(now_ms, bytes(size))


def test_urn_of_another_version_names_but_is_not_new() -> None:
    assert identifiers.check_urn(URN_4) == URN_4
    assert not identifiers.is_new_urn(URN_4)


@pytest.mark.parametrize(
    "text", ["", URN_7.upper(), URN_7[9:], URN_7 + "\n", URN_7.replace("-", ""), "urn:uuid:{018bcfe5}", None, 7]
)
def test_other_urns_are_refused(text: object) -> None:
    assert not identifiers.is_urn(text)
    with pytest.raises(identifiers.BadUrn):
        identifiers.check_urn(text, path="/id")


@pytest.mark.parametrize(
    "text", ["", DIGEST.upper(), DIGEST[7:], DIGEST + "0", DIGEST + "\n", "sha512:" + "0" * 64, None]
)
def test_other_digests_are_refused(text: object) -> None:
    assert not identifiers.is_digest(text)
    with pytest.raises(identifiers.BadDigest):
        identifiers.check_digest(text)


def test_digest_of_bytes_and_back() -> None:
    digest = identifiers.digest_of(b"abc")
    assert digest == "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert identifiers.digest_bytes(digest) == hashlib.sha256(b"abc").digest()


@given(st.binary(max_size=70))
def test_base64_round_trip(content: bytes) -> None:
    assert identifiers.b64url_decode(identifiers.b64url_encode(content)) == content
    assert identifiers.b64_decode(identifiers.b64_encode(content)) == content
    assert identifiers.b64_decode(identifiers.b64_encode(content).encode()) == content


@pytest.mark.parametrize(
    "text", ["AA==", "A", "AB", "AAB", "+/+/", "-_ -", "-_-\n", "-_-_\n", "\u0410\u0410", "\ud800AAA", None, 1]
)
def test_base64url_has_one_writing(text: object) -> None:
    with pytest.raises(identifiers.BadBase64):
        identifiers.b64url_decode(text)


def test_base64url_of_a_size() -> None:
    assert identifiers.b64url_decode("AAAA", size=3) == bytes(3)
    with pytest.raises(identifiers.BadBase64):
        identifiers.b64url_decode("AAAA", size=4)


@pytest.mark.parametrize(
    "text", ["AA", "AA=", "AB==", "AAB=", "-_-_", "AAA A", "AAAA\n", "AA==AA==", "\u0410AAA", "\ud800AAA"]
)
def test_base64_has_one_writing(text: str) -> None:
    with pytest.raises(identifiers.BadBase64):
        identifiers.b64_decode(text)


@given(st.text("AB+/-_=\n ", max_size=8))
def test_what_is_accepted_is_written_back_the_same(text: str) -> None:
    for decode, encode in (
        (identifiers.b64_decode, identifiers.b64_encode),
        (identifiers.b64url_decode, identifiers.b64url_encode),
    ):
        try:
            content = decode(text)
        except RecordError:
            continue
        assert encode(content) == text
