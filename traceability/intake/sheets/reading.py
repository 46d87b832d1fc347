"""From the rows of a sheet to drafts: rows are put together to acts, each act is read by the rule set of the forms."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any
from uuid import UUID

from traceability.formats.grid import CellNote
from traceability.intake.drafts import NO_PROCESS, Reading, read_draft, read_occurrence
from traceability.intake.notes import Mistake, is_blank
from traceability.intake.numbers import NumberStyle, proven_sign
from traceability.intake.parting import PARTINGS, filled, without_what_follows
from traceability.intake.sheets.book import Book, Document
from traceability.intake.sheets.columns import EXAMPLE_WORDS, Asks, SheetPlan
from traceability.intake.sheets.filling import Filling, Place, Tree, pattern
from traceability.intake.sheets.headings import Layout
from traceability.intake.sheets.mistakes import CellMistake
from traceability.intake.units import split_unit
from traceability.ledger import identifiers

_HEADER = ("occurred_from", "occurred_to", "utc_offset", "process")


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
    documents: tuple[Document, ...] = ()

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
        self.missing = {pattern(one.path): one for one in plan.columns if one.key not in _keys(layout)}
        self.told: set[str] = set()
        self.examples = 0
        self.header: tuple[Mapping[str, Any], Reading] | None = None
        self.rows = self._filled_rows()
        self.mixed = {number for number in self.columns if self._mixes_units(number)}
        self.other_sign = "," if book.style is NumberStyle.POINT else "."
        self.signs_mixed = {number for number in (*self.columns, *dict(self.contents)) if self._has_other_sign(number)}
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
        """The rows of each act; one that does not say to which it belongs goes on with the one above."""
        column = self.layout.column_of(self.plan.together) if self.plan.together else 0
        steps: dict[str | int, list[int]] = {}
        name: str | int = ""
        for row in self.rows:
            cells = self.layout.grid.rows[row]
            if column:
                name = cells.get(column, "").strip() or name
            elif not self._only_adds(cells):
                name = row
            steps.setdefault(name, []).append(row)
        yield from map(tuple, steps.values())

    def _only_adds(self, cells: Mapping[int, str]) -> bool:
        """Whether a row only adds to lists of an act, such as a further flow."""
        filled = [self.columns[number] for number in cells if number in self.columns]
        adding = [one.adds_row for one in filled if one.asks is not Asks.REMARK]
        return bool(adding) and all(adding)

    def _mixes_units(self, number: int) -> bool:
        """Whether some cells of a column name a unit, and neither the heading nor a column beside it does."""
        column = self.columns[number]
        if not column.units or self.layout.columns[number].says_unit or column.key in self.units:
            return False
        return any(split_unit(self.layout.grid.rows[row].get(number, ""))[1] for row in self.rows)

    def _has_other_sign(self, number: int) -> bool:
        """Whether some numbers of a column surely have the decimal sign that is not the reader's."""
        if number in self.columns and self.columns[number].asks is not Asks.FIGURE:
            return False
        texts = (split_unit(self.layout.grid.rows[row].get(number, ""))[0] for row in self.rows)
        return any(self.other_sign in text and proven_sign(text) == self.other_sign for text in texts)

    def _name_what_is_made(self) -> None:
        """The rows that make a lot, by its number; of several that make one together, the first."""
        column = next((number for number, one in self.columns.items() if one.asks is Asks.NEW_NUMBER), 0)
        for row in self.rows if column else ():
            if text := self.layout.grid.rows[row].get(column):
                rows = self.made.setdefault(text.strip().casefold(), [])
                if not rows or self.columns[column].key != self.plan.together:
                    rows.append(row)

    # --- one act ------------------------------------------------------------------------------------------------------

    def _act(self, rows: tuple[int, ...]) -> SheetAct:
        tree: Tree = {}
        act = Filling(self, tree)
        for row in rows:
            act.add_row(row)
        act.add_what_lots_answer()
        tree.setdefault("utc_offset", self.book.utc_offset)
        if self.plan.act in PARTINGS:
            tree = filled(self.plan.act, tree, self.book.about, self.book.style)
            act.places.setdefault("/inputs/0", act.places.get("/inputs/0/lot", (rows[0], 0)))
        said = {name: tree[name] for name in _HEADER if name in tree}
        header = self._occurrence(said)
        said = {name: value for name, value in tree.items() if name not in _HEADER}
        body = read_draft(self.plan.kind, said, self.book.style)
        mistakes = (*header.errors, *body.errors, *self._no_process(tree))
        for mistake in without_what_follows(self.plan.act, mistakes) if self.plan.act in PARTINGS else mistakes:
            act.take(mistake)
        wrong, documents = tuple(act.mistakes.values()), tuple(act.documents.values())
        return SheetAct(rows, tree, body.body, header.body, body.partial, act.places, wrong, documents)

    def _occurrence(self, said: Mapping[str, Any]) -> Reading:
        """When and where: most rows of a sheet say what the one above says."""
        if self.header is None or self.header[0] != said:
            self.header = said, read_occurrence(said, self.book.style, now=self.book.now)
        return self.header[1]

    def _no_process(self, tree: Tree) -> Iterator[Mistake]:
        """A transform without process would be read as a split or merge."""
        if self.plan.act == "transform" and is_blank(tree.get("process")):
            yield NO_PROCESS


def urn_of(sheet: UUID, what: str, number: int) -> str:
    """The urn of what a row of a sheet makes: the same at each reading, unknown before the sheet was uploaded."""
    return identifiers.new_urn(int(sheet.int >> 80), hashlib.sha256(f"{sheet}/{what}/{number}".encode()).digest()[:10])


def parts_of(layout: Layout, plan: SheetPlan, book: Book, sheet: UUID) -> Callable[[int], list[SheetAct]]:
    """What reads the next so many acts of a sheet; none after the last."""
    acts = SheetReader(layout, plan, book, partial(urn_of, sheet, "lot")).acts()
    return lambda count: list(islice(acts, count))


def _keys(layout: Layout) -> frozenset[str]:
    return frozenset(one.key for one in layout.columns.values())
