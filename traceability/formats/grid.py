"""A table of cells as a file holds it: every value as the text that a person would type, every cell at its place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from traceability.ledger.errors import RecordError

MOST_ROWS: Final = 20_000
"""Rows that hold something; empty ones do not count."""
MOST_COLUMNS: Final = 200
LONGEST_CELL: Final = 2000
"""Longer texts are cut here: no field of the record takes so many characters."""


class NotASheet(RecordError):
    """The file is no spreadsheet that can be read."""

    code = "not_a_sheet"


class SheetTooLarge(RecordError):
    """The file unpacks to more than is read, or has more rows or columns."""

    code = "sheet_too_large"


@dataclass(frozen=True, slots=True)
class CellNote:
    """What a reader should know of a cell, or a refusal to take its value: merged, formula without value, error."""

    row: int
    column: int
    code: str
    sentence: str
    blocks: bool = True


@dataclass(slots=True)
class Grid:
    """One sheet: texts by the number of the row and of the column, both from 1. `notes` stand at their cells."""

    name: str
    rows: dict[int, dict[int, str]] = field(default_factory=dict)
    notes: list[CellNote] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    """Sentences about the whole sheet that change nothing, such as that hidden rows are read too."""

    def put(self, row: int, column: int, text: str) -> None:
        """Keeps a text; blank ones are left out. Refuses more rows or columns than are read."""
        if not text or text.isspace():
            return
        if column > MOST_COLUMNS:
            raise SheetTooLarge(f"Use at most {MOST_COLUMNS} columns. Nothing was read.")
        cells = self.rows.get(row)
        if cells is None:
            if len(self.rows) >= MOST_ROWS:
                raise SheetTooLarge(f"Use at most {MOST_ROWS} filled rows in one file. Nothing was read.")
            cells = self.rows[row] = {}
        cells[column] = text[:LONGEST_CELL]

    def row(self, number: int) -> Mapping[int, str]:
        """The texts of a row by column; empty where nothing stands there."""
        return self.rows.get(number, {})


def letters(column: int) -> str:
    """The letters of a column: 1 is A, 27 is AA."""
    found = ""
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


def column_number(name: str) -> int:
    """The number of a column by its letters; 0 where these are none."""
    number = 0
    for letter in name:
        if not "A" <= letter <= "Z":
            return 0
        number = number * 26 + ord(letter) - 64
    return number
