"""The text of a document as lines of cells: a page of a PDF, a sheet of a workbook, or a table as text."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from unicodedata import east_asian_width

from traceability.formats.grid import Grid
from traceability.formats.pdf import Page

_NEAR: Final = 12
_CELL: Final = re.compile(r"\S+(?: \S+)*")


@dataclass(frozen=True, slots=True)
class Cell:
    """A text and where it stands across its line, in points of a page or in what stands for them."""

    start: int
    end: int
    text: str

    def overlap(self, other: "Cell") -> int:
        """How much of the width both share; negative: how far apart they are."""
        return min(self.end, other.end) - max(self.start, other.start)


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: page or name of the sheet, number of the line (row), and the line as it reads."""

    page: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line with something in it."""

    page: str
    number: int
    cells: tuple[Cell, ...]

    @property
    def place(self) -> Place:
        """Where it stands."""
        return Place(self.page, self.number, "  ".join(cell.text for cell in self.cells))

    def under(self, heading: Cell) -> Cell | None:
        """The cell that stands under a heading: the one that shares most of its width, else a near one."""
        near = [(cell.overlap(heading), cell) for cell in self.cells]
        share, cell = max(near, key=lambda one: one[0], default=(-99, None))
        return cell if share > -_NEAR else None


def lines_of_text(page: str, text: str) -> Iterator[Line]:
    """The lines of a text in which columns stand under each other; two spaces part cells, a character is 6 wide."""
    for number, line in enumerate(text.splitlines(), 1):
        line = line.replace("\t", "    ")
        found = [(one.span(), one[0]) for one in _CELL.finditer(line)]
        cells = tuple(Cell(_width(line[:start]), _width(line[:end]), text) for (start, end), text in found)
        if cells:
            yield Line(page, number, cells)


def _width(text: str) -> int:
    """How wide a text is: Chinese characters take two columns."""
    return 6 * (len(text) + sum(east_asian_width(one) in "WF" for one in text))


def lines_of_grid(grid: Grid) -> Iterator[Line]:
    """The rows of a sheet; columns are a hundred apart, so that neighbours are never near."""
    for number in sorted(grid.rows):
        row: Mapping[int, str] = grid.rows[number]
        cells = tuple(Cell(100 * column, 100 * column + 1, " ".join(row[column].split())) for column in sorted(row))
        yield Line(grid.name, number, cells)


def lines_of_pages(pages: Iterable[Page]) -> Iterator[Line]:
    """The lines of the pages of a PDF, which are numbered from 1."""
    for page, lines in enumerate(pages, 1):
        for number, pieces in enumerate(lines, 1):
            yield Line(str(page), number, tuple(Cell(one.start, one.end, one.text) for one in pieces))
