"""No changed byte of the demonstration's bundle is VALID: statements of every kind, factors, results, a declaration."""

import io
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from epd.verifier.checks import ALL_CHECKS
from tests.demo_chain import Demo
from tests.fuzz import reuse
from tests.fuzz.flips import LONG, SEED, Contents, Flip, archive, some_bytes
from traceability.ledger import bundle, envelope, policy
from traceability.ledger.statement import parse_statement
from traceability.verifier.checks import run_file
from traceability.verifier.report import Asked, Report, Verdict
from traceability.verifier.trust import Trust

pytestmark = pytest.mark.fuzz
FLIPS = 100_000 if LONG else 2_000
WHOLE_EVERY = 20
"""One flip of so many is checked to the end and without reuse."""
PARTS = range(8)


@dataclass(frozen=True)
class Audited:
    """The bundle that the auditor takes, and the trust of a reader who accepts its factors."""

    bundle: bundle.Bundle
    contents: Contents
    policy: policy.Policy
    trust: Trust

    def report(self, content: bytes) -> Report:
        return run_file(io.BytesIO(content), self.trust, self.policy, asked=Asked(), checks=ALL_CHECKS)

    def objection(self, changed: bundle.Bundle) -> str:
        observers = {kind: observer for check in ALL_CHECKS for kind, observer in check.observes.items()}
        return reuse.objection(changed, {"policy": self.policy, "trust": self.trust, "observers": observers})


@pytest.fixture(scope="module")
def audited(demo: Demo) -> Audited:
    from traceability.selectors import log
    from traceability.services import export

    file = io.BytesIO()
    export.export_bundle(actor=demo.actor("auditor"), lot=demo.lot("MAG-1").pk, file=file)
    found = bundle.read_bundle(file)
    members = {name: found.read(name) for name in found.members if name != bundle.MANIFEST_NAME}
    ed25519, ml_dsa, time = log.verifier_keys()
    read = policy.parse_policy(f"log {ed25519}\nlog {ml_dsa}\nwitness time {time}\nquorum time\n".encode())
    operator = parse_statement(envelope.parse_envelope(found.read(bundle.statement_name(0))).payload).issuer
    trust = Trust(factor_publishers={operator: "operator"})
    return Audited(found, Contents(members, found.target, found.custody_hash), read, trust)


@pytest.fixture(scope="module")
def reusing(audited: Audited) -> Iterator[None]:
    with reuse.reusing(lambda: audited.objection(audited.bundle)):
        yield


def test_the_bundle_itself_is_valid(audited: Audited) -> None:
    report = audited.report(archive(audited.contents.whole))
    assert report.verdict is Verdict.VALID, report.findings()
    assert {name.split("/")[0] for name in audited.contents.members} > {"statements", "disclosures", "factors"}


@pytest.mark.parametrize("part", PARTS)
def test_no_changed_byte_is_valid(audited: Audited, reusing: None, part: int) -> None:
    flips = some_bytes(audited.contents.whole, FLIPS)
    for number in range(part, len(flips), len(PARTS)):
        assert is_noticed(audited, flips[number]), (flips[number], SEED)


def is_noticed(audited: Audited, flip: Flip) -> bool:
    """Whether something objects to the bundle after a flip."""
    if flip.member in (bundle.MANIFEST_NAME, bundle.README_NAME):
        return is_not_valid(audited, flip)
    changed = flip.of(audited.contents.members[flip.member])
    return bool(audited.objection(reuse.with_member(audited.bundle, flip.member, changed))) or is_not_valid(
        audited, flip
    )


def is_not_valid(audited: Audited, flip: Flip) -> bool:
    return audited.report(archive(audited.contents.after(flip))).verdict is not Verdict.VALID


@pytest.mark.parametrize("part", PARTS)
def test_checks_to_the_end_and_without_reuse_come_to_the_same(audited: Audited, part: int) -> None:
    flips = some_bytes(audited.contents.whole, FLIPS)
    for number in range(part * WHOLE_EVERY, len(flips), len(PARTS) * WHOLE_EVERY):
        assert is_not_valid(audited, flips[number]), (flips[number], SEED)
