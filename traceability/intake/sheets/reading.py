"""From the rows of a sheet to drafts, and from what is wrong with these back to the cells where it stands.

The rule set is that of `traceability.intake.drafts`; here only names are looked up, rows are put together to steps, and
units of headings are set beside their numbers.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Final

from traceability.formats.grid import CellNote
from traceability.intake.countries import NAMES
from traceability.intake.drafts import read_draft, read_occurrence
from traceability.intake.notes import Mistake
from traceability.intake.numbers import NumberStyle
from traceability.intake.sheets.columns import EXAMPLE_WORDS, Asks, Column, SheetPlan
from traceability.intake.sheets.headings import Layout, Placed, folded, is_given
from traceability.intake.sheets.mistakes import CellMistake
from traceability.intake.sheets.right import right_moment
from traceability.intake.units import split_unit
from traceability.ledger.identifiers import is_urn

Place = tuple[int, int]
Tree = dict[str, Any]
_HEADER: Final = ("occurred_from", "occurred_to", "utc_offset", "process")


@dataclass(frozen=True, slots=True)
class Book:
    """What names in cells mean. All names are casefolded; a number may name several lots."""

    style: NumberStyle = NumberStyle.POINT
    utc_offset: str = "+00:00"
    lots: Mapping[str, Sequence[str]] = field(default_factory=dict)
    facilities: Mapping[str, Sequence[str]] = field(default_factory=dict)
    partners: Mapping[str, Sequence[str]] = field(default_factory=dict)
    countries: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    """Words of closed lists in the reader's languages, as `column key:word`, to the words of the record."""
    numbers: frozenset[str] = frozenset()
    """Lot numbers that the organisation has given already."""
    about: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """What a lot answers for its own act, by urn: the dispatch that brought it, or what remains of it."""


@dataclass(frozen=True, slots=True)
class SheetAct:
    """One act of a sheet. `body` and `header` are there where nothing is wrong; `places` leads back to the cells."""

    rows: tuple[int, ...]
    fields: Mapping[str, Any]
    body: Mapping[str, object] | None
    header: Mapping[str, object] | None
    partial: Mapping[str, object]
    places: Mapping[str, Place]
    mistakes: tuple[CellMistake, ...]

    @property
    def complete(self) -> bool:
        """Whether it can be signed as far as the cells go."""
        return self.body is not None and self.header is not None and not any(one.blocks for one in self.mistakes)


class SheetReader:
    """Reads the rows below the headings of one sheet. `new_urn` names what a row makes, by row and sort of thing."""

    def __init__(self, layout: Layout, plan: SheetPlan, book: Book, new_urn: Callable[[int], str]) -> None:
        self.layout, self.plan, self.book, self.new_urn = layout, plan, book, new_urn
        self.notes: dict[int, list[CellNote]] = {}
        for note in layout.grid.notes:
            self.notes.setdefault(note.row, []).append(note)
        self.units = {placed.key.removesuffix("_unit"): number for number, placed in layout.columns.items()
                      if placed.key.endswith("_unit")}  # fmt: skip
        self.columns = {number: plan.by_key[placed.key] for number, placed in layout.columns.items()
                        if placed.key in plan.by_key}  # fmt: skip
        self.contents = [(number, placed) for number, placed in layout.columns.items() if placed.species]
        self.missing = {_pattern(one.path): one for one in plan.columns if one.key not in _keys(layout)}
        self.told: set[str] = set()
        self.examples = 0
        self.rows = self._filled_rows()
        self.mixed = {number for number in self.columns if self._mixes_units(number)}
        self.made: dict[str, list[int]] = {}
        self._name_what_is_made()

    def acts(self) -> Iterator[SheetAct]:
        """The acts in the order of their first rows."""
        for rows in self._steps():
            yield self._act(rows)

    # --- rows -------------------------------------------------------------------------------------------------------

    def _filled_rows(self) -> list[int]:
        """The rows with something in a known column, without examples."""
        remark = self.layout.column_of("remark")
        found = []
        for number, cells in sorted(self.layout.grid.rows.items()):
            if number <= self.layout.row or not any(one in self.layout.columns for one in cells):
                continue
            if cells.get(remark, "").strip().casefold().startswith(EXAMPLE_WORDS):
                self.examples += 1
            elif any(one != remark for one in cells if one in self.layout.columns):
                found.append(number)
        return found

    def _steps(self) -> Iterator[tuple[int, ...]]:
        """The rows of each act; a row without a step goes on with the one above."""
        column = self.layout.column_of("step") if self.plan.has_steps else 0
        if not column:
            yield from ((row,) for row in self.rows)
            return
        steps: dict[str, list[int]] = {}
        name = ""
        for row in self.rows:
            name = self.layout.grid.rows[row].get(column, name).strip()
            steps.setdefault(name, []).append(row)
        yield from map(tuple, steps.values())

    def _mixes_units(self, number: int) -> bool:
        """Whether some cells of a column name a unit, and neither the heading nor a column beside it does."""
        column = self.columns[number]
        if not column.units or self.layout.columns[number].says_unit or column.key in self.units:
            return False
        return any(split_unit(self.layout.grid.rows[row].get(number, ""))[1] for row in self.rows)

    def _name_what_is_made(self) -> None:
        """The rows that make a lot, by its number."""
        column = next((number for number, one in self.columns.items() if one.asks is Asks.NEW_NUMBER), 0)
        for row in self.rows if column else ():
            if text := self.layout.grid.rows[row].get(column):
                self.made.setdefault(text.strip().casefold(), []).append(row)

    # --- one act ------------------------------------------------------------------------------------------------------

    def _act(self, rows: tuple[int, ...]) -> SheetAct:
        tree: Tree = {}
        act = _Filling(self, tree)
        for row in rows:
            act.add_row(row)
        act.add_what_lots_answer()
        tree.setdefault("utc_offset", self.book.utc_offset)
        header = read_occurrence({name: tree[name] for name in _HEADER if name in tree}, self.book.style)
        said = {name: value for name, value in tree.items() if name not in _HEADER}
        body = read_draft(self.plan.kind, said, self.book.style)
        for mistake in (*header.errors, *body.errors):
            act.take(mistake)
        return SheetAct(rows, tree, body.body, header.body, body.partial, act.places, tuple(act.mistakes.values()))


class _Filling:
    """The draft of one act while its rows are put into it, and what is wrong with them by cell."""

    def __init__(self, reader: SheetReader, tree: Tree) -> None:
        self.reader, self.tree = reader, tree
        self.places: dict[str, Place] = {}
        self.mistakes: dict[tuple[int, int, str], CellMistake] = {}
        self.first_row = 0

    def add_row(self, row: int) -> None:
        """Puts the cells of a row into the draft."""
        reader = self.reader
        cells = reader.layout.grid.rows[row]
        self.first_row = self.first_row or row
        for note in reader.notes.get(row, ()):
            self._mistake(row, note.column, note.code, note.sentence)
        at = {name: len(self.tree.get(name, ())) for name in reader.plan.lists}
        for number, column in reader.columns.items():
            if (text := cells.get(number)) and is_given(column):
                self._add(column, number, row, text, at)
        self._add_contents(row, cells, at)
        self._name_lots(row, at)

    def _add(self, column: Column, number: int, row: int, text: str, at: Mapping[str, int]) -> None:
        path = _at(column.path, at)
        before = self.places.get(f"/{path}")
        if before is not None and before[0] != row:
            if text.strip() != self.reader.layout.grid.rows[before[0]][before[1]].strip():
                sentence = f"Row {before[0]} of the same step says something else. Write the same, or leave it empty."
                self._mistake(row, number, "step_differs", sentence)
            return
        self.places[f"/{path}"] = (row, number)
        self._put(path, self._meant(column, number, row, text))
        if column.units:
            self._put_unit(column, number, row, text, path)

    def _put_unit(self, column: Column, number: int, row: int, text: str, path: str) -> None:
        reader, placed = self.reader, self.reader.layout.columns[number]
        beside = reader.units.get(column.key, 0)
        unit = reader.layout.grid.rows[row].get(beside, "") if beside else placed.unit if placed.says_unit else ""
        if unit:
            self._put(f"{path}_unit", "%" if unit.endswith("%") else unit)
            self.places[f"/{path}_unit"] = (row, beside or number)
        elif number in reader.mixed and not split_unit(text)[1]:
            sentence = "Other cells of this column name a unit. Write it here too, or into the heading for all of them."
            self._mistake(row, number, "units_mixed", sentence)

    def _add_contents(self, row: int, cells: Mapping[int, str], at: Mapping[str, int]) -> None:
        """The contents of elements and oxides, each in a column of its own."""
        by_species: dict[str, list[tuple[int, Placed]]] = {}
        for number, placed in self.reader.contents:
            if number in cells:
                by_species.setdefault(placed.species, []).append((number, placed))
        around = _at(self.reader.plan.contents, at)
        for place, (species, columns) in enumerate(by_species.items()):
            path = f"{around}/{place}"
            self._put(f"{path}/species", species)
            for number, placed in columns:
                name = "sdev_rel_pct" if placed.is_spread else "content_pct"
                self._put(f"{path}/{name}", cells[number])
                self.places[f"/{path}/{name}"] = (row, number)
            self.places.setdefault(f"/{path}", (row, columns[0][0]))

    def _name_lots(self, row: int, at: Mapping[str, int]) -> None:
        """Gives a urn to the lot that the row makes."""
        reader = self.reader
        if reader.plan.act == "source":
            self.tree["lot"] = reader.new_urn(row)
        elif len(self.tree.get("outputs", ())) > at.get("outputs", 0):
            self.tree["outputs"][at["outputs"]]["lot"] = reader.new_urn(row)
            self.places.setdefault(f"/outputs/{at['outputs']}", (row, 0))

    def add_what_lots_answer(self) -> None:
        """What the lot of the act says of itself, where no cell says it."""
        for path, text in self.reader.book.about.get(str(self.tree.get("lot", "")), {}).items():
            self.tree.setdefault(path, text)

    # --- what a cell means --------------------------------------------------------------------------------------------

    def _meant(self, column: Column, number: int, row: int, text: str) -> str:
        """What is put into the draft for a cell: names become urns, words of a language those of the record."""
        typed, book = text.strip(), self.reader.book
        match column.asks:
            case Asks.WORD:
                return typed if typed in column.words else book.words.get(f"{column.key}:{folded(typed)}", typed)
            case Asks.COUNTRY:
                return book.countries.get(typed.casefold(), typed)
            case Asks.NEW_NUMBER:
                self._check_number(number, row, typed)
            case Asks.LOT:
                return self._lot(number, row, typed)
            case Asks.FACILITY:
                return self._named(book.facilities, number, row, typed, "None of your sites has this name.")
            case Asks.PARTNER:
                unknown = "You know no partner of this name. Write his identifier, urn:uuid: and so on."
                return self._named(book.partners, number, row, typed, unknown)
        return typed

    def _check_number(self, number: int, row: int, typed: str) -> None:
        """Refuses a lot number that stands in another row, or was given before."""
        rows = self.reader.made.get(typed.casefold(), ())
        other = next((one for one in rows if one != row), 0)
        if other:
            sentence = f"Row {other} has this lot number too. Give each lot a number of its own."
            self._mistake(row, number, "lot_number_twice", sentence)
        elif typed.casefold() in self.reader.book.numbers:
            sentence = ("A lot of yours has this number already. Take the row out if it is recorded, or give the lot "
                        "another number.")  # fmt: skip
            self._mistake(row, number, "lot_number_taken", sentence)

    def _lot(self, number: int, row: int, typed: str) -> str:
        made = self.reader.made.get(typed.casefold(), ())
        found = [*self.reader.book.lots.get(typed.casefold(), ()), *map(self.reader.new_urn, made)]
        return self._one_of(found, number, row, typed, "No lot with this number can be taken here.", self._numbers)

    @property
    def _numbers(self) -> Sequence[str]:
        return [*self.reader.book.lots, *self.reader.made]

    def _named(self, names: Mapping[str, Sequence[str]], number: int, row: int, typed: str, unknown: str) -> str:
        found = names.get(folded(typed), ())
        return self._one_of(found, number, row, typed, unknown, list(names))

    def _one_of(
        self, found: Sequence[str], number: int, row: int, typed: str, unknown: str, names: Sequence[str]
    ) -> str:
        """The one thing of that name; what is a urn already stays one."""
        if is_urn(typed):
            return typed
        if len(found) == 1:
            return found[0]
        if found:
            sentence = "Several have this name. Write the identifier instead, urn:uuid: and so on."
            self._mistake(row, number, "name_ambiguous", sentence)
        else:
            near = get_close_matches(typed.casefold(), names, 1, 0.8) if len(names) < _MOST_COMPARED else ()
            self._mistake(row, number, "name_unknown", unknown, near[0] if near else "")
        return typed

    # --- what is wrong ------------------------------------------------------------------------------------------------

    def take(self, mistake: Mistake) -> None:
        """Puts a mistake of the draft to its cell; of a column that is missing it is told once, at the headings."""
        path = mistake.path
        while path and path not in self.places:
            path = path.rpartition("/")[0]
        row, number = self.places.get(path, (self.first_row, 0))
        if path == mistake.path or path.endswith("_unit"):
            self._mistake(row, number, mistake.code, mistake.sentence)
            return
        pattern = _pattern(mistake.path)
        column = self.reader.missing.get(pattern)
        if column is not None:
            if pattern not in self.reader.told and not column.required:
                self.reader.told.add(pattern)
                sentence = f"A column is missing: {column.name}. Add it, or begin with the template."
                self._mistake(self.reader.layout.row, 0, "column_missing", sentence)
            return
        blank = self._blank_column(pattern)
        self._mistake(row, blank or number, mistake.code, mistake.sentence)

    def _blank_column(self, pattern: str) -> int:
        """The column in which an answer is missing."""
        return next((number for number, one in self.reader.columns.items() if _pattern(one.path) == pattern), 0)

    def _mistake(self, row: int, number: int, code: str, sentence: str, right: str = "") -> None:
        """Keeps the first thing that is wrong with a cell; of a whole row all of them."""
        key = (row, number, "" if number else sentence)
        if key in self.mistakes:
            return
        value = self.reader.layout.grid.row(row).get(number, "")
        right = right or self._right(number, value, code)
        self.mistakes[key] = CellMistake(row, number, value, code, sentence, right)

    def _right(self, number: int, value: str, code: str) -> str:
        """What would be right in this cell, where it can be told from what stands there."""
        column = self.reader.columns.get(number)
        if column is None or not value:
            return ""
        if column.asks is Asks.MOMENT and code in ("not_a_moment", "not_a_day"):
            return right_moment(value)
        if column.asks is Asks.WORD:
            start = f"{column.key}:"
            words = {
                key.removeprefix(start): word for key, word in self.reader.book.words.items() if key.startswith(start)
            }
            return _nearest(value, {word: word for word in column.words} | words, 0.6)
        if column.asks is Asks.COUNTRY:
            return _nearest(value, {name: NAMES[code] for name, code in self.reader.book.countries.items()}, 0.7)
        return ""

    def _put(self, path: str, text: str) -> None:
        """Puts a text at a place of the draft."""
        at: Any = self.tree
        steps = path.split("/")
        for step, following in zip(steps, [*steps[1:], ""], strict=True):
            fresh: Any = text if not following else [] if following.isdecimal() else {}
            if isinstance(at, list):
                if int(step) == len(at):
                    at.append(fresh)
                elif not following:
                    at[int(step)] = text
                at = at[int(step)]
            elif following:
                at = at.setdefault(step, fresh)
            else:
                at[step] = text


_MOST_COMPARED: Final = 2000
"""Among more names none is looked for that is spelled alike: it would take too long."""


def _nearest(typed: str, meanings: Mapping[str, str], likeness: float) -> str:
    """What the name means that is spelled most like this one; empty where none is."""
    close = get_close_matches(folded(typed), meanings, 1, likeness)
    return meanings[close[0]] if close else ""


def _at(path: str, at: Mapping[str, int]) -> str:
    """A path with the number of the row in its list."""
    name = path.partition("/")[0]
    return path.replace("#", str(at[name]), 1) if name in at else path


def _pattern(path: str) -> str:
    """A path whatever its rows."""
    return re.sub(r"(?<=/)[0-9]+(?=/|$)", "#", path.strip("/")) if "/" in path.strip("/") else path.strip("/")


def _keys(layout: Layout) -> frozenset[str]:
    return frozenset(one.key for one in layout.columns.values())
