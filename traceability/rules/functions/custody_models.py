"""Chain-of-custody models (ISO 22095): a model may only become weaker on its way, never stronger again.

What was credited to a claims account is mass balance from then on, whatever its makers call it.
"""

from collections.abc import Iterator
from typing import Final

from traceability.ledger.kinds.lots import CUSTODY_MODELS
from traceability.rules.answers import Found, Missing, Outcome, TrailStep
from traceability.rules.facts import LotFacts, Making
from traceability.rules.functions.tracing import missing_of
from traceability.rules.rule_set import Version

WORDS: Final = {
    "identity_preserved": "identity preserved", "segregated": "segregated",
    "controlled_blending": "controlled blending", "mass_balance": "mass balance",
}  # fmt: skip
_ONE_SOURCE: Final = CUSTODY_MODELS[0]
_MASS_BALANCE: Final = CUSTODY_MODELS[-1]
_MANY: Final = 2


def custody_models(facts: LotFacts, version: Version) -> Found:
    """Fails where a step claims a model that is stronger than one of what went in, or one identity of many sources."""
    order = _in_order(facts)
    if not any(one.custody_model or one.is_credited for one in order) and not facts.lot.claims:
        return Found(Outcome.NOT_APPLICABLE, ("No step of its history claims a model of ISO 22095.",))
    weakest: dict[str, str] = {}
    sources: dict[str, frozenset[str]] = {}
    reasons: list[str] = []
    trail: list[TrailStep] = []
    for making in order:
        before = _weakest(weakest[one] for one in making.parents)
        sources[making.urn] = frozenset[str]().union(*(sources[one] for one in making.parents)) or frozenset(
            [making.urn]
        )
        sources[making.urn] = frozenset(sorted(sources[making.urn])[:_MANY])  # more than one is all that matters
        claimed = making.custody_model
        if claimed and before and _rank(claimed) < _rank(before):
            reasons.append(_raised(making, before))
            trail.append(_claim(making))
        elif claimed == _ONE_SOURCE and len(sources[making.urn]) == _MANY:
            reasons.append(_not_one(making))
            trail.append(_claim(making))
        weakest[making.urn] = _weakest((claimed, before, _MASS_BALANCE if making.is_credited else ""))
    missing = tuple(_unstated(order))
    if reasons:
        return Found(Outcome.FAIL, (*reasons, *_claimed(facts)), tuple(trail), missing)
    if missing:
        unknown = "Not every step says which model it follows."
        return Found(Outcome.INSUFFICIENT, (unknown, *_claimed(facts)), missing=missing)
    return Found(Outcome.PASS, (_carried(weakest[facts.urn]), *_claimed(facts)))


def _in_order(facts: LotFacts) -> list[Making]:
    """The lot and all that went into it, each after all that went into it."""
    makings, order = facts.chain.makings, dict[str, Making]()
    waiting = [(facts.urn, False)]
    while waiting:
        urn, ready = waiting.pop()
        if ready:
            order.setdefault(urn, makings[urn])
        elif urn not in order:
            waiting += [(urn, True), *((one, False) for one in makings[urn].parents)]
    return list(order.values())


def _rank(model: str) -> int:
    """0 for the strongest."""
    return CUSTODY_MODELS.index(model)


def _weakest(models: Iterator[str] | tuple[str, ...]) -> str:
    """The weakest model that is stated; empty where none is."""
    return max((one for one in models if one), key=_rank, default="")


def _unstated(order: list[Making]) -> Iterator[Missing]:
    """Steps that say nothing of a model; a split or merge changes none."""
    for making in order:
        if not making.custody_model and not making.is_division:
            yield missing_of(making, "Which model it follows is not stated.")


def _raised(making: Making, before: str) -> str:
    lot, claimed, stated = making.label, WORDS[making.custody_model], WORDS[before]
    return f"{lot} claims the model {claimed}, but what went into it was {stated}."


def _not_one(making: Making) -> str:
    lot = making.label
    return f"{lot} claims the model identity preserved, but comes of several sources."


def _claimed(facts: LotFacts) -> Iterator[str]:
    """What stands on the lot beside what it holds."""
    if facts.lot.claims:
        yield "Something is claimed of the lot from a claims account: that is no share of what it physically holds."


def _carried(model: str) -> str:
    stated = WORDS[model]
    return f"No step claims a stronger model than what went in; the lot as a whole is {stated}."


def _claim(making: Making) -> TrailStep:
    last = making.all_steps[-1:]
    country = last[0].country if last else making.country
    return TrailStep(making.urn, making.label, making.maker, WORDS[making.custody_model], "", country, (), making.day)
