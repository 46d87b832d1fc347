"""The rule sets that come with the program, read once: on a server, and inside the auditor's one file."""

from functools import lru_cache
from importlib.resources import files

from traceability.rules.rule_set import RuleSet, parse_rule_set

FOLDER = files("traceability.rules").joinpath("sets")


@lru_cache(maxsize=1)
def all_rule_sets() -> tuple[RuleSet, ...]:
    """Every rule set, by its id backwards: those of the United States come first, as the soonest to bind."""
    found = [parse_rule_set(one.read_bytes()) for one in FOLDER.iterdir() if one.name.endswith(".json")]
    return tuple(sorted(found, key=lambda one: one.id, reverse=True))
