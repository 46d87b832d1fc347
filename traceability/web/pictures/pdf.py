"""The smallest writer of PDF (ISO 32000-1) that a label needs: one page of black bars and lines of text.

Text of Western Europe is set in the fonts that every reader has; all other text in the Song type that readers find for
the character collection Adobe-GB1, which has Chinese, Greek and Cyrillic. Nothing is embedded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

POINTS: Final = 72 / 25.4  # in a millimetre
_WESTERN: Final = "cp1252"
_FONTS: Final = {"F1": "Helvetica", "F2": "Helvetica-Bold", "F3": "Courier"}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text; x and y of its base line from the upper left corner."""

    x_mm: float
    y_mm: float
    content: str
    size_mm: float
    bold: bool = False
    mono: bool = False
    grey: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """A black rectangle by its upper left corner."""

    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float


def page(size_mm: tuple[float, float], bars: Iterable[Bar], lines: Sequence[Line], *, title: str) -> bytes:
    """Return a document of one page; the same page gives the same bytes."""
    width, height = size_mm
    drawn = [f"{_n(one.x_mm)} {_n(height - one.y_mm - one.height_mm)} {_n(one.width_mm)} {_n(one.height_mm)} re"
             for one in bars]  # fmt: skip
    said = [_line(one, height) for one in lines]
    scale = f"{POINTS:.6f} 0 0 {POINTS:.6f} 0 0 cm"
    content = "\n".join([scale, *drawn, "f", *said]).encode("ascii")
    fonts = " ".join(f"/{name} {number} 0 R" for number, name in enumerate([*_FONTS, "F4"], 5))
    western = [f"<</Type/Font/Subtype/Type1/BaseFont/{name}/Encoding/WinAnsiEncoding>>" for name in _FONTS.values()]
    box = f"[0 0 {_n(width * POINTS)} {_n(height * POINTS)}]"
    return _document(
        [
            "<</Type/Catalog/Pages 2 0 R/ViewerPreferences<</DisplayDocTitle true/PrintScaling/None>>>>",
            "<</Type/Pages/Kids[3 0 R]/Count 1>>",
            f"<</Type/Page/Parent 2 0 R/MediaBox{box}/Contents 4 0 R/Resources<</Font<<{fonts}>>>>>>",
            f"<</Length {len(content)}>>\nstream\n{content.decode('ascii')}\nendstream",
            *western,
            "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light-UniGB-UTF16-H/Encoding/UniGB-UTF16-H"
            "/DescendantFonts[9 0 R]>>",
            "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo"
            "<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>/FontDescriptor 10 0 R/DW 1000>>",
            "<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0"
            "/Ascent 880/Descent -120/CapHeight 880/StemV 93>>",
            f"<</Title{_utf16(title, 'feff')}>>",
        ]
    )  # fmt: skip


def _line(one: Line, height_mm: float) -> str:
    grey = 0.27 if one.grey else 0
    shown = " ".join(f"/{font} {_n(one.size_mm)} Tf {string} Tj" for font, string in _set(one))
    return f"{grey} g BT {_n(one.x_mm)} {_n(height_mm - one.y_mm)} Td {shown} ET"


def _set(one: Line) -> Iterator[tuple[str, str]]:
    """The text of a line in parts, each with its font and as that font wants it."""
    usual = "F2" if one.bold else "F3" if one.mono else "F1"
    for western, characters in groupby(one.content, _is_western):
        part = "".join(characters)
        yield (usual, f"<{part.encode(_WESTERN).hex()}>") if western else ("F4", _utf16(part))


def _is_western(character: str) -> bool:
    try:
        return bool(character.encode(_WESTERN))
    except UnicodeEncodeError:
        return False


def _utf16(text: str, mark: str = "") -> str:
    return f"<{mark}{text.encode('utf-16-be').hex()}>"


def _n(value: float) -> str:
    """A number as short as it can be, without an exponent."""
    return f"{value:.4f}".rstrip("0").rstrip(".") or "0"


def _document(objects: Sequence[str]) -> bytes:
    written, places = b"%PDF-1.5\n%\xc2\xa9\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(written))
        written += f"{number} 0 obj\n{one}\nendobj\n".encode("ascii")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    count = len(objects) + 1
    ends = f"trailer\n<</Size {count}/Root 1 0 R/Info {len(objects)} 0 R>>\nstartxref\n{len(written)}\n%%EOF\n"
    return written + f"xref\n0 {count}\n0000000000 65535 f \n{table}{ends}".encode("ascii")
