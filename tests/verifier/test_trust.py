"""The trust file: read strictly, but for its white space."""

import json
from datetime import timedelta

import pytest

from tests.verifier.builder import urn
from traceability.ledger.errors import RecordError
from traceability.verifier.trust import LeastVerification, Trust, parse_trust

MEMBER = [{"urn": urn("auditor"), "name": "Auditor"}]


def read(**members):
    return parse_trust(json.dumps({"format": "lodestone-trust/1", **members}, indent=4).encode())


def test_everything_but_the_format_may_be_left_out():
    assert read() == Trust()
    assert read().greatest_age == timedelta(days=31)


def test_lists_and_choices_are_read():
    found = read(
        auditors=MEMBER,
        verifiers=[{"urn": urn("verifier")}],
        greatest_age_days=7,
        holder_keys_required=True,
        least_verification="verified",
    )
    assert found.is_auditor(urn("auditor"))
    assert found.is_verifier(urn("verifier"))
    assert not found.is_auditor(urn("verifier"))
    assert (found.name(urn("auditor")), found.name(urn("verifier"))) == ("Auditor", urn("verifier"))
    assert found.lists(urn("verifier"))
    assert not found.lists(urn("somebody"))
    assert (found.greatest_age, found.holder_keys_required) == (timedelta(days=7), True)
    assert found.least_verification is LeastVerification.VERIFIED


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b"[" * 100_000,
        b'{"format":"lodestone-trust/2"}',
        b'{"format":"lodestone-trust/1","format":"lodestone-trust/1"}',
        b'{"format":"lodestone-trust/1","greatest_age_days":1.5}',
        b'{"format":"lodestone-trust/1","greatest_age_days":0}',
        b'{"format":"lodestone-trust/1","greatest_age_days":true}',
        b'{"format":"lodestone-trust/1","auditors":[]}',
        b'{"format":"lodestone-trust/1","auditors":["urn:uuid:00000000-0000-7000-8000-000000000000"]}',
        b'{"format":"lodestone-trust/1","auditors":[{"urn":"somebody"}]}',
        b'{"format":"lodestone-trust/1","auditor":[]}',
        b'{"format":"lodestone-trust/1","least_verification":"some"}',
        b'{"format":"lodestone-trust/1","holder_keys_required":"yes"}',
        b'{"format":"lodestone-trust/1"}' + b" " * (1 << 20),
    ],
    ids=range(17),
)
def test_what_is_no_trust_file_is_refused(content):
    with pytest.raises(RecordError):
        parse_trust(content)


def test_a_name_that_stands_twice_is_said_to():
    with pytest.raises(RecordError, match="A name stands twice"):
        parse_trust(b'{"format":"lodestone-trust/1","format":"lodestone-trust/1"}')
