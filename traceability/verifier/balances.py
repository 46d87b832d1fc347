"""How much of the matter behind a lot was balanced, once everything was said: a claim is worth what was evaluated."""

from traceability.acceptance.accounts import Past
from traceability.acceptance.errors import ValueWithheld
from traceability.acceptance.making import balance_again
from traceability.acceptance.world import Effective
from traceability.ledger.errors import RecordError
from traceability.material.balance import Balance, Verdict
from traceability.verifier.facts import Facts, Topic, warning


def check_balances(facts: Facts) -> None:
    """Counts the steps whose balance stands, in their newest versions; one that lacks an assay is a finding."""
    past = Past(facts.world)
    for digest, version in facts.world.versions.items():
        if version.withdrawn or not _made_a_lot(facts, version):
            continue
        facts.count("steps")
        try:
            balance = balance_again(version, past)
        except ValueWithheld:
            facts.count("closed")
        except RecordError:
            facts.count("refused")  # the rule that it breaks is reported where it is judged
        else:
            _count(facts, facts.by_digest[digest].name, balance)


def _made_a_lot(facts: Facts, version: Effective) -> bool:
    chains = (chain for chain in version.original.chains if chain.role == "output")
    return bool(version.process) and any(chain.subject in facts.lots for chain in chains)


def _count(facts: Facts, where: str, balance: Balance) -> None:
    facts.count("balances", sum(row.verdict is not Verdict.NOT_EVALUATED for row in balance.elements.values()))
    if balance.is_evaluated:
        facts.count("balanced")
    elif balance.unassayed:
        facts.count("unassayed")
        sentence = "The element balance of this step was not evaluated: a lot that it used or made has no assay."
        facts.say(Topic.BALANCE, warning("balance_not_evaluated", where, sentence))
    else:
        facts.count("unlisted")
