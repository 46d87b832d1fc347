"""Whether the figures of declarations may be set against each other at all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Declared:
    """What a declaration says, and the stage of its product."""

    body: Mapping[str, Any]
    stage: str


_DIFFERS: Final[tuple[tuple[str, str, Callable[[Declared], object]], ...]] = (
    ("other_profile", "They follow different lists of rules.", lambda one: one.body["profile"]),
    ("other_factors", "They were computed with different sets of factors.", lambda one: one.body["factors"]),
    ("other_algorithms", "They were computed by different algorithms.", lambda one: one.body["algorithms"]),
    ("other_stage", "They are of products of different stages.", lambda one: one.stage),
    ("illustrative", "Some are illustrative and some are not.", lambda one: one.body["illustrative"]),
)


def obstacles(declared: Sequence[Declared]) -> list[tuple[str, str]]:
    """Codes and sentences of what keeps figures from being compared; none where rules and factors are the same."""
    first = declared[0]
    return [(code, said) for code, said, key in _DIFFERS if any(key(one) != key(first) for one in declared)]
