"""Keys, status lists and checks of credentials over a real record."""

import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from tests.credentials.test_proofs import refused
from tests.notices.receivers import receiver
from tests.services.market import Market
from traceability.credentials import data_model, dids, jose, status_list
from traceability.credentials.answer import CredentialAnswer
from traceability.ledger.identifiers import digest_of
from traceability.models import KeyEntry, LogEntry, Organisation
from traceability.selectors import did_documents
from traceability.selectors.ended import ended
from traceability.services import credential_check, issuing, organisations, safe_fetch, status_lists
from traceability.services.integrator import integrate

MOMENT = "2026-11-23T00:00:00Z"


def credential(organisation: Organisation, **more: Any) -> dict[str, Any]:
    return {
        "@context": [data_model.CONTEXT],
        "type": ["VerifiableCredential"],
        "issuer": did_documents.did_of(organisation.pk),
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {"id": "urn:uuid:0190b6a1-0000-7000-8000-000000000001"},
        **more,
    }


def outcome(answer: CredentialAnswer) -> dict[str, str]:
    return {one.id: one.code for one in answer.checks}


def issue(organisation: Organisation, form: str = issuing.TOKEN, **more: Any) -> bytes:
    return issuing.issue(credential(organisation, **more), organisation.pk, form, MOMENT)


def key_of(organisation: Organisation) -> str:
    return digest_of(bytes(KeyEntry.objects.get(organisation=organisation, ended=None).public_key))


def get(path: str, status: int = 200, **more: Any) -> Any:
    answer = Client().get(path, **more)
    assert answer.status_code == status, answer.content
    return answer


@pytest.mark.parametrize("form", issuing.FORMS)
def test_what_an_organisation_issues_here_verifies_here(market: Market, form: str) -> None:
    integrate()
    mine = market.mine.organisation
    answer = credential_check.check(issue(mine, form, credentialStatus=status_lists.entry(mine.pk, 3)))
    assert answer.verdict.value == "pass", answer.to_value()


def test_a_replaced_key_stays_with_its_end_and_a_revoked_one_speaks_no_more(market: Market) -> None:
    integrate()
    mine = market.mine.organisation
    address = f"/organisations/{mine.pk}/did.json"
    first, before = get(address), issue(mine)
    organisations.rotate_key(actor=market.mine)
    integrate()
    second = get(address)
    [old, _, new, _] = second.json()["verificationMethod"]
    assert ("expires" in old, "expires" in new) == (True, False)
    assert len(second.json()["assertionMethod"]) == 4
    assert outcome(credential_check.check(before))["issuer"] == "key_replaced_since"
    assert credential_check.check(issue(mine)).verdict.value == "pass"
    replaced = digest_of(dids.find_method(second.json(), old["id"]).key.raw)
    organisations.revoke_key(actor=market.mine, key=replaced, compromised_from_index=0, reason="stolen")
    integrate()
    third = get(address)
    assert "revoked" in next(one for one in third.json()["verificationMethod"] if one["id"] == old["id"])
    assert outcome(credential_check.check(before))["issuer"] == "key_revoked"
    versions = did_documents.versions(mine.pk)
    assert len(versions) == 3
    for version, found in zip(versions, (first, second, third), strict=True):
        assert get(f"{address}?versionId={version.index}").json() == found.json()
    assert get(f"{address}?versionTime={versions[0].at:%Y-%m-%dT%H:%M:%SZ}", 404 if versions[0].at.microsecond else 200)
    assert f"versionId={versions[1].index}" in third["Link"]


@pytest.mark.parametrize(
    "query", ["versionId=+1", "versionId=99999", "versionTime=yesterday", "versionTime=1999-01-01T00:00:00Z"]
)
def test_a_version_that_there_is_not_is_not_found(market: Market, query: str) -> None:
    integrate()
    get(f"/organisations/{market.mine.organisation.pk}/did.json?{query}", 404)


def test_an_organisation_that_nobody_knows_has_no_document_and_no_list(market: Market) -> None:
    stranger = "0190b6a1-0000-7000-8000-00000000000f"
    get(f"/organisations/{stranger}/did.json", 404)
    get(f"/organisations/{stranger}/status/0", 404)
    get(f"/organisations/{market.mine.organisation.pk}/status/1", 404)


def test_who_holds_its_keys_itself_gets_no_signature_of_the_platform(market: Market) -> None:
    integrate()
    KeyEntry.objects.filter(organisation=market.mine.organisation).update(recovery=True)
    with refused("issuer_holds_its_keys"):
        issue(market.mine.organisation)


def bits(content: bytes) -> bytes:
    found = jose.parse(content).payload
    data_model.check(found)
    return status_list.decode(found["credentialSubject"]["encodedList"])


def test_a_bit_follows_the_record_and_the_list_of_a_moment_is_the_one_of_then(market: Market) -> None:
    mine = market.mine.organisation
    with time_machine.travel(datetime(2026, 11, 1, tzinfo=UTC), tick=True):
        lot = market.source()
        said = LogEntry.objects.filter(statement__kind="lot.source")
        integrate()
        index = said.get().index
        address = f"/organisations/{mine.pk}/status/0"
        assert not any(bits(get(address).content))
    with time_machine.travel(datetime(2026, 11, 3, tzinfo=UTC), tick=True):
        cache.clear()
        original = f"sha256:{bytes(said.get().statement.digest).hex()}"
        market.say(market.mine, "statement.void", {"voids": original, "reason": "Entered twice."})
        integrate()
        assert ended(mine.pk, datetime.now(UTC)) == {index}
        now = bits(get(address).content)
        assert now[index >> 3] & (0x80 >> (index & 7))
        then = get(f"{address}?timestamp=2026-11-02T00:00:00Z").content
        assert not any(bits(then))
        assert jose.parse(then).payload["validFrom"] == "2026-11-02T00:00:00Z"
        token = issue(mine, credentialStatus=status_lists.entry(mine.pk, index))
        assert outcome(credential_check.check(token))["status"] == "status_set"
    assert lot


def test_what_was_signed_in_the_doubtful_window_of_a_revoked_key_no_longer_stands(market: Market) -> None:
    mine = market.mine.organisation
    market.source()
    integrate()
    index = LogEntry.objects.get(statement__kind="lot.source").index
    old = key_of(mine)
    organisations.rotate_key(actor=market.mine)
    before = datetime.now(UTC)
    time.sleep(1.1)  # moments of the record are whole seconds
    organisations.revoke_key(actor=market.mine, key=old, compromised_from_index=index, reason="stolen")
    integrate()
    assert index in ended(mine.pk, datetime.now(UTC))
    assert index not in ended(mine.pk, before)


def test_a_status_list_is_read_in_both_forms_and_from_the_cache(
    market: Market, django_assert_max_num_queries: Any
) -> None:
    integrate()
    address = f"/organisations/{market.mine.organisation.pk}/status/0"
    document = get(address, headers={"accept": "application/vc"})
    assert document["Content-Type"] == "application/vc"
    assert json.loads(document.content)["proof"]["cryptosuite"] == "eddsa-jcs-2022"
    first = get(address)
    assert (first["Content-Type"], first["Access-Control-Allow-Origin"]) == ("application/vc+jwt", "*")
    with django_assert_max_num_queries(6):
        assert get(address).content == first.content
    get(f"{address}?timestamp=yesterday", 404)


@pytest.mark.parametrize(
    "did",
    ["did:web:localhost", "did:web:127.0.0.1", "did:web:10.0.0.1:a", "did:web:169.254.169.254", "did:web:0x7f000001"],
)
def test_a_did_inside_is_never_asked(market: Market, did: str) -> None:
    integrate()
    mine = market.mine.organisation
    signer = issuing.signer_of(mine.pk)
    token = jose.sign({**credential(mine), "issuer": did}, f"{did}#key", signer)
    answer = credential_check.check(token.encode())
    assert (answer.checks[1].result.value, answer.checks[1].code) == ("not_established", "address_refused")


def test_what_is_fetched_has_a_bound_and_redirects_lead_nowhere(settings: Any) -> None:
    settings.LODESTONE_LOOPBACK_WEBHOOKS = True
    with receiver() as there:
        there.status, there.body = 200, b"0123456789"
        assert safe_fetch.get(there.url, accept="*/*", most_bytes=10) == there.body
        with pytest.raises(safe_fetch.NotReached, match="more than 9 bytes"):
            safe_fetch.get(there.url, accept="*/*", most_bytes=9)
        there.status, there.headers = 302, {"Location": there.url}
        with pytest.raises(safe_fetch.NotReached, match="redirects"):
            safe_fetch.get(there.url, accept="*/*", most_bytes=10)
        assert len(there.got) == 3


def test_a_credential_is_verified_by_the_api(market: Market) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    integrate()
    cache.clear()
    content = issue(market.mine.organisation)
    answer = Client().post("/api/v1/verify", {"credential": SimpleUploadedFile("a.jwt", content)})
    assert answer.status_code == 200, answer.content
    assert answer.json()["verdict"] == "pass"
    assert json.loads(answer.content)["format"] == "lodestone-credential-answer/1"
    both = {"credential": SimpleUploadedFile("a", content), "bundle": SimpleUploadedFile("b", b"x")}
    assert Client().post("/api/v1/verify", both).json()["code"] == "unknown_part"
