"""Which column of a file is which: headings in any language or by key, their units, and columns of elements."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from traceability.formats.grid import Grid, letters
from traceability.intake.sheets.columns import Asks, Column, SheetPlan
from traceability.intake.sheets.mistakes import CellMistake
from traceability.intake.units import unit_of
from traceability.ledger.errors import RecordError
from traceability.material.elements import SPECIES

SEARCHED_ROWS: Final = 30
"""The heading stands in one of the first so many filled rows."""
FEWEST: Final = 2
_UNIT: Final = re.compile(r"(.*?)\s*[(\[]\s*([^()\[\]]{1,10})\s*[)\]]\s*\*?", re.DOTALL)
_SPREAD: Final = re.compile(r"(.+?)[ _]+(?:rel\.? ?)?s[ _]?dev(?:_rel)?(?:_pct)?", re.IGNORECASE)
_SPECIES: Final = {formula.casefold(): formula for formula in SPECIES}


@dataclass(frozen=True, slots=True)
class Placed:
    """What a column of the file holds: a column of the plan, or the content or spread of a species."""

    key: str
    unit: str = ""
    species: str = ""
    is_spread: bool = False
    says_unit: bool = False
    """Whether the heading itself names the unit."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The sheet that was chosen, the row of its headings, and its columns by number."""

    grid: Grid
    row: int
    columns: Mapping[int, Placed]
    mistakes: tuple[CellMistake, ...]

    def column_of(self, key: str) -> int:
        """The number of the column with this key; 0 where there is none."""
        return next((number for number, one in self.columns.items() if one.key == key), 0)


def lay_out(grids: Sequence[Grid], plan: SheetPlan, headings: Mapping[str, str]) -> Layout | None:
    """The sheet and row in which most headings are known; None where no row has two of them.

    `headings` gives the key of each heading in each language, casefolded.
    """
    names = {one.key: one.key for one in plan.columns} | {folded(name): key for name, key in headings.items()}
    best: tuple[int, Grid, int] | None = None
    for grid in grids:
        for number in sorted(grid.rows)[:SEARCHED_ROWS]:
            known = sum(_place(text, plan, names) is not None for text in grid.rows[number].values())
            if known >= FEWEST and (best is None or known > best[0]):
                best = known, grid, number
    return None if best is None else _laid_out(best[1], best[2], plan, names)


def _laid_out(grid: Grid, row: int, plan: SheetPlan, names: Mapping[str, str]) -> Layout:
    columns: dict[int, Placed] = {}
    mistakes: list[CellMistake] = []
    for number, text in sorted(grid.rows[row].items()):
        placed = _place(text, plan, names)
        if placed is None:
            if any(number in cells for at, cells in grid.rows.items() if at > row):
                mistakes.append(_unknown(row, number, text, plan, names))
        elif placed in columns.values() or any(_same(placed, one) for one in columns.values()):
            mistakes.append(CellMistake(row, number, text, "heading_twice",
                                        "This heading stands here twice. Keep one of the columns."))  # fmt: skip
        else:
            columns[number] = placed
            mistakes.extend(_unit_mistake(row, number, text, placed, plan))
    present = {one.key for one in columns.values()}
    for one in plan.columns:
        if one.required and one.key not in present:
            sentence = f"A column is missing: {one.name}. Add it, or begin with the template."
            mistakes.append(CellMistake(row, 0, "", "column_missing", sentence))
    return Layout(grid, row, columns, tuple(mistakes))


def _same(one: Placed, other: Placed) -> bool:
    return (one.key, one.species, one.is_spread) == (other.key, other.species, other.is_spread)


def folded(heading: str) -> str:
    """A heading as it is compared: without case, stars and spare spaces."""
    return " ".join(heading.replace("*", " ").split()).casefold()


def _place(text: str, plan: SheetPlan, names: Mapping[str, str]) -> Placed | None:
    """What a heading means; None where nothing."""
    whole = folded(text)
    if key := names.get(whole):
        return Placed(key, unit=_unit_of_key(plan.by_key.get(key)))
    if key := _unit_column(whole, plan):
        return Placed(key)
    found = _UNIT.fullmatch(text.strip())
    name, unit = (found[1], found[2].strip()) if found else (text, "")
    if key := names.get(folded(name)):
        return Placed(key, unit=unit, says_unit=bool(unit))
    return _species_column(folded(name)) if plan.contents and unit in ("", "%", "wt%", "wt.%", "wt-%", "w%") else None


def _unit_of_key(column: Column | None) -> str:
    return column.unit if column else ""


def _unit_column(whole: str, plan: SheetPlan) -> str:
    """The key of a column that holds the units of another one: `mass_kg_unit`."""
    key = whole.removesuffix("_unit")
    return whole if key != whole and key in plan.by_key and plan.by_key[key].units else ""


def _species_column(name: str) -> Placed | None:
    name = name.removesuffix("_pct").removesuffix("%").strip()
    if formula := _SPECIES.get(name):
        return Placed("", "%", formula)
    spread = _SPREAD.fullmatch(name)
    formula = _SPECIES.get(spread[1].strip()) if spread else None
    return Placed("", "%", formula, is_spread=True) if formula else None


def _unit_mistake(row: int, number: int, text: str, placed: Placed, plan: SheetPlan) -> list[CellMistake]:
    """What is wrong with the unit that a heading names."""
    column = plan.by_key.get(placed.key)
    if not placed.says_unit or column is None:
        return []
    if not column.units:
        return []
    try:
        unit_of(placed.unit, column.units)
    except RecordError as error:
        return [CellMistake(row, number, text, error.code, error.sentence)]
    return []


def _unknown(row: int, number: int, text: str, plan: SheetPlan, names: Mapping[str, str]) -> CellMistake:
    from difflib import get_close_matches

    close = get_close_matches(folded(text), names, 1, 0.75)
    near = plan.by_key.get(names[close[0]]) if close else None
    sentence = f"No column has this heading here (column {letters(number)}). Rename it, or take it out of the sheet."
    return CellMistake(row, number, text, "unknown_column", sentence, near.name if near else "")


def is_given(column: Column) -> bool:
    """Whether the cells of a column go to a draft at all."""
    return column.asks not in (Asks.REMARK, Asks.STEP, Asks.DOCUMENTS)
