"""Status lists: the vector of the recommendation, which bit is which, and every list that is refused."""

import gzip
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.credentials.test_proofs import refused
from tests.standards import standards_path
from traceability.credentials import status_list
from traceability.credentials.status_list import ENTRIES, Entry
from traceability.ledger.identifiers import b64url_encode

STATUS: dict[str, Any] = {
    "type": "BitstringStatusListEntry", "statusPurpose": "revocation", "statusListIndex": 7,
    "statusListCredential": "https://example.org/status/1",
}  # fmt: skip


def listed(encoded: str, **changes: Any) -> dict[str, Any]:
    subject = {"type": "BitstringStatusList", "statusPurpose": "revocation", "encodedList": encoded, **changes}
    return {"type": ["VerifiableCredential", "BitstringStatusListCredential"], "credentialSubject": subject}


def packed(bits: bytes) -> str:
    return "u" + b64url_encode(gzip.compress(bits))


def test_the_list_of_the_recommendation_holds_131072_zeros() -> None:
    vector = json.loads(standards_path("credentials/w3c/bitstring-status-list/empty-list-vector.json").read_text())
    bits = status_list.decode(vector["encodedList"])
    assert len(bits) * 8 == vector["expected"]["entries"] == ENTRIES
    assert not any(bits)
    assert status_list.decode(status_list.encode([])) == bits


def test_the_first_bit_is_the_leftmost() -> None:
    bits = status_list.decode(status_list.encode([0, 15]))
    assert bits[:3] == b"\x80\x01\x00"


@given(st.sets(st.integers(0, ENTRIES - 1), max_size=20), st.integers(0, ENTRIES - 1))
def test_a_bit_is_set_for_what_was_ended_alone(ended: set[int], asked: int) -> None:
    found = listed(status_list.encode(ended))
    assert Entry({**STATUS, "statusListIndex": asked}).is_set(found) is (asked in ended)
    assert Entry({**STATUS, "statusListIndex": str(asked)}).is_set(found) is (asked in ended)


FULL = status_list.encode([])
LISTS = {
    "short": ("status_list_length", listed(packed(bytes(ENTRIES // 8 - 1)))),
    "bomb": ("status_list_length", listed(packed(bytes(50_000_000)))),
    "not gzip": ("status_malformed", listed("uAAAA")),
    "cut off": ("status_malformed", listed(FULL[:-8])),
    "another base": ("status_malformed", listed("z2222")),
    "lax base64": ("bad_base64", listed(FULL + "=")),
    "another purpose": ("status_purpose", listed(FULL, statusPurpose="suspension")),
    "another type": ("status_malformed", listed(FULL, type="StatusList2021")),
    "no list": ("status_malformed", {"type": ["VerifiableCredential"], "credentialSubject": {}}),
}


@pytest.mark.parametrize("attack", LISTS)
def test_a_bad_list_has_its_code(attack: str) -> None:
    code, found = LISTS[attack]
    with refused(code):
        Entry(STATUS).is_set(found)


def test_an_index_behind_the_end_is_refused() -> None:
    with refused("status_range"):
        Entry({**STATUS, "statusListIndex": ENTRIES}).is_set(listed(FULL))
    with refused("status_range"):
        status_list.encode([ENTRIES])


ENTRY_DEFECTS = [
    ("status_malformed", {"statusListIndex": "+5"}),
    ("status_malformed", {"statusListIndex": "05"}),
    ("status_malformed", {"statusListIndex": "5 "}),
    ("status_malformed", {"statusListIndex": "٥"}),
    ("status_malformed", {"statusListIndex": -1}),
    ("status_malformed", {"statusListIndex": True}),
    ("status_malformed", {"statusListIndex": 5.0}),
    ("status_malformed", {"statusListCredential": "file:///etc/passwd"}),
    ("status_type_unknown", {"type": "StatusList2021Entry"}),
    ("status_type_unknown", {"statusSize": 2}),
]


@pytest.mark.parametrize(("code", "change"), ENTRY_DEFECTS)
def test_a_bad_entry_has_its_code(code: str, change: dict[str, Any]) -> None:
    with refused(code):
        Entry({**STATUS, **change})
