"""Named checks of a declaration, answered by the server for who cannot wait: each with one word and one sentence.

The server's word is worth what the server is worth; whoever needs more verifies the bundle of the lot offline.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from epd.lca.bodies import declared_headline
from epd.lca.indicators import Basis
from epd.models import Declaration
from epd.services.declarations import check_figures
from epd.services.references import check_figures as check_reference_figures
from epd.services.references import lots_of
from epd.services.standing import standing_of
from epd.services.unrecorded import UNRECORDED, TooManyLots, has_unrecorded_step
from traceability.ledger.errors import RecordError
from traceability.ledger.quantity import computing, parse_computed
from traceability.models import Checkpoint, KeyEntry
from traceability.selectors import statements
from traceability.selectors.statements import Proof
from traceability.services import clock, rows_world
from traceability.services.rows_world import urn_of

PERCENT: Final = 100


class Outcome(StrEnum):
    """What a check found."""

    PASS = "pass"  # noqa: S105
    FAIL = "fail"
    NOT_ESTABLISHED = "not_established"


@dataclass(frozen=True, slots=True)
class Check:
    """One check; `id` never changes."""

    id: str
    group: str  # identity, integrity, validity, method, criteria
    outcome: Outcome
    sentence: str


@dataclass(frozen=True, slots=True)
class Criteria:
    """What a buyer asks for; None is not asked."""

    expect: str | None = None
    max_gwp_ghg: Decimal | None = None  # kg CO2e per kg, GWP-GHG, A1 to A3
    min_recycled_pct: Decimal | None = None
    basis: Basis = Basis.ECONOMIC
    verified: bool = False  # by a third party


@dataclass(frozen=True, slots=True)
class Verdict:
    """All checks of a declaration, and the checkpoint that they rest on."""

    checks: tuple[Check, ...]
    checkpoint: Checkpoint | None

    @property
    def outcome(self) -> Outcome:
        """The worst of the checks: one failure fails."""
        found = {check.outcome for check in self.checks}
        return next((one for one in (Outcome.FAIL, Outcome.NOT_ESTABLISHED) if one in found), Outcome.PASS)


def check_declaration(declaration: Declaration, criteria: Criteria) -> Verdict:
    """The answers to all named checks of a declaration, and to what a buyer asks for."""
    row = declaration.statement
    proofs = statements.check_proofs([row])
    proof = proofs.by_row[row.pk]
    body = rows_world.effective_versions([row])[0].body
    checks = (
        _signature(proof),
        _key(declaration),
        _in_log(proof, proofs.checkpoint),
        _figures(declaration, body),
        _inventory(declaration),
        _current(declaration),
        *_asked(body, criteria),
        *((_verified(declaration),) if criteria.verified else ()),
    )
    return Verdict(checks, proofs.checkpoint)


def _signature(proof: Proof) -> Check:
    if proof.signed:
        return Check("signature", "integrity", Outcome.PASS, "The signature matches the bytes of the declaration.")
    return Check("signature", "integrity", Outcome.FAIL, "The signature does not match the bytes of the declaration.")


def _key(declaration: Declaration) -> Check:
    row = declaration.statement
    key = statements.signing_keys([row]).get(row.pk)
    entry = KeyEntry.objects.filter(key_id=row.key_id, organisation=declaration.declarant_id).first()
    if key is None or entry is None or entry.since_id > row.pk or (entry.ended_id or row.pk) < row.pk:
        return Check("key_in_force", "identity", Outcome.FAIL, "The key that signed was not the declarant's then.")
    if key.in_doubt:
        return Check("key_in_force", "identity", Outcome.FAIL, "The key that signed was later called compromised.")
    held = "the declarant alone" if key.held_by == "holder" else "the platform, whose operator could have signed"
    return Check("key_in_force", "identity", Outcome.PASS, f"The key was the declarant's then. It is held by {held}.")


def _in_log(proof: Proof, checkpoint: Checkpoint | None) -> Check:
    if proof.index is None or checkpoint is None:
        sentence = "No published checkpoint covers the declaration yet. Ask again in a minute."
        return Check("in_log", "integrity", Outcome.NOT_ESTABLISHED, sentence)
    if not proof.included:
        return Check("in_log", "integrity", Outcome.FAIL, "The log does not hold these bytes at their place.")
    sentence = f"Leaf {proof.index} of the log, under the checkpoint of size {checkpoint.size}."
    return Check("in_log", "integrity", Outcome.PASS, sentence)


def _figures(declaration: Declaration, body: Mapping[str, Any]) -> Check:
    row = declaration.statement
    try:
        if declaration.is_reference:
            check_reference_figures(urn_of(row.issuer), body, replace(rows_world.reader(), before=row.pk))
        else:
            check_figures(body, rows_world.reader())
    except RecordError as error:
        stale = "The signed result was corrected or withdrawn since: the figures are stale."
        sentence = stale if error.code == "result_unknown" else error.sentence
        return Check("figures", "method", Outcome.FAIL, sentence)
    sentence = "Every figure is, digit by digit, that of the signed result."
    if declaration.is_reference:
        sentence = "Every figure follows, digit by digit, from the lots, meters, stock and prices of the period."
    return Check("figures", "method", Outcome.PASS, sentence)


def _inventory(declaration: Declaration) -> Check:
    """Whether something stands behind every figure; the same as `no_inventory` of the offline verifier."""
    try:
        if any(has_unrecorded_step(lot) for lot in lots_of(declaration)):
            return Check("inventory", "method", Outcome.NOT_ESTABLISHED, UNRECORDED)
    except TooManyLots:
        sentence = "The history has too many lots to check here. Verify the audit bundle offline."
        return Check("inventory", "method", Outcome.NOT_ESTABLISHED, sentence)
    return Check("inventory", "method", Outcome.PASS, "Every step behind the figures has an inventory.")


def _current(declaration: Declaration) -> Check:
    status = Declaration.Status(declaration.status)
    if status is Declaration.Status.PUBLISHED:
        return Check("current", "validity", Outcome.PASS, "The declaration is neither withdrawn nor superseded.")
    return Check("current", "validity", Outcome.FAIL, f"The declaration was {status.value}: {declaration.reason}")


def _verified(declaration: Declaration) -> Check:
    standing = standing_of(declaration, clock.now().date())
    if standing is not None:
        sentence = (
            f"{standing.verifier.name} signed a verification. Whether you accept it as independent is yours to say."
        )
        return Check("verified", "method", Outcome.NOT_ESTABLISHED, sentence)
    row = declaration.statement
    attested = statements.attestations([row]).get(row.pk, [])
    if attested:
        sentence = (
            f"{len(attested)} attestation(s) stand in the record. Whether you trust their authors is yours to say."
        )
        return Check("verified", "method", Outcome.NOT_ESTABLISHED, sentence)
    sentence = "No third party has verified the declaration: it is the word of its declarant."
    return Check("verified", "method", Outcome.NOT_ESTABLISHED, sentence)


def _asked(body: Mapping[str, Any], criteria: Criteria) -> tuple[Check, ...]:
    found = []
    if criteria.expect is not None:
        found.append(_custody_hash(str(body.get("custody_hash", "")), criteria.expect))
    if criteria.max_gwp_ghg is not None:
        found.append(_gwp(body, criteria.max_gwp_ghg, criteria.basis))
    if criteria.min_recycled_pct is not None:
        found.append(_recycled(body, criteria.min_recycled_pct))
    return tuple(found)


def _custody_hash(stated: str, expected: str) -> Check:
    if stated == expected:
        return Check(
            "custody_hash", "identity", Outcome.PASS, "The declaration is about the lot with your custody hash."
        )
    sentence = "The declaration names another custody hash than yours: another lot, or the lot at another moment."
    return Check("custody_hash", "identity", Outcome.FAIL, sentence)


def _gwp(body: Mapping[str, Any], most: Decimal, basis: Basis) -> Check:
    value = declared_headline(body, basis)
    if value is None:
        sentence = f"GWP-GHG is not declared on the {basis.value} basis."
        return Check("max_gwp_ghg", "criteria", Outcome.NOT_ESTABLISHED, sentence)
    outcome = Outcome.PASS if value <= most else Outcome.FAIL
    sentence = (
        f"Declared: {value.normalize():f} kg CO2e per kg (A1 to A3, {basis.value}). You ask for at most {most:f}."
    )
    return Check("max_gwp_ghg", "criteria", outcome, sentence)


@computing()
def _recycled(body: Mapping[str, Any], least: Decimal) -> Check:
    shares = body.get("shares", {}).get("recycled")
    if shares is None:
        sentence = "The declaration does not state the recycled content."
        return Check("min_recycled_pct", "criteria", Outcome.NOT_ESTABLISHED, sentence)
    total = PERCENT * (parse_computed(shares["post_consumer"]) + parse_computed(shares["pre_consumer"]))
    outcome = Outcome.PASS if total >= least else Outcome.FAIL
    sentence = (
        f"Declared: {total.normalize():f} % of the rare earths, post- and pre-consumer. Asked: at least {least:f} %."
    )
    return Check("min_recycled_pct", "criteria", outcome, sentence)
