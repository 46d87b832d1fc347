"""The rule sets of this installation: one dated data file each, read once."""

from functools import lru_cache
from pathlib import Path
from typing import Final

from traceability.ledger.errors import RecordError
from traceability.rules.rule_set import RuleSet, parse_rule_set

FOLDER: Final = Path(__file__).parent.parent / "rules" / "sets"


class NoSuchRuleSet(RecordError):
    """A rule set that is not here."""

    code = "not_found"


@lru_cache(maxsize=1)
def all_rule_sets() -> tuple[RuleSet, ...]:
    """Every rule set, by its id backwards: those of the United States come first, as the soonest to bind."""
    found = [parse_rule_set(file.read_bytes()) for file in FOLDER.glob("*.json")]
    return tuple(sorted(found, key=lambda one: one.id, reverse=True))


def rule_set(name: str) -> RuleSet:
    """The rule set with this id."""
    found = next((one for one in all_rule_sets() if one.id == name), None)
    if found is None:
        raise NoSuchRuleSet(f"There is no rule set {name} here. The list of rule sets names all.")
    return found
