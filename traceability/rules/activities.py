"""What a step of the chain is in the words of rules: mined, separated, refined, melted, produced, or something else.

The words of `process` are free. A word outside the table counts as what its product says: who makes a magnet produces.
"""

from typing import Final

MINED: Final = "mined"
SEPARATED: Final = "separated"
REFINED: Final = "refined"
MELTED: Final = "melted"
PRODUCED: Final = "produced"
COLLECTED: Final = "collected"
"""Scrap that enters the record."""
HANDLED: Final = "handled"
"""Something that no rule here names: blending, packing."""

ACTIVITIES: Final = (MINED, SEPARATED, REFINED, MELTED, PRODUCED)
"""In the order of the chain."""

_WORDS: Final = {
    MINED: "mine | mining | beneficiate | beneficiation | flotation",
    SEPARATED: "crack | cracking | leach | leaching | separate | separation | solvent extraction | precipitate | "
    "precipitation | recycle | hydrometallurgical recycling",
    REFINED: "calcine | calcination | electrolyse | electrolysis | fluoride-oxide electrolysis | reduce | reduction | "
    "calciothermic reduction | refine | refining",
    MELTED: "melt | melting | vacuum induction melting | cast | casting | strip casting | alloying",
    PRODUCED: "decrepitate | decrepitation | hydrogen decrepitation | mill | milling | jet milling | press | "
    "pressing | sinter | sintering | bond | bonding | machine | machining | coat | coating | magnetise | magnetisation",
    HANDLED: "blend | blending | mix | mixing | pack | packing | store | storing",
}  # fmt: skip
_BY_WORD: Final = {word: activity for activity, words in _WORDS.items() for word in words.split(" | ")}
_BY_STAGE: Final = {
    "ore": MINED, "concentrate": MINED, "compound": SEPARATED, "oxide": SEPARATED, "metal": REFINED, "alloy": MELTED,
    "powder": PRODUCED, "magnet": PRODUCED,
}  # fmt: skip


def activity_of(step: str, stage: str) -> str:
    """The activity of a step by its word, or by the stage of what it made."""
    return _BY_WORD.get(step.strip().lower()) or _BY_STAGE.get(stage, HANDLED)
