"""The text layer of a PDF: every line of a page with its pieces of text and where they stand across it, in points.

    python -m traceability.formats.pdf < file.pdf

writes the same as JSON: whoever reads files of strangers does so in a process of its own, with limits.
"""

import json
import resource
import sys
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass
from io import BytesIO
from typing import Final

from pdfminer.high_level import extract_pages
from pdfminer.layout import LTChar, LTContainer
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect, PDFTextExtractionNotAllowed
from pdfminer.pdfexceptions import PDFException
from pdfminer.psexceptions import PSException

from traceability.ledger.errors import RecordError

MOST_PAGES: Final = 50
MOST_CHARACTERS: Final = 400_000
_MOST_BYTES: Final = 1 << 30
_MOST_SECONDS: Final = 20
_SAME_LINE: Final = 0.4  # of the height of a character
_NEW_WORD: Final = 0.15
_NEW_PIECE: Final = 0.6


class NotReadable(RecordError):
    """The file is no PDF that can be read."""

    code = "not_readable"


class NoText(RecordError):
    """The pages are pictures."""

    code = "no_text"


class TooLong(RecordError):
    """More pages or characters than are read."""

    code = "document_too_long"


@dataclass(frozen=True, slots=True)
class Piece:
    """Text that stands together: `start` and `end` in points from the left edge."""

    start: int
    end: int
    text: str


Page = list[list[Piece]]
"""The lines of a page from the top, the pieces of each from the left."""


def read_pdf(content: bytes) -> list[Page]:
    """The pages of a PDF with a text layer; refuses pictures, passwords, and more than `MOST_PAGES`."""
    try:
        found: list[Page] = []
        characters = 0
        for layout in extract_pages(BytesIO(content), laparams=None, maxpages=MOST_PAGES + 1):
            chars = [one for one in _chars(layout) if one.upright and one.get_text()]
            characters += len(chars)
            if len(found) == MOST_PAGES or characters > MOST_CHARACTERS:
                raise TooLong(f"Take the pages that matter: at most {MOST_PAGES} pages are read.")
            found.append(_page(chars))
    except RecordError:
        raise
    except (PDFPasswordIncorrect, PDFEncryptionError, PDFTextExtractionNotAllowed):
        raise NotReadable("This PDF is protected by a password. Save it without one.") from None
    except (PDFException, PSException, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
        raise NotReadable("This file is no PDF that can be read. Save it anew, or type its values.") from None
    if not any(found):
        raise NoText(
            "This is a scan without text: it cannot be read here. Type its values, or ask for the file itself."
        )
    return found


def _chars(container: Iterable[object]) -> Iterator[LTChar]:
    for one in container:
        if isinstance(one, LTChar):
            yield one
        elif isinstance(one, LTContainer):
            yield from _chars(one)


def _page(chars: Iterable[LTChar]) -> Page:
    """The lines: characters whose middles are level, from the top."""
    lines: list[list[LTChar]] = []
    middle = 0.0
    for char in sorted(chars, key=lambda one: (-(one.y0 + one.y1), one.x0)):
        here = (char.y0 + char.y1) / 2
        if not lines or abs(middle - here) > _SAME_LINE * max(one.height for one in (*lines[-1][:1], char)):
            lines.append([])
            middle = here
        lines[-1].append(char)
    return [pieces for line in lines if (pieces := _pieces(sorted(line, key=lambda one: one.x0)))]


def _pieces(line: list[LTChar]) -> list[Piece]:
    """Texts that a gap wider than that between words parts."""
    found: list[Piece] = []
    text, start, end = "", 0.0, 0.0
    for char in (one for one in line if not one.get_text().isspace()):
        gap = char.x0 - end
        if text and gap > _NEW_PIECE * char.size:
            found.append(Piece(round(start), round(end), text))
            text = ""
        if not text:
            start = char.x0
        elif gap > _NEW_WORD * char.size:
            text += " "
        text += char.get_text()
        end = max(char.x1, end) if text else char.x1
    return [*found, Piece(round(start), round(end), text)] if text else found


def main() -> None:
    """Reads standard input and writes the pages, or why there are none, as JSON."""
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_BYTES, _MOST_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (_MOST_SECONDS, _MOST_SECONDS))
    try:
        answer = {
            "pages": [
                [[astuple(piece) for piece in line] for line in page] for page in read_pdf(sys.stdin.buffer.read())
            ]
        }
    except RecordError as error:
        answer = {"code": error.code, "sentence": str(error)}  # type: ignore[dict-item]
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
