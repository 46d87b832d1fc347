"""The form of credentials, against the templates of the W3C test suite; none may be judged wrongly."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.credentials.test_proofs import CREDENTIAL, refused
from tests.standards import standards_path
from traceability.credentials import data_model
from traceability.ledger.errors import RecordError

SUITE = "credentials/w3c/vc-data-model-2.0-test-suite/tests/input"
DATES = {"PAST DATE": "2020-01-01T00:00:00Z", "FUTURE DATE": "2100-01-01T00:00:00Z"}


def templates() -> list[Path]:
    folder = standards_path(SUITE)
    return sorted([*folder.glob("credential-*.json"), *folder.glob("names-and-descriptions/*.json")])


def injected(file: Path) -> dict[str, Any]:
    """A template with the issuer that the suite puts in, where it is not about issuers, and with dates."""
    document: dict[str, Any] = json.loads(file.read_text())
    for name in ("validFrom", "validUntil"):
        if name in document:
            document[name] = DATES.get(document[name], document[name])
    if file.name == "credential-no-issuer-fail.json":
        return document
    if isinstance(document.get("issuer"), dict):
        return {**document, "issuer": {"id": "did:example:issuer", **document["issuer"]}}
    return {"issuer": "did:example:issuer", **document}


def test_all_templates_are_there() -> None:
    assert len([one for one in templates() if one.parent.name == "input"]) == 71
    assert len(templates()) == 95


@pytest.mark.parametrize("file", templates(), ids=lambda file: file.stem)
def test_a_template_is_judged_as_its_name_says(file: Path) -> None:
    if "-fail" in file.name:
        with pytest.raises(RecordError):
            data_model.check(injected(file))
    else:
        data_model.check(injected(file))


DEFECTS = {
    "bad_context": {"@context": ["https://www.w3.org/2018/credentials/v1"]},
    "bad_credential_type": {"type": ["VerifiableCredential", "Unexplained"]},
    "bad_identifier": {"id": "banana"},
    "bad_issuer": {"issuer": "banana"},
    "bad_subject": {"credentialSubject": {}},
    "bad_date": {"validFrom": "yesterday"},
    "bad_member": {"evidence": {"id": "urn:x:1"}},
    "valid_until_before_valid_from": {"validUntil": "2020-01-01T00:00:00Z"},
}


@pytest.mark.parametrize("code", DEFECTS)
def test_each_defect_has_its_code(code: str) -> None:
    data_model.check(CREDENTIAL)
    with refused(code):
        data_model.check({**CREDENTIAL, **DEFECTS[code]})
