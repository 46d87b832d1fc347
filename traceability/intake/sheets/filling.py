"""The draft of one act while the rows of a sheet are put into it; what is wrong goes back to the cell where it stands.

The rule set is that of `traceability.intake.drafts`; here only names are looked up, and units of headings are set
beside their numbers.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from traceability.intake.countries import NAMES
from traceability.intake.drafts import MOST_DOCUMENTS
from traceability.intake.notes import Mistake
from traceability.intake.numbers import is_open
from traceability.intake.sheets.book import Document
from traceability.intake.sheets.columns import Asks, Column
from traceability.intake.sheets.headings import Placed, folded, is_given
from traceability.intake.sheets.mistakes import CellMistake
from traceability.intake.sheets.right import right_moment
from traceability.intake.units import split_unit
from traceability.ledger.identifiers import is_urn

if TYPE_CHECKING:
    from traceability.intake.sheets.reading import SheetReader

Place = tuple[int, int]
Tree = dict[str, Any]


class Filling:
    """The draft of one act while its rows are put into it, and what is wrong with them by cell."""

    def __init__(self, reader: SheetReader, tree: Tree) -> None:
        self.reader, self.tree = reader, tree
        self.places: dict[str, Place] = {}
        self.mistakes: dict[tuple[int, int, str], CellMistake] = {}
        self.documents: dict[str, Document] = {}
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
            text = cells.get(number)
            if text and column.asks is Asks.DOCUMENTS:
                self._attach(number, row, text)
            elif text and is_given(column):
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
        self._check_sign(number, row, text)
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

    def _check_sign(self, number: int, row: int, text: str) -> None:
        """Refuses a number that may be a thousand times another, where its column writes decimals in two ways."""
        reader = self.reader
        if number in reader.signs_mixed and is_open(split_unit(text)[0], reader.other_sign):
            other_sign = reader.other_sign
            sentence = (f"Elsewhere in this column “{other_sign}” parts decimals, but here it may part thousands. "
                        "Write the number without doubt.")  # fmt: skip
            right = text.replace(other_sign, reader.book.style.decimal_sign)
            self._mistake(row, number, "number_ambiguous", sentence, right)

    def _add_contents(self, row: int, cells: Mapping[int, str], at: Mapping[str, int]) -> None:
        """The contents of elements and oxides, each in a column of its own."""
        by_species: dict[str, list[tuple[int, Placed]]] = {}
        for number, placed in self.reader.contents:
            if number in cells:
                by_species.setdefault(placed.species, []).append((number, placed))
        if not by_species:
            return
        around = _at(self._contents_place(row, at), at)
        for place, (species, columns) in enumerate(by_species.items()):
            path = f"{around}/{place}"
            self._put(f"{path}/species", species)
            for number, placed in columns:
                name = "sdev_rel_pct" if placed.is_spread else "content_pct"
                self._put(f"{path}/{name}", cells[number])
                self.places[f"/{path}/{name}"] = (row, number)
                self._check_sign(number, row, cells[number])
            self.places.setdefault(f"/{path}", (row, columns[0][0]))

    def _contents_place(self, row: int, at: Mapping[str, int]) -> str:
        """What the contents of a row are those of: the first of the possible things that the row tells of."""
        places = self.reader.plan.contents
        for place in places:
            name = place.partition("/")[0]
            if len(self.tree.get(name, ())) > at[name] if name in at else row == self.first_row:
                return place
        return places[0]

    def _name_lots(self, row: int, at: Mapping[str, int]) -> None:
        """Gives a urn to the lot that the row makes."""
        number, outputs = at.get("outputs", 0), self.tree.get("outputs", ())
        if self.reader.plan.act == "source":
            self.tree.setdefault("lot", self.reader.new_urn(row))
        elif len(outputs) > number:
            outputs[number].setdefault("lot", self.reader.new_urn(row))
            self.places.setdefault(f"/outputs/{number}", (row, 0))

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
            case Asks.FACTORS:
                return self._factors(number, row, _parts(typed, book.factors))
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
        unknown = "No lot with this number can be taken here."
        return self._one_of(found, number, row, typed, unknown, self.reader.book.lots, self.reader.made)

    def _factors(self, number: int, row: int, names: Sequence[str]) -> str:
        known = self.reader.book.factors
        unknown = "There is no such factor. Write its id, as the sheet “Factors” of the template lists it."
        near = [known] if len(names) == 1 else []
        found = [self._one_of(known.get(folded(one), ()), number, row, one, unknown, *near) for one in names]
        return ", ".join(found)

    def _attach(self, number: int, row: int, text: str) -> None:
        """Puts documents to the act, by their names or SHA-256."""
        known = self.reader.book.documents
        for name in _parts(text, known):
            found = known.get(folded(name).removeprefix("sha256:"), ())
            if len(found) == 1:
                self.documents[found[0]["sha256"]] = found[0]
            elif found:
                sentence = "Several documents have this name. Write the SHA-256 of the one that is meant."
                self._mistake(row, number, "name_ambiguous", sentence, found[0]["sha256"] if name == text else "")
            else:
                sentence = "No document has this name. Upload it beside the sheet, or write its SHA-256."
                self._mistake(row, number, "document_unknown", sentence)
        if len(self.documents) > MOST_DOCUMENTS:
            self._mistake(row, number, "too_much", f"A statement takes at most {MOST_DOCUMENTS} documents here.")

    def _named(self, names: Mapping[str, Sequence[str]], number: int, row: int, typed: str, unknown: str) -> str:
        found = names.get(folded(typed), ())
        return self._one_of(found, number, row, typed, unknown, names)

    def _one_of(
        self, found: Sequence[str], number: int, row: int, typed: str, unknown: str, *names: Collection[str]
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
            is_quick = sum(map(len, names)) < _MOST_COMPARED
            near = get_close_matches(folded(typed), list(chain(*names)), 1, 0.8) if is_quick else ()
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
        missing = pattern(mistake.path)
        column = self.reader.missing.get(missing)
        if column is not None:
            if missing not in self.reader.told and not column.required:
                self.reader.told.add(missing)
                sentence = f"A column is missing: {column.name}. Add it, or begin with the template."
                self._mistake(self.reader.layout.row, 0, "column_missing", sentence)
            return
        blank = self._blank_column(missing)
        self._mistake(row, blank or number, mistake.code, mistake.sentence)

    def _blank_column(self, missing: str) -> int:
        """The column in which an answer is missing."""
        return next((number for number, one in self.reader.columns.items() if pattern(one.path) == missing), 0)

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
        if "/" not in path:
            self.tree[path] = text
            return
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


def _parts(text: str, known: Collection[str]) -> list[str]:
    """The names in one cell, parted by commas, semicolons or line breaks; one that is known may hold such signs."""
    return [text] if folded(text) in known else [one.strip() for one in re.split(r"[,;\n]", text) if one.strip()]


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


def pattern(path: str) -> str:
    """A path whatever its rows."""
    return re.sub(r"(?<=/)[0-9]+(?=/|$)", "#", path.strip("/")) if "/" in path.strip("/") else path.strip("/")
