"""What is wrong in a sheet, at its cell."""

from dataclasses import dataclass
from typing import Any

from traceability.formats.grid import letters


@dataclass(frozen=True, slots=True)
class CellMistake:
    """A place of a sheet, what stands there, what is wrong, and what would be right where that can be told.

    `column` is 0 where the whole row is meant. What does not block is shown and can be signed.
    """

    row: int
    column: int
    value: str
    code: str
    sentence: str
    right: str = ""
    blocks: bool = True

    @property
    def letters(self) -> str:
        """The letters of the column."""
        return letters(self.column)

    def to_json(self) -> list[Any]:
        return [self.row, self.column, self.value, self.code, self.sentence, self.right, self.blocks]
