"""Which versions of which rule sets are asked of a lot on a day, and what they answer."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from traceability.ledger.errors import RecordError
from traceability.rules.answers import Answer, Found, Outcome
from traceability.rules.facts import LotFacts
from traceability.rules.functions.covered_countries import covered_countries
from traceability.rules.functions.custody_models import custody_models
from traceability.rules.functions.export_licence import export_licence
from traceability.rules.functions.shares import concentration, recycled_content, value_share
from traceability.rules.functions.sheets import data_carrier, not_about_lots, red_flags
from traceability.rules.rule_set import RuleSet, Status, Version

RuleFunction = Callable[[LotFacts, Version], Found]
FUNCTIONS: Final[Mapping[str, RuleFunction]] = {
    one.__name__: one
    for one in (
        covered_countries, export_licence, value_share, recycled_content, concentration, data_carrier, red_flags,
        custody_models, not_about_lots,
    )
}  # fmt: skip
_NOT_THEN: Final = Found(Outcome.NOT_APPLICABLE, ("The rule set does not cover this day.",))
_SUSPENDED: Final = Found(Outcome.NOT_APPLICABLE, ("The rule is suspended on this day.",))


class UnknownFunction(RecordError):
    """A rule set that names a function which this version of the program has not."""

    code = "unknown_rule_function"


def evaluate(facts: LotFacts, rule_set: RuleSet, version: Version | None, as_of: date) -> Answer:
    """The answer of one version; a suspended one is not asked, one of unknown status is."""
    if version is None:
        return Answer(rule_set, None, as_of, _NOT_THEN)
    if version.status is Status.SUSPENDED:
        return Answer(rule_set, version, as_of, _SUSPENDED)
    function = FUNCTIONS.get(rule_set.function)
    if function is None:
        raise UnknownFunction(f"There is no rule function {rule_set.function} here.")
    return Answer(rule_set, version, as_of, function(facts, version))


def answers_of(facts: LotFacts, rule_sets: Sequence[RuleSet], as_of: date) -> Iterator[Answer]:
    """The answers as of a day: of each rule set the version that covers it, and after it those that begin later."""
    for rule_set in rule_sets:
        current = rule_set.version_on(as_of)
        later = list(rule_set.later_than(as_of))
        if current is not None or not later:
            yield evaluate(facts, rule_set, current, as_of)
        for version in later:
            yield evaluate(facts, rule_set, version, as_of)
