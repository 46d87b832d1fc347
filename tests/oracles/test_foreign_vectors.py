"""Every foreign vector that this project answers to is there and looked at, and a missing one is never passed over."""

import json
import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from tests.standards import standards_path
from traceability.ledger import canonical

TESTS = Path(__file__).parents[1]
COLLISIONS = "epcis/event-hash-vectors/collisions"
# Each vector with the words by which the test that reads it names it.
VECTORS = {
    "transparency/rfc6962-merkle/inclusion.json": ("ledger/test_merkle.py", '"inclusion"'),
    "transparency/rfc6962-merkle/consistency.json": ("ledger/test_merkle.py", '"consistency"'),
    "transparency/rfc6962-merkle/reference-tree.json": ("ledger/test_merkle.py", '"reference-tree"'),
    "transparency/notes/signed-notes.json": ("ledger/test_notes.py", "signed-notes.json"),
    "transparency/tessera-testlog/tile": ("ledger/test_tiles.py", "tessera-testlog"),
    "transparency/mirror-300/checkpoint": ("ledger/test_tiles.py", "mirror-300"),
    "transparency/tlog-proof/serialization.json": ("ledger/test_tlogproof.py", "tlog-proof/serialization.json"),
    "transparency/sigstore/position-forgery-cases.json": ("ledger/test_tlogproof.py", "position-forgery-cases.json"),
    "transparency/sigstore/staging-rekor-v2.txt.sigstore.json": ("ledger/test_tlogproof.py", "staging-rekor-v2"),
    "transparency/policy/sigsum-generic-2025-1.builtin-policy": ("ledger/test_policy.py", "sigsum-generic"),
    "credentials/rfc8785/testdata/input": ("ledger/test_canonical.py", "testdata"),
    "credentials/rfc8785/es6testfile-10000.txt": ("ledger/test_canonical.py", "es6testfile"),
    "credentials/w3c/vc-di-eddsa/TestVectors/eddsa-jcs-2022": ("credentials/test_proofs.py", "eddsa-jcs-2022"),
    "credentials/w3c/vc-di-ecdsa/TestVectors/ecdsa-jcs-2019-p256": (
        "credentials/test_proofs.py",
        "ecdsa-jcs-2019-p256",
    ),
    "credentials/w3c/vc-di-ecdsa/TestVectors/ecdsa-jcs-2019-p384": (
        "credentials/test_proofs.py",
        "ecdsa-jcs-2019-p384",
    ),
    "credentials/w3c/vc-data-model-2.0-test-suite/tests/input": (
        "credentials/test_data_model.py",
        "vc-data-model-2.0-test-suite",
    ),
    "credentials/w3c/bitstring-status-list/empty-list-vector.json": (
        "credentials/test_status_list.py",
        "empty-list-vector.json",
    ),
    "credentials/untp-0.7.0/schema": ("web/test_passports.py", "untp-0.7.0/schema"),
    "credentials/untp-0.7.0/context": ("credentials/test_untp.py", "untp-0.7.0/context"),
    "credentials/untp-0.7.0/samples": ("credentials/test_untp.py", "untp-0.7.0/samples"),
    "credentials/untp-0.7.0/samples/dte/DigitalTraceabilityEvent_smelter_make_instance.json": (
        "material/test_untp_smelter.py",
        "DigitalTraceabilityEvent_smelter_make_instance.json",
    ),
    "epcis/chain-demo/demo_chain.json": ("lca/test_demonstration.py", "demo_chain.json"),
    "epcis/chain-demo/oxide_factors.csv": ("material/test_elements.py", "oxide_factors.csv"),
    "epcis/event-hash-vectors/examples": ("epcis/test_event_hash.py", "examples"),
    "epcis/event-hash-vectors/expected_equal": ("epcis/test_event_hash.py", "expected_equal"),
    "epcis/gs1-epcis/examples": ("epcis/test_documents.py", "gs1-epcis/examples"),
    "epcis/openepcis-test-resources/2.0": ("epcis/test_documents.py", "openepcis-test-resources/2.0"),
    "epcis/gs1-keys/check_digit_vectors.json": ("epcis/test_keys.py", "check_digit_vectors.json"),
    COLLISIONS: ("oracles/test_foreign_vectors.py", "event-hash-vectors/collisions"),
}


@pytest.mark.parametrize("vector", VECTORS)
def test_a_vector_is_there_and_a_test_reads_it(vector: str) -> None:
    assert standards_path(vector).exists()
    file, words = VECTORS[vector]
    assert words in (TESTS / file).read_text(encoding="utf-8")


def events() -> dict[str, object]:
    """The documents that share an event hash of CBV 2.0 with another one, by file."""
    return {one.name: json.loads(one.read_text()) for one in sorted(standards_path(COLLISIONS).glob("*.jsonld"))}


def test_events_that_share_a_cbv_hash_have_digests_of_their_own() -> None:
    """Section 1: why this record is not hashed as CBV 2.0 hashes events."""
    digests = {name: sha256(canonical.encode_rfc8785(event)).hexdigest() for name, event in events().items()}
    assert len(digests) == 5
    assert len(set(digests.values())) == 5


def test_moving_a_border_between_two_fields_changes_our_digest() -> None:
    """The first collision, in the profile of the record: a name and its value never run into the next ones."""
    apart = canonical.encode({"biz_step": "x", "disposition": "y"})
    together = canonical.encode({"biz_step": "xdisposition=y"})
    assert sha256(apart).digest() != sha256(together).digest()


@pytest.mark.parametrize(("required", "outcome"), [("1", "failed"), ("0", "skipped")])
def test_without_the_folder_tests_are_skipped_and_where_it_is_required_they_fail(
    tmp_path: Path, required: str, outcome: str
) -> None:
    environment = {"LODESTONE_STANDARDS": str(tmp_path / "nowhere"), "LODESTONE_STANDARDS_REQUIRED": required}
    test = f"{__file__}::test_events_that_share_a_cbv_hash_have_digests_of_their_own"
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:django", "-p", "no:cacheprovider", test],
        cwd=TESTS.parent, env=os.environ | environment, capture_output=True, text=True,
    )  # fmt: skip
    assert f"1 {outcome}" in run.stdout
    assert run.returncode == (outcome == "failed")
    assert f"No test vectors at {tmp_path / 'nowhere'}" in run.stdout
    assert "Set LODESTONE_STANDARDS to the folder that holds them." in run.stdout
