"""What the offline verifier says of a bundle that somebody brings; nothing of it is kept."""

from io import BytesIO
from typing import Final

from epd.verifier.checks import ALL_CHECKS
from traceability.ledger.policy import Policy, parse_policy
from traceability.selectors import log
from traceability.services import clock
from traceability.verifier.checks import run_file
from traceability.verifier.report import Asked, Report
from traceability.verifier.trust import Trust

MOST_BYTES: Final = 10 * 2**20
ACTION: Final = "check_bundle"
"""Its limit stands in ACCOUNT_RATE_LIMITS: a check costs seconds of computing."""


def check(bundle: bytes, trust: Trust | None, policy: Policy | None, expect: str | None) -> Report:
    """The report on a bundle; without a policy, by the keys of the log of this site."""
    asked = Asked(clock.now(), expect)
    return run_file(BytesIO(bundle), trust, policy or _own_policy(), asked=asked, checks=ALL_CHECKS)


def _own_policy() -> Policy | None:
    try:
        return parse_policy(log.own_policy().encode())
    except log.LogNotOpen:
        return None
