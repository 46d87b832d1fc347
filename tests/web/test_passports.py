"""Passports and conformity credentials: valid by the saved schemas, whole as linked data, verified by our checks."""

import json
from decimal import Decimal
from typing import Any

import jsonschema
import pytest
from django.test import Client
from pyld import jsonld

from tests.api.clients import Clients
from tests.api.test_verifying import Desk, with_factors
from tests.demo_chain import Demo
from tests.standards import standards_path
from traceability.credentials import jose
from traceability.credentials.contexts import UNTP
from traceability.services import credential_check
from traceability.services.integrator import integrate

SCHEMAS = {"passport": "DigitalProductPassport", "conformity": "ConformityCredential"}


def contexts() -> dict[str, Any]:
    folder = standards_path("credentials/untp-0.7.0/context")
    names = {"https://www.w3.org/ns/credentials/v2": "credentials-v2", UNTP: "untp-context-0.7.0"}
    return {address: json.loads((folder / f"{name}.jsonld").read_text()) for address, name in names.items()}


def expanded(credential: dict[str, Any]) -> list[Any]:
    """The credential as linked data, by the saved contexts alone."""
    saved = contexts()

    def load(url: str, options: Any) -> dict[str, Any]:
        return {"contextUrl": None, "documentUrl": url, "document": saved[url], "contentType": "application/ld+json"}

    found: list[Any] = jsonld.expand(credential, {"documentLoader": load})
    return found


def members(value: Any) -> int:
    """How many members all objects of a document have, but for contexts."""
    if isinstance(value, dict):
        return sum(1 + members(inner) for name, inner in value.items() if name != "@context")
    return sum(members(one) for one in value) if isinstance(value, list) else 0


def terms(value: Any) -> int:
    """The same of an expanded document, in which a value is an object of its own."""
    if isinstance(value, dict):
        if "@value" in value or set(value) == {"@id"}:
            return 0
        if set(value) == {"@graph"}:
            return terms(value["@graph"])
        return sum(1 + terms(inner) for inner in value.values())
    return sum(terms(one) for one in value) if isinstance(value, list) else 0


def check_whole(credential: dict[str, Any], name: str) -> None:
    schema = json.loads(standards_path(f"credentials/untp-0.7.0/schema/{SCHEMAS[name]}.json").read_text())
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    jsonschema.Draft202012Validator(schema, format_checker=checker).validate(credential)
    plain = {key: value for key, value in credential.items() if key != "proof"}
    assert terms(expanded(plain)) == members(plain)


def passport(demo: Demo, kind: str = "passport.jwt", query: str = "") -> bytes:
    declaration = demo.lot("MAG-1").declarations.get()
    answer = Client().get(f"/d/{declaration.reference}/files/{kind}{query}")
    assert answer.status_code == 200, answer.content
    return answer.content


def test_a_misspelt_word_would_be_seen(demo: Demo) -> None:
    credential = jose.parse(passport(demo)).payload
    credential["credentialSubject"]["idScheme"]["nmae"] = "x"
    assert terms(expanded(credential)) < members(credential)


@pytest.mark.parametrize("kind", ["passport.jwt", "passport.json"])
def test_the_passport_of_a_declaration_is_valid_whole_and_verifies(demo: Demo, kind: str) -> None:
    content = passport(demo, kind)
    credential = jose.parse(content).payload if kind.endswith("jwt") else json.loads(content)
    check_whole(credential, "passport")
    answer = credential_check.check(content)
    assert answer.verdict.value == "pass", answer.to_value()
    assert {one.id: one.code for one in answer.checks}["status"] == "pass"


def test_the_passport_says_the_signed_figure_and_no_more_than_it_is(demo: Demo) -> None:
    declaration = demo.lot("MAG-1").declarations.get()
    credential = jose.parse(passport(demo)).payload
    assert credential["name"].startswith("EPD-style declaration, not verified")
    subject = credential["credentialSubject"]
    [claim] = [one for one in subject["performanceClaim"] if one["id"].endswith("#gwp")]
    value = claim["claimedPerformance"][0]["measure"]["value"]
    assert Decimal(repr(value)) == Decimal(declaration.gwp_ghg).quantize(Decimal(repr(value)))
    assert "illustrative" in claim["description"]
    mass = jose.parse(passport(demo, query="?basis=mass")).payload
    assert mass["credentialSubject"]["characteristics"]["allocation"] == "mass"
    assert mass["credentialSubject"]["performanceClaim"][0]["claimedPerformance"] != claim["claimedPerformance"]


def test_what_nobody_verified_has_no_conformity_credential(demo: Demo) -> None:
    declaration = demo.lot("MAG-1").declarations.get()
    for path in (f"/d/{declaration.reference}", f"/api/v1/declarations/{declaration.reference}"):
        assert Client().get(f"{path}/files/conformity.jwt").status_code == 404


def test_a_verification_is_a_credential_of_the_verifier_until_it_is_over(api: Clients) -> None:
    desk = Desk(with_factors(api))
    desk.to_registered()
    integrate()
    reference = desk.row.reference
    for kind in ("conformity.jwt", "conformity.json", "passport.jwt"):
        answer = Client().get(f"/d/{reference}/files/{kind}")
        assert answer.status_code == 200, answer.content
        content = answer.content
        credential = jose.parse(content).payload if kind.endswith("jwt") else json.loads(content)
        check_whole(credential, kind.partition(".")[0])
        found = credential_check.check(content)
        assert found.verdict.value == "pass", found.to_value()
        if kind.startswith("conformity"):
            subject = credential["credentialSubject"]
            assert subject["issuedToParty"]["id"] != credential["issuer"]["id"]
            assert subject["assessorLevel"] == "3rdParty"
