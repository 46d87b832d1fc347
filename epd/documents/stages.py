"""The modules of the life cycle, as ILCD+EPD writes them."""

from dataclasses import dataclass
from typing import Final

MODULES: Final = (
    "A1", "A2", "A3", "A1-A3", "A4", "A5", "B1", "B2", "B3", "B4", "B5", "B6", "B7", "C1", "C2", "C3", "C4", "D",
)  # fmt: skip
"""The strings that ILCD+EPD binds, in the order of the life cycle."""
PRODUCTION: Final = ("A1", "A2", "A3")


@dataclass(frozen=True, slots=True)
class Stage:
    """A module of the life cycle, under a scenario where it has several."""

    module: str
    scenario: str = ""

    def __str__(self) -> str:
        return f"{self.module}/{self.scenario}" if self.scenario else self.module
