"""What the offline verifier says of a bundle that somebody brings, or of that of a lot; nothing of it is kept."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any, BinaryIO, Final
from uuid import UUID

from epd.models import Declaration
from epd.verifier.answers import Answer
from epd.verifier.checks import ALL_CHECKS
from epd.verifier.purchase import NOTHING_BOUGHT, Purchase
from epd.verifier.sixteen import answer
from traceability.ledger import identifiers
from traceability.ledger.policy import Policy, parse_policy
from traceability.models import ChainLink
from traceability.selectors import log
from traceability.selectors.access import Actor, NotFound
from traceability.services import bundle_jobs, clock, export
from traceability.verifier.checks import Examined, examine_file
from traceability.verifier.report import Asked, Report
from traceability.verifier.trust import Trust

MOST_BYTES: Final = 10 * 2**20
ACTION: Final = "check_bundle"
"""Its limit stands in ACCOUNT_RATE_LIMITS: a check costs seconds of computing."""


@dataclass(frozen=True, slots=True)
class Judged:
    """By what a reader judges, and what he bought; without a policy, by the keys of the log of this site."""

    trust: Trust | None = None
    policy: Policy | None = None
    expect: str | None = None
    purchase: Purchase = NOTHING_BOUGHT


def check(bundle: bytes, trust: Trust | None, policy: Policy | None, expect: str | None) -> Report:
    """The report on a bundle."""
    return _examined(BytesIO(bundle), Judged(trust, policy, expect)).report


def answer_of(bundle: bytes, by: Judged) -> Answer:
    """The sixteen answers on a bundle."""
    return answer(_examined(BytesIO(bundle), by), by.purchase)


def answer_about(actor: Actor, subject: str, by: Judged) -> Answer:
    """The same on the bundle that the actor would get of the lot that is meant; NotFound unless that is with him."""
    lot = _lot_of(subject)
    if lot is None or not export.is_with(actor, lot, clock.now().date()):
        raise NotFound("There is no such lot with you. Ask its holder for the bundle, and send that.", path="/subject")
    bundle_jobs.require_small(actor=actor, lot=lot)
    file = BytesIO()
    export.export_bundle(actor=actor, lot=lot, file=file)
    file.seek(0)
    return answer(_examined(file, by), by.purchase)


def declaration_of(subject: str) -> Declaration | None:
    """The declaration that is meant by its urn, reference or digest."""
    if identifiers.is_digest(subject):
        return Declaration.objects.filter(statement__digest=identifiers.digest_bytes(subject)).first()
    named: dict[str, Any] = {"pk": UUID(subject)} if identifiers.is_urn(subject) else {"reference": subject}
    return Declaration.objects.filter(**named).first()


def _lot_of(subject: str) -> UUID | None:
    """The lot that is meant by its urn, one of its custody hashes, or a declaration: urn, reference or digest."""
    if identifiers.is_digest(subject):
        links = ChainLink.objects.exclude(role="subject").filter(custody_hash=identifiers.digest_bytes(subject))
        if lot := links.values_list("subject", flat=True).first():
            return lot
    declared = declaration_of(subject)
    if declared is not None:
        return declared.lot_id
    return UUID(subject) if identifiers.is_urn(subject) else None


def _examined(file: BinaryIO, by: Judged) -> Examined:
    asked = Asked(clock.now(), by.expect)
    return examine_file(file, by.trust, by.policy or _own_policy(), asked=asked, checks=ALL_CHECKS)


def _own_policy() -> Policy | None:
    try:
        return parse_policy(log.own_policy().encode())
    except log.LogNotOpen:
        return None
