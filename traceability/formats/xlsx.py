"""Workbooks (.xlsx, ECMA-376) read to grids of texts, within bounds that hold for hostile files too (ADR 25).

The parts are unpacked and parsed as a stream: no more than `MOST_UNPACKED` bytes of them are ever read, whatever the
archive declares, and only cells that hold something take memory. Numbers become texts in the reader's own style with
the 15 digits that spreadsheets show, dates become 2026-11-16 06:10, cells shown as per cent get their sign.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Context, Decimal, InvalidOperation
from typing import Final

from traceability.formats import xml
from traceability.formats.archive import Archive, NotAZip, ZipDamaged, ZipTooLarge
from traceability.formats.grid import LONGEST_CELL, CellNote, Grid, NotASheet, SheetTooLarge, column_number, letters
from traceability.formats.xml import End, HasDocumentType, NotXml, Start
from traceability.intake.numbers import NumberStyle

MOST_UNPACKED: Final = 100 * 2**20
MOST_PARTS: Final = 500
MOST_SHEETS: Final = 50
_SHOWN_DIGITS: Final = Context(prec=15)
_BUILT_IN_DATES: Final = frozenset({*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)})
_BUILT_IN_PERCENT: Final = frozenset({9, 10})
_NO_FORMAT_LETTERS: Final = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_LAST_DAY: Final = 73_050
"""The serial of a day in the year 2100: a larger number under a date format is no day."""


class Damaged(NotASheet):
    """A part of the workbook is missing or no well-formed XML."""


@dataclass(frozen=True, slots=True)
class _Formats:
    """Which styles of cells show dates, and which per cent."""

    dates: frozenset[int]
    percents: frozenset[int]


class _Parts:
    """The parts of the workbook."""

    def __init__(self, content: bytes) -> None:
        try:
            self._archive = Archive(content, most_parts=MOST_PARTS, most_unpacked=MOST_UNPACKED)
        except NotAZip:
            raise NotASheet("This is no workbook. Save it as Excel workbook (.xlsx) or as CSV.") from None
        except ZipTooLarge:
            raise _too_large() from None
        self.names = frozenset(self._archive.names)

    def parse(self, name: str, start: Start, end: End | None = None, text: Callable[[str], None] | None = None) -> None:
        """Reads a part."""
        try:
            xml.parse(self._archive.pieces(name), start, end, text)
        except ZipTooLarge:
            raise _too_large() from None
        except HasDocumentType:
            raise Damaged("This workbook holds a document type, which no spreadsheet needs. It was not read.") from None
        except (NotXml, ZipDamaged):
            raise Damaged("This workbook is damaged or locked with a password. Save it anew.") from None


def _too_large() -> SheetTooLarge:
    return SheetTooLarge(
        f"This workbook unpacks to more than {MOST_UNPACKED // 2**20} MiB. Delete what is empty below and beside "
        "the table, or copy the table into a new workbook."
    )


def read_workbook(content: bytes, style: NumberStyle) -> list[Grid]:
    """The visible sheets of a workbook in their order, the numbers as texts with the decimal sign of `style`."""
    parts = _Parts(content)
    sheets, is_1904, hidden = _sheets(parts)
    if not sheets:
        raise NotASheet("This workbook has no visible sheet with cells.")
    strings = _strings(parts)
    formats = _formats(parts)
    found = [_SheetReader(name, strings, formats, style, is_1904=is_1904).read(parts, part) for name, part in sheets]
    if hidden:
        found[0].remarks.append("Hidden sheets are not read.")
    return found


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _sheets(parts: _Parts) -> tuple[list[tuple[str, str]], bool, bool]:
    """Name and part of each visible sheet; whether days count from 1904; whether there are hidden sheets."""
    rows: list[tuple[str, str]] = []
    about = {"1904": False, "hidden": False}

    def start(tag: str, attributes: dict[str, str]) -> None:
        tag = _local(tag)
        if tag == "workbookPr":
            about["1904"] = attributes.get("date1904") in ("1", "true")
        elif tag == "sheet":
            if attributes.get("state", "visible") == "visible":
                rows.append((attributes.get("name", ""), _attribute(attributes, "id")))
            else:
                about["hidden"] = True

    parts.parse("xl/workbook.xml", start)
    if len(rows) > MOST_SHEETS:
        raise SheetTooLarge(f"Use at most {MOST_SHEETS} sheets in one workbook. Nothing was read.")
    targets = _targets(parts)
    found = [(name, targets[id_]) for name, id_ in rows if id_ in targets]
    return found, about["1904"], about["hidden"]


def _attribute(attributes: Mapping[str, str], name: str) -> str:
    """An attribute with whatever prefix the writer gave its namespace, the one with a prefix first."""
    return next((value for key, value in attributes.items() if key.endswith(f":{name}")), attributes.get(name, ""))


def _targets(parts: _Parts) -> Mapping[str, str]:
    """The parts of worksheets by the id of their relationship."""
    found: dict[str, str] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        if _local(tag) == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            target = attributes.get("Target", "")
            found[attributes.get("Id", "")] = target[1:] if target.startswith("/") else f"xl/{target}"

    parts.parse("xl/_rels/workbook.xml.rels", start)
    return {id_: target for id_, target in found.items() if target in parts.names}


def _strings(parts: _Parts) -> list[str]:
    """The texts that cells name by their number; phonetic guides are no part of them."""
    found: list[str] = []
    state = {"reading": False, "phonetic": False}
    pieces: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        tag = _local(tag)
        if tag == "si":
            pieces.clear()
        elif tag == "rPh":
            state["phonetic"] = True
        elif tag == "t":
            state["reading"] = not state["phonetic"]

    def end(tag: str) -> None:
        tag = _local(tag)
        if tag == "si":
            found.append("".join(pieces)[:LONGEST_CELL])
        elif tag == "t":
            state["reading"] = False
        elif tag == "rPh":
            state["phonetic"] = False

    def text(said: str) -> None:
        if state["reading"]:
            pieces.append(said)

    if "xl/sharedStrings.xml" in parts.names:
        parts.parse("xl/sharedStrings.xml", start, end, text)
    return found


def _formats(parts: _Parts) -> _Formats:
    """The styles of cells whose format writes a day or a time, and those that write per cent."""
    own: dict[int, str] = {}
    used: list[int] = []
    state = {"cells": False}

    def start(tag: str, attributes: dict[str, str]) -> None:
        tag = _local(tag)
        if tag == "numFmt":
            own[_whole(attributes.get("numFmtId"))] = _NO_FORMAT_LETTERS.sub("", attributes.get("formatCode", ""))
        elif tag == "cellXfs":
            state["cells"] = True
        elif tag == "xf" and state["cells"]:
            used.append(_whole(attributes.get("numFmtId")))

    def end(tag: str) -> None:
        if _local(tag) == "cellXfs":
            state["cells"] = False

    if "xl/styles.xml" in parts.names:
        parts.parse("xl/styles.xml", start, end)
    dates = {one for one in used if one in _BUILT_IN_DATES or _is_date(own.get(one, ""))}
    percents = {one for one in used if one in _BUILT_IN_PERCENT or "%" in own.get(one, "")}
    return _Formats(
        frozenset(number for number, one in enumerate(used) if one in dates),
        frozenset(number for number, one in enumerate(used) if one in percents - dates),
    )


def _is_date(code: str) -> bool:
    """Whether a format code without its quoted parts writes a day or a time."""
    return re.search(r"[dmyhs]", code.lower()) is not None and re.search(r"[0#?]", code) is None


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 8 else 0


class _SheetReader:
    """Reads one worksheet part into a grid."""

    def __init__(self, name: str, strings: list[str], formats: _Formats, style: NumberStyle, *, is_1904: bool) -> None:
        self.grid = Grid(name)
        self._strings, self._formats, self._style = strings, formats, style
        self._epoch = datetime(1904, 1, 1) if is_1904 else datetime(1899, 12, 30)  # noqa: DTZ001
        self._row = self._column = 0
        self._type = ""
        self._style_number = 0
        self._has_formula = self._reads = self._phonetic = False
        self._pieces: list[str] = []
        self._formulas = 0
        self._merged: list[tuple[int, int, int, int]] = []
        self._hidden_rows: set[int] = set()

    def read(self, parts: _Parts, part: str) -> Grid:
        """The grid of the part."""
        parts.parse(part, self._start, self._end, self._text)
        self._tell()
        return self.grid

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag not in _TAGS:
            tag = _local(tag)
        if tag == "c":
            self._begin_cell(attributes)
        elif tag in ("v", "t"):
            self._reads = not self._phonetic
        elif tag == "f":
            self._has_formula = True
        elif tag == "row":
            self._row = _whole(attributes.get("r")) or self._row + 1
            self._column = 0
            if attributes.get("hidden") in ("1", "true"):
                self._hidden_rows.add(self._row)
        elif tag == "rPh":
            self._phonetic = True
        elif tag == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        place = attributes.get("r", "")
        self._column = column_number(place.rstrip("0123456789")) or self._column + 1
        self._type = attributes.get("t", "n")
        self._style_number = _whole(attributes.get("s"))
        self._has_formula = False
        self._pieces.clear()

    def _text(self, said: str) -> None:
        if self._reads:
            self._pieces.append(said)

    def _end(self, tag: str) -> None:
        if tag not in _TAGS:
            tag = _local(tag)
        if tag in ("v", "t"):
            self._reads = False
        elif tag == "rPh":
            self._phonetic = False
        elif tag == "c" and (self._pieces or self._has_formula):
            self._keep("".join(self._pieces))

    def _keep(self, value: str) -> None:
        if self._has_formula:
            self._formulas += 1
            if not value:
                self._note("formula_without_value", "This formula has no value. Write the value itself.")
                self.grid.put(self._row, self._column, "=")
                return
        if self._type == "e":
            self._note("formula_error", "The spreadsheet could not compute this cell. Write the value itself.")
        self.grid.put(self._row, self._column, self._shown(value))

    def _note(self, code: str, sentence: str) -> None:
        self.grid.notes.append(CellNote(self._row, self._column, code, sentence))

    def _shown(self, value: str) -> str:
        """The value of a cell as its text."""
        if self._type == "s":
            number = int(value) if value.isdecimal() else -1
            return self._strings[number] if 0 <= number < len(self._strings) else ""
        if self._type in ("n", ""):
            return self._number(value)
        if self._type == "d":
            return value.replace("T", " ").removesuffix("Z").removesuffix(".000").removesuffix(":00")
        return {"1": "TRUE", "0": "FALSE"}.get(value, value) if self._type == "b" else value

    def _number(self, value: str) -> str:
        """A number as it is shown: a day and time, per cent, or its digits with the reader's decimal sign."""
        try:
            number = _SHOWN_DIGITS.create_decimal(value)
        except InvalidOperation:
            return value
        if not number.is_finite() or abs(number.adjusted()) > 20:
            return value
        if self._style_number in self._formats.dates and 0 <= number < _LAST_DAY:
            return self._moment(number)
        is_percent = self._style_number in self._formats.percents
        text = f"{(number * 100 if is_percent else number):f}"
        if "." in text:
            text = text.rstrip("0").rstrip(".").replace(".", self._style.decimal_sign)
        return f"{text} %" if is_percent else text

    def _moment(self, serial: Decimal) -> str:
        """The day and time of a serial number, to the second; a time alone has no day."""
        moment = self._epoch + timedelta(seconds=round(serial * 86400))
        if serial < 1:
            return f"{moment:%H:%M:%S}".removesuffix(":00")
        return f"{moment:%Y-%m-%d %H:%M:%S}".removesuffix(":00")

    def _merge(self, place: str) -> None:
        first, _, last = place.partition(":")
        corner = _corner(first) + _corner(last or first)
        if all(corner):
            self._merged.append(corner)

    def _tell(self) -> None:
        """What the whole sheet has to say, and a note at each range of merged cells."""
        for row, column, last_row, last_column in self._merged:
            place = f"{letters(column)}{row}:{letters(last_column)}{last_row}"
            sentence = f"The cells {place} are merged. Unmerge them and write the value into each cell."
            self.grid.notes.append(CellNote(row, column, "merged_cells", sentence))
        if hidden := self._hidden_rows & self.grid.rows.keys():
            self.grid.remarks.append(f"Hidden rows are read too: {len(hidden)} of them hold something.")
        if self._formulas:
            self.grid.remarks.append(f"Formulas: {self._formulas}. The values that they had when the file was saved "
                                     "are taken.")  # fmt: skip


_TAGS: Final = frozenset({"c", "v", "t", "f", "row", "is", "r", "sheetData"})


def _corner(place: str) -> tuple[int, int]:
    """Row and column of a place such as B5; zeros where it is none."""
    name = place.replace("$", "").rstrip("0123456789")
    return _whole(place.replace("$", "")[len(name) :]), column_number(name)
