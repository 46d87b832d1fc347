"""What a printed declaration is made of: sections of a few kinds of blocks, as declaration.typ sets them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture, and the same in words for those who do not see it."""

    svg: str
    about: str


def section(title: str, *blocks: Block) -> Block:
    """A numbered section."""
    return {"title": title, "blocks": list(blocks)}


def paragraph(text: str) -> Block:
    return {"kind": "paragraph", "text": text}


def note(text: str) -> Block:
    """What nobody may overlook."""
    return {"kind": "note", "text": text}


def heading(text: str) -> Block:
    return {"kind": "heading", "text": text}


def points(texts: Iterable[str]) -> Block:
    return {"kind": "points", "texts": list(texts)}


def facts(rows: Iterable[tuple[str, str]]) -> Block:
    """Names with their values, one below the other."""
    return {"kind": "facts", "rows": [list(row) for row in rows]}


def table(head: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[int], figures: Sequence[int]) -> Block:
    """A table whose head repeats on each page; `figures` are the columns of numbers.

    Widths are in points; columns of width 0 share what is left.
    """
    body = [list(row) for row in rows]
    return {"kind": "table", "head": list(head), "rows": body, "widths": list(widths), "figures": list(figures)}


def picture(drawn: Drawn, caption: str) -> Block:
    return {"kind": "picture", "svg": drawn.svg, "about": drawn.about, "caption": caption}
