"""Every bundle that tests of the verifier judge, with what was asked and answered: a corpus for other verifiers.

As a plugin of pytest (`-p tests.verifier.corpus --corpus FILE`) it writes one JSON object a line.
"""

import base64
import json
from collections.abc import Iterator
from pathlib import Path

from tests.verifier import builder
from traceability.ledger.policy import NO_QUORUM, Policy
from traceability.verifier.checks import run_file
from traceability.verifier.report import Asked, Report
from traceability.verifier.trust import Trust


def pytest_addoption(parser):
    parser.addoption("--corpus", type=Path)


def pytest_configure(config):
    builder.run_file = Recorder(config.getoption("--corpus"))


class Recorder:
    """Judges as `run_file` does, and keeps each question and its answer once."""

    def __init__(self, target: Path) -> None:
        self.target, self.seen = target, set()
        target.write_text("")

    def __call__(self, file, trust, policy, *, asked, checks):
        report = run_file(file, trust, policy, asked=asked, checks=checks)
        written = json.dumps(row(file.getvalue(), trust, policy, asked, report))
        if written not in self.seen:
            self.seen.add(written)
            with self.target.open("a") as out:
                out.write(written + "\n")
        return report


def row(content: bytes, trust: Trust | None, policy: Policy | None, asked: Asked, report: Report) -> dict[str, object]:
    """One question and its answer."""
    return {
        "bundle": base64.b64encode(content).decode(),
        "policy": None if policy is None else "\n".join([*policy_lines(policy), ""]),
        "trust": None if trust is None else json.dumps(trust_value(trust)),
        "at": None if asked.at is None else int(asked.at.timestamp()),
        "expect": asked.expect,
        "verdict": report.verdict.value,
        "findings": [[one.code, one.where, one.sentence, one.level.name.lower()] for one in report.findings()],
    }


def policy_lines(policy: Policy) -> Iterator[str]:
    """The file of a policy."""
    yield from (f"log {key}" for key in policy.logs)
    yield from (f"witness {name} {key}" for name, key in policy.witnesses.items())
    for name, group in policy.groups.items():
        yield f"group {name} {group.threshold} {' '.join(group.members)}"
    yield f"quorum {policy.quorum or NO_QUORUM}"


def trust_value(trust: Trust) -> dict[str, object]:
    """The file of a reader's trust; a list without anybody cannot be written and is left out."""
    lists = {
        "organisations": trust.organisations, "auditors": trust.auditors, "verifiers": trust.verifiers,
        "factor_publishers": trust.factor_publishers, "operators": trust.operators,
        "programme_operators": trust.programme_operators,
    }  # fmt: skip
    written = {name: [{"urn": urn} for urn in names] for name, names in lists.items() if names}
    return {
        "format": "lodestone-trust/1",
        **written,
        "greatest_age_days": trust.greatest_age.days,
        "holder_keys_required": trust.holder_keys_required,
        "least_verification": trust.least_verification.value,
    }
