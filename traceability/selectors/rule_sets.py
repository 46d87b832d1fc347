"""The rule sets of this installation by their ids."""

from traceability.ledger.errors import RecordError
from traceability.rules.catalogue import all_rule_sets
from traceability.rules.rule_set import RuleSet


class NoSuchRuleSet(RecordError):
    """A rule set that is not here."""

    code = "not_found"


def rule_set(name: str) -> RuleSet:
    """The rule set with this id."""
    found = next((one for one in all_rule_sets() if one.id == name), None)
    if found is None:
        raise NoSuchRuleSet(f"There is no rule set {name} here. The list of rule sets names all.")
    return found
