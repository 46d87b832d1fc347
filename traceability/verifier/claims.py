"""What is claimed of the target from claims accounts, beside what it physically holds (`lodestone-claims/1`)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from traceability.acceptance.world import AccountRecord, Effective
from traceability.ledger.kinds.accounts import CLAIM, CREDIT
from traceability.ledger.quantity import computing, parse_quantity
from traceability.verifier.facts import Facts, note
from traceability.verifier.report import Finding, Outcome, Word


@dataclass(frozen=True, slots=True)
class OfTarget:
    """One claim on the target; amounts are None where they are withheld."""

    claim: Effective
    account: AccountRecord
    amount_kg: Decimal | None
    content_kg: Decimal | None


def claims_on_target(facts: Facts) -> list[OfTarget]:
    """The claims on the target, in log order, in their newest versions."""
    found: list[OfTarget] = []
    for one in facts.world.history(facts.target):
        account = facts.world.account(str(one.body.get("account"))) if one.original.kind == CLAIM else None
        if account is not None:
            found.append(OfTarget(one, account, *(_kg(one.body, name) for name in ("amount_kg", "content_kg"))))
    return found


def _kg(body: Mapping[str, object], name: str) -> Decimal | None:
    return parse_quantity(body[name]) if name in body else None


def claimed_shares(facts: Facts, failed: Outcome | None) -> Outcome:
    """What is claimed of the target, and whether the accounts behind it hold; `failed`: what was found wrong."""
    claims = claims_on_target(facts)
    notes = tuple(_beside(facts, claims))
    if failed is not None:
        return Outcome(failed.sentence, (*failed.findings, *notes), failed.word)
    if not claims:
        return Outcome("Nothing is claimed of this lot from an account.", (), Word.NOT_APPLICABLE)
    listed = ", ".join(_words(one) for one in claims)
    if any(one.account.state is None for one in claims):
        sentence = f"Claimed, apart from what the lot holds: {listed}. Amounts that the accounts need are withheld."
        return Outcome(sentence, notes, Word.NOT_ESTABLISHED)
    sentence = f"Claimed, apart from what the lot holds: {listed}. The accounts were recomputed; none is overdrawn."
    return Outcome(sentence, notes)


@computing()
def _words(one: OfTarget) -> str:
    about = f"{one.account.terms.element} {one.account.terms.source}"
    if one.amount_kg is None or not one.content_kg:
        return f"a withheld amount of {about}"
    return f"{one.amount_kg} kg {about} ({one.amount_kg * 100 / one.content_kg:.1f} %)"


def _beside(facts: Facts, claims: list[OfTarget]) -> Iterator[Finding]:
    """What this bundle cannot show of an account: the lots that were credited to it."""
    for urn in sorted({one.account.urn for one in claims}):
        credited = {str(one.body["lot"]) for one in facts.world.history(urn) if one.original.kind == CREDIT}
        if beside := credited - set(facts.lots):
            sentence = (
                f"{len(beside)} lots that were credited are not in this bundle: their shares were not recomputed."
            )
            yield note("credited_beside", urn, sentence)
