"""Tables as text (.csv), in the encodings and with the delimiters that spreadsheets write, read to a grid."""

import codecs
import csv
import re
from collections.abc import Iterator, Sequence
from io import StringIO
from typing import Final

from traceability.formats.grid import Grid, NotASheet, SheetTooLarge

DELIMITERS: Final = ";,\t|"
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HIGH_RUN: Final = re.compile(rb"[\x80-\xff]+")
_NAMES: Final = {"cp1252": "Windows-1252", "gb18030": "GB 18030"}


def read_delimited(content: bytes) -> Grid:
    """The rows of the text; its encoding is named where it was guessed."""
    text, encoding = read_text(content)
    grid = Grid("")
    for number, row in enumerate(_rows(text), 1):
        for column, cell in enumerate(row, 1):
            grid.put(number, column, cell.strip())
    if encoding in _NAMES:
        grid.remarks.append(f"The file does not say its encoding. It was read as {_NAMES[encoding]}: check letters "
                            "such as ü. CSV UTF-8 leaves no doubt.")  # fmt: skip
    return grid


def read_text(content: bytes) -> tuple[str, str]:
    """A text and the encoding in which it was read."""
    encoding = _encoding(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise NotASheet("The characters of this file cannot be read. Save it as CSV UTF-8.") from None
    if "\x00" in text or content.startswith((b"%PDF-", b"{")):
        raise NotASheet("This is neither a workbook nor a table as text. Save it as .xlsx or as CSV UTF-8.")
    return text, encoding


def _rows(text: str) -> Iterator[list[str]]:
    delimiter, text = _delimiter(text)
    try:
        yield from csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error:
        raise SheetTooLarge("A text in quotation marks does not end, or a cell is too long.") from None


def _encoding(content: bytes) -> str:
    """What the bytes say, or else: UTF-8 where they are, GB 18030 where high bytes are Chinese, Windows-1252."""
    for mark, name in _MARKS:
        if content.startswith(mark):
            return name
    half = content[:2000]
    if half[1::2].count(0) > len(half) // 3:
        return "utf-16-le"
    if half[::2].count(0) > len(half) // 3:
        return "utf-16-be"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030" if _is_chinese(_HIGH_RUN.findall(content)) else "cp1252"
    return "utf-8"


def _is_chinese(runs: Sequence[bytes]) -> bool:
    """Whether runs of high bytes are signs of two bytes: several in a row, or mostly common ones, as no letters are."""
    if any(len(run) % 2 for run in runs):
        return False
    common = sum(0xB0 <= run[0] <= 0xD7 for run in runs)
    return any(len(run) >= 4 for run in runs) or common * 2 > len(runs)


def _delimiter(text: str) -> tuple[str, str]:
    """The sign that parts the cells of the first line that is not blank, and the text without a line that names it."""
    first, _, rest = text.lstrip("\r\n").partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        return first.strip()[4], rest
    unquoted = re.sub(r'"[^"]*"', "", first)
    return max(DELIMITERS, key=unquoted.count), text
