"""One valid credential, one change per attack: each flips the check that it is about, under its own code."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.credentials.test_proofs import SIGNER, token
from traceability.credentials import data_integrity, dids, jose, public_keys, status_list
from traceability.credentials.answer import CredentialAnswer, Result
from traceability.credentials.verifying import AddressRefused, NotReachable, verify
from traceability.ledger.canonical import encode_rfc8785
from traceability.ledger.errors import RecordError
from traceability.ledger.signing import KeySigner

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ISSUER = "did:web:issuer.example"
STRANGER = "did:web:stranger.example"
OTHER = KeySigner(bytes(range(1, 33)))
LIST = "https://issuer.example/status/1"


def document(did: str, signer: KeySigner, **ends: str) -> dict[str, Any]:
    key = public_keys.ed25519(signer.public_key)
    method = {"id": f"{did}#key", "controller": did, "type": "JsonWebKey", "publicKeyJwk": key.jwk, **ends}
    return {"id": did, "verificationMethod": [method], "assertionMethod": [f"{did}#key"]}


CREDENTIAL: dict[str, Any] = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "id": "urn:uuid:0190b6a1-0000-7000-8000-000000000001",
    "type": ["VerifiableCredential"],
    "issuer": ISSUER,
    "validFrom": "2026-11-01T00:00:00Z",
    "validUntil": "2027-11-01T00:00:00Z",
    "credentialSubject": {"id": "urn:uuid:0190b6a1-0000-7000-8000-000000000002", "share": "0.3"},
    "credentialStatus": {
        "type": "BitstringStatusListEntry", "statusPurpose": "revocation", "statusListIndex": "7",
        "statusListCredential": LIST,
    },
}  # fmt: skip


def a_list(bits: list[int], **changes: Any) -> dict[str, Any]:
    subject = {"type": "BitstringStatusList", "statusPurpose": "revocation", "encodedList": status_list.encode(bits)}
    kinds = ["VerifiableCredential", "BitstringStatusListCredential"]
    rest = {name: CREDENTIAL[name] for name in ("@context", "issuer", "validFrom")}
    return {**rest, "type": kinds, "credentialSubject": subject, **changes}


class Web:
    """Documents and status lists at their addresses; what is not there is not reachable."""

    def __init__(self) -> None:
        self.documents: dict[str, Mapping[str, Any]] = {
            ISSUER: document(ISSUER, SIGNER), STRANGER: document(STRANGER, OTHER),
        }  # fmt: skip
        self.lists = {LIST: secured(a_list([]))}
        self.asked: list[str] = []
        self.refusal: type[RecordError] = NotReachable

    def did_document(self, did: str) -> Mapping[str, Any]:
        self.asked.append(did)
        if did not in self.documents:
            raise self.refusal("Nobody answers there.")
        return self.documents[did]

    def status_list(self, url: str) -> bytes:
        self.asked.append(url)
        if url not in self.lists:
            raise self.refusal("Nobody answers there.")
        return self.lists[url]


def secured(credential: dict[str, Any], signer: KeySigner = SIGNER, did: str = ISSUER) -> bytes:
    return jose.sign(credential, f"{did}#key", signer).encode()


def embedded(credential: dict[str, Any], **options: Any) -> bytes:
    made = {"created": "2026-11-02T00:00:00Z", "verificationMethod": f"{ISSUER}#key", **options}
    return json.dumps(data_integrity.create(credential, made, SIGNER)).encode()


def outcome(answer: CredentialAnswer, check: str) -> tuple[str, str]:
    found = next(one for one in answer.checks if one.id == check)
    return found.result.value, found.code


@pytest.mark.parametrize("form", [secured, embedded])
def test_a_good_credential_passes_in_both_forms(form: Any) -> None:
    answer = verify(form(CREDENTIAL), Web(), NOW)
    assert answer.verdict is Result.PASS, answer.to_value()
    assert [one.id for one in answer.checks] == ["form", "issuer", "proof", "period", "status", "contexts", "profile"]
    assert answer.to_value()["issuer"] == ISSUER


def test_an_enveloped_credential_is_its_token() -> None:
    text = secured(CREDENTIAL).decode()
    whole = {"@context": CREDENTIAL["@context"], "type": "EnvelopedVerifiableCredential",
             "id": f"data:application/vc+jwt,{text}"}  # fmt: skip
    assert verify(json.dumps(whole).encode(), Web(), NOW).verdict is Result.PASS


ATTACKS: dict[str, tuple[bytes, str, str, str]] = {
    "kid of another": (secured(CREDENTIAL, OTHER, STRANGER), "issuer", "fail", "key_of_another"),
    "key not listed": (
        jose.sign(CREDENTIAL, f"{ISSUER}#other", SIGNER).encode(), "issuer", "fail", "key_not_in_did_document"),
    "signed with another key": (secured(CREDENTIAL, OTHER), "proof", "fail", "bad_signature"),
    "iss differs": (secured({**CREDENTIAL, "iss": STRANGER}), "issuer", "fail", "iss_differs"),
    "issuer unreachable": (
        secured({**CREDENTIAL, "issuer": "did:web:gone.example"}, SIGNER, "did:web:gone.example"),
        "issuer", "not_established", "not_reachable"),
    "unknown method": (
        embedded(CREDENTIAL, cryptosuite="eddsa-rdfc-2022"), "issuer", "not_established", "cryptosuite_unknown"),
    "not yet": (secured({**CREDENTIAL, "validFrom": "2027-01-01T00:00:00Z"}), "period", "fail", "not_yet_valid"),
    "over": (secured({**CREDENTIAL, "validUntil": "2026-11-02T00:00:00Z"}), "period", "fail", "no_longer_valid"),
    "token over": (secured({**CREDENTIAL, "exp": 1}), "period", "fail", "no_longer_valid"),
    "token claim": (secured({**CREDENTIAL, "nbf": "soon"}), "period", "fail", "bad_date"),
    "proof over": (embedded(CREDENTIAL, expires="2026-11-03T00:00:00Z"), "proof", "fail", "no_longer_valid"),
    "alg none": (token({"alg": "none"}), "form", "fail", "algorithm_refused"),
    "no proof": (json.dumps(CREDENTIAL).encode(), "form", "fail", "no_proof"),
    "presentation": (b'{"type": "VerifiablePresentation"}', "form", "fail", "not_a_credential"),
    "twice": (b'{"type": ["VerifiableCredential"], "type": []}', "form", "fail", "duplicate_field"),
    "old model": (
        secured({**CREDENTIAL, "@context": ["https://www.w3.org/2018/credentials/v1"]}), "form", "fail", "bad_context"),
    "unknown context": (
        secured({**CREDENTIAL, "@context": [*CREDENTIAL["@context"], "https://x.example"]}), "contexts", "warning",
        "context_unknown"),
    "empty": (b"", "form", "fail", "bad_token"),
    "picture": (b"\x89PNG\r\n", "form", "fail", "bad_token"),
}  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_flips_its_check(attack: str) -> None:
    content, check, result, code = ATTACKS[attack]
    answer = verify(content, Web(), NOW)
    assert outcome(answer, check) == (result, code)
    assert answer.verdict.value != "pass"


def test_a_changed_payload_is_seen_and_its_status_is_not_asked() -> None:
    first, _, last = secured(CREDENTIAL).split(b".")
    other = secured({**CREDENTIAL, "name": "changed"}).split(b".")[1]
    web = Web()
    answer = verify(b".".join((first, other, last)), web, NOW)
    assert outcome(answer, "proof") == ("fail", "bad_signature")
    assert web.asked == [ISSUER]


def test_a_context_behind_the_signed_ones_is_named() -> None:
    changed = json.loads(embedded(CREDENTIAL))
    changed["@context"].append("https://www.w3.org/ns/credentials/v2")
    assert outcome(verify(json.dumps(changed).encode(), Web(), NOW), "contexts") == ("warning", "context_added")


STATUS: dict[str, tuple[bytes | None, str, str]] = {
    "set": (secured(a_list([7])), "fail", "status_set"),
    "another set": (secured(a_list([6, 8])), "pass", "pass"),
    "unreachable": (None, "not_established", "status_retrieval"),
    "of a stranger": (secured(a_list([], issuer=STRANGER), OTHER, STRANGER), "fail", "status_by_stranger"),
    "forged": (secured(a_list([]), OTHER), "fail", "status_verification"),
    "a page": (b"<html>", "fail", "status_verification"),
    "outdated": (secured(a_list([], validUntil="2026-11-02T00:00:00Z")), "not_established", "status_retrieval"),
    "no list": (secured({**CREDENTIAL, "credentialSubject": {"id": "urn:x:1"}}), "fail", "status_malformed"),
}


@pytest.mark.parametrize("case", STATUS)
def test_the_status_is_what_the_list_of_the_issuer_says(case: str) -> None:
    content, result, code = STATUS[case]
    web = Web()
    if content is None:
        del web.lists[LIST]
    else:
        web.lists[LIST] = content
    assert outcome(verify(secured(CREDENTIAL), web, NOW), "status") == (result, code)


def test_an_address_inside_is_refused_and_never_passes() -> None:
    web = Web()
    web.refusal = AddressRefused
    inside = {**CREDENTIAL, "issuer": "did:web:localhost"}
    answer = verify(secured(inside, SIGNER, "did:web:localhost"), web, NOW)
    assert outcome(answer, "issuer") == ("not_established", "address_refused")
    assert answer.verdict is Result.NOT_ESTABLISHED


def test_a_replaced_key_verifies_what_it_signed_before_with_a_warning_and_a_revoked_one_nothing() -> None:
    web = Web()
    web.documents[ISSUER] = document(ISSUER, SIGNER, expires="2026-11-20T00:00:00Z")
    answer = verify(secured({**CREDENTIAL, "validFrom": "2026-11-19T00:00:00Z"}), web, NOW)
    assert outcome(answer, "issuer") == ("warning", "key_replaced_since")
    late = verify(secured({**CREDENTIAL, "validFrom": "2026-11-21T00:00:00Z"}), web, NOW)
    assert outcome(late, "issuer") == ("fail", "key_expired")
    web.documents[ISSUER] = document(ISSUER, SIGNER, revoked="2026-11-20T00:00:00Z")
    assert outcome(verify(secured(CREDENTIAL), web, NOW), "issuer") == ("fail", "key_revoked")


def test_a_credential_without_status_is_no_worse() -> None:
    plain = {name: value for name, value in CREDENTIAL.items() if name != "credentialStatus"}
    answer = verify(secured(plain), Web(), NOW)
    assert outcome(answer, "status") == ("not_applicable", "no_status")
    assert answer.verdict is Result.PASS


def test_of_a_set_of_proofs_the_one_of_the_issuer_counts() -> None:
    signed = json.loads(embedded(CREDENTIAL))
    foreign = {**signed["proof"], "verificationMethod": f"{STRANGER}#key"}
    both = {**signed, "proof": [foreign, signed["proof"]]}
    assert verify(encode_rfc8785(both), Web(), NOW).verdict is Result.PASS


def test_a_did_key_needs_nobody() -> None:
    did = f"did:key:{public_keys.ed25519(SIGNER.public_key).multikey}"
    web = Web()
    web.documents[did] = dids.key_document(did)
    plain = {name: value for name, value in CREDENTIAL.items() if name != "credentialStatus"}
    text = jose.sign({**plain, "issuer": did}, f"{did}#{did.removeprefix('did:key:')}", SIGNER)
    assert verify(text.encode(), web, NOW).verdict is Result.PASS


def paths(value: Any, way: tuple[Any, ...] = ()) -> Any:
    yield way
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in steps:
        yield from paths(inner, (*way, step))


ODD: list[Any] = [None, True, -1, 1e300, "", "did:", [], {}, [[]], [{}], {"id": 1}, {"type": ["x"]}]
SAMPLE = {**CREDENTIAL, "issuer": {"id": ISSUER, "name": "x"}, "evidence": [{"type": "https://x.example"}]}


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_no_odd_value_anywhere_makes_it_stumble(odd: Any) -> None:
    """Signed nonsense of the issuer himself is answered, in the credential, its status list and his DID document."""
    for whole in (SAMPLE, a_list([]), document(ISSUER, SIGNER), json.loads(embedded(SAMPLE))):
        for way in paths(whole):
            changed = json.loads(json.dumps({"": whole}))
            holder: Any = changed
            for step in ("", *way)[:-1]:
                holder = holder[step]
            holder[("", *way)[-1]] = odd
            web = Web()
            if "verificationMethod" in whole:
                web.documents[ISSUER] = changed[""]
                verify(secured(CREDENTIAL), web, NOW)
            elif "BitstringStatusListCredential" in whole["type"]:
                web.lists[LIST] = secured(changed[""])
                verify(secured(CREDENTIAL), web, NOW)
            elif "proof" in whole:
                verify(json.dumps(changed[""]).encode(), web, NOW)
            else:
                verify(secured(changed[""]), web, NOW)
