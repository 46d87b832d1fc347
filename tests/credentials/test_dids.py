"""DIDs: where the document of a did:web lies, and which of its keys may have signed."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.credentials.test_proofs import DID, KEY, KEY_URL, refused
from traceability.credentials import dids

WEB = "did:web:example.org:organisations:1"
URL = f"{WEB}#key"
METHOD: dict[str, Any] = {
    "id": URL, "type": "Multikey", "controller": WEB, "publicKeyMultibase": KEY.multikey,
}  # fmt: skip
DOCUMENT: dict[str, Any] = {"id": WEB, "verificationMethod": [METHOD], "assertionMethod": [URL]}
DAY = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("did", "address"),
    [
        ("did:web:w3c-ccg.github.io", "https://w3c-ccg.github.io/.well-known/did.json"),
        ("did:web:w3c-ccg.github.io:user:alice", "https://w3c-ccg.github.io/user/alice/did.json"),
        ("did:web:example.com%3A3000:user:alice", "https://example.com:3000/user/alice/did.json"),
    ],
)
def test_a_did_web_is_an_address(did: str, address: str) -> None:
    """The examples of the method's text."""
    assert dids.web_address(did) == address


def test_a_did_web_of_a_site() -> None:
    assert dids.web_did("http://127.0.0.1:8106", "organisations/1") == "did:web:127.0.0.1%3A8106:organisations:1"


@pytest.mark.parametrize(
    "did", ["did:web:a:..:b", "did:web:a:%2e%2e:b", "did:web:a:b%2Fc", "did:web:a::b", "did:key:z"]
)
def test_a_did_web_that_leads_elsewhere_is_refused(did: str) -> None:
    with refused("bad_did"):
        dids.web_address(did)


@pytest.mark.parametrize(
    "did", ["banana", "did:web:", "did:WEB:a", "https://example.org", "did:web:a b", "did:web:" + "a" * 600]
)
def test_what_is_no_did_is_refused(did: str) -> None:
    with refused("bad_did"):
        dids.did_of(did)


def test_the_document_of_a_did_key_lists_its_key() -> None:
    assert dids.find_method(dids.key_document(DID), KEY_URL).key == KEY


def test_both_forms_of_a_key_are_read() -> None:
    jwk = {**METHOD, "type": "JsonWebKey", "publicKeyJwk": KEY.jwk}
    for method in (METHOD, jwk, {**METHOD, "id": "#key"}):
        found = dids.find_method({**DOCUMENT, "verificationMethod": [method]}, URL)
        assert found.key == KEY
        found.check_at(None)
    embedded = {"id": WEB, "assertionMethod": [METHOD]}
    assert dids.find_method(embedded, URL).asserts


DOCUMENTS = {
    "of another": ("bad_did_document", {"id": "did:web:example.org"}),
    "without the key": ("key_not_in_did_document", {"verificationMethod": []}),
    "twice": ("bad_did_document", {"verificationMethod": [METHOD, METHOD]}),
    "controlled by another": ("bad_did_document", {"verificationMethod": [{**METHOD, "controller": DID}]}),
    "another type": ("bad_did_document", {"verificationMethod": [{**METHOD, "type": "RsaVerificationKey2018"}]}),
    "too many": ("bad_did_document", {"verificationMethod": [METHOD] * 101}),
    "no list": ("bad_did_document", {"assertionMethod": URL}),
    "a bad end": ("bad_date", {"verificationMethod": [{**METHOD, "expires": "tomorrow"}]}),
}


@pytest.mark.parametrize("attack", DOCUMENTS)
def test_a_bad_document_has_its_code(attack: str) -> None:
    code, change = DOCUMENTS[attack]
    with refused(code):
        dids.find_method({**DOCUMENT, **change}, URL)


def test_a_key_speaks_until_it_ends() -> None:
    ended = {**METHOD, "expires": "2026-11-23T00:00:00Z"}
    found = dids.find_method({**DOCUMENT, "verificationMethod": [ended]}, URL)
    found.check_at(datetime(2026, 11, 22, tzinfo=UTC))
    for signed_at in (DAY, None):
        with refused("key_expired"):
            found.check_at(signed_at)
    revoked = {**METHOD, "revoked": "2026-11-23T00:00:00Z"}
    with refused("key_revoked"):
        dids.find_method({**DOCUMENT, "verificationMethod": [revoked]}, URL).check_at(datetime(2020, 1, 1, tzinfo=UTC))
    with refused("wrong_purpose"):
        dids.find_method({**DOCUMENT, "assertionMethod": []}, URL).check_at(None)
