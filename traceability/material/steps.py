"""Steps of the rare-earth chain: which of them separate the rare earths, and how much usually comes out (dated table).

The words of `process` are free; a word outside this table gives no finding, never a refusal.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from traceability.ledger.quantity import computing, round_places

VERSION: Final = "2026-11"


@dataclass(frozen=True, slots=True)
class StepClass:
    """What is usual of one step; the least yield is kg of a rare earth in the output lots per kg in the inputs."""

    words: tuple[str, ...]
    separates: bool
    least_yield: Decimal
    source: str
    reduces: bool = False
    """Whether it makes metal of oxide."""
    by_current: bool = False
    """Whether it does so by direct current."""


_ASSUMPTION: Final = "assumption"


def _step(words: str, least: str, source: str = _ASSUMPTION, **flags: bool) -> StepClass:
    return StepClass(tuple(words.split(" | ")), flags.pop("separates", False), Decimal(least), source, **flags)


CLASSES: Final = (
    _step("beneficiate | beneficiation | flotation", "0.5", "assumption around the usual 60-75 %", separates=True),
    _step("crack | cracking", "0.8", "above 90 % in practice: Lynas, WOMP 2013 vol. 2; margin assumed", separates=True),
    _step("leach | leaching", "0.8", separates=True),
    _step("separate | separation | solvent extraction", "0.85", "assumption around 90-99 %", separates=True),
    _step(
        "recycle | hydrometallurgical recycling",
        "0.8",
        "97 % from swarf: Chowdhury et al. 2021, doi 10.1021/acssuschemeng.1c03965; margin assumed",
        separates=True,
    ),
    _step("precipitate | precipitation", "0.95"),
    _step("calcine | calcination", "0.97"),
    _step("blend | blending", "0.99"),
    _step(
        "electrolyse | electrolysis | fluoride-oxide electrolysis",
        "0.85",
        "assumption around 90-97 %",
        reduces=True,
        by_current=True,
    ),
    _step("reduce | reduction | calciothermic reduction", "0.85", reduces=True),
    _step("melt | melting | vacuum induction melting", "0.95"),
    _step("cast | casting | strip casting", "0.95", "assumption around 97-99 %"),
    _step("decrepitate | hydrogen decrepitation", "0.98"),
    _step("mill | milling | jet milling", "0.9"),
    _step("press | pressing", "0.97"),
    _step("sinter | sintering", "0.97"),
    _step("machine | machining", "0.27", "6-73 % of the magnet mass becomes swarf: Chowdhury et al. 2021"),
    _step("coat | coating", "0.98"),
)

_BY_WORD: Final[Mapping[str, StepClass]] = {word: row for row in CLASSES for word in row.words}


@dataclass(frozen=True, slots=True)
class UsualProcess:
    """What is usual of several steps in a row."""

    separates: bool
    least_yield: Decimal
    sources: tuple[str, ...]
    """Where the least yields are from: a source, or the word assumption."""
    reduces: bool = False
    by_current: bool = False

    @property
    @computing()
    def least_pct(self) -> Decimal:
        """The least yield in per cent, for sentences."""
        return round_places(self.least_yield * 100, 1)


def classes_of(words: Sequence[str]) -> tuple[StepClass, ...] | None:
    """The class of each step of a process; None where a word is not in the table, or there is none."""
    known = [row for word in words if (row := _BY_WORD.get(word.strip().lower()))]
    return tuple(known) if known and len(known) == len(words) else None


@computing()
def usual_process(words: Sequence[str]) -> UsualProcess | None:
    """What is usual of a process, by the words of its steps; None where a word is not in the table."""
    known = classes_of(words)
    if known is None:
        return None
    least = Decimal(1)
    for row in known:
        least *= row.least_yield
    return UsualProcess(
        any(row.separates for row in known),
        least,
        tuple(dict.fromkeys(row.source for row in known)),
        any(row.reduces for row in known),
        any(row.by_current for row in known),
    )
